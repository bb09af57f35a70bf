"""What of a graph somebody asks about: what lies around a resource, what a finding touches."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.answers.drawing.model import INTERNET, REACHES, DrawnSection
from iac_ec2lint.declaration import address_matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_CROSSROADS = frozenset({"aws_vpc", "aws_default_vpc", "data.aws_vpc", "AWS::EC2::VPC"})
"""Types that everything refers to: what lies beyond them is not around."""


class Selection(NamedTuple):
    """What is asked for.

    Attributes:
        addresses: Addresses of resources, without a key all instances, of a module all in it.
        depth: How many references away things still count.
        also: Addresses that count too; what lies around them does not.
    """

    addresses: tuple[str, ...]
    depth: int
    also: tuple[str, ...] = ()


def matched(section: DrawnSection, asked: Iterable[str]) -> set[str]:
    """Those of the addresses asked for that mean something in a section."""
    return {
        one for one in asked if any(address_matches(one, node.address) for node in section.nodes)
    }


def around(section: DrawnSection, wanted: Sequence[Selection]) -> set[str]:
    """The addresses of what is asked for and lies around that.

    What the internet reaches, or reaches others through, brings the way in with it.
    """
    chosen: set[str] = set()
    for one in wanted:
        chosen |= _around(section, one)
    return chosen


def narrow(section: DrawnSection, chosen: Collection[str]) -> DrawnSection:
    """A section with some of its nodes, and the edges between them."""
    return section._replace(
        nodes=tuple(node for node in section.nodes if node.address in chosen),
        edges=tuple(
            edge for edge in section.edges if edge.source in chosen and edge.target in chosen
        ),
    )


def _around(section: DrawnSection, wanted: Selection) -> set[str]:
    types = {node.address: node.type for node in section.nodes}
    starts = {a for a in types if any(address_matches(one, a) for one in wanted.addresses)}
    neighbours: dict[str, set[str]] = defaultdict(set)
    for edge in section.edges:
        if edge.relation != REACHES:
            neighbours[edge.source].add(edge.target)
            neighbours[edge.target].add(edge.source)
    found = set(starts)
    border = starts
    for _ in range(wanted.depth):
        passed = {a for a in border if a in starts or types.get(a) not in _CROSSROADS}
        border = {near for address in passed for near in neighbours[address]} - found
        if not border:
            break
        found |= border
    found |= {address for address in wanted.also if address in types}
    for edge in section.edges:
        ends = {edge.source, edge.target, *edge.through} if edge.relation == REACHES else set()
        if INTERNET in starts or not starts.isdisjoint(ends):
            found |= ends & types.keys()
    return _with_ways(section, found)


def _with_ways(section: DrawnSection, found: set[str]) -> set[str]:
    """The same with the load balancers and the internet that traffic to them comes from."""
    import networkx as nx  # imported where a graph is there already

    reaches = [(e.source, e.target) for e in section.edges if e.relation == REACHES]
    ways: nx.DiGraph[str] = nx.DiGraph(reaches)
    sources = (nx.ancestors(ways, address) for address in found if address in ways)
    return found.union(*sources)
