"""What is there already, and a principal may add to or start from: rules, windows, configurations.

Whoever may not make a rule of EventBridge may give one that is there a target of its own. Sources:
EventBridge API Reference, PutTargets; Systems Manager API Reference,
RegisterTaskWithMaintenanceWindow; Image Builder API Reference, CreateImage (a configuration that is
there has its profile already, so that no role is passed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam.arns import arn_in, joined
from iac_ec2lint.iam.escalation.standing_work import studio_names
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    allowed_somewhere,
    asked_somewhere,
    by_any_name,
    own_id,
    sure,
    surest,
)
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.resources.event_rule import EventRule, EventSchedule
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.resources.image_builder import InfrastructureConfiguration
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.maintenance_window import MaintenanceWindow
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces
from iac_ec2lint.resources.service_with_role import ServiceWithRole
from iac_ec2lint.resources.studio import StudioDomain, StudioUser
from iac_ec2lint.values import Answer, Reference, Unknown, Val, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.rows.kinds import Need
    from iac_ec2lint.iam.principals import Principal
    from iac_ec2lint.resources.part import Resource

ADDS_TO_RULE = ("events:PutTargets",)
ADDS_TO_WINDOW = ("ssm:RegisterTaskWithMaintenanceWindow",)


class _Kind(NamedTuple):
    """What is given another role: its types, and how its ARN is written (see ``Standing``)."""

    types: tuple[str, ...]
    service: str
    before: str
    after: str | None = ""


CHANGED: Final[dict[Need, _Kind]] = {
    "airflow": _Kind(("aws_mwaa_environment", "AWS::MWAA::Environment"), "airflow", "environment/"),
    "amplify app": _Kind(("aws_amplify_app", "AWS::Amplify::App"), "amplify", "apps/", None),
    "app runner service": _Kind(
        ("aws_apprunner_service", "AWS::AppRunner::Service"), "apprunner", "service/", "/"
    ),
    "domain": _Kind(
        ("aws_sagemaker_domain", "AWS::SageMaker::Domain"), "sagemaker", "user-profile/"
    ),
    "emr application": _Kind(
        ("aws_emrserverless_application", "AWS::EMRServerless::Application"),
        "emr-serverless",
        "/applications/",
        None,
    ),
    "flink application": _Kind(
        ("aws_kinesisanalyticsv2_application", "AWS::KinesisAnalyticsV2::Application"),
        "kinesisanalytics",
        "application/",
    ),
    "function": _Kind(
        ("aws_lambda_function", "AWS::Lambda::Function", "AWS::Serverless::Function"),
        "lambda",
        "function:",
    ),
    "notebook": _Kind(
        ("aws_sagemaker_notebook_instance", "AWS::SageMaker::NotebookInstance"),
        "sagemaker",
        "notebook-instance/",
    ),
    "schedule": _Kind(
        ("aws_scheduler_schedule", "AWS::Scheduler::Schedule"), "scheduler", "schedule/", None
    ),
    "state machine": _Kind(
        (
            "aws_sfn_state_machine",
            "AWS::Serverless::StateMachine",
            "AWS::StepFunctions::StateMachine",
        ),
        "states",
        "stateMachine:",
    ),
    "task definition": _Kind(
        ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"), "ecs", "task-definition/", ":"
    ),
}
"""What is given another role by whoever may change it."""

_CLASSES: Final = (EventSchedule, LambdaFunction, ServiceInterfaces, ServiceWithRole)


def changes_there(
    graph: Graph, principal: Principal, need: Need, actions: tuple[str, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may change something that is there, surely where the unit has it.

    Args:
        graph: The graph.
        principal: Who.
        need: A key of ``CHANGED``.
        actions: What changes it.
    """
    return surest(_changes(graph, principal, need, actions))


def _changes(
    graph: Graph, principal: Principal, need: Need, actions: tuple[str, ...]
) -> Iterator[tuple[tuple[ActionRequest, ...], Answer]]:
    row = CHANGED[need]
    for one in (one for kind in _CLASSES for one in graph.all(kind) if one.type in row.types):
        identity = Reference(one.address, "arn", one.span)
        arns = [
            arn_in(one.span, row.service, row.before, name) for name in names_in(row.after, one)
        ]
        ways = (tuple(ActionRequest(action, arn, identity) for action in actions) for arn in arns)
        asked, may = by_any_name(principal, ways)
        yield asked, one.presence.answer & may
    words = f"whether there is one ({need}) that {principal.name} may change is not known"
    elsewhere = Answer(None, (Unknown(words, "external-id", principal.resource.span),))
    asked = tuple(asked_somewhere(principal, actions))
    yield asked, allowed_somewhere(principal, actions) & elsewhere


def names_in(after: str | None, thing: Resource) -> tuple[Val, ...]:
    """What the ARN of something ends with: its name, and an id where it has one.

    A template's policy may write it as ``!Ref``, whatever it is called.

    Args:
        after: See ``Standing``.
        thing: What is there.
    """
    name, made = getattr(thing, "name", None), own_id(thing)
    if isinstance(thing, StudioDomain | StudioUser):
        return studio_names(thing)
    if name is None or after is None:
        return (made,)
    if after:
        return (joined((*(pieces_of(name) or ()), after, made), thing.span),)
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
