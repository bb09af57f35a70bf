"""Arithmetic with numbers as precise as Terraform's."""

from __future__ import annotations

from decimal import (
    ROUND_DOWN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    Subnormal,
)
from typing import TYPE_CHECKING

from iac_ec2lint.source.limits import NUMBER_DIGITS

if TYPE_CHECKING:
    pass


CONTEXT = Context(
    prec=155,
    Emax=NUMBER_DIGITS,
    Emin=-NUMBER_DIGITS,
    traps=[DivisionByZero, InvalidOperation, Overflow, Subnormal],
)
"""Numbers are as precise as Terraform's, which have 512 bits."""

Number = int | Decimal
_MAX_BITS = NUMBER_DIGITS * 3
"""Beyond this size a whole number is no longer kept digit by digit."""


def exact(number: Number) -> Number:
    """A whole number as an ``int``, any other as a ``Decimal``."""
    if isinstance(number, Decimal):
        if number == number.to_integral_value() and number.adjusted() < 1000:
            return int(number)
        return number
    return number


def add(a: Number, b: Number) -> Number | None:
    """Their sum."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    return exact(CONTEXT.add(Decimal(a), Decimal(b)))


def subtract(a: Number, b: Number) -> Number | None:
    """Their difference."""
    if isinstance(a, int) and isinstance(b, int):
        return a - b
    return exact(CONTEXT.subtract(Decimal(a), Decimal(b)))


def multiply(a: Number, b: Number) -> Number | None:
    """Their product."""
    if isinstance(a, int) and isinstance(b, int):
        if a.bit_length() + b.bit_length() < _MAX_BITS:
            return a * b
        return None
    return exact(CONTEXT.multiply(Decimal(a), Decimal(b)))


def divide(a: Number, b: Number) -> Number | None:
    """Their quotient; ``None`` where the divisor is 0."""
    if not b:
        return None
    if isinstance(a, int) and isinstance(b, int) and a % b == 0:
        return a // b
    return exact(CONTEXT.divide(Decimal(a), Decimal(b)))


def negate(number: Number) -> Number:
    """The number with the other sign, to the last digit."""
    return number.copy_negate() if isinstance(number, Decimal) else -number


def remainder(a: Number, b: Number) -> Number | None:
    """What remains of a truncating division: it has the sign of the dividend."""
    if not b:
        return None
    if isinstance(a, int) and isinstance(b, int):
        rest = abs(a) % abs(b)
        return -rest if a < 0 else rest
    whole = CONTEXT.divide(Decimal(a), Decimal(b)).to_integral_value(ROUND_DOWN)
    return exact(CONTEXT.subtract(Decimal(a), CONTEXT.multiply(whole, Decimal(b))))
