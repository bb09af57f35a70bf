"""What a load balancer is made of: its zones, and the target groups behind its listeners.

Source: Elastic Load Balancing User Guide; semantics.md, B11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.upkeep.zones import several as several_zones
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External, Implicit
from iac_ec2lint.network.filters.exposure import attachments, exposures, possible_exposures
from iac_ec2lint.network.filters.listed_rules import more_rules_cause
from iac_ec2lint.network.hosts.attached import attached, attached_elsewhere
from iac_ec2lint.resources.data_source import SubnetDataSource
from iac_ec2lint.resources.load_balancer import (
    ClassicLoadBalancer,
    Listener,
    ListenerRule,
    LoadBalancer,
    TargetGroup,
)
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Value, all_of
from iac_ec2lint.values.inputs import counted, input_of, inputs_by_default, is_one_id
from iac_ec2lint.values.unfilled import to_fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.values import Input

BALANCER_TYPES: tuple[type[ClassicLoadBalancer | LoadBalancer], ...] = (
    ClassicLoadBalancer,
    LoadBalancer,
)
"""The classes of load balancers of all kinds."""


class BalancerZones(NamedTuple):
    """The Availability Zones that a load balancer has nodes in.

    Attributes:
        several: Whether there are two or more of them.
        place: Where they are chosen.
    """

    several: Answer
    place: Place


def balancer_zones(graph: Graph, balancer: ClassicLoadBalancer | LoadBalancer) -> BalancerZones:
    """Whether a load balancer has nodes in several zones: it has one subnet in each of them.

    One whose only subnet is on an Outpost can have no other, and counts as having several.
    """
    if isinstance(balancer, ClassicLoadBalancer) and balancer.availability_zones:
        several = several_zones(balancer.availability_zones)
        return BalancerZones(several, balancer.place("availability_zones"))
    place = balancer.place("subnets")
    found: dict[str | Input, Edge] = {}
    gaps: tuple[Unknown, ...] = ()
    edges = graph.targets(balancer, "subnets")
    for edge in edges:
        gap = _gap(edge)
        if gap is not None:
            gaps = (*gaps, gap)
        elif edge.target is not None:
            found[to_fill_in(edge.value) or edge.target.address] = edge
    if not found and not gaps:
        gaps = (_nothing_written(balancer),)
    # Each element of a list in a template is one subnet, and no subnet is accepted twice.
    parameters = {input_of(gap) for gap in gaps if gap.cause == "parameter"} - {None}
    if len(edges) == 1 and is_one_id(edges[0].value) and edges[0].part.presence.certain:
        several = NO
    elif len(parameters) > 1 and not found:
        several = YES
    else:
        several = _several(len(found), gaps)
    for edge in found.values():
        if isinstance(edge.target, Subnet):
            several = several | edge.target.is_set("outpost")
    return BalancerZones(several, place)


def _nothing_written(balancer: Resource) -> Unknown:
    """Why no subnet is known: none is written, or a default leaves it to whoever deploys it."""
    found = [
        one
        for section, steps in balancer.written_at("subnets")
        if (value := section.get(steps[-1])) is not None
        for one in inputs_by_default(value, balancer.declared.unit)
    ]
    words = "no subnet is written"
    if found:
        words = f"the default of {found[0].key} names no subnet"
    return Unknown(words, "expression", balancer.span, inputs=tuple(found))


def _several(known: int, gaps: tuple[Unknown, ...]) -> Answer:
    if known > 1:
        return YES
    return Answer(None, gaps) if gaps else NO


def _gap(edge: Edge) -> Unknown | None:
    """Why what an edge leads to may be none or several subnets; ``None`` where it is one."""
    target = edge.target
    single = isinstance(target, Subnet | SubnetDataSource | Implicit) or (
        isinstance(target, External) and target.text is not None
    )
    # One that stands for an unknown number, of subnets or of blocks, may be several.
    named = isinstance(edge.value, Value | Reference)
    if edge.certain and single and named:
        return None
    if isinstance(edge.value, Unknown):
        return counted(edge.value)
    cause = edge.part.presence.cause
    words = "which subnets these are is not known"
    return Unknown(words, "expression", edge.value.span) if cause is None else cause


def target_groups(graph: Graph, balancer: LoadBalancer) -> tuple[tuple[TargetGroup, Answer], ...]:
    """The target groups that a load balancer forwards to, and whether it surely does.

    They are those of the default actions of its listeners and of their rules.
    """
    return tuple(
        (group, surely & leads)
        for listener, surely in attached(graph, balancer, "load_balancer", Listener)
        for group, leads in forwarded_groups(graph, listener)
    )


def forwarded_groups(graph: Graph, listener: Listener) -> Iterator[tuple[TargetGroup, Answer]]:
    """The target groups that a listener or its rules forward to, and whether they surely do."""
    rules = attached(graph, listener, "listener", ListenerRule)
    for source, surely in ((listener, YES), *rules):
        for edge in graph.targets(source, "target_group"):
            if isinstance(edge.target, TargetGroup):
                yield edge.target, surely & edge.answer


def forwards_nothing(graph: Graph, balancer: LoadBalancer) -> Answer:
    """Whether all listeners of a load balancer are known, and answer or redirect by themselves.

    No decides nothing: it may have listeners that are declared elsewhere, or none yet.
    """
    listeners = [one for one, _ in attached(graph, balancer, "load_balancer", Listener)]
    if not listeners or attached_elsewhere(graph, balancer) is not None:
        return NO
    return all_of(_answers_alone(graph, listener) for listener in listeners)


def _answers_alone(graph: Graph, listener: Listener) -> Answer:
    """Whether neither a listener nor a rule of it sends a request on to a target."""
    if attached_elsewhere(graph, listener) is not None:
        return NO
    rules = (rule.actions for rule, _ in attached(graph, listener, "listener", ListenerRule))
    every = (listener.actions, *rules)
    if not all(every):
        return NO
    return all_of(
        one.equals("kind", "fixed-response", "redirect") for actions in every for one in actions
    )


def is_closed(graph: Graph, balancer: ClassicLoadBalancer | LoadBalancer) -> bool:
    """Whether the groups of a load balancer are known, and none of their rules admits the internet.

    False decides nothing: which groups it has may be unknown.
    """
    edges = graph.targets(balancer, "security_groups")
    open_ = _open_groups(graph)
    return bool(edges) and all(
        edge.certain
        and isinstance(edge.target, SecurityGroup)
        and edge.target not in open_
        and more_rules_cause(graph, edge.target, "ingress") is None
        for edge in edges
    )


@remembered
def _open_groups(graph: Graph) -> frozenset[Resource]:
    """The groups that admit the internet, or may."""
    known = (one.group for one in exposures(graph))
    return frozenset((*known, *possible_exposures(graph, "ingress")))


def is_of_balancers_only(graph: Graph, group: Resource) -> bool:
    """Whether load balancers carry a security group, and nothing else does."""
    carriers = [edge.source for edge in attachments(graph, group)]
    return bool(carriers) and all(isinstance(one, BALANCER_TYPES) for one in carriers)
