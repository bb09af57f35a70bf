"""Launch configurations of Auto Scaling."""

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.part import Resource


class LaunchConfiguration(Resource, LaunchSettings):
    """A launch configuration: the launch template's predecessor, without versions."""

    terraform = ("aws_launch_configuration",)
    cloudformation = ("AWS::AutoScaling::LaunchConfiguration",)
    names = ("name",)

    name = text("name", "LaunchConfigurationName")
