"""The work on suppression comments grows with their number, and no faster."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.cli.program import run, write

COMMENT = "# ec2lint:ignore=SG001 x\n"


def lines_run(folder: Path, file: str, text: str) -> int:
    """How many lines of the modules that read suppressions a scan of this text runs."""
    write(folder, {file: text})
    count = 0

    def in_them(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return in_them

    def anywhere(frame: FrameType, _event: str, _argument: object) -> Any:
        return in_them if frame.f_code.co_filename.endswith("suppressions.py") else None

    before = sys.gettrace()
    sys.settrace(anywhere)
    try:
        run(".", "--select", "SG001", cwd=folder)
    finally:
        sys.settrace(before)
    return count


def above(number: int) -> str:
    """Comments above a block."""
    return COMMENT * number + 'resource "aws_security_group" "a" {}\n'


def within(number: int) -> str:
    """Comments inside of attributes."""
    return "locals {\n" + "".join(f"a{i} = [\n1, {COMMENT}]\n" for i in range(number)) + "}\n"


def template(number: int) -> str:
    """Comments above a template's resource."""
    return f"Resources:\n{COMMENT * number}  A: {{Type: AWS::EC2::Volume}}\n"


@pytest.mark.parametrize(
    ("file", "text_of"), [("main.tf", above), ("main.tf", within), ("a.yaml", template)]
)
def test_the_work_is_linear(tmp_path: Path, file: str, text_of: Any) -> None:
    few, many = (lines_run(tmp_path / str(n), file, text_of(n)) for n in (50, 200))
    assert few > 50
    assert many < 5 * few
