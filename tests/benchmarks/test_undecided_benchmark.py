"""``benchmarks/undecided.py`` gives inputs values, and tells what contradicts."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import undecided
from tests.cli.program import OPEN_SSH, write

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.report import Report

VOLUME = """\
resource "aws_ebs_volume" "a" {
  availability_zone = "eu-west-1a"
  size              = 1
  encrypted         = VALUE
}
variable "encrypted" {}
"""
PLAIN, SAFE = VOLUME.replace("VALUE", "false"), VOLUME.replace("VALUE", "true")
UNSET = OPEN_SSH.replace('["0.0.0.0/0"]', "[var.admin]") + 'variable "admin" {}\n'
CLOSED = OPEN_SSH.replace("0.0.0.0/0", "10.0.0.0/8")


def report(folder: Path, text: str) -> Report:
    path = write(folder, {"main.tf": text})
    return scan(ScanOptions(paths=(path,), working=path, select=("SG001", "DATA001"), jobs=1))


@pytest.mark.parametrize(
    ("without", "given", "expected"),
    [
        (UNSET, OPEN_SSH, None),
        (UNSET, CLOSED, None),
        (OPEN_SSH, OPEN_SSH, None),
        (CLOSED, OPEN_SSH, "passes without it, and fails"),
        (VOLUME.replace("VALUE", "var.encrypted"), SAFE, None),
        (PLAIN, SAFE, "fails without it, and passes"),
        (SAFE, PLAIN, "passes without it, and fails"),
    ],
)
def test_what_contradicts(tmp_path: Path, without: str, given: str, expected: str | None) -> None:
    found = list(
        undecided.contradictions(report(tmp_path / "a", without), report(tmp_path / "b", given))
    )
    words = [one for each in found for one in re.findall("[a-z]+ without it, and [a-z]+", each)]
    assert words == ([expected] if expected else [])


@pytest.mark.slow
def test_each_input_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"one/main.tf": UNSET, "two/app/main.tf": UNSET.replace("[var", "var")})
    monkeypatch.setattr(sys, "argv", ["undecided.py", str(tmp_path), "--select", "SG001", "--list"])
    assert undecided.main() == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert sorted(lines) == ["one: var.admin: 1 1 1", "two/app: var.admin: 1 1 1"]
    assert last == (
        "2 inputs, 2 undecided results: a value decides 2 (2 of Terraform);"
        " 2 fail with one, 2 pass with one; 0 contradict"
    )
