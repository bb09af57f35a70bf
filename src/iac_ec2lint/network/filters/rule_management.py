"""Which rules of a group Terraform manages in two places, so that each takes away the other's.

Source: the AWS provider's aws_security_group, "NOTE on Security Groups and Security Group Rules".
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.sets.traffic import Direction
    from iac_ec2lint.resources.part import Part, Resource

_OLDER = "aws_security_group_rule"


class ManagedRules(NamedTuple):
    """Where the rules of a group and a direction are managed.

    Attributes:
        group: The group.
        direction: The direction.
        inline: Blocks in the group itself, or the group where it says that it has none.
        inline_answer: Whether there are any, where that is not a condition in words.
        older: Rules of type ``aws_security_group_rule``, with whether they are the group's.
        younger: Those of ``aws_vpc_security_group_ingress_rule`` and its like.
    """

    group: Resource
    direction: Direction
    inline: tuple[Part, ...]
    inline_answer: Answer
    older: tuple[tuple[SeparateSecurityGroupRule, Answer], ...]
    younger: tuple[tuple[SeparateSecurityGroupRule, Answer], ...]


def managed_rules(graph: Graph) -> Iterator[ManagedRules]:
    """Where Terraform manages the rules of each group, direction by direction."""
    if graph.unit.kind == "stack":
        return  # CloudFormation adds the rules of both places to one another
    directions: tuple[Direction, ...] = ("ingress", "egress")
    for direction in directions:
        separate: dict[Resource, list[tuple[SeparateSecurityGroupRule, Answer]]] = defaultdict(list)
        for rule in graph.all(SeparateSecurityGroupRule):
            meant = rule.direction.equals(direction)
            for edge in graph.targets(rule, "security_group"):
                if edge.target is not None and meant.may_be_true:
                    separate[edge.target].append((rule, all_of(_there(rule, edge, meant))))
        inline: dict[Resource, tuple[tuple[Part, ...], Answer]] = {
            group: _inline(graph, group, direction) for group in graph.all(SecurityGroup)
        }
        for group in sorted({*inline, *separate}, key=lambda one: one.address):
            rules = separate.get(group, [])
            older = tuple(one for one in rules if one[0].type == _OLDER)
            younger = tuple(one for one in rules if one[0].type != _OLDER)
            blocks, answer = inline.get(group, ((), NO))
            yield ManagedRules(group, direction, blocks, answer, older, younger)


def _there(rule: SeparateSecurityGroupRule, edge: Edge, meant: Answer) -> Iterator[Answer]:
    yield meant
    if not edge.certain and edge.target is not rule:
        yield edge.answer


def _inline(
    graph: Graph, group: SecurityGroup, direction: Direction
) -> tuple[tuple[Part, ...], Answer]:
    """The inline rules of a group that Terraform does not overlook (``ignore_changes``)."""
    for lifecycle in group.declared.body.sections("lifecycle"):
        ignored = lifecycle.expression("ignore_changes")
        if ignored is not None:
            names = re.findall(r"\w+", ignored.text)  # quoted in the JSON syntax
            if direction in names or "all" in names:
                return (), NO
    blocks: tuple[Part, ...] = group.ingress if direction == "ingress" else group.egress
    if blocks:
        presence = blocks[0].presence
        return blocks, YES if presence.when else presence.answer
    # An empty list is managed as well: it takes all rules away. In a plan it may be what is there.
    emptied = group.declared.body.get(direction)
    if emptied is None or graph.unit.kind == "plan":
        return (), NO
    return (group,), Answer(None, (emptied,)) if isinstance(emptied, Unknown) else YES
