"""Ways to the listeners of load balancers, also to those behind another load balancer.

A Network Load Balancer forwards to an Application Load Balancer by a target group of the type
``alb``, and keeps the client's address unless configured not to. Source: Elastic Load Balancing
User Guide, "Use an Application Load Balancer as a target of a Network Load Balancer"; semantics.md,
B11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.forwarding import Forwarding
from iac_ec2lint.network.entry.gateway_ways import WayIn
from iac_ec2lint.network.entry.internet_paths import ClientQuery, internet_admission_of
from iac_ec2lint.network.entry.listeners import (
    ListenerEntry,
    balancer_admissions,
    entries,
    listener_preconditions,
    some_port,
    ways_without_listener,
)
from iac_ec2lint.network.hosts.balancers import (
    Balancer,
    BalancerListener,
    balancers,
    possible_ports,
)
from iac_ec2lint.network.load_balancers.ways import BalancedWay, Receiver
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.ports import TCP
from iac_ec2lint.network.vpc.subnets import subnet_addresses
from iac_ec2lint.resources.part import Resource


def balancer_ways(
    graph: Graph, balancer: Balancer, port: tuple[int, int], query: ClientQuery
) -> Iterator[WayIn]:
    """The ways to a load balancer on one port: those to its listeners there, else closed ones.

    Args:
        graph: The graph.
        balancer: The load balancer.
        port: The protocol and the port.
        query: The clients in question.
    """
    found = False
    for listener in balancer.listeners:
        for entry in all_entries(graph, balancer, listener, query, port[1]):
            if entry.way.port == port:
                found = True
                yield entry.way
    if not found:
        yield from ways_without_listener(graph, balancer, port, query)


def all_entries(
    graph: Graph,
    balancer: Balancer,
    listener: BalancerListener,
    query: ClientQuery,
    number: int | None = None,
) -> tuple[ListenerEntry, ...]:
    """The ways to a listener: from an internet gateway, and through another load balancer.

    Args:
        graph: The graph.
        balancer: The load balancer.
        listener: Its listener.
        query: The clients in question.
        number: The port that is asked for; ``None``: whatever the listener listens on.
    """
    return _entries(graph, balancer, listener, query, number)


@remembered
def _entries(
    graph: Graph,
    balancer: Balancer,
    listener: BalancerListener,
    query: ClientQuery,
    number: int | None,
) -> tuple[ListenerEntry, ...]:
    return tuple(_all_entries(graph, balancer, listener, query, number))


def _all_entries(
    graph: Graph,
    balancer: Balancer,
    listener: BalancerListener,
    query: ClientQuery,
    number: int | None,
) -> Iterator[ListenerEntry]:
    yield from entries(graph, balancer, listener, query, number)
    if TCP not in listener.protocols:
        return
    for outer in chained_forwardings(graph).get(balancer.resource, ()):
        for entry in entries(graph, outer.balancer, outer.listener, query):
            if entry.way.port[0] == TCP and not entry.way.is_family_unused:
                yield from chained_entries(graph, balancer, listener, outer, entry, number)


def chained_entries(
    graph: Graph,
    balancer: Balancer,
    listener: BalancerListener,
    outer: Forwarding,
    entry: ListenerEntry,
    number: int | None,
) -> Iterator[ListenerEntry]:
    """The ways to a listener that begin with a way to a listener in front of it.

    Args:
        graph: The graph.
        balancer: The load balancer.
        listener: Its listener.
        outer: The listener in front of it, and that it forwards here.
        entry: The way to that.
        number: The port that is asked for; ``None``: whatever the listener listens on.
    """
    heard = _shared(listener.numbers, possible_ports(outer.port))
    for placement, holder, admitted in balancer_admissions(graph, balancer):
        if heard is None:
            some = some_port(internet_admission_of(graph, entry.way.path, admitted), TCP)
            ports: list[tuple[int, int | None]]
            ports = [(number, number) if number is not None else (some, None)]
        else:
            ports = [(one, one) for one in heard if number in (None, one)]
        for port, known in ports:
            preconditions = listener_preconditions(balancer, listener, known)
            addresses = subnet_addresses(graph, placement.subnet, Family.IPV4).upper
            receiver = Receiver(holder, placement, admitted, preconditions, addresses)
            way = BalancedWay(graph, outer, receiver, entry, (TCP, port))
            yield ListenerEntry(way, placement, admitted, holder)


def _shared(
    heard: tuple[int, ...] | None, forwarded: tuple[int, ...] | None
) -> tuple[int, ...] | None:
    """The ports that are both listened on and forwarded to; ``None``: any."""
    if heard is None or forwarded is None:
        return forwarded if heard is None else heard
    return tuple(number for number in heard if number in forwarded)


@remembered
def chained_forwardings(graph: Graph) -> dict[Resource, list[Forwarding]]:
    """What forwards to each load balancer, as far as it may be a Network Load Balancer."""
    made: dict[Resource, list[Forwarding]] = defaultdict(list)
    own = {balancer.resource for balancer in balancers(graph)}
    for outer in balancers(graph):
        if outer.is_network.truth is False:
            continue
        for listener in outer.listeners:
            for target in listener.targets:
                group, inner = target.group, target.node
                if inner is None or group is None or inner not in own:
                    continue
                if group.target_type.equals("alb").may_be_true and inner is not outer.resource:
                    made[inner].append(Forwarding(outer, listener, target))
    return made
