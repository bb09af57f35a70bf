"""Root modules that read one another's states: which third one may add a route to a table."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

BACKEND = """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "KEY"
  }
}
"""
READ = """
data "terraform_remote_state" "KEY" {
  backend = "s3"
  config = {
    bucket = BUCKET
    key    = "KEY"
  }
}
"""
NETWORK = """
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
    cidr_block = "192.0.2.0/24"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.main.id
  route_table_id = aws_route_table.main.id
}
resource "aws_security_group" "main" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
output "subnet" { value = aws_subnet.main.id }
output "group" { value = aws_security_group.main.id }
output "table" { value = aws_route_table.main.id }
output "gateway" { value = aws_internet_gateway.main.id }
"""
HOST = """
resource "aws_instance" "host" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = data.terraform_remote_state.network.outputs.subnet
  vpc_security_group_ids = [data.terraform_remote_state.network.outputs.group]
}
"""
ROUTE = """
resource "aws_route" "out" {
  route_table_id         = data.terraform_remote_state.KEY.outputs.table
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = data.terraform_remote_state.KEY.outputs.gateway
}
"""
DNS = 'output "table" { value = "" }\n'


@pytest.mark.parametrize(
    ("read", "bucket", "safe"),
    [("network", '"states"', False), ("dns", '"states"', True), ("dns", "var.bucket", False)],
    ids=["of the network", "of another", "of one that is not known"],
)
def test_who_reads_of_the_network_may_add_a_route(read: str, bucket: str, *, safe: bool) -> None:
    """https://developer.hashicorp.com/terraform/language/state/remote-state-data."""
    third = (READ + ROUTE).replace("KEY", read).replace("BUCKET", bucket)
    report = scan_project(
        {
            "network/main.tf": BACKEND.replace("KEY", "network") + NETWORK,
            "dns/main.tf": BACKEND.replace("KEY", "dns") + DNS,
            "host/main.tf": READ.replace("KEY", "network").replace("BUCKET", '"states"') + HOST,
            "third/main.tf": 'variable "bucket" {}\n' + third,
        },
        select=("PATH001",),
    )
    assert not report.errors
    said = [reason for finding in report.findings for reason in finding.missing]
    assert said
    assert any(reason.startswith("safe if") for reason in said) is safe
