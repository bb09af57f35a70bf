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
