"""Cases of the classes in ``resources/transit_gateway.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

ATTACHMENTS: list[Case] = [
    Pair(
        "aws_ec2_transit_gateway_vpc_attachment",
        {
            "transit_gateway_id": ref("tgw"),
            "vpc_id": ref("vpc"),
            "subnet_ids": [ref("subnet")],
            "ipv6_support": "enable",
            "security_group_referencing_support": "disable",
        },
        kind,
        {
            "TransitGatewayId": ref("tgw"),
            "VpcId": ref("vpc"),
            "SubnetIds": [ref("subnet")],
            "Options": {"Ipv6Support": "enable", "SecurityGroupReferencingSupport": "disable"},
        },
    )
    for kind in ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")
]

TABLES_OF_ATTACHMENTS: list[Case] = [
    Pair(
        f"aws_ec2_transit_gateway_route_table_{word.lower()}",
        {
            "transit_gateway_attachment_id": ref("attachment"),
            "transit_gateway_route_table_id": ref("rt"),
        },
        f"AWS::EC2::TransitGatewayRouteTable{word}",
        {
            "TransitGatewayAttachmentId": ref("attachment"),
            "TransitGatewayRouteTableId": ref("rt"),
        },
    )
    for word in ("Association", "Propagation")
]

CASES: list[Case] = [
    Pair(
        "aws_ec2_transit_gateway",
        {
            "default_route_table_association": "disable",
            "default_route_table_propagation": "disable",
            "auto_accept_shared_attachments": "enable",
            "security_group_referencing_support": "enable",
        },
        "AWS::EC2::TransitGateway",
        {
            "DefaultRouteTableAssociation": "disable",
            "DefaultRouteTablePropagation": "disable",
            "AutoAcceptSharedAttachments": "enable",
            "SecurityGroupReferencingSupport": "enable",
        },
    ),
    *ATTACHMENTS,
    Pair(
        "aws_ec2_transit_gateway_peering_attachment",
        {"transit_gateway_id": ref("tgw"), "peer_transit_gateway_id": ref("peer")},
        "AWS::EC2::TransitGatewayPeeringAttachment",
        {"TransitGatewayId": ref("tgw"), "PeerTransitGatewayId": ref("peer")},
    ),
    Pair(
        "aws_ec2_transit_gateway_route_table",
        {"transit_gateway_id": ref("tgw")},
        "AWS::EC2::TransitGatewayRouteTable",
        {"TransitGatewayId": ref("tgw")},
    ),
    Pair(
        "aws_ec2_transit_gateway_route",
        {
            "destination_cidr_block": "10.0.0.0/8",
            "blackhole": True,
            "transit_gateway_attachment_id": ref("attachment"),
            "transit_gateway_route_table_id": ref("rt"),
        },
        "AWS::EC2::TransitGatewayRoute",
        {
            "DestinationCidrBlock": "10.0.0.0/8",
            "Blackhole": True,
            "TransitGatewayAttachmentId": ref("attachment"),
            "TransitGatewayRouteTableId": ref("rt"),
        },
    ),
    *TABLES_OF_ATTACHMENTS,
    Single(
        "aws_ec2_transit_gateway_vpc_attachment_accepter",
        {
            "transit_gateway_attachment_id": ref("attachment"),
            "transit_gateway_default_route_table_association": False,
            "transit_gateway_default_route_table_propagation": False,
        },
        {
            "attachment": ("->", "attachment"),
            "default_association": False,
            "default_propagation": False,
        },
    ),
    Single(
        "aws_ec2_transit_gateway_peering_attachment_accepter",
        {"transit_gateway_attachment_id": ref("attachment")},
        {"attachment": ("->", "attachment")},
    ),
    Single(
        "aws_ec2_transit_gateway_default_route_table_association",
        {"transit_gateway_id": ref("tgw"), "transit_gateway_route_table_id": ref("rt")},
        {"transit_gateway": ("->", "tgw"), "route_table": ("->", "rt")},
    ),
    Single(
        "aws_ec2_transit_gateway_default_route_table_propagation",
        {"transit_gateway_id": ref("tgw"), "transit_gateway_route_table_id": ref("rt")},
        {"transit_gateway": ("->", "tgw"), "route_table": ("->", "rt")},
    ),
    Single(
        "aws_ec2_transit_gateway_prefix_list_reference",
        {
            "blackhole": True,
            "prefix_list_id": ref("pl"),
            "transit_gateway_attachment_id": ref("attachment"),
            "transit_gateway_route_table_id": ref("rt"),
        },
        {
            "blackhole": True,
            "prefix_list": ("->", "pl"),
            "attachment": ("->", "attachment"),
            "route_table": ("->", "rt"),
        },
    ),
]
