"""Edge services, which connect clients to resources without public addresses (semantics.md, B11).

Global Accelerator, CloudFront VPC origins and API Gateway's VPC links are not evaluated further:
where one of them leads to a resource, a way in that would be closed is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.internet_paths import InternetPath, internet_path_of
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.front import (
    AcceleratorEndpoint,
    AcceleratorEndpointGroup,
    ApiGatewayV2Integration,
    ApiGatewayVpcLink,
    CloudFrontVpcOrigin,
)
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.load_balancer import Listener
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown

_EDGE_SERVICES = AcceleratorEndpointGroup | ApiGatewayVpcLink | CloudFrontVpcOrigin


class EdgeService(NamedTuple):
    """An edge service that leads clients to a resource.

    Attributes:
        hop: The evidence that it does.
        gap: Whom it lets through: that is not known.
        keeps_client: Whether the groups of the resource see the client's address. Else they see an
            interface or an address of the service's own (Global Accelerator Guide, "Preserve client
            IP addresses"; CloudFront Guide, "Restrict access with VPC origins").
    """

    hop: Hop
    gap: Unknown
    keeps_client: bool

    def admission(self, admitted: Admission, path: InternetPath) -> Admission:
        """What the groups of the resource may let in of what comes through it.

        Args:
            admitted: What they let in.
            path: The path through the service.
        """
        return admitted if self.keeps_client else admitted.from_services(path.public, self.gap)


def edge_services_of(
    graph: Graph, resource: Resource, listener: Resource | None = None
) -> Iterator[EdgeService]:
    """The edge services that lead clients to an instance or a load balancer.

    Args:
        graph: The graph.
        resource: The instance, or the load balancer.
        listener: Of a load balancer the listener, to which an HTTP API may lead.
    """
    for edge in graph.sources(resource, "endpoint", "targets"):
        if isinstance(edge.source, _EDGE_SERVICES):
            yield _edge_service(edge, resource, keeps_client=_keeps_client(edge, resource))
    if isinstance(listener, Listener):
        for edge in graph.sources(listener, "listener"):
            if isinstance(edge.source, ApiGatewayV2Integration):
                yield _edge_service(edge, resource, keeps_client=False)


def _edge_service(edge: Edge, resource: Resource, *, keeps_client: bool) -> EdgeService:
    service = edge.source
    fact = f"{service.address} leads to {resource.address}"
    words = f"whom {service.address} lets through is not judged"
    gap = Unknown(words, "expression", service.span)
    hop = Hop("front", service, edge.value.span, fact, "unknown", None, (gap,))
    return EdgeService(hop, gap, keeps_client)


def _keeps_client(edge: Edge, resource: Resource) -> bool:
    """Whether an accelerator certainly hands on the client's address: to instances always."""
    endpoint = edge.part
    if not isinstance(endpoint, AcceleratorEndpoint):
        return False
    kept = endpoint.preserves_client_ip
    return isinstance(resource, Instance) or (kept is not None and kept.is_true().truth is True)


@remembered
def edge_service_path(
    graph: Graph, subnet: Resource, family: Family, edge_service: EdgeService
) -> InternetPath:
    """The path to a subnet through an edge service: routes and public addresses do not matter."""
    return internet_path_of(graph, subnet, family).through_edge_service(edge_service.hop)
