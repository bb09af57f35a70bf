"""Comments that accept findings: what is one, what it says, and what is none and meant as one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.source.span import SourceText
from iac_ec2lint.source.suppression import (
    Suppression,
    Written,
    flaw_of_until,
    parse_comment,
    parse_line,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ec2lint:ignore=SG001 bastion", (("SG001",), "bastion", None)),
        ("  ec2lint:ignore=SG001", (("SG001",), "", None)),
        ("//ec2lint:ignore=SG001", (("SG001",), "", None)),
        ("/* ec2lint:ignore=SG001 why */", (("SG001",), "why", None)),
        ("ec2lint:ignore=SG001,DATA001 two of them", (("SG001", "DATA001"), "two of them", None)),
        ("ec2lint:ignore=SG001, DATA001 two", (("SG001", "DATA001"), "two", None)),
        ("ec2lint:ignore=SG001 , DATA001 two", (("SG001", "DATA001"), "two", None)),
        ("ec2lint:ignore=SG001,", (("SG001",), "", None)),
        ("ec2lint:ignore=ssh-open-to-internet why", (("ssh-open-to-internet",), "why", None)),
        ("ec2lint:ignore=SG001 until=2026-12-31 a", (("SG001",), "a", "2026-12-31")),
        ("ec2lint:ignore=SG001 a until=2026-12-31 b", (("SG001",), "a b", "2026-12-31")),
        ("see above; ec2lint:ignore=SG001 why", (("SG001",), "why", None)),
        ("ec2lint:ignore=SG001 until it is mended", (("SG001",), "until it is mended", None)),
        ("ec2lint:ignore=SG001 see x.org/?until=3", (("SG001",), "see x.org/?until=3", None)),
    ],
)
def test_what_a_comment_says(text: str, expected: tuple[tuple[str, ...], str, str | None]) -> None:
    assert parse_line(text) == Written(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a comment",
        "ec2lint",
        "run iac-ec2lint before a commit",
        "ec2lint ignores this, and so do we",
        "see ec2lint: the docs",
        "skip this in ec2lint",
        "notec2lint:ignore=SG001",
        "https://example.org/ec2lint:ignore=SG001",
    ],
)
def test_what_is_an_ordinary_comment(text: str) -> None:
    assert parse_line(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "ec2lint:ignore",
        "ec2lint:ignore=",
        "ec2lint:ignore SG001 why",
        "ec2lint:ignore= SG001",
        "ec2lint:ignore=*",
        "ec2lint:ignore=SG*",
        "ec2lint:ignore=SG001;SG002 why",
        "ec2lint: ignore=SG001",
        "ec2lint:ignore:SG001",
        "ec2lint:ignore(SG001)",
        "ec2lint:disable=SG001",
        "ec2lint disable=SG001",
        "ec2lint ignore SG001",
        "ec2lint-ignore=SG001",
        "ec2lint/ignore=SG001",
        "ec2lint::ignore=SG001",
        "ec2lint:ingore=SG001",
        "ec2lint:SG001 why",
        "EC2LINT:IGNORE=SG001",
        "Ec2lint:ignore=SG001",
        "iac-ec2lint:ignore=SG001",
        "ec2-lint:skip=SG001",
        "TODO: ec2lint:disable=SG001",
    ],
)
def test_what_is_meant_as_one_and_is_none(text: str) -> None:
    written = parse_line(text)
    assert written is not None
    codes = "SG001,SG002" if "SG002" in text else "SG001" if "SG001" in text.upper() else "CODE"
    assert f"write ec2lint:ignore={codes} and the reason" in written.flaw


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("until=", '"until='),
        ("Until=2026-12-31", '"Until=2026-12-31"'),
        ("UNTIL=2026-12-31", '"UNTIL=2026-12-31"'),
        ("until:2026-12-31", '"until:2026-12-31"'),
        ("until: 2026-12-31", '"until: 2026-12-31"'),
        ("until= 2026-12-31", '"until= 2026-12-31"'),
        ("until =2026-12-31", '"until =2026-12-31"'),
        ("untill=2026-12-31", '"untill=2026-12-31"'),
        ("expires=2026-12-31", '"expires=2026-12-31"'),
        ("unitl=2026-12-31", '"unitl=2026-12-31"'),
        ("until 2026-12-31", '"until 2026-12-31"'),
        ("expires 2026-12-31", '"expires 2026-12-31"'),
        ("exp:2026-12-31", '"exp:2026-12-31"'),
        ("until=soon", '"until=soon"'),
        ("until=2026-13-01", '"until=2026-13-01"'),
        ("until=20261231", '"until=20261231"'),
        ("until=31.12.2026", '"until=31.12.2026"'),
        ("until=2026-12-31 until=2027-12-31", "it ends twice"),
        ("ec2lint:ignore=SG002 why", "a line has one suppression"),
    ],
)
def test_an_end_that_is_none(end: str, words: str) -> None:
    for text in (f"ec2lint:ignore=SG001 why {end}", f"ec2lint:ignore=SG001 {end} why"):
        written = parse_line(text)
        assert written is not None
        assert written.flaw.startswith(words)
        assert written.until is None


def test_each_line_of_a_comment_may_have_one() -> None:
    text = "/* ec2lint:ignore=SG001 over\n   two lines\n * ec2lint:ignore=SG002 why */"
    found = [(text[start:end], written) for start, end, written in parse_comment(text)]
    assert found == [
        ("/* ec2lint:ignore=SG001 over", Written(("SG001",), "over")),
        ("* ec2lint:ignore=SG002 why */", Written(("SG002",), "why")),
    ]


@given(st.text(max_size=80))
def test_no_comment_raises(text: str) -> None:
    list(parse_comment(text))
    list(parse_comment(f"ec2lint:ignore={text}"))
    list(parse_comment(f"ec2lint:ignore=SG001 until={text}"))


@pytest.mark.parametrize(
    ("until", "day"), [(None, None), ("2026-12-31", date(2026, 12, 31)), ("someday", None)]
)
def test_the_last_day(until: str | None, day: date | None) -> None:
    span = SourceText("a.tf", "").span(0, 0)
    assert Suppression(("SG001",), "", until, span, span).last_day == day


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "20261231", "2026-W01-1"])
def test_what_is_no_day(text: str) -> None:
    assert "write one such as 2026-12-31" in flaw_of_until(text)
    assert flaw_of_until("2026-12-31") == ""
