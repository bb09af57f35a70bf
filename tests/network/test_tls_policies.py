"""Predefined security policies: the data agrees with their names, and has what is proposed."""

from __future__ import annotations

import re

import pytest

from iac_ec2lint.facts import facts
from iac_ec2lint.network.load_balancers.tls import (
    RECOMMENDED,
    RECOMMENDED_CLASSIC,
    RECOMMENDED_POST_QUANTUM,
    outdated_policies,
)

POLICIES = facts("tls_policies")["application and network"]
CLASSIC = facts("tls_policies")["classic"]


@pytest.mark.parametrize("name", [*POLICIES, *CLASSIC])
def test_a_policy_permits_what_its_name_says(name: str) -> None:
    table = POLICIES if name in POLICIES else CLASSIC
    named = re.search(r"-(?:TLS|TLS13|FS)-1-(\d)-", name)
    if named is not None:
        assert table[name]["oldest"] == f"TLS 1.{named[1]}"
    assert table[name].get("post quantum", False) == ("-PQ-" in name)


def test_a_policy_of_both_kinds_is_the_same() -> None:
    assert {name: POLICIES[name] for name in CLASSIC.keys() & POLICIES.keys()} == {
        name: CLASSIC[name] for name in CLASSIC.keys() & POLICIES.keys()
    }


def test_what_is_proposed_is_known_and_strong() -> None:
    proposed = {RECOMMENDED, RECOMMENDED_CLASSIC, RECOMMENDED_POST_QUANTUM}
    assert proposed <= POLICIES.keys() | CLASSIC.keys()
    assert not {name.lower() for name in proposed} & set(outdated_policies())
    assert POLICIES[RECOMMENDED_POST_QUANTUM]["post quantum"]
    assert RECOMMENDED_CLASSIC in CLASSIC
