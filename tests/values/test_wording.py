from __future__ import annotations

import pytest

from iac_ec2lint.values import join_conditions


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
