"""Splat expressions: ``operand.*.a`` and ``operand[*].a``.

Source: "Splat Expressions" of the Terraform language.
"""

from __future__ import annotations

from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.language.containers import (
    Lazy,
    List,
    NullOf,
    Set,
    Several,
    is_open,
    make_list,
    make_open,
    type_of,
)
from iac_ec2lint.terraform.language.scope import HANDLERS, Scope
from iac_ec2lint.terraform.language.traversal import pairs_of
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    ObjectOf,
    SetOf,
    TupleOf,
)
from iac_ec2lint.terraform.language.unknowns import (
    assumed_steps,
    choose,
    depend,
)
from iac_ec2lint.values import Reference, Step, Unknown, Val, Value
from iac_ec2lint.values.allowed import allowed_of


def _splat(node: tree.Splat, scope: Scope) -> Val:
    operand = HANDLERS[node.operand.__class__](node.operand, scope)
    if isinstance(operand, Unknown):
        return _splat_unknown(node, operand, scope)
    data = operand.data
    if data is None:
        if isinstance(operand, NullOf) and isinstance(operand.type, ListOf | SetOf | TupleOf):
            return scope.error(node.operand.span, "a splat of a null list", operand)
        return Value((), node.span, operand.via, marks=operand.marks)
    if not isinstance(data, tuple):
        return Value((_each(node, operand, scope),), node.span, marks=operand.marks)
    elements = [element for _, element in pairs_of(operand)]
    results = [
        Several(e, _each(node, e.element, scope))
        if isinstance(e, Several)
        else _each(node, e, scope)
        for e in elements
    ]
    via = assumed_steps(operand)
    if isinstance(data, List | Set) and not is_open(data):
        made = _splat_list(node, data, results, via, scope)
        return made.marked(operand.marks) if operand.marks else made
    return Value(make_open(results, operand), node.span, via, marks=operand.marks)


def _splat_list(
    node: tree.Splat, data: List | Set, results: list[Val], via: tuple[Step, ...], scope: Scope
) -> Val:
    """A list has elements of one type, so what its splat comes to is a list too."""
    kinds = [type_of(result) for result in results]
    if not kinds or ANY in kinds:
        element = ANY if kinds or not isinstance(node.each, tree.SplatItem) else data.element
        return Value(make_list(results, element), node.span, via)
    if any(kind != kinds[0] for kind in kinds):
        return scope.error(node.span, "the elements of this splat have different types")
    return Value(make_list(results, kinds[0]), node.span, via)


def _each(node: tree.Splat, element: Val, scope: Scope) -> Val:
    each = node.each
    if each.__class__ is tree.SplatItem:
        return element
    inner = Scope(scope.evaluation, scope.module, {**scope.names, "*": element})
    return HANDLERS[each.__class__](each, inner)


def _splat_unknown(node: tree.Splat, operand: Unknown, scope: Scope) -> Val:
    if operand.cause == "error":
        return depend(node.span, [operand])
    kind = operand.type
    if isinstance(operand, Lazy) or isinstance(kind, ObjectOf):
        # One object that is there is a list of one.
        if isinstance(operand, Lazy):
            one = _each(node, operand, scope)
            absent = operand.absent
            some = (one,) if absent is None else make_open([Several(absent, one)])
            return Value(some, node.span, assumed_steps(operand), marks=operand.marks)
        return depend(node.span, [operand])
    if operand.candidates:
        arms: list[Val] = []
        for candidate in operand.candidates:
            names = {**scope.names, "*operand": candidate}
            inner = Scope(scope.evaluation, scope.module, names)
            stand_in = tree.Splat(node.source, node.start, node.end, _OPERAND, node.each, node.full)
            arm = _splat(stand_in, inner)
            step = candidate.via[-1:]
            arms.append(arm.after(*step) if step and step[0] not in arm.via else arm)
        return choose(node.span, operand, arms)
    if isinstance(kind, TupleOf):
        return depend(node.span, [operand])
    if isinstance(kind, ListOf | SetOf):
        element = depend(node.span, [operand], kind.element).but(allowed=allowed_of(operand))
        several = make_open([Several(operand, _each(node, element, scope))])
        return Value(several, node.span, marks=operand.marks)
    if _is_no_list(operand):
        one = _each(node, operand, scope)
        some = make_open([Several(operand, one)]) if operand.may_be_null else (one,)
        return Value(some, node.span, marks=operand.marks)
    return depend(node.span, [operand])


def _is_no_list(operand: Unknown) -> bool:
    """Whether an unknown is one thing, or null, by its type or as the id of a resource."""
    if operand.type in (STRING, NUMBER, BOOL):
        return True
    return isinstance(operand, Reference) and operand.attribute.rpartition("_")[2] in _OF_ONE


_OF_ONE = frozenset({"arn", "id", "name"})
"""How attributes end that are one text whatever the resource."""


class _Operand(tree.SplatItem):
    """Stands for one candidate of a splat's operand."""

    __slots__ = ()


def _splat_operand(node: _Operand, scope: Scope) -> Val:  # noqa: ARG001 - a handler
    return scope.names["*operand"]


_OPERAND = _Operand(None, 0, 0)  # type: ignore[arg-type] # it stands nowhere


HANDLERS[tree.Splat] = _splat
HANDLERS[_Operand] = _splat_operand
