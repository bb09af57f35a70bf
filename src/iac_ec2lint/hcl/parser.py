"""Text to syntax tree: the front door of ``hcl``.

The reader of this package (``reader``) reads every file: it is as strict as HCL, says what is
wrong, and goes on after an error. On request python-hcl2 parses a file; of one without errors it
gives the same tree. Syntax errors are returned as ``Diagnostic`` beside what could be read, never
raised.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.comments import read_comments
from iac_ec2lint.hcl.lexer import SyntaxProblem
from iac_ec2lint.hcl.reader import BodyReader
from iac_ec2lint.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from iac_ec2lint.source.span import SourceText

ParserName = Literal["strict", "python-hcl2"]
DEFAULT_PARSER: Final[ParserName] = "strict"

# The same text is in many files of a repository (versions.tf, a module copied for each region). A
# text that was read without an error once is known by the outline of its blocks: type, labels,
# offsets.
_Outline = tuple[tuple[str, tuple[str, ...], int, int, int], ...]
_OUTLINES: dict[str, _Outline] = {}
_OUTLINES_KEPT: Final = 1_000
_OUTLINED_LENGTH: Final = 20_000


def parse(
    source: SourceText, parser: ParserName = DEFAULT_PARSER
) -> tuple[tree.File, list[Diagnostic]]:
    """The syntax tree of a file in native syntax, and its syntax errors in order.

    Args:
        source: The file.
        parser: The parser to use; both give the same bodies. A file that python-hcl2 cannot read is
            an error that says so.
    """
    text = source.text
    outline = _OUTLINES.get(text)
    if outline is None:
        body, problems = _read_body(source)
        if problems:
            return _file(source, body, problems)
        if not body.attributes and len(text) < _OUTLINED_LENGTH:
            outline = tuple(
                (block.type, block.labels, block.start, block.end, block.header_end)
                for block in body.blocks
            )
            if len(_OUTLINES) >= _OUTLINES_KEPT:
                _OUTLINES.clear()
            _OUTLINES[text] = outline
    else:
        body = _outlined(source, outline)
    if parser == "python-hcl2":
        return _parse_hcl2(source, body)
    return _file(source, body, [])


def parse_expression(
    source: SourceText, start: int, end: int
) -> tuple[tree.Expression, list[Diagnostic]]:
    """The expression in the text from ``start`` to ``end``; ``Broken`` with an error.

    Newlines are white space in it, as inside parentheses.
    """
    reader = BodyReader(source, start, end)
    try:
        reader.across_lines()
        reader.advance()
        expression = reader.expression()
        reader.expect_end()
    except SyntaxProblem as problem:
        return tree.Broken(source, start, end), [_diagnostic(source, problem)]
    return expression, []


def parse_template(
    source: SourceText, start: int, end: int
) -> tuple[tree.Template | tree.Broken, list[Diagnostic]]:
    """The template in the text from ``start`` to ``end``; ``Broken`` with an error.

    It is the text of a template file: no quotes around it, and no escapes but ``$${`` and ``%%{``.
    """
    reader = BodyReader(source, start, end)
    try:
        return reader.bare(start), []
    except SyntaxProblem as problem:
        return tree.Broken(source, start, end), [_diagnostic(source, problem)]


def _read_body(source: SourceText) -> tuple[tree.Body, list[SyntaxProblem]]:
    """The body of a file as the strict reader reads it, and its errors."""
    zero = source.text.find("\0")
    if zero >= 0:
        return tree.Body({}, ()), [SyntaxProblem(zero, "a NUL byte: this is not text")]
    reader = BodyReader(source, 0, len(source.text))
    body = reader.file()
    return body, sorted(reader.problems, key=lambda problem: problem.offset)


def _read_block(source: SourceText, start: int, end: int) -> tree.Body:
    """The body of the block from ``start`` to ``end``, as the strict reader reads it."""
    return BodyReader(source, start, end).file().blocks[0].body


def _parse_hcl2(source: SourceText, body: tree.Body) -> tuple[tree.File, list[Diagnostic]]:
    from iac_ec2lint.hcl import parser_hcl2

    try:
        return _file(source, parser_hcl2.lower_file(source), [])
    except SyntaxProblem as problem:
        return _file(source, body, [problem])


def _outlined(source: SourceText, outline: _Outline) -> tree.Body:
    blocks = [
        tree.Block(
            source, start, end, name, labels, header_end, partial(_read_block, source, start, end)
        )
        for name, labels, start, end, header_end in outline
    ]
    return tree.Body({}, tuple(blocks))


def _file(
    source: SourceText, body: tree.Body, problems: list[SyntaxProblem]
) -> tuple[tree.File, list[Diagnostic]]:
    file = tree.File(source, body, partial(read_comments, source), partial=bool(problems))
    return file, [_diagnostic(source, problem) for problem in problems]


def _diagnostic(source: SourceText, problem: SyntaxProblem) -> Diagnostic:
    return Diagnostic.at(source.span(problem.offset, problem.offset), problem.message)
