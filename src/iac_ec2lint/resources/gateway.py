"""Gateways of VPCs: internet, egress-only internet and NAT."""

from iac_ec2lint.resources.field import reference, references, text
from iac_ec2lint.resources.part import Resource


class InternetGateway(Resource):
    """An internet gateway. CloudFormation attaches it by a resource of its own."""

    terraform = ("aws_internet_gateway",)
    cloudformation = ("AWS::EC2::InternetGateway",)

    vpc = reference("vpc_id", None, to=("Vpc",))


class InternetGatewayAttachment(Resource):
    """An attachment of an internet or virtual private gateway to a VPC."""

    terraform = ("aws_internet_gateway_attachment", "aws_vpn_gateway_attachment")
    cloudformation = ("AWS::EC2::VPCGatewayAttachment",)

    internet_gateway = reference(
        {"aws_internet_gateway_attachment": "internet_gateway_id", "": None},
        "InternetGatewayId",
        to=("InternetGateway",),
    )
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))
    vpn_gateway = reference(
        {"aws_vpn_gateway_attachment": "vpn_gateway_id", "": None},
        "VpnGatewayId",
        to=("VpnGateway",),
    )


class EgressOnlyInternetGateway(Resource):
    """A gateway that lets IPv6 connections out and none in."""

    terraform = ("aws_egress_only_internet_gateway",)
    cloudformation = ("AWS::EC2::EgressOnlyInternetGateway",)

    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class NatGateway(Resource):
    """A NAT gateway: connections out of a private subnet, none in.

    Attributes:
        elastic_ip: The address that it has first.
        elastic_ips: The others, and those of each zone of a regional one.
    """

    terraform = ("aws_nat_gateway",)
    cloudformation = ("AWS::EC2::NatGateway",)

    availability_mode = text("availability_mode", "AvailabilityMode", implied="zonal")
    connectivity_type = text("connectivity_type", "ConnectivityType", implied="public")
    elastic_ip = reference("allocation_id", "AllocationId", to=("ElasticIp",))
    elastic_ips = references(
        ("secondary_allocation_ids", "availability_zone_address.allocation_ids"),
        ("SecondaryAllocationIds", "AvailabilityZoneAddresses.AllocationIds"),
        to=("ElasticIp",),
    )
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class VpnGateway(Resource):
    """A virtual private gateway: the VPC's end of a VPN connection."""

    terraform = ("aws_vpn_gateway",)
    cloudformation = ("AWS::EC2::VPNGateway",)

    vpc = reference("vpc_id", None, to=("Vpc",))


class VpnRoutePropagation(Resource):
    """Route tables that learn the routes of a virtual private gateway."""

    terraform = ("aws_vpn_gateway_route_propagation",)
    cloudformation = ("AWS::EC2::VPNGatewayRoutePropagation",)

    propagating_gateway = reference("vpn_gateway_id", "VpnGatewayId", to=("VpnGateway",))
    route_tables = references("route_table_id", "RouteTableIds", to=("RouteTable",))


class RouteServerPropagation(Resource):
    """A route table that learns what appliances announce to a route server of the VPC by BGP.

    Source: VPC User Guide, "Dynamic routing in your VPC using VPC Route Server".
    """

    terraform = ("aws_vpc_route_server_propagation",)
    cloudformation = ("AWS::EC2::RouteServerPropagation",)

    learning_table = reference("route_table_id", "RouteTableId", to=("RouteTable",))
