"""The fewest changes that hit all paths, beside looking at all sets of them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations

from tests.each import of_each

from iac_ec2lint.answers.cutting.hitting import EXACT, hitting_set


def _covers(chosen: Iterable[int], sets: list[frozenset[int]]) -> bool:
    return all(set(chosen) & each for each in sets)


def _least(
    sets: list[frozenset[int]], weights: dict[int, int], stops: set[int]
) -> tuple[int, int, int]:
    """How many stop something, how many there are, and their weight: of all sets of elements."""
    every = list(weights)
    sizes = range(len(every) + 1)
    some = [one for n in sizes for one in combinations(every, n) if _covers(one, sets)]
    fewest = min(map(len, some))
    return min(
        (len(stops.intersection(one)), len(one), sum(weights[each] for each in one))
        for one in some
        if len(one) <= fewest + 1
    )


@of_each(range(500))
def test_up_to_the_bound_the_fewest_that_stop_least(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    every = list(range(chance.randint(1, 8)))
    sets = [
        frozenset(chance.sample(every, chance.randint(1, len(every))))
        for _ in range(chance.randint(1, 10))
    ]
    weights = {one: chance.randint(1, 2) for one in every}
    stops = {one for one in every if chance.random() < 0.4}
    chosen, exact, fewest = hitting_set(sets, weights, stops)
    assert exact
    assert len(chosen) <= fewest + 1
    assert _covers(chosen, sets)
    cost = len(stops & {*chosen}), len(chosen), sum(weights[one] for one in chosen)
    assert cost == _least(sets, weights, stops)


@of_each(range(40))
def test_beyond_it_hardly_more_than_are_needed(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    every = list(range(EXACT + 9))
    sets = [frozenset(chance.sample(every, chance.randint(1, 4))) for _ in range(14)]
    sets += [frozenset((one, chance.choice(every))) for one in every]
    chosen, exact, _ = hitting_set(sets, dict.fromkeys(every, 1))
    assert not exact
    assert _covers(chosen, sets)
    for one in chosen:
        assert not _covers({*chosen} - {one}, sets), "one that is not needed"


def test_of_as_many_those_that_disturb_least() -> None:
    sets = [frozenset("ab"), frozenset("ac")]
    assert hitting_set(sets, {"a": 9, "b": 1, "c": 1}) == (["a"], True, 1)
    assert hitting_set([frozenset("ab")], {"a": 2, "b": 1}) == (["b"], True, 1)


def test_one_more_is_taken_where_that_stops_nothing() -> None:
    sets = [frozenset(("web", "tokens")), frozenset(("web", "hop limit"))]
    weights = dict.fromkeys(("web", "tokens", "hop limit", "trust"), 1)
    assert hitting_set(sets, weights, {"web"}) == (["tokens", "hop limit"], True, 1)
    sets.append(frozenset(("web", "trust")))
    assert hitting_set(sets, weights, {"web"}) == (["web"], True, 1), "two more are too many"


def test_one_more_is_taken_beyond_the_bound_too() -> None:
    sets = [frozenset(("web", "tokens")), frozenset(("web", "hop limit"))]
    sets += [frozenset((f"{number}", f"{number} too")) for number in range(EXACT)]
    weights = dict.fromkeys(sorted({one for each in sets for one in each}), 1)
    chosen, exact, _ = hitting_set(sets, weights, {"web"})
    assert not exact
    assert "web" not in chosen
    assert len(chosen) == EXACT + 2


def test_nothing_hits_nothing() -> None:
    assert hitting_set([], {}) == ([], True, 0)
