"""What is imported late is imported when it is used, and stands in for the real thing."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

_MODULE = """
from enum import Enum
from typing import NamedTuple

import late_other

LIMIT = 3

class Point(NamedTuple):
    across: int

    @classmethod
    def middle(cls):
        return cls(0)

class Colour(Enum):
    RED = "red"

def double(number, *, plus=0):
    return 2 * number + plus
"""
_ROOM = """
from iac_ec2lint.source.late_imports import late_imports

with late_imports(__name__):
    from late_module import {names}

import late_after
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in {"late_module": _MODULE, "late_other": "", "late_after": ""}.items():
        Path(tmp_path, f"{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


def room(folder: Path, names: str) -> ModuleType:
    """A module that imports the names late."""
    sys.modules.pop("late_room", None)
    Path(folder, "late_room.py").write_text(_ROOM.format(names=names))
    return import_module("late_room")


def test_a_function_is_imported_when_it_is_called(folder: Path) -> None:
    found = room(folder, "double as twice")
    assert "late_module" not in sys.modules
    assert "late_after" in sys.modules  # what stands after the list is imported as ever
    assert found.twice(4, plus=1) == 9
    assert "late_other" in sys.modules


def test_a_class_is_imported_for_more_than_annotations(folder: Path) -> None:
    point = room(folder, "Point").Point

    def beside(one: point | None) -> point | str | None:  # type: ignore[valid-type]
        return one

    assert set(beside.__annotations__) == {"one", "return"}
    assert "late_module" not in sys.modules
    assert point.middle().across == 0
    assert point(across=2) == (2,)


def test_isinstance_and_bases_take_a_late_class_for_the_real_one(folder: Path) -> None:
    point = room(folder, "Point").Point
    real: type = import_module("late_module").Point
    assert isinstance(real(1), point)
    assert not isinstance((1,), point)
    assert issubclass(real, point)
    assert isinstance(None, point | None)
    assert isinstance("text", int | (str | point))
    assert not isinstance(b"", point | str | None)
    assert issubclass(type("Own", (real,), {}), point)
    assert {point: 1}[real] == 1


def test_the_members_of_a_late_enumeration_are_those_of_the_real_one(folder: Path) -> None:
    for ask in (list, lambda late: [late["RED"]], lambda late: [late("red")]):
        sys.modules.pop("late_module", None)
        colour = room(folder, "Colour").Colour
        assert "late_module" not in sys.modules
        found: list[object] = ask(colour)
        assert found == [import_module("late_module").Colour.RED]
        assert found[0] in colour
        assert len(colour) == 1


def test_what_has_been_imported_is_given_as_it_is(folder: Path) -> None:
    real = import_module("late_module").double
    assert room(folder, "double").double is real


def test_a_constant_is_imported_at_once_and_its_module_as_ever(folder: Path) -> None:
    assert room(folder, "LIMIT").LIMIT == 3
    assert isinstance(sys.modules["late_module"].late_other, ModuleType)


def test_a_module_that_is_not_there_is_told_of_when_it_is_used(folder: Path) -> None:
    found = room(folder, "double, missing")
    assert found.double(1) == 2
    with pytest.raises(AttributeError, match="missing"):
        found.missing()
    Path(folder, "late_module.py").unlink()
    del sys.modules["late_module"]
    found = room(folder, "double")
    with pytest.raises(ModuleNotFoundError, match="late_module"):
        found.double(1)
    assert import_module("json") is sys.modules["json"]  # importing is as it was
