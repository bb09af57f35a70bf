"""The ways from a principal to another role: which rows of the table hold.

Source: semantics.md, D6; Amazon EC2 User Guide, "IAM roles for Amazon EC2" (PassRole).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure, tidy
from iac_ec2lint.iam.arns import arn_in, identity_of
from iac_ec2lint.iam.escalation.instances.control import (
    version_edges,
)
from iac_ec2lint.iam.escalation.instances.refills import refills
from iac_ec2lint.iam.escalation.instances.sources import named_by_blueprint, versions_in_use
from iac_ec2lint.iam.escalation.rows.launches import LAUNCHES
from iac_ec2lint.iam.escalation.services.role_rights import has_rights
from iac_ec2lint.iam.escalation.services.things_there import (
    adds_to,
    builds_images,
    changes_there,
)
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    PrivilegeStep,
    allowed_somewhere,
    allowed_to,
    asked_somewhere,
    has_instance,
    sure,
)
from iac_ec2lint.iam.grants import asked_keys, is_allowed, may_somewhere
from iac_ec2lint.iam.policy.operators import NamedArn
from iac_ec2lint.iam.principals import principal_of
from iac_ec2lint.iam.trust.role_trust import trusts_service
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Value, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal

_PASSES: Final = "iam:PassRole"
_PROFILE: Final = "ec2:instanceprofile"
_MAKES_PROFILES: Final = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")
_REFILLS_PROFILES: Final = ("iam:RemoveRoleFromInstanceProfile", "iam:AddRoleToInstanceProfile")
_SPOT_FLEET: Final = "spotfleet.amazonaws.com"
_FLEET_ROLE: Final = "aws-ec2-spot-fleet-tagging-role"
"""The role that the console makes for Spot Fleets (EC2 User Guide, "Spot Fleet permissions")."""
_EMR: Final = "elasticmapreduce.amazonaws.com"
_CLUSTER_ROLE: Final = "EMR_DefaultRole"
"""The role that is made for clusters by default (Amazon EMR Management Guide, "Service role")."""


def launch_edges(
    graph: Graph, principal: Principal, target: Principal, swaps: Answer = NO
) -> Iterator[PrivilegeStep]:
    """The ways in which a principal starts or changes something with a role of its choice.

    Args:
        graph: The graph.
        principal: Who.
        target: The role.
        swaps: Whether it may give the instance that it is on another profile.
    """
    role = target.resource
    if not isinstance(role, Role):
        return
    passed: Answer | None = None
    for kind, possible in _launches(principal):
        if kind.passes:
            if passed is None:
                passed = _may_pass(principal, target)
            if passed.truth is False:
                continue
        given = trusts_service(role, kind.services)
        asked: tuple[ActionRequest, ...] = ()
        if kind.passes and given.truth is not False:
            context: Keys = {"iam:passedtoservice": kind.services[:1]}
            if kind.name == "run-instance":
                to = NamedArn(arn_in(role.span, "ec2", "instance/"))
                context = {**context, "iam:associatedresourcearn": (to,)}
            asked = (ActionRequest(_PASSES, target.arn, target.identity, context),)
            given = given & allowed_to(principal, asked)
        if given.truth is False:
            continue
        if kind.profile:
            given = given & _has_profile(graph, principal, role)
        if kind.target:
            given = given & has_rights(principal, target, kind.target)
        if kind.needs == "version":
            for in_use in versions_in_use(graph):
                for step in version_edges(principal, kind, in_use):
                    answer = given & step.answer
                    if answer.truth is not False:
                        yield step._replace(answer=tidy(answer))
            continue
        needed = _needed(graph, principal, role, kind)
        given = given & (needed | swaps if kind.needs == "instance" else needed)
        for actions in possible if given.truth is not False else ():
            if kind.changes is not None:
                more, answer = changes_there(graph, principal, kind, kind.changes, actions)
            elif kind.needs in _THERE:
                more, answer = _THERE[kind.needs](graph, principal, actions)
            else:
                role_keys = _keys_of_launch(graph, principal, target, kind)
                more, answer = _best_launch(principal, actions, role_keys)
            answer = given & answer
            if answer.truth is not False:
                yield PrivilegeStep(kind, actions, tidy(answer), (*asked, *more))


def _refills(
    graph: Graph, principal: Principal, _: tuple[str, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    return refills(graph, principal)


_THERE: Final = {"rule": adds_to, "window": adds_to, "profile": _refills}
"""What says of some needs whether a principal may do it to what is there."""


def _keys_of_launch(
    graph: Graph, principal: Principal, target: Principal, kind: EdgeKind
) -> tuple[Keys, ...]:
    """The condition keys that say which role is given, by each way to say it.

    Source: Service Authorization Reference, "Condition keys for Amazon EC2" and "... for AWS
    CloudFormation".
    """
    if kind.name == "cloudformation":
        return ({"cloudformation:rolearn": (NamedArn(target.arn, target.identity),)},)
    if kind.name != "run-instance" or _PROFILE not in asked_keys(principal):
        return ({},)
    found: list[Keys] = []
    for edge in graph.sources(target.resource, "roles"):
        profile = edge.source
        if isinstance(profile, InstanceProfile) and edge.certain:
            arn = arn_in(profile.span, "iam", "instance-profile/", profile.name, region=False)
            named = NamedArn(arn, identity_of(profile))
            found.append({_PROFILE: (named,)})
    made = allowed_somewhere(principal, _MAKES_PROFILES).may_be_true
    return ({},) if made or not found else tuple(found)


def _best_launch(
    principal: Principal, actions: tuple[str, ...], ways: tuple[Keys, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may start something by one of some ways, and what it asks for then."""
    known = (tuple(one.items()) for one in ways)
    found = ((keys, allowed_somewhere(principal, actions, keys)) for keys in known)
    keys, answer = first_sure(found, lambda one: one[1]) or ((), NO)
    return tuple(asked_somewhere(principal, actions, keys)), answer


@remembered
def _launches(principal: Principal) -> tuple[tuple[EdgeKind, tuple[tuple[str, ...], ...]], ...]:
    """The rows of launches that a principal has the actions for, with these."""
    passing = may_somewhere(principal, _PASSES)
    found: list[tuple[EdgeKind, tuple[tuple[str, ...], ...]]] = []
    for kind in LAUNCHES:
        if kind.passes and not passing:
            continue
        possible = tuple(
            actions
            for actions in kind.actions
            if allowed_somewhere(principal, actions).truth is not False
        )
        if possible:
            found.append((kind, possible))
    return tuple(found)


def launch_kinds(principal: Principal) -> tuple[EdgeKind, ...]:
    """The rows of launches that a principal has the actions for, whatever the role."""
    return tuple(kind for kind, _ in _launches(principal))


def _may_pass(principal: Principal, target: Principal) -> Answer:
    """Whether a principal may pass a role to some service: a first question for all services."""
    return is_allowed(principal, _PASSES, target.arn, target.identity)


def has_ec2_role(graph: Graph, role: Role) -> Answer:
    """Whether a role has an instance profile in the unit."""
    answer = NO
    for edge in graph.sources(role, "roles"):
        if isinstance(edge.source, InstanceProfile):
            if edge.certain:
                return YES
            answer = answer | sure(edge.certain, edge.value)
    return answer


def _has_profile(graph: Graph, principal: Principal, role: Role) -> Answer:
    answer = has_ec2_role(graph, role)
    if answer.truth:
        return answer
    # One of its own, or another role's, which holds one role at a time.
    profiles = any_of(
        sure(one.presence.certain, one.presence.cause) for one in graph.all(InstanceProfile)
    )
    refilled = profiles & allowed_somewhere(principal, _REFILLS_PROFILES)
    return answer | allowed_somewhere(principal, _MAKES_PROFILES) | refilled


def _needed(graph: Graph, principal: Principal, role: Role, kind: EdgeKind) -> Answer:
    """Whether what else a launch needs is there."""
    if kind.needs == "instance":
        return has_instance(principal)
    if kind.needs == "template":
        there = (one.presence for one in graph.all(LaunchTemplate))
        return any_of(sure(one.certain, one.cause) for one in there)
    if kind.needs == "configuration":
        return named_by_blueprint(graph, role, LaunchConfiguration)
    if kind.needs == "own template":
        found = named_by_blueprint(graph, role, LaunchTemplate)
        words = f"whether a launch template elsewhere starts instances with {role.address}"
        gap = Unknown(f"{words} is not known", "external-id", role.span)
        return found if found.truth else found | Answer(None, (gap,))
    if kind.needs == "fleet role":
        return _passes_helper(graph, principal, _SPOT_FLEET, _FLEET_ROLE)
    if kind.needs == "cluster role":
        return _passes_helper(graph, principal, _EMR, _CLUSTER_ROLE)
    if kind.needs == "infrastructure":
        return builds_images(graph, role)
    if kind.needs == "pipelines":
        words = "whether the account is one that may still use AWS Data Pipeline is not known"
        return Answer(None, (Unknown(words, "external-id", role.span),))
    return YES


@remembered
def _passes_helper(graph: Graph, principal: Principal, service: str, usual_name: str) -> Answer:
    """Whether a principal can pass a role that a service itself works with, beside the other.

    Args:
        graph: The graph.
        principal: Who.
        service: The service.
        usual_name: What the role is called that the console makes for it.
    """
    context = {"iam:passedtoservice": (service,)}
    name = Value(usual_name, principal.resource.span)
    usual = arn_in(principal.resource.span, "iam", "role/", name, region=False)
    # It is none of the unit's: a policy that refers to one of those does not mean it.
    elsewhere = Reference(f"role {usual_name}", "arn", principal.resource.span)
    answer = is_allowed(principal, _PASSES, usual, elsewhere, context)
    for role in graph.all(Role) if answer.truth is not True else ():
        trusted = trusts_service(role, (service,))
        if trusted.truth is not False:
            one = principal_of(graph, role)
            passed = is_allowed(principal, _PASSES, one.arn, one.identity, context)
            answer = answer | (trusted & passed)
    return answer
