"""Lines and columns of places in a text, whatever its line endings and characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.source.span import SourceText

TEXTS = st.text(
    alphabet=st.sampled_from("ab \t\r\n\u00e9\u4e2d\U0001f600\u0301\u2028\x0b\x85"), max_size=60
)


@given(TEXTS)
def test_positions_and_offsets_are_inverse(text: str) -> None:
    source = SourceText("a.tf", text)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert line >= 1
        assert column >= 1
        assert source.offset(line, column) == offset


@given(TEXTS)
def test_only_a_line_feed_begins_a_line(text: str) -> None:
    source = SourceText("a.tf", text)
    for offset in range(len(text) + 1):
        assert source.position(offset)[0] == text.count("\n", 0, offset) + 1


@given(TEXTS)
def test_columns_count_code_points(text: str) -> None:
    source = SourceText("a.tf", text)
    for offset in range(len(text) + 1):
        assert source.position(offset)[1] == offset - text.rfind("\n", 0, offset)


@given(TEXTS)
def test_lines_put_together_are_the_text(text: str) -> None:
    source = SourceText("a.tf", text)
    count = text.count("\n") + 1
    lines = [source.line(number) for number in range(1, count + 1)]
    assert lines == [line.rstrip("\r") for line in text.split("\n")]
    assert source.line(count + 1) == ""


@given(TEXTS, st.data())
def test_a_span_reads_back_what_it_covers(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    source = SourceText("a.tf", text)
    span = source.span(start, end)
    assert span.text == text[start:end]
    assert source.offset(span.line, span.column) == start
    assert source.offset(span.end_line, span.end_column) == end


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("x = here", 5),
        ("\tx = here", 6),  # a tab is one column
        ("\U0001f600 = here", 5),  # outside the basic plane, and one column
        ("e\u0301 = here", 6),  # a combining mark is a code point of its own
        ("\u4e2d = here", 5),  # wide on a screen, and one column
    ],
    ids=ascii,
)
def test_columns(text: str, column: int) -> None:
    for before in ("", "\n", "\r\n", "first\r\n"):
        source = SourceText("a.tf", before + text)
        start = source.text.index("here")
        span = source.span(start, start + 4)
        assert (span.line, span.column) == (before.count("\n") + 1, column)
        assert (span.end_line, span.end_column) == (span.line, column + 4)


def test_a_span_contains_what_lies_in_it_in_its_file() -> None:
    text = "0123456789"
    outer = SourceText("a.tf", text).span(2, 8)
    assert outer.contains(SourceText("a.tf", text).span(2, 8))
    assert outer.contains(SourceText("a.tf", text).span(5, 5))
    assert not outer.contains(SourceText("a.tf", text).span(1, 8))
    assert not outer.contains(SourceText("a.tf", text).span(2, 9))
    assert not outer.contains(SourceText("b.tf", text).span(3, 4))


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("a.tf.json", r"jsondecode(var.x)[\"key\"]", 'jsondecode(var.x)["key"]'),
        ("a.tf.json", r'"a whole \"string\""', r'"a whole \"string\""'),
        ("a.tf.json", "var.x", "var.x"),
        ("a.tf", r"replace(var.x, \"a\", 1)", r"replace(var.x, \"a\", 1)"),
    ],
)
def test_an_expression_in_a_string_of_json_is_read_without_its_escapes(
    path: str, text: str, code: str
) -> None:
    assert SourceText(path, text).span(0, len(text)).code == code
