"""What is inside of values: references, inputs, keys of elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.values.guard import UNGUARDED, Guard
from iac_ec2lint.values.reasons import Input
from iac_ec2lint.values.step import Step
from iac_ec2lint.values.value import YES, Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.source.span import Span


def inputs_in(values: Iterable[Val | str]) -> tuple[Input, ...]:
    """What a person can say that any of some unknowns hangs on, each once."""
    found: dict[tuple[str, str], Input] = {}
    for value in values:
        if isinstance(value, Unknown):
            for known in (value, *value.references):
                for one in known.inputs:
                    found.setdefault((one.fact, one.key), one)
    return tuple(found.values())


def is_given(value: Val) -> Answer:
    """Whether a value is set: neither null nor the empty string.

    Values that AWS decides, or that only a deployment knows, are set though they are unknown.
    """
    if isinstance(value, Unknown) and not value.candidates:
        return Answer(None, (value,)) if value.may_be_null else YES
    return ~value.equals(None, "")


def blanks(value: Value) -> tuple[Step, ...]:
    """What makes a text empty, or each text of a list; nothing where one is not, or is written so.

    References take an empty text for none at all, in both languages.
    """
    each = value.elements() if isinstance(value.data, tuple) else (value,)
    if not all(isinstance(one, Value) and one.data == "" for one in each):
        return ()
    return tuple(dict.fromkeys(step for one in each for step in one.via))


def walk(value: Val) -> Iterator[Val]:
    """The value and all values inside it, depth first."""
    stack = [value]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, Value):
            if isinstance(current.data, tuple):
                stack.extend(reversed(current.data))
            elif isinstance(current.data, dict):
                stack.extend(reversed(current.data.values()))


def walk_possible(value: Val) -> Iterator[Val]:
    """What ``walk`` gives, and all that the unknowns among it may be."""
    stack = [value]
    while stack:
        for current in walk(stack.pop()):
            yield current
            if isinstance(current, Unknown):
                stack.extend(current.candidates)


def guard_of(value: Val) -> Guard:
    """What holds where a value is what it is: it came through the arms of choices."""
    guards = [step.guard for step in value.via if step.guard]
    return frozenset().union(*guards) if guards else UNGUARDED


def when_of(value: Val) -> str:
    """The condition under which a candidate is what it is, in words; empty where there is none."""
    return value.via[-1].when if value.via else ""


def references_of(value: Val) -> tuple[Reference, ...]:
    """The resources that a value depends on, or was read from."""
    if isinstance(value, Unknown):
        return value.references
    return () if value.of is None else (value.of,)


def leads_to(value: Val | None, address: str) -> bool:
    """Whether a value is, or depends on, a resource in any of what it may be."""
    return value is not None and any(
        reference.target == address
        for part in walk_possible(value)
        for reference in references_of(part)
    )


def used_at(value: Val, span: Span) -> Val:
    """An output, as what uses it sees it: its references to resources are written at ``span``.

    Whoever must not refer to a resource has to change that, and not the output that hands it on.
    What is data stays where it is written.
    """
    if isinstance(value, Reference):
        return value.but(span=span)
    if isinstance(value, Value):
        if value.of is not None:
            return value.but(of=value.of.but(span=span))
        if isinstance(value.data, tuple) and any(isinstance(v, Reference) for v in value.data):
            elements = [v.but(span=span) if isinstance(v, Reference) else v for v in value.data]
            return value.but(data=type(value.data)(elements))
    return value
