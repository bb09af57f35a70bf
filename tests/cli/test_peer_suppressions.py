"""Suppressions that are written for other programs stand for the checks that answer theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME_TEMPLATE, scan, write

RULE = '    cidr_blocks = ["0.0.0.0/0"]\n'
TEMPLATE = """\
Resources:
  Open:
    Type: AWS::EC2::SecurityGroup
    Metadata: {}
    Properties:
      GroupDescription: open
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: 0.0.0.0/0
"""


def inside(comment: str) -> str:
    return OPEN_SSH.replace('  description = "open"\n', f'  description = "open"\n  # {comment}\n')


def above_the_rule(comment: str) -> str:
    return OPEN_SSH.replace("  ingress {", f"  # {comment}\n  ingress {{")


def behind_the_range(comment: str) -> str:
    return OPEN_SSH.replace(RULE, f"{RULE.rstrip()} # {comment}\n")


SUPPRESSING = {
    "checkov, in the resource": (
        inside("checkov:skip=CKV_AWS_24:a jump host"),
        "a jump host (for checkov: CKV_AWS_24)",
    ),
    "checkov, in a block of it": (
        behind_the_range("checkov:skip=CKV_AWS_24"),
        "for checkov: CKV_AWS_24",
    ),
    "bridgecrew": (
        inside("bridgecrew:skip=CKV_AWS_24: a jump host"),
        "a jump host (for checkov: CKV_AWS_24)",
    ),
    "trivy, above the resource": (
        f"#trivy:ignore:AVD-AWS-0107\n{OPEN_SSH}",
        "for trivy: AVD-AWS-0107",
    ),
    "trivy, above the block": (above_the_rule("trivy:ignore:aws-0107"), "for trivy: AVD-AWS-0107"),
    "trivy, behind the argument": (
        behind_the_range("trivy:ignore:avd-aws-0107:exp:9999-12-31"),
        "for trivy: AVD-AWS-0107",
    ),
    "trivy, one of several": (
        above_the_rule("trivy:ignore:AVD-AWS-0001 trivy:ignore:AVD-AWS-0107"),
        "for trivy: AVD-AWS-0001, AVD-AWS-0107",
    ),
    "tfsec": (above_the_rule("tfsec:ignore:AVD-AWS-0107"), "for trivy: AVD-AWS-0107"),
    "trivy, by its long name": (
        above_the_rule("trivy:ignore:aws-ec2-no-public-ingress-sgr"),
        "for trivy: AVD-AWS-0107",
    ),
    "tfsec, by the name that Trivy takes for another check's": (
        behind_the_range("tfsec:ignore:AWS-VPC-no-public-ingress-sgr:exp:9999-12-31"),
        "for trivy: AVD-AWS-0107",
    ),
    "terrascan": (
        inside("ts:skip=AC_AWS_0227 a jump host"),
        "a jump host (for terrascan: AC_AWS_0227)",
    ),
}
NOT_SUPPRESSING = {
    "checkov, another check": inside("checkov:skip=CKV_AWS_25:a jump host"),
    "checkov, above the resource": f"# checkov:skip=CKV_AWS_24:a jump host\n{OPEN_SSH}",
    "checkov, another resource": inside("").replace("# ", "")
    + 'resource "aws_eip" "x" {\n  # checkov:skip=CKV_AWS_24\n}\n',
    "trivy, everything": above_the_rule("trivy:ignore:*"),
    "trivy, the long name of another check": above_the_rule(
        "trivy:ignore:aws-ec2-no-public-egress-sgr"
    ),
    "trivy, a name that it does not have": above_the_rule("trivy:ignore:aws-ec2-no-ssh"),
    "trivy, a workspace": above_the_rule("trivy:ignore:AVD-AWS-0107:ws:dev"),
    "trivy, a value": above_the_rule("trivy:ignore:AVD-AWS-0107[from_port=23]"),
    "trivy, a day gone by": above_the_rule("trivy:ignore:AVD-AWS-0107:exp:2001-01-01"),
    "kics, a line": above_the_rule("kics-scan ignore-block"),
    "semgrep, everything": behind_the_range("nosemgrep"),
    "in a string": OPEN_SSH.replace('"open"\n', '"# trivy:ignore:AVD-AWS-0107"\n', 1),
}


@pytest.mark.parametrize("case", SUPPRESSING)
def test_it_suppresses_what_answers_the_same(tmp_path: Path, case: str) -> None:
    text, reason = SUPPRESSING[case]
    ended = scan(".", "--select", "SG001,SUP", cwd=write(tmp_path, {"main.tf": text}))
    [finding] = ended.report["findings"]
    assert finding["status"] == "suppressed"
    assert finding["suppression"]["reason"] == reason


@pytest.mark.parametrize("case", NOT_SUPPRESSING)
def test_it_suppresses_nothing(tmp_path: Path, case: str) -> None:
    text = NOT_SUPPRESSING[case]
    ended = scan(".", "--select", "SG001", cwd=write(tmp_path, {"main.tf": text}))
    assert [finding["status"] for finding in ended.report["findings"]] == ["fail"]


@pytest.mark.parametrize(
    "metadata",
    [
        "{checkov: {skip: [{id: CKV_AWS_24, comment: a jump host}]}}",
        "{guard: {SuppressedRules: [INCOMING_SSH_DISABLED]}}",
    ],
)
def test_metadata_suppresses_in_templates(tmp_path: Path, metadata: str) -> None:
    text = TEMPLATE.replace("{}", metadata)
    ended = scan(".", "--select", "SG001,SUP", cwd=write(tmp_path, {"t.yaml": text}))
    [finding] = ended.report["findings"]
    assert finding["status"] == "suppressed"


def test_metadata_of_a_whole_template_for_others_suppresses_nothing(tmp_path: Path) -> None:
    text = "Metadata: {checkov: {skip: [{id: CKV_AWS_24}]}}\n" + TEMPLATE.replace("{}", "{a: b}")
    ended = scan(".", "--select", "SG001", cwd=write(tmp_path, {"t.yaml": text}))
    assert [finding["status"] for finding in ended.report["findings"]] == ["fail"]


def test_metadata_for_cfn_nag_suppresses(tmp_path: Path) -> None:
    words = "    Metadata: {cfn_nag: {rules_to_suppress: [{id: F1, reason: scratch}]}}\n"
    text = PLAIN_VOLUME_TEMPLATE.replace("    Properties:\n", f"{words}    Properties:\n")
    ended = scan(".", "--select", "DATA001", cwd=write(tmp_path, {"t.yaml": text}))
    [finding] = ended.report["findings"]
    assert finding["suppression"]["reason"] == "scratch (for cfn_nag: F1)"


def test_a_comment_in_a_template_suppresses_in_its_resource(tmp_path: Path) -> None:
    text = TEMPLATE.replace("open\n", "open # checkov:skip=CKV_AWS_24:a jump host\n")
    ended = scan(".", "--select", "SG001", cwd=write(tmp_path, {"t.yaml": text}))
    assert [finding["status"] for finding in ended.report["findings"]] == ["suppressed"]


def test_without_suppressions_they_suppress_nothing_either(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": inside("checkov:skip=CKV_AWS_24:a jump host")})
    ended = scan(".", "--select", "SG001", "--no-suppressions", cwd=folder)
    assert [finding["status"] for finding in ended.report["findings"]] == ["fail"]
