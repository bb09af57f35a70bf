"""For programs: ``compliance.schema.json`` beside this file describes it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iac_ec2lint import __version__
from iac_ec2lint.engine.compliance import Standing, judge
from iac_ec2lint.report.compliance import NOTE
from iac_ec2lint.report.serialisation import serialise

if TYPE_CHECKING:
    from iac_ec2lint.engine.compliance import Judged
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.framework import Framework
    from iac_ec2lint.engine.report import Report

ENDINGS = (".json",)


def render(report: Report) -> str:
    """Every control of every framework, with what was found."""
    return serialise(
        {
            "version": 1,
            "tool": {"name": "iac-ec2lint", "version": __version__},
            "note": NOTE,
            "errors": len(report.errors),
            "modules_unavailable": len(report.summary.modules_unavailable),
            "frameworks": [_framework(one, report) for one in report.frameworks],
        }
    )


def _framework(of: Framework, report: Report) -> dict[str, object]:
    judged = judge(of, report)
    ran = {check.code for check in report.checks}
    counts = Counter(one.standing for one in judged)
    return {
        "name": of.name,
        "title": of.title,
        "source": of.source,
        "on": of.on,
        "counts": {str(standing): counts[standing] for standing in Standing},
        "controls": [_control(one, ran) for one in judged],
    }


def _control(one: Judged, ran: set[str]) -> dict[str, object]:
    return {
        "id": one.control.id,
        "title": one.control.title,
        "standing": str(one.standing),
        "checks": [{"code": code, "ran": code in ran} for code in one.control.checks],
        "accepted": one.accepted,
        "findings": [_finding(finding) for finding in one.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check.code,
        "status": str(finding.status),
        "severity": str(finding.severity),
        "subject": finding.subject,
        "path": finding.span.path,
        "line": finding.span.line,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }
