"""Findings that are alike in all that fingerprints are made of: two equal rules of one group.

Each gets an identity of its own, so that a baseline that has one does not accept a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from iac_ec2lint.engine.finding import Finding, Subject
from iac_ec2lint.engine.judgement import digest, identity


def told_apart(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings, with the identities of subjects numbered that several of them have.

    The first keeps its own, the mildest first and then in the order of the text: whichever of
    them is added or taken away, there is one more identity, or one less, and what is worse than
    what was there has a new one.

    Args:
        findings: All of a scan, one for each check, place and status.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for number, finding in enumerate(findings):
        for subject in finding.subjects:
            numbers = places[subject.fingerprint]
            if not numbers or numbers[-1] != number:
                numbers.append(number)
    numbered: dict[int, dict[str, int]] = defaultdict(dict)
    for name, numbers in places.items():
        if len(numbers) > 1:
            numbers.sort(key=lambda at: _order(findings[at]))
            for count, at in enumerate(numbers[1:], 2):
                numbered[at][name] = count
    apart = list(findings)
    for at, counts in numbered.items():
        subjects = tuple(
            _numbered(subject, counts.get(subject.fingerprint)) for subject in apart[at].subjects
        )
        apart[at] = apart[at]._replace(
            fingerprint=identity(subjects), subjects=tuple(sorted(subjects))
        )
    return apart


def _order(finding: Finding) -> tuple[int, str, tuple[str, int, int, str, str]]:
    """The mildest first; then what else they judge, which outlives another order of blocks."""
    return -finding.severity.rank, finding.fingerprint, finding.order


def _numbered(subject: Subject, count: int | None) -> Subject:
    if count is None:
        return subject
    return replace(
        subject,
        fingerprint=digest((subject.fingerprint, str(count))),
        anywhere=digest((subject.anywhere, str(count))) if subject.anywhere else "",
    )
