"""Which guards exclude each other, and what alternatives have in common."""

from __future__ import annotations

import pytest

from iac_ec2lint.values import NEVER, UNGUARDED, Fact, Guard, common, exclude

TEST, PRODUCTION = Fact("env", "test", True), Fact("env", "production", True)
NOT_TEST, NOT_PRODUCTION = TEST._replace(holds=False), PRODUCTION._replace(holds=False)
OTHER = Fact("other", "test", True)


def guard(*facts: Fact) -> Guard:
    return frozenset(facts)


@pytest.mark.parametrize(
    ("guards", "excluded"),
    [
        ([], False),
        ([UNGUARDED, UNGUARDED], False),
        ([guard(TEST)], False),
        ([guard(TEST), guard(TEST)], False),
        ([guard(TEST), guard(NOT_TEST)], True),
        ([guard(NOT_TEST), guard(TEST)], True),
        ([guard(TEST, NOT_TEST)], True),
        ([guard(TEST), guard(PRODUCTION)], True),
        ([guard(TEST), guard(NOT_PRODUCTION)], False),
        # It may have a third value.
        ([guard(NOT_TEST), guard(NOT_PRODUCTION)], False),
        ([guard(NOT_TEST), guard(OTHER)], False),
        ([guard(TEST, OTHER), UNGUARDED, guard(OTHER, PRODUCTION)], True),
        ([NEVER], True),
        ([NEVER, guard(TEST)], True),
    ],
)
def test_what_excludes_what(guards: list[Guard], excluded: bool) -> None:
    assert exclude(*guards) is excluded
    assert exclude(*reversed(guards)) is excluded


def test_what_alternatives_have_in_common() -> None:
    assert common([]) == UNGUARDED
    assert common([guard(TEST, OTHER), guard(OTHER, NOT_TEST)]) == guard(OTHER)
    assert common([guard(TEST), UNGUARDED]) == UNGUARDED


def test_a_choice_is_contradicted_by_the_opposites_of_all_that_it_leaves() -> None:
    a, b = Fact("a", "true", holds=True), Fact("b", "true", holds=True)
    both = frozenset((Fact("a and b", "true", False, frozenset((a, b))),))
    assert not exclude(both)
    assert not exclude(both, frozenset((a,)))
    assert not exclude(both, frozenset((a, Fact("b", "true", holds=False))))
    assert exclude(both, frozenset((a,)), frozenset((b,)))
    assert exclude(both | {a, b})
