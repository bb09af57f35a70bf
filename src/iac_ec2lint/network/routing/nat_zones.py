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
from iac_ec2lint.values import Answer, Unknown, Val, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    Where it is not known what they route to, all gateways of the VPC are meant, and nothing is
    decided.
    """
    gateways: dict[str, NatGateway] = {}
    subnets: dict[str, Subnet] = {}
    gaps: dict[Unknown, None] = {}
    inside = dict(_subnets_of(graph, vpc))
    for subnet, doubtful in inside.items():
        given = condition(subnet.presence)
        own = vpc_of(graph, subnet)
        for choice in tables_of(graph, subnet):
            if choice.table is None:
                continue
            for route in table_routes(graph, choice.table, own, Family.IPV4, given):
                node = route.target.node
                causes = [*doubtful, *route.causes]
                if not choice.certain:
                    words = f"which route table {subnet.address} has is not known"
                    causes.append(Unknown(words, "may-attach", subnet.span))
                if isinstance(node, NatGateway):
                    gateways[node.address] = node
                    if not causes:
                        subnets[subnet.address] = subnet
                    gaps.update(dict.fromkeys(causes))
                elif route.target.kind in ("NAT gateway", "unknown"):
                    gaps.update(dict.fromkeys(causes))
    if gaps:
        # Others than those that are known may route to any gateway of the VPC.
        users = (edge.source for one in inside for edge in graph.sources(one, "subnet"))
        gateways |= {one.address: one for one in users if isinstance(one, NatGateway)}
        subnets |= {one.address: one for one in inside}
    if not gateways or not subnets:
        return None
    spread = ~several(map(zone_of, subnets.values())) | _are_apart(graph, [*gateways.values()])
    if gaps and spread.truth is False:
        spread = Answer(None, tuple(gaps))
    return SharedNat(
        tuple(gateways[name] for name in sorted(gateways)),
        tuple(subnets[name] for name in sorted(subnets)),
        spread,
    )


def _subnets_of(graph: Graph, vpc: Resource) -> Iterator[tuple[Subnet, tuple[Unknown, ...]]]:
    """The subnets of a VPC, and those that may be, each with what that hangs on."""
    for edge in (*graph.sources(vpc, "vpc"), *graph.unresolved("vpc")):
        if isinstance(edge.source, Subnet):
            if isinstance(edge.value, Unknown) and not edge.certain:
                yield edge.source, (edge.value,)
            else:
                yield edge.source, ()


def _are_apart(graph: Graph, gateways: list[NatGateway]) -> Answer:
    """Whether gateways are in two zones at least, or one of them is in all."""
    regional = any_of(one.availability_mode.equals("regional") for one in gateways)
    if len(gateways) == 1 and gateways[0].presence.certain:
        return regional
    zones: list[Val] = []
    for gateway in gateways:
        for edge in graph.targets(gateway, "subnet"):
            if isinstance(edge.target, Subnet | SubnetDataSource) and edge.certain:
                zones.append(zone_of(edge.target))
            else:
                zones.append(edge.value)
    return regional | several(zones)
