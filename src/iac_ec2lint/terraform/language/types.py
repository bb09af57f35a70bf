"""Terraform's types: what a value is, and what a variable accepts.

Source: "Type Constraints" of the Terraform language; unification follows go-cty's
``cty/convert/unify.go``, since conditionals and collections show its results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iac_ec2lint.values import Val


class Type:
    """A type. ``str`` of it is how Terraform spells it.

    ``defaulted`` says whether converting to it may fill in a default of an optional attribute.
    """

    __slots__ = ("defaulted",)
    defaulted: bool

    def __repr__(self) -> str:
        return str(self)


class Primitive(Type):
    """``string``, ``number``, ``bool``, or ``any``: a type that is not known (yet)."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
        self.defaulted = False

    def __str__(self) -> str:
        return self.name


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
ANY = Primitive("any")


class Collection(Type):
    """``list(T)``, ``set(T)`` or ``map(T)``: every element has the same type."""

    __slots__ = ("element",)
    word = ""

    def __init__(self, element: Type) -> None:
        self.element = element
        self.defaulted = element.defaulted

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.element == other.element

    def __hash__(self) -> int:
        return hash((self.word, self.element))

    def __str__(self) -> str:
        return f"{self.word}({self.element})"


class ListOf(Collection):
    """``list(T)``."""

    __slots__ = ()
    word = "list"


class SetOf(Collection):
    """``set(T)``."""

    __slots__ = ()
    word = "set"


class MapOf(Collection):
    """``map(T)``."""

    __slots__ = ()
    word = "map"


class TupleOf(Type):
    """``tuple([A, B])``."""

    __slots__ = ("elements",)

    def __init__(self, elements: Sequence[Type]) -> None:
        self.elements = tuple(elements)
        self.defaulted = any(element.defaulted for element in self.elements)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TupleOf) and self.elements == other.elements

    def __hash__(self) -> int:
        return hash(self.elements)

    def __str__(self) -> str:
        return f"tuple([{', '.join(map(str, self.elements))}])"


class ObjectOf(Type):
    """``object({a = A, b = optional(B, default)})``.

    Args:
        attributes: The type of each attribute.
        optional: The attributes that may be left out, and the default of each (``None``: null).
    """

    __slots__ = ("attributes", "optional")

    def __init__(
        self, attributes: dict[str, Type], optional: dict[str, Val | None] | None = None
    ) -> None:
        self.attributes = attributes
        self.optional = optional or {}
        self.defaulted = any(d is not None for d in self.optional.values()) or any(
            kind.defaulted for kind in attributes.values()
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectOf) and self.attributes == other.attributes

    def __hash__(self) -> int:
        return hash(frozenset(self.attributes.items()))

    def __str__(self) -> str:
        members = (
            f"{name}=optional({kind})" if name in self.optional else f"{name}={kind}"
            for name, kind in sorted(self.attributes.items())
        )
        return f"object({{{', '.join(members)}}})"


def is_primitive(kind: Type) -> bool:
    """Whether it is a string, a number or a bool."""
    return kind is STRING or kind is NUMBER or kind is BOOL


def has_any(kind: Type) -> bool:
    """Whether a part of it is not known."""
    if kind is ANY:
        return True
    if isinstance(kind, Collection):
        return has_any(kind.element)
    if isinstance(kind, TupleOf):
        return any(has_any(element) for element in kind.elements)
    return isinstance(kind, ObjectOf) and any(has_any(k) for k in kind.attributes.values())


def convertible(source: Type, target: Type) -> bool:
    """Whether values of one type can be converted to another; some of them at least.

    Source: go-cty, ``cty/convert/conversion.go`` ("unsafe" conversions included).
    """
    if source is ANY or target is ANY or source == target:
        return True
    if is_primitive(target):
        return is_primitive(source) and (source is STRING or target is STRING)
    if isinstance(target, ListOf | SetOf):
        if isinstance(source, ListOf | SetOf):
            return convertible(source.element, target.element)
        return isinstance(source, TupleOf) and _all_convertible(source.elements, target.element)
    if isinstance(target, MapOf):
        if isinstance(source, MapOf):
            return convertible(source.element, target.element)
        return isinstance(source, ObjectOf) and _all_convertible(
            source.attributes.values(), target.element
        )
    if isinstance(target, TupleOf):
        return (
            isinstance(source, TupleOf)
            and len(source.elements) == len(target.elements)
            and all(map(convertible, source.elements, target.elements))
        )
    if isinstance(target, ObjectOf):
        if isinstance(source, MapOf):
            return all(convertible(source.element, k) for k in target.attributes.values())
        return isinstance(source, ObjectOf) and all(
            convertible(source.attributes[name], kind)
            if name in source.attributes
            else name in target.optional
            for name, kind in target.attributes.items()
        )
    return False


def _all_convertible(sources: Iterable[Type], target: Type) -> bool:
    if target is ANY:
        kinds = list(sources)
        return not kinds or unify(kinds) is not None  # [] and {} are of any element type
    return all(convertible(source, target) for source in sources)


def unify(kinds: Sequence[Type]) -> Type | None:
    """The one type that values of all ``kinds`` can be converted to; ``None`` where there is none.

    Source: go-cty, ``convert.UnifyUnsafe``.
    """
    distinct = list(dict.fromkeys(kinds))
    if len(distinct) == 1:
        return distinct[0]
    known = [kind for kind in distinct if kind is not ANY]
    if not known:
        return ANY if distinct else None
    special = _unify_structures(known)
    if special is not _GENERAL:
        # With one of unknown type among them, nobody can tell to what they will be unified.
        return special if special is None or len(known) == len(distinct) else ANY
    complete = len(known) == len(distinct)
    for wanted in sorted(known, key=_preference):
        if all(convertible(kind, wanted) for kind in known):
            # With a string among them, numbers and bools would become strings.
            return wanted if complete or not (wanted is NUMBER or wanted is BOOL) else ANY
    return None if complete else ANY


_GENERAL = Primitive("general")


def _unify_structures(kinds: list[Type]) -> Type | None:
    words = {type(kind) for kind in kinds}
    for collection in (MapOf, ListOf, SetOf):
        if words == {collection}:
            element = unify([kind.element for kind in kinds if isinstance(kind, Collection)])
            return None if element is None else collection(element)
    if words == {MapOf, ObjectOf}:
        element = unify(_members(kinds))
        return _GENERAL if element is None else MapOf(element)
    if words == {ListOf, TupleOf}:
        element = unify(_members(kinds))
        return _GENERAL if element is None else ListOf(element)
    if words == {ObjectOf}:
        return _unify_objects([kind for kind in kinds if isinstance(kind, ObjectOf)])
    if words == {TupleOf}:
        return _unify_tuples([kind for kind in kinds if isinstance(kind, TupleOf)])
    return None if {ObjectOf, TupleOf} <= words else _GENERAL


def _members(kinds: Iterable[Type]) -> list[Type]:
    found: list[Type] = []
    for kind in kinds:
        if isinstance(kind, Collection):
            found.append(kind.element)
        elif isinstance(kind, TupleOf):
            found.extend(kind.elements)
        elif isinstance(kind, ObjectOf):
            found.extend(kind.attributes.values())
    return found


def _unify_objects(kinds: list[ObjectOf]) -> Type | None:
    names = kinds[0].attributes.keys()
    if any(kind.attributes.keys() != names for kind in kinds):
        element = unify(_members(kinds))
        return None if element is None else MapOf(element)
    attributes: dict[str, Type] = {}
    for name in names:
        unified = unify([kind.attributes[name] for kind in kinds])
        if unified is None:
            return None
        attributes[name] = unified
    return ObjectOf(attributes)


def _unify_tuples(kinds: list[TupleOf]) -> Type | None:
    length = len(kinds[0].elements)
    if any(len(kind.elements) != length for kind in kinds):
        element = unify(_members(kinds))
        return None if element is None else ListOf(element)
    elements: list[Type] = []
    for index in range(length):
        unified = unify([kind.elements[index] for kind in kinds])
        if unified is None:
            return None
        elements.append(unified)
    return TupleOf(elements)


def _preference(kind: Type) -> int:
    """What comes first is tried first: a string before other primitives, collections by kind."""
    if isinstance(kind, Collection):
        order = {"list": 0, "map": 0, "set": 2}[kind.word]
        return order * 10 + _preference(kind.element)
    if isinstance(kind, TupleOf | ObjectOf):
        return 100
    return 0 if kind is STRING else 1
