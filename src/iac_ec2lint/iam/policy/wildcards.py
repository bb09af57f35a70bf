"""Whether a pattern with ``*`` and ``?`` covers a text, of both of which pieces may be unknown.

Sources: IAM User Guide, "IAM JSON policy elements: Resource" (wildcards in ARN segments) and
"IAM policy elements: Variables and tags" (``${...}``); semantics.md, D1.
"""

from __future__ import annotations

import re
from functools import lru_cache

from iac_ec2lint.values import Unknown
from iac_ec2lint.values.inputs import input_of

Pieces = tuple[str | Unknown, ...]
"""A text as far as it is known: known text and unknown pieces, in order."""

VARIABLE = re.compile(r"\$\{([^}]*)\}")
"""A policy variable."""


class _Mark:
    """A symbol that stands for more than one character."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


_STAR = _Mark("*")
_SEGMENT_STAR = _Mark("* without colons")
_ONE = _Mark("?")
_SEGMENT_ONE = _Mark("? without colon")
_VARIABLE_HOLE = _Mark("${}")

Symbol = str | _Mark | Unknown
"""A character, what stands for several, or an unknown piece."""


def matches(pattern: str, subject: str) -> bool:
    """A glob of which every ``*`` crosses everything; linear in each star, never exponential."""
    if "*" not in pattern:
        return _same_shape(pattern, subject)
    first, *middle, last = pattern.split("*")
    if len(subject) < len(first) + len(last):
        return False
    end = len(subject) - len(last)
    if not _same_shape(first, subject[: len(first)]) or not _same_shape(last, subject[end:]):
        return False
    at = len(first)
    for chunk in middle:
        found = _find(chunk, subject, at, end)
        if found < 0:
            return False
        at = found + len(chunk)
    return True


def _same_shape(pattern: str, text: str) -> bool:
    if "?" not in pattern:
        return pattern == text
    return len(pattern) == len(text) and all(
        p in {"?", c} for p, c in zip(pattern, text, strict=True)
    )


def _find(chunk: str, subject: str, start: int, end: int) -> int:
    if "?" not in chunk:
        return subject.find(chunk, start, end)
    for at in range(start, end - len(chunk) + 1):
        if _same_shape(chunk, subject[at : at + len(chunk)]):
            return at
    return -1


@lru_cache(maxsize=4096)
def arn_tokens(text: str) -> tuple[Symbol, ...]:
    """The symbols of a pattern for ARNs that is known."""
    return pattern_tokens((text,), arn=True, variables=True)


def subject_tokens(pieces: Pieces) -> tuple[Symbol, ...]:
    """The symbols of what a pattern is compared with: characters, and unknown pieces."""
    tokens: list[Symbol] = []
    for piece in pieces:
        if isinstance(piece, str):
            tokens.extend(piece)
        else:
            tokens.append(piece)
    return tuple(tokens)


def pattern_tokens(
    pieces: Pieces, *, arn: bool, variables: bool, wildcards: bool = True
) -> tuple[Symbol, ...]:
    """The symbols of a pattern.

    Args:
        pieces: The pattern.
        arn: Whether it is for ARNs, in which a wildcard does not cross the end of a segment.
        variables: Whether ``${...}`` is a policy variable, which may be any text.
        wildcards: Whether ``*`` and ``?`` are more than themselves.
    """
    tokens: list[Symbol] = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, Unknown):
            tokens.append(piece)
            continue
        at = 0
        while at < len(piece):
            variable = VARIABLE.match(piece, at) if variables and piece[at] == "$" else None
            if variable is not None:
                # ${*}, ${?} and ${$} are how the characters themselves are written.
                escaped = variable[1] in {"*", "?", "$"}
                tokens.append(variable[1] if escaped else _VARIABLE_HOLE)
                at = variable.end()
                continue
            mark: Symbol = piece[at]
            at += 1
            if wildcards and mark == "*":
                ends_segment = piece[at : at + 1] == ":" or (
                    at == len(piece) and index == len(pieces) - 1
                )
                mark = _STAR if ends_segment or not arn else _SEGMENT_STAR
            elif wildcards and mark == "?":
                mark = _SEGMENT_ONE if arn else _ONE
            tokens.append(mark)
    return tuple(tokens)


def compare(pattern: tuple[Symbol, ...], subject: tuple[Symbol, ...]) -> bool | None:
    """True where it matches whatever the unknown pieces are, False where it cannot match."""
    trimmed = _trimmed(pattern, subject)
    if trimmed is None:
        return False
    pattern, subject = trimmed
    if not _accepts(pattern, subject, possible=True):
        return False
    whole = not any(_is_hole(symbol) for symbol in pattern + subject)
    return True if whole or _accepts(pattern, subject, possible=False) else None


def _trimmed(
    pattern: tuple[Symbol, ...], subject: tuple[Symbol, ...]
) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]] | None:
    """Both without the characters at their ends that are equal; ``None`` where some differ there.

    Most of what is compared differs, or is the same, to the first wildcard or unknown piece.
    """
    start, most = 0, min(len(pattern), len(subject))
    while start < most and isinstance(pattern[start], str) and isinstance(subject[start], str):
        if pattern[start] != subject[start]:
            return None
        start += 1
    end = 0
    while end < most - start:
        expected, symbol = pattern[-1 - end], subject[-1 - end]
        if not isinstance(expected, str) or not isinstance(symbol, str):
            break
        if expected != symbol:
            return None
        end += 1
    return pattern[start : len(pattern) - end], subject[start : len(subject) - end]


def _is_hole(symbol: Symbol) -> bool:
    return symbol is _VARIABLE_HOLE or isinstance(symbol, Unknown)


def _accepts(pattern: tuple[Symbol, ...], subject: tuple[Symbol, ...], *, possible: bool) -> bool:
    """Runs the pattern as a nondeterministic automaton: its states are places in the pattern.

    ``possible`` gives unknown pieces every text; otherwise they match only a star, which takes
    them whole, or themselves.
    """
    states = _with_skips({0}, pattern, possible=possible)
    for symbol in subject:
        following: set[int] = set()
        for state in states:
            if isinstance(symbol, Unknown) and possible:
                following.update(_reach(state, pattern))
            elif state < len(pattern):
                step = _step(pattern[state], symbol, possible=possible)
                if step is not None:
                    following.add(state + step)
        states = _with_skips(following, pattern, possible=possible)
        if not states:
            return False
    return len(pattern) in states


def _step(expected: Symbol, symbol: Symbol, *, possible: bool) -> int | None:
    """How far ``symbol`` moves the automaton: 0 stays at a star, 1 goes on, ``None`` is stuck."""
    if expected is _STAR:
        return 0
    if expected is _SEGMENT_STAR:
        return 0 if symbol != ":" else None
    if _is_hole(expected):
        if possible:
            return 0
        same = isinstance(symbol, Unknown) and is_same_piece(expected, symbol)
        return 1 if same else None
    if isinstance(symbol, Unknown):
        return None
    if expected is _ONE or (expected is _SEGMENT_ONE and symbol != ":"):
        return 1
    return 1 if expected == symbol else None


def is_same_piece(expected: Symbol, symbol: Unknown) -> bool:
    """Whether both are one attribute of one resource, or one input that is not set."""
    if not isinstance(expected, Unknown):
        return False
    named = input_of(expected)
    return named is not None and named == input_of(symbol)


def _with_skips(states: set[int], pattern: tuple[Symbol, ...], *, possible: bool) -> set[int]:
    """The states, and those after stars (and holes) that match nothing."""
    found = set(states)
    for state in states:
        at = state
        while at < len(pattern) and (
            pattern[at] is _STAR
            or pattern[at] is _SEGMENT_STAR
            or (possible and _is_hole(pattern[at]))
        ):
            at += 1
            found.add(at)
    return found


def _reach(state: int, pattern: tuple[Symbol, ...]) -> range:
    """The states that some text without colons leads to."""
    at = state
    while at < len(pattern) and pattern[at] != ":":
        at += 1
    return range(state, at + 1)
