"""Default routes to internet gateways, and which tables are main ones.

Source: VPC User Guide, "Route table concepts"; semantics.md, B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.routing.route_targets import resolve_target
from iac_ec2lint.network.sets.addresses import Family, Openness, openness
from iac_ec2lint.network.sets.blocks import read_block
from iac_ec2lint.network.verdicts.conditional_presence import condition, doubts
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.vpc.subnets import certain_vpc
from iac_ec2lint.resources.route import MainRouteTableAssociation, RouteTable, SeparateRoute
from iac_ec2lint.values import NO, YES, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.resources.route import Route


class GatewayRoute(NamedTuple):
    """A route that sends everything to an internet gateway, or may.

    Attributes:
        table: Its table; ``None`` where that is unknown.
        resource: What declares it: the table, or itself.
        place: Where its gateway is written.
        answer: Whether it is such a route, where it is there.
    """

    table: Resource | None
    resource: Resource
    place: Place
    answer: Answer


@remembered
def gateway_routes(graph: Graph) -> tuple[GatewayRoute, ...]:
    """The default routes to internet gateways of all tables, one for each route."""
    found: dict[tuple[Resource, str], GatewayRoute] = {}
    for table, resource, route, whose in _routes(graph):
        for family in Family:
            answer = whose & _leads_out(graph, table, resource, route, family)
            key = (resource, route.path)
            if answer.may_be_true and (key not in found or found[key].answer.truth is None):
                found[key] = GatewayRoute(table, resource, route.place("gateway"), answer)
    return tuple(found.values())


@remembered
def main_tables(graph: Graph) -> dict[Resource, Hop]:
    """The route tables that are, or may be, the main one of a VPC, and what says so."""
    found: dict[Resource, Hop] = {}
    for table in graph.all(RouteTable):
        if table.is_default:
            fact = f"{table.address} is the main route table of a VPC"
            found[table] = Hop("route table", table, table.span, fact)
    for route in graph.all(SeparateRoute):
        for edge in graph.targets(route, "route_table"):
            if isinstance(edge.target, Implicit):
                fact = f"{edge.target.address} is the main route table"
                found[edge.target] = Hop("route table", route, edge.value.span, fact)
    for association in graph.all(MainRouteTableAssociation):
        for edge in graph.targets(association, "route_table"):
            if edge.target is not None:
                fact = f"{association.address} makes it the main route table"
                hop = Hop("route table", association, edge.value.span, fact)
                causes = doubts(edge, association, given=condition(edge.target.presence))
                found[edge.target] = hop.in_doubt(*causes) if causes else hop
    return found


def _routes(graph: Graph) -> Iterator[tuple[Resource | None, Resource, Route, Answer]]:
    """All routes: the table, what declares it, and whether it is that table's."""
    for table in graph.all(RouteTable):
        for route in table.routes:
            yield table, table, route, YES
    for separate in graph.all(SeparateRoute):
        edges = graph.targets(separate, "route_table")
        for edge in edges:
            yield edge.target, separate, separate, _is_the(edge)


def _is_the(edge: Edge) -> Answer:
    return YES if edge.target is None else edge.answer


def _leads_out(
    graph: Graph, table: Resource | None, resource: Resource, route: Route, family: Family
) -> Answer:
    """Whether a route sends everything to an internet gateway."""
    written = route.cidr_block if family is Family.IPV4 else route.ipv6_cidr_block
    if written is None or written.is_null or written.text == "":
        return NO
    block = read_block(written, family)
    if openness(block.upper) is not Openness.WORLD:
        return NO
    everything = YES
    if openness(block.lower) is not Openness.WORLD:
        everything = Answer(None, block.causes)
    vpc = certain_vpc(graph, table) if isinstance(table, RouteTable) else None
    if isinstance(table, Implicit):
        vpc = table.owner
    aim = resolve_target(graph, resource, route, vpc, condition(resource.presence))
    if aim.target.kind == "unknown":
        return everything & Answer(None, aim.causes)
    if aim.target.kind != "internet gateway":
        return NO
    # AWS refuses a route to a gateway that is not attached, so nobody needs to know that it is.
    known = {cause for hop in aim.attachment for cause in hop.causes}
    known.update(p.cause for p in (route.presence, resource.presence) if p.cause is not None)
    gaps = tuple(cause for cause in aim.causes if cause not in known)
    return everything & Answer(None if gaps else True, gaps)
