"""Datagrams from the internet that are delivered although no answer gets back.

UDP and ICMP do their work without one. No finding says so, for nothing is reachable in the sense
of semantics.md, C1, without N3 and N8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.entry.facts import describe_open_ports
from iac_ec2lint.engine.check import Remark
from iac_ec2lint.network.entry.gateway_ways import enough
from iac_ec2lint.network.entry.internet_paths import (
    INTERNET,
    internet_admission_of,
    internet_path_of,
)
from iac_ec2lint.network.entry.public_interfaces import admission_of
from iac_ec2lint.network.filters.group_rules import group_rules
from iac_ec2lint.network.hosts.addressing import public_address
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.network.sets.addresses import Family, internet
from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    ICMP,
    ICMPV6,
    NO_PORTS,
    UDP,
    PortSet,
    exchanges,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.entry.internet_paths import InternetPath
    from iac_ec2lint.network.hosts.workloads import Eni
    from iac_ec2lint.network.verdicts.evidence import Hop

_DATAGRAMS: Final = {Family.IPV4: (UDP, ICMP), Family.IPV6: (UDP, ICMPV6)}
_PROTOCOLS: Final = frozenset({ALL, UDP, ICMP, ICMPV6})


def remarks(graph: Graph) -> Iterator[Remark]:
    """A note for each workload and family: what is delivered, and what keeps answers back."""
    if not _lets_datagrams_in(graph):
        return  # without asking what runs where, which takes long
    for workload in workloads(graph):
        if workload.exists.truth is not True or not workload.resource.presence.certain:
            continue
        for eni in workload.enis:
            if not (eni.placement.certain and eni.launch.certain):
                continue
            for family in Family:
                # The subnet's facts are shared by all that stands in it, and are asked for first.
                path = internet_path_of(graph, eni.placement.subnet, family)
                held_back = _held_back(path)
                if held_back:
                    yield from _delivered(graph, eni, path, held_back)


def _lets_datagrams_in(graph: Graph) -> bool:
    """Whether any rule surely admits UDP or ICMP from addresses of the internet."""
    return any(
        addresses & internet(addresses.family)
        for group in group_rules(graph, "ingress")
        for read in group.rules
        if not read.lower.keys().isdisjoint(_PROTOCOLS)
        for source in read.sources
        for addresses in source.lower
    )


class _HeldBack(NamedTuple):
    """Ports of a protocol that nothing answers a subnet's clients on, and why."""

    protocol: int
    ports: PortSet
    why: str


def _held_back(path: InternetPath) -> list[_HeldBack]:
    """What nothing gets back of from a subnet that lets it in."""
    if not (path.gateway.truth and path.access.truth and path.inspected.truth):
        return []
    protocols = _DATAGRAMS[path.family]
    if enough(path.routes.addresses, path, INTERNET) is False:
        why = _fact(path.routes.hops, "route")
        return [_HeldBack(protocol, ALL_PORTS, why) for protocol in protocols]
    found = []
    for protocol in protocols:
        for requests, _ in exchanges(protocol):
            clients = path.replies(protocol, requests.ranges[0][0]).clients
            if enough(clients.addresses, path, INTERNET) is False:
                why = _fact(clients.hops, "network ACL")
                found.append(_HeldBack(protocol, requests, why))
    return found


def _delivered(
    graph: Graph, eni: Eni, path: InternetPath, held_back: list[_HeldBack]
) -> Iterator[Remark]:
    if public_address(graph, eni, path.family).verdict is not True:
        return
    admitted = internet_admission_of(graph, path, admission_of(graph, eni)).traffic.lower
    opened: dict[int, PortSet] = {}
    reasons: dict[str, None] = {}
    for protocol, requests, reason in held_back:
        ports = requests & PortSet.of(
            (band.lo, band.hi)
            for band in admitted.bands(protocol)
            if INTERNET.enough(band.sources & path.public, path.public)
        )
        if ports:
            opened[protocol] = opened.get(protocol, NO_PORTS) | ports
            reasons[reason] = None
    if opened:
        why = "; ".join(reasons)
        words = f"anyone on the internet can send it {describe_open_ports(opened)}, "
        words += f"but no answer gets back: {why}"
        yield Remark("delivered-one-way", eni.host, eni.host, words)


def _fact(hops: tuple[Hop, ...], kind: str) -> str:
    """What the first hop of a kind says: it decides; the others say why it applies."""
    return next((hop.fact for hop in hops if hop.kind == kind), hops[-1].fact)
