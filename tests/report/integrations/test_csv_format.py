"""CSV, by RFC 4180 and OWASP's page on CSV injection."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from tests.report.sample_reports import SAMPLES, open_group
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.report import Report
from iac_ec2lint.report.integrations.csv_format import COLUMNS


def rows(sample: Report) -> list[dict[str, str]]:
    """The rows below the header, each with all cells."""
    text = report.render("csv", sample)
    header, *found = csv.reader(StringIO(text, newline=""), strict=True)
    assert tuple(header) == COLUMNS
    assert text.count("\r\n") == text.count("\n") == len(found) + 1
    assert all(len(row) == len(COLUMNS) for row in found)
    return [dict(zip(header, row, strict=True)) for row in found]


@pytest.mark.parametrize("sample", SAMPLES)
def test_there_is_a_row_for_each_finding_of_any_status(sample: str) -> None:
    statuses = [str(finding.status) for finding in SAMPLES[sample].findings]
    assert [row["status"] for row in rows(SAMPLES[sample])] == statuses


def test_a_suppressed_one_has_its_reason() -> None:
    [row] = rows(SAMPLES["suppressed"])
    assert (row["reason"], row["until"]) == ("reached over a VPN only", "2031-01-31")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1+1"])
def test_no_cell_is_a_formula(text: str) -> None:
    [row] = rows(report_of(open_group(message=text, resource=text, when=text)))
    for name in ("message", "resource", "when"):
        assert not row[name].lstrip().startswith(("=", "+", "-", "@"))
