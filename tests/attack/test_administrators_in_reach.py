"""Who can pass the role of an administrator is as good as one (semantics.md, D2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import TAGGED, allow, by_name, role
from tests.network.infrastructure import graph

from iac_ec2lint.attack.gains.escalations import escalations
from iac_ec2lint.iam.privilege import privilege

ADMINISTRATOR = 'managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]'
BOTH = allow('["iam:PassRole", "ec2:RunInstances"]')
STARTS = allow('"ec2:RunInstances"')
PASSED = '{ StringEquals = { "iam:PassedToService" = "%s" } }'


@pytest.mark.parametrize(
    ("statements", "truth"),
    [
        ((BOTH,), True),
        ((allow('"iam:PassRole"', '"arn:aws:iam::*:role/*"'), STARTS), True),
        ((allow('"iam:PassRole"', condition=PASSED % "ec2.amazonaws.com"), STARTS), True),
        ((allow('"iam:PassRole"', condition=PASSED % "lambda.amazonaws.com"), STARTS), False),
        ((allow('"iam:PassRole"', condition=TAGGED), STARTS), None),
        ((allow('"iam:PassRole"', '"arn:aws:iam::*:role/ad*"'), STARTS), False),
        ((allow('"iam:PassRole"', "aws_iam_role.admin.arn"), STARTS), False),
        ((BOTH, '{ Effect = "Deny", Action = "iam:PassRole", Resource = "*" }'), False),
        ((allow('"iam:PassRole"'),), False),
        ((STARTS,), False),
        ((allow('"ec2:CreateLaunchTemplateVersion"'), allow('"iam:PassRole"')), False),
    ],
)
def test_passing_any_role_to_what_one_starts(
    statements: tuple[str, ...], truth: bool | None, tmp_path: Path
) -> None:
    text = role("admin", extra=ADMINISTRATOR) + role("one", *statements)
    made = graph(text, tmp_path)
    found = privilege(made, by_name(made, "one"))
    reach = [power for power in found.powers if power.through]
    assert [power.answer.truth for power in reach] == ([] if truth is False else [truth])
    assert found.administers is (truth is True)
    assert not found.administers_alone
    assert all(power.through == "aws_iam_role.admin" for power in reach)


def test_nobody_in_reach_is_an_administrator(tmp_path: Path) -> None:
    made = graph(role("other", BOTH) + role("one", BOTH), tmp_path)
    found = privilege(made, by_name(made, "one"))
    assert [power.level for power in found.powers] == ["broad"]


def test_the_way_to_the_administrator_is_gained_and_no_more(tmp_path: Path) -> None:
    text = role("admin", extra=ADMINISTRATOR) + role("other", BOTH) + role("one", BOTH)
    made = graph(text, tmp_path)
    found = escalations(made, by_name(made, "one"))
    assert [one.target.resource.address for one in found] == ["aws_iam_role.admin"]
    assert found[0].answer.truth is True


def test_whoever_takes_the_role_that_passes_gains_it_all(tmp_path: Path) -> None:
    weak = role("weak", allow('"sts:AssumeRole"', "aws_iam_role.one.arn"))
    named = '{ AWS = aws_iam_role.weak.arn, Service = "ec2.amazonaws.com" }'
    text = role("admin", extra=ADMINISTRATOR) + role("one", BOTH, trust=named) + weak
    made = graph(text, tmp_path)
    gain = privilege(made, by_name(made, "one"))
    assert gain.beyond(privilege(made, by_name(made, "weak"))).truth is True
    assert gain.administers
    assert gain.worst is not None
    assert (
        gain.worst.words == "can start an instance with role aws_iam_role.admin, an administrator"
    )
