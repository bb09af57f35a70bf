"""The ports of each workload that the internet reaches, for each way in.

A way in is the workload's own address, or a listener of a load balancer. Whether a port is open is
computed for all; the evidence is built only for what is reported.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from iac_ec2lint.compute.launch.running import running_if
from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.closed_groups import is_closed
from iac_ec2lint.network.entry.internet_paths import INTERNET
from iac_ec2lint.network.hosts.balancers import Balancer
from iac_ec2lint.network.hosts.workloads import Workload, is_unused, workloads
from iac_ec2lint.network.load_balancers.elsewhere import ElsewhereWay
from iac_ec2lint.network.load_balancers.of_beanstalk import BeanstalkWay
from iac_ec2lint.network.load_balancers.ways import BalancedWay
from iac_ec2lint.network.reachability.reach import Reach, port_ranges, verdict, ways_to
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, TCP, UDP, PortSet
from iac_ec2lint.network.verdicts.ways import DIRECT, Truth, Way, disjunction, of_families
from iac_ec2lint.resources.load_balancer import ClassicLoadBalancer
from iac_ec2lint.values import NO, YES, Answer

_APPLICATIONS: Final = PortSet(((3000, 3000), (5000, 5000), (8000, 9999)))
"""Ports that applications listen on behind a load balancer, whatever else does."""


class ExposedPort(NamedTuple):
    """A range of ports that are alike.

    Attributes:
        protocol: The protocol's number; ``ALL``: those without rows of their own.
        ports: The ports.
        truth: ``True``: the internet reaches them; ``None``: it may.
    """

    protocol: int
    ports: PortSet
    truth: Truth


def rows_on(
    protocol: int, rows: Iterable[ExposedPort], distinct_protocols: Container[int]
) -> Iterator[ExposedPort]:
    """The rows for a protocol; see ``ExposedPorts``."""
    own = protocol if protocol in distinct_protocols else ALL
    return (row for row in rows if row.protocol == own)


class ExposedPorts(NamedTuple):
    """A way in to a workload, with the ports that are open by it, or may be.

    Attributes:
        workload: The workload.
        via: ``direct``, or the address of the load balancer.
        balancer: The load balancer; ``None`` where it is direct.
        listener: The port that the load balancer listens on; ``None`` where it is direct.
        rows: The ports, in order.
        distinct_protocols: The protocols with rows of their own, or with none: those are closed.
        elsewhere: Whether a load balancer that is declared elsewhere hands connections on as they
            are; ``None`` where there is none.
    """

    workload: Workload
    via: str
    balancer: Balancer | None
    listener: int | None
    rows: tuple[ExposedPort, ...]
    distinct_protocols: frozenset[int]
    elsewhere: Answer | None = None

    def __hash__(self) -> int:
        return hash((self.workload, self.via, self.listener))

    @property
    def hands_on(self) -> Answer:
        """Whether it hands connections on as they are, for what listens there to answer.

        What comes through an Application Load Balancer, or a web port of any, is an application's
        exposure and no port's (semantics.md, H 20), unless a Network Load Balancer sends what comes
        to its web port on to one that no application has (B11).
        """
        balancer = self.balancer
        if balancer is None:
            return YES if self.elsewhere is None else self.elsewhere
        web = port_classes()["web"]
        if self.listener is not None and any(
            web.ports(protocol).contains(self.listener) for protocol in (TCP, UDP)
        ):
            return balancer.is_network if self._is_disguised() else NO
        classic = isinstance(balancer.resource, ClassicLoadBalancer)
        return YES if classic else balancer.is_network

    def _is_disguised(self) -> bool:
        """Whether an administration or data port is behind it, and not an application's."""
        return _is_for_others(self.ports(TCP) | self.ports(TCP, None))

    def on(self, protocol: int) -> Iterator[ExposedPort]:
        """The rows for a protocol."""
        return rows_on(protocol, self.rows, self.distinct_protocols)

    def ports(self, protocol: int, truth: Truth = True) -> PortSet:
        """The ports of a protocol that are open, or those that may be (``None``)."""
        found = NO_PORTS
        for row in self.on(protocol):
            if row.truth is truth:
                found |= row.ports
        return found


@lru_cache(maxsize=1024)
def _is_for_others(ports: PortSet) -> bool:
    """Whether administration or data stores use any of some TCP ports, and applications do not."""
    classes = (port_classes()[name].ports(TCP) for name in ("administration", "data store"))
    return any((ports - _APPLICATIONS).overlaps(theirs) for theirs in classes)


@remembered
def exposed_ports(graph: Graph) -> tuple[ExposedPorts, ...]:
    """All ways from the internet to workloads that are open on some port, or may be.

    In the order of the workloads' addresses; of one workload the direct way comes first.
    """
    every = [exposed for w in workloads(graph) for exposed in exposed_ports_of(graph, w)]
    return tuple(every)


@remembered
def exposed_ports_of(graph: Graph, workload: Workload) -> tuple[ExposedPorts, ...]:
    """The ways from the internet to one workload that are open on some port, or may be."""
    return tuple(_entrances_of(graph, workload))


@remembered
def explained(graph: Graph, exposed: ExposedPorts, port: tuple[int, int]) -> Reach:
    """The verdict, with evidence, on a port that is open by a way in, or may be.

    Args:
        graph: The graph.
        exposed: The way in.
        port: The protocol and the port.
    """
    ways = _by_way_in(graph, exposed.workload, port)[exposed.via, exposed.listener]
    return verdict(exposed.workload.resource, port, ways)


@remembered
def explained_of(
    graph: Graph, exposed: ExposedPorts, port: tuple[int, int], families: frozenset[Family]
) -> Reach:
    """The same of clients whose addresses are of some families, where they come in directly.

    What a load balancer hands on may have another address than its client's.

    Args:
        graph: The graph.
        exposed: The way in.
        port: The protocol and the port.
        families: The families.
    """
    if exposed.via != DIRECT:
        return explained(graph, exposed, port)
    ways = _by_way_in(graph, exposed.workload, port)[exposed.via, exposed.listener]
    return verdict(exposed.workload.resource, port, of_families(ways, families))


def switch_of(reach: Reach) -> Presence:
    """The condition on which a ``conditional`` verdict depends: open where the resource exists."""
    for hop in reach.unsettled:
        presence = hop.resource.presence
        if presence.certain and hop.causes and is_unused(hop.resource):
            return Presence(hop.causes[0], f"something is launched from {hop.resource.address}")
        if presence.certain and hop.kind == "workload" and hop.causes:
            presence = running_if(hop.resource, hop.causes[0])
        if not presence.certain:
            return presence
        if hop.causes:
            return Presence(hop.causes[0], hop.causes[0].reason)
    return CERTAIN


def _entrances_of(graph: Graph, workload: Workload) -> Iterator[ExposedPorts]:
    if is_closed(graph, workload):
        return
    rows: dict[tuple[str, int | None], list[ExposedPort]] = {}
    balancers: dict[str, Balancer] = {}
    elsewhere: dict[str, Answer] = {}
    ranges = port_ranges(graph, workload)
    for protocol, edges in ranges.items():
        for lo, hi in edges:
            for key, ways in _by_way_in(graph, workload, (protocol, lo)).items():
                truth = disjunction(way.truth for way in ways)
                if truth is False:
                    continue
                rows.setdefault(key, []).append(ExposedPort(protocol, PortSet(((lo, hi),)), truth))
                for way in ways:
                    if isinstance(way, BalancedWay):
                        balancers[way.via] = way.forwarding.balancer
                    elif isinstance(way, ElsewhereWay | BeanstalkWay):
                        elsewhere[way.via] = way.hands_on
    distinct_protocols = frozenset(ranges)
    for via, listener in sorted(rows, key=lambda key: (key[0] != DIRECT, key[0], key[1] or 0)):
        own = tuple(rows[via, listener])
        front, foreign = balancers.get(via), elsewhere.get(via)
        yield ExposedPorts(workload, via, front, listener, own, distinct_protocols, foreign)


def _by_way_in(
    graph: Graph, workload: Workload, port: tuple[int, int]
) -> dict[tuple[str, int | None], list[Way]]:
    found: dict[tuple[str, int | None], list[Way]] = {}
    for way in ways_to(graph, workload, port, INTERNET):
        found.setdefault((way.via, _listener(way)), []).append(way)
    return found


def _listener(way: Way) -> int | None:
    return way.listener if isinstance(way, BalancedWay) else None
