"""JSON text comes to what ``json`` makes of it, and every value stands where it says."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iac_ec2lint.source.json_text import (
    Json,
    JsonArray,
    JsonError,
    JsonNestingError,
    JsonNumber,
    JsonObject,
    JsonString,
    read_json,
    read_string,
)
from iac_ec2lint.source.limits import NESTING

HALVES = range(0xD800, 0xE000)

texts = st.text(max_size=8) | st.text(alphabet='"\\/\b\f\n\r\t\x00\x1f\x7f é😀\ue000', max_size=6)
numbers = (
    st.integers() | st.integers(10**300, 10**320) | st.floats(allow_nan=False, allow_infinity=False)
)
structures: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
spaces = st.sampled_from(["", " ", "\n", "\r\n", "\t ", "  \n  "])


@st.composite
def written(draw: st.DrawFn, structure: Any) -> str:
    """A structure as JSON, with space and escapes drawn for each place."""

    def string(value: str) -> str:
        encoded = json.dumps(value, ensure_ascii=draw(st.booleans()))
        slash = draw(st.sampled_from(["/", "\\/"]))
        return encoded.replace("/", slash)

    def spaced(*tokens: str) -> str:
        return "".join(draw(spaces) + token + draw(spaces) for token in tokens)

    def of(value: Any) -> str:
        if isinstance(value, str):
            return spaced(string(value))
        if isinstance(value, list):
            return spaced("[", ",".join(of(element) for element in value), "]")
        if isinstance(value, dict):
            members = [spaced(string(key)) + ":" + of(inner) for key, inner in value.items()]
            is_repeated: bool = draw(st.booleans())
            if is_repeated:
                members += members[:1]  # the same key a second time
            return spaced("{", ",".join(members), "}")
        return spaced(json.dumps(value))

    return of(structure)


json_texts = structures.flatmap(written)


def plain(value: Json) -> Any:
    """What ``json`` makes of the same; each number is its text, each object its pairs."""
    if isinstance(value, JsonObject):
        return [(key.value, plain(inner)) for key, inner in value.members]
    if isinstance(value, JsonArray):
        return [plain(element) for element in value.elements]
    if isinstance(value, JsonNumber):
        return ("number", value.text)
    return value.value


def by_json(text: str) -> Any:
    """The same from ``json``."""

    def number(digits: str) -> Any:
        return ("number", digits)

    return json.loads(text, parse_int=number, parse_float=number, object_pairs_hook=list)


def parts(value: Json) -> list[Json]:
    """A value and all in it."""
    if isinstance(value, JsonArray):
        return [value, *(part for element in value.elements for part in parts(element))]
    if isinstance(value, JsonObject):
        inside = [part for key, inner in value.members for part in (key, *parts(inner))]
        return [value, *inside]
    return [value]


@settings(deadline=None)
@given(json_texts)
@example('{"a": 1, "a": [2, {"a": {}}], "": -0}')
@example('["\\ud83d\\ude00\\u00e9", 1E+2, -0.10, 1e-999999, 12345678901234567890123]')
def test_it_reads_what_json_reads(text: str) -> None:
    assert plain(read_json(text)) == by_json(text)


@settings(deadline=None)
@given(json_texts)
def test_every_value_stands_where_it_says(text: str) -> None:
    for part in parts(read_json(text)):
        assert plain(read_json(text[part.start : part.end])) == plain(part)
        assert not text[part.start].isspace()
        assert not text[part.end - 1].isspace()


@settings(deadline=None)
@given(texts, st.booleans(), texts)
def test_every_character_of_a_string_stands_where_it_says(
    value: str, ascii_only: bool, before: str
) -> None:
    encoded = json.dumps(value, ensure_ascii=ascii_only)
    string = read_string(before + encoded + before, len(before))
    assert (string.value, string.start) == (value, len(before))
    assert string.end == len(before) + len(encoded)
    offsets = string.offsets or [*range(string.start + 1, string.end)]
    assert len(offsets) == len(value) + 1
    text = before + encoded
    for at, (start, end) in enumerate(pairwise(offsets)):
        assert json.loads(f'"{text[start:end]}"') == value[at]


@settings(deadline=None)
@given(st.text(alphabet='{}[]":,\\ue019-+.truefalsn \n/*#', max_size=30))
@example('"\x01"')
@example('"\\\n')
@example("[1,]")
@example("\ufeff1")
def test_what_json_refuses_is_an_error_with_its_place(text: str) -> None:
    try:
        expected = by_json(text)
    except ValueError:
        with pytest.raises(JsonError) as raised:
            read_json(text)
        error = raised.value
        assert 0 <= error.offset <= len(text)
        lines = text.split("\n")
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1 == (
            error.offset
        )
        assert "\n" not in error.message
    else:
        found = plain(read_json(text))
        assert _without_halves(expected) == found


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return "".join("\ufffd" if ord(sign) in HALVES else sign for sign in value)
    if isinstance(value, list | tuple):
        return type(value)(_without_halves(inner) for inner in value)
    return value


@pytest.mark.parametrize("text", ['"\\ud83d"', '"\\ude00"', '"\\ud83d\\ud83d"', '"\\udE00\\uD83D"'])
def test_half_a_surrogate_pair_is_a_replacement_character(text: str) -> None:
    string = read_json(text)
    assert isinstance(string, JsonString)
    assert string.value == _without_halves(json.loads(text))


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "expected a value, found the end of the plan"),
        ("NaN", 1, 1, "expected a value, found 'NaN'"),
        ('{\n  "a": 1', 1, 1, "expected '}' to close this '{'"),
        ('{"a": 1,\n "b": 2,\n}', 3, 1, "expected a key after ',', found '}'"),
        ("[1,\n2\n3]", 3, 1, "expected ',' or ']', found '3'"),
        ("[1] 2", 1, 5, "expected the end of the plan, found '2'"),
        ('["a\n"]', 1, 4, "expected '\"' to close the string opened at column 2"),
        ('{"a"\n"b"}', 2, 1, "expected ':' after the key, found '\"'"),
    ],
)
def test_errors(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(JsonError) as raised:
        read_json(text, "plan")
    error = raised.value
    assert (error.line, error.column, error.message) == (line, column, message)


@pytest.mark.parametrize(("opener", "closer"), [("[", "]"), ('{"a":', "}")])
def test_nesting_is_bounded_without_recursion(opener: str, closer: str) -> None:
    deepest = opener * NESTING + "1" + closer * NESTING
    value = read_json(deepest)
    assert (value.start, value.end) == (0, len(deepest))
    with pytest.raises(JsonNestingError) as raised:
        read_json(opener * 1_000_000)
    assert raised.value.offset == NESTING * len(opener)
