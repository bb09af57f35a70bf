"""Fields that are entries of lists of pairs, in both languages."""

from __future__ import annotations

from iac_ec2lint.resources.field import Keyed, boolean, text
from iac_ec2lint.resources.part import Resource


class Spelled(Resource):
    """A load balancer, with a parameter group's blocks in Terraform."""

    terraform = ("aws_lb",)
    cloudformation = ("AWS::ElasticLoadBalancingV2::LoadBalancer",)

    protected = boolean(
        Keyed("parameter", "deletion_protection.enabled", "name", "value"),
        Keyed("LoadBalancerAttributes", "deletion_protection.enabled"),
        implied=False,
    )
    nested = text(
        Keyed("outer.parameter", "idle", "name", "value"), Keyed("Outer.Attributes", "idle")
    )
