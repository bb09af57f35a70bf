"""GitLab's Code Quality report, by GitLab Docs, "Code Quality report format".

It publishes no schema: the rules are those of the table of fields there, and what it says of paths
and fingerprints.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from tests.report.sample_reports import SAMPLES, open_group, suppressed, undecided, whole_and_part
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.report import Report

FIELDS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    # "Don't prefix with ./": such a path matches no file of the repository.
                    "path": {"type": "string", "pattern": r"^(?!\./|/).+"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def entries(sample: Report, **options: Any) -> list[dict[str, Any]]:
    """The entries of a report that GitLab takes."""
    found: list[dict[str, Any]] = json.loads(report.render("gitlab", sample, **options))
    jsonschema.validate(found, FIELDS)
    fingerprints = [entry["fingerprint"] for entry in found]
    assert len(set(fingerprints)) == len(fingerprints)
    return found


@pytest.mark.parametrize("show_undecided", [False, True])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_report_is_one_that_gitlab_takes(sample: str, show_undecided: bool) -> None:
    entries(SAMPLES[sample], show_undecided=show_undecided)


def test_nothing_found_is_an_empty_array() -> None:
    assert entries(SAMPLES["clean"]) == []


def test_severities_are_those_of_gitlab() -> None:
    findings = [open_group(severity=severity, fingerprint=severity) for severity in Severity]
    words = [entry["severity"] for entry in entries(report_of(*findings))]
    assert words == ["blocker", "critical", "major", "minor", "info"]


def test_undecided_ones_are_said_to_be_so_and_only_if_asked_for() -> None:
    assert entries(report_of(undecided(), suppressed())) == []
    [entry] = entries(report_of(undecided(), suppressed()), show_undecided=True)
    assert entry["severity"] == "info"
    assert entry["description"] == "IMDS001: undecided: IMDSv1 requests may be answered"


def test_a_part_is_named_with_its_whole() -> None:
    [entry] = entries(whole_and_part())
    assert entry["description"].startswith("PATH001: ")
    assert entry["description"].endswith(" on port 22 (includes SG001)")


def test_paths_begin_at_the_root_of_the_repository() -> None:
    [entry] = entries(report_of(open_group()), prefix="infra/")
    assert entry["location"] == {
        "path": "infra/modules/web/group.tf",
        "lines": {"begin": 4, "end": 4},
    }


def test_none_of_two_with_one_fingerprint_is_lost() -> None:
    twice = [open_group(), open_group()._replace(message="another")]
    assert [entry["fingerprint"] for entry in entries(report_of(*twice))] == [
        open_group().fingerprint,
        f"{open_group().fingerprint}-2",
    ]
