"""Scheduled actions of Auto Scaling groups."""

from iac_ec2lint.resources.field import number, reference
from iac_ec2lint.resources.part import Resource


class ScalingSchedule(Resource):
    """Sizes that an Auto Scaling group gets at some time, whatever it says itself.

    Source: Auto Scaling User Guide, "Scheduled scaling for Amazon EC2 Auto Scaling".

    Attributes:
        max_size: The greatest size from then on; Terraform's -1 leaves the group's own.
    """

    terraform = ("aws_autoscaling_schedule",)
    cloudformation = ("AWS::AutoScaling::ScheduledAction",)

    max_size = number("max_size", "MaxSize")
    scaled_group = reference(
        "autoscaling_group_name", "AutoScalingGroupName", to=("AutoScalingGroup",)
    )
