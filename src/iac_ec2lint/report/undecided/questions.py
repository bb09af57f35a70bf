"""The inputs that findings lack, ranked by how much each of them would decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.engine.finding import Finding, MissingInput
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.source.span import Span

_WEIGHED = 50
_WORTH = {severity: len(Severity) - severity.rank for severity in Severity}


Key = tuple[str, str, str]
"""What kind of unit lacks it, what is said of it if that is no value, and what it is called."""


class Question(NamedTuple):
    """An input that nobody has said.

    Attributes:
        key: What ``inputs`` of a configuration calls it.
        fact: The list of ``known`` that has it; empty of a value.
        kind: What lacks it.
        units: The paths of the root modules or templates that lack it, sorted.
        span: Where it is declared, or read first.
        decides: What is undecided for it alone, once the questions before it are answered.
        helps: What it has a part in besides.
    """

    key: str
    fact: str
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
    part of it that is the input's, and what lacks something else too as the half of that. Facts
    (``known``) decide without the values that are lacking besides: nobody comes to a closed subnet.
    """
    undecided = report.with_status(Status.UNDECIDED)
    beyond = tuple(finding for finding in undecided if not finding.inputs)
    return Questions(ranked(undecided), undecided, beyond)


def ranked(undecided: Sequence[Finding]) -> tuple[Question, ...]:
    """The same of some undecided findings."""
    lacking = {at: {key_of(one) for one in f.inputs} for at, f in enumerate(undecided)}
    using: dict[Key, list[int]] = {}
    for at, keys in lacking.items():
        for key in keys:
            using.setdefault(key, []).append(at)
    found: list[Question] = []
    left = dict(using)
    order: list[Key] = []
    while left:
        if not order:
            worth = {key: _worth(key, places, undecided, lacking) for key, places in left.items()}
            order = sorted(left, key=lambda key: (-worth[key], key))
            # Beyond the first ones an answer hardly changes what the others are worth.
            order = order[:1] if len(found) < _WEIGHED else order
        best = order.pop(0)
        found.append(_question(best, left.pop(best), undecided, lacking))
        for at in using[best]:
            if _settles(best, lacking[at], beyond=undecided[at].beyond):
                lacking[at].clear()
            lacking[at].discard(best)
    return tuple(found)


def _settles(key: Key, lacked: set[Key], *, beyond: bool) -> bool:
    """Whether nothing is left undecided once an input is answered."""
    if key[1]:
        return {one for one in lacked if one[1]} == {key}
    return lacked == {key} and not beyond


def key_of(one: MissingInput) -> Key:
    """What tells an input from others, of whatever unit."""
    return one.kind, one.fact, one.key


def _worth(
    key: Key, places: Iterable[int], findings: Sequence[Finding], lacking: dict[int, set[Key]]
) -> float:
    total = 0.0
    for at in places:
        finding = findings[at]
        rivals = sum(1 for one in lacking[at] if one[1] or not key[1])
        if key in lacking[at]:
            share = _WORTH[finding.severity] / rivals
            total += share / 2 if finding.beyond and not key[1] else share
    return total


def _question(
    key: Key,
    places: Sequence[int],
    findings: Sequence[Finding],
    lacking: dict[int, set[Key]],
) -> Question:
    kind, fact, name = key
    lacked = sorted(
        (one for at in places for one in findings[at].inputs if key_of(one) == key),
        key=lambda one: (one.span.key, one.unit),
    )
    alone: list[Finding] = []
    rest: list[Finding] = []
    for at in places:
        settled = _settles(key, lacking[at], beyond=findings[at].beyond)
        (alone if settled else rest).append(findings[at])
    return Question(
        name,
        fact,
        "stack" if kind == "stack" else "root-module",
        tuple(sorted({one.unit for one in lacked if one.unit})),
        lacked[0].span,
        tuple(alone),
        tuple(rest),
    )
