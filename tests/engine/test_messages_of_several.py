"""Findings at one place are one message, with verbs that are right for all of them."""

from __future__ import annotations

import time

import pytest

from iac_ec2lint.engine.outcome.messages import said_of_all


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


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (
            [
                "all is open to the private addresses 10.0.0.0/8",
                "all is open to the private addresses of a",
            ],
            "all is open to the private addresses 10.0.0.0/8 and of a",
        ),
        (
            ["the policy admits the service a.amazonaws.com", "the policy admits the service b.io"],
            "the policy admits the service a.amazonaws.com and b.io",
        ),
        (
            ["tcp 22 is open", "tcp 22 is open, but nothing is reached: there is no route"],
            "tcp 22 is open",
        ),
        (
            ["tcp 22 is open", "tcp 80 is open, but nothing is reached: there is no route"],
            "tcp 22 is open; tcp 80 is open, but nothing is reached: there is no route",
        ),
        (
            [f"every port is open to group-{name}" for name in "abcde"],
            "every port is open to group-a, group-b, group-c and 2 more",
        ),
        (
            [f"a default route leads to {name}, which forwards for others" for name in "ab"],
            "a default route leads to each of a and b, which forwards for others",
        ),
        (
            [f"its tokens are optional, and {name} is of the family amzn" for name in "ab"],
            "its tokens are optional, and each of a and b is of the family amzn",
        ),
        (
            [f"a wide range may be admitted if var.{name} holds one" for name in "ab"],
            "a wide range may be admitted if var.a or var.b holds one",
        ),
        (
            [f"anyone may be able to assume role {name} (administrator)" for name in "ab"],
            "anyone may be able to assume role a and b (administrator)",
        ),
        (
            [
                "the disk is open",
                "the disk is open; the image is x",
                "the disk is open; the image is y",
            ],
            "the disk is open; the image is x or y",
        ),
        # What is no list, or whose verb would be wrong, is told one by one.
        (
            ["tunnel 1 keeps no log", "tunnel 2 keeps no log"],
            "tunnel 1 keeps no log; tunnel 2 keeps no log",
        ),
        (
            ["the rule leads to the listener", "the rule leads to the listener on port 80"],
            "the rule leads to the listener; the rule leads to the listener on port 80",
        ),
        (
            ["it opens several tiers: a and b", "it opens several tiers: a, b and 2 more"],
            "it opens several tiers: a and b; it opens several tiers: a, b and 2 more",
        ),
        (
            ["role a can be assumed (administrator)", "role a can be assumed (reads all)"],
            "role a can be assumed (administrator); role a can be assumed (reads all)",
        ),
    ],
)
def test_what_differs_in_one_place_is_listed_there(messages: list[str], expected: str) -> None:
    assert said_of_all((one, "") for one in messages) == expected


def test_messages_of_thousands_of_resources_are_joined_at_once() -> None:
    messages = [(f"port {n} is open to group-{n}, of unit {n % 7}", "") for n in range(20_000)]
    started = time.process_time()
    assert said_of_all(messages).endswith("more like these")
    messages = [(f"every port is open to group-{n}", "") for n in range(20_000)]
    assert said_of_all(messages).endswith("and 19,997 more")
    assert time.process_time() - started < 5
