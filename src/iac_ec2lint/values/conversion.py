"""Conversions between strings, numbers and bools, as both languages do them."""

from __future__ import annotations

from decimal import Decimal

from iac_ec2lint.values.numbers import number_text, parse_number
from iac_ec2lint.values.value import Unknown, Val, Value


def as_text(value: Val) -> Val:
    """The value as a string; unknown where it cannot be converted."""
    if not isinstance(value, Value):
        return value
    data = value.data
    if isinstance(data, str | None):
        return value
    if isinstance(data, bool):
        return value.but(data="true" if data else "false")
    if isinstance(data, int | Decimal):
        return value.but(data=number_text(data))
    return _mismatch(value, "a string")


def as_number(value: Val) -> Val:
    """The value as a number, strings of digits included; unknown where it is not a number."""
    if not isinstance(value, Value) or value.number is not None or value.is_null:
        return value
    number = parse_number(value.text) if value.text is not None else None
    return value.but(data=number) if number is not None else _mismatch(value, "a number")


def as_boolean(value: Val) -> Val:
    """The value as a bool, ``"true"`` and ``"false"`` included; unknown where it is not a bool."""
    if not isinstance(value, Value) or value.boolean is not None or value.is_null:
        return value
    text = value.text.lower() if value.text is not None else ""
    if text in {"true", "1"}:
        return value.but(data=True)
    if text in {"false", "0"}:
        return value.but(data=False)
    return _mismatch(value, "true or false")


def _mismatch(value: Val, wanted: str) -> Unknown:
    return Unknown(f"the value is not {wanted}", "error", value.span, value.via, marks=value.marks)
