"""What was looked at and what came of it, in words: the same for text, GitHub and its summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.arrangement import count_by_severity, entries_of
from iac_ec2lint.report.escape import count, place, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report, Summary
    from iac_ec2lint.source.span import Span

HINT = "(--show-undecided lists them)"
"""How what is undecided is listed."""

_NAMED = 3
_REASONS = 8
_OFF = 8


def verdict(report: Report, failing: Sequence[Finding]) -> str:
    """One line: what was found, in how much.

    Args:
        report: The report.
        failing: The failing findings as they are shown, parts of others left out.
    """
    if not report.summary.found and not failing:
        if report.errors:
            return f"Nothing was scanned: {count(len(report.errors), 'error')}."
        return "Nothing to scan: no Terraform or CloudFormation was found."
    text = _findings(report, failing)
    words = undecided(report)
    if words:
        text += f", {'and' if failing else 'but'} {words}"
    if report.errors:
        joint = "and" if failing or words else "but"
        text += f", {joint} the scan is incomplete ({count(len(report.errors), 'error')})"
    return f"{text}: {_extent(report)}."


def undecided(report: Report) -> str:
    """How much is undecided, by the severity that it would have; empty where nothing is.

    It stands in the first line of what is shown: a green run is none where much is undecided.
    """
    counts = count_by_severity(report.findings, Status.UNDECIDED)
    each = [f"{number:,} that would be {severity}" for severity, number in counts.items() if number]
    if not each:
        return ""
    return ", ".join([each[0].replace(" that", " undecided that", 1), *each[1:]])


def stated_words(stated: Sequence[tuple[str, Span]]) -> str:
    """What counts on the word of a configuration alone, in one line; empty where nothing does.

    Args:
        stated: See ``Summary.stated``.
    """
    if not stated:
        return ""
    where = dict.fromkeys(span.path for _, span in stated)
    names = _named(name for name, _ in stated)
    return f"{count(len(stated), 'thing')} taken as said in {_named(where)}: {names}"


def tally(
    report: Report, *, show_undecided: bool, show_notes: bool
) -> Iterator[tuple[str, list[str]]]:
    """Labels, and the lines that stand beside each; none where the verdict says it all."""
    rows = list(_remarks(report, show_undecided=show_undecided, show_notes=show_notes))
    summary = report.summary
    if rows or summary.partial or summary.skipped or report.with_status(Status.FAIL):
        yield "files", _files(summary)
        yield from rows


def _findings(report: Report, failing: Sequence[Finding]) -> str:
    if not failing:
        return "No findings"
    counts = count_by_severity(failing)
    each = ", ".join(f"{number:,} {severity}" for severity, number in counts.items() if number)
    text = f"{count(len(failing), 'finding')} ({each})"
    if any(finding.severity.at_least(report.fail_on) for finding in failing):
        return text
    return f"{text}, none at or above {report.fail_on}"


def _extent(report: Report) -> str:
    summary = report.summary
    return ", ".join(
        (
            count(summary.found, "file"),
            count(summary.units, "root module or stack", "root modules and stacks"),
            count(summary.resources, "resource"),
            count(len(report.checks), "check"),
        )
    )


def _files(summary: Summary) -> list[str]:
    parts = [f"{summary.parsed:,} parsed"]
    if summary.partial:
        parts.append(f"{len(summary.partial):,} partly parsed")
    files = summary.found - summary.parsed - len(summary.partial)
    if files:
        parts.append(f"{files:,} skipped")
    lines = [f"{summary.found:,} found: {', '.join(parts)}"]
    if summary.partial:
        lines.append(f"partly parsed: {_named(summary.partial)}")
    by_reason: dict[tuple[bool, str], list[str]] = {}
    for skipped in sorted(summary.skipped, key=lambda one: not one.counts):
        by_reason.setdefault((skipped.counts, skipped.reason), []).append(skipped.path)
    reasons = list(by_reason.items())
    for (counts, why), paths in reasons[:_REASONS]:
        more = "; --strict counts it" if counts else ""
        lines.append(f"skipped: {_named(paths)} ({visible(why)}{more})")
    left = sum(len(paths) for _, paths in reasons[_REASONS:])
    if left:
        lines.append(f"skipped: {left:,} more, for other reasons")
    return lines


def _remarks(
    report: Report, *, show_undecided: bool, show_notes: bool
) -> Iterator[tuple[str, list[str]]]:
    summary = report.summary
    if summary.modules_unavailable:
        sources = summary.modules_unavailable
        yield "modules", [f"{len(sources):,} not available: {_named(sources)}"]
    if summary.called_only:
        paths = summary.called_only
        yield "called", [f"{len(paths):,} judged through their callers only: {_named(paths)}"]
    if summary.switched_off:
        yield "off", list(_switched_off(summary))
    if summary.stated:
        yield "stated", [stated_words(summary.stated)]
    if summary.unknown_values:
        yield "values", [f"{summary.unknown_values:,} unknown"]
    number = len(report.with_status(Status.UNDECIDED))
    if number:
        hint = "" if show_undecided else f" {HINT}"
        groups = entries_of(report)
        folded = f" in {count(groups, 'entry', 'entries')}" if groups < number else ""
        yield "undecided", [f"{number:,}{folded}{_failing_undecided(report)}{hint}"]
    suppressed = len(report.with_status(Status.SUPPRESSED))
    if suppressed:
        yield "suppressed", [f"{suppressed:,}"]
    if report.notes:
        hint = "" if show_notes else " (--show-notes lists them)"
        yield "notes", [f"{len(report.notes):,}{hint}"]
    if report.errors:
        yield "errors", [f"{len(report.errors):,}"]
    if report.accepted_errors:
        where = dict.fromkeys(error.path for error in report.accepted_errors)
        errors = count(len(report.accepted_errors), "error")
        yield "accepted", [f"{errors}, by the configuration: {_named(where)}"]


def _failing_undecided(report: Report) -> str:
    number = sum(finding.status is Status.UNDECIDED for finding in report.failing)
    option = "--strict" if report.strict else "--fail-on-undecided"
    return (
        f", of which {number:,} {'fails' if number == 1 else 'fail'} the run ({option})"
        if number
        else ""
    )


def _switched_off(summary: Summary) -> Iterator[str]:
    off = summary.switched_off
    rest = "judged all the same" if summary.all_branches else "--branches all judges them"
    yield f"{len(off):,} by defaults of inputs alone ({rest})"
    for one in off[:_OFF]:
        inputs = [
            f"{visible(each.name)} ({place(each.span.path, each.span.line, each.span.column)})"
            for each in one.inputs[:_NAMED]
        ]
        more = len(one.inputs) - _NAMED
        words = ", ".join(inputs) + (f" and {more:,} more" if more > 0 else "")
        yield f"{visible(one.address)}: {words}"
    if len(off) > _OFF:
        yield f"and {len(off) - _OFF:,} more (JSON has them all)"


def _named(names: Iterable[str]) -> str:
    shown = [visible(name) for name in names]
    more = len(shown) - _NAMED
    return ", ".join(shown) if more <= 1 else f"{', '.join(shown[:_NAMED])} and {more:,} more"
