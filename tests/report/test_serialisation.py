"""Indented JSON as Python's own library writes it, whatever is in it."""

from __future__ import annotations

import json
import re
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.report.serialisation import serialise, serialise_in_pieces

COMMAND = re.compile(r"##\w{0,20}\[")
"""What build agents take for a command anywhere in a line."""

PLAIN = st.text(st.characters(codec="ascii", exclude_characters="\x7f")).filter(
    lambda text: not COMMAND.search(text)
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | PLAIN,
    lambda inner: st.lists(inner) | st.dictionaries(PLAIN, inner) | st.tuples(inner, inner),
    max_leaves=20,
)


class Colour(StrEnum):
    RED = "red"


@given(DOCUMENTS)
def test_the_text_is_that_of_the_standard_library(document: object) -> None:
    assert serialise(document) == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


@given(st.lists(DOCUMENTS))
def test_an_iterator_is_written_as_a_list(elements: list[object]) -> None:
    assert serialise({"all": iter(elements)}) == serialise({"all": elements})


@given(st.text())
def test_any_text_comes_back_in_ascii(text: str) -> None:
    written = serialise([text])
    assert written.isascii()
    assert "\x7f" not in written
    assert json.loads(written) == [text]


def test_a_word_of_an_enumeration_is_a_text() -> None:
    assert serialise({"colour": Colour.RED}) == '{\n  "colour": "red"\n}\n'


@pytest.mark.parametrize("prefix", ["##[", "##vso[", "##teamcity[", "####["])
def test_no_command_of_a_build_agent_is_in_it(prefix: str) -> None:
    document = {f"a{prefix}task.setvariable variable=a]": [f"{prefix}error]"]}
    written = serialise(document)
    assert not COMMAND.search(written)
    assert json.loads(written) == document


@pytest.mark.parametrize("count", [0, 1, 50, 120])
def test_the_pieces_are_the_same_text(count: int) -> None:
    elements = [{"n": number, "text": "##[x] \x7f \ud83d é"} for number in range(count)]
    document = {"first": 1, "all": iter(elements), "last": ["x"]}
    pieces = list(serialise_in_pieces(document))
    assert "".join(pieces) == serialise({**document, "all": elements})
    assert (len(pieces) > 6) is (count > 50)
