"""The functions that read something by its name: Ref, GetAtt, Sub, ImportValue, GetStackOutput."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.functions.substitution import substitute
from iac_ec2lint.cloudformation.syntax import (
    intrinsic,
    is_directive,
    is_foreign,
    kind_of,
    text_of,
)
from iac_ec2lint.cloudformation.texts import depending_on
from iac_ec2lint.document.tree import Mapping, Scalar, Sequence
from iac_ec2lint.values import Reference, Unknown, Val, Value, as_text

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.functions.call import Call


def ref(call: Call) -> Val | None:
    """``Ref``: the value of a parameter, or what identifies a resource."""
    name = text_of(call.argument)
    if name is None and call.evaluator.template.extended:
        value = call.evaluate(call.argument)
        if isinstance(value, Unknown):
            return depending_on([value], call.span)
        name = value.text if value is not None else None
    if name is None:
        return call.fail(
            f"Ref takes the name of a parameter or resource, not {kind_of(call.argument)}"
        )
    return call.evaluator.name(name, call.node, call.scope)


def get_att(call: Call) -> Val | None:
    """``Fn::GetAtt``: an attribute of a resource, as ``A.B`` or as a list of two."""
    takes = "a logical ID and the name of an attribute"
    argument = call.argument
    if isinstance(argument, Scalar):
        logical_id, _, attribute = argument.text.partition(".")
    else:
        items = call.items(2, 2, takes)
        if items is None:
            return call.malformed()
        parts = [call.evaluate(item) for item in items]
        unknowns = [part for part in parts if isinstance(part, Unknown)]
        if unknowns:
            return depending_on(unknowns, call.span)
        logical_id, attribute = ("" if part is None else part.text or "" for part in parts)
    if not logical_id or not attribute:
        return call.fail(f"Fn::GetAtt takes {takes}")
    return call.evaluator.attribute(logical_id, attribute, call.node, call.scope)


def sub(call: Call) -> Val | None:
    """``Fn::Sub``: text with ``${Name}`` replaced, alone or with a map of values."""
    argument = call.argument
    names: Mapping | None = None
    if isinstance(argument, Sequence):
        items = call.items(2, 2, "text, or a list of text and a mapping")
        if items is None:
            return call.malformed()
        argument, second = items
        if not isinstance(second, Mapping):
            return call.fail(f"Fn::Sub takes a mapping of names, not {kind_of(second)}")
        names = second
    inner = intrinsic(argument)
    if is_foreign(argument) or (inner is not None and is_directive(inner.name)):
        return call.evaluate(argument)
    if not isinstance(argument, Scalar):
        return call.fail(f"Fn::Sub takes text, not {kind_of(argument)}")
    return substitute(call.evaluator, argument, names, call.node, call.scope)


def import_value(call: Call) -> Val | None:
    """``Fn::ImportValue``: what another stack exports."""
    name = call.evaluate(call.argument)
    if name is None:
        return call.fail("Fn::ImportValue takes the name of an export")
    text = as_text(name)
    if isinstance(name, Value) and text.text is None:
        return call.fail("Fn::ImportValue takes the name of an export")
    exported = call.evaluator.imported(text, call.node)
    return exported.after(*name.via) if name.via and isinstance(name, Value) else exported


_STACK_OUTPUT = ("StackName", "OutputName", "Region", "RoleArn")
"""What ``Fn::GetStackOutput`` takes; the first two it must have."""


def get_stack_output(call: Call) -> Val | None:
    """``Fn::GetStackOutput``: an output of a stack that is deployed, in any account and Region.

    Templates do not say what their stacks are called, so that it is known at deployment. Two
    calls for the same output are the same thing.

    Source: CloudFormation Template Reference, "Fn::GetStackOutput".
    """
    argument = call.argument
    takes = "a mapping with StackName and OutputName"
    if not isinstance(argument, Mapping) or not {*argument.entries} <= {*_STACK_OUTPUT}:
        return call.fail(f"Fn::GetStackOutput takes {takes}")
    said: list[Val] = []
    for name in _STACK_OUTPUT:
        node = argument.get(name)
        value = None if node is None else call.evaluate(node)
        if value is None and name in _STACK_OUTPUT[:2]:
            return call.fail(f"Fn::GetStackOutput takes {takes}")
        said.append(Value("", call.span) if value is None else as_text(value))
    unknowns = [value for value in said if isinstance(value, Unknown)]
    if unknowns:
        return depending_on(unknowns, call.span)
    stack, output, *where = (value.text or "" for value in said)
    return Reference(
        ":".join(("stack", stack, *filter(None, where))),
        f"Outputs.{output}",
        call.span,
        reason=f'"{output}" is an output of the stack "{stack}"',
        cause="external-id",
    )
