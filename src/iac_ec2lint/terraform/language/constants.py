"""Expressions without any reference always come to the same value: they are evaluated once."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.language.unknowns import wholly_known

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.terraform.language.scope import Scope
    from iac_ec2lint.values import Val

_MISSING: Any = object()

IMPURE = frozenset(
    {
        "abspath",
        "can",
        "file",
        "filebase64",
        "filebase64sha256",
        "filebase64sha512",
        "fileexists",
        "filemd5",
        "fileset",
        "filesha1",
        "filesha256",
        "filesha512",
        "pathexpand",
        "plantimestamp",
        "sensitive",
        "templatefile",
        "templatestring",
        "timestamp",
        "try",
        "uuid",
        "bcrypt",
    }
)
"""Functions whose result depends on more than their arguments, or on where they are called."""


def constant(evaluate: Callable[[Any, Scope], Val]) -> Callable[[Any, Scope], Val]:
    """Make ``evaluate`` remember what nodes that hold no reference come to, for all units."""

    @wraps(evaluate)
    def remembering(node: tree.Expression, scope: Scope) -> Val:
        constants = scope.constants
        cached = constants.get(node, _MISSING)
        if cached is None:
            return evaluate(node, scope)
        if cached is not _MISSING:
            return cached  # type: ignore[no-any-return] # the sentinel is Any
        evaluation = scope.evaluation
        known = evaluation.constants_here.get(node)
        if known is not None:
            return known
        steps, made = evaluation.budget.steps, evaluation.budget.made
        value = evaluate(node, scope)
        # What is unknown carries an error, which each unit reports for itself.
        if not (is_constant(node) and wholly_known(value)):
            constants[node] = None
        elif (steps, made) == (evaluation.budget.steps, evaluation.budget.made):
            constants[node] = value
        else:
            evaluation.constants_here[node] = value
        return value

    return remembering


def is_plain(node: tree.Expression) -> bool:
    """Whether an expression is a literal, or a text without templates: nothing in it can fail."""
    if not isinstance(node, tree.Template):
        return isinstance(node, tree.Literal)
    return node.text is not None


_WRAPPED: Final = (tree.Interpolation, tree.Parentheses)


def is_constant(node: object) -> bool:
    """Whether an expression holds no reference, and so is the same wherever it is evaluated."""
    stack: list[object] = [node]
    while stack:
        current = stack.pop()
        kind = type(current)
        if kind is tree.Literal or kind is tree.Text:
            continue
        if kind is tree.Variable or kind is tree.SplatItem or kind is tree.Broken:
            return False
        if isinstance(current, tree.FunctionCall):
            if current.name in IMPURE or "::" in current.name:
                return False
            stack.extend(current.arguments)
        elif isinstance(current, tree.Template):
            stack.extend(current.parts)
        elif isinstance(current, tree.TupleExpression):
            stack.extend(current.elements)
        elif isinstance(current, tree.ObjectExpression):
            for item in current.items:
                stack.append(item.key)
                stack.append(item.value)
        elif isinstance(current, _WRAPPED):
            stack.append(current.expression)
        elif isinstance(current, tree.UnaryOperation):
            stack.append(current.operand)
        elif isinstance(current, tree.BinaryOperation):
            stack.extend((current.left, current.right))
        elif isinstance(current, tree.Conditional):
            stack.extend((current.condition, current.then, current.otherwise))
        else:
            # What binds names of its own, or reads parts of a value, is rarely constant.
            return False
    return True
