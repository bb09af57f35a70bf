"""For spreadsheets: a row a finding (RFC 4180)."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from iac_ec2lint.report.escape import spreadsheet
from iac_ec2lint.report.placing import from_root

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions

ENDINGS = (".csv",)

COLUMNS = (
    *("severity", "status", "check", "name", "path", "line", "column", "resource", "subject"),
    *("message", "confidence", "when", "missing", "mend", "reason", "until", "fingerprint"),
    "inputs",
)


def render(report: Report, options: ReportOptions) -> str:
    """A header and a row for each finding of any status, by place.

    What a spreadsheet would take for a formula has an apostrophe before it.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for finding in report.findings:
        writer.writerow([spreadsheet(cell) for cell in _row(finding, options.prefix)])
    return text.getvalue()


def _row(finding: Finding, prefix: str) -> tuple[str, ...]:
    accepted = finding.suppression
    return (
        str(finding.severity),
        str(finding.status),
        finding.check.code,
        finding.check.name,
        from_root(finding.span.path, prefix),
        str(finding.span.line),
        str(finding.span.column),
        finding.resource,
        finding.subject,
        finding.message,
        str(finding.confidence),
        finding.when or "",
        "; ".join(finding.missing),
        finding.check.mend,
        accepted.reason if accepted else "",
        (accepted.until or "") if accepted else "",
        finding.fingerprint,
        "; ".join(one.key for one in finding.inputs),
    )
