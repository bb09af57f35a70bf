"""The lists that a list may be of which conditions choose some elements: see ``List.exact``."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.terraform.language.containers import List, Set, Several, is_open
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.types import ANY
from iac_ec2lint.terraform.language.unknowns import MAX_CANDIDATES
from iac_ec2lint.values import Fact, Step, Unknown, Val, Value, exclude, guard_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class ClosedList(NamedTuple):
    """One of the lists that a list may be.

    Attributes:
        elements: Its elements.
        when: The steps that say when it is that.
    """

    elements: tuple[Val, ...]
    when: tuple[Step, ...]


def is_exact(value: Val) -> bool:
    """Whether the elements of a list that may be there are in their place."""
    data = value.data if isinstance(value, Value) else None
    return not is_open(data) or (isinstance(data, List) and data.exact)


def closed_lists(lists: Sequence[Val]) -> list[ClosedList]:
    """All that some exact lists may be, one after the other; none where that is not known.

    Args:
        lists: The lists, whose elements are of one type.
    """
    if not all(map(is_exact, lists)):
        return []
    elements = [element for one in lists for element in one.elements()]
    choices = [one.arms if isinstance(one, Several) else (None,) for one in elements]
    arms = (arm for some in choices for arm in some)
    if not all(arm is None or _is_closed(arm) for arm in arms):
        return []
    if not 0 < prod(map(len, choices)) <= MAX_CANDIDATES:
        return []
    kinds = [one.data.element for one in lists if isinstance(one.data, List)]  # type: ignore[union-attr] # none is unknown
    kind = kinds[0] if len(kinds) == len(lists) else ANY
    found: list[ClosedList] = []
    for chosen in product(*choices):
        made: list[Val] = []
        when: list[Step] = []
        for element, arm in zip(elements, chosen, strict=True):
            made += (element,) if arm is None else arm.elements()
            when += () if arm is None else arm.via[-1:]
        if exclude(*(guard_of(arm) for arm in chosen if arm is not None)):
            continue
        try:
            converted = tuple(convert(one, kind) for one in made) if kind is not ANY else (*made,)
        except Mismatch:
            return []
        found.append(ClosedList(converted, tuple(dict.fromkeys(when))))
    return found


def _is_closed(arm: Val) -> bool:
    data = arm.data if isinstance(arm, Value) else None
    return isinstance(data, tuple) and not isinstance(data, Set) and not is_open(data)


def elements_met(value: Value, key: Unknown) -> list[Val]:
    """The elements of the lists that a list may be, each at the index that goes with it."""
    arms: list[Val] = []
    for one, index in product(closed_lists([value]), key.candidates):
        number = index.number
        if not isinstance(number, int):
            return []
        when = frozenset[Fact]().union(*(step.guard for step in one.when))
        if not exclude(when, guard_of(index)) and 0 <= number < len(one.elements):
            arms.append(one.elements[number].after(*one.when, *index.via[-1:]))
    return arms


def as_exact(joined: tuple[Val, ...], lists: Sequence[Val]) -> tuple[Val, ...]:
    """What some lists make one after the other: exact where each of them is, and open."""
    if isinstance(joined, List) and joined.open:
        joined.exact = all(map(is_exact, lists))
    return joined
