"""Ways to the listeners of load balancers that begin inside, at an interface of a workload.

A listener is reached over private addresses, through another load balancer, or through an endpoint
of a service that a Network Load Balancer offers. What comes through an endpoint is seen with the
load balancer's address. Rules of a target cannot refer to the groups of a client whose address the
load balancer keeps.

Source: Elastic Load Balancing User Guide, "Security groups" and "Client IP preservation" of Network
Load Balancers; AWS PrivateLink Guide, "Create a service powered by AWS PrivateLink"; semantics.md,
B11, B12 and C1 ("Over the internet").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.gateway_ways import enough
from iac_ec2lint.network.entry.internet_paths import (
    ClientQuery,
    InternetPath,
    internet_path_of,
)
from iac_ec2lint.network.entry.listeners import (
    ListenerEntry,
    balancer_admissions,
    listener_preconditions,
    no_listener_hops,
)
from iac_ec2lint.network.filters.attached_rules import GroupRule, Peer, Ports
from iac_ec2lint.network.filters.network_acl import filter_edges
from iac_ec2lint.network.hosts.balancers import Balancer, BalancerListener
from iac_ec2lint.network.hosts.endpoints import CUSTOMERS
from iac_ec2lint.network.inside.interfaces import PlacedAddresses, balancer_ends
from iac_ec2lint.network.inside.lateral import (
    FlowEnd,
    LateralWay,
    ports_from,
    rule_hops,
)
from iac_ec2lint.network.inside.private_ways import endpoint_ends
from iac_ec2lint.network.load_balancers.chained import chained_entries, chained_forwardings
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import ALL, ALL_PORTS, NO_PORTS
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import DIRECT, Explanation, Truth, conjunction, firmest
from iac_ec2lint.network.vpc.subnets import subnet_addresses
from iac_ec2lint.resources.endpoint_service import EndpointService, EndpointServicePrincipal
from iac_ec2lint.resources.load_balancer import LoadBalancer
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint, VpcEndpointAccepter
from iac_ec2lint.values import NO, YES, Answer, Confidence, Unknown, any_of

_KIND: Final = "endpoint service"


class InsideEntry:
    """A way from inside to a listener, over private addresses (see ``WayIn``).

    Args:
        way: The way to the load balancer, or to an endpoint of its service.
        path: The client's path to the load balancer's subnet.
        preconditions: The hops for what else must hold.
        query: The client, whose address is unknown.
    """

    via = DIRECT
    is_family_unused = False

    def __init__(
        self,
        way: LateralWay,
        path: InternetPath,
        preconditions: tuple[Hop, ...],
        query: ClientQuery,
    ) -> None:
        self._way = way
        self.path = path
        self.preconditions = preconditions
        self.query = query
        self.port = way.port
        self.family = way.family
        self.is_secondary = way.is_secondary

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``: the addresses that the client may have."""
        return Approximation.exactly(self.path.public)

    def enough(self, clients: Approximation[AddressSet]) -> Truth:
        """See ``WayIn``."""
        return enough(clients, self.path, self.query)

    @property
    def truth(self) -> Truth:
        """See ``Way``."""
        return conjunction((self._way.truth, *(hop.verdict for hop in self.preconditions)))

    def explain(self) -> Explanation:
        """See ``Way``."""
        how = self._way.explain()
        hops = (*how.hops, *self.preconditions)
        if self.truth is not None:
            return Explanation(hops, firmest(step for hop in hops for step in hop.assumptions))
        return Explanation(hops, Confidence.POSSIBLE)


class _Offer(NamedTuple):
    """An endpoint of a service that a load balancer offers.

    Attributes:
        endpoint: The endpoint.
        hops: Whether it leads to the service, and is accepted.
    """

    endpoint: VpcEndpoint
    hops: tuple[Hop, ...]


def entries_from(
    graph: Graph,
    sources: Sequence[FlowEnd],
    balancer: Balancer,
    listener: BalancerListener,
    number: int | None = None,
) -> Iterator[ListenerEntry]:
    """The ways from interfaces inside to a listener.

    Args:
        graph: The graph.
        sources: The interfaces.
        balancer: The load balancer.
        listener: Its listener.
        number: The port that is asked for; ``None``: whatever the listener listens on.
    """
    yield from _entries(graph, sources, balancer, listener, number, frozenset())


def ways_to_no_listener(
    graph: Graph, sources: Sequence[FlowEnd], balancer: Balancer, port: tuple[int, int]
) -> Iterator[InsideEntry]:
    """The ways to a load balancer on a port on which it has no listener: all are closed.

    Args:
        graph: The graph.
        sources: The interfaces where they begin.
        balancer: The load balancer.
        port: The protocol and the port.
    """
    preconditions = no_listener_hops(balancer, port)
    for target in balancer_ends(graph, balancer):
        for source in sources:
            yield _entry(graph, source, target, target, port, preconditions)


def _entries(
    graph: Graph,
    sources: Sequence[FlowEnd],
    balancer: Balancer,
    listener: BalancerListener,
    number: int | None,
    passed: frozenset[Resource],
) -> Iterator[ListenerEntry]:
    stands = balancer_ends(graph, balancer)
    for own, (placement, holder, admitted) in zip(
        stands, balancer_admissions(graph, balancer), strict=True
    ):
        for source in sources:
            for port, known in _ports(graph, listener, number, source, (own,)):
                preconditions = listener_preconditions(balancer, listener, known)
                for family, at in _stands(graph, balancer, own, source):
                    way = _entry(graph, source, at, own, port, preconditions, family)
                    yield ListenerEntry(way, placement, admitted, holder)
            for offer in _offers(graph).get(balancer.resource, ()):
                for target in endpoint_ends(graph, offer.endpoint):
                    asked = (target, own) if _asked(balancer, own).truth else (target,)
                    for port, known in _ports(graph, listener, number, source, asked):
                        preconditions = listener_preconditions(balancer, listener, known)
                        hops = (*offer.hops, *_enforced(graph, balancer, own, source, port))
                        way = _entry(graph, source, target, own, port, (*hops, *preconditions))
                        yield ListenerEntry(way, placement, admitted, holder, is_masked=True)
    for outer in chained_forwardings(graph).get(balancer.resource, ()):
        if outer.balancer.resource in passed:
            continue
        beyond = passed | {balancer.resource}
        for entry in _entries(graph, sources, outer.balancer, outer.listener, None, beyond):
            yield from chained_entries(graph, balancer, listener, outer, entry, number)


def _stands(
    graph: Graph, balancer: Balancer, own: FlowEnd, source: FlowEnd
) -> Iterator[tuple[Family, FlowEnd]]:
    """A load balancer's interface in the families in which a client may connect to it."""
    yield Family.IPV4, own
    resource = balancer.resource
    if source.ipv6 is None or not isinstance(resource, LoadBalancer):
        return
    stacked = ~resource.ip_address_type.equals("ipv4")
    addresses = subnet_addresses(graph, own.placement.subnet, Family.IPV6).upper
    if stacked.truth is False or not addresses:
        return
    fact = f"{resource.address} has IPv6 addresses"
    hop = Hop("address", resource, resource.span, fact, "explicit", stacked.truth, stacked.causes)
    yield Family.IPV6, own._replace(ipv6=PlacedAddresses(addresses, hop))


def _ports(
    graph: Graph,
    listener: BalancerListener,
    number: int | None,
    source: FlowEnd,
    ends: Sequence[FlowEnd],
) -> Iterator[tuple[tuple[int, int], int | None]]:
    """The ports to ask for, each with the one that the listener may listen on, if it is known.

    Args:
        graph: The graph.
        listener: The listener.
        number: The port that is asked for; ``None``: whatever the listener listens on.
        source: The client.
        ends: The interfaces that must let it in: an endpoint's, the load balancer's.
    """
    for protocol in listener.protocols:
        if listener.numbers is not None:
            heard = (one for one in listener.numbers if number in (None, one))
            yield from (((protocol, one), one) for one in heard)
        elif number is not None:
            yield (protocol, number), number
        else:
            open_ = _telling_ports(graph, source, ends, protocol)
            yield from (((protocol, one), None) for one in open_)


def _telling_ports(
    graph: Graph, source: FlowEnd, ends: Sequence[FlowEnd], protocol: int
) -> tuple[int, ...]:
    """Ports that stand for all: if any may be open from one end to others, one of these may.

    What is let through changes only where the ports of some rule begin.
    """
    edges = {0}
    open_ = ALL_PORTS
    for own, other in [(source, ends[0]), *((end, source) for end in ends)]:
        admitted = own.egress if own is source else own.ingress
        possible = NO_PORTS
        for family in Family:
            peer = other.peer(family)
            for one in (peer, peer.without_groups):
                ports = ports_from(graph, admitted, one, protocol)
                possible |= ports.upper
                both = (*ports.lower.ranges, *ports.upper.ranges)
                edges.update(edge for lo, hi in both for edge in (lo, hi + 1))
        open_ &= possible
    for subnet in {end.placement.subnet for end in (source, *ends)}:
        edges.update(edge for kind, edge in filter_edges(graph, subnet) if kind in (protocol, ALL))
    return tuple(one for one in sorted(edges) if open_.contains(one)) or (0,)


def _entry(
    graph: Graph,
    source: FlowEnd,
    target: FlowEnd,
    own: FlowEnd,
    port: tuple[int, int],
    preconditions: tuple[Hop, ...],
    family: Family = Family.IPV4,
) -> InsideEntry:
    """A way to a load balancer's interface, or to an endpoint (``target``) that leads to it."""
    way = LateralWay(graph, source, target, port, family)
    here = source.placed(family).addresses
    path = _path_of(graph, own.placement.subnet, here)
    reason = f"which address in {here.describe()} {source.holder.name} has is known after creation"
    which = Unknown(reason, "computed", source.placement.span)
    return InsideEntry(way, path, preconditions, ClientQuery(None, which))


@remembered
def _path_of(graph: Graph, subnet: Resource, clients: AddressSet) -> InternetPath:
    return internet_path_of(graph, subnet, clients.family).from_inside(clients)


def _asked(balancer: Balancer, own: FlowEnd) -> Answer:
    """Whether the load balancer's groups are asked about what comes through an endpoint."""
    resource = balancer.resource
    if not own.holder.groups or not isinstance(resource, LoadBalancer):
        return NO
    said = resource.enforces_groups_on_private_link
    return YES if said is None else ~said.equals("off")


def _enforced(
    graph: Graph, balancer: Balancer, own: FlowEnd, source: FlowEnd, port: tuple[int, int]
) -> Iterator[Hop]:
    """Whether the load balancer's groups let a client in that comes through an endpoint.

    They see its private address, and are not asked where that is turned off.
    """
    applies = _asked(balancer, own)
    if applies.truth is False:
        return
    addresses = source.placed(Family.IPV4).addresses
    ports = ports_from(graph, own.ingress, Peer(Family.IPV4, addresses, frozenset()), port[0])
    name = source.holder.name
    reason = f"which address {name} has is known after creation"
    which = partial(Unknown, reason, "computed", source.placement.span)
    for hop in rule_hops(graph, own, "in from", port, ports, name, addresses, which):
        unsure = hop.verdict is not True and applies.truth is None
        yield hop._replace(verdict=None, causes=applies.causes) if unsure else hop


def enforced_on_anyone(
    graph: Graph, balancer: Balancer, own: FlowEnd, port: tuple[int, int]
) -> tuple[Hop, ...]:
    """Whether a load balancer's groups let somebody in who comes through an endpoint of their own.

    A foreign account gives its VPC the addresses that it likes, so that every rule for addresses
    lets it in, and none for groups.

    Args:
        graph: The graph.
        balancer: The load balancer.
        own: One of its interfaces.
        port: The protocol and the port that it listens on.
    """
    applies = _asked(balancer, own)
    if applies.truth is False:
        return ()
    protocol, number = port
    lower = upper = NO_PORTS
    causes: dict[Unknown, None] = {}
    rules: dict[GroupRule, None] = {}
    for family in Family:
        traffic = own.ingress.traffic(family)
        lower |= traffic.lower.ports_open(protocol, bool)
        upper |= traffic.upper.ports_open(protocol, bool)
        causes.update(dict.fromkeys(own.ingress.causes(family, protocol, number)))
        every = AddressSet.everything(family)
        rules.update((rule, None) for rule, _ in own.ingress.deciding(protocol, number, every))
    ports = Ports(lower, upper, tuple(rules), tuple(causes))
    reason = f"which addresses the groups of {own.holder.name} let in is not known"
    which = partial(Unknown, reason, "computed", balancer.resource.span)
    hops = rule_hops(graph, own, "in from", port, ports, "another account", None, which)
    if applies.truth is True:
        return tuple(hops)
    return tuple(
        hop if hop.verdict is True else hop._replace(verdict=None, causes=applies.causes)
        for hop in hops
    )


@remembered
def _offers(graph: Graph) -> dict[Resource, list[_Offer]]:
    """The endpoints that lead, or may lead, to each load balancer."""
    made: dict[Resource, list[_Offer]] = defaultdict(list)
    services = list(graph.all(EndpointService))
    if not services:
        return made
    for endpoint in graph.all(VpcEndpoint):
        kind = endpoint.endpoint_type.equals("Interface")
        if kind.truth is False:
            continue
        for service, leads in _services_of(graph, endpoint, services):
            fact = f"{endpoint.address} leads to {service.address}"
            answer = kind & leads
            verdict = answer.truth
            hop = Hop(_KIND, endpoint, endpoint.span, fact, "explicit", verdict, answer.causes)
            hops = (hop, _accepted(graph, service, endpoint), *_allowed(graph, service, endpoint))
            for edge in graph.targets(service, "load_balancers"):
                if edge.target is not None:
                    made[edge.target].append(_Offer(endpoint, hops))
    return made


def _services_of(
    graph: Graph, endpoint: VpcEndpoint, services: Sequence[EndpointService]
) -> Iterator[tuple[EndpointService, Answer]]:
    """The services that an endpoint may lead to: the one whose name it is given, or any."""
    name = endpoint.service_name
    if name is None:
        return
    references = name.references if isinstance(name, Unknown) else ()
    named = {graph.get(reference.target) for reference in references}
    known = [one for one in named if isinstance(one, EndpointService)]
    if len(known) == 1:
        yield known[0], YES
        return
    parts = name.parts[:1] if isinstance(name, Unknown) else (name.text,)
    first = next((part for part in parts if isinstance(part, str)), None)
    if known or (first is None and not named) or (first or "").startswith(CUSTOMERS):
        reason = f"which service {endpoint.address} leads to is not in the source"
        gap = name if isinstance(name, Unknown) else Unknown(reason, "external-id", name.span)
        yield from ((service, Answer(None, (gap,))) for service in known or services)


def _accepted(graph: Graph, service: EndpointService, endpoint: VpcEndpoint) -> Hop:
    """Whether the owner of a service accepts an endpoint's request: by default somebody must."""
    required = service.acceptance_required
    free = NO if required is None else ~required.is_true()
    by = [endpoint.auto_accept.is_true()] if endpoint.auto_accept is not None else []
    by += [
        edge.source.presence.answer
        for edge in graph.sources(endpoint, "vpc_endpoint")
        if isinstance(edge.source, VpcEndpointAccepter)
    ]
    answer = free | any_of(by)
    fact = f"{service.address} accepts {endpoint.address}"
    if answer.truth is True:
        return Hop(_KIND, service, service.span, fact, assumptions=answer.assumptions)
    reason = f"whether somebody accepts the request of {endpoint.address} is not in the source"
    causes = (*answer.causes, Unknown(reason, "external-id", service.span))
    return Hop(_KIND, service, service.span, f"{fact}, or not", "unknown", None, causes)


def _allowed(graph: Graph, service: EndpointService, endpoint: VpcEndpoint) -> Iterator[Hop]:
    """Why it is undecided whether another account may make an endpoint to a service."""
    if service.scope == endpoint.scope:
        return
    written = list(service.allowed_principals)
    for edge in graph.sources(service, "endpoint_service"):
        if isinstance(edge.source, EndpointServicePrincipal):
            written += edge.source.principals
    if any(value.equals("*").truth is True for value in written):
        return
    reason = f"whether the account of {endpoint.address} may use {service.address} is not known"
    gap = Unknown(reason, "external-id", endpoint.span)
    fact = f"{endpoint.address} may be of another account than {service.address}"
    yield Hop(_KIND, endpoint, endpoint.span, fact, "unknown", None, (gap,))
