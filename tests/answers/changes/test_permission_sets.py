"""What changed permission sets of IAM Identity Center, and their assignments, newly allow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.answers.changes.test_resource_policies import graph

from iac_ec2lint.answers.changes.access import access_change
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.graph.graph import Graph

SET = 'resource "aws_ssoadmin_permission_set" "NAME" {\n  name = "NAME"\n}\n'
INLINE = """\
resource "aws_ssoadmin_permission_set_inline_policy" "NAME" {
  permission_set_arn = aws_ssoadmin_permission_set.NAME.arn
  inline_policy      = jsonencode({ Statement = [STATEMENT] })
}
"""
MANAGED = """\
resource "aws_ssoadmin_managed_policy_attachment" "NAME" {
  permission_set_arn = aws_ssoadmin_permission_set.NAME.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/POLICY"
}
"""
BY_NAME = """\
resource "aws_ssoadmin_customer_managed_policy_attachment" "NAME" {
  permission_set_arn = aws_ssoadmin_permission_set.NAME.arn
  customer_managed_policy_reference { name = "ours" }
}
"""
BOUNDARY = """\
resource "aws_ssoadmin_permissions_boundary_attachment" "NAME" {
  permission_set_arn = aws_ssoadmin_permission_set.NAME.arn
  permissions_boundary { managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
}
"""
ASSIGNED = """\
resource "aws_ssoadmin_account_assignment" "NAME" {
  permission_set_arn = aws_ssoadmin_permission_set.NAME.arn
  principal_type     = "GROUP"
  principal_id       = "PRINCIPAL"
  target_id          = "111122223333"
}
"""
ELSEWHERE = """\
resource "aws_ssoadmin_account_assignment" "elsewhere" {
  permission_set_arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
  principal_type     = "GROUP"
  principal_id       = "some"
  target_id          = "111122223333"
}
"""


def allow(action: str, effect: str = "Allow") -> str:
    return INLINE.replace(
        "STATEMENT", json.dumps({"Effect": effect, "Action": action, "Resource": "*"})
    )


LOOKED_UP = 'variable "policy" {}\n' + MANAGED.replace(
    '"arn:aws:iam::aws:policy/POLICY"', "var.policy"
)
READ, ALL = allow("s3:GetObject"), allow("s3:*")
ADMIN = MANAGED.replace("POLICY", "AdministratorAccess")
SWITCHED = 'variable "on" {}\n' + ADMIN.replace(" {\n", " {\n  count = var.on ? 1 : 0\n", 1)
SOME = ASSIGNED.replace("PRINCIPAL", "some")
OTHER = ASSIGNED.replace("PRINCIPAL", "other")
UNKNOWN = 'variable "who" {}\n' + ASSIGNED.replace('"PRINCIPAL"', "var.who")


def second(*texts: str) -> str:
    return "".join((SET, *texts)).replace("NAME", "b")


def first(*texts: str) -> str:
    return "".join((SET, *texts)).replace("NAME", "a")


@pytest.mark.parametrize(
    ("before", "after", "state", "who"),
    [
        (first(READ), first(ALL), "new", "who has permission set aws_ssoadmin_permission_set.a"),
        (first(ALL), first(READ), "none", ""),
        (
            first(READ),
            first(READ, ADMIN),
            "new",
            "who has permission set aws_ssoadmin_permission_set.a",
        ),
        (first(ADMIN), first(READ), "none", ""),
        (first(READ), first(READ, BY_NAME), "undecided", ""),
        (first(READ, BY_NAME), first(READ, BY_NAME), "none", ""),
        # What its account has by that name may allow it already, or forbid it.
        (first(READ, BY_NAME), first(ALL, BY_NAME), "undecided", ""),
        (first(READ, BOUNDARY), first(READ), "undecided", ""),
        (first(READ), first(READ, BOUNDARY), "none", ""),
        (
            first(ALL, allow("s3:Put*", "Deny").replace('"NAME"', '"no"')),
            first(ALL),
            "new",
            "who has permission set aws_ssoadmin_permission_set.a",
        ),
        (first(READ), first(READ, SOME), "new", "group some in account 111122223333"),
        (first(READ, SOME), first(READ, OTHER), "new", "group other in account 111122223333"),
        (first(READ, SOME), first(READ), "none", ""),
        (first(READ), first(READ, UNKNOWN), "new", "group ... in account 111122223333"),
        (first(READ, UNKNOWN), first(READ, UNKNOWN), "none", ""),
        # A new set gives to those who are assigned it what they do not have by another one.
        (
            first(READ, SOME),
            first(READ, SOME) + second(ALL, SOME),
            "new",
            "group some in account 111122223333",
        ),
        (first(ALL, SOME), first(ALL, SOME) + second(READ, SOME), "none", ""),
        (first(READ), first(READ) + second(ALL), "none", ""),
        (first(LOOKED_UP), first(LOOKED_UP), "none", ""),
        (first(READ), first(LOOKED_UP), "undecided", ""),
        (first(SWITCHED), first(SWITCHED), "undecided", ""),
        (first(READ), first(READ, SWITCHED), "undecided", ""),
        # Whom the variable names may have it already.
        (first(ALL, SOME), first(ALL, SOME) + second(READ, UNKNOWN), "undecided", ""),
        (first() + ELSEWHERE, first() + ELSEWHERE + second(READ, SOME), "undecided", ""),
        (first(), first() + ELSEWHERE, "undecided", ""),
        ("", first(READ, BY_NAME, SOME), "undecided", ""),
    ],
)
def test_what_a_change_of_permission_sets_allows(
    tmp_path: Path, before: str, after: str, state: str, who: str
) -> None:
    graphs = [graph(tmp_path / "unit", one) for one in (before, after)]
    found = access_change(".", graphs[0], graphs[1], graphs[1].types)
    got = "new" if found.new else "undecided" if found.undecided else "none"
    assert (got, found.new[0].principal if found.new else "") == (state, who), found.undecided
    fresh = [
        f"permission set aws_ssoadmin_permission_set.{n} is new"
        for n in "ab"
        if f'set" "{n}"' in after and f'set" "{n}"' not in before
    ]
    assert list(found.new_principals) == fresh


TEMPLATE = """\
Resources:
  Set:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: set
      InstanceArn: arn:aws:sso:::instance/ssoins-1
      InlinePolicy: {Statement: [{Effect: Allow, Action: "ACTION", Resource: "*"}]}
  Given:
    Type: AWS::SSO::Assignment
    Properties:
      InstanceArn: arn:aws:sso:::instance/ssoins-1
      PermissionSetArn: !GetAtt Set.PermissionSetArn
      PrincipalType: USER
      PrincipalId: somebody
      TargetType: AWS_ACCOUNT
      TargetId: "111122223333"
"""


def test_a_permission_set_of_a_template_is_compared_too(tmp_path: Path) -> None:
    def template(action: str, principal: str) -> Graph:
        folder = tmp_path / principal
        folder.mkdir(exist_ok=True)
        file = folder / "set.yaml"
        file.write_text(TEMPLATE.replace("ACTION", action).replace("somebody", principal), "utf-8")
        [one] = UnitWalk(Inputs(paths=(folder,), working=folder)).graphs()
        return one.graph

    reading, writing = template("s3:GetObject", "a"), template("s3:*", "a")
    other = template("s3:GetObject", "b")
    assert access_change(".", writing, reading, ()).new == ()
    [wider] = access_change(".", reading, writing, ()).new
    assert wider.principal == "who has permission set Set"
    [given] = access_change(".", reading, other, ()).new
    assert (given.principal, given.action) == ("user b in account 111122223333", "s3:GetObject")


GROUP = """\
resource "aws_iam_group" "admins" { name = "admins" }
resource "aws_iam_group_policy_attachment" "admins" {
  group      = aws_iam_group.admins.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_user" "eve" { name = "eve" }
"""
IN_GROUP = """\
resource "aws_iam_user_group_membership" "it" {
  user   = WHO
  groups = [WHICH]
}
"""
OWN_USER, OWN_GROUP = "aws_iam_user.eve.name", "aws_iam_group.admins.name"
OTHER_USER = 'resource "aws_iam_user" "new" { name = "new" }\n'


@pytest.mark.parametrize(
    ("added", "who", "which", "state"),
    [
        ("", OWN_USER, OWN_GROUP, "new"),
        ("", '"bob"', OWN_GROUP, "undecided"),
        ("", OWN_USER, '"elsewhere"', "undecided"),
        ("", '"bob"', '"elsewhere"', "undecided"),
        (OTHER_USER, "aws_iam_user.new.name", OWN_GROUP, "none"),
    ],
)
def test_who_is_newly_in_a_group_is_not_passed_over(
    tmp_path: Path, added: str, who: str, which: str, state: str
) -> None:
    member = added + IN_GROUP.replace("WHO", who).replace("WHICH", which)
    before, after = (graph(tmp_path / "unit", GROUP + one) for one in ("", member))
    for earlier, expected in ((before, state), (after, "none")):
        found = access_change(".", earlier, after, ())
        assert ("new" if found.new else "undecided" if found.undecided else "none") == expected


ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
BY_ARN = """\
resource "aws_iam_WHOSE_policy_attachment" "it" {
  WHOSE      = WHO
  policy_arn = "ARN"
}
"""


@pytest.mark.parametrize("who", ['"bob"', "var.who", "data.aws_iam_role.it.name"])
def test_what_somebody_who_is_declared_elsewhere_newly_may_do_is_undecided(
    tmp_path: Path, who: str
) -> None:
    """What else he has is not known; and what stands there as before makes nothing new."""

    def given(arn: str) -> Graph:
        whose = "role" if "role" in who else "user"
        text = BY_ARN.replace("WHOSE", whose).replace("WHO", who).replace("ARN", arn)
        declared = 'variable "who" {}\ndata "aws_iam_role" "it" {\n  name = "it"\n}\n'
        return graph(tmp_path / "unit", declared + text)

    none = graph(tmp_path / "unit", "")
    reading, all_of_it = (
        given(ADMINISTRATOR.replace("Administrator", "ReadOnly")),
        given(ADMINISTRATOR),
    )
    own = given("arn:aws:iam::111122223333:policy/own")
    for before, after, is_open in (
        (none, all_of_it, True),
        (None, all_of_it, True),
        (reading, all_of_it, True),
        (all_of_it, all_of_it, False),
        (own, own, False),
        (reading, none, False),
    ):
        found = access_change(".", before, after, ())
        assert (found.new, bool(found.undecided)) == ((), is_open)
