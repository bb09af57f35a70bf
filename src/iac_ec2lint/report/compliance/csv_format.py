"""For spreadsheets: a row a control (RFC 4180)."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from iac_ec2lint.engine.compliance import judge
from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.escape import spreadsheet

if TYPE_CHECKING:
    from iac_ec2lint.engine.compliance import Judged
    from iac_ec2lint.engine.report import Report

ENDINGS = (".csv",)
_COLUMNS = (
    *("framework", "control", "title", "standing", "checks"),
    *("failed", "undecided", "accepted", "places"),
)


def render(report: Report) -> str:
    """A header and a row a control; what a spreadsheet would take for a formula is quoted."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for of in report.frameworks:
        writer.writerows(_row(of.name, one) for one in judge(of, report))
    return text.getvalue()


def _row(framework: str, one: Judged) -> list[str]:
    failed = [finding for finding in one.findings if finding.status is Status.FAIL]
    places = [f"{f.check.code} {f.span.path}:{f.span.line} {f.subject}" for f in one.findings]
    return [
        framework,
        one.control.id,
        one.control.title,
        str(one.standing),
        " ".join(one.control.checks),
        str(len(failed)),
        str(len(one.findings) - len(failed)),
        str(one.accepted),
        spreadsheet("; ".join(places)),
    ]
