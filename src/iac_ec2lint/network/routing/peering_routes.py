"""Routes over peering connections, and how they compare with what is at the other end.

Source: VPC Peering Guide, "Update your route tables for a VPC peering connection".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.sets.addresses import AddressSet, Family, parse_cidr
from iac_ec2lint.network.sets.blocks import AddressBlock, read_block
from iac_ec2lint.network.vpc.peerings import connection_of
from iac_ec2lint.network.vpc.prefix_lists import listed_blocks
from iac_ec2lint.network.vpc.subnets import certain_vpc, same_vpc, vpc_addresses
from iac_ec2lint.resources.peering import VpcPeeringConnection
from iac_ec2lint.resources.prefix_list import PrefixList
from iac_ec2lint.resources.route import RouteTable, SeparateRoute
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Reference,
    Unknown,
    references_of,
)
from iac_ec2lint.values.inputs import input_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.resources.route import Route
    from iac_ec2lint.values import Val


class PeeringRoute(NamedTuple):
    """A destination that is routed to a peering connection.

    Attributes:
        resource: What declares the route: a table, or itself.
        place: Where the destination is written.
        connection: The reference to the connection.
        is_everything: Whether it is the destination of all addresses.
        covers_peer: Whether it contains a whole block of the peer, or is one.
        exceeds_peer: Whether it contains addresses that are none of the peer's.
    """

    resource: Resource
    place: Place
    connection: Edge
    is_everything: bool
    covers_peer: Answer
    exceeds_peer: Answer


def peering_routes(graph: Graph) -> Iterator[PeeringRoute]:
    """The destinations that are routed to peering connections, of all tables."""
    for table in graph.all(RouteTable):
        vpc = certain_vpc(graph, table)
        for route in table.routes:
            yield from _of_route(graph, table, route, vpc)
    for separate in graph.all(SeparateRoute):
        edges = graph.targets(separate, "route_table")
        table_node = edges[0].target if len(edges) == 1 and edges[0].certain else None
        own = table_node.owner if isinstance(table_node, Implicit) else None
        if isinstance(table_node, RouteTable):
            own = certain_vpc(graph, table_node)
        yield from _of_route(graph, separate, separate, own)


def _of_route(
    graph: Graph, resource: Resource, route: Route, vpc: Resource | None
) -> Iterator[PeeringRoute]:
    for edge in graph.follow(resource, route, "peering_connection"):
        peers = _peers(graph, edge.target, vpc)
        for family in Family:
            for place, value, block in _destinations(graph, resource, route, family):
                covers, exceeds = _compared(graph, value, block, peers, family)
                yield PeeringRoute(
                    resource, place, edge, block.lower.is_everything, covers, exceeds
                )


def _destinations(
    graph: Graph, resource: Resource, route: Route, family: Family
) -> Iterator[tuple[Place, Val, AddressBlock]]:
    name = "cidr_block" if family is Family.IPV4 else "ipv6_cidr_block"
    written: Val | None = getattr(route, name)
    if written is not None and not written.is_null and written.text != "":
        yield route.place(name), written, read_block(written, family)
    for edge in graph.follow(resource, route, "prefix_list"):
        if isinstance(edge.target, PrefixList):
            place = route.place("prefix_list", edge.value)
            for listed in listed_blocks(graph, edge.target, family):
                if listed.entry.cidr is not None:
                    yield place, listed.entry.cidr, listed.block


def _peers(graph: Graph, named: Resource | None, vpc: Resource | None) -> tuple[Resource, ...]:
    """The VPCs that may be at the other end: one, where it is known which end a table is at."""
    connection = connection_of(graph, named) if named is not None else None
    if not isinstance(connection, VpcPeeringConnection):
        return ()
    ends = [
        edge.target if edge.certain else None
        for name in ("vpc", "peer_vpc")
        for edge in graph.targets(connection, name)
    ]
    near = same_vpc(graph, vpc) if vpc is not None else ()
    others = [end for end in ends if end is None or end not in near]
    if None in others or (vpc is not None and len(others) > 1 and len(ends) > 1):
        return ()
    return tuple(end for end in others if end is not None)


def _compared(
    graph: Graph, value: Val, block: AddressBlock, peers: tuple[Resource, ...], family: Family
) -> tuple[Answer, Answer]:
    """Whether a destination covers a block of the peer, and whether it exceeds what the peer has.

    Where nobody knows which VPC is the peer, both must be so for each that may be.
    """
    if block.lower.is_everything:
        return YES, YES
    peer = Unknown(
        "which VPC is at the other end of the peering connection is not known",
        "external-id",
        value.span,
    )
    gap = Answer(None, block.causes or ((value,) if isinstance(value, Unknown) else (peer,)))
    if not peers:
        return gap, gap
    found = [_with_one(graph, value, block, peer, family) for peer in peers]
    if len({(covers.truth, exceeds.truth) for covers, exceeds in found}) > 1:
        return gap, gap
    return found[0]


def _with_one(
    graph: Graph, value: Val, block: AddressBlock, peer: Resource, family: Family
) -> tuple[Answer, Answer]:
    if _is_own_block(value, peer):
        return YES, NO
    if any(reference.target == peer.address for reference in references_of(value)):
        return Answer(None, block.causes), NO  # a part of the peer's block, or all of it
    if not block.is_known and block.upper.is_everything:
        return Answer(None, block.causes), Answer(None, block.causes)
    addresses = vpc_addresses(graph, peer, family)
    words = f"the address ranges of {peer.address} are not in the source"
    gaps = block.causes or (Unknown(words, "external-id", peer.span),)
    blocks = [_block(text, family) for text in addresses.lower.cidrs()]
    covers = Answer(None, gaps)
    if block.is_known and any(not own - block.lower for own in blocks):
        covers = YES
    elif addresses.is_exact and (
        block.is_known or not any(own.overlaps(block.upper) for own in blocks)
    ):
        covers = NO
    exceeds = Answer(None, gaps)
    if block.lower - addresses.upper:
        exceeds = YES
    elif addresses.is_exact and not block.upper - addresses.lower:
        exceeds = NO
    return covers, exceeds


def _block(text: str, family: Family) -> AddressSet:
    parsed = parse_cidr(text)
    return parsed.addresses if parsed is not None else AddressSet.nothing(family)


def _is_own_block(value: Val, peer: Resource) -> bool:
    """Whether a destination is the peer's block, whatever that comes to."""
    if isinstance(value, Reference):
        return value.target == peer.address and "cidr" in value.attribute.lower()
    if not isinstance(peer, Vpc):
        return False
    named = input_of(value)
    own = (peer.cidr_block, peer.ipv6_cidr_block)
    return named is not None and any(one is not None and input_of(one) == named for one in own)
