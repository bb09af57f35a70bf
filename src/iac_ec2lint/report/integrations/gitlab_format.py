"""GitLab's Code Quality report: what the widget of a merge request shows, and its diff.

The fields are those of GitLab Docs, "Code Quality", "Code Quality report format". Of two entries
with one fingerprint GitLab shows one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.report.arrangement import arrange, identities
from iac_ec2lint.report.escape import visible
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.serialisation import serialise

if TYPE_CHECKING:
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.arrangement import Shown
    from iac_ec2lint.report.options import ReportOptions

ENDINGS = ("gl-code-quality-report.json",)

_SEVERITY = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(report: Report, options: ReportOptions) -> str:
    """An array with an entry for each finding that is shown; what is undecided is ``info``."""
    shown = arrange(report, show_undecided=options.show_undecided)
    named = zip(shown, identities(each.finding for each in shown), strict=True)
    return serialise([_entry(each, name, options.prefix) for each, name in named])


def _entry(shown: Shown, name: str, prefix: str) -> dict[str, object]:
    finding = shown.finding
    undecided = finding.status is Status.UNDECIDED
    words = f"undecided: {finding.message}" if undecided else finding.message
    if shown.parts:
        words += f" (includes {', '.join(dict.fromkeys(p.check.code for p in shown.parts))})"
    return {
        "description": visible(f"{finding.check.code}: {words}"),
        "check_name": visible(f"{finding.check.code} {finding.check.name}"),
        "fingerprint": name,
        "severity": "info" if undecided else _SEVERITY[finding.severity],
        "location": {
            "path": visible(from_root(finding.span.path, prefix)),
            "lines": {"begin": finding.span.line, "end": finding.span.end_line},
        },
    }
