"""Deployments of Terragrunt for a kind of resource each: what one leaves empty a third fills.

Who reads of the first does not name the third, so that it is not joined.
"""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

NETWORK = """
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
output "subnet" { value = aws_subnet.public.id }
output "vpc" { value = aws_vpc.main.id }
"""
HOST = """
variable "subnet" {}
variable "groups" {}
resource "aws_instance" "host" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = var.subnet
  vpc_security_group_ids = var.groups
}
"""
GROUP = """
variable "vpc" {}
resource "aws_security_group" "web" {
  vpc_id = var.vpc
  RULES
}
output "group" { value = aws_security_group.web.id }
"""
INSIDE = """ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["10.0.0.0/8"]
  }"""


def unit(name: str, inputs: str, *dependencies: str) -> str:
    blocks = "".join(
        f'dependency "{one}" {{\n  config_path = "../{one}"\n}}\n' for one in dependencies
    )
    return (
        f'terraform {{\n  source = "../../modules//{name}"\n}}\n{blocks}inputs = {{\n{inputs}\n}}\n'
    )


@pytest.mark.parametrize(("rules", "safe"), [(INSIDE, True), ("", False)], ids=["inside", "none"])
def test_a_group_without_rules_is_not_closed(rules: str, *, safe: bool) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html."""
    inputs = (
        "  subnet = dependency.network.outputs.subnet\n  groups = [dependency.group.outputs.group]"
    )
    report = scan_project(
        {
            "modules/network/main.tf": NETWORK,
            "modules/group/main.tf": GROUP.replace("RULES", rules),
            "modules/host/main.tf": HOST,
            "live/network/terragrunt.hcl": unit("network", ""),
            "live/group/terragrunt.hcl": unit(
                "group", "  vpc = dependency.network.outputs.vpc", "network"
            ),
            "live/host/terragrunt.hcl": unit("host", inputs, "network", "group"),
        },
        select=("PATH001",),
    )
    assert not report.errors
    said = [reason for finding in report.findings for reason in finding.missing]
    assert any(reason.startswith("safe if live/host") for reason in said) is safe


CLOSED_NETWORK = """
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "ROUTED"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
resource "aws_network_acl" "public" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.public.id]
  ACL
}
output "subnet" { value = aws_subnet.public.id }
output "vpc" { value = aws_vpc.main.id }
output "gateway" { value = aws_internet_gateway.main.id }
output "acl" { value = aws_network_acl.public.id }
output "table" { value = aws_route_table.public.id }
"""
RULES = """ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "SOURCE"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }"""
OPEN = INSIDE.replace("10.0.0.0/8", "0.0.0.0/0")
ROUTE = """
variable "table" {}
variable "gateway" {}
resource "aws_route" "out" {
  route_table_id         = var.table
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = var.gateway
}
"""
ACL_RULE = """
variable "acl" {}
resource "aws_network_acl_rule" "in" {
  network_acl_id = var.acl
  rule_number    = 90
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}
"""
GROUP_RULE = """
variable "group" {}
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = var.group
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
"""
OTHER = """
variable "group" {}
variable "vpc" {}
resource "aws_ssm_parameter" "group" {
  name  = "/group"
  type  = "String"
  value = var.group
}
"""
THIRD = {
    "route": (
        ROUTE,
        "table = dependency.network.outputs.table\n  gateway = dependency.network.outputs.gateway",
    ),
    "acl rule": (ACL_RULE, "acl = dependency.network.outputs.acl"),
    "group rule": (GROUP_RULE, "group = dependency.group.outputs.group"),
    "none": (
        OTHER,
        "group = dependency.group.outputs.group\n  vpc = dependency.network.outputs.vpc",
    ),
}
CLOSED = {
    "route": ("192.0.2.0/24", RULES.replace("SOURCE", "0.0.0.0/0"), OPEN),
    "acl rule": ("0.0.0.0/0", RULES.replace("SOURCE", "10.0.0.0/8"), OPEN),
    "empty acl": ("0.0.0.0/0", "", OPEN),
    "group rule": ("0.0.0.0/0", RULES.replace("SOURCE", "0.0.0.0/0"), INSIDE),
    "open": ("0.0.0.0/0", RULES.replace("SOURCE", "0.0.0.0/0"), OPEN),
}


def scan_of_four(closed: str, third: str) -> set[tuple[str, bool]]:
    """What a host comes to with a network, a group and a third unit: its statuses, if safe if."""
    routed, acl, rules = CLOSED[closed]
    more, inputs = THIRD[third]
    given = (
        "  subnet = dependency.network.outputs.subnet\n  groups = [dependency.group.outputs.group]"
    )
    report = scan_project(
        {
            "modules/network/main.tf": CLOSED_NETWORK.replace("ROUTED", routed).replace("ACL", acl),
            "modules/group/main.tf": GROUP.replace("RULES", rules),
            "modules/host/main.tf": HOST,
            "modules/more/main.tf": more,
            "live/network/terragrunt.hcl": unit("network", ""),
            "live/group/terragrunt.hcl": unit(
                "group", "  vpc = dependency.network.outputs.vpc", "network"
            ),
            "live/host/terragrunt.hcl": unit("host", given, "network", "group"),
            "live/more/terragrunt.hcl": unit("more", f"  {inputs}", "network", "group"),
        },
        select=("PATH001",),
    )
    assert not report.errors
    return {
        (finding.status.value, any(reason.startswith("safe if") for reason in finding.missing))
        for finding in report.findings
    }


@pytest.mark.parametrize("kind", ["route", "acl rule", "group rule"])
def test_what_a_third_unit_may_fill_is_not_closed(kind: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html."""
    assert scan_of_four(kind, kind) == {("undecided", False)}
    # A unit that reads of them and declares no such thing fills nothing.
    assert scan_of_four(kind, "none") == {("undecided", True)}


def test_a_network_acl_without_entries_may_get_them_elsewhere() -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html."""
    assert scan_of_four("empty acl", "none") == {("undecided", False)}


@pytest.mark.parametrize("kind", ["route", "acl rule", "group rule"])
def test_what_is_open_anyway_stays_open(kind: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html."""
    assert ("fail", False) in scan_of_four("open", kind)
