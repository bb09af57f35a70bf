"""What is there already, and a principal may add to or start from: rules, windows, configurations.

Whoever may not make a rule of EventBridge may give one that is there a target of its own. Sources:
EventBridge API Reference, PutTargets; Systems Manager API Reference,
RegisterTaskWithMaintenanceWindow; Image Builder API Reference, CreateImage (a configuration that is
there has its profile already, so that no role is passed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.iam.arns import arn_in, joined
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    by_any_name,
    own_id,
    sure,
    surest,
)
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.resources.event_rule import EventRule
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.resources.image_builder import InfrastructureConfiguration
from iac_ec2lint.resources.maintenance_window import MaintenanceWindow
from iac_ec2lint.values import Answer, Reference, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principals import Principal

ADDS_TO_RULE = ("events:PutTargets",)
ADDS_TO_WINDOW = ("ssm:RegisterTaskWithMaintenanceWindow",)


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
        identity = Reference(thing.address, "arn", thing.span)
        ways = ((ActionRequest(actions[0], arn, identity),) for arn in arns)
        asked, may = by_any_name(principal, ways)
        yield asked, thing.presence.answer & may


def _things(
    graph: Graph, actions: tuple[str, ...]
) -> Iterator[tuple[EventRule | MaintenanceWindow, tuple[Unknown, ...]]]:
    if actions == ADDS_TO_WINDOW:
        for window in graph.all(MaintenanceWindow):
            yield window, (arn_in(window.span, "ssm", "maintenancewindow/", own_id(window)),)
        return
    for rule in graph.all(EventRule):
        names = [own_id(rule)] if rule.name is None else [rule.name, own_id(rule)]
        bus: tuple[str | Unknown, ...] = ()
        if rule.bus.text != "default":
            bus = (*(pieces_of(rule.bus) or ()), "/")
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
