"""The inputs that findings lack, ranked by how much each of them would decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.engine.finding import Finding, MissingInput, Report
    from iac_ec2lint.source.span import Span

_WORTH = {severity: len(Severity) - severity.rank for severity in Severity}


class Question(NamedTuple):
    """An input that nobody has said.

    Attributes:
        key: What ``inputs`` of a configuration calls it.
        kind: What lacks it.
        units: The paths of the root modules or templates that lack it, sorted.
        span: Where it is declared, or read first.
        decides: What is undecided for it alone, once the questions before it are answered.
        helps: What it has a part in besides.
    """

    key: str
    kind: UnitKind
    units: tuple[str, ...]
    span: Span
    decides: tuple[Finding, ...]
    helps: tuple[Finding, ...]


class Questions(NamedTuple):
    """All of them.

    Attributes:
        ranked: The most useful first.
        undecided: How much is undecided.
        beyond: What of it hangs on nothing that a person can say here.
    """

    ranked: tuple[Question, ...]
    undecided: tuple[Finding, ...]
    beyond: tuple[Finding, ...]


def questions(report: Report) -> Questions:
    """The questions whose answers would decide what a report leaves undecided.

    Each is the one that then decides most, by severity: what lacks several inputs counts as the
    part of it that is the input's, and what lacks something else too as the half of that.
    """
    undecided = report.with_status(Status.UNDECIDED)
    beyond = tuple(finding for finding in undecided if not finding.inputs)
    return Questions(ranked(undecided), undecided, beyond)


def ranked(undecided: Sequence[Finding]) -> tuple[Question, ...]:
    """The same of some undecided findings."""
    lacking = {at: {_key(one) for one in f.inputs} for at, f in enumerate(undecided)}
    using: dict[tuple[str, str], list[int]] = {}
    for at, keys in lacking.items():
        for key in keys:
            using.setdefault(key, []).append(at)
    found = []
    left = dict(using)
    while left:
        best = min(left, key=lambda key: (-_worth(left[key], undecided, lacking), key))
        found.append(_question(best, left.pop(best), undecided, lacking))
        for at in using[best]:
            lacking[at].discard(best)
    return tuple(found)


def _key(one: MissingInput) -> tuple[str, str]:
    return one.kind, one.key


def _worth(
    places: Iterable[int], findings: Sequence[Finding], lacking: dict[int, set[tuple[str, str]]]
) -> float:
    total = 0.0
    for at in places:
        finding = findings[at]
        share = _WORTH[finding.severity] / len(lacking[at])
        total += share / 2 if finding.beyond else share
    return total


def _question(
    key: tuple[str, str],
    places: Sequence[int],
    findings: Sequence[Finding],
    lacking: dict[int, set[tuple[str, str]]],
) -> Question:
    kind, name = key
    lacked = sorted(
        (one for at in places for one in findings[at].inputs if _key(one) == key),
        key=lambda one: (one.span.key, one.unit),
    )
    alone = [at for at in places if len(lacking[at]) == 1 and not findings[at].beyond]
    rest = [at for at in places if at not in set(alone)]
    return Question(
        name,
        "stack" if kind == "stack" else "root-module",
        tuple(sorted({one.unit for one in lacked if one.unit})),
        lacked[0].span,
        tuple(findings[at] for at in alone),
        tuple(findings[at] for at in rest),
    )
