"""What one test of many cases says where it does not hold."""

from __future__ import annotations

import pytest
from tests.each import of_each


def test_each_case_that_it_does_not_hold_of_is_named() -> None:
    @of_each([1, 2, 3, 4], lambda case: f"case {case}")
    def holds(case: int) -> None:
        assert case % 2

    with pytest.raises(pytest.fail.Exception) as failed:
        holds()
    assert [line for line in str(failed.value).splitlines() if line.startswith("case")] == [
        "case 2: assert (2 % 2)",
        "case 4: assert (4 % 2)",
    ]


def test_no_cases_at_all_are_a_mistake() -> None:
    with pytest.raises(AssertionError):
        of_each([])(print)()
