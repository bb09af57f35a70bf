"""The fewest changes that hit all paths: a hitting set, exact while there are few changes.

A minimum cut of networkx is of edges, or nodes, each cut for itself. Here one change breaks many
edges, and one edge falls by any of several changes: the question is one of sets.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from itertools import combinations
from typing import Final, TypeVar

T = TypeVar("T", bound=Hashable)

EXACT: Final = 15
"""Up to so many changes all sets of them are looked at."""


def hitting_set(sets: Sequence[Set[T]], weights: Mapping[T, int]) -> tuple[list[T], bool]:
    """The fewest elements of which each set has one, of the least weight among these.

    Args:
        sets: The sets; none is empty.
        weights: The weight of each element, in the order in which they are tried.

    Returns:
        The elements, and whether no fewer do for sure.
    """
    needed = [one for one in sets if not any(other < one for other in sets)]
    every = [one for one in weights if any(one in each for each in needed)]
    if len(every) > EXACT:
        return _greedy(needed, every, weights), False
    for size in range(len(every) + 1):
        found = [chosen for chosen in combinations(every, size) if _hits(chosen, needed)]
        if found:
            return list(min(found, key=lambda chosen: sum(weights[one] for one in chosen))), True
    return every, True


def _hits(chosen: Iterable[T], sets: Iterable[Set[T]]) -> bool:
    own = frozenset(chosen)
    return all(own & each for each in sets)


def _greedy(sets: Sequence[Set[T]], every: Sequence[T], weights: Mapping[T, int]) -> list[T]:
    """What hits most, again and again; then without what is not needed after all."""
    left, chosen = list(sets), list[T]()
    while left:
        best = max(every, key=lambda one: (sum(one in each for each in left), -weights[one]))
        chosen.append(best)
        left = [each for each in left if best not in each]
    for one in sorted(chosen, key=lambda one: -weights[one]):
        rest = [other for other in chosen if other != one]
        if _hits(rest, sets):
            chosen = rest
    return chosen
