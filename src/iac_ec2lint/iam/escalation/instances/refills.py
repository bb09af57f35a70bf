"""Instances of which a principal may put another role into the profile that they have.

A profile holds one role at a time, and an instance has the credentials of whichever it holds: no
instance is started, and none is given another profile. Source: Amazon EC2 User Guide, "IAM roles
for Amazon EC2"; IAM API Reference, AddRoleToInstanceProfile (which asks for ``iam:PassRole``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import arn_in, names_of
from iac_ec2lint.iam.escalation.instances.control import on_instance
from iac_ec2lint.iam.escalation.instances.documents import (
    STARTS_SESSIONS,
    asks_for_documents,
    opens_shells,
    runs_commands,
)
from iac_ec2lint.iam.escalation.steps import ActionRequest, may_do_to, sure, surest
from iac_ec2lint.iam.grants import may_somewhere
from iac_ec2lint.iam.trust.role_trust import is_for_services
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.values import NO, YES, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

_REFILLS: Final = ("iam:RemoveRoleFromInstanceProfile", "iam:AddRoleToInstanceProfile")
_SENDS: Final = "ssm:SendCommand"


@remembered
def refills(graph: Graph, principal: Principal) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may refill the profile of an instance that it controls, or is on.

    Returns:
        What it asks for, and whether it may.
    """
    if not all(may_somewhere(principal, action) for action in _REFILLS):
        return (), NO
    return surest(_refilled(graph, principal))


def _refilled(
    graph: Graph, principal: Principal
) -> Iterator[tuple[tuple[ActionRequest, ...], Answer]]:
    for launch in launches(graph):
        for edge in graph.follow(launch.host, launch.settings, "iam_instance_profile"):
            profile = edge.target
            if not isinstance(profile, InstanceProfile):
                continue
            names = names_of(profile, profile.name)
            arns = (
                arn_in(profile.span, "iam", "instance-profile/", name, region=False)
                for name in names
            )
            asked, may = may_do_to(principal, profile, _REFILLS, arns)
            held = sure(edge.certain, edge.value) & launch.host.presence.answer
            answer = held & may
            if answer.truth is not False:
                answer = answer & (
                    _is_on(graph, principal, profile) | _controls(graph, principal, launch.host)
                )
            yield asked, answer


def _is_on(graph: Graph, principal: Principal, profile: InstanceProfile) -> Answer:
    """Whether it is the profile's own role, which whoever has it has from such an instance."""
    role = principal.resource
    if not isinstance(role, Role) or not is_for_services(role):
        return NO
    edges = (edge for edge in graph.targets(profile, "roles") if edge.target is role)
    return next((sure(edge.certain, edge.value) for edge in edges), NO)


def _controls(graph: Graph, principal: Principal, host: Resource) -> Answer:
    """Whether a principal runs commands on an instance, which any stronger role may let it."""
    sends = on_instance(principal, _SENDS, host)[1] if may_somewhere(principal, _SENDS) else NO
    if sends.truth is not False:
        sends = sends & runs_commands(graph, principal, _SENDS, host.span)
    if sends.truth or not may_somewhere(principal, STARTS_SESSIONS):
        return sends
    shell = YES
    if asks_for_documents(principal):
        shell = opens_shells(graph, principal, host.span)
    return sends | (on_instance(principal, STARTS_SESSIONS, host)[1] & shell)
