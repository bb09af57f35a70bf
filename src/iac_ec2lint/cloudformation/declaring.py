"""The declarations of a unit's stacks, with what is passed to what is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.joins.imports import parameters_read
from iac_ec2lint.cloudformation.joins.nested import NestedStacks
from iac_ec2lint.cloudformation.parameters.nested import by_key, given_to, overridden
from iac_ec2lint.cloudformation.parameters.pseudo import given_region
from iac_ec2lint.cloudformation.stack import roles as serverless
from iac_ec2lint.cloudformation.stack.properties import body_of
from iac_ec2lint.cloudformation.stack.stack import Stack
from iac_ec2lint.cloudformation.syntax import intrinsic
from iac_ec2lint.cloudformation.template.resource import (
    MODULE,
    NESTED,
    PRODUCT,
    extent,
    is_third_party,
)
from iac_ec2lint.declaration import (
    CERTAIN,
    Declaration,
)
from iac_ec2lint.document.tree import Mapping, Node
from iac_ec2lint.values import (
    Step,
    Val,
    references_of,
    walk_possible,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.cloudformation.instance import StackOutput, StackResource
    from iac_ec2lint.cloudformation.joins.record import UnitRecord
    from iac_ec2lint.declaration import Section
    from iac_ec2lint.source.span import Span

_ROLE = "AWS::IAM::Role"
_OUTPUT = "output"
_MODULE = "module"


class StackDeclarations:
    """Declares what the stacks of one unit declare.

    Args:
        record: What is read for the unit.
        nested: The stacks that its stacks nest.

    Attributes:
        stacks: The stacks that are declared by now.
    """

    def __init__(self, record: UnitRecord, nested: NestedStacks) -> None:
        self._record = record
        self._result = record.result
        self._nested = nested
        self.stacks: list[Stack] = []

    def add(self, root: Stack, wanted: frozenset[str] | None) -> None:
        """Declare what a root stack, and the stacks that it nests, have of some types.

        Args:
            root: The stack.
            wanted: The types; ``None`` for those of all resources.
        """
        pending = [root]
        while pending:
            stack = pending.pop(0)
            self.stacks.append(stack)
            for name in stack.conditions:
                stack.decide(name, stack.template.root, stack.scope)
            for logical_id, instance in stack.instances.items():
                kind = instance.resource.type
                if instance.absent:
                    if wanted is None or kind in wanted or kind in NESTED:
                        self._result.branches.absent(
                            "resource",
                            f"{stack.prefix}{logical_id}",
                            instance.resource.key.span,
                            instance.presence.assumptions,
                            kind,
                        )
                    continue
                if wanted is None or kind in wanted:
                    self._result.declarations.append(self._declare(stack, instance))
                    self._follow_imports(stack, instance)
                if kind.endswith((MODULE, PRODUCT)):
                    self._record.missing(kind, instance.resource.key)
                    self._note_unread(stack, instance, instance.resource.properties, wanted)
                if is_third_party(kind):
                    taker = f"{stack.prefix}{logical_id}, whose type {kind} is not AWS's"
                    properties = instance.resource.properties
                    self._result.escapes.add(self._passed(stack, instance, properties), taker)
                if kind in NESTED:
                    self._follow_imports(stack, instance)
                    inner = stack.nested(logical_id)
                    if inner is not None:
                        pending += [inner, *self._nested.with_overrides(stack, instance, inner)]
                    elif isinstance(instance.resource.properties, Mapping):
                        self._note_unread(stack, instance, given_to(instance), wanted)
                        for number, own in overridden(instance):
                            self._note_unread(stack, instance, by_key(own), wanted, f"[{number}]")
            if stack.template.made_elsewhere is not None:
                self._note_made(stack, stack.template.made_elsewhere, wanted)
            if wanted is not None and _OUTPUT in wanted:
                for output in stack.outputs():
                    self._result.declarations.append(self._declare_output(stack, output))
            if wanted is None or _ROLE in wanted:
                for name, function in stack.roles.items():
                    self._result.declarations.append(self._declare_role(stack, name, function))

    def _note_unread(
        self,
        stack: Stack,
        instance: StackResource,
        given: Node | None,
        wanted: frozenset[str] | None,
        suffix: str = "",
    ) -> None:
        """Declare a stack or a module of which nothing is known, with what is passed to it."""
        # Evaluated now: what is wrong with it is told, whether or not anybody asks.
        self._result.escapes.add([*self._passed(stack, instance, given)])
        if wanted is not None and _MODULE in wanted:
            address = stack.prefix + instance.logical_id + suffix
            body = body_of(stack, given, instance.scope, instance.resource.key.span)
            self._result.declarations.append(
                self._declaration(stack, instance, _MODULE, address, body, stack.callers, None)
            )

    def _note_made(self, stack: Stack, node: Node, wanted: frozenset[str] | None) -> None:
        """Declare what adds resources that are not read: they may name each one that is here."""
        self._result.escapes.add((stack.prefix + one, node.span) for one in stack.instances)
        if wanted is not None and _MODULE in wanted:
            self._result.declarations.append(
                Declaration(
                    language="cloudformation",
                    type=_MODULE,
                    address=f"{stack.prefix}Resources",
                    span=node.span,
                    extent=node.span,
                    body=body_of(stack, None, stack.scope, node.span),
                    presence=CERTAIN,
                    callers=stack.callers,
                    scope=stack.place.account,
                    unit=stack.place.unit,
                    region=_region(stack),
                )
            )

    def _passed(
        self, stack: Stack, instance: StackResource, given: Node | None
    ) -> Iterator[tuple[str, Span]]:
        """The resources that are passed to a stack or a module of which nothing is known."""
        nodes: list[Node | None] = [given]
        if isinstance(given, Mapping) and intrinsic(given) is None:
            nodes = [node for _, node in given.entries.values()]
        for node in nodes:
            value = stack.evaluate(node, instance.scope) if node is not None else None
            for part in walk_possible(value) if value is not None else ():
                for reference in references_of(part):
                    yield reference.target, reference.span

    def _follow_imports(self, stack: Stack, instance: StackResource) -> None:
        """Evaluate what a resource has of other stacks, so that these are declared too."""
        if stack.template.imports:
            for node in instance.resource.imports:
                stack.evaluate(node, instance.scope)
        if stack.reads and self._result.joins.taken:
            for node in parameters_read(stack.template, instance.resource):
                stack.evaluate(node, instance.scope)

    def _declare(self, stack: Stack, instance: StackResource) -> Declaration:
        resource = instance.resource
        metadata = resource.node.get("Metadata")
        said: Val | None = None
        if metadata is not None:
            said = stack.evaluate(metadata, instance.scope)
        callers = stack.callers
        construct = said.items().get("aws:cdk:path") if said is not None else None
        if construct is not None and construct.text:
            step = Step(construct.span, f'CDK construct "{construct.text}"')
            callers = (*callers, step)
        body = body_of(stack, resource.properties, instance.scope, resource.key.span)
        address = stack.prefix + instance.logical_id
        return self._declaration(stack, instance, resource.type, address, body, callers, said)

    def _declare_output(self, stack: Stack, output: StackOutput) -> Declaration:
        key, node = output.key, output.node
        return Declaration(
            language="cloudformation",
            type=_OUTPUT,
            address=f"{stack.prefix}Outputs.{output.name}",
            span=key.span,
            extent=extent(key, node),
            body=body_of(stack, node, output.scope, key.span),
            presence=output.presence,
            callers=stack.callers,
            scope=stack.place.account,
            unit=stack.place.unit,
            region=_region(stack),
        )

    def _declare_role(self, stack: Stack, name: str, function: StackResource) -> Declaration:
        """Declare the role that SAM makes for a function or a state machine."""
        body = serverless.role_body(stack, function)
        address = stack.prefix + name
        return self._declaration(stack, function, _ROLE, address, body, stack.callers, None)

    def _declaration(
        self,
        stack: Stack,
        instance: StackResource,
        kind: str,
        address: str,
        body: Section,
        callers: tuple[Step, ...],
        metadata: Val | None,
    ) -> Declaration:
        resource = instance.resource
        policy = resource.node.get("UpdatePolicy") if kind == resource.type else None
        return Declaration(
            language="cloudformation",
            type=kind,
            address=address,
            span=resource.key.span,
            extent=resource.extent,
            body=body,
            presence=instance.presence,
            callers=callers,
            scope=stack.place.account,
            unit=stack.place.unit,
            region=_region(stack),
            metadata=metadata,
            update_policy=None if policy is None else stack.evaluate(policy, instance.scope),
        )


def _region(stack: Stack) -> str:
    """The Region that a stack is deployed to; empty where that is unknown."""
    return given_region(stack.options) or ""
