"""VPCs and the address ranges that are added to them."""

from typing import ClassVar

from iac_ec2lint.resources.field import boolean, reference, text
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Val, Value

_IPV4 = "aws_vpc_ipv4_cidr_block_association"
_IPV6 = "aws_vpc_ipv6_cidr_block_association"


class Vpc(Resource):
    """A VPC (VPC User Guide, "Your VPCs"); the default VPC too, where Terraform adopts it."""

    terraform = ("aws_vpc", "aws_default_vpc")
    cloudformation = ("AWS::EC2::VPC",)
    implicit: ClassVar = {
        "default_security_group_id": ("default security group", "SecurityGroup"),
        "default_network_acl_id": ("default network ACL", "NetworkAcl"),
        "main_route_table_id": ("main route table", "RouteTable"),
        "default_route_table_id": ("main route table", "RouteTable"),
        "DefaultSecurityGroup": ("default security group", "SecurityGroup"),
        "DefaultNetworkAcl": ("default network ACL", "NetworkAcl"),
    }

    cidr_block = text("cidr_block", "CidrBlock")
    enable_dns_hostnames = boolean("enable_dns_hostnames", "EnableDnsHostnames")
    enable_dns_support = boolean("enable_dns_support", "EnableDnsSupport", implied=True)
    force_destroy = boolean({"aws_default_vpc": "force_destroy", "": None}, None, implied=False)
    generates_ipv6_cidr_block = boolean("assign_generated_ipv6_cidr_block", None, implied=False)
    instance_tenancy = text("instance_tenancy", "InstanceTenancy", implied="default")
    ipv4_ipam_pool = reference({"aws_default_vpc": None, "": "ipv4_ipam_pool_id"}, "Ipv4IpamPoolId")
    ipv6_cidr_block = text("ipv6_cidr_block", None)
    ipv6_ipam_pool = reference("ipv6_ipam_pool_id", None)

    @property
    def gives_dns_hostnames(self) -> Val:
        """Whether hosts get DNS names: in the default VPC unless it says otherwise, else not."""
        written = self.enable_dns_hostnames
        return Value(self.is_default, self.span, implied=True) if written is None else written

    @property
    def is_default(self) -> bool:
        """Whether it is the Region's default VPC, adopted."""
        return self.type == "aws_default_vpc"

    @property
    def same_as(self) -> str:
        """See ``Resource``: a Region has one default VPC."""
        return "default VPC" if self.is_default else ""

    @property
    def default_group_can_be_adopted(self) -> bool:
        """Whether its language can take over its default security group, as Terraform can."""
        return "::" not in self.type


class VpcCidrBlock(Resource):
    """An address range added to a VPC."""

    terraform = (_IPV4, _IPV6)
    cloudformation = ("AWS::EC2::VPCCidrBlock",)

    cidr_block = text({_IPV6: None, "": "cidr_block"}, "CidrBlock")
    generates_ipv6_cidr_block = boolean(
        {_IPV6: "assign_generated_ipv6_cidr_block", "": None},
        "AmazonProvidedIpv6CidrBlock",
        implied=False,
    )
    ipv4_ipam_pool = reference({_IPV6: None, "": "ipv4_ipam_pool_id"}, "Ipv4IpamPoolId")
    ipv6_cidr_block = text({_IPV4: None, "": "ipv6_cidr_block"}, "Ipv6CidrBlock")
    ipv6_ipam_pool = reference({_IPV4: None, "": "ipv6_ipam_pool_id"}, "Ipv6IpamPoolId")
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))
