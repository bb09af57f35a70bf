"""The choices among written arms that keep verdicts undecided, and what is judged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.values import (
    Cause,
    Guard,
    Unknown,
    Val,
    exclude,
    guard_of,
    join_conditions,
    without_keys,
)

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.source.span import Span


_INPUTS: frozenset[Cause] = frozenset({"variable", "parameter", "condition"})
"""Causes of what a person can set."""


class Arm(NamedTuple):
    """One of the values that a choice comes to.

    Attributes:
        guard: What holds where it is the one.
        when: That in words.
        span: Where it is written what chooses.
    """

    guard: Guard
    when: str
    span: Span


Choice = tuple[Arm, ...]
"""Arms of which one is chosen."""

Judged = tuple[str, str, str, str]
"""What is judged: the check, the resource and the one that declares the place, both without their
instance keys, and the attribute."""


def judged(finding: Finding) -> Judged:
    """See ``Judged``."""
    subject, resource = without_keys(finding.subject), without_keys(finding.resource)
    return finding.check.code, subject, resource, finding.attribute


def choices_of(causes: Iterable[Unknown]) -> tuple[Choice, ...]:
    """The choices among written arms on which unknowns hang, each once."""
    found: dict[frozenset[Guard], Choice] = {}
    for cause in causes:
        choice = _choice(cause)
        if choice:
            found.setdefault(frozenset(arm.guard for arm in choice), choice)
    return tuple(found.values())


def _choice(cause: Unknown) -> Choice:
    every = cause.arms or cause.candidates
    if cause.cause not in _INPUTS or (cause.unset and not every):
        return ()
    arms: dict[Guard, Arm] = {}
    for candidate in every:
        guard = guard_of(candidate)
        if exclude(guard):
            continue
        when = _when(candidate)
        if not guard or not when:
            return ()
        arms.setdefault(guard, Arm(guard, when, candidate.via[-1].span))
    return tuple(arms.values()) if len(arms) > 1 else ()


def _when(candidate: Val) -> str:
    return join_conditions([step.when for step in candidate.via if step.when], "and")
