"""Converting values to types: what a variable's type constraint does, and functions' parameters.

Source: "Type Constraints" of the Terraform language, and go-cty, ``cty/convert``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.language.containers import (
    Lazy,
    List,
    Map,
    NullOf,
    OpenMap,
    Set,
    Several,
    make_list,
    make_map,
    make_set,
    type_of,
)
from iac_ec2lint.terraform.language.marks import marks_in, unmarked
from iac_ec2lint.terraform.language.types import (
    ANY,
    NUMBER,
    STRING,
    Collection,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
    convertible,
    has_any,
    is_primitive,
    unify,
)
from iac_ec2lint.values import Data, Unknown, Val, Value, number_text, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mismatch(Exception):  # noqa: N818 - it is caught where it becomes a Diagnostic
    """A value that cannot be converted; the message says what was required."""


def convert(value: Val, kind: Type) -> Val:
    """``value`` as a value of type ``kind``, where it was written and the way it came unchanged.

    Raises:
        Mismatch: It cannot be converted.
    """
    if kind is ANY:
        return value
    if isinstance(value, Unknown):
        return _convert_unknown(value, kind)
    data = value.data
    if data is None:
        return _convert_null(value, kind)
    if is_primitive(kind):
        return _convert_primitive(value, kind)
    if isinstance(kind, ListOf):
        return _convert_list(value, kind)
    if isinstance(kind, SetOf):
        return _convert_set(value, kind)
    if isinstance(kind, MapOf):
        return _convert_map(value, kind)
    if isinstance(kind, ObjectOf):
        return _convert_object(value, kind)
    if isinstance(kind, TupleOf):
        return _convert_tuple(value, kind)
    raise AssertionError(kind)


def _convert_null(value: Value, kind: Type) -> Val:
    source = value.type if isinstance(value, NullOf) else ANY
    if source == kind:
        return value
    if not convertible(source, kind):
        raise Mismatch(f"{describe(kind)} required")
    return NullOf(kind, value.span, value.via, marks=value.marks)


def with_data(value: Value, data: Data) -> Value:
    """Other data in the same place."""
    return Value(
        data,
        value.span,
        value.via,
        implied=value.implied,
        of=value.of,
        decoded=value.decoded,
        marks=value.marks,
    )


def primitive_text(data: Data) -> str | None:
    """The string that a primitive converts to; ``None`` where it is none."""
    if isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int | Decimal):
        return number_text(data)
    return None


def describe(kind: Type) -> str:
    """A type in words for messages, as Terraform has them: ``list of string required``."""
    if isinstance(kind, Collection):
        return f"{kind.word} of {describe(kind.element)}"
    if isinstance(kind, TupleOf):
        return "tuple"
    if isinstance(kind, ObjectOf):
        return "object"
    return "any single type" if kind is ANY else str(kind)


def _convert_primitive(value: Value, kind: Type) -> Val:
    data = value.data
    if kind is STRING:
        if isinstance(data, str):
            return value
        text = primitive_text(data)
        if text is not None:
            return with_data(value, text)
    elif kind is NUMBER:
        if isinstance(data, int | Decimal) and not isinstance(data, bool):
            return value
        number = parse_number(data) if isinstance(data, str) else None
        if number is not None:
            return with_data(value, number)
    else:
        if isinstance(data, bool):
            return value
        if data in ("true", "1") and isinstance(data, str):
            return with_data(value, True)
        if data in ("false", "0") and isinstance(data, str):
            return with_data(value, False)
    raise Mismatch(f"{kind} required")


def _convert_elements(elements: Iterable[Val], kind: Type) -> tuple[list[Val], Type]:
    """Elements as values of one type, and that type, which is more exact than ``kind``."""
    converted: list[Val] = []
    for index, element in enumerate(elements):
        try:
            converted.append(convert(element, kind))
        except Mismatch as mismatch:
            raise Mismatch(f"element {index}: {mismatch}") from None
    if not has_any(kind) or not converted:
        return converted, kind
    unified = unify([type_of(element) for element in converted])
    if unified is None:
        raise Mismatch("all elements must have the same type")
    return [convert(element, unified) for element in converted], unified


def _fits(element: Type, kind: Collection) -> bool:
    """Whether a collection of such elements is of that type as it is."""
    if kind.element is ANY:
        return element is not ANY
    return element == kind.element and not kind.defaulted and not has_any(element)


def _convert_list(value: Value, kind: ListOf) -> Val:
    data = value.data
    if not isinstance(data, tuple):
        raise Mismatch(f"{describe(kind)} required")
    if isinstance(data, List) and _fits(data.element, kind):
        return value
    elements, element = _convert_elements(data, kind.element)
    if not data and isinstance(data, List | Set) and element is ANY:
        element = data.element
    is_open = isinstance(data, List | Set) and data.open
    made = make_list(elements, element, is_open=is_open)
    if is_open and isinstance(data, List) and data.exact:
        made.exact = True
    return with_data(value, made)


def _convert_set(value: Value, kind: SetOf) -> Val:
    data = value.data
    if not isinstance(data, tuple):
        raise Mismatch(f"{describe(kind)} required")
    if isinstance(data, Set) and _fits(data.element, kind):
        return value
    elements, element = _convert_elements(data, kind.element)
    if not data and isinstance(data, List | Set) and element is ANY:
        element = data.element
    # A set is marked as a whole: its elements are told apart by what they are.
    marks = marks_in(elements)
    if marks:
        elements = [unmarked(one) for one in elements]
    made = with_data(value, make_set(elements, element))
    return made.marked(marks) if marks else made


def _convert_map(value: Value, kind: MapOf) -> Val:
    data = value.data
    if not isinstance(data, dict):
        raise Mismatch(f"{describe(kind)} required")
    if isinstance(data, Map) and _fits(data.element, kind):
        return value
    try:
        elements, element = _convert_elements(data.values(), kind.element)
    except Mismatch as mismatch:
        raise Mismatch(_named_element(str(mismatch), list(data))) from None
    return with_data(value, make_map(dict(zip(data, elements, strict=True)), element))


def _named_element(message: str, keys: list[str]) -> str:
    head, _, rest = message.partition(": ")
    word, _, number = head.partition(" ")
    if word == "element" and number.isdigit():
        return f'element "{keys[int(number)]}": {rest}'
    return message


def _convert_object(value: Value, kind: ObjectOf) -> Val:
    data = value.data
    if not isinstance(data, dict):
        raise Mismatch("object required")
    attributes: dict[str, Val] = {}
    for name in sorted(kind.attributes):
        wanted = kind.attributes[name]
        given = data.get(name)
        default = kind.optional.get(name)
        if given is None:
            if name not in kind.optional:
                raise Mismatch(f'attribute "{name}" is required')
            given = default if default is not None else Value(None, value.span)
        elif default is not None and given.is_null:
            given = default
        try:
            attributes[name] = convert(given, wanted)
        except Mismatch as mismatch:
            raise Mismatch(f'attribute "{name}": {mismatch}') from None
    return with_data(value, attributes)


def _convert_tuple(value: Value, kind: TupleOf) -> Val:
    data = value.data
    if not isinstance(data, tuple) or isinstance(data, Set):
        raise Mismatch("tuple required")
    if isinstance(data, List):
        if data.open:
            why = "its length is not known"
            return Unknown(why, "expression", value.span, value.via, marks=value.marks)
        if value.of is None:
            raise Mismatch("tuple required")
    if len(data) != len(kind.elements):
        raise Mismatch(f"tuple of {len(kind.elements)} elements required")
    return with_data(value, tuple(map(convert, data, kind.elements)))


def _convert_unknown(value: Unknown, kind: Type) -> Val:
    if isinstance(value, Lazy):
        return _convert_lazy(value, kind)
    if isinstance(value, Several):
        return Several(value, convert(value.element, kind))
    source = value.type
    if source == kind:
        return value
    if isinstance(source, Type) and not convertible(source, kind):
        raise Mismatch(f"{describe(kind)} required")
    if isinstance(value, OpenMap) and isinstance(kind, MapOf):
        known = {key: convert(member, kind.element) for key, member in value.known.items()}
        named = [(key, convert(member, kind.element)) for key, member in value.named]
        element = convert(value.element, kind.element)
        return OpenMap(value, known, element, named).but(type=kind)
    if isinstance(value, OpenMap) and isinstance(kind, ObjectOf):
        members = {name: value.known.get(name, value.element) for name in kind.attributes}
        return convert(Value(members, value.span, value.via, marks=value.marks), kind)
    candidates: list[Val] = []
    misfit: Mismatch | None = None
    for candidate in value.candidates:
        try:
            candidates.append(convert(candidate, kind))
        except Mismatch as mismatch:  # what fails is not what is deployed
            misfit = mismatch
    if misfit is not None and not candidates:
        raise misfit
    return value.but(type=kind, candidates=tuple(candidates))


def _convert_lazy(value: Lazy, kind: Type) -> Val:
    if isinstance(kind, ObjectOf):
        attributes: dict[str, Val] = {}
        for name, wanted in sorted(kind.attributes.items()):
            given = value.member(name, value.span)
            if given is None:
                if name not in kind.optional:
                    raise Mismatch(f'attribute "{name}" is required')
                default = kind.optional[name]
                given = default if default is not None else Value(None, value.span)
            attributes[name] = convert(given, wanted)
        return Value(attributes, value.span, value.via, marks=value.marks)
    whole = value.whole()
    if whole is not value:
        return convert(whole, kind)
    if is_primitive(kind) or isinstance(kind, ListOf | SetOf | TupleOf):
        raise Mismatch(f"{describe(kind)} required")
    return value
