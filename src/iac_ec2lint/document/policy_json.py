"""JSON inside strings: a policy's text to the structure that it encodes, with spans.

A string of which pieces are unknown is read too: the pieces are replaced by placeholders, the JSON
is parsed, and the unknowns are put back field by field (semantics.md, D4); of what ``jsonencode``
puts into it, the structure is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.source.json_text import (
    Json,
    JsonArray,
    JsonError,
    JsonNestingError,
    JsonNumber,
    JsonObject,
    JsonString,
    read_json,
)
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Data, Step, Unknown, Val, Value, inputs_in, parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

# Three code points for private use, which no policy holds: two around the number of a placeholder,
# and one in front of it where it stands for a whole value, and not for a piece of a string.
_OPEN = "\ue0f0"
_CLOSE = "\ue0f1"
_WHOLE = "\ue0f2"

UNKNOWN_KEY = "${unknown "
"""What stands in a member's name in place of an unknown piece."""


class Problem(NamedTuple):
    """Something in a policy that AWS would refuse, or that has no effect.

    Attributes:
        span: Where it stands.
        message: What it is, in words.
        name: What notes about it are called.
    """

    span: Span
    message: str
    name: str = "policy-refused"


def parse_text(text: str, at: Val) -> Value | Problem:
    """The structure of a JSON text.

    Args:
        text: The JSON.
        at: The string that it is: every part gets its span, but each statement gets its own
            where the text stands literally in the file.
    """
    base = at.span.text.find(text) if text else -1
    return _Reader(at.span, (), at.span.start + base if base >= 0 else None).read(text, at.via)


def parse_pieces(pieces: Sequence[str | Unknown], at: Val) -> Value | Problem:
    """The structure of a JSON text of which pieces are unknown; see ``parse_text``."""
    unknowns: list[Unknown] = []
    text: list[str] = []
    quoted = escaped = False
    for piece in pieces:
        if isinstance(piece, Unknown):
            mark = f"{_OPEN}{len(unknowns)}{_CLOSE}"
            unknowns.append(piece)
            text.append(mark if quoted else f'"{_WHOLE}{mark}"')
            continue
        text.append(piece)
        for character in piece:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = quoted
            elif character == '"':
                quoted = not quoted
    return _Reader(at.span, tuple(unknowns), None).read("".join(text), at.via)


class _NumberError(Exception):
    """A number of more digits than is read; the argument is its text."""


class _Reader:
    """Turns the text of a policy into values.

    Args:
        span: What every part gets as its span.
        unknowns: What the placeholders stand for.
        base: Where the text begins in the file, or ``None`` where it does not stand there as is.
    """

    def __init__(self, span: Span, unknowns: tuple[Unknown, ...], base: int | None) -> None:
        self._span = span
        self._unknowns = unknowns
        self._base = base

    def read(self, text: str, via: tuple[Step, ...]) -> Value | Problem:
        """The object that ``text`` is; ``via`` are the steps that it came through."""
        try:
            root = read_json(text, "policy")
            if not isinstance(root, JsonObject):
                return Problem(self._span, "the policy is not a JSON object")
            members = {
                key.value: self._statements(value)
                if key.value.lower() == "statement"
                else self._value(value, self._span)
                for key, value in root.members
            }
        except JsonNestingError:
            return Problem(self._span, "the policy is nested too deeply")
        except JsonError as error:
            where = f"line {error.line}, column {error.column} of it"
            return Problem(self._span, f"the policy is not valid JSON: {error.message} at {where}")
        except _NumberError as error:
            return Problem(self._span, f"the policy has a number that cannot be read: {error}")
        return Value(members, self._span, via)

    def _statements(self, node: Json) -> Val:
        if isinstance(node, JsonArray):
            elements = tuple([self._value(inner, self._place(inner)) for inner in node.elements])
            return Value(elements, self._span)
        return self._value(node, self._place(node) if isinstance(node, JsonObject) else self._span)

    def _place(self, node: Json) -> Span:
        if self._base is None:
            return self._span
        return Span(self._span.source, self._base + node.start, self._base + node.end)

    def _value(self, node: Json, span: Span) -> Val:
        if isinstance(node, JsonString):
            return self._text(node.value, span)
        data: Data
        if isinstance(node, JsonObject):
            data = {self._key(key.value): self._value(inner, span) for key, inner in node.members}
        elif isinstance(node, JsonArray):
            data = tuple([self._value(inner, span) for inner in node.elements])
        elif isinstance(node, JsonNumber):
            data = parse_number(node.text)
            if data is None:
                raise _NumberError(node.text[:40])
        else:
            data = node.value
        return Value(data, span)

    def _key(self, key: str) -> str:
        # A member's name of which a piece is unknown cannot be kept: it names no element and no
        # condition key that is known, and is read as such.
        if _OPEN not in key:
            return key
        return key.removeprefix(_WHOLE).replace(_OPEN, UNKNOWN_KEY).replace(_CLOSE, "}")

    def _text(self, text: str, span: Span) -> Val:
        if not self._unknowns or _OPEN not in text:
            return Value(text, span)
        parts: list[str | Unknown] = []
        whole = text.startswith(_WHOLE)
        for chunk in text.removeprefix(_WHOLE).split(_OPEN):
            number, closed, rest = chunk.partition(_CLOSE)
            if not closed:
                rest = chunk
            else:
                parts.append(self._unknowns[int(number)])
            if rest:
                parts.append(rest)
        first = next(part for part in parts if isinstance(part, Unknown))
        if len(parts) == 1 and whole:  # of whatever type it is
            return first.decoded if first.decoded is not None else first.but(type=None)
        if len(parts) == 1:
            return first
        references = tuple(r for p in parts if isinstance(p, Unknown) for r in p.references)
        return Unknown(
            first.reason,
            first.cause,
            first.span,
            first.via,
            parts=tuple(parts),
            references=references,
            inputs=inputs_in(parts),
        )
