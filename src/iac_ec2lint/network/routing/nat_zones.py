"""Which private subnets reach the internet through NAT gateways of one Availability Zone.

Source: VPC User Guide, "NAT gateway basics": a gateway is made in one zone, and those that share it
lose the internet with that zone; a regional one is in all zones of its subnets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.upkeep.zones import several, zone_of
from iac_ec2lint.network.routing.routes import TableRoute, table_routes
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.conditional_presence import condition
from iac_ec2lint.network.vpc.route_tables import tables_of
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.data_source import SubnetDataSource
from iac_ec2lint.resources.gateway import NatGateway
from iac_ec2lint.resources.route import RouteTable, RouteTableAssociation
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import YES, Answer, Unknown, Val, address_in_module, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource


_BY_OWN_KEY: Final = regular_expression(
    r"(?:\$\{)?aws(?:cc)?_\w+\.[\w-]+\[\s*(?:each\.key|count\.index)\s*\](?:\.\w+)?\}?"
)
"""An instance of a resource, and not what a local value or a module has under that key."""


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
    paired = True
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
                    paired = paired and not causes and _is_paired(graph, subnet, route, node)
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
    if paired and not gaps:
        return SharedNat(tuple(gateways.values()), tuple(subnets.values()), YES)
    spread = ~several(map(zone_of, subnets.values())) | _are_apart(graph, [*gateways.values()])
    if gaps and spread.truth is False:
        spread = Answer(None, tuple(gaps))
    return SharedNat(
        tuple(gateways[name] for name in sorted(gateways)),
        tuple(subnets[name] for name in sorted(subnets)),
        spread,
    )


def _is_paired(graph: Graph, subnet: Subnet, route: TableRoute, gateway: NatGateway) -> bool:
    """Whether each instance of a subnet routes to a gateway of its own key, in its own zone.

    All are repeated by one thing that is not known and refer to one another by its keys, and the
    zones of the subnet and of the gateway's are read from it alike: ``each.key``.
    """
    key = subnet.presence.key
    if not key or not key == gateway.presence.key == route.table.presence.key:
        return False
    associations = [
        edge.source
        for edge in graph.sources(subnet, "subnet")
        if isinstance(edge.source, RouteTableAssociation)
    ]
    links = [
        *(
            e
            for e in graph.targets(route.resource)
            if isinstance(e.target, RouteTable | NatGateway)
        ),
        *(edge for one in associations for edge in graph.targets(one, "route_table", "subnet")),
        *graph.targets(gateway, "subnet"),
    ]
    if not associations or not all(_is_by_key(edge.value) for edge in links):
        return False
    repeated = {_repetition(one) for one in (subnet, gateway, route.table, route.resource)}
    repeated.update(map(_repetition, associations))
    repeated.update(_repetition(e.target) for e in links if isinstance(e.target, Subnet))
    if len(repeated) > 1 or not all(written for written, _ in repeated):
        return False  # what has one key may be another's
    zone = zone_of(subnet)
    for edge in graph.targets(gateway, "subnet"):
        own = edge.target
        if not isinstance(own, Subnet) or not edge.certain or own.presence.key != key:
            return False
        other = zone_of(own)
        if not isinstance(zone, Unknown) or not isinstance(other, Unknown):
            return False
        if zone.cause == "computed" or other.reason != zone.reason:
            return False
        if other.span.text != zone.span.text:
            return False
    return True


def _is_by_key(value: Val) -> bool:
    """Whether a reference is to the instance with the key of what has it, and to no other."""
    return _BY_OWN_KEY.fullmatch(value.span.text) is not None


def _repetition(resource: Resource) -> tuple[str, str]:
    """What repeats a resource, as it is written, and the module that it is in."""
    section = resource.layers[0].section
    found = section.entry("for_each") or section.entry("count")
    module = resource.address.removesuffix(address_in_module(resource.address))
    return ("" if found is None else "".join(found.code.split()), module)


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
