"""The walk from a snapshot or an image back to what it is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.resources.part import Resource

A = TypeVar("A")

_LONGEST: Final = 64
"""How many resources are followed, each made from the next."""


class Lineage(Generic[A]):
    """Answers about snapshots and images that depend on what these are made from.

    Each answer is computed once. The walk ends at a resource that is made from itself, and after
    ``_LONGEST`` resources.

    Args:
        answer: Computes the answer for one resource; it calls ``of`` for what that is made from.
        cut: The answer for a resource at which the walk ends, given the reason.
    """

    def __init__(
        self, answer: Callable[[Resource], A], cut: Callable[[Resource, Unknown], A]
    ) -> None:
        self._answer = answer
        self._cut = cut
        self._known: dict[Resource, A] = {}
        self._open: set[Resource] = set()

    def of(self, made: Resource) -> A:
        """The answer for a resource."""
        if made in self._known:
            return self._known[made]
        if made in self._open or len(self._open) >= _LONGEST:
            words = f"what {made.address} is made from is not followed further"
            return self._cut(made, Unknown(words, "limit", made.span))
        self._open.add(made)
        try:
            found = self._known[made] = self._answer(made)
        finally:
            self._open.discard(made)
        return found
