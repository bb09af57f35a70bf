"""Environments of AWS Cloud9 on instances of EC2."""

from iac_ec2lint.resources.field import reference, references
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.managed_host import ManagedHost


class Cloud9Settings(LaunchSettings):
    """What the instance is launched with: its image is a path of Systems Manager, or an alias."""

    image = reference("image_id", "ImageId", to=("Image",))


class Cloud9Environment(ManagedHost):
    """An instance that AWS Cloud9 launches for one developer.

    Its group is Cloud9's own: it lets in the service's addresses on SSH, or nobody where the
    environment is opened through Systems Manager. Its metadata options and its role are Cloud9's
    to say too. Source: AWS Cloud9 User Guide, "Inbound SSH IP address ranges for AWS Cloud9" and
    "Accessing no-ingress EC2 instances with AWS Systems Manager".
    """

    terraform = ("aws_cloud9_environment_ec2",)
    cloudformation = ("AWS::Cloud9::EnvironmentEC2",)
    own_group = "the group that AWS Cloud9 makes for {} admits Cloud9 at most"
    settings = (Cloud9Settings,)

    subnets = references("subnet_id", "SubnetId", to=("Subnet",))
