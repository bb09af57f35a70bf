"""What is there already, and a principal may add to or start from: rules, windows, configurations.

Whoever may not make a rule of EventBridge may give one that is there a target of its own. Sources:
EventBridge API Reference, PutTargets; Systems Manager API Reference,
RegisterTaskWithMaintenanceWindow; Image Builder API Reference, CreateImage (a configuration that is
there has its profile already, so that no role is passed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import arn_in, joined, names_of, own_id
from iac_ec2lint.iam.escalation.rows.things import ON_OTHERS
from iac_ec2lint.iam.escalation.services.standing_work import studio_names
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    allowed_somewhere,
    asked_somewhere,
    may_do_to,
    sure,
    surest,
)
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.resources.event_rule import EventRule, EventSchedule
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.resources.identity_provider import CertificateRoles
from iac_ec2lint.resources.image_builder import InfrastructureConfiguration
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.maintenance_window import MaintenanceWindow
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces
from iac_ec2lint.resources.service_with_role import ServiceWithRole
from iac_ec2lint.resources.studio import StudioDomain, StudioUser
from iac_ec2lint.values import Answer, Unknown, Val, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, Thing
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

ADDS_TO_RULE = ("events:PutTargets",)
ADDS_TO_WINDOW = ("ssm:RegisterTaskWithMaintenanceWindow",)


_CLASSES: Final = (
    CertificateRoles,
    EventSchedule,
    LambdaFunction,
    ServiceInterfaces,
    ServiceWithRole,
)


@remembered
def changes_there(
    graph: Graph, principal: Principal, kind: EdgeKind, thing: Thing, actions: tuple[str, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may change something that is there, surely where the unit has it.

    Args:
        graph: The graph.
        principal: Who.
        kind: The row.
        thing: What it changes.
        actions: What changes it.
    """
    return surest(_changes(graph, principal, kind, thing, actions))


def _changes(
    graph: Graph, principal: Principal, kind: EdgeKind, thing: Thing, actions: tuple[str, ...]
) -> Iterator[tuple[tuple[ActionRequest, ...], Answer]]:
    own = tuple(one for one in actions if one not in ON_OTHERS)
    rest = tuple(one for one in actions if one in ON_OTHERS)
    others, allowed = tuple(asked_somewhere(principal, rest)), allowed_somewhere(principal, rest)
    for one in (one for each in _CLASSES for one in graph.all(each) if one.type in thing.types):
        asked, may = may_do_to(principal, one, own, arns_of(thing, one))
        yield (*asked, *others), one.presence.answer & may & allowed
    words = f"whether something is there with which {principal.name} can {kind.words} is not known"
    elsewhere = Answer(None, (Unknown(words, "external-id", principal.resource.span),))
    asked = tuple(asked_somewhere(principal, actions))
    yield asked, allowed_somewhere(principal, actions) & elsewhere


def arns_of(thing: Thing, one: Resource) -> tuple[Val, ...]:
    """The ARNs of something that is there, as policies may write them.

    Args:
        thing: How they are written.
        one: What is there.
    """
    return tuple(
        arn_in(one.span, thing.service, thing.before, name) for name in _names_in(thing, one)
    )


def _names_in(thing: Thing, one: Resource) -> tuple[Val, ...]:
    """What the ARN of something ends with: its name, and an id where it has one.

    A template's policy may write it as ``!Ref``, whatever it is called.
    """
    name, made = getattr(one, "name", None), own_id(one)
    if isinstance(one, StudioDomain | StudioUser):
        return studio_names(one)
    if name is None or thing.after is None:
        return (made,)
    if thing.after:
        return (joined((*(pieces_of(name) or ()), thing.after, made), one.span),)
    return (name, made) if made.attribute == "Ref" else (name,)


def adds_to(
    graph: Graph, principal: Principal, actions: tuple[str, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may add to a rule or a window that is there, and what it asks for.

    Args:
        graph: The graph.
        principal: Who.
        actions: ``ADDS_TO_RULE`` or ``ADDS_TO_WINDOW``.
    """
    return surest(_additions(graph, principal, actions))


def _additions(
    graph: Graph, principal: Principal, actions: tuple[str, ...]
) -> Iterator[tuple[tuple[ActionRequest, ...], Answer]]:
    for thing, arns in _things(graph, actions):
        asked, may = may_do_to(principal, thing, actions, arns)
        yield asked, thing.presence.answer & may


def _things(
    graph: Graph, actions: tuple[str, ...]
) -> Iterator[tuple[EventRule | MaintenanceWindow, tuple[Unknown, ...]]]:
    if actions == ADDS_TO_WINDOW:
        for window in graph.all(MaintenanceWindow):
            yield window, (arn_in(window.span, "ssm", "maintenancewindow/", own_id(window)),)
        return
    for rule in graph.all(EventRule):
        bus: tuple[str | Unknown, ...] = ()
        if rule.bus.text != "default":
            bus = (*(pieces_of(rule.bus) or ()), "/")
        names = names_of(rule, rule.name)
        arns = (joined((*bus, *(pieces_of(name) or ())), rule.span) for name in names)
        yield rule, tuple(arn_in(rule.span, "events", "rule/", arn) for arn in arns)


def builds_images(graph: Graph, role: Role) -> Answer:
    """Whether a configuration of Image Builder that is there starts instances with a role."""
    answers = []
    for held in graph.sources(role, "roles"):
        if isinstance(held.source, InstanceProfile):
            for used in graph.sources(held.source, "iam_instance_profile"):
                if isinstance(used.source, InfrastructureConfiguration):
                    there = used.source.presence.answer & sure(used.certain, used.value)
                    answers.append(there & sure(held.certain, held.value))
    return any_of(answers)
