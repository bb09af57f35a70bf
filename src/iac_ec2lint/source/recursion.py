"""How deep parsers of others may go, whatever limit evaluation has set for itself."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRAMES = 1000


@contextmanager
def few_frames() -> Iterator[None]:
    """Let what is called go as deep as Python does by itself.

    The recursion limit of evaluation is too high for the stack of a parser in C, and what is read
    must not hang on whether something was evaluated before.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(min(limit, _frames() + _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _frames() -> int:
    """How many frames are in use."""
    count = 0
    frame = sys._getframe()  # noqa: SLF001 - the only cheap way to count them
    while frame.f_back is not None:
        frame = frame.f_back
        count += 1
    return count
