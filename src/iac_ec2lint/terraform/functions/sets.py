"""Functions of sets."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from iac_ec2lint.source.budget import ELEMENT_BYTES
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.functions.sequences import must_be_sequence, sequence
from iac_ec2lint.terraform.language.containers import (
    Several,
    identity,
    is_open,
    make_list,
    make_set,
    type_of,
)
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.marks import marks_in, unmarked
from iac_ec2lint.terraform.language.types import ANY, ListOf, SetOf, TupleOf, Type, unify
from iac_ec2lint.terraform.language.unknowns import depend, element_of, wholly_known
from iac_ec2lint.values import UNMARKED, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.terraform.functions.registry import FunctionCall


def _as_sets(values: Sequence[Val]) -> tuple[list[Val], Type]:
    """All of them as sets of one type, and that type; what is unknown stays so."""
    sets: list[Val] = []
    kinds: list[Type] = []
    for value in values:
        must_be_sequence(value)
        try:
            one = convert(value, SetOf(ANY))
        except Mismatch as mismatch:
            raise FunctionError(str(mismatch)) from None
        sets.append(one)
        kind = type_of(one)
        empty = isinstance(one, Value) and not one.data
        if isinstance(kind, SetOf) and not (empty and kind.element is ANY):
            kinds.append(kind.element)
    element = unify(kinds) if kinds else ANY
    if element is None:
        raise FunctionError("all sets must have elements of one type")
    return [convert(one, SetOf(element)) for one in sets], element


@function("setunion", ANY, variadic=ANY, needs="none")
def _setunion(call: FunctionCall, *values: Val) -> Val:
    sets, kind = _as_sets(values)
    unknown = [one for one in sets if isinstance(one, Unknown)]
    if unknown and (len(unknown) == len(sets) or any(one.candidates for one in unknown)):
        return call.undecided(lambda v: _setunion(call, *v), *sets, kind=SetOf(kind))
    # What is in one of them is in the union, whatever the others hold.
    elements = [e for one in sets if isinstance(one, Value) for e in sequence(one)]
    elements += [Several(one, element_of(one)) for one in unknown]
    return Value(make_set(elements, kind), call.span)


@function("setintersection", ANY, variadic=ANY, needs="none")
def _setintersection(call: FunctionCall, *values: Val) -> Val:
    sets, kind = _as_sets(values)
    known = [one for one in sets if isinstance(one, Value)]
    whole = [one for one in known if wholly_known(one) and not is_open(one.data)]
    common = [{identity(e) for e in sequence(one)} for one in whole]
    if len(whole) == len(sets):
        kept = [e for e in sequence(sets[0]) if identity(e) in set.intersection(*common)]
        return Value(make_set(kept, kind), call.span)
    found = call.undecided(lambda v: _setintersection(call, *v), *sets, kind=SetOf(kind))
    if found.candidates or not known or found.cause == "error":
        return found
    # Whatever the others hold, it has none but the elements of this one.
    first = whole[0] if whole else known[0]
    elements = [
        e
        for e in sequence(first)
        if isinstance(e, Unknown) or all(identity(e) in one for one in common)
    ]
    return _perhaps(call, found, elements, kind)


def _perhaps(call: FunctionCall, why: Unknown, elements: Sequence[Val], kind: Type) -> Val:
    """A set of some elements, each of which may be there."""
    several = [e if isinstance(e, Several) else Several(why, e) for e in elements]
    return Value(make_set(several, kind), call.span)


@function("setsubtract", ANY, ANY, needs="none")
def _setsubtract(call: FunctionCall, minuend: Val, subtrahend: Val) -> Val:
    (first, second), kind = _as_sets((minuend, subtrahend))
    if isinstance(first, Value) and not first.data:
        return first
    if not (wholly_known(first) and wholly_known(second)):
        found = call.undecided(lambda v: _setsubtract(call, *v), first, second, kind=SetOf(kind))
        if isinstance(first, Unknown) or found.candidates or found.cause == "error":
            return found
        removed = {identity(e) for e in sequence(second)} if isinstance(second, Value) else set()
        kept = [e for e in sequence(first) if isinstance(e, Unknown) or identity(e) not in removed]
        return _perhaps(call, found, kept, kind)
    removed = {identity(e) for e in sequence(second)}
    kept = [e for e in sequence(first) if identity(e) not in removed]
    return Value(make_set(kept, kind), call.span)


@function("setproduct", ANY, ANY, variadic=ANY, needs="none", marks="top")
def _setproduct(call: FunctionCall, *values: Val) -> Val:
    kinds: list[Type] = []
    has_list = has_set = False
    for value in values:
        must_be_sequence(value)
        kind = type_of(value)
        has_list = has_list or isinstance(kind, ListOf | TupleOf)
        has_set = has_set or isinstance(kind, SetOf)
        kinds.append(_element(kind))
    ordered = has_list and not has_set
    pair = TupleOf(kinds)
    known = [v for v in values if isinstance(v, Value)]
    if any(not v.data for v in known):
        data = make_list((), pair) if ordered else make_set((), pair)
        return Value(data, call.span)
    if len(known) < len(values) or any(is_open(v.data) for v in known):
        found = call.undecided(
            lambda v: _setproduct(call, *v), *values, kind=ListOf(pair) if ordered else SetOf(pair)
        )
        listed = all(_is_list(one) for one in known)
        if not (known and listed) or found.candidates or found.cause == "error":
            return found
        return _open_product(call, values, pair, is_set=has_set)
    total = 1
    columns: list[tuple[Val, ...]] = []
    for value, kind in zip(known, kinds, strict=True):
        elements = sequence(value)
        total *= len(elements)
        columns.append(tuple([convert(e, kind) for e in elements]))
    made = total * len(columns)
    spent = call.scope.evaluation.spend(call, made, made * ELEMENT_BYTES)
    if spent is not None:
        return spent
    rows: list[Val] = [Value(row, call.span) for row in product(*columns)]
    if ordered:
        return Value(make_list(rows, pair), call.span)
    marks = marks_in(rows) if call.is_marked else UNMARKED
    if marks:
        rows = [unmarked(row) for row in rows]
    return Value(make_set(rows, pair), call.span, marks=marks)


def _is_list(value: Value) -> bool:
    """Whether it is known which elements are told apart: in a set unknown ones may be equal."""
    some = any(isinstance(one, Several) for one in sequence(value))
    return some or not is_open(value.data)


def _open_product(call: FunctionCall, values: Sequence[Val], pair: TupleOf, *, is_set: bool) -> Val:
    """The rows of what is known with what is not: nobody knows how many there are of each."""
    columns: list[Sequence[Val]] = [
        sequence(value) if isinstance(value, Value) else (Several(value, element_of(value)),)
        for value in values
    ]
    size = prod(map(len, columns)) * len(columns)
    spent = call.scope.evaluation.spend(call, size, size * ELEMENT_BYTES)
    if spent is not None:
        return spent
    rows: list[Val] = []
    for row in product(*columns):
        several = [one for one in row if isinstance(one, Several)]
        members = [one.element if isinstance(one, Several) else one for one in row]
        kinds = zip(members, pair.elements, strict=True)
        one_row = Value(tuple([convert(one, kind) for one, kind in kinds]), call.span)
        rows.append(Several(depend(call.span, several), one_row) if several else one_row)
    made = make_set(rows, pair) if is_set else make_list(rows, pair, is_open=True)
    return Value(made, call.span)


def _element(kind: Type) -> Type:
    if isinstance(kind, ListOf | SetOf):
        return kind.element
    if isinstance(kind, TupleOf):
        unified = unify(kind.elements) if kind.elements else ANY
        if unified is None:
            raise FunctionError("all elements of a list must have the same type")
        return unified
    return ANY
