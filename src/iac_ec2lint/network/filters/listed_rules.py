"""Rules of a security group that may be declared elsewhere, though the group is declared here.

Whoever is handed the group may add some, and a list of all its rules may name some
(``aws_vpc_security_group_rules_exclusive``; semantics.md, B6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.other_units import (
    filled_elsewhere,
    filling_unit,
    is_of_another_unit,
)
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.sets.traffic import Direction
    from iac_ec2lint.resources.part import Resource


def more_rules_cause(graph: Graph, group: Resource, direction: Direction) -> Unknown | None:
    """Why a declared group may have rules that are not in the source; ``None`` where it has none.

    Args:
        graph: The graph.
        group: The group.
        direction: The direction of the rules.
    """
    handed = unknown_module_cause(graph, group)
    if handed is not None:
        return handed
    for listing in graph.sources(group, "listed_for"):
        for edge in graph.targets(listing.source, f"{direction}_rules"):
            if not isinstance(edge.target, SeparateSecurityGroupRule) and not _are_here(
                graph, edge
            ):
                return _listed(group, edge)
    by = filling_unit(graph, group, SeparateSecurityGroupRule)
    if by or (is_of_another_unit(graph, group) and _is_empty(graph, group, direction)):
        return filled_elsewhere(graph, group, f"{direction} rules", by)
    return None


def _is_empty(graph: Graph, group: Resource, direction: Direction) -> bool:
    """Whether a group has no rules of a direction, nor any that stand in its own block."""
    if not isinstance(group, SecurityGroup) or group.ingress or group.egress:
        return False
    return not any(
        isinstance(edge.source, SeparateSecurityGroupRule)
        and edge.source.direction.equals(direction).may_be_true
        for edge in graph.sources(group, "security_group")
    )


def _are_here(graph: Graph, edge: Edge) -> bool:
    """Whether what is listed are rules that are declared here, nobody knows how many."""
    value = edge.value
    while isinstance(value, Unknown) and value.each is not None and value.each is not value:
        value = value.each
    return isinstance(value, Reference) and isinstance(
        graph.get(value.target), SeparateSecurityGroupRule
    )


def _listed(group: Resource, edge: Edge) -> Unknown:
    value = edge.value
    words = f"rules of {group.address} that are not in the source"
    if isinstance(value, Unknown):
        reason = f"{edge.source.address} may list {words}: {value.reason}"
        inputs = value.inputs
    else:
        reason, inputs = f"{edge.source.address} lists {words}", ()
    return Unknown(reason, "external-id", value.span, value.via, inputs=inputs)
