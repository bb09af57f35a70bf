"""Cases of resource classes: what a declaration comes to."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.graph.declarations import Plain


class Pair(NamedTuple):
    """The same resource in both languages: it comes to equal objects."""

    terraform: str
    arguments: dict[str, Plain]
    cloudformation: str
    properties: dict[str, Plain]

    @property
    def written(self) -> tuple[tuple[str, dict[str, Plain]], ...]:
        """Its types and their bodies."""
        return (self.terraform, self.arguments), (self.cloudformation, self.properties)

    def __str__(self) -> str:
        return f"{self.terraform}-{self.cloudformation}"


class Single(NamedTuple):
    """A resource of one language, or what one language alone says of it, and its fields."""

    type: str
    body: dict[str, Plain]
    fields: dict[str, object]

    @property
    def written(self) -> tuple[tuple[str, dict[str, Plain]], ...]:
        """Its type and its body."""
        return ((self.type, self.body),)

    def __str__(self) -> str:
        return self.type


Case: TypeAlias = Pair | Single


def cases() -> dict[str, list[Case]]:
    """The cases of each file in ``cases/``, by the name of the module that has the classes."""
    return {
        file.stem: import_module(f"tests.resources.cases.{file.stem}").CASES
        for file in sorted((Path(__file__).parent / "cases").glob("*.py"))
    }
