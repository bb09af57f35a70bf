"""The fewest changes that hit all paths and stop little: a hitting set, exact while there are few.

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


def hitting_set(
    sets: Sequence[Set[T]], weights: Mapping[T, int], stops: Set[T] = frozenset()
) -> tuple[list[T], bool, int]:
    """The fewest elements of which each set has one, or one more where that stops less.

    Args:
        sets: The sets; none is empty.
        weights: The weight of each element, in the order in which they are tried.
        stops: The elements that stop what should go on: as few as can be are taken.

    Returns:
        The elements, of the least weight among as many that stop as much; whether all sets of
        elements were looked at; and how many elements are enough, whatever they stop.
    """
    needed = [one for one in sets if not any(other < one for other in sets)]
    every = [one for one in weights if any(one in each for each in needed)]
    exact = len(every) <= EXACT
    found: list[Sequence[T]] = []
    if exact:
        for size in range(len(every) + 1):
            last = bool(found)
            found += (one for one in combinations(every, size) if _hits(one, needed))
            if last:
                break
    else:
        found.append(_greedy(needed, every, weights))
        gentle = [each - stops or each for each in needed]
        other = _greedy(gentle, every, weights)
        found += [other] if len(other) <= len(found[0]) + 1 else []

    def cost(chosen: Sequence[T]) -> tuple[int, int, int]:
        stopping = sum(one in stops for one in chosen)
        return stopping, len(chosen), sum(weights[one] for one in chosen)

    best: Sequence[T] = min(found, key=cost)
    return list(best), exact, min(map(len, found))


def _hits(chosen: Iterable[T], sets: Iterable[Set[T]]) -> bool:
    own = frozenset(chosen)
    return not any(own.isdisjoint(each) for each in sets)


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
