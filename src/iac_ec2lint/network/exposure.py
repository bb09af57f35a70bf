"""What the rules of security groups open to the internet, or may open.

A source is the internet where it comes to ``world`` (semantics.md, A1). Reach is not judged here:
a rule may be open and its group attached to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from iac_ec2lint.graph.graph import Graph, Implicit
from iac_ec2lint.network.addresses import (
    WORLD_PERCENT,
    AddressSet,
    Family,
    Openness,
    internet,
    openness,
    parse_cidr,
)
from iac_ec2lint.network.ports import ALL, ICMP, ICMPV6, NO_PORTS, PortSet
from iac_ec2lint.network.rules import GroupRules, RuleTraffic, Source, group_rules
from iac_ec2lint.network.traffic import approximate
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.security_group import SecurityGroup, SecurityGroupRule
from iac_ec2lint.resources.vpc import Vpc, VpcCidrBlock
from iac_ec2lint.values import Unknown

T = TypeVar("T", "RuleTraffic", "Exposure")


@dataclass(frozen=True, slots=True)
class Exposure:
    """Ports that rules of one group open to the internet, or may open.

    Attributes:
        group: The group; the rule's resource where nobody knows its group.
        rules: The rules that open them, in source order: one, or several that do so together.
        ports: The ports by protocol.
        places: The sources that make it so, in source order.
        addresses: Those of the internet that get in.
        causes: What keeps it from being certain; empty where it is.
    """

    group: Resource
    rules: tuple[RuleTraffic, ...]
    ports: Mapping[int, PortSet]
    places: tuple[Place, ...]
    addresses: tuple[AddressSet, ...]
    causes: tuple[Unknown, ...] = ()

    @property
    def rule(self) -> RuleTraffic:
        """The rule that a finding points at."""
        return self.rules[0]

    def on(self, protocol: int) -> PortSet:
        """The ports of one protocol."""
        return self.ports.get(protocol, self.ports.get(ALL, NO_PORTS))

    @property
    def when(self) -> str:
        """What it hangs on, in words; empty where it is there as its group is."""
        return next((read.when for read in self.rules if read.when), "")

    def describe_addresses(self) -> str:
        """The addresses for people, both families."""
        return ", ".join(dict.fromkeys(a.describe() for a in self.addresses)) or "the internet"


def exposures(graph: Graph, direction: str = "ingress") -> tuple[Exposure, ...]:
    """What rules open to the internet, or may open, group by group.

    A source is the internet where it comes to ``world`` (semantics.md, A1). Each rule that opens
    ports by itself is one exposure; where only several do so together, they are one.

    Args:
        graph: The graph.
        direction: ``ingress``, or ``egress`` for destinations.
    """
    key = ("exposures", direction)
    found = graph.recall(key)
    if found is None:
        exposed = [e for group in group_rules(graph, direction) for e in _exposures(graph, group)]
        found = graph.remember(key, tuple(exposed))
    return cast("tuple[Exposure, ...]", found)


def is_attached(graph: Graph, group: Resource) -> bool:
    """Whether anything in the graph certainly carries a group: an instance, an interface, ..."""
    return any(
        not isinstance(edge.part, SecurityGroupRule)
        and edge.relation not in {"security_group", "prefix_list"}
        for edge in graph.sources(group)
    )


def public_addresses(graph: Graph, group: Resource, family: Family) -> AddressSet:
    """The internet as seen from a group: without the blocks that its own VPC uses."""
    vpc: Resource | None = None
    if isinstance(group, SecurityGroup):
        vpc = graph.only(group, "vpc", Vpc)
    elif isinstance(group, Implicit):
        vpc = group.owner
    if not isinstance(vpc, Vpc):
        return internet(family)
    key = ("public addresses", vpc, family)
    found = graph.recall(key)
    if found is None:
        found = graph.remember(key, _outside(graph, vpc, family))
    return cast("AddressSet", found)


def _outside(graph: Graph, vpc: Vpc, family: Family) -> AddressSet:
    """The internet without the blocks that a VPC uses."""
    public = internet(family)
    blocks = [vpc.cidr_block, vpc.ipv6_cidr_block]
    for edge in graph.sources(vpc, "vpc"):
        block = edge.source
        if isinstance(block, VpcCidrBlock):
            blocks += [block.cidr_block, block.ipv6_cidr_block]
    for written in blocks:
        parsed = parse_cidr(written.text or "") if written is not None else None
        if parsed is not None and parsed.family is family:
            public -= parsed.addresses
    return public


def _exposures(graph: Graph, group: GroupRules) -> Iterator[Exposure]:
    public = {family: public_addresses(graph, group.group, family) for family in Family}
    alone: list[Exposure] = []
    partial: list[RuleTraffic] = []
    for read in group.rules:
        world, some = _world(read, public)
        if world:
            alone.append(_exposure(group.group, (read,), read.lower, world))
        elif some:
            partial.append(read)
    for exposure in alone:
        yield _completed(exposure, partial, public)
    if len(partial) > 1:
        yield from _together(group.group, partial, public)
    for read in group.rules:
        yield from _undecided(group.group, read, public)


def _world(
    read: RuleTraffic, public: Mapping[Family, AddressSet]
) -> tuple[list[tuple[Source, AddressSet]], bool]:
    """The sources that make a rule open to the internet, and whether it admits a part of it."""
    found: list[tuple[Source, AddressSet]] = []
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
        foreign = ICMPV6 if family is Family.IPV4 else ICMP
        if any(covered for protocol, covered in ports.items() if protocol != foreign):
            yield family


def _decisive(sources: Iterable[Source], family: Family, public: AddressSet) -> Iterator[Source]:
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
    world: list[tuple[Source, AddressSet]],
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


def _together(
    group: Resource,
    partial: list[RuleTraffic],
    public: Mapping[Family, AddressSet],
) -> Iterator[Exposure]:
    """What rules open only together."""
    for rules in coexisting(partial):
        if len(rules) < 2:
            continue
        ports: dict[int, PortSet] = {}
        unions: list[AddressSet] = []
        for family in Family:
            traffic = approximate(family, (m for read in rules for m in read.matches())).lower
            for protocol in (ALL, *traffic.protocols):
                world = traffic.ports_open(
                    protocol,
                    lambda sources, family=family: (  # type: ignore[misc]  # a default binds it
                        openness(sources, public[family]) is Openness.WORLD
                    ),
                )
                if world:
                    ports[protocol] = ports.get(protocol, NO_PORTS) | world
                    unions.append(traffic.sources(protocol, world.ranges[0][0]))
        if ports:
            yield _joint(group, rules, ports, unions, public)


def _joint(
    group: Resource,
    rules: list[RuleTraffic],
    ports: Mapping[int, PortSet],
    unions: list[AddressSet],
    public: Mapping[Family, AddressSet],
) -> Exposure:
    taking_part = tuple(
        read
        for read in rules
        if any(
            covered.overlaps(ports.get(protocol, ports.get(ALL, NO_PORTS)))
            or (protocol == ALL and bool(covered))
            for protocol, covered in read.lower.items()
        )
    )
    places = tuple(
        source.place
        for read in taking_part
        for source in read.sources
        if any(a.overlaps(public[a.family]) for a in source.lower)
    )
    return Exposure(group, taking_part, ports, places, tuple(dict.fromkeys(unions)))


def _undecided(
    group: Resource, read: RuleTraffic, public: Mapping[Family, AddressSet]
) -> Iterator[Exposure]:
    """What a rule may open beyond what it certainly opens."""
    already = read.lower if _world(read, public)[0] else {}
    ports = {
        protocol: fresh
        for protocol, covered in read.upper.items()
        if (fresh := covered - already.get(protocol, already.get(ALL, NO_PORTS)))
    }
    if not ports or not (sources := _may_be_world(read, public)):
        return
    causes = tuple(dict.fromkeys((*read.causes, *(cause for s in sources for cause in s.causes))))
    if causes:
        yield Exposure(group, (read,), ports, tuple(s.place for s in sources), (), causes)


def _may_be_world(read: RuleTraffic, public: Mapping[Family, AddressSet]) -> list[Source]:
    found: list[Source] = []
    for family in _families(read.upper):
        half = public[family].size * WORLD_PERCENT // 100
        sources = [s for s in read.sources if s.most is None or s.most > half]
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
    return found


def _sum(left: Mapping[int, PortSet], right: Mapping[int, PortSet]) -> dict[int, PortSet]:
    """The ports of both, by protocol; what covers all protocols covers each of them."""
    every = left.get(ALL, NO_PORTS) | right.get(ALL, NO_PORTS)
    return {
        protocol: left.get(protocol, NO_PORTS) | right.get(protocol, NO_PORTS) | every
        for protocol in left.keys() | right.keys()
    }


def coexisting(items: Sequence[T]) -> Iterator[list[T]]:
    """Rules, or exposures, that are there together: those that always are, with each condition's.

    Those of two conditions are not put together: they may be the arms of one.
    """
    always = [item for item in items if not item.when]
    if always:
        yield always
    for when in dict.fromkeys(item.when for item in items if item.when):
        yield [item for item in items if item.when in {"", when}]


def joined(parts: Iterable[Exposure]) -> Exposure:
    """Exposures of one group as one: what their rules open in all.

    Args:
        parts: At least one; all of one group.
    """
    every = tuple(parts)
    ports: dict[int, PortSet] = {}
    for part in every:
        ports = _sum(ports, part.ports)
    return Exposure(
        every[0].group,
        tuple({id(read): read for part in every for read in part.rules}.values()),
        ports,
        tuple({place.span.key: place for part in every for place in part.places}.values()),
        tuple(dict.fromkeys(a for part in every for a in part.addresses)),
        tuple(cause for part in every for cause in part.causes),
    )
