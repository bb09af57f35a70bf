"""Marks of values: what is sensitive or ephemeral, and with it what is made of it.

Values are evaluated as if there were no marks. Source: "Suppressing Values in CLI Output" and
"Ephemeral Values" of the Terraform language; go-cty, ``cty/marks.go``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from iac_ec2lint.terraform.language.containers import List, Map, OpenMap, Set, Several
from iac_ec2lint.values import UNMARKED, Data, Marks, Val, Value, number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


SENSITIVE: Final[Marks] = frozenset({"sensitive"})
EPHEMERAL: Final[Marks] = frozenset({"ephemeral"})
WITHHELD: Final[Marks] = frozenset({"withheld"})


def marks_of(values: Iterable[Val]) -> Marks:
    """The marks of ``values`` themselves, whatever is in them."""
    found = UNMARKED
    for value in values:
        if value.marks:
            found = found | value.marks
    return found


def marks_in(values: Iterable[Val], seen: set[int] | None = None) -> Marks:
    """The marks of ``values`` and of all that is in them.

    Args:
        values: The values.
        seen: Takes the identity of each value that has others in it.
    """
    found = UNMARKED
    stack = list(values)
    seen = set() if seen is None else seen
    while stack:
        value = stack.pop()
        if value.marks:
            found = found | value.marks
        if value.__class__ is Value and value.data.__class__ is str:
            continue
        inner = insides(value)
        if inner and id(value) not in seen:
            seen.add(id(value))
            stack.extend(inner)
    return found


def parts(values: Iterable[Val]) -> Iterator[Val]:
    """Values and what is in them, that of what is known in part too; what is shared once."""
    stack = list(values)
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        yield value
        inner = insides(value)
        if inner and id(value) not in seen:
            seen.add(id(value))
            stack.extend(inner)


def insides(value: Val) -> Iterable[Val]:
    """What is in a value, of what is known in part too."""
    if isinstance(value, Value):
        data = value.data
        if isinstance(data, tuple):
            return data
        return data.values() if isinstance(data, dict) else ()
    if isinstance(value, OpenMap):
        return (*value.known.values(), value.element, *(member for _, member in value.named))
    if isinstance(value, Several):
        return (value.element, *value.candidates)
    return value.candidates


def unmarked(value: Val) -> Val:
    """A value without marks, in it or of its own."""
    if not marks_in((value,)):
        return value
    if isinstance(value, Value):
        return value.but(marks=UNMARKED, data=_unmarked_data(value.data))
    candidates = tuple(map(unmarked, value.candidates))
    bare = value.but(marks=UNMARKED, candidates=candidates)
    if isinstance(bare, OpenMap):
        known = {key: unmarked(member) for key, member in bare.known.items()}
        named = [(key.but(marks=UNMARKED), unmarked(member)) for key, member in bare.named]
        return OpenMap(bare, known, unmarked(bare.element), named).but(candidates=candidates)
    if isinstance(bare, Several):
        several = Several(bare, unmarked(bare.element)).but(candidates=candidates)
        several.arms = tuple(map(unmarked, several.arms))
        return several
    return bare


def _unmarked_data(data: Data) -> Data:
    if isinstance(data, tuple):
        return with_elements(data, map(unmarked, data))
    if isinstance(data, dict):
        members = {key: unmarked(member) for key, member in data.items()}
        return with_members(data, members)
    return data


def with_elements(data: tuple[Val, ...], elements: Iterable[Val]) -> tuple[Val, ...]:
    """A list, set or tuple like ``data`` with other elements, in the same order."""
    if not isinstance(data, List | Set):
        return tuple(elements)
    made = type(data)(elements)
    made.element = data.element
    made.open = data.open
    if isinstance(made, List) and isinstance(data, List) and data.exact:
        made.exact = True
    return made


def with_members(data: dict[str, Val], members: dict[str, Val]) -> dict[str, Val]:
    """A map or object like ``data`` with other members, in the same order."""
    if not isinstance(data, Map):
        return members
    made = Map(members)
    made.element = data.element
    return made


def texts_in(value: Val) -> Iterator[str]:
    """The texts of a value, numbers among them, at any depth."""
    for part in parts((value,)):
        data = part.data if isinstance(part, Value) else None
        if isinstance(data, str):
            yield data
        elif isinstance(data, int | Decimal) and not isinstance(data, bool):
            yield number_text(data)
