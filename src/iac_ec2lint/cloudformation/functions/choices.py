"""``Fn::If``: one of two values, or both as candidates where it is undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.cloudformation.syntax import kind_of, text_of
from iac_ec2lint.document.tree import Node
from iac_ec2lint.values import Step, Unknown, Val, Value, inputs_in

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.functions.call import Call
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.source.span import Span


def if_(call: Call) -> Val | None:
    """``Fn::If``: one of two values; both are candidates where the condition is undecided."""
    arms = branches(call)
    if isinstance(arms, Unknown):
        return arms
    if len(arms) == 1:
        arm = arms[0]
        value = call.evaluator.evaluate(arm.node, arm.scope)
        return value.after(*arm.steps) if value is not None and arm.steps else value
    values = [(arm, call.evaluator.evaluate(arm.node, arm.scope)) for arm in arms]
    faults = [(arm, v) for arm, v in values if isinstance(v, Unknown) and v.cause == "error"]
    if len(faults) == len(arms):
        for arm, _ in faults:
            _tell(arm, call)
    else:
        # An arm that would fail is not the one that is deployed.
        values = [(arm, value) for arm, value in values if (arm, value) not in faults]
    candidates: list[Val] = []
    unset = False
    for arm, value in values:
        if value is None:
            # The property is removed: the arm is null, as an unset property is.
            candidates.append(Value(None, arm.node.span, arm.steps))
            unset = True
        else:
            unset = unset or (isinstance(value, Unknown) and value.unset)
            candidates.append(value.after(*arm.steps))
    if all(isinstance(candidate, Value) and candidate.is_null for candidate in candidates):
        return None
    cause = arms[0].cause
    references = [r for c in candidates if isinstance(c, Unknown) for r in c.references]
    return Unknown(
        cause.reason,
        cause.cause,
        call.span,
        candidates=tuple(candidates),
        references=tuple(references),
        unset=unset,
        inputs=inputs_in((cause, *candidates)),
    )


def _tell(arm: Arm, call: Call) -> None:
    """Tell what is wrong with an arm, since whichever is chosen fails."""
    for node, message in arm.scope.withheld:
        inside = arm.node.start <= node.start and node.end <= arm.node.end
        if inside and node.source is arm.node.source:
            call.evaluator.fail(node, message, call.scope)
            return


class Arm(NamedTuple):
    """One of the values that ``Fn::If`` may return.

    Attributes:
        node: Its expression.
        scope: The scope in which it is evaluated.
        steps: The steps of the choice: the defaults that decide the condition, or the truth of an
            undecided condition that selects this arm.
        cause: Why the condition is undecided; not used where there is only one arm.
        decided: What decides a condition that is decided: itself, and the defaults behind it.
    """

    node: Node
    scope: StackScope
    steps: tuple[Step, ...]
    cause: Unknown
    decided: tuple[Step, ...] = ()


def branches(call: Call) -> list[Arm] | Unknown:
    """The arms of ``Fn::If`` that are possible: one where its condition is decided, else two."""
    items = call.items(3, 3, "the name of a condition and two values")
    if items is None:
        return call.malformed()
    name = text_of(items[0])
    if name is None:
        return call.fail(f"Fn::If takes the name of a condition, not {kind_of(items[0])}", items[0])
    evaluator, scope = call.evaluator, call.scope
    if scope.bindings and not evaluator.has_condition(name):
        name = scope.fill(name)
    answer = evaluator.decide(name, items[0], scope)
    if answer.truth is not None:
        evaluator.decided(answer.assumptions)
        chosen = items[1] if answer.truth else items[2]
        if evaluator.options.branches.taken:
            scope = evaluator.assume(name, answer.truth, scope)
        span = evaluator.step(name, answer.truth).span
        itself = Step(span, f'condition "{name}" is {"true" if answer.truth else "false"}')
        return [
            Arm(
                chosen,
                scope,
                answer.assumptions,
                Unknown("", "condition", call.span),
                (itself, *answer.assumptions),
            )
        ]
    cause = undecided(name, answer.causes, call.span)
    if cause.cause == "error":
        return cause
    arms: list[Arm] = []
    for truth, node in ((True, items[1]), (False, items[2])):
        inner = evaluator.assume(name, truth, scope)
        step = evaluator.step(name, truth)._replace(guard=inner.guard)
        arms.append(Arm(node, inner, (step,), cause))
    return arms


def undecided(name: str, causes: tuple[Unknown, ...], span: Span) -> Unknown:
    """The reason of an unknown that depends on an undecided condition."""
    wrong = next((cause.reason for cause in causes if cause.cause == "error"), None)
    if wrong is not None:
        return Unknown(f'the condition "{name}" cannot be evaluated: {wrong}', "error", span)
    reasons = "; ".join(dict.fromkeys(cause.reason for cause in causes))
    return Unknown(
        f'condition "{name}" is undecided: {reasons}',
        "condition",
        span,
        references=tuple(reference for cause in causes for reference in cause.references),
        inputs=inputs_in(causes),
    )


def either(evaluator: Evaluator, name: str, unknown: Unknown, scope: StackScope) -> Unknown:
    """The unknown of an undecided condition as what that can come to, as ``Fn::If`` has it."""
    steps = (
        (truth, evaluator.step(name, truth)._replace(guard=inner.guard))
        for truth in (True, False)
        for inner in (evaluator.assume(name, truth, scope),)
    )
    arms = tuple(Value(truth, unknown.span, (step,)) for truth, step in steps)
    return unknown.but(candidates=arms)
