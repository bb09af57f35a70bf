"""The step from a file's text to the value that it is, by which findings stand in that file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source.span import SourceText
from iac_ec2lint.values import Step, Val

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.quotes import FileTexts
    from iac_ec2lint.source.span import Span


def contents(files: Files, place: Path, span: Span) -> Step:
    """The step from all of a file's text; where the file is no text, from what reads it.

    Args:
        files: Has the file.
        place: The file.
        span: The call that reads it.
    """
    source = files.read(place)
    at = source.span(0, len(source.text)) if isinstance(source, SourceText) else span
    return Step(at, f"contents of {files.display(place)}", contents=True)


def read_from(
    text: Val, span: Span, file_texts: FileTexts
) -> tuple[SourceText | None, tuple[Step, ...]]:
    """The file that has just the text of a value, and the steps that it came through from there.

    Args:
        text: The value.
        span: Where its text is decoded: the step in place of that from the file's text.
        file_texts: Takes note of the file.
    """
    at = _whole_file(text)
    if at is None:
        return None, text.via
    source = text.via[at].span.source
    read = Step(span, f"{source.path} is read here", contents=True)
    file_texts.decoded.add(source.path)
    return source, (*text.via[:at], read, *text.via[at + 1 :])


def file_of(text: Val) -> SourceText | None:
    """The file that has just the text of a value, if one has."""
    at = _whole_file(text)
    return None if at is None else text.via[at].span.source


def _whole_file(text: Val) -> int | None:
    """Which of the steps that a value came through is a file that has just its text."""
    for at, step in enumerate(text.via):
        source = step.span.source
        if step.span.start == 0 and step.span.end == len(source.text) and source.text == text.text:
            return at
    return None
