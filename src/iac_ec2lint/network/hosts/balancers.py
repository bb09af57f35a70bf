"""Load balancers and their listeners; for what these forward to see ``targets``.

Source: Elastic Load Balancing User Guide; semantics.md, B11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.hosts.container_instances import container_instances
from iac_ec2lint.network.hosts.deployed_hosts import deployed_hosts
from iac_ec2lint.network.hosts.targets import (
    BalancerTarget,
    edge_hop,
    forwarded,
    not_in_source,
    resting_on,
)
from iac_ec2lint.network.sets.ports import TCP, TOP_PORT, UDP, PortSet
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.fleet import SpotFleet
from iac_ec2lint.resources.load_balancer import (
    AutoScalingAttachment,
    ClassicLoadBalancer,
    ClassicLoadBalancerAttachment,
    Listener,
    LoadBalancer,
    TargetGroup,
)
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, Value

_PROTOCOLS: Final = {
    "HTTP": (TCP,),
    "HTTPS": (TCP,),
    "QUIC": (UDP,),
    "SSL": (TCP,),
    "TCP": (TCP,),
    "TCP_QUIC": (TCP, UDP),
    "TCP_UDP": (TCP, UDP),
    "TLS": (TCP,),
    "UDP": (UDP,),
}
OWN_PORTS: Final = PortSet(((1024, TOP_PORT),))
"""The ports that a load balancer picks from to connect to its targets (B11)."""

_PASSED_ON: Final = ("TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC")
"""What a Network Load Balancer passes on as it is; of TLS it ends the encryption."""
_ALWAYS_PRESERVED: Final = ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")


class BalancerListener(NamedTuple):
    """A listener.

    Attributes:
        balancer: Its load balancer.
        protocols: The protocols that it listens on, or may listen on.
        port: Its port.
        hop: The evidence that it listens.
        targets: What it forwards to.
        doubt: Why its protocol is unknown; ``None`` where it is known.
        passes: Whether it passes connections on as they are, and looks into none.
    """

    balancer: Resource
    protocols: tuple[int, ...]
    port: Val
    hop: Hop
    targets: tuple[BalancerTarget, ...]
    doubt: Unknown | None = None
    passes: Answer = NO

    def __hash__(self) -> int:
        return hash((self.balancer, self.hop.span.key))

    @property
    def numbers(self) -> tuple[int, ...] | None:
        """The ports that it may listen on: one if known; ``None`` where it may be any."""
        return possible_ports(self.port)

    def listening_hops(self, number: int | None) -> tuple[Hop, ...]:
        """The evidence that it listens on a port, or on a port that is unknown.

        Args:
            number: One of ``numbers``, or any port where these are unknown; ``None``: unknown.
        """
        hops = [self.hop]
        name = self.hop.resource.address
        gaps = (self.port,) if isinstance(self.port, Unknown) else ()
        if gaps:
            fact = f"{name} may listen on port {number}"
            if number is None:
                fact = f"which port {name} listens on is not known"
            hops.append(_doubt(self.hop.resource, self.port.span, fact, gaps))
        if self.doubt is not None:
            fact = f"which protocol {name} speaks is not known"
            hops.append(_doubt(self.hop.resource, self.doubt.span, fact, (self.doubt,)))
        return tuple(hops)


class Balancer(NamedTuple):
    """A load balancer and its listeners.

    Attributes:
        resource: The load balancer.
        listeners: Its listeners, in source order.
    """

    resource: LoadBalancer | ClassicLoadBalancer
    listeners: tuple[BalancerListener, ...]

    def __hash__(self) -> int:
        return hash(self.resource)

    @property
    def is_network(self) -> Answer:
        """Whether it is a Network Load Balancer."""
        if isinstance(self.resource, ClassicLoadBalancer):
            return NO
        return self.resource.kind.equals("network")


@remembered
def balancers(graph: Graph) -> tuple[Balancer, ...]:
    """The load balancers of a unit, by address; Gateway Load Balancers are left out."""
    made = [
        Balancer(classic, tuple(_classic_listeners(graph, classic)))
        for classic in graph.all(ClassicLoadBalancer)
    ]
    made += [
        Balancer(resource, tuple(_listeners(graph, resource)))
        for resource in graph.all(LoadBalancer)
        if resource.kind.equals("gateway").truth is not True
    ]
    made.sort(key=lambda balancer: balancer.resource.address)
    return tuple(made)


def possible_ports(value: Val) -> tuple[int, ...] | None:
    """The ports that a value can be; ``None`` where it can be any.

    Args:
        value: A number, or what may become one.
    """
    if isinstance(value, Value):
        number = value.number
        return None if number is None else (int(number),)
    found: list[int] = []
    for candidate in value.candidates:
        own = possible_ports(candidate)
        if own is None:
            return None
        found += own
    return tuple(dict.fromkeys(found)) or None


def _doubt(resource: Resource, span: Span, fact: str, gaps: tuple[Unknown, ...]) -> Hop:
    return Hop("placement", resource, span, fact, "unknown", None, gaps)


def preserves_client(balancer: Balancer, group: TargetGroup | None) -> Answer:
    """Whether targets see the client's address in place of the load balancer's (B11)."""
    network = balancer.is_network
    if group is None or network.truth is False:
        return NO
    protocol = group.protocol
    always = protocol.equals(*_ALWAYS_PRESERVED) if protocol is not None else NO
    said = group.preserves_client_ip
    chosen = group.target_type.equals("instance", "alb") if said is None else said.is_true()
    return network & (always | chosen)


def crosses_zones(balancer: Balancer, group: TargetGroup | None) -> Answer:
    """Whether a load balancer's nodes send requests to targets in other zones than their own.

    An Application Load Balancer's do unless its target group says otherwise, a Network Load
    Balancer's do not unless one of both does ("Cross-zone load balancing").
    """
    own = YES
    if isinstance(balancer.resource, ClassicLoadBalancer):
        own = balancer.resource.cross_zone.is_true()
    elif balancer.is_network.may_be_true:
        own = ~balancer.is_network | balancer.resource.cross_zone.is_true()
    if group is None:
        return own
    said = group.cross_zone
    return said.equals("true") | (~said.equals("false") & own)


def protocols_of(group: TargetGroup | None) -> tuple[int, ...]:
    """The protocols that a target group, or one that nobody knows, may send to its targets."""
    protocol = None if group is None else group.protocol
    if protocol is None:
        return (TCP, UDP)
    found = {
        p for one in _alternatives(protocol) for p in _PROTOCOLS.get(one.text or "", (TCP, UDP))
    }
    return tuple(sorted(found))


def _listeners(graph: Graph, balancer: LoadBalancer) -> Iterator[BalancerListener]:
    edges = (*graph.sources(balancer, "load_balancer"), *_stray_listeners(graph, balancer))
    for edge in sorted(edges, key=lambda e: (*e.source.span.key, e.source.address)):
        listener = edge.source
        if not isinstance(listener, Listener) or listener.port is None:
            continue
        protocols, doubt = _protocols(listener.protocol, balancer)
        verb = "may listen" if edge.target is None else "listens"
        fact = f"{listener.address} {verb} on {_shown(listener.port)} of {balancer.address}"
        hop = edge_hop("listener", listener, listener.port.span, fact, edge)
        hop = resting_on(resting_on(hop, listener.port), listener.protocol)
        targets = tuple(forwarded(graph, listener))
        passes = balancer.kind.equals("network") & _is(listener.protocol, _PASSED_ON)
        yield BalancerListener(balancer, protocols, listener.port, hop, targets, doubt, passes)


def _stray_listeners(graph: Graph, balancer: LoadBalancer) -> tuple[Edge, ...]:
    """The listeners of which nobody knows whose they are, and that may be a load balancer's.

    A port of a load balancer has one listener ("CreateListener" of the API), and the protocols of
    an Application Load Balancer are not those of a Network Load Balancer (semantics.md, B0).
    """
    own = [edge.source for edge in graph.sources(balancer, "load_balancer") if edge.certain]
    ports = [one.port for one in own if isinstance(one, Listener)]
    taken = {possible_ports(port) for port in ports if port is not None} - {None}
    network = balancer.kind.equals("network")
    return tuple(
        edge
        for edge in graph.unresolved("load_balancer")
        if isinstance(edge.source, Listener)
        and edge.source.port is not None
        and possible_ports(edge.source.port) not in taken
        and (network.truth is None or _fits(edge.source.protocol, is_network=network.truth))
    )


def _fits(protocol: Val | None, *, is_network: bool) -> bool:
    """Whether a Network Load Balancer, or an Application Load Balancer, may have a listener."""
    web = _is(protocol, ("HTTP", "HTTPS"))
    return web.truth is not True if is_network else protocol is None or web.truth is not False


def _is(protocol: Val | None, accepted: tuple[str, ...]) -> Answer:
    """Whether a protocol is one of several, however it is written."""
    if protocol is None:
        return NO
    return protocol.test(lambda data: isinstance(data, str) and data.upper() in accepted)


def _protocols(
    protocol: Val | None, balancer: LoadBalancer | ClassicLoadBalancer
) -> tuple[tuple[int, ...], Unknown | None]:
    """The protocols that a listener may use, and why it is unknown which."""
    if isinstance(balancer, ClassicLoadBalancer) or balancer.kind.equals("application").truth:
        return (TCP,), None
    if protocol is None:
        return _PROTOCOLS["HTTP"], None
    found = {_PROTOCOLS.get((one.text or "").upper(), ()) for one in _alternatives(protocol)}
    if len(found) == 1 and () not in found:
        return found.pop(), None
    if isinstance(protocol, Unknown):
        return (TCP, UDP), protocol
    words = f"{protocol.text} is no protocol of a listener"
    return (TCP, UDP), Unknown(words, "error", protocol.span, protocol.via)


def _alternatives(value: Val) -> Iterator[Val]:
    """What a value can be: itself, or its candidates."""
    if isinstance(value, Unknown) and value.candidates:
        for candidate in value.candidates:
            yield from _alternatives(candidate)
    else:
        yield value


def _classic_listeners(graph: Graph, balancer: ClassicLoadBalancer) -> Iterator[BalancerListener]:
    targets = list(_classic_targets(graph, balancer))
    for listener in balancer.listeners:
        if listener.port is None:
            continue
        fact = f"{balancer.address} listens on {_shown(listener.port)}"
        cause = listener.presence.cause
        rests = (*balancer.presence.assumptions, *listener.presence.assumptions)
        hop = Hop("listener", balancer, listener.port.span, fact, assumptions=rests)
        hop = resting_on(resting_on(hop, listener.port), listener.protocol)
        if cause is not None:
            hop = hop._replace(verdict=None, causes=(cause,), origin="unknown")
        leads = listener.instance_port
        own = tuple(t._replace(port=leads, hop=resting_on(t.hop, leads)) for t in targets)
        protocols, doubt = _protocols(listener.protocol, balancer)
        passes = _is(listener.protocol, ("TCP",))
        yield BalancerListener(balancer, protocols, listener.port, hop, own, doubt, passes)


def _classic_targets(graph: Graph, balancer: ClassicLoadBalancer) -> Iterator[BalancerTarget]:
    edges = list(graph.targets(balancer, "instances"))
    for edge in graph.sources(balancer, "load_balancer", "load_balancers", "target_group"):
        source = edge.source
        if isinstance(source, ClassicLoadBalancerAttachment):
            edges += graph.targets(source, "instance")
        elif isinstance(source, AutoScalingAttachment):
            edges += graph.targets(source, "auto_scaling_group")
        elif isinstance(source, AutoScalingGroup | SpotFleet):
            fact = f"{balancer.address} has {source.address} as a target"
            hop = edge_hop("target", source, edge.value.span, fact, edge)
            yield BalancerTarget(source, "", None, hop, None)
    for edge in graph.sources(balancer, "traffic_sources"):
        fact = f"{balancer.address} has {edge.source.address} as a target"
        hop = edge_hop("target", edge.source, edge.value.span, fact, edge)
        yield BalancerTarget(edge.source, "", None, hop, None)
    for edge in graph.sources(balancer, "classic"):
        for host, why in (*container_instances(graph, edge), *deployed_hosts(graph, edge)):
            fact = f"{balancer.address} has {host.address} as a target"
            hop = edge_hop("target", edge.source, edge.value.span, fact, edge).in_doubt(why)
            yield BalancerTarget(host, "", None, hop, None)
    for edge in edges:
        gap = not_in_source(edge) if edge.target is None else None
        name = "something unknown" if edge.target is None else edge.target.address
        fact = f"{balancer.address} has {name} as a target"
        hop = edge_hop("target", edge.source, edge.value.span, fact, edge)
        if gap is not None:
            hop = hop._replace(verdict=None, causes=(gap,), origin="unknown")
        guess = gap is not None
        yield BalancerTarget(edge.target, "", None, hop, None, unknown=gap, is_guess=guess)


def _shown(value: Val) -> str:
    if isinstance(value, Value):
        return f"port {value.data}"
    return f"a port that is not known ({value.reason})"
