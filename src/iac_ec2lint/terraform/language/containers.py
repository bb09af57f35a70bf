"""Lists, sets and maps as Terraform tells them apart from tuples and objects.

A plain ``tuple`` is a tuple and a plain ``dict`` an object; ``List``, ``Set`` and ``Map`` carry the
type of their elements. A ``List`` or ``Set`` can be *open*: a ``Several`` in it stands for some
elements, of which nobody knows how many there are. Without one it has all that are in it, and no
place is certain: unknown elements may be equal, or sorted.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from iac_ec2lint.terraform.identifiers import are_distinct
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
)
from iac_ec2lint.values import UNMARKED, Data, Items, Marks, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Reference


class List(tuple[Val, ...]):
    """A list, or a tuple of unknown length (``open``).

    Where it is ``exact``, each ``Several`` in it stands for one of its ``arms``, in its place.
    """

    element: Type = ANY
    open: bool = False
    exact: bool = False


class Set(Items):
    """A set, sorted as Terraform sorts it."""

    element: Type = ANY
    open: bool = False


class Map(dict[str, Val]):
    """A map, its keys sorted."""

    __slots__ = ("element",)
    element: Type


S = TypeVar("S")
"""A scope."""


class Definition(NamedTuple, Generic[S]):
    """What a name is set to.

    Attributes:
        expression: The expression.
        scope: Where it is evaluated.
        always: False where a default counts instead if that is null.
    """

    expression: tree.Expression
    scope: S
    always: bool


class NullOf(Value):
    """A null whose type is known."""

    __slots__ = ("type",)

    def __init__(
        self, kind: Type, span: Span, via: tuple[Step, ...] = (), *, marks: Marks = UNMARKED
    ) -> None:
        super().__init__(None, span, via, marks=marks)
        self.type = kind


class Lazy(Unknown):
    """An object whose attributes are evaluated when they are asked for: a resource, a module."""

    __slots__ = ()

    def member(self, name: str, span: Span) -> Val | None:
        """One attribute, referred to at ``span``; ``None`` where it has no such attribute."""
        raise NotImplementedError

    @property
    def absent(self) -> Unknown | None:
        """Why it may be null, and each attribute of it an error; ``None`` where it is there."""
        return None

    @property
    def enabling(self) -> Definition[Any] | None:
        """The expression that is true where it is there, where ``absent`` says that it may not."""
        return None

    def whole(self) -> Val:
        """All of it as one value; itself where not all attributes are known."""
        return self


class Several(Unknown):
    """Some elements of a list or set, nobody knows how many.

    Args:
        unknown: Why their number is unknown.
        element: What each of them is, as far as that is known.
        chosen: What their number hangs on, where that is not ``unknown`` itself.
    """

    __slots__ = ("arms", "element")

    def __init__(
        self, unknown: Unknown, element: Val | None = None, chosen: Unknown | None = None
    ) -> None:
        super().__init__(
            unknown.reason,
            unknown.cause,
            unknown.span,
            unknown.via,
            candidates=_blocks(unknown, element),
            references=join_references(unknown, element),
            unset=unknown.unset,
            marks=unknown.marks,
            inputs=unknown.inputs,
        )
        self.element: Val = element if element is not None else unknown
        by = unknown if chosen is None else chosen
        self.arms = by.arms or by.candidates

    @property
    def each(self) -> Val:
        """See ``Unknown``."""
        return self.element

    def after(self, *steps: Step) -> Several:
        """The same elements, having come through ``steps`` as well."""
        return Several(super().after(*steps), self.element.after(*steps))


def _blocks(unknown: Unknown, element: Val | None) -> tuple[Val, ...]:
    """Objects that may be there some times: where blocks are wanted, they are what each is.

    Of anything else there are no candidates: that there may be none is not one of them.
    """
    if isinstance(element, Unknown):
        kinds = {type(c.data) for c in element.candidates if isinstance(c, Value)}
        return element.candidates if kinds == {dict} else ()
    if element is not None and isinstance(element.data, dict):
        return (element.after(Step(unknown.span, f"when {unknown.reason}", when=unknown.reason)),)
    return ()


class OpenMap(Unknown):
    """A map or object of which some members are known, and others may be there.

    Args:
        unknown: Why the rest is unknown.
        known: The members that are certain to be there.
        element: What each of the others is, as far as that is known.
        named: The others with their names, where there are just these.
    """

    __slots__ = ("element", "known", "named")

    def __init__(
        self,
        unknown: Unknown,
        known: dict[str, Val] | None = None,
        element: Val | None = None,
        named: Sequence[tuple[Unknown, Val]] = (),
    ) -> None:
        super().__init__(
            unknown.reason,
            unknown.cause,
            unknown.span,
            unknown.via,
            references=join_references(unknown, element),
            marks=unknown.marks,
            inputs=unknown.inputs,
        )
        self.known = known or {}
        self.element: Val = element if element is not None else unknown
        self.named = tuple(named)

    def after(self, *steps: Step) -> OpenMap:
        """The same map, having come through ``steps`` as well."""
        known = {key: member.after(*steps) for key, member in self.known.items()}
        named = [(key, member.after(*steps)) for key, member in self.named]
        return OpenMap(super().after(*steps), known, self.element.after(*steps), named)

    def members(self) -> tuple[tuple[Val, Val], ...] | None:
        """See ``Unknown.members``."""
        if not self.named:
            return None
        known = ((Value(key, member.span), member) for key, member in self.known.items())
        return (*known, *self.named)

    def certain_members(self) -> dict[str, Val]:
        """See ``Unknown.certain_members``."""
        return self.known


def join_references(*values: Val | None) -> tuple[Reference, ...]:
    """The references that ``values`` hold, each once."""
    found = [r for v in values if isinstance(v, Unknown) for r in v.references]
    if len(found) < 2:
        return tuple(found)
    distinct = {(r.target, r.attribute): r for r in found}
    # Beside one of its attributes, a reference to a whole resource says nothing more.
    exact = {r.target for r in found if r.attribute}
    return tuple(r for r in distinct.values() if r.attribute or r.target not in exact)


def is_open(data: Data) -> bool:
    """Whether it is a list or set of unknown length."""
    return isinstance(data, List | Set) and data.open


def make_list(elements: Iterable[Val], element: Type, *, is_open: bool = False) -> List:
    """A list of elements that are of the type ``element`` already."""
    made = List(elements)
    made.element = element
    if is_open:
        made.open = True
    return made


def make_open(elements: Sequence[Val], *made_of: Val) -> tuple[Val, ...]:
    """A tuple, or an open list where ``elements`` have a ``Several``, or what they are made of is.

    Args:
        elements: The elements.
        made_of: The lists, sets and others that they come from.
    """
    if any(isinstance(element, Several) for element in elements):
        return make_list(elements, ANY, is_open=True)
    if any(isinstance(one, Value) and is_open(one.data) for one in made_of):
        return make_list(elements, ANY, is_open=True)
    return tuple(elements)


def in_any_order(elements: Sequence[Val], element: Type) -> List:
    """A list that has all of some elements, of which no place is certain, from either end."""
    several = [one for one in elements if isinstance(one, Several)]
    sure = [one for one in elements if not isinstance(one, Several)]
    return make_list([*several, *sure, *several], element, is_open=True)


def make_map(members: dict[str, Val], element: Type) -> Map:
    """A map of members that are of the type ``element`` already; its keys come out sorted."""
    made = Map(sorted(members.items()))
    made.element = element
    return made


def make_set(elements: Iterable[Val], element: Type) -> Set:
    """A set of elements of one type: equal ones once, in Terraform's order, unknown ones last."""
    known: dict[object, Val] = {}
    unknown: list[Val] = []
    several = False
    for value in elements:
        if isinstance(value, Unknown):
            unknown.append(value)
            several = several or isinstance(value, Several)
        else:
            known.setdefault(identity(value), value)
    made = Set([*sort_elements(list(known.values())), *unknown])
    made.element = element
    # Two unknown elements may be equal to one another, or to a known one.
    alone = len(unknown) + len(known) == 1 or (not known and are_distinct(unknown))
    if several or (unknown and not alone):
        made.open = True
    return made


def sort_elements(elements: list[Val]) -> list[Val]:
    """Known elements of one type in the order in which Terraform iterates over a set of them."""
    if all(isinstance(e, Value) and isinstance(e.data, str) for e in elements):
        # Go compares strings by their UTF-8 bytes, which is the order of code points.
        return sorted(elements, key=_text)
    return sorted(elements, key=cmp_to_key(_compare))


def _text(value: Val) -> str:
    return value.text or ""


def _compare(left: Val, right: Val) -> int:
    a, b = left.data, right.data  # type: ignore[union-attr]  # none is unknown
    if a is None or b is None:
        return (a is None) - (b is None)
    if isinstance(a, int | Decimal) and isinstance(b, int | Decimal):
        return (a > b) - (a < b)
    if isinstance(a, str) and isinstance(b, str):
        return (a > b) - (a < b)
    x, y = set_order(left), set_order(right)
    return (x > y) - (x < y)


def set_order(value: Val) -> str:
    """What orders elements of a set that are neither strings, numbers nor bools.

    Source: go-cty, ``makeSetHashBytes``.
    """
    if isinstance(value, Unknown):
        return "?"
    data = value.data
    if data is None:
        return "~"
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, int | Decimal):
        return format(Decimal(data), ".10g")
    if isinstance(data, str):
        return '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(data, List | Items):
        return "[" + "".join([set_order(e) + ";" for e in data]) + "]"
    if isinstance(data, tuple):
        return "<" + "".join([set_order(e) + ";" for e in data]) + ">"
    if isinstance(data, Map):
        pairs = [f'"{k}":{set_order(v)};' for k, v in sorted(data.items())]
        return "{" + "".join(pairs) + "}"
    return "<" + "".join([set_order(v) + ";" for _, v in sorted(data.items())]) + ">"


def identity(value: Val) -> object:
    """Something hashable that is equal for equal values of one type; unknowns equal themselves."""
    if isinstance(value, Unknown):
        return id(value)
    data = value.data
    if isinstance(data, bool):
        return ("bool", data)
    if isinstance(data, tuple):
        return ("tuple", tuple([identity(e) for e in data]))
    if isinstance(data, dict):
        return ("dict", tuple([(k, identity(v)) for k, v in sorted(data.items())]))
    return data


def type_of(value: Val) -> Type:
    """The type of a value, as exactly as it is known.

    What was read from a resource has an unknown type: the provider's schema decides it, not what
    is written. So has a null, and so has an error.
    """
    if isinstance(value, Unknown):
        kind = value.type
        return kind if isinstance(kind, Type) else ANY
    if value.data is None:
        return value.type if isinstance(value, NullOf) else ANY
    return ANY if value.of is not None else type_of_data(value.data)


def type_of_data(data: Data) -> Type:
    """The type of data, whose parts may be unknown."""
    if isinstance(data, str):
        return STRING
    if isinstance(data, bool):
        return BOOL
    if data is None:
        return ANY
    if isinstance(data, int | Decimal):
        return NUMBER
    if isinstance(data, List):
        return ListOf(data.element)
    if isinstance(data, Set):
        return SetOf(data.element)
    if isinstance(data, Map):
        return MapOf(data.element)
    if isinstance(data, tuple):
        return TupleOf([type_of(e) for e in data])
    return ObjectOf({key: type_of(member) for key, member in data.items()})


def normalize(text: str) -> str:
    """A string as Terraform keeps it: in Unicode's normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
