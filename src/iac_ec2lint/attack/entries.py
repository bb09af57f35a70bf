"""Where the internet gets in: the beginning of every attack path.

One entry is one workload and one way in, with all ports that count. Its severity and its confidence
are those of semantics.md, C4; the place of findings on it is the rule that lets the internet in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeAlias

from iac_ec2lint.compute.launch import Launch
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.engine.finding import Evidence, Severity, assumption
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.data_stores import (
    data_store_ways,
    data_stores,
    without_placement_doubt,
)
from iac_ec2lint.network.filters.group_rules import group_rules
from iac_ec2lint.network.filters.own_blocks import at_rule
from iac_ec2lint.network.hosts.workloads import Workload, origin_of, parts_of, workloads
from iac_ec2lint.network.load_balancers.to_workloads import http_ports
from iac_ec2lint.network.reachability.exposed_ports import (
    ExposedPort,
    ExposedPorts,
    explained,
    exposed_ports,
    exposed_ports_of,
    rows_on,
)
from iac_ec2lint.network.reachability.reach import Reach, verdict
from iac_ec2lint.network.sets.port_classes import PortClass, never_http
from iac_ec2lint.network.sets.ports import (
    ALL,
    NO_PORTS,
    TCP,
    UDP,
    PortSet,
    describe_ports,
    protocol_name,
)
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import DIRECT, RANK
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import YES, Answer, Confidence, Unknown

GROUP, ADDRESS, ROUTE, CARRIES = "security group", "address", "route", "workload"
"""The kinds of hops that can be changed to break a path, and the one that places a host."""
LISTENER = "listener"
"""The kind of the hop at which a load balancer ends and its targets begin."""

PortChoice = Callable[[int, PortSet], PortSet]
"""Of the open ports of a protocol those that count."""
Changes: TypeAlias = "tuple[tuple[Evidence, ...], tuple[Evidence, ...]]"
"""What breaks a way in: changes of its rules, and those that come after changes further along."""

_Chosen = tuple[tuple[int, PortSet], ...]


class AttackEntry(NamedTuple):
    """The beginning of a path: the internet at some ports of a workload.

    Attributes:
        entrance: The way in.
        ports: The ports that count, by protocol.
        reaches: What says that each range of them is open, the firmest first.
        others: What says so of the ports that do not count.
        confidence: What it rests on.
        undecided: Whether it only may be open.
        opaque: Whether that is so because nobody knows what its groups let in.
        doubts: What keeps it undecided besides.
    """

    entrance: ExposedPorts
    ports: Mapping[int, PortSet]
    reaches: tuple[Reach, ...]
    others: tuple[Reach, ...]
    confidence: Confidence
    undecided: bool
    opaque: bool
    doubts: tuple[Unknown, ...] = ()

    @property
    def resource(self) -> Resource:
        """The workload."""
        return self.entrance.workload.resource

    @property
    def causes(self) -> tuple[Unknown, ...]:
        """What keeps it undecided; of one that hangs on a switch, the switch."""
        return (*self.doubts, *self.reaches[0].missing)

    @property
    def answer(self) -> Answer:
        """Whether it is open; one that is open whenever its workload is there counts as open."""
        return Answer(None, self.causes) if self.undecided else YES

    def leads_to(self, launch: Launch) -> bool:
        """Whether what it leads to are instances of a launch, not of another of the host's."""
        origin = self.entrance.workload.origin
        return origin is None or origin is origin_of(launch)

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The hops of the way in, in order; rules that open other ports stand at the first's.

        Those of ports that do not count are told, and nothing that the way passes.
        """
        first, *more = self.reaches
        hops = [*first.evidence, *first.unsettled]
        seen = {hop.span.key for hop in hops}
        at = max((i for i, hop in enumerate(hops) if hop.kind == GROUP), default=len(hops) - 1)
        for reach in (*more, *self.others):
            passed = reach not in self.others
            for hop in (*reach.evidence, *reach.unsettled):
                if hop.kind == GROUP and hop.span.key not in seen:
                    seen.add(hop.span.key)
                    at += 1
                    hops.insert(at, hop if passed else hop._replace(kind=""))
        return tuple(hops)

    def lowered(self, base: Severity) -> Severity:
        """The severity of it, of a finding that is ``base`` where all is certain (C4)."""
        if not self.undecided:
            return base
        if self.opaque:
            return Severity.INFO
        return less_severe(base, 1 if self.confidence is Confidence.LIKELY else 2)


def less_severe(severity: Severity, steps: int) -> Severity:
    """A severity some steps less bad; low at the least."""
    order = list(Severity)
    at = order.index(severity)
    return order[max(at, min(at + steps, order.index(Severity.LOW)))]


def entries(graph: Graph, choose: PortChoice, *, http: bool | None = None) -> Iterator[AttackEntry]:
    """The ways in at the ports that count, one for each workload and way in.

    Where some of these ports are surely open, those that only may be are left out.

    Args:
        graph: The graph.
        choose: Of the open ports of a protocol those that count.
        http: Whether ports count on which load balancers speak HTTP to a host, where they are known
            for what never does (9092 of Kafka); ``None``: if they are chosen.
    """
    for entrance in exposed_ports(graph):
        if http is None:
            entry = exposed_entry(graph, entrance, choose)
        else:
            entry = _named_entry(graph, entrance, choose, http=http)
        if entry is not None:
            yield entry


def _named_entry(
    graph: Graph, entrance: ExposedPorts, choose: PortChoice, *, http: bool
) -> AttackEntry | None:
    """A way in at ports that count by what is spoken on them, see ``entries``.

    Where that may be HTTP the services that never speak it are taken to be there, and the way in to
    others is undecided.
    """
    spoken = http_ports(graph, entrance.workload).among(never_http())
    entry = exposed_entry(graph, entrance, _without_names(choose, spoken.sure, http))
    if entry is not None or not http or not spoken.undecided:
        return entry
    entry = exposed_entry(graph, entrance, _without_names(choose, spoken.possible, http))
    if entry is None:
        return None
    return entry._replace(
        undecided=True,
        confidence=Confidence.POSSIBLE,
        doubts=(*entry.doubts, *spoken.causes),
        others=(),
    )


@lru_cache(maxsize=256)
def _without_names(choose: PortChoice, spoken: PortSet, http: bool) -> PortChoice:
    """A choice that takes some TCP ports, or takes none of them."""
    if not spoken:
        return choose

    def chosen(protocol: int, ports: PortSet) -> PortSet:
        if protocol != TCP:
            return choose(protocol, ports)
        rest = choose(protocol, ports - spoken)
        return rest | (ports & spoken) if http else rest

    return chosen


def entries_by_launch(graph: Graph, choose: PortChoice, *, balanced: bool) -> Iterator[AttackEntry]:
    """The ways in to hosts, one for each launch of its instances and way in.

    Args:
        graph: The graph.
        choose: Of the open ports of a protocol those that count.
        balanced: Whether what comes through any load balancer counts, also to an application alone.
    """
    judge = entry_of if balanced else exposed_entry
    for workload in workloads(graph):
        for part in parts_of(workload):
            for entrance in exposed_ports_of(graph, part):
                entry = judge(graph, entrance, choose)
                if entry is not None:
                    yield entry


@remembered
def tcp_entries(graph: Graph) -> tuple[AttackEntry, ...]:
    """The ways in over TCP, launch by launch, also to an application alone: see the former."""
    return tuple(entries_by_launch(graph, _any_tcp, balanced=True))


def _any_tcp(protocol: int, ports: PortSet) -> PortSet:
    return ports if protocol == TCP else NO_PORTS


def any_port(protocol: int, ports: PortSet) -> PortSet:
    """Chooses every port of TCP and UDP."""
    return ports if protocol in (TCP, UDP) else NO_PORTS


def exposed_entry(graph: Graph, entrance: ExposedPorts, choose: PortChoice) -> AttackEntry | None:
    """``entry_of`` where connections are handed on as they are; undecided where they may be."""
    handed = entrance.hands_on
    entry = entry_of(graph, entrance, choose) if handed.may_be_true else None
    if entry is None or handed.truth:
        return entry
    return entry._replace(
        undecided=True, confidence=Confidence.POSSIBLE, doubts=handed.causes, others=()
    )


def entry_of(graph: Graph, entrance: ExposedPorts, choose: PortChoice) -> AttackEntry | None:
    """One way in; ``None`` where no open port of it counts."""
    chosen = _chosen(graph, entrance.rows, entrance.distinct_protocols, choose)
    if not chosen:
        return None
    # Most choices come to the same ports, and what says that these are open is long.
    return _entry(graph, entrance, chosen)


@remembered
def _entry(graph: Graph, entrance: ExposedPorts, chosen: _Chosen) -> AttackEntry | None:
    found = [
        (protocol, ports, explained(graph, entrance, (protocol, ports.ranges[0][0])))
        for protocol, ports in chosen
    ]
    found = [each for each in found if each[2].truth is not False]
    if not found:
        return None
    firm = [each for each in found if _is_firm(each[2])]
    kept = sorted(firm or found, key=lambda each: RANK[each[2].confidence])
    ports: dict[int, PortSet] = {}
    for protocol, own, _ in kept:
        ports[protocol] = ports.get(protocol, NO_PORTS) | own
    reaches = tuple(reach for *_, reach in kept)
    return AttackEntry(
        entrance,
        dict(sorted(ports.items())),
        reaches,
        tuple(_beside(graph, entrance, chosen)) if firm else (),
        reaches[0].confidence,
        undecided=not firm,
        opaque=not firm and any(hop.kind == GROUP for hop in reaches[0].unsettled),
    )


def store_entries(graph: Graph) -> Iterator[AttackEntry]:
    """The ways in to managed data stores, one for each."""
    for store in data_stores(graph):
        found = [
            (
                port,
                verdict(
                    store.resource,
                    (TCP, port),
                    without_placement_doubt([*data_store_ways(graph, store, port)]),
                ),
            )
            for port in store.ports
        ]
        found = [(port, reach) for port, reach in found if reach.truth is not False]
        if not found:
            continue
        reaches = tuple(reach for _, reach in sorted(found, key=lambda f: RANK[f[1].confidence]))
        host = Workload(store.resource, YES, "", ())
        rows = tuple(ExposedPort(TCP, PortSet(((p, p),)), reach.truth) for p, reach in found)
        first = reaches[0]
        yield AttackEntry(
            ExposedPorts(host, DIRECT, None, None, rows, frozenset((TCP,))),
            {TCP: PortSet.of((port, port) for port, _ in found)},
            reaches,
            (),
            first.confidence,
            undecided=not _is_firm(first),
            opaque=not _is_firm(first) and any(hop.kind == GROUP for hop in first.unsettled),
        )


@remembered
def _chosen(
    _graph: Graph,
    rows: tuple[ExposedPort, ...],
    distinct_protocols: frozenset[int],
    choose: PortChoice,
) -> _Chosen:
    """The ports that count, row by row; the same for all entrances that are open alike."""
    made = []
    for protocol in dict.fromkeys((TCP, UDP, *sorted(distinct_protocols))):
        for row in rows_on(protocol, rows, distinct_protocols):
            ports = choose(protocol, row.ports)
            if ports:
                made.append((protocol, ports))
    return tuple(made)


def _beside(graph: Graph, entrance: ExposedPorts, chosen: _Chosen) -> Iterator[Reach]:
    """What opens the ports that do not count."""
    for row in entrance.rows:
        rest = row.ports
        for protocol, ports in chosen:
            if protocol == row.protocol:
                rest -= ports
        if row.truth is True and rest:
            yield explained(graph, entrance, (row.protocol, rest.ranges[0][0]))


def _is_firm(reach: Reach) -> bool:
    """Whether it fails: it is open, or open whenever the workload is there at all."""
    return reach.truth is True or reach.confidence is Confidence.CONDITIONAL


class EntryFacts(NamedTuple):
    """What the verdicts on all paths that begin at one entry have in common.

    Attributes:
        place: The place to point at: the rule that lets the internet in.
        declaring: The resource that declares it.
        evidence: The hops, and the defaults that they rest on.
        identity: What tells the entry from others.
        changes: What breaks the way in.
    """

    place: Place
    declaring: Resource
    evidence: tuple[Evidence, ...]
    identity: str
    changes: Changes

    def edits(self, further: Sequence[Evidence] = ()) -> tuple[Evidence, ...]:
        """The cheapest changes that break a path, one for each hop that can be changed.

        Args:
            further: Changes further along the path, which come after those of the rules.
        """
        return (*self.changes[0], *further, *self.changes[1])


def breaking(edits: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The changes that break a path, as findings have them."""
    return tuple(
        Evidence(
            edit.span,
            f"{'or' if number else 'to break it'}: {edit.message}",
            edit.resource,
            edit.quotable,
        )
        for number, edit in enumerate(edits)
    )


def entry_facts(graph: Graph, entry: AttackEntry) -> EntryFacts:
    """What the verdicts on all paths that begin at an entry have in common."""
    hops = entry.hops
    place, declaring = _primary(graph, entry, hops)
    evidence = hop_evidence(hops, entry.reaches)
    return EntryFacts(place, declaring, evidence, _identity(entry, hops), _changes(entry, hops))


def _primary(graph: Graph, entry: AttackEntry, hops: Sequence[Hop]) -> tuple[Place, Resource]:
    """The place of a finding: the rule that lets the internet in, and what declares it.

    Where it is not known which groups the workload has, what gives it those.
    """
    host = entry.resource
    spoken = [hop for hop in hops if hop.kind == GROUP and hop.origin != "default"]
    if spoken:
        # Of a way that may be open what is unknown; else the first rule that lets the internet in.
        hop = min(spoken, key=lambda hop: entry.opaque and hop.verdict is True)
        return _placement(entry, hop) or (_place(graph, hop), hop.resource)
    carried = (hop for hop in hops if hop.kind == CARRIES and hop.resource is host)
    placed = (_placement(entry, hop) for hop in carried)
    return next(filter(None, placed), (Place(host.span, "", None, CERTAIN), host))


def _placement(entry: AttackEntry, hop: Hop) -> tuple[Place, Resource] | None:
    """The argument that gives the workload a group, and what it is written in."""
    for eni in entry.entrance.workload.enis:
        for edge in eni.interface.security_groups:
            if edge.value.span.key == hop.span.key and hop.resource is entry.resource:
                return edge.part.place(edge.relation, edge.value), edge.source
    return None


def _place(graph: Graph, hop: Hop) -> Place:
    """The place of a rule's source, with its value where it is a range."""
    known = _places_of_sources(graph).get((hop.span.key, hop.resource.address))
    if known is not None:
        return at_rule(graph, known)
    return Place(hop.span, hop.attribute, None, hop.resource.presence)


@remembered
def _places_of_sources(graph: Graph) -> dict[tuple[object, str], Place]:
    """The places of the sources of all rules, by where they are written."""
    return {
        (source.place.span.key, read.resource.address): source.place
        for group in group_rules(graph, "ingress")
        for read in group.rules
        for source in read.sources
    }


def hop_evidence(hops: Iterable[Hop], reaches: Iterable[Reach] = ()) -> tuple[Evidence, ...]:
    """Hops as evidence, and behind them the defaults that they rest on."""
    told = tuple(hops)
    found = [Evidence(h.span, h.fact, h.resource.address, kind=h.kind) for h in told]
    found += [assumption(step) for hop in told for step in hop.assumptions]
    for reach in reaches:
        found += [assumption(step) for step in reach.assumptions]
    return tuple(dict.fromkeys(found))


def _changes(entry: AttackEntry, hops: Sequence[Hop]) -> Changes:
    """What breaks a way in, whatever follows it."""
    rules = tuple(Evidence(h.span, what, h.resource.address) for h, what in _narrower(entry, hops))
    balanced = entry.entrance.balancer is not None
    words = {
        ADDRESS: "make the load balancer internal"
        if balanced
        else "give the host no public address",
        ROUTE: "route to a NAT gateway in place of the internet gateway",
    }
    others: list[Evidence] = []
    for kind, what in words.items():
        # A load balancer faces the internet unless it says that it is internal.
        told = balanced and kind == ADDRESS
        chosen = (h for h in hops if h.kind == kind and (told or h.origin != "default"))
        others += [Evidence(h.span, what, h.resource.address) for h in islice(chosen, 1)]
    return rules, tuple(others)


def _narrower(entry: AttackEntry, hops: Sequence[Hop]) -> Iterator[tuple[Hop, str]]:
    """The rules that let the internet in, and what each should say: the load balancer's first.

    Of a target that lets the load balancer in, and not the internet, nothing is to be said.
    """
    front = next((at for at, hop in enumerate(hops) if hop.kind == LISTENER), 0)
    for part, ports in (
        (hops[:front], _listened(entry)),
        (hops[front:], describe_open_ports(entry.ports)),
    ):
        for hop in part:
            if hop.kind == GROUP and hop.origin != "default" and hop.attribute:
                yield hop, f"admit {ports} from known addresses only"
                break


def _listened(entry: AttackEntry) -> str:
    """What the load balancer on the way listens on, in words."""
    number = entry.entrance.listener
    if number is None:
        return "the listener's port"
    return describe_open_ports({protocol: PortSet(((number, number),)) for protocol in entry.ports})


def describe_open_ports(ports: Mapping[int, PortSet]) -> str:
    """Ports for people, protocol by protocol."""
    if ports.get(ALL, NO_PORTS).is_everything:
        return "all ports"
    return join_words([describe_ports(protocol, own) for protocol, own in ports.items() if own])


def describe_services(ports: Mapping[int, PortSet], services: PortClass) -> str:
    """Ports with the services that listen there: ``tcp 22 (SSH) and tcp 3389 (RDP)``."""
    words = [
        f"{describe_ports(protocol, own & service.ports)} ({service.name})"
        for protocol, own in ports.items()
        for service in services.services_on(protocol, own)
    ]
    return join_words(words)


def _identity(entry: AttackEntry, hops: Iterable[Hop]) -> str:
    """What tells a path from others: its way in, its ports, and what of the groups admits it.

    Not the hops between: a path that leads through another subnet is the same path.
    """
    opened = " ".join(f"{protocol_name(p)}:{own.describe()}" for p, own in entry.ports.items())
    passed = " ".join(sorted({hop.resource.address for hop in hops if hop.kind == GROUP}))
    return f"{entry.entrance.via} {opened} {passed}"


def join_words(words: list[str]) -> str:
    """Words as a list in a sentence; the fourth and later ones are counted."""
    if len(words) > 4:
        words = [*words[:3], f"{len(words) - 3} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
