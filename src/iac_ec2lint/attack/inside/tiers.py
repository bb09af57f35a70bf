"""Tiers: hosts and data stores that are alike, and the steps from one to another.

Equivalent hosts are judged once. A step from one tier to another is a way inside
(``network.inside.lateral``), or a way around (``network.reachability.between``): through a load
balancer, or over the internet where a rule names the address that is seen there. Which tiers come
into question is looked up by the groups and the ranges that their rules name, in the VPCs that
exchange traffic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Set
from functools import partial
from itertools import islice
from typing import Final, TypeAlias

from iac_ec2lint.attack.entry.entries import AttackEntry, any_port, entry_of
from iac_ec2lint.attack.inside.equivalence import host_key, interfaces_key
from iac_ec2lint.attack.inside.tier_steps import (
    JudgedStep,
    Tier,
    TierStep,
    best_inside,
    judged,
    port_kinds,
    step_choices,
    way_inside,
)
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import Answers, remembered
from iac_ec2lint.network.entry.data_stores import data_stores, elsewhere_hops
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.inside.lateral import (
    FlowEnd,
    crossing_of,
    distinguished_groups,
    lateral_ways,
    store_ends,
    workload_ends,
)
from iac_ec2lint.network.inside.lattice import lattice_ways
from iac_ec2lint.network.inside.outbound import outside_names, senders_of
from iac_ec2lint.network.load_balancers.to_workloads import target_ports
from iac_ec2lint.network.reachability.between import named_addresses, ways_around
from iac_ec2lint.network.reachability.exposed_ports import exposed_ports
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.ports import NO_PORTS, TCP, PortSet
from iac_ec2lint.network.sets.traffic import Direction
from iac_ec2lint.network.verdicts.ways import Way
from iac_ec2lint.network.vpc.neighbours import VpcKey, neighbours, vpc_key
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.vpc_lattice import LatticeResource

_HANDED: Final[dict[bool | None, int]] = {True: 0, None: 1, False: 2}
"""The order of ways in: by whether they hand connections on as they are."""


_Ranges: TypeAlias = "tuple[AddressSet, AddressSet]"
"""The addresses that rules name, of each family."""


class Tiers:
    """All tiers of a unit, and which of them may step to which."""

    def __init__(self, graph: Graph) -> None:
        self.tiers: list[Tier] = []
        self.of: dict[str, Tier] = {}
        self._by_source: dict[Resource, list[Tier]] = defaultdict(list)
        self._by_range: dict[VpcKey, dict[_Ranges, list[Tier]]] = defaultdict(dict)
        self._unknown_stores: dict[Tier, None] = {}
        self._neighbours = neighbours(graph)
        self._in_range: dict[tuple[Resource, AddressSet, AddressSet, bool], tuple[Tier, ...]] = {}
        self.answers: Answers = defaultdict(dict)
        self._judged: dict[tuple[int, int, tuple[int, ...]], JudgedStep | None] = {}
        self._numbers: dict[Hashable, int] = {}
        self._keys: dict[tuple[Tier, Direction], int] = {}
        self._best: dict[tuple[int, int, int], tuple[int, bool | None] | None] = {}
        self._first: dict[Tier, Workload] = {}
        self._ports_around: dict[Tier, tuple[Workload, PortSet]] = {}
        self._named_by: dict[str, dict[Tier, None]] = defaultdict(dict)
        self._behind: dict[Tier, None] = {}
        known: dict[object, Tier] = {}
        for workload in workloads(graph):
            if workload.exists.truth is False or not workload.enis:
                continue
            mark = host_key(workload)
            tier = known.get(mark)
            if tier is None:
                ends = workload_ends(graph, workload)
                tier = Tier(workload.resource, ends, (), _groups(workload), {})
                known[mark] = tier
                self._add(graph, tier)
                self._first[tier] = workload
            self.of[workload.resource.address] = tier
            tier.alike[workload.resource.address] = None
            self._add_ways_around(graph, tier, workload)
        for store in data_stores(graph):
            groups = frozenset(g.group.address for g in store.groups if g.group is not None)
            stands = store_ends(graph, store)
            alike = {store.resource.address: None}
            placed = tuple(
                one._replace(
                    preconditions=(*one.preconditions, *elsewhere_hops(store, one.placement))
                )
                for one in stands
            )
            self._add(graph, Tier(store.resource, stands, store.ports, groups, alike, placed))
        self._named = frozenset(
            group
            for tier in self.tiers
            for stand in tier.stands
            for admitted in (stand.ingress, stand.egress)
            for group in distinguished_groups(graph, admitted)
        )

    def _add(self, graph: Graph, tier: Tier) -> None:
        self.tiers.append(tier)
        named: dict[Resource, None] = {}
        ranges: dict[tuple[VpcKey, _Ranges], None] = {}
        if tier.ports and any(stand.ingress.gaps for stand in tier.stands):
            self._unknown_stores[tier] = None
        for stand in tier.stands:
            named.update(dict.fromkeys(distinguished_groups(graph, stand.ingress)))
            own = _ranges_of(graph, stand.ingress)
            if own is not None:
                ranges[_mark(graph, stand), own] = None
        for group in named:
            self._by_source[group].append(tier)
        for mark, own in ranges:
            self._by_range[mark].setdefault(own, []).append(tier)

    def _add_ways_around(self, graph: Graph, tier: Tier, workload: Workload) -> None:
        """Remembers the ports of a host that others may come to by a way around."""
        if tier in self._ports_around:
            return
        administration, data = port_kinds()
        forwarded = {
            number
            for protocol, lo, hi in target_ports(graph, workload)
            for number in (lo, hi)
            if protocol == TCP and lo == hi
        }
        ports = NO_PORTS
        if forwarded:
            ports = PortSet.of((number, number) for number in forwarded) & (administration | data)
        if ports:
            self._behind[tier] = None
        for name, named in named_addresses(graph, workload):
            ports |= named
            self._named_by[name][tier] = None
        if ports:
            self._ports_around[tier] = (workload, ports)

    @remembered
    def around(self, graph: Graph, source: Tier) -> tuple[Tier, ...]:
        """The tiers that a host may get to by a way around: see ``ways_around``."""
        candidates = dict(self._behind)
        own = self._first.get(source)
        if own is not None and self._named_by:
            for sender in senders_of(graph, own):
                for name in sorted(outside_names(graph, sender)):
                    candidates.update(self._named_by.get(name, {}))
        return tuple(candidates)

    def exposed(self, graph: Graph) -> Iterator[tuple[Tier, list[AttackEntry]]]:
        """The tiers that the internet reaches, each with its ways in, the firmest first."""
        found: dict[Tier, list[AttackEntry]] = {}
        for entrance in exposed_ports(graph):
            tier = self.of.get(entrance.workload.resource.address)
            if tier is None or tier.resource is not entrance.workload.resource:
                continue
            entry = entry_of(graph, entrance, any_port)
            if entry is not None:
                found.setdefault(tier, []).append(entry)
        for tier, entries in found.items():
            # What can be talked to directly says more than what an application stands before.
            entries.sort(key=lambda e: (e.undecided, _HANDED[e.entrance.hands_on.truth]))
            yield tier, entries

    @remembered
    def reached(self, graph: Graph) -> frozenset[Tier]:
        """The tiers that the internet surely reaches, and talks to itself.

        What an application's front alone exposes there is not: who gets on to its SSH port from
        another host gets further than the internet does.
        """
        surely = (
            one
            for one in exposed_ports(graph)
            if any(row.truth for row in one.rows) and one.hands_on.truth
        )
        found = (self.of.get(one.workload.resource.address) for one in surely)
        return frozenset(tier for tier in found if tier is not None)

    @remembered
    def onward(self, graph: Graph, source: Tier) -> tuple[Tier, ...]:
        """The tiers that one may step to, which the internet does not surely reach itself."""
        exposed = self.reached(graph)
        lattice = (one for one in self.tiers if one.ports) if graph.has(LatticeResource) else ()
        every = (*self.near(graph, source, but=exposed), *self.around(graph, source), *lattice)
        return tuple(
            target
            for target in dict.fromkeys(every)
            if target not in exposed
            and target is not source
            # Hosts of the same groups are of one tier; a managed store that has them is none.
            and not (target.groups and target.groups == source.groups and not target.ports)
        )

    def step(self, graph: Graph, source: Tier, target: Tier) -> TierStep | None:
        """The step from one tier to another that says most; ``None`` where there is none.

        One inside is judged once for all tiers that are alike to each other's rules.
        """
        direct = self._inside(graph, source, target)
        if direct is not None and direct.truth:
            return direct
        if target.ports:
            return direct or self._step_by_lattice(graph, source, target)
        if target not in self._ports_around:
            return direct
        around = self._step_around(graph, source, target)
        return direct if around is None or (direct and not around.truth) else around

    def _step_by_lattice(self, graph: Graph, source: Tier, target: Tier) -> TierStep | None:
        """The step through VPC Lattice to a data store."""
        own = self._first.get(source)
        if own is None:
            return None
        standing = {vpc_of(graph, stand.placement.subnet) for stand in target.stands}
        way = next(lattice_ways(graph, senders_of(graph, own), target.resource, standing), None)
        if way is None:
            return None
        found = partial(_same, way)
        return TierStep(source, target, target.ports[0], frozenset({"data"}), None, found)

    @remembered
    def _step_around(self, graph: Graph, source: Tier, target: Tier) -> TierStep | None:
        own, (workload, ports) = self._first.get(source), self._ports_around[target]
        if own is None or target not in self.around(graph, source):
            return None
        senders = senders_of(graph, own)
        for truth in (True, None):
            for kinds, number in step_choices(ports, target):
                for way in ways_around(graph, senders, workload, (TCP, number)):
                    if way.truth is truth:
                        return TierStep(source, target, number, kinds, truth, partial(_same, way))
        return None

    def _inside(self, graph: Graph, source: Tier, target: Tier) -> TierStep | None:
        """The step over private addresses."""
        begin, end = self._key(graph, source, "egress"), self._key(graph, target, "ingress")
        key = (begin, end, target.ports)
        if key not in self._judged:
            self._judged[key] = judged(graph, source, target)
        found = self._judged[key]
        if found is None:
            return None
        find = partial(way_inside, graph, source, target, found)
        return TierStep(source, target, found.port, found.kinds, found.truth, find)

    def ways_between(
        self, graph: Graph, own: Workload, other: Workload, port: int
    ) -> Iterator[Way]:
        """The ways from a host to a TCP port of another: the best inside, and those around."""
        source = self.of.get(own.resource.address)
        target = self.of.get(other.resource.address)
        if source is None or target is None or not self._may_meet(graph, source, target):
            return
        begin, end = self._key(graph, source, "egress"), self._key(graph, target, "ingress")
        key = (begin, end, port)
        if key not in self._best:
            self._best[key] = best_inside(graph, source, target, port)
        best = self._best[key]
        if best is not None:
            at, truth = best
            ends = workload_ends(graph, own), workload_ends(graph, other)
            yield next(islice(lateral_ways(graph, *ends, (TCP, port)), at, None)).known_to_be(truth)
        if target in self.around(graph, source):
            yield from ways_around(graph, senders_of(graph, own), other, (TCP, port))

    def _may_meet(self, graph: Graph, source: Tier, target: Tier) -> bool:
        """Whether a tier may be one that another gets to: most are elsewhere, and not asked."""
        return target in self._in_reach(graph, source) or not (
            _is_named(source) and _is_named(target)
        )

    @remembered
    def _in_reach(self, graph: Graph, source: Tier) -> frozenset[Tier]:
        return frozenset((*self.near(graph, source), *self.around(graph, source)))

    def _key(self, graph: Graph, tier: Tier, direction: Direction) -> int:
        """A number for what decides about flows from a tier, or to it: see ``equivalence``."""
        found = self._keys.get((tier, direction))
        if found is None:
            content = interfaces_key(graph, tier.stands, direction, self._named)
            found = self._numbers.setdefault(content, len(self._numbers))
            self._keys[tier, direction] = found
        return found

    def near(self, graph: Graph, source: Tier, but: Set[Tier] = frozenset()) -> list[Tier]:
        """The tiers whose rules may speak of a tier: by its groups, or by ranges it may be in.

        Of a data store that has groups which nobody knows here the rules may speak of anything.

        Args:
            graph: The graph.
            source: The tier.
            but: The tiers that need not be among them.
        """
        candidates: dict[Tier, None] = {}
        for stand in source.stands:
            for carried in stand.holder.groups:
                if carried.group is not None:
                    candidates.update(dict.fromkeys(self._by_source.get(carried.group, ())))
            candidates.update(dict.fromkeys(self._ranged(graph, stand, but)))
            candidates.update(
                (tier, None)
                for tier in self._unknown_stores
                if any(_meets(graph, stand, one) for one in tier.stands)
            )
        return sorted(candidates, key=lambda tier: tier.resource.address)

    def _ranged(self, graph: Graph, stand: FlowEnd, but: Set[Tier]) -> tuple[Tier, ...]:
        """The tiers whose rules name ranges that an interface may be in, where it may get to.

        What it may get to is looked up once for all that stand where it does.
        """
        own = stand.ipv4.addresses, stand.placed(Family.IPV6).addresses
        key = (stand.placement.subnet, *own, bool(but))
        found = self._in_range.get(key)
        if found is None:
            mark = _mark(graph, stand)
            found = self._in_range[key] = tuple(
                tier
                for other in sorted(self._neighbours.reach(mark, self._by_range))
                for named, tiers in self._by_range.get(other, {}).items()
                if named[0].overlaps(own[0]) or named[1].overlaps(own[1])
                for tier in tiers
                if tier not in but
                and (other == mark or any(_meets(graph, stand, one) for one in tier.stands))
            )
        return found


def _is_named(tier: Tier) -> bool:
    """Whether all groups of a tier are known."""
    return all(one.group is not None for stand in tier.stands for one in stand.holder.groups)


def _meets(graph: Graph, one: FlowEnd, other: FlowEnd) -> bool:
    """Whether routes may lead from one interface to another, and back."""
    if crossing_of(graph, one, other, Family.IPV4).truth is not False:
        return True
    if one.ipv6 is None or other.ipv6 is None:
        return False
    return crossing_of(graph, one, other, Family.IPV6).truth is not False


@remembered
def _ranges_of(_graph: Graph, admitted: Admission) -> _Ranges | None:
    """The ranges that rules name; ``None`` where they name none."""
    sources = [source for rule in admitted.rules for source in rule.read.sources]
    if not sources:
        return None
    every = [addresses for source in sources for addresses in source.upper]
    ipv4, ipv6 = (
        AddressSet.union(family, (one for one in every if one.family is family))
        for family in Family
    )
    return ipv4, ipv6


@remembered
def tiers_of(graph: Graph) -> Tiers:
    """The tiers of a unit; computed once."""
    return Tiers(graph)


def _same(way: Way) -> Way:
    return way


def _groups(workload: Workload) -> frozenset[str]:
    return frozenset(g.group.address for e in workload.enis for g in e.groups if g.group)


def _mark(graph: Graph, stand: FlowEnd) -> VpcKey:
    """What stands for the VPC of an interface."""
    return vpc_key(vpc_of(graph, stand.placement.subnet))
