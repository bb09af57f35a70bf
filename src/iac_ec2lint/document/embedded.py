"""Templates in texts of other files, with their places there as far as they have any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.document.reading import read
from iac_ec2lint.source.span import PlacedText

if TYPE_CHECKING:
    from iac_ec2lint.document.reading import Document
    from iac_ec2lint.document.tree import Scalar
    from iac_ec2lint.source.span import Span

_INK = re.compile(r"[^\r\n]")


def read_embedded(scalar: Scalar) -> Document | None:
    """The trees of the text in a literal block (``Body: |``).

    All text around the block is read as blank, so that lines and columns are kept.

    Args:
        scalar: The scalar that holds the text.

    Returns:
        The trees; ``None`` where the scalar is no literal block, since the file then does not hold
        its text as it is.
    """
    text = scalar.source.text
    if text[scalar.start : scalar.start + 1] != "|":
        return None
    opened = text.find("\n", scalar.start)
    if not 0 <= opened < scalar.end:
        return None
    before = _INK.sub(" ", text[: opened + 1])
    return read(scalar.source, before + text[opened + 1 : scalar.end])


def read_text(span: Span, text: str) -> Document:
    """The trees of a text that an expression came to.

    Args:
        span: Where that is written. Where its file has the text as it stands, in lines of its own,
            each node is at its place; else all of them are at the beginning of the span.
        text: The text.
    """
    source = span.source
    at = source.text.find(text, span.start, span.end)
    if source.text == text:
        return read(source)
    if at > 0 and source.text[at - 1] == "\n":
        return read(source, _INK.sub(" ", source.text[:at]) + text)
    placed = PlacedText(span, text)
    return read(placed, _INK.sub(" ", source.text) + "\n" + text)
