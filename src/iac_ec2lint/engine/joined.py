"""What a unit comes to with what other units of the scan say of its values, and without.

What is known by a join alone may be otherwise where it is deployed. So a failure that only the
joined values show is one with its assumption named, nothing that fails without them passes with
them, and what only they make safe stays undecided and says what it is safe by.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import SAFE_IF, Evidence, Finding, Status, assumption
from iac_ec2lint.values import Confidence, without_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iac_ec2lint.values import Join

_NAMED = 3
"""Places of joins that one finding names."""

_Judged = tuple[str, str]


@dataclass(slots=True)
class View:
    """What a stack comes to in another one that likely nests it.

    Attributes:
        join: That it does.
        whole: Whether all of it could be evaluated there.
        findings: What is found in it there.
    """

    join: Join
    whole: bool
    findings: list[Finding] = field(default_factory=list)


def views(findings: Iterable[Finding], joins: Iterable[Join], *, whole: bool) -> list[View]:
    """What is found in a unit, by the stacks that it likely nests.

    Args:
        findings: What is found in it where values are joined.
        joins: Its joins.
        whole: Whether all of it could be evaluated.
    """
    found = {join.prefix: View(join, whole) for join in joins if join.prefix}
    for finding in findings:
        inside = [prefix for prefix in found if finding.subject.startswith(prefix)]
        if inside:
            found[max(inside, key=len)].findings.append(finding)
    return list(found.values())


def outside(findings: Iterable[Finding], joins: Iterable[Join]) -> list[Finding]:
    """What is found in a unit and in none of the stacks that it likely nests."""
    prefixes = tuple(join.prefix for join in joins if join.prefix)
    return [finding for finding in findings if not finding.subject.startswith(prefixes)]


def settled(
    apart: Sequence[Finding], together: Iterable[Finding], joins: Sequence[Join], *, whole: bool
) -> list[Finding]:
    """What a unit comes to.

    Args:
        apart: What is found where nothing is joined.
        together: What is found where values are.
        joins: What is joined.
        whole: Whether all could be evaluated with them: else what is not found may be there.
    """
    return _Settling(apart, [(one.subject, one) for one in together], joins, whole=whole).result()


def settled_inside(
    apart: Sequence[Finding], outer: Sequence[View], inner: Sequence[View]
) -> list[Finding]:
    """What a stack comes to that other stacks likely nest.

    Args:
        apart: What is found in it alone.
        outer: What is found in it in those that nothing nests.
        inner: What is found in it in those that are nested themselves, with their own defaults:
            only failures count, since what they are given is not known there.
    """
    together = [
        (finding.subject.removeprefix(view.join.prefix), finding)
        for views in (outer, inner)
        for view in views
        for finding in view.findings
        if views is outer or finding.status is Status.FAIL
    ]
    # What it is made safe by is what it is given there.
    joins = [view.join._replace(origin=view.join.place) for view in (*outer, *inner)]
    whole = bool(outer) and all(view.whole for view in outer)
    return _Settling(apart, together, joins, whole=whole).result()


def resting_on(finding: Finding, joins: Sequence[Join]) -> Finding:
    """A finding that is there if what is joined is what is deployed."""
    used = {hop.span.key for hop in finding.evidence}
    named = (
        [join for join in joins if join.source.key in used]
        or [join for join in joins if join.place.key in used]
        or joins
    )
    floor = Confidence.LIKELY if any(join.likely for join in named) else Confidence.ASSUMED
    hops = [hop for join in named[:_NAMED] for hop in _said(join)]
    return replace(
        finding,
        confidence=max(finding.confidence, floor, key=list(Confidence).index),
        evidence=tuple(dict.fromkeys((*finding.evidence, *hops))),
        fix=None,
    )


class _Settling:
    """See ``settled``."""

    def __init__(
        self,
        apart: Sequence[Finding],
        together: Sequence[tuple[str, Finding]],
        joins: Sequence[Join],
        *,
        whole: bool,
    ) -> None:
        self._apart = apart
        self._together = together
        self._joins = joins
        self._whole = whole
        self._alone = _Known((one.subject, one) for one in apart)
        self._joined = _Known(together)

    def result(self) -> list[Finding]:
        """What is left of both."""
        kept = [left for one in self._apart for left in self._own(one)]
        more = (one for key, one in self._together if self._is_more(key, one))
        return [*kept, *(resting_on(one, self._joins) for one in more)]

    def _own(self, finding: Finding) -> Iterator[Finding]:
        """What a finding becomes that is there without the joins."""
        if finding.status is not Status.UNDECIDED:
            yield finding
            return
        same = self._joined.about(finding.subject, finding, self._alone)
        if any(other.status is Status.FAIL for other in same) or self._is_worse(finding):
            return  # it is said with them
        open_still = [other for other in same if other.status is Status.UNDECIDED]
        if len(open_still) == 1 and open_still[0].severity.at_least(finding.severity):
            [other] = open_still
            yield replace(
                finding,
                severity=other.severity,
                message=finding.message if other.subject != finding.subject else other.message,
                evidence=other.evidence,
                missing=other.missing,
            )
        elif same or not self._whole:
            yield finding
        else:
            yield self._safe_if(finding)

    def _is_worse(self, finding: Finding) -> bool:
        """Whether what may be wrong is, with the joins, in a way that has a check of its own."""
        own = without_keys(finding.attribute)
        return bool(own) and any(
            other.status is Status.FAIL
            and other.check.family == finding.check.family
            and other.severity.at_least(finding.severity)
            and without_keys(key) == without_keys(finding.subject)
            and _covers(own, without_keys(other.attribute))
            for key, other in self._together
        )

    def _is_more(self, key: str, finding: Finding) -> bool:
        """Whether a finding that is there with the joins is not said already."""
        same = self._alone.about(key, finding, self._joined)
        if finding.status is Status.FAIL:
            return not any(
                one.status is Status.FAIL and one.severity.at_least(finding.severity)
                for one in same
            )
        return not same

    def _safe_if(self, finding: Finding) -> Finding:
        """An undecided finding that is none where what is joined is what is deployed."""
        reasons = " ".join(finding.missing)
        named = [join for join in self._joins if join.reason in reasons] or self._joins
        places = list(dict.fromkeys(join.settled_by for join in named))
        shown = places if len(places) <= _NAMED else [*places[: _NAMED - 1], "more"]
        words = (
            f"{SAFE_IF}{' and '.join(shown)} {'is' if len(shown) == 1 else 'are'} what is deployed"
        )
        hops = [Evidence(join.source, join.words) for join in named[:_NAMED]]
        return replace(
            finding,
            missing=(words,),
            evidence=tuple(dict.fromkeys((*finding.evidence, *hops))),
        )


def _said(join: Join) -> Iterator[Evidence]:
    yield assumption(join.step)
    if join.source.key != join.place.key:
        yield Evidence(join.source, "what is taken for it is written here")


class _Known:
    """Findings by what they judge, as it is called where nothing is joined."""

    def __init__(self, findings: Iterable[tuple[str, Finding]]) -> None:
        self.judged: dict[_Judged, list[Finding]] = defaultdict(list)
        self._placed: dict[tuple[str, tuple[str, int, int]], list[tuple[str, Finding]]]
        self._placed = defaultdict(list)
        for key, finding in findings:
            self.judged[finding.check.code, without_keys(key)].append(finding)
            self._placed[finding.check.code, finding.span.key].append((key, finding))

    def about(self, key: str, finding: Finding, others: _Known) -> list[Finding]:
        """Those about the same as a finding of ``others``, or about a part of it.

        What is judged may be another unit's where that is known: the group of an imported id.
        """
        code, own = finding.check.code, without_keys(finding.attribute)
        named = self.judged.get((code, without_keys(key)))
        if named is not None:
            return [one for one in named if _covers(own, without_keys(one.attribute))]
        return [
            one
            for name, one in self._placed.get((code, finding.span.key), ())
            if (code, without_keys(name)) not in others.judged
        ]


def _covers(one: str, other: str) -> bool:
    """Whether one attribute is another, or has the other in it."""
    short, long = sorted((one, other), key=len)
    return not short or long == short or long.startswith(f"{short}.")
