"""The consequence of an open rule: whether the internet reaches anything that has its group.

Source: semantics.md, C4. A rule may be open and reach nothing: no public address, no route, a
network ACL in between. Then it is wider than used, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import NamedTuple

from iac_ec2lint.declaration import AWS_ALONE, CERTAIN, Presence
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.container_tasks import private_tasks, public_tasks, task_ways
from iac_ec2lint.network.entry.data_stores import (
    DataStore,
    data_store_ways,
    data_stores,
    without_placement_doubt,
)
from iac_ec2lint.network.entry.internet_paths import INTERNET
from iac_ec2lint.network.entry.listeners import listened
from iac_ec2lint.network.filters.exposure import attachments, is_attached
from iac_ec2lint.network.filters.group_rules import is_default_group
from iac_ec2lint.network.hosts.balancers import Balancer, balancers
from iac_ec2lint.network.hosts.workloads import Workload, carrying, workloads
from iac_ec2lint.network.load_balancers.http import NO_HTTP, HttpPorts, speaks_http
from iac_ec2lint.network.load_balancers.to_workloads import http_ports
from iac_ec2lint.network.reachability.exposed_ports import explained_of, exposed_ports_of, switch_of
from iac_ec2lint.network.reachability.reach import Reach, reach_balancer, verdict, ways_to
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.port_classes import never_http
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, TCP, PortSet
from iac_ec2lint.network.verdicts.evidence import Hop, assumptions_of
from iac_ec2lint.network.verdicts.ways import DIRECT, RANK, Truth, Way, of_families
from iac_ec2lint.resources.instance_connect_endpoint import InstanceConnectEndpoint
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.mount_target import MountTarget
from iac_ec2lint.resources.notebook_instance import NotebookInstance
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.registry import types
from iac_ec2lint.resources.resolver_endpoint import ResolverEndpoint
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint, VpcEndpointGroup
from iac_ec2lint.values import Confidence, Step

_UNREACHED = (
    InstanceConnectEndpoint,
    LambdaFunction,
    MountTarget,
    NotebookInstance,
    ResolverEndpoint,
    VpcEndpoint,
)
_ONLY_NAMING = frozenset(
    {
        "AWS::RAM::ResourceShare",
        "AWS::SSM::Parameter",
        "aws_ram_resource_association",
        "aws_ssm_parameter",
    }
)
"""Types of what names groups and has none."""
_KEY = re.compile(r"\[[^\]]*\]")
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

    __slots__ = ("balancers", "known", "private", "stores", "tasks", "unreached", "workloads")

    def __init__(self) -> None:
        self.workloads: list[tuple[Workload, bool]] = []
        """Each with the interfaces alone that have the group, and whether they certainly do."""
        self.balancers: list[Balancer] = []
        self.stores: list[DataStore] = []
        self.tasks: list[DataStore] = []
        """Those with public addresses: how else the internet gets to tasks is not known."""
        self.private: list[tuple[Edge, frozenset[Family]]] = []
        """Of tasks that the internet never reaches, each with the families of which that holds."""
        self.unreached: dict[Resource, None] = {}
        """What the internet never reaches, whatever its groups let in (semantics.md, B12)."""
        self.known: set[tuple[str, int, int]] = set()
        """The places that give them the group."""


def consequence(
    graph: Graph,
    group: Resource,
    ports: Mapping[int, PortSet],
    families: Collection[Family] = tuple(Family),
) -> Consequence:
    """The consequence of opening some ports of a group to the internet.

    Args:
        graph: The graph.
        group: The group.
        ports: The ports by protocol.
        families: The families of the addresses that the rule admits.
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
    private = [edge for edge, closed in own.private if closed.issuperset(families)]
    for answer in _answers(graph, own, ports, families):
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
    if _is_elsewhere(graph, group, own, private):
        return _taken(group, "the internet reaches what else has the group")
    blockers += (hop for edge in private for hop in _unreached(edge.source, ports).blocked_by)
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


def heard_ports(graph: Graph, group: Resource) -> dict[int, PortSet] | None:
    """The ports on which what carries a group listens, or may, by protocol.

    Only load balancers and managed data stores listen on ports that are written; ``None`` where
    anything else carries the group, or may.

    Args:
        graph: The graph.
        group: The group.
    """
    own = _holders(graph).get(group)
    if own is None or own.workloads or is_default_group(group).may_be_true:
        return None
    if _is_elsewhere(graph, group, own):
        return None
    heard: dict[int, PortSet] = {}
    for balancer in own.balancers:
        for protocol, ports in listened(graph, balancer):
            heard[protocol] = heard.get(protocol, NO_PORTS) | ports
    for store in own.stores:
        if store.gap is not None:
            return None
        ports = PortSet.of((number, number) for number in store.ports)
        heard[TCP] = heard.get(TCP, NO_PORTS) | ports
    return heard


def misnamed_ports(graph: Graph, group: Resource) -> HttpPorts:
    """The TCP ports of services that are no such services in a group, for HTTP is spoken there.

    Listeners of Application Load Balancers, and those of HTTP and HTTPS of Classic ones, listen on
    them, or forward to them: what answers on 445 is a web server, and no file server (semantics.md,
    B11).

    Args:
        graph: The graph.
        group: The group; of what is said to have it besides, or may have it, nothing is known.
    """
    own = _holders(graph).get(group)
    if own is None or own.stores or is_default_group(group).may_be_true:
        return NO_HTTP
    if _is_elsewhere(graph, group, own):
        return NO_HTTP
    spoken = [http_ports(graph, workload) for workload, _ in own.workloads]
    if own.balancers or not spoken:
        spoken.append(_listened(own.balancers))
    return reduce(and_, spoken).among(never_http())


def _listened(own: Iterable[Balancer]) -> HttpPorts:
    """The ports that load balancers listen on for HTTP alone."""
    return HttpPorts.of(
        (listener.port, speaks_http(balancer, listener), None)
        for balancer in own
        for listener in balancer.listeners
    )


def _is_elsewhere(
    graph: Graph, group: Resource, own: _Holders, besides: Iterable[Edge] = ()
) -> bool:
    """Whether something else has a group, or may have it, of which nothing is known."""
    if group.address in graph.escaped or _KEY.sub("", group.address) in _named_by_unread(graph):
        return True
    known = own.known.union(edge.value.span.key for edge in besides)
    return any(edge.value.span.key not in known for edge in attachments(graph, group))


@remembered
def _named_by_unread(graph: Graph) -> frozenset[str]:
    """What is named by resources of AWS that no class stands for: they may have a group.

    A WorkSpace or an image builder of AppStream has a public address, say.
    """
    return graph.unit.mentions(types() | _ONLY_NAMING | {AWS_ALONE}) or frozenset()


def _answers(
    graph: Graph, own: _Holders, ports: Mapping[int, PortSet], families: Collection[Family]
) -> Iterator[Reach]:
    refused: list[Workload] = []
    doubtful = 0
    admitted = frozenset(families)
    for workload, certain in own.workloads:
        firmest: Reach | None = None
        closed: Reach | None = None
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
                    answer = explained_of(graph, exposed, (named, port), admitted)
                    if answer.truth is False:
                        closed = answer
                    elif firmest is None or _rank(answer) < _rank(firmest):
                        firmest = answer
                    if answer.truth is True:
                        break
        if firmest is not None:
            yield firmest if certain else _perhaps(firmest)
        elif closed is not None:
            yield closed
        else:
            refused.append(workload)
    for workload in refused[:_EXPLAINED]:
        ways = list(ways_to(graph, workload, _first(ports), INTERNET))
        yield _told_of(families, workload.resource, _first(ports), ways)
    yield from _of_balancers(graph, own.balancers, ports, families)
    for resource in own.unreached:
        yield _unreached(resource, ports)
    for store in own.stores:
        for number in store.ports:
            if ports.get(TCP, ports.get(ALL, NO_PORTS)).contains(number):
                found = without_placement_doubt([*data_store_ways(graph, store, number)])
                yield _told_of(families, store.resource, (TCP, number), found)
    for tasks in own.tasks:
        open_ = without_placement_doubt([*task_ways(graph, tasks, _first(ports))])
        answer = verdict(tasks.resource, _first(ports), open_)
        if answer.truth is not False:
            yield answer


def _told_of(
    families: Collection[Family], resource: Resource, port: tuple[int, int], ways: Sequence[Way]
) -> Reach:
    """The verdict on clients whose addresses are of some families."""
    return verdict(resource, port, of_families(ways, families))


def _perhaps(answer: Reach) -> Reach:
    """The answer where it is another group that may let the internet in."""
    return answer._replace(truth=None, confidence=Confidence.POSSIBLE)


def _unreached(resource: Resource, wanted: Mapping[int, PortSet]) -> Reach:
    """The answer for what has interfaces with private addresses alone, and serves nobody else."""
    protocol, number = _first(wanted)
    fact = f"the internet reaches no interface of {resource.address}"
    hop = Hop("address", resource, resource.span, fact, "default", False)
    ports = PortSet(((number, number),))
    return Reach(resource, protocol, ports, False, (), DIRECT, Confidence.PROVEN, blocked_by=(hop,))


def _of_balancers(
    graph: Graph,
    own: Iterable[Balancer],
    ports: Mapping[int, PortSet],
    families: Collection[Family],
) -> Iterator[Reach]:
    for balancer in own:
        heard = [
            (protocol, shared.ranges[0][0])
            for protocol, own in listened(graph, balancer)
            if (shared := own & ports.get(protocol, ports.get(ALL, NO_PORTS)))
        ]
        for port in heard or (_first(ports),):
            yield reach_balancer(graph, balancer, port, families=families)


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
        groups: dict[Resource, None] = {}
        for eni in workload.enis:
            for attached in eni.groups:
                if attached.group is not None:
                    groups[attached.group] = None
                    own = every.setdefault(attached.group, _Holders())
                    if attached.value is not None:
                        own.known.add(attached.value.span.key)
        for group in groups:
            every[group].workloads += carrying(workload, group)
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
    for tasks in public_tasks(graph):
        for attached in tasks.groups:
            if attached.group is not None:
                every.setdefault(attached.group, _Holders()).tasks.append(tasks)
    for service, families in private_tasks(graph):
        for edge in graph.targets(service, "security_groups"):
            if edge.target is not None:
                every.setdefault(edge.target, _Holders()).private.append((edge, families))
    for resource, edge in _unreached_holders(graph):
        if edge.target is not None:
            own = every.setdefault(edge.target, _Holders())
            own.unreached[resource] = None
            own.known.add(edge.value.span.key)
    return every


def _unreached_holders(graph: Graph) -> Iterator[tuple[Resource, Edge]]:
    for resource in graph.all(*_UNREACHED):
        yield from ((resource, edge) for edge in graph.targets(resource, "security_groups"))
    for joint in graph.all(VpcEndpointGroup):
        endpoint = graph.only(joint, "vpc_endpoint", VpcEndpoint)
        for edge in graph.targets(joint, "security_group"):
            yield joint if endpoint is None else endpoint, edge
