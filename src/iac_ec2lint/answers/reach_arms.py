"""Who reaches what where an input without a value chooses among arms that somebody wrote.

As a scan does it (semantics.md, A4): what is undecided by such a choice is answered once more with
each arm taken for the chosen one. Where none lets anybody in, nobody gets in; where one does, that
is said under its condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from iac_ec2lint.engine.finding import CONDITION
from iac_ec2lint.engine.other_inputs.written_arms import ARMS, possible
from iac_ec2lint.engine.outcome.choices import Arm, Choice, choices_of
from iac_ec2lint.network.reachability.reach import Reach
from iac_ec2lint.network.sets.ports import ALL
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.values import UNGUARDED, Confidence, Guard, join_conditions, without_keys


class Asked(NamedTuple):
    """An answer.

    Attributes:
        reach: The answer.
        port: The port that was asked for; ``None`` where none was.
    """

    reach: Reach
    port: int | None = None


Told: TypeAlias = "dict[str, list[Asked]]"
"""The answers about workloads and load balancers, by address."""

Ask: TypeAlias = "Callable[[Guard, frozenset[str]], Told | None]"
"""Asks about some addresses where some facts are taken to hold.

``None`` where not all of it could be evaluated.
"""


def with_arms(told: Told, ask: Ask) -> Told:
    """Answers with what each arm comes to in place of what is undecided by a choice.

    Args:
        told: The answers where nothing is known of the choices.
        ask: Asks with an arm taken for the chosen one.
    """
    return _Arms(ask).take(told, UNGUARDED)


class _Arms:
    """Takes arms of one unit, as many as there may be."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._left = ARMS

    def take(self, told: Told, taken: Guard) -> Told:
        """See ``with_arms``; ``taken``: what is taken to hold already."""
        undecided = (one.reach for rows in told.values() for one in rows if one.reach.truth is None)
        causes = [cause for reach in undecided for cause in reach.missing]
        for choice in filter(None, (possible(one, taken) for one in choices_of(causes))):
            hanging = frozenset(
                a for a, rows in told.items() if any(_hangs(o, choice) for o in rows)
            )
            if len(choice) > self._left or not hanging:
                continue
            self._left -= len(choice)
            found: list[tuple[Arm, Told]] = []
            for arm in choice:
                other = self._ask(taken | arm.guard, hanging)
                if other is None:
                    self._left = 0
                    return told
                found.append((arm, self.take(other, taken | arm.guard)))
            for address in hanging:
                arms = [(arm, answers_about(other, address)) for arm, other in found]
                told[address] = [*_joined(told[address], choice, arms)]
        return told


_Found: TypeAlias = "list[tuple[Arm, list[Asked]]]"
"""The answers about one address with each arm."""


def answers_about(told: Told, address: str) -> list[Asked]:
    """The answers about an address; of one that stands for an unknown number, about each there."""
    own = told.get(address)
    if own is not None:
        return own
    return [one for other, rows in told.items() if without_keys(other) == address for one in rows]


def _hangs(one: Asked, choice: Choice) -> bool:
    guards = {arm.guard for arm in choice}
    reach = one.reach
    return reach.truth is None and any(
        guards <= {arm.guard for arm in own} for own in choices_of(reach.missing)
    )


def _joined(rows: list[Asked], choice: Choice, arms: _Found) -> Iterator[Asked]:
    """The answers about one address, with those of the arms in the place of what hangs on them."""
    told = [each for one in rows for each in _instead(one, rows, choice, arms)]
    yield from told
    if not told:
        # What blocks all ports is said once.
        closed = [one for _, own in arms for one in own if one.reach.truth is False]
        for first in closed[:1]:
            blocked = _blocked([one.reach for one in closed])
            yield first._replace(reach=blocked._replace(resource=rows[0].reach.resource))


def _instead(one: Asked, rows: list[Asked], choice: Choice, arms: _Found) -> Iterator[Asked]:
    if not _hangs(one, choice):
        yield one
        return
    found: dict[tuple[object, ...], list[tuple[Arm, Reach]]] = {}
    alike = [(arm, [within(o, one) for o in own if is_about(o, one)]) for arm, own in arms]
    for arm, own in alike:
        for each in own:
            reach = each.reach
            if reach.truth is False or is_said(each, rows):
                continue
            key = () if one.port is not None else (reach.protocol, reach.ports, reach.via)
            found.setdefault((reach.truth, *key), []).append((arm, reach))
    opened = any(truth for truth, *_ in found)
    if one.port is not None and not opened and found:
        yield one
    elif found:
        for (truth, *_), some in found.items():
            if truth or one.port is None:
                yield one._replace(reach=_under(some, len(arms)))
    elif one.port is not None:
        closed = [each.reach for _, own in alike for each in own]
        blocked = _blocked(closed) if closed else one.reach
        yield one._replace(reach=blocked._replace(resource=one.reach.resource))


def is_about(other: Asked, one: Asked) -> bool:
    """Whether an answer is about a port that another one is about."""
    protocols = {other.reach.protocol, one.reach.protocol}
    return (len(protocols) == 1 or ALL in protocols) and other.reach.ports.overlaps(one.reach.ports)


def within(other: Asked, one: Asked) -> Asked:
    """Of an answer what it says of the ports that another one is about, and of its resource."""
    reach, asked = other.reach, one.reach
    # With an arm taken an instance may have a key, and not without it.
    narrow = reach._replace(resource=asked.resource)
    if asked.protocol != ALL:
        narrow = narrow._replace(protocol=asked.protocol, ports=reach.ports & asked.ports)
    return other._replace(reach=narrow)


def is_said(other: Asked, rows: Iterable[Asked]) -> bool:
    """Whether some answers say without a condition that somebody gets in there."""
    reach = other.reach
    return any(
        one.reach.truth
        and one.port == other.port
        and one.reach.protocol in (reach.protocol, ALL)
        and one.reach.ports.covers(reach.ports)
        for one in rows
    )


def _under(found: list[tuple[Arm, Reach]], arms: int) -> Reach:
    """What some arms let in, with their condition where others do not."""
    reach = found[0][1]
    families = [family for family in reach.families if all(family in r.families for _, r in found)]
    reach = reach._replace(families=tuple(families) or reach.families)
    if len({arm.guard for arm, _ in found}) == arms:
        return reach
    words = join_conditions([arm.when for arm, _ in found], "or")
    span = found[0][0].span
    hop = Hop("condition", reach.resource, span, f"{CONDITION}{words}")
    certain = reach.confidence is Confidence.PROVEN
    return reach._replace(
        confidence=Confidence.CONDITIONAL if certain else reach.confidence,
        evidence=(*reach.evidence, hop),
    )


def _blocked(found: list[Reach]) -> Reach:
    """What no arm lets in, with all that blocks in one of them."""
    hops = {(hop.span.key, hop.fact): hop for reach in found for hop in reach.blocked_by}
    clients = {reach.clients for reach in found}
    return found[0]._replace(
        blocked_by=tuple(hops.values()), clients=found[0].clients if len(clients) == 1 else ()
    )
