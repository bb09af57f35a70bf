"""Datagrams from the internet that are delivered although no answer gets back.

UDP and ICMP do their work without one. No finding says so, for nothing is reachable in the sense
of semantics.md, C1, without N3 and N8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.attack.entries import describe_open_ports
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
from iac_ec2lint.network.sets.ports import ALL, ICMP, ICMPV6, UDP, PortSet

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


def _held_back(path: InternetPath) -> dict[int, str]:
    """The protocols of which nothing gets back from a subnet that lets them in, and why."""
    if not (path.gateway.truth and path.access.truth and path.inspected.truth):
        return {}
    if enough(path.routes.addresses, path, INTERNET) is False:
        return dict.fromkeys(_DATAGRAMS[path.family], _fact(path.routes.hops, "route"))
    answers = {protocol: path.replies(protocol).clients for protocol in _DATAGRAMS[path.family]}
    return {
        protocol: _fact(clients.hops, "network ACL")
        for protocol, clients in answers.items()
        if enough(clients.addresses, path, INTERNET) is False
    }


def _delivered(
    graph: Graph, eni: Eni, path: InternetPath, held_back: dict[int, str]
) -> Iterator[Remark]:
    if public_address(graph, eni, path.family).verdict is not True:
        return
    admitted = internet_admission_of(graph, path, admission_of(graph, eni)).traffic.lower
    opened: dict[int, PortSet] = {}
    for protocol in held_back:
        ports = PortSet.of(
            (band.lo, band.hi)
            for band in admitted.bands(protocol)
            if INTERNET.enough(band.sources & path.public, path.public)
        )
        if ports:
            opened[protocol] = ports
    if opened:
        why = "; ".join(dict.fromkeys(held_back[protocol] for protocol in opened))
        words = f"anyone on the internet can send it {describe_open_ports(opened)}, "
        words += f"but no answer gets back: {why}"
        yield Remark("delivered-one-way", eni.host, eni.host, words)


def _fact(hops: tuple[Hop, ...], kind: str) -> str:
    """What the first hop of a kind says: it decides; the others say why it applies."""
    return next((hop.fact for hop in hops if hop.kind == kind), hops[-1].fact)
