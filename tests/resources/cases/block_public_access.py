"""Cases of the classes in ``resources/block_public_access.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_vpc_block_public_access_options",
        {"internet_gateway_block_mode": "block-ingress"},
        "AWS::EC2::VPCBlockPublicAccessOptions",
        {"InternetGatewayBlockMode": "block-ingress"},
    ),
    Pair(
        "aws_vpc_block_public_access_exclusion",
        {
            "internet_gateway_exclusion_mode": "allow-egress",
            "vpc_id": ref("vpc"),
            "subnet_id": ref("subnet"),
        },
        "AWS::EC2::VPCBlockPublicAccessExclusion",
        {
            "InternetGatewayExclusionMode": "allow-egress",
            "VpcId": ref("vpc"),
            "SubnetId": ref("subnet"),
        },
    ),
]
