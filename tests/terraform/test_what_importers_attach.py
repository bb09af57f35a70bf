"""What a unit attaches to a host that another one declares, which it reads of: told, never lost.

The host's own unit knows nothing of it, so that the unit that attaches it says it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from tests.invariance.projects import scan_project

Project: TypeAlias = Callable[[str, str, str, str], dict[str, str]]

NETWORK = """
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
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
output "vpc" { value = aws_vpc.main.id }
output "subnet" { value = aws_subnet.main.id }
"""
GROUP = """
resource "aws_security_group" "host" {
  vpc_id = VPC
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["SOURCE"]IGNORED
  }
}
"""
HOST = """
resource "aws_instance" "host" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = SUBNET
  associate_public_ip_address = ADDRESS
  vpc_security_group_ids      = [aws_security_group.host.id]
}
output "host" { value = aws_instance.host.id }
output "interface" { value = aws_instance.host.primary_network_interface_id }
"""
BALANCER = """
resource "aws_lb" "front" {
  load_balancer_type = "network"
  subnets            = [SUBNET]
}
resource "aws_lb_target_group" "front" {
  port     = 22
  protocol = "TCP"
  vpc_id   = VPC
}
resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.front.arn
  }
}
resource "aws_lb_target_group_attachment" "front" {
  target_group_arn = aws_lb_target_group.front.arn
  target_id        = HOST
}
"""
OPEN_GROUP = """
resource "aws_security_group" "open" {
  vpc_id = VPC
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_network_interface_sg_attachment" "open" {
  security_group_id    = aws_security_group.open.id
  network_interface_id = INTERFACE
}
"""
ASSOCIATION = """
resource "aws_eip" "host" {}
resource "aws_eip_association" "host" {
  allocation_id = aws_eip.host.id
  instance_id   = HOST
}
"""
ATTACHED = {
    "address": ('resource "aws_eip" "host" { instance = HOST }', "0.0.0.0/0", "false"),
    "association": (ASSOCIATION, "0.0.0.0/0", "false"),
    "interface": (
        'resource "aws_eip" "host" { network_interface = INTERFACE }',
        "0.0.0.0/0",
        "false",
    ),
    "balancer": (BALANCER, "0.0.0.0/0", "false"),
    "group": (OPEN_GROUP, "10.0.0.0/8", "true"),
}


def filled(text: str, **names: str) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def deployment(name: str, inputs: dict[str, str]) -> str:
    units = sorted({value.split(".")[1] for value in inputs.values()})
    blocks = "".join(f'dependency "{one}" {{\n  config_path = "../{one}"\n}}\n' for one in units)
    given = "".join(f"  {key} = {value}\n" for key, value in inputs.items())
    source = f'terraform {{\n  source = "../../modules//{name}"\n}}\n'
    return f"{source}{blocks}inputs = {{\n{given}}}\n"


def variables(*names: str) -> str:
    return "".join(f'variable "{name}" {{}}\n' for name in names)


def terragrunt(attached: str, source: str, address: str, ignored: str) -> dict[str, str]:
    """Three units: the network, the host, and what is attached to that."""
    network = {
        "vpc": "dependency.network.outputs.vpc",
        "subnet": "dependency.network.outputs.subnet",
    }
    host = {
        "host": "dependency.host.outputs.host",
        "interface": "dependency.host.outputs.interface",
    }
    own = {"VPC": "var.vpc", "SUBNET": "var.subnet"}
    hosts = filled(GROUP + HOST, **own, SOURCE=source, ADDRESS=address, IGNORED=ignored)
    more = filled(attached, **own, HOST="var.host", INTERFACE="var.interface")
    return {
        "modules/network/main.tf": NETWORK,
        "modules/host/main.tf": variables(*network) + hosts,
        "modules/more/main.tf": variables(*network, *host) + more,
        "live/network/terragrunt.hcl": deployment("network", {}),
        "live/host/terragrunt.hcl": deployment("host", network),
        "live/more/terragrunt.hcl": deployment("more", {**network, **host}),
    }


def remote_states(attached: str, source: str, address: str, ignored: str) -> dict[str, str]:
    """Two root modules: the host with its network, and what is attached to it."""
    backend = """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "host"
    region = "eu-west-1"
  }
}
"""
    read = """
data "terraform_remote_state" "host" {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "host"
    region = "eu-west-1"
  }
}
"""
    own = {"VPC": "aws_vpc.main.id", "SUBNET": "aws_subnet.main.id"}
    hosts = filled(GROUP + HOST, **own, SOURCE=source, ADDRESS=address, IGNORED=ignored)
    state = "data.terraform_remote_state.host.outputs"
    names = {n: f"{state}.{n.lower()}" for n in ("VPC", "SUBNET", "HOST", "INTERFACE")}
    return {
        "host/main.tf": backend + NETWORK + hosts,
        "more/main.tf": read + filled(attached, **names),
    }


def lookups(attached: str, source: str, address: str, ignored: str) -> dict[str, str]:
    """Two root modules: the host with its network, and what is attached to what it finds of it."""
    read = """
data "aws_subnet" "main" { cidr_block = "10.0.1.0/24" }
data "aws_instance" "host" {
  instance_tags = { Name = "host" }
  filter {
    name   = "instance-state-name"
    values = ["running"]
  }
}
"""
    own = {"VPC": "aws_vpc.main.id", "SUBNET": "aws_subnet.main.id"}
    tagged = HOST.replace("ADDRESS", 'ADDRESS\n  tags = { Name = "host" }')
    hosts = filled(GROUP + tagged, **own, SOURCE=source, ADDRESS=address, IGNORED=ignored)
    names = {
        "VPC": "data.aws_subnet.main.vpc_id",
        "SUBNET": "data.aws_subnet.main.id",
        "HOST": "data.aws_instance.host.id",
        "INTERFACE": "data.aws_instance.host.network_interface_id",
    }
    return {"host/main.tf": NETWORK + hosts, "more/main.tf": read + filled(attached, **names)}


PROJECTS = [terragrunt, remote_states, lookups]


@pytest.mark.parametrize("attached", ATTACHED)
@pytest.mark.parametrize("project", PROJECTS)
def test_what_another_unit_attaches_to_a_host_is_told(project: Project, attached: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithEIPs.html."""
    files = project(*ATTACHED[attached], "")
    report = scan_project(files, select=("PATH001",))
    assert not report.errors
    assert [one.status.value for one in report.findings] == ["fail"]
    attaching = next(path for path in files if path.startswith(("more/", "modules/more/")))
    named = report.findings[0].evidence
    assert any(hop.span.path.endswith(attaching) for hop in named)


@pytest.mark.parametrize("project", PROJECTS)
def test_nothing_more_is_told_where_nothing_is_attached(project: Project) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-igw-internet-access.html."""
    files = project('resource "aws_eip" "other" {}', "0.0.0.0/0", "false", "")
    report = scan_project(files, select=("PATH001",))
    assert not [one for one in report.findings if one.status.value == "fail"]


@pytest.mark.parametrize("project", PROJECTS)
def test_what_the_unit_of_the_host_accepts_is_accepted(project: Project) -> None:
    """A comment at the rule says it, wherever the address is given."""
    attached, source, address = ATTACHED["address"]
    files = project(attached, source, address, " # ec2lint:ignore=PATH001 known to us")
    report = scan_project(files, select=("PATH001", "SUP003"))
    assert [one.status.value for one in report.findings] == ["suppressed"]


EXPORTING = """
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
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: Administrators
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
Outputs:
  Host:
    Value: !Ref Host
    Export: {Name: the-host}
"""
IMPORTING = """
Resources:
  Address:
    Type: AWS::EC2::EIP
    Properties: {InstanceId: !ImportValue the-host}
"""


def test_what_another_stack_gives_to_a_host_is_told() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html."""
    files = {"host/template.yaml": EXPORTING, "more/template.yaml": IMPORTING}
    report = scan_project(files, select=("PATH001",))
    assert [one.status.value for one in report.findings] == ["fail"]
