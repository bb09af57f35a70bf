"""Findings that are parts of others, and what accepting the one means for the other.

A rule that is open is part of the path that leads through it. Whoever accepts a path accepts its
parts. Whoever accepts all rules of a path accepts that hosts are reached through them, but nothing
that is worse than what was accepted, and no path that goes on from the host.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from iac_ec2lint.engine.finding import Finding, Status

_Key = tuple[str, int, int]
_RULES = "SG"
"""The family of checks whose findings are about rules."""


def with_parts(findings: Sequence[Finding]) -> Iterable[Finding]:
    """The findings, each with the fingerprints of those that it is a part of.

    Args:
        findings: All of a scan, one for each check and place.
    """
    by_place: dict[_Key, list[int]] = defaultdict(list)
    for number, finding in enumerate(findings):
        by_place[_place(finding)].append(number)
    accepted = list(findings)
    for number, finding in enumerate(findings):
        if finding.check.accepted_with_rules and finding.status is not Status.SUPPRESSED:
            accepted[number] = _accepted_with_rules(
                finding,
                [
                    findings[other]
                    for span in _spans(finding)
                    for other in by_place.get(span, ())
                    if findings[other].check.family == _RULES
                ],
            )
    wholes: dict[int, list[Finding]] = defaultdict(list)
    for finding in accepted:
        if finding.check.supersedes and finding.status is not Status.UNDECIDED:
            codes = set(finding.check.supersedes)
            for span in _spans(finding):
                for other in by_place.get(span, ()):
                    if accepted[other].check.code in codes:
                        wholes[other].append(finding)
    for number, finding in enumerate(accepted):
        yield _as_part(finding, wholes[number]) if number in wholes else finding


def _as_part(part: Finding, wholes: Sequence[Finding]) -> Finding:
    """A finding as a part of others: accepted where all of these are."""
    failing = [whole for whole in wholes if whole.status is Status.FAIL]
    if failing:
        return part._replace(part_of=tuple(sorted({whole.fingerprint for whole in failing})))
    if part.status is Status.SUPPRESSED:
        return part
    return part._replace(status=Status.SUPPRESSED, suppression=wholes[0].suppression)


def _accepted_with_rules(whole: Finding, rules: Sequence[Finding]) -> Finding:
    """A path, accepted where all rules that it leads through are, at no lower severity."""
    if not rules or any(rule.status is not Status.SUPPRESSED for rule in rules):
        return whole
    worst = min(rules, key=lambda rule: rule.severity.rank)
    if not worst.severity.at_least(whole.severity):
        return whole
    return whole._replace(status=Status.SUPPRESSED, suppression=worst.suppression)


def _place(finding: Finding) -> _Key:
    return (finding.inner or finding.span).key


def _spans(finding: Finding) -> set[_Key]:
    return {finding.span.key, *(hop.span.key for hop in finding.evidence)}
