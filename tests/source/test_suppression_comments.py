"""Comments that accept findings: what is one, and what it says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.source.span import SourceText
from iac_ec2lint.source.suppression import Suppression, parse_comment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ec2lint:ignore=SG001 bastion", (("SG001",), "bastion", None)),
        ("  ec2lint:ignore=SG001", (("SG001",), "", None)),
        ("ec2lint:ignore=SG001,DATA001 two of them", (("SG001", "DATA001"), "two of them", None)),
        ("ec2lint:ignore=ssh-open-to-internet why", (("ssh-open-to-internet",), "why", None)),
        ("ec2lint:ignore=SG001 until=2026-12-31 a", (("SG001",), "a", "2026-12-31")),
        ("ec2lint:ignore=SG001 a until=2026-12-31 b", (("SG001",), "a b", "2026-12-31")),
        ("ec2lint:ignore=SG001 until=someday", (("SG001",), "", "someday")),
        ("see above; ec2lint:ignore=SG001 why", (("SG001",), "why", None)),
        ("ec2lint:ignore=SG001 over\n   two lines", (("SG001",), "over two lines", None)),
    ],
)
def test_what_a_comment_says(text: str, expected: tuple[tuple[str, ...], str, str | None]) -> None:
    assert parse_comment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a comment",
        "ec2lint",
        "ec2lint:ignore",
        "ec2lint:ignore=",
        "ec2lint: ignore=SG001",
        "notec2lint:ignore=SG001",
    ],
)
def test_what_is_an_ordinary_comment(text: str) -> None:
    assert parse_comment(text) is None


@given(st.text(max_size=80))
def test_no_comment_raises(text: str) -> None:
    parse_comment(text)
    parse_comment(f"ec2lint:ignore={text}")


@pytest.mark.parametrize(
    ("until", "day"),
    [(None, None), ("2026-12-31", date(2026, 12, 31)), ("someday", None), ("2026-13-01", None)],
)
def test_the_last_day(until: str | None, day: date | None) -> None:
    span = SourceText("a.tf", "").span(0, 0)
    assert Suppression(("SG001",), "", until, span, span).last_day == day
