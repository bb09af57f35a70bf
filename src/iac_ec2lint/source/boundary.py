"""The boundary: the folders outside which a scan reads nothing.

What is scanned may hold any link, so that a boundary is never sought through one of its links.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def work_tree(path: Path) -> Path | None:
    """The top folder of the git work tree that a path is in; ``None`` where there is none.

    Links inside a work tree are its content: what they lead to is no work tree of the path's.
    """
    return _lexical_work_tree(path, None)


def boundary_of(path: Path, working: Path) -> Path:
    """The boundary of one path, both absolute.

    It is the git work tree that the path is in as it is written, else the working directory where
    that contains it, else the path's own folder. Links above any of these are followed.
    """
    held = path.is_relative_to(working)
    found = _lexical_work_tree(path, working if held else None)
    if found is not None:
        return found
    if held or Path(os.path.realpath(path)).is_relative_to(os.path.realpath(working)):
        return working
    return path if path.is_dir() else path.parent


def find_boundaries(paths: Sequence[Path], working: Path) -> tuple[Path, ...]:
    """The boundaries of a scan of some absolute paths, each once; there is no common one."""
    return tuple(dict.fromkeys(boundary_of(path, working) for path in paths or (working,)))


def _lexical_work_tree(path: Path, working: Path | None) -> Path | None:
    found: Path | None = None
    for folder in (*reversed(path.parents), path):
        held = found is not None or (working is not None and working in folder.parents)
        if held and folder.is_symlink():
            break
        if os.path.lexists(folder / ".git"):
            found = folder
    return found
