"""The garbage collector: when it may look for cycles. Nearly all that is made here lives on."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OBJECTS_BETWEEN_COLLECTIONS = 2_000_000


def collect_rarely() -> None:
    """For a command: most of what it makes lives as long as it runs."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


@contextmanager
def collection_paused() -> Iterator[None]:
    """For reading a file: a tree is made of many objects and no garbage.

    Each of the collector's rounds over all of them finds nothing, and together they take three
    times as long as the reading.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def collect_no_more() -> None:
    """For the end of the program: what is left goes with the process.

    To look for cycles in it first, as the interpreter does when it ends, takes a fifth of the time
    of a large scan.
    """
    gc.freeze()
