"""JSON text: whether it is valid, and a tree of it where YAML's parser cannot read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence
from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.json_text import (
    Json,
    JsonArray,
    JsonError,
    JsonObject,
    JsonString,
    read_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.source.span import SourceText

_TOO_DEEP = f"more than {limits.NESTING} levels of nesting are not read"


def check(source: SourceText) -> Diagnostic | None:
    """A diagnostic of the first error in JSON text; ``None`` where it is valid."""
    text = source.text
    try:
        # In C, since a plan can have a hundred megabytes. Numbers are not converted: a long one
        # costs nothing, and is no error.
        json.loads(text, parse_int=len, parse_float=len)
    except json.JSONDecodeError as error:
        offset, message = _word(text, error)
        line, column = source.position(offset)
        return Diagnostic(source.path, line, column, message)
    except RecursionError:
        # The place is found when the tree is built.
        return None
    return None


def _word(text: str, error: json.JSONDecodeError) -> tuple[int, str]:
    """The offset of an error and what is wrong there."""
    at = error.pos
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    if not text.strip():
        return 0, "the file is empty"
    if text.startswith(("//", "/*", "#"), at):
        return at, "JSON has no comments"
    # Which side of the comma the parser stops at differs between Python's versions.
    comma = at if text[at : at + 1] == "," else len(text[:at].rstrip()) - 1
    closer = text[comma + 1 :].lstrip(" \t\r\n")[:1]
    if comma >= 0 and text[comma] == "," and closer in ("}", "]"):
        return comma, f'JSON allows no comma before "{closer}"'
    if at >= len(text):
        return at, "the JSON text ends too early: a bracket, a brace or a string is not closed"
    words = {
        "Expecting property name enclosed in double quotes": "a key in double quotes is expected",
        "Expecting ',' delimiter": 'a "," or the closing bracket is expected',
        "Expecting ':' delimiter": 'a ":" is expected after the key',
        "Expecting value": "a value is expected",
        "Extra data": "something follows the end of the JSON text",
        "Unterminated string starting at": "the string is not closed",
        "Invalid control character at": "a line break or control character in a string",
    }
    said = f"it is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    return at, words.get(error.msg, said)


def build(
    source: SourceText,
    entries_of: Callable[[list[Any]], dict[str, tuple[Scalar, Node]]],
    diagnostics: list[Diagnostic],
) -> Node | None:
    """The tree of text that ``check`` accepted.

    Args:
        source: The text.
        entries_of: Makes a mapping's entries from its keys and nodes, which alternate.
        diagnostics: Errors are added to it.
    """
    try:
        root = read_json(source.text)
    except JsonError as problem:
        diagnostics.append(Diagnostic(source.path, problem.line, problem.column, _TOO_DEEP))
        return None

    def node(value: Json) -> Node:
        start, end = value.start, value.end
        if isinstance(value, JsonString):
            return Scalar(source, value.value, start, end, plain=False)
        if isinstance(value, JsonArray):
            return Sequence(source, [node(element) for element in value.elements], start, end)
        if isinstance(value, JsonObject):
            flat = [node(part) for member in value.members for part in member]
            return Mapping(source, entries_of(flat), start, end)
        return Scalar(source, source.text[start:end], start, end, plain=True)

    return node(root)
