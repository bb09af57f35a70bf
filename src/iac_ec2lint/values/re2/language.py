"""What texts a regular expression matches, asked character by character.

All texts that it may match are followed at once: an answer of "none" is sure, and one of "some" is
not, since of what holds between characters only the ends of the text are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from iac_ec2lint.values.re2.machine import (
    ASSERTION,
    CHARACTER,
    JUMP,
    MATCH,
    SAVE,
    SPLIT,
    Machine,
    TooMuchWork,
)

if TYPE_CHECKING:
    from iac_ec2lint.values.re2.nodes import PatternNode

STEPS = 10_000
"""Steps that one question about a pattern takes; what is beyond them is unknown."""

_START, _END = "(?:\\A)", "(?:\\Z)"

Places = frozenset[int]
"""Where in the expression the match of a text may have come to; none where no match begins so."""


class Language(Machine):
    """The texts that an expression matches.

    Args:
        node: The expression.
        whole: Whether it has to match all of a text, and not only a part of it.

    Raises:
        TooMuchWork: It is too long.
    """

    __slots__ = ("_ends", "_known", "_left", "_whole", "start")
    longest: ClassVar[int] = 4_000

    def __init__(self, node: PatternNode, *, whole: bool) -> None:
        super().__init__(node, 0)
        self._whole = whole
        self._left = STEPS
        self._known: dict[tuple[Places, str], Places] = {}
        self._ends: dict[Places, bool] = {}
        self.start = self._closed([0], start=True)

    def after(self, places: Places, character: str) -> Places:
        """The places after one more character.

        Raises:
            TooMuchWork: It takes more steps than are left.
        """
        found = self._known.get((places, character))
        if found is None:
            if not self._whole and self._is_matched(places):
                found = places  # whatever follows
            else:
                moved = [at + 1 for at in places if self._takes(at, character)]
                found = self._closed(moved if self._whole else [*moved, 0])
            self._known[places, character] = found
        return found

    def ends(self, places: Places) -> bool:
        """Whether the text may end here.

        Raises:
            TooMuchWork: It takes more steps than are left.
        """
        found = self._ends.get(places)
        if found is None:
            after_all = self._closed(places, start=places == self.start, end=True)
            found = self._ends[places] = self._is_matched(after_all)
        return found

    def may_be(self, text: str) -> bool:
        """Whether a text may be one of them.

        Raises:
            TooMuchWork: It takes more steps than are left.
        """
        places = self.start
        for character in text:
            places = self.after(places, character)
        return self.ends(places)

    def _is_matched(self, places: Places) -> bool:
        return any(self._code[at][0] == MATCH for at in places)

    def _takes(self, at: int, character: str) -> bool:
        operation, number, _ = self._code[at]
        if operation != CHARACTER:
            return False
        self._left -= 1
        return self._patterns[number].match(character) is not None

    def _closed(
        self, places: list[int] | Places, *, start: bool = False, end: bool = False
    ) -> Places:
        """The places that are come to from some without a character, these among them."""
        found: set[int] = set()
        stack = list(places)
        while stack:
            at = stack.pop()
            if at in found:
                continue
            found.add(at)
            self._left -= 1
            if self._left < 0:
                raise TooMuchWork
            operation, first, second = self._code[at]
            if operation == JUMP:
                stack.append(first)
            elif operation == SPLIT:
                stack += (first, second)
            elif operation == SAVE or (
                operation == ASSERTION and self._holds(first, start=start, end=end)
            ):
                stack.append(at + 1)
        return frozenset(at for at in found if self._code[at][0] in _RESTING)

    def _holds(self, number: int, *, start: bool, end: bool) -> bool:
        """Whether something may hold between two characters."""
        pattern = self._patterns[number].pattern
        return start if pattern == _START else end if pattern == _END else True


_RESTING = (CHARACTER, ASSERTION, MATCH)
