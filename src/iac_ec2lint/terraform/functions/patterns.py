r"""Regular expressions: RE2's syntax, translated to Python's.

Source: "regex Function" of the Terraform language; RE2's syntax page. What RE2 has and Python has
not (``\pL``, ``\Q...\E``, ``[[:alpha:]]``) is translated; what RE2 rejects is an error here too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.containers import make_list, normalize
from iac_ec2lint.terraform.functions.re2 import Untranslatable, translate
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.types import STRING, ListOf, ObjectOf, TupleOf, Type
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.terraform.functions.registry import Call


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of RE2's as one of Python's.

    Raises:
        FunctionError: RE2 rejects it.
        Untranslatable: Python cannot match it, or not in bounded time.
    """
    return translate(pattern)


@function("regex", STRING, STRING, needs="none")
def _regex(call: Call, pattern: Val, text: Val) -> Val:
    return _match(call, pattern, text, _first, lambda kind: kind)


@function("regexall", STRING, STRING, needs="none")
def _regexall(call: Call, pattern: Val, text: Val) -> Val:
    return _match(call, pattern, text, _every, ListOf)


def _match(
    call: Call,
    pattern: Val,
    text: Val,
    search: Callable[[Call, re.Pattern[str], Value], Val],
    result: Callable[[Type], Type],
) -> Val:
    if pattern.text is None:
        return call.unknown(pattern, text)
    try:
        expression = compiled(pattern.text)
    except Untranslatable as problem:
        return Unknown(f"{call.name}(): {problem}", "expression", call.span)
    if not isinstance(text, Value):
        return call.undecided(
            lambda v: _match(call, pattern, v[0], search, result),
            text,
            kind=result(_result_type(expression)),
        )
    return search(call, expression, text)


def _result_type(expression: re.Pattern[str]) -> Type:
    if expression.groupindex:
        return ObjectOf(dict.fromkeys(expression.groupindex, STRING))
    return TupleOf([STRING] * expression.groups) if expression.groups else STRING


def _first(call: Call, expression: re.Pattern[str], text: Value) -> Val:
    found = expression.search(text.text or "")
    if found is None:
        raise FunctionError("the pattern does not match")
    return _captured(call, found, text)


def _every(call: Call, expression: re.Pattern[str], text: Value) -> Val:
    found = [_captured(call, match, text) for match in _matches(expression, text.text or "")]
    return Value(make_list(found, _result_type(expression)), call.span, text.via)


def _matches(expression: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """All matches as Go finds them: an empty one right after another match is left out."""
    found: list[re.Match[str]] = []
    end = -1
    for match in expression.finditer(text):
        if match.start() == match.end() == end:
            continue
        found.append(match)
        end = match.end()
    return found


def _captured(call: Call, found: re.Match[str], text: Value) -> Val:
    def piece(part: str | None) -> Val:
        data = None if part is None else normalize(part)
        return Value(data, call.span, text.via)

    names = found.re.groupindex
    if names:
        if len(names) < found.re.groups:
            raise FunctionError("named and unnamed groups cannot be mixed")
        return Value({name: piece(found[name]) for name in sorted(names)}, call.span)
    if found.re.groups:
        return Value(tuple([piece(part) for part in found.groups()]), call.span)
    return piece(found[0])


_TEMPLATE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)


def substitute(pattern: str, replacement: str, text: str) -> str:
    """``text`` with every match replaced, as Go's ``ReplaceAllString`` does it.

    Raises:
        FunctionError: The pattern is none, or cannot be matched here.
    """
    try:
        expression = compiled(pattern)
    except Untranslatable as problem:
        raise FunctionError(str(problem)) from None
    pieces: list[str] = []
    position = 0
    for match in _matches(expression, text):
        pieces.append(text[position : match.start()])
        pieces.append(_expand(replacement, match))
        position = match.end()
    pieces.append(text[position:])
    return "".join(pieces)


def _expand(replacement: str, match: re.Match[str]) -> str:
    def group(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name is None:
            return "$"
        if name.isdigit():
            number = int(name)
            return (match[number] or "") if number <= match.re.groups else ""
        return (match[name] or "") if name in match.re.groupindex else ""

    return _TEMPLATE.sub(group, replacement)
