"""What the rules of security groups open to the internet, or may open.

A source is the internet where its openness is ``world`` (semantics.md, A1). Reachability is not
decided here: a rule may be open and its group attached to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from iac_ec2lint.graph.graph import Edge, Graph, Implicit
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.group_rules import GroupRules, RuleTraffic, group_rules
from iac_ec2lint.network.filters.joint_exposure import (
    Exposure,
    causes_of,
    perhaps_together,
    together,
    whole_exposures,
)
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.sets.addresses import (
    WORLD_PERCENT,
    AddressSet,
    Family,
    Openness,
    internet,
    openness,
)
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, PortSet
from iac_ec2lint.network.sets.traffic import Direction, foreign_to
from iac_ec2lint.network.vpc.own_ranges import own_ranges
from iac_ec2lint.network.vpc.subnets import inner_addresses, peer_addresses
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.security_group import SecurityGroup, SecurityGroupRule
from iac_ec2lint.resources.spelling import Relation
from iac_ec2lint.resources.vpc import Vpc

__all__ = [
    "Exposure",
    "attached_to",
    "attachments",
    "exposures",
    "exposures_of_all",
    "is_attached",
    "possible_exposures",
    "public_addresses",
    "strangers",
]


def exposures(graph: Graph, direction: Direction = "ingress") -> tuple[Exposure, ...]:
    """What rules open to the internet, or may open, group by group.

    A source is the internet where its openness is ``world`` (semantics.md, A1). Each rule that
    opens ports by itself is one exposure; where only several do so together, they are one.

    Args:
        graph: The graph.
        direction: ``ingress``, or ``egress`` for destinations.
    """
    return _every_exposure(graph, direction)


@remembered
def _every_exposure(graph: Graph, direction: Direction) -> tuple[Exposure, ...]:
    exposed = (_exposures(graph, group) for group in group_rules(graph, direction))
    return tuple(one for own in exposed for one in own)


def exposures_of_all(
    graph: Graph, opens: Callable[[Exposure], object], direction: Direction = "ingress"
) -> Iterator[Exposure]:
    """The exposures that open all that is asked for, or may: alone, or several of a group together.

    Args:
        graph: The graph.
        opens: Whether an exposure opens all of it.
        direction: See ``exposures``.
    """
    more = possible_exposures(graph, direction)
    for _, of_group in groupby(exposures(graph, direction), key=lambda one: one.group.address):
        parts = list(of_group)
        parts += [part for part in more.get(parts[0].group, ()) if not opens(part)]
        yield from whole_exposures(parts, opens)


@remembered
def possible_exposures(
    graph: Graph, direction: Direction
) -> Mapping[Resource, tuple[Exposure, ...]]:
    """What groups may open by rules that may be theirs, or else another group's or nobody's.

    Such a rule is an exposure of its own among ``exposures``.
    """
    found: dict[Resource, tuple[Exposure, ...]] = {}
    for group in group_rules(graph, direction):
        if group.perhaps:
            public = {family: strangers(graph, group.group, family) for family in Family}
            own = (one for read in group.perhaps for one in _undecided(group.group, read, public))
            found[group.group] = tuple(own)
    return found


def is_attached(graph: Graph, group: Resource) -> bool:
    """Whether a group is attached to anything in the graph: an instance, an interface, ..."""
    return any(True for _ in attachments(graph, group))


def attachments(graph: Graph, group: Resource) -> Iterator[Edge]:
    """The places that give a group to anything: its rules, and those that name it, do not."""
    for edge in graph.sources(group, *_leading_to_groups(graph)):
        if not isinstance(edge.part, SecurityGroupRule) and edge.relation not in _NAMING:
            yield edge


@remembered
def _leading_to_groups(graph: Graph) -> tuple[str, ...]:
    """The relations of what is declared that may lead to a security group."""
    kinds = {type(resource) for resource in graph.declared()}
    return tuple(sorted(frozenset().union(*map(_relations_to_groups, kinds))))


def _relations_to_groups(kind: type[Part]) -> frozenset[str]:
    """The relations of a class and of its parts that may lead to a security group."""
    found = _TO_GROUPS.get(kind)
    if found is None:
        own = (field for field in kind.fields() if isinstance(field, Relation))
        names = (one.name for one in own if not one.to or SecurityGroup.__name__ in one.to)
        nested = (field.kind for field in kind.fields() if field.kind is not None)
        found = frozenset(names).union(*map(_relations_to_groups, nested))
        _TO_GROUPS[kind] = found
    return found


_NAMING: Final = frozenset({"listed_for", "prefix_list", "tagged"})
"""The relations of what names a group and does not have it."""
_TO_GROUPS: Final[dict[type[Part], frozenset[str]]] = {}


def attached_to(graph: Graph, group: Resource) -> Iterator[Resource]:
    """What has a group, or may have it."""
    return (edge.source for edge in attachments(graph, group))


def public_addresses(graph: Graph, group: Resource, family: Family) -> AddressSet:
    """The internet as seen from a group: without the blocks that its VPC and the peers use."""
    vpc: Resource | None = None
    if isinstance(group, SecurityGroup):
        vpc = graph.only(group, "vpc", Vpc)
        if vpc is None and group.vpc is not None:
            return internet(family) - peer_addresses(graph, group.vpc, family)
    elif isinstance(group, Implicit):
        vpc = group.owner
    return _outside(graph, vpc, family) if isinstance(vpc, Vpc) else internet(family)


@remembered
def _outside(graph: Graph, vpc: Vpc, family: Family) -> AddressSet:
    """The internet as seen from a VPC; computed once."""
    return internet(family) - inner_addresses(graph, vpc, family)


def strangers(graph: Graph, group: Resource, family: Family) -> AddressSet:
    """``public_addresses`` without the organisation's own: those from which anybody may come."""
    return public_addresses(graph, group, family) - own_ranges(graph, family)


def _exposures(graph: Graph, group: GroupRules) -> Iterator[Exposure]:
    public = {family: strangers(graph, group.group, family) for family in Family}
    alone: list[Exposure] = []
    partial: list[RuleTraffic] = []
    for read in group.rules:
        world, some = _world(read, public)
        if world:
            alone.append(_exposure(group.group, (read,), read.lower, world))
        elif some:
            partial.append(read)
    found = [_completed(exposure, partial, public) for exposure in alone]
    if len(partial) > 1:
        found.extend(together(group.group, partial, public))
    for read in group.rules:
        found.extend(_undecided(group.group, read, public))
    yield from found
    rules = (*group.rules, *(read for read in group.perhaps if not _opens(read, public)))
    if any(causes_of(read) for read in rules):
        yield from perhaps_together(group.group, rules, found, public)


def _opens(read: RuleTraffic, public: Mapping[Family, AddressSet]) -> bool:
    """Whether a rule may open ports to the internet by itself, whichever group it belongs to."""
    return bool(_world(read._replace(lower=read.upper), public)[0])


def _world(
    read: RuleTraffic, public: Mapping[Family, AddressSet]
) -> tuple[list[tuple[RuleSource, AddressSet]], bool]:
    """The sources that make a rule open to the internet, and whether it admits a part of it."""
    found: list[tuple[RuleSource, AddressSet]] = []
    some = False
    for family in _families(read.lower):
        sources = [s for s in read.sources if any(a.family is family for a in s.lower)]
        union = AddressSet.union(
            family, (a for s in sources for a in s.lower if a.family is family)
        )
        how = openness(union, public[family])
        some = some or how is not Openness.NONE
        if how is Openness.WORLD:
            found.extend((s, union) for s in _decisive(sources, family, public[family]))
    return found, some


def _families(ports: Mapping[int, PortSet]) -> Iterator[Family]:
    """The families in which ports carry anything: ICMP is IPv4's alone, ICMPv6 IPv6's alone."""
    for family in Family:
        foreign = foreign_to(family)
        if any(covered for protocol, covered in ports.items() if protocol != foreign):
            yield family


def _decisive(
    sources: Iterable[RuleSource], family: Family, public: AddressSet
) -> Iterator[RuleSource]:
    """The sources that are the internet by themselves, else all that have a part of it."""
    parts = []
    alone = []
    for source in sources:
        own = AddressSet.union(family, (a for a in source.lower if a.family is family))
        how = openness(own, public)
        if how is not Openness.NONE:
            parts.append(source)
        if how is Openness.WORLD:
            alone.append(source)
    yield from alone or parts


def _exposure(
    group: Resource,
    rules: tuple[RuleTraffic, ...],
    ports: Mapping[int, PortSet],
    world: list[tuple[RuleSource, AddressSet]],
) -> Exposure:
    places = tuple(source.place for source, _ in world)
    addresses = tuple(dict.fromkeys(union for _, union in world))
    return Exposure(group, rules, ports, places, addresses)


def _completed(
    exposure: Exposure, partial: Iterable[RuleTraffic], public: Mapping[Family, AddressSet]
) -> Exposure:
    """An exposure with the rules that add a large part of the internet to it: the other half."""
    covered = {family: AddressSet.nothing(family) for family in Family}
    for addresses in exposure.addresses:
        covered[addresses.family] |= addresses
    rules, places, wider = [*exposure.rules], [*exposure.places], dict(covered)
    for read in partial:
        if read.when or not any(exposure.on(p).overlaps(read.lower[p]) for p in read.lower):
            continue
        for source in read.sources:
            added = [a for a in source.lower if covered[a.family] and _is_large(a, covered, public)]
            if added:
                places.append(source.place)
                rules += [read] if read not in rules else []
            for addresses in added:
                wider[addresses.family] |= addresses
    if len(places) == len(exposure.places):
        return exposure
    unions = tuple(wider[family] for family in Family if wider[family])
    return Exposure(exposure.group, tuple(rules), exposure.ports, tuple(places), unions)


def _is_large(
    addresses: AddressSet, covered: Mapping[Family, AddressSet], public: Mapping[Family, AddressSet]
) -> bool:
    fresh = addresses - covered[addresses.family]
    return openness(fresh, public[addresses.family]) in {Openness.WORLD, Openness.BROAD}


def _undecided(
    group: Resource, read: RuleTraffic, public: Mapping[Family, AddressSet]
) -> Iterator[Exposure]:
    """What a rule may open beyond what it certainly opens."""
    if not causes_of(read):
        return  # as of most: all of it is known
    already = read.lower if _world(read, public)[0] else {}
    ports = {
        protocol: fresh
        for protocol, covered in read.upper.items()
        if (fresh := covered - already.get(protocol, already.get(ALL, NO_PORTS)))
    }
    if not ports or not (sources := _may_be_world(read, public)):
        return
    causes = causes_of(read, sources)
    if causes:
        yield Exposure(group, (read,), ports, tuple(s.place for s in sources), (), causes)


def _may_be_world(read: RuleTraffic, public: Mapping[Family, AddressSet]) -> list[RuleSource]:
    found: list[RuleSource] = []
    for family in _families(read.upper):
        half = public[family].size * WORLD_PERCENT // 100
        sources = [s for s in read.sources if (s.most_of_all or public[family].size) > half]
        union = AddressSet.union(
            family, (a for s in sources for a in s.upper if a.family is family)
        )
        if openness(union, public[family]) is Openness.WORLD:
            found.extend(s for s in sources if s.causes and s not in found)
            found.extend(
                s
                for s in sources
                if not s.causes and s not in found and any(a.family is family for a in s.upper)
            )
    # What is told stands at the first: one that opens it alone, where there is one.
    return sorted(found, key=lambda s: not any(_is_world(a, public) for a in s.upper))


def _is_world(addresses: AddressSet, public: Mapping[Family, AddressSet]) -> bool:
    return openness(addresses, public[addresses.family]) is Openness.WORLD
