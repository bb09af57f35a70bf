"""Cases of the classes in ``resources/subnet.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_subnet",
        {
            "vpc_id": ref("vpc"),
            "cidr_block": "10.0.1.0/24",
            "map_public_ip_on_launch": True,
            "availability_zone": "eu-west-1a",
        },
        "AWS::EC2::Subnet",
        {
            "VpcId": ref("vpc"),
            "CidrBlock": "10.0.1.0/24",
            "MapPublicIpOnLaunch": "true",
            "AvailabilityZone": "eu-west-1a",
        },
    ),
    Pair("aws_subnet", {}, "AWS::EC2::Subnet", {}),
    Pair(
        "aws_subnet",
        {"availability_zone_id": "euw1-az1"},
        "AWS::EC2::Subnet",
        {"AvailabilityZoneId": "euw1-az1"},
    ),
    Single(
        "AWS::EC2::SubnetCidrBlock",
        {
            "SubnetId": ref("subnet"),
            "Ipv6CidrBlock": "2001:db8::/64",
            "Ipv6IpamPoolId": ref("pool"),
        },
        {
            "subnet": ("->", "subnet"),
            "ipv6_cidr_block": "2001:db8::/64",
            "ipv6_ipam_pool": ("->", "pool"),
        },
    ),
]
