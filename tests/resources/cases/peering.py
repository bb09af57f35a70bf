"""Cases of the classes in ``resources/peering.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_vpc_peering_connection",
        {
            "vpc_id": ref("vpc"),
            "peer_vpc_id": ref("peer"),
            "peer_owner_id": "123456789012",
            "peer_region": "eu-west-2",
        },
        "AWS::EC2::VPCPeeringConnection",
        {
            "VpcId": ref("vpc"),
            "PeerVpcId": ref("peer"),
            "PeerOwnerId": "123456789012",
            "PeerRegion": "eu-west-2",
        },
    ),
    Single(
        "aws_vpc_peering_connection_accepter",
        {"vpc_peering_connection_id": ref("pcx"), "auto_accept": True},
        {"peering_connection": ("->", "pcx"), "auto_accept": True},
    ),
]
