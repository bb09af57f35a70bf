"""``iac-ec2lint reach`` where other units of the scan say what a unit reads of elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.program import run, write
from tests.cli.test_reach_command import SWITCHED, rows

if TYPE_CHECKING:
    from pathlib import Path

NETWORK = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Route:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
Outputs:
  Vpc: {Value: !Ref Vpc, Export: {Name: net-vpc}}
  Subnet: {Value: !Ref Subnet, Export: {Name: net-subnet}}
"""
APPLICATION = """
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Web
      VpcId: !ImportValue net-vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SubnetId: !ImportValue net-subnet
      SecurityGroupIds: [!Ref Group]
"""
PRIVATE = NETWORK.replace("GatewayId: !Ref Gateway}", "NatGatewayId: nat-0123456789abcdef0}")
ROOT = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
  tags                    = { Name = "public" }
}
"""
READER = """
data "aws_subnet" "public" {
  tags = { Name = "public" }
}
resource "aws_security_group" "web" {
  vpc_id = data.aws_subnet.public.vpc_id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = data.aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
"""


@pytest.mark.parametrize("asked", [(), ("--port=tcp/443",)])
@pytest.mark.parametrize(
    ("files", "unit", "confidence", "assumed"),
    [
        (
            {"net.yaml": NETWORK, "app.yaml": APPLICATION},
            "app.yaml",
            "assumed",
            '"net-subnet" is what net.yaml exports (app.yaml:13)',
        ),
        (
            {"net/main.tf": ROOT, "app/main.tf": READER},
            "app",
            "likely",
            "data.aws_subnet.public is aws_subnet.public of the root module net (app/main.tf:2)",
        ),
    ],
)
def test_who_gets_in_by_what_others_say_does_by_that_assumption(
    files: dict[str, str],
    unit: str,
    confidence: str,
    assumed: str,
    asked: tuple[str, ...],
    tmp_path: Path,
) -> None:
    write(tmp_path, files)
    (told,) = rows(".", *asked, cwd=tmp_path)
    assert (told["unit"], told["verdict"], told["confidence"]) == (unit, "reachable", confidence)
    assert assumed in told["assumptions"]


@pytest.mark.parametrize("asked", [(), ("--port=tcp/443",)])
def test_whom_only_others_keep_out_may_get_in(asked: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, {"net.yaml": PRIVATE, "app.yaml": APPLICATION})
    (told,) = rows(".", *asked, cwd=tmp_path)
    assert told["verdict"] == "undecided"
    (missing,) = told["missing"]
    assert missing.startswith("nobody gets in if net.yaml:")
    assert "what is deployed" in missing


def test_what_is_closed_here_is_closed_whatever_others_say(tmp_path: Path) -> None:
    write(tmp_path, {"net.yaml": NETWORK, "app.yaml": APPLICATION})
    (told,) = rows(".", "--port=tcp/22", cwd=tmp_path)
    assert (told["verdict"], told["confidence"]) == ("unreachable", "proven")


def test_two_that_export_the_same_leave_it_open(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": NETWORK, "b.yaml": PRIVATE, "app.yaml": APPLICATION})
    (told,) = rows(".", cwd=tmp_path)
    assert told["verdict"] == "undecided"


def test_an_unknown_protocol_is_told_with_each_arm(tmp_path: Path) -> None:
    """What one arm opens is no part of what the other does."""
    text = SWITCHED.replace('[var.open ? "0.0.0.0/0" : "10.0.0.0/8"]', '["0.0.0.0/0"]')
    for name, plain, chosen in (
        ("protocol   ", '"tcp"', 'var.open ? "-1" : "tcp"'),
        ("from_port  ", "22", "var.open ? 0 : 443"),
        ("to_port    ", "22", "var.open ? 0 : 443"),
    ):
        assert f"{name} = {plain}" in text
        text = text.replace(f"{name} = {plain}", f"{name} = {chosen}")
    write(tmp_path, {"main.tf": text})
    told = rows(".", cwd=tmp_path)
    assert [(row["protocol"], row["verdict"], row["confidence"]) for row in told] == [
        ("all", "reachable", "conditional"),
        ("tcp", "reachable", "conditional"),
    ]
    assert [row["evidence"][-1]["message"] for row in told] == [
        "only when var.open is true",
        "only when var.open is false",
    ]
    assert told[1]["ports"] == "443"


def test_text_names_what_it_assumes(tmp_path: Path) -> None:
    write(tmp_path, {"net.yaml": NETWORK, "app.yaml": APPLICATION})
    ended = run("reach", ".", cwd=tmp_path)
    assert ended.out.startswith("Web: tcp 443 reachable from the internet (IPv4, assumed)\n")
    assert '"net-subnet" is what net.yaml exports (app.yaml:13)' in ended.out


CHOOSING = (
    "Parameters: {Network: {Type: String}}\n"
    + APPLICATION.replace("!ImportValue net-vpc", "{'Fn::ImportValue': !Sub '${Network}-vpc'}")
).replace("!ImportValue net-subnet", "{'Fn::ImportValue': !Sub '${Network}-subnet'}")


def named(text: str) -> str:
    return text.replace("Name: net-", "Name: !Sub '${AWS::StackName}-").replace("}}\n", "'}}\n")


EXPORTS = NETWORK.partition("Outputs:")
OPEN, CLOSED = (
    f"{head}{word}{named(tail)}" for head, word, tail in (EXPORTS, PRIVATE.partition("Outputs:"))
)


@pytest.mark.parametrize("asked", [(), ("--port=tcp/443",)])
@pytest.mark.parametrize(
    ("first", "second", "verdict", "words"),
    [
        (OPEN, OPEN, "reachable", ""),
        (OPEN, CLOSED, "reachable", "only when a.yaml is what is deployed"),
        (CLOSED, OPEN, "reachable", "only when b.yaml is what is deployed"),
        (CLOSED, CLOSED, "undecided", "nobody gets in if a.yaml or b.yaml is what is deployed"),
    ],
)
def test_whichever_stack_an_input_names(
    first: str, second: str, verdict: str, words: str, asked: tuple[str, ...], tmp_path: Path
) -> None:
    write(tmp_path, {"a.yaml": first, "b.yaml": second, "app.yaml": CHOOSING})
    (told,) = rows(".", *asked, cwd=tmp_path)
    assert told["verdict"] == verdict
    said = [hop["message"] for hop in told["evidence"]] + told["missing"]
    assert any(one.startswith(words) for one in said)
    assert (verdict == "undecided") or told["confidence"] == "likely"
    conditional = any(one.startswith("only when") for one in said)
    assert conditional is (verdict == "reachable" and bool(words))
