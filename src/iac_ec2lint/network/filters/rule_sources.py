"""The address ranges, groups and prefix lists that a rule of a security group names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.other_units import (
    filled_elsewhere,
    filling_unit,
    is_of_another_unit,
)
from iac_ec2lint.network.filters.own_blocks import lies_inside, own_block_size
from iac_ec2lint.network.filters.rule_ports import alternatives
from iac_ec2lint.network.sets.addresses import BROAD_SIZE, AddressSet, Family, parse_cidr
from iac_ec2lint.network.sets.blocks import bound_of, no_range
from iac_ec2lint.network.vpc.prefix_lists import is_aws_managed, listed_entries
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.prefix_list import PrefixList, SeparatePrefixListEntry
from iac_ec2lint.resources.security_group import (
    SecurityGroup,
    SecurityGroupRule,
    SeparateSecurityGroupRule,
)
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import (
    Step,
    Unknown,
    Val,
)

_FIELDS = (("cidr_blocks", Family.IPV4), ("ipv6_cidr_blocks", Family.IPV6))
"""The fields of a rule that are ranges."""
_MOST_RULES = 1000
"""How many rules an interface can have (VPC User Guide, "Amazon VPC quotas")."""


class RuleSource(NamedTuple):
    """One source of a rule (or destination, of an egress rule): a range or a prefix list.

    Attributes:
        place: Where it is written.
        lower: The addresses that are certainly in it.
        upper: The addresses that may be in it.
        causes: The unknowns by which ``lower`` and ``upper`` differ.
        most: Where set, it is one block of at most this many addresses, wherever it lies.
        hops: The wide entries of a prefix list, where they are written.
        times: How many such blocks there may be.
        inside: Whether it is a block of the group's own VPC, whatever that comes to.
        of: The address of the VPC or the subnet whose block it is, where that alone is known.
    """

    place: Place
    lower: tuple[AddressSet, ...]
    upper: tuple[AddressSet, ...]
    causes: tuple[Unknown, ...] = ()
    most: int | None = None
    hops: tuple[Step, ...] = ()
    times: int = 1
    inside: bool = False
    of: str = ""

    @property
    def most_of_all(self) -> int | None:
        """How many addresses are in it and the others like it together, as ``most``.

        ``None`` where that is not known, or where ``upper`` has no more.
        """
        if self.most is None:
            return None
        together = self.most * self.times
        return together if together < sum(each.size for each in self.upper) else None


def sources_of(graph: Graph, rule: SecurityGroupRule, resource: Resource) -> Iterator[RuleSource]:
    """What a rule names as its sources, or destinations: ranges and groups, then prefix lists."""
    yield from _ranges(graph, rule, resource)
    yield from _prefix_lists(graph, rule, resource)


def _ranges(graph: Graph, rule: SecurityGroupRule, resource: Resource) -> Iterator[RuleSource]:
    for name, family in _FIELDS:
        for element in getattr(rule, name):
            place = rule.place(name, element)
            if element.via:
                place = place._replace(span=_tightest(graph, rule, resource, name, element))
            each = element.each if isinstance(element, Unknown) else None
            one = element if each is None else each
            read = _range(place, one, family)
            if each is not None:  # there may be none of them
                read = read._replace(lower=(), causes=_unknown(element))
            if not read.lower:
                own = own_block_size(graph, one, family)
                listed = isinstance(one, Unknown) and any(a.each for a in one.allowed)
                several = listed or each is not None or rule.presence.cause is not None
                read = read._replace(
                    most=read.most if own is None else own,
                    times=_MOST_RULES if several else 1,
                    inside=own is not None
                    and lies_inside(graph, _group(graph, rule, resource), one),
                )
            yield read


def _tightest(
    graph: Graph, rule: SecurityGroupRule, resource: Resource, name: str, element: Val
) -> Span:
    """Where to change a range so that this rule alone changes, as far as there is such a place.

    That is where the range is written; where other rules read it from there too, or a module that
    is not on the disk, which may have it for its VPC, the nearest place on its way that is this
    rule's own: a module's argument, or the rule.
    """
    users = _users(graph)
    way = _way(rule, name, element)
    own = _user(rule, resource)
    return next((span for span in way if users[span.key] == {own}), way[-1])


@remembered
def _users(graph: Graph) -> dict[tuple[str, int, int], set[Hashable]]:
    """The rules that read their ranges from, or by way of, each place outside of them.

    Modules that are not on the disk count as well.
    """
    found: dict[tuple[str, int, int], set[Hashable]] = defaultdict(set)
    for module in graph.all(UnreadModule):
        for _, value in module.arguments():
            for element in value.elements():
                for span in (element.span, *(step.span for step in element.via)):
                    found[span.key].add(module.address)
    rules: list[tuple[SecurityGroupRule, Resource]] = [
        (rule, rule) for rule in graph.all(SeparateSecurityGroupRule)
    ]
    rules += [(r, g) for g in graph.all(SecurityGroup) for r in (*g.ingress, *g.egress)]
    for rule, resource in rules:
        for name, _ in _FIELDS:
            for element in getattr(rule, name):
                if element.via:
                    for span in _way(rule, name, element):
                        found[span.key].add(_user(rule, resource))
    return found


def _user(rule: SecurityGroupRule, resource: Resource) -> Hashable:
    """What all instances of one rule of a ``count`` or ``for_each`` have in common."""
    return rule.span.key, tuple(step.span.key for step in resource.declared.callers)


def _way(rule: SecurityGroupRule, name: str, element: Val) -> tuple[Span, ...]:
    """The places from where a range is written to where the rule says it.

    A rule that is the element of a list (Terraform JSON, ``ingress = [...]``) says it as a whole.
    """
    span = element.of.span if element.of is not None else element.span
    written = (section.expression(steps[-1]) for section, steps in rule.written_at(name))
    said = next((one for one in written if one is not None), rule.span)
    return (span, *(step.span for step in element.via), said)


def _group(graph: Graph, rule: SecurityGroupRule, resource: Resource) -> Resource | None:
    """The group of a rule, where that is certain."""
    if not isinstance(rule, SeparateSecurityGroupRule):
        return resource
    return graph.only(rule, "security_group", SecurityGroup)


def _range(place: Place, element: Val, family: Family) -> RuleSource:
    """One address range as a source; one that cannot be read may be anything of its family."""
    texts = alternatives(element)
    if texts is None:
        if not isinstance(element, Unknown):
            return RuleSource(place, (), (AddressSet.everything(family),), ())
        bound = bound_of(element, family)
        if bound.whole:
            return RuleSource(place, (bound.upper,), (bound.upper,), ())
        size = 1 << (family.bits - bound.lengths[0]) if bound.lengths else None
        return RuleSource(place, (), (bound.upper,), (element,), size)
    sets = []
    for text in texts:
        if text is None:  # an arm that leaves it out
            sets.append(AddressSet.nothing(family))
            continue
        parsed = parse_cidr(text) if isinstance(text, str) else None
        if parsed is None or parsed.family is not family:
            flaw = no_range(element, text, family)
            everything = (AddressSet.everything(family),)
            return RuleSource(place, (), everything, (flaw, *_unknown(element)))
        sets.append(parsed.addresses)
    lower, upper = sets[0], AddressSet.union(family, sets)
    for other in sets[1:]:
        lower &= other
    return RuleSource(place, (lower,), (upper,), _unknown(element))


def _unknown(value: Val) -> tuple[Unknown, ...]:
    return (value,) if isinstance(value, Unknown) else ()


def _prefix_lists(
    graph: Graph, rule: SecurityGroupRule, resource: Resource
) -> Iterator[RuleSource]:
    for edge in graph.follow(resource, rule, "prefix_lists"):
        place = rule.place("prefix_lists", edge.value)
        if isinstance(edge.target, PrefixList):
            listed = _entries(graph, edge.target)
            yield RuleSource(place, listed.lower, listed.upper, listed.causes, hops=listed.hops)
        elif is_aws_managed(edge):
            yield RuleSource(place, (), ())  # AWS's own services or its edge: not the internet
        else:
            words = "what the prefix list holds is not in the source"
            unknown = (
                edge.value
                if isinstance(edge.value, Unknown) and edge.target is None
                else Unknown(words, "external-id", edge.value.span, edge.value.via)
            )
            upper = tuple(AddressSet.everything(family) for family in Family)
            yield RuleSource(place, (), upper, (unknown,))


class _Listed(NamedTuple):
    """What the entries of a prefix list come to, as in ``RuleSource``."""

    lower: tuple[AddressSet, ...]
    upper: tuple[AddressSet, ...]
    causes: tuple[Unknown, ...]
    hops: tuple[Step, ...]


@remembered
def _entries(graph: Graph, prefix_list: PrefixList) -> _Listed:
    lower: list[AddressSet] = []
    upper: list[AddressSet] = []
    causes: list[Unknown] = []
    hops: list[Step] = []
    for entry, cidr, family in listed_entries(graph, prefix_list):
        read = _range(entry.place("cidr"), cidr, family)
        if any(addresses.size >= BROAD_SIZE[family] for addresses in read.lower):
            hops.append(Step(read.place.span, f"{cidr.text} is in {prefix_list.address}"))
        if entry.presence.certain:
            lower.extend(read.lower)
        elif entry.presence.cause is not None:
            causes.append(entry.presence.cause)
        upper.extend(read.upper)
        causes.extend(read.causes)
    by = filling_unit(graph, prefix_list, SeparatePrefixListEntry)
    if by or (is_of_another_unit(graph, prefix_list) and not upper):
        upper.extend(AddressSet.everything(family) for family in Family)
        causes.append(filled_elsewhere(graph, prefix_list, "entries", by))
    return _Listed(tuple(lower), tuple(upper), tuple(causes), tuple(hops))
