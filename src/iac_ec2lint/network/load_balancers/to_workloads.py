"""The ways through load balancers to workloads, and the ports that these forward to.

Source: Elastic Load Balancing User Guide; semantics.md, B11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.entry.forwarding import ForwardedInterface, forwarded_interfaces
from iac_ec2lint.network.entry.group_hops import holder_of
from iac_ec2lint.network.entry.internet_paths import ClientQuery
from iac_ec2lint.network.entry.listeners import ListenerEntry, balancer_placements
from iac_ec2lint.network.entry.public_interfaces import (
    admission_of,
    launch_hops,
    presence_hops,
    with_placement_doubt,
)
from iac_ec2lint.network.hosts.balancers import possible_ports
from iac_ec2lint.network.hosts.workloads import Eni, Workload
from iac_ec2lint.network.inside.interfaces import ipv4_addresses
from iac_ec2lint.network.load_balancers.chained import all_entries
from iac_ec2lint.network.load_balancers.http import HttpPorts, speaks_http
from iac_ec2lint.network.load_balancers.ways import BalancedWay, Receiver, peer_of
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.values import Unknown


def balanced_ways(
    graph: Graph, workload: Workload, port: tuple[int, int], query: ClientQuery
) -> Iterator[BalancedWay]:
    """The ways to a workload on one of its ports through load balancers.

    Args:
        graph: The graph.
        workload: The workload.
        port: The protocol and the port of the workload.
        query: The clients in question.
    """

    def entries(aimed: ForwardedInterface) -> Iterable[ListenerEntry]:
        return all_entries(graph, aimed.balancer, aimed.listener, query)

    yield from ways_behind(graph, workload, port, entries)


def ways_behind(
    graph: Graph,
    workload: Workload,
    port: tuple[int, int],
    entries: Callable[[ForwardedInterface], Iterable[ListenerEntry]],
) -> Iterator[BalancedWay]:
    """The ways to a workload through listeners that forward to it.

    Args:
        graph: The graph.
        workload: The workload.
        port: The protocol and the port of the workload.
        entries: The ways to a listener that count.
    """
    either: dict[tuple[object, ...], list[tuple[Eni, BalancedWay]]] = {}
    for aimed in forwarded_interfaces(graph, workload):
        numbers = possible_ports(aimed.port)
        if numbers is not None and port[1] not in numbers:
            continue
        receiver = _receiver(graph, workload, aimed.eni)
        for entry in entries(aimed):
            if entry.way.port[0] == port[0] and not entry.way.is_family_unused:
                way = BalancedWay(graph, aimed.forwarding, receiver, entry, port)
                if aimed.eni.placement.certain:
                    yield way
                else:
                    key = (
                        *(id(aimed.eni.interface), aimed.listener.hop, aimed.target.hop),
                        *(entry.placement.subnet, entry.way.family, entry.way.port),
                    )
                    either.setdefault(key, []).append((aimed.eni, way))
    yield from with_placement_doubt(either.values())


def _receiver(graph: Graph, workload: Workload, eni: Eni) -> Receiver:
    preconditions = (*presence_hops(workload), *launch_hops(eni))
    addresses = ipv4_addresses(graph, eni)
    return Receiver(
        holder_of(eni), eni.placement, admission_of(graph, eni), preconditions, addresses
    )


def target_port(aimed: ForwardedInterface) -> int | None:
    """The port that a listener forwards to; ``None`` where it is unknown."""
    number = aimed.port.number
    return int(number) if number is not None else None


def http_ports(graph: Graph, workload: Workload) -> HttpPorts:
    """The TCP ports of a workload on which load balancers speak HTTP to it, and pass nothing on."""
    return HttpPorts.of(
        (aimed.port, speaks_http(aimed.balancer, aimed.listener), _others(workload, aimed))
        for aimed in forwarded_interfaces(graph, workload)
    )


def _others(workload: Workload, aimed: ForwardedInterface) -> Unknown | None:
    """Why something else than all instances of a workload may be what a listener forwards to."""
    if aimed.target.unknown is not None:
        return aimed.target.unknown
    # There may be more of them, which are no targets; and it may be none itself.
    return next(iter((*workload.exists.causes, *aimed.target.hop.causes)), None)


def target_ports(graph: Graph, workload: Workload) -> tuple[tuple[int, int, int], ...]:
    """The protocols and port ranges on which listeners forward to a workload, or may.

    For a target whose port is unknown, those count that its groups may admit any client on.
    """
    found: dict[tuple[int, int, int], None] = {}
    for aimed in forwarded_interfaces(graph, workload):
        numbers = possible_ports(aimed.port)
        for protocol in aimed.listener.protocols:
            if numbers is not None:
                found.update(dict.fromkeys((protocol, n, n) for n in numbers))
                continue
            admitted = admission_of(graph, aimed.eni)
            for family in Family:
                bands = admitted.traffic(family).upper.bands(protocol)
                found.update(dict.fromkeys((protocol, band.lo, band.hi) for band in bands))
            for _, groups in balancer_placements(graph, aimed.balancer):
                ports = admitted.ports_from_groups(peer_of(groups, Family.IPV4), protocol)
                found.update(dict.fromkeys((protocol, *pair) for pair in ports.upper.ranges))
    return tuple(found)
