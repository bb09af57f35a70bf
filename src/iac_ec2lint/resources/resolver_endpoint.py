"""Endpoints of the Route 53 Resolver: DNS between VPCs and other networks."""

from iac_ec2lint.resources.field import references
from iac_ec2lint.resources.part import Resource


class ResolverEndpoint(Resource):
    """An endpoint, whose interfaces have private addresses alone.

    Source: Route 53 Developer Guide, "Resolving DNS queries between VPCs and your network".
    """

    terraform = ("aws_route53_resolver_endpoint",)
    cloudformation = ("AWS::Route53Resolver::ResolverEndpoint",)

    security_groups = references("security_group_ids", "SecurityGroupIds", to=("SecurityGroup",))
    subnets = references("ip_address.subnet_id", "IpAddresses.SubnetId", to=("Subnet",))
