"""Cases of the classes in ``resources/route.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_route",
        {
            "route_table_id": ref("rt"),
            "destination_cidr_block": "0.0.0.0/0",
            "gateway_id": ref("igw"),
        },
        "AWS::EC2::Route",
        {
            "RouteTableId": ref("rt"),
            "DestinationCidrBlock": "0.0.0.0/0",
            "GatewayId": ref("igw"),
        },
    ),
    Pair(
        "aws_route_table_association",
        {"subnet_id": ref("subnet"), "route_table_id": ref("rt")},
        "AWS::EC2::SubnetRouteTableAssociation",
        {"SubnetId": ref("subnet"), "RouteTableId": ref("rt")},
    ),
    Pair(
        "aws_route_table_association",
        {"gateway_id": ref("igw"), "route_table_id": ref("rt")},
        "AWS::EC2::GatewayRouteTableAssociation",
        {"GatewayId": ref("igw"), "RouteTableId": ref("rt")},
    ),
    Pair(
        "aws_route_table",
        {"vpc_id": ref("vpc")},
        "AWS::EC2::RouteTable",
        {"VpcId": ref("vpc")},
    ),
    Single(
        "aws_main_route_table_association",
        {"vpc_id": ref("vpc"), "route_table_id": ref("rt")},
        {"vpc": ("->", "vpc"), "route_table": ("->", "rt")},
    ),
]
