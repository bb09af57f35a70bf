"""AWS Security Finding Format, against the service's own model and the limits that it says."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.report.sample_reports import ACCOUNT, SAMPLES, open_group, suppressed, undecided
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.report import Report

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@cache
def validator() -> jsonschema.Draft7Validator:
    file = Path(__file__).parents[1] / "data" / "asff.schema.json"
    return jsonschema.Draft7Validator(json.loads(file.read_text(encoding="utf-8")))


def findings(sample: Report, **options: Any) -> list[dict[str, Any]]:
    """The findings of an array that Security Hub takes."""
    found: list[dict[str, Any]] = json.loads(
        report.render("asff", sample, **{**ACCOUNT, **options})
    )
    validator().validate(found)
    for one in found:
        assert len(one["ProductFields"]) <= 50
        assert all(len(value) <= 2048 for value in one["ProductFields"].values())
        recommendation = one.get("Remediation", {}).get("Recommendation", {})
        assert len(recommendation.get("Text", "")) <= 512
        assert TIME.fullmatch(one["CreatedAt"])
        assert TIME.fullmatch(one["UpdatedAt"])
    identities = [one["Id"] for one in found]
    assert len(set(identities)) == len(identities)
    return found


@pytest.mark.parametrize("show_undecided", [False, True])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_array_is_one_that_security_hub_takes(sample: str, show_undecided: bool) -> None:
    findings(SAMPLES[sample], show_undecided=show_undecided)


def test_a_finding_says_for_whom_it_is() -> None:
    [one] = findings(report_of(open_group()), ended="2031-01-31T12:00:02")
    arn = "arn:aws:securityhub:eu-west-1:123456789012:product/123456789012/default"
    assert one["ProductArn"] == arn
    assert (one["AwsAccountId"], one["Region"]) == ("123456789012", "eu-west-1")
    assert one["UpdatedAt"] == "2031-01-31T12:00:02Z"
    assert one["Severity"] == {"Label": "HIGH", "Original": "high"}
    assert one["Resources"][0]["Id"] == "module.web.aws_security_group.this"


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-us-iso"),
        ("us-isob-east-1", "aws-us-iso-b"),
    ],
)
def test_the_partition_is_that_of_the_region(region: str, partition: str) -> None:
    [one] = findings(report_of(open_group()), region=region)
    assert one["ProductArn"].startswith(f"arn:{partition}:securityhub:{region}:")
    assert one["Resources"][0]["Partition"] == partition


def test_severities_are_labels() -> None:
    all_of_them = [open_group(severity=severity, fingerprint=severity) for severity in Severity]
    labels = [one["Severity"]["Label"] for one in findings(report_of(*all_of_them))]
    assert labels == ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"]


def test_suppressed_ones_are_archived_and_undecided_ones_are_warnings() -> None:
    sample = report_of(undecided(), suppressed())
    [one] = findings(sample)
    assert one["RecordState"] == "ARCHIVED"
    first, _ = findings(sample, show_undecided=True)
    assert first["Compliance"] == {"Status": "WARNING"}
    assert first["RecordState"] == "ACTIVE"


def test_what_is_too_long_is_cut() -> None:
    addresses = tuple(f"aws_instance.a[{n}]" for n in range(100))
    [one] = findings(report_of(open_group(message="m" * 5000, resources=addresses)))
    assert len(one["Description"]) == 1024
    assert len(one["Resources"]) == 32


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"account": ""}, "asff needs the account .*: --aws-account or AWS_ACCOUNT_ID"),
        ({"account": "12345"}, "in 12 digits: not '12345'"),
        ({"account": "\u0661" * 12}, "in 12 digits"),
        ({"region": ""}, "asff needs the Region .*: --aws-region or AWS_REGION"),
        ({"region": "eu-west-1/x"}, "such as eu-west-1: not 'eu-west-1/x'"),
    ],
)
def test_what_is_lacking_is_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        report.render("asff", SAMPLES["clean"], **{**ACCOUNT, **given})
