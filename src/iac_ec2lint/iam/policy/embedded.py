"""JSON inside strings: a policy's text to the structure that it encodes, with spans.

A string of which pieces are unknown is read too: the pieces are replaced by placeholders, the JSON
is parsed, and the unknowns are put back field by field (semantics.md, D4).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from iac_ec2lint.source import limits
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Data, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.iam.policy.glob import Pieces

# Two code points for private use, which no policy holds: around the number of a placeholder.
_OPEN = "\ue0f0"
_CLOSE = "\ue0f1"
_BLANK = " \t\r\n"

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


def parse_pieces(pieces: Pieces, at: Val) -> Value | Problem:
    """The structure of a JSON text of which pieces are unknown; see ``parse_text``."""
    unknowns: list[Unknown] = []
    text: list[str] = []
    quoted = escaped = False
    for piece in pieces:
        if isinstance(piece, Unknown):
            mark = f"{_OPEN}{len(unknowns)}{_CLOSE}"
            unknowns.append(piece)
            # Outside of a string, it stands for a whole value.
            text.append(mark if quoted else f'"{mark}"')
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


class _Reader:
    """Turns decoded JSON into values.

    Args:
        span: What every part gets as its span.
        unknowns: What the placeholders stand for.
        base: Where the text begins in the file, or ``None`` where it does not stand there as is.
    """

    def __init__(self, span: Span, unknowns: tuple[Unknown, ...], base: int | None) -> None:
        self._span = span
        self._unknowns = unknowns
        self._base = base
        self._decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)

    def read(self, text: str, via: tuple[Step, ...]) -> Value | Problem:
        """The object that ``text`` is; ``via`` are the steps that it came through."""
        try:
            plain = self._decoder.decode(text)
            places = self._statement_places(text) if self._base is not None else []
        except json.JSONDecodeError as error:
            return Problem(self._span, f"the policy is not valid JSON: {error}")
        except ValueError as error:
            return Problem(self._span, f"the policy has a number that cannot be read: {error}")
        except RecursionError:
            return Problem(self._span, "the policy is nested too deeply")
        if not isinstance(plain, dict):
            return Problem(self._span, "the policy is not a JSON object")
        if _is_deeper(plain, limits.NESTING):
            return Problem(self._span, "the policy is nested too deeply")
        members: dict[str, Val] = {}
        for key, value in plain.items():
            if key.lower() == "statement" and places:
                members[key] = self._statements(value, places)
            else:
                members[key] = self._value(value, self._span)
        return Value(members, self._span, via)

    def _statements(self, value: object, places: list[tuple[int, int]]) -> Val:
        base = self._base or 0
        spans = [Span(self._span.source, base + start, base + end) for start, end in places]
        if isinstance(value, list) and len(value) == len(spans):
            elements = tuple(
                self._value(element, span) for element, span in zip(value, spans, strict=True)
            )
            return Value(elements, self._span)
        return self._value(value, spans[0] if isinstance(value, dict) else self._span)

    def _statement_places(self, text: str) -> list[tuple[int, int]]:
        """Where the statements stand in valid JSON: the members of the outermost ``Statement``."""
        at = text.index("{") + 1
        places: list[tuple[int, int]] = []
        while (at := _skip(text, at, ",")) < len(text) and text[at] == '"':
            key, at = self._decoder.raw_decode(text, at)
            at = _skip(text, at, ":")
            if str(key).lower() == "statement":
                places = self._element_places(text, at)
            _, at = self._decoder.raw_decode(text, at)
        return places

    def _element_places(self, text: str, at: int) -> list[tuple[int, int]]:
        if text[at] != "[":
            return [(at, self._decoder.raw_decode(text, at)[1])]
        places: list[tuple[int, int]] = []
        at = _skip(text, at + 1, ",")
        while text[at] != "]":
            _, end = self._decoder.raw_decode(text, at)
            places.append((at, end))
            at = _skip(text, end, ",")
        return places

    def _value(self, plain: object, span: Span) -> Val:
        if isinstance(plain, str):
            return self._text(plain, span)
        data: Data
        if isinstance(plain, dict):
            data = {self._key(key): self._value(member, span) for key, member in plain.items()}
        elif isinstance(plain, list):
            data = tuple(self._value(element, span) for element in plain)
        elif plain is None or isinstance(plain, bool | int | Decimal):
            data = plain
        else:  # The decoder makes nothing else.
            raise TypeError(type(plain).__name__)
        return Value(data, span)

    def _key(self, key: str) -> str:
        # A member's name of which a piece is unknown cannot be kept: it names no element and no
        # condition key that is known, and is read as such.
        return key.replace(_OPEN, UNKNOWN_KEY).replace(_CLOSE, "}") if _OPEN in key else key

    def _text(self, text: str, span: Span) -> Val:
        if not self._unknowns or _OPEN not in text:
            return Value(text, span)
        parts: list[str | Unknown] = []
        for chunk in text.split(_OPEN):
            number, closed, rest = chunk.partition(_CLOSE)
            if not closed:
                rest = chunk
            else:
                parts.append(self._unknowns[int(number)])
            if rest:
                parts.append(rest)
        first = next(part for part in parts if isinstance(part, Unknown))
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
        )


def _skip(text: str, at: int, separator: str) -> int:
    while at < len(text) and (text[at] in _BLANK or text[at] == separator):
        at += 1
    return at


def _is_deeper(plain: object, limit: int) -> bool:
    level = [plain]
    for _ in range(limit):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
