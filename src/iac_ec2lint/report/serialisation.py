"""JSON text that any reader takes, and the same bytes for the same report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from json.encoder import encode_basestring as _quoted
from typing import Any

from iac_ec2lint.report.escape import written_out

_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]+")


def serialise(document: object) -> str:
    """A document as indented JSON in ASCII, with a line feed at its end.

    A list may be given as an iterator, so that its elements need not all be there at one time.
    ASCII, because a terminal obeys some of what lies beyond it. A lone surrogate, which a template
    can spell and which Unicode text cannot hold (RFC 8259, 8.2), becomes U+FFFD.
    """
    text = _indented(document, "\n")
    if not text.isascii() or "\x7f" in text:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        # Nothing beyond ASCII stands outside of strings, where these escapes are at home.
        text = _BEYOND_ASCII.sub(_escape, text)
    # Build agents take "##[command]" anywhere in a log for a command; in a string it can be
    # spelled so that they do not.
    return written_out(text, "\\u005b") + "\n"


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1].replace("\x7f", "\\u007f")


def _indented(node: object, margin: str) -> str:
    """What ``json.dumps`` gives with an indent of two, in half of its time and a third of its room.

    Args:
        node: What is in the document.
        margin: A line feed and the indent of the line that it begins on.
    """
    write = _LEAVES.get(node.__class__)
    if write is not None:
        return write(node)
    inner = margin + "  "
    if isinstance(node, (dict, Mapping)):  # the second alone is slow
        lines = [
            f"{_quoted(key)}: {write(value)}"  # most are texts and numbers: no call of Python's
            if (write := _LEAVES.get(value.__class__)) is not None
            else f"{_quoted(key)}: {_indented(value, inner)}"
            for key, value in node.items()
        ]
        return f"{{{inner}{f',{inner}'.join(lines)}{margin}}}" if lines else "{}"
    if isinstance(node, (list, Iterable)) and not isinstance(node, str):
        lines = [_indented(element, inner) for element in node]
        return f"[{inner}{f',{inner}'.join(lines)}{margin}]" if lines else "[]"
    return json.dumps(node)


_LEAVES: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    int: str,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): lambda _: "null",
}
"""How what has no parts is written."""
