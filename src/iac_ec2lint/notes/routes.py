"""Routes that AWS refuses, or that Terraform removes again.

Source: EC2 API reference, CreateRoute ("route table and network gateway belong to different
networks", RouteAlreadyExists); the AWS provider's aws_route_table ("NOTE on Route Tables and
Routes"); semantics.md, B3 and B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.check import Remark
from iac_ec2lint.network.sets.addresses import parse_cidr
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.gateways import attached
from iac_ec2lint.network.vpc.subnets import certain_vpc
from iac_ec2lint.notes.certainty import surely_there
from iac_ec2lint.resources.gateway import InternetGateway
from iac_ec2lint.resources.route import RouteTable, SeparateRoute
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.resources.route import Route


class _Written(NamedTuple):
    """A route that is surely there, and the resource that declares it."""

    resource: Resource
    route: Route

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        span = self.route.span
        return f"{span.path}:{span.line}"


def remarks(graph: Graph) -> Iterator[Remark]:
    """The notes of each table of the unit and of its routes."""
    separate: dict[RouteTable, list[SeparateRoute]] = {}
    for route in graph.all(SeparateRoute):
        if surely_there(route):
            table = _table_of(graph, route)
            if table is not None:
                separate.setdefault(table, []).append(route)
    for table in graph.all(RouteTable):
        if not surely_there(table):
            continue
        own = [_Written(table, route) for route in table.routes if surely_there(table, route)]
        others = [_Written(route, route) for route in separate.get(table, ())]
        for written in (*own, *others):
            yield from _to_unattached_gateway(graph, table, written)
        yield from _twice(graph, table, (*own, *others))
        if own:
            yield from _in_two_places(table, others)


def _table_of(graph: Graph, route: SeparateRoute) -> RouteTable | None:
    """The table that a route is certainly in; what else refers to tables is not looked at."""
    edges = graph.follow(route, route, "route_table")
    table = edges[0].target if len(edges) == 1 and edges[0].certain else None
    return table if isinstance(table, RouteTable) else None


def _to_unattached_gateway(graph: Graph, table: RouteTable, written: _Written) -> Iterator[Remark]:
    """A route to an internet gateway that is not attached to the table's VPC."""
    if written.route.gateway is None:
        return
    edges = graph.follow(written.resource, written.route, "gateway")
    gateway = edges[0].target if len(edges) == 1 and edges[0].certain else None
    vpc = certain_vpc(graph, table)
    if not isinstance(gateway, InternetGateway) or not isinstance(vpc, Vpc):
        return
    if not (surely_there(gateway) and surely_there(vpc)):
        return
    fact = attached(graph, gateway, vpc)
    if fact.truth is not False or unknown_module_cause(graph, gateway) is not None:
        return
    elsewhere = any(hop.origin == "explicit" for hop in fact.hops)
    name = "gateway-of-other-vpc" if elsewhere else "gateway-of-no-vpc"
    words = "; ".join(hop.fact for hop in fact.hops)
    if elsewhere:
        words = f"{words}, and the route is in {vpc.address}"
    place = written.route.place("gateway")
    yield Remark(name, written.resource, place, f"{words}, so AWS refuses the route")


def _twice(graph: Graph, table: RouteTable, routes: tuple[_Written, ...]) -> Iterator[Remark]:
    """A second route to the same destination."""
    first: dict[object, _Written] = {}
    for written in sorted(routes, key=lambda one: one.route.span.key):
        for field, key, words in _destinations(graph, written):
            other = first.setdefault(key, written)
            if other is not written:
                message = (
                    f"{table.address} has a route to {words} already, at {other.place};"
                    " AWS refuses a second one"
                )
                place = written.route.place(field)
                yield Remark("route-written-twice", written.resource, place, message)


def _destinations(graph: Graph, written: _Written) -> Iterator[tuple[str, object, str]]:
    """The known destinations of a route: the field, what makes two the same, and its words."""
    for field in ("cidr_block", "ipv6_cidr_block"):
        value = getattr(written.route, field)
        text = value.text if isinstance(value, Value) else None
        parsed = parse_cidr(text) if text else None
        if parsed is not None:
            yield field, parsed.text, parsed.text
    if written.route.prefix_list is not None:
        for edge in graph.follow(written.resource, written.route, "prefix_list"):
            if edge.certain and edge.target is not None:
                yield "prefix_list", edge.target, edge.target.address


def _in_two_places(table: RouteTable, others: list[_Written]) -> Iterator[Remark]:
    """Routes of their own, of a table that lists routes inline."""
    for written in others:
        if not written.resource.declared.of_cloudformation:
            words = (
                f"{table.address} lists its routes inline, so Terraform removes this one again at"
                " the next apply, unless it ignores changes of route"
            )
            place = written.route.place("route_table")
            yield Remark("routes-in-two-places", written.resource, place, words)
