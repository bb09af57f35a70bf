"""What a third stack may add to what another one exports: it is not closed by its own stack."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

NETWORK = """
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Gateway:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: ROUTED, GatewayId: !Ref Gateway}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Acl:
    Type: AWS::EC2::NetworkAcl
    Properties: {VpcId: !Ref Vpc}
  In:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !Ref Acl
      RuleNumber: 100
      Protocol: -1
      RuleAction: allow
      CidrBlock: SOURCE
  Out:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !Ref Acl
      RuleNumber: 100
      Egress: true
      Protocol: -1
      RuleAction: allow
      CidrBlock: 0.0.0.0/0
  AclAssociation:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: Administrators
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ADMITTED}
Outputs:
  Subnet: {Value: !Ref Subnet, Export: {Name: net-subnet}}
  Table: {Value: !Ref Table, Export: {Name: net-table}}
  Gateway: {Value: !Ref Gateway, Export: {Name: net-gateway}}
  Acl: {Value: !Ref Acl, Export: {Name: net-acl}}
  Group: {Value: !Ref Group, Export: {Name: net-group}}
"""
HOST = """
Resources:
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SubnetId: !ImportValue net-subnet
      SecurityGroupIds: [!ImportValue net-group]
"""
THIRD = {
    "route": """
Resources:
  Out:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !ImportValue net-table
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !ImportValue net-gateway
""",
    "entry": """
Resources:
  In:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !ImportValue net-acl
      RuleNumber: 90
      Protocol: -1
      RuleAction: allow
      CidrBlock: 0.0.0.0/0
""",
    "rule": """
Resources:
  Ssh:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !ImportValue net-group
      IpProtocol: tcp
      FromPort: 22
      ToPort: 22
      CidrIp: 0.0.0.0/0
""",
    "none": """
Resources:
  Told:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !ImportValue net-group}
""",
}
EVERYWHERE = "0.0.0.0/0"
CLOSED = {
    "route": ("192.0.2.0/24", EVERYWHERE, EVERYWHERE),
    "entry": (EVERYWHERE, "10.0.0.0/8", EVERYWHERE),
    "rule": (EVERYWHERE, EVERYWHERE, "10.0.0.0/8"),
    "open": (EVERYWHERE, EVERYWHERE, EVERYWHERE),
}


def told(closed: str, third: str) -> set[tuple[str, bool]]:
    """The statuses of PATH001, and whether something is safe if the exports are as they are."""
    names = zip(("ROUTED", "SOURCE", "ADMITTED"), CLOSED[closed], strict=True)
    network = NETWORK
    for name, value in names:
        network = network.replace(name, value)
    files = {"network.yaml": network, "host.yaml": HOST, "third.yaml": THIRD[third]}
    report = scan_project(files, select=("PATH001",))
    assert not report.errors
    return {
        (finding.status.value, any(reason.startswith("safe if") for reason in finding.missing))
        for finding in report.findings
    }


@pytest.mark.parametrize("kind", ["route", "entry", "rule"])
def test_what_a_third_stack_may_add_is_not_closed(kind: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html."""
    assert told(kind, kind) == {("undecided", False)}
    assert told(kind, "none") == {("undecided", True)}


@pytest.mark.parametrize("kind", ["route", "entry", "rule"])
def test_what_is_open_anyway_stays_open(kind: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html."""
    assert ("fail", False) in told("open", kind)
