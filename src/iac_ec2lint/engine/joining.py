"""Running checks over one graph, and joining what several graphs came to."""

from __future__ import annotations

import re
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from iac_ec2lint.engine.attribution import ExternalModules, is_external
from iac_ec2lint.engine.check import Remark, Verdict
from iac_ec2lint.engine.finding import Evidence, Finding, Note, Status
from iac_ec2lint.engine.judgement import contradicts_itself, identity, judge, note, place_of
from iac_ec2lint.engine.likeness import told_apart
from iac_ec2lint.engine.other_inputs.written_arms import Choice, Judged, choices_of, judged
from iac_ec2lint.engine.parts import with_parts
from iac_ec2lint.engine.registry import LoadedCheck
from iac_ec2lint.engine.suppression import Suppressions
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Confidence, join_conditions, listed

EVIDENCE_LIMIT = 50
"""Hops that one finding lists; instances beyond it are still counted in ``resources``."""

MESSAGES_LIMIT = 4
"""Things that the message of one finding says."""

_KEPT = 2 * EVIDENCE_LIMIT
"""Hops that are kept of findings at one place until they are joined: some may come to be the same
once sensitive texts are taken out of them."""


@dataclass(slots=True)
class Outcome:
    """What the checks came to over one graph.

    Attributes:
        findings: One for each verdict, not yet joined.
        notes: The remarks.
        diagnostics: The checks that raised.
        unknowns: The places of the unknowns that kept verdicts undecided.
        choices: The choices among written arms that kept verdicts undecided, by what is judged.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unknowns: set[tuple[str, int, int]] = field(default_factory=set)
    choices: dict[Judged, tuple[Choice, ...]] = field(default_factory=dict)


def examine(
    graph: Graph,
    checks: Iterable[LoadedCheck],
    suppressions: Suppressions,
    external: ExternalModules = "attribute",
    working: str = "",
) -> Outcome:
    """Run checks over a graph. A check that raises is reported; the others run on.

    Args:
        graph: The graph.
        checks: The checks.
        suppressions: What accepts findings.
        external: What happens to findings inside modules that ``terraform init`` has installed.
        working: See ``judge``.
    """
    outcome = Outcome()
    attribute = external == "attribute"
    for loaded in checks:
        if not loaded.may_judge(graph):
            continue
        start = len(outcome.findings)
        try:
            for verdict in loaded.check.examine(graph):
                if external == "ignore" and is_external(place_of(verdict.at).span):
                    continue
                if isinstance(verdict, Verdict):
                    if contradicts_itself(verdict):
                        continue
                    finding = judge(loaded.info, verdict, attribute=attribute, working=working)
                    outcome.findings.append(suppressions.apply(finding, _places(verdict, finding)))
                    outcome.unknowns.update(cause.span.key for cause in verdict.causes)
                    if verdict.undecided and (choices := choices_of(verdict.causes)):
                        key = judged(finding)
                        outcome.choices[key] = (*outcome.choices.get(key, ()), *choices)
                else:
                    outcome.notes.append(note(verdict, attribute=attribute))
        except Exception as error:  # noqa: BLE001 - a bug in one check must not hide the others' findings
            outcome.diagnostics.append(_bug(loaded.info.code, loaded.info.path, error))
        outcome.findings[start:] = _without_surplus(outcome.findings[start:])
    return outcome


def _without_surplus(findings: list[Finding]) -> list[Finding]:
    """Findings of one check without the evidence that ``join`` leaves out: it takes most room.

    A rule that thousands of instances share comes to as many findings at one place.
    """
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, finding in enumerate(findings):
        groups[finding.span.key, finding.status, finding.severity].append(at)
    for places in groups.values():
        if len(places) <= EVIDENCE_LIMIT:
            continue
        hops: set[tuple[tuple[str, int, int], str]] = set()
        for at in sorted(places, key=lambda at: _order(findings[at])):
            if len(hops) >= _KEPT:
                findings[at] = replace(findings[at], evidence=())
            else:
                hops.update((hop.span.key, hop.message) for hop in findings[at].evidence)
    return findings


def remark(
    graph: Graph,
    families: Iterable[Callable[[Graph], Iterable[Remark]]],
    outcome: Outcome,
    external: ExternalModules = "attribute",
) -> None:
    """Add the notes that no check makes. A family of them that raises is reported, as a check is.

    Args:
        graph: The graph.
        families: What makes them.
        outcome: What the checks came to over the graph.
        external: See ``examine``.
    """
    for family in families:
        try:
            for found in family(graph):
                if external != "ignore" or not is_external(place_of(found.at).span):
                    outcome.notes.append(note(found, attribute=external == "attribute"))
        except Exception as error:  # noqa: BLE001 - a bug in one family must not hide the findings
            outcome.diagnostics.append(_bug(family.__module__, "", error))


def _places(verdict: Verdict, finding: Finding) -> Iterator[Span]:
    """Where a suppression of a finding may stand, the nearest first."""
    yield finding.span
    if finding.inner is not None:
        yield finding.inner
    for resource in (verdict.resource, verdict.subject):
        if resource is not None:
            yield resource.span
            for call in reversed(resource.declared.callers):
                yield call.span


def join(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each check, place and status, each knowing what it is a part of; sorted."""
    groups: dict[tuple[str, tuple[str, int, int], Status], list[Finding]] = defaultdict(list)
    failing: dict[tuple[str, tuple[str, int, int]], set[tuple[str, str]]] = defaultdict(set)
    for finding in findings:
        place = finding.check.code, finding.span.key
        groups[*place, finding.status].append(finding)
        if finding.status is Status.FAIL:
            failing[place].update(_judged(finding))
    for (code, span, status), group in groups.items():
        if status is Status.UNDECIDED:
            # What fails anyway is not undecided as well; in another unit it is something else.
            surely = failing.get((code, span), set())
            group[:] = [finding for finding in group if not surely.issuperset(_judged(finding))]
    joined = told_apart([_join_group(group) for group in groups.values() if group])
    return tuple(sorted(with_parts(joined), key=lambda finding: finding.order))


def _judged(finding: Finding) -> Iterator[tuple[str, str]]:
    """What a finding judges, told from what has the same address in another unit."""
    return ((subject.unit, subject.address) for subject in finding.subjects)


def _join_group(group: Sequence[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    chosen = sorted(group, key=_order)
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
    return replace(
        first,
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


def _order(finding: Finding) -> tuple[int, str, str, str]:
    """What is said first of findings at one place."""
    return finding.severity.rank, finding.subject, finding.message, finding.fingerprint


def _join_whens(whens: Sequence[str | None]) -> str | None:
    """The conditions of findings at one place, of which one is enough; ``None`` without one."""
    distinct = [when for when in dict.fromkeys(whens) if when]
    if not all(whens):
        return None
    if len(distinct) > MESSAGES_LIMIT:
        distinct[MESSAGES_LIMIT - 1 :] = [f"one of {len(distinct) - MESSAGES_LIMIT + 1} more"]
    return join_conditions(distinct, "or") or None


def said_of_all(messages: Iterable[tuple[str, str]]) -> str:
    """What findings at one place say, each thing once, and of all of which it is the same.

    Args:
        messages: What each says, and the address of what it judges.
    """
    alike: dict[str, dict[str, None]] = {}
    for message, subject in messages:
        general = _without_name(message, subject)
        if general is not None:
            alike.setdefault(general, {})[subject] = None
        else:
            alike.setdefault(message, {})
    return _join_messages(
        [
            _said_of(words, list(subjects)) if subjects else words
            for words, subjects in alike.items()
        ]
    )


def _said_of(words: str, subjects: list[str]) -> str:
    """Words with the names of what they are said of, and a verb for one of them right for all."""
    names = listed(subjects, MESSAGES_LIMIT)
    one = _OF_ONE.search(words) if len(subjects) > 1 else None
    if one is None:
        return words.replace("\0", names)
    noun = None if one[1] else _NOUN.fullmatch(words, 0, one.start())
    if noun is not None:
        return f"each {noun[0]}({names}){words[one.start() + 1 :]}"
    return words.replace("\0", f"each of {names}")


_OF_ONE = re.compile(r"\0(, which)? (is|has|does)\b|^\0 ")
"""Where the mark for a name is what a verb in the singular speaks of."""
_NOUN = re.compile(
    r"(?!(?:the|an?) )[a-z ]+ (?<! of )(?<! for )(?<! in )(?<! to )(?<! from )(?<! by )"
)
"""What a message begins with where it says of what kind the one is that it names."""

_BEFORE = re.compile(r"[\w.-]")
_BEHIND = re.compile(r"[\w\[/-]|\.\w")
"""What stands beside an address where it is a part of a longer one."""


def _without_name(message: str, name: str) -> str | None:
    """A message with a mark in place of a name that stands in it once; ``None`` of any other."""
    places: list[int] = []
    at = message.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        if not (at and _BEFORE.match(message, at - 1)) and not _BEHIND.match(message, end):
            places.append(at)
        at = message.find(name, end)
    if len(places) != 1:
        return None
    return f"{message[: places[0]]}\0{message[places[0] + len(name) :]}"


def _join_messages(messages: Sequence[str]) -> str:
    """What findings at one place say, each thing once."""
    distinct = sorted(set(messages))
    if len(distinct) > MESSAGES_LIMIT:
        distinct[MESSAGES_LIMIT - 1 :] = [f"{len(distinct) - MESSAGES_LIMIT + 1} more like these"]
    return "; ".join(distinct)


def _bug(name: str, path: str, error: Exception) -> Diagnostic:
    """A bug in a check or in notes, at the last line of the file ``path`` that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if path and Path(frame.filename) == Path(path)]
    where = own[-1] if own else frames[-1]
    what = "findings" if path else "notes"
    return Diagnostic(
        where.filename,
        where.lineno or 0,
        1,
        f"{name} failed, so its {what} are missing: {type(error).__name__}: {error}",
    )
