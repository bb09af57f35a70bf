"""What is wrong or remarkable with an input: data, returned beside the result, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span


@dataclass(frozen=True, slots=True)
class Observation:
    """What is remarkable about an input and keeps nothing from being evaluated: a note.

    Attributes:
        name: The note's name: ``key-written-twice``.
        span: The place.
        message: What is remarkable; one line.
    """

    name: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """Something that kept a file, a module or a check from being read or evaluated.

    Attributes:
        path: The file or folder, as messages name it.
        line: Its line, from 1; 0 where the whole file is meant.
        column: Its column, from 1; 0 where the whole file is meant.
        message: What is wrong and, where it is known, what was expected; one line.
        unread: Whether nothing of the file was read for it.
    """

    path: str
    line: int
    column: int
    message: str
    unread: bool = False

    @classmethod
    def at(cls, span: Span, message: str) -> Diagnostic:
        """A diagnostic at the start of ``span``."""
        return cls(span.path, span.line, span.column, message)

    @classmethod
    def of_file(cls, path: str, message: str) -> Diagnostic:
        """A diagnostic about a whole file or folder."""
        return cls(path, 0, 0, message, unread=True)
