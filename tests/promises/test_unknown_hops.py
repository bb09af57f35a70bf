"""Evidence never asserts what is not known: it says "may", and names the unknown."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

from iac_ec2lint.engine.finding import Finding, Status

ADMIN = """
resource "aws_iam_role" "admin" {
  name               = "admin"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = %s } }]
  })
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_instance_profile" "admin" {
  role = aws_iam_role.admin.name
}
"""
USER = """
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_user_policy" "ci" {
  user   = aws_iam_user.ci.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = %s, Resource = "*" }]
  })
}
"""
ACTIONS = '["iam:PassRole", "ec2:RunInstances"]'
TEMPLATE = """
Parameters:
  Action: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Ref Role]}
  Ci:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: ci
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: [iam:PassRole, !Ref Action], Resource: "*"}
"""


def passed(files: dict[str, str]) -> Finding:
    [finding] = [
        one
        for one in scan_project(files, select=("PATH008",)).findings
        if one.subject in ("aws_iam_user.ci", "Ci")
    ]
    return finding


def words(finding: Finding) -> list[str]:
    return [hop.message for hop in finding.evidence]


def test_what_is_known_is_asserted() -> None:
    finding = passed({"main.tf": ADMIN % '"ec2.amazonaws.com"' + USER % ACTIONS})
    assert finding.status is Status.FAIL
    told = " | ".join(words(finding))
    assert "aws_iam_user_policy.ci allows iam:PassRole and ec2:RunInstances" in told
    assert "aws_iam_role.admin trusts EC2" in told
    assert "aws_iam_instance_profile.admin gives instances aws_iam_role.admin" in told
    assert "may" not in told


@pytest.mark.parametrize(
    ("trusted", "actions", "said", "never"),
    [
        (
            '"ec2.amazonaws.com"',
            '["iam:PassRole", var.action]',
            "aws_iam_user_policy.ci may allow ec2:RunInstances: var.action has no value",
            "allows ec2:RunInstances",
        ),
        (
            "var.service",
            ACTIONS,
            "aws_iam_role.admin may trust EC2: var.service has no value",
            "trusts EC2",
        ),
    ],
)
def test_an_undecided_hop_names_the_unknown(
    trusted: str, actions: str, said: str, never: str
) -> None:
    inputs = 'variable "action" {}\nvariable "service" {}\n'
    finding = passed({"main.tf": inputs + ADMIN % trusted + USER % actions})
    assert finding.status is Status.UNDECIDED
    assert said in words(finding)
    assert not any(never in told for told in words(finding))


def test_an_undecided_hop_in_a_template_names_the_unknown() -> None:
    finding = passed({"a.yaml": TEMPLATE})
    assert finding.status is Status.UNDECIDED
    assert 'Ci may allow ec2:RunInstances: parameter "Action" has no value' in words(finding)
