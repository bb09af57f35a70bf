"""What the listeners of Application and Network Load Balancers forward to, and on what condition.

Only the actions that forward lead anywhere, and some only after authentication. Source: Elastic
Load Balancing User Guide; semantics.md, B11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from iac_ec2lint.graph.graph import Edge, External, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.fleet import SpotFleet
from iac_ec2lint.resources.load_balancer import (
    AutoScalingAttachment,
    InlineTarget,
    Listener,
    ListenerAction,
    ListenerRule,
    TargetGroup,
    TargetGroupAttachment,
)
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import NO, UNGUARDED, YES, Answer, Data, Unknown, Val, guard_of

AUTHENTICATION: Final = "authentication"
"""The kind of a hop that only authenticated clients pass."""


class BalancerTarget(NamedTuple):
    """Something that a listener forwards to.

    Attributes:
        node: The instance, interface, group or load balancer; ``None`` where it is an address.
        address: The address, where it is one.
        port: The port of the target; ``None``: the listener's.
        hop: The evidence that it is a target.
        group: The target group; ``None`` behind a Classic Load Balancer.
        guard: The evidence that clients must authenticate first; ``None`` where they need not.
    """

    node: Resource | None
    address: str
    port: Val | None
    hop: Hop
    group: TargetGroup | None
    guard: Hop | None = None


def forwarded(graph: Graph, listener: Listener) -> Iterator[BalancerTarget]:
    """What a listener's default action and its rules forward to."""
    for action_of, actions in _all_actions(graph, listener):
        guard = _guard(action_of, actions)
        for action in actions:
            forwards = YES if action.kind is None else action.kind.equals("forward")
            if forwards.truth is False:
                continue
            for edge in _groups(graph, action_of, action):
                fact = f"{action_of.address} forwards to {_name(edge)}"
                hop = edge_hop("listener", action_of, edge.value.span, fact, edge)
                gaps = _gaps(action, forwards)
                if gaps:
                    causes = (*hop.causes, *gaps)
                    hop = hop._replace(verdict=None, causes=causes, origin="unknown")
                if isinstance(edge.target, TargetGroup):
                    for target in _targets(graph, edge.target, hop):
                        yield target._replace(guard=guard)


def _gaps(action: ListenerAction, forwards: Answer) -> tuple[Unknown, ...]:
    """The unknowns that make it uncertain that an action forwards."""
    cause = action.presence.cause
    return forwards.causes if cause is None else (cause, *forwards.causes)


def _guard(action_of: Resource, actions: tuple[ListenerAction, ...]) -> Hop | None:
    """The hop that requires clients to authenticate; ``None`` where none does.

    The action that forwards is always the last (Elastic Load Balancing User Guide).
    """
    for action in actions:
        stops = _requires_authentication(action)
        if stops.truth is False:
            continue
        kind = action.kind
        span = action.span if kind is None else kind.span
        how = kind.text if kind is not None and kind.text else "how is not known"
        verb = "forwards" if stops.truth else "may forward"
        fact = f"{action_of.address} {verb} only after authentication ({how})"
        hop = Hop(AUTHENTICATION, action_of, span, fact, verdict=False)
        if stops.truth:
            return hop
        return hop._replace(verdict=None, causes=stops.causes, origin="unknown")
    return None


def _requires_authentication(action: ListenerAction) -> Answer:
    """Whether an action passes authenticated clients only."""
    kind = action.kind
    asks = NO if kind is None else kind.test(_authenticates)
    said = action.on_unauthenticated
    answer = asks if said is None else asks & ~said.equals("allow")
    return answer & action.presence.answer


def _authenticates(kind: Data) -> bool:
    return isinstance(kind, str) and kind.startswith(("authenticate-", "jwt-validation"))


def _all_actions(
    graph: Graph, listener: Listener
) -> Iterator[tuple[Resource, tuple[ListenerAction, ...]]]:
    yield listener, listener.actions
    for edge in graph.sources(listener, "listener"):
        if isinstance(edge.source, ListenerRule):
            yield edge.source, edge.source.actions


def _groups(graph: Graph, source: Resource, action: ListenerAction) -> Iterator[Edge]:
    yield from graph.follow(source, action, "target_group")
    for weighted in action.weighted:
        if weighted.weight is not None and weighted.weight.equals(0).truth is True:
            continue
        yield from graph.follow(source, weighted, "target_group")


def _name(edge: Edge) -> str:
    return "a target group that is unknown" if edge.target is None else edge.target.address


def _targets(graph: Graph, group: TargetGroup, forwards: Hop) -> Iterator[BalancerTarget]:
    for target in _index(graph).get(group, ()):
        hop = resting_on(_joined(forwards, target.hop), target.port)
        yield target._replace(hop=hop)


def _joined(forwards: Hop, registered: Hop) -> Hop:
    """Joins two hops: the forwarding one, and the registration of its target."""
    open_ = [hop for hop in (forwards, registered) if hop.verdict is None]
    # It points at the undecided one of the two, or else at the listener.
    first = open_[0] if open_ else forwards
    causes = tuple(dict.fromkeys((*forwards.causes, *registered.causes)))
    fact = f"{forwards.fact}, which has {registered.fact}"
    assumptions = tuple(dict.fromkeys((*forwards.assumptions, *registered.assumptions)))
    needs = (forwards.needs or UNGUARDED) | (registered.needs or UNGUARDED)
    return first._replace(
        kind=forwards.kind, fact=fact, causes=causes, assumptions=assumptions, needs=needs
    )


@remembered
def _index(graph: Graph) -> dict[Resource, list[BalancerTarget]]:
    """The targets of each target group."""
    made: dict[Resource, list[BalancerTarget]] = defaultdict(list)
    for group, target in _registered(graph):
        made[group].append(target)
    return made


def _registered(graph: Graph) -> Iterator[tuple[TargetGroup, BalancerTarget]]:
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
                hop = edge_hop("target", host, edge.value.span, fact, edge)
                yield edge.target, BalancerTarget(host, "", edge.target.port, hop, edge.target)
    for joint in graph.all(AutoScalingAttachment):
        hosts = graph.targets(joint, "auto_scaling_group")
        for edge in graph.targets(joint, "target_group"):
            for host_edge in hosts:
                if isinstance(edge.target, TargetGroup) and host_edge.target is not None:
                    fact = f"{host_edge.target.address} as a target"
                    hop = edge_hop("target", joint, host_edge.value.span, fact, host_edge)
                    group = edge.target
                    yield group, BalancerTarget(host_edge.target, "", group.port, hop, group)


def _one(
    graph: Graph,
    group: TargetGroup,
    source: Resource,
    part: InlineTarget | TargetGroupAttachment,
    port: Val | None,
) -> Iterator[tuple[TargetGroup, BalancerTarget]]:
    for edge in graph.follow(source, part, "target"):
        if edge.target is None:
            continue
        address = edge.target.text or "" if isinstance(edge.target, External) else ""
        fact = f"{address or edge.target.address} as a target"
        hop = edge_hop("target", source, edge.value.span, fact, edge)
        node = None if address else edge.target
        yield group, BalancerTarget(node, address, port, hop, group)


def edge_hop(kind: str, resource: Resource, span: Span, fact: str, edge: Edge) -> Hop:
    """The hop for an edge; undecided where the edge or its source is."""
    cause = edge.source.presence.cause
    if cause is None and not edge.certain:
        cause = (
            edge.value
            if isinstance(edge.value, Unknown)
            else Unknown(f"{fact} is not certain", "expression", span)
        )
    ends = (edge.source, *(() if edge.target is None else (edge.target,)))
    rests = tuple(step for end in ends for step in end.presence.assumptions)
    hop = resting_on(Hop(kind, resource, span, fact, assumptions=rests), edge.value)
    if cause is None:
        return hop
    needs = frozenset().union(*(end.presence.guard for end in ends), guard_of(edge.value))
    return hop._replace(verdict=None, causes=(cause,), origin="unknown", needs=needs)


def resting_on(hop: Hop, value: Val | None) -> Hop:
    """A hop that rests on a value's defaults too: another deployment may have another value."""
    steps = () if value is None else tuple(step for step in value.via if step.assumed)
    return hop._replace(assumptions=(*hop.assumptions, *steps)) if steps else hop
