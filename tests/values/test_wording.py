from __future__ import annotations

import pytest

from iac_ec2lint.values import join_conditions, shortened


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        (["a is 1"], "a is 1"),
        (["a is 1", "a is 1"], "a is 1"),
        (["a is 1", "b is 2"], "a is 1 and b is 2"),
        (["a is 1", "b is 2 or c is 3"], "a is 1 and (b is 2 or c is 3)"),
        (["a is 1", "a is 1 and b is 2"], "a is 1 and b is 2"),
        (["b is 2", "a is 1 and b is 2"], "a is 1 and b is 2"),
        (["a is 1", ""], ""),
        ([], ""),
    ],
)
def test_conditions_of_which_all_hold(parts: list[str], joined: str) -> None:
    assert join_conditions(parts, "and") == joined


def test_conditions_of_which_one_holds() -> None:
    assert join_conditions(["a is 1 and b is 2", "c is 3"], "or") == "(a is 1 and b is 2) or c is 3"


def test_many_values_of_one_thing_are_one_list() -> None:
    one_by_one = [f'var.env is "{name}"' for name in "abc"]
    assert join_conditions(one_by_one[:2], "or") == 'var.env is "a" or var.env is "b"'
    assert join_conditions(one_by_one, "or") == 'var.env is one of "a", "b", "c"'
    grown = join_conditions([join_conditions(one_by_one[:2], "or"), one_by_one[2]], "or")
    assert grown == 'var.env is one of "a", "b", "c"'
    assert join_conditions([grown, 'var.env is "d"', "var.on is true"], "or") == (
        'var.env is one of "a", "b", "c", "d" or var.on is true'
    )
    none = [f'var.env is not "{name}"' for name in "abc"]
    assert join_conditions(none, "and") == 'var.env is none of "a", "b", "c"'


def test_what_is_compared_with_another_thing_is_not_in_the_list() -> None:
    parts = ['a is "1"', 'b is "1"', 'a is "2"', 'a is "3" and b is "2"', 'a is "x or y"']
    assert join_conditions(parts, "or") == (
        'a is one of "1", "2", "x or y" or b is "1" or (a is "3" and b is "2")'
    )


def test_a_long_list_is_told_by_its_first_values() -> None:
    assert shortened('a is one of "1", "2", "3", "4"') == 'a is one of "1", "2", "3", "4"'
    assert shortened('a is one of "1", "2", "3", "4", "5" and b is "x"') == (
        'a is one of "1", "2", "3" or 2 more and b is "x"'
    )
