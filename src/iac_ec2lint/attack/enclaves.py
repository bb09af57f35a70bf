"""Exposed parents of Nitro Enclaves: PATH012.

An enclave has no network of its own: all that comes to it comes through its parent instance.
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.entry.gateway_ways import enough
from iac_ec2lint.network.entry.internet_paths import INTERNET, gate_of
from iac_ec2lint.network.filters.exposure import exposures
from iac_ec2lint.network.filters.joint_exposure import Exposure
from iac_ec2lint.network.hosts.addressing import public_address, uses_ipv6
from iac_ec2lint.network.hosts.workloads import Eni, Workload, workloads
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.ports import ALL, TCP, PortSet, describe_ports
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import conjunction, disjunction, judged
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Answer, Confidence


def exposed_enclaves(graph: Graph, severity: Severity, vsock: PortSet) -> Iterator[Verdict]:
    """The parents of enclaves that have anything to do with the internet.

    Args:
        graph: The graph.
        severity: Of a failure.
        vsock: The TCP ports on which proxies to enclaves usually listen.
    """
    open_groups: dict[Resource, list[Exposure]] = {}
    for exposure in exposures(graph):
        open_groups.setdefault(exposure.group, []).append(exposure)
    for workload in workloads(graph):
        for launch in {id(eni.launch): eni.launch for eni in workload.enis}.values():
            enclave = launch.settings.enclave_enabled
            if enclave is None or workload.exists.truth is False:
                continue
            enabled = enclave.is_true()
            if enabled.truth is False:
                continue
            own = [eni for eni in workload.enis if eni.launch is launch]
            hops = list(_facts(graph, own, open_groups))
            exposed = disjunction(hop.verdict for hop in hops)
            truth = conjunction((enabled.truth, exposed))
            if truth is False:
                continue
            kept = [hop for hop in hops if hop.verdict is exposed]
            place = launch.settings.place("enclave_enabled")
            layer = launch.settings.decides("enclave_enabled")
            declaring = launch.resource_of(layer) if layer is not None else workload.resource
            causes = (*enabled.causes, *(cause for hop in kept for cause in hop.causes))
            yield Verdict(
                subject=workload.resource,
                resource=declaring,
                at=place,
                message=_message(workload, kept, enabled, truth, _proxies(own, open_groups, vsock)),
                causes=() if truth else tuple(dict.fromkeys(causes)),
                undecided=truth is None,
                evidence=tuple(Evidence(h.span, h.fact, h.resource.address) for h in kept),
                severity=severity,
                confidence=Confidence.POSSIBLE if truth is None else None,
                assumed=any(hop.assumptions for hop in kept),
                value=" ".join(sorted({hop.kind for hop in kept})),
            )


def _message(
    workload: Workload, hops: list[Hop], enabled: Answer, truth: bool | None, proxies: str
) -> str:
    words = {
        "address": "a public address",
        "route": "a route to the internet gateway",
        "security group": "a group that is open to the internet",
    }
    has = " and ".join(text for kind, text in words.items() if any(h.kind == kind for h in hops))
    verb = "has" if truth else "may have"
    parent = (
        "the parent of a Nitro Enclave" if enabled.truth else "perhaps a Nitro Enclave's parent"
    )
    return f"{workload.resource.address}, {parent}, {verb} {has}{proxies}"


def _facts(
    graph: Graph, enis: list[Eni], open_groups: dict[Resource, list[Exposure]]
) -> Iterator[Hop]:
    for eni in enis:
        for family in Family:
            if family is Family.IPV6 and not uses_ipv6(graph, eni):
                continue
            yield public_address(graph, eni, family)
            gate = gate_of(graph, eni.site.subnet, family)
            routed = enough(gate.routes.addresses, gate, INTERNET)
            yield from (
                hop
                for hop in judged(gate.routes.hops, routed)
                if hop.kind == "route" or hop.verdict is None
            )
        for carried in eni.groups:
            for exposure in open_groups.get(carried.group, ()) if carried.group else ():
                place = exposure.places[0]
                ports = " and ".join(describe_ports(p, own) for p, own in exposure.ports.items())
                sure = not exposure.causes and carried.certain
                verb = "admits" if sure else "may admit"
                fact = f"{exposure.rule.resource.address} {verb} {ports} from the internet"
                resource = exposure.rule.resource
                verdict = True if sure else None
                yield Hop(
                    "security group",
                    resource,
                    place.span,
                    fact,
                    verdict=verdict,
                    causes=exposure.causes,
                )


def _proxies(enis: list[Eni], open_groups: dict[Resource, list[Exposure]], vsock: PortSet) -> str:
    """The ports of proxies to enclaves that are open, in words."""
    ports = PortSet(())
    for eni in enis:
        for carried in eni.groups:
            for exposure in open_groups.get(carried.group, ()) if carried.group else ():
                opened = exposure.ports.get(TCP, exposure.ports.get(ALL, PortSet(())))
                if not exposure.causes:
                    ports |= opened & vsock
    return f"; a vsock proxy may listen on {describe_ports(TCP, ports)}" if ports else ""
