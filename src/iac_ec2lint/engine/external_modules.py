"""Findings about resources of other units, which a unit sees where it imports what they export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from iac_ec2lint.engine.finding import SAFE_IF, Finding, Status
from iac_ec2lint.engine.other_inputs.joined import safe_by, supplied, where_added
from iac_ec2lint.engine.other_inputs.other_branches import under
from iac_ec2lint.values import Confidence, join_conditions

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.engine.outcome.examining import Outcome
    from iac_ec2lint.engine.registry import LoadedCheck
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.span import Span

Judged: TypeAlias = tuple[str, str, str]
"""What a check judges: its code, and a resource by its unit's path and its address there."""

Supplied: TypeAlias = tuple[str, str, str, str]
"""What lacks nothing: what is judged, and the configuration of Terragrunt that deploys it, if any
does.
"""


class Importer(NamedTuple):
    """What a unit knows of the resources of others.

    Attributes:
        unit: The unit's path.
        supplies: What lacks nothing there, where all of it could be evaluated; see
            ``lacking_nothing``.
        adds: What it may add to; see ``added_to``.
        findings: What is found of others' resources there.
    """

    unit: str
    supplies: set[Supplied]
    adds: set[str]
    findings: Sequence[Finding]


def lacking_nothing(
    graph: Graph,
    foreign: Mapping[str, str],
    checks: Iterable[LoadedCheck],
    found: Iterable[Finding],
) -> Iterator[Supplied]:
    """What lacks nothing in a unit's graph, of what is judged by ``Check.supplied_by``.

    Args:
        graph: The graph.
        foreign: What the addresses of others' resources begin with, which come as those call them,
            and what deploys them.
        checks: The checks that ran.
        found: What is found, of others' resources too.
    """
    lacking = {key for one in found for key in (*_judged(one), *_names_of(one))}
    for loaded in checks:
        if not loaded.info.supplied_by or not loaded.may_judge(graph):
            continue
        for one in graph.all(*loaded.check.types):
            home, address = one.declared.home or one.declared.unit, one.address
            is_foreign = address.startswith(tuple(foreign))
            names = [*_names_at_home(address)] if is_foreign else [address]
            judged = [(loaded.info.code, home, name) for name in names]
            if lacking.isdisjoint(judged):
                yield from ((*one, _deployment(address, foreign)) for one in judged)


def added_to(
    graph: Graph, foreign: Mapping[str, str], checks: Iterable[LoadedCheck]
) -> Iterator[str]:
    """The codes of the checks of which a unit itself declares something of ``Check.supplied_by``.

    Args:
        graph: The graph.
        foreign: What the addresses of others' resources begin with; nobody asks without them.
        checks: The checks.
    """
    if not foreign:
        return
    others = tuple(foreign)
    own = {one.type for one in graph.declared() if not one.address.startswith(others)}
    for loaded in checks:
        if any(not own.isdisjoint(types) for types in loaded.info.supplied_by.values()):
            yield loaded.info.code


def _deployment(address: str, foreign: Mapping[str, str]) -> str:
    """What deploys a resource of another unit, if a configuration of Terragrunt does."""
    return next((by for prefix, by in foreign.items() if address.startswith(prefix)), "")


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
            deployment = _deployment(finding.subject, unit.foreign)
            others.append(finding._replace(by_importer=by_own, deployment=deployment))
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


def with_elsewhere(
    findings: Sequence[Finding],
    importers: Sequence[Importer],
    deployments: Mapping[str, Mapping[str, Span]],
) -> Iterator[Finding]:
    """Findings, with what importing units know of what is imported.

    A unit that imports a resource knows more of it: what it is attached to, what reaches it. So a
    finding is as firm and as severe as importing units have it at the same place. And what is there
    only by what an importing unit declares is told, though it is about another's resource: an
    Elastic IP address for its host. What other units have at that place, as those that call one
    module have, is not meant. What is said to be missing may be what an importing unit adds.

    Args:
        findings: The findings of all units about what is their own.
        importers: What units know of what is others'.
        deployments: The configurations of Terragrunt that deploy units, by their paths.
    """
    if not importers and not any(one.missing and _is_safe_if(one) for one in findings):
        yield from findings  # as nearly always
        return
    additions = _Additions(importers, deployments)
    others = [finding for importer in importers for finding in importer.findings]
    placed: dict[tuple[Judged, tuple[str, int, int]], list[Finding]] = defaultdict(list)
    for other in others:
        for key in _names_of(other) if other.status is not Status.SUPPRESSED else ():
            placed[key, other.span.key].append(other)
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
        result = additions.to(finding)
        if result is finding and finding.status is not Status.SUPPRESSED:
            for key in sorted(_judged(finding)):
                for other in placed.get((key, finding.span.key), ()):
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


class _Additions:
    """What importing units add to what others declare, by what is judged: found once for all.

    Args:
        importers: What units know of what is others'.
        deployments: The configurations of Terragrunt that deploy units, by their paths.
    """

    def __init__(
        self, importers: Iterable[Importer], deployments: Mapping[str, Mapping[str, Span]]
    ) -> None:
        self._deployments = deployments
        self._safe: dict[Judged, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._said: dict[Judged, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
        for importer in importers:
            for code, unit, address, by in importer.supplies:
                self._safe[code, unit, address][importer.unit].add(by)
            for finding in importer.findings:
                for key in _names_of(finding) if finding.check.code in importer.adds else ():
                    self._said[key][importer.unit].append(finding)

    def to(self, finding: Finding) -> Finding:
        """A failure for what is not declared, as it is where an importer declares it, or may.

        What is added to one deployment of a unit is missing in the others still.
        """
        if not finding.check.supplied_by or finding.status is not Status.FAIL:
            return finding
        units = [one.unit for one in finding.subjects]
        each = [by for unit in units for by in self._deployments.get(unit, {}).items()]
        if not each:
            return self._in(finding, "") or finding
        added = [self._in(finding, name) for name, _ in each]
        lacking = [by for by, one in zip(each, added, strict=True) if one is None]
        if len(lacking) == len(each):
            return finding
        if lacking:
            names = join_conditions([name for name, _ in lacking], "or")
            return under(finding, f"deployed with {names}", lacking[0][1])
        return max((one for one in added if one is not None), key=_is_left)

    def _in(self, finding: Finding, deployment: str) -> Finding | None:
        """See ``to``, for one deployment of the unit; ``None`` where it is missing there."""
        judged = _judged(finding)
        safe = [
            {unit for unit, by in self._safe.get(key, {}).items() if _is_one_of(by, deployment)}
            for key in judged
        ]
        if units := set.intersection(*safe):
            return supplied(finding, safe_by(finding, sorted(units)))
        said: dict[str, list[Finding]] = defaultdict(list)
        for key in sorted(judged):
            for unit, found in self._said.get(key, {}).items():
                said[unit] += [one for one in found if _is_one_of([one.deployment], deployment)]
        results = (where_added(finding, said[unit]) for unit in sorted(said))
        return next((one for one in results if one is not None), None)


def _is_left(finding: Finding) -> int:
    """How much is left of a failure: all, something that is not known, or who adds it."""
    return 2 if finding.status is Status.FAIL else 0 if _is_safe_if(finding) else 1


def _is_one_of(deploying: Collection[str], deployment: str) -> bool:
    """Whether one of those that deploy something may be a deployment; empty where none is known."""
    return not deployment or "" in deploying or deployment in deploying


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
        return finding._replace(
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
    return finding._replace(confidence=firm)
