"""Who may do more is never told less: widening a statement takes no finding of PATH008 away.

It needs nothing of what a stronger role gives beyond an administrator's: whoever has all that a
role gives gains nothing by it, and is not told of.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.iam.grantees import by_name, group, role, user
from tests.network.infrastructure import graph

from iac_ec2lint.attack.gains.escalations import escalations, self_escalation

pytestmark = pytest.mark.slow

ADMINISTRATOR = 'managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]'
OTHERS = f"""
{role("admin", trust='{ Service = ["ec2.amazonaws.com", "lambda.amazonaws.com"] }', extra=ADMINISTRATOR)}
{role("empty", trust="{ AWS = aws_iam_user.a.arn }")}
{user("root")}
resource "aws_iam_user_policy_attachment" "root" {{
  user       = aws_iam_user.root.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}}
{group("admins")}
resource "aws_iam_group_policy_attachment" "admins" {{
  group      = aws_iam_group.admins.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}}
resource "aws_iam_policy" "own" {{
  name   = "own"
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "ec2:Describe*", Resource = "*" }}]
  }})
}}
resource "aws_iam_user_policy_attachment" "own" {{
  user       = aws_iam_user.a.name
  policy_arn = aws_iam_policy.own.arn
}}
"""  # noqa: E501 - an argument in a text

ACTIONS = (
    "iam:AddUserToGroup",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:PassRole",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "ec2:RunInstances",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
)
PATTERNS = ("iam:Create*", "iam:*Policy*", "iam:*", "ec2:*", "lambda:*", "*")
RESOURCES = (
    "aws_iam_user.root.arn",
    "aws_iam_user.a.arn",
    "aws_iam_role.admin.arn",
    "aws_iam_role.empty.arn",
    "aws_iam_group.admins.arn",
    "aws_iam_policy.own.arn",
    '"arn:aws:iam::*:user/root"',
    '"arn:aws:iam::*:user/$${aws:username}"',
    '"arn:aws:iam::*:role/ad*"',
    '"arn:aws:iam::*:user/*"',
    '"arn:aws:iam::*:*"',
    '"arn:aws:ec2:*:*:*"',
    '"*"',
)
UNDECIDED = '{ Bool = { "aws:MultiFactorAuthPresent" = "true" } }'


class Allowed(NamedTuple):
    """A statement: wider than another where it has all of it and more, or fewer conditions."""

    actions: frozenset[str]
    resources: frozenset[str]
    limited: bool

    @property
    def text(self) -> str:
        """As HCL."""
        actions = ", ".join(f'"{action}"' for action in sorted(self.actions))
        resources = ", ".join(sorted(self.resources))
        limit = f", Condition = {UNDECIDED}" if self.limited else ""
        return f'{{ Effect = "Allow", Action = [{actions}], Resource = [{resources}]{limit} }}'


def rank(statements: list[str]) -> int:
    """What PATH008 says of a user: 2 that it fails, 1 that it is undecided, 0 nothing."""
    with tempfile.TemporaryDirectory() as folder:
        made = graph(user("a", *statements) + OTHERS, Path(folder))
        one = by_name(made, "a")
        own = self_escalation(made, one)
        found = [*([] if own is None else [own]), *escalations(made, one)]
        return max((2 if each.answer.truth else 1 for each in found), default=0)


some = {
    "actions": st.frozensets(st.sampled_from(ACTIONS), min_size=1, max_size=3),
    "resources": st.frozensets(st.sampled_from(RESOURCES), min_size=1, max_size=2),
    "limited": st.booleans(),
}


@settings(max_examples=60, deadline=None)
@given(
    narrow=st.builds(Allowed, **some),
    rest=st.none() | st.builds(Allowed, **some),
    more=st.frozensets(st.sampled_from(ACTIONS + PATTERNS), max_size=2),
    wider=st.frozensets(st.sampled_from(RESOURCES), max_size=1),
)
def test_widening_a_statement_takes_nothing_away(
    narrow: Allowed, rest: Allowed | None, more: frozenset[str], wider: frozenset[str]
) -> None:
    others = [] if rest is None else [rest.text]
    wide = Allowed(narrow.actions | more, narrow.resources | wider, limited=False)
    assert rank([wide.text, *others]) >= rank([narrow.text, *others])


def test_each_step_from_one_user_to_everything_is_told() -> None:
    steps = [
        Allowed(frozenset({"iam:CreateAccessKey"}), frozenset({"aws_iam_user.root.arn"}), True),
        Allowed(frozenset({"iam:CreateAccessKey"}), frozenset({"aws_iam_user.root.arn"}), False),
        Allowed(frozenset({"iam:CreateAccessKey"}), frozenset({'"arn:aws:iam::*:*"'}), False),
        Allowed(frozenset({"iam:CreateAccessKey"}), frozenset({'"*"'}), False),
        Allowed(frozenset({"iam:*"}), frozenset({'"*"'}), False),
        Allowed(frozenset({"*"}), frozenset({'"*"'}), False),
    ]
    assert [rank([step.text]) for step in steps] == [1, 2, 2, 2, 2, 2]
