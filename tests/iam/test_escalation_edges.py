"""Principals with all their policies, what they come to, and the edges from one to another.

The rows of the table are tested one by one in ``test_launch_edges``, ``test_control_edges`` and
``test_write_edges``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import EC2, allow, best, by_name, role
from tests.network.infrastructure import graph

from iac_ec2lint.iam.escalation.assuming_roles import assumes
from iac_ec2lint.iam.escalation.instances.control import control_edges, exfiltration_edges
from iac_ec2lint.iam.escalation.launch_ways import has_ec2_role, launch_edges
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.iam.trust.strangers import foreign_trust
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.values import NO, YES

MANAGED = "arn:aws:iam::aws:policy"


@pytest.mark.parametrize(
    ("statement", "level"),
    [
        # semantics.md, H 29 to 31
        ('{ Effect = "Allow", NotAction = ["organizations:*"], Resource = "*" }', "administrator"),
        (
            allow('["iam:*", "sts:*", "kms:*"]')
            + ", "
            + allow('["ec2:*", "s3:*", "lambda:*", "cloudformation:*"]'),
            "administrator",
        ),
        (
            allow('"*:*"') + ', { Effect = "Deny", Action = "iam:*", Resource = "*" }',
            "broad",
        ),
        (allow('"iam:AttachUserPolicy"'), "administrator-equivalent"),
        (allow('["iam:PassRole", "ec2:RunInstances"]'), "broad"),
        (allow('"ec2:AuthorizeSecurityGroupIngress"'), "broad"),
        (allow('"secretsmanager:GetSecretValue"'), "data-read"),
        (allow('"s3:GetObject"', '"arn:aws:s3:::*"'), "data-read"),
        (allow('"ssm:GetParameters"'), "data-read"),
        (allow('"dynamodb:Scan"'), "data-read"),
        (allow('"s3:GetObject"', '"arn:aws:s3:::one/*"'), None),
        (allow('"sqs:*"'), None),
    ],
)
def test_how_privileged_a_role_is(statement: str, level: str | None, tmp_path: Path) -> None:
    made = graph(role("one", statement), tmp_path)
    found = privilege(made, by_name(made, "one"))
    worst = found.worst
    assert found.answer.truth is (level is not None)
    assert (worst.level if worst is not None else None) == level


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("AdministratorAccess", True),
        ("AmazonS3FullAccess", True),
        ("service-role/AmazonEC2RoleforSSM", True),
        ("AmazonSSMManagedInstanceCore", False),
        ("service-role/AmazonEC2RoleforAWSCodeDeploy", False),
        ("SomethingElse", None),
    ],
)
def test_managed_policies_count_by_name(name: str, truth: bool | None, tmp_path: Path) -> None:
    extra = f'managed_policy_arns = ["{MANAGED}/{name}"]'
    made = graph(role("one", extra=extra), tmp_path)
    assert privilege(made, by_name(made, "one")).answer.truth is truth


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((allow('["iam:PassRole", "ec2:RunInstances"]'),), "yes"),
        ((allow('"iam:PassRole"', "aws_iam_role.b.arn"), allow('"ec2:RunInstances"')), "yes"),
        (
            (allow('"iam:PassRole"', '"arn:aws:iam::*:role/b"'), allow('"ec2:RunInstances"')),
            "yes",
        ),
        (
            (allow('"iam:PassRole"', '"arn:aws:iam::*:role/c*"'), allow('"ec2:RunInstances"')),
            "no",
        ),
        (
            (
                allow('"iam:PassRole"', '"arn:aws:iam::123456789012:role/b"'),
                allow('"ec2:RunInstances"'),
            ),
            "maybe",
        ),
        ((allow('"iam:PassRole"'),), "no"),
        ((allow('"ec2:*"'),), "no"),
        ((allow('["iam:PassRole", "ec2:AssociateIamInstanceProfile"]'),), "no"),
        (
            (allow('["iam:PassRole", "ec2:AssociateIamInstanceProfile", "ssm:StartSession"]'),),
            "yes",
        ),
        ((allow('["iam:PassRole", "autoscaling:CreateAutoScalingGroup"]'),), "no"),
        ((allow('["iam:PassRole", "autoscaling:*"]'),), "yes"),
        (
            (
                allow(
                    '"iam:PassRole"',
                    condition='{ StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } }',
                ),
                allow('"ec2:RunInstances"'),
            ),
            "yes",
        ),
        (
            (
                allow(
                    '"iam:PassRole"',
                    condition='{ StringEquals = { "iam:PassedToService" = "ecs.amazonaws.com" } }',
                ),
                allow('"ec2:RunInstances"'),
            ),
            "no",
        ),
        (
            (
                allow('"iam:PassRole"'),
                allow(
                    '"ec2:RunInstances"',
                    condition='{ StringEquals = { "aws:RequestTag/team" = "x" } }',
                ),
            ),
            "no",  # to give tags is another permission
        ),
        (
            (
                allow('"iam:PassRole"'),
                allow('"ec2:CreateTags"'),
                allow(
                    '"ec2:RunInstances"',
                    condition='{ StringEquals = { "aws:RequestTag/team" = "x" } }',
                ),
            ),
            "maybe",  # whether what is not tagged itself counts
        ),
    ],
)
def test_edges_that_pass_a_role(statements: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    made = graph(role("a", *statements) + role("b", allow('"*"')), tmp_path)
    edges = launch_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best([edge.answer.truth for edge in edges]) == expected


def test_no_edge_leads_to_a_role_that_ec2_may_not_assume(tmp_path: Path) -> None:
    trust = '{ Service = "lambda.amazonaws.com" }'
    text = role("a", allow('["iam:PassRole", "ec2:*"]')) + role("b", allow('"*"'), trust=trust)
    made = graph(text, tmp_path)
    assert not list(launch_edges(made, by_name(made, "a"), by_name(made, "b")))


@pytest.mark.parametrize(
    ("action", "managed", "reachable", "expected"),
    [
        ('"ssm:SendCommand"', True, False, "yes"),
        ('"ssm:SendCommand"', False, False, "no"),
        ('"ssm:StartSession"', True, False, "yes"),
        ('"ec2:CreateReplaceRootVolumeTask"', False, False, "yes"),
        ('"ec2:ModifyInstanceAttribute"', False, False, "no"),
        ('"ec2:*"', False, False, "yes"),
        ('"ec2-instance-connect:SendSSHPublicKey"', False, False, "no"),
        ('"ec2-instance-connect:SendSSHPublicKey"', False, True, "yes"),
        ('"ec2-instance-connect:SendSerialConsoleSSHPublicKey"', False, False, "no"),
    ],
)
def test_edges_that_control_an_instance(
    action: str, managed: bool, reachable: bool, expected: str, tmp_path: Path
) -> None:
    does = '"ssm:UpdateInstanceInformation"' if managed else '"sqs:*"'
    text = role("a", allow(action)) + role("b", allow(does))
    text += """
resource "aws_instance" "b" {
  ami                  = "ami-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.b.name
}
"""
    made = graph(text, tmp_path)
    host = next(made.all(Instance))
    edges = control_edges(
        made, by_name(made, "a"), host, by_name(made, "b"), YES if reachable else NO
    )
    assert best([edge.answer.truth for edge in edges]) == expected


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ('["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]', "yes"),
        ('["ebs:ListSnapshotBlocks", "ebs:GetSnapshotBlock"]', "yes"),
        ('["ec2:CreateImage", "ec2:ModifyImageAttribute"]', "yes"),
        ('"ec2:CreateSnapshot"', "no"),
        ('["ec2:CreateImage", "ec2:ModifySnapshotAttribute"]', "no"),
    ],
)
def test_edges_that_take_disks_out(actions: str, expected: str, tmp_path: Path) -> None:
    made = graph(role("a", allow(actions)), tmp_path)
    edges = exfiltration_edges(by_name(made, "a"))
    assert best([edge.answer.truth for edge in edges]) == expected


@pytest.mark.parametrize(
    ("trust", "truth"),
    [
        ("{ AWS = aws_iam_role.a.arn }", True),
        ("{ AWS = aws_iam_role.c.arn }", False),
        ('{ AWS = "arn:aws:iam::123456789012:root" }', None),
        # Whether an account whose number is written is the unit's own, nobody knows.
        ('{ AWS = "arn:aws:iam::123456789012:role/a" }', None),
        ('{ AWS = ["arn:aws:iam::123456789012:role/c", aws_iam_role.a.arn] }', True),
        ('{ AWS = ["arn:aws:iam::123456789012:role/c", "*"] }', True),
        ('{ AWS = ["arn:aws:iam::123456789012:role/c", "arn:aws:iam::1:role/team/b"] }', False),
        (EC2, False),
    ],
)
def test_who_assumes_a_role(trust: str, truth: bool | None, tmp_path: Path) -> None:
    text = role("a", allow('"sts:AssumeRole"')) + role("c") + role("b", trust=trust)
    made = graph(text, tmp_path)
    assert assumes(by_name(made, "a"), by_name(made, "b")).truth is truth


def test_a_user_has_the_policies_of_its_groups(tmp_path: Path) -> None:
    text = f"""
resource "aws_iam_group" "g" {{ name = "g" }}
resource "aws_iam_user" "u" {{ name = "u" }}
resource "aws_iam_user" "v" {{ name = "v" }}
resource "aws_iam_user_group_membership" "m" {{
  user   = aws_iam_user.u.name
  groups = [aws_iam_group.g.name]
}}
resource "aws_iam_group_policy_attachment" "g" {{
  group      = "g"
  policy_arn = "{MANAGED}/AdministratorAccess"
}}
"""
    made = graph(text, tmp_path)
    assert privilege(made, by_name(made, "g")).administers
    assert privilege(made, by_name(made, "u")).administers
    assert not privilege(made, by_name(made, "v")).administers
    assert [one.address for one in by_name(made, "u").groups] == ["aws_iam_group.g"]


def test_a_policy_on_the_same_switch_as_its_role_is_certain(tmp_path: Path) -> None:
    text = f"""
variable "create" {{}}
resource "aws_iam_role" "r" {{
  count              = var.create ? 1 : 0
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role_policy_attachment" "r" {{
  count      = var.create ? 1 : 0
  role       = aws_iam_role.r[0].name
  policy_arn = "{MANAGED}/AdministratorAccess"
}}
"""
    made = graph(text, tmp_path)
    (one,) = principals(made)
    assert privilege(made, one).administers


def test_a_boundary_takes_away(tmp_path: Path) -> None:
    text = f"""
resource "aws_iam_policy" "b" {{
  policy = jsonencode({{ Statement = [{allow('"s3:*"')}] }})
}}
resource "aws_iam_user" "u" {{
  name                 = "u"
  permissions_boundary = aws_iam_policy.b.arn
}}
resource "aws_iam_user_policy_attachment" "u" {{
  user       = aws_iam_user.u.name
  policy_arn = "{MANAGED}/AdministratorAccess"
}}
"""
    made = graph(text, tmp_path)
    worst = privilege(made, by_name(made, "u")).worst
    assert worst is not None
    assert worst.level == "broad"
    assert worst.words == "full access to s3"


@pytest.mark.parametrize(
    ("principal", "trusted", "expected"),
    [
        ('"*"', (), [("any AWS principal", True)]),
        ('{ AWS = "123456789012" }', (), [("account 123456789012", True)]),
        ('{ AWS = "123456789012" }', ("999999999999",), [("account 123456789012", True)]),
        ('{ AWS = "123456789012" }', ("123456789012",), []),
        ('{ AWS = "arn:aws:iam::123456789012:role/x" }', (), [("account 123456789012", None)]),
        (EC2, (), []),
    ],
)
def test_whom_a_trust_policy_admits(
    principal: str, trusted: tuple[str, ...], expected: list[tuple[str, bool]], tmp_path: Path
) -> None:
    made = graph(role("a", trust=principal), tmp_path)
    (one,) = made.all(Role)
    found = [(each.who, each.answer.truth) for each in foreign_trust(made, one, trusted)]
    assert found == expected


@pytest.mark.parametrize(
    ("profiles", "truth"),
    [
        ("", False),
        ("aws_iam_role.a.name", True),
        ("aws_iam_role.b.name", False),
        ("var.second ? aws_iam_role.b.name : aws_iam_role.a.name", None),
    ],
)
def test_a_role_has_an_instance_profile(profiles: str, truth: bool | None, tmp_path: Path) -> None:
    roles = "".join(
        f'resource "aws_iam_role" "{name}" {{\n  assume_role_policy = "{{}}"\n}}\n' for name in "ab"
    )
    profile = f'resource "aws_iam_instance_profile" "p" {{\n  role = {profiles}\n}}\n'
    text = roles + 'variable "second" { type = bool }\n' + (profile if profiles else "")
    made = graph(text, tmp_path)
    first = next(one for one in made.all(Role) if one.address == "aws_iam_role.a")
    assert has_ec2_role(made, first).truth is truth
