"""Attributes of planned resources that AWS fills in from other resources."""

from __future__ import annotations

from typing import Final

DECLARED_APART: Final[dict[str, dict[str, tuple[tuple[str, str], ...]]]] = {
    "aws_security_group": {
        "ingress": (
            ("aws_security_group_rule", "security_group_id"),
            ("aws_vpc_security_group_ingress_rule", "security_group_id"),
        ),
        "egress": (
            ("aws_security_group_rule", "security_group_id"),
            ("aws_vpc_security_group_egress_rule", "security_group_id"),
        ),
    },
    "aws_network_acl": {
        "ingress": (("aws_network_acl_rule", "network_acl_id"),),
        "egress": (("aws_network_acl_rule", "network_acl_id"),),
        "subnet_ids": (("aws_network_acl_association", "network_acl_id"),),
    },
    "aws_route_table": {"route": (("aws_route", "route_table_id"),)},
    "aws_default_route_table": {"route": (("aws_route", "route_table_id"),)},
    "aws_instance": {
        "ebs_block_device": (("aws_volume_attachment", "instance_id"),),
        "network_interface": (("aws_network_interface_attachment", "instance_id"),),
        "security_groups": (),
    },
    "aws_iam_role": {
        "inline_policy": (("aws_iam_role_policy", "role"),),
        "managed_policy_arns": (("aws_iam_role_policy_attachment", "role"),),
    },
    "aws_vpc_endpoint": {
        "policy": (("aws_vpc_endpoint_policy", "vpc_endpoint_id"),),
        "route_table_ids": (("aws_vpc_endpoint_route_table_association", "vpc_endpoint_id"),),
        "subnet_ids": (("aws_vpc_endpoint_subnet_association", "vpc_endpoint_id"),),
        "security_group_ids": (("aws_vpc_endpoint_security_group_association", "vpc_endpoint_id"),),
    },
    "aws_ec2_managed_prefix_list": {
        "entry": (("aws_ec2_managed_prefix_list_entry", "prefix_list_id"),)
    },
    "aws_autoscaling_group": {
        "target_group_arns": (("aws_autoscaling_attachment", "autoscaling_group_name"),),
        "load_balancers": (("aws_autoscaling_attachment", "autoscaling_group_name"),),
    },
}
"""For each type, the attributes that AWS fills in from resources of other types: those types,
each with the attribute that refers to the resource.

Where there is no such type, the attribute repeats another one of the same resource.
"""

BLOCKS_OF_SETS: Final = frozenset({"ingress", "route"})
"""Of these, the sets of blocks that decide who is let in, and that ``dynamic`` often makes."""


def parents() -> dict[str, set[str]]:
    """The attributes of each type that refer to the resource that it is a part of."""
    found: dict[str, set[str]] = {}
    for attributes in DECLARED_APART.values():
        for types in attributes.values():
            for kind, parent in types:
                found.setdefault(kind, set()).add(parent)
    return found


PARENTS: Final = parents()
