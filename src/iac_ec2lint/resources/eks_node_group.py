"""Managed node groups of EKS."""

from iac_ec2lint.resources.field import number, part, reference, references, text, texts
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.managed_host import ManagedHost


class EksNodeGroup(ManagedHost):
    """A managed node group: instances that EKS launches from a template, its own if none is named.

    A key pair in ``remote_access`` without source groups opens SSH, on Windows RDP, to the world.
    """

    terraform = ("aws_eks_node_group",)
    cloudformation = ("AWS::EKS::Nodegroup",)
    own_group = "the cluster's own group of {} admits only itself"

    ami_type = text("ami_type", "AmiType")
    cluster = reference("cluster_name", "ClusterName", to=("EksCluster",))
    instance_types = texts("instance_types", "InstanceTypes")
    key_pair = reference("remote_access.ec2_ssh_key", "RemoteAccess.Ec2SshKey", to=("KeyPair",))
    launch_template = part(LaunchTemplateReference, "launch_template", "LaunchTemplate")
    max_size = number("scaling_config.max_size", "ScalingConfig.MaxSize")
    node_role = reference("node_role_arn", "NodeRole", to=("Role",))
    source_security_groups = references(
        "remote_access.source_security_group_ids",
        "RemoteAccess.SourceSecurityGroups",
        to=("SecurityGroup",),
    )
    subnets = references("subnet_ids", "Subnets", to=("Subnet",))

    @property
    def templates(self) -> tuple[LaunchTemplateReference, ...]:
        """The one that it names, in place of EKS's own."""
        return (self.launch_template,)
