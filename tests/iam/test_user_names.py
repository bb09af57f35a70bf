"""``${aws:username}`` is the name of the user whom a policy applies to, and no role's."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import allow, by_name, group, role, user
from tests.network.infrastructure import graph

from iac_ec2lint.iam.grants import is_allowed

OWN = '"arn:aws:iam::*:user/$${aws:username}"'
IN_A_LIST = '["arn:aws:s3:::x", "arn:aws:iam::*:user/$${AWS:UserName}"]'
EITHER = (
    'var.own ? "arn:aws:iam::*:user/$${aws:username}" : "arn:aws:iam::*:user/$${aws:username}-2"'
)
BUT_OWN = '{ Effect = "Allow", Action = "iam:DeleteUser", NotResource = "arn:aws:iam::*:user/$${aws:username}" }'  # noqa: E501
DENIED = '{ Effect = "Deny", Action = "iam:DeleteUser", Resource = "arn:aws:iam::*:user/$${aws:username}" }'  # noqa: E501
VARIABLE = 'variable "own" {}\n'


@pytest.mark.parametrize(
    ("statements", "own", "other", "session"),
    [
        ([allow('"iam:DeleteUser"', OWN)], True, False, False),
        ([allow('"iam:DeleteUser"', IN_A_LIST)], True, False, False),
        ([allow('"iam:DeleteUser"', EITHER)], None, False, False),
        ([BUT_OWN], False, True, True),
        ([allow('"iam:DeleteUser"'), DENIED], False, True, True),
    ],
)
def test_whose_name_it_is(
    statements: list[str],
    own: bool | None,
    other: bool | None,
    session: bool | None,
    tmp_path: Path,
) -> None:
    text = VARIABLE + user("a", *statements) + user("b") + role("r", *statements)
    made = graph(text, tmp_path)
    a, b, r = (by_name(made, name) for name in ("a", "b", "r"))
    assert is_allowed(a, "iam:DeleteUser", a.arn, a.identity).truth is own
    assert is_allowed(a, "iam:DeleteUser", b.arn, b.identity).truth is other
    assert is_allowed(r, "iam:DeleteUser", a.arn, a.identity).truth is session


def test_a_member_has_its_own_name_in_the_policy_of_its_group(tmp_path: Path) -> None:
    text = f"""
{group("g", allow('"iam:DeleteUser"', OWN))}
{user("a")}
resource "aws_iam_user_group_membership" "a" {{
  user   = aws_iam_user.a.name
  groups = [aws_iam_group.g.name]
}}
resource "aws_iam_user" "unnamed" {{}}
resource "aws_iam_user_group_membership" "unnamed" {{
  user   = aws_iam_user.unnamed.name
  groups = [aws_iam_group.g.name]
}}
"""
    made = graph(text, tmp_path)
    for name in ("a", "unnamed"):
        one = by_name(made, name)
        assert is_allowed(one, "iam:DeleteUser", one.arn, one.identity).truth is True
