"""The most specific route wins, whatever is unknown of the others: held against a plain search."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.blocks import AddressBlock
from iac_ec2lint.network.vpc.longest_prefix import priority, winning
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.values import Unknown

SPAN = SourceText("x.tf", "x").span(0, 1)
GAP = Unknown("it is unknown", "variable", SPAN)
TALLEST = 4
"""The longest prefix of these tests: one address of each of the 16 blocks of that size counts."""


class Route(NamedTuple):
    """A route for a block, which may be absent."""

    first: int
    length: int
    rank: int
    certain: bool

    @property
    def block(self) -> AddressBlock:
        size = 1 << (32 - self.length)
        start = (self.first << (32 - TALLEST)) & ~(size - 1)
        addresses = AddressSet(Family.IPV4, ((start, start + size - 1),))
        return AddressBlock(addresses, addresses, (self.length,), ())

    @property
    def is_known(self) -> bool:
        return self.certain

    @property
    def is_negligible(self) -> bool:
        return False


ROUTES = st.lists(
    st.builds(
        Route,
        st.integers(0, (1 << TALLEST) - 1),
        st.integers(0, TALLEST),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda route: (route.block.upper, route.rank),
)


def probes() -> list[AddressSet]:
    """One address of each of the smallest blocks."""
    starts = (number << (32 - TALLEST) for number in range(1 << TALLEST))
    return [AddressSet(Family.IPV4, ((start, start),)) for start in starts]


def searched(routes: list[Route], address: AddressSet) -> Route | None:
    """The route that wins for an address among those that are there."""
    fitting = [route for route in routes if route.block.lower.covers(address)]
    return min(fitting, key=lambda route: (-route.length, route.rank), default=None)


@given(ROUTES)
def test_what_is_surely_won_is_won_and_what_is_won_may_be(routes: list[Route]) -> None:
    ranked = tuple(sorted(routes, key=priority))
    found = dict(winning(ranked, Family.IPV4))
    open_ = [route for route in routes if not route.certain]
    for presence in product((False, True), repeat=len(open_)):
        absent = {route for route, there in zip(open_, presence, strict=True) if not there}
        there = [route for route in routes if route not in absent]
        for address in probes():
            winner = searched(there, address)
            for route in routes:
                if route is winner:
                    assert found[route].upper.covers(address)
                else:
                    assert not found[route].lower.covers(address)


@given(ROUTES)
def test_where_all_is_known_each_address_is_won_once(routes: list[Route]) -> None:
    ranked = tuple(sorted((r._replace(certain=True) for r in routes), key=priority))
    won = [addresses for _, addresses in winning(ranked, Family.IPV4)]
    assert all(addresses.is_exact for addresses in won)
    everything = AddressSet.union(Family.IPV4, (route.block.lower for route in ranked))
    assert AddressSet.union(Family.IPV4, (addresses.lower for addresses in won)) == everything
    assert sum(addresses.lower.size for addresses in won) == everything.size


def test_an_unknown_block_may_take_from_all_others() -> None:
    class Anywhere(NamedTuple):
        block: AddressBlock
        rank: int = 0
        is_known: bool = False
        is_negligible: bool = False

    everything = AddressSet.everything(Family.IPV4)
    unknown = Anywhere(AddressBlock(AddressSet.nothing(Family.IPV4), everything, (), (GAP,)))
    default = Anywhere(AddressBlock(everything, everything, (0,), ()), is_known=True)
    ranked = tuple(sorted((default, unknown), key=priority))
    assert ranked[0] is unknown
    found = dict(winning(ranked, Family.IPV4))
    assert found[default].lower.is_empty
    assert found[default].upper.is_everything
