"""Cases of the classes in ``resources/hosted_zone.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_route53_zone",
        {"name": "ec2.eu-west-1.amazonaws.com", "vpc": [{"vpc_id": ref("vpc")}]},
        "AWS::Route53::HostedZone",
        {
            "Name": "ec2.eu-west-1.amazonaws.com",
            "VPCs": [{"VPCId": ref("vpc")}],
        },
    ),
]
