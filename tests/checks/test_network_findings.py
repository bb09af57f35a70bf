"""What findings about VPCs say beside their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.test_rule_findings import found

from iac_ec2lint.values import Confidence

TERRAFORM = """variable "record" {
  default = false
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_flow_log" "main" {
  count        = var.record ? 1 : 0
  vpc_id       = aws_vpc.main.id
  traffic_type = "ALL"
}
"""
TEMPLATE = """Parameters:
  Record: {Type: String, Default: "no"}
Conditions:
  Records: !Equals [!Ref Record, "yes"]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Log:
    Type: AWS::EC2::FlowLog
    Condition: Records
    Properties: {ResourceId: !Ref Vpc, ResourceType: VPC, TrafficType: ALL}
"""


@pytest.mark.parametrize(
    ("name", "text", "log"),
    [("main.tf", TERRAFORM, "aws_flow_log.main"), ("main.yaml", TEMPLATE, "Log")],
)
def test_a_flow_log_that_a_default_switches_off_is_said(
    tmp_path: Path, name: str, text: str, log: str
) -> None:
    (finding,) = found(tmp_path, text, "NET004", name=name)
    assert finding.confidence is Confidence.ASSUMED
    assert any(f"switches {log} off" in hop.message for hop in finding.evidence)


def test_a_vpc_without_any_flow_log_is_proven(tmp_path: Path) -> None:
    text = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
    (finding,) = found(tmp_path, text, "NET004")
    assert finding.confidence is Confidence.PROVEN


def test_an_entry_that_allows_all_is_shown_once(tmp_path: Path) -> None:
    text = """resource "aws_network_acl" "main" {
  vpc_id = "vpc-0123456789abcdef0"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
"""
    by_code = {one.check.code: one for one in found(tmp_path, text, "NET005", "NET006")}
    assert by_code["NET005"].part_of == (by_code["NET006"].fingerprint,)
