"""Edge services, which connect clients to resources without public addresses (semantics.md, B11).

Global Accelerator, CloudFront VPC origins and API Gateway's VPC links are not evaluated further:
where one of them leads to a resource, a way in that would be closed is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.internet_paths import InternetPath, internet_path_of
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.front import (
    AcceleratorEndpointGroup,
    ApiGatewayVpcLink,
    CloudFrontVpcOrigin,
)
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown

_EDGE_SERVICES = AcceleratorEndpointGroup | ApiGatewayVpcLink | CloudFrontVpcOrigin


def edge_services_of(graph: Graph, resource: Resource) -> Iterator[Hop]:
    """The edge services that lead clients to an instance or a load balancer."""
    for edge in graph.sources(resource, "endpoint", "targets"):
        edge_service = edge.source
        if isinstance(edge_service, _EDGE_SERVICES):
            fact = f"{edge_service.address} leads to {resource.address}"
            gap = Unknown(
                f"whom {edge_service.address} lets through is not judged",
                "expression",
                edge_service.span,
            )
            yield Hop("front", edge_service, edge.value.span, fact, "unknown", None, (gap,))


@remembered
def edge_service_path(
    graph: Graph, subnet: Resource, family: Family, edge_service: Hop
) -> InternetPath:
    """The path to a subnet through an edge service: routes and public addresses do not matter."""
    return internet_path_of(graph, subnet, family).through_edge_service(edge_service)
