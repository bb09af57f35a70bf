"""Logging commands of Azure Pipelines: issues on the page of a run, the worst first.

A run's page has ten errors and ten warnings of a step; the agent writes the others to the log
alone (microsoft/azure-pipelines-agent, ExecutionContext.cs). Source of the commands: Azure
Pipelines, "Logging commands", ``task.logissue``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.report.arrangement import arrange, weight
from iac_ec2lint.report.escape import azure_data, azure_property, visible
from iac_ec2lint.report.integrations.words import reasons, standing
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.tally import HINT, undecided, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.arrangement import Shown
    from iac_ec2lint.report.options import ReportOptions
    from iac_ec2lint.source.diagnostic import Diagnostic

ENDINGS = ()

PER_KIND = 10
_ERRORS = (Severity.CRITICAL, Severity.HIGH)


def render(report: Report, options: ReportOptions) -> str:
    """The report as logging commands, then the verdict as a plain line."""
    shown = arrange(report, show_undecided=options.show_undecided)
    shown.sort(key=lambda each: weight(each.finding))
    issues = list(_issues(report, shown, options))
    lines = [line for _, line in issues]
    if not options.quiet:
        counts = Counter(kind for kind, _ in issues)
        left = sum(max(number - PER_KIND, 0) for number in counts.values())
        if left:
            lines.append(f"{left:,} more are in this log alone: a page has {PER_KIND} of a kind.")
        failing = [each.finding for each in shown if each.finding.status is Status.FAIL]
        lines.append(verdict(report, failing))
    return "".join(f"{line}\n" for line in lines)


def _issues(
    report: Report, shown: list[Shown], options: ReportOptions
) -> Iterator[tuple[str, str]]:
    """The kinds and the commands, those first that must be on the page."""
    words = undecided(report)
    if words and not options.show_undecided:
        yield _issue("warning", {}, [f"{words} {HINT}"])
    yield from (_of_error(error, options.prefix) for error in report.errors[:1])
    yield from (_of_finding(each, options.prefix) for each in shown)
    yield from (_of_error(error, options.prefix) for error in report.errors[1:])
    if options.show_notes:
        for note in report.notes:
            where = {"sourcepath": from_root(note.span.path, options.prefix)}
            yield _issue("warning", where | {"linenumber": str(note.span.line)}, [note.message])


def _of_finding(shown: Shown, prefix: str) -> tuple[str, str]:
    finding = shown.finding
    fails = finding.status is Status.FAIL and finding.severity in _ERRORS
    where = {
        "sourcepath": from_root(finding.span.path, prefix),
        "linenumber": str(finding.span.line),
        "columnnumber": str(finding.span.column),
        "code": finding.check.code,
    }
    first = f"{standing(finding)} {finding.check.code} {finding.check.name}: {finding.message}"
    return _issue("error" if fails else "warning", where, [first, *reasons(finding, shown.parts)])


def _of_error(error: Diagnostic, prefix: str) -> tuple[str, str]:
    where = {"sourcepath": from_root(error.path, prefix)} if error.path else {}
    if error.line > 0:
        where |= {"linenumber": str(error.line), "columnnumber": str(max(error.column, 1))}
    return _issue("error", where, [f"The scan is incomplete: {error.message}"])


def _issue(kind: str, where: dict[str, str], lines: list[str]) -> tuple[str, str]:
    properties = "".join(
        f"{name}={azure_property(visible(value))};"
        for name, value in ({"type": kind} | where).items()
    )
    message = azure_data("\n".join(visible(line) for line in lines))
    return kind, f"##vso[task.logissue {properties}]{message}"
