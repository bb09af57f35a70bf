"""The direct ways in: from an internet gateway to an interface's own address (semantics.md, C1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeVar

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.entry.edge_services import (
    EdgeService,
    admission_through,
    carrier_gateways,
    edge_service_path,
    edge_services_of,
)
from iac_ec2lint.network.entry.gateway_ways import GatewayWay
from iac_ec2lint.network.entry.group_hops import admitting, holder_of
from iac_ec2lint.network.entry.internet_paths import (
    ClientQuery,
    InternetAdmission,
    internet_admission_of,
    internet_path_of,
)
from iac_ec2lint.network.filters.admission import Admission, admission
from iac_ec2lint.network.hosts.addressing import looks_public, public_address, uses_ipv6
from iac_ec2lint.network.hosts.beanstalk_access import with_own_group
from iac_ec2lint.network.hosts.eks_node_access import with_remote_access
from iac_ec2lint.network.hosts.workloads import Eni, Workload, is_unused
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.traffic import foreign_to
from iac_ec2lint.network.verdicts.evidence import Hop, Origin
from iac_ec2lint.network.verdicts.ways import Truth
from iac_ec2lint.resources.launch_settings import LaunchInterface
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.values import Unknown

P = TypeVar("P", bound="PlacedInterface")


def direct_ways(
    graph: Graph, workload: Workload, port: tuple[int, int], query: ClientQuery
) -> Iterator[GatewayWay]:
    """The direct ways to a workload on one port, those of each interface and family.

    Args:
        graph: The graph.
        workload: The workload.
        port: The protocol and the port.
        query: The clients in question.
    """
    preconditions = presence_hops(workload)
    for service, eni, internet_admission in admissions_through_services(graph, workload):
        edge_service = service.on(port[0], (port[1],))
        if edge_service is None:
            continue
        way = _way(graph, eni, internet_admission, port, query, preconditions)
        way.address, way.via = edge_service.hop, edge_service.hop.resource.address
        if eni.interface.primary.truth is None:
            way.address = edge_service.hop.in_doubt(*eni.interface.primary.causes)
        yield way
    either: dict[tuple[int, Family], list[tuple[Eni, GatewayWay]]] = {}
    for eni in workload.enis:
        for internet_admission in internet_admissions(graph, eni):
            if port[0] == foreign_to(internet_admission.path.family):
                continue  # the protocol does not exist in this family
            way = _way(graph, eni, internet_admission, port, query, preconditions)
            if eni.placement.certain:
                yield way
            else:
                key = (id(eni.interface), way.family)
                either.setdefault(key, []).append((eni, way))
    yield from with_placement_doubt(either.values())


def admissions_through_services(
    graph: Graph, workload: Workload
) -> Iterator[tuple[EdgeService, Eni, InternetAdmission]]:
    """What is let in to a workload's first interfaces through the edge services that lead to it."""
    for eni in workload.enis:
        part, first = eni.interface.part, eni.interface.primary.may_be_true
        ends = [workload.resource] if first else []
        if isinstance(part, NetworkInterface):
            ends.append(part)
        found = edge_services_of(graph, eni.placement.subnet, *ends)
        for edge_service in (*found, *_carriers(graph, eni)):
            path = edge_service_path(graph, eni.placement.subnet, Family.IPV4, edge_service)
            admitted = admission_through(graph, edge_service, admission_of(graph, eni), path)
            yield edge_service, eni, internet_admission_of(graph, path, admitted)


def _carriers(graph: Graph, eni: Eni) -> tuple[EdgeService, ...]:
    """The carrier gateways by which an interface may be reached: one with an address for that."""
    found = carrier_gateways(graph, eni.placement.subnet)
    if not found:
        return ()
    part = eni.interface.part
    flag = part.associate_carrier_ip_address if isinstance(part, LaunchInterface) else None
    addressed = flag is not None and flag.is_true().may_be_true
    return (
        found if addressed or public_address(graph, eni, Family.IPV4).verdict is not False else ()
    )


class PlacedInterface(Protocol):
    """A way to an interface that may be in one of several subnets."""

    preconditions: tuple[Hop, ...]

    @property
    def truth(self) -> Truth:
        """Whether it is open."""


def with_placement_doubt(either: Iterable[Sequence[tuple[Eni, P]]]) -> Iterator[P]:
    """The ways to an interface that is in one of several subnets, unknown which.

    It is open where all of them are, and closed where none is.

    Args:
        either: For each interface the ways by subnet, each with the interface in that subnet.
    """
    for alternatives in either:
        agreed = len(alternatives) > 1 and all(way.truth is True for _, way in alternatives)
        for eni, way in alternatives:
            if not agreed:
                way.preconditions = (*way.preconditions, _elsewhere(eni))
            yield way


def internet_admissions(graph: Graph, eni: Eni) -> Iterator[InternetAdmission]:
    """The clients that are admitted to an interface, in each family."""
    admitted = admission_of(graph, eni)
    for family in Family:
        yield internet_admission_of(
            graph, internet_path_of(graph, eni.placement.subnet, family), admitted
        )


def admission_of(graph: Graph, eni: Eni) -> Admission:
    """What an interface's groups let in."""
    given = eni.host.presence
    admitted = admission(graph, eni.groups, "ingress", given)
    if not isinstance(eni.host, ManagedHost):
        return admitted
    return with_own_group(graph, eni, with_remote_access(graph, eni, admitted))


def presence_hops(workload: Workload) -> tuple[Hop, ...]:
    """What says whether a workload has instances, where that is not plain (N0)."""
    host, exists = workload.resource, workload.exists
    if exists.truth is True and not exists.assumptions:
        return ()
    if exists.truth is False:
        fact = f"{host.address} has no instances: its greatest size is 0"
    elif exists.truth is True:
        fact = f"{host.address} is there by {exists.assumptions[0].words}"
    elif is_unused(host):
        fact = f"nothing in the unit launches from {host.address}"
    else:
        fact = f"{host.address} is there only when {workload.why}"
    origin: Origin = "unknown" if exists.truth is None else "explicit"
    return (
        Hop(
            "workload",
            host,
            host.span,
            fact,
            origin,
            exists.truth,
            exists.causes,
            exists.assumptions,
            needs=host.presence.guard,
        ),
    )


def _way(
    graph: Graph,
    eni: Eni,
    internet_admission: InternetAdmission,
    port: tuple[int, int],
    query: ClientQuery,
    preconditions: tuple[Hop, ...],
) -> GatewayWay:
    return GatewayWay(
        internet_admission,
        port,
        query,
        public_address(graph, eni, internet_admission.path.family),
        (*preconditions, *launch_hops(eni)),
        partial(
            admitting,
            holder_of(eni),
            internet_admission.admission,
            internet_admission.path,
            port,
            query,
        ),
        looks_public=not isinstance(eni.placement.subnet, Subnet)
        and looks_public(eni.placement.value),
        gap=eni.placement.gap,
        is_family_unused=internet_admission.path.family is Family.IPV6
        and not uses_ipv6(graph, eni),
    )


def launch_hops(eni: Eni) -> tuple[Hop, ...]:
    """What says whether instances are launched this way, where that is not plain."""
    return (*_launch_hops(eni), *attachment_hops(eni))


def attachment_hops(eni: Eni) -> tuple[Hop, ...]:
    """What says that an interface may be attached to another host, or to none."""
    attached = eni.interface.attached
    if attached.truth is not None:
        return ()
    fact = f"{eni.name} may be attached to {eni.host.address}"
    hop = Hop("placement", eni.resource, eni.part.span, fact)
    return (hop.in_doubt(*attached.causes),)


def _launch_hops(eni: Eni) -> tuple[Hop, ...]:
    launch = eni.launch
    place = launch.part.span
    if launch.certain:
        return tuple(
            Hop(
                "launch template",
                launch.blueprint,
                place,
                step.words,
                "assumed",
                True,
                (),
                launch.assumptions,
            )
            for step in launch.assumptions[:1]
        )
    fact = f"{eni.host.address} may be launched otherwise"
    gap = launch.doubt(f"how {eni.host.address} is launched is undecided")
    return (Hop("placement", eni.host, place, fact, "unknown", None, (gap,)),)


def _elsewhere(eni: Eni) -> Hop:
    """The hop for an interface that may be in another subnet."""
    value = eni.placement.value
    fact = f"{eni.name} stands in {eni.placement.subnet.address}, or in another subnet"
    gap = value if isinstance(value, Unknown) else Unknown(fact, "expression", eni.placement.span)
    return Hop("placement", eni.host, eni.placement.span, fact, "unknown", None, (gap,))
