"""What the ``validation`` blocks of a variable demand of its text, and of its members.

Read are ``can(regex("...", var.x))``, ``length(regexall("...", var.x)) > 0``, ``startswith`` and
the like, ``contains([...], var.x)`` and comparisons with what is written, also of ``lower(var.x)``,
comparisons of the length behind a slash with a number, a bool by itself, and what is made of these
with ``&&``, ``||`` and an exception for null (in whichever spelling: ``plain_conditions``), of a
variable, a member of it or each element (``validated_members``); and comparisons with a number, all
of which hold. Nothing is known of any other condition.
Source: "Input Variables" of the Terraform language, "Custom Validation Rules".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.language.conditions.plain_conditions import plain
from iac_ec2lint.terraform.language.conditions.validated_members import Demand, demands
from iac_ec2lint.terraform.language.containers import Several
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.marks import with_elements, with_members
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    Type,
)
from iac_ec2lint.terraform.language.unknowns import wholly_known
from iac_ec2lint.values import Step, Unknown, Val, Value
from iac_ec2lint.values.allowed import (
    EACH,
    LONGEST_PREFIX,
    Allowed,
    Bounds,
    Form,
    allowed_of,
    blocks_of,
    folded,
    listed,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_DEEPEST: Final = 20
_MOST: Final = 16
"""Demands of one condition that are read."""

_TRUE: Final = ("true", "1")
_FALSE: Final = ("false", "0")
"""The texts that Terraform takes for a condition that holds, and for one that does not."""
_PATTERNS: Final = {
    "endswith": r"(?s:.*){}",
    "startswith": r"{}(?s:.*)",
    "strcontains": r"(?s:.*){}(?s:.*)",
}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Comparisons, and what they are where the sides are exchanged."""

Demands = list[tuple[Form, ...]]
"""What all holds of a text: that it matches one of some expressions, of none if it is no text."""


def demanded_by(
    variable: tree.Block, kind: Type, local_values: Mapping[str, tree.Attribute] | None = None
) -> tuple[Allowed, ...]:
    """What must hold of the text of a variable, of each text that it has, and of its members.

    Args:
        variable: Its block.
        kind: Its type.
        local_values: The local values of its module.
    """
    name = variable.labels[0] if variable.labels else ""
    attributes = variable.body.attributes
    nullable = "nullable" not in attributes or not _is(attributes["nullable"].expression, False)
    found: list[Allowed] = []
    for block in variable.body.blocks:
        condition = block.body.attributes.get("condition")
        if block.type != "validation" or condition is None:
            continue
        for demand in demands(plain(condition.expression, local_values or {}), name):
            of = _kind_at(kind, demand.at)
            null = nullable or bool(demand.at)
            found += (one.at_members(demand.at) for one in _said(demand, of, nullable=null))
    return tuple(found)


def demanding(value: Val, allowed: Sequence[Allowed]) -> Val:
    """A value of which it is known what it must be, and what each unknown in it must be."""
    if not allowed or wholly_known(value):
        return value
    if isinstance(value, Several):
        return Several(value, demanding(value.element, allowed))
    if isinstance(value, Unknown):
        if value.cause == "error":
            return value
        return value.but(allowed=(*value.allowed, *allowed))

    def of(name: str) -> list[Allowed]:
        found = (one.of_member(step) for one in allowed for step in dict.fromkeys((name, EACH)))
        return [one for one in found if one is not None]

    data = value.data
    if isinstance(data, dict):
        members = {name: demanding(member, of(name)) for name, member in data.items()}
        return value.but(data=with_members(data, members))
    if isinstance(data, tuple):
        elements = of(EACH)
        return value.but(data=with_elements(data, (demanding(one, elements) for one in data)))
    return value


def as_demanded(found: Unknown, value: Unknown, names: Sequence[str]) -> Val:
    """A member of an unknown with what it must be, or the one thing that it then is.

    Args:
        found: The member.
        value: What it is a member of.
        names: Its name, or ``EACH`` where it may be any element.
    """
    found = found.but(allowed=tuple(one for name in names for one in allowed_of(value, name)))
    accepted = listed(found)
    if len(accepted) != 1:
        return found
    step = Step(value.span, "a validation accepts nothing else")
    try:
        kind = found.type if isinstance(found.type, Type) else ANY
        return convert(Value(accepted[0], found.span, (step,)), kind)
    except Mismatch:
        return found


def _said(demand: Demand, kind: Type, *, nullable: bool) -> Iterator[Allowed]:
    """What a condition demands of what it is about, which has a type."""
    _, condition, subject = demand
    # Only a number is never another one that is written otherwise ("022").
    null = nullable and not _refuses_null(condition, subject, 0)
    demanded = _demands(condition, subject, 0)
    if kind is BOOL:
        demanded = [tuple(map(_as_boolean, forms)) for forms in demanded]
    yield from (Allowed(forms, null=null) for forms in demanded if forms)
    bounds = [*_bounds(condition, subject, 0)]
    left_out = _left_out(condition, subject, 0)
    numbers = frozenset(one for one in left_out if isinstance(one, int))
    if kind is NUMBER and numbers:
        bounds.append(Bounds(None, None, numbers))
    yield from (Allowed((), number=one, null=null) for one in bounds)
    texts = frozenset(one for one in left_out if isinstance(one, str))
    if texts:
        yield Allowed((), refused=texts, null=null)


def _kind_at(kind: Type, at: Sequence[str]) -> Type:
    """The type of a member, in the type of a variable."""
    for step in at:
        if isinstance(kind, MapOf) or (step == EACH and isinstance(kind, ListOf | SetOf)):
            kind = kind.element
        elif isinstance(kind, ObjectOf):
            kind = kind.attributes.get(step, ANY)
        else:
            return ANY
    return kind


def _as_boolean(form: Form) -> Form:
    """What is said of a variable that is true or false, and never a text that spells it."""
    if form.data in (_TRUE, _FALSE):
        return form._replace(data=(form.data == _TRUE,))
    return form


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
        if subject(tree.bare(call[1])):
            return _one_of(tree.bare(call[0]))
        return _in_any_case(_one_of(tree.bare(call[0]))) if _folds(call[1], subject) else []
    call = _arguments(node, "can", 1)
    if call:
        return _matches(tree.bare(call[0]), "regex", subject)
    return _has_text(node, subject)


def _has_text(node: tree.Expression, subject: Callable[[tree.Expression], bool]) -> Demands:
    """That the text begins or ends with another, or has it in it."""
    for name, pattern in _PATTERNS.items():
        call = _arguments(node, name, 2)
        text = _literal(call[1]) if call and subject(tree.bare(call[0])) else None
        if text is not None:
            return [(Form(pattern.format(re.escape(text)), whole=True),)]
    return []


def _folds(node: tree.Expression, subject: Callable[[tree.Expression], bool]) -> bool:
    """Whether an expression is the text in lower or upper case."""
    calls = (_arguments(tree.bare(node), name, 1) for name in ("lower", "upper"))
    return any(call and subject(tree.bare(call[0])) for call in calls)


def _in_any_case(demands: Demands) -> Demands:
    """What a text must match that is written in whichever case."""
    return [tuple(map(folded, forms)) for forms in demands]


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
        some = some or _other(node, lambda one: _folds(one, subject)) is not None
        counted = _counted(node)
        some = some or (counted is not None and bool(_matches(counted, "regexall", subject)))
        return some or _is_prefix_length(tree.bare(node.left), subject)
    call = _arguments(node, "contains", 2)
    if call:
        taken = subject(tree.bare(call[1])) or _folds(call[1], subject)
        return taken and bool(_one_of(tree.bare(call[0])))
    if _has_text(node, subject):
        return True
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
    other = _other(node, lambda one: _folds(one, subject))
    if node.operator == "==" and other is not None:
        return _in_any_case(_texts([other]))
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
