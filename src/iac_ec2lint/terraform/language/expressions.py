"""Evaluating expressions: literals, constructors, conditionals.

Importing this module makes ``Scope.evaluate`` work for every class of node. Source: "HCL Native
Syntax Specification" and "Expressions" of the Terraform language.
"""

from __future__ import annotations

from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.language import operators, splats, templates, traversal
from iac_ec2lint.terraform.language.conditions.guards import facts
from iac_ec2lint.terraform.language.conditions.words import condition_words
from iac_ec2lint.terraform.language.constants import constant
from iac_ec2lint.terraform.language.containers import (
    List,
    NullOf,
    OpenMap,
    is_open,
    make_list,
    type_of,
)
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.for_expressions import string_key
from iac_ec2lint.terraform.language.marks import marks_of
from iac_ec2lint.terraform.language.scope import HANDLERS, Scope
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    STRING,
    ListOf,
    Type,
    has_any,
    unify,
)
from iac_ec2lint.terraform.language.unknowns import (
    assumed_steps,
    choose,
    depend,
    settle,
)
from iac_ec2lint.values import UNGUARDED, UNMARKED, Step, Unknown, Val, Value, exclude

__all__ = ["operators", "splats", "templates", "traversal"]


def _literal(node: tree.Literal, scope: Scope) -> Val:
    value = scope.constants.get(node)
    if value is None:
        value = scope.constants[node] = Value(node.value, node.span)
    return value


def _parentheses(node: tree.Parentheses, scope: Scope) -> Val:
    inner = node.expression
    return HANDLERS[inner.__class__](inner, scope)


def _broken(node: tree.Broken, scope: Scope) -> Val:  # noqa: ARG001 - the parser has reported it
    return Unknown("there is a syntax error in it", "error", node.span)


@constant
def _tuple(node: tree.TupleExpression, scope: Scope) -> Val:
    return Value(tuple([HANDLERS[e.__class__](e, scope) for e in node.elements]), node.span)


@constant
def _object(node: tree.ObjectExpression, scope: Scope) -> Val:
    members: dict[str, Val] = {}
    hidden: list[tuple[Unknown, Val]] = []
    marks = UNMARKED
    for item in node.items:
        key = _object_key(item.key, scope)
        value = HANDLERS[item.value.__class__](item.value, scope)
        if key.marks:
            marks = marks | key.marks
        if isinstance(key, Unknown):
            if key.cause == "error":
                return key
            hidden.append((key, value))
            for name, member in members.items():
                if may_be_name(key, name):  # it would take its place
                    members[name] = choose(node.span, key, [member, value])
        elif key.text is not None:
            members[key.text] = value
    if not hidden:
        return Value(members, node.span, marks=marks)
    unknown, element = hidden[0]
    if len(hidden) > 1:
        element = choose(node.span, unknown, [value for _, value in hidden])
    made = OpenMap(depend(node.span, [key for key, _ in hidden]), members, element, hidden)
    return made.marked(marks)


def may_be_name(key: Unknown, name: str) -> bool:
    """Whether an unknown text may turn out to be ``name``."""
    if key.candidates:
        return any(c.text == name or c.text is None for c in key.candidates)
    first, last = (key.parts[0], key.parts[-1]) if key.parts else (None, None)
    return not (
        (isinstance(first, str) and not name.startswith(first))
        or (isinstance(last, str) and not name.endswith(last))
    )


def _object_key(node: tree.Expression, scope: Scope) -> Val:
    if isinstance(node, tree.Literal) and node.value is None:
        return Value("null", node.span)  # a keyword as a key is its own name
    if isinstance(node, tree.GetAttribute | tree.Index) and _is_traversal(node):
        return scope.error(node.span, "a reference as a key must be in parentheses")
    return string_key(node, scope.evaluate(node), scope)


def _is_traversal(node: tree.Expression) -> bool:
    """Whether an expression is a name with attributes and literal indexes, and nothing else.

    Such a key is ambiguous; one whose index is an expression is not. Source: hashicorp/hcl,
    ``ObjectConsKeyExpr`` and ``makeRelativeTraversal``.
    """
    while isinstance(node, tree.GetAttribute | tree.Index):
        if isinstance(node, tree.Index):
            key = node.key
            plain = isinstance(key, tree.Template) and all(
                isinstance(part, tree.Text) for part in key.parts
            )
            if not plain and not isinstance(key, tree.Literal):
                return False
        node = node.operand
    return isinstance(node, tree.Variable)


def _conditional(node: tree.Conditional, scope: Scope) -> Val:
    condition = HANDLERS[node.condition.__class__](node.condition, scope)
    if isinstance(condition, Value):
        if condition.data is None:
            return scope.error(node.condition.span, "the condition is null", condition)
        try:
            condition = convert(condition, BOOL)
        except Mismatch:
            return scope.error(node.condition.span, "the condition must be true or false")
    truth = _truth(condition)
    if truth is None:
        return _undecided(node, condition, scope)
    chosen_node, other_node = (node.then, node.otherwise) if truth else (node.otherwise, node.then)
    chosen = HANDLERS[chosen_node.__class__](chosen_node, scope)
    other, _ = scope.trap(other_node)
    result = _conform(node, chosen, other, scope)
    if condition.marks or chosen.marks or other.marks:
        # Whichever is chosen: that it was this one tells something of the others.
        result = result.marked(condition.marks | chosen.marks | other.marks)
    assumed = assumed_steps(condition)
    if assumed:
        scope.evaluation.branches.decided(assumed)
        if not set(assumed) <= set(result.via):
            return result.after(*assumed)
    return result


def _truth(condition: Val) -> bool | None:
    """Whether a condition is true, of an unknown one where it is the same in all cases."""
    if not isinstance(condition, Unknown) or not condition.candidates:
        return condition.boolean
    truths = {_truth(candidate) for candidate in condition.candidates}
    return truths.pop() if len(truths) == 1 else None


def _conform(node: tree.Conditional, chosen: Val, other: Val, scope: Scope) -> Val:
    """The chosen arm as the type that both arms have in common."""
    source, target = type_of(chosen), type_of(other)
    if source == target or target is ANY:
        return chosen
    if source is ANY:
        if not (isinstance(chosen, Value) and chosen.data is None):
            return chosen
        return NullOf(target, chosen.span, chosen.via)
    unified = unify([source, target])
    if unified is None:
        return scope.error(
            node.span, "the two results of this conditional have types that do not agree"
        )
    try:
        return convert(chosen, unified)
    except Mismatch as mismatch:
        if has_any(unified):
            return chosen
        return scope.error(node.span, f"the result of this conditional does not fit: {mismatch}")


def _undecided(node: tree.Conditional, condition: Val, scope: Scope) -> Val:
    assert isinstance(condition, Unknown)  # noqa: S101 - it has no truth value
    if condition.cause == "error":
        return depend(node.span, [condition])
    kind = condition.type
    if isinstance(kind, Type) and kind is not ANY and not (kind is BOOL or kind is STRING):
        return scope.error(node.condition.span, "the condition must be true or false")
    then, then_errors = scope.trap(node.then)
    otherwise, other_errors = scope.trap(node.otherwise)
    # An error in an arm that may not be the one chosen is no error of this deployment.
    if then_errors and other_errors:
        scope.evaluation.release(then_errors)
    unified = unify([type_of(then), type_of(otherwise)])
    if unified is None:
        return scope.error(
            node.span, "the two results of this conditional have types that do not agree"
        )
    arms: list[Val] = []
    taken = scope.evaluation.branches.taken
    for arm, truth, failed in (
        (then, True, then_errors),
        (otherwise, False, other_errors),
    ):
        guard = facts(node.condition, scope, truth)
        if taken and exclude(facts(node.condition, scope, not truth), taken):
            marks = condition.marks | marks_of([then, otherwise])
            return _as(arm, unified).after(*condition.via).marked(marks)
        if failed or exclude(guard):
            continue
        words = condition_words(node.condition, scope, truth)
        step = Step(node.condition.span, f"when {words}", guard=guard, when=words)
        arms.append(_as(arm, unified).after(step))
    if not arms:
        return depend(node.span, [condition])
    settled = settle(arms)
    if settled is not None:
        marks = condition.marks | settled.marks
        return Value(settled.data, settled.span, condition.via, marks=marks)
    if isinstance(unified, ListOf) and len(arms) == 2:
        merged = _merge_lists(node, condition, arms)
        if merged is not None:
            return merged
    return choose(node.span, condition, arms, unified)


def _as(arm: Val, kind: Type) -> Val:
    try:
        return convert(arm, kind)
    except Mismatch:
        return arm


def _merge_lists(node: tree.Conditional, condition: Unknown, arms: list[Val]) -> Val | None:
    """Two lists of one length are one list, of which each element is undecided."""
    data = [arm.data for arm in arms if isinstance(arm, Value) and isinstance(arm.data, List)]
    if len(data) < 2 or len(data[0]) != len(data[1]) or is_open(data[0]) or is_open(data[1]):
        return None
    elements: list[Val] = []
    for pair in zip(*[arm.elements() for arm in arms], strict=True):
        settled = settle(pair)
        if settled is None:
            elements.append(choose(node.span, condition, pair, data[0].element))
        else:
            # It is this whichever arm is chosen.
            via = tuple(step._replace(guard=UNGUARDED) for step in pair[0].via)
            elements.append(settled.but(via=via))
    marks = condition.marks | marks_of(arms)
    data_of_both = make_list(elements, data[0].element)
    return Value(data_of_both, node.span, assumed_steps(condition), marks=marks)


HANDLERS[tree.Literal] = _literal
HANDLERS[tree.Parentheses] = _parentheses
HANDLERS[tree.Broken] = _broken
HANDLERS[tree.TupleExpression] = _tuple
HANDLERS[tree.ObjectExpression] = _object
HANDLERS[tree.Conditional] = _conditional
