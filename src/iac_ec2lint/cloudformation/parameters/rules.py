"""What the ``Rules`` of a template say of the values of single parameters.

A deployment is refused where an assertion does not hold. Read are those that compare one parameter
with texts that are written; those of rules with a condition, where that surely holds.
Source: CloudFormation User Guide, "Template Rules" and "Rule-specific intrinsic functions".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from iac_ec2lint.cloudformation.scope import StackScope
from iac_ec2lint.cloudformation.syntax import intrinsic, text_of
from iac_ec2lint.cloudformation.template.rules import DEEPEST, Ruled
from iac_ec2lint.document.tree import Node, Sequence
from iac_ec2lint.values import NO, YES, Answer, Step, Unknown, Value, all_of, any_of, as_text
from iac_ec2lint.values.allowed import Allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.template.parameter import Parameter
    from iac_ec2lint.values import Val
    from iac_ec2lint.values.allowed import Form

    class Evaluate(Protocol):
        """Evaluates a node, where parameters without a value have these."""

        def __call__(self, node: Node, pins: dict[str, Val]) -> Val | None:
            """What the node comes to."""


class RuleDemands:
    """What rules with conditions demand of the parameters of one stack.

    Args:
        evaluator: Evaluates what the conditions compare.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._reading = False

    def of(self, parameter: Parameter, scope: StackScope) -> tuple[Parameter, tuple[Step, ...]]:
        """A parameter with what is demanded of it where it is read, and the defaults behind that.

        Args:
            parameter: The parameter.
            scope: Where it is read.
        """
        ruled = parameter.ruled
        if not ruled.sometimes or self._reading:  # not of what conditions hang on in turn
            return parameter, ()
        self._reading = True
        try:
            demanded, steps = _demanded_where(ruled, partial(self._evaluate, scope))
        finally:
            self._reading = False
        return parameter.under(demanded), steps

    def _evaluate(self, scope: StackScope, node: Node, pins: dict[str, Val]) -> Val | None:
        if pins:
            scope = StackScope(scope.assumed, {**scope.pins, **pins}, scope.bindings, scope.guard)
        return self._evaluator.evaluate(node, scope)


def _demanded_where(
    ruled: Ruled, evaluate: Evaluate
) -> tuple[tuple[Allowed, ...], tuple[Step, ...]]:
    demands: list[Allowed] = []
    steps: list[Step] = []
    undecided: list[tuple[Node, Allowed]] = []
    for condition, demand in ruled.sometimes:
        answer = _holds(condition, partial(evaluate, pins={}), 0)
        if answer.truth is True:
            demands.append(demand)
            steps += answer.assumptions
        elif answer.truth is None:
            undecided.append((condition, demand))
    if undecided and not demands:
        demands += _in_each_case(undecided, evaluate)
    return tuple(demands), tuple(dict.fromkeys(steps))


def _in_each_case(rules: list[tuple[Node, Allowed]], evaluate: Evaluate) -> list[Allowed]:
    """What rules demand whatever the one parameter has that their conditions read.

    ``test`` demands one thing and ``prod`` another, and it can be nothing else.
    """
    read = {text_of(call.argument): call.node for one, _ in rules for call in _references(one)}
    if len(read) != 1:
        return []
    ((name, node),) = read.items()
    value = evaluate(node, pins={})
    if name is None or not isinstance(value, Unknown) or not value.candidates:
        return []
    forms: dict[Form, None] = {}
    kinds: set[bool] = set()
    for candidate in value.candidates:
        within = partial(evaluate, pins={name: candidate})
        found = [
            demand
            for condition, demand in rules
            if demand.forms and _holds(condition, within, 0).truth is True
        ]
        if not found:
            return []
        forms.update(dict.fromkeys(found[0].forms))
        kinds.add(found[0].each)
    return [Allowed(tuple(forms), each=kinds.pop())] if len(kinds) == 1 else []


def _references(node: Node) -> Iterator[Reading]:
    call = intrinsic(node)
    if call is not None and call.name == "Ref":
        yield Reading(node, call.argument)
        return
    inside = node if call is None else call.argument
    for one in inside.items if isinstance(inside, Sequence) else ():
        yield from _references(one)


class Reading(NamedTuple):
    """A ``Ref``, and what it names."""

    node: Node
    argument: Node


def _holds(node: Node, evaluate: Callable[[Node], Val | None], depth: int) -> Answer:
    """Whether the condition of a rule holds; undecided where that is not evaluated."""
    call = intrinsic(node)
    if call is None or depth > DEEPEST or not isinstance(call.argument, Sequence):
        return Answer(None)
    arguments = call.argument.items
    if call.name in ("Fn::And", "Fn::Or"):
        answers = [_holds(one, evaluate, depth + 1) for one in arguments]
        return all_of(answers) if call.name == "Fn::And" else any_of(answers)
    if call.name == "Fn::Not" and len(arguments) == 1:
        return ~_holds(arguments[0], evaluate, depth + 1)
    if len(arguments) != 2:
        return Answer(None)
    left, right = arguments
    if call.name == "Fn::Equals":
        return _is_one_of(evaluate(left), evaluate(right))
    if call.name == "Fn::Contains" and isinstance(left, Sequence):
        value = evaluate(right)
        return any_of(_is_one_of(value, evaluate(one)) for one in left.items)
    return Answer(None)


def _is_one_of(value: Val | None, other: Val | None) -> Answer:
    """Whether two values are one text."""
    if value is None or other is None:
        return NO if value is not other else YES
    if isinstance(value, Unknown):
        value, other = other, value
    text = as_text(value)
    if not isinstance(text, Value) or text.text is None:
        return Answer(None)
    return _texts(other).equals(text.text) & Answer(True, (), _assumed(value))


def _assumed(value: Val) -> tuple[Step, ...]:
    return tuple(step for step in value.via if step.assumed)


def _texts(value: Val) -> Val:
    """A value, or all that it can be, as text."""
    if isinstance(value, Value):
        return as_text(value)
    return value.but(candidates=tuple(map(_texts, value.candidates)))
