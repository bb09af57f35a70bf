"""A value is shared by all that it is read by: nothing sets anything of it after it is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.fixture_cases import fixture_cases

from iac_ec2lint.answers.check_tests.fixtures import Fixture
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.language.containers import NullOf, OpenMap, Several
from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.values import Reference, Step, Unknown, Val, Value

SPAN = SourceText("main.tf", "x").span(0, 1)
STEP = Step(SPAN, "there")
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a value is made of can be set once."""

    def set_once(self: object, name: str, value: object) -> None:
        if hasattr(self, name):
            raise AttributeError(f"{name} of {self!r} is set again")
        object.__setattr__(self, name, value)

    for kind in (Value, Unknown):
        monkeypatch.setattr(kind, "__setattr__", set_once)


VALUES = [
    Value(1, SPAN),
    Unknown("it is", "computed", SPAN, type=STRING, unset=True),
    Reference("aws_vpc.a", "id", SPAN, written=Unknown("it is", "computed", SPAN, type=STRING)),
    NullOf(STRING, SPAN),
    Several(Unknown("it is", "computed", SPAN), Value("x", SPAN)),
    OpenMap(Unknown("it is", "computed", SPAN), {"a": Value(1, SPAN)}),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_copy_is_of_the_same_class_and_leaves_the_first_as_it_was(value: Val) -> None:
    moved = value.after(STEP).marked(frozenset({"sensitive"}))
    assert type(moved) is type(value)
    assert moved.via == (STEP,)
    assert moved.marks == frozenset({"sensitive"})
    assert value.via == ()
    assert value.marks == frozenset()
    assert moved.span is value.span
    with pytest.raises(AttributeError, match=r"via of .* is set again"):
        moved.via = ()


def test_a_copy_keeps_what_is_not_changed() -> None:
    other = Reference("aws_vpc.b", "id", SPAN)
    first = Unknown("one", "variable", SPAN, candidates=(Value(1, SPAN),), references=(other,))
    moved = first.but(reason="two")
    assert (moved.reason, moved.cause) == ("two", "variable")
    assert (moved.candidates, moved.references) == (first.candidates, (other,))
    assert first.but(references=()).references == ()


def test_a_reference_depends_on_itself_first_wherever_it_is_copied() -> None:
    other = Reference("aws_vpc.b", "id", SPAN)
    first = Reference("aws_vpc.a", "id", SPAN, references=(other,), type=STRING)
    for one in (first, first.after(STEP), first.but(reason="two")):
        assert one.references[0] is one
        assert one.references[1:] == (other,)
        assert (one.target, one.attribute, one.type) == ("aws_vpc.a", "id", STRING)


@pytest.mark.slow
@pytest.mark.parametrize("case", fixture_cases()[::6], ids=str)
def test_no_scan_changes_a_value(case: Fixture, tmp_path: Path) -> None:
    assert not case.scan(tmp_path).errors


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir()))
def test_no_scan_of_an_example_changes_a_value(name: str) -> None:
    folder = EXAMPLES / name
    report = scan(ScanOptions(paths=(folder,), working=folder, boundary=folder, jobs=1))
    assert report.findings
    assert not report.errors
