"""Rooms of ``api`` whose names are imported when somebody asks for them, for start-up time.

A room imports them for type checkers and readers alone; ``index.json`` beside this file, which
``scripts/write_docs.py`` writes, says where each is declared. So a check loads what it asks, and
not what its room has besides.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

INDEX = Path(__file__).with_name("index.json")


@cache
def _places() -> dict[str, dict[str, str]]:
    """The names of each room, each with the module that declares it and its name there."""
    places: dict[str, dict[str, str]] = json.loads(INDEX.read_text("utf-8"))
    return places


def on_demand(room: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The functions ``__getattr__`` and ``__dir__`` of a room.

    Args:
        room: Its whole name.
    """
    package, _, own = room.rpartition(".api.")

    def get(name: str) -> object:
        place = _places()[own].get(name)
        if place is None:
            raise AttributeError(f"{room} has no {name}")
        module, _, declared = place.rpartition(".")
        found: object = getattr(import_module(f"{package}.{module}"), declared)
        setattr(sys.modules[room], name, found)
        return found

    return get, lambda: sorted(_places()[own])
