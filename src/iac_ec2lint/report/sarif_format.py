"""SARIF 2.1.0, within the limits of GitHub's code scanning.

GitHub takes 25,000 results a run and stores the worst 5,000, 1,000 locations a result, 20 tags a
rule, and 1,024 characters of a message or description (GitHub Docs, "SARIF support for code
scanning" and "SARIF results exceed one or more limits").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from iac_ec2lint import __version__
from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.engine.registry import project_url
from iac_ec2lint.report.arrangement import count_by_severity, recorded, weight
from iac_ec2lint.report.escape import cut
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.serialisation import serialise
from iac_ec2lint.report.tally import HINT, undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.engine.finding import CheckInfo, Evidence, Finding
    from iac_ec2lint.engine.fix import Edit
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

ENDINGS = (".sarif", ".sarif.json")

RESULTS = 25_000
RESULTS_STORED = 5_000
LOCATIONS = 1_000
TAGS = 20
TEXT = 1_024
NAME = 255

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# GitHub: critical from 9.0, high from 7.0, medium from 4.0, low from 0.1; 0.0 is no severity.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
_PROBLEM_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)


def render(report: Report, options: ReportOptions) -> str:
    """The report as one run. Suppressed findings are results with their suppression.

    Undecided ones are results of the kind ``review`` where they are asked for: GitHub opens an
    alert of the rule's severity for every result, whatever its kind.
    """
    checks = _rules(report)
    index = {code: number for number, code in enumerate(checks)}
    findings, left_out = _selected(report, options)
    run: dict[str, object] = {
        "tool": {"driver": _driver(checks.values())},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that paths are relative to."}}
        },
        "invocations": [_invocation(report, left_out, options)],
        "properties": {"undecided": _undecided_counts(report)},
        "results": [
            _result(finding, index[finding.check.code], options.prefix) for finding in findings
        ],
    }
    return serialise({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _selected(report: Report, options: ReportOptions) -> tuple[list[Finding], int]:
    """The findings that become results, and how many are too many for one run."""
    findings = recorded(report, show_undecided=options.show_undecided)
    if len(findings) > RESULTS_STORED:
        findings = sorted(findings, key=weight)
    return findings[:RESULTS], max(len(findings) - RESULTS, 0)


def _rules(report: Report) -> dict[str, CheckInfo]:
    """The checks that ran, and any that a finding names beside them, each once, by code."""
    checks = {check.code: check for check in report.checks}
    for finding in report.findings:
        checks.setdefault(finding.check.code, finding.check)
    return dict(sorted(checks.items()))


def _driver(checks: Iterable[CheckInfo]) -> dict[str, object]:
    driver: dict[str, object] = {
        "name": "iac-ec2lint",
        "version": __version__,
        "semanticVersion": __version__,
    }
    home = project_url()
    if home:
        driver["informationUri"] = home
    return driver | {"rules": [_rule(check) for check in checks]}


def _rule(check: CheckInfo) -> dict[str, object]:
    level = _LEVEL[check.severity]
    documentation = check.documentation or check.summary or check.name
    tags = dict.fromkeys(("security", "aws", "ec2", check.family, check.topic))
    rule: dict[str, object] = {
        "id": check.code,
        "name": cut(check.name, NAME),
        "shortDescription": {"text": cut(check.summary or check.name, TEXT)},
        "fullDescription": {"text": cut(_reasons(check), TEXT)},
        "help": {"text": documentation, "markdown": documentation},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": [tag for tag in tags if tag][:TAGS],
            # A failure is decided from what is declared; what is not decided is not one.
            "precision": "high",
            "problem.severity": _PROBLEM_SEVERITY[level],
            "security-severity": _SECURITY_SEVERITY[check.severity],
        },
    }
    if check.url:
        rule["helpUri"] = check.url
    return rule


def _reasons(check: CheckInfo) -> str:
    """Why a check matters: its documentation up to the examples, without headings."""
    prose = check.documentation.split("\n## Fails", 1)[0]
    paragraphs = " ".join(_HEADING.sub("", prose).split())
    return paragraphs or check.summary or check.name


def _result(finding: Finding, rule: int, prefix: str) -> dict[str, object]:
    undecided = finding.status is Status.UNDECIDED
    related = [
        {"id": number, **_location(hop.span, prefix, hop.message, hop.resource)}
        for number, hop in enumerate(finding.evidence[: LOCATIONS - 1], 1)
    ]
    related += _subjects(finding, prefix, len(related))
    result: dict[str, object] = {
        "ruleId": finding.check.code,
        "ruleIndex": rule,
        # A result of another kind than "fail" has the level "none" (SARIF 2.1.0, 3.27.10).
        "kind": "review" if undecided else "fail",
        "level": "none" if undecided else _LEVEL[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(finding.span, prefix, resource=finding.resource)],
        "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint},
        # Where one result has it, all have it (SARIF 2.1.0, 3.27.23).
        "suppressions": list(_suppressions(finding, prefix)),
        "properties": _properties(finding),
    }
    if related:
        result["relatedLocations"] = related
    if finding.evidence:
        result["codeFlows"] = [{"threadFlows": [{"locations": list(_hops(finding, prefix))}]}]
    if finding.fix is not None and finding.fix.edits:
        result["fixes"] = [
            {
                "description": {"text": _plain(finding.fix.description)},
                "artifactChanges": _changes(finding.fix.edits, prefix),
                "properties": {"applicability": str(finding.fix.applicability)},
            }
        ]
    return result


def _subjects(finding: Finding, prefix: str, hops: int) -> list[dict[str, object]]:
    """Of a finding that judges several resources where each is declared, as related locations.

    Those that the hops show already are left out, and what is more than GitHub takes: the
    properties have all of them.
    """
    if len(finding.subjects) < 2:
        return []
    shown = {(hop.span.key, hop.resource) for hop in finding.evidence}
    shown.add((finding.span.key, finding.resource))
    made: list[dict[str, object]] = []
    for one in finding.subjects:
        if one.span is not None and (one.span.key, one.address) not in shown:
            shown.add((one.span.key, one.address))
            words = f"{one.address} is judged"
            number = hops + len(made) + 1
            made.append({"id": number, **_location(one.span, prefix, words, one.address)})
    return made[: LOCATIONS - 1 - hops]


def _properties(finding: Finding) -> dict[str, object]:
    return {
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "status": str(finding.status),
        "resource": finding.resource,
        "resources": list(finding.resources),
        "subject": finding.subject,
        "subjects": [
            {"unit": one.unit, "resource": one.address, "fingerprint": one.fingerprint}
            for one in finding.subjects
        ],
        "type": finding.type,
        "language": finding.language,
        "attribute": finding.attribute,
        "when": finding.when,
        "missing": list(finding.missing),
        "inputs": [one.key for one in finding.inputs],
        "mend": finding.check.mend,
        "partOf": list(finding.part_of),
    }


def _message(finding: Finding) -> str:
    """The message, then its hops with links to the related locations, as many as fit."""
    mend = f"\nTo mend it: {_plain(finding.check.mend)}" if finding.check.mend else ""
    room = TEXT - len(mend)
    text = cut(_plain(finding.message), room)
    for number, hop in enumerate(finding.evidence[: LOCATIONS - 1], 1):
        link = f"[{_linked(f'{hop.span.path}:{hop.span.line}')}]({number})"
        line = f"\n{number}. {link} {_plain(hop.message)}"
        if len(text) + len(line) > room:
            break
        text += line
    return text + mend


def _plain(text: str) -> str:
    """Text in which nothing is a link (SARIF 2.1.0, 3.11.6)."""
    return _linked(text) if "](" in text else text


def _linked(text: str) -> str:
    """Text as the text of a link."""
    return text.replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")


def _location(span: Span, prefix: str, message: str = "", resource: str = "") -> dict[str, object]:
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": _artifact(span.path, prefix),
            "region": _region(span),
        }
    }
    if resource:
        location["logicalLocations"] = [{"fullyQualifiedName": resource, "kind": "resource"}]
    if message:
        location["message"] = {"text": cut(_plain(message), TEXT)}
    return location


def _region(span: Span) -> dict[str, object]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _artifact(path: str, prefix: str) -> dict[str, object]:
    """A relative reference from the repository's root; a file address where it is absolute."""
    if path.startswith("/") or _DRIVE.match(path):
        return {"uri": f"file:///{_quoted(path.lstrip('/'))}"}
    return {"uri": _quoted(from_root(path, prefix)), "uriBaseId": _ROOT}


def _quoted(path: str) -> str:
    # File names that are not UTF-8 come as lone surrogates, one for each of their bytes.
    return quote(path, safe="/", errors="surrogateescape" if _is_undecoded(path) else "replace")


def _is_undecoded(path: str) -> bool:
    return all(
        "\udc80" <= character <= "\udcff" for character in path if "\ud800" <= character <= "\udfff"
    )


def _hops(finding: Finding, prefix: str) -> Iterator[dict[str, object]]:
    hops: tuple[Evidence, ...] = finding.evidence[:LOCATIONS]
    for number, hop in enumerate(hops, 1):
        yield {
            "location": _location(hop.span, prefix, hop.message, hop.resource),
            "executionOrder": number,
        }


def _suppressions(finding: Finding, prefix: str) -> Iterator[dict[str, object]]:
    accepted = finding.suppression
    if finding.status is not Status.SUPPRESSED:
        return
    suppression: dict[str, object] = {"kind": "inSource", "status": "accepted"}
    if accepted is not None:
        suppression["location"] = _location(accepted.span, prefix)
        if accepted.reason:
            suppression["justification"] = accepted.reason
        if accepted.until:
            suppression["properties"] = {"until": accepted.until}
    yield suppression


def _changes(edits: tuple[Edit, ...], prefix: str) -> list[dict[str, object]]:
    by_path: dict[str, list[dict[str, object]]] = {}
    for edit in edits:
        by_path.setdefault(edit.span.path, []).append(
            {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        )
    return [
        {"artifactLocation": _artifact(path, prefix), "replacements": replacements}
        for path, replacements in by_path.items()
    ]


def _invocation(report: Report, left_out: int, options: ReportOptions) -> dict[str, object]:
    notifications = [_notification(error, options.prefix) for error in report.errors]
    if left_out:
        text = f"{left_out} more results are left out: one run holds {RESULTS}, the worst first"
        notifications.append({"level": "warning", "message": {"text": text}})
    words = undecided(report)
    if words and not options.show_undecided:
        notifications.insert(0, {"level": "warning", "message": {"text": f"{words} {HINT}"}})
    off = report.summary.switched_off
    if off and not report.summary.all_branches:
        names = ", ".join(one.address for one in off)
        text = (
            f"{len(off)} switched off by defaults of inputs alone, and not judged"
            f" (--branches all judges them): {names}"
        )
        notifications.append({"level": "note", "message": {"text": cut(_plain(text), TEXT)}})
    return {
        "executionSuccessful": not report.errors,
        "toolExecutionNotifications": notifications,
    }


def _undecided_counts(report: Report) -> dict[str, int]:
    counts = count_by_severity(report.findings, Status.UNDECIDED)
    return {str(severity): number for severity, number in counts.items()}


def _notification(error: Diagnostic, prefix: str) -> dict[str, object]:
    notification: dict[str, object] = {
        "level": "error",
        "message": {"text": cut(_plain(error.message), TEXT)},
    }
    if error.path:
        physical: dict[str, object] = {"artifactLocation": _artifact(error.path, prefix)}
        if error.line > 0:
            physical["region"] = {"startLine": error.line, "startColumn": max(error.column, 1)}
        notification["locations"] = [{"physicalLocation": physical}]
    return notification
