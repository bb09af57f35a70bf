"""JSON text that any reader takes, and the same bytes for the same report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from json.encoder import encode_basestring as _quoted
from typing import TYPE_CHECKING, Any

from iac_ec2lint.report.escape import written_out
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span

_ELEMENTS = 50
"""Elements of a list that are one piece of the text: a few hundred kilobytes of findings."""

_BEYOND_ASCII = regular_expression(r"[^\x00-\x7e]+")


def serialise(document: object) -> str:
    """A document as indented JSON in ASCII, with a line feed at its end.

    A list may be given as an iterator, so that its elements need not all be there at one time.
    ASCII, because a terminal obeys some of what lies beyond it. A lone surrogate, which a template
    can spell and which Unicode text cannot hold (RFC 8259, 8.2), becomes U+FFFD.
    """
    return _safe(_indented(document, "\n")) + "\n"


def stated_rows(stated: Iterable[tuple[str, Span]]) -> list[dict[str, object]]:
    """What counts on the word of a configuration alone, as every JSON has it."""
    return [{"key": key, "path": span.path, "line": span.line} for key, span in stated]


def serialise_in_pieces(document: Mapping[str, object]) -> Iterator[str]:
    """The same, in pieces: of what is an iterator in the document, many elements are one piece."""
    before = "{\n  "
    for key, value in document.items():
        head = f"{before}{_quoted(key)}: "
        if isinstance(value, Iterator):
            yield head
            yield from _list_in_pieces(value, "\n  ")
        else:
            yield _safe(head + _indented(value, "\n  "))
        before = ",\n  "
    yield "\n}\n"


def _list_in_pieces(elements: Iterator[object], margin: str) -> Iterator[str]:
    inner = margin + "  "
    before = f"[{inner}"
    while some := [_indented(element, inner) for element in islice(elements, _ELEMENTS)]:
        yield _safe(before + f",{inner}".join(some))
        before = f",{inner}"
    yield "[]" if before.startswith("[") else f"{margin}]"


def _safe(text: str) -> str:
    """JSON in ASCII, and without commands."""
    if not text.isascii() or "\x7f" in text:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        # Nothing beyond ASCII stands outside of strings, where these escapes are at home.
        text = _BEYOND_ASCII.sub(_escape, text)
    # Build agents take "##[command]" anywhere in a log for a command; in a string it can be
    # spelled so that they do not.
    return written_out(text, "\\u005b")


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1].replace("\x7f", "\\u007f")


def _indented(node: object, margin: str) -> str:
    """What ``json.dumps`` gives with an indent of two, in a third of its time and of its room.

    Args:
        node: What is in the document.
        margin: A line feed and the indent of the line that it begins on.
    """
    kind = node.__class__
    write = _LEAVES.get(kind)
    if write is not None:
        return write(node)
    inner = margin + "  "
    # Whether anything else is a mapping takes as long as to write a small one.
    if isinstance(node, dict) or (kind is not list and isinstance(node, Mapping)):
        texts = [
            write(value)  # most are texts and numbers: no call of Python's
            if (write := _LEAVES.get(value.__class__)) is not None
            else _indented(value, inner)
            for value in node.values()
        ]
        return _members(tuple(node), margin) % tuple(texts)
    if isinstance(node, (list, Iterable)) and not isinstance(node, str):
        if node == []:  # as most lists of findings are
            return "[]"
        lines = [_indented(element, inner) for element in node]
        return f"[{inner}{f',{inner}'.join(lines)}{margin}]" if lines else "[]"
    return json.dumps(node)


@lru_cache(maxsize=256)  # most objects are findings, hops and places
def _members(keys: tuple[str, ...], margin: str) -> str:
    """An object with some keys, and ``%s`` for what each has."""
    inner = margin + "  "
    lines = [f"{_quoted(key).replace('%', '%%')}: %s" for key in keys]
    return f"{{{inner}{f',{inner}'.join(lines)}{margin}}}" if lines else "{}"


_LEAVES: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    int: str,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): lambda _: "null",
}
"""How what has no parts is written."""
