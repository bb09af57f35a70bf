"""Functions that convert values to types, or say something about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.conversion import Mismatch, convert
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.operators import equal
from iac_ec2lint.terraform.sensitivity import conceal, reveal
from iac_ec2lint.terraform.types import ANY, BOOL, NUMBER, STRING, ListOf, MapOf, SetOf, Type
from iac_ec2lint.values import Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import Call


def _declare(name: str, kind: Type) -> None:
    @function(name, ANY, result=kind, needs="none", nulls=True)
    def to_type(call: Call, value: Val) -> Val:  # noqa: ARG001 - as every function
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


@function("sensitive", ANY, needs="none", nulls=True)
def _sensitive(call: Call, value: Val) -> Val:
    return conceal(value, "the value") if call.scope.evaluation.conceals else value


@function("nonsensitive", ANY, needs="none", nulls=True)
def _nonsensitive(call: Call, value: Val) -> Val:
    from iac_ec2lint.hcl import tree

    node = call.nodes[0] if call.nodes else None
    # Behind anything else, a value that is not told may have been converted.
    if isinstance(node, tree.FunctionCall):
        return reveal(value) if node.name == "sensitive" else value
    root = node.operand if isinstance(node, tree.GetAttribute) else None
    return reveal(value) if isinstance(root, tree.Variable) and root.name == "var" else value


@function("ephemeralasnull", ANY, needs="none", nulls=True)
def _ephemeralasnull(call: Call, value: Val) -> Val:  # noqa: ARG001 - as every function
    return value


@function("issensitive", ANY, result=BOOL, needs="none", nulls=True)
def _issensitive(call: Call, value: Val) -> Val:
    for node in call.nodes:
        from iac_ec2lint.hcl import tree

        if isinstance(node, tree.FunctionCall) and node.name in ("sensitive", "nonsensitive"):
            return call.value(node.name == "sensitive", value)
    return call.unknown(value, kind=BOOL)


@function("assumeequal", ANY, ANY, needs="none", nulls=True)
def _assumeequal(call: Call, value: Val, other: Val) -> Val:  # noqa: ARG001 - as every function
    verdict = equal(value, other)
    if verdict is False:
        raise FunctionError("the two values are not equal")
    return other if isinstance(other, Value) else value


@function("assumenotnull", ANY, needs="none", nulls=True)
def _assumenotnull(call: Call, value: Val) -> Val:  # noqa: ARG001 - as every function
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

    @function(f"assume{word}length", kind, NUMBER, NUMBER, needs="none")
    def between(call: Call, value: Val, least: Val, most: Val) -> Val:  # noqa: ARG001 - as all
        return check(value, least, most)

    @function(f"assume{word}lengthmin", kind, NUMBER, needs="none")
    def at_least(call: Call, value: Val, least: Val) -> Val:  # noqa: ARG001 - as all
        return check(value, least, None)

    @function(f"assume{word}lengthmax", kind, NUMBER, needs="none")
    def at_most(call: Call, value: Val, most: Val) -> Val:  # noqa: ARG001 - as all
        return check(value, None, most)


_declare_length("list", ListOf(ANY))
_declare_length("map", MapOf(ANY))
_declare_length("set", SetOf(ANY))
