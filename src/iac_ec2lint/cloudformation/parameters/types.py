"""The types of parameters, and what they make of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.dynamic import ssm_value
from iac_ec2lint.values import Val, Value, as_number, as_text

if TYPE_CHECKING:
    pass


SSM_VALUE = "AWS::SSM::Parameter::Value<"
"""How the types begin whose values Systems Manager has."""


def typed(kind: str, value: Value) -> Val:
    """What a text, or another value, is as the value of a parameter of a type."""
    if kind.startswith(SSM_VALUE):
        name = as_text(value)
        if not isinstance(name, Value) or name.text is None:
            return name
        return ssm_value(name.text, name.span, name.via)
    if kind == "Number":
        return as_number(value)
    if is_list(kind):
        return _list(kind, value)
    if kind in ("Integer", "Boolean"):
        # Not a type of CloudFormation: the text is kept as written.
        return value
    return as_text(value)


def is_list(kind: str) -> bool:
    """Whether a type is one of lists."""
    return kind == "CommaDelimitedList" or kind.startswith("List<")


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
