"""What is wrong or remarkable with an input: data, returned beside the result, never raised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span

INPUT_REFUSED: Final = "input-refused"
"""The note of what a variable's validation refuses."""


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


class Skipped(NamedTuple):
    """A file or folder that was found and passed over, and why.

    Attributes:
        path: It, as messages name it; a folder's ends with ``/``.
        reason: Why it was passed over, in words.
        counts: Whether it holds Terraform, a plan or a template that no unit reads, so that a
            strict scan is incomplete without it.
    """

    path: str
    reason: str
    counts: bool = False


class Diagnostics:
    """The diagnostics of a unit, each once, with the calls that lead to it.

    Args:
        found: Where they go, in the order in which they are met.
    """

    __slots__ = ("_calls", "_positions", "found")

    def __init__(self, found: list[Diagnostic]) -> None:
        self.found = found
        self._calls: dict[Diagnostic, set[str]] = {}
        self._positions: dict[Diagnostic, int] = {}

    def report(self, diagnostic: Diagnostic, call: str = "") -> None:
        """Note one.

        Args:
            diagnostic: What is wrong.
            call: The call of the module, or the nested stack, in which it is met: what it is and
                where; empty in what nothing calls.
        """
        calls = self._calls.setdefault(diagnostic, set())
        if call in calls:
            return
        calls.add(call)
        position = self._positions.setdefault(diagnostic, len(self.found))
        if position == len(self.found):
            self.found.append(diagnostic)
        if "" not in calls:
            others = len(calls) - 1
            more = f", and {others} more such call{'s' * (others > 1)}" if others else ""
            message = f"{diagnostic.message}; {min(calls)}{more}"
            self.found[position] = replace(diagnostic, message=message)
        else:
            self.found[position] = diagnostic
