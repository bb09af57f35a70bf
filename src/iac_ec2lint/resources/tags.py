"""The tags of a resource, as a map, pairs or blocks say them."""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.declaration import Section
from iac_ec2lint.values import (
    Unknown,
    Val,
    Value,
)


def tags_of(body: Section) -> dict[str, Val]:
    """The tags whose keys are known."""
    written = body.get("tags")
    if isinstance(written, Value):
        return written.items()
    found: dict[str, Val] = {} if written is None else dict(written.certain_members())
    for key, value, pair in tag_pairs(body):
        name, said = pair.get(key), pair.get(value)
        if isinstance(name, Value) and name.text is not None and said is not None:
            found[name.text] = said
    return found


def may_spell(name: Unknown, key: str) -> bool:
    """Whether an unknown text may be a key, whatever its case."""
    pieces = name.parts or (name,)
    first, last = pieces[0], pieces[-1]
    begins = not isinstance(first, str) or key.lower().startswith(first.lower())
    return begins and (not isinstance(last, str) or key.lower().endswith(last.lower()))


def tag_pairs(body: Section) -> Iterator[tuple[str, str, Section]]:
    """The tags that are written one by one: the names of key and value, and where they stand."""
    yield from (("Key", "Value", pair) for pair in body.sections("Tags"))
    for one in body.sections("Replicas"):  # of a global table, which has none of its own
        yield from (("Key", "Value", pair) for pair in one.sections("Tags"))
    yield from (("key", "value", pair) for pair in body.sections("tag"))
