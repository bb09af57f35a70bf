"""When Python's garbage collector runs: nearly all objects of a scan live until its end."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OBJECTS_BETWEEN_COLLECTIONS = 2_000_000


def collect_rarely() -> None:
    """Make the collector run rarely: most objects of a command live as long as it runs."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the collector while a file is read: a tree is many objects and no garbage.

    Its passes over all of them find nothing, and together take three times as long as the reading.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def collect_no_more() -> None:
    """Stop the collector at the end of the program: memory is freed with the process.

    The interpreter's last search for cycles takes a fifth of the time of a large scan.
    """
    gc.freeze()
