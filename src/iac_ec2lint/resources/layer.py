"""Sections as a part reads them: where a path leads, and what certainly counts of what is there."""

from __future__ import annotations

from typing import NamedTuple

from iac_ec2lint.declaration import CERTAIN, Presence, Section
from iac_ec2lint.values import Unknown, Val

Steps = tuple[str, ...]
"""A path: the names of nested blocks, and of an attribute or block at its end."""


class Layer(NamedTuple):
    """A section that fields are read from.

    Attributes:
        section: The block, map or body.
        type: The type of the resource it stands in.
        presence: Whether it counts for certain: that of the section where the part can be there
            once only, so that what lies below may count instead. One of many parts, and a whole
            resource, are judged as such: their fields are what they are where they are there.
    """

    section: Section
    type: str
    presence: Presence = CERTAIN


def enclosing(section: Section, steps: Steps, *, every: bool = False) -> list[Section]:
    """The sections that all steps but the last lead to.

    Args:
        section: Where the path starts.
        steps: The path.
        every: Whether each of several blocks counts, or one of them.
    """
    reached = [section]
    for name in steps[:-1]:
        inner = [found for outer in reached for found in outer.sections(name)]
        reached = inner if every else alternatives(inner, section.presence)
    return reached


def alternatives(sections: list[Section], start: Presence) -> list[Section]:
    """Of blocks of which one counts: those that are possible, up to the first that is certain.

    What is there whenever the section with the presence ``start`` is has that very presence.
    """
    for index, section in enumerate(sections):
        if section.presence.certain or section.presence is start:
            return sections[: index + 1]
    return sections


def said(layer: Layer, sections: list[Section], name: str) -> list[tuple[Val, Presence]]:
    """What sections say of an attribute, and whether they count for certain."""
    start = layer.section.presence
    found: list[tuple[Val, Presence]] = []
    for section in sections:
        value = section.get(name)
        if value is not None:
            there = section.presence
            found.append((value, layer.presence if there is start else there))
    return found


def exhaustive(found: list[tuple[Val, Presence]]) -> bool:
    """Whether one of these is certain to count: they stand in all the arms of one unknown."""
    cause = found[-1][1].cause
    if cause is None:
        return False
    arms = [(value, presence) for value, presence in found if presence.cause is cause]
    return len({id(presence) for _, presence in arms}) == len(cause.candidates) and not any(
        isinstance(value, Unknown) and value.unset for value, _ in arms
    )


def either(
    possible: list[tuple[Val, Presence]], below: Val | None, *, unset: bool = True
) -> Unknown:
    """The unknown that is one of several values.

    Args:
        possible: Values, and the presence of the section that each stands in.
        below: What counts where none of those does.
        unset: Whether it may be unset where ``below`` is absent.
    """
    first, presence = possible[0]
    cause = presence.cause if presence.cause is not None else first
    if not isinstance(cause, Unknown):  # a value that is certain is never one of several
        raise TypeError("a certain value has no alternatives")
    candidates = [value for value, _ in possible]
    if below is not None:
        candidates.append(below)
    flat = [c for v in candidates for c in (v.candidates if isinstance(v, Unknown) else (v,))]
    known = all(not isinstance(v, Unknown) or v.candidates for v in candidates)
    identities = [r for v in candidates if isinstance(v, Unknown) for r in v.references]
    return Unknown(
        cause.reason,
        cause.cause,
        first.span,
        first.via,
        candidates=tuple(flat) if known else (),
        references=(*cause.references, *identities),
        unset=below is None and unset,
    )
