"""Where a route leads, and the unknowns that this depends on.

Source: VPC User Guide, "Route tables"; semantics.md, B4.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.declaration import UnknownSection
from iac_ec2lint.graph.nodes import External, Implicit
from iac_ec2lint.graph.relations import there
from iac_ec2lint.network.verdicts.conditional_presence import Condition, doubt, doubts
from iac_ec2lint.network.verdicts.evidence import Fact
from iac_ec2lint.network.vpc.gateways import attached
from iac_ec2lint.resources.gateway import (
    EgressOnlyInternetGateway,
    InternetGateway,
    NatGateway,
    VpnGateway,
)
from iac_ec2lint.resources.network_firewall import NetworkFirewall, NetworkFirewallEndpoint
from iac_ec2lint.resources.peering import VpcPeeringConnection
from iac_ec2lint.resources.route import TARGETS, Route
from iac_ec2lint.resources.transit_gateway import TransitGateway
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint
from iac_ec2lint.values import Unknown, address_in_module

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.resources.part import Resource

TargetKind = Literal[
    "internet gateway",
    "egress-only internet gateway",
    "NAT gateway",
    "virtual private gateway",
    "peering connection",
    "transit gateway",
    "VPC endpoint",
    "network interface",
    "instance",
    "local",
    "carrier gateway",
    "local gateway",
    "core network",
    "nothing",
    "unknown",
]
"""Where a route leads. ``nothing``: a blackhole, because its target is absent or detached."""

_KINDS: Final[dict[str, TargetKind]] = {
    "nat_gateway": "NAT gateway",
    "egress_only_gateway": "egress-only internet gateway",
    "network_interface": "network interface",
    "instance": "instance",
    "transit_gateway": "transit gateway",
    "peering_connection": "peering connection",
    "vpc_endpoint": "VPC endpoint",
    "carrier_gateway": "carrier gateway",
    "local_gateway": "local gateway",
    "core_network": "core network",
}
"""What the relations of a route lead to; ``gateway`` may be one of several things."""


class RouteTarget(NamedTuple):
    """Where a route leads.

    Attributes:
        kind: What it is.
        node: The resource; ``None`` for ``local`` and ``unknown``.
        certain: Whether it is certainly this one, and exists.
    """

    kind: TargetKind
    node: Resource | None
    certain: bool


class ResolvedTarget(NamedTuple):
    """Where a route leads, with the evidence.

    Attributes:
        target: Where it leads.
        causes: The unknowns that this depends on.
        attachment: The evidence whether the gateway is attached to the VPC.
    """

    target: RouteTarget
    causes: tuple[Unknown, ...] = ()
    attachment: tuple[Hop, ...] = ()


def resolve_target(
    graph: Graph, resource: Resource, route: Route, vpc: Resource | None, given: Condition
) -> ResolvedTarget:
    """Resolves where a route leads, with the evidence.

    Args:
        graph: The graph.
        resource: The resource that declares the route.
        route: The route.
        vpc: The VPC that its table is used in; ``None`` where unknown.
        given: The condition of the subnet, which is assumed to exist.
    """
    edges = [
        _of_firewall(graph, edge)
        for name in _written(route)
        for edge in graph.follow(resource, route, name)
    ]
    if not edges:
        # AWS refuses it: what is deployed leads somewhere.
        absent = Unknown("the route names no target", "expression", route.span)
        return ResolvedTarget(RouteTarget("unknown", None, certain=False), (absent,))
    if len(edges) > 1:
        kinds = {_classified(graph, edge, vpc, given)[0].kind for edge in edges}
        kind = kinds.pop() if len(kinds) == 1 else "unknown"
        nodes = {edge.target for edge in edges}
        node = nodes.pop() if len(nodes) == 1 else None
        causes = tuple(
            dict.fromkeys(edge.value for edge in edges if isinstance(edge.value, Unknown))
        )
        return ResolvedTarget(RouteTarget(kind, node, certain=False), causes)
    edge = edges[0]
    target, attachment = _classified(graph, edge, vpc, given)
    causes = doubts(edge, given=given)
    if target.node is not None:
        cause = doubt(target.node.presence, given)
        causes = causes if cause is None else (*causes, cause)
    if target.kind == "unknown" and isinstance(edge.value, Unknown):
        causes = tuple(dict.fromkeys((*causes, edge.value)))
    causes = tuple(dict.fromkeys((*causes, *attachment.causes)))
    return ResolvedTarget(target._replace(certain=not causes), causes, attachment.hops)


def _of_firewall(graph: Graph, edge: Edge) -> Edge:
    """A reference to a firewall where it is by the id of an endpoint, known after its creation.

    Which of its endpoints it is does not matter: all are the firewall's own.
    """
    value = edge.value
    if not isinstance(edge.target, External | None) or not isinstance(value, Unknown):
        return edge
    if value.cause != "computed":
        return edge
    found = {graph.get(reference.target) for reference in value.references}
    node = found.pop() if len(found) == 1 else None
    if not isinstance(node, NetworkFirewall | NetworkFirewallEndpoint):
        return edge
    return edge._replace(target=node, certain=there(edge.source, edge.part))


def _written(route: Route) -> tuple[str, ...]:
    """The relations to targets that are written, or may be: asking for all of them takes time."""
    if len(route.layers) != 1 or isinstance(route.layers[0].section, UnknownSection):
        return TARGETS
    spelled = _spellings(route.layers[0].type)
    section = route.layers[0].section
    names = set(section.names())
    return tuple(
        relation
        for relation in TARGETS
        if not names.isdisjoint(map(section.spelled, spelled[relation]))
    )


@cache
def _spellings(kind: str) -> dict[str, tuple[str, ...]]:
    """How a type of resource spells the relations of its routes to their targets."""
    fields = {relation: getattr(Route, relation) for relation in TARGETS}
    return {name: tuple(steps[0] for steps in field.paths(kind)) for name, field in fields.items()}


def _classified(
    graph: Graph, edge: Edge, vpc: Resource | None, given: Condition
) -> tuple[RouteTarget, Fact]:
    """Classifies the target of one reference; with whether a gateway is attached."""
    node = edge.target
    fact = Fact(True)
    kind: TargetKind = _KINDS.get(edge.relation, "unknown")
    if node is not None and edge.relation == "gateway":
        kind = _gateway_kind(node)
        if kind == "internet gateway":
            fact = attached(graph, node, vpc, given)
        if fact.truth is False:
            kind = "nothing"
    if kind == "local":
        node = None
    return RouteTarget(kind, node, certain=True), fact


def _gateway_kind(node: Resource) -> TargetKind:
    """What ``gateway_id`` or ``GatewayId`` leads to."""
    if isinstance(node, InternetGateway):
        return "internet gateway"
    if isinstance(node, VpnGateway):
        return "virtual private gateway"
    if isinstance(node, VpcEndpoint):
        return "VPC endpoint"
    if isinstance(node, NatGateway):
        return "NAT gateway"
    if isinstance(node, EgressOnlyInternetGateway):
        return "egress-only internet gateway"
    if isinstance(node, VpcPeeringConnection):
        return "peering connection"
    if isinstance(node, TransitGateway):
        return "transit gateway"
    if isinstance(node, Implicit):
        return "internet gateway" if node.kind == "InternetGateway" else "unknown"
    if isinstance(node, External):
        if node.text == "local":
            return "local"
        name = node.text or address_in_module(node.address)
        for start, kind in _NAMED.items():
            if name.startswith(start):
                return kind
    return "unknown"


_NAMED: Final[dict[str, TargetKind]] = {
    "igw-": "internet gateway",
    "vgw-": "virtual private gateway",
    "vpce-": "VPC endpoint",
    "nat-": "NAT gateway",
    "eigw-": "egress-only internet gateway",
    "pcx-": "peering connection",
    "tgw-": "transit gateway",
    "data.aws_ec2_transit_gateway.": "transit gateway",
    "data.aws_nat_gateway.": "NAT gateway",
    "data.aws_internet_gateway.": "internet gateway",
    "data.aws_vpc_peering_connection.": "peering connection",
    "data.aws_vpn_gateway.": "virtual private gateway",
}
"""How the names of gateways begin that are declared elsewhere."""
