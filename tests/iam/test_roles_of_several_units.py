"""Roles whose policies a third unit attaches: what the unit with the host cannot know."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

SERVICE = "Principal: {Service: ec2.amazonaws.com}"
TRUST = f"{{Statement: [{{Effect: Allow, Action: sts:AssumeRole, {SERVICE}}}]}}"
OWN = f"""
  Role:
    Type: AWS::IAM::Role
    Properties: {{RoleName: web-role, AssumeRolePolicyDocument: {TRUST}}}
"""
ROLE = f"""
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web-role
      AssumeRolePolicyDocument: {TRUST}
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {TRUST}
Outputs:
  Role: {{Value: !Ref Role, Export: {{Name: role-name}}}}
  Other: {{Value: !Ref Other, Export: {{Name: other-name}}}}
"""
HOST = """
Resources:
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [ROLE]}
  Host:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0123456789abcdef0, IamInstanceProfile: !Ref Profile}
"""
EVERYTHING = '{Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}'
POLICIES = {
    "AWS::IAM::ManagedPolicy": f"{{Roles: [ROLE], PolicyDocument: {EVERYTHING}}}",
    "AWS::IAM::Policy": f"{{PolicyName: all, Roles: [ROLE], PolicyDocument: {EVERYTHING}}}",
    "AWS::IAM::RolePolicy": f"{{PolicyName: all, RoleName: ROLE, PolicyDocument: {EVERYTHING}}}",
}
STACK = """
Resources:
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: https://example.com/unknown.yaml, Parameters: {Role: ROLE}}
"""
BY = {
    "export": "!ImportValue role-name",
    "name": "web-role",
    "built": "!ImportValue {'Fn::Sub': 'role-${Part}'}",
}


def policy(kind: str, role: str) -> str:
    """A template that attaches a policy to a role."""
    inner = POLICIES[kind].replace("ROLE", role)
    parameter = "Parameters:\n  Part: {Type: String}\n" if "Part" in role else ""
    return f"{parameter}Resources:\n  Policy:\n    Type: {kind}\n    Properties: {inner}\n"


def found(files: dict[str, str]) -> set[tuple[str, str]]:
    """What IAM007 finds, and what is missing of it."""
    report = scan_project(files, select=("IAM007",))
    assert not report.errors
    return {(one.status.value, " ".join(one.missing)) for one in report.findings}


@pytest.mark.parametrize("kind", POLICIES)
@pytest.mark.parametrize(
    ("host", "by"),
    [
        ("export", "export"),
        ("export", "name"),
        ("export", "built"),
        ("name", "export"),
        ("name", "name"),
    ],
)
def test_a_role_is_undecided_whose_policies_a_third_stack_attaches(
    kind: str, host: str, by: str
) -> None:
    """AWS::IAM::ManagedPolicy, "Roles": the names of roles, whichever stack makes them."""
    files = {
        "role.yaml": ROLE,
        "host.yaml": HOST.replace("ROLE", BY[host]),
        "policy.yaml": policy(kind, BY[by]),
    }
    told = found(files)
    assert {status for status, _ in told} == {"undecided"}
    assert all(
        "policy.yaml may add policies" in missing or "host.yaml may give" in missing
        for _, missing in told
    )


def test_a_nested_stack_that_is_given_the_role_may_attach_policies() -> None:
    """AWS::CloudFormation::Stack, "Parameters"."""
    files = {
        "role.yaml": ROLE,
        "host.yaml": HOST.replace("ROLE", BY["export"]),
        "third.yaml": STACK.replace("ROLE", BY["export"]).replace(
            "Resources:", policy("AWS::IAM::ManagedPolicy", "own").lstrip(), 1
        ),
    }
    assert {status for status, _ in found(files)} == {"undecided"}


@pytest.mark.parametrize("role", ["!ImportValue other-name", "somebody", "web-role"])
def test_a_third_stack_that_attaches_policies_to_another_role_says_nothing(role: str) -> None:
    """Another export, another name, and a role of its own that has the same name elsewhere."""
    third = policy("AWS::IAM::ManagedPolicy", role)
    if role == "web-role":
        third += OWN
    host = HOST.replace("ROLE", BY["export"])
    assert not found({"role.yaml": ROLE, "host.yaml": host, "policy.yaml": third})


BACKEND = 'terraform {\n  backend "s3" {\n    bucket = "states"\n    key    = "KEY"\n  }\n}\n'
STATE = """
data "terraform_remote_state" "roles" {
  backend = "s3"
  config  = { bucket = "states", key = "roles" }
}
data "aws_iam_role" "web" { name = "web-role" }
"""
ROLE_TF = """
resource "aws_iam_role" "web" {
  name = "web-role"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}
output "role" { value = aws_iam_role.web.name }
"""
HOST_TF = """
resource "aws_iam_instance_profile" "web" { role = ROLE }
resource "aws_instance" "web" {
  ami                  = "ami-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.web.name
}
"""
ATTACHED = """
resource "aws_iam_role_policy_attachment" "all" {
  role       = ROLE
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
BY_TF = {
    "state": "data.terraform_remote_state.roles.outputs.role",
    "name": '"web-role"',
    "lookup": "data.aws_iam_role.web.name",
}


@pytest.mark.parametrize("host", ["state", "name", "lookup"])
@pytest.mark.parametrize("by", ["state", "name", "lookup", "local"])
def test_a_role_is_undecided_whose_policies_a_third_root_module_attaches(
    host: str, by: str
) -> None:
    """The provider's aws_iam_role_policy_attachment: the role's name, whatever makes the role."""
    attached = ATTACHED.replace("ROLE", BY_TF.get(by, "local.role"))
    if by == "local":
        attached += f"locals {{\n  role = {BY_TF['state']}\n}}\n"
    files = {
        "roles/main.tf": BACKEND.replace("KEY", "roles") + ROLE_TF,
        "host/main.tf": BACKEND.replace("KEY", "host")
        + STATE
        + HOST_TF.replace("ROLE", BY_TF[host]),
        "third/main.tf": BACKEND.replace("KEY", "third") + STATE + attached,
    }
    assert {status for status, _ in found(files)} == {"undecided"}


def test_a_third_root_module_that_attaches_policies_to_its_own_role_says_nothing() -> None:
    """It reads the name for something else."""
    own = ROLE_TF.replace("web", "own").replace('output "role"', 'output "own"')
    third = own + ATTACHED.replace("ROLE", "aws_iam_role.own.name")
    read = f'output "read" {{ value = {BY_TF["state"]} }}\n'
    files = {
        "roles/main.tf": BACKEND.replace("KEY", "roles") + ROLE_TF,
        "host/main.tf": BACKEND.replace("KEY", "host")
        + STATE
        + HOST_TF.replace("ROLE", BY_TF["state"]),
        "third/main.tf": BACKEND.replace("KEY", "third") + STATE + third + read,
    }
    assert not found(files)
