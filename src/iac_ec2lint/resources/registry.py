"""Which class a declared type has: one of the files beside this one has it.

``index.json`` beside them says which file, so that a scan loads those alone of which something is
declared; ``scripts/write_docs.py`` writes it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from iac_ec2lint.declaration import Declaration
from iac_ec2lint.resources.part import Part, Resource

_TOOLS = frozenset({"__init__", "field", "layer", "part", "registry"})
"""The files of this folder that resources are made with, and that have none."""

INDEX = Path(__file__).with_name("index.json")


@cache
def modules() -> tuple[ModuleType, ...]:
    """All modules of this folder that declare resources, by name."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    names = [file.stem for file in files if file.stem not in _TOOLS]
    return tuple(map(_module, names))


@cache
def classes() -> dict[str, type[Resource]]:
    """The class of each type, of all files: what ``index.json`` is made of."""
    modules()
    found: dict[str, type[Resource]] = {}
    pending = [Resource]
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        for name in kind.__dict__.get("terraform", ()) + kind.__dict__.get("cloudformation", ()):
            if name in found:
                raise TypeError(f"{name} has two classes: {found[name]} and {kind}")
            found[name] = kind
    return found


@cache
def _index() -> dict[str, dict[str, list[str]]]:
    """The classes of each file, with their types."""
    index: dict[str, dict[str, list[str]]] = json.loads(INDEX.read_text("utf-8"))
    return index


@cache
def _declaring() -> dict[str, tuple[str, str]]:
    """The file and the class of each type."""
    return {
        name: (file, kind)
        for file, kinds in _index().items()
        for kind, names in kinds.items()
        for name in names
    }


@cache
def types() -> frozenset[str]:
    """The types that have an adapter."""
    return frozenset(_declaring())


@cache
def _class(name: str) -> type[Resource]:
    file, kind = _declaring()[name]
    found: type[Resource] = getattr(_module(file), kind)
    return found


def typed(declared: Declaration) -> Resource:
    """The typed view of a declaration whose type has an adapter."""
    return _class(declared.type)(declared)


@cache
def places() -> dict[str, str]:
    """The files of the classes of resources, and of their parts, by the names of these."""
    return {kind: file for file, kinds in _index().items() for kind in kinds}


def named(name: str) -> type[Part]:
    """The class of a name that ``places`` has."""
    found: type[Part] = getattr(_module(places()[name]), name)
    return found


def index() -> str:
    """The text of ``index.json``: a line a file."""
    lines = []
    for module in modules():
        own = {
            name: [*found.__dict__.get("terraform", ()), *found.__dict__.get("cloudformation", ())]
            for name, found in vars(module).items()
            if isinstance(found, type)
            and issubclass(found, Part)
            and found.__module__ == module.__name__
        }
        lines.append(f"{json.dumps(module.__name__.rpartition('.')[2])}: {json.dumps(own)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _module(file: str) -> ModuleType:
    return import_module(f"iac_ec2lint.resources.{file}")
