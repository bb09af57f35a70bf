"""Where the internet gets in: the beginning of every attack path.

One entry is one workload and one way in, with all ports that count. Its severity and its confidence
are those of semantics.md, C4; the place of findings on it is the rule that lets the internet in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from iac_ec2lint.compute.launch.launches import Launch
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.data_stores import (
    data_store_ways,
    data_stores,
    without_placement_doubt,
)
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
from iac_ec2lint.network.sets.port_classes import never_http
from iac_ec2lint.network.sets.ports import (
    NO_PORTS,
    TCP,
    UDP,
    PortSet,
)
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import DIRECT, RANK
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import YES, Answer, Confidence, Unknown

GROUP, ADDRESS, ROUTE, CARRIES = "security group", "address", "route", "workload"
"""The kinds of hops that can be changed to break a path, and the one that places a host."""
LISTENER = "listener"
"""The kind of the hop at which a load balancer ends and its targets begin."""

PortChoice = Callable[[int, PortSet], PortSet]
"""Of the open ports of a protocol those that count."""

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
    others = tuple(_beside(graph, entrance, chosen)) if firm else ()
    return _of_reaches(entrance, dict(sorted(ports.items())), reaches, others)


def _of_reaches(
    entrance: ExposedPorts,
    ports: Mapping[int, PortSet],
    reaches: tuple[Reach, ...],
    others: tuple[Reach, ...],
) -> AttackEntry:
    """An entry that is as firm as the first of what says that it is open."""
    first = reaches[0]
    firm = _is_firm(first)
    opaque = not firm and any(hop.kind == GROUP for hop in first.unsettled)
    return AttackEntry(entrance, ports, reaches, others, first.confidence, not firm, opaque)


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
        entrance = ExposedPorts(host, DIRECT, None, None, rows, frozenset((TCP,)))
        ports = {TCP: PortSet.of((port, port) for port, _ in found)}
        yield _of_reaches(entrance, ports, reaches, ())


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
