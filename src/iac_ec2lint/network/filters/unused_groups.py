"""Which security groups nothing has, as far as a unit says.

Whatever names a group, other than rules and groups, may lead to something that has it: an output, a
module, a resource of a type that is not judged. Then it is undecided. What reads a local value
names what that names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.exposure import attachments
from iac_ec2lint.network.verdicts.said_elsewhere import said_elsewhere
from iac_ec2lint.resources.data_source import SecurityGroupDataSource, SecurityGroupsDataSource
from iac_ec2lint.resources.instance_tag import SeparateTag
from iac_ec2lint.resources.security_group import (
    SecurityGroup,
    SecurityGroupRulesExclusive,
    SecurityGroupVpcAssociation,
    SeparateSecurityGroupRule,
)
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of
from iac_ec2lint.values.known import USED_ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.security_group import SecurityGroupRule

_RULES_AND_GROUPS: Final = frozenset(
    name
    for kind in (
        SecurityGroup,
        SecurityGroupRulesExclusive,
        SecurityGroupVpcAssociation,
        SeparateSecurityGroupRule,
        SeparateTag,
    )
    for name in (*kind.terraform, *kind.cloudformation)
)
_KEY: Final = re.compile(r"\[[^\]]*\]")
_FOUND_BY_TAG: Final = ("karpenter.sh/", "kubernetes.io/", "aws:")
"""How the keys of tags begin by which controllers find the groups that they attach."""


class GroupUse(NamedTuple):
    """Whether anything has a group.

    Attributes:
        group: The group.
        used: Whether anything has it.
        named_by: The rules of other groups that name it, each with its edge.
    """

    group: SecurityGroup
    used: Answer
    named_by: tuple[tuple[SecurityGroupRule, Edge], ...]


def group_uses(graph: Graph) -> Iterator[GroupUse]:
    """Whether anything has each group that is declared here, but for default ones."""
    uses = _uses(graph)
    for group in graph.all(SecurityGroup):
        if group.is_default:
            continue
        edges = graph.sources(group, "groups")
        named = tuple((edge.part, edge) for edge in edges if _is_rule_of_another(graph, edge))
        yield GroupUse(group, uses[group], named)  # type: ignore[arg-type]  # see _is_rule_of_another


def may_be_used(graph: Graph, edge: Edge) -> bool:
    """Whether anything may have the group whose rule an edge is of."""
    holder = _holder(graph, edge)
    return not isinstance(holder, SecurityGroup) or _uses(graph)[holder].may_be_true


def _is_rule_of_another(graph: Graph, edge: Edge) -> bool:
    return edge.target is not None and _holder(graph, edge) is not edge.target


def _holder(graph: Graph, edge: Edge) -> object:
    """The group whose rule an edge is of; ``None`` where that is not known."""
    if isinstance(edge.source, SeparateSecurityGroupRule):
        return graph.only(edge.source, "security_group", SecurityGroup)
    return edge.source


@remembered
def _uses(graph: Graph) -> Mapping[SecurityGroup, Answer]:
    groups = [*graph.all(SecurityGroup)]
    if not groups:
        return {}
    mentioned = graph.unit.mentions(_RULES_AND_GROUPS)
    return {group: _use(graph, group, mentioned) for group in groups}


def _use(graph: Graph, group: SecurityGroup, mentioned: frozenset[str] | None) -> Answer:
    if group.is_default:
        return YES  # AWS gives it to whatever names none
    held = any_of(_holds(edge, group) for edge in attachments(graph, group))
    if held.truth is True:
        return held
    reasons = []
    if mentioned is None or _KEY.sub("", group.address) in mentioned:
        reasons.append(f"{group.address} is named in what is not judged, such as an output")
    if group.address in graph.escaped:
        reasons.append(f"{group.address} is handed to a module that is not on the disk")
    if group.unknown_tags is not None or any(key.startswith(_FOUND_BY_TAG) for key in group.tags):
        reasons.append(f"{group.address} may be found by its tags")
    if any(graph.all(SecurityGroupsDataSource)) or any(
        _looks_up(found, group) for found in graph.all(SecurityGroupDataSource)
    ):
        reasons.append(f"{group.address} may be looked up")
    gaps = (Unknown(reason, "may-attach", group.span) for reason in reasons)
    elsewhere = (said_elsewhere(graph, USED_ELSEWHERE, group, gap, group.span) for gap in gaps)
    return held | any_of(elsewhere)


def _holds(edge: Edge, group: SecurityGroup) -> Answer:
    """Whether something has a group wherever that is there."""
    if isinstance(edge.source, SecurityGroupVpcAssociation):
        return NO
    presence = edge.source.presence
    together = bool(presence.when) and presence.key == group.presence.key
    return edge.answer & (YES if together else presence.answer)


def _looks_up(found: SecurityGroupDataSource, group: SecurityGroup) -> bool:
    """Whether a data source may find a group: by its name, or by what is not compared."""
    if found.id is not None:
        return False  # it is known of a group that is there already
    if found.name is None or group.name is None:
        return found.name is None
    same = found.name.text is None or group.name.equals(found.name.text).may_be_true
    return same and found.scope == group.scope
