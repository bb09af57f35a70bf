"""``scan``, ``reach`` and ``graph`` give one answer to whether clients get in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from tests.cli.program import run, scan, write

Answer = Literal["reachable", "undecided", "unreachable"]

_TERRAFORM = """\
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "main" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.main.id
  route_table_id = aws_route_table.main.id
}
resource "aws_security_group" "web" { vpc_id = aws_vpc.main.id }
resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
"""
_RULE = """\
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = RANGE
}
"""
_MODULE = """\
module "rules" {
  source   = "git::https://example.com/rules.git"
  group_id = aws_security_group.web.id
}
"""
_TEMPLATE = """\
Parameters:
  Range: {Type: String}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Route:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref Table
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !Ref Gateway
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: web, VpcId: !Ref Vpc}
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
"""
_TEMPLATE_RULE = """\
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !Ref Group
      IpProtocol: tcp
      FromPort: 22
      ToPort: 22
      CidrIp: RANGE
"""
_STACK = """\
  Rules:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://s3.amazonaws.com/templates/rules.yaml
      Parameters: {Group: !Ref Group}
"""


class Infrastructure(NamedTuple):
    """An instance, and what becomes of who wants to get in by SSH."""

    file: str
    text: str
    instance: str
    expected: Answer


def _terraform(more: str, expected: Answer) -> Infrastructure:
    return Infrastructure("main.tf", _TERRAFORM + more, "aws_instance.web", expected)


def _cloudformation(more: str, expected: Answer) -> Infrastructure:
    return Infrastructure("main.yaml", _TEMPLATE + more, "Web", expected)


_OPEN, _PRIVATE = '"0.0.0.0/0"', '"10.0.0.0/8"'
INFRASTRUCTURES = {
    "exposed": _terraform(_RULE.replace("RANGE", _OPEN), "reachable"),
    "closed": _terraform("", "unreachable"),
    "open to private addresses": _terraform(_RULE.replace("RANGE", _PRIVATE), "unreachable"),
    "group handed to a module": _terraform(_MODULE, "undecided"),
    "unknown range": _terraform(
        _RULE.replace("RANGE", "var.range") + 'variable "range" {}\n', "undecided"
    ),
    "exposed, stack": _cloudformation(_TEMPLATE_RULE.replace("RANGE", _OPEN), "reachable"),
    "closed, stack": _cloudformation("", "unreachable"),
    "open to private addresses, stack": _cloudformation(
        _TEMPLATE_RULE.replace("RANGE", _PRIVATE), "unreachable"
    ),
    "group handed to a stack": _cloudformation(_STACK, "undecided"),
    "unknown range, stack": _cloudformation(
        _TEMPLATE_RULE.replace("RANGE", "!Ref Range"), "undecided"
    ),
}


@pytest.fixture(params=INFRASTRUCTURES.values(), ids=list(INFRASTRUCTURES))
def infrastructure(request: pytest.FixtureRequest, tmp_path: Path) -> Infrastructure:
    found: Infrastructure = request.param
    write(tmp_path, {found.file: found.text})
    return found


def _reach(folder: Path, instance: str) -> Answer:
    done = run("reach", ".", "--port", "tcp/22", "--to", instance, "--format", "json", cwd=folder)
    [row] = done.report["workloads"]
    verdict: Answer = row["verdict"]
    return verdict


def _graph(folder: Path, instance: str) -> Answer:
    done = run("graph", ".", "--format", "json", cwd=folder)
    edges = [
        edge
        for edge in json.loads(done.out)["edges"]
        if (edge["relation"], edge["target"]) == ("reaches", instance)
    ]
    if not edges:
        return "unreachable"
    return "reachable" if any(edge["certain"] for edge in edges) else "undecided"


def _scan(folder: Path, instance: str) -> Answer:
    findings = scan(".", "--select", "PATH001,PATH002", cwd=folder).report["findings"]
    statuses = {one["status"] for one in findings if one["subject"] == instance}
    if "fail" in statuses:
        return "reachable"
    return "undecided" if statuses else "unreachable"


def test_three_commands_give_one_answer(infrastructure: Infrastructure, tmp_path: Path) -> None:
    instance = infrastructure.instance
    answers = {
        "reach": _reach(tmp_path, instance),
        "graph": _graph(tmp_path, instance),
        "scan": _scan(tmp_path, instance),
    }
    assert answers == dict.fromkeys(answers, infrastructure.expected)


def test_what_is_undecided_is_drawn_as_undecided(
    infrastructure: Infrastructure, tmp_path: Path
) -> None:
    drawn = run("graph", ".", "--format", "mermaid", cwd=tmp_path).out
    assert ("perhaps open" in drawn) == (infrastructure.expected == "undecided")
