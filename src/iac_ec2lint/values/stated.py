"""What people say of inputs that have no value in the files: ``inputs`` of a configuration.

It counts where nothing else says what an input is: below what is given for a run and what Terraform
loads of itself, over a default. What rests on it is assumed: it is somebody's word.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.values.addresses import plain_address
from iac_ec2lint.values.step import Step
from iac_ec2lint.values.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values.value import Data, Val

OF_INPUT = "value that the configuration states for "
"""How the step of a stated value begins."""


class StatedInput(NamedTuple):
    """What somebody says of an input.

    Attributes:
        pattern: The input, or a pattern of some, as ``address_fits`` has it.
        text: The value, as JSON.
        span: Where it is written.
    """

    pattern: str
    text: str
    span: Span


class Stated:
    """The inputs that are stated for one unit.

    Args:
        inputs: Of two that are for one input the exact one counts, and else the later.

    Attributes:
        used: The places of those that counted somewhere.
    """

    __slots__ = ("_exact", "_patterns", "used")

    def __init__(self, inputs: Iterable[StatedInput] = ()) -> None:
        self._exact: dict[str, StatedInput] = {}
        self._patterns: list[StatedInput] = []
        self.used: set[tuple[str, int, int]] = set()
        for one in inputs:
            if "*" in one.pattern:
                self._patterns.insert(0, one)
            else:
                self._exact[one.pattern] = one

    def value(self, key: str, span: Span) -> Value | None:
        """What is said of an input; ``None`` where nothing is.

        Args:
            key: The input, with instance keys: what is said without them is said of all instances.
            span: Where it is declared, or read: there it is as if it were written.
        """
        if not self._exact and not self._patterns:
            return None
        plain = key if key.startswith("export:") else plain_address(key)
        found = self._exact.get(key) or self._exact.get(plain)
        if found is None:
            both = (key, plain)
            fitting = (
                one for one in self._patterns if any(address_fits(one.pattern, k) for k in both)
            )
            found = next(fitting, None)
        if found is None:
            return None
        self.used.add(found.span.key)
        value = _read(json.loads(found.text, parse_float=Decimal), span)
        return value.after(Step(found.span, f"{OF_INPUT}{key}", assumed=True))


def is_stated(value: Val) -> bool:
    """Whether a value is what somebody says of an input, or a part of that."""
    return any(step.words.startswith(OF_INPUT) for step in value.via)


def _read(data: object, span: Span) -> Value:
    """JSON as a value, all of it at one place."""
    made: Data
    if isinstance(data, dict):
        made = {str(key): _read(member, span) for key, member in data.items()}
    elif isinstance(data, list):
        made = tuple(_read(member, span) for member in data)
    elif data is None or isinstance(data, bool | int | Decimal | str):
        made = data
    else:
        raise TypeError(data)
    return Value(made, span)


def address_fits(pattern: str, address: str) -> bool:
    """Whether an address is one of those that a pattern stands for.

    ``*`` is text without what separates the parts of an address, ``**`` any text. What both are is
    somebody else's, so that the work is bounded by their lengths: no regular expression is made.
    """
    places = {0}
    for piece in _pieces(pattern):
        if piece == "**":
            places = set(range(min(places), len(address) + 1))
        elif piece == "*":
            places = _within_parts(places, address)
        else:
            ends = (at + len(piece) for at in places if address.startswith(piece, at))
            places = set(ends)
        if not places:
            return False
    return len(address) in places


def _within_parts(places: set[int], address: str) -> set[int]:
    """The places that text without a separator leads to."""
    found: set[int] = set()
    open_ = False
    for at in range(len(address) + 1):
        open_ = open_ or at in places
        if open_:
            found.add(at)
        if at < len(address) and address[at] in "./":
            open_ = False
    return found


@cache
def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(piece for piece in re.split(r"(\*\*|\*)", pattern) if piece)
