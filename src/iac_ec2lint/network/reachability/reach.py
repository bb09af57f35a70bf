"""Who can reach what: the verdict on each workload and load balancer, port by port.

The verdict is Kleene's OR over interfaces, subnets, families and ways in (semantics.md, C1 and C2).
Not modelled: firewalls on hosts, whether anything listens, service control policies, DNS, the
health of targets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.internet_paths import INTERNET, ClientQuery, InternetAdmission
from iac_ec2lint.network.entry.public_interfaces import (
    admissions_through_services,
    direct_ways,
    internet_admissions,
)
from iac_ec2lint.network.hosts.balancers import Balancer
from iac_ec2lint.network.hosts.targets import AUTHENTICATION
from iac_ec2lint.network.hosts.workloads import Workload
from iac_ec2lint.network.load_balancers.chained import balancer_ways
from iac_ec2lint.network.load_balancers.elsewhere import elsewhere_ways, ports_elsewhere
from iac_ec2lint.network.load_balancers.of_beanstalk import beanstalk_ways, ports_of_beanstalk
from iac_ec2lint.network.load_balancers.to_workloads import balanced_ways, target_ports
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.ports import ALL, ICMP, ICMPV6, TOP_PORT, PortSet
from iac_ec2lint.network.sets.traffic import Band, alike_ports
from iac_ec2lint.network.verdicts.evidence import Hop, causes_of, never_together
from iac_ec2lint.network.verdicts.ways import (
    RANK,
    Explanation,
    Truth,
    Way,
    disjunction,
    of_families,
)
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Confidence, Step, Unknown

Words = Literal["reachable", "unreachable", "undecided"]
_WORDS: dict[Truth, Words] = {True: "reachable", False: "unreachable", None: "undecided"}


class Reach(NamedTuple):
    """Whether clients reach one workload on one port, or on ports that are alike.

    Attributes:
        resource: The workload or load balancer.
        protocol: The protocol's number, or ``ALL``.
        ports: The ports; of ICMP types and codes (type * 256 + code).
        truth: Whether they do; ``None``: undecided.
        families: The families in which they do, or may.
        via: ``direct``, or the address of the load balancer that they come through; ``internet``
            for a way from inside that leaves by the internet.
        confidence: What it rests on.
        evidence: The hops that hold, in order.
        unsettled: The undecided hops, where the verdict is undecided.
        blocked_by: All that blocks, where they do not.
        missing: What would decide it, where it is undecided.
        assumptions: What it rests on that another deployment may change.
        clients: The clients that are certainly admitted, where that is not the internet.
        authenticated: The load balancers through which whoever signs in gets in, where others
            do not.
    """

    resource: Resource
    protocol: int
    ports: PortSet
    truth: Truth
    families: tuple[Family, ...]
    via: str
    confidence: Confidence
    evidence: tuple[Hop, ...] = ()
    blocked_by: tuple[Hop, ...] = ()
    missing: tuple[Unknown, ...] = ()
    assumptions: tuple[Step, ...] = ()
    clients: tuple[AddressSet, ...] = ()
    unsettled: tuple[Hop, ...] = ()
    authenticated: tuple[str, ...] = ()

    @property
    def verdict(self) -> Words:
        """The verdict in a word."""
        return _WORDS[self.truth]


def reach(
    graph: Graph,
    workload: Workload,
    port: tuple[int, int],
    query: ClientQuery = INTERNET,
) -> Reach:
    """Whether clients reach a workload on one port, by whatever way.

    Args:
        graph: The graph.
        workload: The workload.
        port: The protocol and the port; of ICMP type * 256 + code.
        query: The clients in question.
    """
    return verdict(workload.resource, port, list(ways_to(graph, workload, port, query)))


def ways_to(
    graph: Graph, workload: Workload, port: tuple[int, int], query: ClientQuery
) -> Iterator[Way]:
    """All ways to a workload on one port."""
    yield from direct_ways(graph, workload, port, query)
    yield from balanced_ways(graph, workload, port, query)
    yield from elsewhere_ways(graph, workload, port)
    yield from beanstalk_ways(graph, workload, port)


def verdict(resource: Resource, port: tuple[int, int], ways: Sequence[Way]) -> Reach:
    """The verdict on a resource and port, from all ways to it.

    Args:
        resource: The workload or load balancer.
        port: The protocol and the port.
        ways: All ways to it.
    """
    truths = [way.truth for way in ways]
    protocol, number = port
    ports = PortSet(((number, number),))
    truth = disjunction(truths)
    if truth is False:
        return _closed(resource, protocol, ports, ways)
    chosen = [way for way, own in zip(ways, truths, strict=True) if own is truth]
    explained = [(way, way.explain()) for way in _best(chosen, truth)]
    if truth is None:
        never = [never_together(how.hops) for _, how in explained]
        explained = [one for one, hop in zip(explained, never, strict=True) if hop is None]
        if not explained:
            closed = _closed(resource, protocol, ports, ways)
            blocked = _once([*(hop for hop in never if hop is not None), *closed.blocked_by])
            return closed._replace(blocked_by=blocked)
    first, how = min(explained, key=lambda each: RANK[each[1].confidence])
    together = [each for each in explained if each[0].via == first.via]
    shown = [one for _, one in together] if truth else _of_families(together, how)
    hops = _once(hop for one in shown for hop in one.evidence)
    unsettled = () if truth else _once(h for one in shown for h in one.hops if h.verdict is None)
    return Reach(
        resource,
        protocol,
        ports,
        truth,
        _families(way for way in chosen if way.via == first.via),
        first.via,
        how.confidence,
        evidence=hops,
        missing=causes_of(unsettled),
        assumptions=how.assumptions if truth else (),
        unsettled=unsettled,
    )


def _best(ways: Sequence[Way], truth: Truth) -> Iterator[Way]:
    """The ways that are worth explaining: of one entry and family the first."""
    seen: set[tuple[str, Family]] = set()
    for way in ways:
        if truth is None or (way.via, way.family) not in seen:
            seen.add((way.via, way.family))
            yield way


def _of_families(
    undecided: Iterable[tuple[Way, Explanation]], firmest: Explanation
) -> list[Explanation]:
    """One undecided explanation for each family: the firmest of all, and that of the other family.

    Ways that depend only on a condition are not reported together with other undecided ways.
    """
    found = {way.family: one for way, one in undecided if one is firmest}
    for way, one in sorted(undecided, key=lambda each: RANK[each[1].confidence]):
        if (one.confidence is Confidence.CONDITIONAL) is (
            firmest.confidence is Confidence.CONDITIONAL
        ):
            found.setdefault(way.family, one)
    return list(found.values())


def _closed(resource: Resource, protocol: int, ports: PortSet, ways: Sequence[Way]) -> Reach:
    used = [way for way in ways if not way.is_family_unused] or list(ways)
    used = [way for way in used if not way.is_secondary] or used
    told = [(way, way.explain()) for way in ways]
    # A way that is closed by what is assumed alone leaves nothing proven, even an unused one.
    answers = [(way, one) for way, one in told if way in used or _rests(one)]
    explained = [one for _, one in answers]
    confidence: Confidence = Confidence.PROVEN
    if resource.presence.assumptions or any(map(_rests, explained)):
        confidence = Confidence.ASSUMED
    clients = [way.clients.lower for way, one in answers if _passes(one)]
    joined = (
        AddressSet.union(family, (c for c in clients if c.family is family)) for family in Family
    )
    return Reach(
        resource,
        protocol,
        ports,
        False,
        _families(used),
        used[0].via if used else "direct",
        confidence,
        blocked_by=_once(hop for one in explained for hop in one.blockers),
        clients=tuple(addresses for addresses in joined if addresses),
        authenticated=tuple(
            dict.fromkeys(way.via for way, one in answers if _is_open_to_users(one))
        ),
    )


def _passes(explained: Explanation) -> bool:
    """Whether a way is closed by nothing but who may come."""
    return all(
        hop.verdict is True or hop.kind in {"security group", "network ACL", "route", "clients"}
        for hop in explained.hops
    )


def _is_open_to_users(explained: Explanation) -> bool:
    """Whether a way is closed by nothing but that clients must sign in."""
    return all(hop.verdict is True or hop.kind == AUTHENTICATION for hop in explained.hops)


def _rests(explained: Explanation) -> bool:
    """Whether all that blocks a way rests on what another deployment may change."""
    return all(hop.assumptions for hop in explained.blockers)


def _families(ways: Iterable[Way]) -> tuple[Family, ...]:
    found = {way.family for way in ways}
    return tuple(family for family in Family if family in found)


def _once(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """Hops, each once."""
    found: dict[tuple[object, ...], Hop] = {}
    for hop in hops:
        found.setdefault((hop.resource.address, hop.span.key, hop.fact), hop)
    return tuple(found.values())


def open_ports(
    graph: Graph, workload: Workload, query: ClientQuery = INTERNET
) -> tuple[Reach, ...]:
    """The ports on which clients reach a workload, or may: ranges that are alike in one answer.

    Where there are none, one answer that says what blocks all ports. Last come the ports that are
    open to who signs in.
    """
    found: list[Reach] = []
    to_users: list[Reach] = []
    for protocol, edges in port_ranges(graph, workload).items():
        row: Reach | None = None
        for lo, hi in edges:
            answer = reach(graph, workload, (protocol, lo), query)
            answer = answer._replace(ports=PortSet(((lo, hi),)))
            if answer.truth is False:
                to_users += [answer] if answer.authenticated else []
                continue
            if row is not None and _alike(row, answer):
                row = found[-1] = row._replace(ports=row.ports | answer.ports)
            else:
                found.append(answer)
                row = answer
    if found:
        return (*found, *to_users)
    return (closed_reach(graph, workload, query), *to_users)


def closed_reach(graph: Graph, workload: Workload, query: ClientQuery = INTERNET) -> Reach:
    """What blocks all ports of a workload that no port is open of, in one answer.

    Where its groups let these clients in on some port, that one is asked about: what else blocks it
    is what counts.
    """
    answer = reach(graph, workload, _let_in(graph, workload, query), query)
    return answer._replace(protocol=ALL, ports=PortSet(((0, TOP_PORT),)))


def _let_in(graph: Graph, workload: Workload, query: ClientQuery) -> tuple[int, int]:
    """A port that the groups of a workload let clients in on, or all protocols."""
    for eni in workload.enis:
        for internet_admission in internet_admissions(graph, eni):
            public = internet_admission.path.public
            wanted = query.clients(public)
            admitted = internet_admission.admission.traffic(internet_admission.path.family).lower
            for protocol in admitted.protocols:
                for band in admitted.bands(protocol):
                    if query.enough(band.sources & wanted, public):
                        return protocol, band.lo
    return ALL, 0


def port_ranges(graph: Graph, workload: Workload) -> dict[int, list[tuple[int, int]]]:
    """The port ranges of each protocol within which nothing changes and something may be open.

    Computed once for all workloads that the same gates and groups let something through to.
    """
    every = tuple(
        internet_admission
        for eni in workload.enis
        for internet_admission in internet_admissions(graph, eni)
    )
    through = [*admissions_through_services(graph, workload)]
    every = (*every, *(one for _, _, one in through))
    led = dict.fromkeys(one.leads_on for one, *_ in through if one.leads_on is not None)
    targets = (
        *((protocol, lo, hi) for protocol, ports in led for lo, hi in ports.ranges),
        *target_ports(graph, workload),
        *ports_elsewhere(graph, workload),
        *ports_of_beanstalk(workload),
    )
    return _port_ranges(graph, every, targets)


@remembered
def _port_ranges(
    _graph: Graph,
    every: tuple[InternetAdmission, ...],
    targets: tuple[tuple[int, int, int], ...],
) -> dict[int, list[tuple[int, int]]]:
    marks: dict[int, list[Band]] = {}
    protocols = {p for internet_admission in every for p in internet_admission.protocols()}
    # A protocol that a load balancer uses has rows of its own, which include those of ``ALL``.
    protocols.update(protocol for protocol, *_ in targets)
    for protocol in sorted(protocols):
        for internet_admission in every:
            for bands in internet_admission.bands(protocol):
                marks.setdefault(protocol, []).extend(bands)
    for protocol, lo, hi in targets:
        marks.setdefault(protocol, []).append(Band(lo, hi, AddressSet.nothing(Family.IPV4)))
    return {protocol: alike_ports(bands) for protocol, bands in sorted(marks.items())}


def _alike(row: Reach, answer: Reach) -> bool:
    """Whether two answers differ in their ports alone."""
    return row._replace(ports=answer.ports) == answer


def icmp_answers(
    graph: Graph, workload: Workload, protocol: int, kind: int, query: ClientQuery
) -> Reach:
    """Whether clients reach a workload with some ICMP message of one type, whatever its code."""
    numbers = dict.fromkeys([kind * 256])
    span = PortSet(((kind * 256, kind * 256 + 255),))
    for eni in workload.enis:
        for internet_admission in internet_admissions(graph, eni):
            for bands in internet_admission.bands(protocol):
                for band in bands:
                    inside = span & PortSet(((band.lo, band.hi),))
                    numbers.update(dict.fromkeys(lo for lo, _ in inside.ranges))
    answers = [reach(graph, workload, (protocol, number), query) for number in numbers]
    for truth in (True, None):
        for answer in answers:
            if answer.truth is truth:
                return answer._replace(ports=span)
    return answers[0]._replace(ports=span)


def reach_port(
    graph: Graph, workload: Workload, port: tuple[int, int], query: ClientQuery
) -> Reach:
    """The answer for a port as a person asks for it: of ICMP the port is a type."""
    protocol, number = port
    if protocol in (ICMP, ICMPV6):
        return icmp_answers(graph, workload, protocol, number, query)
    return reach(graph, workload, port, query)


def reach_balancer(
    graph: Graph,
    balancer: Balancer,
    port: tuple[int, int],
    query: ClientQuery = INTERNET,
    families: Collection[Family] = tuple(Family),
) -> Reach:
    """Whether clients reach a load balancer on one port, of ICMP a type, which none answers."""
    if port[0] in (ICMP, ICMPV6):
        port = (port[0], port[1] * 256)
    ways = of_families(balancer_ways(graph, balancer, port, query), families)
    return verdict(balancer.resource, port, ways)
