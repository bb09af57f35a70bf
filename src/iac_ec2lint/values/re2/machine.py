"""Matching in time that grows with the text and no faster, as RE2 does.

Source: Rob Pike's virtual machine, in Russ Cox, "Regular Expression Matching: the Virtual Machine
Approach". All ways to match go on side by side, in the order in which they are preferred.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final

from iac_ec2lint.source import limits
from iac_ec2lint.values.re2.nodes import (
    Alternation,
    Assertion,
    Capture,
    Character,
    Concatenation,
    PatternNode,
    Repeated,
)

CHARACTER, ASSERTION, SAVE, SPLIT, JUMP, MATCH = range(6)

Instruction = tuple[int, int, int]
"""What to do, and two operands: places to go on at, a slot to save in, the number of a pattern."""

Spans = tuple[int, ...]
"""Start and end of the match and of each group; -1 where a group takes no part."""


class Work:
    """How many steps may be taken, and may still be."""

    __slots__ = ("left", "most")

    def __init__(self, most: int = limits.PATTERN_STEPS) -> None:
        self.most = self.left = min(most, limits.PATTERN_STEPS)

    @property
    def taken(self) -> int:
        """How many were taken."""
        return self.most - self.left


class TooMuchWork(Exception):  # noqa: N818 - it is caught where it becomes an unknown
    """Matching takes more steps than it may."""


class Machine:
    """A regular expression as a program for the virtual machine.

    Args:
        node: The expression.
        groups: How many groups it captures.

    Raises:
        TooMuchWork: The program is too long.
    """

    __slots__ = ("_code", "_patterns", "_slots")
    longest: ClassVar[int] = limits.PATTERN_STEPS // 20
    """How many instructions a program has at most."""

    def __init__(self, node: PatternNode, groups: int) -> None:
        self._code: list[Instruction] = []
        self._patterns: list[re.Pattern[str]] = []
        self._slots: Final = 2 * (groups + 1)
        numbers: dict[str, int] = {}
        self._emit(node, numbers)
        self._add(MATCH)

    # From the tree to the program.

    def _add(self, operation: int, first: int = 0, second: int = 0) -> int:
        if len(self._code) >= self.longest:
            raise TooMuchWork
        self._code.append((operation, first, second))
        return len(self._code) - 1

    def _emit(self, node: PatternNode, numbers: dict[str, int]) -> None:
        if isinstance(node, Character | Assertion):
            number = numbers.get(node.pattern)
            if number is None:
                number = numbers[node.pattern] = len(self._patterns)
                self._patterns.append(re.compile(node.pattern))
            self._add(CHARACTER if isinstance(node, Character) else ASSERTION, number)
        elif isinstance(node, Concatenation):
            for part in node.parts:
                self._emit(part, numbers)
        elif isinstance(node, Capture):
            self._add(SAVE, 2 * node.number)
            self._emit(node.inner, numbers)
            self._add(SAVE, 2 * node.number + 1)
        elif isinstance(node, Alternation):
            self._emit_alternation(node, numbers)
        elif isinstance(node, Repeated):
            self._emit_repetition(node, numbers)

    def _emit_alternation(self, node: Alternation, numbers: dict[str, int]) -> None:
        jumps: list[int] = []
        for arm in node.arms[:-1]:
            split = self._add(SPLIT)
            self._emit(arm, numbers)
            jumps.append(self._add(JUMP))
            self._code[split] = (SPLIT, split + 1, len(self._code))
        self._emit(node.arms[-1], numbers)
        for jump in jumps:
            self._code[jump] = (JUMP, len(self._code), 0)

    def _emit_repetition(self, node: Repeated, numbers: dict[str, int]) -> None:
        for _ in range(node.least if node.most is not None else node.least - 1):
            self._emit(node.inner, numbers)
        if node.most is None:
            # As Go has it: any number of something that may be empty is one or more, or none.
            skip = self._add(SPLIT) if not node.least else None
            start = len(self._code)
            self._emit(node.inner, numbers)
            self._split(self._add(SPLIT), node, start)
            if skip is not None:
                self._split(skip, node, start)
            return
        splits: list[int] = []
        for _ in range(node.most - node.least):
            splits.append(self._add(SPLIT))
            self._emit(node.inner, numbers)
        for split in splits:
            self._split(split, node, split + 1)

    def _split(self, at: int, node: Repeated, inside: int) -> None:
        after = len(self._code)
        self._code[at] = (SPLIT, after, inside) if node.lazy else (SPLIT, inside, after)

    # Running the program.

    def search(self, text: str, start: int, work: Work) -> Spans | None:
        """The leftmost match from ``start`` on.

        Raises:
            TooMuchWork: It takes more steps than are left.
        """
        none: Spans = (-1,) * self._slots
        code = self._code
        patterns = self._patterns
        threads: list[tuple[int, Spans]] = []
        best: Spans | None = None
        for position in range(start, len(text) + 1):
            if best is None:
                threads.append((0, (position, *none[1:])))
            elif not threads:
                break
            following: list[tuple[int, Spans]] = []
            visited: set[int] = set()
            for place, spans in threads:
                if place in visited:
                    continue
                matched = self._follow(place, spans, text, position, visited, following, work)
                if matched is not None:
                    best = matched
                    break  # what comes after it is less preferred
            threads = []
            if position < len(text):
                for place, spans in following:
                    if patterns[code[place][1]].match(text, position) is not None:
                        threads.append((place + 1, spans))
        return best

    def _follow(
        self,
        place: int,
        spans: Spans,
        text: str,
        position: int,
        visited: set[int],
        following: list[tuple[int, Spans]],
        work: Work,
    ) -> Spans | None:
        """Go on to all places that consume a character; what a match is, where one is reached."""
        stack = [(place, spans)]
        before = len(visited)
        while stack:
            place, spans = stack.pop()
            if place in visited:
                continue
            visited.add(place)
            operation, first, second = self._code[place]
            if operation == CHARACTER:
                following.append((place, spans))
            elif operation == MATCH:
                work.left -= len(visited) - before
                return (spans[0], position, *spans[2:])
            elif operation == JUMP:
                stack.append((first, spans))
            elif operation == SPLIT:
                stack.append((second, spans))
                stack.append((first, spans))
            elif operation == SAVE:
                moved = (*spans[:first], position, *spans[first + 1 :])
                stack.append((place + 1, moved))
            elif self._patterns[first].match(text, position) is not None:
                stack.append((place + 1, spans))
        work.left -= len(visited) - before
        if work.left < 0:
            raise TooMuchWork
        return None
