"""What standard output is: whether it shows colours, and how wide it is."""

from __future__ import annotations

import os
import sys

WIDTH = 100
"""Columns, where there is no terminal."""


def shows_colour() -> bool:
    """Whether it is a terminal that has colours, or is told to, and nobody asked for none.

    ``NO_COLOR`` (no-color.org) wins over ``FORCE_COLOR`` (force-color.org), and that over
    ``TERM=dumb`` and what is no terminal.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """How wide it is."""
    if not sys.stdout.isatty():
        return WIDTH
    from shutil import get_terminal_size  # it imports what unpacks archives

    return get_terminal_size().columns
