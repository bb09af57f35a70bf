"""Which units call which, and which of them nobody calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def roots_of(
    every: set[Path], calls: Callable[[Path], set[Path]], wanted: set[Path]
) -> Iterator[tuple[Path, bool]]:
    """Those of ``every`` that no other calls and that have a part of ``wanted`` in them.

    Where all that have it call one another in a circle, the first of them; each says whether no
    other calls it.

    With them come those that share a part with one of them: what is said of a shared line names
    all its users, so it must not hang on what was wanted.
    """
    order = sorted(every)
    direct: dict[Path, set[Path]] = {}
    reach = {path: reachable(path, calls, direct) for path in order}
    inner = {below for path in order for below in reach[path] if below != path}
    roots = [path for path in order if path not in inner]
    covered = {below for root in roots for below in reach[root]}
    for path in order:  # those that only call one another in a circle
        if path not in covered:
            roots.append(path)
            covered |= reach[path]
    touched = set(wanted)
    size = -1
    while size != len(touched):
        size = len(touched)
        for root in roots:
            if not reach[root].isdisjoint(touched):
                touched |= reach[root]
    yield from ((root, root not in inner) for root in roots if not reach[root].isdisjoint(touched))


def reachable(
    start: Path, calls: Callable[[Path], set[Path]], direct: dict[Path, set[Path]]
) -> set[Path]:
    """All that is called from ``start``, itself included; ``direct`` remembers each one's calls."""
    found = {start}
    pending = [start]
    while pending:
        path = pending.pop()
        if path not in direct:
            direct[path] = calls(path)
        for inner in direct[path] - found:
            found.add(inner)
            pending.append(inner)
    return found
