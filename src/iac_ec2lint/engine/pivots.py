"""Ways from exposed hosts on to what is not exposed: PATH007.

Hosts of one signature, the same groups in the same subnets, are alike and judged once. A step from
one to another is a way inside (``network.lateral``); a chain of steps ends at the data tier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, cast

from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Confidence, Evidence, Severity
from iac_ec2lint.engine.paths import (
    Entry,
    breaking,
    entry_of,
    evidence_of,
    identity,
    lowered,
    primary,
)
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.addresses import Family
from iac_ec2lint.network.admission import Admission, Carried, admission
from iac_ec2lint.network.admitting import Carrier
from iac_ec2lint.network.data_stores import data_stores
from iac_ec2lint.network.entrances import Entrance, entrances
from iac_ec2lint.network.evidence import Hop
from iac_ec2lint.network.hosts import Eni, Workload, workloads
from iac_ec2lint.network.lateral import LateralWay, Stand, lateral_ways, stands_of
from iac_ec2lint.network.port_classes import port_classes
from iac_ec2lint.network.ports import NO_PORTS, TCP, UDP, PortSet, describe_ports
from iac_ec2lint.network.subnets import is_default_vpc, subnet_addresses, vpc_of
from iac_ec2lint.network.ways import disjunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.peering import VpcPeeringConnection
from iac_ec2lint.values import Unknown

_CONSOLE = "Jenkins or an application console"
"""Its ports are those of applications, which speak to each other on them."""


class Tier(NamedTuple):
    """Hosts, or a data store, of one signature.

    Attributes:
        resource: The first of them.
        stands: Its interfaces.
        ports: Of a data store the ports that it may listen on; empty for hosts.
        groups: The addresses of its groups.
    """

    resource: Resource
    stands: tuple[Stand, ...]
    ports: tuple[int, ...]
    groups: frozenset[str]


class Step(NamedTuple):
    """A step from one tier to another.

    Attributes:
        source: Where it begins.
        target: Where it ends.
        port: The TCP port.
        kinds: What it is open on: ``all`` ports, ``administration``, ``data``, ``service``.
        way: The way itself.
    """

    source: Tier
    target: Tier
    port: int
    kinds: frozenset[str]
    way: LateralWay

    @property
    def words(self) -> str:
        """What is reached: ``tcp 5432 of aws_db_instance.main``."""
        what = "all ports" if "all" in self.kinds else describe_ports(TCP, _only(self.port))
        return f"{what} of {self.target.resource.address}"


def pivots(graph: Graph, base: Severity, longest: int) -> Iterator[Verdict]:
    """The ways from exposed hosts on to hosts and data stores that are not exposed.

    Args:
        graph: The graph.
        base: The severity where all is certain and an administration port is among the steps.
        longest: How many steps a way has at most.
    """
    tiers = tiers_of(graph)
    for tier, entries in tiers.exposed(graph):
        entry = entries[0]
        fronted = all(_is_fronted(each.entrance) for each in entries)
        administered = any(_administers(each.entrance) for each in entries)
        for chain in _chains(graph, tiers, tier, longest):
            if any(step.kinds & {"all", "administration"} for step in chain):
                severity = base
            elif len(chain) > 1 or fronted or chain[0].kinds == {"service"}:
                continue  # each step is a service's own
            else:
                severity = base if administered else lowered(base, 1)
            yield _verdict(graph, entry, chain, severity)


def _verdict(graph: Graph, entry: Entry, chain: tuple[Step, ...], base: Severity) -> Verdict:
    hops = entry.hops
    place, declaring = primary(graph, entry, hops)
    explained = [step.way.explain() for step in chain]
    open_ = [how for step, how in zip(chain, explained, strict=True) if step.way.truth is None]
    undecided = entry.undecided or bool(open_)
    confidence = Confidence.LIKELY
    if not undecided:
        every = [entry.confidence, *(Confidence(how.confidence) for how in explained)]
        confidence = max(every, key=list(Confidence).index)
    elif open_ or entry.confidence is Confidence.POSSIBLE:
        confidence = Confidence.POSSIBLE
    inner = [hop for how in explained for hop in how.hops]
    causes: tuple[Unknown, ...] = entry.causes if entry.undecided else ()
    causes += tuple(cause for how in open_ for cause in how.missing)
    verb = "may get" if undecided else "can get"
    way = ", then ".join(step.words for step in chain)
    return Verdict(
        subject=entry.resource,
        resource=declaring,
        at=place,
        message=f"anyone on the internet who takes over {entry.resource.address}"
        f" {verb} on to {way}",
        causes=tuple(dict.fromkeys(causes)),
        undecided=undecided,
        evidence=(
            *evidence_of(hops, entry.reaches),
            *evidence_of(inner),
            *(() if undecided else breaking(hops, entry.ports, tuple(_edits(chain, inner)))),
        ),
        severity=_severity(entry, base, undecided=undecided),
        confidence=confidence,
        value=f"{identity(entry, hops)} to {way}",
        in_full=True,
    )


def _severity(entry: Entry, base: Severity, *, undecided: bool) -> Severity:
    if entry.undecided:
        return entry.lowered(base)
    return lowered(base, 1) if undecided else base


def _edits(chain: tuple[Step, ...], hops: list[Hop]) -> Iterator[Evidence]:
    """What breaks the steps: the rules that let them in."""
    target = chain[-1].target
    for hop in reversed(hops):
        if hop.kind == "security group" and hop.origin != "default":
            what = f"admit only what {target.resource.address} serves, from its own clients"
            yield Evidence(hop.span, what, hop.resource.address)
            return


class Tiers:
    """All tiers of a unit, and which of them may step to which."""

    def __init__(self, graph: Graph) -> None:
        self.tiers: list[Tier] = []
        self.of: dict[str, Tier] = {}
        self._by_source: dict[Resource, list[Tier]] = defaultdict(list)
        self._by_vpc: dict[Resource | None, list[Tier]] = defaultdict(list)
        self._anywhere = any(True for _ in graph.all(VpcPeeringConnection))
        self._steps: dict[int, tuple[Step, ...]] = {}
        self._reached: set[int] | None = None
        known: dict[object, Tier] = {}
        for workload in workloads(graph):
            if workload.exists.truth is False or not workload.enis:
                continue
            mark = signature(workload)
            tier = known.get(mark)
            if tier is None:
                tier = Tier(workload.resource, stands_of(graph, workload), (), _groups(workload))
                known[mark] = tier
                self._add(graph, tier)
            self.of[workload.resource.address] = tier
        for store in data_stores(graph):
            groups = frozenset(g.group.address for g in store.groups if g.group is not None)
            if store.certain:
                carrier = Carrier(store.resource.address, store.resource, store.groups)
                inward: Admission = admission(graph, store.groups, "ingress")
                outward = admission(graph, store.groups, "egress")
                stands = tuple(
                    Stand(
                        carrier,
                        site,
                        subnet_addresses(graph, site.subnet, Family.IPV4).upper,
                        inward,
                        outward,
                        (),
                    )
                    for site in store.sites
                )
                self._add(graph, Tier(store.resource, stands, store.ports, groups))

    def _add(self, graph: Graph, tier: Tier) -> None:
        self.tiers.append(tier)
        named: dict[Resource, None] = {}
        ranges = False
        for stand in tier.stands:
            for rule in stand.ingress.rules:
                ranges = ranges or bool(rule.read.sources)
                for edge in graph.follow(rule.read.resource, rule.read.rule, "groups"):
                    if edge.target is not None:
                        named[edge.target] = None
        for group in named:
            self._by_source[group].append(tier)
        if ranges:
            for vpc in {id(v): v for v in (_vpc(graph, s) for s in tier.stands)}.values():
                self._by_vpc[vpc].append(tier)

    def exposed(self, graph: Graph) -> Iterator[tuple[Tier, list[Entry]]]:
        """The tiers that the internet reaches, each with its ways in, the firmest first."""
        found: dict[int, tuple[Tier, list[Entry]]] = {}
        for entrance in entrances(graph):
            tier = self.of.get(entrance.workload.resource.address)
            if tier is None or tier.resource is not entrance.workload.resource:
                continue
            entry = entry_of(graph, entrance, _any_port)
            if entry is not None:
                found.setdefault(id(tier), (tier, []))[1].append(entry)
        for tier, entries in found.values():
            # What can be talked to directly says more than what an application stands before.
            entries.sort(key=lambda e: (e.undecided, _is_fronted(e.entrance)))
            yield tier, entries

    def reached(self, graph: Graph) -> set[int]:
        """The identities of the tiers that the internet surely reaches."""
        if self._reached is None:
            self._reached = {
                id(self.of[entrance.workload.resource.address])
                for entrance in entrances(graph)
                if entrance.workload.resource.address in self.of
                and any(row.truth is True for row in entrance.rows)
            }
        return self._reached

    def steps(self, graph: Graph, source: Tier) -> tuple[Step, ...]:
        """The steps from a tier to others that the internet does not surely reach itself."""
        found = self._steps.get(id(source))
        if found is None:
            found = self._steps[id(source)] = tuple(self._all_steps(graph, source))
        return found

    def _all_steps(self, graph: Graph, source: Tier) -> Iterator[Step]:
        exposed = self.reached(graph)
        for target in self.near(graph, source):
            if id(target) in exposed or target is source:
                continue
            if not target.groups or target.groups != source.groups:
                step = _step(graph, source, target)
                if step is not None:
                    yield step

    def near(self, graph: Graph, source: Tier) -> list[Tier]:
        """The tiers whose rules may speak of a tier: by its groups, or by ranges of its VPC."""
        candidates: dict[int, Tier] = {}
        for stand in source.stands:
            for carried in stand.carrier.groups:
                if carried.group is not None:
                    candidates.update((id(t), t) for t in self._by_source.get(carried.group, ()))
            if self._anywhere:
                candidates.update((id(t), t) for own in self._by_vpc.values() for t in own)
            else:
                vpc = _vpc(graph, stand)
                candidates.update((id(t), t) for t in self._by_vpc.get(vpc, ()))
        return sorted(candidates.values(), key=lambda tier: tier.resource.address)


def tiers_of(graph: Graph) -> Tiers:
    """The tiers of a unit; computed once."""
    found = graph.recall(Tiers)
    if found is None:
        found = graph.remember(Tiers, Tiers(graph))
    return cast("Tiers", found)


def _chains(graph: Graph, tiers: Tiers, start: Tier, longest: int) -> Iterator[tuple[Step, ...]]:
    """The shortest chains of steps that end at what is not exposed itself, breadth first.

    A chain of more than one step ends at the data tier.
    """
    seen = {id(start)}
    waiting: list[tuple[Step, ...]] = [()]
    for length in range(1, longest + 1):
        further: list[tuple[Step, ...]] = []
        for chain in waiting:
            at = chain[-1].target if chain else start
            for step in tiers.steps(graph, at):
                if id(step.target) in seen:
                    continue
                seen.add(id(step.target))
                longer = (*chain, step)
                if length == 1 or step.target.ports or "data" in step.kinds:
                    yield longer
                if not step.target.ports:
                    further.append(longer)
        waiting = further


def _step(graph: Graph, source: Tier, target: Tier) -> Step | None:
    """The step from one tier to another that says most; ``None`` where there is none."""
    lower = upper = NO_PORTS
    for one in source.stands:
        for other in target.stands:
            let_in = other.ingress.ports_from(one.peer, TCP)
            lower |= let_in.lower
            upper |= let_in.upper
    for ports in (lower, upper):
        chosen = _choose(ports, target)
        if chosen is None:
            continue
        kinds, number = chosen
        ways = list(lateral_ways(graph, source.stands, target.stands, (TCP, number)))
        truth = disjunction(way.truth for way in ways)
        if truth is not False:
            way = next(way for way in ways if way.truth is truth)
            return Step(source, target, number, kinds, way)
    return None


def _choose(ports: PortSet, target: Tier) -> tuple[frozenset[str], int] | None:
    """What a step is open on, and the port that says most; ``None`` where it is closed."""
    if target.ports:
        number = next((port for port in target.ports if ports.contains(port)), None)
        if number is None:
            return None
        return frozenset({"data", "all"} if ports.is_everything else {"data"}), number
    classes = port_classes()
    hits = {
        "all": ports if ports.is_everything else NO_PORTS,
        "administration": ports & classes["administration"].without(_CONSOLE).ports(TCP),
        "data": ports & classes["data store"].ports(TCP),
        "service": ports,
    }
    kinds = [kind for kind, hit in hits.items() if hit]
    if not kinds:
        return None
    number = 22 if kinds[0] == "all" else hits[kinds[0]].ranges[0][0]
    return frozenset(kinds if len(kinds) == 1 else kinds[:-1]), number


def _any_port(protocol: int, ports: PortSet) -> PortSet:
    return ports if protocol in (TCP, UDP) else NO_PORTS


def _is_fronted(entrance: Entrance) -> bool:
    """Whether an application's front alone is exposed (semantics.md, E, guard 11)."""
    return not entrance.exposes


def _administers(entrance: Entrance) -> bool:
    ports = port_classes()["administration"].without(_CONSOLE).ports(TCP)
    return entrance.exposes and entrance.ports(TCP).overlaps(ports)


def signature(workload: Workload) -> object:
    """What hosts that are alike have in common."""
    enis = tuple(
        (tuple(map(_carried, eni.groups)), eni.site.subnet, eni.site.certain, _written(eni))
        for eni in workload.enis
    )
    return enis, workload.exists.truth, workload.resource.presence.when


def _carried(carried: Carried) -> object:
    if carried.group is not None:
        return carried.group, carried.certain
    return carried.value.span.key if carried.value is not None else ()


def _written(eni: Eni) -> tuple[object, ...]:
    """The private addresses that are written for an interface: then it is like no other."""
    return tuple(a.text for a in getattr(eni.part, "private_ips", ())) and (eni.name,)


def _groups(workload: Workload) -> frozenset[str]:
    return frozenset(g.group.address for e in workload.enis for g in e.groups if g.group)


def _vpc(graph: Graph, stand: Stand) -> Resource | None:
    """The VPC of an interface; the default one, which has several nodes, as ``None``."""
    vpc = vpc_of(graph, stand.site.subnet)
    return None if is_default_vpc(vpc) else vpc


def _only(port: int) -> PortSet:
    return PortSet(((port, port),))
