"""What a value holds: the texts and unknowns in it, in parts of it, and in what it encodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Presence


class HeldValue(NamedTuple):
    """A text or an unknown in a value.

    Attributes:
        value: The text or the unknown. One that consists of pieces comes before these.
        presence: Whether it is there, and the condition under which it is.
        answer: Whether it is there, where nobody wrote a condition.
    """

    value: Val
    presence: Presence
    answer: Answer


def held_values(value: Val) -> Iterator[HeldValue]:
    """All texts and unknowns in a value, whichever it may be, in order."""
    pending: list[HeldValue] = [HeldValue(value, CERTAIN, YES)]
    while pending:
        held = pending.pop()
        current, there, answer = held
        if isinstance(current, Value):
            if current.text is not None:
                yield held
                continue
            inner = [*current.elements()] if isinstance(current.data, tuple) else []
            inner += current.items().values()
            pending.extend(HeldValue(one, there, answer) for one in reversed(inner))
        elif current.candidates:
            pending.extend(
                HeldValue(
                    one.value,
                    one.presence,
                    answer if one.doubt is None else Answer(None, (one.doubt,)),
                )
                for one in choices(current, there)
            )
        elif current.decoded is not None and not isinstance(current, Reference):
            pending.append(HeldValue(current.decoded, there, answer))
        else:
            yield held
            pieces = [part for part in current.parts if isinstance(part, Unknown)]
            pending.extend(HeldValue(part, there, answer) for part in reversed(pieces))
