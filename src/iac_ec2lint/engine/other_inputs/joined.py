"""What a unit comes to with what other units of the scan say of its values, and without.

What is known by a join alone may be otherwise where it is deployed. So a failure that only the
joined values show is one with its assumption named, nothing that fails without them passes with
them, and what only they make safe stays undecided and says what it is safe by.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import (
    ASSUMED,
    SAFE_IF,
    TAKEN,
    Evidence,
    Finding,
    Status,
    assumption,
)
from iac_ec2lint.engine.other_inputs.other_branches import under
from iac_ec2lint.values import Confidence, without_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iac_ec2lint.values import Join

NAMED = 3
"""Places of joins that one finding names."""

_Judged = tuple[str, str]
_Key = tuple[str, str, str, str]


class _Seen(NamedTuple):
    """A finding, and what it judges and where, as it is called where nothing is joined."""

    finding: Finding
    subject: str
    resource: str

    @classmethod
    def of(cls, finding: Finding, prefix: str = "") -> _Seen:
        subject = without_keys(finding.subject.removeprefix(prefix))
        return cls(finding, subject, without_keys(finding.resource.removeprefix(prefix)))


@dataclass(slots=True)
class View:
    """What a stack or a module comes to in another one that likely has it.

    Attributes:
        join: That it does.
        whole: Whether all of it could be evaluated there.
        findings: What is found in it there.
        around: What is found there in all.
        supplied: What lacks nothing there, in all; see ``settled``.
    """

    join: Join
    whole: bool
    around: list[Finding]
    supplied: Collection[tuple[str, str]] = ()
    findings: list[Finding] = field(default_factory=list)


def views(
    findings: list[Finding],
    joins: Iterable[Join],
    supplied: Collection[tuple[str, str]] = (),
    *,
    whole: bool,
) -> list[View]:
    """What is found in a unit, by the stacks and modules that it likely has.

    Args:
        findings: What is found in it where values are joined.
        joins: Its joins.
        supplied: What lacks nothing there; see ``settled``.
        whole: Whether all of it could be evaluated.
    """
    found = {join.prefix: View(join, whole, findings, supplied) for join in joins if join.prefix}
    for finding in findings:
        inside = [prefix for prefix in found if finding.subject.startswith(prefix)]
        if inside:
            found[max(inside, key=len)].findings.append(finding)
    return list(found.values())


def settled(
    apart: Sequence[Finding],
    together: Sequence[Finding],
    joins: Sequence[Join],
    supplied: Collection[tuple[str, str]] = (),
    *,
    whole: bool,
) -> list[Finding]:
    """What a unit comes to, without what is in the stacks and modules that it likely has.

    Args:
        apart: What is found where nothing is joined.
        together: What is found where values are.
        joins: What is joined.
        supplied: What lacks nothing where values are joined, by the code of a check of
            ``Check.supplied_by`` and its address.
        whole: Whether all could be evaluated with them: else what is not found may be there.
    """
    prefixes = tuple(join.prefix for join in joins if join.prefix)
    own = [_Seen.of(one) for one in together if not one.subject.startswith(prefixes)]
    inside = [one for one in together if one.subject.startswith(prefixes)]
    return _Settling(apart, own, inside, joins, supplied, whole=whole).result()


class Choice(NamedTuple):
    """What a unit comes to if a stack that it imports from is made of one of several files.

    Attributes:
        names: The files, as messages name them.
        findings: What is found then.
        joins: What is joined.
        whole: Whether all of it could be evaluated.
    """

    names: tuple[str, ...]
    findings: list[Finding]
    joins: Sequence[Join]
    whole: bool


def agreed(apart: Sequence[Finding], choices: Sequence[Choice]) -> list[Finding]:
    """What a unit comes to whichever of several stacks it imports from.

    Nobody knows which of them it is. So what fails with each fails. Of what is undecided with none,
    or with some, that which fails with the others fails if one of these is deployed, and that which
    they make safe is safe if one of them is; what they differ in stays as it is.

    Args:
        apart: What is found where none is taken.
        choices: What is found with each.
    """
    views = [settled(apart, one.findings, one.joins, whole=one.whole) for one in choices]
    known = {finding.fingerprint for finding in apart if finding.status is not Status.UNDECIDED}
    left = [
        {one.fingerprint: one for one in view if one.status is Status.UNDECIDED} for view in views
    ]
    more = [
        {
            _judged(one): one
            for one in view
            if one.status is Status.FAIL and one.fingerprint not in known
        }
        for view in views
    ]
    common = [
        finding._replace(evidence=_taken_by_all(finding, [other[key] for other in more[1:]]))
        for key, finding in more[0].items()
        if all(key in other for other in more)
    ]
    found: list[Finding] = []
    for finding in apart:
        each = [view.get(finding.fingerprint) for view in left]
        if finding.status is not Status.UNDECIDED or all(one is finding for one in each):
            found.append(finding)
        elif safe := _safe_in(each, choices):
            found.append(safe_by(finding, (name for one in safe for name in one.names)))
        elif failing := _failing_in(finding, each, more, choices):
            found.append(failing)
        elif any(one is not None for one in each) or not _is_said(finding, common):
            found.append(finding)
    return [*found, *common]


def _judged(finding: Finding) -> _Key:
    subject, resource = without_keys(finding.subject), without_keys(finding.resource)
    return finding.check.code, subject, resource, without_keys(finding.attribute)


def _taken_by_all(finding: Finding, others: Sequence[Finding]) -> tuple[Evidence, ...]:
    """The evidence of a failure, with what others that say the same take for granted."""
    more = [hop for one in others for hop in one.evidence if hop.message.startswith(ASSUMED)]
    return _each_once((*finding.evidence, *more))


def _safe_in(each: Sequence[Finding | None], choices: Sequence[Choice]) -> list[Choice]:
    """The choices that make something safe that is undecided; none where it fails with one."""
    if any(one is None for one in each):
        return []
    pairs = zip(each, choices, strict=True)
    return [choice for one, choice in pairs if one is not None and _is_safe_if(one)]


def _failing_in(
    finding: Finding,
    each: Sequence[Finding | None],
    more: Sequence[Mapping[_Key, Finding]],
    choices: Sequence[Choice],
) -> Finding | None:
    """A failure with some choices, of what is undecided with all others; ``None`` if it is none."""
    key = _judged(finding)
    failing = [other[key] for other in more if key in other]
    pairs = zip(more, choices, strict=True)
    names = [name for other, one in pairs if key in other for name in one.names]
    left = [one for one, other in zip(each, more, strict=True) if key not in other]
    if not failing or not left or any(one is None or _is_safe_if(one) for one in left):
        return None
    if not failing[0].severity.at_least(finding.severity):
        return None
    places = (join.place for one in choices for join in one.joins)
    words = f"{any_of(names)}"
    return under(failing[0], words, next(places, finding.span))


def safe_by(finding: Finding, units: Iterable[str]) -> Finding:
    """What is safe where one of some units is what is deployed, as it says so."""
    return finding._replace(missing=(f"{SAFE_IF}{any_of(units)}",))


def _is_safe_if(finding: Finding) -> bool:
    return bool(finding.missing) and finding.missing[0].startswith(SAFE_IF)


def _is_said(finding: Finding, failing: Iterable[Finding]) -> bool:
    """Whether one of some failures says what is undecided, and as badly."""
    return any(
        one.check.family == finding.check.family
        and without_keys(one.subject) == without_keys(finding.subject)
        and one.severity.at_least(finding.severity)
        for one in failing
    )


def any_of(files: Iterable[str]) -> str:
    """That one of some files is what is deployed, in words: each once, the first of many."""
    names = list(dict.fromkeys(files))
    shown = names if len(names) <= NAMED else [*names[:NAMED], "others"]
    return f"{' or '.join(shown)} is what is deployed"


def all_deployed(joins: Iterable[Join]) -> str:
    """That what some joins take is what is deployed, in words, by the places that say it."""
    places = list(dict.fromkeys(join.settled_by for join in joins))
    shown = places if len(places) <= NAMED else [*places[: NAMED - 1], "more"]
    return f"{' and '.join(shown)} {'is' if len(shown) == 1 else 'are'} what is deployed"


def not_firmer(confidence: Confidence, joins: Iterable[Join]) -> Confidence:
    """How well something is founded that rests on joins too."""
    floor = Confidence.LIKELY if any(join.likely for join in joins) else Confidence.ASSUMED
    return max(confidence, floor, key=list(Confidence).index)


def settled_inside(
    apart: Sequence[Finding], outer: Sequence[View], inner: Sequence[View]
) -> list[Finding]:
    """What a stack or a module comes to that others likely have.

    Args:
        apart: What is found in it alone.
        outer: What is found in it in those that nothing has in turn.
        inner: What is found in it in those that others have themselves, with their own defaults:
            only failures count, since what they are given is not known there.
    """
    together = [
        _Seen.of(finding, view.join.prefix)
        for views in (outer, inner)
        for view in views
        for finding in view.findings
        if views is outer or finding.status is Status.FAIL
    ]
    around = [
        finding
        for view in outer
        for finding in view.around
        if not finding.subject.startswith(view.join.prefix)
    ]
    # What it is made safe by is what it is given there.
    joins = [view.join._replace(origin=view.join.place) for view in (*outer, *inner)]
    whole = bool(outer) and all(view.whole for view in outer)
    supplied = [
        {(code, a.removeprefix(prefix)) for code, a in view.supplied if a.startswith(prefix)}
        for view in outer
        for prefix in (view.join.prefix,)
    ]
    in_all = set.intersection(*supplied) if supplied else set()
    return _Settling(apart, together, around, joins, in_all, whole=whole).result()


def resting_on(finding: Finding, joins: Sequence[Join]) -> Finding:
    """A finding that is there if what is joined is what is deployed."""
    used = {hop.span.key for hop in finding.evidence}
    named = (
        [join for join in joins if join.source.key in used]
        or [join for join in joins if join.place.key in used]
        or joins
    )
    hops = [hop for join in named[:NAMED] for hop in _said(join)]
    return finding._replace(
        confidence=not_firmer(finding.confidence, named),
        evidence=_each_once((*finding.evidence, *hops)),
        fix=None,
    )


def supplied(finding: Finding, other: Finding) -> Finding:
    """A failure for what is not declared, where another unit adds it, or may.

    Args:
        finding: What is found in the unit alone.
        other: What is said where both are known: that it is safe then, or undecided.
    """
    unit = "template" if finding.language == "cloudformation" else "root module"
    return finding._replace(
        status=Status.UNDECIDED,
        confidence=Confidence.POSSIBLE,
        message=f"in its own {unit} alone, {finding.message}",
        missing=other.missing,
        evidence=other.evidence,
        beyond=True,
        fix=None,
    )


def where_added(finding: Finding, said: Sequence[Finding]) -> Finding | None:
    """A failure for what is not declared, as it is where another unit may add it.

    Args:
        finding: What is found in the unit alone.
        said: What is found of the same where both are known.

    Returns:
        ``None`` where that does not say that it may be added.
    """
    if not said:
        return None
    if all(one.status is Status.UNDECIDED for one in said):
        return supplied(finding, said[0])
    # What an importing unit is deployed with is no switch of what it adds to.
    [when, *more] = {
        one.when if one.status is Status.FAIL and not one.deployment else None for one in said
    }
    if more or when is None:
        return None
    [confidence, evidence] = said[0].confidence, said[0].evidence
    return finding._replace(confidence=confidence, when=when, evidence=evidence)


class _Settling:
    """See ``settled``; ``around``: what is found of something else where values are joined."""

    def __init__(
        self,
        apart: Sequence[Finding],
        together: Sequence[_Seen],
        around: Iterable[Finding],
        joins: Sequence[Join],
        supplied: Collection[tuple[str, str]],
        *,
        whole: bool,
    ) -> None:
        self._apart = apart
        self._together = together
        self._joins = joins
        self._supplied = supplied
        self._whole = whole
        self._alone = _Known(_Seen.of(one) for one in apart)
        self._joined = _Known(together)
        self._around: dict[str, list[Finding]] = defaultdict(list)
        for one in around:
            if one.status is not Status.SUPPRESSED:
                self._around[one.check.code].append(one)

    def result(self) -> list[Finding]:
        """What is left of both."""
        kept = [left for one in self._apart for left in self._own(one)]
        more = (seen.finding for seen in self._together if self._is_more(seen))
        return [*kept, *(resting_on(one, self._joins) for one in more)]

    def _own(self, finding: Finding) -> Iterator[Finding]:
        """What a finding becomes that is there without the joins."""
        if finding.status is not Status.UNDECIDED:
            yield self._firmest(self._as_supplied(finding))
            return
        seen = _Seen.of(finding)
        same = self._joined.about(seen, self._alone)
        if any(other.status is Status.FAIL for other in same) or self._is_worse(seen):
            return  # it is said with them
        open_still = [other for other in same if other.status is Status.UNDECIDED]
        if len(open_still) == 1 and open_still[0].severity.at_least(finding.severity):
            [other] = open_still
            yield finding._replace(
                severity=other.severity,
                message=finding.message if other.subject != finding.subject else other.message,
                evidence=other.evidence,
                missing=other.missing,
            )
            return
        moved = [] if same else self._moved(seen)
        if any(_says_it(other, finding) for other in moved):
            return  # it is said with them, of another place
        yield finding if same or moved or not self._whole else self._safe_if(finding)

    def _as_supplied(self, finding: Finding) -> Finding:
        """See ``supplied``."""
        if finding.status is not Status.FAIL or not finding.check.supplied_by or not self._whole:
            return finding
        if all((finding.check.code, one.address) in self._supplied for one in finding.subjects):
            return supplied(finding, self._safe_if(finding))
        same = self._joined.about(_Seen.of(finding), self._alone)
        return where_added(finding, same) or finding

    def _firmest(self, finding: Finding) -> Finding:
        """A failure with what founds it best: it may be known with the joins alone who has it."""
        if finding.status is not Status.FAIL or finding.confidence is not Confidence.POSSIBLE:
            return finding
        for other in self._joined.about(_Seen.of(finding), self._alone):
            if other.status is Status.FAIL and other.severity.at_least(finding.severity):
                firm = resting_on(other, self._joins)
                if firm.confidence is not Confidence.POSSIBLE:
                    confidence, evidence = firm.confidence, firm.evidence
                    return finding._replace(confidence=confidence, evidence=evidence)
        return finding

    def _moved(self, seen: _Seen) -> list[Finding]:
        """What the same check finds with the joins alone, of the same or because of it."""
        code = seen.finding.check.code
        of_it = [
            other.finding
            for other in self._joined.judged.get((code, seen.subject), ())
            if not self._alone.about(other, self._joined)
            and other.finding.severity.at_least(seen.finding.severity)
        ]
        return [*of_it, *(one for one in self._around[code] if _names(one, seen.finding))]

    def _is_worse(self, seen: _Seen) -> bool:
        """Whether what may be wrong is, with the joins, in a way that has a check of its own."""
        own = without_keys(seen.finding.attribute)
        return bool(own) and any(
            other.status is Status.FAIL
            and other.check.family == seen.finding.check.family
            and other.severity.at_least(seen.finding.severity)
            and subject == seen.subject
            and resource == seen.resource
            and _covers(own, without_keys(other.attribute))
            for other, subject, resource in self._together
        )

    def _is_more(self, seen: _Seen) -> bool:
        """Whether a finding that is there with the joins is not said already."""
        same = self._alone.about(seen, self._joined)
        if seen.finding.status is Status.FAIL:
            return not any(
                one.status is Status.FAIL and one.severity.at_least(seen.finding.severity)
                for one in same
            )
        return not same

    def _safe_if(self, finding: Finding) -> Finding:
        """An undecided finding that is none where what is joined is what is deployed."""
        reasons = " ".join(finding.missing)
        own = {f"{finding.subject}/", f"{finding.subject}."}
        named = (
            [join for join in self._joins if join.prefix in own]
            or [join for join in self._joins if join.reason in reasons]
            or self._joins
        )
        words = f"{SAFE_IF}{all_deployed(named)}"
        hops = [Evidence(join.source, join.words) for join in named[:NAMED]]
        return finding._replace(
            missing=(words,),
            evidence=_each_once((*finding.evidence, *hops)),
        )


def _each_once(hops: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Hops, each once: what comes from another worker is equal by its place and words alone."""
    found: dict[tuple[tuple[str, int, int], str], Evidence] = {}
    for hop in hops:
        found.setdefault((hop.span.key, hop.message), hop)
    return tuple(found.values())


def _said(join: Join) -> Iterator[Evidence]:
    yield assumption(join.step)
    if join.source.key != join.place.key:
        yield Evidence(join.source, TAKEN)


class _Known:
    """Findings by what they judge."""

    def __init__(self, findings: Iterable[_Seen]) -> None:
        self.judged: dict[_Judged, list[_Seen]] = defaultdict(list)
        self._placed: dict[tuple[str, tuple[str, int, int]], list[_Seen]] = defaultdict(list)
        for seen in findings:
            finding = seen.finding
            self.judged[finding.check.code, seen.subject].append(seen)
            self._placed[finding.check.code, finding.span.key].append(seen)

    def about(self, seen: _Seen, others: _Known) -> list[Finding]:
        """Those about the same as a finding of ``others``, or about a part of it.

        What is judged may be another unit's where that is known: the group of an imported id.
        """
        code, own = seen.finding.check.code, without_keys(seen.finding.attribute)
        named = self.judged.get((code, seen.subject))
        if named is not None:
            return [
                one.finding
                for one in named
                if one.resource == seen.resource
                and _covers(own, without_keys(one.finding.attribute))
            ]
        return [
            one.finding
            for one in self._placed.get((code, seen.finding.span.key), ())
            if (code, one.subject) not in others.judged
        ]


def _names(finding: Finding, other: Finding) -> bool:
    """Whether the evidence of a finding names what another one judges, or its place."""
    places = {other.span.key, *(one.span.key for one in other.subjects if one.span is not None)}
    return any(hop.span.key in places for hop in finding.evidence)


def _says_it(finding: Finding, other: Finding) -> bool:
    """Whether a finding of the same, or because of it, says what another one leaves open."""
    is_way = any(hop.kind for hop in finding.evidence)
    return finding.status is Status.UNDECIDED or is_way or _names(finding, other)


def _covers(one: str, other: str) -> bool:
    """Whether one attribute is another, or has the other in it."""
    short, long = sorted((one, other), key=len)
    return not short or long == short or long.startswith(f"{short}.")
