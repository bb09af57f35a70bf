"""The names of a stack, and of the stacks nested in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.values.encoding import shown
from iac_ec2lint.cloudformation.functions.choices import undecided
from iac_ec2lint.cloudformation.stack.properties import body_of
from iac_ec2lint.cloudformation.template.resource import NESTED
from iac_ec2lint.declaration import UnknownSection
from iac_ec2lint.document.tree import Mapping
from iac_ec2lint.report.answers.values_report import NamedValue
from iac_ec2lint.values import Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iac_ec2lint.answers.values.addresses import RequestedNames
    from iac_ec2lint.cloudformation.instance import StackResource
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.cloudformation.stack.stack import Stack
    from iac_ec2lint.cloudformation.templates import Templates
    from iac_ec2lint.declaration import Presence, Unit
    from iac_ec2lint.document.tree import Node


def entries(
    path: Path, templates: Templates, wanted: RequestedNames
) -> tuple[Unit, list[NamedValue]]:
    """The stack of a file, and what its names came to.

    Args:
        path: The template's file.
        templates: The templates of the run.
        wanted: Which resources are asked for.
    """
    session = templates.session(path)
    unit = session.unit(frozenset())
    pending = list(session.roots)
    found: list[NamedValue] = []
    while pending:
        stack = pending.pop(0)
        found.extend(_named(stack, wanted))
        inner: list[Stack] = []
        for logical_id, instance in stack.instances.items():
            if instance.absent:
                condition, scope = instance.resource.condition, instance.scope
                _note_off(stack, f"{stack.prefix}{logical_id}", condition, scope, wanted)
                continue
            found.extend(_properties(stack, instance, wanted))
            if instance.resource.type in NESTED:
                nested = stack.nested(logical_id)
                if nested is not None:
                    inner.append(nested)
        pending = inner + pending
    return unit, found


def _entry(
    name: str, value: Val, wanted: RequestedNames, when: str = "", *, resource: bool = False
) -> Iterator[NamedValue]:
    parts = wanted.parts(name, value)
    for part, inside in parts:
        yield NamedValue(part, shown(inside), when)
    if not any(part == name for part, _ in parts) and (wanted.everything or not resource):
        yield NamedValue(name, shown(value), when, asked=False)


def _named(stack: Stack, wanted: RequestedNames) -> Iterator[NamedValue]:
    """Its parameters, conditions and outputs."""
    around = _when(stack.presence)
    for name, parameter in stack.template.parameters.items():
        value = stack.name(name, parameter.key, stack.scope)
        if value is not None:
            yield from _entry(f"{stack.prefix}Parameters.{name}", value, wanted, around)
    for name in stack.conditions:
        yield from _entry(
            f"{stack.prefix}Conditions.{name}", _condition(stack, name), wanted, around
        )
    there = {output.name for output in stack.outputs()}
    outputs = stack.template.outputs
    for name, (_, node) in outputs.entries.items() if outputs is not None else ():
        condition = node.get("Condition") if isinstance(node, Mapping) else None
        if name not in there:
            _note_off(stack, f"{stack.prefix}Outputs.{name}", condition, stack.scope, wanted)
    for output in stack.outputs():
        written = output.node.get("Value")
        value = None if written is None else stack.evaluate(written, output.scope)
        if value is not None:
            name = f"{stack.prefix}Outputs.{output.name}"
            yield from _entry(name, value, wanted, _when(output.presence))


def _condition(stack: Stack, name: str) -> Val:
    key = stack.condition_key(name)
    answer = stack.decide(name, key, stack.scope)
    if answer.truth is not None:
        return Value(answer.truth, key.span)
    return undecided(name, answer.causes, key.span)


def _properties(
    stack: Stack, instance: StackResource, wanted: RequestedNames
) -> Iterator[NamedValue]:
    """The properties of a resource, where they are asked for."""
    name = stack.prefix + instance.logical_id
    if not wanted.covers(name):
        return
    resource = instance.resource
    when = _when(instance.presence)
    body = body_of(stack, resource.properties, instance.scope, resource.key.span)
    if isinstance(body, UnknownSection):
        unknown = body.get("")
        if unknown is not None:
            yield from _entry(name, unknown, wanted, when, resource=True)
        return
    properties = body.names()
    for key in properties:
        value = body.get(key)
        if value is not None:
            yield from _entry(f"{name}.{key}", value, wanted, when, resource=True)
    if not properties:  # it is there all the same
        yield from _entry(name, Value({}, resource.key.span), wanted, when, resource=True)


def _when(presence: Presence) -> str:
    if presence.cause is None:
        return ""
    return presence.when or presence.cause.reason


def _note_off(
    stack: Stack, name: str, condition: Node | None, scope: StackScope, wanted: RequestedNames
) -> None:
    """Note a resource or an output whose condition is false."""
    if condition is None:
        return
    named = stack.condition_of(scope, condition)
    answer = stack.decide(named, condition, scope)
    span = condition.span
    why = f'its condition "{named}" is false ({span.path}:{span.line})'
    wanted.note_off(name, why, answer.assumptions)
