"""How many rules groups and interfaces have, as AWS counts them.

IPv4 and IPv6 rules are counted apart, and each direction by itself. Each range is a rule; a group
as a source is one of either family; a prefix list is as many as it may have entries. Source: VPC
User Guide, "Amazon VPC quotas" (Security groups) and "Customer-managed prefix lists". One of AWS's
own is one thing to review, whatever its weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeGuard

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.group_rules import RuleTraffic, group_rules
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.vpc.prefix_lists import is_aws_managed
from iac_ec2lint.resources.prefix_list import PrefixList
from iac_ec2lint.values import Reference, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.sets.traffic import Direction
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.resources.security_group import SecurityGroupRule

_FIELDS: Final = (("cidr_blocks", Family.IPV4), ("ipv6_cidr_blocks", Family.IPV6))
_INLINE: Final = ("aws_security_group", "aws_default_security_group")
_LISTS: Final = {
    "cidr_blocks": (*_INLINE, "aws_security_group_rule"),
    "ipv6_cidr_blocks": (*_INLINE, "aws_security_group_rule"),
    "groups": _INLINE,
}
"""The types in which a field is a list; in the others it is one value."""


class RuleCount(NamedTuple):
    """How many rules of one family and direction there are.

    Attributes:
        certain: How many there certainly are.
        causes: The unknowns by which there may be more.
        further: How many more there may be; ``None`` for any number.
    """

    certain: int = 0
    causes: tuple[Unknown, ...] = ()
    further: int | None = 0

    def may_exceed(self, limit: int) -> bool:
        """Whether there may be more than so many."""
        return self.further is None or self.certain + self.further > limit

    def in_doubt(self, *causes: Unknown) -> RuleCount:
        """The same rules where it is not known that they are there."""
        if self == RuleCount():
            return self
        further = None if self.further is None else self.certain + self.further
        return RuleCount(0, (*causes, *self.causes), further)


@remembered
def rule_counts(
    graph: Graph, direction: Direction
) -> Mapping[Resource, Mapping[Family, RuleCount]]:
    """How many rules of a direction each group has, by family.

    A rule of which nothing says which group it is of stands for a group that may have others.
    """
    return {
        one.group: {
            family: rules_together(
                (
                    *(_count(graph, read, family) for read in one.rules),
                    *(_perhaps(graph, read, family) for read in one.perhaps),
                )
            )
            for family in Family
        }
        for one in group_rules(graph, direction)
    }


def rules_together(counts: Iterable[RuleCount]) -> RuleCount:
    """All rules of some counts."""
    total = 0
    further: int | None = 0
    causes: dict[Unknown, None] = {}
    for count in counts:
        total += count.certain
        further = None if further is None or count.further is None else further + count.further
        causes.update(dict.fromkeys(count.causes))
    return RuleCount(total, tuple(causes), further)


def _count(graph: Graph, read: RuleTraffic, family: Family) -> RuleCount:
    rule = read.rule
    counts = [_listed(rule, name) for name, own in _FIELDS if own is family]
    counts.append(_listed(rule, "groups"))
    itself = rule.self_.is_true()
    if itself.truth is not False:
        known = itself.truth is True
        counts.append(RuleCount(int(known), itself.causes, int(not known)))
    if not rule.written and family is Family.IPV4:
        counts.append(RuleCount(1))  # AWS's own rule, which lets everything out
    counts += [_entries(edge, family) for edge in graph.follow(read.resource, rule, "prefix_lists")]
    total = rules_together(counts)
    return total if read.cause is None else total.in_doubt(read.cause)


def _perhaps(graph: Graph, read: RuleTraffic, family: Family) -> RuleCount:
    """A rule that may be another group's."""
    return _count(graph, read, family).in_doubt(*read.causes)


def _listed(rule: SecurityGroupRule, name: str) -> RuleCount:
    """A list that is unknown as a whole may have any number of elements."""
    elements: tuple[Val, ...] = getattr(rule, name)
    written = rule.read(getattr(type(rule), name))
    if written is None or rule.resource_type not in _LISTS[name]:
        return RuleCount(len(elements))
    if isinstance(written, Unknown) and written.candidates:
        lengths = [len(candidate.elements()) for candidate in written.candidates]
        return RuleCount(min(lengths), (written,), max(lengths) - min(lengths))
    several = tuple(one for one in elements if _may_be_several(one, written))
    return RuleCount(len(elements) - len(several), several, None if several else 0)


def _may_be_several(element: Val, written: Val) -> TypeGuard[Unknown]:
    """Whether an unknown element may stand for any number: it is none that a list spells out."""
    if not isinstance(element, Unknown) or isinstance(element, Reference) or element.parts:
        return False
    text = written.span.text
    spelled = text.startswith("[") and text[1:].split(maxsplit=1)[0:1] != ["for"]
    return not spelled or element.span.key == written.span.key


def _entries(edge: Edge, family: Family) -> RuleCount:
    target, value = edge.target, edge.value
    if not isinstance(target, PrefixList):
        if is_aws_managed(edge):
            return RuleCount(1)  # there is nothing in it for anybody to review
        words = "how many entries the prefix list may have is not in the source"
        return RuleCount(1, (Unknown(words, "external-id", value.span),), None)
    named = target.address_family
    own = None if named is None else named.text
    if own is not None and (own == "IPv6") is not (family is Family.IPV6):
        return RuleCount()
    most = target.max_entries
    if most is not None and isinstance(most.number, int):
        return RuleCount(most.number)
    return RuleCount(1, (most,), None) if isinstance(most, Unknown) else RuleCount(1)
