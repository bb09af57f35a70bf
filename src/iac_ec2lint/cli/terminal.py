"""What standard output is: whether it shows colours, and how wide it is."""

from __future__ import annotations

import os
import shutil
import sys

WIDTH = 100
"""Columns, where there is no terminal."""


def shows_colour() -> bool:
    """Whether it is a terminal that nobody asked to be without colours (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def columns() -> int:
    """How wide it is."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
