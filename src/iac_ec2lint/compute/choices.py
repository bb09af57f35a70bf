"""What a value can be, where a condition that somebody wrote decides it (semantics.md, A4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.declaration import Presence
from iac_ec2lint.values import Unknown, Val, when_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Choice(NamedTuple):
    """One of the values that a value can be.

    Attributes:
        value: The value.
        presence: Whether it is that, and the condition under which it is.
        doubt: What decides that, where nobody wrote a condition.
    """

    value: Val
    presence: Presence
    doubt: Unknown | None = None


def choices(value: Val, presence: Presence) -> Iterator[Choice]:
    """A value, or each one that it can be but null.

    Args:
        value: The value.
        presence: The presence of what it stands in.
    """
    known = value
    while isinstance(known, Unknown) and not known.candidates and known.decoded is not None:
        known = known.decoded
    if not isinstance(known, Unknown) or not known.candidates:
        yield Choice(value, presence)
        return
    for candidate in known.candidates:
        if candidate.is_null:
            continue
        if when_of(candidate):
            yield Choice(candidate, Presence.where(known, candidate).within(presence))
        else:
            yield Choice(candidate, presence, known)
