"""The index leaves out nobody whom a statement may be about."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import allow, by_name, group, role, user
from tests.network.infrastructure import graph

from iac_ec2lint.iam.escalation.named_targets import may_name
from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.principals import principals

ACTION = "iam:GetRole"
OTHERS = f"""
variable "given" {{}}
variable "chosen" {{}}
data "aws_caller_identity" "me" {{}}
{role("web")}
{role("worker")}
{user("web-user")}
{group("webs")}
resource "aws_iam_role" "in_path" {{
  name = "deep"
  path = "/web/"
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role" "unnamed" {{
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role" "given" {{
  name = var.given
  assume_role_policy = "{{}}"
}}
"""


@pytest.mark.parametrize(
    ("entry", "few"),
    [
        ('"*"', False),
        ('"arn:aws:iam::*:*"', False),
        ('"arn:aws:iam::*:role/*"', True),
        ('"arn:aws:iam::*:role/w*"', True),
        ('"arn:aws:iam::*:role/we?"', True),
        ('"arn:aws:iam::*:?ole/web"', False),
        ('"arn:aws:iam::*:role/web/*"', True),
        ('"arn:*:role/web"', False),
        ('"arn:aws:iam::*web"', False),
        ('"arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/web"', True),
        ('"arn:aws:iam::*:role/${var.given}"', True),
        ('"arn:aws:iam::*:${var.given}"', False),
        ('"${var.given}:role/web"', False),
        ('"arn:aws:iam::*:role/$${aws:PrincipalTag/role}"', False),
        ("aws_iam_role.web.arn", True),
        ("aws_iam_role.unnamed.arn", True),
        ("aws_iam_role.web.name", False),
        ("var.given", False),
        ('var.chosen ? aws_iam_role.web.arn : "arn:aws:iam::*:user/web*"', True),
        ('["arn:aws:iam::*:group/*", aws_iam_role.worker.arn]', True),
    ],
)
def test_who_is_left_out_is_not_meant(entry: str, few: bool, tmp_path: Path) -> None:
    made = graph(OTHERS + user("a", allow(f'"{ACTION}"', entry)), tmp_path)
    one = by_name(made, "a")
    everyone = {other.resource.address: other for other in principals(made)}
    named = may_name(made, one, ACTION)
    left_out = everyone.keys() - (everyone if named is None else named)
    assert bool(left_out) is few
    for address in left_out:
        other = everyone[address]
        assert is_allowed(one, ACTION, other.arn, other.identity).truth is False


def test_all_but_some_may_be_anyone(tmp_path: Path) -> None:
    text = f'{{ Effect = "Allow", Action = "{ACTION}", NotResource = "arn:aws:iam::*:role/web" }}'
    made = graph(OTHERS + user("a", text), tmp_path)
    assert may_name(made, by_name(made, "a"), ACTION) is None
    assert may_name(made, by_name(made, "web"), ACTION) is not None


def test_what_is_denied_names_nobody(tmp_path: Path) -> None:
    denied = f'{{ Effect = "Deny", Action = "{ACTION}", Resource = "*" }}'
    text = user("a", allow(f'"{ACTION}"', "aws_iam_role.web.arn"), denied)
    made = graph(OTHERS + text, tmp_path)
    named = may_name(made, by_name(made, "a"), ACTION)
    assert named is not None
    assert "aws_iam_role.web" in named
    assert "aws_iam_role.worker" not in named


def test_a_role_without_a_name_is_named_by_that_which_aws_gives_it(tmp_path: Path) -> None:
    terraform = OTHERS + user(
        "a", allow(f'"{ACTION}"', '"arn:aws:iam::*:role/${aws_iam_role.unnamed.name}"')
    )
    template = f"""
Resources:
  Unnamed: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{}}}}}}
  a:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: "{ACTION}"
                Resource: !Sub "arn:aws:iam::*:role/${{Unnamed}}"
"""
    for text, address, user_address in (
        (terraform, "aws_iam_role.unnamed", "aws_iam_user.a"),
        (template, "Unnamed", "a"),
    ):
        folder = tmp_path / user_address
        folder.mkdir()
        made = graph(text, folder)
        found = {one.resource.address: one for one in principals(made)}
        named = found[address]
        assert is_allowed(found[user_address], ACTION, named.arn, named.identity).truth is True
