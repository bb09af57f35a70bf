"""Values as JSON, and addresses: nothing is lost on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.answers.values.addresses import dig, path_text, rest_of, steps
from iac_ec2lint.answers.values.encoding import Faults, encode
from iac_ec2lint.report.serialisation import serialise
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.values import Items, Val, Value

SPAN = SourceText("main.tf", "x = 1\ny = 2\n").span(0, 5)
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}", fullmatch=True)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
STEPS = st.lists(NAMES | st.integers(0, 99) | st.tuples(KEYS), max_size=6)


@given(NUMBERS)
def test_every_number_is_told_exactly(number: int | Decimal) -> None:
    told = json.loads(serialise(encode(Value(number, SPAN))))
    if isinstance(told, dict):
        assert set(told) == {"$number"}
        assert Decimal(told["$number"]) == number
        # It would not have survived as a double.
        assert Decimal(repr(float(Decimal(number)))) != number
    else:
        assert Decimal(repr(told)) == number
        assert float(told) == told


def test_a_number_of_many_digits_is_told() -> None:
    told = encode(Value(10**6000 + 1, SPAN))
    assert told == {"$number": str(Decimal(10**6000 + 1))}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def value_of(data: Any) -> Val:
    if isinstance(data, list):
        return Value(tuple(map(value_of, data)), SPAN)
    if isinstance(data, dict):
        return Value({key: value_of(member) for key, member in data.items()}, SPAN)
    return Value(data, SPAN)


@given(JSON)
def test_known_values_are_told_as_they_are(data: Any) -> None:
    assert encode(value_of(data)) == data


def test_a_set_says_so() -> None:
    assert encode(Value(Items((Value("a", SPAN), Value("b", SPAN))), SPAN)) == {"$set": ["a", "b"]}


@given(st.lists(NAMES, min_size=1, max_size=3), STEPS)
def test_addresses_are_read_as_they_are_written(names: list[str], path: list[Any]) -> None:
    written = ".".join(names) + path_text(path)
    assert steps(written) == (*names, *path)
    assert rest_of(steps(written), steps(".".join(names))) == tuple(path)


def test_an_address_without_keys_means_all_instances() -> None:
    name = steps('module.m["k"].aws_instance.web[0].ami')
    for asked in (
        "module.m",
        "module.m.aws_instance.web",
        'module.m["k"].aws_instance.web',
        "module.m.aws_instance.web[0].ami",
    ):
        assert rest_of(steps(asked), name) == ()
    for asked in ("module", "aws_instance.web", "module.m.aws_instance.web[1]", 'module.m["x"]'):
        assert rest_of(steps(asked), name) == (() if asked == "module" else None)


def test_a_part_is_found_by_its_path() -> None:
    value = value_of({"ingress": [{"ports": [22, 80], "tags": {"a.b": 1}}]})

    def part(path: str) -> object:
        found = dig(value, steps(path))
        return None if found is None else encode(found)

    assert part("ingress[0].ports[1]") == 80
    assert part('ingress[0].tags["a.b"]') == 1
    assert part("ingress[1]") is None
    assert part("ingress.ports") is None


def test_errors_are_found_by_their_place() -> None:
    source = SourceText("main.tf", "x = 1\ny = 2\n")
    reported: list[Diagnostic] = []
    faults = Faults(reported)
    assert faults.within(source.span(0, 5)) is None
    reported.append(Diagnostic.at(source.span(10, 11), "wrong"))
    assert faults.within(source.span(0, 5)) is None
    assert faults.within(source.span(6, 11)) == "wrong"
    assert faults.within(source.span(6, 10)) is None
