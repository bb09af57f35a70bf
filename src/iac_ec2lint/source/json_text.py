"""JSON text with the place of every value: RFC 8259, nothing more.

``json`` gives no positions. The values of numbers, the meaning of a key that is written twice, and
the tree to build are left to the caller.
"""

from __future__ import annotations

import re
from typing import Final, NoReturn

from iac_ec2lint.source.limits import NESTING
from iac_ec2lint.source.regular_expression import regular_expression

_BLANK: Final = frozenset(" \t\r\n")
_SPACE: Final = regular_expression(r"[ \t\r\n]+")
_STRING: Final = regular_expression(r'"([^"\\\x00-\x1f]*)"')
_SCALAR: Final = regular_expression(
    r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.])|(true|false|null)\b"
)
_CHUNK: Final = regular_expression(r'[^"\\\x00-\x1f]+')
_ESCAPE: Final = regular_expression(r'\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))')
_PLAIN: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: Final = {"true": True, "false": False, "null": None}


class JsonError(ValueError):
    """Text that is not JSON.

    Args:
        text: The text.
        offset: Where it is wrong, in code points.
        message: What is wrong and what was expected.
    """

    def __init__(self, text: str, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - text.rfind("\n", 0, offset)


class JsonNestingError(JsonError):
    """JSON that nests deeper than is read."""


class JsonValue:
    """A value, and the offsets of its first code point and of the one after its last."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class JsonWord(JsonValue):
    """``true``, ``false`` or ``null``."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: bool | None) -> None:
        super().__init__(start, end)
        self.value = value


class JsonNumber(JsonValue):
    """A number as it is written, so that no digit is lost."""

    __slots__ = ("text",)

    def __init__(self, start: int, end: int, text: str) -> None:
        super().__init__(start, end)
        self.text = text


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
    """``{"a": b}``; a key may occur more than once."""

    __slots__ = ("members",)

    def __init__(self, start: int, end: int, members: list[tuple[JsonString, Json]]) -> None:
        super().__init__(start, end)
        self.members = members


Json = JsonWord | JsonNumber | JsonString | JsonArray | JsonObject


def read_json(text: str, whole: str = "file") -> Json:
    """The JSON value of a text.

    Args:
        text: The text; arrays and objects in it nest at most ``NESTING`` deep.
        whole: What messages call the text.

    Raises:
        JsonNestingError: It nests deeper.
        JsonError: It is not JSON.
    """
    return _Reader(text, whole).document()


def read_string(text: str, start: int) -> JsonString:
    """The string whose opening quote is at ``start``.

    Raises:
        JsonError: It is not closed, or its content is not JSON.
    """
    reader = _Reader(text, "file")
    reader.at = start
    return reader.string()


class _Reader:
    """Reads values from ``at`` on; ``opened`` are the arrays and objects around it."""

    __slots__ = ("at", "opened", "text", "whole")

    def __init__(self, text: str, whole: str) -> None:
        self.text = text
        self.whole = whole
        self.at = 0
        self.opened: list[JsonArray | JsonObject] = []

    def document(self) -> Json:
        self.skip()
        value = self.value()
        while self.opened:
            holder = self.opened[-1]
            if isinstance(holder, JsonArray):
                self.element(holder)
            else:
                self.member(holder)
        if self.skip():
            self.fail(f"the end of the {self.whole}")
        return value

    def skip(self) -> str:
        """Skip white space; returns the next character, or nothing at the end."""
        sign = self.text[self.at : self.at + 1]
        if sign in _BLANK and (found := _SPACE.match(self.text, self.at)) is not None:
            self.at = found.end()
            sign = self.text[self.at : self.at + 1]
        return sign

    def value(self) -> Json:
        """The value at hand; an array or an object is empty as yet, and opened."""
        start = self.at
        sign = self.text[start : start + 1]
        if sign == '"':
            return self.string()
        if sign == "{":
            return self.open(JsonObject(start, -1, []))
        if sign == "[":
            return self.open(JsonArray(start, -1, []))
        found = _SCALAR.match(self.text, start)
        if found is None:
            self.fail("a value")
        self.at = found.end()
        if found[2]:
            return JsonWord(start, self.at, _WORDS[found[2]])
        return JsonNumber(start, self.at, found[1])

    def open(self, holder: JsonArray | JsonObject) -> Json:
        if len(self.opened) >= NESTING:
            message = f"nested more than {NESTING} levels deep"
            raise JsonNestingError(self.text, self.at, message)
        self.opened.append(holder)
        self.at += 1
        return holder

    def element(self, holder: JsonArray) -> None:
        """The next element of an array, or its end."""
        if not self.closed(holder, "[", "]", first=not holder.elements):
            holder.elements.append(self.value())

    def member(self, holder: JsonObject) -> None:
        """The next member of an object, or its end."""
        first = not holder.members
        if self.closed(holder, "{", "}", first=first):
            return
        sign = self.text[self.at : self.at + 1]
        if sign != '"':
            self.fail("a key after ','" if sign == "}" else "a key in double quotes")
        key = self.string()
        if self.skip() != ":":
            self.fail("':' after the key")
        self.at += 1
        self.skip()
        holder.members.append((key, self.value()))

    def closed(
        self, holder: JsonArray | JsonObject, opener: str, closer: str, *, first: bool
    ) -> bool:
        """Whether what is open ends here; if not, what is next in it is at hand."""
        sign = self.skip()
        if sign == closer:
            self.at += 1
            holder.end = self.at
            self.opened.pop()
            return True
        if not first:
            if not sign:
                self.at = holder.start
                raise self.problem(f"expected '{closer}' to close this '{opener}'")
            if sign != ",":
                self.fail(f"',' or '{closer}'")
            self.at += 1
            self.skip()
        return False

    def string(self) -> JsonString:
        start = self.at
        text = self.text
        found = _STRING.match(text, start)
        if found is not None:
            self.at = found.end()
            return JsonString(start, self.at, found[1], None)
        self.at += 1
        offsets: list[int] = []
        pieces: list[str] = []
        while (sign := text[self.at : self.at + 1]) != '"':
            chunk = _CHUNK.match(text, self.at)
            if chunk is not None:
                pieces.append(chunk[0])
                offsets += range(self.at, chunk.end())
                self.at = chunk.end()
            elif sign == "\\":
                offsets.append(self.at)
                pieces.append(self.escape())
            else:
                column = start - text.rfind("\n", 0, start)
                raise self.problem(f"expected '\"' to close the string opened at column {column}")
        offsets.append(self.at)
        self.at += 1
        return JsonString(start, self.at, "".join(pieces), offsets)

    def escape(self) -> str:
        """The character that the escape at hand stands for."""
        found = _ESCAPE.match(self.text, self.at)
        if found is None:
            after = self.text[self.at + 1 : self.at + 2]
            written = "\\" + (after if after.isprintable() else "")
            raise self.problem(f"'{written}' is no escape sequence in JSON")
        self.at = found.end()
        if found[1]:
            return _PLAIN.get(found[1], found[1])
        code = int(found[2], 16)
        if 0xD800 <= code < 0xDC00:
            low = _ESCAPE.match(self.text, self.at)
            if low is not None and low[2] and 0xDC00 <= int(low[2], 16) < 0xE000:
                code = 0x10000 + ((code - 0xD800) << 10) + int(low[2], 16) - 0xDC00
                self.at = low.end()
        # Half a surrogate pair is not a character.
        return chr(0xFFFD if 0xD800 <= code < 0xE000 else code)

    def found(self) -> str:
        """What is at hand, as messages name it."""
        sign = self.text[self.at : self.at + 1]
        if not sign:
            return f"the end of the {self.whole}"
        if sign == "#" or self.text.startswith(("//", "/*"), self.at):
            return 'a comment: JSON has none, a "//" property may stand for one'
        word = re.match(r"\w{1,20}", self.text[self.at : self.at + 20])
        return repr(word[0] if word else sign)

    def problem(self, message: str) -> JsonError:
        return JsonError(self.text, self.at, message)

    def fail(self, what: str) -> NoReturn:
        raise self.problem(f"expected {what}, found {self.found()}")
