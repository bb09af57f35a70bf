"""What reads, or opens, data of every name is a power, whichever action does it.

Chains leave an action on ``*`` to the power that it is (semantics.md, E).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import allow, by_name, role
from tests.network.infrastructure import graph

from iac_ec2lint.attack.chains.kinds import KINDS
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.resources.lambda_function import LambdaFunction

READERS = [
    action
    for resource, kind in KINDS.items()
    if resource is not LambdaFunction  # what is called is no data of everybody's
    for action in (*kind.actions, *kind.opens)
    if not action.startswith("kms:") or action == "kms:Decrypt"  # a key guards, and holds nothing
]


@pytest.mark.parametrize("action", READERS)
def test_on_every_resource_it_is_a_power(action: str, tmp_path: Path) -> None:
    made = graph(role("a", allow(f'"{action}"')), tmp_path)
    assert privilege(made, by_name(made, "a")).answer.truth is True


@pytest.mark.parametrize("action", READERS)
def test_on_one_resource_it_is_none(action: str, tmp_path: Path) -> None:
    made = graph(role("a", allow(f'"{action}"', '"arn:aws:*:*:*:one"')), tmp_path)
    assert privilege(made, by_name(made, "a")).answer.truth is False
