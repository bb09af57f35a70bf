"""Rules of EventBridge: which events lead to what."""

from iac_ec2lint.resources.field import anything, boolean, parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource


class RuleTarget(Part):
    """What a rule sends events to, as CloudFormation lists it."""

    arn = text(None, "Arn")
    runs_commands = boolean(None, "EcsParameters.EnableExecuteCommand", implied=False)
    security_groups = references(
        None,
        "EcsParameters.NetworkConfiguration.AwsVpcConfiguration.SecurityGroups",
        to=("SecurityGroup",),
    )
    task_definition = reference(None, "EcsParameters.TaskDefinitionArn", to=("ServiceWithRole",))


class EventRule(Resource):
    """A rule (EventBridge User Guide, "Rules in Amazon EventBridge").

    Attributes:
        pattern: JSON text, or in CloudFormation the structure itself.
    """

    terraform = ("aws_cloudwatch_event_rule",)
    cloudformation = ("AWS::Events::Rule",)
    names = ("name",)

    bus = text("event_bus_name", "EventBusName", implied="default")
    is_enabled = boolean("is_enabled", None, implied=True)
    name = text("name", "Name")
    pattern = anything("event_pattern", "EventPattern")
    state = text("state", "State", implied="ENABLED")
    targets = parts(RuleTarget, None, "Targets")


class EventTarget(Resource):
    """What a rule sends events to, declared on its own."""

    terraform = ("aws_cloudwatch_event_target",)

    arn = text("arn", None)
    rule = reference("rule", None, to=("EventRule",))
    runs_commands = boolean("ecs_target.enable_execute_command", None, implied=False)
    security_groups = references(
        "ecs_target.network_configuration.security_groups", None, to=("SecurityGroup",)
    )
    task_definition = reference("ecs_target.task_definition_arn", None, to=("ServiceWithRole",))


class EventSchedule(Resource):
    """A schedule of EventBridge Scheduler, as far as it runs tasks of ECS."""

    terraform = ("aws_scheduler_schedule",)
    cloudformation = ("AWS::Scheduler::Schedule",)

    runs_commands = boolean(
        "target.ecs_parameters.enable_execute_command",
        "Target.EcsParameters.EnableExecuteCommand",
        implied=False,
    )
    security_groups = references(
        "target.ecs_parameters.network_configuration.security_groups",
        "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
        to=("SecurityGroup",),
    )
    state = text("state", "State", implied="ENABLED")
    task_definition = reference(
        "target.ecs_parameters.task_definition_arn",
        "Target.EcsParameters.TaskDefinitionArn",
        to=("ServiceWithRole",),
    )
