"""AWS Network Firewall: firewalls, with an endpoint in each of their subnets."""

from iac_ec2lint.resources.field import reference, references
from iac_ec2lint.resources.part import Resource


class NetworkFirewall(Resource):
    """A firewall that routes lead to by the ids of its endpoints, known after it is created.

    Source: AWS Network Firewall Developer Guide, "How AWS Network Firewall works".
    """

    terraform = ("aws_networkfirewall_firewall",)
    cloudformation = ("AWS::NetworkFirewall::Firewall",)

    subnets = references("subnet_mapping.subnet_id", "SubnetMappings.SubnetId", to=("Subnet",))
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class NetworkFirewallEndpoint(Resource):
    """One more endpoint of a firewall, in this VPC or another.

    Source: AWS Network Firewall Developer Guide, "Creating a VPC endpoint association".
    """

    terraform = ("aws_networkfirewall_vpc_endpoint_association",)
    cloudformation = ("AWS::NetworkFirewall::VpcEndpointAssociation",)

    subnets = references("subnet_mapping.subnet_id", "SubnetMapping.SubnetId", to=("Subnet",))
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))
