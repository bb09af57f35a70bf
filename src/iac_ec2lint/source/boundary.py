"""The boundary: the folder outside which a scan reads nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def work_tree(path: Path) -> Path | None:
    """The top folder of the git work tree that a path is in; ``None`` where there is none."""
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return None


def find_boundary(paths: Sequence[Path], working: Path) -> Path:
    """The boundary of a scan of some absolute paths.

    It is the git work tree that encloses them all, else the working directory where it contains
    them all, else their common parent.
    """
    tops = {work_tree(path) for path in paths}
    if len(tops) == 1:
        top = tops.pop()
        if top is not None:
            return top
    if all(path.is_relative_to(working) for path in paths):
        return working
    common = Path(os.path.commonpath([str(path) for path in paths]))
    return common if common.is_dir() else common.parent
