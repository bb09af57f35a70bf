"""Translating RE2's regular expressions to Python's.

Source: https://github.com/google/re2/wiki/Syntax, and Go's ``regexp/syntax``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from iac_ec2lint.terraform.functions.registry import FunctionError


class Untranslatable(Exception):  # noqa: N818 - it is caught where it becomes an unknown
    """A pattern that is right, but that Python cannot match as RE2 does."""


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
_LONGEST_REPEAT = 1000


@lru_cache(maxsize=256)
def translate(pattern: str) -> re.Pattern[str]:
    """A pattern of RE2's as one of Python's.

    Raises:
        FunctionError: RE2 rejects it.
        Untranslatable: Python cannot match it, or not in bounded time.
    """
    translation = _Translation(pattern)
    text = translation.run()
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise FunctionError("the pattern is no regular expression") from None


class _Translation:
    """Walks over a pattern once; groups keep their own flags and whether they repeat."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.pieces: list[str] = []
        # One entry for each open group: flags outside it, its first piece, whether it repeats.
        self.groups: list[tuple[frozenset[str], int, bool]] = []
        self.flags: frozenset[str] = frozenset()
        self.atom: int | None = None
        self.atom_repeats = False
        self.repeats = False
        self.repeated = False

    def run(self) -> str:
        while self.position < len(self.pattern):
            self._step()
        if self.groups:
            raise FunctionError("a group of the pattern is not closed")
        return "".join(self.pieces)

    def _rest(self) -> str:
        return self.pattern[self.position :]

    def _emit(self, piece: str, consumed: int) -> None:
        self.atom = len(self.pieces)
        self.atom_repeats = False
        self.repeated = False
        self.pieces.append(piece)
        self.position += consumed

    def _step(self) -> None:
        character = self.pattern[self.position]
        if character == "\\":
            self._escape()
        elif character == "[":
            self._class()
        elif character == "(":
            self._open()
        elif character == ")":
            self._close()
        elif character in "*+?" or (character == "{" and self._braces()):
            self._repeat()
        elif character == "|":
            self._emit("|", 1)
            self.atom = None
        elif character == "^":
            self._assertion("^" if "m" in self.flags else "\\A")
        elif character == "$":
            self._assertion("(?=\\n|\\Z)" if "m" in self.flags else "\\Z")
        elif character == ".":
            self._emit("[\\s\\S]" if "s" in self.flags else "[^\\n]", 1)
        else:
            self._emit(self._literal(character), 1)

    def _assertion(self, piece: str) -> None:
        if piece == "^":
            piece = "(?:(?<=\\n)|\\A)"
        self._emit(f"(?:{piece})", 1)

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
            raise FunctionError("the pattern ends with a backslash")
        mark = rest[1]
        if mark == "Q":
            end = self.pattern.find("\\E", self.position)
            quoted = self.pattern[self.position + 2 : end if end >= 0 else None]
            self.position += 2 + len(quoted) + (2 if end >= 0 else 0)
            for character in quoted:
                self._emit(self._literal(character), 0)
        elif mark == "A":
            self._emit("(?:\\A)", 2)
        elif mark == "z":
            self._emit("(?:\\Z)", 2)
        elif mark in "bB":
            self._emit(f"(?a:\\{mark})", 2)
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
        raise FunctionError(f"the pattern has an escape that is none: \\{mark}")

    def _unicode(self, rest: str) -> tuple[str, bool, int]:
        found = re.match(r"\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))", rest)
        if found is None:
            raise FunctionError("the pattern has a Unicode class that is none")
        name = found[3] or found[4]
        negated = (found[1] == "P") != bool(found[2])
        ranges = _unicode_class(name)
        return ranges, negated, found.end()

    def _class(self) -> None:
        start = self.position
        self.position += 1
        negated = self._rest().startswith("^")
        if negated:
            self.position += 1
        pieces: list[str] = []
        first = True
        while True:
            rest = self._rest()
            if not rest:
                raise FunctionError("a class of the pattern is not closed")
            if rest[0] == "]" and not first:
                self.position += 1
                break
            first = False
            pieces.append(self._class_part(rest))
        inside = "".join(pieces)
        del start
        self._emit(f"[{'^' if negated else ''}{inside}]", 0)

    def _class_part(self, rest: str) -> str:
        posix = re.match(r"\[:(\^?)([a-z]+):\]", rest)
        if posix:
            if posix[2] not in _POSIX:
                raise FunctionError(f"there is no class [:{posix[2]}:]")
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
                raise FunctionError("a range of the pattern runs backwards")
            return self._folded(low, high)
        return self._folded(low, low)

    def _class_character(self) -> str:
        rest = self._rest()
        if not rest:
            raise FunctionError("a class of the pattern is not closed")
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

    def _open(self) -> None:
        rest = self._rest()
        named = re.match(r"\(\?P?<([A-Za-z_0-9]+)>", rest)
        flags = re.match(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])", rest)
        if named:
            self._enter(f"(?P<{named[1]}>", named.end())
        elif flags:
            changed = self.flags | set(flags[1])
            changed -= set(flags[2] or "")
            if flags[3] == ")":
                self.flags = frozenset(changed)
                self.position += flags.end()
                return
            self._enter("(?:", flags.end())
            self.flags = frozenset(changed)
        elif rest.startswith("(?"):
            raise FunctionError("the pattern has a group of a kind that RE2 does not know")
        else:
            self._enter("(", 1)

    def _enter(self, piece: str, consumed: int) -> None:
        self.groups.append((self.flags, len(self.pieces), self.repeats))
        self.repeats = False
        self.pieces.append(piece)
        self.atom = None
        self.position += consumed

    def _close(self) -> None:
        if not self.groups:
            raise FunctionError("the pattern closes a group that is not open")
        inside = self.repeats
        self.flags, self.atom, outer = self.groups.pop()
        self.pieces.append(")")
        self.position += 1
        self.repeated = False
        self.atom_repeats = inside
        self.repeats = outer or inside

    # Repetition.

    def _braces(self) -> re.Match[str] | None:
        return re.match(r"\{([0-9]+)(,([0-9]*))?\}", self._rest())

    def _repeat(self) -> None:
        if self.atom is None:
            raise FunctionError("the pattern repeats nothing")
        if self.repeated:
            raise FunctionError("the pattern repeats a repetition")
        braces = self._braces()
        if braces:
            low, high = int(braces[1]), int(braces[3] or 0)
            if max(low, high) > _LONGEST_REPEAT or (braces[3] and high < low):
                raise FunctionError("the pattern has a repetition out of range")
            operator = braces[0]
            unbounded = braces[2] == "," or high > 10
        else:
            operator = self._rest()[0]
            unbounded = operator != "?"
        self.position += len(operator)
        if unbounded and self.atom_repeats:
            # Python may take exponential time for these, RE2 never does.
            raise Untranslatable("a repetition inside a repetition is not matched")
        lazy = self._rest().startswith("?")
        if lazy:
            self.position += 1
        if lazy != ("U" in self.flags):
            operator += "?"
        self.pieces.append(operator)
        self.repeats = self.repeats or unbounded
        self.repeated = True


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
        raise Untranslatable(f"the script {name} is not known")
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
        raise FunctionError(f"there is no Unicode class {name}")
    return "".join(ranges)
