"""``for`` expressions.

Source: "for Expressions" of the Terraform language.
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.source.budget import turns
from iac_ec2lint.source.concealment import CONCEALED
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.terraform.language.conditions.guards import facts
from iac_ec2lint.terraform.language.conditions.words import condition_words
from iac_ec2lint.terraform.language.containers import (
    Lazy,
    OpenMap,
    Several,
    make_open,
)
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.scope import HANDLERS, Scope
from iac_ec2lint.terraform.language.traversal import pairs_of
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    STRING,
    ListOf,
    SetOf,
    Type,
    is_primitive,
)
from iac_ec2lint.terraform.language.unknowns import (
    assumed_steps,
    choose,
    depend,
)
from iac_ec2lint.values import UNMARKED, Marks, Step, Unknown, Val, Value, exclude
from iac_ec2lint.values.allowed import allowed_of

_NAME: Final = regular_expression(r"(?<![\w.])[A-Za-z_][\w-]*")


def string_key(node: tree.Expression, key: Val, scope: Scope) -> Val:
    """The key of an object's member as a string; ``node`` is where it is written."""
    if isinstance(key, Value) and key.data is None:
        return scope.error(node.span, "the key of an object is null", key)
    try:
        return convert(key, STRING)
    except Mismatch:
        return scope.error(node.span, "the key of an object must be a string")


def _for(node: tree.ForExpression, scope: Scope) -> Val:
    collection = HANDLERS[node.collection.__class__](node.collection, scope)
    if isinstance(collection, Lazy):
        collection = collection.whole()
    if isinstance(collection, Unknown):
        return _for_unknown(node, collection, scope)
    return _iterate(node, collection, scope)


def _for_unknown(node: tree.ForExpression, collection: Unknown, scope: Scope) -> Val:
    if collection.cause == "error":
        return depend(node.span, [collection])
    kind = collection.type
    if isinstance(kind, Type) and is_primitive(kind):
        return scope.error(node.collection.span, "for needs a collection")
    if isinstance(collection, OpenMap):
        members = dict(collection.known)
        key = depend(node.collection.span, [collection])
        results = [
            *_iteration_results(node, Value(members, collection.span), scope),
        ]
        results.append(_one(node, key, collection.element, scope, several=collection))
        return _assemble(node, results, collection, scope)
    if collection.candidates and all(isinstance(c, Value) for c in collection.candidates):
        arms: list[Val] = []
        for candidate in collection.candidates:
            if candidate.is_null:
                continue
            arm = _iterate(node, candidate, scope)
            step = candidate.via[-1:]
            arms.append(arm.after(*step) if step and step[0] not in arm.via else arm)
        if arms:
            return choose(node.span, collection, arms)
    element = depend(node.collection.span, [collection], _element_kind(kind))
    if collection.allowed:
        element = element.but(allowed=allowed_of(collection))
    key = depend(node.collection.span, [collection])
    return _assemble(node, [_one(node, key, element, scope, several=collection)], collection, scope)


def _element_kind(kind: object) -> Type:
    return kind.element if isinstance(kind, ListOf | SetOf) else ANY


class _Result:
    """What one iteration came to: an element, its key in an object, and whether it is there.

    ``marks`` are those of the condition and the key: what they decide is the whole's shape.
    """

    __slots__ = ("key", "marks", "maybe", "value")

    def __init__(
        self, key: Val | None, value: Val, maybe: Unknown | None, marks: Marks = UNMARKED
    ) -> None:
        self.key = key
        self.value = value
        self.maybe = maybe
        self.marks = marks


def _iterate(node: tree.ForExpression, collection: Val, scope: Scope) -> Val:
    assert isinstance(collection, Value)  # noqa: S101 - the callers have seen to it
    data = collection.data
    if data is None:
        return scope.error(node.collection.span, "for over a null value", collection)
    if not isinstance(data, tuple | dict):
        return scope.error(node.collection.span, "for needs a collection")
    spent = scope.evaluation.spend(node, *turns(len(data), node))
    if spent is not None:
        return spent
    results = _iteration_results(node, collection, scope)
    if node.condition is not None and any(result.maybe is not None for result in results):
        condition = _condition_of_all(node, node.condition, scope)
        if condition is not None:
            return _all_or_none(node, node.condition, condition, collection, scope)
    return _assemble(node, results, collection, scope)


def _condition_of_all(
    node: tree.ForExpression, condition: tree.Expression, scope: Scope
) -> Unknown | None:
    """An undecided condition that says nothing of the elements, so that all are there, or none."""
    bound = {node.variable, node.key}
    if not bound.isdisjoint(_NAME.findall(condition.span.code)):
        return None
    truth = _filter(node, HANDLERS[condition.__class__](condition, scope), scope)
    return truth if isinstance(truth, Unknown) and truth.cause != "error" else None


def _all_or_none(
    node: tree.ForExpression,
    condition: tree.Expression,
    truth: Unknown,
    collection: Value,
    scope: Scope,
) -> Val:
    """What comes of it where its condition is true, and nothing where it is not."""
    whole = tree.ForExpression(
        node.source,
        node.start,
        node.end,
        node.key,
        node.variable,
        node.collection,
        node.key_result,
        node.value_result,
        None,
        node.group,
    )
    results = _iteration_results(whole, collection, scope)
    every = _assemble(whole, results, collection, scope)
    none = Value(() if node.key_result is None else {}, node.span)
    return _where_it_holds(node, condition, truth, (every, none), scope)


def _where_it_holds(
    node: tree.ForExpression,
    condition: tree.Expression,
    truth: Unknown,
    results: tuple[Val, Val],
    scope: Scope,
) -> Val:
    """One of two results: where an undecided condition is true, and where it is false."""
    arms: list[Val] = []
    taken = scope.evaluation.branches.taken
    for arm, holds in zip(results, (True, False), strict=True):
        if taken and exclude(facts(condition, scope, not holds), taken):
            return arm.after(*truth.via).marked(truth.marks | arm.marks)
        guard = facts(condition, scope, holds)
        if not exclude(guard):
            words = condition_words(condition, scope, holds)
            arms.append(arm.after(Step(condition.span, f"when {words}", guard=guard, when=words)))
    return choose(node.span, truth, arms) if arms else depend(node.span, [truth])


def _iteration_results(node: tree.ForExpression, collection: Value, scope: Scope) -> list[_Result]:
    results: list[_Result] = []
    for key, element in pairs_of(collection):
        if isinstance(element, Several):
            unknown_key = depend(element.span, [element])
            results.append(_one(node, unknown_key, element.element, scope, several=element))
        else:
            results.append(_one(node, key, element, scope, several=None))
    return results


_SKIPPED = Value(None, None)  # type: ignore[arg-type] # it is only compared by identity


def _one(
    node: tree.ForExpression, key: Val, element: Val, scope: Scope, several: Unknown | None
) -> _Result:
    bound = {node.variable: element}
    if node.key is not None:
        bound[node.key] = key
    inner = Scope(scope.evaluation, scope.module, {**scope.names, **bound})
    maybe = several
    marks = UNMARKED
    if node.condition is not None:
        condition = HANDLERS[node.condition.__class__](node.condition, inner)
        marks = condition.marks
        truth = _filter(node, condition, scope)
        if isinstance(truth, Unknown) and truth.cause == "error":
            return _Result(None, truth, truth)
        if isinstance(truth, Unknown) and several is None:
            both = Value(True, condition.span), Value(False, condition.span)
            truth = _where_it_holds(node, node.condition, truth, both, inner)
        if isinstance(truth, Unknown):
            maybe = truth if maybe is None else maybe
        elif not truth.boolean:
            return _Result(None, _SKIPPED, None, marks)
    result_key: Val | None = None
    if node.key_result is not None:
        result_key = string_key(node.key_result, inner.evaluate(node.key_result), scope)
        if result_key.marks:
            marks = marks | result_key.marks
    return _Result(result_key, inner.evaluate(node.value_result), maybe, marks)


def _filter(node: tree.ForExpression, condition: Val, scope: Scope) -> Val:
    assert node.condition is not None  # noqa: S101 - the caller has seen to it
    if isinstance(condition, Value) and condition.data is None:
        return scope.error(node.condition.span, "the condition of for is null", condition)
    try:
        return convert(condition, BOOL)
    except Mismatch:
        return scope.error(node.condition.span, "the condition of for must be true or false")


def _assemble(
    node: tree.ForExpression, results: list[_Result], collection: Val, scope: Scope
) -> Val:
    kept = [result for result in results if result.value is not _SKIPPED]
    for result in kept:
        for part in (result.key, result.maybe):
            if isinstance(part, Unknown) and part.cause == "error":
                return part
    made = _gather(node, kept, collection, scope)
    marks = collection.marks
    for result in results:
        if result.marks:
            marks = marks | result.marks
    return made.marked(marks) if marks else made


def _gather(node: tree.ForExpression, kept: list[_Result], collection: Val, scope: Scope) -> Val:
    via = assumed_steps(collection)
    if node.key_result is None:
        elements = [
            r.value if r.maybe is None else Several(depend(node.span, [r.maybe]), r.value, r.maybe)
            for r in kept
        ]
        return Value(make_open(elements, collection), node.span, via)
    return _assemble_object(node, kept, via, scope)


def _assemble_object(
    node: tree.ForExpression, results: list[_Result], via: tuple[Step, ...], scope: Scope
) -> Val:
    members: dict[str, list[Val]] = {}
    hidden: list[Val] = []
    why: list[Unknown] = []
    for result in results:
        key = result.key
        assert key is not None  # noqa: S101 - an object's iteration has one
        text = key.text
        if text is None or result.maybe is not None:
            why.extend([u for u in (result.maybe, key) if isinstance(u, Unknown)])
            hidden.append(result.value)
            continue
        if text in members and not node.group:
            named = CONCEALED if key.marks else f'"{text}"'
            return scope.error(node.span, f'two elements have the key {named}; "..." groups them')
        members.setdefault(text, []).append(result.value)
    made: dict[str, Val] = {}
    for key_text in sorted(members):
        values = members[key_text]
        made[key_text] = Value(tuple(values), node.span) if node.group else values[0]
    if not hidden:
        return Value(made, node.span, via)
    unknown = depend(node.span, why)
    element = hidden[0] if len(hidden) == 1 else choose(node.span, unknown, hidden)
    if node.group:
        return OpenMap(unknown)
    return OpenMap(unknown, made, element)


HANDLERS[tree.ForExpression] = _for
