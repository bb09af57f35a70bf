"""What of a unit can receive and send, in which ranges and by which ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from iac_ec2lint.network.entry.data_stores import (
    DataStore,
    data_store_ways,
    data_stores,
    without_placement_doubt,
)
from iac_ec2lint.network.entry.internet_paths import ClientQuery
from iac_ec2lint.network.entry.listeners import listened
from iac_ec2lint.network.hosts.balancers import Balancer, balancers
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.inside.interfaces import store_ends
from iac_ec2lint.network.inside.lateral import lateral_ways
from iac_ec2lint.network.inside.outbound import Sender, outbound_ways
from iac_ec2lint.network.load_balancers.chained import balancer_ways
from iac_ec2lint.network.reachability.between import ways_inside, ways_over_the_internet
from iac_ec2lint.network.reachability.inside import alike_ranges
from iac_ec2lint.network.reachability.reach import port_ranges, ways_to
from iac_ec2lint.network.sets.addresses import AddressSet, Family, internet
from iac_ec2lint.network.sets.ports import TCP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.verdicts.ways import Truth, Way

_EVERYBODY: Final = ClientQuery(tuple(map(internet, Family)))
"""Any address of the internet is enough."""
Thing = Workload | Balancer | DataStore
Ranges = dict[int, list[tuple[int, int]]]


def things_in(graph: Graph) -> dict[str, list[Thing]]:
    """What can be reached, by address: workloads, load balancers and data stores."""
    found: dict[str, list[Thing]] = defaultdict(list)
    every: tuple[Thing, ...] = (*workloads(graph), *balancers(graph), *data_stores(graph))
    for one in every:
        found[one.resource.address].append(one)
    return dict(sorted(found.items()))


def _joined(every: Iterable[Ranges]) -> Ranges:
    found: Ranges = defaultdict(list)
    for one in every:
        for protocol, ranges in one.items():
            found[protocol] += ranges
    return dict(found)


def _heard(graph: Graph, balancer: Balancer) -> Ranges:
    return _joined({protocol: [*ports.ranges]} for protocol, ports in listened(graph, balancer))


def _served(store: DataStore) -> Ranges:
    return {TCP: [(port, port) for port in store.ports]}


def from_outside(graph: Graph, things: Sequence[Thing]) -> Ranges:
    """The port ranges of each protocol on which the internet may reach some things."""
    return _joined(
        port_ranges(graph, one)
        if isinstance(one, Workload)
        else _heard(graph, one)
        if isinstance(one, Balancer)
        else _served(one)
        for one in things
    )


def from_inside(graph: Graph, senders: Sequence[Sender], things: Sequence[Thing]) -> Ranges:
    """The port ranges of each protocol on which senders may reach some things."""
    return _joined(
        alike_ranges(graph, senders, one)
        if isinstance(one, Workload)
        else _heard(graph, one)
        if isinstance(one, Balancer)
        else _served(one)
        for one in things
    )


def ways_outside(graph: Graph, things: Sequence[Thing], port: tuple[int, int]) -> Iterator[Way]:
    """The ways from the internet to some things on one port."""
    for one in things:
        if isinstance(one, Workload):
            yield from ways_to(graph, one, port, _EVERYBODY)
        elif isinstance(one, Balancer):
            yield from balancer_ways(graph, one, port, _EVERYBODY)
        elif port[0] == TCP and port[1] in one.ports:
            yield from without_placement_doubt(
                list(data_store_ways(graph, one, port[1], _EVERYBODY))
            )


def exits(
    graph: Graph, senders: Sequence[Sender], port: tuple[int, int]
) -> frozenset[tuple[Family, Truth, tuple[str, ...]]]:
    """Whether senders get to the internet, and whose address is seen there."""
    return frozenset(
        (family, truth, tuple(one.address for one in way.seen_as))
        for sender in senders
        for family in Family
        for way in outbound_ways(graph, sender, family)
        if (truth := way.truth(port)) is not False
    )


def ways_within(
    graph: Graph, senders: Sequence[Sender], things: Sequence[Thing], port: tuple[int, int]
) -> Iterator[Way]:
    """The ways from senders to some things inside of networks, on one port."""
    for one in things:
        if not isinstance(one, DataStore):
            yield from ways_inside(graph, senders, one, port)
        elif port[0] == TCP and port[1] in one.ports:
            yield from lateral_ways(graph, [s.end for s in senders], store_ends(graph, one), port)


def ways_outwards(
    graph: Graph, senders: Sequence[Sender], things: Sequence[Thing], port: tuple[int, int]
) -> Iterator[Way]:
    """The ways from senders to some things over the internet, on one port."""
    for one in things:
        if not isinstance(one, DataStore):
            yield from ways_over_the_internet(graph, senders, one, port)


def clients(ways: Iterable[Way], family: Family, *, sure: bool) -> AddressSet:
    """The addresses of the internet that surely get through, or perhaps."""
    found = []
    for way in ways:
        truth = way.truth
        if way.family is not family or (truth is not True if sure else truth is False):
            continue
        clients = way.clients
        found.append(clients.lower if sure else clients.upper)
    return AddressSet.union(family, found) & internet(family)
