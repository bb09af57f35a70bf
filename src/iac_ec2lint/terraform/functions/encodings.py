"""Encoding functions: JSON, CSV, Base64, URLs.

``jsonencode`` keeps the structure that it encodes beside the text; ``jsondecode`` gives it back.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from iac_ec2lint.document.policy_json import UNKNOWN_KEY, parse_pieces
from iac_ec2lint.source import json_text, limits
from iac_ec2lint.terraform.functions.contents import read_from
from iac_ec2lint.terraform.functions.registry import FunctionError, function, scalar
from iac_ec2lint.terraform.language.containers import (
    Several,
    is_open,
    make_list,
    normalize,
)
from iac_ec2lint.terraform.language.marks import parts
from iac_ec2lint.terraform.language.types import ANY, STRING, ObjectOf
from iac_ec2lint.terraform.language.unknowns import steps_of, wholly_known
from iac_ec2lint.values import Unknown, Val, Value, is_kept, number_text

if TYPE_CHECKING:
    from iac_ec2lint.source.span import SourceText, Span
    from iac_ec2lint.terraform.functions.registry import FunctionCall

_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def json_string(text: str) -> str:
    """A string in JSON, as Go writes it: safe inside HTML."""
    encoded = json.dumps(text, ensure_ascii=False)
    encoded = encoded.replace("\x7f", "\x7f").replace("\\b", "\\u0008").replace("\\f", "\\u000c")
    for character, escape in _ESCAPES.items():
        if character in encoded:
            encoded = encoded.replace(character, escape)
    return encoded


def encode_json(value: Val) -> str:
    """The JSON text of a value that is known at any depth: no spaces, keys sorted."""
    pieces: list[str] = []
    _write(value, pieces)
    return "".join(pieces)


def _write(value: Val, pieces: list[str]) -> None:
    data = value.data if isinstance(value, Value) else None
    if data is None:
        pieces.append("null")
    elif isinstance(data, bool):
        pieces.append("true" if data else "false")
    elif isinstance(data, str):
        pieces.append(json_string(data))
    elif isinstance(data, int | Decimal):
        pieces.append(number_text(data))
    elif isinstance(data, tuple):
        pieces.append("[")
        for index, element in enumerate(data):
            if index:
                pieces.append(",")
            _write(element, pieces)
        pieces.append("]")
    else:
        pieces.append("{")
        for index, key in enumerate(sorted(data)):
            if index:
                pieces.append(",")
            pieces.append(json_string(key) + ":")
            _write(data[key], pieces)
        pieces.append("}")


@function("jsonencode", ANY, result=STRING, needs="none", nulls=True)
def _jsonencode(call: FunctionCall, value: Val) -> Val:
    if isinstance(value, Value) and wholly_known(value) and not is_open(value.data):
        text = encode_json(value)
        return Value(text, call.span, value.via, decoded=value)
    if isinstance(value, Unknown) and value.candidates:
        unknown = call.undecided(lambda v: _jsonencode(call, *v), value, kind=STRING)
    else:
        unknown = call.unknown(value, kind=STRING)
    return unknown.but(decoded=value)


def read_json(text: str, span: Span, source: SourceText | None = None) -> Val:
    """The value that a JSON text encodes.

    Args:
        text: The text.
        span: Where all of it is written.
        source: The file that has just this text, if one has: then each value stands in that.

    Raises:
        FunctionError: It is no JSON.
    """
    try:
        if source is not None:
            return _from_file(json_text.read_json(text), source)
        parsed = json.loads(
            text, parse_float=Decimal, parse_int=_whole, parse_constant=_no_constant
        )
        return _from_python(parsed, span)
    except (ValueError, RecursionError, ArithmeticError):
        raise FunctionError("the string is no JSON") from None


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= limits.NUMBER_DIGITS else Decimal(digits)


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _from_file(node: json_text.Json, source: SourceText) -> Val:
    span = source.span(node.start, node.end)
    if isinstance(node, json_text.JsonObject):
        members = {normalize(key.value): _from_file(one, source) for key, one in node.members}
        return Value(dict(sorted(members.items())), span)
    if isinstance(node, json_text.JsonArray):
        return Value(tuple(_from_file(one, source) for one in node.elements), span)
    if isinstance(node, json_text.JsonNumber):
        whole = node.text.removeprefix("-").isdigit()
        return _from_python(_whole(node.text) if whole else Decimal(node.text), span)
    return _from_python(node.value, span)


def _from_python(parsed: Any, span: Span) -> Val:
    if isinstance(parsed, dict):
        return Value({normalize(k): _from_python(parsed[k], span) for k in sorted(parsed)}, span)
    if isinstance(parsed, list):
        return Value(tuple([_from_python(element, span) for element in parsed]), span)
    if isinstance(parsed, Decimal):
        from iac_ec2lint.terraform.language.arithmetic import exact

        if not is_kept(parsed):
            raise FunctionError("a number in it is beyond what a number can be")
        return Value(exact(parsed), span)
    return Value(normalize(parsed) if isinstance(parsed, str) else parsed, span)


@function("jsondecode", STRING, needs="none")
def _jsondecode(call: FunctionCall, text: Val) -> Val:
    decoded = text.decoded
    if decoded is not None and isinstance(text, Unknown):
        return plain(decoded)
    if text.text is not None:
        source, via = read_from(text, call.span, call.scope.evaluation.file_texts)
        value = read_json(text.text, text.span, source)
        return value.after(*via) if via else value
    if isinstance(text, Unknown) and len(text.parts) > 1 and not text.candidates:
        members = parse_pieces(text.parts, text)
        if isinstance(members, Value) and not _has_unknown_key(members):
            return plain(members).marked(text.marks)
    return call.undecided(lambda v: _jsondecode(call, *v), text)


def _has_unknown_key(value: Value) -> bool:
    maps = (part.data for part in parts((value,)) if isinstance(part, Value))
    return any(UNKNOWN_KEY in key for data in maps if isinstance(data, dict) for key in data)


def plain(value: Val) -> Val:
    """A value as JSON has it: lists and sets are tuples, maps are objects."""
    if not isinstance(value, Value):
        return value
    data = value.data
    if isinstance(data, tuple):
        elements = [plain(element) for element in data]
        if any(isinstance(e, Several) for e in elements):
            return value
        return Value(tuple(elements), value.span, value.via)
    if isinstance(data, dict):
        return Value({k: plain(data[k]) for k in sorted(data)}, value.span, value.via)
    return value


@function("base64encode", STRING, result=STRING, needs="none")
def _base64encode(call: FunctionCall, text: Val) -> Val:
    """What is only partly known is kept, as a boot script is."""
    if isinstance(text, Unknown):
        unknown = call.undecided(lambda v: _base64encode(call, *v), text, kind=STRING)
        return unknown.but(decoded=text)
    data = base64.b64encode((text.text or "").encode()).decode()
    return call.value(data, text)


@function("base64decode", STRING, result=STRING, needs="all")
def _base64decode(call: FunctionCall, text: Value) -> Val:
    return call.value(normalize(_utf8(decode_base64(text.text or ""))), text)


def decode_base64(text: str) -> bytes:
    """The bytes of standard Base64, padded.

    Raises:
        FunctionError: It is none.
    """
    compact = text.replace("\n", "").replace("\r", "")
    try:
        return base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        raise FunctionError("the string is no Base64") from None


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise FunctionError("the bytes are no UTF-8") from None


@function("base64gzip", STRING, result=STRING, needs="none")
def _base64gzip(call: FunctionCall, text: Val) -> Val:
    """What is compressed is kept; the bytes are not, since they depend on Go's compressor."""
    if isinstance(text, Unknown):
        result = call.unknown(text, kind=STRING)
    else:
        result = Unknown(
            "compressed bytes are not worked out", "expression", call.span, type=STRING
        )
    return result.but(decoded=text)


@scalar("base64gunzip", STRING)
def _base64gunzip(text: str) -> str:
    import zlib

    raw = decode_base64(text)
    try:
        decompressor = zlib.decompressobj(31)
        out = decompressor.decompress(raw, limits.STRING_LENGTH)
    except zlib.error:
        raise FunctionError("the bytes are no gzip") from None
    if decompressor.unconsumed_tail:
        raise FunctionError(f"more than {limits.STRING_LENGTH} bytes")
    return _utf8(out)


@scalar("urlencode", STRING)
def _urlencode(text: str) -> str:
    return quote_plus(text, safe="~").replace("~", "~")


@scalar("urldecode", STRING)
def _urldecode(text: str) -> str:
    raw = bytearray()
    index = 0
    while index < len(text):
        character = text[index]
        if character == "%":
            digits = text[index + 1 : index + 3]
            if len(digits) < 2 or not all(d in "0123456789abcdefABCDEF" for d in digits):
                raise FunctionError("an invalid escape")
            raw.append(int(digits, 16))
            index += 3
            continue
        raw += b" " if character == "+" else character.encode()
        index += 1
    return bytes(raw).decode("utf-8", "replace")


_ENCODINGS = {"utf-16": "utf-16-be", "utf-32": "utf-32-be"}


def _codec(name: str) -> str:
    lowered = name.lower()
    try:
        codec = codecs.lookup(_ENCODINGS.get(lowered, lowered))
    except (LookupError, ValueError):  # the latter where the name holds a NUL
        raise FunctionError(f"there is no encoding {name}") from None
    if not codec._is_text_encoding:  # noqa: SLF001 - "rot13" and the like are none
        raise FunctionError(f"there is no encoding {name}")
    return codec.name


@scalar("textencodebase64", STRING, STRING)
def _textencodebase64(text: str, encoding: str) -> str:
    try:
        return base64.b64encode(text.encode(_codec(encoding))).decode()
    except UnicodeError:
        raise FunctionError(f"the string cannot be written in {encoding}") from None


@scalar("textdecodebase64", STRING, STRING)
def _textdecodebase64(text: str, encoding: str) -> str:
    try:
        return decode_base64(text).decode(_codec(encoding))
    except UnicodeError:
        raise FunctionError(f"the bytes are no {encoding}") from None


@function("csvdecode", STRING, needs="all")
def _csvdecode(call: FunctionCall, text: Value) -> Val:
    rows = _read_csv(text.text or "")
    if not rows:
        raise FunctionError("there is no header line")
    names = rows[0]
    if len(set(names)) < len(names):
        raise FunctionError("two columns have the same name")
    kind = ObjectOf(dict.fromkeys(names, STRING))
    records: list[Val] = []
    for row in rows[1:]:
        if len(row) != len(names):
            raise FunctionError("a line has another number of fields than the header")
        members: dict[str, Val] = {
            name: Value(normalize(field), text.span, text.via)
            for name, field in zip(names, row, strict=True)
        }
        records.append(Value(members, text.span))
    return Value(make_list(records, kind), call.span, steps_of(text))


def _read_csv(text: str) -> list[list[str]]:
    """The fields of a CSV text, as strict about quotes as Go's reader."""
    rows: list[list[str]] = []
    position = 0
    while position < len(text):
        row: list[str] = []
        while True:
            field, position, quoted = _field(text, position)
            row.append(field)
            if position < len(text) and text[position] == ",":
                position += 1
                continue
            break
        position = _line_end(text, position)
        if row != [""] or quoted:
            rows.append(row)
    return rows


def _line_end(text: str, position: int) -> int:
    if text.startswith("\r\n", position):
        return position + 2
    return position + 1


def _field(text: str, position: int) -> tuple[str, int, bool]:
    if text.startswith('"', position):
        return _quoted_field(text, position + 1)
    end = position
    while end < len(text) and text[end] not in ",\n" and not text.startswith("\r\n", end):
        if text[end] == '"':
            raise FunctionError("a quote inside a field without quotes")
        end += 1
    return text[position:end], end, False


def _quoted_field(text: str, position: int) -> tuple[str, int, bool]:
    pieces: list[str] = []
    while True:
        end = text.find('"', position)
        if end < 0:
            raise FunctionError("a quote that is not closed")
        pieces.append(text[position:end])
        if text.startswith('""', end):
            pieces.append('"')
            position = end + 2
            continue
        after = end + 1
        if after < len(text) and text[after] not in ",\n" and not text.startswith("\r\n", after):
            raise FunctionError("text after a closing quote")
        return "".join(pieces).replace("\r\n", "\n"), after, True
