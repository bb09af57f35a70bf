"""The fewest changes that hit all paths, beside looking at all sets of them."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from iac_ec2lint.answers.cutting.hitting import EXACT, hitting_set


def _fewest(sets: list[frozenset[int]], every: list[int]) -> int:
    for size in range(len(every) + 1):
        for chosen in combinations(every, size):
            if all(set(chosen) & each for each in sets):
                return size
    raise AssertionError


@pytest.mark.parametrize("seed", range(60))
def test_up_to_the_bound_no_fewer_do(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    every = list(range(chance.randint(1, 9)))
    sets = [
        frozenset(chance.sample(every, chance.randint(1, len(every))))
        for _ in range(chance.randint(1, 12))
    ]
    chosen, exact = hitting_set(sets, dict.fromkeys(every, 1))
    assert exact
    assert all(set(chosen) & each for each in sets)
    assert len(chosen) == _fewest(sets, every)


@pytest.mark.parametrize("seed", range(40))
def test_beyond_it_hardly_more_than_are_needed(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    every = list(range(EXACT + 9))
    sets = [frozenset(chance.sample(every, chance.randint(1, 4))) for _ in range(14)]
    sets += [frozenset((one, chance.choice(every))) for one in every]
    chosen, exact = hitting_set(sets, dict.fromkeys(every, 1))
    assert not exact
    assert all(set(chosen) & each for each in sets)
    for one in chosen:
        assert not all((set(chosen) - {one}) & each for each in sets), "one that is not needed"


def test_of_as_many_those_that_disturb_least() -> None:
    sets = [frozenset("ab"), frozenset("ac")]
    assert hitting_set(sets, {"a": 9, "b": 1, "c": 1}) == (["a"], True)
    assert hitting_set([frozenset("ab")], {"a": 2, "b": 1}) == (["b"], True)


def test_nothing_hits_nothing() -> None:
    assert hitting_set([], {}) == ([], True)
