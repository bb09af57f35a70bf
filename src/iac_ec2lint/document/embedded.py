"""YAML that stands in a YAML text as a block of literal text, with its true places."""

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

    All around the block is taken for blank, so that what is read keeps its lines and columns.

    Args:
        scalar: The scalar that holds the text.

    Returns:
        The trees; ``None`` where the scalar is no literal block, so that its text does not stand in
        the file as it is.
    """
    text = scalar.source.text
    if text[scalar.start : scalar.start + 1] != "|":
        return None
    opened = text.find("\n", scalar.start)
    if not 0 <= opened < scalar.end:
        return None
    before = _INK.sub(" ", text[: opened + 1])
    return read(scalar.source, before + text[opened + 1 : scalar.end])
