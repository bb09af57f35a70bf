"""JSON text with the place of every value: RFC 8259, nothing more.

``json`` gives no positions, and takes comments for nothing but an error without a name.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NoReturn

from iac_ec2lint.hcl.lexer import SyntaxProblem
from iac_ec2lint.hcl.strings import number
from iac_ec2lint.source.limits import NESTING

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"([^"\\\x00-\x1f]*)"')
_SCALAR: Final = re.compile(
    r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.])|(true|false|null)\b"
)
_CHUNK: Final = re.compile(r'[^"\\\x00-\x1f]+')
_ESCAPE: Final = re.compile(r'\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))')
_PLAIN: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: Final = {"true": True, "false": False, "null": None}


class JsonValue:
    """A value and where it stands."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class JsonScalar(JsonValue):
    """A number, ``true``, ``false`` or ``null``."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: int | Decimal | bool | None) -> None:
        super().__init__(start, end)
        self.value = value


class JsonString(JsonValue):
    """A string; from its opening to its closing quote.

    ``offsets`` has the offset of each of its characters and of the closing quote; None where they
    are written without escapes, one after another.
    """

    __slots__ = ("offsets", "value")

    def __init__(self, start: int, end: int, value: str, offsets: list[int] | None) -> None:
        super().__init__(start, end)
        self.value = value
        self.offsets = offsets


class JsonArray(JsonValue):
    """``[a, b]``."""

    __slots__ = ("elements",)

    def __init__(self, start: int, end: int, elements: list[Json]) -> None:
        super().__init__(start, end)
        self.elements = elements


class JsonObject(JsonValue):
    """``{"a": b}``; a key may stand in it more than once."""

    __slots__ = ("members",)

    def __init__(self, start: int, end: int, members: list[tuple[JsonString, Json]]) -> None:
        super().__init__(start, end)
        self.members = members


Json = JsonScalar | JsonString | JsonArray | JsonObject


def read_json(text: str) -> Json:
    """The value that a text is.

    Raises:
        SyntaxProblem: It is no JSON.
    """
    return _Reader(text).document()


class _Reader:
    __slots__ = ("at", "level", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.level = 0

    def document(self) -> Json:
        self.skip()
        value = self.value()
        if self.skip():
            self.fail("the end of the file")
        return value

    def skip(self) -> str:
        """Skip space; the sign at hand, or nothing at the end."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def value(self) -> Json:
        start = self.at
        sign = self.text[start : start + 1]
        if sign == "{":
            return self.object()
        if sign == "[":
            return self.array()
        if sign == '"':
            return self.string()
        found = _SCALAR.match(self.text, start)
        if found is None:
            self.fail("a value")
        self.at = found.end()
        if found[2]:
            return JsonScalar(start, self.at, _WORDS[found[2]])
        digits = found[1].removeprefix("-")
        value = number(digits)
        if value is None:
            raise SyntaxProblem(start, f"'{found[1][:40]}' is beyond what a number can be")
        return JsonScalar(start, self.at, value if digits == found[1] else -value)

    def string(self) -> JsonString:
        start = self.at
        text = self.text
        found = _STRING.match(text, start)
        if found is not None:
            self.at = found.end()
            return JsonString(start, self.at, found[1], None)
        at = start + 1
        offsets: list[int] = []
        pieces: list[str] = []
        while (sign := text[at : at + 1]) != '"':
            chunk = _CHUNK.match(text, at)
            if chunk is not None:
                pieces.append(chunk[0])
                offsets += range(at, chunk.end())
                at = chunk.end()
                continue
            if sign != "\\":
                column = start - text.rfind("\n", 0, start)
                raise SyntaxProblem(
                    at, f"expected '\"' to close the string opened at column {column}"
                )
            value, stop = self.escape(at)
            pieces.append(value)
            offsets.append(at)
            at = stop
        offsets.append(at)
        self.at = at + 1
        return JsonString(start, self.at, "".join(pieces), offsets)

    def escape(self, at: int) -> tuple[str, int]:
        """The sign that an escape stands for, and where it ends."""
        found = _ESCAPE.match(self.text, at)
        if found is None:
            bad = self.text[at : at + 2]
            raise SyntaxProblem(at, f"'{bad}' is no escape sequence in JSON")
        if found[1]:
            return _PLAIN.get(found[1], found[1]), found.end()
        code = int(found[2], 16)
        end = found.end()
        if 0xD800 <= code < 0xDC00:
            low = _ESCAPE.match(self.text, end)
            if low is not None and low[2] and 0xDC00 <= int(low[2], 16) < 0xE000:
                code = 0x10000 + ((code - 0xD800) << 10) + int(low[2], 16) - 0xDC00
                end = low.end()
        # Half a surrogate pair is no character.
        return chr(0xFFFD if 0xD800 <= code < 0xE000 else code), end

    def object(self) -> JsonObject:
        start = self.at
        self.deepen()
        members: list[tuple[JsonString, Json]] = []
        sign = self.skip()
        while sign != "}" or members:
            if sign != '"':
                self.fail("a key in double quotes" if sign != "}" else "a key after ','")
            key = self.string()
            if self.skip() != ":":
                self.fail("':' after the key")
            self.at += 1
            self.skip()
            members.append((key, self.value()))
            sign = self.skip()
            if sign == "}":
                break
            if sign != ",":
                self.fail_unclosed("}", "{", start)
            self.at += 1
            sign = self.skip()
        self.level -= 1
        self.at += 1
        return JsonObject(start, self.at, members)

    def array(self) -> JsonArray:
        start = self.at
        self.deepen()
        elements: list[Json] = []
        sign = self.skip()
        while sign != "]" or elements:
            elements.append(self.value())
            sign = self.skip()
            if sign == "]":
                break
            if sign != ",":
                self.fail_unclosed("]", "[", start)
            self.at += 1
            sign = self.skip()
        self.level -= 1
        self.at += 1
        return JsonArray(start, self.at, elements)

    def deepen(self) -> None:
        self.level += 1
        if self.level > NESTING:
            raise SyntaxProblem(self.at, f"nested more than {NESTING} levels deep")
        self.at += 1

    def found(self) -> str:
        sign = self.text[self.at : self.at + 1]
        if not sign:
            return "found the end of the file"
        if sign == "#" or self.text.startswith(("//", "/*"), self.at):
            return 'found a comment: JSON has none, a "//" property may stand for one'
        word = re.match(r"\w{1,20}", self.text[self.at : self.at + 20])
        return f"found {(word[0] if word else sign)!r}"

    def fail(self, what: str) -> NoReturn:
        raise SyntaxProblem(self.at, f"expected {what}, {self.found()}")

    def fail_unclosed(self, closer: str, opener: str, start: int) -> NoReturn:
        if self.at >= len(self.text):
            raise SyntaxProblem(start, f"expected '{closer}' to close this '{opener}'")
        self.fail(f"',' or '{closer}'")
