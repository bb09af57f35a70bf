"""Compute node groups of AWS Parallel Computing Service, as what launches from templates."""

from iac_ec2lint.resources.field import part
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.part import Resource


class PcsComputeNodeGroup(Resource):
    """A compute node group (AWS PCS User Guide, "Using Amazon EC2 launch templates with AWS PCS").

    Its instances are not judged; a template that it names is one that somebody uses, whose
    instance profile its own replaces. The security groups are the template's.
    """

    terraform = ()
    cloudformation = ("AWS::PCS::ComputeNodeGroup",)

    template = part(LaunchTemplateReference, None, "CustomLaunchTemplate")
