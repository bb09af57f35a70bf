"""GitLab's SAST report: the rules of ``sast-report-format.json`` 15.0.7, written down again."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from tests.report.sample_reports import SAMPLES, open_group, suppressed, undecided
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.engine.report import Report
from iac_ec2lint.report.integrations.gitlab_sast_format import DESCRIPTION, NAME, SOLUTION

_WORD = {"type": "string", "minLength": 1}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
_TOOL = {
    "type": "object",
    "required": ["id", "name", "version", "vendor"],
    "properties": {
        "id": _WORD,
        "name": _WORD,
        "version": _WORD,
        "vendor": {"type": "object", "required": ["name"], "properties": {"name": _WORD}},
    },
}
_SCAN = {
    "type": "object",
    "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
    "properties": {
        "analyzer": _TOOL,
        "scanner": _TOOL,
        "start_time": _TIME,
        "end_time": _TIME,
        "status": {"enum": ["success", "failure"]},
        "type": {"enum": ["sast"]},
        "messages": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["level", "value"],
                "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": _WORD},
            },
        },
    },
}
_IDENTIFIER = {
    "type": "object",
    "required": ["type", "name", "value"],
    "properties": {
        "type": _WORD,
        "name": _WORD,
        "value": _WORD,
        "url": {"type": "string", "pattern": "^(https?|ftp)://.+"},
    },
}
_VULNERABILITY = {
    "type": "object",
    "required": ["id", "identifiers", "location"],
    "additionalProperties": False,
    "properties": {
        "id": _WORD,
        "name": {"type": "string", "maxLength": 255},
        "description": {"type": "string", "maxLength": 1_048_576},
        "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
        "solution": {"type": "string", "maxLength": 7_000},
        "identifiers": {"type": "array", "minItems": 1, "items": _IDENTIFIER},
        "location": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "file": {"type": "string"},
                "class": {"type": "string"},
                "start_line": {"type": "number"},
                "end_line": {"type": "number"},
            },
        },
    },
}
RULES = {
    "type": "object",
    "required": ["scan", "version", "vulnerabilities"],
    "properties": {
        "scan": _SCAN,
        "version": {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"},
        "vulnerabilities": {"type": "array", "items": _VULNERABILITY},
    },
}


def sast(sample: Report, **options: Any) -> dict[str, Any]:
    """A report that GitLab takes."""
    found: dict[str, Any] = json.loads(report.render("gitlab-sast", sample, **options))
    jsonschema.validate(found, RULES)
    return found


@pytest.mark.parametrize("show_undecided", [False, True])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_report_is_one_that_gitlab_takes(sample: str, show_undecided: bool) -> None:
    found = sast(SAMPLES[sample], show_undecided=show_undecided)
    names = [one["id"] for one in found["vulnerabilities"]]
    assert len(set(names)) == len(names)


def test_the_limits_are_those_of_the_schema() -> None:
    properties: dict[str, Any] = _VULNERABILITY["properties"]  # type: ignore[assignment]  # a part
    assert properties["name"]["maxLength"] == NAME
    assert properties["description"]["maxLength"] == DESCRIPTION
    assert properties["solution"]["maxLength"] == SOLUTION


@pytest.mark.slow
def test_what_is_too_long_is_cut() -> None:
    hop = Evidence(open_group().span, "w" * 200_000)
    [one] = sast(report_of(open_group(evidence=(hop,) * 20)))["vulnerabilities"]
    assert len(one["description"]) == DESCRIPTION


def test_a_vulnerability_says_what_where_and_what_to_do() -> None:
    [one] = sast(report_of(open_group()))["vulnerabilities"]
    assert one["name"] == "A rule that lets the whole internet try to log in with SSH."
    assert one["severity"] == "High"
    assert one["solution"] == "Limit port 22 to `10.0.0.0/8. 1` or less."
    assert one["identifiers"] == [
        {
            "type": "iac_ec2lint",
            "name": "SG001",
            "value": "SG001",
            "url": "https://example.org/docs/checks/SG001.md",
        }
    ]
    assert one["location"]["file"] == "modules/web/group.tf"
    assert one["location"]["start_line"] == 4


def test_the_description_is_markdown_in_which_nothing_of_others_means_anything() -> None:
    [one] = sast(report_of(open_group(message="![x](http://evil) @all <img>")))["vulnerabilities"]
    assert not any(mark in one["description"] for mark in ("![", "](", "@", "<"))


def test_suppressed_ones_are_left_out_and_undecided_ones_are_of_unknown_severity() -> None:
    sample = report_of(suppressed(), undecided())
    hidden = sast(sample)
    assert hidden["vulnerabilities"] == []
    [message] = hidden["scan"]["messages"]
    assert message["value"] == "1 undecided that would be high (--show-undecided lists them)"
    [one] = sast(sample, show_undecided=True)["vulnerabilities"]
    assert one["severity"] == "Unknown"


def test_severities_are_those_of_gitlab() -> None:
    findings = [open_group(severity=severity, fingerprint=severity) for severity in Severity]
    words = [one["severity"] for one in sast(report_of(*findings))["vulnerabilities"]]
    assert words == ["Critical", "High", "Medium", "Low", "Info"]


def test_an_incomplete_scan_has_failed() -> None:
    scan = sast(SAMPLES["errors_only"])["scan"]
    assert scan["status"] == "failure"
    assert scan["messages"][0]["value"].startswith("main.tf:7:1: expected")
    assert sast(SAMPLES["clean"])["scan"]["status"] == "success"


def test_times_are_those_of_the_scan() -> None:
    scan = sast(SAMPLES["clean"], started="2031-01-31T12:00:00", ended="2031-01-31T12:00:02")[
        "scan"
    ]
    assert (scan["start_time"], scan["end_time"]) == ("2031-01-31T12:00:00", "2031-01-31T12:00:02")
