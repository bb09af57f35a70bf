"""Peering connections between VPCs."""

from iac_ec2lint.resources.field import boolean, reference, text
from iac_ec2lint.resources.part import Resource


class VpcPeeringConnection(Resource):
    """A peering connection (VPC Peering Guide). It leads to the peer and never beyond.

    Attributes:
        peer_owner: The account of the other VPC; this one where it is not written.
        peer_region: The Region of the other VPC; this one where it is not written.
        peer_role: The role in another account by which CloudFormation accepts the connection.
    """

    terraform = ("aws_vpc_peering_connection",)
    cloudformation = ("AWS::EC2::VPCPeeringConnection",)

    auto_accept = boolean("auto_accept", None, implied=False)
    peer_owner = text("peer_owner_id", "PeerOwnerId")
    peer_region = text("peer_region", "PeerRegion")
    peer_role = reference(None, "PeerRoleArn")
    peer_vpc = reference("peer_vpc_id", "PeerVpcId", to=("Vpc",))
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class VpcPeeringConnectionAccepter(Resource):
    """The other side of a peering connection, which accepts it; its id is the connection's."""

    terraform = ("aws_vpc_peering_connection_accepter",)

    auto_accept = boolean("auto_accept", None, implied=False)
    peering_connection = reference("vpc_peering_connection_id", None, to=("VpcPeeringConnection",))
