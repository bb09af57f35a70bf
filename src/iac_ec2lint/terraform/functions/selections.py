"""Functions that pick an element, a list or a value out of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.registry import FunctionError, function, whole
from iac_ec2lint.terraform.functions.sequences import must_be_sequence, sequence
from iac_ec2lint.terraform.language.containers import (
    Several,
    is_open,
    make_open,
    type_of,
)
from iac_ec2lint.terraform.language.conversion import convert
from iac_ec2lint.terraform.language.open_lists import closed_lists
from iac_ec2lint.terraform.language.operators import never_null
from iac_ec2lint.terraform.language.types import (
    ANY,
    NUMBER,
    ListOf,
    SetOf,
    TupleOf,
    Type,
    is_primitive,
    unify,
)
from iac_ec2lint.terraform.language.unknowns import (
    assumed_steps,
    choose,
    join_steps,
)
from iac_ec2lint.values import Items, Reference, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import FunctionCall


@function("element", ANY, NUMBER, needs="none", marks="top")
def _element(call: FunctionCall, collection: Val, index: Val) -> Val:
    if isinstance(collection, Unknown):
        return _element_of_unknown(call, collection, index)
    elements = collection.data
    if not isinstance(elements, tuple) or isinstance(elements, Items):
        raise FunctionError("a list or tuple is required")
    from iac_ec2lint.terraform.language.traversal import one_of, open_element

    number = index.number
    if number is None:
        assert isinstance(index, Unknown)  # noqa: S101 - neither a number nor null
        arms = [e.element if isinstance(e, Several) else e for e in collection.elements()]
        return one_of(call.span, index, arms, elements) if arms else call.unknown(index)
    position = whole(number)
    if not -(2**63) <= position < 2**63:
        raise FunctionError("the index is too large")
    if is_open(elements):
        if position == 0:
            return open_element(collection, 0, call.span, call.scope)
        lists = [one for one in closed_lists([collection]) if one.elements]
        arms = [one.elements[position % len(one.elements)].after(*one.when) for one in lists]
        arms = arms or [e.element if isinstance(e, Several) else e for e in collection.elements()]
        why = next(e for e in elements if isinstance(e, Unknown))
        return arms[0] if len(arms) == 1 else choose(call.span, why, arms)
    if not elements:
        raise FunctionError("the list is empty")
    found = elements[position % len(elements)]
    steps = join_steps(collection.via, assumed_steps(index))
    return found.after(*steps) if steps else found


def _element_of_unknown(call: FunctionCall, collection: Unknown, index: Val) -> Val:
    kind = collection.type
    if isinstance(kind, Type) and kind is not ANY and not isinstance(kind, ListOf | TupleOf):
        raise FunctionError("a list or tuple is required")
    if isinstance(kind, TupleOf) and kind.elements and isinstance(index.number, int):
        return call.unknown(collection, kind=kind.elements[index.number % len(kind.elements)])
    element = kind.element if isinstance(kind, ListOf) else ANY
    return call.undecided(lambda v: _element(call, *v), collection, index, kind=element)


@function("one", ANY, needs="none", nulls=False)
def _one(call: FunctionCall, collection: Val) -> Val:
    if isinstance(collection, Unknown):
        return _one_of_unknown(call, collection)
    elements = sequence(collection)
    if is_open(collection.data):
        # A second element would be an error: it is one of them, or there is none.
        sure = [e for e in elements if not isinstance(e, Several)]
        if len(sure) == 1:
            return sure[0]
        if not sure:
            arms = [e.element for e in elements if isinstance(e, Several)]
            return choose(call.span, call.unknown(*elements), [*arms, Value(None, call.span)])
        return call.unknown(*elements)
    if not elements:
        return call.value(None, collection)
    if len(elements) > 1:
        raise FunctionError("there is more than one element")
    return elements[0]


def _one_of_unknown(call: FunctionCall, collection: Unknown) -> Val:
    must_be_sequence(collection)
    kind = collection.type
    if isinstance(kind, TupleOf):
        if len(kind.elements) > 1:
            raise FunctionError("there is more than one element")
        return call.unknown(collection, kind=kind.elements[0] if kind.elements else ANY)
    element = kind.element if isinstance(kind, ListOf | SetOf) else ANY
    return call.undecided(lambda v: _one(call, *v), collection, kind=element)


@function("coalesce", variadic=ANY, needs="none", nulls=True)
def _coalesce(call: FunctionCall, *values: Val) -> Val:
    kinds = [type_of(v) for v in values if type_of(v) is not ANY]
    unified = unify(kinds) if kinds else ANY
    if unified is None:
        raise FunctionError("all arguments must have the same type")
    undecided: list[Unknown] = []
    passed: tuple[Step, ...] = ()
    for given in values:
        value = convert(given, unified) if is_primitive(unified) else given
        if isinstance(value, Unknown) and value.candidates and not isinstance(value, Reference):
            blank = [one for one in value.candidates if _is_blank(one)]
            filled = tuple(one for one in value.candidates if not _is_blank(one))
            null = value.unset and not any(one.is_null for one in blank)
            known = not null and all(isinstance(one, Value) for one in filled)
            if known and not blank:
                return _after_undecided(call, undecided, value.after(*passed) if passed else value)
            if blank:
                if filled:
                    undecided.append(value.but(candidates=filled, unset=False))
                if known and len(blank) == 1:  # what comes next counts where it is this one
                    passed = join_steps(passed, blank[0].via[-1:])
                continue
        if isinstance(value, Unknown):
            if value.parts and any(isinstance(part, str) for part in value.parts):
                return _after_undecided(call, undecided, value)
            if never_null(value):
                return _after_undecided(call, undecided, value)
            undecided.append(value)
            continue
        if value.data is None or value.data == "":
            passed = join_steps(passed, assumed_steps(value))
            continue
        return _after_undecided(call, undecided, value.after(*passed) if passed else value)
    if len(undecided) == 1:
        # It is this one, or an error; as itself it keeps its identity.
        return undecided[0]
    if undecided:
        return choose(call.span, undecided[0], undecided)
    raise FunctionError("no argument is a value that is neither null nor empty")


def _is_blank(value: Val) -> bool:
    return value.is_null or value.text == ""


def _after_undecided(call: FunctionCall, undecided: list[Unknown], value: Val) -> Val:
    if not undecided:
        return value
    return choose(call.span, undecided[0], [*undecided, value], type_of(value))


@function("coalescelist", variadic=ANY, needs="none", nulls=True)
def _coalescelist(call: FunctionCall, *lists: Val) -> Val:
    if not lists:
        raise FunctionError("it needs a list or more")
    perhaps: list[Val] = []
    passed: tuple[Step, ...] = ()
    for one in lists:
        if isinstance(one, Unknown):
            return call.undecided(lambda v: _coalescelist(call, *v), *lists)
        if one.data in (None, ()):
            passed = join_steps(passed, assumed_steps(one))
        if one.data is None:
            continue
        elements = one.data
        if not isinstance(elements, tuple) or isinstance(elements, Items):
            raise FunctionError("all arguments must be lists or tuples")
        if is_open(elements) and all(isinstance(e, Several) for e in elements):
            perhaps += elements  # or, if there is none of them, those of the next
        elif elements and perhaps:
            why = call.unknown(*perhaps)
            perhaps += [e if isinstance(e, Several) else Several(why, e) for e in elements]
            return Value(make_open(perhaps), call.span)
        elif elements:
            return one.after(*passed) if passed else one
    if perhaps:
        return Value(make_open(perhaps), call.span)
    raise FunctionError("no list has an element")
