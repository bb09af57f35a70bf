"""Attack paths that cross two stacks: what ``cut`` and ``graph --attack`` make of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import run, write

NETWORK = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Route:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Associated:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
Outputs:
  Subnet: {Value: !Ref Subnet, Export: {Name: net-subnet}}
  Vpc: {Value: !Ref Vpc, Export: {Name: net-vpc}}
"""

APPLICATION = """
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !ImportValue net-vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ec2.amazonaws.com}}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      InstanceType: t3.micro
      SubnetId: !ImportValue net-subnet
      IamInstanceProfile: !Ref Profile
      SecurityGroupIds: [!Ref Group]
"""


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    write(tmp_path, {"network.yaml": NETWORK, "app.yaml": APPLICATION})
    return tmp_path


@pytest.mark.slow
def test_a_path_over_an_import_is_cut_and_says_what_it_takes_for_it(stacks: Path) -> None:
    told = run("cut", ".", "--format", "json", cwd=stacks).report
    assert (told["paths"], told["verified"], told["left"]) == (3, True, [])
    assert [(edit["path"], edit["line"]) for edit in told["edits"]] == [("app.yaml", 9)]
    assert told["assumes"] == [
        '"net-vpc" is what network.yaml exports (network.yaml:20)',
        '"net-subnet" is what network.yaml exports (network.yaml:19)',
    ]


def test_alone_it_is_no_path(stacks: Path) -> None:
    (stacks / "network.yaml").unlink()
    told = run("cut", ".", "--format", "json", cwd=stacks).report
    assert (told["paths"], told["assumes"]) == (0, [])


def test_the_picture_has_it_and_is_not_certain_of_it(stacks: Path) -> None:
    drawn = json.loads(run("graph", ".", "--attack", "--format", "json", cwd=stacks).out)
    found = {(edge["source"], edge["target"]): edge["certain"] for edge in drawn["edges"]}
    assert found["app.yaml#the internet", "app.yaml#entry Host"] is False
    # That it has the role, its own stack says.
    assert found["app.yaml#host Host Role", "app.yaml#principal Role"] is True
