"""One stack: a template with the values of its parameters, evaluated on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation import serverless
from iac_ec2lint.cloudformation.conditions import Conditions, Scenario
from iac_ec2lint.cloudformation.evaluator import Evaluator
from iac_ec2lint.cloudformation.functions import dynamic
from iac_ec2lint.cloudformation.functions.call import Call
from iac_ec2lint.cloudformation.functions.choices import undecided
from iac_ec2lint.cloudformation.functions.loops import Loops
from iac_ec2lint.cloudformation.functions.mentions import Naming, mentioned, naming_parts
from iac_ec2lint.cloudformation.functions.table import FUNCTIONS
from iac_ec2lint.cloudformation.functions.texts import concatenate, depending_on
from iac_ec2lint.cloudformation.instance import StackOutput, StackResource
from iac_ec2lint.cloudformation.nest import Nest, StackPlace
from iac_ec2lint.cloudformation.parameters import pseudo
from iac_ec2lint.cloudformation.parameters.rules import RuleDemands
from iac_ec2lint.cloudformation.parameters.values import ParameterValues
from iac_ec2lint.cloudformation.scope import StackScope
from iac_ec2lint.cloudformation.syntax import TRANSFORM, intrinsic, is_directive
from iac_ec2lint.cloudformation.template import NESTED
from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.declaration.own_ports import has_own_port, own_port
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.source.budget import FREE, HINT, INSTANCE_STEPS, SPENT
from iac_ec2lint.source.diagnostic import Diagnostic, Observation
from iac_ec2lint.values import Answer, Input, Reference, Step, Unknown, Val, Value, used_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.cloudformation.options import StackOptions
    from iac_ec2lint.cloudformation.template import Template, TemplateResource
    from iac_ec2lint.source.budget import Placed
    from iac_ec2lint.values import Cause, Guard

# The depth of nested evaluations. Each takes four Python frames at most, so that the interpreter's
# limit of 1,000 is not reached from callers of ordinary depth.
_DEPTH = 150

_READER_PORT = "ReaderEndpoint.Port"
"""Of ``AWS::ElastiCache::ServerlessCache``, whose readers have a port beside the engine's."""


def as_macros_leave_it(template: Template, presence: Presence) -> Presence:
    """The presence of what a template declares, which its macros may change or take away.

    Source: CloudFormation User Guide, "Perform custom processing with template macros".
    """
    steps = tuple(
        Step(node.span, f'the macro "{name}" leaves what is written here as it is', assumed=True)
        for name, node in template.macros.items()
    )
    return Presence(None, "", steps).within(presence) if steps else presence


class Stack(Evaluator):
    """One stack.

    Args:
        template: Its template.
        options: The inputs of the deployment; the parameters are this stack's.
        nest: Finds other stacks, and receives the diagnostics of evaluation.
        prefix: The prefix of its logical IDs: the names of the stacks around it.
        callers: Where those are declared, the outermost first.
        presence: Whether the stack is certain to exist.
        place: Its place among other stacks.
    """

    def __init__(
        self,
        template: Template,
        options: StackOptions,
        nest: Nest,
        prefix: str = "",
        callers: tuple[Step, ...] = (),
        presence: Presence = CERTAIN,
        place: StackPlace | None = None,
    ) -> None:
        self.template = template
        self.options = options
        self.prefix = prefix
        self.callers = callers
        places = ", ".join(f"{step.span.path}:{step.span.line}" for step in callers)
        self.called = f"the stack {prefix.rstrip('/')} is made at {places}" if places else ""
        self.presence = as_macros_leave_it(template, presence)
        self.place = place or StackPlace(template.source.path, template.source.path, ())
        self.identity = f"{template.source.path}#{prefix}"
        self.scope = StackScope()
        self._nest = nest
        self._depth = 0
        # Whether it reads parameters of Systems Manager.
        self.reads = template.mentions("resolve:ssm:") or template.mentions("SSM::Parameter::Value")
        self._deciding = 0  # conditions may compare secrets, which are hidden elsewhere
        self._open: set[tuple[int, int]] = set()
        self._instances: dict[str, StackResource] | None = None
        self._roles: dict[str, StackResource] | None = None
        self._nested: dict[str, Stack | None] = {}
        self._parameters = ParameterValues(options, nest.report, nest.observe, len(callers))
        self._rules = RuleDemands(self)
        self._outputs: list[StackOutput] | None = None
        self._named: tuple[Naming, ...] | None = None
        # Loops of conditions run over what is evaluated, while there are none.
        self._loops = Loops(self)
        self._conditions = Conditions(self, {})
        self._conditions = Conditions(self, self._loops.conditions())

    def leave(self) -> None:
        """See ``Unit.leave``."""
        self.scope.memo.clear()
        self._nested.clear()
        self._instances = self._roles = self._outputs = self._named = None

    # The resources.

    @property
    def instances(self) -> dict[str, StackResource]:
        """The resources by logical ID, including those of loops and those that are absent."""
        if self._instances is None:
            self._instances = {}
            for name, resource in self.template.resources.items():
                if self._pay(resource):
                    self._instances[name] = self._instance(name, resource, self.scope)
            for name, resource, scope, cause in self._loops.resources():
                if self._pay(resource):
                    self._instances[name] = self._instance(name, resource, scope, cause)
        return self._instances

    def _pay(self, resource: TemplateResource) -> bool:
        steps = INSTANCE_STEPS + (resource.node.end - resource.key.start) // 16
        return self.spend(resource.key, steps) is None

    def spend(self, place: Placed, steps: int, made: int = 0) -> Unknown | None:
        """See ``Evaluator``."""
        if self._nest.budget.takes(place, steps, made):
            return None
        self._nest.report(Diagnostic.at(place.span, SPENT + HINT))
        return Unknown(SPENT, "limit", place.span)

    @property
    def roles(self) -> dict[str, StackResource]:
        """The functions for which SAM makes roles, by the logical ID of the role."""
        if self._roles is None:
            self._roles = serverless.made_roles(self.template, self.instances)
        return self._roles

    def _instance(
        self, name: str, resource: TemplateResource, scope: StackScope, cause: Unknown | None = None
    ) -> StackResource:
        presence = self.presence if cause is None else Presence(cause).within(self.presence)
        condition = resource.condition
        if condition is None:
            return StackResource(name, resource, scope, presence, absent=False)
        named = self._conditions.named_by(condition, scope)
        if isinstance(named, Unknown):
            there = Presence(named, "its condition is true").within(presence)
            return StackResource(name, resource, scope, there, absent=False)
        answer = self.decide(named, condition, scope)
        if answer.truth is None:
            unknown = undecided(named, answer.causes, condition.span)
            if named in self._conditions:
                unknown = self._either(named, unknown, scope)
                scope = self.assume(named, True, scope)
            words = self.step(named, True).words
            there = Presence(unknown, words, guard=scope.guard).within(presence)
            return StackResource(name, resource, scope, there, absent=False)
        if answer.assumptions:
            presence = Presence(None, "", answer.assumptions).within(presence)
        return StackResource(name, resource, scope, presence, absent=not answer.truth)

    def _either(self, name: str, unknown: Unknown, scope: StackScope) -> Unknown:
        """An undecided condition as what it can come to, as ``Fn::If`` has it."""
        span = unknown.span
        steps = (
            (truth, self.step(name, truth)._replace(guard=self.assume(name, truth, scope).guard))
            for truth in (True, False)
        )
        return unknown.but(candidates=tuple(Value(truth, span, (step,)) for truth, step in steps))

    def check_parameters(self) -> None:
        """Report each given value that a deployment would reject."""
        for parameter in self.template.parameters.values():
            self._parameters.given(parameter)

    def nested(self, logical_id: str) -> Stack | None:
        """The stack that a resource creates; ``None`` where there is none, or it is unknown."""
        if logical_id not in self._nested:
            self._nested[logical_id] = None
            instance = self.instances.get(logical_id)
            if instance is not None and not instance.absent:
                self._nested[logical_id] = self._nest.nested.made_by(self, instance)
        return self._nested[logical_id]

    def mentioned(self, kinds: frozenset[str]) -> frozenset[str]:
        """The logical IDs that stand in it, but for resources of some types."""
        if self._named is None:
            self._named = naming_parts(self, self._loops)
        return mentioned(self._named, kinds)

    def output(self, name: str) -> Val | None:
        """The value of an output; ``None`` where there is no such output."""
        for output in self.outputs():
            if output.name == name:
                value = output.node.get("Value")
                return None if value is None else self.evaluate(value, output.scope)
        return None

    def outputs(self) -> list[StackOutput]:
        """The outputs that are not certain to be absent."""
        if self._outputs is None:
            self._outputs = self._read_outputs()
        return self._outputs

    def _read_outputs(self) -> list[StackOutput]:
        found: list[StackOutput] = []
        for name, key, node, scope, cause in self._loops.outputs():
            if not isinstance(node, Mapping):
                continue
            presence = self.presence if cause is None else Presence(cause).within(self.presence)
            condition = node.get("Condition")
            inner = scope
            named = None if condition is None else self._conditions.named_by(condition, scope)
            if isinstance(named, Unknown):
                presence = Presence(named, "its condition is true").within(presence)
            elif condition is not None and named is not None:
                answer = self.decide(named, condition, scope)
                if answer.truth is False:
                    continue
                if answer.truth is None:
                    unknown = undecided(named, answer.causes, condition.span)
                    if named in self._conditions:
                        inner = self.assume(named, True, scope)
                    words = self.step(named, True).words
                    presence = Presence(unknown, words, guard=inner.guard).within(presence)
                elif answer.assumptions:
                    presence = Presence(None, "", answer.assumptions).within(presence)
            found.append(StackOutput(name, key, node, inner, presence))
        return found

    # Evaluation.

    def evaluate(self, node: Node, scope: StackScope) -> Val | None:
        """See ``Evaluator``."""
        if isinstance(node, Scalar):
            plain = "{" not in node.text  # as nearly always
            value: Val | None = Value(node.data, node.span) if plain else self._scalar(node, scope)
            return self._read(value) if self.reads else value
        # A condition may compare a secret, which is hidden where the same node is used, through an
        # alias, as a property.
        key = ~id(node) if self._deciding else id(node)
        memo = scope.memo
        if key in memo:
            return memo[key]
        mark = (id(scope), key)
        if mark in self._open:
            return self.fail(node, "what is written here depends on itself")
        if self._depth >= _DEPTH:
            return self._too_deep(node)
        self._open.add(mark)
        self._depth += 1
        try:
            value = self._collection(node, scope)
        except RecursionError:
            if self._depth > 1:
                raise
            # Called at great depth, or through a chain that the bound does not count.
            value = self._too_deep(node)
        finally:
            self._depth -= 1
            self._open.discard(mark)
        if isinstance(value, Value) and isinstance(value.data, str) and len(value.data) >= FREE:
            length = len(value.data)
            spent = self.spend(node, length // FREE, length)
            value = value if spent is None else spent
        if self.reads:
            value = self._read(value)
        memo[key] = value
        return value

    def _read(self, value: Val | None) -> Val | None:
        """A value with what other stacks write to the parameters that it reads."""
        if isinstance(value, Reference) and value.target.startswith(dynamic.SSM):
            written = self._nest.imports.parameter(self, value)
            return value if written is None else written
        if not isinstance(value, Unknown) or not value.parts:
            return value
        parts: list[Val] = []
        changed = False
        for part in value.parts:
            own: Val = Value(part, value.span, value.via) if isinstance(part, str) else part
            read = self._read(own)
            changed = changed or read is not own
            parts.append(own if read is None else read)
        return concatenate(parts, value.span) if changed else value

    def _too_deep(self, node: Node) -> Unknown:
        self.fail(node, f"more than {_DEPTH} evaluations inside one another")
        return Unknown("it is nested too deeply", "limit", node.span)

    def _scalar(self, node: Scalar, scope: StackScope) -> Val:
        """Text with a brace: a dynamic reference, or the name of something bound, may be in it."""
        text = node.text
        filled = scope.fill(text) if scope.bindings else text
        if dynamic.MARK in filled:
            return concatenate(dynamic.parts_of(filled, node.span), node.span)
        return Value(filled if filled != text else node.data, node.span)

    def _collection(self, node: Sequence | Mapping | Tagged, scope: StackScope) -> Val | None:
        call = intrinsic(node)
        if call is not None:
            function = FUNCTIONS.get(call.name)
            if function is None:
                name = node.tag[1:] if isinstance(node, Tagged) else call.name
                if is_directive(name) or name in self.template.directives:
                    reason = f"{name} is replaced before the template is deployed"
                    return self.missing(node, name, reason)
                if isinstance(node, Tagged):
                    # Reported once for the whole template.
                    return Unknown(f"{node.tag} is no function", "error", node.span)
                return self.fail(node, f"{call.name} is no function of CloudFormation")
            return function(Call(self, call.name, call.argument, call.node, scope))
        if isinstance(node, Sequence):
            members = []
            for item in node.items:
                value = self.evaluate(item, scope)
                if value is not None:
                    members.append(value)
            return Value(tuple(members), node.span)
        if isinstance(node, Mapping):
            return self._mapping(node, scope)
        raise TypeError(node)

    def _mapping(self, node: Mapping, scope: StackScope) -> Val | None:
        members: dict[str, Val] = {}
        for name, (key, child) in node.entries.items():
            if name.startswith("Fn::"):
                if name == TRANSFORM:
                    return FUNCTIONS[name](Call(self, name, child, child, scope))
                turns = self._loops.turns(name, key, child, scope)
                if isinstance(turns, Unknown):
                    return turns
                for inner, body in turns:
                    value = self.evaluate(body, inner)
                    if isinstance(value, Unknown):
                        return value
                    if value is not None:
                        members.update(value.items())
                continue
            value = self.evaluate(child, scope)
            if value is not None:
                members[scope.fill(name) if scope.bindings else name] = value
        return Value(members, node.span)

    # Names and attributes.

    def name(self, name: str, node: Node, scope: StackScope) -> Val | None:
        """See ``Evaluator``."""
        if scope.bindings:
            bound = scope.bindings.get(name)
            if bound is not None:
                return bound
            name = scope.fill(name)
        if name.startswith("AWS::"):
            if name == "AWS::NoValue":
                return None
            if name in pseudo.NAMES:
                return pseudo.value_of(name, self.options, node.span, self.prefix)
        parameter = self.template.parameters.get(name)
        if parameter is not None:
            ruled, steps = self._rules.of(parameter, scope)
            pinned, shown = scope.pins.get(name), self._deciding > 0
            value = self._parameters.value(ruled, node.span, pinned, shown=shown)
            return value.after(*steps) if steps and isinstance(value, Unknown) else value
        instance = self.instances.get(name)
        if instance is None:
            if name in self.roles:
                return Reference(self.prefix + name, "Ref", node.span)
            return self._nothing(name, "parameter or resource", node)
        if instance.absent:
            return self._absent(instance, node, scope)
        kind = instance.type_of("Ref")
        return Reference(self.prefix + name, "Ref", node.span, type=kind)

    def _nothing(self, name: str, kind: str, node: Node) -> Unknown:
        if name in self.template.resources:
            return Unknown(SPENT, "limit", node.span)
        if self._may_be_made(name):
            return Unknown(f'"{name}" is made by a macro or module', "module", node.span)
        return self.fail(node, f'there is no {kind} "{name}"')

    def _absent(self, instance: StackResource, node: Node, scope: StackScope) -> Unknown:
        condition = instance.resource.condition
        named = None if condition is None else self.condition_of(instance.scope, condition)
        why = "" if named is None else f': its condition "{named}" is false'
        message = f'the resource "{instance.logical_id}" is not created{why}'
        return self.fail(node, message, scope)

    def _may_be_made(self, name: str) -> bool:
        """Whether a macro, module or loop that is not evaluated here may declare a name."""
        if self.template.has_macros or self.template.is_serverless:
            return True
        return any(instance.may_make(name) for instance in self.instances.values())

    def attribute(
        self, logical_id: str, attribute: str, node: Node, scope: StackScope
    ) -> Val | None:
        """See ``Evaluator``."""
        if scope.bindings:
            logical_id = scope.fill(logical_id)
            attribute = scope.fill(attribute)
        instance = self.instances.get(logical_id)
        if instance is None:
            if logical_id in self.roles:
                return Reference(self.prefix + logical_id, attribute, node.span)
            return self._nothing(logical_id, "resource", node)
        if instance.absent:
            return self._absent(instance, node, scope)
        kind = instance.type_of(attribute)
        reference = Reference(self.prefix + logical_id, attribute, node.span, type=kind)
        if instance.resource.type in NESTED and attribute.startswith("Outputs."):
            return self._output_of(logical_id, attribute[len("Outputs.") :], reference, node)
        resource = instance.resource
        if resource.is_custom:  # what the function answers, a person can say
            return self._to_be_said(reference, "", reference.cause)
        properties = resource.properties
        if isinstance(properties, Mapping) and attribute in properties.entries:
            value = self.evaluate(properties.entries[attribute][1], instance.scope)
            if isinstance(value, Value) and not value.is_null:
                return value.read_from(reference)
            if isinstance(value, Reference):
                return value
        port = self._port(instance, attribute)
        return reference if port is None else port.read_from(reference)

    def _port(self, instance: StackResource, attribute: str) -> Value | None:
        """The port of a data store (``Endpoint.Port``), where it is written or the engine's own."""
        resource = instance.resource
        properties = resource.properties
        if attribute.rpartition(".")[2] != "Port" or not has_own_port(resource.type):
            return None
        if not isinstance(properties, Mapping) or attribute == _READER_PORT:
            return None

        def read(name: str) -> Val | None:
            node = properties.get(name)
            return self.evaluate(node, instance.scope) if node is not None else None

        for name in ("Port", "DBPort"):
            written = read(name)
            if written is not None:
                return written if isinstance(written, Value) else None
        return own_port(resource.type, instance.logical_id, resource.key.span, read)

    def _output_of(
        self, logical_id: str, output: str, reference: Reference, node: Node
    ) -> Val | None:
        stack = self.nested(logical_id)
        if stack is None:
            return self._to_be_said(reference, self._nest.nested.unread(self, logical_id), "module")
        value = stack.output(output)
        if value is None:
            return self.fail(node, f'the nested stack "{logical_id}" has no output "{output}"')
        step = Step(node.span, f'output "{output}" of nested stack "{logical_id}"')
        return used_at(value, node.span).after(step)

    def _to_be_said(self, reference: Reference, reason: str, cause: Cause) -> Val:
        """The value of an attribute that is known after a deployment, or to a person now."""
        key, span = f"{reference.target}.{reference.attribute}", reference.span
        stated = self.options.stated.value(key, span)
        asked = Reference(
            reference.target,
            reference.attribute,
            span,
            reason=reason,
            cause=cause,
            inputs=(Input(key, span),),
        )
        return asked if stated is None else stated.read_from(asked)

    def imported(self, name: Val, node: Node) -> Val:
        """See ``Evaluator``."""
        key = f"export:{name.text}"
        stated = self.options.stated.value(key, node.span) if name.text is not None else None
        exported = self._nest.imports.exported(self, name, node) if stated is None else None
        if exported is not None:
            return exported
        if isinstance(name, Unknown):
            return depending_on([name], node.span)
        reference = Reference(
            key,
            "Value",
            node.span,
            reason=f'"{name.text}" is exported by another stack',
            cause="external-id",
            inputs=(Input(key, node.span),),
        )
        return reference if stated is None else stated.read_from(reference)

    # Conditions.

    def condition_of(self, scope: StackScope, node: Node) -> str:
        """The name of a condition that something has, as far as it is known."""
        named = self._conditions.named_by(node, scope)
        return node.span.text if isinstance(named, Unknown) else named

    def decide(self, condition: str, node: Node, scope: StackScope) -> Answer:
        """See ``Evaluator``."""
        self._deciding += 1
        try:
            return self._conditions.decide(condition, node, scope)
        finally:
            self._deciding -= 1

    def decided(self, assumptions: Iterable[Step]) -> None:
        """See ``Evaluator``."""
        self.options.branches.decided(assumptions)

    def has_condition(self, name: str) -> bool:
        """See ``Evaluator``."""
        return name in self._conditions

    def assume(self, condition: str, truth: bool, scope: StackScope) -> StackScope:
        """See ``Evaluator``."""
        return self._conditions.assume(condition, truth, scope)

    def parameter_is(self, name: str, value: str, *, holds: bool) -> Guard:
        """See ``Evaluator``."""
        return self._conditions.parameter_is(name, value, holds=holds)

    def step(self, condition: str, truth: bool) -> Step:
        """See ``Evaluator``."""
        return self._conditions.step(condition, truth)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The names of the conditions, in order."""
        return self._conditions.names

    def condition_key(self, name: str) -> Scalar:
        """Where one of its conditions is declared."""
        return self._conditions.key_of(name)

    def scenarios(self, *names: str) -> list[Scenario]:
        """The possible combinations of conditions' truth values; see ``Conditions.scenarios``."""
        return self._conditions.scenarios(names, self.template.root, self.scope)

    # Errors.

    def fail(self, node: Node, message: str, scope: StackScope | None = None) -> Unknown:
        """See ``Evaluator``."""
        if scope is not None and (scope.assumed or not self.presence.certain):
            scope.withheld.append((node, message))
        else:
            self._nest.report(Diagnostic.at(node.span, message), self.called)
        return Unknown(message, "error", node.span)

    def to_be_set(self, node: Node, message: str, default: Step, scope: StackScope) -> Unknown:
        """See ``Evaluator``."""
        if self.called and default.span.path == node.span.path:
            return self.fail(node, message, scope)
        words = f"with the {default.words}, {message}"
        if self.presence.certain and not scope.assumed:
            self._nest.observe(Observation("default-to-be-set", node.span, words))
        return Unknown(words, "parameter", node.span)

    def missing(self, node: Node, source: str, message: str) -> Unknown:
        """See ``Evaluator``."""
        self._nest.missing(source, node)
        return Unknown(message, "module", node.span)
