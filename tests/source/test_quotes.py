"""Texts quote little of what came out of files, and all that they say themselves."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.source.quotes import SHOWN, FileTexts, Quotations
from iac_ec2lint.source.span import SourceText

SECRET = "".join(f"{chr(65 + n % 26)}{n}" for n in range(200))


def quotations(*texts: str, paths: tuple[str, ...] = ()) -> Quotations:
    found = FileTexts()
    for text in texts:
        found.note(text)
    found.paths.update(paths)
    return Quotations(found)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (f'it is "{SECRET}", so', f'it is "{SECRET[:40]}…", so'),
        (f'it is "{SECRET[13:90]}", so', f'it is "{SECRET[13:53]}…", so'),
        (f"{SECRET[100:131]} and {SECRET[:31]}", f"{SECRET[100:131]} and {SECRET[:9]}…"),
        (f"{SECRET[:30]} and {SECRET[50:80]} again", f"{SECRET[:30]} and {SECRET[50:60]}… again"),
        (SECRET[7:47], SECRET[7:47]),
        (f"{SECRET[:30]}, {SECRET[:30]} and {SECRET[:30]}", None),
        ("nothing of it is in this text, which is long enough to be looked at", None),
        (f"short words of it do not count: {SECRET[:20]} {SECRET[30:50]} {SECRET[60:80]}", None),
    ],
)
def test_at_most_40_characters_of_a_text_are_quoted(text: str, want: str | None) -> None:
    assert quotations(SECRET).cut(text) == (text if want is None else want)


@given(
    st.text(min_size=41, max_size=200),
    st.data(),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_whatever_the_text(text: str, data: st.DataObject, before: str, after: str) -> None:
    start = data.draw(st.integers(0, len(text) - 41))
    quoted = text[start : data.draw(st.integers(start + 41, len(text)))]
    shown = quotations(text).cut(f"{before}{quoted}{after}")
    assert quoted not in shown or quoted in f"{before[-40:]}{after}"
    assert len(shown) <= len(before) + SHOWN + 1 + len(after)


@pytest.mark.parametrize("part", [SECRET[:60], f"longer {SECRET[:60]} {'z' * 999}", SECRET[20:70]])
def test_a_text_of_which_a_part_is_known_too_is_quoted_no_further(part: str) -> None:
    assert quotations(SECRET[:75], part).cut(f'"{SECRET[:75]}" is') == f'"{SECRET[:40]}…" is'


def test_what_is_not_quoted_stays_as_it_is() -> None:
    assert not quotations("a" * SHOWN)
    text = "y" * 100
    assert quotations(SECRET).cut(text) is text


def test_large_texts_take_no_long_time() -> None:
    started = time.perf_counter()
    found = quotations("ab" * 200_000, SECRET * 500)
    for _ in range(20):
        found.cut("ab" * 5_000 + SECRET)
    assert time.perf_counter() - started < 10


def test_a_file_that_is_quoted_is_shown_as_far_as_40_characters() -> None:
    source = SourceText("a.sh", f"first\n{SECRET}\nlast\n")
    found = quotations(paths=("a.sh",))
    whole = found.span(source.span(0, len(source.text)))
    assert whole.source.text == f"first\n{SECRET[:34]}{'*' * (len(SECRET) - 34)}\n****\n"
    assert (whole.start, whole.end, whole.path) == (0, len(source.text), "a.sh")
    inner = source.span(106, 150)
    assert found.span(inner) is inner
    other = SourceText("b.sh", SECRET).span(0, len(SECRET))
    assert found.span(other) is other


def test_so_is_a_long_line_of_which_a_part_was_decoded() -> None:
    source = SourceText("a.json", f"first\n{SECRET}\nlast\n")
    texts = FileTexts()
    texts.paths.add("a.json")
    texts.decoded.add("a.json")
    part = Quotations(texts).span(source.span(106, 150))
    assert part.source.line(2).strip("*") == SECRET[100:140]
    assert part.line == 2
    short = source.span(0, 5)
    assert Quotations(texts).span(short) is short
