"""Clusters of Amazon EMR, and what EMR holds them to."""

from __future__ import annotations

from typing import Final

from iac_ec2lint.resources.field import (
    anything,
    boolean,
    number,
    parts,
    reference,
    references,
    text,
)
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.managed_host import ManagedHost, besides
from iac_ec2lint.resources.part import Part, Resource

_TYPE: Final = "aws_emr_cluster"
_STACK_TYPE: Final = "AWS::EMR::Cluster"
_OWN: Final = "ec2_attributes"

_PRIMARY: Final = (
    f"{_OWN}.emr_managed_master_security_group",
    f"{_OWN}.additional_master_security_groups",
)
_STACK_PRIMARY: Final = (
    "Instances.EmrManagedMasterSecurityGroup",
    "Instances.AdditionalMasterSecurityGroups",
)
_WORKERS: Final = (
    f"{_OWN}.emr_managed_slave_security_group",
    f"{_OWN}.additional_slave_security_groups",
)
_STACK_WORKERS: Final = (
    "Instances.EmrManagedSlaveSecurityGroup",
    "Instances.AdditionalSlaveSecurityGroups",
)


class EmrNodeSettings(LaunchSettings):
    """What all nodes of a cluster are launched with."""

    iam_instance_profile = reference(
        besides(LaunchSettings.iam_instance_profile, {_TYPE: f"{_OWN}.instance_profile"}),
        besides(LaunchSettings.iam_instance_profile, {_STACK_TYPE: "JobFlowRole"}),
        to=("InstanceProfile",),
    )
    image = reference(
        besides(LaunchSettings.image, {_TYPE: "custom_ami_id"}),
        besides(LaunchSettings.image, {_STACK_TYPE: "CustomAmiId"}),
        to=("Image",),
    )
    key_pair = reference(
        besides(LaunchSettings.key_pair, {_TYPE: f"{_OWN}.key_name"}),
        besides(LaunchSettings.key_pair, {_STACK_TYPE: "Instances.Ec2KeyName"}),
        to=("KeyPair",),
    )


class PrimaryNodeSettings(EmrNodeSettings):
    """What the primary node, or three of them, are launched with."""

    security_groups = references(
        besides(LaunchSettings.security_groups, {_TYPE: _PRIMARY}),
        besides(LaunchSettings.security_groups, {_STACK_TYPE: _STACK_PRIMARY}),
        to=("SecurityGroup",),
    )


class WorkerNodeSettings(EmrNodeSettings):
    """What core and task nodes are launched with."""

    security_groups = references(
        besides(LaunchSettings.security_groups, {_TYPE: _WORKERS}),
        besides(LaunchSettings.security_groups, {_STACK_TYPE: _STACK_WORKERS}),
        to=("SecurityGroup",),
    )


class EmrCluster(ManagedHost):
    """A cluster: a primary node, and core and task nodes with groups of their own.

    All its nodes stand in one subnet; of several, EMR chooses one. Where no group is named EMR
    takes one of its own, which admits the cluster's nodes and EMR itself (Amazon EMR Management
    Guide, "Working with Amazon EMR-managed security groups").

    Attributes:
        security_groups: Those of the primary node.
        service_groups: Those of the interface by which EMR talks to a cluster in a private subnet.
        worker_groups: Those of core and task nodes.
        workers: The groups, or fleets, of core and task nodes.
    """

    terraform = (_TYPE,)
    cloudformation = (_STACK_TYPE,)
    settings = (PrimaryNodeSettings, WorkerNodeSettings)
    own_group = "the group that EMR has for the nodes of {} admits them and EMR alone"

    security_configuration = reference(
        "security_configuration", "SecurityConfiguration", to=("EmrSecurityConfiguration",)
    )
    security_groups = references(_PRIMARY, _STACK_PRIMARY, to=("SecurityGroup",))
    service_groups = references(
        f"{_OWN}.service_access_security_group",
        "Instances.ServiceAccessSecurityGroup",
        to=("SecurityGroup",),
    )
    subnets = references(
        (f"{_OWN}.subnet_id", f"{_OWN}.subnet_ids"),
        ("Instances.Ec2SubnetId", "Instances.Ec2SubnetIds"),
        to=("Subnet",),
    )
    worker_groups = references(_WORKERS, _STACK_WORKERS, to=("SecurityGroup",))
    workers = parts(
        Part,
        ("core_instance_group", "core_instance_fleet"),
        (
            "Instances.CoreInstanceGroup",
            "Instances.CoreInstanceFleet",
            "Instances.TaskInstanceGroups",
            "Instances.TaskInstanceFleets",
        ),
    )


class EmrInstances(Resource):
    """Core or task nodes that are added to a cluster."""

    terraform = ("aws_emr_instance_fleet", "aws_emr_instance_group")
    cloudformation = ("AWS::EMR::InstanceFleetConfig", "AWS::EMR::InstanceGroupConfig")

    nodes_of = reference(
        "cluster_id",
        {"AWS::EMR::InstanceFleetConfig": "ClusterId", "": "JobFlowId"},
        to=("EmrCluster",),
    )


class EmrSecurityConfiguration(Resource):
    """What clusters encrypt, and which requests for metadata their nodes answer.

    Attributes:
        content: The JSON, as text or structured.
    """

    terraform = ("aws_emr_security_configuration",)
    cloudformation = ("AWS::EMR::SecurityConfiguration",)
    names = ("name",)

    content = anything("configuration", "SecurityConfiguration")
    name = text("name", "Name")


class PermittedPorts(Part):
    """Ports that all may be let in on where public access is blocked."""

    first = number("min_range", None)
    last = number("max_range", None)


class EmrBlockPublicAccess(Resource):
    """Whether EMR refuses clusters in public subnets whose groups let in all, for a Region.

    Source: Amazon EMR Management Guide, "Using Amazon EMR block public access".
    """

    terraform = ("aws_emr_block_public_access_configuration",)

    blocks = boolean("block_public_security_group_rules", None)
    permitted = parts(PermittedPorts, "permitted_public_security_group_rule_range", None)
