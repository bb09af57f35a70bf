"""Internet gateways and what keeps the internet out (semantics.md, B3 and B13)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.network.infrastructure import (
    CFN_GATEWAY,
    CFN_VPC,
    TF_GATEWAY,
    TF_VPC,
    facts,
    graph,
    subnet,
    verdict,
)

from iac_ec2lint.network.vpc.gateways import internet_gateway, public_access
from iac_ec2lint.network.vpc.subnets import default_subnet, vpc_of

VARIABLE = 'variable "x" {}\n'
BARE = 'resource "aws_internet_gateway" "i" {}\n'
ATTACHMENT = """
resource "aws_internet_gateway_attachment" "a" {
  internet_gateway_id = aws_internet_gateway.i.id
  vpc_id              = aws_vpc.v.id
}
"""

GATEWAYS: dict[str, tuple[str, str, str]] = {
    # A configuration; whether an internet gateway is attached; what the evidence says.
    "its own": (TF_VPC + TF_GATEWAY, "yes", "aws_internet_gateway.i is attached to aws_vpc.v"),
    "an attachment": (
        TF_VPC + BARE + ATTACHMENT,
        "yes",
        "aws_internet_gateway.i is attached to aws_vpc.v",
    ),
    "an attachment, template": (CFN_VPC + CFN_GATEWAY, "yes", "i is attached to v"),
    "none": (TF_VPC, "no", "no internet gateway is attached to aws_vpc.v"),
    "one that is attached to nothing": (TF_VPC + BARE, "no", "no internet gateway"),
    "one that is attached to nothing, template": (
        CFN_VPC + "  i:\n    Type: AWS::EC2::InternetGateway\n",
        "no",
        "no internet gateway is attached to v",
    ),
    "another VPC's": (
        TF_VPC
        + 'resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }\n'
        + TF_GATEWAY.replace("vpc.v", "vpc.w"),
        "no",
        "no internet gateway",
    ),
    "a virtual private gateway": (
        TF_VPC + 'resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }\n',
        "no",
        "no internet gateway",
    ),
    "a virtual private gateway, template": (
        CFN_VPC
        + "  g:\n    Type: AWS::EC2::VPNGateway\n    Properties: {Type: ipsec.1}\n"
        + "  ga:\n    Type: AWS::EC2::VPCGatewayAttachment\n"
        + "    Properties: {VpcId: !Ref v, VpnGatewayId: !Ref g}\n",
        "no",
        "no internet gateway",
    ),
    "an egress-only one": (
        TF_VPC + 'resource "aws_egress_only_internet_gateway" "g" { vpc_id = aws_vpc.v.id }\n',
        "no",
        "no internet gateway",
    ),
    "one whose VPC is unknown": (
        VARIABLE + TF_VPC + TF_GATEWAY.replace("aws_vpc.v.id", "var.x"),
        "undecided",
        "aws_internet_gateway.i may be attached to aws_vpc.v",
    ),
    "an attachment whose VPC is unknown": (
        VARIABLE + TF_VPC + BARE + ATTACHMENT.replace("aws_vpc.v.id", "var.x"),
        "undecided",
        "may attach an internet gateway to aws_vpc.v",
    ),
    "an attachment of an unknown gateway": (
        VARIABLE + TF_VPC + BARE + ATTACHMENT.replace("aws_internet_gateway.i.id", "var.x"),
        "undecided",
        "may attach an internet gateway to aws_vpc.v",
    ),
    "one on a switch": (
        VARIABLE
        + TF_VPC
        + 'resource "aws_internet_gateway" "i" {\n count = var.x ? 1 : 0\n'
        + " vpc_id = aws_vpc.v.id\n}\n",
        "undecided",
        "on a condition",
    ),
    "one declared elsewhere that is attached here": (
        TF_VPC + ATTACHMENT.replace("aws_internet_gateway.i.id", '"igw-0123456789"'),
        "yes",
        "igw-0123456789 is attached to aws_vpc.v",
    ),
    "of a VPC declared elsewhere": (
        TF_VPC.replace("aws_vpc.v.id", '"vpc-0123456789"'),
        "undecided",
        "nobody knows whether",
    ),
    "of a VPC declared elsewhere, here": (
        (TF_VPC + TF_GATEWAY).replace("aws_vpc.v.id", '"vpc-0123456789"'),
        "yes",
        "aws_internet_gateway.i is attached to vpc-0123456789",
    ),
    "of the default VPC": (
        'data "aws_vpc" "d" { default = true }\n'
        + TF_VPC.replace("aws_vpc.v.id", "data.aws_vpc.d.id"),
        "yes",
        "as AWS created it [assumed, True]",
    ),
}


@pytest.mark.parametrize("name", GATEWAYS)
def test_the_internet_gateway_of_a_vpc(name: str, tmp_path: Path) -> None:
    text, expected, fact = GATEWAYS[name]
    unit = graph(text, tmp_path)
    found = internet_gateway(unit, vpc_of(unit, subnet(unit)))
    assert verdict(found.truth) == expected, facts(found)
    assert fact in facts(found)
    assert bool(found.causes) is (expected == "undecided")


@pytest.mark.parametrize("resource", ['aws_security_group" "d" {}', 'aws_db_instance" "d" {}'])
def test_the_default_vpc_stands_at_what_may_be_in_it(resource: str, tmp_path: Path) -> None:
    before = 'resource "aws_ssm_parameter" "a" {}\nresource "aws_lambda_function" "a" {}\n'
    unit = graph(f'{before}resource "{resource}\n', tmp_path)
    found = next(one for one in unit.declared() if one.address.endswith(".d"))
    vpc = vpc_of(unit, default_subnet(unit, found))
    assert vpc is not None
    assert vpc.span.line == 3


def test_a_vpc_that_nobody_knows(tmp_path: Path) -> None:
    unit = graph(VARIABLE + TF_VPC.replace("aws_vpc.v.id", "var.x"), tmp_path)
    vpc = vpc_of(unit, subnet(unit))
    assert vpc is None
    assert internet_gateway(unit, vpc).truth is None


def options(mode: str, name: str = "o", more: str = "") -> str:
    return (
        f'resource "aws_vpc_block_public_access_options" "{name}" {{\n'
        f"  internet_gateway_block_mode = {mode}\n{more}}}\n"
    )


def exclusion(mode: str, what: str) -> str:
    return (
        'resource "aws_vpc_block_public_access_exclusion" "e" {\n'
        f"  internet_gateway_exclusion_mode = {mode}\n  {what}\n}}\n"
    )


INGRESS = '"block-ingress"'
BOTH_WAYS = '"allow-bidirectional"'
STACK_OPTIONS = (
    "  o:\n    Type: AWS::EC2::VPCBlockPublicAccessOptions\n"
    "    Properties: {InternetGatewayBlockMode: block-bidirectional}\n"
)

BLOCKED: dict[str, tuple[str, str, str]] = {
    # A configuration; whether the internet is let in; what the evidence says.
    "no setting": (TF_VPC, "yes", ""),
    "off": (TF_VPC + options('"off"'), "yes", ""),
    "ingress": (
        TF_VPC + options(INGRESS),
        "no",
        'aws_vpc_block_public_access_options.o is "block-ingress", which blocks connections',
    ),
    "both ways": (TF_VPC + options('"block-bidirectional"'), "no", "block-bidirectional"),
    "template": (CFN_VPC + STACK_OPTIONS, "no", 'o is "block-bidirectional"'),
    "the VPC is excluded": (
        TF_VPC + options(INGRESS) + exclusion(BOTH_WAYS, "vpc_id = aws_vpc.v.id"),
        "yes",
        "aws_vpc_block_public_access_exclusion.e excludes aws_vpc.v from the block",
    ),
    "the subnet is excluded": (
        TF_VPC + options(INGRESS) + exclusion(BOTH_WAYS, "subnet_id = aws_subnet.s.id"),
        "yes",
        "excludes aws_subnet.s",
    ),
    "the subnet is excluded, template": (
        CFN_VPC
        + STACK_OPTIONS
        + "  e:\n    Type: AWS::EC2::VPCBlockPublicAccessExclusion\n    Properties: "
        + "{InternetGatewayExclusionMode: allow-bidirectional, SubnetId: !Ref s}\n",
        "yes",
        "e excludes s",
    ),
    "excluded for connections out": (
        TF_VPC + options(INGRESS) + exclusion('"allow-egress"', "vpc_id = aws_vpc.v.id"),
        "no",
        "block-ingress",
    ),
    "another VPC is excluded": (
        TF_VPC
        + 'resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }\n'
        + options(INGRESS)
        + exclusion(BOTH_WAYS, "vpc_id = aws_vpc.w.id"),
        "no",
        "block-ingress",
    ),
    "nobody knows what is excluded": (
        VARIABLE + TF_VPC + options(INGRESS) + exclusion(BOTH_WAYS, "vpc_id = var.x"),
        "undecided",
        "may exclude",
    ),
    "the mode of the exclusion is unknown": (
        VARIABLE + TF_VPC + options(INGRESS) + exclusion("var.x", "vpc_id = aws_vpc.v.id"),
        "undecided",
        "may exclude",
    ),
    "the mode is unknown": (VARIABLE + TF_VPC + options("var.x"), "undecided", "may block"),
    "the setting is on a switch": (
        VARIABLE + TF_VPC + options(INGRESS, more="  count = var.x ? 1 : 0\n"),
        "undecided",
        "may block",
    ),
    "another Region's": (
        'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
        + TF_VPC
        + options(INGRESS, more="  provider = aws.west\n"),
        "yes",
        "",
    ),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_block_public_access(name: str, tmp_path: Path) -> None:
    text, expected, fact = BLOCKED[name]
    unit = graph(text, tmp_path)
    found = public_access(unit, subnet(unit))
    assert verdict(found.truth) == expected, facts(found)
    assert fact in facts(found)
    assert bool(found.causes) is (expected == "undecided")


def test_the_default_vpc_is_blocked_as_all_are(tmp_path: Path) -> None:
    unit = graph('resource "aws_instance" "h" { ami = "ami-1" }\n' + options(INGRESS), tmp_path)
    host = unit.get("aws_instance.h")
    assert host is not None
    assert public_access(unit, default_subnet(unit, host)).truth is False
