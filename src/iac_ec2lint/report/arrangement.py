"""Which findings a reader is shown, in what order, and which are parts of which."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import Finding, Severity, Status
from iac_ec2lint.report.undecided.entries import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iac_ec2lint.engine.report import Report

_RANK = {severity: severity.rank for severity in Severity}
_STANDING = {Status.FAIL: 0, Status.UNDECIDED: 1, Status.SUPPRESSED: 2}


class Shown(NamedTuple):
    """A finding, and those that are parts of it and are not shown on their own."""

    finding: Finding
    parts: tuple[Finding, ...]


def arrange(report: Report, *, show_undecided: bool) -> list[Shown]:
    """The findings to show, in the report's order: failing ones, and undecided ones if asked for.

    A part is shown with its whole where that is shown, and is at least as certain and as severe: a
    failure is never hidden behind something undecided, nor the worse behind the better. Where parts
    name each other in a circle, each is shown. Undecided findings are shown one for each entry.
    """
    findings = [
        finding
        for finding in report.findings
        if finding.status is Status.FAIL or (show_undecided and finding.status is Status.UNDECIDED)
    ]
    wholes = _wholes(findings)
    parts: dict[int, list[Finding]] = {}
    hidden = set()
    for index in wholes:
        for top in _tops(index, wholes):
            hidden.add(index)
            parts.setdefault(top, []).append(findings[index])
    shown = [
        Shown(finding, tuple(parts.get(index, ())))
        for index, finding in enumerate(findings)
        if index not in hidden
    ]
    return _folded(shown) if show_undecided else shown


def entries_of(report: Report) -> int:
    """How many entries what is undecided comes to."""
    shown = arrange(report, show_undecided=True)
    return sum(each.finding.status is Status.UNDECIDED for each in shown)


def _folded(shown: list[Shown]) -> list[Shown]:
    """What is shown, of undecided findings the worst of each entry, with the others as parts."""
    undecided = [each for each in shown if each.finding.status is Status.UNDECIDED]
    heads: dict[int, Shown] = {}
    for entry in entries([each.finding for each in undecided]):
        ordered = [undecided[at] for at in entry.places]
        ordered.sort(key=lambda each: (weight(each.finding), each.finding.order))
        head, *others = ordered
        parts = [part for each in others for part in (each.finding, *each.parts)]
        heads[id(head)] = Shown(_with_others(head, others, entry.key), (*head.parts, *parts))
    return [
        heads.get(id(each), each)
        for each in shown
        if each.finding.status is not Status.UNDECIDED or id(each) in heads
    ]


def _with_others(head: Shown, others: Sequence[Shown], key: str) -> Finding:
    if not others:
        return head.finding
    verb = "hangs" if len(others) == 1 else "hang"
    words = f"{verb} on {key}" if key else f"{verb} on the same"
    return head.finding._replace(message=f"{head.finding.message}; {len(others):,} more {words}")


def recorded(report: Report, *, show_undecided: bool) -> list[Finding]:
    """The findings that a record is kept of: all, but undecided ones only if asked for."""
    return [
        finding
        for finding in report.findings
        if finding.status is not Status.UNDECIDED or show_undecided
    ]


def identities(findings: Iterable[Finding]) -> list[str]:
    """A name for each finding, for readers that drop what has the name of another.

    It is the fingerprint; where several findings have one, the second is called ``...-2``.
    """
    names = []
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.fingerprint] += 1
        number = seen[finding.fingerprint]
        names.append(f"{finding.fingerprint}-{number}" if number > 1 else finding.fingerprint)
    return names


def weight(finding: Finding) -> tuple[int, int]:
    """What sorts the worst first: failing, undecided, suppressed; then by severity."""
    return _STANDING[finding.status], _RANK[finding.severity]


def count_by_severity(
    findings: Iterable[Finding], status: Status = Status.FAIL
) -> dict[Severity, int]:
    """How many findings of a status there are of each severity, the worst first."""
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        if finding.status is status:
            counts[finding.severity] += 1
    return counts


def _wholes(findings: Sequence[Finding]) -> dict[int, list[int]]:
    by_fingerprint: dict[str, list[int]] = {one: [] for each in findings for one in each.part_of}
    for index, finding in enumerate(findings):
        if finding.fingerprint in by_fingerprint:
            by_fingerprint[finding.fingerprint].append(index)
    wholes: dict[int, list[int]] = {}
    for index, finding in enumerate(findings):
        for fingerprint in finding.part_of:
            for whole in by_fingerprint[fingerprint]:
                larger = findings[whole]
                certain = larger.status in (Status.FAIL, finding.status)
                if whole != index and certain and larger.severity.at_least(finding.severity):
                    wholes.setdefault(index, []).append(whole)
    return wholes


def _tops(index: int, wholes: dict[int, list[int]]) -> list[int]:
    seen = {index}
    waiting = [index]
    tops = []
    while waiting:
        for whole in wholes[waiting.pop()]:
            if whole in seen:
                continue
            seen.add(whole)
            if whole in wholes:
                waiting.append(whole)
            else:
                tops.append(whole)
    return sorted(tops)
