"""What is judged leaves little behind that only a search for circles would free."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from tests.cli.program import write

from iac_ec2lint.answers.scan import ScanOptions, scan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TERRAFORM = """
variable "open" {{
  type = bool
}}

locals {{
  names = [for n in range({count}) : "host-${{n}}"]
}}

module "net" {{
  source = "./net"
  names  = local.names
}}

resource "aws_security_group" "web" {{
  for_each = toset(local.names)
  name     = each.key
  vpc_id   = module.net.vpc
  ingress {{
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.open ? "0.0.0.0/0" : "10.0.0.0/8"]
  }}
}}

resource "aws_instance" "web" {{
  for_each                    = toset(local.names)
  ami                         = "ami-0123456789abcdef0"
  subnet_id                   = module.net.subnet
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.web[each.key].id]
}}
"""
NET = """
variable "names" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

output "vpc" {
  value = aws_vpc.main.id
}

output "subnet" {
  value = aws_subnet.main.id
}
"""
VPC = """
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
Outputs:
  Vpc:
    Value: !Ref Vpc
    Export:
      Name: !Sub '${AWS::StackName}-Vpc'
"""
STACK = """
Parameters:
  Network:
    Type: String
  Open:
    Type: String
Conditions:
  IsOpen: !Equals [!Ref Open, 'yes']
Resources:
"""
GROUP = """
  Group{number}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: the {number} group
      VpcId:
        Fn::ImportValue: !Sub '${{Network}}-Vpc'
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !If [IsOpen, 0.0.0.0/0, 10.0.0.0/8]
"""


def terraform(count: int) -> dict[str, str]:
    return {"main.tf": TERRAFORM.format(count=count), "net/main.tf": NET}


def cloudformation(count: int) -> dict[str, str]:
    groups = "".join(GROUP.format(number=number) for number in range(count))
    return {"vpc.yaml": VPC, "other/vpc.yaml": VPC, "web.yaml": STACK + groups}


def left_behind(folder: Path, files: dict[str, str]) -> int:
    """How many objects are in circles once a folder is scanned."""
    write(folder, files)
    gc.collect()
    gc.disable()
    try:
        report = scan(ScanOptions(paths=(folder,), working=folder, boundary=folder, jobs=1))
        found = gc.collect()
    finally:
        gc.enable()
    assert not report.errors
    assert any(finding.check.code == "SG001" for finding in report.findings)
    return found


@pytest.mark.parametrize("files", [terraform, cloudformation])
def test_of_what_is_judged_little_is_left(
    tmp_path: Path, files: Callable[[int], dict[str, str]]
) -> None:
    few, many = 5, 105
    left_behind(tmp_path / "warm", files(few))
    less, more = (left_behind(tmp_path / str(count), files(count)) for count in (few, many))
    # Launch settings and the blocks in them know one another; all else would be 100 and 350.
    assert (more - less) / (many - few) < 50
