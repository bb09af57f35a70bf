"""Auto Scaling groups."""

from iac_ec2lint.resources.field import (
    boolean,
    number,
    part,
    parts,
    reference,
    references,
    text,
    texts,
)
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.part import Part, Resource

_TEMPLATE = "launch_template_specification"
_STACK_TEMPLATE = "LaunchTemplateSpecification"
_SHARE = "instances_distribution"
_STACK_SHARE = "InstancesDistribution"


class InstanceOverride(LaunchSettings):
    """An instance type of a mixed group, and the template of its own where it has one."""

    template = part(LaunchTemplateReference, _TEMPLATE, _STACK_TEMPLATE)


class InstanceRefresh(Part):
    """How instances are replaced when the group changes what they are launched with."""

    strategy = text("strategy", None)


class GroupTag(Part):
    """A tag of a group, which its instances may get too."""

    key = text("key", "Key")
    propagated = boolean("propagate_at_launch", "PropagateAtLaunch")


class AutoScalingGroup(Resource):
    """An Auto Scaling group, launching from a template, several, or a launch configuration.

    Attributes:
        max_instance_lifetime: In seconds; 0 is no limit.
        mixed_template: The template of a mixed instances policy.
        on_demand_percentage: How many instances beyond a base are not Spot instances.
        overrides: The instance types of that policy.
        subnets: Of the VPC's, those that it launches into.
        tag_settings: Its tags, with whether its instances get them.
    """

    terraform = ("aws_autoscaling_group",)
    cloudformation = ("AWS::AutoScaling::AutoScalingGroup",)
    names = ("name",)

    availability_zones = texts("availability_zones", ("AvailabilityZones", "AvailabilityZoneIds"))
    capacity_rebalance = boolean("capacity_rebalance", "CapacityRebalance", implied=False)
    desired_capacity = number("desired_capacity", "DesiredCapacity")
    health_check_type = text("health_check_type", "HealthCheckType", implied="EC2")
    instance_refresh = part(InstanceRefresh, "instance_refresh", None)
    launch_configuration = reference(
        "launch_configuration", "LaunchConfigurationName", to=("LaunchConfiguration",)
    )
    launch_template = part(LaunchTemplateReference, "launch_template", "LaunchTemplate")
    load_balancers = references("load_balancers", "LoadBalancerNames", to=("ClassicLoadBalancer",))
    max_instance_lifetime = number("max_instance_lifetime", "MaxInstanceLifetime")
    max_size = number("max_size", "MaxSize")
    min_size = number("min_size", "MinSize")
    mixed_template = part(
        LaunchTemplateReference,
        f"mixed_instances_policy.launch_template.{_TEMPLATE}",
        f"MixedInstancesPolicy.LaunchTemplate.{_STACK_TEMPLATE}",
    )
    name = text("name", "AutoScalingGroupName")
    on_demand_percentage = number(
        f"mixed_instances_policy.{_SHARE}.on_demand_percentage_above_base_capacity",
        f"MixedInstancesPolicy.{_STACK_SHARE}.OnDemandPercentageAboveBaseCapacity",
        implied=100,
    )
    overrides = parts(
        InstanceOverride,
        "mixed_instances_policy.launch_template.override",
        "MixedInstancesPolicy.LaunchTemplate.Overrides",
    )
    source_instance = reference(None, "InstanceId", to=("Instance",))
    subnets = references("vpc_zone_identifier", "VPCZoneIdentifier", to=("Subnet",))
    tag_settings = parts(GroupTag, "tag", "Tags")
    target_groups = references("target_group_arns", "TargetGroupARNs", to=("TargetGroup",))
    traffic_sources = references(
        "traffic_source.identifier",
        "TrafficSources.Identifier",
        to=("TargetGroup", "ClassicLoadBalancer"),
    )
