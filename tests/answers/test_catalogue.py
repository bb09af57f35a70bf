"""The index of the built-in checks says what their files say, and is believed only as long."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, write
from tests.each import of_each
from tests.invariance.corpus import Case, cases_in_turn

from iac_ec2lint.answers import catalogue
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.scan import ScanOptions, load_checks, scan
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.engine.registry import LoadedCheck, builtin_folder, load

FOLDER = builtin_folder()
LOADED, _ = load([FOLDER])


def test_the_index_is_what_the_files_say() -> None:
    assert (FOLDER / catalogue.INDEX).read_text("utf-8") == catalogue.index(FOLDER, LOADED)


def test_what_the_index_says_is_what_the_checks_say() -> None:
    known = catalogue.indexed(FOLDER)
    assert [one.info for one in known] == [one.info for one in LOADED]
    assert [type(one.check).__name__ for one in known] == [type(e.check).__name__ for e in LOADED]


def test_all_are_loaded_from_a_folder_whose_files_are_others(tmp_path: Path) -> None:
    copy = tmp_path / "checks"
    shutil.copytree(FOLDER, copy)
    assert len(catalogue.indexed(copy)) == len(LOADED)
    file = copy / "imds" / "imdsv1_enabled.py"
    text = file.read_text("utf-8")
    file.write_text(f"{text}\n", "utf-8")
    assert catalogue.indexed(copy) == ()
    file.unlink()
    assert catalogue.indexed(copy) == ()
    file.write_text(text, "utf-8")
    (copy / "another.py").write_text("", "utf-8")
    assert catalogue.indexed(copy) == ()
    (copy / "another.py").unlink()
    assert catalogue.indexed(copy)
    (copy / catalogue.INDEX).write_text("[", "utf-8")
    assert catalogue.indexed(copy) == ()


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        (PLAIN_VOLUME, {"DATA001"}),
        ('resource "aws_key_pair" "a" {\n  public_key = "ssh-rsa AAAA"\n}\n', {"KEY003"}),
        ("locals {}\n", set()),
    ],
)
def test_those_alone_are_loaded_of_which_something_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, loaded: set[str]
) -> None:
    asked: set[str] = set()
    load_one = vars(LoadedCheck)["check"].fget

    def ask(one: LoadedCheck) -> object:
        asked.add(one.info.code)
        return load_one(one)

    monkeypatch.setattr(LoadedCheck, "check", property(ask))
    write(tmp_path, {"main.tf": text})
    scan(ScanOptions(paths=(tmp_path,), working=tmp_path, jobs=1))
    own = {code for code in asked if not code.startswith("SUP")}
    own -= {one.info.code for one in LOADED if one.check.of_units}
    assert loaded <= own
    assert len(own) < 30
    assert bool(own) is bool(loaded)


@of_each(LOADED, lambda one: one.info.code)
def test_what_reports_units_says_so(one: LoadedCheck) -> None:
    text = Path(one.info.path).read_text("utf-8")
    assert ("=graph.unit," in text) is one.check.of_units


@pytest.mark.slow
@pytest.mark.parametrize("case", cases_in_turn(), ids=str)
def test_checks_that_are_passed_over_have_nothing_to_say(case: Case, tmp_path: Path) -> None:
    write(tmp_path, case.project)
    walk = UnitWalk(Inputs(paths=(tmp_path,), working=tmp_path, boundary=tmp_path))
    for one in walk.graphs():
        for entry in catalogue.indexed(FOLDER):
            if not entry.may_judge(one.graph):
                assert [*entry.check.examine(one.graph)] == [], entry.info.code


def test_a_check_of_a_user_runs_whatever_is_declared(tmp_path: Path) -> None:
    file = tmp_path / "own" / "unit_named.py"
    file.parent.mkdir()
    file.write_text(
        "from iac_ec2lint.api import Check, Severity, Verdict\n"
        "from iac_ec2lint.api.resources import Instance\n\n\n"
        "class Named(Check):\n"
        '    """A unit."""\n\n'
        '    code = "OWN001"\n    name = "unit-named"\n    severity = Severity.LOW\n'
        '    since = "1"\n    types = (Instance,)\n\n'
        "    def examine(self, graph):\n"
        '        yield Verdict(subject=graph.unit, at=graph.unit, message="it is one")\n',
        "utf-8",
    )
    write(tmp_path / "infra", {"main.tf": PLAIN_VOLUME})
    folder = tmp_path / "infra"
    report = scan(
        ScanOptions(paths=(folder,), working=folder, checks=(file.parent,), select=("OWN001",))
    )
    assert [finding.check.code for finding in report.findings] == ["OWN001"]
    assert len(load_checks((file.parent,))[0]) == len(load_checks()[0]) + 1
