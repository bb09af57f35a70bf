"""The tokens of HCL, one at a time.

The rules are those of "HCL Native Syntax Specification", "Lexical Elements". Newlines end arguments
and separate the items of objects; inside ``( )``, ``[ ]`` and ``${ }`` they are white space.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NoReturn

from iac_ec2lint.source.limits import NESTING
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.source.span import SourceText

IDENTIFIER: Final = "identifier"
NUMBER: Final = "number"
STRING: Final = "string"
QUOTE: Final = '"'
HEREDOC: Final = "heredoc"
NEWLINE: Final = "newline"
END: Final = "end"
BAD: Final = "bad"

# A string without escapes, templates and line breaks is one token; otherwise only its quote is.
_TOKENS: Final = r"""
    ([^\W\d][\w-]*)
  | ("[^"\\$%\r\n]*")
  | (\r?\n)
  | ([0-9](?:\.*(?:[0-9]|[eE][+-]?[0-9]))*)
  | (<<-?[^\W\d][\w-]*\r?\n)
  | (~\}|[{}\[\](),?"+*%-]|\.\.\.|\.|==|=>|=|!=|!|<=|<|>=|>|&&|\|\||::|:|/(?!\*))
  | (\Z)
  | (.)
"""
# The kind of an operator or a bracket is its text: "[", "==", "&&" ...
_KINDS: Final = ("", IDENTIFIER, STRING, NEWLINE, NUMBER, HEREDOC, None, END, BAD)
_LINE_COMMENT: Final = r"(?:\#|//)[^\n]*"
_INLINE_COMMENT: Final = r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/"
SPACE: Final = rf"(?:[ \t\r\n]+|{_INLINE_COMMENT}|{_LINE_COMMENT})*+"
"""Space and comments, newlines among them; for a verbose pattern."""

_IN_LINE: Final = regular_expression(
    rf"(?:[ \t]+|{_INLINE_COMMENT})*+(?:{_LINE_COMMENT})?+(?:{_TOKENS})", re.VERBOSE | re.DOTALL
)
_ACROSS_LINES: Final = regular_expression(rf"{SPACE}(?:{_TOKENS})", re.VERBOSE | re.DOTALL)
Mode = Callable[[str, int, int], re.Match[str] | None]
"""Whether newlines are tokens or white space: the ``match`` method of one of two patterns."""


class SyntaxProblem(Exception):  # noqa: N818 - it never leaves this package
    """A syntax error; the reader turns it into a diagnostic.

    Args:
        offset: Where, in code points.
        message: What is wrong and what was expected.
    """

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class Lexer:
    """Reads tokens from ``start`` to ``end``; the current one is ``kind``, ``start``, ``stop``.

    ``before`` is where the last consumed token ended. ``level`` counts the brackets, blocks and
    templates that are open around the current token.
    """

    __slots__ = ("before", "end", "kind", "level", "match", "source", "start", "stop", "text")

    def __init__(self, source: SourceText, start: int, end: int, text: str | None = None) -> None:
        self.source = source
        self.text = source.text if text is None else text
        self.end = end
        self.match: Mode = _IN_LINE.match
        self.level = 0
        self.kind = END
        self.start = self.stop = self.before = start

    def advance(self) -> None:
        """Consume the current token; the next one becomes current."""
        self.before = self.stop
        found = self.match(self.text, self.stop, self.end)
        index = found.lastindex if found else None
        if found is None or index is None:  # one of the groups always matches
            raise SyntaxProblem(self.stop, "no token")
        self.start, self.stop = found.span(index)
        self.kind = kind = _KINDS[index] or found[index]
        if kind is BAD and self.text.startswith("/*", self.start):
            raise SyntaxProblem(self.start, "expected '*/' to close the comment")

    def resume(self, offset: int) -> None:
        """Make the token at ``offset`` the current one."""
        self.stop = offset
        before = self.before
        self.advance()
        self.before = before

    def open(self) -> Mode:
        """Consume an opening bracket; newlines are space until ``close`` gets the result."""
        self.deepen()
        mode = self.match
        self.match = _ACROSS_LINES.match
        self.advance()
        return mode

    def open_lines(self) -> Mode:
        """Consume an opening bracket inside which newlines are tokens."""
        self.deepen()
        mode = self.match
        self.match = _IN_LINE.match
        self.advance()
        return mode

    def close(self, mode: Mode) -> int:
        """Consume a closing bracket, restore the mode outside, and return the offset after it."""
        self.level -= 1
        self.match = mode
        self.advance()
        return self.before

    def across_lines(self) -> None:
        """Treat newlines as white space from here on."""
        self.match = _ACROSS_LINES.match

    def in_lines(self) -> None:
        """Treat newlines as tokens from here on."""
        self.match = _IN_LINE.match

    def deepen(self) -> None:
        """Count one more level of nesting."""
        self.level += 1
        if self.level > NESTING:
            self.fail_deep(self.start)

    def fail_deep(self, offset: int) -> NoReturn:
        """Raise that the text nests deeper than is read."""
        raise SyntaxProblem(offset, f"nested more than {NESTING} levels deep")

    def found(self) -> str:
        """The current token, as messages name it."""
        if self.kind == END:
            return "the end of the file" if self.end == len(self.text) else "the end of the text"
        if self.kind == NEWLINE:
            return "the end of the line"
        text = self.text[self.start : self.stop].strip()
        return repr(text if len(text) <= 20 else text[:17] + "...")

    def line_of(self, offset: int) -> int:
        """The line of an offset, for messages."""
        return self.source.position(offset)[0]

    def column_of(self, offset: int) -> int:
        """The column of an offset, for messages."""
        return self.source.position(offset)[1]
