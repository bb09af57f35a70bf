"""Absolute paths: they differ from machine to machine, except below the boundary.

Source: "References to Named Values" and "abspath Function" of the Terraform language.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.values import Step, Unknown, Val

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span

_REASON = "where the files lie depends on the machine"


class BoundaryPath(Unknown):
    """The absolute path of the boundary: unknown, though files below it can be read."""

    __slots__ = ()

    def __init__(self, span: Span, via: tuple[Step, ...] = ()) -> None:
        super().__init__(_REASON, "expression", span, via, type=STRING)


def absolute(real: str, boundary: Path, span: Span, via: tuple[Step, ...] = ()) -> Unknown:
    """The absolute path of a place: its end is known where it is inside the boundary.

    Args:
        real: The place, links resolved.
        boundary: The boundary that it may be in.
        span: Where the path is written.
        via: What it came through.
    """
    relative = os.path.relpath(real, boundary).replace(os.sep, "/")
    start = BoundaryPath(span, via)
    if relative == ".":
        return start
    if relative == ".." or relative.startswith("../"):
        return Unknown(_REASON, "expression", span, via, type=STRING)
    return Unknown(_REASON, "expression", span, via, parts=(start, f"/{relative}"), type=STRING)


def inside(path: Val, boundary: Path) -> Path | None:
    """The file or folder that a partly known absolute path names; ``None`` where there is none."""
    if not isinstance(path, Unknown):
        return None
    first, *rest = path.parts or (path,)
    if not isinstance(first, BoundaryPath) or not all(isinstance(part, str) for part in rest):
        return None
    below = "".join(part for part in rest if isinstance(part, str))
    # Text directly after it would change the boundary's own name.
    if below and not below.startswith("/"):
        return None
    return Path(os.path.normpath(f"{boundary}{below}"))
