"""Comments that suppress findings: ``ec2lint:ignore=SG001 reason until=2026-12-31``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span

_COMMENT = re.compile(r"\bec2lint:ignore=([\w,-]+)(.*)", re.DOTALL)
_UNTIL = re.compile(r"\buntil=(\S+)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment, or metadata, that suppresses findings of some checks in one place.

    Attributes:
        codes: The checks, by code or name as written.
        reason: Why; may be empty.
        until: The last day on which it is in force, as written, if it has one.
        at: Where it is written.
        covers: The block or attribute that it is written on or above.
    """

    codes: tuple[str, ...]
    reason: str
    until: str | None
    at: Span
    covers: Span

    @property
    def last_day(self) -> date | None:
        """``until`` as a date; ``None`` where there is none, or it is not one.

        The engine reports one that is not a date, and does not let it suppress.
        """
        try:
            return date.fromisoformat(self.until) if self.until else None
        except ValueError:
            return None


def parse_comment(text: str) -> tuple[tuple[str, ...], str, str | None] | None:
    """Codes, reason and ``until`` of a comment's text; ``None`` where it is an ordinary comment."""
    found = _COMMENT.search(text)
    if found is None:
        return None
    codes = tuple(code for code in found[1].split(",") if code)
    rest = found[2]
    until = _UNTIL.search(rest)
    reason = " ".join(_UNTIL.sub("", rest).split())
    return codes, reason, until[1] if until else None
