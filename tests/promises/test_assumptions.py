"""Whatever is below proven says in its evidence what it takes for granted, and where that is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from tests.invariance.corpus import cases
from tests.invariance.projects import scan_project

from iac_ec2lint.engine.finding import ASSUMED, Finding, Status
from iac_ec2lint.engine.judgement import UNEXPLAINED
from iac_ec2lint.values import Confidence

DOUBTFUL = {Confidence.ASSUMED, Confidence.LIKELY, Confidence.POSSIBLE}


@cache
def everything() -> tuple[Finding, ...]:
    """What fails in the fixtures and examples, whichever check's they are."""
    reports = [scan_project(case.project) for case in cases()]
    return tuple(finding for report in reports for finding in report.with_status(Status.FAIL))


def assumed(finding: Finding) -> list[str]:
    return [
        hop.message.removeprefix(ASSUMED)
        for hop in finding.evidence
        if hop.message.startswith(ASSUMED)
    ]


def silent(confidences: set[Confidence]) -> Iterator[str]:
    """Findings that take something for granted and do not say what."""
    for finding in everything():
        if finding.confidence in confidences and set(assumed(finding)) <= {UNEXPLAINED}:
            yield f"{finding.span.path}:{finding.span.line}: {finding.check.code}"


@pytest.mark.slow
def test_there_are_findings_of_every_confidence() -> None:
    assert {finding.confidence for finding in everything()} == set(Confidence)


@pytest.mark.slow
def test_every_doubtful_finding_says_what_it_assumes() -> None:
    assert list(silent(DOUBTFUL)) == []


@pytest.mark.slow
def test_no_proven_finding_assumes_anything() -> None:
    # Of several subjects one may be proven, and another rest on a default.
    alone = [f for f in everything() if len(f.subjects) == 1]
    proven = [f for f in alone if f.confidence is Confidence.PROVEN]
    assert [finding.message for finding in proven if assumed(finding)] == []


@pytest.mark.slow
def test_every_conditional_finding_says_what_it_hangs_on_and_where() -> None:
    for finding in everything():
        if finding.confidence is Confidence.CONDITIONAL:
            assert finding.when
            assert any(hop.message.startswith("only when ") for hop in finding.evidence)


def evidence(files: dict[str, str], code: str) -> list[tuple[int, str]]:
    [finding] = scan_project(files, select=(code,)).findings
    return [(hop.span.line, hop.message) for hop in finding.evidence]


def test_an_attribute_that_is_removed_names_the_condition_and_its_default() -> None:
    text = (
        "Parameters:\n  Stage: {Type: String, Default: dev}\n"
        "Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n"
        "Resources:\n  Disk:\n    Type: AWS::EC2::Volume\n"
        "    Properties: {AvailabilityZone: a, Encrypted: !If [IsProd, true, !Ref AWS::NoValue]}\n"
    )
    assert evidence({"a.yaml": text}, "DATA001") == [
        (8, "Encrypted comes to AWS::NoValue here"),
        (4, 'condition "IsProd" is false'),
        (2, 'assumed: default of parameter "Stage"'),
        (6, "assumed: the account does not encrypt new volumes by default"),
    ]


def test_an_attribute_that_is_null_names_what_makes_it_so() -> None:
    text = (
        'variable "stage" {\n  default = "dev"\n}\n'
        'resource "aws_ebs_volume" "disk" {\n  availability_zone = "a"\n'
        '  encrypted = var.stage == "prod" ? true : null\n}\n'
    )
    assert evidence({"main.tf": text}, "DATA001") == [
        (6, "encrypted is null here"),
        (2, 'assumed: default of variable "stage"'),
        (4, "assumed: the account does not encrypt new volumes by default"),
    ]


def test_what_is_there_by_a_default_names_it() -> None:
    text = (
        'variable "make" {\n  default = true\n}\n'
        'resource "aws_ebs_volume" "disk" {\n  count = var.make ? 1 : 0\n'
        '  availability_zone = "a"\n  encrypted = false\n}\n'
    )
    assert evidence({"main.tf": text}, "DATA001") == [(2, 'assumed: default of variable "make"')]


def test_what_is_conditional_names_the_place_of_the_switch() -> None:
    text = (
        'variable "make" {\n  type = bool\n}\n'
        'resource "aws_ebs_volume" "disk" {\n  count = var.make ? 1 : 0\n'
        '  availability_zone = "a"\n  encrypted = false\n}\n'
    )
    assert evidence({"main.tf": text}, "DATA001") == [(5, "only when var.make is true")]
