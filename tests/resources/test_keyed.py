"""Fields that are entries of lists of pairs, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.resources.field import Keyed, boolean, text
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.unit import Modules, RootModuleOptions, evaluate
from iac_ec2lint.units import UnitKind  # noqa: F401
from iac_ec2lint.values import Unknown


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
