"""Edge services, which connect clients to resources without public addresses (semantics.md, B11).

Of Global Accelerator it is evaluated on which ports it leads clients on (``accelerators``).
CloudFront VPC origins, API Gateway's VPC links, Verified Access and carrier gateways are not
evaluated further: where one leads to a resource, a way in that would be closed is undecided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.accelerators import led_to
from iac_ec2lint.network.entry.internet_paths import InternetPath, internet_path_of
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.routing.routing import Leg, legs
from iac_ec2lint.network.sets.addresses import Family, internet
from iac_ec2lint.network.sets.blocks import read_block
from iac_ec2lint.network.sets.ports import PortSet
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.vpc.subnets import subnet_addresses
from iac_ec2lint.resources.front import (
    AcceleratorEndpoint,
    AcceleratorEndpointGroup,
    ApiGatewayIntegration,
    ApiGatewayVpcLink,
    CloudFrontVpcOrigin,
    CrossAccountAttachment,
    CustomRoutingEndpointGroup,
    DiscoveredInstance,
    DiscoveryService,
)
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.load_balancer import Listener, LoadBalancer
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.service_interfaces import VerifiedAccessEndpoint
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import NO, Answer, Unknown

_EDGE_SERVICES = (
    AcceleratorEndpointGroup,
    ApiGatewayIntegration,
    ApiGatewayVpcLink,
    CloudFrontVpcOrigin,
    CrossAccountAttachment,
    VerifiedAccessEndpoint,
)
_TO_BALANCERS = (ApiGatewayIntegration, ApiGatewayVpcLink)
_INSIDE = (*_TO_BALANCERS, VerifiedAccessEndpoint)
"""Those that come by interfaces in the VPC, which need no internet gateway."""


class EdgeService(NamedTuple):
    """An edge service that leads clients to a resource.

    Attributes:
        hop: The evidence that it does.
        gap: Whom it lets through: that is not known, unless ``leads_on`` says it.
        keeps_client: Whether the groups of the resource see the client's address. Else they see an
            interface or an address of the service's own (Global Accelerator Guide, "Preserve client
            IP addresses"; CloudFront Guide, "Restrict access with VPC origins").
        needs_gateway: Whether the VPC must have an internet gateway (the same pages).
        is_blockable: Whether Block Public Access stops it (VPC User Guide, "VPC BPA basics").
        leads_on: The protocol and the ports of the resource that it lets everybody through to.
    """

    hop: Hop
    gap: Unknown
    keeps_client: bool
    needs_gateway: bool
    is_blockable: bool
    leads_on: tuple[int, PortSet] | None = None

    def on(self, protocol: int, numbers: Collection[int] | None) -> EdgeService | None:
        """The same on some ports; ``None`` where it leads to none of them.

        Args:
            protocol: The protocol.
            numbers: The ports, of which one is meant; ``None`` where they are not known.
        """
        if self.leads_on is None:
            return self
        known, ports = self.leads_on
        led = [number for number in numbers or () if protocol == known and ports.contains(number)]
        if numbers is not None and len(led) == len(numbers):
            return self
        if numbers is not None and not led:
            return None
        return self._replace(hop=self.hop.in_doubt(self.gap), leads_on=None)


@remembered
def admission_through(
    _graph: Graph, edge_service: EdgeService, admitted: Admission, path: InternetPath
) -> Admission:
    """What the groups of a resource may let in of what comes through an edge service.

    Args:
        edge_service: The service.
        admitted: What they let in.
        path: The path through the service.
    """
    if edge_service.keeps_client:
        return admitted
    return admitted.from_services(path.public, edge_service.gap)


def edge_services_of(graph: Graph, subnet: Resource, *ends: Resource) -> Iterator[EdgeService]:
    """The edge services that lead clients to something, or may.

    Args:
        graph: The graph.
        subnet: The subnet that it is in.
        ends: An instance or a load balancer, and interfaces of it that are declared apart.
    """
    if not graph.has(*_EDGE_SERVICES, CustomRoutingEndpointGroup):
        return
    for end in ends:
        for edge in _leading_to(graph, end):
            yield from _service(graph, edge, end)
    for edge in _leading_somewhere(graph) if ends else ():
        if isinstance(ends[0], LoadBalancer) or not isinstance(edge.source, _TO_BALANCERS):
            yield from _service(graph, edge, ends[0])
    for edge in _registered_somewhere(graph) if ends else ():
        if not isinstance(ends[0], LoadBalancer):
            yield from _service(graph, edge._replace(target=None), ends[0])
    for end in ends[:1]:
        yield from _into_range(graph, subnet, end)
        yield from _into_subnet(graph, subnet, end)


def _service(graph: Graph, edge: Edge, end: Resource) -> Iterator[EdgeService]:
    edge_service = edge.source
    if _leads(edge_service).truth is False:
        return
    leads = "leads" if edge.certain and edge.target is not None else "may lead"
    hop = _hop(edge_service, edge.value.span, f"{leads} to {end.address}")
    gap, public = hop.causes[0], not isinstance(edge_service, _INSIDE)
    kept, leads_on = _keeps_client(edge, end), None
    if kept and isinstance(edge_service, AcceleratorEndpointGroup):
        leads_on = led_to(graph, edge, edge_service)
    if leads_on is not None:
        hop = hop._replace(verdict=True, origin="explicit", causes=())
    yield EdgeService(hop, gap, kept, public, public, leads_on)


def _hop(edge_service: Resource, span: Span, leads: str) -> Hop:
    """The evidence of an edge service, and that nobody knows whom it lets through."""
    gap = Unknown(
        f"whom {edge_service.address} lets through is not judged",
        "expression",
        edge_service.span,
    )
    fact = f"{edge_service.address} {leads}"
    return Hop("front", edge_service, span, fact, "unknown", None, (gap,))


def _into_subnet(graph: Graph, subnet: Resource, end: Resource) -> Iterator[EdgeService]:
    """The custom routing accelerators that lead to the instances of a subnet, or may.

    Source: Global Accelerator Developer Guide, "How custom routing accelerators work".
    """
    if isinstance(end, LoadBalancer):
        return
    for group in graph.all(CustomRoutingEndpointGroup):
        for edge in graph.targets(group, "endpoints"):
            if edge.target in (subnet, None) and group.presence.answer.truth is not False:
                hop = _hop(group, edge.value.span, f"may lead to {end.address} by its subnet")
                yield EdgeService(
                    hop, hop.causes[0], keeps_client=True, needs_gateway=True, is_blockable=True
                )


def _into_range(graph: Graph, subnet: Resource, end: Resource) -> Iterator[EdgeService]:
    """The endpoints of Verified Access that lead to whatever is in a range of addresses.

    Source: Verified Access User Guide, "Create a network CIDR endpoint for Verified Access".
    """
    for endpoint in graph.all(VerifiedAccessEndpoint):
        cidr = endpoint.cidr
        if cidr is None or endpoint.presence.answer.truth is False:
            continue
        there = subnet_addresses(graph, subnet, Family.IPV4).upper
        if read_block(cidr, Family.IPV4).upper.overlaps(there):
            hop = _hop(endpoint, cidr.span, f"may lead to {end.address} by its address")
            yield EdgeService(
                hop, hop.causes[0], keeps_client=False, needs_gateway=False, is_blockable=False
            )


@remembered
def carrier_gateways(graph: Graph, subnet: Resource) -> tuple[EdgeService, ...]:
    """The carrier gateways by which the subscribers of a carrier may reach a subnet.

    What has a carrier's address there is reached from the network of the carrier, though not from
    the rest of the internet (Wavelength Developer Guide, "Carrier gateways").
    """
    public = internet(Family.IPV4)
    return tuple(
        _of_carrier(leg, subnet)
        for leg in legs(graph, subnet, Family.IPV4)
        if leg.target.kind == "carrier gateway" and leg.addresses.upper.overlaps(public)
    )[:1]


def _of_carrier(leg: Leg, subnet: Resource) -> EdgeService:
    gateway = leg.target.node
    name = "a carrier gateway" if gateway is None else gateway.address
    gap = Unknown(f"whose devices {name} lets in is not judged", "expression", leg.hop.span)
    fact = f"{name} leads from the network of a carrier to {subnet.address}"
    hop = Hop("front", gateway or leg.hop.resource, leg.hop.span, fact, "unknown", None, (gap,))
    return EdgeService(hop, gap, keeps_client=True, needs_gateway=False, is_blockable=True)


def _leading_to(graph: Graph, resource: Resource) -> Iterator[Edge]:
    listeners = [
        edge.source
        for edge in graph.sources(resource, "load_balancer")
        if isinstance(edge.source, Listener)
    ]
    first: tuple[Resource, ...] = ()
    if isinstance(resource, Instance) and not resource.declared.of_cloudformation:
        first = (graph.implicit(resource, "primary network interface"),)
    for end in (resource, *first, *listeners):
        for edge in graph.sources(end, "endpoint", "targets"):
            if isinstance(edge.source, _EDGE_SERVICES):
                yield edge
    for registered in graph.sources(resource, "registered"):
        yield from _looking_up(graph, registered.source)


def _looking_up(graph: Graph, registered: Resource) -> Iterator[Edge]:
    """The integrations that get to what is registered with Cloud Map by its service."""
    service = graph.only(registered, "service", DiscoveryService)
    for edge in () if service is None else graph.sources(service, "endpoint"):
        if isinstance(edge.source, ApiGatewayIntegration):
            yield edge


@remembered
def _registered_somewhere(graph: Graph) -> tuple[Edge, ...]:
    """The integrations by which something that is not known is found in Cloud Map."""
    return tuple(
        edge
        for one in graph.all(DiscoveredInstance)
        if any(to.target is None for to in graph.targets(one, "registered"))
        for edge in _looking_up(graph, one)
    )


@remembered
def _leading_somewhere(graph: Graph) -> tuple[Edge, ...]:
    """The ends of edge services that are not known: each may be anything in the unit."""
    return tuple(
        edge
        for edge_service in graph.all(*_EDGE_SERVICES)
        for edge in graph.targets(edge_service, "endpoint", "targets")
        if edge.target is None
    )


def _leads(edge_service: Resource) -> Answer:
    """Whether it leads into a VPC: an integration only where it uses a VPC link."""
    if not isinstance(edge_service, ApiGatewayIntegration):
        return edge_service.presence.answer
    connection = edge_service.connection
    linked = NO if connection is None else connection.equals("VPC_LINK")
    return linked & edge_service.presence.answer


def _keeps_client(edge: Edge, resource: Resource) -> bool:
    """Whether an accelerator certainly hands on the client's address: to instances always."""
    endpoint = edge.part
    if isinstance(endpoint, CrossAccountAttachment):
        return isinstance(resource, Instance)
    if not isinstance(endpoint, AcceleratorEndpoint):
        return False
    kept = endpoint.preserves_client_ip
    return isinstance(resource, Instance) or (kept is not None and kept.is_true().truth is True)


@remembered
def edge_service_path(
    graph: Graph, subnet: Resource, family: Family, edge_service: EdgeService
) -> InternetPath:
    """The path to a subnet through an edge service: routes and public addresses do not matter."""
    return internet_path_of(graph, subnet, family).through_edge_service(
        edge_service.hop,
        needs_gateway=edge_service.needs_gateway,
        is_blockable=edge_service.is_blockable,
    )
