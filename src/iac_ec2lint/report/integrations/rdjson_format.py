"""Reviewdog's diagnostic format, as one JSON document (``reviewdog -f=rdjson``).

Source of the form: reviewdog, ``proto/rdf/reviewdog.proto``. Columns count bytes of UTF-8 there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.engine.fix import Applicability
from iac_ec2lint.engine.registry import project_url
from iac_ec2lint.report.arrangement import arrange
from iac_ec2lint.report.escape import code_span, visible
from iac_ec2lint.report.integrations.words import page, reasons
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.serialisation import serialise

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.arrangement import Shown
    from iac_ec2lint.report.options import ReportOptions
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import SourceText, Span

ENDINGS = (".rdjson", ".rdjson.json")

_SEVERITY = {
    Severity.CRITICAL: "ERROR",
    Severity.HIGH: "ERROR",
    Severity.MEDIUM: "WARNING",
    Severity.LOW: "INFO",
    Severity.INFO: "INFO",
}


def render(report: Report, options: ReportOptions) -> str:
    """A diagnostic for each finding that is shown and for each error; undecided ones are ``INFO``.

    Messages are code in Markdown, line by line: some of reviewdog's reporters post them as
    Markdown, others as they are. Edits that a program or a person may apply are suggestions.
    """
    shown = arrange(report, show_undecided=options.show_undecided)
    source = {"name": "iac-ec2lint"} | ({"url": project_url()} if project_url() else {})
    diagnostics = [_of_error(error, options.prefix) for error in report.errors]
    diagnostics += [_of_finding(each, options.prefix) for each in shown]
    return serialise({"source": source, "diagnostics": diagnostics})


def _of_error(error: Diagnostic, prefix: str) -> dict[str, object]:
    made: dict[str, object] = {"message": code_span(error.message), "severity": "ERROR"}
    if error.path:
        location: dict[str, object] = {"path": visible(from_root(error.path, prefix))}
        if error.line > 0:
            # The line alone: its text, in which columns would be counted, is not at hand.
            location["range"] = {"start": {"line": error.line}}
        made["location"] = location
    return made


def _of_finding(shown: Shown, prefix: str) -> dict[str, object]:
    finding = shown.finding
    undecided = finding.status is Status.UNDECIDED
    words = f"undecided: {finding.message}" if undecided else finding.message
    lines = [code_span(line) for line in (words, *reasons(finding, shown.parts))]
    if finding.check.mend and not undecided:
        lines.append(f"To mend it: {code_span(finding.check.mend)}")
    code = {"value": finding.check.code} | ({"url": page(finding)} if page(finding) else {})
    made: dict[str, object] = {
        "message": "\n".join(lines),
        "location": {
            "path": visible(from_root(finding.span.path, prefix)),
            "range": _range(finding.span),
        },
        "severity": "INFO" if undecided else _SEVERITY[finding.severity],
        "code": code,
    }
    suggestions = _suggestions(finding)
    if suggestions:
        made["suggestions"] = suggestions
    return made


def _suggestions(finding: Finding) -> list[dict[str, object]]:
    fix = finding.fix
    if fix is None or fix.applicability is Applicability.DISPLAY:
        return []
    return [
        {"range": _range(edit.span), "text": edit.text}
        for edit in fix.edits
        if edit.span.path == finding.span.path
    ]


def _range(span: Span) -> dict[str, object]:
    return {
        "start": _position(span.source, span.line, span.column),
        "end": _position(span.source, span.end_line, span.end_column),
    }


def _position(source: SourceText, line: int, column: int) -> dict[str, int]:
    start = source.offset(line, 1)
    before = source.text[start : start + column - 1]
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
