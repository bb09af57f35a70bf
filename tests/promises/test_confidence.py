"""What the words for confidence say of a finding."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

VOLUME = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "eu-west-1a"\n  %s\n}\n'


@pytest.mark.parametrize(
    ("confidence", "text"),
    [
        ("proven", VOLUME % "encrypted = false"),
        ("proven", "locals {\n  on = false\n}\n" + VOLUME % "encrypted = local.on"),
        ("assumed", VOLUME % ""),
        (
            "assumed",
            'variable "on" {\n  default = false\n}\n' + VOLUME % "encrypted = var.on",
        ),
        (
            "conditional",
            'variable "make" {\n  type = bool\n}\n'
            + VOLUME % "encrypted = false\n  count = var.make ? 1 : 0",
        ),
        ("possible", 'variable "on" {}\n' + VOLUME % "encrypted = var.on"),
    ],
)
def test_confidence_of_a_volume(confidence: str, text: str) -> None:
    [finding] = scan_project({"main.tf": text}, select=("DATA001",)).findings
    assert finding.confidence.value == confidence
    assert (finding.when is not None) == (confidence == "conditional")
    assert bool(finding.missing) == (finding.status.value == "undecided")


def test_a_condition_is_named() -> None:
    text = (
        "Parameters:\n  Stage: {Type: String}\n"
        'Conditions:\n  IsTest: !Equals [!Ref Stage, "test"]\n'
        "Resources:\n  A:\n    Type: AWS::EC2::Volume\n    Condition: IsTest\n"
        "    Properties: {AvailabilityZone: a, Encrypted: false}\n"
    )
    [finding] = scan_project({"a.yaml": text}, select=("DATA001",)).findings
    assert finding.confidence.value == "conditional"
    assert finding.when == 'parameter "Stage" is "test"'
