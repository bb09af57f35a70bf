"""Parents of Nitro Enclaves that are exposed to the internet.

An enclave has no network of its own: all that comes to it comes through its parent instance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.entry.gateway_ways import enough
from iac_ec2lint.network.entry.internet_paths import INTERNET, internet_path_of
from iac_ec2lint.network.filters.attached_rules import AttachedGroup
from iac_ec2lint.network.filters.exposure import exposures
from iac_ec2lint.network.filters.joint_exposure import Exposure
from iac_ec2lint.network.hosts.addressing import public_address, uses_ipv6
from iac_ec2lint.network.hosts.workloads import Eni, workloads
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, TCP, PortSet, describe_ports
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import conjunction, disjunction, judged
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import Answer


class ExposedEnclave(NamedTuple):
    """A launch of parents of enclaves that has to do with the internet.

    Attributes:
        host: The instances' host.
        declaring: What turns enclaves on: the host or its template.
        place: Where.
        enabled: Whether it does.
        answer: Whether that holds, and what exposes them as well.
        hops: What exposes them: their addresses, routes and groups.
        proxies: The open ports on which a proxy to an enclave may listen.
    """

    host: Resource
    declaring: Resource
    place: Place
    enabled: Answer
    answer: Answer
    hops: tuple[Hop, ...]
    proxies: PortSet


def exposed_enclaves(graph: Graph, vsock: PortSet) -> Iterator[ExposedEnclave]:
    """The parents of enclaves that have an address, a route or a group open to the internet.

    Args:
        graph: The graph.
        vsock: The TCP ports on which proxies to enclaves usually listen.
    """
    open_groups: dict[Resource, list[Exposure]] = {}
    for exposure in exposures(graph):
        open_groups.setdefault(exposure.group, []).append(exposure)
    for workload in workloads(graph):
        for launch in dict.fromkeys(eni.launch for eni in workload.enis):
            enclave = launch.settings.enclave_enabled
            if enclave is None or workload.exists.truth is False:
                continue
            enabled = enclave.is_true()
            if enabled.truth is False:
                continue
            own = [eni for eni in workload.enis if eni.launch == launch]
            hops = list(_facts(graph, own, open_groups))
            exposed = disjunction(hop.verdict for hop in hops)
            truth = conjunction((enabled.truth, exposed))
            if truth is False:
                continue
            kept = tuple(hop for hop in hops if hop.verdict is exposed)
            causes = (*enabled.causes, *(cause for hop in kept for cause in hop.causes))
            answer = Answer(truth, () if truth else tuple(dict.fromkeys(causes)))
            yield ExposedEnclave(
                workload.resource,
                *launch.place("enclave_enabled"),
                enabled,
                answer,
                kept,
                _proxies(own, open_groups, vsock),
            )


def _facts(
    graph: Graph, enis: list[Eni], open_groups: dict[Resource, list[Exposure]]
) -> Iterator[Hop]:
    for eni in enis:
        for family in Family:
            if family is Family.IPV6 and not uses_ipv6(graph, eni):
                continue
            yield public_address(graph, eni, family)
            path = internet_path_of(graph, eni.placement.subnet, family)
            routed = enough(path.routes.addresses, path, INTERNET)
            yield from (
                hop
                for hop in judged(path.routes.hops, routed)
                if hop.kind == "route" or hop.verdict is None
            )
    for carried, exposure in _opened(enis, open_groups):
        place, resource = exposure.places[0], exposure.rule.resource
        ports = " and ".join(describe_ports(p, own) for p, own in exposure.ports.items())
        sure = True if not exposure.causes and carried.certain else None
        fact = f"{resource.address} {'admits' if sure else 'may admit'} {ports} from the internet"
        kind = "security group"
        yield Hop(kind, resource, place.span, fact, verdict=sure, causes=exposure.causes)


def _opened(
    enis: list[Eni], open_groups: dict[Resource, list[Exposure]]
) -> Iterator[tuple[AttachedGroup, Exposure]]:
    for carried in (carried for eni in enis for carried in eni.groups):
        for exposure in open_groups.get(carried.group, ()) if carried.group else ():
            yield carried, exposure


def _proxies(
    enis: list[Eni], open_groups: dict[Resource, list[Exposure]], vsock: PortSet
) -> PortSet:
    """The ports of proxies to enclaves that are open."""
    ports = NO_PORTS
    for _, exposure in _opened(enis, open_groups):
        if not exposure.causes:
            ports |= exposure.ports.get(TCP, exposure.ports.get(ALL, NO_PORTS)) & vsock
    return ports
