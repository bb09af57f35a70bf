"""Who may change a role, a user or a group, and so have it (semantics.md, D2 and D6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import ELSEWHERE, TAGGED, allow, best, by_name, each, group, role, user
from tests.network.infrastructure import graph

from iac_ec2lint.iam.escalation.assuming_roles import assumes
from iac_ec2lint.iam.escalation.identity_changes import write_edges
from iac_ec2lint.iam.privilege import privilege

ADMIN = allow('"*"')
ASSUMED = "{ AWS = aws_iam_user.a.arn }"

UPDATE = "iam:UpdateAssumeRolePolicy"
JOIN = "iam:AddUserToGroup"
CREDENTIALS = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")

ROWS = [
    ("update-trust", UPDATE, role("b", ADMIN), "aws_iam_role.b.arn"),
    *(("credentials", action, user("b", ADMIN), "aws_iam_user.b.arn") for action in CREDENTIALS),
    ("join-group", JOIN, group("b", ADMIN), "aws_iam_group.b.arn"),
    ("role-policy", "iam:PutRolePolicy", role("b", trust=ASSUMED), "aws_iam_role.b.arn"),
    ("role-policy", "iam:AttachRolePolicy", role("b", trust=ASSUMED), "aws_iam_role.b.arn"),
]
DENIED = """{ Effect = "Allow", Action = "ACTION", Resource = "*" },
      { Effect = "Deny", Action = "ACTION", Resource = ARN }"""
with_row = pytest.mark.parametrize(
    ("name", "action", "target", "arn"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS]
)


def verdict(name: str, statements: list[str], target: str, folder: Path) -> str:
    made = graph(user("a", *statements) + target, folder)
    edges = write_edges(made, by_name(made, "a"), by_name(made, "b"))
    return best(edge.answer.truth for edge in edges if edge.kind.name == name)


@with_row
def test_the_row_holds(name: str, action: str, target: str, arn: str, tmp_path: Path) -> None:
    assert verdict(name, [allow(f'"{action}"', arn)], target, tmp_path) == "yes"


@with_row
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('{ Effect = "Allow", Action = "iam:List*", Resource = "*" }', "no"),
        ('{ Effect = "Allow", Action = "ACTION", Resource = ELSEWHERE }', "no"),
        ('{ Effect = "Allow", Action = "ACTION", Resource = "*", Condition = TAGGED }', "untagged"),
        ('{ Effect = "Allow", Action = "ACTION", Resource = "arn:aws:iam::*:*/b" }', "yes"),
        ('{ Effect = "Allow", Action = "ACTION", Resource = "arn:aws:iam::*:*/c" }', "no"),
        (DENIED, "no"),
    ],
)
def test_what_limits_it(
    name: str, action: str, target: str, arn: str, statement: str, expected: str, tmp_path: Path
) -> None:
    for word, meant in {"ACTION": action, "ELSEWHERE": ELSEWHERE, "TAGGED": TAGGED}.items():
        statement = statement.replace(word, meant)
    if expected == "untagged":  # roles and users have tags that are written; groups have none
        expected = "maybe" if name == "join-group" else "no"
    assert verdict(name, [statement.replace("ARN", arn)], target, tmp_path) == expected


@pytest.mark.parametrize(("holder", "joins"), [("user", "yes"), ("group", "yes"), ("role", "no")])
def test_users_alone_join_groups(holder: str, joins: str, tmp_path: Path) -> None:
    makes = {"user": user, "group": group, "role": role}[holder]
    made = graph(makes("a", allow(f'"{JOIN}"')) + group("b", ADMIN), tmp_path)
    edges = write_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == joins


def test_who_is_in_a_group_does_not_join_it(tmp_path: Path) -> None:
    text = user("a", allow(f'"{JOIN}"')) + group("b", ADMIN)
    text += """resource "aws_iam_user_group_membership" "m" {
  user   = aws_iam_user.a.name
  groups = [aws_iam_group.b.name]
}
"""
    made = graph(text, tmp_path)
    assert not list(write_edges(made, by_name(made, "a"), by_name(made, "b")))


@pytest.mark.parametrize("action", CREDENTIALS)
def test_credentials_of_ones_own_are_nobody_elses(action: str, tmp_path: Path) -> None:
    own = '"arn:aws:iam::*:user/$${aws:username}"'
    statements = [allow(f'"{action}"', own)]
    assert verdict("credentials", statements, user("b", ADMIN), tmp_path) == "no"
    (tmp_path / "both").mkdir()
    statements.append(allow(f'"{action}"', '"arn:aws:iam::*:user/b"'))
    assert verdict("credentials", statements, user("b", ADMIN), tmp_path / "both") == "yes"


@pytest.mark.parametrize("action", ["iam:PutRolePolicy", "iam:AttachRolePolicy"])
def test_a_role_that_is_not_assumed_may_have_any_policy(action: str, tmp_path: Path) -> None:
    statements = [allow(f'"{action}"', "aws_iam_role.b.arn")]
    assert verdict("role-policy", statements, role("b"), tmp_path) == "no"


POLICY = """
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.b.name
  policy_arn = aws_iam_policy.p.arn
}
"""


@pytest.mark.parametrize(
    ("trust", "resource", "expected"),
    [
        (ASSUMED, "aws_iam_policy.p.arn", "yes"),
        (ASSUMED, '"arn:aws:iam::*:policy/p"', "yes"),
        (ASSUMED, '"arn:aws:iam::*:policy/q"', "no"),
        ('{ Service = "ec2.amazonaws.com" }', "aws_iam_policy.p.arn", "no"),
    ],
)
def test_a_policy_of_a_role_that_it_assumes_is_rewritten(
    trust: str, resource: str, expected: str, tmp_path: Path
) -> None:
    statements = [allow('"iam:CreatePolicyVersion"', resource)]
    found = verdict("policy-version", statements, role("b", trust=trust) + POLICY, tmp_path)
    assert found == expected


# What makes a principal an administrator by itself.


@pytest.mark.parametrize(
    ("action", "resource", "level"),
    [
        ("iam:PutUserPolicy", "aws_iam_user.a.arn", "administrator-equivalent"),
        ("iam:AttachUserPolicy", '"arn:aws:iam::*:user/a"', "administrator-equivalent"),
        ("iam:PutUserPolicy", '"arn:aws:iam::*:user/b"', None),
        ("iam:PutGroupPolicy", "aws_iam_group.g.arn", "administrator-equivalent"),
        ("iam:AttachGroupPolicy", '"arn:aws:iam::*:group/other"', None),
        ("iam:CreatePolicyVersion", "aws_iam_policy.p.arn", "administrator-equivalent"),
        ("iam:CreatePolicyVersion", '"arn:aws:iam::*:policy/q"', None),
        # What is one's own already.
        ("iam:CreateAccessKey", "aws_iam_user.a.arn", None),
        ("iam:UpdateLoginProfile", '"arn:aws:iam::*:user/a"', None),
    ],
)
def test_who_may_write_its_own_policies_is_an_administrator(
    action: str, resource: str, level: str | None, tmp_path: Path
) -> None:
    text = user("a", allow(f'"{action}"', resource)) + group("g")
    text += """resource "aws_iam_user_group_membership" "m" {
  user   = aws_iam_user.a.name
  groups = [aws_iam_group.g.name]
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_user_policy_attachment" "p" {
  user       = aws_iam_user.a.name
  policy_arn = aws_iam_policy.p.arn
}
"""
    made = graph(text, tmp_path)
    worst = privilege(made, by_name(made, "a")).worst
    assert (worst.level if worst is not None else None) == level


@pytest.mark.parametrize("action", ["iam:PutRolePolicy", "iam:AttachRolePolicy"])
def test_so_is_a_role(action: str, tmp_path: Path) -> None:
    made = graph(role("a", allow(f'"{action}"', "aws_iam_role.a.arn")), tmp_path)
    assert privilege(made, by_name(made, "a")).administers


# Who assumes a role.

OWN_ACCOUNT = '{ AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }'
ASSUME = "sts:AssumeRole"


@pytest.mark.parametrize(
    ("statements", "trust", "expected"),
    [
        # A trust policy that names the principal is enough.
        ([], ASSUMED, True),
        ([], '{ AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:user/a" }', True),
        ([], '{ AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:user/c" }', False),
        ([], '"*"', True),
        (each([ASSUME]), ASSUMED, True),
        ([f'{{ Effect = "Deny", Action = "{ASSUME}", Resource = "*" }}'], ASSUMED, False),
        # One that names the account leaves it to the account.
        ([], OWN_ACCOUNT, False),
        (each([ASSUME]), OWN_ACCOUNT, True),
        (each([ASSUME]), "{ AWS = data.aws_caller_identity.me.account_id }", True),
        (each([ASSUME], "aws_iam_role.b.arn"), OWN_ACCOUNT, True),
        (each([ASSUME], '"arn:aws:iam::*:role/c"'), OWN_ACCOUNT, False),
        (each([ASSUME], condition=TAGGED), OWN_ACCOUNT, False),
        (each([ASSUME], condition=TAGGED.replace("Equals", "NotEquals")), OWN_ACCOUNT, True),
        # Whose account that is nobody knows.
        (each([ASSUME]), '{ AWS = "arn:aws:iam::123456789012:root" }', None),
        ([], '{ AWS = "arn:aws:iam::123456789012:root" }', False),
        (each([ASSUME]), '{ Service = "ec2.amazonaws.com" }', False),
    ],
)
def test_who_assumes_a_role(
    statements: list[str], trust: str, expected: bool | None, tmp_path: Path
) -> None:
    text = user("a", *statements) + user("c") + role("b", ADMIN, trust=trust)
    made = graph(text + 'data "aws_caller_identity" "me" {}\n', tmp_path)
    assert assumes(by_name(made, "a"), by_name(made, "b")).truth is expected


@pytest.mark.parametrize(("leaves", "expected"), [("sts:*", True), ("s3:*", False)])
def test_a_boundary_must_leave_it(leaves: str, expected: bool, tmp_path: Path) -> None:
    text = f"""
resource "aws_iam_policy" "limit" {{
  policy = jsonencode({{ Statement = [{allow(f'"{leaves}"')}] }})
}}
resource "aws_iam_user" "a" {{
  name                 = "a"
  permissions_boundary = aws_iam_policy.limit.arn
}}
"""
    made = graph(text + role("b", ADMIN, trust=ASSUMED), tmp_path)
    assert assumes(by_name(made, "a"), by_name(made, "b")).truth is expected
