"""Transit gateways, what is attached to them, and their own route tables."""

from typing import ClassVar

from iac_ec2lint.resources.field import boolean, reference, references, text
from iac_ec2lint.resources.part import Resource

_ATTACHMENTS = (
    "TransitGatewayAttachment",
    "TransitGatewayPeeringAttachment",
    "TransitGatewayPeeringAccepter",
    "TransitGatewayAttachmentAccepter",
)


class TransitGateway(Resource):
    """A transit gateway (Transit Gateways Guide). Its default tables are on unless disabled.

    Attributes:
        association_table: The table that attachments get by default, where one is named.
        auto_accept_shared_attachments: ``enable`` or ``disable``: whether attachments of other
            accounts need nobody's consent.
        default_association: ``enable`` or ``disable``: whether attachments get the default table.
        default_propagation: ``enable`` or ``disable``: whether attachments announce to it.
        propagation_table: The table that attachments announce to by default, where one is named.
        references_groups: ``enable`` or ``disable``: whether rules may refer to groups across it.
    """

    terraform = ("aws_ec2_transit_gateway",)
    cloudformation = ("AWS::EC2::TransitGateway",)
    implicit: ClassVar = {
        "association_default_route_table_id": ("default route table", "TransitGatewayRouteTable"),
        "propagation_default_route_table_id": ("default route table", "TransitGatewayRouteTable"),
        "AssociationDefaultRouteTableId": ("default route table", "TransitGatewayRouteTable"),
        "PropagationDefaultRouteTableId": ("default route table", "TransitGatewayRouteTable"),
    }

    association_table = reference(
        None, "AssociationDefaultRouteTableId", to=("TransitGatewayRouteTable",)
    )
    auto_accept_shared_attachments = text(
        "auto_accept_shared_attachments", "AutoAcceptSharedAttachments", implied="disable"
    )
    default_association = text(
        "default_route_table_association", "DefaultRouteTableAssociation", implied="enable"
    )
    default_propagation = text(
        "default_route_table_propagation", "DefaultRouteTablePropagation", implied="enable"
    )
    propagation_table = reference(
        None, "PropagationDefaultRouteTableId", to=("TransitGatewayRouteTable",)
    )
    references_groups = text(
        "security_group_referencing_support", "SecurityGroupReferencingSupport", implied="disable"
    )


class TransitGatewayAttachment(Resource):
    """A VPC at a transit gateway, with a subnet in each zone that it serves.

    That rules may refer to groups across it is on by default, as it is not at the gateway (EC2 API
    reference, CreateTransitGatewayVpcAttachmentRequestOptions).
    """

    terraform = ("aws_ec2_transit_gateway_vpc_attachment",)
    cloudformation = ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")

    default_association = boolean(
        "transit_gateway_default_route_table_association", None, implied=True
    )
    default_propagation = boolean(
        "transit_gateway_default_route_table_propagation", None, implied=True
    )
    ipv6_support = text("ipv6_support", "Options.Ipv6Support", implied="disable")
    references_groups = text(
        "security_group_referencing_support",
        "Options.SecurityGroupReferencingSupport",
        implied="enable",
    )
    subnets = references("subnet_ids", "SubnetIds", to=("Subnet",))
    transit_gateway = reference("transit_gateway_id", "TransitGatewayId", to=("TransitGateway",))
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class TransitGatewayAttachmentAccepter(Resource):
    """An attachment of another account, accepted; its id is the attachment's."""

    terraform = ("aws_ec2_transit_gateway_vpc_attachment_accepter",)

    attachment = reference("transit_gateway_attachment_id", None, to=("TransitGatewayAttachment",))
    default_association = boolean(
        "transit_gateway_default_route_table_association", None, implied=True
    )
    default_propagation = boolean(
        "transit_gateway_default_route_table_propagation", None, implied=True
    )


class TransitGatewayPeeringAttachment(Resource):
    """Two transit gateways at each other; routes over it are static (Transit Gateways Guide)."""

    terraform = ("aws_ec2_transit_gateway_peering_attachment",)
    cloudformation = ("AWS::EC2::TransitGatewayPeeringAttachment",)

    peer_transit_gateway = reference(
        "peer_transit_gateway_id", "PeerTransitGatewayId", to=("TransitGateway",)
    )
    transit_gateway = reference("transit_gateway_id", "TransitGatewayId", to=("TransitGateway",))


class TransitGatewayPeeringAccepter(Resource):
    """The other side of two transit gateways at each other; its id is the attachment's."""

    terraform = ("aws_ec2_transit_gateway_peering_attachment_accepter",)

    attachment = reference(
        "transit_gateway_attachment_id", None, to=("TransitGatewayPeeringAttachment",)
    )


class TransitGatewayDefaultAssociation(Resource):
    """The route table that a transit gateway's attachments get by default, in place of its own."""

    terraform = ("aws_ec2_transit_gateway_default_route_table_association",)

    route_table = reference(
        "transit_gateway_route_table_id", None, to=("TransitGatewayRouteTable",)
    )
    transit_gateway = reference("transit_gateway_id", None, to=("TransitGateway",))


class TransitGatewayDefaultPropagation(Resource):
    """The route table that attachments announce to by default, in place of the gateway's own."""

    terraform = ("aws_ec2_transit_gateway_default_route_table_propagation",)

    route_table = reference(
        "transit_gateway_route_table_id", None, to=("TransitGatewayRouteTable",)
    )
    transit_gateway = reference("transit_gateway_id", None, to=("TransitGateway",))


class TransitGatewayRouteTable(Resource):
    """A route table of a transit gateway."""

    terraform = ("aws_ec2_transit_gateway_route_table",)
    cloudformation = ("AWS::EC2::TransitGatewayRouteTable",)

    transit_gateway = reference("transit_gateway_id", "TransitGatewayId", to=("TransitGateway",))


class TransitGatewayRoute(Resource):
    """A static route of a transit gateway, to an attachment or into nothing."""

    terraform = ("aws_ec2_transit_gateway_route",)
    cloudformation = ("AWS::EC2::TransitGatewayRoute",)

    attachment = reference(
        "transit_gateway_attachment_id", "TransitGatewayAttachmentId", to=_ATTACHMENTS
    )
    blackhole = boolean("blackhole", "Blackhole", implied=False)
    cidr_block = text("destination_cidr_block", "DestinationCidrBlock")
    route_table = reference(
        "transit_gateway_route_table_id",
        "TransitGatewayRouteTableId",
        to=("TransitGatewayRouteTable",),
    )


class TransitGatewayPrefixListRoute(Resource):
    """Static routes of a transit gateway to the ranges of a prefix list."""

    terraform = ("aws_ec2_transit_gateway_prefix_list_reference",)

    attachment = reference("transit_gateway_attachment_id", None, to=_ATTACHMENTS)
    blackhole = boolean("blackhole", None, implied=False)
    prefix_list = reference("prefix_list_id", None, to=("PrefixList",))
    route_table = reference(
        "transit_gateway_route_table_id", None, to=("TransitGatewayRouteTable",)
    )


class TransitGatewayRouteTableAssociation(Resource):
    """The route table that an attachment's traffic is routed by."""

    terraform = ("aws_ec2_transit_gateway_route_table_association",)
    cloudformation = ("AWS::EC2::TransitGatewayRouteTableAssociation",)

    attachment = reference(
        "transit_gateway_attachment_id", "TransitGatewayAttachmentId", to=_ATTACHMENTS
    )
    route_table = reference(
        "transit_gateway_route_table_id",
        "TransitGatewayRouteTableId",
        to=("TransitGatewayRouteTable",),
    )


class TransitGatewayRouteTablePropagation(Resource):
    """A route table that learns an attachment's ranges."""

    terraform = ("aws_ec2_transit_gateway_route_table_propagation",)
    cloudformation = ("AWS::EC2::TransitGatewayRouteTablePropagation",)

    attachment = reference(
        "transit_gateway_attachment_id", "TransitGatewayAttachmentId", to=_ATTACHMENTS
    )
    route_table = reference(
        "transit_gateway_route_table_id",
        "TransitGatewayRouteTableId",
        to=("TransitGatewayRouteTable",),
    )
