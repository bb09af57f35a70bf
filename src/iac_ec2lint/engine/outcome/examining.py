"""Running checks over one graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from iac_ec2lint.engine.attribution import ExternalModules, is_external
from iac_ec2lint.engine.check import Remark, Verdict
from iac_ec2lint.engine.finding import Finding, Note
from iac_ec2lint.engine.judgement import contradicts_itself, judge, note, place_of
from iac_ec2lint.engine.outcome.choices import Choice, Judged, choices_of, judged
from iac_ec2lint.engine.outcome.joining import EVIDENCE_LIMIT, order
from iac_ec2lint.engine.registry import LoadedCheck
from iac_ec2lint.engine.suppressions.suppression import Suppressions
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import Span

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
        erroneous: What is undecided, and whether errors in the source alone keep it so.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unknowns: set[tuple[str, int, int]] = field(default_factory=set)
    choices: dict[Judged, tuple[Choice, ...]] = field(default_factory=dict)
    erroneous: dict[Judged, bool] = field(default_factory=dict)


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
                    outcome.unknowns.update([cause.span.key for cause in verdict.causes])
                    if verdict.undecided:
                        key = judged(finding)
                        if choices := choices_of(verdict.causes):
                            outcome.choices[key] = (*outcome.choices.get(key, ()), *choices)
                        alone = outcome.erroneous.get(key, True) and _is_of_errors(verdict)
                        outcome.erroneous[key] = alone
                else:
                    outcome.notes.append(note(verdict, attribute=attribute))
        except Exception as error:  # noqa: BLE001 - a bug in one check must not hide the others' findings
            outcome.diagnostics.append(_bug(loaded.info.code, loaded.info.path, error))
        outcome.findings[start:] = _without_surplus(outcome.findings[start:])
    return outcome


def _is_of_errors(verdict: Verdict) -> bool:
    """Whether errors in the source alone keep a verdict undecided."""
    causes = verdict.causes
    return bool(causes) and not verdict.missing and all(one.cause == "error" for one in causes)


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
        for at in sorted(places, key=lambda at: order(findings[at])):
            if len(hops) >= _KEPT:
                findings[at] = findings[at]._replace(evidence=())
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
    """Where a suppression of a finding may stand, the nearest first.

    A value that is written elsewhere, as in the default of a variable, is accepted there, and where
    the attribute or the block takes it.
    """
    yield finding.span
    if finding.inner is not None:
        yield finding.inner
    place = place_of(verdict.at)
    if place.part is not None:
        for section, steps in place.part.written_at(place.name):
            entry = section.entry(str(steps[-1]))
            if entry is not None:
                yield entry
        yield place.part.span
    for resource in (verdict.resource, verdict.subject):
        if resource is not None:
            yield resource.span
            for call in reversed(resource.declared.callers):
                yield call.span


def _bug(name: str, path: str, error: Exception) -> Diagnostic:
    """A bug in a check or in notes, at the last line of the file ``path`` that it came through."""
    from traceback import extract_tb  # rarely needed

    frames = extract_tb(error.__traceback__)
    own = [frame for frame in frames if path and Path(frame.filename) == Path(path)]
    where = own[-1] if own else frames[-1]
    what = "findings" if path else "notes"
    return Diagnostic(
        where.filename,
        where.lineno or 0,
        1,
        f"{name} failed, so its {what} are missing: {type(error).__name__}: {error}",
    )
