"""Findings about resources of other units, which a unit sees where it imports what they export."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.engine.outcome.examining import Outcome


def leave_to_others(outcome: Outcome, unit: Unit) -> list[Finding]:
    """Take out what is said of other units' resources alone: those units say it themselves.

    Args:
        outcome: What the checks came to over the unit's graph; it loses those findings and notes.
        unit: The unit, which says what is foreign to it.

    Returns:
        The findings that were taken out.
    """
    foreign = tuple(unit.foreign)
    if not foreign:
        return []
    own: list[Finding] = []
    others: list[Finding] = []
    for finding in outcome.findings:
        names = (finding.subject, finding.resource)
        (others if all(name.startswith(foreign) for name in names) else own).append(finding)
    outcome.findings = own
    outcome.notes = [
        note
        for note in outcome.notes
        if not (
            note.resource.startswith(foreign) if note.resource else note.span.path in unit.imported
        )
    ]
    return others


def firmed(findings: Sequence[Finding], elsewhere: Iterable[Finding]) -> Iterator[Finding]:
    """Findings, as firm and as severe as importing units have them at the same place.

    A unit that imports a resource knows more of it: what it is attached to, what reaches it. What
    other units have at that place, as those that call one module have, is not meant.

    Args:
        findings: The findings of all units about what is their own.
        elsewhere: Those that were taken out by ``leave_to_others``.
    """
    others: dict[tuple[str, tuple[str, int, int]], list[Finding]] = {}
    for other in elsewhere:
        if other.status is not Status.SUPPRESSED:
            others.setdefault((other.check.code, other.span.key), []).append(other)
    for finding in findings:
        result = finding
        if finding.status is not Status.SUPPRESSED:
            for other in others.get((finding.check.code, finding.span.key), ()):
                if _is_of(other, finding):
                    result = _firmer(result, other)
        yield result


def _is_of(other: Finding, finding: Finding) -> bool:
    """Whether what another unit calls ``path:address`` is what a finding judges."""
    own = {(one.unit, one.address) for one in finding.subjects}
    for one in other.subjects:
        parts = one.address.split(":")
        for at in range(1, len(parts)):
            path = posixpath.join(posixpath.dirname(one.unit), ":".join(parts[:at]))
            if (posixpath.normpath(path), ":".join(parts[at:])) in own:
                return True
    return False


def _firmer(finding: Finding, other: Finding) -> Finding:
    decides = other.status is Status.FAIL and finding.status is Status.UNDECIDED
    same = other.status is finding.status
    if decides or (same and other.severity.rank < finding.severity.rank):
        return replace(
            finding,
            status=other.status,
            severity=other.severity,
            confidence=other.confidence,
            message=other.message,
            evidence=other.evidence,
            when=other.when,
            missing=other.missing,
            inputs=other.inputs,
            beyond=other.beyond,
        )
    if not same:
        return finding
    firm = min(finding.confidence, other.confidence, key=list(Confidence).index)
    return replace(finding, confidence=firm)
