"""Graphs of real configurations and templates, evaluated by the front ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.sets.addresses import AddressSet, Openness, openness
from iac_ec2lint.resources.registry import typed, types
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.unit import Modules, evaluate

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.network.sets.approximation import Approximation
    from iac_ec2lint.network.verdicts.evidence import Clients, Fact
    from iac_ec2lint.resources.part import Resource

TF_VPC = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
"""
TF_GATEWAY = 'resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }\n'
TF_TABLE = """
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.i.id
  }
}
"""
TF_ASSOCIATION = """
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""
TF_PUBLIC = TF_VPC + TF_GATEWAY + TF_TABLE + TF_ASSOCIATION

CFN_VPC = """
Parameters:
  Unknown: {Type: String}
Conditions:
  Switch: !Equals [!Ref Unknown, "yes"]
Resources:
  v:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  s:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref v, CidrBlock: 10.0.1.0/24}
"""
CFN_GATEWAY = """
  i:
    Type: AWS::EC2::InternetGateway
  ia:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref v, InternetGatewayId: !Ref i}
"""
CFN_TABLE = """
  t:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref v}
  r:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref t, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref i}
"""
CFN_ASSOCIATION = """
  a:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref s, RouteTableId: !Ref t}
"""
CFN_PUBLIC = CFN_VPC + CFN_GATEWAY + CFN_TABLE + CFN_ASSOCIATION


def graph(text: str, folder: Path) -> Graph:
    """The graph of a configuration, or of a template where the text has ``Resources:``."""
    template = "Resources:" in text
    name = "template.yaml" if template else "main.tf"
    (folder / name).write_text(text, encoding="utf-8")
    files = Files(folder, folder)
    unit: Unit
    if template:
        unit = Templates(files).evaluate(folder / name, types())
    else:
        unit = evaluate(folder, Modules(files, RootModuleOptions()), types())
    assert not unit.diagnostics, unit.diagnostics
    return Graph(typed(declared) for declared in unit.declarations)


def subnet(graph: Graph) -> Resource:
    """The subnet that the texts above declare."""
    found = graph.get("aws_subnet.s") or graph.get("s")
    assert found is not None
    return found


def how_open(found: Approximation[AddressSet]) -> str:
    """``yes``, ``no`` or ``undecided``: whether a set is the internet, or a broad part of it."""
    wide = {Openness.WORLD, Openness.BROAD}
    if openness(found.lower) in wide:
        return "yes"
    return "undecided" if openness(found.upper) in wide else "no"


def verdict(truth: bool | None) -> str:
    """``yes``, ``no`` or ``undecided``."""
    return {True: "yes", False: "no", None: "undecided"}[truth]


def facts(found: Clients | Fact) -> str:
    """All that hops say, one a line."""
    return "\n".join(f"{hop.fact} [{hop.origin}, {hop.verdict}]" for hop in found.hops)
