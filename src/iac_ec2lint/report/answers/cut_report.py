"""What ``iac-ec2lint cut`` tells: text, JSON (``cut.schema.json``) and Markdown."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.report.escape import code_span, markdown, place, visible
from iac_ec2lint.report.serialisation import serialise, stated_rows
from iac_ec2lint.report.tally import stated_words

if TYPE_CHECKING:
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

_SHOWN = 3
"""How many of the paths that a change breaks are told where people read."""


class PathLeft(NamedTuple):
    """A path that no change made here breaks.

    Attributes:
        code: The check's.
        message: What it is.
        path: The file of its place.
        line: The line.
        advice: What would break it, by a person.
    """

    code: str
    message: str
    path: str
    line: int
    advice: tuple[str, ...]


class CutEdit(NamedTuple):
    """A change of the cut.

    Attributes:
        path: The file.
        line: The line.
        column: The column.
        resource: What declares it.
        words: What is to be done.
        breaks: What it breaks: messages of paths.
    """

    path: str
    line: int
    column: int
    resource: str
    words: str
    breaks: tuple[str, ...]


class Cut(NamedTuple):
    """What ``cut`` comes to.

    Attributes:
        paths: How many paths there are as it stands.
        edits: The changes.
        exact: Whether no fewer do than ``fewest``, as far as the changes are known.
        fewest: How many do: one less than there are, where these would stop more.
        verified: Whether analysing again with them made finds no path but those that are left.
        left: The paths that none of the known changes breaks.
        stops: What else the internet does not reach any more, in words.
        errors: What could not be read or evaluated.
        stated: What rests on the word of a configuration alone; see ``Summary.stated``.
        assumes: What other units say, and is taken to be what is deployed: with its place.
    """

    paths: int
    edits: tuple[CutEdit, ...]
    exact: bool
    fewest: int
    verified: bool
    left: tuple[PathLeft, ...]
    stops: tuple[str, ...]
    errors: tuple[Diagnostic, ...]
    stated: tuple[tuple[str, Span], ...] = ()
    assumes: tuple[str, ...] = ()


def _headline(found: Cut, severity: str) -> str:
    paths = f"{found.paths} attack path{'' if found.paths == 1 else 's'} of {severity} or above"
    if not found.paths:
        return f"no attack path of {severity} or above is proven"
    if not found.edits:
        return f"{paths}, and none of the changes that can be tried here breaks one"
    number = len(found.edits)
    few = "the fewest that do" if found.exact else "found greedily: fewer may do"
    if number > found.fewest:
        few = "one more than the fewest that do, which stop more"
    return f"{paths}: {number} change{'' if number == 1 else 's'} ({few})"


def _verified(found: Cut) -> str:
    if not found.edits:
        return ""
    if not found.verified:
        return "not verified: paths are left after as many rounds as are made"
    rest = " but those below" if found.left else ""
    return f"verified: analysed again with the changes made, no such path is left{rest}"


def render_text(found: Cut, severity: str) -> str:
    """The answer for a terminal."""
    lines = [_headline(found, severity), ""]
    for number, edit in enumerate(found.edits, 1):
        where = place(edit.path, edit.line, edit.column)
        lines.append(f"{number}. {visible(edit.words)}: {visible(edit.resource)}")
        lines.append(f"   --> {where}")
        lines += (_wrapped(f"breaks: {visible(one)}") for one in edit.breaks[:_SHOWN])
        if len(edit.breaks) > _SHOWN:
            lines.append(f"   and {len(edit.breaks) - _SHOWN} more")
    if found.edits:
        lines += ["", _verified(found)]
    if found.assumes:
        lines += ["", "taken to be what is deployed:"]
        lines += (f"  {visible(one)}" for one in found.assumes)
    if found.stops:
        lines += ["", "with these changes the internet does not reach any more:"]
        lines += (f"  {visible(one)}" for one in found.stops)
    if found.left:
        lines += ["", "left, for what breaks them is not a change of one place:"]
        for one in found.left:
            lines.append(_wrapped(f"{one.code} {visible(one.message)}", "  "))
            lines.append(f"  --> {place(one.path, one.line)}")
            lines += (f"      {visible(words)}" for words in one.advice[:_SHOWN])
    lines += ["", stated_words(found.stated)]
    return "\n".join(lines).rstrip() + "\n"


def _wrapped(text: str, margin: str = "   ") -> str:
    return fill(
        text,
        98,
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def render_markdown(found: Cut, severity: str) -> str:
    """The answer for a comment or a page."""
    lines = [f"**{_headline(found, severity)}**", ""]
    for number, edit in enumerate(found.edits, 1):
        where = code_span(f"{edit.path}:{edit.line}")
        lines.append(f"{number}. {markdown(edit.words)}: {code_span(edit.resource)} ({where})")
        lines += (f"   - breaks: {markdown(one)}" for one in edit.breaks[:_SHOWN])
        if len(edit.breaks) > _SHOWN:
            lines.append(f"   - and {len(edit.breaks) - _SHOWN} more")
    if found.edits:
        lines += ["", _verified(found)]
    if found.assumes:
        lines += ["", "Taken to be what is deployed:", ""]
        lines += (f"- {markdown(one)}" for one in found.assumes)
    if found.stops:
        lines += ["", "With these changes the internet does not reach any more:", ""]
        lines += (f"- {markdown(one)}" for one in found.stops)
    if found.left:
        lines += ["", "Left, for what breaks them is not a change of one place:", ""]
        for one in found.left:
            where = code_span(f"{one.path}:{one.line}")
            lines.append(f"- {one.code} {markdown(one.message)} ({where})")
    lines += ["", markdown(stated_words(found.stated))]
    return "\n".join(lines).rstrip() + "\n"


def render_json(found: Cut, severity: str) -> str:
    """The answer for programs."""
    return serialise(
        {
            "version": 1,
            "severity": severity,
            "paths": found.paths,
            "exact": found.exact,
            "fewest": found.fewest,
            "verified": found.verified,
            "edits": [
                {
                    "path": edit.path,
                    "line": edit.line,
                    "column": edit.column,
                    "resource": edit.resource,
                    "message": edit.words,
                    "breaks": list(edit.breaks),
                }
                for edit in found.edits
            ],
            "stops": list(found.stops),
            "assumes": list(found.assumes),
            "left": [
                {
                    "check": one.code,
                    "path": one.path,
                    "line": one.line,
                    "message": one.message,
                    "advice": list(one.advice),
                }
                for one in found.left
            ],
            "errors": [
                {
                    "path": error.path,
                    "line": error.line,
                    "column": error.column,
                    "message": error.message,
                }
                for error in found.errors
            ],
            "stated": stated_rows(found.stated),
        }
    )
