"""What must hold for something to be there, as far as it can be compared with other such facts.

A guard is a set of facts that all hold. Two guards exclude each other where one of their facts is
the opposite of another, or gives one thing two values, or where none of what a choice leaves holds.
Nothing else is concluded: what is not said as facts (a comparison of two unknowns) is a fact of its
own, known by its text. So a contradiction is sure, and finding it takes one look at each fact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fact(NamedTuple):
    """That something has a value, or has not.

    Attributes:
        what: What is compared: a parameter, a condition, an expression in its module.
        value: The value; ``true`` of a condition.
        holds: Whether it has that value.
        never: What does not all hold then: of a choice, that none of it holds.
    """

    what: str
    value: str
    holds: bool
    never: frozenset[Fact] = frozenset()


Guard = frozenset[Fact]

UNGUARDED: Final[Guard] = frozenset()
"""The guard of what depends on nothing that can be compared."""

NEVER: Final[Guard] = frozenset((Fact("", "", True), Fact("", "", False)))
"""The guard of what is never there."""


def exclude(*guards: Guard) -> bool:
    """Whether guards contradict each other, or one of them itself: they never hold together."""
    some = [guard for guard in guards if guard]
    if not some or (len(some) == 1 and len(some[0]) == 1):
        return False
    values: dict[str, str] = {}
    refused: set[tuple[str, str]] = set()
    nevers: list[Guard] = []
    for guard in some:
        for fact in guard:
            if fact.never:
                nevers.append(fact.never)
            if not fact.holds:
                refused.add((fact.what, fact.value))
            elif values.setdefault(fact.what, fact.value) != fact.value:
                return True
    if any(pair in refused for pair in values.items()):
        return True
    known = frozenset().union(*some) if nevers else UNGUARDED

    def holds(fact: Fact) -> bool:
        if fact in known:
            return True
        # What is one thing is none of the others.
        return not fact.holds and values.get(fact.what, fact.value) != fact.value

    return any(all(map(holds, never)) for never in nevers)


def common(guards: Iterable[Guard]) -> Guard:
    """What holds whichever of several guards does."""
    found: Guard | None = None
    for guard in guards:
        found = guard if found is None else found & guard
        if not found:
            return UNGUARDED
    return found or UNGUARDED
