"""The comments of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.reader import BodyReader
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.source.span import SourceText

_COMMENT: Final = regular_expression(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)


class CommentReader(BodyReader):
    """Reads a file for the comments between its tokens."""

    __slots__ = ("comments",)

    def __init__(self, source: SourceText) -> None:
        super().__init__(source, 0, len(source.text))
        self.comments: dict[int, tree.Comment] = {}

    def advance(self) -> None:
        """Consume the current token, and collect the comments before the next one."""
        at = self.stop
        super().advance()
        between = self.text[at : self.start]
        if "#" in between or "/" in between:
            for found in _COMMENT.finditer(between):
                text = found[0]
                value = text[2:-2] if text[1:2] == "*" else text[1 if text[0] == "#" else 2 :]
                start, end = at + found.start(), at + found.end()
                if text.endswith("\r"):
                    end -= 1
                    value = value[:-1]
                self.comments[start] = tree.Comment(self.source, start, end, value)


def read_comments(source: SourceText) -> tuple[tree.Comment, ...]:
    """The comments of a file, in order, except in parts left out after a syntax error."""
    if "#" not in source.text and "//" not in source.text and "/*" not in source.text:
        return ()
    reader = CommentReader(source)
    reader.file()
    return tuple(comment for _, comment in sorted(reader.comments.items()))
