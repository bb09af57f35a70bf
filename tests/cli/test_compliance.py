"""``scan --compliance``: what is said of each control, in each format."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.program import Run, run, write

from iac_ec2lint.answers.scan import load_checks
from iac_ec2lint.engine.compliance import framework, frameworks
from iac_ec2lint.facts import facts

INFOS = [entry.info for entry in load_checks()[0]]
CODES = {info.code for info in INFOS}
# 2.2.1 fails, 5.2 is accepted, 5.4 passes and 5.6 is undecided.
INFRASTRUCTURE = """\
variable "tokens" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_ebs_volume" "plain" {
  availability_zone = "eu-west-1a"
  size              = 100
}

resource "aws_security_group" "open" {
  vpc_id = aws_vpc.main.id
  # ec2lint:ignore=SG001 the office moves next week
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_launch_template" "web" {
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted = true
    }
  }
  metadata_options {
    http_tokens = var.tokens
  }
}
"""
STANDINGS = {
    "1.1": "not judged",
    "2.2.1": "failed",
    "5.2": "passed",
    "5.4": "passed",
    "5.6": "undecided",
}


def ask(folder: Path, form: str, *more: str, name: str = "cis-aws-3.0") -> Run:
    return run("scan", ".", "--compliance", name, "--format", form, *more, cwd=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"main.tf": INFRASTRUCTURE})


def controls(ended: Run) -> dict[str, dict[str, Any]]:
    [only] = json.loads(ended.out)["frameworks"]
    return {one["id"]: one for one in only["controls"]}


def test_each_control_has_its_standing(folder: Path) -> None:
    found = controls(ask(folder, "json"))
    assert {name: found[name]["standing"] for name in STANDINGS} == STANDINGS
    assert found["5.2"]["accepted"] == 1
    [volume] = found["2.2.1"]["findings"]
    assert (volume["check"], volume["path"], volume["line"]) == ("DATA001", "main.tf", 11)


def test_what_is_not_declared_is_not_applicable(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": 'resource "aws_eip" "x" {}\n'})
    standing = {name: one["standing"] for name, one in controls(ask(folder, "json")).items()}
    assert standing["5.6"] == "not applicable"
    assert standing["1.1"] == "not judged"


def test_a_check_that_did_not_run_answers_nothing(folder: Path) -> None:
    found = controls(ask(folder, "json", "--select", "SG001"))
    assert found["2.2.1"]["standing"] == "not judged"
    assert {"code": "DATA001", "ran": False} in found["2.2.1"]["checks"]


def test_each_check_that_answers_a_control_runs(folder: Path) -> None:
    for name in frameworks():
        ended = json.loads(ask(folder, "json", name=name).out)
        checks = [c for f in ended["frameworks"] for one in f["controls"] for c in one["checks"]]
        assert all(check["ran"] for check in checks)


def test_the_json_is_as_its_schema_says(folder: Path) -> None:
    text = files("iac_ec2lint.report.compliance").joinpath("compliance.schema.json").read_text()
    jsonschema.validate(json.loads(ask(folder, "json").out), json.loads(text))


def test_the_text_lists_every_control_once(folder: Path) -> None:
    out = ask(folder, "text").out
    assert out.index("\nfailed (") < out.index("\n  2.2.1  ") < out.index("\nundecided (")
    assert "\n    high      DATA001  ebs-volume-unencrypted: main.tf:11\n" in out
    assert "SG003; 1 accepted)" in out
    assert "\n    undecided IMDS001" in out
    words = set(out.replace(",", " ").split())
    assert {one.id for one in framework("cis-aws-3.0", INFOS).controls} <= words


def test_the_table_has_a_row_a_control(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(folder, "csv").out)))
    by_id = {row["control"]: row for row in rows}
    assert {name: by_id[name]["standing"] for name in STANDINGS} == STANDINGS
    assert by_id["2.2.1"]["places"] == "DATA001 main.tf:11 aws_ebs_volume.plain"
    assert len(rows) == len(framework("cis-aws-3.0", INFOS).controls)


def test_the_markdown_has_a_row_a_control(folder: Path) -> None:
    out = ask(folder, "markdown").out
    assert out.count("\n| ") - 2 == len(framework("cis-aws-3.0", INFOS).controls)
    assert "| 2.2.1 |" in out
    assert "**failed**" in out


def test_nothing_of_the_infrastructure_is_a_formula(tmp_path: Path) -> None:
    hostile = INFRASTRUCTURE.replace("main.tf", "")
    folder = write(tmp_path, {"=cmd|calc.tf": hostile})
    cells = [c for row in csv.reader(io.StringIO(ask(folder, "csv").out)) for c in row]
    assert any("=cmd|calc.tf" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_several_frameworks_are_said_one_after_the_other(folder: Path) -> None:
    out = ask(folder, "json", name="cis-aws-3.0,nist-800-53-r5").out
    assert [one["name"] for one in json.loads(out)["frameworks"]] == [
        "cis-aws-3.0",
        "nist-800-53-r5",
    ]


def test_what_was_not_looked_at_is_said(folder: Path) -> None:
    write(folder, {"broken.tf": "resource {"})
    ended = ask(folder, "text")
    assert ended.status == 3
    assert "Not everything was looked at (errors: " in ended.out


def test_what_was_wrong_is_said_with_its_place(folder: Path) -> None:
    write(folder, {".iac-ec2lint.yaml": "exlude: [a]\n"})
    assert ".iac-ec2lint.yaml:1:1: no key is called 'exlude'" in ask(folder, "text").err


def test_the_text_says_which_controls_are_not_judged_for_what_is_left_out(folder: Path) -> None:
    words = "of these, whose checks are left out: 5.2"
    assert words in ask(folder, "text", "--ignore", "SG").out
    assert "left out" not in ask(folder, "text").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--compliance", "cis-aws-3"), "did you mean cis-aws-3.0?"),
        (("--compliance", "cis-aws-3.0", "--format", "sarif"), "not as sarif"),
    ],
)
def test_wrong_use_is_refused(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    ended = run("scan", ".", *arguments, cwd=folder)
    assert ended.status == 2
    assert words in ended.err


@pytest.mark.parametrize("name", frameworks())
def test_each_framework_is_complete_and_answered(name: str) -> None:
    read = framework(name, INFOS)
    ids = [one.id for one in read.controls]
    assert len(ids) == len(set(ids))
    assert all(one.title for one in read.controls)
    assert any(one.checks for one in read.controls)
    assert {code for one in read.controls for code in one.checks} <= CODES


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("cis_aws", ("cis-aws-3.0", "cis-aws-4.0", "cis-aws-5.0")),
        ("nist_800_53_r5", ("nist-800-53-r5",)),
        ("security_hub", ("aws-fsbp", "aws-security-hub-others")),
        ("pci_dss", ("pci-dss-4.0",)),
        ("aws_config", ("aws-config-ec2",)),
    ],
)
def test_each_control_that_a_check_names_is_in_the_framework(
    key: str, names: tuple[str, ...]
) -> None:
    answered = {
        (one.id, code)
        for name in names
        for one in framework(name, INFOS).controls
        for code in one.checks
    }
    for info in INFOS:
        for word in info.compliance.get(key, ()):
            assert (word.rpartition(":")[2], info.code) in answered


@pytest.mark.parametrize("name", frameworks())
def test_the_codes_that_a_framework_names_are_those_of_checks(name: str) -> None:
    known = {word for info in INFOS for word in (info.code, info.family)}
    for row in facts(f"frameworks/{name}")["controls"]:
        assert set(row.get("answered_by", {}).get("codes", ())) <= known


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('cidr_blocks = ["0.0.0.0/0"]', ("failed", "passed")),
        ('ipv6_cidr_blocks = ["::/0"]', ("passed", "failed")),
        ('cidr_blocks = ["0.0.0.0/0"]\n    ipv6_cidr_blocks = ["::/0"]', ("failed", "failed")),
        ("cidr_blocks = var.ranges", ("undecided", "passed")),
        ("ipv6_cidr_blocks = var.ranges", ("passed", "undecided")),
        ('cidr_blocks = ["10.0.0.0/8"]', ("passed", "passed")),
    ],
)
def test_a_control_of_one_family_of_addresses_asks_for_that(
    source: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    text = f"""\
variable "ranges" {{
  type = list(string)
}}

resource "aws_security_group" "ssh" {{
  ingress {{
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    {source}
  }}
}}
"""
    folder = write(tmp_path, {"main.tf": text})
    found = controls(ask(folder, "json", name="cis-aws-5.0"))
    assert (found["5.3"]["standing"], found["5.4"]["standing"]) == expected
