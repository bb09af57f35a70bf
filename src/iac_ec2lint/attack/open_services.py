"""Endpoint services that let any AWS account in on what is inside: PATH015.

Source: AWS PrivateLink Guide, "Manage permissions" and "Accept or reject connection requests". What
comes through an endpoint reaches targets from the addresses of the load balancer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from iac_ec2lint.attack.entries import evidence_of
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.listeners import Aimed, aimed_at
from iac_ec2lint.network.hosts.balancers import balancers, possible_ports
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.inside.lateral import (
    LateralWay,
    lateral_ways,
    stands_of,
    stands_of_balancer,
)
from iac_ec2lint.network.load_balancers.to_workloads import target_port
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import TCP, PortSet, describe_ports
from iac_ec2lint.network.verdicts.ways import Truth, conjunction, disjunction
from iac_ec2lint.resources.endpoint_service import EndpointService, EndpointServicePrincipal
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Answer, Confidence, Unknown, Val

_COUNTED: Final = ("administration", "data store")
"""The classes of ports that count."""


class _Opening(NamedTuple):
    """Who may make endpoints to a service: anyone, or perhaps anyone."""

    truth: Truth
    value: Val
    declaring: Resource
    name: str


def open_services(graph: Graph, base: Severity) -> Iterator[Verdict]:
    """The services through which any account reaches an administration or data-store port.

    Args:
        graph: The graph.
        base: The severity of a failure.
    """
    by_address = {balancer.resource: balancer for balancer in balancers(graph)}
    for service in graph.all(EndpointService):
        opening = _opening(graph, service)
        acceptance = service.acceptance_required
        if opening is None or acceptance is None:
            continue  # a request waits for somebody unless the service says otherwise
        free = ~acceptance.is_true()
        for edge in graph.targets(service, "load_balancers"):
            balancer = by_address.get(edge.target) if edge.target is not None else None  # type: ignore[call-overload]  # other nodes are simply not among them
            if balancer is None:
                continue
            for workload, aim in _behind(graph).get(balancer.resource, ()):
                yield from _through(graph, service, opening, workload, aim, free, base)


@remembered
def _behind(graph: Graph) -> dict[Resource, list[tuple[Workload, Aimed]]]:
    """The workloads behind each load balancer, and how it forwards to them."""
    made: dict[Resource, list[tuple[Workload, Aimed]]] = defaultdict(list)
    for workload in workloads(graph):
        for aim in aimed_at(graph, workload):
            made[aim.balancer.resource].append((workload, aim))
    return made


def _through(
    graph: Graph,
    service: EndpointService,
    opening: _Opening,
    workload: Workload,
    aim: Aimed,
    free: Answer,
    base: Severity,
) -> Iterator[Verdict]:
    number = target_port(aim)
    numbers = (number,) if number is not None else possible_ports(aim.port) or _every_port()
    counted = [one for one in numbers if _counts(one)]
    sources = stands_of_balancer(graph, aim.balancer)
    targets = stands_of(graph, workload)
    ways = [way for one in counted for way in lateral_ways(graph, sources, targets, (TCP, one))]
    reached = disjunction(way.truth for way in ways)
    known = len(counted) == len(numbers) == 1
    truth = conjunction((opening.truth, free.truth, reached, True if known else None))
    if truth is False:
        return
    gaps = (*free.causes, *_unknown(opening.value))
    way = next(way for way in ways if way.truth is reached)
    yield _verdict(service, opening, workload, aim, way, truth, gaps, base)


def _every_port() -> tuple[int, ...]:
    """The administration and data-store ports: those that a port which nobody knows may be."""
    ranges = (pair for name in _COUNTED for pair in port_classes()[name].ports(TCP).ranges)
    return tuple(number for lo, hi in ranges for number in range(lo, hi + 1))


def _verdict(
    service: EndpointService,
    opening: _Opening,
    workload: Workload,
    aim: Aimed,
    way: LateralWay,
    truth: Truth,
    gaps: tuple[Unknown, ...],
    base: Severity,
) -> Verdict:
    number = target_port(aim)
    what = "a port" if number is None else describe_ports(TCP, PortSet(((number, number),)))
    verb = "can" if truth else "may"
    front = aim.balancer.resource.address
    acceptance = service.place("acceptance_required")
    how = way.explain()
    causes = (*gaps, *(how.missing if way.truth is None else ()))
    return Verdict(
        subject=service,
        resource=opening.declaring,
        at=opening.declaring.place(opening.name, opening.value),
        message=f"any AWS account {verb} reach {what} of {workload.resource.address}"
        f" through {service.address} and {front}",
        causes=() if truth else tuple(dict.fromkeys((*causes, *_unknown(aim.port)))),
        undecided=truth is None,
        evidence=(
            Evidence(
                opening.value.span, f"{service.address} is open to any account", service.address
            ),
            Evidence(acceptance.span, "nobody has to accept a request", service.address),
            *evidence_of((aim.listener.hop, aim.target.hop, *how.hops)),
            *(
                (
                    Evidence(
                        opening.value.span,
                        "to break it: name the principals",
                        opening.declaring.address,
                    ),
                    Evidence(acceptance.span, "or: require acceptance", service.address),
                )
                if truth
                else ()
            ),
        ),
        severity=base,
        confidence=how.confidence if truth else Confidence.POSSIBLE,
        value=f"{front} {workload.resource.address} {what}",
        in_full=True,
    )


def _opening(graph: Graph, service: EndpointService) -> _Opening | None:
    """What lets any account make endpoints to a service, or may."""
    written: list[tuple[Val, Resource, str]] = [
        (value, service, "allowed_principals") for value in service.allowed_principals
    ]
    for edge in graph.sources(service, "endpoint_service"):
        if isinstance(edge.source, EndpointServicePrincipal):
            written += [(value, edge.source, "principals") for value in edge.source.principals]
    for truth in (True, None):
        for value, declaring, name in written:
            if value.equals("*").truth is truth:
                return _Opening(truth, value, declaring, name)
    return None


def _counts(number: int) -> bool:
    return any(port_classes()[name].ports(TCP).contains(number) for name in _COUNTED)


def _unknown(value: Val) -> tuple[Unknown, ...]:
    return (value,) if isinstance(value, Unknown) else ()
