"""For programs: all of a report, as ``findings.schema.json`` beside this file describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint import __version__
from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.arrangement import count_by_severity, entries_of
from iac_ec2lint.report.serialisation import serialise_in_pieces, stated_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import SwitchedOff
    from iac_ec2lint.engine.finding import Acceptance, Evidence, Finding, MissingInput, Note
    from iac_ec2lint.engine.fix import Repair
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

ENDINGS = (".json",)


def render(report: Report, options: ReportOptions) -> str:
    """The report as JSON: every key always there, every finding whatever its status."""
    return "".join(pieces(report, options))


def pieces(report: Report, options: ReportOptions) -> Iterator[str]:  # noqa: ARG001 - it is complete whatever is asked
    """The same in pieces: there may be 100 MB of it."""
    return serialise_in_pieces(document(report))


def document(report: Report) -> dict[str, object]:
    """The report as the JSON's structure; the findings, of which there may be many, one by one."""
    return {
        "version": 1,
        "tool": {"name": "iac-ec2lint", "version": __version__},
        "summary": _summary(report),
        "findings": map(_finding, report.findings),
        "notes": [_note(note) for note in report.notes],
        "errors": [_error(error) for error in report.errors],
        "accepted_errors": [_error(error) for error in report.accepted_errors],
    }


def _summary(report: Report) -> dict[str, object]:
    summary = report.summary
    return {
        "files": {
            "found": summary.found,
            "parsed": summary.parsed,
            "partial": len(summary.partial),
            "skipped": [
                {"path": skipped.path, "reason": skipped.reason, "counts": skipped.counts}
                for skipped in summary.skipped
            ],
        },
        "units": summary.units,
        "called_only": list(summary.called_only),
        "resources": summary.resources,
        "modules_unavailable": list(summary.modules_unavailable),
        "branches": "all" if summary.all_branches else "default",
        "switched_off": [_switched_off(one) for one in summary.switched_off],
        "stated": stated_rows(summary.stated),
        "unknown_values": summary.unknown_values,
        "findings": {
            str(severity): number for severity, number in count_by_severity(report.findings).items()
        },
        "undecided": len(report.with_status(Status.UNDECIDED)),
        "undecided_entries": entries_of(report),
        "suppressed": len(report.with_status(Status.SUPPRESSED)),
        "notes": len(report.notes),
        "errors": len(report.errors),
    }


def _switched_off(one: SwitchedOff) -> dict[str, object]:
    return {
        "unit": one.unit,
        "kind": one.kind,
        "address": one.address,
        **_span(one.span),
        "inputs": [{"name": each.name, **_span(each.span)} for each in one.inputs],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check.code,
        "name": finding.check.name,
        "severity": str(finding.severity),
        "url": finding.check.url,
        "status": str(finding.status),
        "confidence": str(finding.confidence),
        "resource": finding.resource,
        "resources": list(finding.resources),
        "subject": finding.subject,
        "type": finding.type,
        "language": finding.language,
        "attribute": finding.attribute,
        **_span(finding.span),
        "message": finding.message,
        "evidence": [_evidence(hop) for hop in finding.evidence],
        "when": finding.when,
        "missing": list(finding.missing),
        "inputs": [_input(one) for one in finding.inputs],
        "likely": finding.likely or None,
        "fingerprint": finding.fingerprint,
        "subjects": [
            {"unit": one.unit, "resource": one.address, "fingerprint": one.fingerprint}
            for one in finding.subjects
        ],
        "part_of": list(finding.part_of),
        "suppression": _suppression(finding.suppression),
        "mend": finding.check.mend,
        "fix": _fix(finding.fix),
    }


def _input(one: MissingInput) -> dict[str, object]:
    return {"unit": one.unit, "key": one.key, "path": one.span.path, "line": one.span.line}


def _span(span: Span) -> dict[str, object]:
    source = span.source
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {
        "path": source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _evidence(hop: Evidence) -> dict[str, object]:
    return {**_span(hop.span), "resource": hop.resource, "message": hop.message}


def _suppression(acceptance: Acceptance | None) -> dict[str, object] | None:
    if acceptance is None:
        return None
    return {
        "reason": acceptance.reason,
        "until": acceptance.until,
        "path": acceptance.span.path,
        "line": acceptance.span.line,
    }


def _fix(fix: Repair | None) -> dict[str, object] | None:
    if fix is None:
        return None
    return {
        "description": fix.description,
        "applicability": str(fix.applicability),
        "edits": [{**_span(edit.span), "text": edit.text} for edit in fix.edits],
    }


def _note(note: Note) -> dict[str, object]:
    return {
        "name": note.name,
        "resource": note.resource,
        "path": note.span.path,
        "line": note.span.line,
        "column": note.span.column,
        "message": note.message,
    }


def _error(error: Diagnostic) -> dict[str, object]:
    return {
        "path": error.path,
        "line": error.line,
        "column": error.column,
        "message": error.message,
    }
