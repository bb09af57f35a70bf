"""Which VPCs may exchange traffic: joined by peering, a transit gateway or a core network.

An over-approximation: ``network.routing.crossings`` decides on each pair.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.graph import Implicit
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.vpc.subnets import is_default_vpc
from iac_ec2lint.resources.peering import VpcPeeringConnection
from iac_ec2lint.resources.route import RouteTable, SeparateRoute
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayAttachment,
    TransitGatewayPeeringAttachment,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

VpcKey = str
"""Identifies a VPC: its address; empty for the default one, which has several nodes."""

_UNKNOWN: VpcKey = "?"
"""In place of a VPC that is unknown, which may be any."""


class Neighbours(NamedTuple):
    """The VPCs that a VPC may exchange traffic with.

    Attributes:
        of: The keys of its neighbours, by the key of a VPC.
        anywhere: The keys of VPCs with a connection to an unknown VPC, which may be any.
    """

    of: dict[VpcKey, frozenset[VpcKey]]
    anywhere: frozenset[VpcKey]

    def reach(self, vpc: VpcKey, every: Iterable[VpcKey]) -> frozenset[VpcKey]:
        """The VPCs of ``every`` that one may exchange traffic with, itself included."""
        if vpc in self.anywhere or vpc == _UNKNOWN:
            return frozenset(every)
        unknown = {_UNKNOWN}.intersection(every)
        return self.of.get(vpc, frozenset()) | self.anywhere | {vpc} | unknown


def vpc_key(vpc: Resource | None) -> VpcKey:
    """The key of a VPC; all unknown ones have one."""
    if vpc is None:
        return _UNKNOWN
    return "" if is_default_vpc(vpc) else vpc.address


@remembered
def neighbours(graph: Graph) -> Neighbours:
    """The VPCs that may exchange traffic; computed once."""
    return _neighbours(graph)


def _neighbours(graph: Graph) -> Neighbours:
    pairs: list[set[Resource | None]] = [
        {edge.target for edge in graph.targets(connection, "vpc", "peer_vpc")}
        for connection in graph.all(VpcPeeringConnection)
    ]
    pairs += _clusters(graph)
    pairs += _at_core_networks(graph)
    links: dict[VpcKey, set[VpcKey]] = defaultdict(set)
    anywhere: set[VpcKey] = set()
    for vpcs in pairs:
        keys = {vpc_key(vpc) for vpc in vpcs if vpc is not None}
        if None in vpcs:
            anywhere |= keys
        for key in keys:
            links[key] |= keys
    return Neighbours({key: frozenset(to) for key, to in links.items()}, frozenset(anywhere))


def _clusters(graph: Graph) -> list[set[Resource | None]]:
    """The VPCs at each transit gateway; at gateways that are peered, and unknown ones, together."""
    at: dict[Resource | None, set[Resource | None]] = defaultdict(set)
    for attachment in graph.all(TransitGatewayAttachment):
        vpcs = {edge.target for edge in graph.targets(attachment, "vpc")}
        for edge in graph.targets(attachment, "transit_gateway"):
            at[edge.target] |= vpcs
    for peering in graph.all(TransitGatewayPeeringAttachment):
        ends = [e.target for e in graph.targets(peering, "transit_gateway", "peer_transit_gateway")]
        joined: set[Resource | None] = set().union(*(at[end] for end in ends))
        for end in ends:
            at[end] = joined
    return list(at.values())


def _at_core_networks(graph: Graph) -> list[set[Resource | None]]:
    """The VPCs whose routes lead to each core network of Cloud WAN; what joins them is not read."""
    at: dict[Resource | None, set[Resource | None]] = defaultdict(set)
    for route in graph.all(SeparateRoute, RouteTable):
        for edge in graph.targets(route, "core_network"):
            tables = [route]
            if isinstance(route, SeparateRoute):
                tables = [to.target for to in graph.targets(route, "route_table") if to.target]
            for table in tables:
                owner = table.owner if isinstance(table, Implicit) else None
                at[edge.target] |= (
                    {owner} if owner else {to.target for to in graph.targets(table, "vpc")}
                )
    return list(at.values())
