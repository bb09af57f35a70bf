"""Ways into a workload: each one evaluated, and explained hop by hop.

A way is one interface in one subnet, one address family and one kind of entry. Whether it is open
is a set computation (semantics.md, C1); the evidence is built only for the ways that are reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, Protocol

from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.verdicts.evidence import Hop, assumptions_of, causes_of
from iac_ec2lint.values import Confidence, Step, Unknown

Truth = bool | None

RANK: dict[Confidence, int] = {confidence: rank for rank, confidence in enumerate(Confidence)}
"""Rank by confidence, the firmest first."""

DIRECT = "direct"


class Way(Protocol):
    """A way into a workload, with its verdict."""

    @property
    def truth(self) -> Truth:
        """Whether it is open; ``None``: undecided."""

    @property
    def family(self) -> Family:
        """The family of the client's address."""

    @property
    def via(self) -> str:
        """``direct``, or the address of the load balancer that it leads through."""

    @property
    def clients(self) -> Approximation[AddressSet]:
        """The clients that it admits, given that its resources exist."""

    @property
    def is_family_unused(self) -> bool:
        """Whether it is closed because its address family is not in use there: not reported."""

    @property
    def is_secondary(self) -> bool:
        """Whether it is reported only where no other closed way is: no certain address, no rule."""

    def explain(self) -> Explanation:
        """The evidence for ``truth``."""


class Explanation(NamedTuple):
    """The evidence for the verdict on a way.

    Attributes:
        hops: The hops in order, from the internet to the workload and back.
        confidence: The confidence of the verdict.
    """

    hops: tuple[Hop, ...]
    confidence: Confidence

    @property
    def evidence(self) -> tuple[Hop, ...]:
        """The hops that hold."""
        return tuple(hop for hop in self.hops if hop.verdict is True)

    @property
    def blockers(self) -> tuple[Hop, ...]:
        """The hops that block, all of them."""
        return tuple(hop for hop in self.hops if hop.verdict is False)

    @property
    def missing(self) -> tuple[Unknown, ...]:
        """The unknowns that keep it undecided."""
        return causes_of(hop for hop in self.hops if hop.verdict is None)

    @property
    def assumptions(self) -> tuple[Step, ...]:
        """What it rests on that another deployment may change."""
        return assumptions_of(self.hops)


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's AND."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's OR."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def of_families(ways: Iterable[Way], families: Collection[Family]) -> list[Way]:
    """The ways of clients whose addresses are of some families; all of them where there is none."""
    every = list(ways)
    return [way for way in every if way.family in families] or every


def judged(hops: Iterable[Hop], truth: Truth) -> Iterator[Hop]:
    """Sets the verdicts of a condition's hops to agree with the condition's truth.

    Where it is False the hops that are False block, with the defaults that led to them, or else
    all of them; where it is undecided the hops with causes are undecided, and those that are
    False, or all of them.
    """
    given = tuple(hops)
    if truth is False and any(hop.verdict is False for hop in given):
        for hop in given:
            blocks = hop.verdict is False or hop.origin == "default"
            yield hop._replace(verdict=not blocks)
        return
    some = any(hop.causes for hop in given)
    for hop in given:
        if truth is None and some and not hop.causes:
            # What is false only on a condition, such as the other route table, decides nothing.
            yield hop._replace(verdict=None if hop.verdict is False else True)
        elif hop.verdict is not truth:
            yield hop._replace(verdict=truth)
        else:
            yield hop


def firmest(assumptions: Iterable[Step]) -> Confidence:
    """The confidence of a verdict that is decided."""
    return Confidence.ASSUMED if tuple(assumptions) else Confidence.PROVEN
