"""Regular expressions, with RE2's syntax and meaning.

Source: "regex Function" of the Terraform language; RE2's syntax page.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from iac_ec2lint.source import limits
from iac_ec2lint.source.budget import MATCHING
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.language.containers import make_list, normalize
from iac_ec2lint.terraform.language.types import STRING, ListOf, ObjectOf, TupleOf, Type
from iac_ec2lint.values import Unknown, Val, Value
from iac_ec2lint.values.re2.machine import Work
from iac_ec2lint.values.re2.parser import Expression, Match, NotMatched, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.terraform.functions.registry import FunctionCall


@function("regex", STRING, STRING, needs="none")
def _regex(call: FunctionCall, pattern: Val, text: Val) -> Val:
    return _match(call, pattern, text, _first, lambda kind: kind)


@function("regexall", STRING, STRING, needs="none")
def _regexall(call: FunctionCall, pattern: Val, text: Val) -> Val:
    return _match(call, pattern, text, _every, ListOf)


def _match(
    call: FunctionCall,
    pattern: Val,
    text: Val,
    search: Callable[[FunctionCall, Expression, Value, Work], Val],
    result: Callable[[Type], Type],
) -> Val:
    if pattern.text is None:
        return call.unknown(pattern, text)
    try:
        expression = read(pattern.text)
        kind = result(_result_type(expression))
        if isinstance(text, Value):
            with paid(call) as work:
                return search(call, expression, text, work)
    except NotMatched as problem:
        return not_matched(call, problem)
    return call.undecided(lambda v: _match(call, pattern, v[0], search, result), text, kind=kind)


@contextmanager
def paid(call: FunctionCall) -> Iterator[Work]:
    """The steps of matching that the budget leaves a call; those that are taken are paid."""
    budget = call.scope.evaluation.budget
    work = Work(budget.available(call) * MATCHING)
    try:
        yield work
    finally:
        budget.takes(call, min(work.taken, work.most) // MATCHING)
        if work.left < 0 and work.most < limits.PATTERN_STEPS:
            budget.refuse()  # more of the budget would be enough
            call.scope.evaluation.spent(call.span)


def not_matched(call: FunctionCall, problem: NotMatched) -> Unknown:
    """The result of a call whose pattern is not matched here."""
    if problem.is_limit:
        return call.limit(str(problem))
    return Unknown(f"{call.name}(): {problem}", "expression", call.span, type=STRING)


def _result_type(expression: Expression) -> Type:
    """The type of what one match comes to.

    Raises:
        FunctionError: Named and unnamed groups are mixed.
    """
    if not expression.names:
        return TupleOf([STRING] * expression.count) if expression.count else STRING
    if len(expression.names) < expression.count:
        raise FunctionError("named and unnamed groups cannot be mixed")
    return ObjectOf(dict.fromkeys(sorted(expression.names), STRING))


def _first(call: FunctionCall, expression: Expression, text: Value, work: Work) -> Val:
    found = next(expression.matches(text.text or "", work), None)
    if found is None:
        raise FunctionError("the pattern does not match")
    return _captured(call, expression, found, text)


def _every(call: FunctionCall, expression: Expression, text: Value, work: Work) -> Val:
    matches = expression.matches(text.text or "", work)
    found = [_captured(call, expression, match, text) for match in matches]
    return Value(make_list(found, _result_type(expression)), call.span, text.via)


def _captured(call: FunctionCall, expression: Expression, found: Match, text: Value) -> Val:
    def piece(part: str | None) -> Val:
        data = None if part is None else normalize(part)
        return Value(data, call.span, text.via)

    if expression.names:
        numbers = expression.names
        members = {name: piece(found.groups[numbers[name] - 1]) for name in sorted(numbers)}
        return Value(members, call.span)
    if expression.count:
        return Value(tuple([piece(part) for part in found.groups]), call.span)
    return piece((text.text or "")[found.start : found.end])


_TEMPLATE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)


def substitute(pattern: str, replacement: str, text: str, work: Work) -> str:
    """``text`` with every match replaced, as Go's ``ReplaceAllString`` does it.

    Raises:
        FunctionError: The pattern is none.
        NotMatched: It is not matched here.
    """
    expression = read(pattern)
    pieces: list[str] = []
    position = 0
    for match in expression.matches(text, work):
        pieces.append(text[position : match.start])
        pieces.append(_expand(replacement, expression, match, text))
        position = match.end
    pieces.append(text[position:])
    return "".join(pieces)


def _expand(replacement: str, expression: Expression, match: Match, text: str) -> str:
    def group(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name is None:
            return "$"
        number = int(name) if name.isdigit() else expression.names.get(name, -1)
        if number == 0:
            return text[match.start : match.end]
        return (match.groups[number - 1] or "") if 0 < number <= expression.count else ""

    return _TEMPLATE.sub(group, replacement)
