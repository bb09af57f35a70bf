"""Whether Systems Manager can manage the instances that are launched: by their role, or without.

Sources: Systems Manager User Guide, "Configure instance permissions required for Systems Manager",
"Managing EC2 instances automatically with Default Host Management Configuration", "SSM Agent
technical details" (the agent relies on instance metadata) and "Improve the security of EC2
instances by using VPC endpoints for Systems Manager".
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.credentials import gap_of
from iac_ec2lint.attack.grant_evidence import whole_resource
from iac_ec2lint.compute.account_settings import governs
from iac_ec2lint.compute.launch.launches import Launch, launches, role_is_brought
from iac_ec2lint.compute.launch.running import running, runs
from iac_ec2lint.compute.metadata.hosts import of_launch
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.principals import principal_of
from iac_ec2lint.network.hosts.endpoints import service_of
from iac_ec2lint.network.hosts.workloads import workloads_by_host
from iac_ec2lint.network.inside.private_ways import confined, endpoint_ways
from iac_ec2lint.network.inside.vpc_endpoints import endpoints_elsewhere
from iac_ec2lint.network.routing.routing import legs
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.route_tables import tables_of
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.ssm_service_setting import SsmServiceSetting
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.resources.vpc_endpoint import VpcEndpointPolicy
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Step,
    Unknown,
    all_of,
    any_of,
    inputs_in,
    references_of,
    walk_possible,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint

_REGISTERS: Final = "ssm:UpdateInstanceInformation"
_LISTENS: Final = ("ssmmessages:CreateControlChannel", "ec2messages:GetMessages")
"""How the agent gets what it is to do: over one of the two."""
_ASKED: Final = {
    "ssm": _REGISTERS,
    "ssmmessages": "ssmmessages:CreateControlChannel",
    "ec2messages": "ec2messages:GetMessages",
}
"""What the agent talks to, and what it asks there."""
_SERVICES: Final = frozenset(f"{one}{end}" for one in _ASKED for end in ("", "-fips"))
_DEFAULT_ROLE: Final = "/ssm/managed-instance/default-ec2-instance-management-role"
"""The setting by which instances without such a role are managed (Default Host Management)."""

_OF_PROFILE: Final = ("the profile", "allows")
_NAMES: Final = frozenset({"name", "id", "Ref"})
"""The attributes of a role by which policies are attached to it."""


class HostManagement(NamedTuple):
    """Whether Systems Manager can manage what one launch makes.

    Attributes:
        launch: The launch.
        answer: Whether it can.
        role: The role that instances have; ``None`` where they have none, or it is not known.
        has_profile: Whether a profile is, or may be, named.
        declaring: The resource that would have to change: the role, or what names no profile.
        place: Where.
        mute: Whether its metadata service is off, without which the agent knows nothing of itself.
    """

    launch: Launch
    answer: Answer
    role: Role | None
    has_profile: bool
    declaring: Resource
    place: Place
    mute: bool = False


def ssm_management(graph: Graph) -> Iterator[HostManagement]:
    """Of each way of launching instances whether Systems Manager can manage them.

    What a service launches is left out: it is replaced, not managed.
    """
    for launch in launches(graph):
        if isinstance(launch.host, ManagedHost) or runs(graph, launch.host).truth is False:
            continue
        brought = role_is_brought(graph, launch)
        if brought.truth:
            continue
        metadata = of_launch(graph, launch)
        answer, role, declaring, place = _by_profile(graph, launch)
        if answer.truth is False and role is None:
            answer = answer | brought
        if answer.truth is not True:
            answer = answer | _by_default(graph, launch)
        if answer.truth is False:
            # It may be switched on by whoever manages the account.
            words = "Default Host Management Configuration is taken to be off"
            step = Step(launch.host.span, words, assumed=True)
            answer = Answer(False, (), (*answer.assumptions, step))
        heard = metadata.enabled
        mute = heard.truth is False
        if mute or (heard.truth is None and answer.truth is not False):
            option = metadata.http_endpoint
            answer, role, declaring, place = heard, None, option.resource, option.place
        edges = graph.follow(launch.host, launch.settings, "iam_instance_profile")
        has_profile = any(edge.target is not None for edge in edges)
        there = place._replace(presence=place.presence.within(running(graph, launch.host)))
        yield HostManagement(launch, answer, role, has_profile, declaring, there, mute)


@remembered
def agent_has_a_way(graph: Graph, host: Resource) -> Answer:
    """Whether the agent on a host has a way to its services, by a route or by endpoints.

    Where a route leads out, or may, it counts: only where none does, endpoints are looked at. It
    needs one to the service itself, and one to either of those that bring it what it is to do;
    with a part of these it is undecided.
    """
    workload = workloads_by_host(graph).get(host)
    if workload is None or not graph.unit.is_root or confined(graph, workload).truth is not True:
        return YES
    subnets = {eni.placement.subnet for eni in workload.enis}
    if any(_may_lead_out(graph, subnet) for subnet in subnets):
        return YES
    vpcs = {vpc_of(graph, subnet) for subnet in subnets}
    if any(vpc is None or endpoints_elsewhere(graph, vpc) for vpc in vpcs):
        return YES
    needed: dict[str, list[Answer]] = {"ssm": [], "messages": []}
    for way in endpoint_ways(graph, workload, _SERVICES):
        service = (service_of(way.endpoint) or "").removesuffix("-fips")
        for need, answers in needed.items():
            action = _ASKED.get(service)
            if action is None:
                answers.append(way.answer & _not_known(way.endpoint))
            elif service.endswith(need):
                answers.append(way.answer & ~_refuses(graph, way.endpoint, action))
    all_needed, some = all_of(map(any_of, needed.values())), any_of(chain(*needed.values()))
    if all_needed.truth is False and some.may_be_true:
        words = f"what the agent of {host.address} does by a part of its endpoints is not known"
        all_needed = some & Answer(None, (Unknown(words, "external-id", host.span),))
    return all_needed


def _not_known(endpoint: VpcEndpoint) -> Answer:
    words = f"which service {endpoint.address} leads to is not known"
    return Answer(None, (Unknown(words, "external-id", endpoint.span),))


def _refuses(graph: Graph, endpoint: VpcEndpoint, action: str) -> Answer:
    """Whether the policy of an endpoint allows nobody an action.

    Where that depends on the request alone, the agent's is taken to be one that it allows.
    """
    edges = graph.sources(endpoint, "vpc_endpoint")
    apart = [one.source.policy for one in edges if isinstance(one.source, VpcEndpointPolicy)]
    policies = [one for one in (endpoint.policy, *apart) if one is not None]
    request = Request(action)
    if not policies:
        return NO
    refused = ~any_of(allows([PolicyDocument.read(one)], request) for one in policies)
    return NO if refused.truth is None and not inputs_in(refused.causes) else refused


@remembered
def _may_lead_out(graph: Graph, subnet: Resource) -> bool:
    """Whether any route of a subnet may lead to endpoints or proxies elsewhere, however narrow."""
    tables = [choice.table for choice in tables_of(graph, subnet)]
    return (
        None in tables
        or any(unknown_module_cause(graph, one) is not None for one in (subnet, *tables))
        or any(
            leg.target.kind not in {"local", "nothing"}
            for family in Family
            for leg in legs(graph, subnet, family)
        )
    )


def _by_profile(graph: Graph, launch: Launch) -> tuple[Answer, Role | None, Resource, Place]:
    """What the instance profile comes to, and what would have to change."""
    name = "iam_instance_profile"
    given = launch.settings.is_set(name)
    edges = graph.follow(launch.host, launch.settings, name)
    if given.truth is False or not edges:
        declaring, place = launch.place(name)
        if given.truth is False and launch.template is not None:
            declaring, place = launch.template, launch.template.place(name)
        return given, None, declaring, place
    found = [one for edge in edges for one in _of_profile(graph, edge)]
    answers = [answer for answer, _ in found]
    if given.truth is None and not any(_is_there_with(launch, edge) for edge in edges):
        answers.append(NO)
    answer = _agreed(answers, edges[0])
    roles = {role for _, role in found if role is not None}
    if len(roles) == 1 and len(answers) == 1:
        role = roles.pop()
        return answer, role, role, whole_resource(role)
    return answer, None, *launch.place(name)


def _is_there_with(launch: Launch, edge: Edge) -> bool:
    """Whether a launch surely has the profile: that exists under the same condition."""
    key, profile = launch.host.presence.key, edge.target
    return edge.certain and profile is not None and bool(key) and profile.presence.key == key


def _of_profile(graph: Graph, edge: Edge) -> Iterator[tuple[Answer, Role | None]]:
    """What the roles of a profile allow; undecided of what the unit does not declare."""
    profile = edge.target
    if not isinstance(profile, InstanceProfile):
        yield Answer(None, (gap_of(edge, *_OF_PROFILE),)), None
        return
    roles = graph.targets(profile, "roles")
    for to in roles:
        if isinstance(to.target, Role):
            principal = principal_of(graph, to.target)
            listens = any_of(is_allowed(principal, action) for action in _LISTENS)
            allowed = is_allowed(principal, _REGISTERS) & listens
            cause = _attached_elsewhere(graph).get(to.target.address)
            if allowed.truth is False and cause is not None:
                allowed = Answer(None, (cause,))
            yield allowed, to.target
        else:
            yield Answer(None, (gap_of(to, *_OF_PROFILE),)), None
    if not roles:
        yield NO, None


@remembered
def _attached_elsewhere(graph: Graph) -> dict[str, Unknown]:
    """Why a role may have policies that are not in the source: a module is given its name."""
    found: dict[str, Unknown] = {}
    for module in graph.all(UnreadModule):
        for _, value in module.arguments():
            for reference in (r for one in walk_possible(value) for r in references_of(one)):
                if reference.attribute in _NAMES:
                    words = f"{module.why}, and may attach policies to {reference.target}"
                    gap = Unknown(words, "module", value.span, inputs=(module.input,))
                    found.setdefault(reference.target, gap)
    return found


def _agreed(answers: list[Answer], edge: Edge) -> Answer:
    """What answers of which one holds come to: theirs where they agree."""
    if len({answer.truth for answer in answers}) == 1:
        return answers[0]
    causes = tuple(dict.fromkeys(cause for answer in answers for cause in answer.causes))
    why = edge.value if isinstance(edge.value, Unknown) else gap_of(edge, *_OF_PROFILE)
    return Answer(None, causes or (why,))


def _by_default(graph: Graph, launch: Launch) -> Answer:
    """Whether the account's default manages what has no role for it, in the same Region."""
    return any_of(
        setting.is_setting(_DEFAULT_ROLE)
        & setting.is_set("value")
        & setting.presence.answer
        & governs(setting, launch.host)
        for setting in graph.all(SsmServiceSetting)
    )
