"""The classes of all resources and of their parts, by name.

There is no list of them to keep: a class in ``iac_ec2lint/resources/`` is here. ``resources.pyi``
beside this file tells type checkers; ``scripts/write_docs.py`` writes it.
"""

from __future__ import annotations

from functools import cache

from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.registry import modules

_WIDTH = 100
"""The columns of a line, to the formatter."""


@cache
def _classes() -> dict[str, type[Part]]:
    return {
        name: found
        for module in modules()
        for name, found in vars(module).items()
        if isinstance(found, type)
        and issubclass(found, Part)
        and found.__module__ == module.__name__
        and not name.startswith("_")
    }


def __getattr__(name: str) -> type[Part]:
    """The class of a resource or part."""
    found = _classes().get(name)
    if found is None:
        raise AttributeError(f"no class of resources is called {name}")
    return found


def __dir__() -> list[str]:
    return sorted(_classes())


def stub() -> str:
    """The text of ``resources.pyi``: where each class is declared."""
    declared = sorted((found.__module__, name) for name, found in _classes().items())
    head = '"""See ``resources.py``; written by ``scripts/write_docs.py``."""'
    return "\n".join([head, "", *(_import(*one) for one in declared), ""])


def _import(module: str, name: str) -> str:
    """A line of the stub, or three, as the formatter has it."""
    line = f"from {module} import {name} as {name}"
    if len(line) <= _WIDTH:
        return line
    return f"from {module} import (\n    {name} as {name},\n)"
