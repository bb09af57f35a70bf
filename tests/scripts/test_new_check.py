"""scripts/new_check.py: what it writes is a check, and fails until it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scripts import new_check
from tests.cli.program import REPOSITORY

from iac_ec2lint.answers.check_tests.fixtures import Fixture
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.registry import load
from iac_ec2lint.engine.report import Report


def scanned(root: Path, code: str, path: Path) -> Report:
    return scan(
        ScanOptions(
            paths=(path,),
            working=root,
            boundary=root,
            checks=(root / "checks",),
            select=(code,),
            fail_on=Severity.INFO,
        )
    )


def test_it_is_blank_and_loads(tmp_path: Path) -> None:
    files = new_check.begin("SG999", "open-barn-door", tmp_path)
    assert [file.suffix for file in files] == [".py", ".tf", ".yaml"]
    [one], problems = load([tmp_path / "checks"])
    assert not problems
    assert (one.info.code, one.info.name) == ("SG999", "open-barn-door")
    assert new_check.UNWRITTEN in one.info.summary


def test_the_check_and_its_fixtures_fail_until_they_are_written(tmp_path: Path) -> None:
    files = new_check.begin("RES901", "instance-runs-alone", tmp_path)
    for fixture in files[1:]:
        report = scanned(tmp_path, "RES901", fixture)
        words = [error.message for error in report.errors]
        assert any("RES901 does not judge" in each and "yet" in each for each in words), words
    marks = Fixture("RES901", tmp_path / "tests" / "fixtures" / "RES901").marks()
    assert sorted((Path(mark.file).suffix, mark.status) for mark in marks) == [
        (".tf", "fail"),
        (".tf", "undecided"),
        (".yaml", "fail"),
        (".yaml", "undecided"),
    ]


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("sg1", "some-name", "three digits"),
        ("XYZ001", "some-name", "the families are SG"),
        ("SG999", "Some Name", "lower case with hyphens"),
    ],
)
def test_it_refuses_what_it_cannot_write(tmp_path: Path, code: str, name: str, words: str) -> None:
    with pytest.raises(new_check.Refused, match=re.escape(words)):
        new_check.begin(code, name, tmp_path)
    assert not (tmp_path / "checks").exists()


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    files = new_check.begin("SG999", "open-barn-door", tmp_path)
    before = {file: file.read_bytes() for file in files}
    with pytest.raises(new_check.Refused, match=r"SG999 is in checks/sg/open_barn_door\.py"):
        new_check.begin("SG999", "open-barn-door", tmp_path)
    with pytest.raises(new_check.Refused, match=r"there is checks/sg/open_barn_door\.py"):
        new_check.begin("SG998", "open-barn-door", tmp_path)
    files[0].unlink()
    with pytest.raises(new_check.Refused, match="there is tests/fixtures/SG999"):
        new_check.begin("SG999", "open-barn-door", tmp_path)
    assert {file: file.read_bytes() for file in files[1:]} == {f: before[f] for f in files[1:]}


def test_nothing_is_left_to_be_written() -> None:
    """In the repository: what the script leaves to the author."""
    folders = (REPOSITORY / "checks", REPOSITORY / "tests" / "fixtures")
    left = [
        f"{file.relative_to(REPOSITORY)}:{number}"
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".py", ".tf", ".yaml"}
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1)
        if new_check.UNWRITTEN in line
    ]
    assert left == []
