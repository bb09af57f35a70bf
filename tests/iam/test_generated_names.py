"""Which patterns may name a role whose name Terraform or CloudFormation makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.principals import principals

TEMPLATE = """
Resources:
  AdminRole: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{}}}}}}
  Asks:
    Type: AWS::IAM::Role
    Properties:
      RoleName: asks
      AssumeRolePolicyDocument: {{}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: "iam:PassRole", Resource: {entry}}}]
"""
CONFIGURATION = """
variable "text" {{}}
resource "aws_iam_role" "AdminRole" {{
  assume_role_policy = "{{}}"
  {name}
}}
resource "aws_iam_role" "Asks" {{
  name               = "asks"
  assume_role_policy = "{{}}"
  inline_policy {{
    name   = "p"
    policy = jsonencode({{
      Statement = [{{ Effect = "Allow", Action = "iam:PassRole", Resource = {entry} }}]
    }})
  }}
}}
"""


def verdict(text: str, folder: Path) -> bool | None:
    """Whether the one role may pass the other."""
    made = graph(text, folder)
    asks, other = sorted(principals(made), key=lambda one: "Asks" not in one.resource.address)
    return is_allowed(asks, "iam:PassRole", other.arn, other.identity).truth


@pytest.mark.parametrize(
    ("entry", "truth"),
    [
        # STACK-LOGICALID-RANDOM, of which the stack is named elsewhere.
        ("'arn:aws:iam::*:role/admin'", False),
        ("'arn:aws:iam::*:role/AdminRole'", False),
        ("'arn:aws:iam::*:role/admin*'", None),
        ("'arn:aws:iam::*:role/*-AdminRole-*'", None),
        ("'arn:aws:iam::*:role/prod-AdminRole-1A2B3C4D5E6F'", None),
        ("'arn:aws:iam::*:role/prod-OtherRole-1A2B3C4D5E6F'", False),
        ("'arn:aws:iam::*:role/*-Admin*-*'", True),
        ("'arn:aws:iam::*:role/*'", True),
        ("!GetAtt AdminRole.Arn", True),
        ("!Sub 'arn:aws:iam::*:role/${AdminRole}'", True),
        ("!Sub 'arn:aws:iam::*:role/${AWS::StackName}-*'", None),
    ],
)
def test_names_that_cloudformation_makes(entry: str, truth: bool | None, tmp_path: Path) -> None:
    assert verdict(TEMPLATE.format(entry=entry), tmp_path) is truth


@pytest.mark.parametrize(
    ("name", "entry", "truth"),
    [
        ("", '"arn:aws:iam::*:role/admin"', False),
        ("", '"arn:aws:iam::*:role/admin*"', False),
        ("", '"arn:aws:iam::*:role/*admin"', None),
        ("", '"arn:aws:iam::*:role/terraform-*"', True),
        ("", '"arn:aws:iam::*:role/terraform-2026*"', None),
        ("", '"arn:aws:iam::*:role/${var.text}"', None),
        ("", "aws_iam_role.AdminRole.arn", True),
        ("", '"arn:aws:iam::*:role/${aws_iam_role.AdminRole.name}"', True),
        ('name_prefix = "admin-"', '"arn:aws:iam::*:role/admin"', False),
        ('name_prefix = "admin-"', '"arn:aws:iam::*:role/admin-*"', True),
        ('name_prefix = "admin-"', '"arn:aws:iam::*:role/terraform-*"', False),
        ('name_prefix = "${var.text}-"', '"arn:aws:iam::*:role/admin-*"', None),
        ('name_prefix = "${var.text}-"', '"arn:aws:iam::*:role/admin"', False),
        ("name_prefix = var.text", '"arn:aws:iam::*:role/admin"', None),
        ("name = var.text", '"arn:aws:iam::*:role/admin"', None),
    ],
)
def test_names_that_terraform_makes(
    name: str, entry: str, truth: bool | None, tmp_path: Path
) -> None:
    text = CONFIGURATION.format(name=name, entry=entry)
    assert verdict(text, tmp_path) is truth
