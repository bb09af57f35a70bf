"""Notes are where the cases mark them, and nowhere else; no check needs to run for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from iac_ec2lint import notes
from iac_ec2lint.answers.check_tests.fixtures import Fixture, answers, as_mark
from iac_ec2lint.api import Resource, resources
from iac_ec2lint.engine.check import Remark
from iac_ec2lint.engine.outcome.examining import Outcome, remark
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.notes import FAMILIES, families

CASES = [
    Fixture("IMDS004", path)  # a check that makes no notes of its own
    for path in sorted((Path(__file__).parent / "cases").iterdir())
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.name)
def test_notes_are_where_they_are_expected(case: Fixture, tmp_path: Path) -> None:
    report = case.scan(tmp_path)
    marks = case.marks()
    assert sorted(map(as_mark, report.notes)) == sorted(mark._replace(words="") for mark in marks)
    assert not report.errors
    for mark in marks:
        assert any(answers(note, mark) for note in report.notes), mark


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.name)
def test_notes_fail_no_run(case: Fixture, tmp_path: Path) -> None:
    report = case.scan(tmp_path)
    assert not report.findings
    assert report.exit_status == 0


def test_each_family_has_a_case_in_both_languages() -> None:
    names = {case.path.name for case in CASES}
    for module in FAMILIES:
        name = {"security_groups": "rules_in_two_places"}.get(module, module)
        assert {f"{name}.tf", f"{name}.yaml"} <= names


def test_a_family_is_asked_where_there_is_a_class_that_it_names() -> None:
    assert not [*families(Graph(()))]
    for kinds in FAMILIES.values():
        assert all(issubclass(getattr(resources, kind), Resource) for kind in kinds)


def test_all_notes_that_families_make_are_listed_and_have_a_case() -> None:
    listed = set(re.findall(r"[a-z]+(?:-[a-z]+)+", _listing()))
    assert {mark.code for case in CASES for mark in case.marks()} == listed


def _listing() -> str:
    source = Path(notes.__file__).read_text("utf-8")
    return source.partition("Where notes come from.")[2].partition("Checks make these")[0]


def test_a_family_that_raises_is_reported_and_the_others_go_on() -> None:
    def broken(graph: Graph) -> Iterator[Remark]:
        raise LookupError(graph)

    outcome = Outcome()
    remark(Graph(()), (broken, *families(Graph(()))), outcome)
    (bug,) = outcome.diagnostics
    assert "notes are missing: LookupError" in bug.message
    assert not outcome.notes
