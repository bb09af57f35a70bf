"""Compute environments of AWS Batch, as what launches from templates."""

from iac_ec2lint.resources.field import part, references
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.part import Resource


class BatchComputeEnvironment(Resource):
    """A compute environment (AWS Batch User Guide, "Use Amazon EC2 launch templates").

    Its instances are not judged; a template that it names is one that somebody uses, whose groups
    its own replace.
    """

    terraform = ("aws_batch_compute_environment",)
    cloudformation = ("AWS::Batch::ComputeEnvironment",)

    security_groups = references(
        "compute_resources.security_group_ids",
        "ComputeResources.SecurityGroupIds",
        to=("SecurityGroup",),
    )
    subnets = references("compute_resources.subnets", "ComputeResources.Subnets", to=("Subnet",))
    template = part(
        LaunchTemplateReference,
        "compute_resources.launch_template",
        "ComputeResources.LaunchTemplate",
    )
