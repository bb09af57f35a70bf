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
from iac_ec2lint.network.hosts.container_instances import container_instances
from iac_ec2lint.network.hosts.deployed_hosts import deployed_hosts
from iac_ec2lint.network.hosts.listener_rules import (
    ALL_REQUESTS,
    OrderedRule,
    Requests,
    requests_of,
)
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.container_service import ContainerService
from iac_ec2lint.resources.deployment_group import DeploymentGroup
from iac_ec2lint.resources.fleet import SpotFleet
from iac_ec2lint.resources.load_balancer import (
    AutoScalingAttachment,
    InlineTarget,
    Listener,
    ListenerAction,
    ListenerRule,
    TargetGroup,
    TargetGroupAttachment,
    WeightedTargetGroup,
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
        address: The address, where it is one that is known.
        port: The port of the target; ``None``: the listener's.
        hop: The evidence that it is a target.
        group: The target group; ``None`` behind a Classic Load Balancer.
        guard: The evidence that clients must authenticate first; ``None`` where they need not.
        requests: The requests that the listener forwards to it.
        unknown: Why it may be anything; ``None`` where it is known.
        is_guess: Whether it is one of all that may be meant by something that is not known.
        zone: The zone that it is registered for; ``None`` where none is written.
    """

    node: Resource | None
    address: str
    port: Val | None
    hop: Hop
    group: TargetGroup | None
    guard: Hop | None = None
    requests: Requests = ALL_REQUESTS
    unknown: Unknown | None = None
    is_guess: bool = False
    zone: Val | None = None


class Registration(NamedTuple):
    """A target of a target group, or of one that is declared elsewhere.

    Attributes:
        group: The target group; ``None`` where it is declared elsewhere, or unknown.
        name: What messages call the group.
        target: The target.
        elsewhere: Why nobody knows what forwards to it; ``None`` where the group is declared.
    """

    group: TargetGroup | None
    name: str
    target: BalancerTarget
    elsewhere: Unknown | None = None


def forwarded(graph: Graph, listener: Listener) -> Iterator[BalancerTarget]:
    """What a listener's default action and its rules forward to."""
    certificate = _certificate(listener)
    rules = _rules(graph, listener)
    for rule in (None, *rules):
        action_of: Listener | ListenerRule = listener if rule is None else rule.rule
        actions = action_of.actions
        guard = _firmest(_guard(action_of, actions), certificate)
        gap = None if rule is None else rule.gap
        for action in actions:
            forwards = YES if action.kind is None else action.kind.equals("forward")
            if forwards.truth is False:
                continue
            requests = requests_of(rules, rule)
            for edge, weighs in _groups(graph, action_of, action):
                fact = f"{action_of.address} forwards to {_name(edge)}"
                hop = edge_hop("listener", action_of, edge.value.span, fact, edge)
                gaps = (*_gaps(action, forwards), *weighs.causes, *(() if gap is None else (gap,)))
                if gaps:
                    hop = hop.in_doubt(*gaps)
                for group in _possible_groups(graph, edge):
                    for target in _targets(graph, group, hop):
                        guess = edge.target is None or target.unknown is not None
                        yield target._replace(guard=guard, requests=requests, is_guess=guess)


def _rules(graph: Graph, listener: Listener) -> tuple[OrderedRule, ...]:
    return tuple(
        OrderedRule(edge, edge.source)
        for edge in graph.sources(listener, "listener")
        if isinstance(edge.source, ListenerRule)
    )


def _gaps(action: ListenerAction, forwards: Answer) -> tuple[Unknown, ...]:
    """The unknowns that make it uncertain that an action forwards."""
    cause = action.presence.cause
    return forwards.causes if cause is None else (cause, *forwards.causes)


def _certificate(listener: Listener) -> Hop | None:
    """The hop that requires clients to have a certificate; ``None`` where none needs one."""
    mode = listener.mutual_tls
    if mode is None:
        return None
    verifies = mode.equals("verify")
    if verifies.truth is False:
        return None
    verb = "asks" if verifies.truth else "may ask"
    fact = f"{listener.address} {verb} clients for a certificate that its trust store verifies"
    hop = Hop(AUTHENTICATION, listener, mode.span, fact, verdict=False)
    if verifies.truth:
        return hop._replace(assumptions=verifies.assumptions)
    return hop._replace(verdict=None, causes=verifies.causes, origin="unknown")


def _firmest(*guards: Hop | None) -> Hop | None:
    """Of several hops that require clients to authenticate one that surely does, else any."""
    known = [guard for guard in guards if guard is not None]
    return next((guard for guard in known if guard.verdict is False), (*known, None)[0])


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


def _groups(
    graph: Graph, source: Resource, action: ListenerAction
) -> Iterator[tuple[Edge, Answer]]:
    """The target groups of an action, and whether it sends any requests there."""
    for edge in graph.follow(source, action, "target_group"):
        yield edge, YES
    weights = [(one, _weighs(one)) for one in action.weighted]
    if weights and all(weighs.truth is False for _, weighs in weights):
        words = "what happens where all weights are 0 is not documented"
        gap = Unknown(words, "expression", weights[0][0].span)
        weights = [(one, Answer(None, (gap,))) for one, _ in weights]
    for weighted, weighs in weights:
        if weighs.truth is not False:
            for edge in graph.follow(source, weighted, "target_group"):
                yield edge, weighs


def _weighs(weighted: WeightedTargetGroup) -> Answer:
    """Whether a target group has a share of the requests at all."""
    return YES if weighted.weight is None else ~weighted.weight.equals(0)


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


def _possible_groups(graph: Graph, edge: Edge) -> tuple[TargetGroup, ...]:
    """The target groups that an edge leads to, or may.

    One that is unknown may be any that no other load balancer is known to use: a target group has
    one load balancer at most (Elastic Load Balancing User Guide, "Quotas").
    """
    if isinstance(edge.target, TargetGroup):
        return (edge.target,)
    return _free_groups(graph) if edge.target is None else ()


@remembered
def _free_groups(graph: Graph) -> tuple[TargetGroup, ...]:
    """The target groups that no listener is known to forward to."""
    used = {
        edge.target
        for source in graph.all(Listener, ListenerRule)
        for edge in graph.targets(source, "target_group")
        if edge.certain
    }
    return tuple(group for group in _index(graph) if group not in used)


@remembered
def _index(graph: Graph) -> dict[TargetGroup, list[BalancerTarget]]:
    """The targets of each target group."""
    made: dict[TargetGroup, list[BalancerTarget]] = defaultdict(list)
    for one in registrations(graph):
        if one.group is not None:
            made[one.group].append(one.target)
    return made


@remembered
def registrations(graph: Graph) -> tuple[Registration, ...]:
    """All targets, also those of target groups that are declared elsewhere."""
    return tuple(_registered(graph))


def _registered(graph: Graph) -> Iterator[Registration]:
    for group in graph.all(TargetGroup):
        for inline in group.targets:
            for target in _one(graph, group, inline):
                port = group.port if inline.port is None else inline.port
                yield Registration(group, group.address, target._replace(port=port, group=group))
    for attachment in graph.all(TargetGroupAttachment):
        for edge in graph.targets(attachment, "target_group"):
            for target in _one(graph, attachment, attachment):
                yield from _into(edge, target, attachment.port)
    for host in graph.all(AutoScalingGroup, SpotFleet):
        for edge in graph.targets(host, "target_groups", "traffic_sources"):
            fact = f"{host.address} as a target"
            hop = edge_hop("target", host, edge.value.span, fact, edge)
            yield from _into(edge, BalancerTarget(host, "", None, hop, None), None)
    for joint in graph.all(AutoScalingAttachment):
        for edge in graph.targets(joint, "target_group"):
            for host_edge in graph.targets(joint, "auto_scaling_group"):
                yield from _into(edge, target_of(joint, host_edge), None)
    for service in graph.all(ContainerService):
        for edge in graph.targets(service, "target_group", "alternate_target_group"):
            for host, gap in container_instances(graph, edge):
                yield from _into(edge, _perhaps(host, edge, gap), gap)
    for deployed in graph.all(DeploymentGroup):
        for edge in graph.targets(deployed, "target_group"):
            for host, gap in deployed_hosts(graph, edge):
                yield from _into(edge, _perhaps(host, edge, gap), None)


def _perhaps(host: Resource, edge: Edge, gap: Unknown) -> BalancerTarget:
    """A host that what an edge comes from may register with what it leads to."""
    fact = f"{host.address} as a target"
    hop = edge_hop("target", edge.source, edge.value.span, fact, edge).in_doubt(gap)
    return BalancerTarget(host, "", None, hop, None)


def _into(edge: Edge, target: BalancerTarget, port: Val | None) -> Iterator[Registration]:
    """A target of the group that an edge leads to, on the port of its own or of that."""
    group = edge.target
    if isinstance(group, TargetGroup):
        target = target._replace(port=group.port if port is None else port, group=group)
        yield Registration(group, group.address, target)
    elif group is None or isinstance(group, External):
        name = "a target group that is unknown" if group is None else group.address
        target = target._replace(port=port)
        yield Registration(None, name, target, not_in_source(edge))


def not_in_source(edge: Edge) -> Unknown:
    """Why nobody knows what an edge leads to, or what that does."""
    if isinstance(edge.value, Unknown) and edge.target is None:
        return edge.value
    name = "it" if edge.target is None else edge.target.address
    words = f"what lies at {name} is not in the source"
    return Unknown(words, "external-id", edge.value.span, edge.value.via)


def _one(
    graph: Graph, source: Resource, part: InlineTarget | TargetGroupAttachment
) -> Iterator[BalancerTarget]:
    for edge in graph.follow(source, part, "target"):
        yield target_of(source, edge)._replace(zone=part.availability_zone)


def target_of(source: Resource, edge: Edge) -> BalancerTarget:
    """What an edge of a registration leads to, still without its port and group."""
    node = edge.target
    if node is None:
        gap = not_in_source(edge)
        hop = Hop("target", source, edge.value.span, "something unknown as a target")
        hop = hop._replace(verdict=None, causes=(gap,), origin="unknown")
        return BalancerTarget(None, "", None, hop, None, unknown=gap)
    address = node.text or "" if isinstance(node, External) else ""
    fact = f"{address or node.address} as a target"
    hop = edge_hop("target", source, edge.value.span, fact, edge)
    return BalancerTarget(None if address else node, address, None, hop, None)


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
    return hop.in_doubt(cause)._replace(needs=needs)


def resting_on(hop: Hop, value: Val | None) -> Hop:
    """A hop that rests on a value's defaults too: another deployment may have another value."""
    steps = () if value is None else tuple(step for step in value.via if step.assumed)
    return hop._replace(assumptions=(*hop.assumptions, *steps)) if steps else hop
