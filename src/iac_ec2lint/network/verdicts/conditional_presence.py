"""Whether a resource exists, given that the resource that it serves exists.

A subnet and its route may depend on one condition: where one exists, so does the other. What
depends on another condition is undecided (semantics.md, A4 and N0 of C1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.relations import there, undecided
from iac_ec2lint.values import YES, Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.graph.graph import Edge
    from iac_ec2lint.resources.part import Part, Resource


class Condition(NamedTuple):
    """The condition on which a resource exists: equal for resources with the same condition.

    Attributes:
        reason: Why it is unknown whether it exists; empty where it certainly exists.
        key: What is equal for all that exist under the same condition.
    """

    reason: str
    key: str


UNCONDITIONAL = Condition("", "")
"""The condition of what certainly exists."""


def doubt(presence: Presence, given: Condition) -> Unknown | None:
    """The unknown that the existence of something depends on, given that something else exists.

    Args:
        presence: The presence of the resource in question.
        given: The condition of what is assumed to exist.

    Returns:
        None where it is certain, or depends on the same condition.
    """
    if presence.cause is None or condition(presence) == given:
        return None
    return presence.cause


def condition(presence: Presence) -> Condition:
    """The condition of a presence."""
    return Condition("" if presence.cause is None else presence.cause.reason, presence.key)


def doubts(edge: Edge, *resources: Resource, given: Condition) -> tuple[Unknown, ...]:
    """The unknowns that a reference depends on, given that something exists.

    Args:
        edge: The reference.
        resources: Its source and other resources on which it depends.
        given: The condition of what is assumed to exist.
    """
    found = [doubt(resource.presence, given) for resource in resources]
    if not edge.certain:
        found.append(_reason(edge, given))
    return tuple(dict.fromkeys(cause for cause in found if cause is not None))


def part_doubt(source: Resource, part: Part, given: Condition) -> Unknown | None:
    """The unknown that a part of a resource depends on, beyond those of the resource."""
    return None if there(source, part) else doubt(part.presence, given)


def stands_with(source: Resource, part: Part) -> Answer:
    """Whether a part of a resource is there, given that the resource is."""
    return YES if there(source, part) else part.presence.answer


def _reason(edge: Edge, given: Condition) -> Unknown | None:
    """Why an edge is not certain; None where it depends on nothing but ``given``."""
    value = edge.value
    if isinstance(value, Unknown) and undecided(value):
        return None if _hangs_on(value, given) else value
    cause = part_doubt(edge.source, edge.part, given)
    if cause is None and there(edge.source, edge.part) and isinstance(value, Unknown):
        return value  # it leads to several resources
    return cause


def _hangs_on(value: Unknown, given: Condition) -> bool:
    """Whether a reference is unknown only because its target may not exist."""
    return given.reason == value.reason and len(value.candidates) == 1


def conditions(causes: Iterable[Unknown]) -> str:
    """The reasons of unknowns, in words for messages."""
    return "; ".join(dict.fromkeys(cause.reason for cause in causes))
