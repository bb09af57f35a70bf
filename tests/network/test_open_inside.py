"""The port ranges that are open from one thing inside to another, where no port is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.reach import connect

if TYPE_CHECKING:
    from pathlib import Path

_TF = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "near" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "far" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_security_group" "client" {
  vpc_id = aws_vpc.main.id
EGRESS
}
resource "aws_security_group" "server" {
  vpc_id = aws_vpc.main.id
INGRESS
}
resource "aws_instance" "client" {
  subnet_id              = aws_subnet.near.id
  vpc_security_group_ids = [aws_security_group.client.id]
}
resource "aws_instance" "server" {
  subnet_id              = aws_subnet.far.id
  vpc_security_group_ids = [aws_security_group.server.id]
}
"""

_CFN = """
Resources:
  Main:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Near:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Main, CidrBlock: 10.0.1.0/24 }
  Far:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Main, CidrBlock: 10.0.2.0/24 }
  ClientGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: client
      VpcId: !Ref Main
      SecurityGroupEgress: [EGRESS]
  ServerGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: server
      VpcId: !Ref Main
      SecurityGroupIngress: [INGRESS]
  Client:
    Type: AWS::EC2::Instance
    Properties: { SubnetId: !Ref Near, SecurityGroupIds: [!Ref ClientGroup] }
  Server:
    Type: AWS::EC2::Instance
    Properties: { SubnetId: !Ref Far, SecurityGroupIds: [!Ref ServerGroup] }
"""

Rules = tuple[tuple[str, int, int], ...]
ALL = (("-1", 0, 0),)
_EVERY_TCP = (("tcp", 0, 65535),)


def _hcl(side: str, rules: Rules) -> str:
    return "\n".join(
        f'  {side} {{\n    protocol    = "{protocol}"\n    from_port   = {lo}\n'
        f'    to_port     = {hi}\n    cidr_blocks = ["10.0.0.0/16"]\n  }}'
        for protocol, lo, hi in rules
    )


def _yaml(rules: Rules) -> str:
    written = (
        f'{{ IpProtocol: "{protocol}", FromPort: {lo}, ToPort: {hi}, CidrIp: 10.0.0.0/16 }}'
        for protocol, lo, hi in rules
    )
    return ", ".join(written)


def _rows(tmp_path: Path, text: str, client: str, server: str) -> list[str]:
    (tmp_path / ("main.tf" if client.startswith("aws_") else "main.yaml")).write_text(text, "utf-8")
    inputs = Inputs(paths=(tmp_path,), working=tmp_path)
    found = connect(inputs, (), (server,), client)
    assert [error.message for error in found.errors] == []
    return [f"{row.ports_in_words} {row.reach.verdict}" for row in found.rows]


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
@pytest.mark.parametrize(
    ("egress", "ingress", "expected"),
    [
        pytest.param(
            (("tcp", 443, 443),), _EVERY_TCP, ["tcp 443 reachable"], id="what the client lets out"
        ),
        pytest.param(
            (("tcp", 443, 443),), ALL, ["tcp 443 reachable"], id="one protocol out, all in"
        ),
        pytest.param(
            (("tcp", 80, 80), ("udp", 53, 53)),
            ALL,
            ["tcp 80 reachable", "udp 53 reachable"],
            id="two protocols out, all in",
        ),
        pytest.param(ALL, (("tcp", 22, 22),), ["tcp 22 reachable"], id="all out, one port in"),
        pytest.param(ALL, ALL, ["all ports reachable"], id="all out, all in"),
        pytest.param(
            (("tcp", 443, 443), ("-1", 0, 0)),
            (("tcp", 400, 500),),
            ["tcp 400-442 reachable", "tcp 443 reachable", "tcp 444-500 reachable"],
            id="by one rule or by two",
        ),
        pytest.param(
            (("tcp", 443, 443),), (("tcp", 22, 22),), ["all ports unreachable"], id="nothing"
        ),
    ],
)
def test_ranges_are_cut_where_either_end_changes(
    tmp_path: Path, language: str, egress: Rules, ingress: Rules, expected: list[str]
) -> None:
    if language == "terraform":
        text = _TF.replace("EGRESS", _hcl("egress", egress))
        text = text.replace("INGRESS", _hcl("ingress", ingress))
        names = ("aws_instance.client", "aws_instance.server")
    else:
        text = _CFN.replace("[EGRESS]", f"[{_yaml(egress)}]")
        text = text.replace("[INGRESS]", f"[{_yaml(ingress)}]")
        names = ("Client", "Server")
    assert _rows(tmp_path, text, *names) == expected


def test_ranges_are_cut_where_a_network_acl_changes(tmp_path: Path) -> None:
    acl = """
resource "aws_network_acl" "far" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.far.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 5432
    to_port    = 5432
    cidr_block = "10.0.1.0/24"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 1024
    to_port    = 65535
    cidr_block = "10.0.1.0/24"
  }
}
"""
    text = _TF.replace("EGRESS", _hcl("egress", ALL)).replace("INGRESS", _hcl("ingress", ALL))
    names = ("aws_instance.client", "aws_instance.server")
    assert _rows(tmp_path, text + acl, *names) == ["tcp 5432 reachable"]
