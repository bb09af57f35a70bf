"""The public ranges that are the organisation's own, as far as somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.sets.addresses import AddressSet, parse_cidr

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.sets.addresses import Family


@remembered
def own_ranges(graph: Graph, family: Family) -> AddressSet:
    """The addresses from which nobody else comes: they are no part of the internet.

    They are not private ones either: what is asked of inner ranges is not asked of them.

    Args:
        graph: The graph.
        family: The address family.
    """
    blocks = [parse_cidr(one.text) for one in graph.unit.known.ranges]
    own = (block.addresses for block in blocks if block is not None and block.family is family)
    return AddressSet.union(family, own)
