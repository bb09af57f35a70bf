"""From verdicts to findings: confidence, evidence and identity are stamped here, in one place."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from posixpath import join, normpath
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.engine.attribution import is_external, own_span
from iac_ec2lint.engine.check import Remark, Verdict
from iac_ec2lint.engine.finding import (
    ASSUMED,
    CONDITION,
    CheckInfo,
    Evidence,
    Finding,
    MissingInput,
    Note,
    Status,
    Subject,
    assumption,
)
from iac_ec2lint.engine.fix import repair
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import (
    Confidence,
    Step,
    Unknown,
    Val,
    exclude,
    inputs_in,
    join_conditions,
    number_text,
)
from iac_ec2lint.values.inputs import names_network_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.source.span import Span

UNEXPLAINED = "what the check says is so, though nothing here proves it"
"""What is said of a failure that is not certain, and of which the check does not say why."""

_INDEX = regular_expression(r"\[\d+\]")

_MOST_ENDS = 50
"""How many ends of one verdict are told apart: what is more is one."""


def judge(
    check: CheckInfo, verdict: Verdict, *, attribute: bool = True, working: str = ""
) -> Finding:
    """The finding that a verdict comes to.

    Args:
        check: The check.
        verdict: What it says.
        attribute: Whether a finding in a module of others points to what causes it outside.
        working: The folder that units' paths are relative to, as seen from the boundary: whoever
            scans from another folder finds the same.
    """
    place = place_of(verdict.at)
    declaring = verdict.resource or verdict.subject
    presences = _presences(verdict)
    span = own_span(place, declaring) if attribute else place.span
    removed = _removed(place)
    assumed = _assumptions(verdict, place, presences, removed)
    declared = verdict.subject.declared
    unit = declared.home or declared.unit
    subjects = [
        Subject(
            unit,
            declared.address,
            digest((check.code, declared.address, _from(working, unit), attribute, value)),
            verdict.subject.span,
            digest((check.code, declared.address, attribute, value)),
            end,
        )
        for attribute, value, end in _whats(verdict, place)
    ]
    subjects.sort()
    own = span is place.span
    fix = None
    if verdict.fix is not None and own and not is_external(span):
        fix = repair(verdict.fix, place, declaring)
    severity = check.severity
    if verdict.severity is not None and severity.at_least(verdict.severity):
        severity = verdict.severity
    return Finding(
        check=check,
        severity=severity,
        status=Status.UNDECIDED if verdict.undecided else Status.FAIL,
        confidence=_confidence(verdict, presences, assumed),
        resource=declaring.address,
        resources=(declaring.address,),
        subject=verdict.subject.address,
        type=declaring.type,
        language=declaring.declared.language,
        attribute=place.attribute,
        span=span,
        message=verdict.message,
        evidence=_evidence(verdict, place, presences, span, removed, assumed),
        when=_whens(presences),
        missing=_missing(verdict),
        inputs=_inputs(verdict),
        beyond=bool(verdict.missing) or any(not inputs_in((c,)) for c in verdict.causes),
        likely=_likely(verdict),
        fingerprint=identity(subjects),
        subjects=tuple(subjects),
        fix=fix,
        inner=None if own else place.span,
        quotable=verdict.quotable,
        kinds=verdict.kinds,
    )


def note(remark: Remark, *, attribute: bool = True) -> Note:
    """The note that a remark comes to; see ``judge``."""
    place = place_of(remark.at)
    span = own_span(place, remark.subject) if attribute else place.span
    return Note(remark.name, remark.subject.address, span, remark.message)


def place_of(at: Place | Part) -> Place:
    """The place that a verdict is about."""
    if isinstance(at, Place):
        return at
    return Place(at.span, at.path, None, at.presence)


def contradicts_itself(verdict: Verdict) -> bool:
    """Whether what a verdict is about is never there together."""
    guards = [presence.guard for presence in _presences(verdict) if presence.guard]
    return bool(guards) and exclude(*guards)


def _presences(verdict: Verdict) -> list[Presence]:
    """What a verdict hangs on, but for what is there whatever else is: as nearly all of it."""
    things = (verdict.subject, verdict.resource, verdict.at, *verdict.also)
    there = [one.presence for one in things if one is not None]
    return [presence for presence in there if presence is not CERTAIN]


def _confidence(
    verdict: Verdict, presences: list[Presence], assumed: tuple[Step, ...]
) -> Confidence:
    if verdict.confidence is not None:
        return verdict.confidence
    if verdict.undecided:
        return Confidence.POSSIBLE
    if any(presence.cause is not None for presence in presences):
        return Confidence.CONDITIONAL
    return Confidence.ASSUMED if assumed else Confidence.PROVEN


def _assumptions(
    verdict: Verdict, place: Place, presences: list[Presence], removed: tuple[Step, ...]
) -> tuple[Step, ...]:
    """What it rests on that is not certain to be so: each is said in the evidence."""
    value = place.value
    found: list[Step] = []
    if value is not None:
        found += [step for step in value.via if step.assumed]
        if value.implied:
            words = f"{place.attribute} is not set, so it is what AWS makes it by default"
            found.append(Step(place.span, words, assumed=True))
    found += [step for step in removed if step.assumed]
    found += verdict.assumptions
    found += [step for one in presences for step in one.assumptions if step.assumed]
    return tuple(dict.fromkeys(found)) if found else ()


def _removed(place: Place) -> tuple[Step, ...]:
    """What makes the place's field come to nothing, where it is written and does."""
    part, value = place.part, place.value
    if part is None or not (value is None or value.implied):
        return ()
    return part.removed(place.name)


def _evidence(
    verdict: Verdict,
    place: Place,
    presences: list[Presence],
    primary: Span,
    removed: tuple[Step, ...],
    assumed: tuple[Step, ...],
) -> tuple[Evidence, ...]:
    """The way of the value from where it was written to the resource, then the check's hops.

    Behind them stands what is below proven for: all that is assumed, and what it hangs on.
    """
    told = _told(verdict, place, verdict.resource or verdict.subject, primary, removed)
    found = dict.fromkeys(told)
    for step in assumed:
        found.setdefault(assumption(step, quotable=verdict.quotable))
    if _is_doubtful(verdict) and not any(hop.message.startswith(ASSUMED) for hop in found):
        found.setdefault(assumption(Step(place.span, UNEXPLAINED, assumed=True)))
    for presence in presences:
        if presence.cause is not None and presence.when:
            found.setdefault(Evidence(presence.cause.span, f"{CONDITION}{_when(presence)}"))
    return tuple(found)


def _whens(presences: list[Presence]) -> str | None:
    """What a finding hangs on; ``None`` of nothing."""
    conditions = [_when(presence) for presence in presences if presence.when]
    return join_conditions(conditions, "and") or None if conditions else None


def _when(presence: Presence) -> str:
    """The condition of a presence; where none can be said, that it is one, and what is unknown."""
    if presence.cause is not None and presence.when == presence.cause.reason:
        return f"it exists ({presence.when})"
    return presence.when


def _is_doubtful(verdict: Verdict) -> bool:
    """Whether a check says itself that its failure is not certain."""
    certain = (None, Confidence.PROVEN, Confidence.CONDITIONAL)
    return not verdict.undecided and verdict.confidence not in certain


def _told(
    verdict: Verdict, place: Place, declaring: Resource, primary: Span, removed: tuple[Step, ...]
) -> tuple[Evidence, ...]:
    """Where the value comes from, and what the check says."""
    found: list[Evidence] = []
    seen: set[tuple[str, int, int]] = {primary.key}

    def add(span: Span, words: str, resource: str, *, quotable: bool = True) -> None:
        if span.key not in seen:
            seen.add(span.key)
            found.append(Evidence(span, words, resource, quotable))

    if primary is not place.span:
        inside = f"{declaring.address}.{place.attribute}" if place.attribute else declaring.address
        words = f"{inside} is written here"
        add(place.span, words, declaring.address, quotable=verdict.quotable)
    read = place.value.of if place.value is not None else None
    if read is not None and place.value is not None:
        add(place.value.span, f"{read.target}.{read.attribute} is written here", read.target)
    elif place.value is not None and not place.value.span.contains(place.span):
        words = "the value is written here"
        add(place.value.span, words, "", quotable=verdict.quotable)
    for step in place.value.via if place.value is not None else ():
        if step.assumed:  # said even at the primary span: it is what the finding rests on
            seen.add(step.span.key)
            found.append(assumption(step, quotable=verdict.quotable))
        else:
            add(step.span, step.words, "", quotable=verdict.quotable)
    for step in removed:
        if not step.assumed:
            add(step.span, step.words, "", quotable=verdict.quotable)
    for step in declaring.declared.callers:
        add(step.span, step.words, "", quotable=verdict.quotable)
    if not declaring.declared.extent.contains(place.span):
        add(declaring.span, f"{declaring.address} uses it", declaring.address)
    if verdict.subject is not declaring and not verdict.in_full:
        add(verdict.subject.span, f"{verdict.subject.address} is judged", verdict.subject.address)
    if verdict.in_full:
        return tuple(dict.fromkeys((*found, *verdict.evidence)))
    for hop in verdict.evidence:
        add(hop.span, hop.message, hop.resource, quotable=hop.quotable)
    return tuple(found)


def _missing(verdict: Verdict) -> tuple[str, ...]:
    if not verdict.causes and not verdict.missing:
        return ()
    reasons = [cause.reason for cause in verdict.causes]
    return tuple(dict.fromkeys((*reasons, *verdict.missing)))


def _inputs(verdict: Verdict) -> tuple[MissingInput, ...]:
    if not verdict.undecided or not verdict.causes:
        return ()
    declared = verdict.subject.declared
    if not declared.unit and verdict.resource is not None:
        declared = verdict.resource.declared  # what is declared elsewhere belongs to no unit
    kind = "stack" if declared.language == "cloudformation" else "root-module"
    found = inputs_in(verdict.causes)
    return tuple(
        sorted(MissingInput(declared.unit, kind, one.key, one.fact, one.span) for one in found)
    )


def _likely(verdict: Verdict) -> str:
    """What a range likely is that is not known; see ``Finding.likely``."""
    if not verdict.undecided or not verdict.of_strangers or verdict.missing or not verdict.causes:
        return ""
    each = [inputs_in((cause,)) for cause in verdict.causes]
    named = all(
        inputs and all(not one.fact and names_network_range(one.key) for one in inputs)
        for inputs in each
    )
    return "private" if named else ""


@cache
def _from(working: str, unit: str) -> str:
    """A unit's path as seen from the boundary."""
    return normpath(join(working, unit))


def _whats(verdict: Verdict, place: Place) -> Iterator[tuple[str, str, str]]:
    """What counts of a verdict for its identity, for each of its ends; and the end."""
    attribute, value = _what(verdict, place)
    if not verdict.ends:  # as of nearly all
        yield attribute, value, ""
        return
    ends = sorted(set(verdict.ends))
    if len(ends) > _MOST_ENDS:
        ends = [" ".join(ends)]
    for end in ends:
        yield attribute, f"{value} {end}", end


def identity(subjects: Sequence[Subject]) -> str:
    """The fingerprint of a finding that judges some subjects: the set of their own."""
    if len(subjects) == 1:
        return subjects[0].fingerprint
    own = sorted({subject.fingerprint for subject in subjects})
    return own[0] if len(own) == 1 else digest(own)


def _what(verdict: Verdict, place: Place) -> tuple[str, str]:
    """What counts of a verdict for its identity, besides the check and the resource."""
    value = verdict.value if verdict.value is not None else _normalised(place.value)
    # Without the blocks' indexes: reordered blocks are the same blocks.
    # Of a path the hops count, and none of them more than another because of the file it is in.
    attribute = "" if verdict.in_full else _INDEX.sub("[]", place.attribute)
    return attribute, value


def digest(parts: Iterable[str]) -> str:
    """An identity made of some texts in order."""
    text = "\0".join(parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _normalised(value: Val | None) -> str:
    """A text of the value that is equal for equal data, whatever the language or the type."""
    if value is None:
        return ""
    if isinstance(value, Unknown):
        return "?"
    data = value.data
    if isinstance(data, dict):
        return "{" + ",".join(f"{k}={_normalised(m)}" for k, m in sorted(data.items())) + "}"
    if isinstance(data, tuple):
        return "[" + ",".join(sorted(_normalised(element) for element in data)) + "]"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str) or data is None:
        return data or ""
    return number_text(data)
