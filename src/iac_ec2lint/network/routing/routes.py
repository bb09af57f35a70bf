"""The routes of a route table: which addresses each is for, and where it leads.

Source: VPC User Guide, "Route tables", "Route priority" and "Managed prefix lists"; semantics.md,
B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.graph.other_units import filled_elsewhere, filling_unit
from iac_ec2lint.network.routing.route_targets import RouteTarget, resolve_target
from iac_ec2lint.network.sets.addresses import AddressSet, Family, internet
from iac_ec2lint.network.sets.blocks import AddressBlock, read_block
from iac_ec2lint.network.verdicts.conditional_presence import (
    Condition,
    conditions,
    doubts,
    part_doubt,
)
from iac_ec2lint.network.vpc.gateways import default_gateway
from iac_ec2lint.network.vpc.prefix_lists import is_aws_managed, listed_blocks
from iac_ec2lint.network.vpc.route_tables import may_have_more_routes
from iac_ec2lint.network.vpc.subnets import as_created, certain_vpc, is_default_vpc, vpc_addresses
from iac_ec2lint.resources.gateway import InternetGateway, NatGateway, VpnGateway
from iac_ec2lint.resources.network_firewall import NetworkFirewall, NetworkFirewallEndpoint
from iac_ec2lint.resources.prefix_list import PrefixList
from iac_ec2lint.resources.route import Route, RouteTable, SeparateRoute
from iac_ec2lint.values import Step, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span

LOCAL: Final = -1
STATIC: Final = 0
LISTED: Final = 1
PROPAGATED: Final = 2
AS_CREATED: Final = 3
"""Ranks of routes with equally long prefixes; the smaller one wins."""

SMALL: Final = {Family.IPV4: 1 << 16, Family.IPV6: 1 << 84}
"""An IPv4 /16 and an IPv6 /44, the largest blocks that a VPC has. An unknown block of that size is
not counted against a route: it is too small to change whether something is world or broad."""


class TableRoute(NamedTuple):
    """One destination of one route of a table.

    Attributes:
        table: The table.
        resource: The resource that declares the route: the table, or its own.
        span: Where it is written.
        attribute: Its path in that resource.
        destination: The destination in words: ``0.0.0.0/0``, a prefix list.
        block: The destination addresses.
        target: Where they are sent.
        causes: The unknowns that its existence and its target depend on.
        assumptions: The assumptions that it rests on.
        attachment: The evidence whether its target, a gateway, is attached to the VPC.
        rank: Which of equally long prefixes wins: ``LOCAL`` before ``STATIC`` before ``LISTED`` in
            a prefix list before ``PROPAGATED`` before the default VPC's own.
        is_more: Whether it stands for what a third unit may add to those that are written, of which
            it takes nothing: that would hide what is open.
    """

    table: Resource
    resource: Resource
    span: Span
    attribute: str
    destination: str
    block: AddressBlock
    target: RouteTarget
    causes: tuple[Unknown, ...] = ()
    assumptions: tuple[Step, ...] = ()
    attachment: tuple[Hop, ...] = ()
    rank: int = STATIC
    is_more: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it certainly exists, for addresses that are known."""
        return not self.causes and self.block.is_known

    @property
    def is_negligible(self) -> bool:
        """Whether it may match too few addresses to change a verdict."""
        if self.is_more or self.rank == PROPAGATED:
            return True  # the latter: ranges behind a gateway, of which none is on the internet
        if self.block.is_known:
            return False
        # A peering connection delivers to the blocks of one VPC, and drops all else.
        peered = self.target.kind == "peering connection"
        return peered or self.block.most <= SMALL[self.block.upper.family]

    @property
    def words(self) -> str:
        """The route, in words for messages."""
        kind, node = self.target.kind, self.target.node
        where = {
            "local": "the VPC itself",
            "unknown": "a target that is unknown",
            "nothing": "nothing",
        }.get(kind, f"the {kind}")
        if node is not None:
            # What AWS makes is called by what it is: "the internet gateway of ...".
            named = kind in {"unknown", "nothing"} or node.address.startswith(where)
            firewall = isinstance(node, NetworkFirewall | NetworkFirewallEndpoint)
            where = node.address if named else f"{where} {'of ' * firewall}{node.address}"
        return f"{self.table.address} routes {self.destination} to {where}"


def table_routes(
    graph: Graph, table: Resource, vpc: Resource | None, family: Family, given: Condition
) -> Iterator[TableRoute]:
    """The routes of a table that are written or that AWS makes, in no order.

    Those of gateway endpoints are not among them: they lead to S3 and DynamoDB alone.

    Args:
        graph: The graph.
        table: The table.
        vpc: The VPC that it is used in; ``None`` where unknown.
        family: The address family.
        given: The condition of the subnet, which is assumed to exist.
    """
    reader = _Reader(graph, table, vpc, family, given)
    static = list(_static(reader))
    yield from static
    yield from _propagated(reader)
    yield from _learned(reader, static)
    yield from _local(reader)
    if is_default_vpc(vpc) and isinstance(table, Implicit):
        if family is Family.IPV4:
            yield _as_created(graph, table, vpc, family)
    elif may_have_more_routes(graph, table):
        yield _elsewhere(graph, table, family)
    elif filling_unit(graph, table, SeparateRoute):
        yield _elsewhere(graph, table, family)._replace(is_more=True)


def _static(reader: _Reader) -> Iterator[TableRoute]:
    """The routes that are written."""
    graph, table, given = reader.graph, reader.table, reader.given
    if isinstance(table, RouteTable):
        for route in table.routes:
            cause = part_doubt(table, route, given)
            yield from _read(reader, table, route, () if cause is None else (cause,))
    for edge in graph.sources(table, "route_table"):
        if isinstance(edge.source, SeparateRoute):
            causes = doubts(edge, edge.source, given=given)
            yield from _read(reader, edge.source, edge.source, causes)
    for edge in graph.unresolved("route_table"):
        if isinstance(edge.source, SeparateRoute):
            yield from _loose(reader, edge, edge.source)


class _Reader(NamedTuple):
    """The context in which all routes of one table are read."""

    graph: Graph
    table: Resource
    vpc: Resource | None
    family: Family
    given: Condition


def _read(
    reader: _Reader, resource: Resource, route: Route, causes: tuple[Unknown, ...]
) -> Iterator[TableRoute]:
    """One route for each of its destinations of the family."""
    destinations = list(_destinations(reader, resource, route))
    if not destinations:
        return
    aim = resolve_target(reader.graph, resource, route, reader.vpc, reader.given)
    separate = isinstance(route, SeparateRoute)
    for words, block, doubtful, assumptions, rank in destinations:
        yield TableRoute(
            reader.table,
            resource,
            route.span,
            "" if separate else route.path,
            words,
            block,
            aim.target,
            tuple(dict.fromkeys((*causes, *aim.causes, *doubtful))),
            assumptions,
            aim.attachment,
            rank,
        )


_Destination = tuple[str, AddressBlock, tuple[Unknown, ...], tuple[Step, ...], int]


def _destinations(reader: _Reader, resource: Resource, route: Route) -> Iterator[_Destination]:
    family = reader.family
    written = route.cidr_block if family is Family.IPV4 else route.ipv6_cidr_block
    if written is not None and not written.is_null and written.text != "":
        block = read_block(written, family)
        words = written.text or f"a block that is unknown ({conditions(block.causes)})"
        assumptions = tuple(step for step in written.via if step.assumed)
        yield words, block, (), assumptions, STATIC
    for edge in reader.graph.follow(resource, route, "prefix_list"):
        if is_aws_managed(edge):
            continue  # addresses of AWS's own services: no clients
        if not isinstance(edge.target, PrefixList):
            words = "a prefix list that is not in the source"
            cause = edge.value
            if not isinstance(cause, Unknown) or edge.target is not None:
                cause = Unknown(words, "external-id", edge.value.span, edge.value.via)
            nothing = AddressSet.nothing(family)
            everything = AddressSet.everything(family)
            yield words, AddressBlock(nothing, everything, (), (cause,)), (), (), LISTED
            continue
        for entry, block, cause_ in listed_blocks(reader.graph, edge.target, family):
            doubtful = () if cause_ is None else (cause_,)
            text = entry.cidr.text if entry.cidr is not None else None
            words = f"{text or 'an unknown block'} of {edge.target.address}"
            yield words, block, (*doubtful, *doubts(edge, given=reader.given)), (), LISTED


def _loose(reader: _Reader, edge: Edge, route: SeparateRoute) -> Iterator[TableRoute]:
    """A route whose table is unknown, where it may be this table's."""
    for onward in (
        one for name in ("gateway", "nat_gateway") for one in reader.graph.targets(route, name)
    ):
        other = _vpc_of_target(reader.graph, onward.target)
        if other is not None and reader.vpc is not None and other is not reader.vpc:
            return
    reason = edge.value.reason if isinstance(edge.value, Unknown) else "its table is unknown"
    words = f"{route.address} may be a route of {reader.table.address}: {reason}"
    cause = Unknown(words, "may-attach", edge.value.span, edge.value.via)
    yield from _read(reader, route, route, (cause,))


def _vpc_of_target(graph: Graph, node: Resource | None) -> Resource | None:
    if isinstance(node, NatGateway):
        edges = graph.targets(node, "subnet")
        subnet = edges[0].target if len(edges) == 1 and edges[0].certain else None
        return certain_vpc(graph, subnet) if subnet is not None else None
    return certain_vpc(graph, node) if isinstance(node, InternetGateway | VpnGateway) else None


def _propagated(reader: _Reader) -> Iterator[TableRoute]:
    """What a virtual private gateway announces: ranges behind it, never the internet."""
    graph, table, family = reader.graph, reader.table, reader.family
    edges: list[tuple[Edge, Resource | None]] = [
        (edge, edge.target) for edge in graph.targets(table, "propagating_gateways")
    ]
    for edge in graph.sources(table, "route_tables"):
        onward = graph.targets(edge.source, "propagating_gateway")
        edges.extend((edge, one.target) for one in onward)
    for edge, gateway in edges:
        words = "the ranges behind it are not in the source"
        cause = Unknown(words, "external-id", edge.value.span, edge.value.via)
        block = AddressBlock(AddressSet.nothing(family), ~internet(family), (), (cause,))
        target = RouteTarget("virtual private gateway", gateway, edge.certain)
        yield TableRoute(
            table,
            edge.source,
            edge.value.span,
            "",
            "what its gateway announces",
            block,
            target,
            rank=PROPAGATED,
        )


def _learned(reader: _Reader, static: list[TableRoute]) -> Iterator[TableRoute]:
    """What appliances announce: any range, through one of them.

    Where a route that is written covers the internet, a learned one for less of it changes little.
    """
    table, family = reader.table, reader.family
    for edge in reader.graph.sources(table, "learning_table"):
        words = f"what {table.address} learns from a route server is not in the source"
        cause = Unknown(words, "external-id", edge.source.span)
        written = AddressSet.nothing(family)
        for route in static:
            written |= route.block.lower
        covered = (internet(family) - written).is_empty
        upper = ~internet(family) if covered else AddressSet.everything(family)
        block = AddressBlock(AddressSet.nothing(family), upper, (), (cause,))
        target = RouteTarget("unknown", None, certain=False)
        yield TableRoute(
            table, edge.source, edge.source.span, "", "ranges that it learns", block, target
        )


LOCAL_LENGTHS: Final = {Family.IPV4: 16, Family.IPV6: 44}
"""The shortest prefix of a block that a VPC can have (VPC User Guide, "VPC CIDR blocks")."""


def _local(reader: _Reader) -> Iterator[TableRoute]:
    """The routes within the VPC, which every table has."""
    table, vpc, family = reader.table, reader.vpc, reader.family
    if vpc is None:
        return
    target = RouteTarget("local", None, certain=True)
    addresses = vpc_addresses(reader.graph, vpc, family)
    for text in addresses.lower.cidrs():
        block = read_block(Value(text, vpc.span, implied=True), family)
        yield TableRoute(table, vpc, vpc.span, "", text, block, target, rank=LOCAL)
    if not addresses.is_exact:
        words = f"the ranges of {vpc.address} are not all in the source"
        cause = Unknown(words, "external-id", vpc.span)
        nothing = AddressSet.nothing(family)
        block = AddressBlock(nothing, addresses.upper, (LOCAL_LENGTHS[family],), (cause,))
        words = "ranges that are unknown"
        yield TableRoute(table, vpc, vpc.span, "", words, block, target, rank=LOCAL)


def _as_created(graph: Graph, table: Resource, vpc: Resource, family: Family) -> TableRoute:
    """The route to the internet in the main table of the default VPC."""
    everywhere = AddressSet.everything(family)
    target = RouteTarget("internet gateway", default_gateway(graph, vpc), certain=True)
    step = as_created(vpc.span)
    block = AddressBlock(everywhere, everywhere, (0,), ())
    # Last among equals: a route that is written replaces it.
    return TableRoute(
        table, vpc, vpc.span, "", "0.0.0.0/0", block, target, assumptions=(step,), rank=AS_CREATED
    )


def _elsewhere(graph: Graph, table: Resource, family: Family) -> TableRoute:
    """What a table that is declared elsewhere may have besides what is written here."""
    if isinstance(table, RouteTable):
        by = filling_unit(graph, table, SeparateRoute)
        cause = filled_elsewhere(graph, table, "routes", by)
    else:
        words = f"the routes of {table.address} are not in the source"
        cause = Unknown(words, "external-id", table.span)
    block = AddressBlock(AddressSet.nothing(family), AddressSet.everything(family), (), (cause,))
    target = RouteTarget("unknown", None, certain=False)
    return TableRoute(
        table, table, table.span, "", "addresses that are unknown", block, target, (cause,)
    )
