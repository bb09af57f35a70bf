"""Ways to the targets of load balancers that go around these: PATH006.

A load balancer guards nothing that clients can reach without it: its firewall, its certificates and
its logs are for those who come through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iac_ec2lint.attack.entries import describe, entry_of, reached
from iac_ec2lint.attack.open_ports import join_words
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.entry.group_hops import port_words, rule_words
from iac_ec2lint.network.entry.internet_paths import gate_of
from iac_ec2lint.network.entry.listeners import Aimed, aimed_at
from iac_ec2lint.network.entry.public_interfaces import admission_of
from iac_ec2lint.network.filters.admission import GroupRule
from iac_ec2lint.network.filters.group_rules import RuleSource
from iac_ec2lint.network.hosts.balancers import preserves_client
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.load_balancers.to_workloads import target_port
from iac_ec2lint.network.reachability.entrances import entrances_of
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, TCP, UDP, PortSet
from iac_ec2lint.network.vpc.subnets import vpc_addresses, vpc_of
from iac_ec2lint.resources.part import Place
from iac_ec2lint.values import Answer, Confidence, Unknown

_IPV4 = Family.IPV4


def bypasses(graph: Graph, base: Severity) -> Iterator[Verdict]:
    """The ways around load balancers to their targets: from the internet, or from inside the VPC.

    Args:
        graph: The graph.
        base: The severity where all is certain.
    """
    for workload in workloads(graph):
        aims = aimed_at(graph, workload)
        if not aims:
            continue
        direct = list(_direct(graph, workload, aims, base))
        yield from direct
        if not any(not verdict.undecided for verdict in direct):
            yield from _inside(graph, workload, aims, base)


def _direct(
    graph: Graph, workload: Workload, aims: Sequence[Aimed], base: Severity
) -> Iterator[Verdict]:
    fronts = join_words(list(dict.fromkeys(aim.balancer.resource.address for aim in aims)))
    for entrance in entrances_of(graph, workload):
        if entrance.balancer is not None:
            continue
        entry = entry_of(graph, entrance, _any_port)
        if entry is not None:
            what = f"{describe(entry.ports)} of {workload.resource.address} around {fronts}"
            hops = tuple(
                Evidence(aim.target.hop.span, aim.target.hop.fact, aim.target.hop.resource.address)
                for aim in aims
            )
            yield reached(graph, entry, base, what, further=tuple(dict.fromkeys(hops)))


def _any_port(protocol: int, ports: PortSet) -> PortSet:
    return ports if protocol in (TCP, UDP) else NO_PORTS


def _inside(
    graph: Graph, workload: Workload, aims: Sequence[Aimed], base: Severity
) -> Iterator[Verdict]:
    """The rules that open a target's port to all of the VPC, or to the internet."""
    seen: set[tuple[tuple[str, int, int], str]] = set()
    for aim in aims:
        hidden = ~preserves_client(aim.balancer, aim.target.group)
        if hidden.truth is False:
            continue  # where targets see clients' addresses their groups must let these in
        subnet = aim.eni.site.subnet
        vpc = vpc_of(graph, subnet)
        own = AddressSet.nothing(_IPV4) if vpc is None else vpc_addresses(graph, vpc, _IPV4).lower
        private = not gate_of(graph, subnet, _IPV4).routes.addresses.upper
        for port in _ports(graph, aim):
            for rule, source in _wide(graph, aim, port, own):
                key = (source.place.span.key, rule.read.resource.address)
                if key not in seen:
                    seen.add(key)
                    severity = Severity.MEDIUM if private else base
                    yield _open_inside(workload, aim, port, rule, source, own, severity, hidden)


def _ports(graph: Graph, aim: Aimed) -> Iterator[tuple[int, int]]:
    """The port of the target; of an unknown one those that its groups may let anybody in on."""
    number = target_port(aim)
    for protocol in aim.listener.protocols:
        if number is not None:
            yield protocol, number
            continue
        for rule in admission_of(graph, aim.eni).rules:
            upper = rule.read.upper
            yield from (
                (protocol, lo) for lo, _ in upper.get(protocol, upper.get(ALL, NO_PORTS)).ranges
            )


def _open_inside(
    workload: Workload,
    aim: Aimed,
    port: tuple[int, int],
    rule: GroupRule,
    source: RuleSource,
    own: AddressSet,
    severity: Severity,
    hidden: Answer,
) -> Verdict:
    read, hop, front = rule.read, aim.target.hop, aim.balancer.resource.address
    unknown = aim.target.port if isinstance(aim.target.port, Unknown) else None
    sure = rule.firm and _is_wide(source.lower, own) and unknown is None and hidden.truth is True
    verb = "is" if sure else "may be"
    place = source.place
    if not read.resource.declared.extent.contains(place.span):
        # What is too wide is the rule, not the block that it borrows from elsewhere.
        place = Place(read.rule.span, place.attribute, None, place.presence)
    said = rule_words(rule, source, port[0], "admits" if sure else "may admit")
    mend = f"to break it: admit the security group of {front} in place of addresses"
    what = "the target port" if unknown is not None else port_words(port)
    causes = () if sure else (*_causes(rule, source, unknown), *hidden.causes)
    return Verdict(
        subject=workload.resource,
        resource=read.resource,
        at=place,
        message=f"{what} of {workload.resource.address} {verb} open around {front},"
        f" to {_whom(source, own)}",
        causes=causes,
        undecided=not sure,
        evidence=(
            Evidence(hop.span, hop.fact, hop.resource.address),
            Evidence(place.span, said, read.resource.address),
            Evidence(place.span, mend, read.resource.address),
        ),
        severity=severity,
        confidence=None if sure else Confidence.POSSIBLE,
        value=f"{front} {port_words(port)}",
        in_full=True,
    )


def _wide(
    graph: Graph, aim: Aimed, port: tuple[int, int], own: AddressSet
) -> Iterator[tuple[GroupRule, RuleSource]]:
    admitted = admission_of(graph, aim.eni)
    everyone = AddressSet.everything(_IPV4)
    for rule, source in admitted.deciding(*port, everyone, firm=False):
        if _is_wide(source.lower, own) or (source.causes and _is_wide(source.upper, own)):
            yield rule, source


def _is_wide(sets: tuple[AddressSet, ...], own: AddressSet) -> bool:
    """Whether addresses are those of a whole VPC, or of the internet."""
    addresses = AddressSet.union(_IPV4, (a for a in sets if a.family is _IPV4))
    if own and addresses.covers(own):
        return True
    return openness(addresses) in {Openness.WORLD, Openness.BROAD}


def _causes(rule: GroupRule, source: RuleSource, port: Unknown | None) -> tuple[Unknown, ...]:
    own = tuple(cause for cause in (rule.cause, port) if cause is not None)
    return tuple(dict.fromkeys((*rule.read.causes, *own, *source.causes)))


def _whom(source: RuleSource, own: AddressSet) -> str:
    addresses = AddressSet.union(_IPV4, (a for a in source.lower if a.family is _IPV4))
    if openness(addresses) in {Openness.WORLD, Openness.BROAD}:
        return "any address"
    return "all of the VPC" if own and addresses.covers(own) else "wide ranges"
