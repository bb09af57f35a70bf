"""The consequence of an open rule: whether the internet reaches anything that has its group.

Source: semantics.md, C4. A rule may be open and reach nothing: no public address, no route, a
network ACL in between. Then it is wider than used, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.data_stores import (
    DataStore,
    data_store_ways,
    data_stores,
    without_placement_doubt,
)
from iac_ec2lint.network.entry.listeners import listened
from iac_ec2lint.network.filters.exposure import is_attached
from iac_ec2lint.network.filters.group_rules import is_default_group
from iac_ec2lint.network.hosts.balancers import Balancer, balancers
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.reachability.exposed_ports import explained, exposed_ports_of, switch_of
from iac_ec2lint.network.reachability.reach import Reach, reach, reach_balancer, verdict
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, TCP, PortSet
from iac_ec2lint.network.verdicts.evidence import Hop, assumptions_of
from iac_ec2lint.network.verdicts.ways import RANK, Truth
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.security_group import SecurityGroupRule
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Confidence, Step

_EXPLAINED = 8
"""How many carriers are asked why they may be, or cannot be, reached; the others are alike."""


class Consequence(NamedTuple):
    """The consequence of an open rule.

    Attributes:
        truth: Whether the internet reaches something through it; ``None``: it may.
        confidence: The confidence of that.
        blockers: What blocks all that has the group, where nothing is reached.
        switch: The condition that it depends on, where it is ``conditional``.
        assumptions: What it rests on, where it is not certain.
    """

    truth: Truth
    confidence: Confidence
    blockers: tuple[Hop, ...] = ()
    switch: Presence = CERTAIN
    assumptions: tuple[Step, ...] = ()


class _Holders:
    """What has a group."""

    __slots__ = ("balancers", "known", "stores", "workloads")

    def __init__(self) -> None:
        self.workloads: dict[str, Workload] = {}
        self.balancers: list[Balancer] = []
        self.stores: list[DataStore] = []
        self.known: set[tuple[str, int, int]] = set()
        """The places that give them the group."""


def consequence(graph: Graph, group: Resource, ports: Mapping[int, PortSet]) -> Consequence:
    """The consequence of opening some ports of a group to the internet.

    Args:
        graph: The graph.
        group: The group.
        ports: The ports by protocol.
    """
    attached = is_attached(graph, group)
    if not attached and not is_default_group(group).may_be_true:
        return _taken(group, "something has the group that is not declared here")
    own = _holders(graph).get(group)
    if own is None:
        return _taken(group, "the internet reaches what has the group, of which nothing is known")
    open_: list[Reach] = []
    doubtful: list[Reach] = []
    blockers: list[Hop] = []
    for answer in _answers(graph, own, ports):
        if answer.truth is True:
            open_.append(answer)
            if answer.confidence is Confidence.PROVEN:
                break
        elif answer.truth is None:
            doubtful.append(answer)
        else:
            blockers += answer.blocked_by
    if open_:
        firmest = min(open_, key=_rank)
        return Consequence(True, firmest.confidence, assumptions=firmest.assumptions)
    if doubtful:
        firmest = min(doubtful, key=_rank)
        switch = switch_of(firmest) if firmest.confidence is Confidence.CONDITIONAL else CERTAIN
        return Consequence(None, firmest.confidence, (), switch, _in_spite_of(firmest))
    if any(span.key not in own.known for span in _placed(graph, group)):
        return _taken(group, "the internet reaches what else has the group")
    rests = bool(blockers) and all(hop.assumptions for hop in blockers)
    return Consequence(
        False,
        Confidence.ASSUMED if rests else Confidence.PROVEN,
        tuple(dict.fromkeys(blockers)),
        assumptions=assumptions_of(blockers) if rests else (),
    )


def _taken(group: Resource, words: str) -> Consequence:
    """What comes of it if something holds that nobody can tell from here."""
    step = Step(group.span, words, assumed=True)
    return Consequence(None, Confidence.POSSIBLE, assumptions=(step,))


def _in_spite_of(answer: Reach) -> tuple[Step, ...]:
    """What is taken to hold though it is not known."""
    words = "the internet reaches what has the group, though"
    return tuple(
        Step(cause.span, f"{words} {cause.reason}", assumed=True)
        for cause in dict.fromkeys(answer.missing)
    )


def _answers(graph: Graph, own: _Holders, ports: Mapping[int, PortSet]) -> Iterator[Reach]:
    refused: list[Workload] = []
    doubtful = 0
    for workload in own.workloads.values():
        firmest: Reach | None = None
        for exposed in exposed_ports_of(graph, workload):
            for protocol, wanted in ports.items():
                rows = exposed.rows if protocol == ALL else exposed.on(protocol)
                hits = [row for row in rows if row.ports.overlaps(wanted)]
                for row in hits:
                    if row.truth is None and doubtful >= _EXPLAINED:
                        continue
                    doubtful += row.truth is None
                    port = (row.ports & wanted).ranges[0][0]
                    named = row.protocol if protocol == ALL else protocol
                    answer = explained(graph, exposed, (named, port))
                    if firmest is None or _rank(answer) < _rank(firmest):
                        firmest = answer
                    if firmest.truth is True:
                        break
        if firmest is not None:
            yield firmest
        else:
            refused.append(workload)
    for workload in refused[:_EXPLAINED]:
        yield reach(graph, workload, _first(ports))
    yield from _of_balancers(graph, own.balancers, ports)
    for store in own.stores:
        for number in store.ports:
            if ports.get(TCP, ports.get(ALL, NO_PORTS)).contains(number):
                ways = without_placement_doubt([*data_store_ways(graph, store, number)])
                yield verdict(store.resource, (TCP, number), ways)


def _of_balancers(
    graph: Graph, own: Iterable[Balancer], ports: Mapping[int, PortSet]
) -> Iterator[Reach]:
    for balancer in own:
        heard = [
            (protocol, shared.ranges[0][0])
            for protocol, own in listened(graph, balancer)
            if (shared := own & ports.get(protocol, ports.get(ALL, NO_PORTS)))
        ]
        for port in heard or (_first(ports),):
            yield reach_balancer(graph, balancer, port)


def _first(ports: Mapping[int, PortSet]) -> tuple[int, int]:
    return next((p, own.ranges[0][0]) for p, own in ports.items() if own)


def _rank(answer: Reach) -> tuple[bool, int]:
    return answer.truth is not True, RANK[answer.confidence]


@remembered
def _holders(graph: Graph) -> dict[Resource, _Holders]:
    return _all_holders(graph)


def _all_holders(graph: Graph) -> dict[Resource, _Holders]:
    every: dict[Resource, _Holders] = {}
    for workload in workloads(graph):
        for eni in workload.enis:
            for attached in eni.groups:
                if attached.group is not None:
                    own = every.setdefault(attached.group, _Holders())
                    own.workloads[workload.resource.address] = workload
                    if attached.value is not None:
                        own.known.add(attached.value.span.key)
    for balancer in balancers(graph):
        for edge in graph.targets(balancer.resource, "security_groups"):
            if edge.target is not None:
                own = every.setdefault(edge.target, _Holders())
                own.balancers.append(balancer)
                own.known.add(edge.value.span.key)
    for store in data_stores(graph):
        for attached in store.groups:
            if attached.group is not None:
                own = every.setdefault(attached.group, _Holders())
                own.stores.append(store)
                if attached.value is not None:
                    own.known.add(attached.value.span.key)
    return every


def _placed(graph: Graph, group: Resource) -> Iterator[Span]:
    """The places that give the group to anything."""
    for edge in graph.sources(group):
        if not isinstance(edge.part, SecurityGroupRule) and edge.relation not in {
            "security_group",
            "prefix_list",
        }:
            yield edge.value.span
