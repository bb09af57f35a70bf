from __future__ import annotations

from datetime import date

import pytest

from iac_ec2lint.facts import facts, names


@pytest.mark.parametrize("name", names())
def test_each_file_says_what_it_holds_from_where_of_which_day_and_what_writes_it(name: str) -> None:
    about = facts(name)["about"]
    assert set(about) == {"what", "source", "licence", "on", "made by"}
    assert all(isinstance(text, str) and text for text in about.values())
    assert date.fromisoformat(about["on"]) <= date.today()
