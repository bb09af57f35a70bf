"""The text of a file, and places in it."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from contextlib import suppress
from typing import NamedTuple


class SourceText:
    """The decoded text of one file.

    Args:
        path: How messages name the file: relative to the working directory, with ``/``.
        text: Its text without a byte order mark; line endings as they are in the file.
    """

    __slots__ = ("_ending", "_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: array[int] | None = None
        self._ending = ""

    @property
    def line_ending(self) -> str:
        """What lines that are added end with: CR LF where any line does."""
        if not self._ending:
            self._ending = "\r\n" if "\r\n" in self.text else "\n"
        return self._ending

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of the code point at ``offset``."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1."""
        return self._line_starts()[line - 1] + column - 1

    def line(self, number: int) -> str:
        """The text of one line (from 1) without its line ending; empty beyond the last."""
        starts = self._line_starts()
        if number > len(starts):
            return ""
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """The span from ``start`` up to, not including, ``end`` (offsets in code points)."""
        return Span(self, start, end)

    def _line_starts(self) -> array[int]:
        if self._starts is None:
            starts = array("q", (0,))  # a fifth of what a list takes
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        return self._starts

    def __repr__(self) -> str:
        return f"Source({self.path!r})"


class PlacedText(SourceText):
    """A file's text with one behind it that an expression in it came to: that is at its place.

    Args:
        span: Where the expression is written.
        text: What it came to.
    """

    __slots__ = ("_end", "_start")

    def __init__(self, span: Span, text: str) -> None:
        super().__init__(span.path, f"{span.source.text}\n{text}")
        self._start = span.start
        self._end = len(span.source.text)

    def position(self, offset: int) -> tuple[int, int]:
        """See ``SourceText``."""
        return super().position(offset if offset <= self._end else self._start)


class GeneratedText(SourceText):
    """The text of a file that an expression comes to: that is at its place.

    Args:
        span: Where the expression is written; the lines of a heredoc are at their own places.
        text: What it came to.
    """

    __slots__ = ("_span",)

    def __init__(self, span: Span, text: str) -> None:
        super().__init__(span.path, text)
        self._span = span

    def position(self, offset: int) -> tuple[int, int]:
        """See ``SourceText``."""
        first, column = self._span.source.position(self._span.start)
        written = self._span.text
        if not written.startswith("<<") or written.count("\n") - 1 != self.text.count("\n"):
            return first, column
        line, column = super().position(offset)
        indented = len(self.line(first + line)) - len(super().line(line))
        return first + line, column + max(indented, 0)

    def line(self, number: int) -> str:
        """See ``SourceText``: of the file that has the expression."""
        return self._span.source.line(number)


_BEGINNING = 100
"""The greatest length of ``beginning``: a whole file can be on one line."""


def beginning(source: SourceText) -> Span:
    """The place of findings about a whole file: its first line that is not blank, or its start."""
    text = source.text
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)][:_BEGINNING].rstrip()
    return Span(source, start, start + len(line))


class Span(NamedTuple):
    """A place in a file: offsets in code points, ``end`` exclusive.

    Lines and columns are computed when asked for. Columns count code points from 1, a tab is
    one, and ``end_column`` is exclusive (SARIF 2.1.0, 3.30, ``unicodeCodePoints``).
    """

    source: SourceText
    start: int
    end: int

    @property
    def path(self) -> str:
        """The file's path, as messages name it."""
        return self.source.path

    @property
    def line(self) -> int:
        """The line of its first code point, from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column of its first code point, from 1."""
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        """The line on which it ends."""
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        """The column after its last code point."""
        return self.source.position(self.end)[1]

    @property
    def text(self) -> str:
        """Its text."""
        return self.source.text[self.start : self.end]

    @property
    def code(self) -> str:
        """Its text as an expression: without the escapes of the JSON string in which it stands."""
        text = self.text
        if "\\" in text and self.source.path.endswith(".json"):
            import json  # costs start-up time where nothing is escaped

            with suppress(ValueError):  # it is no part of a string
                return str(json.loads(f'"{text}"'))
        return text

    @property
    def key(self) -> tuple[str, int, int]:
        """A key that sorts and identifies spans, the same in every process."""
        return self.source.path, self.start, self.end

    def contains(self, other: Span) -> bool:
        """Whether ``other`` is inside it, in the same file."""
        return (
            self.source.path == other.source.path
            and self.start <= other.start
            and other.end <= self.end
        )

    def __repr__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
