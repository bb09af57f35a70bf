"""Who reaches what with what other units of the scan say of its values, and without.

As a scan does it (engine/other_inputs/joined.py): what is known by a join alone may be otherwise
where it is deployed. So who gets in by the joined values alone does so by an assumption that is
named; nobody who gets in without them is kept out by them; and what only they close stays
undecided, and says what closes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.answers.reach_arms import answers_about, is_about, is_said, within
from iac_ec2lint.values import Confidence, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.answers.reach_arms import Asked, Told
    from iac_ec2lint.values import Join

_NAMED: Final = 3
"""Joins that one answer names."""


def with_joined(alone: Told, together: Told, joins: Sequence[Join], *, whole: bool) -> Told:
    """Answers with what others say in place of what is undecided without it.

    Args:
        alone: The answers where nothing is joined.
        together: The answers where values are.
        joins: What is joined.
        whole: Whether all could be evaluated with them: else who does not get in may do so.
    """
    return {
        address: [
            each
            for one in rows
            for each in _with(one, rows, answers_about(together, address), joins, whole=whole)
        ]
        for address, rows in alone.items()
    }


def _with(
    one: Asked,
    rows: Sequence[Asked],
    others: Sequence[Asked],
    joins: Sequence[Join],
    *,
    whole: bool,
) -> Iterator[Asked]:
    """What is said in place of one answer; ``others``: the answers where values are joined."""
    if one.reach.truth is not None:
        yield one
        return
    about = [within(other, one) for other in others if is_about(other, one)]
    opened = [each for each in about if each.reach.truth and not is_said(each, rows)]
    still = [each for each in about if each.reach.truth is None]
    if one.port is not None:
        still = [] if opened else still
    for each in opened:
        yield _resting_on(each, joins)
    yield from still
    if not opened and not still:
        yield _closed_by(one, joins) if whole else one


def _resting_on(one: Asked, joins: Sequence[Join]) -> Asked:
    """An answer that is right if what is joined is what is deployed."""
    reach = one.reach
    used = {hop.span.key for hop in reach.evidence}
    named = [join for join in joins if used & {join.source.key, join.place.key}] or [*joins]
    floor = Confidence.LIKELY if any(join.likely for join in named) else Confidence.ASSUMED
    steps = (*reach.assumptions, *(join.step for join in named[:_NAMED]))
    return one._replace(
        reach=reach._replace(
            confidence=max(reach.confidence, floor, key=list(Confidence).index),
            assumptions=tuple(dict.fromkeys(steps)),
        )
    )


def _closed_by(one: Asked, joins: Sequence[Join]) -> Asked:
    """An undecided answer where nobody gets in if what is joined is what is deployed."""
    reasons = {cause.reason for cause in one.reach.missing}
    named = [join for join in joins if join.reason in reasons] or [*joins]
    places = list(dict.fromkeys(join.settled_by for join in named))
    shown = places if len(places) <= _NAMED else [*places[: _NAMED - 1], "more"]
    verb = "is" if len(shown) == 1 else "are"
    words = f"nobody gets in if {' and '.join(shown)} {verb} what is deployed"
    missing = (Unknown(words, "external-id", named[0].place),)
    return one._replace(reach=one.reach._replace(missing=missing))
