"""Conditions: true, false or undecided, and what follows if one of them is true or false."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.cloudformation.conditions.comparing import chosen, equal, is_same
from iac_ec2lint.cloudformation.conditions.words import ConditionWords, source_of
from iac_ec2lint.cloudformation.parameters import pseudo
from iac_ec2lint.cloudformation.scope import Declared, StackScope
from iac_ec2lint.cloudformation.syntax import intrinsic, kind_of, text_of
from iac_ec2lint.cloudformation.texts import arms
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence
from iac_ec2lint.values import (
    NEVER,
    NO,
    YES,
    Answer,
    Fact,
    Step,
    Unknown,
    Value,
    all_of,
    any_of,
    as_text,
    exclude,
)

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.values import Guard


# The longest chain of conditions that refer to one another.
_DEPTH = 100


class _Choice(NamedTuple):
    """Operands of which one at least is as is said.

    Attributes:
        members: The operands.
        truth: What one of them comes to: true of ``Fn::Or``, false of an ``Fn::And`` that is false.
        outer: The scope that they are written in.
        step: Where that is written.
    """

    members: list[Node]
    truth: bool
    outer: StackScope
    step: Step


class _Open(NamedTuple):
    """What is still to be followed of what is assumed.

    Attributes:
        conditions: Conditions, with their truth.
        choices: Of these one operand at least, which is not known yet.
    """

    conditions: list[tuple[str, bool]]
    choices: list[_Choice]


class Conditions:
    """The conditions of one stack.

    Args:
        evaluator: Evaluates what they compare.
        declared: The conditions by name.
    """

    def __init__(self, evaluator: Evaluator, declared: dict[str, Declared]) -> None:
        self._evaluator = evaluator
        self._declared = declared
        self._depth = 0
        self._words = ConditionWords(evaluator, declared, self.test)
        self._is_choosing = False

    def decide(self, name: str, node: Node, scope: StackScope) -> Answer:
        """Whether the condition ``name``, referred to at ``node``, is true in ``scope``."""
        assumed = scope.assumed.get(name)
        if assumed is not None:
            return YES if assumed else NO
        if name in scope.answers:
            answer = scope.answers[name]
            if answer is not None:
                return answer
            return self._wrong(
                self._declared[name].key, f'the condition "{name}" depends on itself'
            )
        declared = self._declared.get(name)
        if declared is None:
            if self._evaluator.template.has_macros:
                made = Unknown(f'condition "{name}" is made by a macro', "module", node.span)
                return Answer(None, (made,))
            return self._wrong(node, f'there is no condition "{name}"')
        if self._depth >= _DEPTH:
            return self._wrong(node, f"more than {_DEPTH} conditions that name one another")
        inner = _bound(declared, scope)
        scope.answers[name] = None
        self._depth += 1
        try:
            answer = self.test(declared.node, inner)
            scope.answers[name] = answer
            if answer.truth is None and all(c.cause != "error" for c in answer.causes):
                answer = scope.answers[name] = self._not_contradicted(name, answer, scope)
        finally:
            self._depth -= 1
            if scope.answers[name] is None:
                del scope.answers[name]
        return answer

    def _not_contradicted(self, name: str, answer: Answer, scope: StackScope) -> Answer:
        """The answer of an undecided condition of which one truth cannot be."""
        taken = self._evaluator.options.branches.taken
        for truth in (True, False):
            if exclude(self.assume(name, truth, scope).guard, taken):
                return NO if truth else YES
        return answer

    def __contains__(self, name: str) -> bool:
        return name in self._declared

    def key_of(self, name: str) -> Scalar:
        """Where a condition is declared."""
        return self._declared[name].key

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all, in order."""
        return tuple(self._declared)

    def test(self, node: Node, scope: StackScope) -> Answer:
        """Evaluate a condition's expression."""
        call = intrinsic(node)
        if call is None:
            return self._test_plain(node, scope)
        name, argument = call.name, call.argument
        if name == "Condition":
            return self._named(argument, scope)
        if name == "Fn::Equals":
            return self._equals(node, argument, scope)
        if name == "Fn::Not":
            (only,) = self._arguments(node, name, argument, 1, 1) or (None,)
            return Answer(None, (self._error(node),)) if only is None else ~self.test(only, scope)
        if name in ("Fn::And", "Fn::Or"):
            members = self._arguments(node, name, argument, 2, 10)
            if members is None:
                return Answer(None, (self._error(node),))
            answers = [self.test(member, scope) for member in members]
            return all_of(answers) if name == "Fn::And" else any_of(answers)
        return self._wrong(node, f"{name} is no function of conditions")

    def _test_plain(self, node: Node, scope: StackScope) -> Answer:
        if isinstance(node, Mapping) and len(node.entries) == 1 and "Condition" in node.entries:
            return self._named(node.entries["Condition"][1], scope)
        if isinstance(node, Scalar) and isinstance(node.data, bool):
            return YES if node.data else NO
        if isinstance(node, Scalar) and node.text.lower() in ("true", "false"):
            return YES if node.text.lower() == "true" else NO
        return self._wrong(node, f"a condition is {kind_of(node)}; a function is expected")

    def _named(self, argument: Node, scope: StackScope) -> Answer:
        name = text_of(argument)
        if name is None:
            return self._wrong(argument, f"a condition's name is {kind_of(argument)}")
        return self.decide(self._resolved(name, scope), argument, scope)

    def named_by(self, node: Node, scope: StackScope) -> str | Unknown:
        """The name of the condition of a resource or an output.

        The language extensions take a function for it, which a loop's identifier is put into:
        ``!Sub "Is${Stage}"``. ``Fn::If`` takes none.

        Source: CloudFormation Template Reference, "Fn::ForEach", the examples of conditions.

        Args:
            node: What ``Condition`` is.
            scope: The scope of what has it.
        """
        name = text_of(node)
        if name is not None:
            return self._resolved(name, scope)
        value = self._evaluator.evaluate(node, scope) if self._evaluator.template.extended else None
        if isinstance(value, Unknown):
            return value
        text = as_text(value) if value is not None else None
        if isinstance(text, Value) and text.text is not None:
            return text.text
        return self._evaluator.fail(node, f"a condition's name is {kind_of(node)}")

    def _resolved(self, name: str, scope: StackScope) -> str:
        return name if name in self._declared or not scope.bindings else scope.fill(name)

    def _equals(self, node: Node, argument: Node, scope: StackScope) -> Answer:
        sides = self._arguments(node, "Fn::Equals", argument, 2, 2)
        if sides is None:
            return Answer(None, (self._error(node),))
        left, right = (self._evaluator.evaluate(side, scope) for side in sides)
        if left is None or right is None:
            return self._wrong(node, "AWS::NoValue cannot be compared")
        if isinstance(left, Value) and isinstance(right, Value):
            assumptions = tuple(step for step in (*left.via, *right.via) if step.assumed)
            return Answer(equal(left, right), (), tuple(dict.fromkeys(assumptions)))
        one, other = (side.span.text for side in sides)
        whole = True if one == other else is_same(left, right)
        truths = {is_same(a, b) for a, b in arms(left, right)} if whole is None else {whole}
        if len(truths) == 1 and None not in truths:
            return Answer(truths.pop())
        return Answer(None, tuple(side for side in (left, right) if isinstance(side, Unknown)))

    def _arguments(
        self, node: Node, name: str, argument: Node, least: int, most: int
    ) -> list[Node] | None:
        if isinstance(argument, Sequence) and least <= len(argument.items) <= most:
            return argument.items
        count = str(least) if least == most else f"{least} to {most}"
        self._evaluator.fail(node, f"{name} takes a list of {count}")
        return None

    def _wrong(self, node: Node, message: str) -> Answer:
        return Answer(None, (self._evaluator.fail(node, message),))

    def _error(self, node: Node) -> Unknown:
        return Unknown("the condition is not well-formed", "error", node.span)

    # What follows where a condition is true or false.

    def step(self, name: str, truth: bool) -> Step:
        """The step of a value that exists only where the condition is ``truth``."""
        declared = self._declared.get(name)
        span = self._evaluator.template.root.span if declared is None else declared.key.span
        words = self._words.of(name, truth)
        return Step(span, words, when=words)

    def assume(self, name: str, truth: bool, scope: StackScope) -> StackScope:
        """``scope``, with the condition assumed to be ``truth``, and what follows from that."""
        known = scope.children.get((name, truth))
        if known is not None:
            return known
        inner = StackScope(dict(scope.assumed), dict(scope.pins), scope.bindings, scope.guard)
        pending = _Open([(name, truth)], [])
        while pending.conditions or self._choose(inner, pending):
            if not pending.conditions:
                continue
            condition, value = pending.conditions.pop()
            inner.guard |= {self.fact(f"condition {condition}", "true", value)}
            if condition in inner.assumed:
                continue
            inner.assumed[condition] = value
            declared = self._declared.get(condition)
            if declared is not None:
                outer = _bound(declared, scope)
                self._follow(
                    declared.node, value, inner, outer, pending, self.step(condition, value)
                )
        scope.children[name, truth] = inner
        return inner

    def _choose(self, inner: StackScope, pending: _Open) -> bool:
        """Follow the choices of which what holds by now leaves one operand, or none.

        Returns:
            Whether there was any.
        """
        if self._is_choosing:
            return False  # what is tried assumes more: there would be no end to that
        choices = pending.choices[:]
        pending.choices.clear()
        found_any = False
        for choice in choices:
            members, truth, outer, step = choice
            trial = StackScope(dict(inner.assumed), dict(inner.pins), outer.bindings, inner.guard)
            self._is_choosing = True
            truths = [self.test(one, trial).truth for one in members]
            self._is_choosing = False
            left = [one for one, found in zip(members, truths, strict=True) if found is None]
            if truth not in truths:
                if len(left) > 1:
                    pending.choices.append(choice)
                    continue
                if left:
                    self._follow(left[0], truth, inner, outer, pending, step)
                else:
                    inner.guard |= NEVER
            found_any = True
        return found_any

    def fact(self, what: str, value: str, holds: bool) -> Fact:
        """A fact about this stack: others have parameters and conditions of the same names."""
        return Fact(f"{self._evaluator.identity} {what}", value, holds)

    def parameter_is(self, name: str, value: str, *, holds: bool) -> Guard:
        """That a parameter has a value, or has not; of a Region, what follows from that too."""
        identity, name = source_of(self._evaluator, name)
        found = {Fact(f"{identity} parameter {name}", value, holds)}
        if name == "AWS::Region" and holds:
            said = pseudo.decided_by_region(value)
            found |= {
                Fact(f"{identity} parameter {one}", text, holds) for one, text in said.items()
            }
        return frozenset(found)

    def _follow(
        self,
        node: Node,
        truth: bool,
        inner: StackScope,
        outer: StackScope,
        pending: _Open,
        step: Step,
    ) -> None:
        """Add to ``inner`` what follows for an expression's parts if it is ``truth``."""
        call = intrinsic(node)
        if call is None:
            if isinstance(node, Mapping) and "Condition" in node.entries:
                name = text_of(node.entries["Condition"][1])
                if name is not None:
                    pending.conditions.append((self._resolved(name, outer), truth))
            return
        name, argument = call.name, call.argument
        if name == "Condition":
            written = text_of(argument)
            if written is not None:
                pending.conditions.append((self._resolved(written, outer), truth))
            return
        if not isinstance(argument, Sequence):
            return
        members = argument.items
        if name == "Fn::Not" and len(members) == 1:
            self._follow(members[0], not truth, inner, outer, pending, step)
        elif name in ("Fn::And", "Fn::Or"):
            if truth is (name == "Fn::And"):
                for member in members:
                    self._follow(member, truth, inner, outer, pending, step)
            else:
                # All operands but one are known not to decide it, so that one does.
                neutral = not truth
                truths = [self.test(member, outer).truth for member in members]
                left = [m for m, own in zip(members, truths, strict=True) if own is not neutral]
                if len(left) == 1:
                    self._follow(left[0], truth, inner, outer, pending, step)
                elif truth not in truths:
                    pending.choices.append(_Choice(left, truth, outer, step))
        elif name == "Fn::Equals" and len(members) == 2:
            for one, other in (members, reversed(members)):
                self._pin(one, other, truth, inner, outer, step)

    def _pin(
        self,
        one: Node,
        other: Node,
        truth: bool,
        inner: StackScope,
        outer: StackScope,
        step: Step,
    ) -> None:
        """Add to ``inner`` what a comparison implies for a parameter without a value."""
        call = intrinsic(one)
        name = text_of(call.argument) if call is not None and call.name == "Ref" else None
        if name is None:
            return
        if name not in self._evaluator.template.parameters and not name.startswith("AWS::"):
            return
        current = inner.pins.get(name)
        if current is None:
            current = self._evaluator.evaluate(one, outer)
        compared = self._evaluator.evaluate(other, outer)
        if not isinstance(compared, Value):
            return
        text = as_text(compared).text
        if text is not None:
            inner.guard |= self.parameter_is(name, text, holds=truth)
        if not isinstance(current, Unknown):
            return
        inner.guard |= chosen(current, compared, truth)
        if truth:
            inner.pins[name] = compared.after(step)
            return
        left = [c for c in current.candidates if not (isinstance(c, Value) and equal(c, compared))]
        if len(left) == 1:
            inner.pins[name] = left[0].after(step)
            last = as_text(left[0]).text
            if last is not None:
                inner.guard |= self.parameter_is(name, last, holds=True)
        elif current.candidates and not left:
            inner.guard |= NEVER
        elif left:
            inner.pins[name] = Unknown(
                current.reason,
                current.cause,
                current.span,
                current.via,
                candidates=tuple(left),
                references=current.references,
                inputs=current.inputs,
            )


def _bound(declared: Declared, scope: StackScope) -> StackScope:
    """The scope of a condition's expression: a loop's identifiers are those of its own turn."""
    bindings = declared.scope.bindings
    if not bindings or bindings is scope.bindings:
        return scope
    return StackScope(scope.assumed, scope.pins, bindings, scope.guard)
