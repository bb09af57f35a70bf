"""Route 53 hosted zones."""

from iac_ec2lint.resources.field import references, text
from iac_ec2lint.resources.part import Resource


class HostedZone(Resource):
    """A hosted zone (Route 53 Developer Guide): private where VPCs are associated with it."""

    terraform = ("aws_route53_zone",)
    cloudformation = ("AWS::Route53::HostedZone",)

    name = text("name", "Name")
    vpcs = references("vpc.vpc_id", "VPCs.VPCId", to=("Vpc",))
