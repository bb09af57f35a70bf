"""Links of a VPC whose far side is in the source as a whole: peers, and closed transit gateways.

Source: VPC Peering Guide, "VPC peering basics" (a peering leads to the peer and never beyond it);
Transit Gateways Guide, "How transit gateways work" (what is attached, and nothing else, is behind).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.network.inside.beyond_vpc import links, peers_of
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.resources.route import RouteTable, SeparateRoute
from iac_ec2lint.resources.transit_gateway import (
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayDefaultAssociation,
    TransitGatewayDefaultPropagation,
    TransitGatewayRouteTable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_KEY: Final = re.compile(r"\[[^\]]*\]")
_ATTACH_NOTHING_ELSE: Final = frozenset(
    name
    for kind in (
        RouteTable,
        SeparateRoute,
        TransitGateway,
        TransitGatewayAttachment,
        TransitGatewayDefaultAssociation,
        TransitGatewayDefaultPropagation,
        TransitGatewayRouteTable,
    )
    for name in (*kind.terraform, *kind.cloudformation)
)
"""What names a gateway without attaching a network that is not in the source."""


def leads_nowhere_else(
    graph: Graph, link: Resource, is_one: Callable[[Resource | None], bool]
) -> bool:
    """Whether a link leads to a transit gateway at which there are surely only some VPCs.

    Nothing but VPCs is attached to it, it is told to nobody, and no VPC at it has a link of its own
    by which traffic might go on.

    Args:
        graph: The graph.
        link: The link.
        is_one: Whether a VPC is one of them.
    """
    if not isinstance(link, TransitGatewayAttachment):
        return False
    gateways = graph.targets(link, "transit_gateway")
    if len(gateways) != 1 or not gateways[0].certain:
        return False
    gateway = gateways[0].target
    if not isinstance(gateway, TransitGateway) or unknown_module_cause(graph, gateway) is not None:
        return False
    mentioned = graph.unit.mentions(_ATTACH_NOTHING_ELSE)
    if mentioned is None or _KEY.sub("", gateway.address) in mentioned:
        return False
    edges = (*graph.sources(gateway, "transit_gateway"), *graph.unresolved("transit_gateway"))
    attachments = {
        edge.source for edge in edges if isinstance(edge.source, TransitGatewayAttachment)
    }
    for attachment in attachments:
        ends = graph.targets(attachment, "vpc")
        if len(ends) != 1 or not ends[0].certain or not is_one(ends[0].target):
            return False
        vpc = ends[0].target
        if vpc is None or any(peers_of(graph, vpc)):
            return False
        if any(other not in attachments for other in links(graph, vpc)):
            return False
    return True
