"""Whoever changes an association of Systems Manager says which document it runs, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.test_rule_findings import found
from tests.iam.grantees import allow, role, user

ADMINISTRATOR = 'managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]'
HOST = f"""{role("db", extra=ADMINISTRATOR)}
resource "aws_instance" "db" {{
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.micro"
  subnet_id            = "subnet-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.db.name
}}
"""
ASSOCIATION = """
resource "aws_ssm_association" "inventory" {
  name = "AWS-GatherSoftwareInventory"
  targets {
    key    = "InstanceIds"
    values = [aws_instance.db.id]
  }
}
"""
ARNS = '["arn:aws:ssm:*:*:association/*", "arn:aws:ec2:*:*:instance/*"]'


@pytest.mark.parametrize(
    ("infrastructure", "resource", "told"),
    [
        (HOST + ASSOCIATION, '"*"', 1),
        (HOST, '"*"', 0),
        (HOST + ASSOCIATION, ARNS, 0),  # no document
    ],
)
def test_who_may_change_one_runs_commands(
    infrastructure: str, resource: str, told: int, tmp_path: Path
) -> None:
    text = infrastructure + user("operator", allow('"ssm:UpdateAssociation"', resource))
    assert len(found(tmp_path, text, "PATH009")) == told
