"""GitLab's SAST report, 15.0.7: what the security page and the vulnerability report show.

Source of the fields and limits: GitLab's security-report-schemas, ``sast-report-format.json``.
GitLab matches the findings of two reports by their first identifier and place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint import __version__
from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.report.arrangement import identities, recorded
from iac_ec2lint.report.escape import cut, markdown, place, visible
from iac_ec2lint.report.integrations.words import page, reasons
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.serialisation import serialise
from iac_ec2lint.report.tally import HINT
from iac_ec2lint.report.tally import undecided as undecided_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions

ENDINGS = ("gl-sast-report.json",)

VERSION = "15.0.7"
NAME = 255
SOLUTION = 7_000
DESCRIPTION = 1_048_576

_SEVERITY = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
    Severity.INFO: "Info",
}


def render(report: Report, options: ReportOptions) -> str:
    """The failing findings, and undecided ones of severity ``Unknown`` if asked for.

    Suppressed ones are left out: GitLab has no word for them, and keeps its own dismissals.
    """
    findings = [
        finding
        for finding in recorded(report, show_undecided=options.show_undecided)
        if finding.status is not Status.SUPPRESSED
    ]
    named = zip(findings, identities(findings), strict=True)
    tool = {
        "id": "iac-ec2lint",
        "name": "iac-ec2lint",
        "version": __version__,
        "vendor": {"name": "iac-ec2lint"},
    }
    scan = {
        "type": "sast",
        "status": "failure" if report.errors else "success",
        "start_time": options.started,
        "end_time": options.ended,
        "analyzer": tool,
        "scanner": tool,
        "messages": list(_messages(report, options)),
    }
    vulnerabilities = [_vulnerability(finding, name, options.prefix) for finding, name in named]
    return serialise({"version": VERSION, "scan": scan, "vulnerabilities": vulnerabilities})


def _messages(report: Report, options: ReportOptions) -> Iterator[dict[str, str]]:
    words = undecided_words(report)
    if words and not options.show_undecided:
        yield {"level": "warn", "value": f"{words} {HINT}"}
    for error in report.errors:
        where = f"{place(error.path, error.line, error.column)}: " if error.path else ""
        yield {"level": "fatal", "value": f"{where}{visible(error.message)}" or "error"}


def _vulnerability(finding: Finding, name: str, prefix: str) -> dict[str, object]:
    check = finding.check
    undecided = finding.status is Status.UNDECIDED
    identifier = {"type": "iac_ec2lint", "name": check.code, "value": check.code}
    if page(finding):
        identifier["url"] = page(finding)
    location: dict[str, object] = {
        "file": visible(from_root(finding.span.path, prefix)),
        "start_line": finding.span.line,
        "end_line": finding.span.end_line,
    }
    if finding.resource:
        location["class"] = visible(finding.resource)
    # GitLab shows the description as Markdown.
    lines = [markdown(line) for line in (finding.message, *reasons(finding))]
    made: dict[str, object] = {
        "id": name,
        "name": cut(visible(check.summary or check.name), NAME),
        "description": cut("\n\n".join(lines), DESCRIPTION),
        "severity": "Unknown" if undecided else _SEVERITY[finding.severity],
        "identifiers": [identifier],
        "location": location,
    }
    if check.mend:
        made["solution"] = cut(visible(check.mend), SOLUTION)
    return made
