"""Subnets and the IPv6 ranges that are added to them."""

from iac_ec2lint.resources.field import boolean, reference, text
from iac_ec2lint.resources.part import Resource


class Subnet(Resource):
    """A subnet (VPC User Guide, "Subnets for your VPC"); a default subnet too, where adopted."""

    terraform = ("aws_subnet", "aws_default_subnet")
    cloudformation = ("AWS::EC2::Subnet",)

    assign_ipv6_address_on_creation = boolean(
        "assign_ipv6_address_on_creation", "AssignIpv6AddressOnCreation", implied=False
    )
    availability_zone = text("availability_zone", "AvailabilityZone")
    availability_zone_id = text(
        {"aws_default_subnet": None, "": "availability_zone_id"}, "AvailabilityZoneId"
    )
    cidr_block = text("cidr_block", "CidrBlock")
    force_destroy = boolean({"aws_default_subnet": "force_destroy", "": None}, None, implied=False)
    ipv4_ipam_pool = reference(
        {"aws_default_subnet": None, "": "ipv4_ipam_pool_id"}, "Ipv4IpamPoolId"
    )
    ipv6_cidr_block = text("ipv6_cidr_block", "Ipv6CidrBlock")
    ipv6_ipam_pool = reference(
        {"aws_default_subnet": None, "": "ipv6_ipam_pool_id"}, "Ipv6IpamPoolId"
    )
    ipv6_native = boolean("ipv6_native", "Ipv6Native", implied=False)
    map_public_ip_on_launch = boolean(
        "map_public_ip_on_launch",
        "MapPublicIpOnLaunch",
        implied={"aws_default_subnet": True, "": False},
    )
    outpost = reference("outpost_arn", "OutpostArn")
    vpc = reference({"aws_default_subnet": None, "": "vpc_id"}, "VpcId", to=("Vpc",))

    @property
    def is_default(self) -> bool:
        """Whether it is a zone's default subnet, adopted."""
        return self.type == "aws_default_subnet"


class SubnetCidrBlock(Resource):
    """An IPv6 address range added to a subnet; Terraform says it in the subnet."""

    cloudformation = ("AWS::EC2::SubnetCidrBlock",)

    ipv6_cidr_block = text(None, "Ipv6CidrBlock")
    ipv6_ipam_pool = reference(None, "Ipv6IpamPoolId")
    subnet = reference(None, "SubnetId", to=("Subnet",))
