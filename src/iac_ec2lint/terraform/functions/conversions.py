"""Functions that convert values to types, or say something about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.identifiers import worked_out
from iac_ec2lint.terraform.language.containers import (
    Lazy,
    NullOf,
    OpenMap,
    Several,
    is_open,
    type_of,
)
from iac_ec2lint.terraform.language.conversion import Mismatch, convert, with_data
from iac_ec2lint.terraform.language.marking import mark
from iac_ec2lint.terraform.language.marks import (
    EPHEMERAL,
    SENSITIVE,
    WITHHELD,
    marks_in,
    with_elements,
    with_members,
)
from iac_ec2lint.terraform.language.operators import equal
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    SetOf,
    Type,
)
from iac_ec2lint.values import Marks, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import FunctionCall


def _declare(name: str, kind: Type) -> None:
    @function(name, ANY, result=kind, needs="none", nulls=True, marks="own")
    def to_type(call: FunctionCall, value: Val) -> Val:  # noqa: ARG001 - as every function
        return _converted(value, kind)


def _converted(value: Val, kind: Type) -> Val:
    try:
        return convert(value, kind)
    except Mismatch as mismatch:
        raise FunctionError(str(mismatch)) from None


_declare("tostring", STRING)
_declare("tonumber", NUMBER)
_declare("tobool", BOOL)
_declare("tolist", ListOf(ANY))
_declare("toset", SetOf(ANY))
_declare("tomap", MapOf(ANY))


@function("list", variadic=ANY, needs="none", nulls=True, marks="own")
def _list(call: FunctionCall, *elements: Val) -> Val:
    """``tolist([...])``, up to Terraform 0.14: what still has it is deployed by such a one."""
    return _converted(Value(elements, call.span), ListOf(ANY))


@function("map", variadic=ANY, needs="none", nulls=True, marks="own")
def _map(call: FunctionCall, *members: Val) -> Val:
    """``tomap({...})`` of keys and values in turn, up to Terraform 0.14."""
    if len(members) % 2:
        raise FunctionError("it needs a value for each key")
    found: dict[str, Val] = {}
    for key, value in zip(members[::2], members[1::2], strict=True):
        name = _converted(key, STRING)
        if isinstance(name, Unknown) or name.text is None:
            return call.unknown(*members, kind=MapOf(ANY))
        found[name.text] = value
    return _converted(Value(found, call.span), MapOf(ANY))


@function("sensitive", ANY, needs="none", nulls=True, marks="own")
def _sensitive(call: FunctionCall, value: Val) -> Val:
    return mark(call.scope.evaluation, value, SENSITIVE)


@function("nonsensitive", ANY, needs="none", nulls=True, marks="own")
def _nonsensitive(call: FunctionCall, value: Val) -> Val:  # noqa: ARG001 - as every function
    return _without(value, SENSITIVE | WITHHELD)


def _without(value: Val, marks: Marks) -> Val:
    """A value without some marks of its own."""
    return value.but(marks=value.marks - marks) if value.marks & marks else value


@function("ephemeralasnull", ANY, needs="none", nulls=True, marks="own")
def _ephemeralasnull(call: FunctionCall, value: Val) -> Val:  # noqa: ARG001 - as every function
    return _stored(value)


def _stored(value: Val) -> Val:
    """What may be stored of a value: null in place of what is ephemeral in it."""
    if "ephemeral" in value.marks:
        marks = value.marks - EPHEMERAL
        if isinstance(value, Unknown):
            return Unknown(
                value.reason,
                value.cause,
                value.span,
                value.via,
                type=value.type,
                marks=marks,
                inputs=value.inputs,
            )
        return NullOf(type_of(value), value.span, value.via).marked(marks)
    if isinstance(value, OpenMap):
        known = {key: _stored(member) for key, member in value.known.items()}
        named = [(key, _stored(member)) for key, member in value.named]
        return OpenMap(value, known, _stored(value.element), named)
    if isinstance(value, Several):
        return Several(value, _stored(value.element))
    if isinstance(value, Unknown) or "ephemeral" not in marks_in((value,)):
        return value
    data = value.data
    if isinstance(data, tuple):
        return with_data(value, with_elements(data, map(_stored, data)))
    if isinstance(data, dict):
        members = {key: _stored(member) for key, member in data.items()}
        return with_data(value, with_members(data, members))
    return value


@function("issensitive", ANY, result=BOOL, needs="none", nulls=True, marks="own")
def _issensitive(call: FunctionCall, value: Val) -> Val:
    if "sensitive" in value.marks:
        return Value(True, call.span)
    if isinstance(value, Unknown) and not isinstance(value, Lazy) and not _is_given(value):
        # A provider can say that an attribute of a resource is sensitive.
        return call.unknown(value, kind=BOOL)
    if isinstance(value, Value) and is_open(value.data):
        return call.unknown(value, kind=BOOL)
    if isinstance(value, Value) and value.of is not None and not _is_worked_out(value.of):
        name = f"{value.of.target}.{value.of.attribute}"
        why = f"whether the provider says that {name} is sensitive is not known"
        return Unknown(why, "expression", call.span, type=BOOL)
    return Value(False, call.span)


def _is_worked_out(reference: Reference) -> bool:
    """Whether it is an attribute that this program works out: none of these is sensitive."""
    return worked_out(reference.target)


def _is_given(value: Val) -> bool:
    """Whether it is no more than an input variable, of a value that is not given here.

    Whoever gives the value of a root module's variable cannot mark it.
    """
    if isinstance(value, Value):
        return value.of is None
    if value.cause != "variable" or value.references or " and " in value.reason:
        return False
    return all(map(_is_given, value.candidates))


@function("assumeequal", ANY, ANY, needs="none", nulls=True, marks="top")
def _assumeequal(call: FunctionCall, value: Val, other: Val) -> Val:  # noqa: ARG001 - as every function
    verdict = equal(value, other)
    if verdict is False:
        raise FunctionError("the two values are not equal")
    return other if isinstance(other, Value) else value


@function("assumenotnull", ANY, needs="none", nulls=True, marks="top")
def _assumenotnull(call: FunctionCall, value: Val) -> Val:  # noqa: ARG001 - as every function
    if value.is_null:
        raise FunctionError("the value is null")
    return value


def _declare_length(word: str, kind: Type) -> None:
    def check(value: Val, least: Val | None, most: Val | None) -> Val:
        if isinstance(value, Value) and isinstance(value.data, tuple | dict):
            size = len(value.data)
            low = least.number if least is not None else None
            high = most.number if most is not None else None
            if (low is not None and size < low) or (high is not None and size > high):
                raise FunctionError("the length is not as assumed")
        return value

    @function(f"assume{word}length", kind, NUMBER, NUMBER, needs="none", marks="top")
    def between(call: FunctionCall, value: Val, least: Val, most: Val) -> Val:  # noqa: ARG001 - as all
        return check(value, least, most)

    @function(f"assume{word}lengthmin", kind, NUMBER, needs="none", marks="top")
    def at_least(call: FunctionCall, value: Val, least: Val) -> Val:  # noqa: ARG001 - as all
        return check(value, least, None)

    @function(f"assume{word}lengthmax", kind, NUMBER, needs="none", marks="top")
    def at_most(call: FunctionCall, value: Val, most: Val) -> Val:  # noqa: ARG001 - as all
        return check(value, None, most)


_declare_length("list", ListOf(ANY))
_declare_length("map", MapOf(ANY))
_declare_length("set", SetOf(ANY))
