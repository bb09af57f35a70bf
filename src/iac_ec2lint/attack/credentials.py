"""Whose credentials an instance has, and how they can be had: joins network, metadata and IAM.

A path begins where the internet enters a workload, goes on to the instance metadata service, and
ends at a role (semantics.md, E).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from iac_ec2lint.attack.entry.entries import AttackEntry, entries_by_launch, tcp_entries
from iac_ec2lint.attack.grant_evidence import gives_instances
from iac_ec2lint.attack.wording import stated
from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.compute.launch.launches import Launch, launches, launches_of
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.compute.metadata.hosts import of_launch
from iac_ec2lint.compute.metadata.settings import Setting
from iac_ec2lint.engine.finding import EditKind, Evidence
from iac_ec2lint.engine.question import EdgeKind
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.other_units import filling_unit, is_of_another_unit
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import NAMING_ROLES, principal_of
from iac_ec2lint.iam.statements.instance_trust import unneeded_trust
from iac_ec2lint.iam.trust.role_trust import is_for_services, trust_of
from iac_ec2lint.network.hosts.workloads import origin_of
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import PortSet
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.iam_role import (
    InstanceProfile,
    ManagedPolicy,
    PolicyAttachment,
    Role,
    RolePolicy,
)
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import NO, Answer, Unknown, any_of, exclude

INSTANCE_ROLE_TYPES: Final = (
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplate,
    ManagedPolicy,
    PolicyAttachment,
    Role,
    RolePolicy,
)
"""The classes that say which roles instances have, and what these may do."""


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


class RoleElsewhere(NamedTuple):
    """An instance profile, or a role in one, of which the unit does not say what it is.

    Attributes:
        words: What it is, in words: ``an instance profile that is declared elsewhere``.
        answer: Undecided, with why.
        hops: What says that the instances have it.
    """

    words: str
    answer: Answer
    hops: tuple[Evidence, ...]


def roles_of(graph: Graph, host: Resource) -> tuple[InstanceRole, ...]:
    """The roles of a host's instances that the unit declares; see ``roles_elsewhere``."""
    return tuple({one.role.resource: one for one in _by_origin(graph, host)}.values())


@remembered
def _by_origin(graph: Graph, host: Resource) -> tuple[InstanceRole, ...]:
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
        if runs(graph, host).truth is not False:
            for held in roles_of(graph, host):
                made.setdefault(held.role.resource, []).append(held)
    return made


def is_kept_by_host(graph: Graph, principal: Principal, launch: Launch) -> Answer:
    """Whether a principal is a role that nobody has but the instances of a launch, who all do."""
    role = principal.resource
    if not isinstance(role, Role):
        return NO
    held = instance_roles(graph).get(role, [])
    ways = {(one.host, one.launch.template) for one in held}
    if ways != {(launch.host, launch.template)} or not any(one.answer.truth for one in held):
        return NO
    return _is_for_instances(role)


def _is_for_instances(role: Role) -> Answer:
    """Whether a trust policy admits nobody but EC2, which is undecided of whom it does not name."""
    entries = [one for each in trust_of(role).statements for one in each.principals or ()]
    unnamed = tuple(one.value for one in entries if isinstance(one.value, Unknown) and not one.kind)
    if unnamed:
        return Answer(None, unnamed)
    if not is_for_services(role):
        return NO
    return ~any_of(one.answer for one in unneeded_trust(role))


class RoleForInstances(NamedTuple):
    """A role that instances have, or can be given.

    Attributes:
        role: The role, with all that applies to it.
        answer: Whether instances have it, where some of the unit may; else whether a profile does.
        used: Whether any of the unit may have it.
        hops: What says so.
    """

    role: Principal
    answer: Answer
    used: bool
    hops: tuple[Evidence, ...]


def _given_elsewhere(graph: Graph, role: Role) -> Unknown | None:
    """Why instances may have a role: another unit has an instance profile with a role of its name.

    Of roles of another unit those alone are asked about that the unit attaches policies to.
    """
    attached = (edge.source for edge in graph.sources(role, "roles"))
    if is_of_another_unit(graph, role) and all(is_of_another_unit(graph, one) for one in attached):
        return None
    by = filling_unit(graph, role, InstanceProfile, arguments=NAMING_ROLES, name=role.name)
    words = f"{by} may give {role.address} to instances"
    return Unknown(words, "external-id", role.span) if by else None


@remembered
def roles_for_instances(graph: Graph) -> tuple[RoleForInstances, ...]:
    """The roles of the unit's instances, and those in instance profiles that none of these has."""
    found: dict[Resource, RoleForInstances] = {}
    for role, every in instance_roles(graph).items():
        surest = next((one for one in every if one.answer.truth), every[0])
        found[role] = RoleForInstances(surest.role, surest.answer, True, surest.hops)
    for profile in graph.all(InstanceProfile):
        for edge in graph.targets(profile, "roles"):
            target = edge.target
            if isinstance(target, Role) and target not in found:
                words = gives_instances(profile, target, edge.answer)
                hops = (Evidence(profile.span, words, profile.address),)
                own = principal_of(graph, target)
                found[target] = RoleForInstances(own, edge.answer, False, hops)
    for role in graph.all(Role):
        if role not in found and (gap := _given_elsewhere(graph, role)) is not None:
            own = principal_of(graph, role)
            found[role] = RoleForInstances(own, Answer(None, (gap,)), False, ())
    return tuple(found[role] for role in sorted(found, key=lambda one: one.address))


def _held(graph: Graph, launch: Launch) -> Iterator[InstanceRole]:
    host = launch.host
    if isinstance(host, EksNodeGroup):
        for edge in graph.targets(host, "node_role"):
            if isinstance(edge.target, Role) and not _apart(host, edge.target):
                name, answer = edge.target.address, edge.answer
                words = stated(answer, host.address, "gives", f"its nodes {name}")
                hop = Evidence(edge.value.span, words, host.address)
                yield InstanceRole(launch, principal_of(graph, edge.target), answer, (hop,))
        return
    for edge in graph.follow(host, launch.settings, "iam_instance_profile"):
        profile = edge.target
        if not isinstance(profile, InstanceProfile):
            continue
        giver, place = launch.place("iam_instance_profile")
        words = stated(edge.answer, giver.address, "has", profile.address)
        first = Evidence(place.span, words, giver.address)
        for to in graph.targets(profile, "roles"):
            if isinstance(to.target, Role) and not _apart(host, profile, to.target):
                words = gives_instances(profile, to.target, to.answer)
                second = Evidence(profile.span, words, profile.address)
                answer = edge.answer & to.answer
                role = principal_of(graph, to.target)
                yield InstanceRole(launch, role, answer & _chosen(launch), (first, second))


def _apart(*resources: Resource) -> bool:
    """Whether resources are never there together: they hang on opposite conditions."""
    return exclude(*(one.presence.guard for one in resources))


def _chosen(launch: Launch) -> Answer:
    """Whether a launch is surely one of its host's, and what that rests on."""
    causes = () if launch.certain or launch.chosen is None else (launch.chosen,)
    return Answer(True if launch.certain else None, causes, launch.assumptions)


def roles_behind(graph: Graph, entry: AttackEntry) -> Iterator[InstanceRole]:
    """The roles of the instances that an entry leads to, of those that the unit declares."""
    return (one for one in _by_origin(graph, entry.resource) if entry.leads_to(one.launch))


def roles_elsewhere(graph: Graph, entry: AttackEntry) -> Iterator[RoleElsewhere]:
    """What gives roles that the unit does not declare to the instances that an entry leads to.

    Of these nothing is known: no path leads there, and none is excluded.
    """
    for launch in launches_of(graph, entry.resource):
        if not entry.leads_to(launch) or (launch.template is None and not launch.certain):
            continue  # of a template that is declared elsewhere not even a profile is known
        for edge in graph.follow(launch.host, launch.settings, "iam_instance_profile"):
            giver, place = launch.place("iam_instance_profile")
            if not isinstance(edge.target, InstanceProfile):
                hop = Evidence(place.span, f"{giver.address} has {_PROFILE}", giver.address)
                yield RoleElsewhere(_PROFILE, Answer(None, (gap_of(edge),)), (hop,))
                continue
            for to in graph.targets(edge.target, "roles"):
                if not isinstance(to.target, Role):
                    words = f"{giver.address} has {edge.target.address}"
                    first = Evidence(place.span, words, giver.address)
                    words = f"{edge.target.address} has {_ROLE}"
                    second = Evidence(to.value.span, words, edge.target.address)
                    yield RoleElsewhere(_ROLE, Answer(None, (gap_of(to),)), (first, second))


_PROFILE: Final = "an instance profile that is declared elsewhere"
_ROLE: Final = "a role that is declared elsewhere"


def gap_of(edge: Edge, name: str = "it", does: str = "may do") -> Unknown:
    """Why it is not known what something does that an edge leads to."""
    if isinstance(edge.value, Unknown) and edge.target is None:
        return edge.value
    name = name if edge.target is None else edge.target.address
    words = f"what {name} {does} is not in the source"
    return Unknown(words, "external-id", edge.value.span, edge.value.via)


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
    setting, usable = host.http_tokens, host.imdsv1_usable
    verb = "answers" if usable.truth else "may answer"
    fact = f"{launch.host.address} {verb} IMDSv1 requests: {host.explanation}"
    return CredentialAccess(
        usable,
        "by one forged request (IMDSv1)",
        _at(setting, fact),
        _at(setting, "require tokens (IMDSv2)", "tokens"),
        likely=usable.truth is None and setting.source == "platform",
    )


def _at(setting: Setting, words: str, edit: EditKind = "") -> Evidence:
    """What is said of a setting of the metadata service, where that is written."""
    return Evidence(setting.place.span, words, setting.resource.address, edit=edit)


def by_container(graph: Graph, launch: Launch) -> CredentialAccess:
    """Whether containers on the host have the credentials: responses travel more than one hop."""
    host = of_launch(graph, launch)
    setting = host.hop_limit
    beyond = setting.value.test(lambda limit: isinstance(limit, int) and limit > 1)
    containers = is_container_host(graph, launch)
    answer = host.enabled & beyond & containers
    number = "an unknown number of" if setting.value.number is None else setting.value.number
    verb = "runs" if containers.truth else "may run"
    fact = f"{launch.host.address} {verb} containers, and a token's response may take {number} hops"
    change = _at(setting, "set the hop limit to 1", "hop limit")
    return CredentialAccess(answer, "from its containers", _at(setting, fact), change)


def by_login(graph: Graph, launch: Launch) -> CredentialAccess:
    """Whether whoever is on the host has the credentials: its metadata service is on."""
    host = of_launch(graph, launch)
    fact = stated(host.enabled, launch.host.address, "has", "instance metadata")
    change = _at(host.http_endpoint, "turn the metadata service off")
    hop = _at(host.http_endpoint, fact)
    return CredentialAccess(host.enabled, "once on the host", hop, change, login=True)


class CredentialPath(NamedTuple):
    """A way from the internet to the credentials of a role.

    Attributes:
        entry: Where the internet gets in.
        held: The role, and the host that has it.
        means: How its credentials can be had there.
    """

    entry: AttackEntry
    held: InstanceRole
    means: CredentialAccess

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the way in and the role from others."""
        role = self.held.role.resource
        return self.entry.resource.address, self.entry.entrance.via, role.address

    @property
    def over(self) -> tuple[EdgeKind, ...]:
        """The kinds of edges that it is made of."""
        return ("reaches", "takes credentials") if self.means.login else ("takes credentials",)

    @property
    def answer(self) -> Answer:
        """Whether whoever comes in has the credentials."""
        return self.held.answer & self.means.answer


@remembered
def credential_paths(graph: Graph) -> tuple[CredentialPath, ...]:
    """Every way from the internet to the credentials of a role that the unit declares.

    By an administration port to whoever logs in, whatever the tokens; by any TCP port, or through
    a load balancer, to a forged request and to what runs in containers.
    """
    return tuple(path for path in _paths(graph) if path.answer.may_be_true)


def _paths(graph: Graph) -> Iterator[CredentialPath]:
    for entry in entries_by_launch(graph, administration_ports, balanced=False):
        for held in roles_behind(graph, entry):
            yield CredentialPath(entry, held, by_login(graph, held.launch))
    for entry in tcp_entries(graph):
        for held in roles_behind(graph, entry):
            yield CredentialPath(entry, held, by_forged_request(graph, held.launch))
            yield CredentialPath(entry, held, by_container(graph, held.launch))


def administration_ports(protocol: int, ports: PortSet) -> PortSet:
    """Chooses the ports of TCP over which hosts are administered."""
    return ports & port_classes()["administration"].ports(protocol)
