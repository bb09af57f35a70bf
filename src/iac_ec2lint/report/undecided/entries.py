"""Undecided findings as entries: what one answer would decide is one, and so is one host."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.report.undecided.questions import Key, key_of, ranked

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from iac_ec2lint.engine.finding import Finding


class Entry(NamedTuple):
    """What is undecided for one reason.

    Attributes:
        places: The places of its findings in the sequence, in order.
        key: The input that all of them lack, or what these are in words; empty where no input is
            the reason.
    """

    places: tuple[int, ...]
    key: str


def entries(undecided: Sequence[Finding]) -> tuple[Entry, ...]:
    """The entries of some undecided findings, in the order of their first ones.

    What is likely of no harm, by the names of what it lacks, is one entry. Another finding is in
    the entry of the input that decides most of what it lacks. What no input decides is with what
    else is judged of that host, if it is about a way; else with what lacks the same.

    Args:
        undecided: The findings.
    """
    first: dict[Key, int] = {}
    for rank, one in enumerate(ranked(undecided)):
        first[one.kind, one.fact, one.key] = rank
    found: dict[Hashable, list[int]] = {}
    keys: dict[Hashable, str] = {}
    for at, finding in enumerate(undecided):
        reason: Hashable
        if finding.likely:
            reason = finding.likely
            keys[reason] = f"ranges that are likely {finding.likely}, by their names"
        elif finding.beyond and any(hop.kind for hop in finding.evidence):
            reason = (
                finding.span.path,
                finding.subject,
                *dict.fromkeys(one.unit for one in finding.subjects),
            )
        elif finding.inputs:
            lacked = min(map(key_of, finding.inputs), key=lambda key: first[key])
            reason = lacked
            keys[reason] = lacked[2]
        else:
            reason = finding.missing or (finding.fingerprint,)
        found.setdefault(reason, []).append(at)
    return tuple(Entry(tuple(places), keys.get(reason, "")) for reason, places in found.items())
