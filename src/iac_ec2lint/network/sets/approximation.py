"""What is known of a set: at least so much, at most so much."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_, sub
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self


class TooManyRangesError(Exception):
    """A set would have more ranges than are worked with. An approximation is widened then."""


class Combinable(Protocol):
    """A set that an approximation can hold: of addresses, of ports, of traffic."""

    def __or__(self, other: Self, /) -> Self: ...
    def __and__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def hull(self) -> Self:
        """A set that covers this one and has few ranges."""
        ...


S = TypeVar("S", bound=Combinable)
T = TypeVar("T", bound=Combinable)


class Approximation(Generic[S]):
    """A set between two known ones: all of ``lower`` is in it, nothing outside ``upper`` is.

    Known facts are in both; what an unknown could add is in ``upper`` alone, as widely as it can
    be. Where an operation has too many ranges, its lower set is empty or its upper set a hull:
    less is known, nothing false.

    Attributes:
        lower: Elements that are certainly in the set. The caller ensures that ``upper`` covers it.
        upper: Elements that may be in the set.
        truncated: Whether it, or what it was made of, was widened because it had too many ranges.
    """

    __slots__ = ("lower", "truncated", "upper")

    def __init__(self, lower: S, upper: S, *, truncated: bool = False) -> None:
        self.lower: Final = lower
        self.upper: Final = upper
        self.truncated: Final = truncated

    @staticmethod
    def exactly(known: T) -> Approximation[T]:
        """A set that is known exactly."""
        return Approximation(known, known)

    @staticmethod
    def at_most(possible: T) -> Approximation[T]:
        """A set of which only a bound is known."""
        return Approximation(possible - possible, possible)

    @staticmethod
    def one_of(first: Approximation[T], *others: Approximation[T]) -> Approximation[T]:
        """One of several sets, where it is unknown which."""
        return reduce(lambda one, other: _combined(one, other, and_, or_), others, first)

    def __or__(self, other: Approximation[S]) -> Approximation[S]:
        return _combined(self, other, or_, or_)

    def __and__(self, other: Approximation[S]) -> Approximation[S]:
        return _combined(self, other, and_, and_)

    def __sub__(self, other: Approximation[S]) -> Approximation[S]:
        # Certainly left is what cannot be removed; possibly left is what is not certainly removed.
        taken = Approximation(other.upper, other.lower, truncated=other.truncated)
        return _combined(self, taken, sub, sub)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Approximation):
            return NotImplemented
        same = self.lower == other.lower and self.upper == other.upper
        return bool(same and self.truncated == other.truncated)

    def __hash__(self) -> int:
        return hash((self.lower, self.upper, self.truncated))

    def __repr__(self) -> str:
        return f"<{self.lower!r} to {self.upper!r}{', truncated' if self.truncated else ''}>"

    @property
    def is_exact(self) -> bool:
        """Whether the set is known exactly."""
        return self.lower is self.upper or self.lower == self.upper

    def mapped(self, question: Callable[[S], T]) -> Approximation[T]:
        """The result of a function that is monotonic: a larger set gives a larger result."""
        lower = question(self.lower)
        upper = lower if self.lower is self.upper else question(self.upper)
        return Approximation(lower, upper, truncated=self.truncated)


def _combined(
    a: Approximation[T],
    b: Approximation[T],
    below: Callable[[T, T], T],
    above: Callable[[T, T], T],
) -> Approximation[T]:
    """Applies ``below`` to the lower sets and ``above`` to the upper ones."""
    truncated = a.truncated or b.truncated
    known = below is above and a.lower is a.upper and b.lower is b.upper
    try:
        lower = below(a.lower, b.lower)
        if known:  # spare the same work twice
            return Approximation(lower, lower, truncated=truncated)
    except TooManyRangesError:
        lower, truncated = a.lower - a.lower, True
    try:
        upper = above(a.upper, b.upper)
    except TooManyRangesError:
        hull = a.upper.hull()
        upper, truncated = hull if above is sub else above(hull, b.upper.hull()), True
    return Approximation(lower, upper, truncated=truncated)
