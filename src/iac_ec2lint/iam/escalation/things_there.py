"""What is there already, and a principal may add to or start from: rules, windows, configurations.

Whoever may not make a rule of EventBridge may give one that is there a target of its own. Sources:
EventBridge API Reference, PutTargets; Systems Manager API Reference,
RegisterTaskWithMaintenanceWindow; Image Builder API Reference, CreateImage (a configuration that is
there has its profile already, so that no role is passed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.arns import arn_in, joined
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
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
from iac_ec2lint.values import Answer, Reference, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.rows.kinds import Need
    from iac_ec2lint.iam.principals import Principal

ADDS_TO_RULE = ("events:PutTargets",)
ADDS_TO_WINDOW = ("ssm:RegisterTaskWithMaintenanceWindow",)


CHANGED: Final[dict[Need, tuple[str, ...]]] = {
    "airflow": ("aws_mwaa_environment", "AWS::MWAA::Environment"),
    "amplify app": ("aws_amplify_app", "AWS::Amplify::App"),
    "app runner service": ("aws_apprunner_service", "AWS::AppRunner::Service"),
    "domain": ("aws_sagemaker_domain", "AWS::SageMaker::Domain"),
    "emr application": ("aws_emrserverless_application", "AWS::EMRServerless::Application"),
    "flink application": (
        "aws_kinesisanalyticsv2_application",
        "AWS::KinesisAnalyticsV2::Application",
    ),
    "function": ("aws_lambda_function", "AWS::Lambda::Function", "AWS::Serverless::Function"),
    "notebook": ("aws_sagemaker_notebook_instance", "AWS::SageMaker::NotebookInstance"),
    "schedule": ("aws_scheduler_schedule", "AWS::Scheduler::Schedule"),
    "state machine": (
        "aws_sfn_state_machine",
        "AWS::Serverless::StateMachine",
        "AWS::StepFunctions::StateMachine",
    ),
    "task definition": ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"),
}
"""What is given another role by whoever may change it, by its types."""

_CLASSES: Final = (EventSchedule, LambdaFunction, ServiceInterfaces, ServiceWithRole)


def may_be_changed(graph: Graph, need: Need, role: Role) -> Answer:
    """Whether something is there that may be given a role: surely if the unit has one.

    Args:
        graph: The graph.
        need: A key of ``CHANGED``.
        role: The role.
    """
    found = any_of(
        one.presence.answer
        for kind in _CLASSES
        for one in graph.all(kind)
        if one.type in CHANGED[need]
    )
    words = f"whether there is one ({need}) to give {role.address} is not known"
    return found if found.truth else Answer(None, (Unknown(words, "external-id", role.span),))


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
