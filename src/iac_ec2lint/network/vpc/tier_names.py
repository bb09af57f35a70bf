"""What the tags of a resource say of its tier: hints, no proofs (semantics.md, B0)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TIERS: Final = ("tier", "type", "role")
_NAMES: Final = ("name", *_TIERS)
_PRIVATE: Final = frozenset({"private", "internal", "db", "data", "database", "databases"})
_DATABASE: Final = frozenset({"db", "data", "database", "databases"})


def is_called_private(resource: Resource) -> str | None:
    """The word by which a resource's name or tier says that it is private; ``None`` without one.

    What is called public too says nothing.
    """
    words = _words(resource, _NAMES)
    if "public" in words:
        return None
    return next((word for word in words if word in _PRIVATE), None)


def is_called_database(resource: Resource) -> str | None:
    """The word by which a resource's tier says that it is the database's."""
    return next((word for word in _words(resource, _TIERS) if word in _DATABASE), None)


def _words(resource: Resource, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The whole words, in lower case, of the tags with some keys."""
    return tuple(
        word.lower()
        for key, value in resource.tags.items()
        if key.lower() in keys
        for text in _texts(value)
        for word in _WORD.findall(text)
    )


def _texts(value: Val) -> Iterator[str]:
    """A text, or what is known of one that is unknown."""
    if isinstance(value, Unknown):
        yield from (part for part in value.parts or () if isinstance(part, str))
    elif value.text is not None:
        yield value.text
