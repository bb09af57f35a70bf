"""VPC Block Public Access: a Region's setting, and the VPCs and subnets that it spares."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.part import Resource


class BlockPublicAccess(Resource):
    """The setting for all VPCs of a Region (VPC User Guide, "Block public access").

    Attributes:
        mode: ``off``, ``block-ingress`` or ``block-bidirectional``.
    """

    terraform = ("aws_vpc_block_public_access_options",)
    cloudformation = ("AWS::EC2::VPCBlockPublicAccessOptions",)

    mode = text("internet_gateway_block_mode", "InternetGatewayBlockMode")


class BlockPublicAccessExclusion(Resource):
    """A VPC or subnet that is spared.

    Attributes:
        mode: ``allow-bidirectional`` or ``allow-egress``.
    """

    terraform = ("aws_vpc_block_public_access_exclusion",)
    cloudformation = ("AWS::EC2::VPCBlockPublicAccessExclusion",)

    mode = text("internet_gateway_exclusion_mode", "InternetGatewayExclusionMode")
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))
