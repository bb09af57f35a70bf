"""What a check on paths declares that it asks for is what it asks with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from tests.checks.fixture_cases import FIXTURES

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.scan import load_checks
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.api import Check, Graph, Question, Verdict
from iac_ec2lint.engine.documentation import page
from iac_ec2lint.network.sets.ports import ALL_PORTS, TCP

_CHECKS = {
    entry.info.code: entry for entry in load_checks(())[0] if entry.info.code.startswith("PATH")
}
_OF_SEVERAL_PIECES = [
    *("PATH002", "PATH004", "PATH007", "PATH009", "PATH013", "PATH014", "PATH018", "PATH019")
]


def _narrower(question: Question) -> Iterator[tuple[str, Question]]:
    """The question without each piece of it that is one of several."""
    begins, over, ends = question.begins, question.over, question.ends
    for one in begins if len(begins) > 1 else ():
        yield one, question._replace(begins=tuple(other for other in begins if other != one))
    for kind in over if len(over) > 1 else ():
        yield kind, question._replace(over=tuple(other for other in over if other != kind))
    for end in ends if len(ends) > 1 else ():
        yield end, question._replace(ends=tuple(other for other in ends if other != end))


def _said(check: Check, graph: Graph) -> set[str]:
    return {one.message for one in check.examine(graph) if isinstance(one, Verdict)}


@pytest.mark.slow
@pytest.mark.parametrize("code", _OF_SEVERAL_PIECES)
def test_each_piece_of_a_question_is_asked_with(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    check = _CHECKS[code].check
    assert check.asks is not None
    unseen = dict(_narrower(check.asks))
    assert unseen
    for file in sorted((FIXTURES / code).glob("*.tf")):
        alone = tmp_path / file.stem
        alone.mkdir()
        copy(file, alone)
    for unit in UnitWalk(Inputs(paths=(tmp_path,), working=tmp_path)).graphs():
        whole = _said(check, unit.graph) if unseen else set()
        for name, narrower in list(unseen.items()):
            with monkeypatch.context() as patch:
                patch.setattr(type(check), "asks", narrower)
                if _said(check, unit.graph) != whole:
                    del unseen[name]
    assert [*unseen] == []


def test_ports_that_count_are_those_of_the_classes() -> None:
    of = Question(("internet",), ("reaches",), ("host",), ports=("administration",))
    assert of.counts(TCP, ALL_PORTS).contains(22)
    assert not of.counts(TCP, ALL_PORTS).contains(5432)
    rest = of._replace(ports=(), but=("administration",)).counts(TCP, ALL_PORTS)
    assert (rest.contains(22), rest.contains(5432)) == (False, True)


def test_every_check_on_paths_explains_its_shape() -> None:
    pages = {code: page(entry.info) for code, entry in _CHECKS.items()}
    assert all("## What it asks the attack graph for" in text for text in pages.values())
    assert "Ports: of administration" in pages["PATH001"]
    assert "Hops: at most `PATH019.max_hops`" in pages["PATH019"]
