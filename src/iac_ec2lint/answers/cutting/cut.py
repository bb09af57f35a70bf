"""The fewest changes that break all attack paths of a severity, verified by analysing again.

Paths are collected until none is left: a set of changes is made in memory, what is below the paths
is analysed as if it said so, and what is found then is one more path that a change must break.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.answers.cutting.changes import Change, Layout, Piece, changes_of
from iac_ec2lint.answers.cutting.hitting import EXACT, hitting_set
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.scan import choose, load_checks
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.engine.other_inputs.joined import settled, views
from iac_ec2lint.engine.outcome.examining import examine
from iac_ec2lint.engine.suppressions.suppression import Suppressions
from iac_ec2lint.network.reachability.exposed_ports import exposed_ports
from iac_ec2lint.network.sets.ports import describe_ports, protocol_name
from iac_ec2lint.report.answers.cut_report import Cut, CutEdit, PathLeft
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iac_ec2lint.answers.units import UnitGraph
    from iac_ec2lint.engine.finding import Evidence, Finding
    from iac_ec2lint.engine.registry import LoadedCheck
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Join

_ROUNDS: Final = 25
"""How often what is left is analysed again."""

_SETTINGS: Final = ("IMDS001", "IMDS002")


class _Analysis(NamedTuple):
    """What is found of some text."""

    paths: dict[str, Finding]
    fixes: dict[tuple[str, str], tuple[Piece, ...]]
    open: frozenset[str]
    errors: tuple[Diagnostic, ...]
    stated: tuple[tuple[str, Span], ...] = ()
    joins: tuple[Join, ...] = ()


class _Known(NamedTuple):
    """A path that was found in some round, and the changes that break it."""

    finding: Finding
    changes: dict[tuple[Piece, ...], Change]
    advice: tuple[str, ...]


def cut(
    inputs: Inputs, severity: Severity, folders: Sequence[Path] = (), *, wide: bool = False
) -> Cut:
    """The fewest changes that break the paths below some paths.

    Args:
        inputs: What is read, and what it is evaluated with.
        severity: The paths of this severity and above count, where they are proven.
        folders: Folders of further checks.
        wide: Whether changes that take whole subnets, or what stands behind a load balancer, off
            the internet count like others; else only where no other breaks a path.

    Raises:
        UsageError: A path lies outside the boundary.
    """
    loaded, _ = load_checks(folders)
    codes = [one.info.code for one in loaded if one.info.code.startswith("PATH")]
    checks = choose(loaded, (*codes, *_SETTINGS), ())
    first = _analyse(inputs, checks, severity, {})
    known: dict[str, _Known] = {}
    left: dict[str, _Known] = {}
    _learn(first, first.fixes, Layout(()), known, left)
    chosen: list[Change] = []
    exact, fewest, last, verified = True, 0, first, not known
    for _ in range(_ROUNDS if known else 0):
        chosen, exact, fewest = _choose(known, wide=wide)
        layout = Layout(chosen)
        last = _analyse(inputs, checks, severity, _texts(inputs, layout))
        again = {name: one for name, one in last.paths.items() if name not in left}
        if not again:
            verified = True
            chosen, last = _needed(inputs, checks, severity, chosen, last, left)
            break
        made = {change.key for change in chosen}
        for name in again.keys() & known.keys():
            # What was to break it does not.
            rest = {k: c for k, c in known[name].changes.items() if k not in made}
            known[name] = known[name]._replace(changes=rest)
        fresh = last._replace(paths=again)
        _learn(fresh, first.fixes, layout, known, left)
        for name in [name for name, one in known.items() if not one.changes]:
            left[name] = known.pop(name)
        if not known:
            chosen, verified = [], True
            last = first
            break
    return Cut(
        len(first.paths),
        tuple(_told(inputs, chosen, known)),
        exact,
        min(fewest, len(chosen)),
        verified,
        tuple(_left(one) for one in left.values()),
        tuple(sorted(first.open - last.open)),
        tuple(sorted({*first.errors})),
        first.stated,
        tuple(dict.fromkeys(f"{join.words} ({join.settled_by})" for join in first.joins)),
    )


def _needed(
    inputs: Inputs,
    checks: Sequence[LoadedCheck],
    severity: Severity,
    chosen: list[Change],
    last: _Analysis,
    left: dict[str, _Known],
) -> tuple[list[Change], _Analysis]:
    """Changes without those that others make needless, and what is found with them made.

    A path names its own repairs; what breaks another one may break it all the same, as a trust
    policy does that no longer admits everybody.
    """
    if not 1 < len(chosen) <= EXACT:
        return chosen, last
    for change in sorted(chosen, key=lambda one: (one.stops, one.weight), reverse=True):
        rest = [one for one in chosen if one is not change]
        found = _analyse(inputs, checks, severity, _texts(inputs, Layout(rest)))
        if found.paths.keys() <= left.keys():
            chosen, last = rest, found
    return chosen, last


def _analyse(
    inputs: Inputs, checks: Sequence[LoadedCheck], severity: Severity, texts: dict[Path, str]
) -> _Analysis:
    instead = tuple((path, text.encode("utf-8")) for path, text in texts.items())
    walk = UnitWalk(replace(inputs, instead=instead))
    found = _Analysis({}, {}, frozenset(), ())
    open_: set[str] = set()

    def judged(one: UnitGraph) -> list[Finding]:
        suppressions = Suppressions(one.unit.suppressions, date.today(), enabled=True)
        working = walk.survey.files.working_inside
        outcome = examine(one.graph, checks, suppressions, working=working)
        return one.redactor().redact(outcome).findings

    joins: list[Join] = []
    for one in walk.graphs():
        for finding in _with_joins(walk, one, judged, joins):
            code = finding.check.code
            if code in _SETTINGS and finding.fix is not None:
                edits = finding.fix.edits
                pieces = tuple(Piece(e.span.path, e.span.start, e.span.end, e.text) for e in edits)
                found.fixes.setdefault((code, finding.resource), pieces)
            elif (
                code not in _SETTINGS
                and finding.status is Status.FAIL
                and finding.severity.at_least(severity)
            ):
                found.paths.setdefault(f"{code} {finding.fingerprint}", finding)
        open_ |= set(_open(one.graph, one.unit.path))
    told = {hop.span.key for one in found.paths.values() for hop in one.evidence}
    joins = [join for join in joins if join.place.key in told]
    return found._replace(
        open=frozenset(open_), errors=walk.errors, stated=walk.stated, joins=tuple(joins)
    )


def _with_joins(
    walk: UnitWalk,
    one: UnitGraph,
    judged: Callable[[UnitGraph], list[Finding]],
    joins: list[Join],
) -> list[Finding]:
    """What is found in a unit, and what only is where others are what they say of it."""
    found = judged(one)
    together = walk.joined(one)
    if together is None:
        return found
    more = judged(together)
    taken = together.redactor().redact(together.unit.joins.found)
    joins += taken
    return [
        *settled(found, more, taken, whole=True),
        *(each for view in views(more, taken, whole=True) for each in view.findings),
    ]


def _open(graph: Graph, unit: str) -> Iterator[str]:
    """What the internet surely reaches, in words."""
    for entrance in exposed_ports(graph):
        host = entrance.workload.resource
        if host.declared.unit != unit:
            continue
        via = "" if entrance.balancer is None else f" through {entrance.via}"
        for row in entrance.rows:
            if row.truth is True:
                ports = describe_ports(row.protocol, row.ports)
                yield f"{ports or protocol_name(row.protocol)} of {host.address}{via}"


def _learn(
    found: _Analysis,
    fixes: dict[tuple[str, str], tuple[Piece, ...]],
    layout: Layout,
    known: dict[str, _Known],
    left: dict[str, _Known],
) -> None:
    """Add the paths that were found, each with what breaks it."""
    for name, finding in found.paths.items():
        if name in known or name in left:
            continue
        # Fixes of settings are where these were in the text as it is.
        changes, others = changes_of(finding, fixes, layout)
        one = _Known(finding, {change.key: change for change in changes}, _advice(others))
        (known if changes else left)[name] = one


def _advice(others: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hop.message.partition(": ")[2] for hop in others))


def _choose(known: dict[str, _Known], *, wide: bool) -> tuple[list[Change], bool, int]:
    sets: dict[frozenset[tuple[Piece, ...]], None] = {}
    every: dict[tuple[Piece, ...], Change] = {}
    for one in known.values():
        narrow = {key: change for key, change in one.changes.items() if wide or not change.wide}
        own = narrow or one.changes
        sets[frozenset(own)] = None
        every.update(own)
    weights = {key: every[key].weight for key in sorted(every)}
    stops = {key for key, change in every.items() if change.stops}
    chosen, exact, fewest = hitting_set(list(sets), weights, stops)
    return [every[key] for key in sorted(chosen)], exact, fewest


def _texts(inputs: Inputs, layout: Layout) -> dict[Path, str]:
    """The changed files, by their paths on the disk."""
    files = UnitWalk(inputs).survey.files
    made: dict[Path, str] = {}
    for path in layout.paths:
        read = files.read(files.working / path)
        if isinstance(read, SourceText):
            made[files.working / path] = layout.apply(path, read.text)
    return made


def _told(inputs: Inputs, chosen: Sequence[Change], known: dict[str, _Known]) -> Iterator[CutEdit]:
    files = UnitWalk(inputs).survey.files
    for change in chosen:
        alone = len(chosen) == 1
        paths = (one for one in known.values() if alone or change.key in one.changes)
        broken = [one.finding.message for one in paths]
        places: list[tuple[str, int, int]] = []
        for piece in change.pieces:
            read = files.read(files.working / piece.path)
            at = read.position(piece.start) if isinstance(read, SourceText) else (0, 0)
            places.append((piece.path, *at))
        more = ", ".join(f"{path}:{line}:{column}" for path, line, column in places[1:])
        words = change.words + (f" (also at {more})" if more else "")
        messages = tuple(sorted(dict.fromkeys(broken)))
        yield CutEdit(*places[0], change.resource, words, messages)


def _left(one: _Known) -> PathLeft:
    finding = one.finding
    return PathLeft(
        finding.check.code, finding.message, finding.span.path, finding.span.line, one.advice
    )
