"""Cases of the classes in ``resources/vpc_endpoint.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import POLICY

CASES: list[Case] = [
    Pair(
        "aws_vpc_endpoint",
        {
            "vpc_id": ref("vpc"),
            "service_name": "com.amazonaws.eu-west-1.s3",
            "policy": POLICY,
            "route_table_ids": [ref("rt")],
        },
        "AWS::EC2::VPCEndpoint",
        {
            "VpcId": ref("vpc"),
            "ServiceName": "com.amazonaws.eu-west-1.s3",
            "PolicyDocument": POLICY,
            "RouteTableIds": [ref("rt")],
        },
    ),
    Single(
        "aws_vpc_endpoint_policy",
        {"vpc_endpoint_id": ref("vpce"), "policy": POLICY},
        {
            "vpc_endpoint": ("->", "vpce"),
            "policy": {"Version": "2012-10-17", "Statement": []},
        },
    ),
    Single(
        "aws_vpc_endpoint_security_group_association",
        {
            "vpc_endpoint_id": ref("vpce"),
            "security_group_id": ref("sg"),
            "replace_default_association": True,
        },
        {
            "vpc_endpoint": ("->", "vpce"),
            "security_group": ("->", "sg"),
            "replace_default": True,
        },
    ),
    Single(
        "aws_vpc_endpoint_subnet_association",
        {"vpc_endpoint_id": ref("vpce"), "subnet_id": ref("subnet")},
        {"vpc_endpoint": ("->", "vpce"), "subnet": ("->", "subnet")},
    ),
    Single(
        "aws_vpc_endpoint_route_table_association",
        {"vpc_endpoint_id": ref("vpce"), "route_table_id": ref("rt")},
        {"vpc_endpoint": ("->", "vpce"), "route_table": ("->", "rt")},
    ),
    Single(
        "aws_vpc_endpoint_connection_accepter",
        {"vpc_endpoint_service_id": ref("service"), "vpc_endpoint_id": ref("vpce")},
        {"endpoint_service": ("->", "service"), "vpc_endpoint": ("->", "vpce")},
    ),
    Single(
        "aws_vpc_endpoint_private_dns",
        {"vpc_endpoint_id": ref("vpce"), "private_dns_enabled": True},
        {"vpc_endpoint": ("->", "vpce"), "enabled": True},
    ),
]
