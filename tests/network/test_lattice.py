"""What VPC Lattice leads to is not unreachable for who is in an associated VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.network.inside.outbound import senders_of
from iac_ec2lint.network.reachability.inside import inside
from iac_ec2lint.network.sets.ports import TCP

if TYPE_CHECKING:
    from pathlib import Path

TERRAFORM = """
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "b" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.1.1.0/24"
}
resource "aws_instance" "a" { subnet_id = aws_subnet.a.id }
resource "aws_instance" "b" { subnet_id = aws_subnet.b.id }
resource "aws_vpclattice_service_network_vpc_association" "a" { vpc_identifier = aws_vpc.a.id }
resource "aws_vpclattice_target_group_attachment" "b" {
  target { id = aws_instance.b.id }
}
"""
TEMPLATE = """
Resources:
  VpcA: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  VpcB: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VpcA, CidrBlock: 10.0.1.0/24}}
  SubnetB: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VpcB, CidrBlock: 10.1.1.0/24}}
  A: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref SubnetA}}
  B: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref SubnetB}}
  Association:
    Type: AWS::VpcLattice::ServiceNetworkVpcAssociation
    Properties: {VpcIdentifier: !Ref VpcA}
  Targets:
    Type: AWS::VpcLattice::TargetGroup
    Properties: {Targets: [{Id: !Ref B}]}
"""
RESOURCE = (
    TERRAFORM.partition('resource "aws_vpclattice_target_group_attachment"')[0]
    + """
resource "aws_vpclattice_resource_gateway" "b" {
  vpc_id     = aws_vpc.b.id
  subnet_ids = [aws_subnet.b.id]
}
resource "aws_vpclattice_resource_configuration" "b" {
  resource_gateway_identifier = aws_vpclattice_resource_gateway.b.id
  resource_configuration_definition {
    ip_resource { ip_address = ADDRESS }
  }
}
resource "aws_vpclattice_service_network_resource_association" "b" {
  resource_configuration_identifier = aws_vpclattice_resource_configuration.b.id
  service_network_identifier        = "sn-0123456789abcdef0"
}
"""
)
TEXTS = {
    "terraform": TERRAFORM,
    "cloudformation": TEMPLATE,
    "by its address": RESOURCE.replace("ADDRESS", "aws_instance.b.private_ip"),
    # It may be its own, for it lies in the VPC that the gateway leads to.
    "by some address": RESOURCE.replace("ADDRESS", '"10.1.1.10"'),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_target_is_undecided_from_an_associated_vpc_alone(text: str, tmp_path: Path) -> None:
    made = graph(text, tmp_path)
    a, b = workloads(made)
    there = inside(made, senders_of(made, a), b, (TCP, 80))
    back = inside(made, senders_of(made, b), a, (TCP, 80))
    assert (there.truth, back.truth) == (None, False)
    assert "is not judged" in there.missing[0].reason


@pytest.mark.parametrize("name", ["terraform", "cloudformation"])
def test_a_port_that_no_group_of_a_target_opens_is_not_reached(name: str, tmp_path: Path) -> None:
    made = graph(_grouped(name), tmp_path)
    a, b = workloads(made)
    assert inside(made, senders_of(made, a), b, (TCP, 80)).truth is None
    assert inside(made, senders_of(made, a), b, (TCP, 22)).truth is False


def _grouped(name: str) -> str:
    """The target with a group that lets in the addresses VPC Lattice sends from, on one port."""
    if name == "terraform":
        host = (
            'resource "aws_instance" "b" {\n  vpc_security_group_ids = [aws_security_group.b.id]\n'
        )
        group = """
resource "aws_security_group" "b" {
  vpc_id = aws_vpc.b.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["169.254.171.0/24"]
  }
}
"""
        return (
            TERRAFORM.replace('resource "aws_instance" "b" { ', host).replace(
                "aws_subnet.b.id }", "aws_subnet.b.id\n}"
            )
            + group
        )
    host = "SecurityGroupIds: [!Ref Group], SubnetId: !Ref SubnetB"
    group = """  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: b
      VpcId: !Ref VpcB
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 169.254.171.0/24}
"""
    return TEMPLATE.replace("SubnetId: !Ref SubnetB", host) + group
