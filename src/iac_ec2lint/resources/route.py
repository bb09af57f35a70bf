"""Route tables, their routes, and what they are associated with."""

from typing import ClassVar

from iac_ec2lint.resources.field import parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource

_TABLES = ("aws_route_table", "aws_default_route_table")


def _inline(name: str, separate: str) -> dict[str, str | None]:
    # Terraform's route tables shorten the names of destinations in their own blocks.
    return {"aws_route": separate, "": name}


class Route(Part):
    """A route: a destination and the one target that it has."""

    carrier_gateway = reference("carrier_gateway_id", "CarrierGatewayId")
    cidr_block = text(_inline("cidr_block", "destination_cidr_block"), "DestinationCidrBlock")
    core_network = reference("core_network_arn", "CoreNetworkArn")
    egress_only_gateway = reference(
        "egress_only_gateway_id", "EgressOnlyInternetGatewayId", to=("EgressOnlyInternetGateway",)
    )
    # The API takes gateways of these other kinds too, and says afterwards which it is.
    # Source: the provider's aws_route, "NOTE on gateway_id attribute".
    gateway = reference(
        "gateway_id",
        "GatewayId",
        to=(
            "InternetGateway",
            "VpnGateway",
            "NatGateway",
            "EgressOnlyInternetGateway",
            "TransitGateway",
            "VpcPeeringConnection",
        ),
    )
    instance = reference("instance_id", "InstanceId", to=("Instance",))
    ipv6_cidr_block = text(
        _inline("ipv6_cidr_block", "destination_ipv6_cidr_block"), "DestinationIpv6CidrBlock"
    )
    local_gateway = reference("local_gateway_id", "LocalGatewayId")
    nat_gateway = reference("nat_gateway_id", "NatGatewayId", to=("NatGateway",))
    network_interface = reference(
        "network_interface_id", "NetworkInterfaceId", to=("NetworkInterface",)
    )
    peering_connection = reference(
        "vpc_peering_connection_id",
        "VpcPeeringConnectionId",
        to=("VpcPeeringConnection", "VpcPeeringConnectionAccepter"),
    )
    prefix_list = reference(
        "destination_prefix_list_id", "DestinationPrefixListId", to=("PrefixList",)
    )
    transit_gateway = reference("transit_gateway_id", "TransitGatewayId", to=("TransitGateway",))
    vpc_endpoint = reference("vpc_endpoint_id", "VpcEndpointId", to=("VpcEndpoint",))


TARGETS = (
    "gateway",
    "nat_gateway",
    "egress_only_gateway",
    "network_interface",
    "instance",
    "transit_gateway",
    "peering_connection",
    "vpc_endpoint",
    "carrier_gateway",
    "local_gateway",
    "core_network",
)
"""The relations of a route that name its target; one of them is written."""


class RouteTable(Resource):
    """A route table; a VPC's main one where Terraform adopts it and removes what is not listed."""

    terraform = _TABLES
    cloudformation = ("AWS::EC2::RouteTable",)
    adopts: ClassVar = {"aws_default_route_table": ("vpc", "main route table", "")}

    propagating_gateways = references("propagating_vgws", None, to=("VpnGateway",))
    routes = parts(Route, "route", None)
    vpc = reference(
        {"aws_default_route_table": "default_route_table_id", "": "vpc_id"}, "VpcId", to=("Vpc",)
    )

    @property
    def is_default(self) -> bool:
        """Whether it is a VPC's main route table, adopted."""
        return self.type == "aws_default_route_table"


class SeparateRoute(Resource, Route):
    """A route declared on its own."""

    terraform = ("aws_route",)
    cloudformation = ("AWS::EC2::Route",)

    route_table = reference("route_table_id", "RouteTableId", to=("RouteTable",))


class RouteTableAssociation(Resource):
    """A route table for a subnet, or for a gateway."""

    terraform = ("aws_route_table_association",)
    cloudformation = (
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::GatewayRouteTableAssociation",
    )

    gateway = reference(
        "gateway_id",
        {"AWS::EC2::GatewayRouteTableAssociation": "GatewayId", "": None},
        to=("InternetGateway", "VpnGateway"),
    )
    route_table = reference("route_table_id", "RouteTableId", to=("RouteTable",))
    subnet = reference(
        "subnet_id",
        {"AWS::EC2::SubnetRouteTableAssociation": "SubnetId", "": None},
        to=("Subnet",),
    )


class MainRouteTableAssociation(Resource):
    """A route table in place of the main one that a VPC was made with."""

    terraform = ("aws_main_route_table_association",)

    route_table = reference("route_table_id", None, to=("RouteTable",))
    vpc = reference("vpc_id", None, to=("Vpc",))
