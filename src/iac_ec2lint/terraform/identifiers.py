"""What is certain about the text of ids, ARNs and addresses that AWS assigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Reference, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATA = regular_expression(r"(?:^|\.)data\.([\w-]+)\.[\w-]+(?:\[[^\]]*\])?$")
WORKED_OUT = frozenset(
    {
        *("aws_caller_identity", "aws_default_tags", "aws_iam_policy_document", "aws_partition"),
        *("aws_region", "aws_service_principal", "aws_vpc_endpoint_service", "cloudinit_config"),
        *("local_file", "local_sensitive_file", "null_data_source", "template_cloudinit_config"),
        "template_file",
    }
)
"""The data sources whose attributes this program computes: ``data_sources`` reads them."""

# The "id" of other types may consist of several names separated by commas.
_WITH_PLAIN_ID = frozenset(
    {
        *("aws_ami", "aws_default_security_group", "aws_ebs_snapshot", "aws_ebs_volume"),
        *("aws_ec2_managed_prefix_list", "aws_ec2_transit_gateway", "aws_eip", "aws_instance"),
        "aws_internet_gateway",
        *("aws_launch_template", "aws_nat_gateway", "aws_network_acl", "aws_network_interface"),
        *("aws_prefix_list", "aws_route_table", "aws_security_group", "aws_subnet", "aws_vpc"),
        "aws_vpc_endpoint",
    }
)
# Source: "Actions, resources, and condition keys for Amazon EC2".
_ARNS = {
    "aws_ec2_managed_prefix_list": "prefix-list",
    "aws_ec2_transit_gateway": "transit-gateway",
    "aws_security_group": "security-group",
    "aws_subnet": "subnet",
    "aws_vpc": "vpc",
}
"""What an ARN has between its last colon and its only slash, which the id follows."""
_MADE_WITH = {
    "aws_caller_identity": ("account_id",),
    **dict.fromkeys(
        ("aws_default_vpc", "aws_vpc"),
        ("default_network_acl_id", "default_route_table_id", "default_security_group_id"),
    ),
}
"""Other attributes that each has: what AWS makes along with it."""
_TARGET = regular_expression(r"(?:.*[.:])?(aws_\w+)\.[\w-]+(?:\[[^\]]*\])?")


def is_plain(unknown: Unknown) -> bool:
    """Whether an unknown text is certain to be not empty, without commas, spaces and the like."""
    if not isinstance(unknown, Reference) or unknown.unset:
        return False
    match = _TARGET.fullmatch(unknown.target)
    if match is None:
        return False
    if unknown.attribute == "cidr_block":  # a subnet may have none
        return match[1] in {"aws_default_vpc", "aws_vpc"}
    if unknown.attribute in _MADE_WITH.get(match[1], ()):
        return True
    return unknown.attribute == "id" and match[1] in _WITH_PLAIN_ID


def _type_of_arn(arn: Reference) -> str:
    """The type of the resource that a reference to an ARN is to; empty where it is to another."""
    if arn.attribute != "arn" or "data." in arn.target:
        return ""
    match = _TARGET.fullmatch(arn.target)
    return "" if match is None else match[1]


def parts_of_arn(unknown: Val) -> tuple[str, Reference] | None:
    """What ends the text of an ARN before the id, and the id; ``None`` where it has none."""
    if not isinstance(unknown, Reference):
        return None
    kind = _ARNS.get(_type_of_arn(unknown))
    if kind is None:
        return None
    return f":{kind}/", Reference(unknown.target, "id", unknown.span, unknown.via)


_REVISION = frozenset(
    {r"/:\d+$/", "/:[0-9]+$/", "/:[[:digit:]]+$/", r"/:\d*$/", "/:[^:]+$/", "/:[^:]*$/"}
)
"""Patterns that match what ends the ARN of a task definition, and that alone."""


def without_revision(arn: Val, pattern: str) -> Reference | None:
    """The ARN of a task definition without its revision, where a pattern matches that revision.

    Source: the Terraform provider's ``aws_ecs_task_definition``, ``arn_without_revision``; Service
    Authorization Reference, "Actions, resources, and condition keys for Amazon ECS"
    (``task-definition/FAMILY:REVISION``).
    """
    if pattern not in _REVISION or not isinstance(arn, Reference):
        return None
    if _type_of_arn(arn) != "aws_ecs_task_definition":
        return None
    return Reference(arn.target, "arn_without_revision", arn.span, arn.via, marks=arn.marks)


def are_distinct(unknowns: Sequence[Val]) -> bool:
    """Whether unknown texts are certain to differ, as the ids of different resources are."""
    targets: set[str] = set()
    for unknown in unknowns:
        if not isinstance(unknown, Reference) or not is_plain(unknown):
            return False
        is_created = unknown.attribute == "id" and "data." not in unknown.target
        if not is_created or unknown.target in targets:
            return False
        targets.add(unknown.target)
    return True


def worked_out(address: str) -> bool:
    """Whether an address is of a data source whose attributes this program computes."""
    found = _DATA.search(address)
    return found is not None and found[1] in WORKED_OUT
