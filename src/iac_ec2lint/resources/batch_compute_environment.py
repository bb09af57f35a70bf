"""Compute environments of AWS Batch."""

from iac_ec2lint.resources.field import number, part, parts, reference, references, text, texts
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.managed_host import ManagedHost, besides
from iac_ec2lint.values import NO, Answer, Data

_TYPE = "aws_batch_compute_environment"
_STACK_TYPE = "AWS::Batch::ComputeEnvironment"


class BatchSettings(LaunchSettings):
    """What instances of AWS Batch are launched with: the environment's over its template's.

    Source: AWS Batch User Guide, "Use Amazon EC2 launch templates with AWS Batch".
    """

    iam_instance_profile = reference(
        besides(LaunchSettings.iam_instance_profile, {_TYPE: "compute_resources.instance_role"}),
        besides(
            LaunchSettings.iam_instance_profile, {_STACK_TYPE: "ComputeResources.InstanceRole"}
        ),
        to=("InstanceProfile",),
    )
    image = reference(
        besides(
            LaunchSettings.image,
            {
                _TYPE: (
                    "compute_resources.ec2_configuration.image_id_override",
                    "compute_resources.image_id",
                )
            },
        ),
        besides(
            LaunchSettings.image,
            {
                _STACK_TYPE: (
                    "ComputeResources.Ec2Configuration.ImageIdOverride",
                    "ComputeResources.ImageId",
                )
            },
        ),
        to=("Image",),
    )
    key_pair = reference(
        besides(LaunchSettings.key_pair, {_TYPE: "compute_resources.ec2_key_pair"}),
        besides(LaunchSettings.key_pair, {_STACK_TYPE: "ComputeResources.Ec2KeyPair"}),
        to=("KeyPair",),
    )
    security_groups = references(
        besides(LaunchSettings.security_groups, {_TYPE: "compute_resources.security_group_ids"}),
        besides(LaunchSettings.security_groups, {_STACK_TYPE: "ComputeResources.SecurityGroupIds"}),
        to=("SecurityGroup",),
    )


class BatchComputeEnvironment(ManagedHost):
    """A compute environment: instances that AWS Batch launches for jobs, or none, but Fargate.

    Its instances run containers, of ECS or EKS. What is ``UNMANAGED`` has none of its own.

    Attributes:
        image_types: What its images are for, one for each kind of instance: ``ECS_AL2023``.
        kind: ``MANAGED`` or ``UNMANAGED``.
        overrides: The templates for some instance types, in place of ``template``.
        provider: ``EC2``, ``SPOT``, ``FARGATE`` or ``FARGATE_SPOT``.
    """

    terraform = (_TYPE,)
    cloudformation = (_STACK_TYPE,)
    settings = (BatchSettings,)

    image_types = texts(
        "compute_resources.ec2_configuration.image_type",
        "ComputeResources.Ec2Configuration.ImageType",
    )
    instance_types = texts("compute_resources.instance_type", "ComputeResources.InstanceTypes")
    kind = text("type", "Type")
    max_size = number("compute_resources.max_vcpus", "ComputeResources.MaxvCpus")
    overrides = parts(LaunchTemplateReference, None, "ComputeResources.LaunchTemplate.Overrides")
    provider = text("compute_resources.type", "ComputeResources.Type")
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

    @property
    def has_instances(self) -> Answer:
        """Whether Batch launches instances of EC2 for it."""
        if self.kind is None or self.provider is None:
            return NO  # the user's own, or none that are declared
        return self.kind.test(_is_managed) & self.provider.test(_is_of_ec2)

    @property
    def templates(self) -> tuple[LaunchTemplateReference, ...]:
        """The template of all instance types, and those of some."""
        return (self.template, *self.overrides)


def _is_managed(kind: Data) -> bool:
    return str(kind).upper() == "MANAGED"


def _is_of_ec2(provider: Data) -> bool:
    return str(provider).upper() in {"EC2", "SPOT"}
