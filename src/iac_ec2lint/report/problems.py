"""Findings as people deal with them: what has one cause is one problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import SAFE_IF
from iac_ec2lint.report.arrangement import weight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.report.arrangement import Shown

_LISTED = re.compile(r"\0(?:, \0)*(?: and (?:\0|[\d,]+ more))?")
"""What ``listed`` makes of the names of what is judged."""


class Problem(NamedTuple):
    """One cause.

    Attributes:
        head: The worst of its findings.
        follows: Of paths that have their way in at one place the others, the worst first.
        alike: The same found at other places.
        parts: The findings that are parts of these.
    """

    head: Shown
    follows: tuple[Shown, ...]
    alike: tuple[Shown, ...]
    parts: tuple[Finding, ...]

    @property
    def all(self) -> tuple[Shown, ...]:
        """All findings but the parts, the head first."""
        return (self.head, *self.follows, *self.alike)


def problems(shown: Iterable[Shown], *, by_path: bool = False) -> list[Problem]:
    """Findings by their cause.

    Paths have one cause where their ways in have one place, which is that of their first repair;
    other findings where one check says the same of several places, or where one join with another
    unit would settle them.

    Args:
        shown: The findings, by place.
        by_path: Whether problems are sorted by place; the worst first if not.
    """
    groups: dict[tuple[object, ...], list[Shown]] = {}
    for each in shown:
        groups.setdefault(_cause(each.finding), []).append(each)
    found = [_problem(group) for group in groups.values()]
    if by_path:
        found.sort(key=lambda one: one.head.finding.order)
    else:
        found.sort(key=lambda one: (weight(one.head.finding), one.head.finding.order))
    return found


def way_in(finding: Finding) -> bool:
    """Whether a finding's evidence has a way that traffic takes."""
    return any(hop.kind for hop in finding.evidence)


def _cause(finding: Finding) -> tuple[object, ...]:
    if _safe_if(finding):
        return finding.status, finding.missing
    if way_in(finding):
        return finding.status, finding.span.key
    words = (finding.check.code, _general(finding), finding.when, finding.missing)
    return (finding.status, finding.severity, finding.confidence, *words)


def _safe_if(finding: Finding) -> bool:
    """Whether a join with another unit would settle it."""
    return bool(finding.missing) and finding.missing[0].startswith(SAFE_IF)


def _general(finding: Finding) -> str:
    """The message without the names of what is judged: what is said of each alike."""
    message = finding.message
    for subject in sorted(finding.subjects, key=lambda one: -len(one.address)):
        if subject.address:
            message = message.replace(subject.address, "\0")
    return _LISTED.sub("\0", message)


def _problem(group: list[Shown]) -> Problem:
    group.sort(key=lambda each: (weight(each.finding), each.finding.order))
    head, *others = group
    parts = {part.fingerprint: part for each in group for part in each.parts}
    named = tuple(sorted(parts.values(), key=lambda part: (weight(part), part.order)))
    if way_in(head.finding) and not _safe_if(head.finding):
        return Problem(head, tuple(others), (), named)
    return Problem(head, (), tuple(others), named)
