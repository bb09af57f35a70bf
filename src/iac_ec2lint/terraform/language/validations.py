"""What the ``validation`` blocks of a variable demand of its text.

Read are ``can(regex("...", var.x))``, ``length(regexall("...", var.x)) > 0``,
``contains([...], var.x)``, comparisons with what is written, of the length behind a slash with a
number, a bool by itself, and what is made of these with ``&&``, ``||``, ``alltrue`` and an
exception for null; and comparisons of the variable with a number, all of which hold. Nothing is
known of any other condition.
Source: "Input Variables" of the Terraform language, "Custom Validation Rules".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.values.allowed import LONGEST_PREFIX, Allowed, Bounds, Form, blocks_of, one_of

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

Demands = list[tuple[Form, ...]]
"""What all holds of a text: that it matches one of some expressions, of none if it is no text."""


def demanded_by(variable: tree.Block) -> tuple[Allowed, ...]:
    """What must hold of the text of a variable, or of each text that it has.

    Args:
        variable: Its block.
    """
    name = variable.labels[0] if variable.labels else ""
    attributes = variable.body.attributes
    nullable = "nullable" not in attributes or not _is(attributes["nullable"].expression, False)
    kind = attributes.get("type")
    # Only a number is never another one that is written otherwise ("022").
    numeric = kind is not None and _says(tree.bare(kind.expression), "number")
    boolean = kind is not None and _says(tree.bare(kind.expression), "bool")
    found: list[Allowed] = []
    for block in variable.body.blocks:
        condition = block.body.attributes.get("condition")
        if block.type != "validation" or condition is None:
            continue
        subject = _is_variable(name)
        null = nullable and not _refuses_null(condition.expression, subject, 0)
        demands = _demands(condition.expression, subject, 0)
        if boolean:
            demands = [tuple(map(_as_boolean, forms)) for forms in demands]
        found += (Allowed(forms, null=null) for forms in demands if forms)
        bounds = [*_bounds(condition.expression, subject, 0)]
        left_out = _left_out(condition.expression, subject, 0)
        numbers = frozenset(one for one in left_out if isinstance(one, int))
        if numeric and numbers:
            bounds.append(Bounds(None, None, numbers))
        found += (Allowed((), number=one, null=null) for one in bounds)
        texts = frozenset(one for one in left_out if isinstance(one, str))
        found += [Allowed((), refused=texts, null=null)] if texts else []
        demands = _of_each(condition.expression, subject)
        found += (Allowed(forms, each=True, null=True) for forms in demands if forms)
    return tuple(found)


def _is_variable(name: str) -> Callable[[tree.Expression], bool]:
    def told(node: tree.Expression) -> bool:
        if not isinstance(node, tree.GetAttribute) or node.name != name:
            return False
        return _is_named(node.operand, "var")

    return told


def _is_named(node: tree.Expression, name: str) -> bool:
    return isinstance(node, tree.Variable) and node.name == name


def _says(kind: tree.Expression, name: str) -> bool:
    return _is_named(kind, name) or _literal(kind) == name  # the latter in JSON


def _as_boolean(form: Form) -> Form:
    """What is said of a variable that is true or false, and never a text that spells it."""
    if form.data in (_TRUE, _FALSE):
        return form._replace(data=(form.data == _TRUE,))
    return form


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
    if subject(node):
        return [(one_of(_TRUE),)]
    if isinstance(node, tree.UnaryOperation):
        negated = node.operator == "!" and subject(tree.bare(node.operand))
        return [(one_of(_FALSE),)] if negated else []
    if isinstance(node, tree.BinaryOperation):
        if node.operator in ("&&", "||"):
            left = _demands(node.left, subject, depth + 1)
            right = _demands(node.right, subject, depth + 1)
            if node.operator == "&&":
                return [*left, *right][:_MOST]
            return [(*one, *other) for one in left for other in right][:_MOST]
        return _compared(node, subject)
    if isinstance(node, tree.Conditional):
        then = tree.bare(node.then)
        if _compares_with_null(node.condition, subject) and _is(then, True):
            return _demands(node.otherwise, subject, depth + 1)
        return []
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
    return [(Form(pattern, whole=False),)]


def _counted(node: tree.BinaryOperation) -> tree.Expression | None:
    """What has more than no elements, where that is said."""
    call = _arguments(tree.bare(node.left), "length", 1)
    some = node.operator in (">", "!=") and _is(tree.bare(node.right), 0)
    return tree.bare(call[0]) if call and some else None


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
    """That it is one of what is written; nothing where some of that is not known."""
    written = [_written(node) for node in nodes]
    known = [data for data in written if data is not None]
    return [(one_of(known),)] if len(known) == len(written) else []


def _written(node: tree.Expression) -> str | int | bool | None:
    """A text, a whole number or a bool that is written; ``None`` where it is none."""
    data = node.value if isinstance(node := tree.bare(node), tree.Literal) else None
    return data if isinstance(data, int) else _literal(node)


def _left_out(
    node: tree.Expression, subject: Callable[[tree.Expression], bool], depth: int
) -> frozenset[str | int]:
    """The texts and whole numbers that a condition leaves out one by one."""
    node = tree.bare(node)
    if depth > _DEEPEST:
        return frozenset()
    if isinstance(node, tree.BinaryOperation) and node.operator == "&&":
        sides = (_left_out(side, subject, depth + 1) for side in (node.left, node.right))
        return frozenset[str | int]().union(*sides)
    if isinstance(node, tree.BinaryOperation) and node.operator == "!=":
        other = _other(node, subject)
        nodes: Sequence[tree.Expression] = () if other is None else (other,)
    else:
        inner = tree.bare(node.operand) if isinstance(node, tree.UnaryOperation) else None
        call = () if inner is None else _arguments(inner, "contains", 2)
        some = tree.bare(call[0]) if call and subject(tree.bare(call[1])) else None
        nodes = some.elements if isinstance(some, tree.TupleExpression) else ()
    written = map(_written, nodes)
    return frozenset(one for one in written if one is not None and not isinstance(one, bool))


def _refuses_null(
    node: tree.Expression, subject: Callable[[tree.Expression], bool], depth: int
) -> bool:
    """Whether a condition does not hold, or is an error, where the variable is null."""
    node = tree.bare(node)
    if depth > _DEEPEST:
        return False
    if isinstance(node, tree.UnaryOperation):
        return subject(tree.bare(node.operand))
    if isinstance(node, tree.BinaryOperation):
        if node.operator in ("&&", "||"):
            sides = (_refuses_null(one, subject, depth + 1) for one in (node.left, node.right))
            return any(sides) if node.operator == "&&" else all(sides)
        other = _other(node, subject)
        if node.operator == "!=":
            return other is not None and _is(other, None)
        some = other is not None and _written(other) is not None
        counted = _counted(node)
        some = some or (counted is not None and bool(_matches(counted, "regexall", subject)))
        return some or _is_prefix_length(tree.bare(node.left), subject)
    call = _arguments(node, "contains", 2)
    if call:
        return subject(tree.bare(call[1])) and bool(_one_of(tree.bare(call[0])))
    call = _arguments(node, "can", 1)
    call = _arguments(tree.bare(call[0]), "regex", 2) if call else ()
    return subject(node) or (bool(call) and subject(tree.bare(call[1])))


def _other(
    node: tree.BinaryOperation, subject: Callable[[tree.Expression], bool]
) -> tree.Expression | None:
    """What the variable is compared with."""
    left, right = tree.bare(node.left), tree.bare(node.right)
    if subject(left):
        return right
    return left if subject(right) else None


def _compared(node: tree.BinaryOperation, subject: Callable[[tree.Expression], bool]) -> Demands:
    if _compares_with_null(node, subject):
        return [()]  # no text
    other = _other(node, subject)
    if node.operator == "==" and other is not None:
        return _texts([other])
    counted = _counted(node)
    if counted is not None:
        return _matches(counted, "regexall", subject)
    left, right = tree.bare(node.left), tree.bare(node.right)
    if node.operator not in (">", ">=") or not _is_prefix_length(left, subject):
        return []
    number = right.value if isinstance(right, tree.Literal) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return []
    least = number + 1 if node.operator == ">" else number
    return [(blocks_of(least),)] if 0 < least <= LONGEST_PREFIX else []


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
    other = _other(node, subject)
    return other is not None and _is(other, None)


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
