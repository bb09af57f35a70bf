"""YAML in a literal block of a YAML text, with its places in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.document.reading import read

if TYPE_CHECKING:
    from iac_ec2lint.document.reading import Document
    from iac_ec2lint.document.tree import Scalar

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
