"""What a verdict on reachability rests on: hops, judged facts, and sets of clients.

Source of the form: semantics.md, C2 and C3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.values import UNGUARDED, Answer, common, exclude

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.network.sets.addresses import AddressSet
    from iac_ec2lint.network.sets.approximation import Approximation
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Guard, Step, Unknown

Origin = Literal["explicit", "default", "assumed", "unknown"]
"""The origin of a fact: written, AWS's default, an assumption, or unknown."""


class Hop(NamedTuple):
    """One fact on the way of traffic.

    Attributes:
        kind: What the fact is about: ``internet gateway``, ``route``, ``route table``,
            ``network ACL``, ``block public access``, ``middlebox``, ...
        resource: The resource that the fact is read from; for a default, the one that omits it.
        span: Where it is written; for a default, the block that omits it.
        fact: The message: a clause in the present tense that names the resource, without a full
            stop.
        origin: Where it comes from.
        verdict: Whether traffic passes; ``None``: undecided.
        causes: The unknowns that keep it undecided.
        assumptions: What it rests on that another deployment may change.
        attribute: The path of the attribute in the resource, if any: ``route[0]``.
        needs: What holds wherever traffic passes by it; ``None`` where that is not said, or where
            it may pass for lack of it. Hops of one kind are each other's alternatives.
    """

    kind: str
    resource: Resource
    span: Span
    fact: str
    origin: Origin = "explicit"
    verdict: bool | None = True
    causes: tuple[Unknown, ...] = ()
    assumptions: tuple[Step, ...] = ()
    attribute: str = ""
    needs: Guard | None = None

    def in_doubt(self, *causes: Unknown) -> Hop:
        """The same fact, which unknowns leave undecided."""
        gaps = tuple(dict.fromkeys((*self.causes, *causes)))
        return self._replace(verdict=None, causes=gaps, origin="unknown")


class Fact(NamedTuple):
    """One condition of a verdict (semantics.md, C1), evaluated.

    Attributes:
        truth: Whether it holds; ``None``: undecided.
        hops: The evidence. Where ``truth`` is False these are the blockers.
    """

    truth: bool | None
    hops: tuple[Hop, ...] = ()

    @property
    def causes(self) -> tuple[Unknown, ...]:
        """The unknowns that keep it undecided, each once."""
        return causes_of(self.hops)

    @property
    def assumptions(self) -> tuple[Step, ...]:
        """What it rests on that another deployment may change, each once."""
        return assumptions_of(self.hops)

    @property
    def answer(self) -> Answer:
        """Whether it holds, with what keeps it undecided and what it rests on."""
        return Answer(self.truth, self.causes if self.truth is None else (), self.assumptions)


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients for whom one condition of a verdict holds.

    Attributes:
        addresses: Their addresses, of one family.
        hops: The evidence. Where the set is empty these are the blockers.
    """

    addresses: Approximation[AddressSet]
    hops: tuple[Hop, ...] = ()

    @property
    def causes(self) -> tuple[Unknown, ...]:
        """The unknowns between the lower and the upper set, each once."""
        return causes_of(self.hops)

    @property
    def assumptions(self) -> tuple[Step, ...]:
        """What it rests on that another deployment may change, each once."""
        return assumptions_of(self.hops)


def never_together(hops: Iterable[Hop]) -> Hop | None:
    """The hop that reports that what a way needs is never there together; ``None``: it may be."""
    by_kind: dict[str, list[Hop]] = {}
    for hop in hops:
        if hop.needs is not None:
            by_kind.setdefault(hop.kind, []).append(hop)
    kept = [
        (of_kind[0], common(h.needs or UNGUARDED for h in of_kind)) for of_kind in by_kind.values()
    ]
    if not exclude(*(guard for _, guard in kept)):
        return None
    said = [(hop, guard) for hop, guard in kept if guard]
    pairs = (
        (a, b) for i, (a, one) in enumerate(said) for b, other in said[:i] if exclude(one, other)
    )
    first, second = next(pairs, (said[0][0], said[-1][0]))
    names = " and ".join(sorted({first.resource.address, second.resource.address}))
    fact = f"{names} are never there together"
    return Hop("condition", first.resource, first.span, fact, verdict=False)


def causes_of(hops: Iterable[Hop]) -> tuple[Unknown, ...]:
    """The unknowns that keep hops undecided, each once."""
    return tuple(dict.fromkeys(cause for hop in hops for cause in hop.causes))


def assumptions_of(hops: Iterable[Hop]) -> tuple[Step, ...]:
    """What hops rest on that another deployment may change, each once."""
    return tuple(dict.fromkeys(step for hop in hops for step in hop.assumptions))
