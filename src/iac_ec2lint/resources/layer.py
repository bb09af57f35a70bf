"""Sections as a part reads them: where a path leads, and what certainly counts of what is there."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple, Self

from iac_ec2lint.declaration import CERTAIN, Presence, Section
from iac_ec2lint.values import (
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    exclude,
    guard_of,
    inputs_in,
)

Steps = tuple[str, ...]
"""A path: the names of nested blocks, and of an attribute or block at its end."""


def spelled(steps: Steps) -> str:
    """A path for people: ``metadata_options.http_tokens``, ``LoadBalancerAttributes[idle]``."""
    text = steps[0]
    for before, step in pairwise(steps):
        if isinstance(step, Entry):
            text += f"[{step}]"
        elif not isinstance(before, Entry):
            text += f".{step}"
    return text


class Entry(str):
    """A step to the entries of a list of pairs that have one key: ``{Key: ..., Value: ...}``.

    Args:
        key: The key that the entries have, as AWS spells it.
        named: The member that holds the key.
    """

    __slots__ = ("named",)
    named: str

    def __new__(cls, key: str, named: str = "Key") -> Self:
        """See the class."""
        made = super().__new__(cls, key)
        made.named = named
        return made

    def select(self, sections: list[Section]) -> list[Section]:
        """The sections that have the key; those whose key is unknown may."""
        found: list[Section] = []
        for section in sections:
            key = section.get(self.named)
            if key is None or key.text == self:
                found += [] if key is None else [section]
            elif isinstance(key, Unknown):
                keys = [candidate.text for candidate in key.candidates]
                if not keys or None in keys or self in keys:
                    found.append(Possible(section, key))
        return found


class Possible(Section):
    """A section that may be another than the one meant: all that it says is only possible."""

    __slots__ = ("_section",)

    def __init__(self, section: Section, cause: Unknown) -> None:
        there = Presence(cause, cause.reason).within(section.presence)
        super().__init__(section.span, section.path, there)
        self._section = section

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        return self._section.get(name)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        return tuple(
            Possible(inner, self.presence.cause) if self.presence.cause is not None else inner
            for inner in self._section.sections(name)
        )

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        return self._section.names()


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
    if len(steps) == 1:  # the ordinary case
        return reached
    for name, following in pairwise(steps):
        if isinstance(name, Entry):
            reached = name.select(reached)
        else:
            reached = [found for outer in reached for found in outer.sections(name)]
        if not every and not isinstance(following, Entry):
            reached = alternatives(reached, section.presence)
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


def _alternatives(value: Val) -> tuple[Val, ...]:
    """What a value can be; nothing where that is unknown. A reference is one, by its identity."""
    if isinstance(value, Unknown) and (value.candidates or not isinstance(value, Reference)):
        return value.candidates
    return (value,)


def _where(cause: Unknown, presence: Presence) -> Step:
    """The step of what counts in one arm of a choice alone."""
    return Step(cause.span, presence.when, guard=presence.guard, when=presence.when)


def _with_its_absence(
    candidates: list[Val], below: list[Val], cause: Unknown, presence: Presence
) -> list[Val]:
    """What a section says in one arm of a choice, and what counts in the others.

    Args:
        candidates: What it says.
        below: What lies below it; nothing where that is null, as it is unset.
        cause: What chooses.
        presence: That of the section.
    """
    step = _where(cause, presence)
    others = [c for c in cause.candidates if exclude(guard_of(c), presence.guard)]
    own = [c for c in cause.candidates if guard_of(c) <= presence.guard]
    if not others or len(own) + len(others) != len(cause.candidates):
        return [*candidates, *below]
    if not below:
        return [*(c.after(step) for c in candidates), *(Value(None, c.span, c.via) for c in others)]
    without = [one.after(*other.via) for one in below for other in others]
    return [*(c.after(step) for c in candidates), *without]


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
    flat = [c for v in candidates for c in _alternatives(v)]
    if len(possible) == 1 and presence.guard:
        lower = [] if below is None else [*_alternatives(below)]
        flat = _with_its_absence([*_alternatives(first)], lower, cause, presence)
    elif below is None and all(there.guard and there.cause is cause for _, there in possible):
        flat = [c.after(_where(cause, there)) for v, there in possible for c in _alternatives(v)]
    known = all(_alternatives(v) for v in candidates)
    identities = [r for v in candidates if isinstance(v, Unknown) for r in v.references]
    return Unknown(
        cause.reason,
        cause.cause,
        first.span,
        first.via,
        candidates=tuple(flat) if known else (),
        references=(*cause.references, *identities),
        inputs=inputs_in((cause, *candidates)),
        unset=below is None and unset,
    )
