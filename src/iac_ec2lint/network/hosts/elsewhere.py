"""Targets of load balancers that are declared elsewhere, of which nobody knows whom they serve.

Their target group is declared elsewhere, or the listener that forwards to it is, as a third unit
of the scan may, or the load balancer of that. Source: semantics.md, B0 (what is referred to and not
declared) and B11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.graph.graph import Edge, External, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.other_units import filling_unit
from iac_ec2lint.network.hosts.targets import (
    BalancerTarget,
    edge_hop,
    not_in_source,
    registrations,
    target_of,
)
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.fleet import SpotFleet
from iac_ec2lint.resources.load_balancer import (
    AutoScalingAttachment,
    ClassicLoadBalancerAttachment,
    Listener,
    ListenerRule,
    TargetGroup,
)
from iac_ec2lint.values import Answer, Unknown


class TargetElsewhere(NamedTuple):
    """A target of a load balancer that is declared elsewhere.

    Attributes:
        target: The target, with an undecided hop.
    """

    target: BalancerTarget

    @property
    def via(self) -> str:
        """The address of what leads to the load balancer: a rule, a registration."""
        return self.target.hop.resource.address

    @property
    def is_unknown(self) -> bool:
        """Whether it may also be one that is declared, for nobody knows which it is."""
        return all(gap.cause != "external-id" for gap in self.target.hop.causes)

    @property
    def hands_on(self) -> Answer:
        """Whether connections are handed on as they are: by a Network Load Balancer alone."""
        group = self.target.group
        if group is None or group.protocol is None:
            return Answer(None, self.target.hop.causes)
        return ~group.protocol.equals("HTTP", "HTTPS")


@remembered
def targets_elsewhere(graph: Graph) -> tuple[TargetElsewhere, ...]:
    """All targets of load balancers that are declared elsewhere."""
    return tuple(_targets_elsewhere(graph))


def _targets_elsewhere(graph: Graph) -> Iterator[TargetElsewhere]:
    forwarding = _forwarding(graph)
    for one in registrations(graph):
        hop = forwarding.get(one.group) if one.group is not None else None
        if one.elsewhere is not None:
            fact = f"{one.name} has {one.target.hop.fact}"
            yield _elsewhere(one.target, fact, one.target.hop, one.elsewhere)
        elif hop is not None:
            fact = f"{hop.fact}, which has {one.target.hop.fact}"
            yield _elsewhere(one.target, fact, hop, hop.causes[0])
        elif one.group is not None and (
            by := filling_unit(graph, one.group, Listener, ListenerRule)
        ):
            words = f"{by} may forward to {one.group.address}"
            gap = Unknown(words, "may-attach", one.group.span)
            fact = f"{words}, which has {one.target.hop.fact}"
            yield _elsewhere(one.target, fact, one.target.hop, gap)
    for edge, target in _classic(graph):
        name = "a load balancer that is unknown" if edge.target is None else edge.target.address
        fact = f"{name} has {target.hop.fact}"
        yield _elsewhere(target, fact, target.hop, not_in_source(edge))


def _classic(graph: Graph) -> Iterator[tuple[Edge, BalancerTarget]]:
    """The targets of Classic Load Balancers that are declared elsewhere."""
    for attachment in graph.all(ClassicLoadBalancerAttachment):
        for edge in filter(_is_elsewhere, graph.targets(attachment, "load_balancer")):
            for inner in graph.targets(attachment, "instance"):
                yield edge, target_of(attachment, inner)
    for joint in graph.all(AutoScalingAttachment):
        for edge in filter(_is_elsewhere, graph.targets(joint, "load_balancer")):
            for inner in graph.targets(joint, "auto_scaling_group"):
                yield edge, target_of(joint, inner)
    for host in graph.all(AutoScalingGroup, SpotFleet):
        for edge in filter(_is_elsewhere, graph.targets(host, "load_balancers")):
            hop = edge_hop("target", host, edge.value.span, f"{host.address} as a target", edge)
            yield edge, BalancerTarget(host, "", None, hop, None)


def _elsewhere(target: BalancerTarget, fact: str, at: Hop, gap: Unknown) -> TargetElsewhere:
    hop = at._replace(kind="listener", fact=fact, verdict=None, causes=(gap,), origin="unknown")
    return TargetElsewhere(target._replace(hop=hop))


@remembered
def _forwarding(graph: Graph) -> dict[TargetGroup, Hop]:
    """What forwards to target groups for a load balancer that is declared elsewhere."""
    made: dict[TargetGroup, Hop] = {}
    for source in graph.all(Listener, ListenerRule):
        edges = graph.targets(source, "load_balancer", "listener")
        gap = next((not_in_source(edge) for edge in edges if _is_elsewhere(edge)), None)
        if gap is None and isinstance(source, ListenerRule):
            above = (edge.target for edge in edges if isinstance(edge.target, Listener))
            outer = (e for one in above for e in graph.targets(one, "load_balancer"))
            gap = next((not_in_source(edge) for edge in outer if _is_elsewhere(edge)), None)
        if gap is None:
            continue
        for edge in graph.targets(source, "target_group"):
            if isinstance(edge.target, TargetGroup):
                fact = f"{source.address} forwards to {edge.target.address}"
                hop = edge_hop("listener", source, edge.value.span, fact, edge)
                made.setdefault(edge.target, hop._replace(verdict=None, causes=(gap,)))
    return made


def _is_elsewhere(edge: Edge) -> bool:
    return edge.target is None or isinstance(edge.target, External)
