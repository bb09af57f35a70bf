"""Cases of the classes in ``resources/network_firewall.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_networkfirewall_firewall",
        {"vpc_id": ref("vpc"), "subnet_mapping": [{"subnet_id": ref("subnet")}]},
        "AWS::NetworkFirewall::Firewall",
        {"VpcId": ref("vpc"), "SubnetMappings": [{"SubnetId": ref("subnet")}]},
    ),
    Pair(
        "aws_networkfirewall_vpc_endpoint_association",
        {"vpc_id": ref("vpc"), "subnet_mapping": [{"subnet_id": ref("subnet")}]},
        "AWS::NetworkFirewall::VpcEndpointAssociation",
        {"VpcId": ref("vpc"), "SubnetMapping": {"SubnetId": ref("subnet")}},
    ),
]
