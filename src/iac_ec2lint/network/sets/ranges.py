"""Sets of whole numbers as sorted ranges: what address sets and port sets have in common."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

Ranges: TypeAlias = "tuple[tuple[int, int], ...]"
"""Closed ranges ``(lo, hi)``, ascending, disjoint and not adjacent: one spelling for one set."""


def merged(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges that ``pairs``, in any order and overlapping or not, cover together.

    A pair whose first number is the greater one covers nothing.
    """
    ranges: list[tuple[int, int]] = []
    first = last = -2  # before and not adjacent to any range
    for lo, hi in sorted(pairs):
        if lo > hi:
            continue
        if lo <= last + 1:
            if hi > last:
                last = hi
                ranges[-1] = (first, last)
        else:
            first, last = lo, hi
            ranges.append((lo, hi))
    return tuple(ranges)


def union(a: Ranges, b: Ranges) -> Ranges:
    """What is in ``a`` or in ``b``. Linear: sorting two sorted runs is one merge."""
    if not b or a is b:
        return a
    if not a or (len(b) == 1 and b[0][0] <= a[0][0] and a[-1][1] <= b[0][1]):
        return b
    if len(a) == 1 and a[0][0] <= b[0][0] and b[-1][1] <= a[0][1]:
        return a
    return merged(a + b)


def intersection(a: Ranges, b: Ranges) -> Ranges:
    """What is in both: one of the two itself, where one range of the other covers it."""
    if not a or not b:
        return ()
    if len(b) == 1 and b[0][0] <= a[0][0] and a[-1][1] <= b[0][1]:
        return a
    if len(a) == 1 and a[0][0] <= b[0][0] and b[-1][1] <= a[0][1]:
        return b
    ranges: list[tuple[int, int]] = []
    i, j = _first_reaching(a, b[0][0]), _first_reaching(b, a[0][0])
    while i < len(a) and j < len(b):
        (a_lo, a_hi), (b_lo, b_hi) = a[i], b[j]
        lo, hi = max(a_lo, b_lo), min(a_hi, b_hi)
        if lo <= hi:
            ranges.append((lo, hi))
        if a_hi < b_hi:
            i += 1
        else:
            j += 1
    return tuple(ranges)


def difference(a: Ranges, b: Ranges) -> Ranges:
    """What is in ``a`` and not in ``b``."""
    if not a or not b:
        return a
    ranges: list[tuple[int, int]] = []
    j = _first_reaching(b, a[0][0])
    for lo, hi in a:
        while j < len(b) and b[j][1] < lo:
            j += 1
        at, rest = j, lo
        while at < len(b) and b[at][0] <= hi:
            if rest < b[at][0]:
                ranges.append((rest, b[at][0] - 1))
            rest = b[at][1] + 1
            at += 1
        if rest <= hi:
            ranges.append((rest, hi))
        j = max(j, at - 1)  # the last one met may reach into the next range of a
    return tuple(ranges)


def overlap(a: Ranges, b: Ranges) -> bool:
    """Whether anything is in both."""
    if not a or not b:
        return False
    i, j = _first_reaching(a, b[0][0]), _first_reaching(b, a[0][0])
    while i < len(a) and j < len(b):
        if a[i][1] < b[j][0]:
            i += 1
        elif b[j][1] < a[i][0]:
            j += 1
        else:
            return True
    return False


def contains(a: Ranges, lo: int, hi: int) -> bool:
    """Whether all of ``lo`` to ``hi`` is in ``a``."""
    at = _first_reaching(a, lo)
    return at < len(a) and a[at][0] <= lo and hi <= a[at][1]


def _first_reaching(a: Ranges, number: int) -> int:
    """Index of the first range that does not end before ``number``."""
    if not a or a[0][1] >= number:  # as mostly: few sets have many ranges
        return 0
    at = bisect_left(a, (number + 1,))  # of the first range that begins after it
    return at - 1 if at and a[at - 1][1] >= number else at


class RangeSet:
    """An immutable set of the whole numbers from 0 to ``top``.

    Two sets with different ``top`` do not mix: IPv4 and IPv6 addresses are never the same.

    Attributes:
        ranges: What is in it, in the one normal form that ``merged`` makes.
        top: The greatest number of the universe.
    """

    __slots__ = ("ranges", "top")

    def __init__(self, top: int, ranges: Ranges) -> None:
        self.top: Final = top
        self.ranges: Final = ranges

    def _like(self, ranges: Ranges) -> Self:
        """A set of the same universe."""
        raise NotImplementedError

    def _combined(self, other: Self, ranges: Ranges) -> Self:
        self._mixes(other)
        if ranges is self.ranges:
            return self
        return other if ranges is other.ranges else self._like(ranges)

    def _mixes(self, other: Self) -> None:
        if self.top != other.top:
            raise ValueError(f"sets of 0-{self.top} and of 0-{other.top} do not mix")

    def __or__(self, other: Self) -> Self:
        return self._combined(other, union(self.ranges, other.ranges))

    def __and__(self, other: Self) -> Self:
        return self._combined(other, intersection(self.ranges, other.ranges))

    def __sub__(self, other: Self) -> Self:
        return self._combined(other, difference(self.ranges, other.ranges))

    def __invert__(self) -> Self:
        return self._like(difference(((0, self.top),), self.ranges))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RangeSet):
            return NotImplemented
        return self.ranges == other.ranges and self.top == other.top

    def __hash__(self) -> int:
        return hash(self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return not self.ranges

    @property
    def is_everything(self) -> bool:
        """Whether the whole universe is in it."""
        return self.ranges == ((0, self.top),)

    @property
    def size(self) -> int:
        """How many numbers are in it."""
        return sum(hi - lo + 1 for lo, hi in self.ranges)

    def contains(self, number: int) -> bool:
        """Whether ``number`` is in it."""
        return contains(self.ranges, number, number)

    def covers(self, other: Self) -> bool:
        """Whether all of ``other`` is in it."""
        self._mixes(other)
        return all(contains(self.ranges, lo, hi) for lo, hi in other.ranges)

    def overlaps(self, other: Self) -> bool:
        """Whether some of ``other`` is in it."""
        self._mixes(other)
        return overlap(self.ranges, other.ranges)

    def hull(self) -> Self:
        """The smallest single range that covers it."""
        if len(self.ranges) < 2:
            return self
        return self._like(((self.ranges[0][0], self.ranges[-1][1]),))
