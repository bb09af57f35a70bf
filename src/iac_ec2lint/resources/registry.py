"""Which class a declared type has: found by looking at the files beside this one."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from iac_ec2lint.declaration import Declaration
from iac_ec2lint.resources.part import Resource

_TOOLS = frozenset({"__init__", "field", "layer", "part", "registry"})
"""The files of this folder that resources are made with, and that have none."""


@cache
def modules() -> tuple[ModuleType, ...]:
    """The modules of this folder that declare resources, by name."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    names = [file.stem for file in files if file.stem not in _TOOLS]
    return tuple(import_module(f"iac_ec2lint.resources.{name}") for name in names)


@cache
def classes() -> dict[str, type[Resource]]:
    """The class of each type that some file of this folder has an adapter for."""
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
def types() -> frozenset[str]:
    """The types that have an adapter."""
    return frozenset(classes())


def typed(declared: Declaration) -> Resource:
    """The typed view of a declaration whose type has an adapter."""
    return classes()[declared.type](declared)
