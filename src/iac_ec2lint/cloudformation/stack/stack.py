"""One stack: a template with the values of its parameters, evaluated on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from iac_ec2lint.cloudformation.conditions.conditions import Conditions
from iac_ec2lint.cloudformation.functions.choices import either, undecided
from iac_ec2lint.cloudformation.instance import StackOutput, StackResource
from iac_ec2lint.cloudformation.parameters import pseudo
from iac_ec2lint.cloudformation.parameters.rules import RuleDemands
from iac_ec2lint.cloudformation.parameters.values import ParameterValues
from iac_ec2lint.cloudformation.scope import StackScope
from iac_ec2lint.cloudformation.stack import roles as serverless
from iac_ec2lint.cloudformation.stack.expressions import Expressions
from iac_ec2lint.cloudformation.stack.mentions import Naming, mentioned, naming_parts
from iac_ec2lint.cloudformation.stack.place import StackPlace, as_macros_leave_it
from iac_ec2lint.cloudformation.stack.ports import port_of
from iac_ec2lint.cloudformation.template.resource import NESTED
from iac_ec2lint.cloudformation.texts import depending_on
from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.document.tree import Mapping, Node, Scalar
from iac_ec2lint.source.budget import HINT, INSTANCE_STEPS, SPENT
from iac_ec2lint.source.diagnostic import Diagnostic, Observation
from iac_ec2lint.values import Answer, Input, Reference, Step, Unknown, Val, Value, used_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.cloudformation.options import StackOptions
    from iac_ec2lint.cloudformation.template.resource import TemplateResource
    from iac_ec2lint.cloudformation.template.template import Template
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.source.budget import Budget, Placed
    from iac_ec2lint.source.diagnostic import Diagnostic, Observation
    from iac_ec2lint.values import Cause, Guard


class Stack(Expressions):
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
        super().__init__(template, options, prefix)
        self.callers = callers
        places = ", ".join(f"{step.span.path}:{step.span.line}" for step in callers)
        self.called = f"the stack {prefix.rstrip('/')} is made at {places}" if places else ""
        self.presence = as_macros_leave_it(template, presence)
        self.place = place or StackPlace(template.source.path, template.source.path, ())
        self.nest = nest
        self._instances: dict[str, StackResource] | None = None
        self._roles: dict[str, StackResource] | None = None
        self._nested: dict[str, Stack | None] = {}
        self._parameters = ParameterValues(options, nest.report, nest.observe, len(callers))
        self._rules = RuleDemands(self)
        self._outputs: list[StackOutput] | None = None
        self._named: tuple[Naming, ...] | None = None
        # Loops of conditions run over what is evaluated, while there are none.
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
        if self.nest.budget.takes(place, steps, made):
            return None
        self.nest.report(Diagnostic.at(place.span, SPENT + HINT))
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
        truth, scope, presence = self._there(condition, scope, presence, each=True)
        return StackResource(name, resource, scope, presence, absent=truth is False)

    def _there(
        self, condition: Node, scope: StackScope, presence: Presence, *, each: bool = False
    ) -> tuple[bool | None, StackScope, Presence]:
        """Whether what has a condition is there, its scope, and its presence.

        Args:
            condition: What names the condition.
            scope: The scope of what has it.
            presence: The presence of what that is declared in.
            each: Whether a condition that is undecided is told as what it can come to.
        """
        named = self._conditions.named_by(condition, scope)
        if isinstance(named, Unknown):
            return None, scope, Presence(named, "its condition is true").within(presence)
        answer = self.decide(named, condition, scope)
        if answer.truth is None:
            unknown = undecided(named, answer.causes, condition.span)
            if named in self._conditions:
                unknown = either(self, named, unknown, scope) if each else unknown
                scope = self.assume(named, True, scope)
            words = self.step(named, True).words
            presence = Presence(unknown, words, guard=scope.guard).within(presence)
        elif answer.assumptions:
            presence = Presence(None, "", answer.assumptions).within(presence)
        return answer.truth, scope, presence

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
                self._nested[logical_id] = self.nest.nested.made_by(self, instance)
        return self._nested[logical_id]

    def mentioned(self, kinds: frozenset[str]) -> frozenset[str]:
        """The logical IDs that stand in it, but for resources of some types."""
        if self._named is None:
            self._named = naming_parts(self.template, self.instances, self.scope, self._loops)
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
            if condition is not None:
                truth, inner, presence = self._there(condition, scope, presence)
                if truth is False:
                    continue
            found.append(StackOutput(name, key, node, inner, presence))
        return found

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
        port = port_of(self, instance, attribute)
        return reference if port is None else port.read_from(reference)

    def _output_of(
        self, logical_id: str, output: str, reference: Reference, node: Node
    ) -> Val | None:
        stack = self.nested(logical_id)
        if stack is None:
            return self._to_be_said(reference, self.nest.nested.unread(self, logical_id), "module")
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

    def written(self, read: Reference) -> Val | None:
        """See ``Expressions``."""
        return self.nest.imports.parameter(self, read)

    def imported(self, name: Val, node: Node) -> Val:
        """See ``Evaluator``."""
        key = f"export:{name.text}"
        stated = self.options.stated.value(key, node.span) if name.text is not None else None
        exported = self.nest.imports.exported(self, name, node) if stated is None else None
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

    # Errors.

    def fail(self, node: Node, message: str, scope: StackScope | None = None) -> Unknown:
        """See ``Evaluator``."""
        if scope is not None and (scope.assumed or not self.presence.certain):
            scope.withheld.append((node, message))
        else:
            self.nest.report(Diagnostic.at(node.span, message), self.called)
        return Unknown(message, "error", node.span)

    def to_be_set(self, node: Node, message: str, default: Step, scope: StackScope) -> Unknown:
        """See ``Evaluator``."""
        if self.called and default.span.path == node.span.path:
            return self.fail(node, message, scope)
        words = f"with the {default.words}, {message}"
        if self.presence.certain and not scope.assumed:
            self.nest.observe(Observation("default-to-be-set", node.span, words))
        return Unknown(words, "parameter", node.span)

    def missing(self, node: Node, source: str, message: str) -> Unknown:
        """See ``Evaluator``."""
        self.nest.missing(source, node)
        return Unknown(message, "module", node.span)


class Imported(Protocol):
    """What stacks have of others; see ``joins.imports``."""

    def exported(self, stack: Stack, name: Val, node: Node) -> Val | None:
        """The value that a stack exports with a name; ``None`` where no stack of the scan does."""

    def parameter(self, stack: Stack, read: Reference) -> Val | None:
        """What a stack writes to a parameter of Systems Manager; ``None`` for nothing."""


class Nested(Protocol):
    """The stacks that stacks nest; see ``joins.nested``."""

    def made_by(self, stack: Stack, instance: StackResource) -> Stack | None:
        """The stack that a resource creates; ``None`` where its template is not on the disk."""

    def unread(self, stack: Stack, logical_id: str) -> str:
        """Why nothing is known of the stack that a resource creates."""


class Nest(Protocol):
    """Finds the stacks that a stack nests or imports from.

    Attributes:
        budget: What the unit may still take.
    """

    budget: Budget

    @property
    def imports(self) -> Imported:
        """What its stacks import of others."""

    @property
    def nested(self) -> Nested:
        """The stacks that they nest."""

    def missing(self, source: str, node: Node) -> None:
        """Record a template, macro or snippet that is not on the disk."""

    def observe(self, observation: Observation) -> None:
        """Add an observation, once."""

    def report(self, diagnostic: Diagnostic, call: str = "") -> None:
        """Add a diagnostic, once, and the nested stack that it is met in; see ``Diagnostics``."""
