"""Ways in through load balancers: to their listeners, and on to their targets.

Source: Elastic Load Balancing User Guide; semantics.md, B11. A Network Load Balancer may keep the
client's address: then the target's groups and network ACLs see the client, else the load balancer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.entry.edge_services import (
    EdgeService,
    admission_through,
    carrier_gateways,
    edge_service_path,
    edge_services_of,
)
from iac_ec2lint.network.entry.gateway_ways import GatewayWay, WayIn
from iac_ec2lint.network.entry.group_hops import GroupHolder, admitting, port_words
from iac_ec2lint.network.entry.internet_paths import (
    ClientQuery,
    InternetAdmission,
    InternetPath,
    internet_admission_of,
    internet_path_of,
)
from iac_ec2lint.network.filters.admission import Admission, admission, unfiltered
from iac_ec2lint.network.filters.attached_rules import AttachedGroup, attached_groups
from iac_ec2lint.network.hosts.balancers import (
    Balancer,
    BalancerListener,
)
from iac_ec2lint.network.hosts.workloads import (
    Placement,
    carried_groups,
    default_groups,
    none_named,
    placements_of,
)
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.ports import PortSet
from iac_ec2lint.network.sets.traffic import Direction, alike_ports
from iac_ec2lint.network.verdicts.evidence import Hop, Origin
from iac_ec2lint.network.verdicts.ways import DIRECT
from iac_ec2lint.resources.load_balancer import ClassicLoadBalancer, LoadBalancer
from iac_ec2lint.values import NO, YES, Answer, Unknown


class ListenerEntry(NamedTuple):
    """A way to a listener, and the subnet of the load balancer that it leads to.

    Attributes:
        way: The way: from an internet gateway, or through another load balancer.
        placement: The subnet.
        admission: What the load balancer's groups let in.
        holder: The load balancer with its groups there.
        is_masked: Whether targets see the load balancer's address, whatever its settings.
    """

    way: WayIn
    placement: Placement
    admission: Admission
    holder: GroupHolder
    is_masked: bool = False


def entries(
    graph: Graph,
    balancer: Balancer,
    listener: BalancerListener,
    query: ClientQuery,
    number: int | None = None,
) -> Iterator[ListenerEntry]:
    """The ways to a listener: one for each subnet, protocol, family and port that it may have.

    For those through another load balancer see ``load_balancers.chained``.

    Args:
        graph: The graph.
        balancer: The load balancer.
        listener: Its listener.
        query: The clients in question.
        number: The port that is asked for; ``None``: whatever the listener listens on.
    """
    for protocol in listener.protocols:
        for placement in places_of(graph, balancer):
            for family in Family:
                path = internet_path_of(graph, placement.subnet, family)
                own = _Listening(graph, balancer, listener, placement, path, protocol, query)
                yield from own.entries(number, _facing(balancer, family))
            for each in _services(graph, balancer, placement):
                service = each.on(protocol, listener.numbers if number is None else (number,))
                if service is None:
                    continue
                path = edge_service_path(graph, placement.subnet, Family.IPV4, service)
                own = _Listening(
                    graph, balancer, listener, placement, path, protocol, query, service
                )
                yield from own.entries(number, service.hop, service.hop.resource.address)


def _services(graph: Graph, balancer: Balancer, placement: Placement) -> Iterator[EdgeService]:
    """What leads clients to a load balancer beside an internet gateway."""
    yield from edge_services_of(graph, placement.subnet, balancer.resource)
    if _facing(balancer, Family.IPV4).verdict is not False:
        yield from carrier_gateways(graph, placement.subnet)


class _Listening(NamedTuple):
    """A listener in one subnet, for one protocol, on one path from the internet."""

    graph: Graph
    balancer: Balancer
    listener: BalancerListener
    placement: Placement
    path: InternetPath
    protocol: int
    query: ClientQuery
    edge_service: EdgeService | None = None

    def entries(
        self, number: int | None, address: Hop, via: str = DIRECT
    ) -> Iterator[ListenerEntry]:
        """The ways to it, on the port that is asked for or on all that it may listen on."""
        known = self.listener.numbers
        if number is not None:
            if known is None or number in known:
                yield self._entry(number, number, address, via)
            return
        if known is None:
            yield self._entry(self._some_port(), None, address, via)
            return
        either = [self._entry(one, one, address, via) for one in known]
        if len(either) > 1:
            # One of these ports it listens on: all is decided where all of them agree.
            plain = (*_present(self.balancer), self.listener.hop)
            doubts = [entry.way.preconditions for entry in either]
            for entry in either:
                entry.way.preconditions = plain
            if self.listener.doubt is not None or not all(entry.way.truth for entry in either):
                for entry, preconditions in zip(either, doubts, strict=True):
                    entry.way.preconditions = preconditions
        yield from either

    def _entry(self, port: int, heard: int | None, address: Hop, via: str) -> ListenerEntry:
        preconditions = listener_preconditions(self.balancer, self.listener, heard)
        return _entry(
            self.graph,
            self.balancer,
            preconditions,
            self.placement,
            self.path,
            (self.protocol, port),
            self.query,
            address,
            via,
            self.edge_service,
        )

    def _some_port(self) -> int:
        holder = _holder(self.graph, self.balancer, self.placement)
        admitted = balancer_admission(self.graph, self.balancer, holder)
        if self.edge_service is not None:
            admitted = admission_through(self.graph, self.edge_service, admitted, self.path)
        return some_port(internet_admission_of(self.graph, self.path, admitted), self.protocol)


def some_port(internet_admission: InternetAdmission, protocol: int) -> int:
    """Of all ports of a protocol one that a load balancer's groups let most clients in on."""
    lower, upper = internet_admission.bands(protocol)
    best = max((*lower, *upper), key=lambda band: band.sources.size, default=None)
    return 0 if best is None else best.lo


def listener_preconditions(
    balancer: Balancer, listener: BalancerListener, number: int | None
) -> tuple[Hop, ...]:
    """The evidence that a load balancer exists and listens; see ``listening_hops``."""
    return (*_present(balancer), *listener.listening_hops(number))


def _holder(graph: Graph, balancer: Balancer, placement: Placement) -> GroupHolder:
    resource = balancer.resource
    return GroupHolder(resource.address, resource, _groups(graph, balancer, placement))


def _entry(
    graph: Graph,
    balancer: Balancer,
    preconditions: tuple[Hop, ...],
    placement: Placement,
    path: InternetPath,
    port: tuple[int, int],
    query: ClientQuery,
    address: Hop,
    via: str = DIRECT,
    edge_service: EdgeService | None = None,
) -> ListenerEntry:
    holder = _holder(graph, balancer, placement)
    admitted = balancer_admission(graph, balancer, holder)
    if edge_service is not None:
        admitted = admission_through(graph, edge_service, admitted, path)
    way = GatewayWay(
        internet_admission_of(graph, path, admitted),
        port,
        query,
        address,
        preconditions,
        partial(admitting, holder, admitted, path, port, query),
        via=via,
        gap=placement.gap,
        is_family_unused=path.family is Family.IPV6
        and _addressed(balancer, path.family).truth is False,
    )
    return ListenerEntry(way, placement, admitted, holder)


def places_of(graph: Graph, balancer: Balancer) -> tuple[Placement, ...]:
    """The subnets that a load balancer stands in."""
    resource = balancer.resource
    return tuple(placements_of(graph, resource, graph.targets(resource, "subnets")))


def balancer_admissions(
    graph: Graph, balancer: Balancer
) -> Iterator[tuple[Placement, GroupHolder, Admission]]:
    """A load balancer in each of its subnets, with its groups and what these let in."""
    for placement in places_of(graph, balancer):
        holder = _holder(graph, balancer, placement)
        yield placement, holder, balancer_admission(graph, balancer, holder)


def balancer_placements(
    graph: Graph, balancer: Balancer
) -> Iterator[tuple[Placement, tuple[AttachedGroup, ...]]]:
    """The subnets of a load balancer, and the groups that it carries in each."""
    for placement in places_of(graph, balancer):
        yield placement, _groups(graph, balancer, placement)


def _groups(graph: Graph, balancer: Balancer, placement: Placement) -> tuple[AttachedGroup, ...]:
    written = graph.targets(balancer.resource, "security_groups")
    attached = attached_groups(written)
    network = balancer.is_network
    if attached:
        none = none_named(written)
        if none is not None and network.truth is not False:
            # A Network Load Balancer without groups filters nothing.
            return (*attached, AttachedGroup(None, certain=False, value=none))
        return carried_groups(graph, written, placement)
    if network.truth is True:
        return attached
    defaults = default_groups(graph, placement)
    if network.truth is False:
        return defaults
    # A Network Load Balancer has no group where none is named.
    gap = _gap(network, balancer)
    return tuple(AttachedGroup(each.group, certain=False, value=gap) for each in defaults)


def balancer_admission(
    graph: Graph, balancer: Balancer, holder: GroupHolder, direction: Direction = "ingress"
) -> Admission:
    """What the groups of a load balancer let in, or out.

    Args:
        graph: The graph.
        balancer: The load balancer.
        holder: The load balancer with its groups in one subnet.
        direction: ``ingress`` or ``egress``.
    """
    network = balancer.is_network
    written = graph.targets(balancer.resource, "security_groups")
    if not written and network.truth is True:
        return unfiltered(graph, direction)
    if not written and network.truth is None:
        gap = AttachedGroup(None, certain=False, value=_gap(network, balancer))
        return admission(graph, (gap,), direction)
    return admission(graph, holder.groups, direction, balancer.resource.presence)


def _gap(network: Answer, balancer: Balancer) -> Unknown:
    if network.causes:
        return network.causes[0]
    return Unknown("the load balancer's type is unknown", "expression", balancer.resource.span)


def _facing(balancer: Balancer, family: Family) -> Hop:
    """Whether a load balancer has addresses of the internet (N1)."""
    resource = balancer.resource
    internal = resource.is_internal
    terraform = not resource.declared.of_cloudformation
    place = resource.place("internal" if terraform else "scheme")
    origin: Origin = "default" if place.value is not None and place.value.implied else "explicit"
    name = resource.address
    facts = {True: "is internal", False: "is internet-facing", None: "may be internal"}
    facing = ~internal
    fact = f"{name} {facts[internal.truth]}"
    if facing.truth is not False:
        addressed = _addressed(balancer, family)
        if addressed.truth is not True:
            return _without_address(resource, family, addressed)
    return Hop(
        "address",
        resource,
        place.span,
        fact,
        "unknown" if facing.truth is None else origin,
        facing.truth,
        facing.causes,
        facing.assumptions,
    )


def _addressed(balancer: Balancer, family: Family) -> Answer:
    """Whether a load balancer that faces the internet has public addresses of a family."""
    if isinstance(balancer.resource, ClassicLoadBalancer):
        return YES if family is Family.IPV4 else NO
    kind = balancer.resource.ip_address_type
    return ~kind.equals("dualstack-without-public-ipv4" if family is Family.IPV4 else "ipv4")


def _without_address(
    resource: LoadBalancer | ClassicLoadBalancer, family: Family, addressed: Answer
) -> Hop:
    """The hop for public addresses of a family that a load balancer lacks, or may lack."""
    place = resource.place("ip_address_type") if isinstance(resource, LoadBalancer) else None
    written = place is not None and place.value is not None and not place.value.implied
    span = place.span if place is not None and written else resource.span
    what = "IPv6 addresses" if family is Family.IPV6 else "public IPv4 addresses"
    origin: Origin = "explicit" if written else "default"
    if addressed.truth is False:
        fact = f"{resource.address} has no {what}"
        return Hop(
            "address", resource, span, fact, origin, False, assumptions=addressed.assumptions
        )
    fact = f"{resource.address} may have {what}"
    return Hop("address", resource, span, fact, "unknown", None, addressed.causes)


def _present(balancer: Balancer) -> tuple[Hop, ...]:
    resource = balancer.resource
    presence = resource.presence
    if presence.cause is None:
        return ()
    fact = f"{resource.address} is there only when {presence.when or presence.cause.reason}"
    gaps = (presence.cause,)
    hop = Hop("load balancer", resource, resource.span, fact, "unknown", None, gaps)
    return (hop._replace(needs=presence.guard),)


def ways_without_listener(
    graph: Graph, balancer: Balancer, port: tuple[int, int], query: ClientQuery
) -> Iterator[WayIn]:
    """The ways to a load balancer on a port on which it has no listener: all are closed.

    Args:
        graph: The graph.
        balancer: The load balancer.
        port: The protocol and the port.
        query: The clients in question.
    """
    preconditions = no_listener_hops(balancer, port)
    for placement in places_of(graph, balancer):
        for family in Family:
            path = internet_path_of(graph, placement.subnet, family)
            address = _facing(balancer, family)
            yield _entry(graph, balancer, preconditions, placement, path, port, query, address).way


def no_listener_hops(balancer: Balancer, port: tuple[int, int]) -> tuple[Hop, ...]:
    """The hops that report that nothing listens on a port of a load balancer."""
    resource = balancer.resource
    fact = f"no listener of {resource.address} listens on {port_words(port)}"
    hop = Hop("listener", resource, resource.span, fact, "default", False)
    return (*_present(balancer), hop)


def listened(graph: Graph, balancer: Balancer) -> tuple[tuple[int, PortSet], ...]:
    """The protocols and ports that a load balancer listens on, or may, each range once.

    For a listener whose port is unknown, those count that the load balancer's groups may let
    anybody in on.
    """
    found: dict[tuple[int, int, int], None] = {}
    for listener in balancer.listeners:
        for protocol in listener.protocols:
            found.update(dict.fromkeys((protocol, n, n) for n in listener.numbers or ()))
    heard = [(protocol, PortSet(((lo, hi),))) for protocol, lo, hi in found]
    for listener in balancer.listeners:
        for protocol in listener.protocols if listener.numbers is None else ():
            for lo, hi in _let_in(graph, balancer, protocol):
                rest = PortSet(((lo, hi),))
                for own, ports in heard:
                    rest = rest - ports if own == protocol else rest
                found.update(dict.fromkeys((protocol, *pair) for pair in rest.ranges))
    return tuple((protocol, PortSet(((lo, hi),))) for protocol, lo, hi in found)


def _let_in(graph: Graph, balancer: Balancer, protocol: int) -> list[tuple[int, int]]:
    """The port ranges that a load balancer's groups may let anybody in on."""
    return alike_ports(
        band
        for placement in places_of(graph, balancer)
        for family in Family
        for band in balancer_admission(graph, balancer, _holder(graph, balancer, placement))
        .traffic(family)
        .upper.bands(protocol)
    )
