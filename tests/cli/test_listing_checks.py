"""``iac-ec2lint checks``: the list in each format, and other programs' checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import run

from iac_ec2lint.answers.scan import load_checks


def test_the_text_counts_by_topic_and_in_all(tmp_path: Path) -> None:
    ended = run("checks", cwd=tmp_path)
    infos = [entry.info for entry in load_checks()[0]]
    keys = sum(info.topic == "key pairs" for info in infos)
    off = sum(not info.default for info in infos)
    assert ended.status == 0
    assert f"\nkey pairs ({keys})\n" in ended.out
    assert ended.out.endswith(f"{len(infos)} checks, {off} of them off by default\n")


def test_the_json_has_all_that_a_check_declares(tmp_path: Path) -> None:
    listed = json.loads(run("checks", "--format", "json", cwd=tmp_path).out)
    checks = {one["code"]: one for one in listed["checks"]}
    assert list(checks) == [entry.info.code for entry in load_checks()[0]]
    ports = checks["SG004"]
    assert ports["default"] is True
    assert ports["severity"] == "medium"
    assert "aws_security_group" in ports["types"]["terraform"]
    assert [one["name"] for one in ports["parameters"]] == ["allowed_ports"]
    assert ports["parameters"][0]["schema"]["type"] == "array"
    assert checks["SG001"]["peers"]["checkov"] == ["CKV_AWS_24"]
    assert checks["SG012"]["default"] is False
    assert checks["IMDS001"]["documentation"].startswith(checks["IMDS001"]["summary"])


def test_the_markdown_has_a_row_a_check(tmp_path: Path) -> None:
    text = run("checks", "--format", "markdown", cwd=tmp_path).out
    assert text.count("\n| [") == len(load_checks()[0])


@pytest.mark.parametrize("name", ["trivy", "Trivy"])
def test_another_programs_checks_are_listed_with_what_stands_for_them(
    tmp_path: Path, name: str
) -> None:
    lines = run("checks", "--peer", name, cwd=tmp_path).out.splitlines()
    [line] = [one for one in lines if one.startswith("AVD-AWS-0107 ")]
    assert "SG001 ssh-open-to-internet, SG002 rdp-open-to-internet" in line
    as_json = run("checks", "--peer", name, "--format", "json", cwd=tmp_path).out
    assert {"SG001", "SG002"} <= set(json.loads(as_json)["checks"]["AVD-AWS-0107"])


def test_an_unknown_program_is_refused_with_what_may_be_meant(tmp_path: Path) -> None:
    ended = run("checks", "--peer", "chekov", cwd=tmp_path)
    assert ended.status == 2
    assert "did you mean checkov?" in ended.err
