"""Findings about resources of other units, which a unit sees where it imports what they export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from iac_ec2lint.engine.finding import SAFE_IF, Finding, Status
from iac_ec2lint.engine.other_inputs.joined import safe_by, supplied
from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.engine.outcome.examining import Outcome
    from iac_ec2lint.engine.registry import LoadedCheck
    from iac_ec2lint.graph.graph import Graph

Judged: TypeAlias = tuple[str, str, str]
"""What a check judges: its code, and a resource by its unit's path and its address there."""


class Importer(NamedTuple):
    """What a unit knows of the resources of others.

    Attributes:
        unit: The unit's path.
        supplies: What lacks nothing there, where all of it could be evaluated; see
            ``lacking_nothing``.
        findings: What is found of others' resources there.
    """

    unit: str
    supplies: set[Judged]
    findings: Sequence[Finding]


def lacking_nothing(
    graph: Graph, foreign: tuple[str, ...], checks: Iterable[LoadedCheck], found: Iterable[Finding]
) -> Iterator[Judged]:
    """What lacks nothing in a unit's graph, of what is judged by ``Check.supplied_by``.

    Args:
        graph: The graph.
        foreign: What the addresses of others' resources begin with: these come as they call them.
        checks: The checks that ran.
        found: What is found, of others' resources too.
    """
    lacking = {key for one in found for key in (*_judged(one), *_names_of(one))}
    for loaded in checks:
        if not loaded.info.supplied_by or not loaded.may_judge(graph):
            continue
        for one in graph.all(*loaded.check.types):
            home, address = one.declared.home or one.declared.unit, one.address
            names = [*_names_at_home(address)] if address.startswith(foreign) else [address]
            judged = [(loaded.info.code, home, name) for name in names]
            if lacking.isdisjoint(judged):
                yield from judged


def leave_to_others(outcome: Outcome, unit: Unit) -> list[Finding]:
    """Take out what is said of other units' resources alone: those units say it themselves.

    Args:
        outcome: What the checks came to over the unit's graph; it loses those findings and notes.
        unit: The unit, which says what is foreign to it.

    Returns:
        The findings that were taken out; ``by_importer`` says what the unit's own resources are a
        part of.
    """
    foreign = tuple(unit.foreign)
    if not foreign:
        return []
    own: list[Finding] = []
    others: list[Finding] = []
    for finding in outcome.findings:
        if all(name.startswith(foreign) for name in (finding.subject, finding.resource)):
            named = (hop.resource for hop in finding.evidence if hop.resource)
            by_own = not all(name.startswith(foreign) for name in named)
            others.append(replace(finding, by_importer=by_own))
        else:
            own.append(finding)
    outcome.findings = own
    outcome.notes = [
        note
        for note in outcome.notes
        if not (
            note.resource.startswith(foreign) if note.resource else note.span.path in unit.imported
        )
    ]
    return others


def with_elsewhere(findings: Sequence[Finding], importers: Sequence[Importer]) -> Iterator[Finding]:
    """Findings, with what importing units know of what is imported.

    A unit that imports a resource knows more of it: what it is attached to, what reaches it. So a
    finding is as firm and as severe as importing units have it at the same place. And what is there
    only by what an importing unit declares is told, though it is about another's resource: an
    Elastic IP address for its host. What other units have at that place, as those that call one
    module have, is not meant. What is said to be missing may be what an importing unit adds.

    Args:
        findings: The findings of all units about what is their own.
        importers: What units know of what is others'.
    """
    others = [finding for importer in importers for finding in importer.findings]
    placed: dict[tuple[str, tuple[str, int, int]], list[Finding]] = defaultdict(list)
    for other in others:
        if other.status is not Status.SUPPRESSED:
            placed[other.check.code, other.span.key].append(other)
    own: dict[Judged, list[Finding]] = defaultdict(list)
    more: list[Finding] = []
    said: dict[Judged, list[Finding]] = defaultdict(list)
    for finding in findings:
        for key in _judged(finding):
            own[key].append(finding)
        if finding.status is Status.FAIL:
            for key in _names_of(finding):
                said[key].append(finding)
    for other in others:
        if not other.by_importer:
            continue
        keys = _names_of(other)
        if not any(_says_as_much(one, other) for key in keys for one in own.get(key, ())):
            more.append(other)
            for key in keys if other.status is not Status.SUPPRESSED else ():
                said[key].append(other)
    for finding in findings:
        result = _supplied(finding, importers)
        if result is finding and finding.status is not Status.SUPPRESSED:
            for other in placed.get((finding.check.code, finding.span.key), ()):
                if any(key in _judged(finding) for key in _names_of(other)):
                    result = _firmer(result, other)
        if _is_safe_if(result):
            named = (one for key in _judged(finding) for one in said.get(key, ()))
            if any(one.severity.at_least(result.severity) for one in named):
                continue  # the importing unit says that it is not
        yield result
    yield from more


def _judged(finding: Finding) -> set[Judged]:
    """What a finding judges: its check, the unit of each resource, and its address there."""
    return {(finding.check.code, one.unit, one.address) for one in finding.subjects}


def _names_of(finding: Finding) -> set[Judged]:
    """As ``_judged``, as the unit itself names what an importing one calls ``path:address``."""
    return {
        (code, unit, name)
        for code, unit, address in _judged(finding)
        for name in _names_at_home(address)
    }


def _names_at_home(address: str) -> Iterator[str]:
    parts = address.split(":")
    return (":".join(parts[at:]) for at in range(1, len(parts)))


def _supplied(finding: Finding, importers: Sequence[Importer]) -> Finding:
    """A failure for what is not declared, undecided where an importing unit declares it, or may."""
    if not finding.check.supplied_by or finding.status is not Status.FAIL:
        return finding
    judged = _judged(finding)
    safe = [importer.unit for importer in importers if judged <= importer.supplies]
    if safe:
        return supplied(finding, safe_by(finding, safe))
    for importer in importers:
        said = [one for one in importer.findings if not judged.isdisjoint(_names_of(one))]
        if said and all(one.status is Status.UNDECIDED for one in said):
            return supplied(finding, said[0])
    return finding


def _is_safe_if(finding: Finding) -> bool:
    return any(reason.startswith(SAFE_IF) for reason in finding.missing)


def _says_as_much(finding: Finding, other: Finding) -> bool:
    """Whether a unit's own finding says what an importing unit has of the same, or accepts it."""
    if finding.status is Status.FAIL:
        return finding.severity.at_least(other.severity)
    if finding.status is Status.UNDECIDED:
        return other.status is not Status.FAIL and not _is_safe_if(finding)
    return True


def _firmer(finding: Finding, other: Finding) -> Finding:
    decides = other.status is Status.FAIL and finding.status is Status.UNDECIDED
    same = other.status is finding.status
    if decides or (same and other.severity.rank < finding.severity.rank):
        return replace(
            finding,
            status=other.status,
            severity=other.severity,
            confidence=other.confidence,
            message=other.message,
            evidence=other.evidence,
            when=other.when,
            missing=other.missing,
            inputs=other.inputs,
            beyond=other.beyond,
        )
    if not same:
        return finding
    firm = min(finding.confidence, other.confidence, key=list(Confidence).index)
    return replace(finding, confidence=firm)
