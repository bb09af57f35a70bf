"""Which private subnets reach the internet through NAT gateways of one Availability Zone.

Source: VPC User Guide, "NAT gateway basics": a gateway is made in one zone, and those that share it
lose the internet with that zone; a regional one is in all zones of its subnets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.upkeep.zones import several, zone_of
from iac_ec2lint.network.routing.routes import table_routes
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.conditional_presence import condition
from iac_ec2lint.network.vpc.route_tables import tables_of
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.data_source import SubnetDataSource
from iac_ec2lint.resources.gateway import NatGateway
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.values import NO, Answer

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource


class SharedNat(NamedTuple):
    """The NAT gateways of a VPC, and the subnets that route to them.

    Attributes:
        gateways: The gateways, by address.
        subnets: The subnets, by address.
        spread: Whether the gateways are in two zones at least, or the subnets are in one only.
    """

    gateways: tuple[NatGateway, ...]
    subnets: tuple[Subnet, ...]
    spread: Answer


def shared_nat(graph: Graph, vpc: Resource) -> SharedNat | None:
    """The NAT gateways that a VPC's subnets route to; ``None`` where they route to none.

    A gateway that may not be there, and a route that may lead elsewhere, are left out: then there
    may be more of them.
    """
    gateways: dict[str, NatGateway] = {}
    subnets: dict[str, Subnet] = {}
    for subnet in (edge.source for edge in graph.sources(vpc, "vpc") if edge.certain):
        if not isinstance(subnet, Subnet):
            continue
        for choice in tables_of(graph, subnet):
            if choice.table is None:
                continue
            own = vpc_of(graph, subnet)
            given = condition(subnet.presence)
            for route in table_routes(graph, choice.table, own, Family.IPV4, given):
                node = route.target.node
                if isinstance(node, NatGateway):
                    gateways[node.address] = node
                    if choice.certain and route.is_known:
                        subnets[subnet.address] = subnet
    if not gateways or not subnets:
        return None
    apart = several(map(zone_of, subnets.values()))
    zones = []
    regional = NO
    for gateway in gateways.values():
        regional |= gateway.availability_mode.equals("regional")
        edges = graph.targets(gateway, "subnet")
        for edge in edges:
            if isinstance(edge.target, Subnet | SubnetDataSource) and edge.certain:
                zones.append(zone_of(edge.target))
            else:
                zones.append(edge.value)
    spread = ~apart | regional
    alone = len(gateways) == 1 and all(one.presence.certain for one in gateways.values())
    spread |= NO if alone else several(zones)
    return SharedNat(
        tuple(gateways[name] for name in sorted(gateways)),
        tuple(subnets[name] for name in sorted(subnets)),
        spread,
    )
