"""Ports that rules of one group open to the internet: one of them, or several only together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from iac_ec2lint.network.filters.group_rules import RuleTraffic
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, TCP, UDP, USABLE_PORTS, PortSet
from iac_ec2lint.network.sets.traffic import Match, approximate
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import Unknown

T = TypeVar("T", "RuleTraffic", "Exposure")


@dataclass(frozen=True, slots=True)
class Exposure:
    """Ports that rules of one group open to the internet, or may open.

    Attributes:
        group: The group; the rule's resource where its group is unknown.
        rules: The rules that open them, in source order: one, or several that do so together.
        ports: The ports by protocol.
        places: The places of the open sources, in source order.
        addresses: The addresses that are admitted.
        causes: The unknowns that make it uncertain; empty where it is certain.
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

    def every_port(self) -> Mapping[int, PortSet]:
        """The ports of each of TCP and UDP of which all are open, or those of all protocols."""
        if ALL in self.ports:
            return {ALL: self.ports[ALL]}
        ports = {protocol: self.on(protocol) for protocol in (TCP, UDP)}
        return {protocol: own for protocol, own in ports.items() if own.covers(USABLE_PORTS)}

    @property
    def when(self) -> str:
        """Its condition, in words; empty where it exists whenever its group does."""
        return next((read.when for read in self.rules if read.when), "")

    @property
    def families(self) -> frozenset[Family]:
        """The families of the addresses that are admitted, or may be."""
        sure = frozenset(addresses.family for addresses in self.addresses)
        places = {place.span.key for place in self.places}
        return sure or frozenset(
            addresses.family
            for read in self.rules
            for source in read.sources
            if source.place.span.key in places
            for addresses in source.upper
            if addresses
        )

    @property
    def possible_families(self) -> frozenset[Family]:
        """These, and the families of what is not known in its rules."""
        return self.families.union(*(_doubted(read) for read in self.rules))

    def describe_addresses(self) -> str:
        """The addresses for people, both families."""
        return ", ".join(dict.fromkeys(a.describe() for a in self.addresses)) or "the internet"


def _doubted(read: RuleTraffic) -> Iterator[Family]:
    sources = (source for source in read.sources if source.causes)
    return (addresses.family for source in sources for addresses in source.upper if addresses)


def exposures_together(items: Sequence[T], group: Resource) -> Iterator[list[T]]:
    """Rules, or exposures, of a group that exist together: the unconditional and one condition's.

    Those of the group's own condition are there whenever it is.
    Those of two conditions are not joined: they may be the branches of one.
    """
    with_group: set[str] = {"", group.presence.when}
    always = [item for item in items if item.when in with_group]
    if always:
        yield always
    for when in dict.fromkeys(item.when for item in items if item.when not in with_group):
        yield [item for item in items if item.when in {*with_group, when}]


def joint_exposure(parts: Iterable[Exposure]) -> Exposure:
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


def whole_exposures(
    parts: Sequence[Exposure], opens: Callable[[Exposure], object]
) -> Iterator[Exposure]:
    """What opens all that is asked for, or may, of the exposures of one group.

    Args:
        parts: The exposures.
        opens: Whether an exposure opens all of it.
    """
    certain = [part for part in parts if not part.causes]
    # A rule of one port opens no others, whichever it is.
    parts = [part for part in parts if not part.causes or not part.rule.one_port]
    found = [part for part in parts if opens(part)]
    possible = [part for part in parts if part.causes and part not in found]
    found += _opened_together(certain, opens)
    yield from found
    if not any(not part.causes and not part.when for part in found):
        yield from _perhaps(certain, possible, opens)


def _opened_together(
    certain: Sequence[Exposure], opens: Callable[[Exposure], object]
) -> Iterator[Exposure]:
    """What exposures open only together, to addresses of one family: surely, or perhaps."""
    found: dict[tuple[int, ...], Exposure] = {}
    for each in exposures_together(certain, certain[0].group) if certain else ():
        for family in Family:
            parts = [one for one in each if family in one.families or _doubts(one, family)]
            if len(parts) < 2 or any(map(opens, parts)):
                continue
            whole = joint_exposure(parts)
            rules = tuple(map(id, whole.rules))
            if not opens(whole):
                continue
            sure = [part for part in parts if family in part.families]
            if not sure or not opens(joint_exposure(sure)):
                doubtful = (part for part in parts if family not in part.families)
                causes = tuple(cause for part in doubtful for cause in _doubts(part, family))
                found.setdefault(rules, replace(whole, addresses=(), causes=causes))
            else:
                known = rules in found and not found[rules].causes
                found[rules] = whole if known else _of_family(whole, family)
    yield from found.values()


def _doubts(exposure: Exposure, family: Family) -> tuple[Unknown, ...]:
    """The unknowns by which an exposure to one family may be one to the other, too."""
    sources = (source for read in exposure.rules for source in read.sources)
    may = (source for source in sources if any(a.family is family for a in source.upper))
    return tuple(cause for source in may for cause in source.causes)


def _of_family(exposure: Exposure, family: Family) -> Exposure:
    """What of an exposure is open to addresses of one family."""
    sources = [source for read in exposure.rules for source in read.sources]
    own = {s.place.span.key for s in sources if any(a.family is family for a in s.lower)}
    return replace(
        exposure,
        places=tuple(place for place in exposure.places if place.span.key in own),
        addresses=tuple(a for a in exposure.addresses if a.family is family),
    )


def _perhaps(
    certain: Sequence[Exposure],
    possible: Sequence[Exposure],
    opens: Callable[[Exposure], object],
) -> list[Exposure]:
    """What may open all beside what is certainly open: each by itself, else several together."""

    def beside(parts: list[Exposure]) -> Exposure:
        when = max(part.when for part in parts)
        return joint_exposure([*parts, *(part for part in certain if part.when in {"", when})])

    found = [whole for part in possible if opens(whole := beside([part]))]
    if not found and len(possible) > 1:
        every = (beside(parts) for parts in exposures_together(possible, possible[0].group))
        found = [whole for whole in every if opens(whole)][:1]
    return found


def _sum(left: Mapping[int, PortSet], right: Mapping[int, PortSet]) -> dict[int, PortSet]:
    """The ports of both, by protocol; what covers all protocols covers each of them."""
    every = left.get(ALL, NO_PORTS) | right.get(ALL, NO_PORTS)
    return {
        protocol: left.get(protocol, NO_PORTS) | right.get(protocol, NO_PORTS) | every
        for protocol in left.keys() | right.keys()
    }


def causes_of(
    read: RuleTraffic, sources: Sequence[RuleSource] | None = None
) -> tuple[Unknown, ...]:
    """The unknowns of a rule and of its sources (all of them where ``sources`` is None)."""
    listed = read.sources if sources is None else sources
    return tuple(dict.fromkeys((*read.causes, *(cause for s in listed for cause in s.causes))))


def together(
    group: Resource,
    partial: list[RuleTraffic],
    public: Mapping[Family, AddressSet],
) -> Iterator[Exposure]:
    """What rules open to the internet only together."""
    for rules in exposures_together(partial, group):
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


def _covers_any(covered: Mapping[int, PortSet], ports: Mapping[int, PortSet]) -> bool:
    """Whether a rule that covers some ports by protocol covers any of ``ports``."""
    return any(
        own.overlaps(ports.get(protocol, ports.get(ALL, NO_PORTS)))
        or (protocol == ALL and bool(own))
        for protocol, own in covered.items()
    )


def _joint(
    group: Resource,
    rules: list[RuleTraffic],
    ports: Mapping[int, PortSet],
    unions: list[AddressSet],
    public: Mapping[Family, AddressSet],
) -> Exposure:
    taking_part = tuple(read for read in rules if _covers_any(read.lower, ports))
    places = tuple(
        source.place
        for read in taking_part
        for source in read.sources
        if any(a.overlaps(public[a.family]) for a in source.lower)
    )
    return Exposure(group, taking_part, ports, places, tuple(dict.fromkeys(unions)))


def perhaps_together(
    group: Resource,
    every: Sequence[RuleTraffic],
    found: Sequence[Exposure],
    public: Mapping[Family, AddressSet],
) -> Iterator[Exposure]:
    """What rules of a group may open together beyond the exposures in ``found``."""
    possible = [read for read in every if read.upper and read.sources]
    for rules in exposures_together(possible, group):
        if len(rules) < 2 or not any(causes_of(read) for read in rules):
            continue
        known: dict[int, PortSet] = {}
        for exposure in found:
            if exposure.when in {"", *(read.when for read in rules)}:
                known = _sum(known, exposure.ports)
        ports: dict[int, PortSet] = {}
        for family in Family:
            for protocol, opened in _perhaps_open(rules, family, public[family]).items():
                fresh = opened - known.get(protocol, known.get(ALL, NO_PORTS))
                if fresh:
                    ports[protocol] = ports.get(protocol, NO_PORTS) | fresh
        if ports:
            yield from _joint_perhaps(group, rules, ports, public)


def _perhaps_open(
    rules: Sequence[RuleTraffic], family: Family, public: AddressSet
) -> Mapping[int, PortSet]:
    """The ports that rules may open to the internet together, by protocol."""
    reads = [(read, source) for read in rules for source in read.sources]
    wide = [
        a & public
        for _, source in reads
        if source.most_of_all is None
        for a in source.upper
        if a.family is family
    ]
    # What is open to all anyhow leaves nothing to add on its ports, and says nothing of others.
    partial = (a for a in wide if openness(a, public) is not Openness.WORLD)
    free = public - AddressSet.union(family, partial)
    matches: list[Match] = []
    for read, source in reads:
        upper = [a for a in source.upper if a.family is family]
        most = source.most_of_all
        if upper and most is not None:
            # Blocks of a known size: the worst case is that they overlap no other source.
            upper = [_first(free, most) if free.size >= most else public]
            free -= upper[0]
        matches.extend(
            Match(protocol, ports, a) for a in upper for protocol, ports in read.upper.items()
        )
    if openness(AddressSet.union(family, (m.sources for m in matches)), public) is Openness.WORLD:
        traffic = approximate(family, matches).upper
        return {
            protocol: traffic.ports_open(protocol, lambda a: openness(a, public) is Openness.WORLD)
            for protocol in (ALL, *traffic.protocols)
        }
    return {}


def _first(addresses: AddressSet, size: int) -> AddressSet:
    """The lowest ``size`` addresses of a set."""
    pairs: list[tuple[int, int]] = []
    for lo, hi in addresses.ranges:
        if size <= 0:
            break
        pairs.append((lo, min(hi, lo + size - 1)))
        size -= hi - lo + 1
    return AddressSet.of(addresses.family, pairs)


def _joint_perhaps(
    group: Resource,
    rules: Sequence[RuleTraffic],
    ports: Mapping[int, PortSet],
    public: Mapping[Family, AddressSet],
) -> Iterator[Exposure]:
    taking_part = tuple(read for read in rules if _covers_any(read.upper, ports))
    places = tuple(
        source.place
        for read in taking_part
        for source in read.sources
        if any(a.overlaps(public[a.family]) for a in source.upper)
    )
    causes = tuple(dict.fromkeys(cause for read in taking_part for cause in causes_of(read)))
    if causes:
        yield Exposure(group, taking_part, ports, places, (), causes)
