"""Who reaches what with what other units of the scan say of its values, and without.

As a scan does it (engine/other_inputs/joined.py): what is known by a join alone may be otherwise
where it is deployed. So who gets in by the joined values alone does so by an assumption that is
named; nobody who gets in without them is kept out by them; and what only they close stays
undecided, and says what closes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.answers.reach_arms import Asked, Told, answers_about, is_about, is_said, within
from iac_ec2lint.engine.finding import CONDITION
from iac_ec2lint.engine.other_inputs.joined import NAMED, all_deployed, any_of, not_firmer
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.values import Join


class View(NamedTuple):
    """The answers about a unit with what others say of its values.

    Attributes:
        told: The answers.
        joins: What others say.
        whole: Whether all could be evaluated with it: else who does not get in may do so.
        files: The files that are taken for what an input names; none where nothing is chosen.
    """

    told: Told
    joins: Sequence[Join]
    whole: bool
    files: tuple[str, ...] = ()


class _Becomes:
    """What one undecided answer becomes in one view."""

    def __init__(self, one: Asked, address: str, rows: Sequence[Asked], view: View) -> None:
        others = answers_about(view.told, address)
        about = [within(other, one) for other in others if is_about(other, one)]
        self.view = view
        self.opened = [
            _resting_on(each, view.joins)
            for each in about
            if each.reach.truth and not is_said(each, rows)
        ]
        self.still = [each for each in about if each.reach.truth is None]
        self.closed = view.whole and not self.opened and not self.still


def with_joined(alone: Told, view: View) -> Told:
    """Answers with what others say in place of what is undecided without it.

    Args:
        alone: The answers where nothing is joined.
        view: The answers where values are.
    """

    def instead(one: Asked, seen: _Becomes) -> Iterator[Asked]:
        yield from seen.opened
        if not (seen.opened and one.port is not None):
            yield from seen.still
        if seen.closed:
            yield _closed_by(one, view.joins)
        elif not seen.opened and not seen.still:
            yield one

    return {
        address: [
            each
            for one in rows
            for each in (
                [one]
                if one.reach.truth is not None
                else instead(one, _Becomes(one, address, rows, view))
            )
        ]
        for address, rows in alone.items()
    }


def with_choices(alone: Told, views: Sequence[View]) -> Told:
    """Answers with what they are whichever of several stacks an input names.

    Nobody knows which of them it is: who gets in with each gets in, and with some under that
    condition; what each closes stays undecided, and says so.

    Args:
        alone: The answers where none is taken.
        views: The answers with each of them.
    """
    return {
        address: [
            each
            for one in rows
            for each in (
                [one]
                if one.reach.truth is not None
                else _whichever(one, [_Becomes(one, address, rows, view) for view in views])
            )
        ]
        for address, rows in alone.items()
    }


def _whichever(one: Asked, views: Sequence[_Becomes]) -> Iterator[Asked]:
    opened: dict[tuple[object, ...], list[tuple[_Becomes, Asked]]] = {}
    for seen in views:
        for each in seen.opened:
            reach = each.reach
            key = () if one.port is not None else (reach.protocol, reach.ports, reach.via)
            opened.setdefault(key, []).append((seen, each))
    for found in opened.values():
        first = found[0][1]
        if len({id(seen) for seen, _ in found}) == len(views):
            steps = [step for _, each in found for step in each.reach.assumptions]
            together = first.reach._replace(assumptions=tuple(dict.fromkeys(steps)))
            yield first._replace(reach=together)
        else:
            yield _under(first, [seen.view for seen, _ in found])
    if opened:
        return
    if all(seen.closed for seen in views):
        files = any_of(name for seen in views for name in seen.view.files)
        yield _said_to_be_closed(one, files, views[0].view.joins)
    else:
        yield one


def _under(one: Asked, views: Sequence[View]) -> Asked:
    """An answer that is right where one of some files is deployed."""
    files = any_of(name for view in views for name in view.files)
    span = views[0].joins[0].place if views[0].joins else one.reach.resource.span
    words = f"{CONDITION}{files}"
    hop = Hop("condition", one.reach.resource, span, words)
    return one._replace(reach=one.reach._replace(evidence=(*one.reach.evidence, hop)))


def _resting_on(one: Asked, joins: Sequence[Join]) -> Asked:
    """An answer that is right if what is joined is what is deployed."""
    reach = one.reach
    used = {hop.span.key for hop in reach.evidence}
    named = [join for join in joins if used & {join.source.key, join.place.key}] or [*joins]
    steps = (*reach.assumptions, *(join.step for join in named[:NAMED]))
    return one._replace(
        reach=reach._replace(
            confidence=not_firmer(reach.confidence, named),
            assumptions=tuple(dict.fromkeys(steps)),
        )
    )


def _closed_by(one: Asked, joins: Sequence[Join]) -> Asked:
    """An undecided answer where nobody gets in if what is joined is what is deployed."""
    reasons = {cause.reason for cause in one.reach.missing}
    named = [join for join in joins if join.reason in reasons] or [*joins]
    return _said_to_be_closed(one, all_deployed(named), named)


def _said_to_be_closed(one: Asked, deployed: str, joins: Sequence[Join]) -> Asked:
    place = joins[0].place if joins else one.reach.resource.span
    missing = (Unknown(f"nobody gets in if {deployed}", "external-id", place),)
    return one._replace(reach=one.reach._replace(missing=missing))
