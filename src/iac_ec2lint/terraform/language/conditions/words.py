"""Conditions in words, as what a person can set: ``var.environment is "production"``.

A condition is followed through local values and the arguments of module calls to the inputs that it
compares, and what is known of it already is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from iac_ec2lint.declaration import Trial
from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.language.containers import Lazy
from iac_ec2lint.terraform.language.scope import Scope
from iac_ec2lint.terraform.language.template_names import variable_definition
from iac_ec2lint.values import Value, join_conditions, number_text

_HOPS = 8
"""Definitions that a name is followed through; what lies deeper is named as it is written."""
_SHOWN = 60
"""Characters of a text that is told."""
_CONVERSIONS = frozenset(
    {"tobool", "tolist", "tomap", "toset", "tonumber", "tostring", "nonsensitive"}
)
_ORDER = {
    ">": ("is more than", "is at most"),
    ">=": ("is at least", "is less than"),
    "<": ("is less than", "is at least"),
    "<=": ("is at most", "is more than"),
}
_MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


def condition_words(node: tree.Expression, scope: Scope, truth: bool) -> str:
    """What must be so for a condition to be true, or false.

    Args:
        node: The condition, which is undecided.
        scope: The scope in which it is evaluated.
        truth: What it shall be.
    """
    evaluation = scope.evaluation
    if evaluation.wording:
        return f"{' '.join(node.span.code.split())} is {'true' if truth else 'false'}"
    evaluation.wording = True
    try:
        return _Worded(node, scope).condition(truth)
    finally:
        evaluation.wording = False


def existence_words(node: tree.Expression, scope: Scope, *, counted: bool) -> str:
    """What must be so for a ``count`` or a ``for_each`` to make something; empty if hard to say.

    Args:
        node: The expression, whose value is unknown.
        scope: The scope in which it is evaluated.
        counted: Whether it is a number, and not a collection.
    """
    evaluation = scope.evaluation
    if evaluation.wording:
        return ""
    evaluation.wording = True
    try:
        return _Worded(node, scope).existence(counted=counted)
    finally:
        evaluation.wording = False


def key_words(node: tree.Expression, scope: Scope, keys: Sequence[str], *, any_of: bool) -> str:
    """What must be so for a key to be one of some, or none of them; empty if that is hard to say.

    Args:
        node: The expression of the key, whose value is unknown.
        scope: The scope in which it is evaluated.
        keys: The keys.
        any_of: Whether it shall be one of them.
    """
    evaluation = scope.evaluation
    if evaluation.wording:
        return ""
    evaluation.wording = True
    try:
        return _Worded(node, scope).among(keys, any_of=any_of)
    finally:
        evaluation.wording = False


class _Worded:
    """An expression in its scope, a number of definitions away from where it is used."""

    def __init__(
        self, node: tree.Expression, scope: Scope, hops: int = 0, named: _Worded | None = None
    ) -> None:
        self.node = tree.bare(node)
        self.scope = scope
        self.hops = hops
        self._named = named  # the local value that it is the definition of

    def _in(self, node: tree.Expression) -> _Worded:
        return _Worded(node, self.scope, self.hops)

    def _definition(self) -> _Worded | None:
        """What a local value, or a variable of a called module or of a template, is set to."""
        node = self.node
        given = variable_definition(node, self.scope) if self.hops < _HOPS else None
        if given is not None:
            return _Worded(given.expression, given.scope, self.hops + 1)
        if not isinstance(node, tree.GetAttribute) or not isinstance(node.operand, tree.Variable):
            return None
        root = node.operand.name
        if self.hops >= _HOPS or root in self.scope.names:
            return None
        found = self.scope.module.definition(root, node.name)
        if found is None:
            return None
        named = self if root == "local" else None
        return _Worded(found.expression, found.scope, self.hops + 1, named)

    def _converted(self) -> _Worded | None:
        """The argument of a conversion, which changes nothing that matters here."""
        node = self.node
        if isinstance(node, tree.FunctionCall) and node.name in _CONVERSIONS:
            return self._in(node.arguments[0]) if len(node.arguments) == 1 else None
        return None

    def name(self) -> str:
        """What it is called: the input that it comes to, or its text."""
        inner = self._definition() or self._converted()
        if inner is not None and isinstance(inner.node, tree.GetAttribute | tree.FunctionCall):
            return inner.name()
        return " ".join(self.node.span.code.split())

    def value(self) -> Value | None:
        """Its value, where that is known and may be shown."""
        if self._named is not None:
            return self._named.value()  # remembered: an expression may be as large as a module
        value = self.scope.peek(self.node)
        return value if isinstance(value, Value) and not value.marks else None

    def constant(self) -> str | None:
        """Its value as words, if it is one that is known and short."""
        value = self.value()
        if value is None:
            return None
        if value.text is not None and len(value.text) <= _SHOWN and value.text.isprintable():
            return f'"{value.text}"'
        return None if value.number is None else number_text(value.number)

    def is_empty(self) -> bool:
        """Whether it is known to be an empty collection."""
        value = self.value()
        return value is not None and value.data in ((), {})

    def length_of(self) -> _Worded | None:
        """What its value is the length of."""
        node = self.node
        if isinstance(node, tree.FunctionCall) and node.name == "length":
            return self._in(node.arguments[0]) if len(node.arguments) == 1 else None
        return None

    # As a condition.

    def condition(self, truth: bool) -> str:
        """See ``condition_words``."""
        node = self.node
        if isinstance(node, tree.UnaryOperation) and node.operator == "!":
            return self._in(node.operand).condition(not truth)
        if isinstance(node, tree.BinaryOperation):
            words = self._operation(node, truth)
            if words:
                return words
        if isinstance(node, tree.Conditional):
            words = self._chosen(node, truth)
            if words:
                return words
        if isinstance(node, tree.FunctionCall) and node.name == "contains":
            words = self._member(node, truth)
            if words:
                return words
        inner = self._definition() or self._converted()
        if inner is not None:
            return inner.condition(truth)
        self.compared(True, False)
        return f"{self.name()} is {'true' if truth else 'false'}"

    def compared(self, *data: Trial) -> None:
        """Take note of what an input is compared with."""
        for one in data:
            self.scope.evaluation.branches.compared(self.name(), one)

    def _operation(self, node: tree.BinaryOperation, truth: bool) -> str:
        left, right = self._in(node.left), self._in(node.right)
        operator = node.operator
        if operator in ("&&", "||"):
            sides = [side for side in (left, right) if side.value() is None]
            parts = [side.condition(truth) for side in sides]
            return join_conditions(parts, "and" if (operator == "&&") is truth else "or")
        if operator in ("==", "!="):
            equal = (operator == "==") is truth
            return left.equality(right, equal) or right.equality(left, equal)
        if operator in _ORDER:
            if left.value() is not None:
                left, right, operator = right, left, _MIRRORED[operator]  # type: ignore[assignment] # of the same type
            return left.order(operator, right, truth)
        return ""

    def equality(self, other: _Worded, equal: bool) -> str:
        """That it is, or is not, equal to what another one is known to be."""
        value = other.value()
        if value is None:
            return ""
        if value.data is None:
            made = self.scope.peek(self.node)
            found = made.enabling if isinstance(made, Lazy) else None
            if found is not None:
                return _Worded(found.expression, found.scope, self.hops + 1).condition(not equal)
            return f"{self.name()} is {'not ' if equal else ''}set"
        if isinstance(value.data, bool):
            return self.condition(value.data is equal)
        if self.scope.peek(self.node).marks:
            return ""  # a secret may be what it is compared with
        measured = self.length_of()
        if other.is_empty() or (measured is not None and value.data == 0):
            return f"{(measured or self).name()} is {'' if equal else 'not '}empty"
        words = other.constant()
        if words is not None and isinstance(value.data, str | int):
            self.compared(value.data)
        return f"{self.name()} is {'' if equal else 'not '}{words}" if words is not None else ""

    def order(self, operator: str, other: _Worded, truth: bool) -> str:
        """That it is more, or less, than what another one is known to be."""
        words = other.constant()
        if words is None:
            return ""
        measured = self.length_of()
        if measured is not None and (operator, words) in ((">", "0"), (">=", "1")):
            return f"{measured.name()} is {'not ' if truth else ''}empty"
        if measured is not None and (operator, words) in (("<", "1"), ("<=", "0")):
            return f"{measured.name()} is {'' if truth else 'not '}empty"
        return f"{self.name()} {_ORDER[operator][not truth]} {words}"

    def _chosen(self, node: tree.Conditional, truth: bool) -> str:
        """A conditional between ``true`` and ``false`` is its condition, or the contrary."""
        then, otherwise = self._in(node.then).value(), self._in(node.otherwise).value()
        if then is None or otherwise is None:
            return ""
        if None in (then.boolean, otherwise.boolean) or then.boolean is otherwise.boolean:
            return ""
        return self._in(node.condition).condition(then.boolean is truth)

    def _member(self, node: tree.FunctionCall, truth: bool) -> str:
        if len(node.arguments) != 2:
            return ""
        members, member = (self._in(argument) for argument in node.arguments)
        value = members.value()
        texts = [each.text for each in value.elements()] if value is not None else []
        written = isinstance(members.node, tree.TupleExpression)
        if len(texts) > 4 and None not in texts and not written:
            return f"{member.name()} is {'one' if truth else 'none'} of {members.name()}"
        if not texts or None in texts:
            words = f"{members.name()} {'contains' if truth else 'does not contain'}"
            constant = member.constant()
            return "" if constant is None or value is not None else f"{words} {constant}"
        return member.among([text for text in texts if text is not None], any_of=truth)

    def among(self, texts: Sequence[str], *, any_of: bool) -> str:
        """That it is one of some texts, or none of them; see ``key_words``."""
        if not all(len(text) <= _SHOWN and text.isprintable() for text in texts):
            return ""
        self.compared(*texts)
        listed = ", ".join(f'"{text}"' for text in texts)
        if len(texts) == 1:
            return f"{self.name()} is {'' if any_of else 'not '}{listed}"
        return f"{self.name()} is {'one' if any_of else 'none'} of {listed}"

    # As a number of things.

    def existence(self, *, counted: bool) -> str:
        """See ``existence_words``."""
        node = self.node
        if isinstance(node, tree.Conditional):
            return self._arms(node, counted=counted)
        if isinstance(node, tree.ForExpression):
            return self._in(node.collection).existence(counted=False)
        measured = self.length_of()
        if measured is not None:
            return measured.existence(counted=False)
        inner = self._definition() or self._converted()
        if inner is not None and inner.value() is None:
            return inner.existence(counted=counted)
        if not isinstance(node, tree.GetAttribute):
            return ""
        if counted:
            self.compared(1)
        return f"{self.name()} is {'more than 0' if counted else 'not empty'}"

    def _arms(self, node: tree.Conditional, *, counted: bool) -> str:
        """Of an undecided conditional one arm that makes something, if the other makes nothing."""
        condition = self._in(node.condition)
        decided = condition.value()
        for arm, other, truth in (
            (node.then, node.otherwise, True),
            (node.otherwise, node.then, False),
        ):
            made, left = self._in(arm), self._in(other)
            if decided is not None:
                if decided.boolean is truth:
                    return made.existence(counted=counted)
                continue
            value = left.value()
            if value is None or value.data not in (None, 0, (), {}) or value.data is False:
                continue
            words = condition.condition(truth)
            if made.value() is not None:
                return words
            return join_conditions([words, made.existence(counted=counted)], "and")
        return ""
