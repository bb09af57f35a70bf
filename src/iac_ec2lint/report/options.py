"""What a format is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a format is asked for; ``render`` in the package says what each means."""

    colour: bool = False
    quiet: bool = False
    verbose: bool = False
    by_path: bool = False
    show_undecided: bool = False
    show_notes: bool = False
    width: int = 100
    prefix: str = ""
