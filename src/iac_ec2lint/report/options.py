"""What a format is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from iac_ec2lint.report import EPOCH


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
    tree: str = ""
    account: str = ""
    region: str = ""
    started: str = EPOCH
    ended: str = EPOCH
