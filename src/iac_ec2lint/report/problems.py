"""Findings as people deal with them: what has one cause is one problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import BREAKS, OR_BREAKS, SAFE_IF
from iac_ec2lint.report.arrangement import weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.report.arrangement import Shown

_LISTED = re.compile(r"\0(?:, \0)*(?: and (?:\0|[\d,]+ more))?")
"""What ``listed`` makes of the names of what is judged."""

_BEFORE = re.compile(r"[\w.-]")
_BEHIND = re.compile(r"[\w-]")
"""What stands beside an address where it is a part of a longer one."""

_TOLD = re.compile(r"\d+(?:-\d+)?|\([^()]*\)")
"""What a message of a path tells in numbers and in brackets."""


class Problem(NamedTuple):
    """One cause.

    Attributes:
        head: The worst of its findings.
        follows: Of paths that have their way in at one place the others, the worst first.
        alike: The same found at other places.
        parts: The findings that are parts of these.
        beyond: Of paths what follows from those that are alike, the same as from the head.
    """

    head: Shown
    follows: tuple[Shown, ...]
    alike: tuple[Shown, ...]
    parts: tuple[Finding, ...]
    beyond: tuple[Shown, ...] = ()

    @property
    def all(self) -> tuple[Shown, ...]:
        """All findings but the parts, the head first."""
        return (self.head, *self.follows, *self.alike, *self.beyond)


def problems(shown: Iterable[Shown], *, by_path: bool = False) -> list[Problem]:
    """Findings by their cause.

    Paths have one cause where their ways in have one place, which is that of their first repair;
    other findings where one check says the same of several places, or where one join with another
    unit would settle them. Paths from several places that are said and mended alike, but for the
    names of resources, and lead on to the like, are one problem too.

    Args:
        shown: The findings, by place.
        by_path: Whether problems are sorted by place; the worst first if not.
    """
    groups: dict[tuple[object, ...], list[Shown]] = {}
    for each in shown:
        groups.setdefault(_cause(each.finding), []).append(each)
    found = _merged([_problem(group) for group in groups.values()])
    found.sort(key=lambda one: one.head.finding.order)
    if by_path:
        return found
    first: dict[tuple[tuple[int, int], str], int] = {}
    for at, one in enumerate(found):
        first.setdefault(_kind(one), at)
    # Those of one check stand together, so that a mend is said once.
    return sorted(found, key=lambda one: (weight(one.head.finding), first[_kind(one)]))


def mends(finding: Finding) -> list[str]:
    """What breaks a path, the nearest first."""
    return [
        hop.message.removeprefix(BREAKS).removeprefix(OR_BREAKS)
        for hop in finding.evidence
        if hop.message.startswith((BREAKS, OR_BREAKS))
    ]


def way_in(finding: Finding) -> bool:
    """Whether a finding's evidence has a way that traffic takes."""
    return any(hop.kind for hop in finding.evidence)


def _cause(finding: Finding) -> tuple[object, ...]:
    if _safe_if(finding):
        return finding.status, finding.missing
    if way_in(finding):
        return finding.status, finding.span.key
    words = (finding.check.code, _general(finding), finding.when, finding.missing)
    return (finding.status, finding.severity, finding.confidence, *words)


def _safe_if(finding: Finding) -> bool:
    """Whether a join with another unit would settle it."""
    return bool(finding.missing) and finding.missing[0].startswith(SAFE_IF)


def _general(finding: Finding) -> str:
    """The message without the names of what is judged: what is said of each alike."""
    return _without(finding.message, (one.address for one in finding.subjects))


def _without(message: str, addresses: Iterable[str]) -> str:
    for address in sorted({*addresses, ""} - {""}, key=lambda one: (-len(one), one)):
        if address in message:
            message = "\0".join(_around(message, address))
    return _LISTED.sub("\0", message)


def _around(message: str, address: str) -> Iterator[str]:
    """What stands around an address in a message, where it is no part of a longer one.

    It is not compiled to a regular expression: of thousands of addresses each has its own.
    """
    done, at = 0, message.find(address)
    while at >= 0:
        end = at + len(address)
        if (at and _BEFORE.match(message, at - 1)) or _BEHIND.match(message, end):
            end = at + 1
        else:
            yield message[done:at]
            done = end
        at = message.find(address, end)
    yield message[done:]


def _kind(problem: Problem) -> tuple[tuple[int, int], str]:
    return weight(problem.head.finding), problem.head.finding.check.code


def _merged(found: list[Problem]) -> list[Problem]:
    """The problems, with paths that are alike in all but names as one."""
    groups: dict[object, list[Problem]] = {}
    for one in found:
        path = way_in(one.head.finding) and not one.alike
        groups.setdefault(_alike(one) if path else id(one), []).append(one)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: list[Problem]) -> Problem:
    if len(group) == 1:
        return group[0]
    first, *others = sorted(group, key=lambda one: one.head.finding.order)
    parts = {part.fingerprint: part for one in (first, *others) for part in one.parts}
    return first._replace(
        alike=tuple(one.head for one in others),
        parts=tuple(parts.values()),
        beyond=tuple(each for one in others for each in one.follows),
    )


def _alike(problem: Problem) -> tuple[object, ...]:
    """What is said of a path, and what follows from it, as far as no name tells it apart."""
    head = problem.head.finding
    words = _without(head.message, _addresses(head))
    repairs = [_without(way, _addresses(head)) for way in mends(head)]
    follows = [_standing(each.finding) for each in problem.follows]
    return (_standing(head), words, head.when, head.missing, tuple(repairs), tuple(follows))


def _standing(finding: Finding) -> tuple[object, ...]:
    """The check, how bad and how sure it is, and the ports and permissions that are told."""
    told = frozenset(_TOLD.findall(_without(finding.message, _addresses(finding))))
    return finding.status, finding.check.code, finding.severity, finding.confidence, told


def _addresses(finding: Finding) -> Iterator[str]:
    """The resources that a finding names; a name that is a number could be a port."""
    names = [one.address for one in finding.subjects] + [hop.resource for hop in finding.evidence]
    yield from (name for name in names if not name.isdigit())


def _problem(group: list[Shown]) -> Problem:
    group.sort(key=lambda each: (weight(each.finding), each.finding.order))
    head, *others = group
    parts = {part.fingerprint: part for each in group for part in each.parts}
    named = tuple(sorted(parts.values(), key=lambda part: (weight(part), part.order)))
    if way_in(head.finding) and not _safe_if(head.finding):
        return Problem(head, tuple(others), (), named)
    return Problem(head, (), tuple(others), named)
