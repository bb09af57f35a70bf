"""Appliances between an internet gateway and a subnet, by a route table of the gateway.

What an appliance forwards is not in the source, so that a way through it is undecided.

Source: VPC User Guide, "Middlebox routing" and "Gateway route tables"; semantics.md, B4 (condition
N5 of C1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.routing.appliances import APPLIANCES, what_passes
from iac_ec2lint.network.routing.routing import given_by, ranked_routes
from iac_ec2lint.network.verdicts.conditional_presence import UNCONDITIONAL, doubts
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.vpc.gateways import attached
from iac_ec2lint.network.vpc.subnets import subnet_addresses, vpc_of
from iac_ec2lint.resources.gateway import VpnGateway
from iac_ec2lint.resources.route import RouteTableAssociation
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.routing.routes import TableRoute
    from iac_ec2lint.network.sets.addresses import Family
    from iac_ec2lint.resources.part import Resource

_MIDDLEBOX: Final = "middlebox"
_INSPECTING: Final = APPLIANCES | {"unknown"}


@remembered
def inspection(graph: Graph, subnet: Resource, family: Family) -> Fact:
    """Whether traffic from the internet gateway reaches a subnet uninspected (N5).

    A route table of the gateway that leads to an interface or an endpoint makes it undecided.
    """
    return _inspection(graph, subnet, family)


def _inspection(graph: Graph, subnet: Resource, family: Family) -> Fact:
    vpc = vpc_of(graph, subnet)
    there = subnet_addresses(graph, subnet, family).upper
    hops: list[Hop] = []
    for edge in _gateway_associations(graph):
        loose = edge.target is None
        if not loose and _is_elsewhere(graph, edge.target, vpc):
            continue
        for named in graph.targets(edge.source, "route_table"):
            if named.target is None:
                if not loose:
                    hops.append(_unknown_edge_table(edge, named))
                continue
            causes = doubts(edge, edge.source, given=given_by(subnet))
            causes = (*causes, *doubts(named, given=UNCONDITIONAL))
            routes = ranked_routes(graph, named.target, vpc, family, given_by(subnet))
            hops.extend(
                _inspecting(route, subnet, edge, causes)
                for route in routes
                if route.target.kind in _INSPECTING and route.block.upper & there
            )
    return Fact(None, tuple(dict.fromkeys(hops))) if hops else Fact(True)


@remembered
def _gateway_associations(graph: Graph) -> tuple[Edge, ...]:
    """The associations of route tables with gateways; of unknown gateways too."""
    edges = (
        edge
        for association in graph.all(RouteTableAssociation)
        for edge in graph.targets(association, "gateway")
    )
    return tuple(edges)


def _is_elsewhere(graph: Graph, gateway: Resource | None, vpc: Resource | None) -> bool:
    """Whether a gateway is none that traffic from the internet comes by to this VPC."""
    if gateway is None or isinstance(gateway, VpnGateway):
        return True
    return attached(graph, gateway, vpc).truth is False


def _unknown_edge_table(edge: Edge, named: Edge) -> Hop:
    words = f"nobody knows the route table that {edge.source.address} gives to the gateway"
    causes = (named.value,) if isinstance(named.value, Unknown) else ()
    return Hop(_MIDDLEBOX, edge.source, named.value.span, words, "unknown", None, causes)


def _inspecting(route: TableRoute, subnet: Resource, edge: Edge, more: tuple[Unknown, ...]) -> Hop:
    words = f"{route.words}, before traffic from the internet comes to {subnet.address}"
    cause = what_passes(route.target, route.span)
    if more or edge.target is None:
        words = f"{words}, on a condition"
    return Hop(
        _MIDDLEBOX,
        route.resource,
        route.span,
        words,
        "unknown",
        None,
        tuple(dict.fromkeys((cause, *more))),
        attribute=route.attribute,
    )
