"""GitHub's workflow commands: an annotation a finding, the worst first.

GitHub shows ten annotations of each kind for a step and drops the others without a word. So ten of
each are written as commands; the others stand in the log as plain lines, and a notice counts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.report.arrangement import arrange, weight
from iac_ec2lint.report.escape import command_data, command_property, place, visible
from iac_ec2lint.report.integrations.words import reasons
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.tally import HINT, undecided, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.engine.finding import Note
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.arrangement import Shown
    from iac_ec2lint.report.options import ReportOptions
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

ENDINGS = ()

PER_KIND = 10
_KIND = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


class _Annotation(NamedTuple):
    kind: str
    command: str
    line: str


def render(report: Report, options: ReportOptions) -> str:
    """The report as workflow commands, then the verdict as a plain line."""
    shown = arrange(report, show_undecided=options.show_undecided)
    shown.sort(key=lambda each: weight(each.finding))
    annotations = [
        *_of_undecided(report, options),
        *(_of_error(error, options.prefix) for error in report.errors[:1]),
        *(_of_finding(each, options.prefix) for each in shown),
        *(_of_error(error, options.prefix) for error in report.errors[1:]),
        *(_of_note(note, options.prefix) for note in report.notes if options.show_notes),
    ]
    lines = list(_limited(annotations))
    if not options.quiet:
        failing = [each.finding for each in shown if each.finding.status is Status.FAIL]
        lines.append(verdict(report, failing))
    return "".join(f"{line}\n" for line in lines)


def _limited(annotations: Iterable[_Annotation]) -> Iterator[str]:
    by_kind: dict[str, list[_Annotation]] = {"error": [], "warning": [], "notice": []}
    for annotation in annotations:
        by_kind[annotation.kind].append(annotation)
    too_many = any(len(some) > PER_KIND for some in by_kind.values())
    rest: list[_Annotation] = []
    for kind, some in by_kind.items():
        # The notice that counts the rest is one of the ten.
        room = PER_KIND - 1 if too_many and kind == "notice" else PER_KIND
        yield from (annotation.command for annotation in some[:room])
        rest += some[room:]
    if rest:
        what = f"{len(rest):,} more without an annotation: GitHub shows {PER_KIND} of a kind"
        yield f"::group::{what}"
        yield from (annotation.line for annotation in rest)
        yield "::endgroup::"
        yield f"::notice title=iac-ec2lint::{what}. They stand in the log."


def _of_finding(shown: Shown, prefix: str) -> _Annotation:
    finding = shown.finding
    undecided = finding.status is Status.UNDECIDED
    word = "undecided" if undecided else str(finding.severity)
    check = finding.check
    title = f"{check.code} {check.name} ({word})"
    lines = [finding.message, *reasons(finding, shown.parts)]
    where = place(finding.span.path, finding.span.line, finding.span.column)
    return _annotation(
        "notice" if undecided else _KIND[finding.severity],
        _at(finding.span, prefix),
        title,
        lines,
        f"{where}: {word} {check.code} {visible(check.name)}: {visible(finding.message)}",
    )


def _of_undecided(report: Report, options: ReportOptions) -> Iterator[_Annotation]:
    """How much is undecided, where it has no annotations of its own."""
    words = undecided(report)
    if words and not options.show_undecided:
        yield _annotation("notice", {}, "iac-ec2lint", [f"{words} {HINT}"], f"{words} {HINT}")


def _of_error(error: Diagnostic, prefix: str) -> _Annotation:
    where = {"file": from_root(error.path, prefix)} if error.path else {}
    if error.line > 0:
        where |= {"line": str(error.line), "col": str(max(error.column, 1))}
    at = f"{place(error.path, error.line, error.column)}: " if error.path else ""
    line = f"{at}error: {visible(error.message)}"
    return _annotation("error", where, "The scan is incomplete", [error.message], line)


def _of_note(note: Note, prefix: str) -> _Annotation:
    where = place(note.span.path, note.span.line, note.span.column)
    line = f"{where}: note: {visible(note.name)}: {visible(note.message)}"
    return _annotation("notice", _at(note.span, prefix), note.name, [note.message], line)


def _annotation(
    kind: str, where: dict[str, str], title: str, lines: list[str], line: str
) -> _Annotation:
    properties = ",".join(
        f"{name}={command_property(visible(value))}"
        for name, value in (where | {"title": title}).items()
    )
    message = command_data("\n".join(visible(each) for each in lines))
    return _Annotation(kind, f"::{kind} {properties}::{message}", line)


def _at(span: Span, prefix: str) -> dict[str, str]:
    where = {
        "file": from_root(span.path, prefix),
        "line": str(span.line),
        "endLine": str(span.end_line),
    }
    # The runner drops the columns of several lines (actions/runner, ActionCommandManager.cs).
    if span.line == span.end_line:
        where |= {"col": str(span.column), "endColumn": str(span.end_column)}
    return where
