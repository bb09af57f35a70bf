"""Cases of the classes in ``resources/vpc.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair("aws_vpc", {"cidr_block": "10.0.0.0/16"}, "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
    Pair("aws_vpc", {}, "AWS::EC2::VPC", {}),
    Pair(
        "aws_vpc_ipv6_cidr_block_association",
        {"vpc_id": ref("vpc"), "assign_generated_ipv6_cidr_block": True},
        "AWS::EC2::VPCCidrBlock",
        {"VpcId": ref("vpc"), "AmazonProvidedIpv6CidrBlock": True},
    ),
]
