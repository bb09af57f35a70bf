"""EC2 Fleets and Spot Fleets."""

from iac_ec2lint.resources.field import boolean, number, part, parts, references, text
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.part import Part, Resource


class FleetTemplate(Part):
    """A launch template of a fleet, and the settings that are laid over it one by one."""

    overrides = parts(
        LaunchSettings, {"aws_spot_fleet_request": "overrides", "": "override"}, "Overrides"
    )
    template = part(
        LaunchTemplateReference, "launch_template_specification", "LaunchTemplateSpecification"
    )


class Ec2Fleet(Resource):
    """An EC2 Fleet (EC2 User Guide, "EC2 Fleet and Spot Fleet").

    Attributes:
        on_demand_single_zone: Whether On-Demand Instances are launched in one zone; of fleets of
            type ``instant`` alone, and so is the other.
        spot_single_zone: The same of Spot Instances.
    """

    terraform = ("aws_ec2_fleet",)
    cloudformation = ("AWS::EC2::EC2Fleet",)

    on_demand_single_zone = boolean(
        "on_demand_options.single_availability_zone",
        "OnDemandOptions.SingleAvailabilityZone",
        implied=False,
    )
    spot_single_zone = boolean(
        "spot_options.single_availability_zone",
        "SpotOptions.SingleAvailabilityZone",
        implied=False,
    )
    target_capacity = number(
        "target_capacity_specification.total_target_capacity",
        "TargetCapacitySpecification.TotalTargetCapacity",
    )
    templates = parts(FleetTemplate, "launch_template_config", "LaunchTemplateConfigs")
    fleet_type = text("type", "Type", implied="maintain")


class SpotFleet(Resource):
    """A Spot Fleet request: templates, or launch specifications written in it."""

    terraform = ("aws_spot_fleet_request",)
    cloudformation = ("AWS::EC2::SpotFleet",)

    launch_specifications = parts(
        LaunchSettings, "launch_specification", "SpotFleetRequestConfigData.LaunchSpecifications"
    )
    load_balancers = references(
        "load_balancers",
        "SpotFleetRequestConfigData.LoadBalancersConfig.ClassicLoadBalancersConfig"
        ".ClassicLoadBalancers.Name",
    )
    target_capacity = number("target_capacity", "SpotFleetRequestConfigData.TargetCapacity")
    target_groups = references(
        "target_group_arns",
        "SpotFleetRequestConfigData.LoadBalancersConfig.TargetGroupsConfig.TargetGroups.Arn",
    )
    templates = parts(
        FleetTemplate,
        "launch_template_config",
        "SpotFleetRequestConfigData.LaunchTemplateConfigs",
    )
