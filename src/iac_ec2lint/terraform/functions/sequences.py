"""Functions of lists, tuples and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.registry import FunctionError, function, whole
from iac_ec2lint.terraform.functions.texts.graphemes import graphemes
from iac_ec2lint.terraform.identifiers import are_distinct
from iac_ec2lint.terraform.language.containers import (
    List,
    Set,
    Several,
    identity,
    in_any_order,
    is_open,
    make_list,
    make_open,
    type_of,
)
from iac_ec2lint.terraform.language.conversion import convert
from iac_ec2lint.terraform.language.open_lists import as_exact, closed_lists, is_exact
from iac_ec2lint.terraform.language.operators import equal, never_null
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
    unify,
)
from iac_ec2lint.terraform.language.unknowns import (
    choose,
    depend,
    element_of,
    steps_of,
    wholly_known,
)
from iac_ec2lint.values import UNMARKED, Items, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.terraform.functions.registry import FunctionCall

_KEPT_ELEMENTS = 1_000
"""Elements that are kept of an unknown list; of more, none is."""


def sequence(value: Val) -> tuple[Val, ...]:
    """The elements of a list, tuple or set.

    Raises:
        FunctionError: It is none.
    """
    if isinstance(value, Value) and isinstance(value.data, tuple):
        return value.elements()
    raise FunctionError("a list, set or tuple is required")


def must_be_sequence(value: Val) -> None:
    """Check the type of a value that may be unknown.

    Raises:
        FunctionError: It is no list, set or tuple.
    """
    if isinstance(value, Value) and isinstance(value.data, tuple):
        return
    kind = type_of(value)
    if kind is not ANY and not isinstance(kind, ListOf | SetOf | TupleOf):
        raise FunctionError("a list, set or tuple is required")


def like(value: Value, elements: Iterable[Val]) -> tuple[Val, ...]:
    """Some elements of ``value``: a list of them if it is a list (or a set), else a tuple."""
    data = value.data
    kept = list(elements)
    if isinstance(data, List | Set):
        is_open = any(isinstance(element, Several) for element in kept)
        return make_list(kept, data.element, is_open=is_open)
    return make_open(kept)


@function("length", ANY, result=NUMBER, needs="none", marks="top")
def _length(call: FunctionCall, value: Val) -> Val:
    if isinstance(value, Unknown):
        kind = value.type
        if isinstance(kind, ObjectOf):
            return call.value(len(kind.attributes))
        if isinstance(kind, TupleOf):
            return call.value(len(kind.elements))
        if kind is NUMBER or kind is BOOL:
            raise FunctionError("a string or a collection is required")
        return call.undecided(lambda values: _length(call, *values), value, kind=NUMBER)
    data = value.data
    if isinstance(data, str):
        return call.value(len(graphemes(data)), value)
    if is_open(data):
        why = depend(call.span, [e for e in value.elements() if isinstance(e, Unknown)], NUMBER)
        lists = closed_lists([value])
        counts = [Value(len(one.elements), call.span, one.when) for one in lists]
        return choose(call.span, why, counts, NUMBER) if counts else why
    if isinstance(data, tuple | dict):
        return call.value(len(data), value)
    raise FunctionError("a string or a collection is required")


@function("concat", variadic=ANY, needs="none", marks="top")
def _concat(call: FunctionCall, *lists: Val) -> Val:
    if not lists:
        raise FunctionError("it needs a list or more")
    elements: list[Val] = []
    typed = True
    for one in lists:
        if isinstance(one, Unknown):
            must_be_sequence(one)
            elements.append(Several(one, element_of(one)))
            typed = typed and isinstance(one.type, ListOf)
        else:
            elements.extend(sequence(one))
            typed = typed and isinstance(one.data, List) and one.of is None
    if typed:
        unified = unify([kind.element for kind in map(type_of, lists) if isinstance(kind, ListOf)])
        if unified is not None:
            opened = is_open(make_open(elements, *lists))
            converted = [convert(element, unified) for element in elements]
            made = make_list(converted, unified, is_open=opened)
            return Value(as_exact(made, lists), call.span)
    return Value(as_exact(make_open(elements, *lists), lists), call.span)


@function("flatten", ANY, needs="none", marks="top")
def _flatten(call: FunctionCall, value: Val) -> Val:
    if isinstance(value, Unknown):
        must_be_sequence(value)
        return call.undecided(lambda values: _flatten(call, *values), value)
    flat: list[Val] = []
    exact = True
    marks = UNMARKED
    lists = [value]
    stack = list(reversed(sequence(value)))
    while stack:
        element = stack.pop()
        if isinstance(element, Value) and isinstance(element.data, tuple):
            marks = marks | element.marks
            lists.append(element)
            stack.extend(reversed(element.elements()))
        elif isinstance(element, Several):
            exact = False
            inner = element.element
            if isinstance(inner, Value) and isinstance(inner.data, tuple):
                # Nobody knows how often, but these are the elements.
                flat.extend([Several(element, e) for e in inner.elements()])
            elif isinstance(inner, Unknown) and _is_list(inner):
                stack.append(Several(element, element_of(inner)))
            else:
                flat.append(element)
        elif isinstance(element, Unknown) and not _is_one(element):
            # It may be a list itself, of nobody knows how many elements.
            flat.append(Several(element, element_of(element)))
            exact = exact and all(map(_is_flat, element.candidates))
        else:
            flat.append(element)
    made = make_open(flat, *lists)
    if isinstance(made, List):
        made.exact = exact and all(map(is_exact, lists[1:]))
    return Value(made, call.span, marks=marks)


def _is_flat(value: Val) -> bool:
    """Whether a value is a list without lists in it."""
    inner = value.data if isinstance(value, Value) else None
    return (
        isinstance(inner, tuple)
        and all(_is_one(e) for e in inner if isinstance(e, Unknown))
        and not any(isinstance(e, Value) and isinstance(e.data, tuple) for e in inner)
    )


def _is_list(unknown: Unknown) -> bool:
    """Whether an unknown is certain to be a list."""
    if isinstance(unknown.type, ListOf | SetOf | TupleOf):
        return True
    lists = [isinstance(one, Value) and isinstance(one.data, tuple) for one in unknown.candidates]
    return bool(lists) and all(lists)


_TEXTS = ("id", "arn", "name", "cidr_block", "json", "Id", "Arn", "Name", "Ref")
"""What the names of attributes end with that are texts in the AWS provider, and in that of Cloud
Control as its types have them: lists are plural."""


def _is_one(unknown: Unknown) -> bool:
    """Whether an unknown is certain to be no list."""
    from iac_ec2lint.values import Reference

    kind = unknown.type
    if isinstance(kind, Type) and kind is not ANY:
        return not isinstance(kind, ListOf | SetOf | TupleOf)
    if not isinstance(unknown, Reference):
        return bool(unknown.parts)
    return not unknown.attribute or unknown.attribute.endswith(_TEXTS) or bool(unknown.parts)


@function("contains", ANY, ANY, result=BOOL, needs="none", nulls=frozenset({1}))
def _contains(call: FunctionCall, collection: Val, wanted: Val) -> Val:
    if isinstance(collection, Unknown):
        must_be_sequence(collection)
        return call.undecided(lambda v: _contains(call, *v), collection, wanted, kind=BOOL)
    undecided: list[Val] = []
    for element in sequence(collection):
        verdict = None if isinstance(element, Several) else equal(element, wanted)
        if verdict:
            return Value(True, call.span, steps_of(collection, wanted))
        if verdict is None:
            undecided.append(element)
    if undecided:
        if isinstance(wanted, Unknown) and wanted.candidates:
            return call.undecided(lambda v: _contains(call, *v), collection, wanted, kind=BOOL)
        return call.unknown(*undecided, wanted, kind=BOOL)
    return Value(False, call.span, steps_of(collection, wanted))


@function("compact", ListOf(STRING), result=ListOf(STRING), needs="none")
def _compact(call: FunctionCall, strings: Val) -> Val:
    if isinstance(strings, Unknown):
        return call.undecided(lambda values: _compact(call, *values), strings, kind=ListOf(STRING))
    kept: list[Val] = []
    for element in sequence(strings):
        if isinstance(element, Unknown) and element.candidates:
            left = tuple(c for c in element.candidates if not (c.is_null or c.text == ""))
            some = left[0] if len(left) == 1 else element.but(candidates=left, unset=False)
            if len(left) == len(element.candidates) and not element.unset:
                kept.append(element)
            elif left:
                kept.append(Several(element, some))
        elif isinstance(element, Unknown):
            certain = isinstance(element, Several) or never_null(element)
            kept.append(element if certain else Several(element, element))
        elif element.data is not None and element.data != "":
            kept.append(element)
    opened = any(isinstance(e, Several) for e in kept)
    return Value(make_list(kept, STRING, is_open=opened), call.span)


@function("distinct", ListOf(ANY), needs="none")
def _distinct(call: FunctionCall, values: Val) -> Val:
    if isinstance(values, Unknown):
        return call.undecided(lambda v: _distinct(call, *v), values, kind=type_of(values))
    elements = sequence(values)
    kept = list({identity(element): element for element in elements}.values())
    kind = _element_type(values)
    if all(map(wholly_known, kept)) or len(kept) == 1 or are_distinct(kept):
        return Value(make_list(kept, kind, is_open=is_open(values.data)), call.span)
    # Another element may turn out to be equal to an unknown one.
    return Value(in_any_order(kept, kind), call.span)


@function("reverse", ANY, needs="none", marks="top")
def _reverse(call: FunctionCall, values: Val) -> Val:
    if isinstance(values, Unknown):
        return call.undecided(lambda v: _reverse(call, *v), values, kind=type_of(values))
    data = values.data
    if isinstance(data, List | Set) and data.open:
        made = make_list(reversed(sequence(values)), data.element, is_open=True)
        return Value(made, call.span)
    return Value(like(values, reversed(sequence(values))), call.span)


@function("slice", ANY, NUMBER, NUMBER, needs="none", marks="top")
def _slice(call: FunctionCall, values: Val, start: Val, end: Val) -> Val:
    if not isinstance(start, Value) or not isinstance(end, Value):
        found = call.undecided(lambda v: _slice(call, *v), values, start, end)
        data = values.data if isinstance(values, Value) else None
        if not isinstance(data, tuple) or isinstance(data, Items) or found.candidates:
            return found
        if found.cause == "error":
            return found
        # Wherever it is cut, it has none but these elements.
        kept = sequence(values)[None if is_open(data) else whole(start.number or 0) :]
        return Value(make_open([_several(e, found) for e in kept]), call.span)
    first, last = whole(start.number), whole(end.number)
    if isinstance(values, Unknown):
        return _slice_of_unknown(call, values, first, last, (start, end))
    if isinstance(values.data, Items):
        raise FunctionError("a list or tuple is required, not a set")
    elements = sequence(values)
    if is_open(values.data):
        # Without a Several it was a set, and no place in it is certain.
        certain = next((i for i, e in enumerate(elements) if isinstance(e, Several)), 0)
        if not 0 <= first <= last <= certain:
            return call.unknown(values)
    elif not 0 <= first <= last <= len(elements):
        raise FunctionError(f"from {first} to {last} is not within {len(elements)} elements")
    return Value(like(values, elements[first:last]), call.span)


def _slice_of_unknown(
    call: FunctionCall, values: Unknown, first: int, last: int, bounds: tuple[Val, Val]
) -> Val:
    """So many elements, or an error: a list that is shorter is none that can be cut so."""
    from iac_ec2lint.terraform.language.traversal import get_index

    kind = values.type
    if isinstance(kind, SetOf) or not 0 <= first <= last:
        raise FunctionError("a list or tuple is required, and a start that is not after the end")
    if values.candidates or values.unset or last - first > _KEPT_ELEMENTS:
        return call.undecided(lambda v: _slice(call, *v), values, *bounds)
    call.scope.evaluation.doubt(values)
    found = [
        get_index(values, Value(index, call.span), call.span, call.scope)
        for index in range(first, last)
    ]
    return Value(make_list(found, kind.element if isinstance(kind, ListOf) else ANY), call.span)


@function("chunklist", ListOf(ANY), NUMBER, marks="top")
def _chunklist(call: FunctionCall, values: Value, size: Value) -> Val:
    count = whole(size.number)
    if count < 0:
        raise FunctionError("the size must not be negative")
    elements = sequence(values)
    step = count or max(len(elements), 1)
    kind = values.data.element if isinstance(values.data, List) else ANY
    chunks: list[Val] = [
        Value(make_list(elements[i : i + step], kind), call.span)
        for i in range(0, len(elements), step)
    ]
    return Value(make_list(chunks, ListOf(kind)), call.span)


@function("index", ANY, ANY, result=NUMBER, nulls=frozenset({1}))
def _index(call: FunctionCall, values: Value, wanted: Value) -> Val:
    if isinstance(values.data, Items) or not isinstance(values.data, tuple):
        raise FunctionError("a list or tuple is required")
    for position, element in enumerate(sequence(values)):
        verdict = equal(element, wanted)
        if verdict is None:
            return call.unknown(element, wanted, kind=NUMBER)
        if verdict:
            return call.value(position, values, wanted)
    raise FunctionError("the element is not in the list")


@function("matchkeys", ListOf(ANY), ListOf(ANY), ListOf(ANY), needs="none")
def _matchkeys(call: FunctionCall, values: Val, keys: Val, wanted: Val) -> Val:
    known = wholly_known(keys) and wholly_known(wanted)
    if not known or isinstance(values, Unknown) or is_open(values.data):
        found = call.undecided(lambda v: _matchkeys(call, *v), values, keys, wanted)
        if isinstance(values, Unknown) or found.candidates or found.cause == "error":
            return found
        # Whatever the keys are, it has none but these elements.
        perhaps = [e if isinstance(e, Several) else Several(found, e) for e in sequence(values)]
        return Value(make_list(perhaps, _element_type(values), is_open=bool(perhaps)), call.span)
    elements, marks = sequence(values), sequence(keys)
    if len(elements) != len(marks):
        raise FunctionError("the two lists must have the same length")
    kinds = type_of(keys), type_of(wanted)
    unified = unify(kinds)
    if unified is None:
        raise FunctionError("keys and wanted keys must have the same type")
    accepted = {identity(e) for e in sequence(convert(wanted, unified))}
    converted = sequence(convert(keys, unified))
    kept = [e for e, k in zip(elements, converted, strict=True) if identity(k) in accepted]
    return Value(like(values, kept), call.span)


def _element_type(values: Val) -> Type:
    kind = type_of(values)
    return kind.element if isinstance(kind, ListOf) else ANY


@function("sort", ListOf(STRING), result=ListOf(STRING), needs="none")
def _sort(call: FunctionCall, strings: Val) -> Val:
    if isinstance(strings, Unknown):
        return call.undecided(lambda values: _sort(call, *values), strings, kind=ListOf(STRING))
    elements = sequence(strings)
    if any(isinstance(e, Unknown) for e in elements):
        return strings if len(elements) == 1 else Value(in_any_order(elements, STRING), call.span)
    missing = [e for e in elements if e.is_null]
    if missing:
        raise FunctionError("an element is null", *missing)
    return Value(make_list(sorted(elements, key=_text), STRING), call.span)


def _several(element: Val, why: Unknown | None = None) -> Val:
    """An element whose place is not known, or that may be missing."""
    if isinstance(element, Several):
        return element
    if why is None:
        why = Unknown("its place in the list is not known", "expression", element.span)
    return Several(why, element)


def _text(value: Val) -> str:
    return value.text or ""


@function("alltrue", ListOf(BOOL), result=BOOL, needs="none")
def _alltrue(call: FunctionCall, values: Val) -> Val:
    return _quantify(call, values, decisive=False)


@function("anytrue", ListOf(BOOL), result=BOOL, needs="none")
def _anytrue(call: FunctionCall, values: Val) -> Val:
    return _quantify(call, values, decisive=True)


def _quantify(call: FunctionCall, values: Val, *, decisive: bool) -> Val:
    if isinstance(values, Unknown):
        return call.undecided(lambda v: _quantify(call, *v, decisive=decisive), values, kind=BOOL)
    undecided: list[Val] = []
    for element in sequence(values):
        if isinstance(element, Unknown):
            undecided.append(element)
        elif (element.boolean is True) is decisive:
            return call.value(decisive, values, element)
    if undecided:
        return call.unknown(*undecided, kind=BOOL)
    return call.value(not decisive, values, *sequence(values))
