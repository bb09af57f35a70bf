"""What takes traffic on its way and may send it on: appliances, firewalls, transit gateways.

What an appliance forwards is not in the source, so that a way through it is undecided; one with
source/destination checks forwards nothing that is not for itself. What it lets through goes on by
the routes of the subnet that it stands in.

Source: VPC User Guide, "Middlebox routing"; EC2 User Guide, "Source and destination checks"; AWS
Network Firewall Developer Guide, "Example architectures with routing"; semantics.md, B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.network.vpc.subnets import same_vpc
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.network_firewall import NetworkFirewall, NetworkFirewallEndpoint
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.transit_gateway import TransitGatewayAttachment
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint, VpcEndpointSubnet
from iac_ec2lint.values import YES, Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.routing.route_targets import RouteTarget
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span

APPLIANCES: Final = frozenset({"network interface", "instance", "VPC endpoint"})
"""Where routes lead that take traffic to an appliance."""
RETURNING: Final = APPLIANCES | {"transit gateway"}
"""Where routes lead that traffic may come back from, into a subnet of the same VPC."""

_Subnets = tuple["Resource", ...]


def let_through(target: RouteTarget, hop: Hop) -> Hop:
    """Whether the appliance that a route leads to forwards traffic that is not for itself.

    Args:
        target: The appliance.
        hop: The route.

    Returns:
        The hop, undecided without source/destination checks; False with them.
    """
    checks = _checks(target)
    if checks.truth is True and target.certain:
        fact = f"{hop.fact}, which drops what is not for itself (source/destination checks)"
        return hop._replace(fact=fact, verdict=False, causes=())
    causes = tuple(dict.fromkeys((*hop.causes, what_passes(target, hop.span))))
    return hop._replace(verdict=None, causes=causes, origin="unknown")


def what_passes(target: RouteTarget, span: Span) -> Unknown:
    """The unknown for what comes back from where a route leads, and is sent on.

    Args:
        target: An appliance, or a transit gateway.
        span: The route.
    """
    node = target.node.owner if isinstance(target.node, Implicit) else target.node
    name = f"the {target.kind}" if node is None else node.address
    if target.kind == "transit gateway":
        reason = f"whether {name} sends traffic back to the VPC that it came from is not followed"
        return Unknown(reason, "limit", span)
    return Unknown(f"what {name} lets through is not in the source", "external-id", span)


def comes_out_in(graph: Graph, target: RouteTarget, vpc: Resource | None) -> _Subnets | None:
    """The subnets whose routes take on what a target lets through; ``None`` where unknown.

    Args:
        graph: The graph.
        target: What a route of the VPC leads to, one of ``RETURNING``.
        vpc: The VPC; ``None`` where unknown.
    """
    if target.kind == "transit gateway":
        return _attached_subnets(graph, target.node, vpc)
    if target.certain and _checks(target).truth is True:
        return ()
    return None if target.node is None else _own_subnets(graph, target.node)


def _checks(target: RouteTarget) -> Answer:
    """Whether an appliance checks that it is the source or the destination: EC2's default."""
    node = target.node
    if isinstance(node, Implicit):
        node = node.owner  # an instance's own interface
    if isinstance(node, NetworkInterface):
        return node.source_dest_check.is_true()
    if not isinstance(node, Instance):
        return Answer(None)
    if node.source_dest_check is not None:
        return node.source_dest_check.is_true()
    # An interface that is declared on its own says it in the instance's place.
    return Answer(None) if node.network_interfaces else YES


@remembered
def _own_subnets(graph: Graph, node: Resource) -> _Subnets | None:
    """The subnets that an appliance has interfaces in."""
    if isinstance(node, NetworkFirewall | NetworkFirewallEndpoint):
        return _known(graph.targets(node, "subnets"))
    if isinstance(node, VpcEndpoint):
        more = [
            edge
            for source in graph.sources(node, "vpc_endpoint")
            if isinstance(source.source, VpcEndpointSubnet)
            for edge in graph.targets(source.source, "subnet")
        ]
        return _known((*graph.targets(node, "subnets"), *more))
    host = node.owner if isinstance(node, Implicit) else node
    for workload in workloads(graph):
        declared = (eni.interface.declared for eni in workload.enis)
        if workload.resource is host or any(one is host for one in declared):
            if any(eni.placement.gap is not None for eni in workload.enis):
                return None
            return tuple(dict.fromkeys(eni.placement.subnet for eni in workload.enis))
    if isinstance(host, NetworkInterface):
        return _known(graph.targets(host, "subnet"))
    return None


def _known(edges: Iterable[Edge]) -> _Subnets | None:
    found = tuple(dict.fromkeys(edge.target for edge in edges))
    known = tuple(subnet for subnet in found if subnet is not None)
    return known if known and len(known) == len(found) else None


def _attached_subnets(
    graph: Graph, gateway: Resource | None, vpc: Resource | None
) -> _Subnets | None:
    """The subnets of a VPC in which a transit gateway hands traffic on."""
    if vpc is None:
        return None
    nodes = same_vpc(graph, vpc)
    edges = (*graph.sources(gateway, "transit_gateway"),) if gateway is not None else ()
    every = [
        edge
        for attachment in (*edges, *graph.unresolved("transit_gateway"))
        if isinstance(attachment.source, TransitGatewayAttachment)
        and any(one.target in nodes for one in graph.targets(attachment.source, "vpc"))
        for edge in graph.targets(attachment.source, "subnets")
    ]
    return _known(every) if every else ()
