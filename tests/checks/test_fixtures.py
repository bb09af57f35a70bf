"""Each check finds what its fixtures mark, where they mark it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.fixture_cases import fixture_cases

from iac_ec2lint.answers.check_tests.fixtures import Fixture, differences
from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.engine.report import Report


@pytest.mark.parametrize("case", fixture_cases(), ids=str)
def test_findings_are_where_they_are_expected(case: Fixture, tmp_path: Path) -> None:
    report = case.scan(tmp_path)
    # An error elsewhere makes what depends on it undecided: it is the cause to be shown.
    assert [f"{e.path}:{e.line}: {e.message}" for e in report.errors] == []
    assert [*differences(report, case.marks())] == []
    for finding in report.findings:
        # Nobody can decide what they are not told the reason of.
        assert finding.missing or finding.status is not Status.UNDECIDED, finding.message
        _assert_its_span_holds_what_it_names(finding, tmp_path)
    assert {finding.type for finding in report.findings} <= _declared(report, case.code)


def _declared(report: Report, code: str) -> set[str]:
    """The types that may declare what is found.

    Of attack paths it is the hosts at their ends that are judged, not what declares the entry. What
    is not there is missed by the unit.
    """
    (info,) = report.checks
    if code.startswith("PATH"):
        return {finding.type for finding in report.findings}
    return {"unit", *(name for names in info.types.values() for name in names)}


def _assert_its_span_holds_what_it_names(finding: Finding, folder: Path) -> None:
    lines = (folder / finding.span.path).read_text("utf-8").split("\n")
    first = lines[finding.span.line - 1][finding.span.column - 1 :]
    # Of a value that was decoded from a file only the beginning is shown.
    assert first.startswith(finding.span.text.split("\n")[0].rstrip("*"))
    assert finding.span.text.strip()
