"""What Application Auto Scaling sizes: Spot Fleets among others."""

from iac_ec2lint.resources.field import number, text
from iac_ec2lint.resources.part import Resource


class ScalableTarget(Resource):
    """Sizes between which Application Auto Scaling keeps something, whatever it says itself.

    Source: Application Auto Scaling API Reference, "RegisterScalableTarget".

    Attributes:
        scaled: What is sized: ``spot-fleet-request/`` and the request's id, of a Spot Fleet.
    """

    terraform = ("aws_appautoscaling_target",)
    cloudformation = ("AWS::ApplicationAutoScaling::ScalableTarget",)

    max_capacity = number("max_capacity", "MaxCapacity")
    namespace = text("service_namespace", "ServiceNamespace")
    scaled = text("resource_id", "ResourceId")
