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


def collect_if_due() -> None:
    """Collect as Python itself would where the collector is paused: what a unit has left behind."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = [generation for generation in range(3) if counts[generation] > thresholds[generation]]
    if 0 in due and not gc.isenabled():
        gc.collect(due[-1])


def keep_for_good() -> None:
    """Let the collector pass over all that there is by now: it lives until the scan ends."""
    if not gc.isenabled():  # elsewhere it may be somebody else's
        gc.freeze()


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the collector while many objects are made and no garbage: trees of files, graphs.

    Its passes over all of them find nothing, and take longer than the reading of a file does.
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
