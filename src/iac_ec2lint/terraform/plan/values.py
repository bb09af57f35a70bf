"""Values of a plan, combined with those of its configuration.

The plan has the data; the configuration has the place and, where the plan's value is unknown, the
references.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.source import limits
from iac_ec2lint.terraform.language.containers import Lazy, Several
from iac_ec2lint.values import (
    UNMARKED,
    Items,
    Marks,
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    json_number,
    number_text,
)

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.plan.file import Json

_IDENTITY = re.compile(r"arn:|[a-z]+-[0-9a-f]{8,}$")
"""Ids and ARNs: they identify one resource, so they are looked up."""

Place = tuple[str, str]
"""An instance's address and its attribute."""


class Overlay:
    """Combines values of a plan with values of its configuration.

    Args:
        identities: The instance and the attribute of each known id and ARN.
        headers: The blocks of variables that the plan sets: no value is written there.
        known: Returns the plan's value of an attribute of an instance.
    """

    __slots__ = ("_headers", "_identities", "_known")

    def __init__(
        self,
        identities: dict[str, Place],
        headers: frozenset[tuple[str, int, int]],
        known: Callable[[str, str], Json],
    ) -> None:
        self._identities = identities
        self._headers = headers
        self._known = known

    def join(
        self,
        planned: Json,
        unknown: Json,
        written: Val | None,
        configured: Callable[[], Val | None],
        span: Span,
        depth: int = 0,
    ) -> Val:
        """The value.

        Args:
            planned: The plan's value.
            unknown: The same shape, with ``True`` for what is known after apply.
            written: The value in the sources, if they are on the disk.
            configured: Returns the value in the plan's own configuration.
            span: The place of the attribute, for a value that is written nowhere.
            depth: The depth of the value in its attribute.
        """
        if depth > limits.NESTING:
            return Unknown(
                f"more than {limits.NESTING} levels of nesting are not read", "limit", span
            )
        if unknown is True:
            return self._unknown(written, configured, span)
        if isinstance(planned, dict):
            return self._map(planned, unknown, written, configured, span, depth)
        if isinstance(planned, list):
            return self._list(planned, unknown, written, configured, span, depth)
        return self._scalar(planned, written, configured, span)

    def place(self, written: Val | None, span: Span) -> tuple[Span, tuple[Step, ...]]:
        """Where a value is written, and the steps from there, not assumed: the plan decides it."""
        if written is None:
            return span, ()
        via = settled(written.via)
        if written.span.key not in self._headers:
            return written.span, via
        # The value was set from outside: only the reference to the variable can be edited.
        outside = [step.span for step in via if step.span.key not in self._headers]
        return (outside[0] if outside else span), via[1:] if outside else via

    def _unknown(
        self, written: Val | None, configured: Callable[[], Val | None], span: Span
    ) -> Val:
        if written is None:
            found = configured()
            return (
                found if found is not None else Unknown("it is known after apply", "computed", span)
            )
        if isinstance(written, Value):
            return self._completed(written, configured)
        if _is_told(written):
            return _settle(written)
        found = configured()
        if found is None or not _refers(found):
            return _settle(written)
        return _placed(found, *self.place(written, span))

    def _completed(self, written: Value, configured: Callable[[], Val | None]) -> Val:
        """A list of which the sources do not know some elements and the plan does."""
        elements = written.data
        if not isinstance(elements, tuple):
            return _settle(written)
        blank = [e for e in elements if isinstance(e, Unknown) and not _is_told(e)]
        found = configured() if blank else None
        if not isinstance(found, Value) or not isinstance(found.data, tuple):
            return _settle(written)
        told = {r.target for e in elements if isinstance(e, Unknown) for r in e.references}
        rest = [e for e in found.data if isinstance(e, Reference) and e.target not in told]
        if len(rest) != len(blank):
            return _settle(written)
        fill = {id(b): _placed(r, b.span, settled(b.via)) for b, r in zip(blank, rest, strict=True)}
        return Value(
            tuple([fill.get(id(element), element) for element in elements]),
            written.span,
            settled(written.via),
            marks=written.marks,
        )

    def _scalar(
        self,
        planned: Json,
        written: Val | None,
        configured: Callable[[], Val | None],
        span: Span,
    ) -> Val:
        alike = _agreeing(planned, written)
        place, via = self.place(alike if alike is not None else written, span)
        marks = _marks_of(written)
        if planned is None:
            return Value(None, place, via, marks=marks)
        of: Reference | None = None
        decoded: Val | None = None
        data = planned
        if isinstance(alike, Value):
            data = alike.data  # of the type that it was written in
            of, decoded = alike.of, alike.decoded
        elif isinstance(written, Reference):
            of = written
        if of is None and isinstance(planned, str):
            of = self._identity(planned, place)
        if of is None and written is None and isinstance(planned, str):
            found = configured()
            if isinstance(found, Reference) and planned == self._known(
                found.target, found.attribute
            ):
                of = found
        if decoded is None and written is not None and isinstance(planned, str):
            decoded = self._decoded(planned, written.decoded, place)
        return Value(data, place, via, of=of, decoded=decoded, marks=marks)

    def _identity(self, text: str, span: Span) -> Reference | None:
        found = self._identities.get(text) if _IDENTITY.match(text) else None
        return Reference(*found, span) if found is not None else None

    def _decoded(self, planned: str, written: Val | None, span: Span) -> Val | None:
        """The structure that a text encodes, as the sources build it."""
        if written is None:
            return None
        try:
            structure = json.loads(planned, parse_float=json_number)
        except (ArithmeticError, ValueError, RecursionError):
            return None
        if not isinstance(structure, dict | list):
            return None
        return self.join(structure, None, written, _nothing, span)

    def _map(
        self,
        planned: dict[str, Json],
        unknown: Json,
        written: Val | None,
        configured: Callable[[], Val | None],
        span: Span,
        depth: int,
    ) -> Value:
        inner = unknown if isinstance(unknown, dict) else {}
        members = written.data if isinstance(written, Value) else None
        known = members if isinstance(members, dict) else {}
        place, via = self.place(written, span)

        def member(name: str) -> Callable[[], Val | None]:
            return lambda: _member(configured(), name)

        found = {
            name: self.join(
                planned.get(name), inner.get(name), known.get(name), member(name), place, depth + 1
            )
            for name in (*planned, *(name for name in inner if name not in planned))
        }
        return Value(found, place, via, of=_of(written), marks=_marks_of(written))

    def _list(
        self,
        planned: list[Json],
        unknown: Json,
        written: Val | None,
        configured: Callable[[], Val | None],
        span: Span,
        depth: int,
    ) -> Value:
        inner = unknown if isinstance(unknown, list) else []
        marks = [inner[index] if index < len(inner) else None for index in range(len(planned))]
        place, via = self.place(written, span)
        sources = _paired(planned, marks, written)
        unsure = [index for index, mark in enumerate(marks) if mark is True]

        def element(index: int) -> Callable[[], Val | None]:
            return lambda: _element(configured(), index, unsure)

        found = [
            self.join(item, mark, source, element(index), place, depth + 1)
            for index, (item, mark, source) in enumerate(zip(planned, marks, sources, strict=True))
        ]
        made = (
            Items(found) if isinstance(written, Value) and isinstance(written.data, Items) else None
        )
        data = made if made is not None else tuple(found)
        return Value(data, place, via, of=_of(written), marks=_marks_of(written))


def settled(via: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps without assumptions, since the plan decides the value."""
    if not any(step.assumed for step in via):
        return via
    return tuple(step._replace(assumed=False) for step in via)


def has_unknown(unknown: Json) -> bool:
    """Whether anything in a shape of unknowns is unknown."""
    if isinstance(unknown, dict):
        return any(map(has_unknown, unknown.values()))
    if isinstance(unknown, list):
        return any(map(has_unknown, unknown))
    return unknown is True


def loosely_equal(planned: Json, written: Val) -> bool:
    """Whether a value of a plan is what was written, whatever type the provider converted it to."""
    if not isinstance(written, Value):
        return False
    data = written.data
    if isinstance(planned, dict):
        return (
            isinstance(data, dict)
            and data.keys() == planned.keys()
            and all(loosely_equal(value, data[name]) for name, value in planned.items())
        )
    if isinstance(planned, list):
        if not isinstance(data, tuple) or len(data) != len(planned):
            return False
        if all(map(loosely_equal, planned, data)):
            return True
        # A set has another order in the plan.
        words = [_word(e.data) for e in data if isinstance(e, Value)]
        return sorted(map(_word, planned)) == sorted(words)
    if data is None or planned is None:
        return data is planned
    return not isinstance(data, dict | tuple) and _word(planned) == _word(data)


def _word(data: Json) -> str:
    """A scalar as Terraform converts it to a string."""
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int | Decimal):
        return number_text(data)
    return str(data)


def _agreeing(planned: Json, written: Val | None) -> Val | None:
    """The written value, or that of its candidates, that equals the planned one."""
    if isinstance(written, Value):
        return written if loosely_equal(planned, written) else None
    if written is not None:
        for candidate in written.candidates:
            if loosely_equal(planned, candidate):
                return candidate
    return None


def _paired(
    planned: Sequence[Json], marks: Sequence[Json], written: Val | None
) -> list[Val | None]:
    """The written value of each element of a list; a set is in another order than written."""
    if not isinstance(written, Value):
        # Elements of an unknown list: they are located where the list is.
        return [written] * len(planned)
    data = written.data
    if not isinstance(data, tuple):
        return [written if len(planned) == 1 else None] * len(planned)
    elements = [e for e in data if not isinstance(e, Several)]
    if len(elements) == len(planned) and all(map(_fits, planned, marks, elements)):
        return list(elements)
    left = _Pool(elements)
    found = [
        None if mark is True else left.take(item) for item, mark in zip(planned, marks, strict=True)
    ]
    unsure = left.unknowns()
    found = [next(unsure, None) if one is None else one for one in found]
    several = next((e for e in data if isinstance(e, Several)), None)
    rest = several.element if several is not None else None
    return [rest if one is None else one for one in found]


def _fits(item: Json, mark: Json, element: Val) -> bool:
    if mark is True or isinstance(element, Unknown) or isinstance(item, dict | list):
        return True
    return loosely_equal(item, element)


class _Pool:
    """The elements as written, to be matched in any order."""

    def __init__(self, elements: Sequence[Val]) -> None:
        self._elements: dict[int, Val] = dict(enumerate(elements))
        self._words: dict[str, list[int]] = {}
        self._others: list[int] = []
        for index, element in reversed(self._elements.items()):
            data = element.data if isinstance(element, Value) else None
            if data is None or isinstance(data, dict | tuple):
                self._others.append(index)
            else:
                self._words.setdefault(_word(data), []).append(index)

    def take(self, item: Json) -> Val | None:
        """Take out an element that equals ``item``."""
        if isinstance(item, dict | list):
            for index in reversed(self._others):
                if index in self._elements and loosely_equal(item, self._elements[index]):
                    return self._elements.pop(index)
            return None
        places = self._words.get(_word(item))
        return self._elements.pop(places.pop()) if places else None

    def unknowns(self) -> Iterator[Val]:
        """The elements left that are unknown in the sources."""
        return iter([e for e in self._elements.values() if isinstance(e, Unknown)])


def _settle(value: Val) -> Val:
    if isinstance(value, Lazy) or not any(step.assumed for step in value.via):
        return value
    return value.but(via=settled(value.via))


def _placed(value: Val, span: Span, via: tuple[Step, ...]) -> Val:
    """The same value, located elsewhere."""
    if isinstance(value, Value):
        data = value.data
        if isinstance(data, tuple):
            data = tuple([_placed(element, span, ()) for element in data])
            return Value(data, span, via, marks=value.marks)
        return Value(data, span, via, of=value.of, decoded=value.decoded, marks=value.marks)
    return value.but(span=span, via=via)


def _is_told(unknown: Unknown) -> bool:
    return bool(unknown.references or unknown.candidates or unknown.parts)


def _refers(value: Val) -> bool:
    if isinstance(value, Unknown):
        return bool(value.references)
    return isinstance(value.data, tuple) and any(map(_refers, value.data))


def _of(written: Val | None) -> Reference | None:
    if isinstance(written, Reference):
        return written
    return written.of if isinstance(written, Value) else None


def _marks_of(written: Val | None) -> Marks:
    return UNMARKED if written is None else written.marks


def _nothing() -> None:
    return None


def _member(whole: Val | None, name: str) -> Val | None:
    if isinstance(whole, Value) and isinstance(whole.data, dict):
        return whole.data.get(name)
    return whole if isinstance(whole, Unknown) else None


def _element(whole: Val | None, index: int, unsure: Sequence[int]) -> Val | None:
    """What the configuration says of an element: of those that are unknown, in their order."""
    if isinstance(whole, Value) and isinstance(whole.data, tuple) and index in unsure:
        if len(whole.data) == len(unsure):
            return whole.data[unsure.index(index)]
        return Unknown(
            "it is known after apply",
            "computed",
            whole.span,
            references=tuple(r for e in whole.data if isinstance(e, Unknown) for r in e.references),
        )
    return whole if isinstance(whole, Unknown) else None
