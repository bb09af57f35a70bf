"""JUnit XML, as Jenkins, GitLab, Azure DevOps and others show it among the tests.

Source of the form: the schema of Jenkins' xUnit plugin, ``junit-10.xsd``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.escape import markup, place
from iac_ec2lint.report.integrations.words import reasons, standing
from iac_ec2lint.report.tally import HINT, undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.finding import CheckInfo, Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions

ENDINGS = ("junit.xml",)


class _Case(NamedTuple):
    name: str
    outcome: str = ""
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


def render(report: Report, options: ReportOptions) -> str:
    """A suite a check that ran, with a case for each of its findings; one that passes has none.

    A case fails where its finding fails the run, and is skipped otherwise. The suite ``scan`` has
    an error for each thing that could not be read.
    """
    checks = {check.code: check for check in report.checks}
    by_check: dict[str, list[Finding]] = {code: [] for code in checks}
    for finding in report.findings:
        checks.setdefault(finding.check.code, finding.check)
        by_check.setdefault(finding.check.code, []).append(finding)
    failing = set(map(id, report.failing))
    suites = [("scan", list(_of_scan(report, options)))]
    for code in sorted(checks):
        cases = [_case(finding, id(finding) in failing) for finding in by_check[code]]
        suites.append((_title(checks[code]), cases or [_Case("nothing found")]))
    every = [case for _, cases in suites for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="iac-ec2lint" {_counts(every)}>')
    for name, cases in suites:
        lines += _suite(name, cases)
    lines.append("</testsuites>")
    return "".join(f"{line}\n" for line in lines)


def _title(check: CheckInfo) -> str:
    return f"{check.code} {check.name}"


def _of_scan(report: Report, options: ReportOptions) -> Iterator[_Case]:
    for error in report.errors:
        where = place(error.path, error.line, error.column) if error.path else "error"
        yield _Case(where, "error", "incomplete", error.message)
    words = undecided(report)
    if words:
        hint = "" if options.show_undecided else f" {HINT}"
        yield _Case("undecided", "skipped", "undecided", f"{words}{hint}")
    if not report.errors:
        yield _Case("everything was read")


def _case(finding: Finding, fails: bool) -> _Case:
    where = place(finding.span.path, finding.span.line, finding.span.column)
    lines = [finding.message, *reasons(finding)]
    if finding.status is Status.SUPPRESSED and finding.suppression is not None:
        lines.append(f"suppressed: {finding.suppression.reason}")
    elif finding.check.mend:
        lines.append(f"To mend it: {finding.check.mend}")
    outcome = "failure" if fails else "skipped"
    message = f"{standing(finding)}: {finding.message}"
    name = f"{finding.resource or finding.check.code} ({where})"
    return _Case(name, outcome, standing(finding), message, tuple(lines))


def _suite(name: str, cases: list[_Case]) -> Iterator[str]:
    title = markup(name)
    skipped = sum(case.outcome == "skipped" for case in cases)
    yield f'  <testsuite name="{title}" {_counts(cases)} skipped="{skipped}">'
    for case in cases:
        opening = f'    <testcase classname="{title}" name="{markup(case.name)}"'
        if not case.outcome:
            yield f"{opening}/>"
            continue
        yield f"{opening}>"
        message, kind = markup(case.message), markup(case.kind)
        text = "\n".join(markup(line) for line in case.lines)
        yield f'      <{case.outcome} message="{message}" type="{kind}">{text}</{case.outcome}>'
        yield "    </testcase>"
    yield "  </testsuite>"


def _counts(cases: list[_Case]) -> str:
    failures = sum(case.outcome == "failure" for case in cases)
    errors = sum(case.outcome == "error" for case in cases)
    return f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'
