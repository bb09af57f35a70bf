"""Ways in through load balancers: to their listeners, and on to their targets.

Source: Elastic Load Balancing User Guide; semantics.md, B11. A Network Load Balancer may keep the
client's address: then the target's groups and network ACLs see the client, else the load balancer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple, cast

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.addresses import Family
from iac_ec2lint.network.admission import (
    Admission,
    Carried,
    admission,
    carried_by,
    unfiltered,
)
from iac_ec2lint.network.admitting import Carrier, admitting, port_words
from iac_ec2lint.network.balancers import Balancer, Port, Target, balancers
from iac_ec2lint.network.evidence import Hop, Origin
from iac_ec2lint.network.fronts import fronted_gate, fronts_of
from iac_ec2lint.network.gated import GatedWay
from iac_ec2lint.network.gates import Asked, gate_of, opening_of
from iac_ec2lint.network.hosts import Eni, Site, Workload, default_groups, sites, workloads
from iac_ec2lint.resources.load_balancer import ClassicLoadBalancer
from iac_ec2lint.values import Answer, Unknown, Val


class Entry(NamedTuple):
    """A way to a listener, and the subnet of the load balancer that it leads to.

    Attributes:
        way: The way.
        site: The subnet.
        admission: What the load balancer's groups let in.
        carrier: The load balancer with its groups there.
    """

    way: GatedWay
    site: Site
    admission: Admission
    carrier: Carrier


class Aimed(NamedTuple):
    """A listener that forwards to an interface.

    Attributes:
        balancer: The load balancer.
        listener: The listener.
        target: What it forwards to.
        eni: The interface of that.
    """

    balancer: Balancer
    listener: Port
    target: Target
    eni: Eni


def entries(graph: Graph, balancer: Balancer, listener: Port, asked: Asked) -> Iterator[Entry]:
    """The ways to a listener: one for each subnet, protocol and family.

    Args:
        graph: The graph.
        balancer: The load balancer.
        listener: Its listener; its port must be known.
        asked: Who wants to get in.
    """
    number = listener.port.number
    if number is None:
        return
    for protocol in listener.protocols:
        port = (protocol, int(number))
        for site in _sites(graph, balancer):
            for family in Family:
                yield _entry(graph, balancer, (listener.hop,), site, family, port, asked)
            for front in fronts_of(graph, balancer.resource):
                yield _fronted(graph, balancer, listener.hop, site, port, asked, front)


def _entry(
    graph: Graph,
    balancer: Balancer,
    there: tuple[Hop, ...],
    site: Site,
    family: Family,
    port: tuple[int, int],
    asked: Asked,
) -> Entry:
    resource = balancer.resource
    carrier = Carrier(resource.address, resource, _groups(graph, balancer, site))
    admitted = _admission(graph, balancer, carrier)
    gate = gate_of(graph, site.subnet, family)
    way = GatedWay(
        opening_of(graph, gate, admitted),
        port,
        asked,
        _facing(balancer, family),
        (*_present(balancer), *there),
        partial(admitting, carrier, admitted, gate, port, asked),
        gap=site.gap,
        idle=family is Family.IPV6 and not _dual_stack(balancer),
    )
    return Entry(way, site, admitted, carrier)


def _fronted(
    graph: Graph,
    balancer: Balancer,
    listens: Hop,
    site: Site,
    port: tuple[int, int],
    asked: Asked,
    front: Hop,
) -> Entry:
    """The way to a listener by something that leads clients to the load balancer."""
    plain = _entry(graph, balancer, (listens,), site, Family.IPV4, port, asked)
    gate = fronted_gate(graph, site.subnet, Family.IPV4, front)
    way = GatedWay(
        opening_of(graph, gate, plain.admission),
        port,
        asked,
        front,
        plain.way.there,
        partial(admitting, plain.carrier, plain.admission, gate, port, asked),
        via=front.resource.address,
    )
    return plain._replace(way=way)


def _sites(graph: Graph, balancer: Balancer) -> tuple[Site, ...]:
    resource = balancer.resource
    return tuple(sites(graph, resource, graph.targets(resource, "subnets")))


def balancer_sites(graph: Graph, balancer: Balancer) -> Iterator[tuple[Site, tuple[Carried, ...]]]:
    """The subnets of a load balancer, and the groups that it carries in each."""
    for site in _sites(graph, balancer):
        yield site, _groups(graph, balancer, site)


def _groups(graph: Graph, balancer: Balancer, site: Site) -> tuple[Carried, ...]:
    carried = carried_by(graph.targets(balancer.resource, "security_groups"))
    if carried or balancer.is_network.truth is True:
        return carried
    return default_groups(graph, site)


def _admission(graph: Graph, balancer: Balancer, carrier: Carrier) -> Admission:
    network = balancer.is_network
    written = graph.targets(balancer.resource, "security_groups")
    if not written and network.truth is True:
        return unfiltered(graph, "ingress")
    if not written and network.truth is None:
        gap = Carried(None, certain=False, value=_gap(network, balancer))
        return admission(graph, (gap,), "ingress")
    return admission(graph, carrier.groups, "ingress", balancer.resource.presence.when)


def _gap(network: Answer, balancer: Balancer) -> Unknown:
    if network.causes:
        return network.causes[0]
    return Unknown("the load balancer's type is unknown", "expression", balancer.resource.span)


def _facing(balancer: Balancer, family: Family) -> Hop:
    """Whether a load balancer has addresses of the internet (N1)."""
    resource = balancer.resource
    internal = resource.is_internal
    terraform = resource.declared.language == "terraform"
    place = resource.place("internal" if terraform else "scheme")
    origin: Origin = "default" if place.value is not None and place.value.implied else "explicit"
    name = resource.address
    facts = {True: "is internal", False: "is internet-facing", None: "may be internal"}
    facing = ~internal
    fact = f"{name} {facts[internal.truth]}"
    if family is Family.IPV6 and facing.truth is not False and not _dual_stack(balancer):
        return Hop(
            "address", resource, resource.span, f"{name} has no IPv6 addresses", "default", False
        )
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


def _dual_stack(balancer: Balancer) -> bool:
    """Whether a load balancer may have IPv6 addresses."""
    if isinstance(balancer.resource, ClassicLoadBalancer):
        return False
    return balancer.resource.ip_address_type.equals("ipv4").truth is not True


def _present(balancer: Balancer) -> tuple[Hop, ...]:
    resource = balancer.resource
    presence = resource.presence
    if presence.cause is None:
        return ()
    fact = f"{resource.address} is there only when {presence.when or presence.cause.reason}"
    gaps = (presence.cause,)
    return (Hop("load balancer", resource, resource.span, fact, "unknown", None, gaps),)


def balancer_ways(
    graph: Graph, balancer: Balancer, port: tuple[int, int], asked: Asked
) -> Iterator[GatedWay]:
    """The ways to a load balancer on one port: those to its listeners there, else none that opens.

    Args:
        graph: The graph.
        balancer: The load balancer.
        port: The protocol and the port.
        asked: Who wants to get in.
    """
    found = False
    for listener in balancer.listeners:
        for entry in entries(graph, balancer, listener, asked):
            if entry.way.port == port:
                found = True
                yield entry.way
    if found:
        return
    for site in _sites(graph, balancer):
        for family in Family:
            hop = _unheard(balancer, port)
            yield _entry(graph, balancer, (hop,), site, family, port, asked).way


def _unheard(balancer: Balancer, port: tuple[int, int]) -> Hop:
    """What says that nothing listens on a port, as far as is known."""
    resource = balancer.resource
    unknown = [
        listener.port
        for listener in balancer.listeners
        if isinstance(listener.port, Unknown) and port[0] in listener.protocols
    ]
    what = port_words(port)
    if unknown:
        fact = f"a listener of {resource.address} may listen on {what}"
        return Hop("listener", resource, unknown[0].span, fact, "unknown", None, tuple(unknown))
    fact = f"no listener of {resource.address} listens on {what}"
    return Hop("listener", resource, resource.span, fact, "default", False)


def listened(balancer: Balancer) -> tuple[tuple[int, int], ...]:
    """The protocols and ports that a load balancer listens on, as far as they are known."""
    return tuple(
        dict.fromkeys(
            (protocol, int(number))
            for listener in balancer.listeners
            if (number := listener.port.number) is not None
            for protocol in listener.protocols
        )
    )


def aimed_at(graph: Graph, workload: Workload) -> Sequence[Aimed]:
    """The listeners that forward to a workload."""
    found = graph.recall(Aimed)
    if found is None:
        found = graph.remember(Aimed, _aims(graph))
    return cast("dict[str, list[Aimed]]", found).get(workload.resource.address, ())


def _aims(graph: Graph) -> dict[str, list[Aimed]]:
    by_node: dict[object, list[tuple[Workload, Eni]]] = defaultdict(list)
    for workload in workloads(graph):
        for eni in workload.enis:
            if eni.interface.declared is not None:
                by_node[eni.interface.declared].append((workload, eni))
            if eni.interface.primary:
                by_node[workload.resource].append((workload, eni))
            for address in _private_ips(eni):
                by_node[address].append((workload, eni))
    aims: dict[str, list[Aimed]] = defaultdict(list)
    for balancer in balancers(graph):
        for listener in balancer.listeners:
            for target in listener.targets:
                for workload, eni in by_node.get(target.node or target.address, ()):
                    aim = Aimed(balancer, listener, target, eni)
                    aims[workload.resource.address].append(aim)
    return aims


def _private_ips(eni: Eni) -> Iterator[str]:
    """The private addresses that are written for an interface."""
    listed: list[Val] = list(getattr(eni.part, "private_ips", ()))
    if eni.first:
        listed += getattr(eni.host, "private_ip", ())
    for address in listed:
        if address.text is not None:
            yield address.text
