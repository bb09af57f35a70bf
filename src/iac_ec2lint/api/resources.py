"""The classes of all resources and of their parts, by name.

There is no list of them to keep: a class in ``iac_ec2lint/resources/`` is here. ``resources.pyi``
beside this file tells type checkers; ``scripts/write_docs.py`` writes it.
"""

from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.registry import named, places


def __getattr__(name: str) -> type[Part]:
    """The class of a resource or part."""
    if name.startswith("_") or name not in places():
        raise AttributeError(f"no class of resources is called {name}")
    return named(name)


def __dir__() -> list[str]:
    return sorted(name for name in places() if not name.startswith("_"))
