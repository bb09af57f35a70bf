"""Reads templates: quoted, heredocs and bare ones.

"HCL Native Syntax Specification", "Template Expressions" and "Templates". Strip markers and flush
heredocs work as in HCL's implementation: a piece of literal text ends with its line, a marker
removes white space from the adjacent piece only, and the common indentation is computed afterwards.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NoReturn

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.expressions import ExpressionReader
from iac_ec2lint.hcl.lexer import END, HEREDOC, IDENTIFIER, SyntaxProblem
from iac_ec2lint.hcl.strings import WHITESPACE, nfc, unescape_bare, unescape_quoted
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.hcl.tree import Expression, Template, TemplatePart
    from iac_ec2lint.source.span import SourceText

_QUOTED: Final = regular_expression(r'(?:[^"\\$%\r\n]+|\\[^\r\n]|(?:\$\$|%%)\{|[$%](?!\{))++')
_BARE: Final = regular_expression(r"(?:[^$%\n]+|(?:\$\$|%%)\{|[$%](?!\{))*+\n?")
_OPENERS: Final = ("${", "%{")
_ENDS: Final = {"endif": "if", "endfor": "for"}


class Piece:
    """Literal text, an interpolation, or a directive that begins or ends a part of the template."""

    __slots__ = ("end", "expression", "height", "key", "kind", "start", "value", "variable")

    expression: Expression  # of an interpolation, an "if" or a "for"

    def __init__(self, kind: str, start: int, end: int, value: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.height = 0
        self.key: str | None = None
        self.variable = ""


class TemplateReader(ExpressionReader):
    """Reads the templates in expressions, and bare ones."""

    __slots__ = ()

    def quoted(self) -> Template:
        """A quoted template; the current token is the opening quote."""
        start = self.start
        pieces = Pieces(self)
        at = self.stop
        self.deepen()
        while True:
            found = _QUOTED.match(self.text, at, self.end)
            if found is not None:
                pieces.literal(at, found.end(), unescape_quoted(found[0], at))
                at = found.end()
            if self.text.startswith(_OPENERS, at, self.end):
                at = pieces.sequence(at)
                continue
            break
        if at >= self.end or self.text[at] != '"':
            self.fail_quote(start, at)
        self.level -= 1
        self.resume(at + 1)
        self.before = at + 1
        return tree.Template(self.source, start, at + 1, pieces.parts(at))

    def heredoc(self) -> Template:
        """A heredoc; the current token is its opening line."""
        start = self.start
        at = self.stop
        opening = self.text[start:at].rstrip("\r\n")
        flush = opening[2] == "-"
        marker = opening[3 if flush else 2 :]
        pieces = Pieces(self)
        closing = _closing_line(marker).search(self.text, at, self.end)
        if closing is None:
            self.fail_heredoc(start, marker)
        self.deepen()
        text = self.text[at : closing.start()]
        if "${" in text or "%{" in text:
            at = self.heredoc_lines(pieces, start, at, marker)
        else:
            for line in text.splitlines(keepends=True) if flush else [text] if text else []:
                pieces.literal(at, at + len(line), line)
                at += len(line)
        self.level -= 1
        if flush:
            pieces.flush()
        parts = pieces.parts(at)
        end = self.text.index(marker, at) + len(marker)
        self.resume(end)
        self.before = end
        return tree.Template(self.source, start, end, parts, True)

    def heredoc_lines(self, pieces: Pieces, start: int, at: int, marker: str) -> int:
        """Read the lines of a heredoc with sequences; returns the offset of its marker's line."""
        text = self.text
        starts_line = True
        while True:
            if starts_line:
                newline = text.find("\n", at, self.end)
                if newline < 0:
                    self.fail_heredoc(start, marker)
                if text[at:newline].strip(WHITESPACE) == marker:
                    return at
            found = _BARE.match(text, at, self.end)
            stop = found.end() if found else at
            if stop > at:
                pieces.literal(at, stop, unescape_bare(text[at:stop]))
                at = stop
                starts_line = text[at - 1] == "\n"
                if starts_line:
                    continue
            if not text.startswith(_OPENERS, at, self.end):
                self.fail_heredoc(start, marker)
            at = pieces.sequence(at)
            starts_line = False

    def bare(self, start: int) -> Template:
        """The template that is all of the text from ``start``, without quotes or escapes."""
        pieces = Pieces(self)
        at = start
        while at < self.end:
            found = _BARE.match(self.text, at, self.end)
            stop = found.end() if found else at
            if stop > at:
                pieces.literal(at, stop, unescape_bare(self.text[at:stop]))
                at = stop
            elif self.text.startswith(_OPENERS, at, self.end):
                at = pieces.sequence(at)
        return tree.Template(self.source, start, at, pieces.parts(at))

    def fail_quote(self, start: int, at: int) -> NoReturn:
        """Raise that a quoted template is not closed before the end of its line or of the text."""
        column = self.column_of(start)
        if at < self.end and self.text[at] == "\\":
            at += 1
        raise SyntaxProblem(at, f"expected '\"' to close the string opened at column {column}")

    def fail_heredoc(self, start: int, marker: str) -> NoReturn:
        """Raise that a heredoc is not closed."""
        raise SyntaxProblem(start, f"expected a line with '{marker}' alone to close the heredoc")


def read_template(source: SourceText, start: int) -> Template:
    """The quoted template or heredoc that begins at ``start``.

    Raises:
        SyntaxProblem: There is none, or it has an error.
    """
    reader = TemplateReader(source, start, len(source.text))
    reader.advance()
    return reader.heredoc() if reader.kind == HEREDOC else reader.quoted()


@lru_cache(maxsize=100)
def _closing_line(marker: str) -> re.Pattern[str]:
    return re.compile(rf"^[^\S\n]*{re.escape(marker)}[^\S\n]*\n", re.MULTILINE)


class Pieces:
    """The pieces of one template, as they are read."""

    __slots__ = ("height", "list", "reader", "strip_next")

    def __init__(self, reader: TemplateReader) -> None:
        self.reader = reader
        self.list: list[Piece] = []
        self.strip_next = False
        self.height = 0

    def literal(self, start: int, end: int, value: str) -> None:
        """Add literal text, already unescaped."""
        if self.strip_next:
            value = value.lstrip(WHITESPACE)
            self.strip_next = False
        self.list.append(Piece("text", start, end, value))

    def sequence(self, start: int) -> int:
        """Read ``${ }`` or ``%{ }`` at an offset; returns the offset after it."""
        reader = self.reader
        text = reader.text
        strip = text.startswith("~", start + 2, reader.end)
        if strip and self.list and self.list[-1].kind == "text":
            self.list[-1].value = self.list[-1].value.rstrip(WHITESPACE)
        mode = reader.match
        reader.across_lines()
        reader.deepen()
        reader.resume(start + 3 if strip else start + 2)
        piece = Piece("interpolation", start, start)
        if text[start] == "$":
            if reader.kind == "}" or reader.kind == "~}":
                raise SyntaxProblem(reader.start, reader.expected("an expression"))
            piece.expression = reader.expression()
            piece.height = reader.height
        else:
            self.directive(piece)
        if reader.kind != "}" and reader.kind != "~}":
            self.fail_open(start)
        self.strip_next = reader.kind == "~}"
        piece.end = reader.stop
        reader.level -= 1
        reader.match = mode
        self.height = max(self.height, piece.height)
        self.list.append(piece)
        return piece.end

    def directive(self, piece: Piece) -> None:
        """Read the directive in ``%{ }``, from the current token on."""
        reader = self.reader
        word = reader.text[reader.start : reader.stop] if reader.kind == IDENTIFIER else ""
        if word not in ("if", "else", "endif", "for", "endfor"):
            raise SyntaxProblem(
                reader.start,
                reader.expected("'if', 'else', 'endif', 'for' or 'endfor' after '%{'")
                + "; a literal '%{' is written '%%{'",
            )
        piece.kind = word
        reader.advance()
        if word == "if":
            piece.expression = reader.expression()
            piece.height = reader.height
        elif word == "for":
            piece.key, piece.variable = reader.for_names()
            piece.expression = reader.expression()
            piece.height = reader.height

    def fail_open(self, start: int) -> NoReturn:
        """Raise that a sequence is not ended by ``}``."""
        reader = self.reader
        opener = reader.text[start : start + 2]
        if reader.kind in (END, '"') or reader.kind == "string":
            raise SyntaxProblem(start, f"expected '}}' to close the '{opener}'")
        raise SyntaxProblem(
            reader.start,
            reader.expected(f"'}}' to close the '{opener}'")
            + f"; a literal '{opener}' is written '{opener[0]}{opener}'",
        )

    def flush(self) -> None:
        """Remove the indentation that the lines of a flush heredoc have in common."""
        least: int | None = None
        adjust: list[Piece] = []
        starts_line = True
        for piece in self.list:
            literal = piece.kind == "text"
            if starts_line:
                starts_line = False
                spaces: int | None = 0
                if literal:
                    rest = piece.value.lstrip(WHITESPACE)
                    if not rest and piece.value.endswith("\n"):
                        spaces = None
                    else:
                        spaces = len(piece.value) - len(rest)
                        adjust.append(piece)
                if spaces is not None and (least is None or spaces < least):
                    least = spaces
            if literal and piece.value.endswith("\n"):
                starts_line = True
        for piece in adjust:
            piece.value = piece.value[least or 0 :]

    def parts(self, end: int) -> tuple[TemplatePart, ...]:
        """The parts of the template, directives with what they enclose; it ends at ``end``."""
        pieces = self.list
        self.reader.height = self.height + 1
        if len(pieces) == 1 and pieces[0].kind == "text":
            only = pieces[0]
            if only.value or only.start < only.end:
                return (tree.Text(self.reader.source, only.start, only.end, nfc(only.value)),)
        if not pieces:
            return ()
        return Assembly(self.reader, pieces, self.height, end).parts


class Assembly:
    """Makes nested parts of flat pieces."""

    __slots__ = ("height", "open", "parts", "reader")

    def __init__(self, reader: TemplateReader, pieces: list[Piece], height: int, end: int) -> None:
        self.reader = reader
        self.open: list[tuple[Piece, list[TemplatePart], list[TemplatePart] | None]] = []
        deepest = 0
        current: list[TemplatePart] = []
        source = reader.source
        run: list[Piece] = []
        for piece in [*pieces, Piece("", end, end)]:
            if piece.kind == "text":
                run.append(piece)
                continue
            if run:
                value = nfc("".join([p.value for p in run]))
                current.append(tree.Text(source, run[0].start, run[-1].end, value))
                run = []
            if piece.kind == "interpolation":
                current.append(tree.Interpolation(source, piece.start, piece.end, piece.expression))
            elif piece.kind in ("if", "for"):
                self.open.append((piece, current, None))
                deepest = max(deepest, len(self.open))
                current = []
            elif piece.kind:
                current = self.end_of_part(piece, current)
        if self.open:
            opener = self.open[-1][0]
            raise SyntaxProblem(
                opener.start, f"expected '%{{ end{opener.kind} }}' to close the '{opener.kind}'"
            )
        reader.height = height + 1 + deepest
        reader.check_height(pieces[0].start)
        self.parts = tuple(current)

    def end_of_part(self, piece: Piece, current: list[TemplatePart]) -> list[TemplatePart]:
        """End the part before ``else``, ``endif`` or ``endfor``; returns the list to add to."""
        source = self.reader.source
        opener, outer, then = self.open.pop() if self.open else (None, current, None)
        if opener is None or _ENDS.get(piece.kind, "if") != opener.kind:
            raise SyntaxProblem(piece.start, f"'{piece.kind}' closes nothing that is open here")
        if piece.kind == "else":
            if then is not None:
                raise SyntaxProblem(piece.start, "this 'if' has an 'else' already")
            self.open.append((opener, outer, current))
            return []
        if piece.kind == "endfor":
            outer.append(
                tree.TemplateFor(
                    source,
                    opener.start,
                    piece.end,
                    opener.key,
                    opener.variable,
                    opener.expression,
                    tuple(current),
                )
            )
        else:
            outer.append(
                tree.TemplateIf(
                    source,
                    opener.start,
                    piece.end,
                    opener.expression,
                    tuple(current if then is None else then),
                    () if then is None else tuple(current),
                )
            )
        return outer
