"""Whether something on the way is there, given that what it serves is.

A subnet and its route may hang on one switch: where the one is there, so is the other. What hangs
on another switch is undecided (semantics.md, A4 and N0 of C1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.relations import there, undecided
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.graph.graph import Edge
    from iac_ec2lint.resources.part import Part, Resource


class Condition(NamedTuple):
    """What something's being there hangs on: equal for things that hang on the same.

    Attributes:
        reason: Why it is unknown whether it is there; empty where it surely is.
        when: When it is there, in words.
    """

    reason: str
    when: str


UNCONDITIONAL = Condition("", "")
"""Of what is surely there."""


def doubt(presence: Presence, given: Condition) -> Unknown | None:
    """The unknown that something's being there hangs on, given that something else is there.

    Args:
        presence: That of the thing in question.
        given: The condition of what is taken to be there.

    Returns:
        None where it is certain, or hangs on what the other hangs on.
    """
    if presence.cause is None or condition(presence) == given:
        return None
    return presence.cause


def condition(presence: Presence) -> Condition:
    """What something with a presence hangs on."""
    return Condition("" if presence.cause is None else presence.cause.reason, presence.when)


def doubts(edge: Edge, *resources: Resource, given: Condition) -> tuple[Unknown, ...]:
    """The unknowns that a reference hangs on, given that something is there.

    Args:
        edge: The reference.
        resources: Its source and others that it leads by.
        given: The condition of what is taken to be there.
    """
    found = [doubt(resource.presence, given) for resource in resources]
    if not edge.certain:
        found.append(_reason(edge, given))
    return tuple(dict.fromkeys(cause for cause in found if cause is not None))


def part_doubt(source: Resource, part: Part, given: Condition) -> Unknown | None:
    """The unknown that a part of a resource hangs on, besides what the resource does."""
    return None if there(source, part) else doubt(part.presence, given)


def _reason(edge: Edge, given: Condition) -> Unknown | None:
    """Why an edge is not certain; None where it is as certain as what is given."""
    value = edge.value
    if isinstance(value, Unknown) and undecided(value):
        return None if _hangs_on(value, given) else value
    cause = part_doubt(edge.source, edge.part, given)
    if cause is None and there(edge.source, edge.part) and isinstance(value, Unknown):
        return value  # it leads to several resources
    return cause


def _hangs_on(value: Unknown, given: Condition) -> bool:
    """Whether a reference is unknown only in that its target may not be there."""
    return given.reason == value.reason and len(value.candidates) == 1


def conditions(causes: Iterable[Unknown]) -> str:
    """What something hangs on, for people: the reasons why that is unknown."""
    return "; ".join(dict.fromkeys(cause.reason for cause in causes))
