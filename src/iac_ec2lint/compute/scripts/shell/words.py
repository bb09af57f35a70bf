"""Commands as they are read, and what stands in their words for what is not known."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, read_script
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from iac_ec2lint.values import Unknown, Val

RUN_TIME: Final = "\U000ffffd"
"""Stands in a word for what only the running script knows."""

_PIECES: Final = 0xF0000
_PIECES_END: Final = 0xFFFF0
_MOST_PIECES: Final = 10_000
_CLOUD_CONFIG: Final = regular_expression(rf"\s*#cloud-config[^\n]*\n\s*{UNKNOWN_PIECE}\s*")
_PIPES: Final = 50
"""Commands in a row that are read."""
ASSIGNMENT: Final = regular_expression(r"([A-Za-z_]\w*)(\+?)=(.*)", re.DOTALL)
"""A word that sets a variable: its name, ``+`` where it appends, its value."""


def piece_of(number: int) -> str:
    """The character that stands for an unknown piece of a script, by its number."""
    return chr(min(_PIECES + number, _PIECES_END))


def numbers_of(text: str) -> list[int]:
    """The numbers of the unknown pieces in a text, in order."""
    return [ord(char) - _PIECES for char in text if _PIECES <= ord(char) <= _PIECES_END]


def numbered(text: str, pieces: int, known: Mapping[int, str] | None = None, first: int = 0) -> str:
    """A script with a character of its own for each piece that is not known.

    Args:
        text: The script, with ``UNKNOWN_PIECE`` for each of them.
        pieces: How many there are.
        known: What stands in place of some of them, by their numbers.
        first: The number of the first of them.
    """
    if not pieces:
        return text
    numbers = iter(range(first, first + pieces))

    def piece(_: re.Match[str]) -> str:
        number = next(numbers, first)
        return (known or {}).get(number, piece_of(number))

    return re.sub(UNKNOWN_PIECE, piece, text)


def with_packed_pieces(
    text: str, causes: Sequence[Unknown], chosen: Mapping[int, str] | None = None
) -> tuple[str, tuple[Unknown, ...]]:
    """A script as ``numbered`` makes it, and what its characters stand for.

    A piece in Base64 of which something is known stands in it in Base64 again, with characters for
    what is not, and so does a structure that is all of a cloud-config, as JSON: scripts are packed
    so for cloud-init.

    Args:
        text: See ``numbered``.
        causes: What stands at each ``UNKNOWN_PIECE``, in order.
        chosen: See ``known`` of ``numbered``.
    """
    every = list(causes)
    whole = causes[0].decoded if _CLOUD_CONFIG.fullmatch(text) and len(causes) == 1 else None
    if isinstance(whole, Value) and isinstance(whole.data, dict):
        made = json.dumps(_plain(whole, every), ensure_ascii=False)
        return numbered(text, 1, {0: made}), tuple(every)
    known = {
        number: packed
        for number, cause in enumerate(causes)
        if (packed := _packed(cause, every)) is not None
    }
    return numbered(text, len(causes), {**known, **(chosen or {})}), tuple(every)


def _packed(piece: Unknown, every: list[Unknown]) -> str | None:
    """A piece in Base64; what is not known in it comes behind the others."""
    text, causes = (None, ()) if piece.decoded is None else read_script(piece.decoded)
    if text is None or len(every) + len(causes) > _MOST_PIECES:
        return None
    first = len(every)
    every += causes
    inner = ((first + at, _packed(one, every)) for at, one in enumerate(causes))
    known = {number: packed for number, packed in inner if packed is not None}
    told = numbered(text, len(causes), known, first)
    return base64.b64encode(told.encode()).decode()


def _plain(value: Val, every: list[Unknown]) -> object:
    """A structure in plain data; what is not known in it comes behind the others."""
    if isinstance(value, Value):
        if isinstance(value.data, dict):
            return {key: _plain(member, every) for key, member in value.data.items()}
        if isinstance(value.data, tuple):
            return [_plain(element, every) for element in value.data]
        return str(value.data) if isinstance(value.data, Decimal) else value.data
    packed = _packed(value, every)
    if packed is not None:
        return packed
    text, causes = read_script(value)
    first = len(every)
    every += causes
    return numbered(UNKNOWN_PIECE if text is None else text, len(causes), None, first)


class Line(NamedTuple):
    """A line of text, and the number of the script's line that it comes from."""

    text: str
    number: int


class Output(NamedTuple):
    """A file that a command writes to."""

    path: str
    appends: bool


class Command:
    """A simple command.

    Attributes:
        words: Its words, unquoted and expanded; those before it that only say how it runs
            (``sudo``) are left out.
        number: The script's line that it begins on.
        outputs: The files that its output is written to.
        given: What it reads: a heredoc or a here-string.
        piped: The commands whose output it reads.
        consumed: Whether another command reads its output.
        doubt: The unknown pieces that decide whether it runs at all.
    """

    __slots__ = ("consumed", "depth", "doubt", "given", "number", "outputs", "piped", "words")

    def __init__(self, number: int, doubt: tuple[int, ...], piped: list[Command]) -> None:
        self.words: list[str] = []
        self.number = number
        self.outputs: list[Output] = []
        self.given: list[Line] | None = None
        self.consumed = False
        self.doubt = doubt
        self.depth: int = 1 + max((source.depth for source in piped), default=0)
        self.piped = piped if self.depth <= _PIPES else []
        for source in self.piped:
            source.consumed = True


_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "", "\\": "\\", '"': '"', "'": "'"}


def unescaped(text: str) -> str:
    """A text with the escapes that ``echo -e`` and ``printf`` know."""
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text)
