"""The syntax tree of a regular expression, and what matches each part of it."""

from __future__ import annotations

from typing import Final


class InvalidPattern(Exception):  # noqa: N818 - it is caught where it becomes an error of input
    """A pattern that RE2 rejects."""


class PatternNode:
    """A part of a regular expression."""

    __slots__ = ()


class Empty(PatternNode):
    """Matches the empty text."""

    __slots__ = ()


class Character(PatternNode):
    """One character of a set.

    Attributes:
        pattern: The set as Python's ``re`` spells it: ``a``, ``[0-9]``.
    """

    __slots__ = ("pattern",)

    def __init__(self, pattern: str) -> None:
        self.pattern: Final = pattern


class Assertion(PatternNode):
    """A condition on a place between characters.

    Attributes:
        pattern: The condition as Python's ``re`` spells it.
    """

    __slots__ = ("pattern",)

    def __init__(self, pattern: str) -> None:
        self.pattern: Final = pattern


class Capture(PatternNode):
    """A part that is captured.

    Attributes:
        inner: The part.
        number: Its number, from 1.
    """

    __slots__ = ("inner", "number")

    def __init__(self, inner: PatternNode, number: int) -> None:
        self.inner: Final = inner
        self.number: Final = number


class Concatenation(PatternNode):
    """Parts one after the other."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[PatternNode, ...]) -> None:
        self.parts: Final = parts


class Alternation(PatternNode):
    """One of several parts, the first that leads to a match."""

    __slots__ = ("arms",)

    def __init__(self, arms: tuple[PatternNode, ...]) -> None:
        self.arms: Final = arms


class Repeated(PatternNode):
    """A part several times.

    Attributes:
        inner: The part.
        least: How often at least.
        most: How often at most; ``None`` for any number.
        lazy: Whether fewer times are tried first.
    """

    __slots__ = ("inner", "lazy", "least", "most")

    def __init__(self, inner: PatternNode, least: int, most: int | None, *, lazy: bool) -> None:
        self.inner: Final = inner
        self.least: Final = least
        self.most: Final = most
        self.lazy: Final = lazy


def children(node: PatternNode) -> tuple[PatternNode, ...]:
    """The parts of a part."""
    if isinstance(node, Concatenation):
        return node.parts
    if isinstance(node, Alternation):
        return node.arms
    return (node.inner,) if isinstance(node, Capture | Repeated) else ()


def spelling(node: PatternNode) -> str:
    """A part as Python's ``re`` spells it."""
    if isinstance(node, Character | Assertion):
        return node.pattern
    if isinstance(node, Concatenation):
        return "".join([spelling(part) for part in node.parts])
    if isinstance(node, Alternation):
        return f"(?:{'|'.join([spelling(arm) for arm in node.arms])})"
    if isinstance(node, Capture):
        return f"({spelling(node.inner)})"
    if isinstance(node, Repeated):
        inner = spelling(node.inner)
        whole = inner if isinstance(node.inner, Character | Capture) else f"(?:{inner})"
        most = "" if node.most is None else str(node.most)
        return f"{whole}{{{node.least},{most}}}{'?' if node.lazy else ''}"
    return ""
