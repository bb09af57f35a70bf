"""Reads bodies, and goes on after errors: "HCL Native Syntax Specification", "Structure".

It is as strict as HCL, and explains what it cannot read.
"""

from __future__ import annotations

import re
from sys import intern
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.lexer import END, IDENTIFIER, NEWLINE, QUOTE, STRING, SyntaxProblem
from iac_ec2lint.hcl.operands import KEYWORDS
from iac_ec2lint.hcl.strings import nfc
from iac_ec2lint.hcl.templates import TemplateReader
from iac_ec2lint.source.limits import NESTING
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.hcl.tree import Attribute, Block, Body, Expression
    from iac_ec2lint.source.span import SourceText

ERRORS: Final = 10
"""Syntax errors after which reading a file stops: it is not HCL, or one error causes the others."""

_NAME: Final = r"[^\W\d][\w-]*+"
_CUT: Final = regular_expression(
    rf'^{_NAME}(?:[ \t]+(?:"[^"\n]*"|{_NAME}))*[ \t]*\{{', re.MULTILINE
)
_ITEM: Final = regular_expression(
    rf'^([ \t]*)(?:{_NAME}(?:[ \t]*(?:=(?!=)|\{{|")|[ \t]+{_NAME})|(\}}))', re.MULTILINE
)
_PLAIN: Final = regular_expression(
    rf"({_NAME})[ \t]*=[ \t]*(\[[ \t]*)?"
    rf'(?:"([^"\\$%\r\n]*)"|({_NAME}(?:\.{_NAME}){{1,8}})|(true|false|0|[1-9][0-9]{{0,17}}))'
    r"(?(2)[ \t]*(\]))[ \t]*\r?\n"
)
"""An argument that is a plain text, a reference, a number or a bool, or a list of one of these,
with the end of its line."""

_CONFLICT: Final = regular_expression(r"(?:<{7}|={7}|>{7})(?= |\r?$)", re.MULTILINE)
_CONFLICT_END: Final = regular_expression(r"^>{7} [^\n]*", re.MULTILINE)


class BodyReader(TemplateReader):
    """Reads a body; errors are collected in ``problems``.

    After an error, reading restarts at the next line that starts a block in the first column: an
    unclosed bracket costs its own block only.
    """

    __slots__ = ("blamed", "cut", "limit", "piecewise", "problems", "reported", "unclosed")

    def __init__(self, source: SourceText, start: int, end: int, text: str | None = None) -> None:
        super().__init__(source, start, end, text)
        self.limit = end
        self.cut = -1
        self.piecewise = False
        self.problems: list[SyntaxProblem] = []
        self.reported = 0
        self.unclosed = False
        self.blamed: tuple[int, str] | None = None

    def file(self) -> Body:
        """The body of a file."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        try:
            self.advance()
            while self.kind != END:
                if self.kind == NEWLINE:
                    self.advance()
                else:
                    self.piece(attributes, blocks)
        except SyntaxProblem as problem:
            self.problems.append(problem)
        return tree.Body(attributes, tuple(blocks))

    def piece(self, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
        """An item of the file's body, from the current token on."""
        start = self.start
        self.reported = len(self.problems)
        read = len(blocks)
        if self.piecewise:
            self.end = self.next_cut(start + 1)
        self.items(attributes, blocks, once=True)
        if self.unclosed and not self.piecewise:
            # Read it again, up to the next block of the file: indentation shows which one has the
            # error.
            self.piecewise = True
            del self.problems[self.reported :], blocks[read:]
            self.unclosed = False
            self.end = self.next_cut(start + 1)
            self.resume(start)
            self.items(attributes, blocks, once=True)
        self.piecewise = self.piecewise or len(self.problems) > self.reported
        self.unclosed = False
        self.blamed = None
        at = self.end if self.kind == END else self.start
        self.end = self.limit
        self.resume(at)

    def items(
        self,
        attributes: dict[str, Attribute],
        blocks: list[Block],
        *,
        once: bool = False,
    ) -> None:
        """The items up to a closing brace, or one item; broken ones are left out."""
        level = self.level
        while True:
            kind = self.kind
            if kind == NEWLINE:
                self.advance()
                continue
            if kind == END or (kind == "}" and not once):
                return
            start = self.start
            try:
                self.item(attributes, blocks)
            except SyntaxProblem as problem:
                self.recover(problem, start)
                self.level = level
            if once:
                return

    def item(self, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
        """An argument or a block with the end of its line, from the current token on."""
        if self.kind != IDENTIFIER:
            if _CONFLICT.match(self.text, self.start):
                self.conflict()
                return
            raise SyntaxProblem(self.start, self.no_item())
        if self.plain_argument(attributes):
            return
        start = self.start
        name = intern(self.text[start : self.stop])
        self.advance()
        kind = self.kind
        if kind == "=":
            self.attribute(attributes, start, name)
            what = "argument"
        elif kind in ("{", STRING, IDENTIFIER, QUOTE):
            self.block(blocks, start, name)
            what = "block"
        else:
            raise SyntaxProblem(
                start, self.expected(f"'=' and a value, or a block, after '{name}'")
            )
        if self.kind == NEWLINE:
            self.advance()
        elif self.kind != END:
            raise SyntaxProblem(self.start, self.expected(f"a new line after the {what} '{name}'"))

    def plain_argument(self, attributes: dict[str, Attribute]) -> bool:
        """Read an argument at once if it is a plain text or a reference, as most are.

        The current token is its name. Of any other, nothing is read.
        """
        start = self.start
        found = _PLAIN.match(self.text, start, self.end)
        if found is None or self.piecewise or found[1] in attributes or self.level == NESTING:
            return False
        source = self.source
        name, _, text, path, word, closing = found.groups()
        name = intern(name)
        expression: Expression
        if text is not None:
            at, end = found.span(3)
            expression = tree.Template(source, at - 1, end + 1, intern(nfc(text)))
        elif path is not None:
            root, *steps = path.split(".")
            if root in KEYWORDS:
                return False
            at = found.start(4)
            expression = tree.Variable(source, at, at + len(root), intern(root))
            for step in steps:
                end = expression.end + 1 + len(step)
                expression = tree.GetAttribute(source, at, end, expression, intern(step))
        else:
            value = KEYWORDS[word] if word in KEYWORDS else int(word)
            expression = tree.Literal(source, *found.span(5), value)
        if closing is not None:
            at, end = found.start(2), found.end(6)
            expression = tree.TupleExpression(source, at, end, (expression,))
        attributes[name] = tree.Attribute(source, start, expression.end, name, expression)
        self.stop = found.end()
        self.advance()
        return True

    def no_item(self) -> str:
        """The message where an argument or a block should begin."""
        if self.kind in (STRING, QUOTE):
            return "an argument's name is not quoted"
        if self.kind == "}":
            return "this '}' closes nothing that is open here"
        return self.expected("an argument or a block")

    def conflict(self) -> None:
        """Skip a marker of a merge conflict, the current token: read our side, leave out theirs."""
        at = self.start
        if self.text[at] == "<":
            self.report(SyntaxProblem(at, "a merge conflict is not resolved here"))
        if self.text[at] == "=" and (found := _CONFLICT_END.search(self.text, at, self.end)):
            at = found.end()
        end = self.text.find("\n", at, self.end)
        self.resume(self.end if end < 0 else end)

    def attribute(self, attributes: dict[str, Attribute], start: int, name: str) -> None:
        """``name = expression``; the current token is ``=``."""
        self.advance()
        at = self.start
        if self.kind == NEWLINE or self.kind == END:
            at = self.before
        try:
            expression = self.expression()
        except SyntaxProblem as problem:
            if name not in attributes:
                end = max(at, min(problem.offset, self.end))
                broken = tree.Broken(self.source, at, end)
                attributes[name] = tree.Attribute(self.source, start, end, name, broken)
            raise
        if self.piecewise and not self.blamed and self.is_dedented(start, expression.end - 1):
            closer = self.text[expression.end - 1]
            self.blamed = (expression.start, f"'{closer}' to close the value of '{name}'")
        if name in attributes:
            line = self.line_of(attributes[name].start)
            self.report(SyntaxProblem(start, f"'{name}' is set already, at line {line}"))
        else:
            attributes[name] = tree.Attribute(self.source, start, expression.end, name, expression)

    def block(self, blocks: list[Block], start: int, name: str) -> None:
        """``name "label" { }``; the current token is after the name."""
        labels: list[str] = []
        while self.kind != "{":
            labels.append(self.label(name))
        header_end = self.before
        brace = self.start
        mode = self.open_lines()
        attributes: dict[str, Attribute] = {}
        inner: list[Block] = []
        body = tree.Body(attributes, ())
        block = tree.Block(self.source, start, self.before, name, tuple(labels), header_end, body)
        blocks.append(block)
        if self.kind not in (NEWLINE, "}", END):
            self.only_argument(attributes, brace)
        else:
            self.items(attributes, inner)
        body.blocks = tuple(inner)
        if self.kind == END:
            self.report_unclosed(brace)
            self.level -= 1
            block.end = self.before
            return
        if self.piecewise and not self.blamed and self.is_dedented(start, self.start):
            self.blamed = (brace, "'}' to close the block")
        block.end = self.close(mode)

    def label(self, name: str) -> str:
        """A label of a block, the current token."""
        start = self.start
        if self.kind == STRING:
            self.advance()
            return intern(self.text[start + 1 : self.before - 1])
        if self.kind == IDENTIFIER:
            self.advance()
            return self.text[start : self.before]
        if self.kind != QUOTE:
            raise SyntaxProblem(
                self.start, self.expected(f"a label or '{{' on the line of the block '{name}'")
            )
        template = self.quoted()
        value = ""
        for part in template.parts:
            if not isinstance(part, tree.Text):
                sequence = self.text[part.start : part.start + 2]
                self.report(
                    SyntaxProblem(
                        part.start,
                        "a block's label cannot hold a template; "
                        f"a literal '{sequence}' is written '{sequence[0]}{sequence}'",
                    )
                )
                return value
            value += part.value
        return value

    def only_argument(self, attributes: dict[str, Attribute], brace: int) -> None:
        """The argument of a block that is written on one line, from the current token on."""
        start = self.start
        try:
            if self.kind != IDENTIFIER:
                raise SyntaxProblem(start, self.no_item())  # noqa: TRY301 - one recovery for all
            name = self.text[start : self.stop]
            self.advance()
            if self.kind != "=":
                raise SyntaxProblem(  # noqa: TRY301 - likewise
                    start,
                    "a block on one line holds one argument and no block: "
                    f"'{name}' starts on a line of its own",
                )
            self.attribute(attributes, start, name)
            if self.kind not in ("}", END):
                raise SyntaxProblem(  # noqa: TRY301 - likewise
                    self.start,
                    self.expected("'}': a block on one line holds one argument, and ends there"),
                )
        except SyntaxProblem as problem:
            line_end = self.text.find("\n", brace, self.end)
            line_end = self.end if line_end < 0 else line_end
            closer = self.text.rfind("}", brace, line_end)
            if closer < problem.offset:
                raise
            self.report(problem)
            self.in_lines()
            self.resume(closer)

    def report(self, problem: SyntaxProblem) -> None:
        """Add an error."""
        if len(self.problems) + 1 >= ERRORS:
            raise problem
        self.problems.append(problem)

    def found(self) -> str:
        """The current token, as messages name it."""
        if self.kind == END and self.end < self.limit:
            return "the next block of the file"
        return super().found()

    def report_unclosed(self, brace: int) -> None:
        """Add the error that a block is not closed, unless an earlier error is the likely cause."""
        if len(self.problems) > self.reported:
            return
        self.unclosed = True
        brace, what = self.blamed or (brace, "'}' to close the block")
        line = self.line_of(brace)
        self.report(SyntaxProblem(brace, f"expected {what} opened at line {line}"))

    def is_dedented(self, start: int, closer: int) -> bool:
        """Whether a closing bracket begins its line, left of where the line of ``start`` begins."""
        text = self.text
        line = text.rfind("\n", 0, closer) + 1
        if line <= start or text[line:closer].strip(" \t"):
            return False
        opening = text.rfind("\n", 0, start) + 1
        head = text[opening:start]
        return closer - line < len(head) - len(head.lstrip(" \t"))

    def next_cut(self, offset: int) -> int:
        """The offset where the next block of the file appears to begin."""
        if self.cut < offset:
            found = _CUT.search(self.text, offset, self.limit)
            self.cut = found.start() if found else self.limit
        return self.cut

    def recover(self, problem: SyntaxProblem, start: int) -> None:
        """Go on after a broken item, at the next item that is indented no deeper."""
        self.report(problem)
        self.in_lines()
        text = self.text
        self.end = min(self.end, self.next_cut(max(problem.offset, start + 1)))
        line = text.rfind("\n", 0, start) + 1
        head = text[line:start]
        indent = len(head) - len(head.lstrip(" \t"))
        at = max(start + 1, text.rfind("\n", 0, problem.offset) + 1)
        for found in _ITEM.finditer(text, at, self.end):
            depth = len(found[1])
            if depth < indent if found[2] else depth == indent:
                self.resume(found.end(1))
                return
        self.resume(self.end)
