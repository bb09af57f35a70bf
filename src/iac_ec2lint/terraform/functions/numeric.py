"""Numeric functions."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.source.limits import NUMBER_DIGITS
from iac_ec2lint.terraform.functions.registry import FunctionError, function, scalar, whole
from iac_ec2lint.terraform.functions.sequences import sequence
from iac_ec2lint.terraform.language.arithmetic import add, exact
from iac_ec2lint.terraform.language.containers import (
    make_list,
)
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.types import (
    ANY,
    NUMBER,
    STRING,
    ListOf,
)
from iac_ec2lint.terraform.language.unknowns import (
    steps_of,
)
from iac_ec2lint.values import Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import FunctionCall

Number = int | Decimal


@scalar("abs", NUMBER, result=NUMBER)
def _abs(number: Number) -> Number:
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


@scalar("ceil", NUMBER, result=NUMBER)
def _ceil(number: Number) -> Number:
    return int(Decimal(number).to_integral_value(ROUND_CEILING))


@scalar("floor", NUMBER, result=NUMBER)
def _floor(number: Number) -> Number:
    return int(Decimal(number).to_integral_value(ROUND_FLOOR))


@scalar("signum", NUMBER, result=NUMBER)
def _signum(number: Number) -> Number:
    return (number > 0) - (number < 0)


def from_float(number: float) -> Number:
    """The number that a double is, exactly.

    Raises:
        FunctionError: It is infinite or no number.
    """
    if math.isnan(number) or math.isinf(number):
        raise FunctionError("the result is not a finite number")
    return exact(Decimal(number))


@scalar("log", NUMBER, NUMBER, result=NUMBER)
def _log(number: Number, base: Number) -> Number:
    try:
        if not base and number > 0:
            return 0  # Go divides by minus infinity
        return from_float(math.log(number) / math.log(base))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise FunctionError("there is no such logarithm") from None


@scalar("pow", NUMBER, NUMBER, result=NUMBER)
def _pow(number: Number, power: Number) -> Number:
    try:
        return from_float(math.pow(number, power))
    except (ValueError, OverflowError):
        raise FunctionError("the result is not a finite number") from None


@function("max", NUMBER, variadic=NUMBER, result=NUMBER, needs="all")
def _max(call: FunctionCall, *numbers: Val) -> Val:
    return _extreme(call, numbers, largest=True)


@function("min", NUMBER, variadic=NUMBER, result=NUMBER, needs="all")
def _min(call: FunctionCall, *numbers: Val) -> Val:
    return _extreme(call, numbers, largest=False)


def _extreme(call: FunctionCall, numbers: tuple[Val, ...], *, largest: bool) -> Val:
    found = [n.number for n in numbers if n.number is not None]
    return call.value(max(found) if largest else min(found), *numbers)


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@scalar("parseint", STRING, NUMBER, result=NUMBER)
def _parseint(text: str, base: Number) -> Number:
    radix = whole(base)
    if not 2 <= radix <= 62:
        raise FunctionError("the base must be between 2 and 62")
    sign, digits = (text[:1], text[1:]) if text[:1] in ("-", "+") and text else ("", text)
    if radix <= 36:
        digits = digits.lower()
    if len(digits) > NUMBER_DIGITS:
        raise FunctionError(f"more than {NUMBER_DIGITS} digits are not read as a number")
    number = 0
    for digit in digits:
        place = _DIGITS.find(digit)
        if place < 0 or place >= radix:
            digits = ""
            break
        number = number * radix + place
    if not digits:
        raise FunctionError(f"the string is no whole number of base {radix}")
    return -number if sign == "-" else number


@function("sum", ANY, result=NUMBER, needs="all")
def _sum(call: FunctionCall, numbers: Value) -> Val:
    elements = sequence(numbers)
    if not elements:
        raise FunctionError("the list is empty")
    total: int | Decimal = 0
    for element in elements:
        if element.is_null:
            raise FunctionError("an element is null", element)
        try:
            number = convert(element, NUMBER).number
        except Mismatch as mismatch:
            raise FunctionError(str(mismatch)) from None
        total = add(total, number or 0) or 0
    return call.value(total, numbers, *elements)


@function("range", NUMBER, variadic=NUMBER, result=ListOf(NUMBER), needs="all")
def _range(call: FunctionCall, *numbers: Value) -> Val:
    given = [n.number or 0 for n in numbers]
    if len(given) > 3:
        raise FunctionError("it takes three arguments at most")
    start: int | Decimal = 0
    if len(given) == 1:
        end = given[0]
    else:
        start, end = given[0], given[1]
    step = given[2] if len(given) == 3 else (-1 if end < start else 1)
    if not step or (step > 0 and end < start) or (step < 0 and end > start):
        raise FunctionError("the step does not lead from the start to the end")
    elements: list[Val] = []
    current = start
    while (current < end) if step > 0 else (current > end):
        if len(elements) >= 1024:
            raise FunctionError("more than 1024 elements")
        elements.append(Value(current, call.span))
        current = add(current, step) or 0
    return Value(make_list(elements, NUMBER), call.span, steps_of(*numbers))
