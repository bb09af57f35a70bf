"""What CloudFormation takes to be equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.texts import never_same
from iac_ec2lint.values import (
    Reference,
    Unknown,
    Val,
    Value,
    as_text,
    guard_of,
    same,
)

if TYPE_CHECKING:
    from iac_ec2lint.values import Guard


def chosen(value: Unknown, compared: Value, truth: bool) -> Guard:
    """What holds of the choices of a parent stack where what it gives is a value, or is not."""
    if not value.candidates or value.unset:
        return frozenset()
    left = [
        guard_of(one)
        for one in value.candidates
        if isinstance(one, Unknown) or equal(one, compared) is truth
    ]
    return frozenset.intersection(*left) if left else frozenset()


def equal(left: Value, right: Value) -> bool:
    """Whether two values are equal as CloudFormation compares them: scalars by their text."""
    one, other = _comparable(left), _comparable(right)
    return (
        same(one.data, other.data)
        if isinstance(one, Value) and isinstance(other, Value)
        else (same(left.data, right.data))
    )


def is_same(one: Val, other: Val) -> bool | None:
    """Whether two values are equal; ``None`` where that is not known."""
    if isinstance(one, Value) and isinstance(other, Value):
        return equal(one, other)
    if (
        isinstance(one, Reference)
        and isinstance(other, Reference)
        and (one.target, one.attribute) == (other.target, other.attribute)
    ):
        return True
    return False if never_same(one, other) else None


def _comparable(value: Value) -> Val:
    if isinstance(value.data, tuple | dict):
        return value
    return as_text(value)
