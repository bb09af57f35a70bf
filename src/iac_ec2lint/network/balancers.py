"""Load balancers: their interfaces, their listeners, and the targets that these forward to.

Source: Elastic Load Balancing User Guide; semantics.md, B11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple, cast

from iac_ec2lint.graph.graph import Edge, External, Graph
from iac_ec2lint.network.evidence import Hop
from iac_ec2lint.network.ports import TCP, UDP
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.fleet import SpotFleet
from iac_ec2lint.resources.load_balancer import (
    AutoScalingAttachment,
    ClassicLoadBalancer,
    ClassicLoadBalancerAttachment,
    InlineTarget,
    Listener,
    ListenerAction,
    ListenerRule,
    LoadBalancer,
    TargetGroup,
    TargetGroupAttachment,
)
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import NO, Answer, Unknown, Val, Value

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
_ALWAYS_PRESERVED: Final = ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")


class Target(NamedTuple):
    """Something that a listener forwards to.

    Attributes:
        node: The instance, interface, group or load balancer; ``None`` where it is an address.
        address: The address, where it is one.
        port: The port of the target; ``None``: each on the listener's.
        hop: What says that it is one.
        group: The target group; ``None`` behind a Classic Load Balancer.
    """

    node: Resource | None
    address: str
    port: Val | None
    hop: Hop
    group: TargetGroup | None


class Port(NamedTuple):
    """A listener.

    Attributes:
        balancer: Its load balancer.
        protocols: The protocols that it listens on.
        port: Its port.
        hop: What says that it listens.
        targets: What it forwards to.
    """

    balancer: Resource
    protocols: tuple[int, ...]
    port: Val
    hop: Hop
    targets: tuple[Target, ...]


class Balancer(NamedTuple):
    """A load balancer and its listeners.

    Attributes:
        resource: It.
        listeners: Its listeners, in source order.
    """

    resource: LoadBalancer | ClassicLoadBalancer
    listeners: tuple[Port, ...]

    @property
    def is_network(self) -> Answer:
        """Whether it is a Network Load Balancer."""
        if isinstance(self.resource, ClassicLoadBalancer):
            return NO
        return self.resource.kind.equals("network")


def balancers(graph: Graph) -> tuple[Balancer, ...]:
    """The load balancers of a unit, by address; Gateway Load Balancers are none in this sense."""
    found = graph.recall(Balancer)
    if found is None:
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
        found = graph.remember(Balancer, tuple(made))
    return cast("tuple[Balancer, ...]", found)


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


def _listeners(graph: Graph, balancer: LoadBalancer) -> Iterator[Port]:
    listeners = [
        edge
        for edge in graph.sources(balancer, "load_balancer")
        if isinstance(edge.source, Listener)
    ]
    for edge in sorted(listeners, key=lambda e: (*e.source.span.key, e.source.address)):
        listener = edge.source
        if not isinstance(listener, Listener) or listener.port is None:
            continue
        protocols = _protocols(listener.protocol)
        fact = f"{listener.address} listens on port {_shown(listener.port)} of {balancer.address}"
        hop = _there("listener", listener, listener.port.span, fact, edge)
        targets = tuple(_forwarded(graph, listener))
        yield Port(balancer, protocols, listener.port, hop, targets)


def _protocols(protocol: Val | None) -> tuple[int, ...]:
    text = (protocol.text or "") if protocol is not None else "HTTP"
    return _PROTOCOLS.get(text.upper(), (TCP, UDP))


def _forwarded(graph: Graph, listener: Listener) -> Iterator[Target]:
    """What a listener's default action and its rules forward to."""
    for action_of, actions in _all_actions(graph, listener):
        authenticated = False
        for action in sorted(actions, key=_order):
            kind = action.kind
            if kind is not None and (kind.text or "").startswith("authenticate"):
                authenticated = True
            if kind is not None and kind.equals("forward").truth is False:
                continue
            for edge in _groups(graph, action_of, action):
                fact = f"{action_of.address} forwards to {_name(edge)}"
                hop = _there("listener", action_of, edge.value.span, fact, edge)
                if authenticated:
                    fact += " only after authentication"
                    hop = hop._replace(fact=fact, verdict=False)
                if isinstance(edge.target, TargetGroup):
                    yield from _targets(graph, edge.target, hop)


def _all_actions(
    graph: Graph, listener: Listener
) -> Iterator[tuple[Resource, tuple[ListenerAction, ...]]]:
    yield listener, listener.actions
    for edge in graph.sources(listener, "listener"):
        if isinstance(edge.source, ListenerRule):
            yield edge.source, edge.source.actions


def _order(action: ListenerAction) -> int:
    number = action.order.number if action.order is not None else None
    return int(number) if number is not None else 0


def _groups(graph: Graph, source: Resource, action: ListenerAction) -> Iterator[Edge]:
    yield from graph.follow(source, action, "target_group")
    for weighted in action.weighted:
        if weighted.weight is not None and weighted.weight.equals(0).truth is True:
            continue
        yield from graph.follow(source, weighted, "target_group")


def _name(edge: Edge) -> str:
    return "a target group that is unknown" if edge.target is None else edge.target.address


def _targets(graph: Graph, group: TargetGroup, forwards: Hop) -> Iterator[Target]:
    for target in _index(graph).get(group, ()):
        yield target._replace(hop=_joined(forwards, target.hop))


def _joined(forwards: Hop, registered: Hop) -> Hop:
    """One hop of two: the forwarding one, and what is registered as its target."""
    verdict: bool | None = True
    if forwards.verdict is False or registered.verdict is False:
        verdict = False
    elif forwards.verdict is None or registered.verdict is None:
        verdict = None
    return forwards._replace(
        fact=f"{forwards.fact}, which has {registered.fact}",
        verdict=verdict,
        causes=(*forwards.causes, *registered.causes),
        origin="unknown" if verdict is None else forwards.origin,
    )


def _index(graph: Graph) -> dict[Resource, list[Target]]:
    """The targets of each target group."""
    found = graph.recall(_index)
    if found is None:
        made: dict[Resource, list[Target]] = defaultdict(list)
        for group, target in _registered(graph):
            made[group].append(target)
        found = graph.remember(_index, made)
    return cast("dict[Resource, list[Target]]", found)


def _registered(graph: Graph) -> Iterator[tuple[TargetGroup, Target]]:
    for group in graph.all(TargetGroup):
        for inline in group.targets:
            yield from _one(
                graph, group, group, inline, group.port if inline.port is None else inline.port
            )
    for attachment in graph.all(TargetGroupAttachment):
        for edge in graph.targets(attachment, "target_group"):
            if isinstance(edge.target, TargetGroup):
                port = edge.target.port if attachment.port is None else attachment.port
                yield from _one(graph, edge.target, attachment, attachment, port)
    for host in graph.all(AutoScalingGroup, SpotFleet):
        for edge in graph.targets(host, "target_groups", "traffic_sources"):
            if isinstance(edge.target, TargetGroup):
                fact = f"{host.address} as a target"
                hop = _there("target", host, edge.value.span, fact, edge)
                yield edge.target, Target(host, "", edge.target.port, hop, edge.target)
    for joint in graph.all(AutoScalingAttachment):
        hosts = graph.targets(joint, "auto_scaling_group")
        for edge in graph.targets(joint, "target_group"):
            for host_edge in hosts:
                if isinstance(edge.target, TargetGroup) and host_edge.target is not None:
                    fact = f"{host_edge.target.address} as a target"
                    hop = _there("target", joint, host_edge.value.span, fact, host_edge)
                    group = edge.target
                    yield group, Target(host_edge.target, "", group.port, hop, group)


def _one(
    graph: Graph,
    group: TargetGroup,
    source: Resource,
    part: InlineTarget | TargetGroupAttachment,
    port: Val | None,
) -> Iterator[tuple[TargetGroup, Target]]:
    for edge in graph.follow(source, part, "target"):
        if edge.target is None:
            continue
        address = edge.target.text or "" if isinstance(edge.target, External) else ""
        fact = f"{address or edge.target.address} as a target"
        hop = _there("target", source, edge.value.span, fact, edge)
        node = None if address else edge.target
        yield group, Target(node, address, port, hop, group)


def _classic_listeners(graph: Graph, balancer: ClassicLoadBalancer) -> Iterator[Port]:
    targets = list(_classic_targets(graph, balancer))
    for listener in balancer.listeners:
        if listener.port is None:
            continue
        fact = f"{balancer.address} listens on port {_shown(listener.port)}"
        there = listener.presence
        hop = Hop("listener", balancer, listener.port.span, fact)
        if there.cause is not None:
            hop = hop._replace(verdict=None, causes=(there.cause,), origin="unknown")
        own = tuple(target._replace(port=listener.instance_port) for target in targets)
        yield Port(balancer, _protocols(listener.protocol), listener.port, hop, own)


def _classic_targets(graph: Graph, balancer: ClassicLoadBalancer) -> Iterator[Target]:
    edges = list(graph.targets(balancer, "instances"))
    for edge in graph.sources(balancer, "load_balancer", "load_balancers", "target_group"):
        source = edge.source
        if isinstance(source, ClassicLoadBalancerAttachment):
            edges += graph.targets(source, "instance")
        elif isinstance(source, AutoScalingAttachment):
            edges += graph.targets(source, "auto_scaling_group")
        elif isinstance(source, AutoScalingGroup | SpotFleet):
            fact = f"{balancer.address} has {source.address} as a target"
            hop = _there("target", source, edge.value.span, fact, edge)
            yield Target(source, "", None, hop, None)
    for edge in graph.sources(balancer, "traffic_sources"):
        fact = f"{balancer.address} has {edge.source.address} as a target"
        hop = _there("target", edge.source, edge.value.span, fact, edge)
        yield Target(edge.source, "", None, hop, None)
    for edge in edges:
        if edge.target is not None:
            fact = f"{balancer.address} has {edge.target.address} as a target"
            hop = _there("target", edge.source, edge.value.span, fact, edge)
            yield Target(edge.target, "", None, hop, None)


def _there(kind: str, resource: Resource, span: Span, fact: str, edge: Edge) -> Hop:
    """A hop that an edge makes, undecided where the edge or its resource is."""
    cause = edge.source.presence.cause
    if cause is None and not edge.certain:
        cause = (
            edge.value
            if isinstance(edge.value, Unknown)
            else Unknown(f"{fact} is not certain", "expression", span)
        )
    hop = Hop(kind, resource, span, fact)
    if cause is None:
        return hop
    return hop._replace(verdict=None, causes=(cause,), origin="unknown")


def _shown(value: Val) -> str:
    if isinstance(value, Value):
        return str(value.data)
    return f"that is unknown ({value.reason})"
