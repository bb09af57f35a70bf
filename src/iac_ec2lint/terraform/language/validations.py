"""What the ``validation`` blocks of a variable demand of its text.

Read are ``can(regex("...", var.x))``, ``length(regexall("...", var.x)) > 0``,
``contains([...], var.x)``, a boolean as it is or negated, comparisons with a literal and of the
length behind a slash with a number, and what is made of these with ``&&``, ``||``, ``alltrue`` and
an exception for null; and comparisons of the variable with a number, all of which hold. Nothing is
known of any other condition.
Source: "Input Variables" of the Terraform language, "Custom Validation Rules".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.hcl import tree
from iac_ec2lint.values.allowed import LONGEST_PREFIX, Allowed, Bounds, Form, blocks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_DEEPEST: Final = 20
_MOST: Final = 16
"""Demands of one condition that are read."""

_TRUE: Final = ("true", "1")
_FALSE: Final = ("false", "0")
"""The texts that Terraform takes for a condition that holds, and for one that does not."""

_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Comparisons, and what they are where the sides are exchanged."""


class Demand(NamedTuple):
    """What holds of a variable.

    Attributes:
        forms: Expressions, one of which its text matches, if it has one.
        null: Whether it may also be null.
    """

    forms: tuple[Form, ...]
    null: bool = False

    def or_else(self, other: Demand) -> Demand:
        """What holds where this does, or another demand."""
        return Demand((*self.forms, *other.forms), self.null or other.null)


Demands = list[Demand]
"""What all holds."""


def demanded_by(variable: tree.Block) -> tuple[Allowed, ...]:
    """What must hold of the text of a variable, or of each text that it has.

    Args:
        variable: Its block.
    """
    name = variable.labels[0] if variable.labels else ""
    found: list[Allowed] = []
    for block in variable.body.blocks:
        condition = block.body.attributes.get("condition")
        if block.type != "validation" or condition is None:
            continue
        subject = _is_variable(name)
        demands = _demands(condition.expression, subject, 0)
        found += (Allowed(one.forms, null=one.null) for one in demands if one.forms)
        bounds = [*_bounds(condition.expression, subject, 0)]
        found += (Allowed((), number=one) for one in bounds)
        demands = _of_each(condition.expression, subject)
        found += (Allowed(one.forms, each=True, null=one.null) for one in demands if one.forms)
    return tuple(found)


def _is_variable(name: str) -> Callable[[tree.Expression], bool]:
    def told(node: tree.Expression) -> bool:
        if not isinstance(node, tree.GetAttribute) or node.name != name:
            return False
        return isinstance(node.operand, tree.Variable) and node.operand.name == "var"

    return told


def _of_each(node: tree.Expression, subject: Callable[[tree.Expression], bool]) -> Demands:
    """What ``alltrue([for x in var.list : ...])`` demands of each text of a list."""
    node = tree.bare(node)
    call = _arguments(node, "alltrue", 1)
    loop = tree.bare(call[0]) if call else None
    if not isinstance(loop, tree.ForExpression) or not subject(tree.bare(loop.collection)):
        return []
    if loop.condition is not None or loop.key_result is not None or loop.variable == "var":
        return []
    variable = loop.variable

    def element(node: tree.Expression) -> bool:
        return isinstance(node, tree.Variable) and node.name == variable

    return _demands(loop.value_result, element, 0)


def _demands(
    node: tree.Expression, subject: Callable[[tree.Expression], bool], depth: int
) -> Demands:
    node = tree.bare(node)
    if depth > _DEEPEST:
        return []
    if isinstance(node, tree.BinaryOperation):
        if node.operator in ("&&", "||"):
            left = _demands(node.left, subject, depth + 1)
            right = _demands(node.right, subject, depth + 1)
            if node.operator == "&&":
                return [*left, *right][:_MOST]
            return [one.or_else(other) for one in left for other in right][:_MOST]
        return _compared(node, subject)
    if isinstance(node, tree.Conditional):
        then = tree.bare(node.then)
        if _compares_with_null(node.condition, subject) and _is(then, True):
            return [one._replace(null=True) for one in _demands(node.otherwise, subject, depth + 1)]
        return []
    if subject(node):
        return _one_text(*_TRUE)  # a condition that is null is refused, as one that is false is
    if isinstance(node, tree.UnaryOperation):
        negated = node.operator == "!" and subject(tree.bare(node.operand))
        return _one_text(*_FALSE) if negated else []
    call = _arguments(node, "contains", 2)
    if call:
        return _one_of(tree.bare(call[0])) if subject(tree.bare(call[1])) else []
    call = _arguments(node, "can", 1)
    return _matches(tree.bare(call[0]), "regex", subject) if call else []


def _matches(
    node: tree.Expression, function: str, subject: Callable[[tree.Expression], bool]
) -> Demands:
    """That the text matches the pattern of a call of ``regex`` or ``regexall``."""
    call = _arguments(node, function, 2)
    pattern = _literal(call[0]) if call else None
    if pattern is None or not subject(tree.bare(call[1])):
        return []
    return [Demand((Form(pattern, whole=False),))]


def _bounds(
    node: tree.Expression, subject: Callable[[tree.Expression], bool], depth: int
) -> Iterator[Bounds]:
    """What a condition demands of a number that may not be null."""
    node = tree.bare(node)
    if depth > _DEEPEST or not isinstance(node, tree.BinaryOperation):
        return
    if node.operator == "&&":
        yield from _bounds(node.left, subject, depth + 1)
        yield from _bounds(node.right, subject, depth + 1)
    elif node.operator in _TURNED:
        left, right = tree.bare(node.left), tree.bare(node.right)
        operator: str = node.operator
        if subject(right):
            left, right, operator = right, left, _TURNED[operator]
        number = right.value if isinstance(right, tree.Literal) else None
        if not subject(left) or isinstance(number, bool) or not isinstance(number, int):
            return
        strict = 0 if operator[1:] else 1
        if operator[0] == ">":
            yield Bounds(number + strict, None)
        else:
            yield Bounds(None, number - strict)


def _one_of(node: tree.Expression) -> Demands:
    return _texts(node.elements) if isinstance(node, tree.TupleExpression) else []


def _texts(nodes: Sequence[tree.Expression]) -> Demands:
    """That it is one of some literals; nothing where one of these is none."""
    texts = [_scalar(node) if _literal(node) is None else _literal(node) for node in nodes]
    known = tuple(text for text in texts if text is not None)
    return [] if len(known) < len(texts) else _one_text(*known)


def _one_text(*texts: str) -> Demands:
    return [Demand((Form("|".join(map(re.escape, texts)), whole=True, texts=texts),))]


def _scalar(node: tree.Expression) -> str | None:
    """A boolean or a whole number that is written, as text; ``None`` where it is none."""
    node = tree.bare(node)
    value = node.value if isinstance(node, tree.Literal) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else None


def _compared(node: tree.BinaryOperation, subject: Callable[[tree.Expression], bool]) -> Demands:
    if _compares_with_null(node, subject):
        return [Demand((), null=True)]
    left, right = tree.bare(node.left), tree.bare(node.right)
    if node.operator == "==":
        if subject(right):
            left, right = right, left
        return _texts([right]) if subject(left) else []
    counted = _arguments(left, "length", 1)
    if counted and node.operator in (">", "!=") and _is(right, 0):
        return _matches(tree.bare(counted[0]), "regexall", subject)
    if node.operator not in (">", ">=") or not _is_prefix_length(left, subject):
        return []
    number = right.value if isinstance(right, tree.Literal) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return []
    least = number + 1 if node.operator == ">" else number
    return [Demand((blocks_of(least),))] if 0 < least <= LONGEST_PREFIX else []


def _is_prefix_length(node: tree.Expression, subject: Callable[[tree.Expression], bool]) -> bool:
    """Whether it is what stands behind the slash of a text."""
    inside = _arguments(node, "tonumber", 1)
    node = tree.bare(inside[0]) if inside else node
    taken = _arguments(node, "element", 2)
    if isinstance(node, tree.Index):
        taken = (node.operand, node.key)
    if not taken or not _is(tree.bare(taken[1]), 1):
        return False
    parts = _arguments(tree.bare(taken[0]), "split", 2)
    return bool(parts) and _literal(parts[0]) == "/" and subject(tree.bare(parts[1]))


def _compares_with_null(node: tree.Expression, subject: Callable[[tree.Expression], bool]) -> bool:
    node = tree.bare(node)
    if not isinstance(node, tree.BinaryOperation) or node.operator != "==":
        return False
    left, right = tree.bare(node.left), tree.bare(node.right)
    return (subject(left) and _is(right, None)) or (subject(right) and _is(left, None))


def _arguments(node: tree.Expression, name: str, number: int) -> tuple[tree.Expression, ...]:
    """The arguments of a call; none where it is another, or no call."""
    if not isinstance(node, tree.FunctionCall) or node.name != name or node.expand_final:
        return ()
    return node.arguments if len(node.arguments) == number else ()


def _literal(node: tree.Expression) -> str | None:
    """A text that is written; ``None`` where it is none."""
    node = tree.bare(node)
    if not isinstance(node, tree.Template):
        return None
    texts = [part.value for part in node.parts if isinstance(part, tree.Text)]
    return "".join(texts) if len(texts) == len(node.parts) else None


def _is(node: tree.Expression, value: object) -> bool:
    """Whether it is a literal of a value, and of its type."""
    return (
        isinstance(node, tree.Literal) and type(node.value) is type(value) and node.value == value
    )
