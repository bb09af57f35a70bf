"""Services that do a principal's work with a role that it passes, but not all that the role may.

A rule of EventBridge, a pipe, a maintenance window calls some actions with its role, as whoever
makes it says. Sources:

- ``event-rule``: Amazon EventBridge User Guide, "IAM roles for sending events to targets in Amazon
  EventBridge" (Run Command, ECS tasks, CodeBuild projects); what the target is given overrides the
  command of a task and the build specification of a project.
- ``pipe``: same guide, "Permissions for Amazon EventBridge Pipes": the role also reads the source.
  A pipe that is there may be given another role, and another target, which both are passed
  (EventBridge Pipes API Reference, UpdatePipe).
- ``stack-set``: CloudFormation User Guide, "Grant self-managed permissions": the administration
  role that is passed assumes the execution role, which makes what the template says; both may be of
  one account, and have any name.
- ``window``: Systems Manager User Guide, "Setting up Maintenance Windows": without the right to
  pass it a role, nobody assigns tasks to a window.

To a rule or a window that is there whoever may add has the same (``things_there``). Each of them
also starts automations, which may do all that the role may; those are launches
(``automation-rule``, ``automation-window``).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, sets_of
from iac_ec2lint.iam.escalation.rows.things import PIPE

READS_SOURCES: Final = ("sqs:ReceiveMessage", "kinesis:GetRecords", "dynamodb:GetRecords")
"""What a role needs for a queue or a stream to start what it is for: one of these."""


class Delegate(NamedTuple):
    """A row about a service that works with a role that it is passed.

    Attributes:
        kind: The row; its words are what the service is.
        commands: Whether it runs commands on instances (``ssm:SendCommand``).
        works: What it has other things do, with their roles: actions of the rows about these.
        assumes: Whether it does what the caller says with the roles that it may assume.
    """

    kind: EdgeKind
    commands: bool = False
    works: frozenset[str] = frozenset()
    assumes: bool = False


_PIPE: Final = EdgeKind(
    "pipe",
    sets_of("pipes:CreatePipe"),
    "a pipe of EventBridge",
    ("pipes.amazonaws.com",),
    target=READS_SOURCES,
)

DELEGATES: Final = (
    Delegate(
        EdgeKind(
            "event-rule",
            sets_of("events:PutRule events:PutTargets", "events:PutTargets"),
            "a rule of EventBridge",
            ("events.amazonaws.com",),
        ),
        commands=True,
        works=frozenset({"ecs:RunTask", "codebuild:StartBuild"}),
    ),
    Delegate(_PIPE, works=frozenset({"ecs:RunTask"})),
    Delegate(
        _PIPE._replace(actions=sets_of("pipes:UpdatePipe"), changes=PIPE),
        works=frozenset({"ecs:RunTask"}),
    ),
    Delegate(
        EdgeKind(
            "stack-set",
            sets_of("cloudformation:CreateStackSet cloudformation:CreateStackInstances"),
            "a stack set",
            ("cloudformation.amazonaws.com",),
        ),
        assumes=True,
    ),
    Delegate(
        EdgeKind(
            "window",
            sets_of(
                "ssm:CreateMaintenanceWindow ssm:RegisterTaskWithMaintenanceWindow",
                "ssm:RegisterTaskWithMaintenanceWindow",
            ),
            "a maintenance window",
            ("ssm.amazonaws.com",),
        ),
        commands=True,
    ),
)
"""The services that do some of what a role may."""
