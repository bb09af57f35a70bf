"""Bounds on what one scan reads and expands, in one place. Hitting one is an error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_BYTES: Final = 5_000_000
"""Size of a configuration or template file, in bytes."""

PLAN_BYTES: Final = 200_000_000
"""Size of a plan in JSON, in bytes."""

PLAN_BRACKETS: Final = 5_000_000
"""Lists and objects in a plan: what is largest in memory for its bytes."""

BASELINE_BYTES: Final = 20_000_000
"""Size of a baseline, in bytes."""

NESTING: Final = 200
"""Depth of nested brackets, blocks, mappings and sequences in one file."""

ALIAS_NODES: Final = 1_000_000
"""Nodes that a YAML document has once its aliases are followed."""

MODULE_DEPTH: Final = 64
"""Module calls, or nested stacks, inside one another."""

EVALUATION_DEPTH: Final = 400
"""References that an expression goes through, one leading to the next."""

VALUE_NODES: Final = 1_000_000
"""Elements and members, of all depths, of what one name in a configuration stands for."""

STRING_LENGTH: Final = 5_000_000
"""Code points in one string that an expression makes."""

NUMBER_DIGITS: Final = 4_000
"""Digits of a number before its point, and places after it."""

PATTERN_STEPS: Final = 2_000_000
"""Steps that matching one regular expression against one string takes."""

_FRAMES: Final = 1000


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
