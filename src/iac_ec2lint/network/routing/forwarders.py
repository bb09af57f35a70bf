"""Hosts that forward traffic for others: what routes and Gateway Load Balancers hand it to.

Source: VPC User Guide, "NAT instances" and "Middlebox routing"; Elastic Load Balancing, "Target
groups for your Gateway Load Balancers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.load_balancer import TargetGroup, TargetGroupAttachment
from iac_ec2lint.resources.network_interface import NetworkInterface, NetworkInterfaceAttachment
from iac_ec2lint.resources.route import Route, RouteTable, SeparateRoute
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import NO, YES, Answer, Unknown, without_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource

HOST_TARGETS: Final = ("instance", "network_interface")
"""The relations of a route that lead to a host."""


class HostRoute(NamedTuple):
    """A route whose target is an instance or an interface.

    Attributes:
        declaring: The route table, or the route that is declared on its own.
        route: The route.
        relation: Which of ``HOST_TARGETS`` it names.
        hosts: What it leads to; an interface that AWS made with an instance counts as that.
    """

    declaring: Resource
    route: Route
    relation: str
    hosts: tuple[Resource, ...]


class _Forwarders(NamedTuple):
    """What is known to forward traffic, what may, and the unknowns that may be more of it.

    Of known ones that have instance keys, ``counted`` has the addresses without these.
    """

    known: frozenset[Resource]
    counted: frozenset[str]
    possible: Mapping[Resource, tuple[Unknown, ...]]
    unknown: tuple[Unknown, ...]


@remembered
def host_routes(graph: Graph) -> tuple[HostRoute, ...]:
    """The routes that lead to an instance or an interface, in the order of their tables."""
    return tuple(_host_routes(graph))


def _host_routes(graph: Graph) -> Iterator[HostRoute]:
    tables: list[RouteTable | SeparateRoute] = [*graph.all(RouteTable), *graph.all(SeparateRoute)]
    for declaring in tables:
        routes: tuple[Route, ...]
        routes = declaring.routes if isinstance(declaring, RouteTable) else (declaring,)
        for route in routes:
            for relation in HOST_TARGETS:
                if route.is_set(relation).truth is not False:
                    edges = graph.follow(declaring, route, relation)
                    yield HostRoute(declaring, route, relation, tuple(_owners(edges)))


def forwards_traffic(graph: Graph, host: Resource) -> Answer:
    """Whether a route leads to an instance or interface, or a Gateway Load Balancer does.

    What leads to an interface leads to its instance. A route to one of several that are counted
    together is moved to another one where that fails, as an overlay address is.
    """
    found = _forwarders(graph)
    own = (host, *_joined(graph, host))
    if not found.known.isdisjoint(own):
        return YES
    if any(without_keys(one.address) in found.counted for one in own):
        return YES
    handed = unknown_module_cause(graph, host)  # which may have routes to it
    causes = found.unknown if handed is None else (*found.unknown, handed)
    causes = (*(cause for one in own for cause in found.possible.get(one, ())), *causes)
    causes = (*causes, *(cause for one in own for cause in _routed_elsewhere(graph, one)))
    return Answer(None, causes) if causes else NO


def _routed_elsewhere(graph: Graph, host: Resource) -> Iterator[Unknown]:
    """Why routes may lead to a host that nobody declares here: its VPC is declared elsewhere."""
    for edge in graph.targets(host, "subnet"):
        vpc = None if edge.target is None else vpc_of(graph, edge.target)
        if not isinstance(vpc, Vpc):
            words = f"the routes of the VPC of {host.address} are declared elsewhere"
            inputs = edge.value.inputs if isinstance(edge.value, Unknown) else ()
            yield Unknown(words, "external-id", edge.value.span, inputs=inputs)


@remembered
def _forwarders(graph: Graph) -> _Forwarders:
    edges = [
        edge
        for one in host_routes(graph)
        for edge in graph.follow(one.declaring, one.route, one.relation)
    ]
    possible: dict[Resource, tuple[Unknown, ...]] = {}
    for group in graph.all(TargetGroup):
        inspects = group.equals("protocol", "GENEVE")
        if inspects.truth is True:
            edges += _targets(graph, group)
        elif inspects.truth is None:
            possible |= dict.fromkeys(_owners(_targets(graph, group)), inspects.causes)
    unknown = (edge.value for edge in edges if edge.target is None)
    known = frozenset(_owners(edges))
    return _Forwarders(
        known,
        frozenset(without_keys(one.address) for one in known if "[" in one.address),
        possible,
        tuple(dict.fromkeys(value for value in unknown if isinstance(value, Unknown))),
    )


def _targets(graph: Graph, group: TargetGroup) -> Iterator[Edge]:
    """What a target group sends traffic to, by itself or by attachments."""
    for target in group.targets:
        yield from graph.follow(group, target, "target")
    for attachment in graph.sources(group, "target_group"):
        if isinstance(attachment.source, TargetGroupAttachment):
            yield from graph.targets(attachment.source, "target")


def _owners(edges: Iterable[Edge]) -> Iterator[Resource]:
    for edge in edges:
        if edge.target is not None:
            yield edge.target.owner if isinstance(edge.target, Implicit) else edge.target


def _joined(graph: Graph, host: Resource) -> Iterator[Resource]:
    """The instance of an interface, or the interfaces of an instance."""
    if isinstance(host, NetworkInterface):
        yield from _owners(graph.targets(host, "instance"))
        for edge in graph.sources(host, "network_interface"):
            if isinstance(edge.source, NetworkInterfaceAttachment):
                yield from _owners(graph.targets(edge.source, "instance"))
            else:
                yield edge.source
        return
    yield from _owners(graph.targets(host, "network_interface"))
    for edge in graph.sources(host, "instance"):
        if isinstance(edge.source, NetworkInterfaceAttachment):
            yield from _owners(graph.targets(edge.source, "network_interface"))
        else:
            yield edge.source
