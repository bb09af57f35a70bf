"""Reading RE2's regular expressions.

Source: https://github.com/google/re2/wiki/Syntax, and Go's ``regexp/syntax``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source import limits
from iac_ec2lint.values.re2.machine import Machine, Spans, TooMuchWork, Work
from iac_ec2lint.values.re2.nodes import (
    Alternation,
    Assertion,
    Capture,
    Character,
    Concatenation,
    Empty,
    InvalidPattern,
    PatternNode,
    Repeated,
    children,
    spelling,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class NotMatched(Exception):  # noqa: N818 - it is caught where it becomes an unknown
    """A pattern that is right, but that is not matched here.

    Attributes:
        is_limit: Whether it is one of this program's bounds that keeps it from being matched.
    """

    def __init__(self, message: str, *, is_limit: bool = False) -> None:
        super().__init__(message)
        self.is_limit = is_limit


_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\v\\f\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_PERL = {"d": "0-9", "w": "0-9A-Za-z_", "s": "\\t\\n\\f\\r "}
_CONTROL = {"a": "\\x07", "f": "\\f", "t": "\\t", "n": "\\n", "r": "\\r", "v": "\\v"}
_COMPILED = 64
"""How much faster Python's matcher is, where it may take as many steps as are thought of."""

_LONGEST_REPEAT = 1000
_LONGEST_TOKEN = 200
"""Characters of the pattern that are looked at to see what comes next."""


@lru_cache(maxsize=256)
def read(pattern: str) -> Expression:
    """Read a pattern.

    Raises:
        InvalidPattern: RE2 rejects it.
        NotMatched: It is not matched here.
    """
    reading = _Reading(pattern)
    return Expression(reading.run(), tuple(reading.names))


class Match(NamedTuple):
    """A match.

    Attributes:
        start: Where it starts.
        end: Where it ends.
        groups: What each group captured, from number 1 on; ``None`` where one took no part.
    """

    start: int
    end: int
    groups: tuple[str | None, ...]


class Expression:
    """A regular expression.

    Attributes:
        node: Its syntax tree.
        count: How many groups it captures.
        names: The numbers of the groups that have names.
    """

    __slots__ = ("_backtracks", "_machine", "_python", "count", "names", "node")

    def __init__(self, node: PatternNode, names: tuple[str, ...]) -> None:
        self.count: Final = len(names)
        self.names: Final = {name: number for number, name in enumerate(names, 1) if name}
        self.node: Final = node
        self._python: re.Pattern[str] | None = None
        self._machine: Machine | None = None
        self._backtracks = _backtracking(node)

    def matches(self, text: str, work: Work) -> Iterator[Match]:
        """All matches as Go finds them: an empty one right after another match is left out.

        Args:
            text: The text.
            work: The steps that it may take.

        Raises:
            NotMatched: Matching takes too many steps.
        """
        search = self._searcher(text, work)
        start, last = 0, -1
        while start <= len(text):
            spans = search(start)
            if spans is None:
                return
            begin, end = spans[0], spans[1]
            start = end if end > begin else end + 1
            if begin == end == last:
                continue
            last = end
            groups = [
                None if spans[at] < 0 else text[spans[at] : spans[at + 1]]
                for at in range(2, len(spans), 2)
            ]
            yield Match(begin, end, tuple(groups))

    def _searcher(self, text: str, work: Work) -> Callable[[int], Spans | None]:
        """What finds the leftmost match from a place in ``text`` on."""
        # Python's matcher is the fast one; how long it takes at most is known for these.
        power = self._backtracks
        if power is not None and (most := (len(text) + 1) ** (power + 1)) <= work.left:
            work.left -= most // _COMPILED
            if self._python is None:
                self._python = re.compile(spelling(self.node))
            python = self._python
            groups = range(self.count + 1)

            def backtrack(start: int) -> Spans | None:
                match = python.search(text, start)
                return match and tuple([at for group in groups for at in match.span(group)])

            return backtrack

        def step(start: int) -> Spans | None:
            try:
                if self._machine is None:
                    self._machine = Machine(self.node, self.count)
                return self._machine.search(text, start, work)
            except TooMuchWork:
                message = f"the pattern takes more than {work.most} steps"
                raise NotMatched(message, is_limit=True) from None

        return step


def _backtracking(node: PatternNode) -> int | None:
    """The power of the text's length that backtracking takes at most; ``None`` if there is none.

    It is the number of repetitions, where none of them repeats something that can match in
    several ways.
    """
    count = 0
    stack = [node]
    while stack:
        current = stack.pop()
        stack.extend(children(current))
        if isinstance(current, Repeated) and current.most != current.least:
            count += 1
        if isinstance(current, Repeated) and current.most != 1 and _has_choice(current.inner):
            return None
    return count


def _has_choice(node: PatternNode) -> bool:
    if isinstance(node, Alternation):
        return True
    if isinstance(node, Repeated) and node.most != node.least:
        return True
    return any(_has_choice(part) for part in children(node))


class _Reading:
    """Walks over a pattern once."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.names: list[str] = []
        self.flags: frozenset[str] = frozenset()
        self.open: list[_Open] = []
        self.level = _Level()
        self.repeated = False

    def run(self) -> PatternNode:
        while self.position < len(self.pattern):
            self._step()
        if self.open:
            raise InvalidPattern("a group of the pattern is not closed")
        return self.level.node()

    def _rest(self) -> str:
        return self.pattern[self.position : self.position + _LONGEST_TOKEN]

    def _emit(self, piece: str, consumed: int) -> None:
        self._append(Character(piece), consumed)

    def _append(self, node: PatternNode, consumed: int) -> None:
        self.repeated = False
        self.level.parts.append(node)
        self.position += consumed

    def _step(self) -> None:
        character = self.pattern[self.position]
        if character == "\\":
            self._escape()
        elif character == "[":
            self._class()
        elif character == "(":
            self._enter()
        elif character == ")":
            self._close()
        elif character in "*+?" or (character == "{" and self._braces()):
            self._repeat()
        elif character == "|":
            self.level.next_arm()
            self.repeated = False
            self.position += 1
        elif character == "^":
            self._assertion("(?:(?<=\\n)|\\A)" if "m" in self.flags else "\\A", 1)
        elif character == "$":
            self._assertion("(?=\\n|\\Z)" if "m" in self.flags else "\\Z", 1)
        elif character == ".":
            self._emit("[\\s\\S]" if "s" in self.flags else "[^\\n]", 1)
        else:
            self._emit(self._literal(character), 1)

    def _assertion(self, pattern: str, consumed: int) -> None:
        self._append(Assertion(f"(?:{pattern})"), consumed)

    def _literal(self, character: str) -> str:
        if "i" in self.flags and character.lower() != character.upper():
            both = sorted({character, character.lower(), character.upper()})
            singles = [c for c in both if len(c) == 1]
            return "[" + "".join(re.escape(c) for c in singles) + "]"
        return re.escape(character)

    # Escapes and classes.

    def _escape(self) -> None:
        rest = self._rest()
        if len(rest) < 2:
            raise InvalidPattern("the pattern ends with a backslash")
        mark = rest[1]
        if mark == "Q":
            end = self.pattern.find("\\E", self.position)
            quoted = self.pattern[self.position + 2 : end if end >= 0 else None]
            self.position += 2 + len(quoted) + (2 if end >= 0 else 0)
            for character in quoted:
                self._emit(self._literal(character), 0)
        elif mark == "A":
            self._assertion("\\A", 2)
        elif mark == "z":
            self._assertion("\\Z", 2)
        elif mark in "bB":
            self._assertion(f"(?a:\\{mark})", 2)
        elif mark in "dws":
            self._emit(f"[{_PERL[mark]}]", 2)
        elif mark in "DWS":
            self._emit(f"[^{_PERL[mark.lower()]}]", 2)
        elif mark in "pP":
            inside, negated, consumed = self._unicode(rest)
            self._emit(f"{'[^' if negated else '['}{inside}]", consumed)
        else:
            code, consumed = self._character(rest)
            self._emit(self._literal(code), consumed)

    def _character(self, rest: str) -> tuple[str, int]:
        """The character that an escape stands for, and the length of the escape."""
        mark = rest[1]
        if mark in _CONTROL:
            return {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}[mark], 2
        octal = re.match(r"\\(0[0-7]{0,2}|[1-7][0-7]{2})", rest)
        if octal:
            return chr(int(octal[1], 8)), octal.end()
        hexadecimal = re.match(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})", rest)
        if hexadecimal:
            code = int(hexadecimal[1] or hexadecimal[2], 16)
            if code <= 0x10FFFF:
                return chr(code), hexadecimal.end()
        if mark.isascii() and not mark.isalnum() and mark != "_":
            return mark, 2
        if mark == "_":
            return mark, 2
        raise InvalidPattern(f"the pattern has an escape that is none: \\{mark}")

    def _unicode(self, rest: str) -> tuple[str, bool, int]:
        found = re.match(r"\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))", rest)
        if found is None:
            raise InvalidPattern("the pattern has a Unicode class that is none")
        name = found[3] or found[4]
        negated = (found[1] == "P") != bool(found[2])
        ranges = _unicode_class(name)
        return ranges, negated, found.end()

    def _class(self) -> None:
        self.position += 1
        negated = self._rest().startswith("^")
        if negated:
            self.position += 1
        pieces: list[str] = []
        first = True
        while True:
            rest = self._rest()
            if not rest:
                raise InvalidPattern("a class of the pattern is not closed")
            if rest[0] == "]" and not first:
                self.position += 1
                break
            first = False
            pieces.append(self._class_part(rest))
        inside = "".join(pieces)
        self._emit(f"[{'^' if negated else ''}{inside}]", 0)

    def _class_part(self, rest: str) -> str:
        posix = re.match(r"\[:(\^?)([a-z]+):\]", rest)
        if posix:
            if posix[2] not in _POSIX:
                raise InvalidPattern(f"there is no class [:{posix[2]}:]")
            self.position += posix.end()
            if posix[1]:
                return _complement(_POSIX[posix[2]])
            return _POSIX[posix[2]]
        if rest[0] == "\\" and len(rest) > 1:
            mark = rest[1]
            if mark in "dws":
                self.position += 2
                return _PERL[mark]
            if mark in "DWS":
                self.position += 2
                return _complement(_PERL[mark.lower()])
            if mark in "pP":
                inside, negated, consumed = self._unicode(rest)
                self.position += consumed
                return _complement(inside) if negated else inside
        low = self._class_character()
        rest = self._rest()
        if rest.startswith("-") and not rest.startswith("-]") and len(rest) > 1:
            self.position += 1
            high = self._class_character()
            if high < low:
                raise InvalidPattern("a range of the pattern runs backwards")
            return self._folded(low, high)
        return self._folded(low, low)

    def _class_character(self) -> str:
        rest = self._rest()
        if not rest:
            raise InvalidPattern("a class of the pattern is not closed")
        if rest[0] == "\\" and len(rest) > 1:
            character, consumed = self._character(rest)
            self.position += consumed
            return character
        self.position += 1
        return rest[0]

    def _folded(self, low: str, high: str) -> str:
        ranges = [(low, high)]
        if "i" in self.flags:
            for a, b in (("a", "z"), ("A", "Z")):
                start, end = max(low, a), min(high, b)
                if start <= end:
                    ranges.append((start.swapcase(), end.swapcase()))
        return "".join(
            re.escape(a) if a == b else f"{re.escape(a)}-{re.escape(b)}" for a, b in ranges
        )

    # Groups.

    def _enter(self) -> None:
        rest = self._rest()
        named = re.match(r"\(\?P?<([A-Za-z_0-9]+)>", rest)
        flags = re.match(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])", rest)
        number = 0
        outer = self.flags
        if named:
            if named[1] in self.names:
                raise InvalidPattern(f"the pattern has two groups named {named[1]}")
            self.names.append(named[1])
            number = len(self.names)
            consumed = named.end()
        elif flags:
            self.flags = frozenset((self.flags | set(flags[1])) - set(flags[2] or ""))
            consumed = flags.end()
            if flags[3] == ")":
                self.position += consumed
                return
        elif rest.startswith("(?"):
            raise InvalidPattern("the pattern has a group of a kind that RE2 does not know")
        else:
            self.names.append("")
            number = len(self.names)
            consumed = 1
        if len(self.open) >= limits.NESTING:
            message = f"the pattern nests deeper than {limits.NESTING}"
            raise NotMatched(message, is_limit=True)
        self.open.append(_Open(outer, number, self.level))
        self.level = _Level()
        self.repeated = False
        self.position += consumed

    def _close(self) -> None:
        if not self.open:
            raise InvalidPattern("the pattern closes a group that is not open")
        opened = self.open.pop()
        inner = self.level.node()
        self.flags = opened.flags
        self.level = opened.around
        if opened.number:
            inner = Capture(inner, opened.number)
        self._append(inner, 1)

    # Repetition.

    def _braces(self) -> re.Match[str] | None:
        return re.match(r"\{([0-9]+)(,([0-9]*))?\}", self._rest())

    def _repeat(self) -> None:
        if not self.level.parts:
            raise InvalidPattern("the pattern repeats nothing")
        if self.repeated:
            raise InvalidPattern("the pattern repeats a repetition")
        braces = self._braces()
        least: int
        most: int | None
        if braces:
            least = int(braces[1])
            most = least if braces[2] is None else int(braces[3]) if braces[3] else None
            self.position += braces.end()
        else:
            least, most = _OPERATORS[self.pattern[self.position]]
            self.position += 1
        lazy = self.pattern.startswith("?", self.position)
        if lazy:
            self.position += 1
        inner = self.level.parts.pop()
        if max(least, most or 0) * _copies(inner) > _LONGEST_REPEAT or (
            most is not None and most < least
        ):
            raise InvalidPattern("the pattern has a repetition out of range")
        self.level.parts.append(Repeated(inner, least, most, lazy=lazy != ("U" in self.flags)))
        self.repeated = True


_OPERATORS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def _copies(node: PatternNode) -> int:
    """How many copies of a part there are where repetitions in it are written out."""
    inner = max([_copies(part) for part in children(node)], default=1)
    if isinstance(node, Repeated):
        return max(node.least, node.most or 0, 1) * inner
    return inner


class _Level:
    """What has been read of a group: its arms so far, and the parts of the one being read."""

    __slots__ = ("arms", "parts")

    def __init__(self) -> None:
        self.arms: list[PatternNode] = []
        self.parts: list[PatternNode] = []

    def next_arm(self) -> None:
        self.arms.append(_sequence(self.parts))
        self.parts = []

    def node(self) -> PatternNode:
        last = _sequence(self.parts)
        return Alternation((*self.arms, last)) if self.arms else last


def _sequence(parts: list[PatternNode]) -> PatternNode:
    if len(parts) == 1:
        return parts[0]
    return Concatenation(tuple(parts)) if parts else Empty()


class _Open(NamedTuple):
    """A group that is open: the flags outside it, its number (0: none), and what is around it."""

    flags: frozenset[str]
    number: int
    around: _Level


def _complement(inside: str) -> str:
    """What is not in a class, as ranges: for a negated class inside another class."""
    member = re.compile(f"[{inside}]")
    ranges: list[str] = []
    start: int | None = None
    for code in range(0x80):
        if member.match(chr(code)):
            if start is not None:
                ranges.append(_range(start, code - 1))
                start = None
        elif start is None:
            start = code
    if start is None:
        start = 0x80
    ranges.append(f"{re.escape(chr(start))}-\\U0010ffff")
    return "".join(ranges)


def _range(low: int, high: int) -> str:
    if low == high:
        return re.escape(chr(low))
    return f"{re.escape(chr(low))}-{re.escape(chr(high))}"


@lru_cache(maxsize=64)
def _unicode_class(name: str) -> str:
    """The characters of a general category (``L``, ``Lu``) as ranges."""
    import sys
    import unicodedata

    if len(name) > 2:
        raise NotMatched(f"the script {name} is not known")
    ranges: list[str] = []
    start: int | None = None
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(name):
            if start is None:
                start = code
        elif start is not None:
            ranges.append(_range(start, code - 1))
            start = None
    if start is not None:
        ranges.append(_range(start, sys.maxunicode))
    if not ranges:
        raise InvalidPattern(f"there is no Unicode class {name}")
    return "".join(ranges)
