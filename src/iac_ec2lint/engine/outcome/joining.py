"""Joining what several graphs came to, and what is found several times at one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from iac_ec2lint.engine.finding import Evidence, Finding, Status
from iac_ec2lint.engine.judgement import identity
from iac_ec2lint.engine.outcome.likeness import told_apart
from iac_ec2lint.engine.outcome.messages import MESSAGES_LIMIT, said_of_all
from iac_ec2lint.engine.outcome.parts import with_parts
from iac_ec2lint.values import Confidence, join_conditions, merged_conditions

EVIDENCE_LIMIT = 50
"""Hops that one finding lists; instances beyond it are still counted in ``resources``."""


def join(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each check, place and status, each knowing what it is a part of; sorted."""
    groups: dict[tuple[str, tuple[str, int, int], Status], list[Finding]] = {}
    for finding in findings:
        place = finding.check.code, finding.span.key, finding.status
        groups.setdefault(place, []).append(finding)
    for (code, span, status), group in groups.items():
        failing = groups.get((code, span, Status.FAIL)) if status is Status.UNDECIDED else None
        if failing is not None:
            # What fails anyway is not undecided as well; in another unit it is something else.
            surely = {judged for finding in failing for judged in _judged(finding)}
            group[:] = [finding for finding in group if not surely.issuperset(_judged(finding))]
    joined = told_apart([_join_group(group) for group in groups.values() if group])
    return tuple(sorted(with_parts(joined), key=lambda finding: finding.order))


def _judged(finding: Finding) -> Iterator[tuple[str, str]]:
    """What a finding judges, told from what has the same address in another unit."""
    return ((subject.unit, subject.address) for subject in finding.subjects)


def _join_group(group: Sequence[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    chosen = sorted(group, key=order)
    first = chosen[0]
    hops: dict[tuple[tuple[str, int, int], str], Evidence] = {}
    for finding in chosen:
        if len(hops) >= EVIDENCE_LIMIT:
            break
        for hop in finding.evidence:
            hops.setdefault((hop.span.key, hop.message), hop)
    firmness = list(Confidence)
    # The worst stands first, which is what counts of a subject that several judge.
    judged = [
        replace(subject, severity=f.severity, message=f.message)
        for f in chosen
        for subject in f.subjects
    ]
    subjects = tuple(sorted(dict.fromkeys(judged)))
    fixes = {finding.fix and finding.fix.key for finding in chosen}
    kinds = {finding.kinds for finding in chosen}
    # A severity is as certain as what has it: something milder that is surely so proves nothing.
    worst = [finding for finding in chosen if finding.severity is first.severity]
    firmest = min(worst, key=lambda finding: firmness.index(finding.confidence))
    # What is conditional at best says on what; what is certain, or not known to be, says nothing.
    conditional = [f for f in worst if f.confidence is Confidence.CONDITIONAL]
    bound = conditional if firmest.confidence is Confidence.CONDITIONAL else worst
    return first._replace(
        message=said_of_all((finding.message, finding.subject) for finding in chosen),
        confidence=firmest.confidence,
        resources=tuple(sorted({address for f in chosen for address in f.resources})),
        evidence=tuple(hops.values())[:EVIDENCE_LIMIT],
        when=_join_whens([finding.when for finding in bound]),
        missing=tuple(dict.fromkeys(reason for f in chosen for reason in f.missing)),
        inputs=tuple(sorted({one for f in chosen for one in f.inputs})),
        beyond=any(f.beyond for f in chosen),
        likely=first.likely if all(f.likely == first.likely for f in chosen) else "",
        fingerprint=identity(subjects),
        subjects=subjects,
        fix=first.fix if len(fixes) == 1 else None,
        kinds=frozenset().union(*kinds) if all(kinds) else frozenset(),
    )


def order(finding: Finding) -> tuple[int, str, str, str]:
    """What is said first of findings at one place."""
    return finding.severity.rank, finding.subject, finding.message, finding.fingerprint


def _join_whens(whens: Sequence[str | None]) -> str | None:
    """The conditions of findings at one place, of which one is enough; ``None`` without one."""
    distinct = [when for when in dict.fromkeys(whens) if when]
    if not all(whens):
        return None
    distinct = merged_conditions(distinct, "or")
    if len(distinct) > MESSAGES_LIMIT:
        distinct[MESSAGES_LIMIT - 1 :] = [f"one of {len(distinct) - MESSAGES_LIMIT + 1} more"]
    return join_conditions(distinct, "or") or None
