"""Conversions between strings, numbers and bools, as both languages do them."""

from __future__ import annotations

from decimal import Decimal

from iac_ec2lint.source.limits import NUMBER_DIGITS
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


def parse_number(text: str) -> int | Decimal | None:
    """The number that ``text`` spells in decimal notation, exactly, or None."""
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if digits.isascii() and digits.isdigit():
        return int(text) if len(text) <= NUMBER_DIGITS else None
    mantissa, _, exponent = digits.lower().partition("e")
    body = mantissa.replace(".", "", 1)
    plain = exponent.lstrip("+-") if exponent else "0"
    if not (body.isascii() and body.isdigit() and plain.isascii() and plain.isdigit()):
        return None
    if len(plain) > 5:
        return None
    number = Decimal(text)
    if not is_kept(number):
        return None
    return (
        int(number) if number == number.to_integral_value() and number.adjusted() < 400 else number
    )


def is_kept(number: int | Decimal) -> bool:
    """Whether a number is not so large or small that only writing it out takes a scan's memory."""
    return isinstance(number, int) or abs(number.adjusted()) <= NUMBER_DIGITS


def json_number(text: str) -> Decimal:
    """The number of a JSON text that is not whole, for ``json.loads``.

    Raises:
        OverflowError: It is not kept.
    """
    number = Decimal(text)
    if not is_kept(number):
        raise OverflowError(f"the number {text[:40]} is beyond what a number can be")
    return number


def number_text(number: int | Decimal) -> str:
    """How both languages write a number as a string: no exponent, no trailing zeros."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _mismatch(value: Val, wanted: str) -> Unknown:
    return Unknown(f"the value is not {wanted}", "error", value.span, value.via, marks=value.marks)
