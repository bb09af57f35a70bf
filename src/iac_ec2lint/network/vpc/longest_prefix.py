"""The most specific route wins: the addresses that each route of a table matches.

Source: VPC User Guide, "Route priority"; Transit Gateways Guide, "Route evaluation order".
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol, TypeVar

from iac_ec2lint.network.sets.addresses import AddressSet
from iac_ec2lint.network.sets.approximation import Approximation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.network.sets.addresses import Family
    from iac_ec2lint.network.sets.blocks import AddressBlock


class Prefixed(Protocol):
    """A route for one block of addresses."""

    @property
    def block(self) -> AddressBlock:
        """Its destination addresses."""

    @property
    def rank(self) -> int:
        """Its rank among routes with equally long prefixes: the smaller one wins."""

    @property
    def is_known(self) -> bool:
        """Whether it certainly exists, for addresses that are known."""

    @property
    def is_negligible(self) -> bool:
        """Whether it may match too few addresses to change a verdict."""


R = TypeVar("R", bound=Prefixed)


def priority(route: Prefixed) -> tuple[int, int]:
    """The sort key that puts the most specific route first.

    Blocks that are unknown come before all others: they may be the most specific ones.
    """
    block = route.block
    longest = block.lengths[0] if block.is_known and block.lengths else block.upper.family.bits + 1
    return (-longest, route.rank)


def equally_specific(routes: tuple[R, ...]) -> Iterator[tuple[R, ...]]:
    """Groups of equally specific routes, the most specific first.

    Args:
        routes: Routes in the order of ``priority``.
    """
    for _, group in groupby(routes, key=priority):
        yield tuple(group)


def winning(routes: tuple[R, ...], family: Family) -> Iterator[tuple[R, Approximation[AddressSet]]]:
    """The addresses for which each route is the most specific one.

    Args:
        routes: Routes in the order of ``priority``.
        family: The family of their blocks.
    """
    surely = perhaps = AddressSet.nothing(family)
    for group in equally_specific(routes):
        for route in group:
            block = route.block
            if route.is_known and surely is perhaps:  # the ordinary case: all is known
                yield route, Approximation.exactly(block.lower - surely)
            else:
                own = block.lower if route.is_known else AddressSet.nothing(family)
                yield route, Approximation(own - perhaps, block.upper - surely)
        known = [route.block.lower for route in group if route.is_known]
        possible = [route.block.upper for route in group if not route.is_negligible]
        same = surely is perhaps and known == possible
        surely |= AddressSet.union(family, known)
        perhaps = surely if same else perhaps | AddressSet.union(family, possible)
