"""Commands as they are read, and what stands in their words for what is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from iac_ec2lint.compute.scripts.boot_scripts import UNKNOWN_PIECE
from iac_ec2lint.source.regular_expression import regular_expression

RUN_TIME: Final = "\U000ffffd"
"""Stands in a word for what only the running script knows."""

_PIECES: Final = 0xF0000
_PIECES_END: Final = 0xFFFF0
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


def numbered(text: str, pieces: int, known: Mapping[int, str] | None = None) -> str:
    """A script with a character of its own for each piece that is not known.

    Args:
        text: The script, with ``UNKNOWN_PIECE`` for each of them.
        pieces: How many there are.
        known: What stands in place of some of them, by their numbers.
    """
    if not pieces:
        return text
    numbers = iter(range(pieces))

    def piece(_: re.Match[str]) -> str:
        number = next(numbers, 0)
        return (known or {}).get(number, piece_of(number))

    return re.sub(UNKNOWN_PIECE, piece, text)


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
