"""Conditions in words, as what a person can set: ``parameter "Environment" is "production"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.parameters.nested import NestedInputs
from iac_ec2lint.cloudformation.parameters.pseudo import NAMES
from iac_ec2lint.cloudformation.scope import StackScope
from iac_ec2lint.cloudformation.syntax import intrinsic, text_of
from iac_ec2lint.document.tree import Mapping, Node, Sequence
from iac_ec2lint.values import Value, as_text, join_conditions

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Mapped

    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.scope import Declared
    from iac_ec2lint.values import Answer

_HOPS = 8
"""Conditions that a condition is followed through; what lies deeper is said by its name."""
_LONGEST = 60


class ConditionWords:
    """Puts the conditions of one stack into words.

    Args:
        evaluator: Evaluates what they compare.
        declared: The conditions by name.
        test: Answers whether the expression of a condition is true.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        declared: Mapped[str, Declared],
        test: Callable[[Node, StackScope], Answer],
    ) -> None:
        self._evaluator = evaluator
        self._declared = declared
        self._test = test
        self._scope = StackScope()
        self._known: dict[tuple[str, bool], str] = {}

    def of(self, name: str, truth: bool) -> str:
        """What must be so for a condition to be true, or false; its name where that is hard to say.

        Args:
            name: The condition.
            truth: What it shall be.
        """
        known = self._known.get((name, truth))
        if known is None:
            words = self._named(name, truth, 0)
            known = self._known[name, truth] = words or _by_name(name, truth)
        return known

    def _named(self, name: str, truth: bool, hops: int) -> str:
        declared = self._declared.get(name)
        if declared is None or hops >= _HOPS or declared.scope.bindings:
            return ""
        return self._expression(declared.node, truth, hops)

    def _expression(self, node: Node, truth: bool, hops: int) -> str:
        call = intrinsic(node)
        if call is None:
            entry = node.entries.get("Condition") if isinstance(node, Mapping) else None
            return "" if entry is None else self._reference(entry[1], truth, hops)
        if call.name == "Condition":
            return self._reference(call.argument, truth, hops)
        if not isinstance(call.argument, Sequence):
            return ""
        members = call.argument.items
        if call.name == "Fn::Not" and len(members) == 1:
            return self._expression(members[0], not truth, hops)
        if call.name in ("Fn::And", "Fn::Or"):
            # What is decided already is left out: it does not decide the whole.
            open_ones = [one for one in members if self._test(one, self._scope).truth is None]
            parts = [self._expression(one, truth, hops) for one in open_ones]
            return join_conditions(parts, "and" if (call.name == "Fn::And") is truth else "or")
        if call.name == "Fn::Equals" and len(members) == 2:
            left, right = members
            return self._equality(left, right, truth) or self._equality(right, left, truth)
        return ""

    def _reference(self, node: Node, truth: bool, hops: int) -> str:
        name = text_of(node)
        if name is None:
            return ""
        return self._named(name, truth, hops + 1) or _by_name(name, truth)

    def _equality(self, one: Node, other: Node, equal: bool) -> str:
        call = intrinsic(one)
        if call is None:
            return ""
        listed = call.name == "Fn::Join" and isinstance(call.argument, Sequence)
        if listed and isinstance(call.argument, Sequence) and len(call.argument.items) == 2:
            call = intrinsic(call.argument.items[1])
        name = text_of(call.argument) if call is not None and call.name == "Ref" else None
        value = self._evaluator.evaluate(other, self._scope)
        text = as_text(value) if isinstance(value, Value) else None
        if name is None or not isinstance(text, Value) or text.text is None:
            return ""
        parameter = self._evaluator.template.parameters.get(name)
        if (parameter is None and name not in NAMES) or (parameter and parameter.no_echo):
            return ""  # a secret may be what it is compared with
        wording = text.text
        if (listed and wording) or len(wording) > _LONGEST or not (wording + " ").isprintable():
            return ""
        verb = "is" if equal else "is not"
        named = input_words(name, self._evaluator)
        self._evaluator.options.branches.compared(named, wording)
        return f"{named} {verb} " + ("empty" if listed else f'"{wording}"')


def _by_name(name: str, truth: bool) -> str:
    return f'condition "{name}" is {"true" if truth else "false"}'


def input_words(name: str, evaluator: Evaluator) -> str:
    """The parameter of the root stack that a parameter has its value from, or itself, in words."""
    _, name = source_of(evaluator, name)
    return name if name.startswith("AWS::") else f'parameter "{name}"'


def source_of(evaluator: Evaluator, name: str) -> tuple[str, str]:
    """The stack, and the parameter of it, that a parameter has its value from as it is; or itself.

    Args:
        evaluator: The stack that has the parameter.
        name: The parameter.

    Returns:
        What identifies the stack, and the name there.
    """
    identity, given = evaluator.identity, evaluator.options.parameters
    while isinstance(given, NestedInputs):
        passed = given.passed(name)
        call = intrinsic(passed) if passed is not None else None
        outer = text_of(call.argument) if call is not None and call.name == "Ref" else None
        if outer is None or outer not in given.outer.template.parameters:
            break
        identity, name, given = given.outer.identity, outer, given.outer.options.parameters
    return identity, name
