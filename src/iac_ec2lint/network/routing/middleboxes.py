"""Appliances on the way: instances, interfaces and Gateway Load Balancer endpoints.

What an appliance forwards is not in the source, so that a way through it is undecided; one with
source/destination checks forwards nothing that is not for itself.

Source: VPC User Guide, "Middlebox routing" and "Gateway route tables"; EC2 User Guide, "Source and
destination checks"; semantics.md, B4 and B6 (condition N5 of C1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.routing.routing import given_by, ranked_routes
from iac_ec2lint.network.verdicts.conditional_presence import UNCONDITIONAL, doubts
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.vpc.gateways import attached
from iac_ec2lint.network.vpc.subnets import subnet_addresses, vpc_of
from iac_ec2lint.resources.gateway import VpnGateway
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.route import RouteTableAssociation
from iac_ec2lint.values import YES, Answer, Unknown

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.routing.routes import TableRoute
    from iac_ec2lint.network.routing.routing import Leg
    from iac_ec2lint.network.sets.addresses import Family
    from iac_ec2lint.resources.part import Resource

_MIDDLEBOX: Final = "middlebox"
APPLIANCES: Final = frozenset({"network interface", "instance", "VPC endpoint"})
"""Where routes lead that take traffic to an appliance."""
_INSPECTING: Final = APPLIANCES | {"unknown"}


@remembered
def inspection(graph: Graph, subnet: Resource, family: Family) -> Fact:
    """Whether traffic from the internet gateway reaches a subnet uninspected (N5).

    A route table of the gateway that leads to an interface or an endpoint makes it undecided.
    """
    return _inspection(graph, subnet, family)


def forwarded(leg: Leg) -> Hop:
    """Whether the appliance that a leg leads to forwards traffic that is not for itself.

    Undecided without source/destination checks; False with them.
    """
    node, hop = leg.target.node, leg.hop
    if isinstance(node, Implicit):
        node = node.owner  # an instance's own interface
    name = "it" if node is None else node.address
    if isinstance(node, NetworkInterface | Instance):
        checks = _checks(node)
        if checks.truth is True and leg.target.certain:
            fact = f"{hop.fact}, which drops what is not for itself (source_dest_check)"
            return hop._replace(fact=fact, verdict=False, causes=())
    gap = Unknown(f"what {name} lets through is not in the source", "external-id", hop.span)
    causes = tuple(dict.fromkeys((*hop.causes, gap)))
    return hop._replace(verdict=None, causes=causes, origin="unknown")


def _checks(node: NetworkInterface | Instance) -> Answer:
    """Whether an appliance checks that it is the source or the destination: EC2's default."""
    if isinstance(node, NetworkInterface):
        return node.source_dest_check.is_true()
    if node.source_dest_check is not None:
        return node.source_dest_check.is_true()
    # An interface that is declared on its own says it in the instance's place.
    return Answer(None) if node.network_interfaces else YES


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
    what = route.target.node.address if route.target.node is not None else "it"
    cause = Unknown(f"what {what} lets through is not in the source", "external-id", route.span)
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
