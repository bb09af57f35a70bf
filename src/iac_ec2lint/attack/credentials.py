"""Whose credentials an instance has, and who gets at them: joins network, metadata and IAM.

A path begins where the internet enters a workload, goes on to the instance metadata service, and
ends at a role (semantics.md, E). One verdict speaks of one way in and one role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iac_ec2lint.attack.entries import (
    AttackEntry,
    PortChoice,
    breaking,
    entry_of,
    evidence_of,
    exposed_entry,
    identity,
    lowered,
    primary,
    switched,
)
from iac_ec2lint.attack.grant_evidence import conditional
from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.compute.launch import Launch, launches, launches_of, runs
from iac_ec2lint.compute.metadata import of_launch
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.principals import Principal, principal_of
from iac_ec2lint.network.hosts.workloads import origin_of, parts_of, workloads
from iac_ec2lint.network.reachability.entrances import entrances_of
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import NO_PORTS, TCP, PortSet
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import YES, Answer, Confidence, Unknown


class InstanceRole(NamedTuple):
    """A role that the instances of a host have.

    Attributes:
        launch: How they are launched.
        role: The role, with all that applies to it.
        answer: Whether they surely have it.
        hops: What says so, from the host to the role.
    """

    launch: Launch
    role: Principal
    answer: Answer
    hops: tuple[Evidence, ...]

    @property
    def host(self) -> Resource:
        """The instance, group, fleet or node group."""
        return self.launch.host


def holdings(graph: Graph, host: Resource) -> tuple[InstanceRole, ...]:
    """The roles of a host's instances that the unit declares.

    Of a profile or a role that is declared elsewhere nothing is known, and no path leads there.
    """
    return tuple({one.role.resource: one for one in _holdings(graph, host)}.values())


@remembered
def _holdings(graph: Graph, host: Resource) -> tuple[InstanceRole, ...]:
    """The same, one for each role and each thing that the instances are launched from."""
    every = [one for launch in launches_of(graph, host) for one in _held(graph, launch)]
    by_origin = {(one.role.resource, origin_of(one.launch)): one for one in every}
    return tuple(by_origin.values())


@remembered
def instance_roles(graph: Graph) -> dict[Resource, list[InstanceRole]]:
    """The roles that instances of the unit have, each with its hosts."""
    made: dict[Resource, list[InstanceRole]] = {}
    hosts = dict.fromkeys(launch.host for launch in launches(graph) if not launch.unused)
    for host in hosts:
        if runs(host).truth is not False:
            for held in holdings(graph, host):
                made.setdefault(held.role.resource, []).append(held)
    return made


def _held(graph: Graph, launch: Launch) -> Iterator[InstanceRole]:
    host = launch.host
    if isinstance(host, EksNodeGroup):
        for edge in graph.targets(host, "node_role"):
            if isinstance(edge.target, Role):
                words = f"{host.address} gives its nodes {edge.target.address}"
                hop = Evidence(edge.value.span, words, host.address)
                answer = _sure(edge.certain, edge.value)
                yield InstanceRole(launch, principal_of(graph, edge.target), answer, (hop,))
        return
    for edge in graph.follow(host, launch.settings, "iam_instance_profile"):
        profile = edge.target
        if not isinstance(profile, InstanceProfile):
            continue
        layer = launch.settings.decides("iam_instance_profile")
        giver = launch.resource_of(layer) if layer is not None else host
        place = launch.settings.place("iam_instance_profile")
        first = Evidence(place.span, f"{giver.address} has {profile.address}", giver.address)
        for to in graph.targets(profile, "roles"):
            if isinstance(to.target, Role):
                words = f"{profile.address} gives instances {to.target.address}"
                second = Evidence(profile.span, words, profile.address)
                answer = _sure(edge.certain, edge.value) & _sure(to.certain, to.value)
                role = principal_of(graph, to.target)
                yield InstanceRole(launch, role, answer & _chosen(launch), (first, second))


def _sure(certain: bool, value: object) -> Answer:
    if certain:
        return YES
    return Answer(None, (value,)) if isinstance(value, Unknown) else Answer(None)


def _chosen(launch: Launch) -> Answer:
    """Whether a launch is surely one of its host's, and what that rests on."""
    return Answer(True if launch.certain else None, (), launch.assumptions)


def ways_in(graph: Graph, choose: PortChoice, *, balanced: bool) -> Iterator[AttackEntry]:
    """The beginnings of paths to hosts, one for each workload and way in.

    Args:
        graph: The graph.
        choose: Of the open ports of a protocol those that count.
        balanced: Whether what comes through any load balancer counts, also to an application alone.
    """
    judge = entry_of if balanced else exposed_entry
    for workload in workloads(graph):
        for part in parts_of(workload):
            for entrance in entrances_of(graph, part):
                entry = judge(graph, entrance, choose)
                if entry is not None:
                    yield entry


def leads_to(entry: AttackEntry, launch: Launch) -> bool:
    """Whether what an entry leads to are instances of a launch, and not of another of the host's.

    Args:
        entry: One of ``ways_in``, to the launch's host.
        launch: The launch.
    """
    origin = entry.entrance.workload.origin
    return origin is None or origin is origin_of(launch)


def roles_behind(graph: Graph, entry: AttackEntry) -> Iterator[InstanceRole]:
    """The roles of the instances that an entry leads to, of those that the unit declares."""
    return (one for one in _holdings(graph, entry.resource) if leads_to(entry, one.launch))


class CredentialAccess(NamedTuple):
    """How the credentials of an instance can be had from its metadata service.

    Attributes:
        answer: Whether they can.
        words: By what means: ``by one forged request``.
        hop: What says so.
        edit: What breaks it.
        likely: Whether it is undecided only because nothing says whether tokens are required.
        login: Whether it takes somebody who is on the host.
    """

    answer: Answer
    words: str
    hop: Evidence
    edit: Evidence
    likely: bool = False
    login: bool = False


def by_forged_request(graph: Graph, launch: Launch) -> CredentialAccess:
    """Whether a request without a token, made by an application, has the credentials."""
    host = of_launch(graph, launch)
    setting = host.http_tokens
    usable = host.imdsv1_usable
    address = setting.resource.address
    verb = "answers" if usable.truth else "may answer"
    fact = f"{launch.host.address} {verb} IMDSv1 requests: {host.explanation}"
    return CredentialAccess(
        usable,
        "by one forged request (IMDSv1)",
        Evidence(setting.place.span, fact, address),
        Evidence(setting.place.span, "require tokens (IMDSv2)", address),
        likely=usable.truth is None and setting.source == "platform",
    )


def by_container(graph: Graph, launch: Launch) -> CredentialAccess:
    """Whether containers on the host have the credentials: responses travel more than one hop."""
    host = of_launch(graph, launch)
    setting = host.hop_limit
    beyond = setting.value.test(lambda limit: isinstance(limit, int) and limit > 1)
    answer = host.enabled & beyond & is_container_host(graph, launch)
    number = setting.value.number
    fact = (
        f"{launch.host.address} runs containers, and a token's response may take "
        f"{number if number is not None else 'an unknown number of'} hops"
    )
    address = setting.resource.address
    return CredentialAccess(
        answer,
        "from its containers",
        Evidence(setting.place.span, fact, address),
        Evidence(setting.place.span, "set the hop limit to 1", address),
    )


def by_forged_container(graph: Graph, launch: Launch) -> CredentialAccess:
    """Whether containers on the host have the credentials by IMDSv1, which has no hop limit."""
    found = by_forged_request(graph, launch)
    return found._replace(answer=found.answer & is_container_host(graph, launch))


def by_login(graph: Graph, launch: Launch) -> CredentialAccess:
    """Whether whoever is on the host has the credentials: its metadata service is on."""
    host = of_launch(graph, launch)
    setting = host.http_endpoint
    address = setting.resource.address
    return CredentialAccess(
        host.enabled,
        "once on the host",
        Evidence(setting.place.span, f"{launch.host.address} has instance metadata", address),
        Evidence(setting.place.span, "turn the metadata service off", address),
        login=True,
    )


def beginnings(graph: Graph) -> Iterator[tuple[AttackEntry, InstanceRole, CredentialAccess]]:
    """Every way from the internet to the credentials of a role that the unit declares.

    By an administration port to whoever logs in, whatever the tokens; by any TCP port, or through
    a load balancer, to a forged request and to what runs in containers.
    """
    for entry in ways_in(graph, _administration, balanced=False):
        for held in roles_behind(graph, entry):
            yield entry, held, by_login(graph, held.launch)
    for entry in ways_in(graph, _any_tcp, balanced=True):
        for held in roles_behind(graph, entry):
            yield entry, held, by_forged_request(graph, held.launch)
            yield entry, held, by_container(graph, held.launch)


def _administration(protocol: int, ports: PortSet) -> PortSet:
    return ports & port_classes()["administration"].ports(protocol)


def _any_tcp(protocol: int, ports: PortSet) -> PortSet:
    return ports if protocol == TCP else NO_PORTS


def path_verdict(
    graph: Graph,
    entry: AttackEntry,
    message: str,
    answer: Answer,
    *,
    severity: Severity,
    hops: Sequence[Evidence],
    edits: Sequence[Evidence],
    target: str,
    likely: bool = False,
    also: Sequence[Resource] = (),
    at: tuple[Place, Resource] | None = None,
    quotable: bool = True,
) -> Verdict:
    """The verdict on a path that begins at an entry.

    Args:
        graph: The graph.
        entry: The beginning.
        message: The outcome; ``can`` becomes ``may be able to`` where it is undecided.
        answer: Whether all beyond the entry holds.
        severity: Where all is certain.
        hops: What is beyond the entry, in order.
        edits: What breaks the path beyond the entry.
        target: What tells the end of the path from others.
        likely: Whether it is undecided in the metadata's default alone.
        also: Resources whose presence the path hangs on.
        at: The place to point at and what declares it, where that is not the way in.
        quotable: See ``Verdict``.
    """
    way = entry.hops
    place, declaring = primary(graph, entry, way) if at is None else at
    if answer.truth:
        place = switched(entry, place)
    undecided = entry.undecided or answer.truth is None
    confidence: Confidence | None = entry.confidence
    level = entry.lowered(severity)
    if answer.truth is None:
        confidence = Confidence.LIKELY if likely else Confidence.POSSIBLE
        if likely:
            level = lowered(level, 1)
    elif confidence is Confidence.PROVEN:
        confidence = conditional(*also)
        if confidence is None and answer.assumptions:
            confidence = Confidence.ASSUMED
    return Verdict(
        subject=entry.resource,
        resource=declaring,
        at=place,
        message=message.replace(" can ", " may be able to ", 1) if undecided else message,
        causes=(*(entry.causes if entry.undecided else ()), *answer.causes) if undecided else (),
        undecided=undecided,
        evidence=(
            *evidence_of(way, entry.reaches),
            *hops,
            *breaking(entry, way, edits),
        ),
        severity=level,
        confidence=confidence if confidence is not None else Confidence.PROVEN,
        value=f"{target} {identity(entry, way)}",
        in_full=True,
        quotable=quotable,
    )


def via_words(entry: AttackEntry) -> str:
    """How an entry leads in, in words: through which load balancer."""
    return "" if entry.entrance.balancer is None else f" through {entry.entrance.via}"


def preferred(found: dict[tuple[str, ...], Verdict], key: tuple[str, ...], one: Verdict) -> None:
    """Keep the worse of the verdicts with one key: what is decided comes first."""
    known = found.get(key)
    if known is None or _rank(one) < _rank(known):
        found[key] = one


def improves(known: Verdict | None, entry: AttackEntry, answer: Answer, severity: Severity) -> bool:
    """Whether a verdict that begins at an entry may be worse than the one that is known.

    Args:
        known: The one that is known.
        entry: The beginning.
        answer: Whether all beyond the entry holds.
        severity: Where all is certain.
    """
    if known is None:
        return True
    undecided = entry.undecided or answer.truth is None
    return (undecided, entry.lowered(severity).rank) < _rank(known)


def _rank(verdict: Verdict) -> tuple[bool, int]:
    return verdict.undecided, 0 if verdict.severity is None else verdict.severity.rank
