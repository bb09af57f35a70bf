"""Operators: arithmetic, comparison, equality and logic.

Source: "Arithmetic and Logical Operators" of the Terraform language; hashicorp/hcl,
``hclsyntax/expression_ops.go`` (``ShortCircuit``: errors of one side of ``&&`` and ``||`` count
only where the other is not decisive).
"""

from __future__ import annotations

from decimal import (
    DecimalException,
)
from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.identifiers import are_distinct, is_plain
from iac_ec2lint.terraform.language.arithmetic import (
    Number,
    add,
    divide,
    multiply,
    negate,
    remainder,
    subtract,
)
from iac_ec2lint.terraform.language.containers import Lazy, is_open, type_of
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.marks import marks_in
from iac_ec2lint.terraform.language.scope import HANDLERS, Scope
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    Type,
    has_any,
    is_primitive,
)
from iac_ec2lint.terraform.language.unknowns import depend, lift, settle, steps_of
from iac_ec2lint.values import Data, Reference, Unknown, Val, Value
from iac_ec2lint.values.inputs import input_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iac_ec2lint.source.span import Span


_ARITHMETIC: dict[str, Callable[[Number, Number], Number | None]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": remainder,
}
_COMPARISON: dict[str, Callable[[Number, Number], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _binary(node: tree.BinaryOperation, scope: Scope) -> Val:
    operator = node.operator
    if operator in ("&&", "||"):
        return _logic(node, scope)
    left = HANDLERS[node.left.__class__](node.left, scope)
    right = HANDLERS[node.right.__class__](node.right, scope)
    if operator in ("==", "!="):
        return _equality(node, left, right, scope)
    return _numeric(node, left, right, scope)


def _numeric(node: tree.BinaryOperation, left: Val, right: Val, scope: Scope) -> Val:
    operands: list[Val] = []
    for side, value in ((node.left, left), (node.right, right)):
        operand = _operand(side, value, NUMBER, scope)
        if isinstance(operand, Unknown) and operand.cause == "error":
            return operand
        operands.append(operand)

    def compute(values: Sequence[Val]) -> Val | None:
        return _calculate(node, values[0], values[1], scope)

    result = compute(operands)
    if result is None:
        kind = NUMBER if node.operator in _ARITHMETIC else BOOL
        result = lift(scope.evaluation, node.span, operands, compute)
        if result is None:
            result = depend(node.span, [o for o in operands if isinstance(o, Unknown)], kind)
    left, right = operands
    if left.marks or right.marks:
        return result.marked(left.marks | right.marks)
    return result


def _calculate(node: tree.BinaryOperation, left: Val, right: Val, scope: Scope) -> Val | None:
    a, b = left.number, right.number
    if a is None or b is None:
        return None
    via = steps_of(left, right)
    compare = _COMPARISON.get(node.operator)
    if compare is not None:
        return Value(compare(a, b), node.span, via)
    try:
        result = _ARITHMETIC[node.operator](a, b)
    except DecimalException:
        return scope.error(node.span, "the result of this calculation is too large")
    if result is None:
        if node.operator in "/%" and not b:
            return scope.error(node.span, "division by zero")
        return scope.error(node.span, "the result of this calculation is too large")
    return Value(result, node.span, via)


def _operand(side: tree.Expression, value: Val, kind: Type, scope: Scope) -> Val:
    if isinstance(value, Value) and value.data is None:
        return scope.error(side.span, "the operand is null", value)
    try:
        return convert(value, kind)
    except Mismatch as mismatch:
        return scope.error(side.span, f"unsuitable operand: {mismatch}")


def _logic(node: tree.BinaryOperation, scope: Scope) -> Val:
    decisive = node.operator == "||"
    left, left_errors = scope.trap(node.left)
    left = _as_bool(node.left, left, scope)
    if left.boolean is decisive:
        scope.evaluation.release(left_errors)
        marks = left.marks
        if node.right.__class__ in (tree.Literal, tree.Template):
            right = _as_bool(node.right, scope.evaluate(node.right), scope)
            if isinstance(right, Unknown) and right.cause == "error":
                return right
            marks = marks | right.marks
        elif scope.evaluation.may_mark:
            marks = marks | scope.peek(node.right).marks
        return Value(decisive, node.span, left.via, marks=marks)
    right, right_errors = scope.trap(node.right)
    if isinstance(left, Unknown) and not left_errors and left.cause != "error" and _fails(right):
        # It may be decisive, and then what is wrong with the other side is no error.
        return depend(node.span, [left], BOOL).marked(left.marks | right.marks)
    right = _as_bool(node.right, right, scope)
    if right.boolean is decisive:
        return Value(decisive, node.span, right.via, marks=left.marks | right.marks)
    scope.evaluation.release(left_errors)
    scope.evaluation.release(right_errors)
    unknowns = [side for side in (left, right) if isinstance(side, Unknown)]
    if not unknowns:
        marks = left.marks | right.marks
        return Value(not decisive, node.span, steps_of(left, right), marks=marks)
    return depend(node.span, unknowns, BOOL).marked(left.marks | right.marks)


def _fails(value: Val) -> bool:
    """Whether an operand is an error, or null, which is one too."""
    return value.is_null or (isinstance(value, Unknown) and value.cause == "error")


def _as_bool(side: tree.Expression, value: Val, scope: Scope) -> Val:
    if isinstance(value, Unknown) and value.cause == "error":
        return value
    return _operand(side, value, BOOL, scope)


def _equality(node: tree.BinaryOperation, left: Val, right: Val, scope: Scope) -> Val:
    def compute(values: Sequence[Val]) -> Val | None:
        verdict = equal(values[0], values[1])
        if verdict is None:
            return None
        truth = verdict if node.operator == "==" else not verdict
        return Value(truth, node.span, steps_of(values[0], values[1]))

    result = compute((left, right))
    if result is None:
        result = _undecided_equality(node.span, left, right, scope, compute)
    if scope.evaluation.marked:
        marks = marks_in((left, right))
        return result.marked(marks) if marks else result
    return result


def _undecided_equality(
    span: Span,
    left: Val,
    right: Val,
    scope: Scope,
    compute: Callable[[Sequence[Val]], Val | None],
) -> Val:
    from iac_ec2lint.terraform.language.unknowns import unknowns_in

    lifted = lift(scope.evaluation, span, (left, right), compute)
    if lifted is not None:
        settled = settle(lifted.candidates) if lifted.candidates else None
        return settled if settled is not None else lifted
    sides = [_deciding_null(side) for side in (left, right)]
    unknowns = [side for side in sides if isinstance(side, Unknown)]
    if unknowns:
        return depend(span, unknowns, BOOL)
    inside = unknowns_in((left, right))
    if inside:
        return depend(span, inside, BOOL)
    return Unknown(
        "the type that the provider gives to an attribute is not known",
        "expression",
        span,
        steps_of(left, right),
        type=BOOL,
    )


def _deciding_null(side: Val) -> Val:
    """What decides whether a resource or a module is there, where it may be null; else itself."""
    absent = side.absent if isinstance(side, Lazy) else None
    return side if absent is None else absent


def equal(left: Val, right: Val) -> bool | None:
    """Whether two values are equal, of equal types; ``None`` where that is not known.

    Source: go-cty, ``Value.Equals``.
    """
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equal_unknown(left, right)
    a, b = left.data, right.data
    if a is None or b is None:
        return a is None and b is None
    if is_open(a) or is_open(b):
        return None
    loose = left.of is not None or right.of is not None
    if isinstance(a, tuple):
        if not isinstance(b, tuple):
            return None if loose and isinstance(b, tuple) else False
        return _equal_sequences(left, right, loose=loose)
    if isinstance(a, dict):
        if not isinstance(b, dict):
            return False
        if type(a) is not type(b) and not loose:
            return False
        if a.keys() != b.keys():
            return None if loose else False
        return _all_equal([(a[key], b[key]) for key in a])
    if isinstance(b, tuple | dict):
        return False
    kinds_agree = _primitive_kind(a) == _primitive_kind(b)
    if kinds_agree:
        return a == b
    # The provider's schema converts what is written: "22" and 22 may be one and the same there.
    return None if loose and _same_text(a, b) else False


def _equal_sequences(left: Value, right: Value, *, loose: bool) -> bool | None:
    a, b = left.data, right.data
    assert isinstance(a, tuple)  # noqa: S101 - narrows for the type checker
    assert isinstance(b, tuple)  # noqa: S101 - narrows for the type checker
    if type(a) is not type(b):
        return None if loose else False
    if len(a) != len(b):
        return False
    kinds = type_of(left), type_of(right)
    if kinds[0] != kinds[1] and not has_any(kinds[0]) and not has_any(kinds[1]):
        return False
    return _all_equal(list(zip(a, b, strict=True)))


def _all_equal(pairs: list[tuple[Val, Val]]) -> bool | None:
    verdict: bool | None = True
    for a, b in pairs:
        one = equal(a, b)
        if one is False:
            return False
        if one is None:
            verdict = None
    return verdict


def _equal_unknown(left: Val, right: Val) -> bool | None:
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        one = input_of(left)
        if one is not None and one == input_of(right):
            return True  # whatever it is
        return False if are_distinct((left, right)) else None
    for unknown, other in ((left, right), (right, left)):
        if not isinstance(unknown, Unknown) or isinstance(other, Unknown):
            continue
        if other.is_null and never_null(unknown):
            return False
        text = other.text
        if text is not None and differs(unknown, text):
            return False
        kind = unknown.type
        if (
            isinstance(kind, Type)
            and kind is not ANY
            and not other.is_null
            and other.of is None
            and is_primitive(kind)
            and type_of(other) != kind
        ):
            return False
        if unknown.allowed and kind is type_of(other) and kind in (STRING, NUMBER, BOOL):
            from iac_ec2lint.values.allowed import are_among  # rare

            truth = are_among(unknown, (other.data,))
            if truth is not None:
                return truth
    return None


def never_null(unknown: Unknown) -> bool:
    """Whether it is certain that an unknown is not null."""
    if isinstance(unknown, Lazy):
        return unknown.absent is None
    if unknown.parts:
        return True
    return isinstance(unknown, Reference) and (
        unknown.attribute in ("id", "arn", "Ref") or is_plain(unknown)
    )


def differs(unknown: Unknown, text: str) -> bool:
    """Whether the known parts of a string show that it is not ``text``."""
    if isinstance(unknown, Reference) and unknown.attribute in ("id", "arn") and not text:
        return True
    parts = unknown.parts
    if not parts:
        return False
    first, last = parts[0], parts[-1]
    if isinstance(first, str) and not text.startswith(first):
        return True
    if isinstance(last, str) and not text.endswith(last):
        return True
    at = 0
    for part in parts:  # each of them behind those before it
        if isinstance(part, str):
            found = text.find(part, at)
            if found < 0:
                return True
            at = found + len(part)
    # The last one may have been found before the end, where it is too.
    return sum(len(part) for part in parts if isinstance(part, str)) > len(text)


def _primitive_kind(data: Data) -> str:
    if isinstance(data, bool):
        return "bool"
    return "string" if isinstance(data, str) else "number"


def _same_text(a: Data, b: Data) -> bool:
    from iac_ec2lint.terraform.language.conversion import primitive_text

    return primitive_text(a) == primitive_text(b)


def _unary(node: tree.UnaryOperation, scope: Scope) -> Val:
    kind = NUMBER if node.operator == "-" else BOOL
    operand = _operand(
        node.operand, HANDLERS[node.operand.__class__](node.operand, scope), kind, scope
    )

    def compute(values: Sequence[Val]) -> Val | None:
        value = values[0]
        if kind is BOOL:
            truth = value.boolean
            if truth is None:
                return None
            return Value(not truth, node.span, value.via, marks=value.marks)
        number = value.number
        if number is None:
            return None
        return Value(negate(number), node.span, value.via, marks=value.marks)

    result = compute((operand,))
    if result is not None:
        return result
    if isinstance(operand, Unknown) and operand.cause != "error":
        lifted = lift(scope.evaluation, node.span, (operand,), compute)
        return lifted if lifted is not None else depend(node.span, (operand,), kind)
    return operand


HANDLERS[tree.BinaryOperation] = _binary
HANDLERS[tree.UnaryOperation] = _unary
