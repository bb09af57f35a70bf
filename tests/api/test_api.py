"""The rooms of ``api``: small, documented, and complete."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import iac_ec2lint.api
from iac_ec2lint.api import resources
from iac_ec2lint.api.compute import Launch
from iac_ec2lint.resources.registry import classes

_FOLDER = Path(iac_ec2lint.api.__file__).parent
ROOMS = (
    "",
    *(f".{file.stem}" for file in sorted(_FOLDER.glob("[a-z]*.py")) if file.stem != "resources"),
)
MOST = 40
"""The names that one room may have, so that its list can be read."""


def room(name: str) -> ModuleType:
    return import_module(f"iac_ec2lint.api{name}")


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_is_small_enough_to_be_read(name: str) -> None:
    assert len(room(name).__all__) < MOST


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_has_what_it_lists_and_lists_what_it_has(name: str) -> None:
    found = room(name)
    listed = found.__all__
    assert len(set(listed)) == len(listed)
    assert all(hasattr(found, one) for one in listed)
    public = {
        one
        for one, value in vars(found).items()
        if not one.startswith("_") and (not isinstance(value, ModuleType) or one == "parameter")
    }
    assert public - {"TYPE_CHECKING", "on_demand"} == set(listed)


@pytest.mark.parametrize("name", ROOMS[1:])
def test_what_a_room_loads_on_demand_is_what_it_imports_for_type_checkers(name: str) -> None:
    assert dir(room(name)) == sorted(room(name).__all__)


def test_a_name_that_a_room_has_not_is_said_so() -> None:
    with pytest.raises(AttributeError, match=r"iac_ec2lint\.api\.audit has no nothing"):
        _ = room(".audit").nothing


@pytest.mark.parametrize("name", ROOMS)
def test_the_docstring_of_a_room_names_what_is_there(name: str) -> None:
    found = room(name)
    words = set(re.findall(r"``([A-Za-z_.]+)``", found.__doc__ or ""))
    assert words
    owners = {
        "graph": iac_ec2lint.api.Graph(()),
        "part": iac_ec2lint.api.Part,
        "presence": iac_ec2lint.api.Presence,
        "edge": iac_ec2lint.api.Edge,
        "launch": Launch,
        "resource": iac_ec2lint.api.Resource,
    }
    for word in words:
        owner, dot, attribute = word.rpartition(".")
        if not dot:
            assert hasattr(found, word) or hasattr(resources, word), word
        elif owner == "api":
            assert room(f".{attribute}")
        else:
            assert hasattr(owners[owner], attribute), word


def test_every_class_of_a_resource_is_there() -> None:
    for kind in set(classes().values()):
        if kind.__module__.startswith("iac_ec2lint.resources."):
            assert getattr(resources, kind.__name__) is kind


def test_a_class_that_is_not_there_is_said_so() -> None:
    with pytest.raises(AttributeError, match="no class of resources is called Nothing"):
        _ = resources.Nothing  # type: ignore[attr-defined]  # that is the point


def test_type_checkers_are_told_of_the_same_classes() -> None:
    stub = Path(resources.__file__).with_suffix(".pyi").read_text("utf-8")
    told = re.findall(r"from ([\w.]+) import \(?\s*(\w+) as", stub)
    assert told == sorted((getattr(resources, one).__module__, one) for one in dir(resources))
