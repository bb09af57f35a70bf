"""Endpoint services that let any AWS account in on what is inside.

Source: AWS PrivateLink Guide, "Manage permissions" and "Accept or reject connection requests". What
comes through an endpoint reaches targets from the addresses of the load balancer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from iac_ec2lint.attack.entry.facts import hop_evidence
from iac_ec2lint.attack.wording import as_known, stated
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.forwarding import ForwardedInterface, forwarded_interfaces
from iac_ec2lint.network.hosts.balancers import balancers, possible_ports
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.inside.lateral import (
    FlowEnd,
    balancer_ends,
    lateral_ways,
    workload_ends,
)
from iac_ec2lint.network.load_balancers.from_inside import enforced_on_anyone
from iac_ec2lint.network.load_balancers.to_workloads import target_port
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import TCP
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import Truth, conjunction, disjunction
from iac_ec2lint.resources.endpoint_service import EndpointService, EndpointServicePrincipal
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import NO, Answer, Confidence, Unknown, Val

_COUNTED: Final = ("administration", "data store")
"""The classes of ports that count."""


class _Opening(NamedTuple):
    """Who may make endpoints to a service: anyone, or perhaps anyone."""

    truth: Truth
    value: Val
    declaring: Resource
    name: str


class OpenService(NamedTuple):
    """A port inside that any account reaches through an endpoint service.

    Attributes:
        service: The endpoint service.
        balancer: The load balancer that it leads to.
        target: The host behind that.
        port: The TCP port; ``None`` where it is unknown.
        declaring: What lets any account make endpoints.
        place: Where.
        answer: Whether any account surely reaches the port.
        confidence: What that rests on.
        hops: The way from the load balancer to the host.
    """

    service: EndpointService
    balancer: Resource
    target: Resource
    port: int | None
    declaring: Resource
    place: Place
    answer: Answer
    confidence: Confidence
    hops: tuple[Hop, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What says so."""
        name, value = self.service.address, self.place.value
        anyone = NO if value is None else value.equals("*")
        open_ = stated(anyone, name, "is", "open to any account")
        free = as_known(
            self.service.equals("acceptance_required", False),
            "nobody has to accept a request",
            "perhaps nobody has to accept a request",
        )
        return (
            Evidence(self.place.span, open_, name),
            Evidence(self.service.place("acceptance_required").span, free, name),
            *hop_evidence(self.hops),
        )

    @property
    def administers(self) -> bool:
        """Whether it is a port of administration, or may be."""
        return self.port is None or port_classes()["administration"].ports(TCP).contains(self.port)

    @property
    def edits(self) -> tuple[Evidence, ...]:
        """What breaks it."""
        acceptance = self.service.place("acceptance_required").span
        return (
            Evidence(self.place.span, "name the principals", self.declaring.address),
            Evidence(acceptance, "require acceptance", self.service.address, edit="acceptance"),
        )


@remembered
def open_services(graph: Graph) -> tuple[OpenService, ...]:
    """The services through which any account reaches an administration or data-store port."""
    return tuple(_open_services(graph))


def _open_services(graph: Graph) -> Iterator[OpenService]:
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
                yield from _through(graph, service, opening, workload, aim, free)


@remembered
def _behind(graph: Graph) -> dict[Resource, list[tuple[Workload, ForwardedInterface]]]:
    """The workloads behind each load balancer, and how it forwards to them."""
    made: dict[Resource, list[tuple[Workload, ForwardedInterface]]] = defaultdict(list)
    for workload in workloads(graph):
        for aim in forwarded_interfaces(graph, workload):
            made[aim.balancer.resource].append((workload, aim))
    return made


def _through(
    graph: Graph,
    service: EndpointService,
    opening: _Opening,
    workload: Workload,
    aim: ForwardedInterface,
    free: Answer,
) -> Iterator[OpenService]:
    number = target_port(aim)
    numbers = (number,) if number is not None else possible_ports(aim.port) or _every_port()
    counted = [one for one in numbers if _counts(one)]
    sources = balancer_ends(graph, aim.balancer)
    targets = workload_ends(graph, workload)
    ways = [way for one in counted for way in lateral_ways(graph, sources, targets, (TCP, one))]
    reached = disjunction(way.truth for way in ways)
    admitted = _let_in(graph, aim, sources)
    known = len(counted) == len(numbers) == 1
    registered = aim.target.hop
    truth = conjunction(
        (
            opening.truth,
            free.truth,
            admitted.verdict,
            reached,
            registered.verdict,
            True if known else None,
        )
    )
    if truth is False:
        return
    gaps = (*free.causes, *_unknown(opening.value))
    way = next(way for way in ways if way.truth is reached)
    how = way.explain()
    causes = (
        *gaps,
        *admitted.causes,
        *registered.causes,
        *(how.missing if way.truth is None else ()),
        *_unknown(aim.port),
    )
    yield OpenService(
        service,
        aim.balancer.resource,
        workload.resource,
        number,
        opening.declaring,
        opening.declaring.place(opening.name, opening.value),
        Answer(truth, () if truth else tuple(dict.fromkeys(causes))),
        Confidence(how.confidence) if truth else Confidence.POSSIBLE,
        (aim.listener.hop, *admitted.hops, aim.target.hop, *how.hops),
    )


class _LetIn(NamedTuple):
    """Whether the load balancer's groups let another account in, and the rules that say so."""

    verdict: Truth
    causes: tuple[Unknown, ...]
    hops: tuple[Hop, ...]


def _let_in(graph: Graph, aim: ForwardedInterface, ends: Sequence[FlowEnd]) -> _LetIn:
    numbers = aim.listener.numbers
    if numbers is None:
        return _LetIn(None, _unknown(aim.listener.port), ())
    found = [
        enforced_on_anyone(graph, aim.balancer, end, (TCP, number))
        for end in ends
        for number in numbers
    ]
    truths = [conjunction(hop.verdict for hop in hops) for hops in found]
    verdict = disjunction(truths)
    hops = next((hops for hops, truth in zip(found, truths, strict=True) if truth is verdict), ())
    return _LetIn(verdict, tuple(cause for hop in hops for cause in hop.causes), hops)


def _every_port() -> tuple[int, ...]:
    """The administration and data-store ports: those that a port which nobody knows may be."""
    ranges = (pair for name in _COUNTED for pair in port_classes()[name].ports(TCP).ranges)
    return tuple(number for lo, hi in ranges for number in range(lo, hi + 1))


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
