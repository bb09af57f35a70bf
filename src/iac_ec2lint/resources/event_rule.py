"""Rules of EventBridge: which events lead to what."""

from iac_ec2lint.resources.field import anything, boolean, parts, reference, text
from iac_ec2lint.resources.part import Part, Resource


class RuleTarget(Part):
    """What a rule sends events to, as CloudFormation lists it."""

    arn = text(None, "Arn")


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
