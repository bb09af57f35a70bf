"""Launch configurations of Auto Scaling."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.part import Resource


class LaunchConfiguration(Resource, LaunchSettings):
    """A launch configuration: the launch template's predecessor, without versions.

    Attributes:
        source_instance: The instance that it takes what it does not say from, but for its devices.
    """

    terraform = ("aws_launch_configuration",)
    cloudformation = ("AWS::AutoScaling::LaunchConfiguration",)
    names = ("name",)

    name = text("name", "LaunchConfigurationName")
    source_instance = reference(None, "InstanceId", to=("Instance",))
