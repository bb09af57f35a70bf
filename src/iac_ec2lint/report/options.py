"""What a format is asked for."""

from __future__ import annotations

from dataclasses import dataclass

EPOCH = "1970-01-01T00:00:00"
"""The time of a scan of which no time is said."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a format is asked for.

    Attributes:
        colour: Whether text is styled for a terminal.
        quiet: No summary, one line a finding (text, github).
        verbose: Every hop of every finding (text).
        by_path: Sorted by place, and not the worst first (text).
        show_undecided: Whether undecided findings are listed (json and csv have all).
        show_notes: Whether notes are listed (text, github; json has all).
        width: How many columns an excerpt of a source line may take (text).
        prefix: The working directory as seen from the repository's root, with ``/`` at its end;
            empty where they are the same (for all whose readers start at the root).
        tree: The address of the commit's files, of ``placing.tree_url``; empty for places without
            links (markdown).
        account: The AWS account that findings are for (asff).
        region: Its Region (asff).
        started: When the scan began, in UTC: ``2031-01-31T12:00:00`` (gitlab-sast).
        ended: When it ended (gitlab-sast, asff).
    """

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
