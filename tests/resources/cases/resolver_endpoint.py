"""Cases of the classes in ``resources/resolver_endpoint.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_route53_resolver_endpoint",
        {"security_group_ids": [GROUP], "ip_address": [{"subnet_id": ref("subnet")}]},
        "AWS::Route53Resolver::ResolverEndpoint",
        {"SecurityGroupIds": [GROUP], "IpAddresses": [{"SubnetId": ref("subnet")}]},
    ),
]
