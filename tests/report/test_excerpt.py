from __future__ import annotations

from unicodedata import east_asian_width

from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.report.excerpt import excerpt
from iac_ec2lint.source.span import SourceText

PRINTABLE = st.text(st.sampled_from('ab c端é="0'), min_size=1, max_size=300)


def columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def at_columns(text: str, start: int, length: int) -> str:
    """What stands at columns of a terminal, where wide characters take two."""
    cells = "".join(c + ("\0" if east_asian_width(c) in "WF" else "") for c in text)
    return cells[start : start + length].replace("\0", "")


@given(PRINTABLE, st.data())
def test_the_marks_stand_under_what_is_meant(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    width = data.draw(st.integers(30, 120))
    seen = excerpt(SourceText("a.tf", f"first\n{line}\n").span(6 + start, 6 + end), width)
    if seen is None:
        assert not line.strip()
        return
    assert seen.number == seen.last_line == 2
    assert columns(seen.text) <= width
    # A space at the end of the line is marked and not written.
    marked = at_columns(f"{seen.text}{' ' * len(line)}", seen.indent, seen.marks)
    assert marked
    assert line[start:end].startswith(marked)


@given(st.text(max_size=80), st.data())
def test_any_text_gives_a_printable_line(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    seen = excerpt(SourceText("a.tf", text).span(start, end), 60)
    if seen is not None:
        assert seen.text.isprintable()
        assert seen.marks >= 1
        assert seen.last_line >= seen.number


def test_a_line_of_millions_of_characters_is_clipped_around_the_span() -> None:
    text = "x" * 4_000_000 + "HERE" + "\u0301" * 1_000_000
    seen = excerpt(SourceText("a.json", text).span(4_000_000, 4_000_004), 80)
    assert seen is not None
    assert len(seen.text) < 300
    assert seen.text[seen.indent : seen.indent + seen.marks] == "HERE"


def test_a_span_that_ends_with_its_line_is_on_one_line() -> None:
    seen = excerpt(SourceText("a.tf", "one\r\ntwo\r\n").span(0, 5), 80)
    assert seen is not None
    assert (seen.text, seen.marks, seen.last_line) == ("one", 3, 1)


def test_nothing_is_shown_of_a_blank_line_or_a_file_without_text() -> None:
    assert excerpt(SourceText("plan.json", "").span(0, 0), 80) is None
    assert excerpt(SourceText("a.tf", "a\n \nb\n").span(2, 3), 80) is None
