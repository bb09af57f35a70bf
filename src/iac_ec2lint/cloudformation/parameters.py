"""What a parameter's value comes to, by its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.dynamic import ssm_value
from iac_ec2lint.cloudformation.texts import CANDIDATES
from iac_ec2lint.document.tree import Node, Scalar, Sequence
from iac_ec2lint.values import Step, Unknown, Val, Value, as_number, as_text

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.template import Parameter
    from iac_ec2lint.source.span import Span

_SSM_VALUE = "AWS::SSM::Parameter::Value<"


def given(parameter: Parameter, value: str | Val) -> Val:
    """What a parameter comes to that a deployment, or a parent stack, gives a value.

    Args:
        parameter: The parameter.
        value: The value, as text or as what it came to elsewhere.
    """
    span = parameter.key.span
    if isinstance(value, str):
        value = Value(value, span, (Step(span, f'value given to parameter "{parameter.name}"'),))
    if isinstance(value, Unknown):
        return value
    return _typed(parameter.type, value)


def default(parameter: Parameter, node: Node) -> Val:
    """What a parameter's default comes to: an assumption, since a deployment may give another."""
    step = Step(node.span, f'default of parameter "{parameter.name}"', assumed=True)
    value: Val
    if isinstance(node, Scalar):
        value = Value(node.data, node.span, (step,))
    elif isinstance(node, Sequence):
        members = [item for item in node.items if isinstance(item, Scalar)]
        texts = tuple(as_text(Value(item.data, item.span)) for item in members)
        return Value(texts, node.span, (step,))
    else:
        return Unknown(
            f'the default of parameter "{parameter.name}" is no text', "error", node.span
        )
    return _typed(parameter.type, value)


def without_value(parameter: Parameter, span: Span) -> Unknown:
    """What a parameter comes to that has neither: one of its allowed values, if it has those.

    Args:
        parameter: The parameter.
        span: Where it is referred to.
    """
    candidates: list[Val] = []
    for node in parameter.allowed:
        if isinstance(node, Scalar):
            step = Step(node.span, f'parameter "{parameter.name}" is "{node.text}"')
            candidates.append(_typed(parameter.type, Value(node.data, node.span, (step,))))
    few = len(candidates) <= CANDIDATES and len(candidates) == len(parameter.allowed)
    return Unknown(
        f'parameter "{parameter.name}" has no value',
        "parameter",
        span,
        candidates=tuple(candidates) if few else (),
    )


def hidden(parameter: Parameter, span: Span) -> Unknown:
    """What a parameter comes to whose value must not be shown (``NoEcho``)."""
    return Unknown(f'the value of parameter "{parameter.name}" is secret', "parameter", span)


def _typed(kind: str, value: Value) -> Val:
    if kind.startswith(_SSM_VALUE):
        name = as_text(value)
        if not isinstance(name, Value) or name.text is None:
            return name
        return ssm_value(name.text, name.span, name.via)
    if kind == "Number":
        return as_number(value)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return _list(kind, value)
    if kind in ("Integer", "Boolean"):
        # No types of CloudFormation; what is written is the best there is.
        return value
    return as_text(value)


def _list(kind: str, value: Value) -> Val:
    if isinstance(value.data, tuple):
        return value
    text = as_text(value)
    if not isinstance(text, Value) or text.text is None:
        return text
    members = [Value(part.strip(), value.span) for part in text.text.split(",")]
    if kind == "List<Number>":
        return Value(tuple(as_number(member) for member in members), value.span, value.via)
    return Value(tuple(members), value.span, value.via)
