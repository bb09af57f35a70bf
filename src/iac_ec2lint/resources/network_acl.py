"""Network ACLs, their entries, and the subnets that they guard."""

from typing import ClassVar

from iac_ec2lint.resources.field import boolean, number, parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource

_SEPARATE = "aws_network_acl_rule"


class NetworkAclEntry(Part):
    """A rule of a network ACL (VPC User Guide, "Network ACL rules")."""

    action = text({_SEPARATE: "rule_action", "": "action"}, "RuleAction")
    cidr_block = text("cidr_block", "CidrBlock")
    egress = boolean({_SEPARATE: "egress", "": None}, "Egress", implied=False)
    from_port = number("from_port", "PortRange.From")
    icmp_code = number("icmp_code", "Icmp.Code")
    icmp_type = number("icmp_type", "Icmp.Type")
    ipv6_cidr_block = text("ipv6_cidr_block", "Ipv6CidrBlock")
    rule_number = number({_SEPARATE: "rule_number", "": "rule_no"}, "RuleNumber")
    protocol = text("protocol", "Protocol")
    to_port = number("to_port", "PortRange.To")


class EgressNetworkAclEntry(NetworkAclEntry):
    """A rule in an ``egress`` block."""

    egress = boolean(None, None, implied=True)


class NetworkAcl(Resource):
    """A network ACL; a VPC's default one where Terraform adopts it and removes what is not listed.

    Without entries it denies everything, the adopted default one too.
    """

    terraform = ("aws_network_acl", "aws_default_network_acl")
    cloudformation = ("AWS::EC2::NetworkAcl",)
    adopts: ClassVar = {"aws_default_network_acl": ("vpc", "default network ACL", "")}

    egress = parts(EgressNetworkAclEntry, "egress", None)
    ingress = parts(NetworkAclEntry, "ingress", None)
    subnets = references("subnet_ids", None, to=("Subnet",))
    vpc = reference(
        {"aws_default_network_acl": "default_network_acl_id", "": "vpc_id"}, "VpcId", to=("Vpc",)
    )

    @property
    def is_default(self) -> bool:
        """Whether it is a VPC's default network ACL, adopted."""
        return self.type == "aws_default_network_acl"


class SeparateNetworkAclEntry(Resource, NetworkAclEntry):
    """A rule of a network ACL, declared on its own."""

    terraform = (_SEPARATE,)
    cloudformation = ("AWS::EC2::NetworkAclEntry",)

    network_acl = reference("network_acl_id", "NetworkAclId", to=("NetworkAcl",))


class NetworkAclAssociation(Resource):
    """A network ACL for a subnet."""

    terraform = ("aws_network_acl_association",)
    cloudformation = ("AWS::EC2::SubnetNetworkAclAssociation",)

    network_acl = reference("network_acl_id", "NetworkAclId", to=("NetworkAcl",))
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))
