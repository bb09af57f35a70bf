"""Joining what is found with inputs' defaults and what is found if they have other values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import CONDITION, Evidence, Finding, Status
from iac_ec2lint.values import Confidence, join_conditions, without_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iac_ec2lint.source.span import Span

_Judged = tuple[str, str, str]


def added(
    findings: Sequence[Finding],
    others: Iterable[Finding],
    words: str = "",
    span: Span | None = None,
) -> Iterator[Finding]:
    """What other values of inputs add to what is found with their defaults.

    Where both judge the same, the defaults' own finding says more: it knows the values. So a
    failure is left out that is known at its place and no worse, and what is undecided of a field
    of which something is said already.

    Args:
        findings: Those with the defaults, of one unit.
        others: Those with other values.
        words: What one input has in place of its default; empty where they are unset.
        span: Where that default is written.
    """
    known: dict[_Judged, list[Finding]] = {}
    for finding in findings:
        known.setdefault(_judged(finding), []).append(finding)
    for other in others:
        same = known.get(_judged(other), ())
        if other.status is Status.UNDECIDED:
            if not same:
                yield under(other, words, span)
        elif not any(_says_as_much(finding, other) for finding in same):
            yield under(other, words, span)


def under(finding: Finding, words: str, span: Span | None) -> Finding:
    """A finding that is there if an input has another value than its default."""
    if not words or span is None:
        return finding
    hop = Evidence(span, f"{CONDITION}{words}")
    certain = finding.confidence is Confidence.PROVEN
    return finding._replace(
        confidence=Confidence.CONDITIONAL if certain else finding.confidence,
        when=join_conditions([words, finding.when] if finding.when else [words], "and"),
        evidence=tuple(dict.fromkeys((*finding.evidence, hop))),
    )


def _judged(finding: Finding) -> _Judged:
    return finding.check.code, without_keys(finding.subject), without_keys(finding.attribute)


def _says_as_much(finding: Finding, other: Finding) -> bool:
    return (
        finding.status is other.status
        and finding.span.key == other.span.key
        and finding.severity.at_least(other.severity)
    )
