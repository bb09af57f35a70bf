"""Findings at one place are one message, with verbs that are right for all of them."""

from __future__ import annotations

import pytest

from iac_ec2lint.engine.joining import said_of_all


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("{} has a public address", "each of web and app has a public address"),
        ("the policy of {} is open", "the policy of each of web and app is open"),
        (
            "instance role {} is an administrator",
            "each instance role (web and app) is an administrator",
        ),
        (
            "anyone on the internet can reach {}, which has a role",
            "anyone on the internet can reach each of web and app, which has a role",
        ),
        ("role {} can start instances", "role web and app can start instances"),
    ],
)
def test_one_verb_for_all(message: str, expected: str) -> None:
    assert said_of_all((message.format(one), one) for one in ("web", "app")) == expected
