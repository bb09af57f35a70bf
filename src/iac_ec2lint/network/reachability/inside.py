"""Whether something inside reaches something else: the verdict, port by port or range by range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.filters.network_acl import filter_edges
from iac_ec2lint.network.hosts.balancers import Balancer
from iac_ec2lint.network.hosts.workloads import Workload
from iac_ec2lint.network.inside.lateral import FlowEnd, lateral_ports, workload_ends
from iac_ec2lint.network.inside.outbound import Sender, outbound_subnets
from iac_ec2lint.network.reachability.between import ways_between
from iac_ec2lint.network.reachability.reach import Reach, port_ranges, verdict
from iac_ec2lint.network.sets.ports import ALL, ICMP, ICMPV6, TOP_PORT, PortSet

_Ranges = dict[int, list[tuple[int, int]]]
"""Port ranges by protocol."""


def inside(
    graph: Graph, senders: Sequence[Sender], target: Workload | Balancer, port: tuple[int, int]
) -> Reach:
    """Whether something inside reaches something else on one port, of ICMP a type.

    Args:
        graph: The graph.
        senders: The interfaces where it begins.
        target: What is to be reached.
        port: The protocol and the port.
    """
    if port[0] in (ICMP, ICMPV6):
        port = (port[0], port[1] * 256)
    return verdict(target.resource, port, list(ways_between(graph, senders, target, port)))


def open_inside(graph: Graph, senders: Sequence[Sender], target: Workload) -> tuple[Reach, ...]:
    """The port ranges on which something inside reaches a workload, or may; see ``inside``.

    Where there are none, one answer that says what blocks all ports: that of the port which the
    least blocks.
    """
    found: list[Reach] = []
    closed: list[Reach] = []
    general: list[Reach] = []
    for protocol, ranges in alike_ranges(graph, senders, target).items():
        rows: list[Reach] = []
        for lo, hi in ranges:
            ways = list(ways_between(graph, senders, target, (protocol, lo)))
            answer = verdict(target.resource, (protocol, lo), ways)
            answer = answer._replace(ports=PortSet(((lo, hi),)))
            if answer.truth is False:
                closed.append(answer)
            elif rows and _rests_on(rows[-1]) == _rests_on(answer):
                rows[-1] = rows[-1]._replace(ports=rows[-1].ports | answer.ports)
            else:
                rows.append(answer)
        if protocol == ALL:
            general = rows
        # What is open to all protocols alike is one row.
        found += [row for row in rows if protocol == ALL or not _is_among(row, general)]
    if found:
        return tuple(found)
    if not closed:
        ways = list(ways_between(graph, senders, target, (ALL, 0)))
        closed = [verdict(target.resource, (ALL, 0), ways)]
    firmest = min(closed, key=lambda answer: len(answer.blocked_by))
    return (firmest._replace(protocol=ALL, ports=PortSet(((0, TOP_PORT),))),)


def _rests_on(answer: Reach) -> tuple[object, ...]:
    """What an answer rests on; the words of its hops name a port, which is left out."""
    hops = tuple(
        (hop.kind, hop.resource.address, hop.span.key, hop.verdict)
        for hop in (*answer.evidence, *answer.unsettled)
    )
    return answer.truth, answer.via, answer.families, answer.confidence, answer.missing, hops


def _is_among(row: Reach, general: Sequence[Reach]) -> bool:
    return any(_rests_on(row) == _rests_on(one) and not row.ports - one.ports for one in general)


def alike_ranges(graph: Graph, senders: Sequence[Sender], target: Workload) -> _Ranges:
    """The port ranges of each protocol that may be open to senders, by whatever way.

    Within a range nothing changes: it is cut where a rule of either end, or of a network ACL on the
    way, begins or ends.
    """
    ends = [sender.end for sender in senders]
    targets = workload_ends(graph, target)
    cuts = _cuts(graph, senders, targets)
    found: _Ranges = defaultdict(list)
    for protocol, ranges in lateral_ports(ends, targets, cuts).items():
        found[protocol] += ranges
    for protocol, ranges in port_ranges(graph, target).items():
        found[protocol] += ranges
    everywhere = found.get(ALL, [])
    for protocol in cuts:
        found[protocol] += everywhere
    return {
        protocol: list(
            _cut(PortSet.of(found[protocol]), {*cuts.get(ALL, ()), *cuts.get(protocol, ())})
        )
        for protocol in sorted(found)
        if found[protocol]
    }


def _cut(ports: PortSet, edges: set[int]) -> Iterator[tuple[int, int]]:
    """Ports in ranges that begin anew at each edge."""
    at = sorted(edges)
    for lo, hi in ports.ranges:
        first = lo
        for edge in at:
            if first < edge <= hi:
                yield first, edge - 1
                first = edge
        yield first, hi


def _cuts(
    graph: Graph, senders: Sequence[Sender], targets: Sequence[FlowEnd]
) -> Mapping[int, set[int]]:
    """The ports of each protocol at which what is let through may change."""
    found: dict[int, set[int]] = defaultdict(set)
    rules = [rule for sender in senders for rule in sender.end.egress.rules]
    rules += [rule for end in targets for rule in end.ingress.rules]
    for rule in rules:
        for protocol, ports in (*rule.read.upper.items(), *rule.read.lower.items()):
            found[protocol].update(edge for lo, hi in ports.ranges for edge in (lo, hi + 1))
    subnets = {end.placement.subnet for end in targets}
    for sender in senders:
        subnets |= {sender.end.placement.subnet, *outbound_subnets(graph, sender)}
    for subnet in subnets:
        for protocol, edge in filter_edges(graph, subnet):
            found[protocol].add(edge)
    return found
