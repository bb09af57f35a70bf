"""Cases of the classes in ``resources/gateway.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_internet_gateway_attachment",
        {"vpc_id": ref("vpc"), "internet_gateway_id": ref("igw")},
        "AWS::EC2::VPCGatewayAttachment",
        {"VpcId": ref("vpc"), "InternetGatewayId": ref("igw")},
    ),
    Pair(
        "aws_egress_only_internet_gateway",
        {"vpc_id": ref("vpc")},
        "AWS::EC2::EgressOnlyInternetGateway",
        {"VpcId": ref("vpc")},
    ),
    Pair(
        "aws_nat_gateway",
        {"subnet_id": ref("subnet"), "allocation_id": ref("eip"), "availability_mode": "regional"},
        "AWS::EC2::NatGateway",
        {
            "SubnetId": ref("subnet"),
            "AllocationId": ref("eip", "AllocationId"),
            "AvailabilityMode": "regional",
        },
    ),
    Pair(
        "aws_nat_gateway",
        {"secondary_allocation_ids": [ref("eip", "allocation_id")]},
        "AWS::EC2::NatGateway",
        {"SecondaryAllocationIds": [ref("eip", "AllocationId")]},
    ),
    Pair(
        "aws_nat_gateway",
        {"availability_zone_address": [{"allocation_ids": [ref("eip", "allocation_id")]}]},
        "AWS::EC2::NatGateway",
        {"AvailabilityZoneAddresses": [{"AllocationIds": [ref("eip", "AllocationId")]}]},
    ),
    Pair(
        "aws_vpn_gateway_route_propagation",
        {"vpn_gateway_id": ref("vgw"), "route_table_id": ref("rt")},
        "AWS::EC2::VPNGatewayRoutePropagation",
        {"VpnGatewayId": ref("vgw"), "RouteTableIds": [ref("rt")]},
    ),
    Pair(
        "aws_vpc_route_server_propagation",
        {"route_table_id": ref("rt")},
        "AWS::EC2::RouteServerPropagation",
        {"RouteTableId": ref("rt")},
    ),
    Single("aws_internet_gateway", {"vpc_id": ref("vpc")}, {"vpc": ("->", "vpc")}),
    Single("aws_vpn_gateway", {"vpc_id": ref("vpc")}, {"vpc": ("->", "vpc")}),
    Pair(
        "aws_vpn_gateway_attachment",
        {"vpc_id": ref("vpc"), "vpn_gateway_id": ref("vgw")},
        "AWS::EC2::VPCGatewayAttachment",
        {"VpcId": ref("vpc"), "VpnGatewayId": ref("vgw")},
    ),
]
