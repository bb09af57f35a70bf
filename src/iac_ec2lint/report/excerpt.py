"""A line of a source file with marks under the part that is meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.report.escape import escaped, opens_command

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span

_WITHHELD = "(not shown)"
_KEY = re.compile(r"\s*(?:- )?[\"']?[\w.:-]+[\"']?\s*[=:]\s+")
_TAB = "    "
_CLIPPED = "..."


class Excerpt(NamedTuple):
    """A source line, made harmless for a terminal and clipped around what is marked.

    Attributes:
        number: Its number in the file, from 1.
        text: The line.
        indent: How many columns stand before the marks.
        marks: How many columns are marked, at least 1.
        last_line: The line on which what is meant ends.
    """

    number: int
    text: str
    indent: int
    marks: int
    last_line: int


def excerpt(span: Span, width: int, *, quotable: bool = True) -> Excerpt | None:
    """The first line of a span; ``None`` where there is nothing on it to see.

    Args:
        span: What to mark.
        width: How many columns the line may take; wide characters take two, tabs four.
        quotable: Whether what stands there may be shown; else the name before it is, at most.
    """
    number, column = span.source.position(span.start)
    last_line, end_column = span.source.position(span.end)
    line = span.source.line(number)
    if not line.strip():
        return None
    if end_column == 1 and last_line > number:
        last_line -= 1  # it ends with a line ending
        end_column = len(line) + 1 if last_line == number else 0
    start = column - 1
    end = end_column - 1 if last_line == number else len(line.rstrip())
    if not quotable:
        line = withheld(span)
        start, end = len(line) - len(_WITHHELD), len(line)
    low, high = _window(line, start, end, width)
    before = sum(_width(line, index) for index in range(low, min(start, high)))
    marks = sum(_width(line, index) for index in range(start, min(end, high)))
    shown = "".join(_shape(line, index) for index in range(low, high))
    lead, tail = (_CLIPPED if low else ""), (_CLIPPED if high < len(line) else "")
    return Excerpt(
        number, f"{lead}{shown}{tail}".rstrip(), len(lead) + before, max(marks, 1), last_line
    )


def withheld(span: Span) -> str:
    """The first line of a span without what stands there: with the name before it, at most."""
    line = span.source.line(span.line)
    key = _KEY.match(line)
    if key is not None and key.end() < span.column:
        return key[0] + _WITHHELD
    return line[: len(line) - len(line.lstrip())] + _WITHHELD


def clipped(text: str, width: int) -> str:
    """Text made harmless for a terminal, without the space around it, in ``width`` columns."""
    line = text.strip()
    low, high = _window(line, 0, 0, width)
    shown = "".join(_shape(line, index) for index in range(low, high))
    return shown + (_CLIPPED if high < len(line) else "")


def _window(line: str, start: int, end: int, width: int) -> tuple[int, int]:
    """The part of a line, as indexes, that fits ``width`` columns and holds what is marked.

    A line can have millions of characters (a minified template), so that only its neighbourhood is
    measured.
    """
    if len(line) <= width and sum(_width(line, index) for index in range(len(line))) <= width:
        return 0, len(line)
    room = max(width - 2 * len(_CLIPPED), 8)
    low = min(start, len(line))
    context = room // 3
    # All that stands before is kept where the marked part, or a good piece of it, still fits.
    wanted = min(max(end - start, 1), room - context)
    if start + wanted <= room and sum(_width(line, at) for at in range(start)) <= room - wanted:
        low = 0
    else:
        # The second bound is for characters without a width, of which there may be any number.
        floor = max(low - width, 0)
        while low > floor and context >= _width(line, low - 1):
            low -= 1
            context -= _width(line, low)
    high = low
    ceiling = min(low + 2 * width, len(line))
    while high < ceiling and room >= _width(line, high):
        room -= _width(line, high)
        high += 1
    return low, high


def _shape(line: str, index: int) -> str:
    character = line[index]
    if character == "\t":
        return _TAB
    if character == "[" and opens_command(line, index):
        return r"\x5b"
    return character if character.isprintable() else escaped(character)


def _width(line: str, index: int) -> int:
    character = line[index]
    if character.isascii() or not character.isprintable():
        return len(_shape(line, index))
    # Imported here: nearly all source is ASCII, and it costs a millisecond.
    from unicodedata import category, east_asian_width

    if category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
