"""Routes at work: what each takes, and which clients get their answers back.

Source: VPC User Guide, "Route priority" and "Gateway route tables"; semantics.md, B4 (conditions N3
and N5 of C1).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.addresses import AddressSet, Family, internet
from iac_ec2lint.network.approximation import Approximation
from iac_ec2lint.network.conditions import condition, doubts
from iac_ec2lint.network.evidence import Clients, Fact, Hop, Origin
from iac_ec2lint.network.gateways import attached
from iac_ec2lint.network.route_tables import TableChoice, tables_of
from iac_ec2lint.network.routes import (
    AS_CREATED,
    LOCAL,
    PROPAGATED,
    TableRoute,
    Target,
    TargetKind,
    table_routes,
)
from iac_ec2lint.network.subnets import subnet_addresses, vpc_of
from iac_ec2lint.resources.gateway import VpnGateway
from iac_ec2lint.resources.route import RouteTableAssociation
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource

__all__ = [
    "Leg",
    "TableChoice",
    "Target",
    "TargetKind",
    "inspection",
    "internet_clients",
    "legs",
    "tables_of",
    "toward",
]

SMALL: Final = {Family.IPV4: 1 << 16, Family.IPV6: 1 << 84}
"""The addresses of an IPv4 /16 or an IPv6 /44, the largest blocks that a VPC has. An unknown block
of that size is not held against a route: nothing that is world or broad hangs on it."""

_INSPECTING: Final = frozenset({"network interface", "instance", "VPC endpoint", "unknown"})


class Leg(NamedTuple):
    """What one route of a subnet takes: the addresses for which it is the most specific one.

    Attributes:
        target: Where they are sent.
        addresses: Remote addresses, of one family.
        hop: The route: its table, destination and target. Its causes are why ``addresses`` is
            not exact.
        why: The hop that says why its table is the subnet's.
    """

    target: Target
    addresses: Approximation[AddressSet]
    hop: Hop
    why: Hop


def legs(graph: Graph, subnet: Resource, family: Family) -> tuple[Leg, ...]:
    """Where a subnet's traffic goes, longest prefix first; with several tables, the legs of all.

    Args:
        graph: The graph.
        subnet: A subnet, or what stands for one (``default_subnet``).
        family: The address family.
    """
    key = ("legs", subnet, family)
    found = graph.recall(key)
    if found is None:
        found = graph.remember(key, tuple(_legs(graph, subnet, family)))
    return cast("tuple[Leg, ...]", found)


def toward(
    graph: Graph, subnet: Resource, family: Family, addresses: AddressSet
) -> tuple[Leg, ...]:
    """The legs that take some of ``addresses``, narrowed to them: for lateral hops."""
    wanted = Approximation.exactly(addresses)
    narrowed = (
        leg._replace(addresses=leg.addresses & wanted) for leg in legs(graph, subnet, family)
    )
    return tuple(leg for leg in narrowed if leg.addresses.upper)


def internet_clients(graph: Graph, subnet: Resource, family: Family) -> Clients:
    """R of C1: the clients whose answers go out by an internet gateway of the subnet's VPC (N3).

    Where it is empty its hops are what blocks: the table, and where its widest route leads.
    """
    key = ("internet clients", subnet, family)
    found = graph.recall(key)
    if found is None:
        found = graph.remember(key, _internet_clients(graph, subnet, family))
    return cast("Clients", found)


def inspection(graph: Graph, subnet: Resource, family: Family) -> Fact:
    """Whether traffic from the internet gateway comes to a subnet uninspected (N5).

    A route table of the gateway that leads to an interface or an endpoint makes it undecided.
    """
    key = ("inspection", subnet, family)
    found = graph.recall(key)
    if found is None:
        found = graph.remember(key, _inspection(graph, subnet, family))
    return cast("Fact", found)


def _given(subnet: Resource) -> Presence:
    return CERTAIN if isinstance(subnet, Implicit) else subnet.presence


def _routes(
    graph: Graph, table: Resource, vpc: Resource | None, family: Family, given: Presence
) -> tuple[TableRoute, ...]:
    """The routes of a table, the most specific first (``TableRoute.rank`` among equals).

    Blocks that are unknown come first: they may be the most specific ones.
    """
    key = ("routes", table, vpc, family, condition(given))
    found = graph.recall(key)
    if found is None:
        routes = list(table_routes(graph, table, vpc, family, given))
        taken = {
            route.block.upper for route in routes if route.is_known and route.rank < PROPAGATED
        }
        routes = [
            route
            for route in routes
            # A table has one route a destination: one that may be added cannot have a taken one.
            if not (_is_loose(route) and route.block.is_known and route.block.upper in taken)
        ]
        routes.sort(key=lambda route: (*_order(route), route.resource.address, *route.span.key))
        found = graph.remember(key, tuple(routes))
    return cast("tuple[TableRoute, ...]", found)


def _is_loose(route: TableRoute) -> bool:
    return any(cause.cause == "may-attach" for cause in route.causes)


def _order(route: TableRoute) -> tuple[int, int]:
    block = route.block
    longest = block.lengths[0] if block.is_known and block.lengths else block.upper.family.bits + 1
    return (-longest, route.rank)


def _equals(routes: tuple[TableRoute, ...]) -> Iterator[tuple[TableRoute, ...]]:
    """Routes that are equally specific, the most specific ones first: none takes from another."""
    for _, group in groupby(routes, key=_order):
        yield tuple(group)


def _winning(
    routes: tuple[TableRoute, ...], family: Family
) -> Iterator[tuple[TableRoute, Approximation[AddressSet]]]:
    """What each route takes, given those that are more specific."""
    surely = perhaps = AddressSet.nothing(family)
    for group in _equals(routes):
        for route in group:
            own = route.block.lower if route.is_known else AddressSet.nothing(family)
            yield route, Approximation(own - perhaps, route.block.upper - surely)
        surely |= AddressSet.union(family, (r.block.lower for r in group if r.is_known))
        perhaps |= AddressSet.union(family, (r.block.upper for r in group if not _negligible(r)))


def _negligible(route: TableRoute) -> bool:
    """Whether what a route may take is too little for a verdict to hang on."""
    if route.rank == PROPAGATED:
        return True  # ranges behind a gateway, of which none is on the internet
    return not route.block.is_known and route.block.most <= SMALL[route.block.upper.family]


def _legs(graph: Graph, subnet: Resource, family: Family) -> Iterator[Leg]:
    vpc = vpc_of(graph, subnet)
    for choice in tables_of(graph, subnet):
        if choice.table is None:
            everything = Approximation.at_most(AddressSet.everything(family))
            yield Leg(Target("unknown", None, certain=False), everything, choice.why, choice.why)
            continue
        for leg in _table_legs(graph, choice, vpc, family, _given(subnet)):
            if choice.certain:
                yield leg._replace(why=choice.why)
            else:
                possible = Approximation.at_most(leg.addresses.upper)
                yield leg._replace(addresses=possible, why=choice.why)


def _table_legs(
    graph: Graph, choice: TableChoice, vpc: Resource | None, family: Family, given: Presence
) -> tuple[Leg, ...]:
    """The legs of a table, for whatever subnet has it."""
    if choice.table is None:
        return ()
    key = ("legs of a table", choice.table, vpc, family, condition(given))
    found = graph.recall(key)
    if found is None:
        routes = _routes(graph, choice.table, vpc, family, given)
        made = tuple(
            Leg(
                route.target,
                addresses,
                _hop(route, None if route.causes or route.block.causes else True),
                choice.why,
            )
            for route, addresses in _winning(routes, family)
            if addresses.upper
        )
        found = graph.remember(key, made)
    return cast("tuple[Leg, ...]", found)


def _hop(route: TableRoute, verdict: bool | None, more: str = "") -> Hop:
    causes = () if verdict is not None else (*route.causes, *route.block.causes)
    origin: Origin = "explicit"
    if verdict is None and causes:
        origin = "unknown"
    elif route.rank in {LOCAL, AS_CREATED}:
        origin = "assumed" if route.assumptions else "default"
    return Hop(
        "route",
        route.resource,
        route.span,
        route.words + more,
        origin,
        verdict,
        tuple(dict.fromkeys(causes)),
        route.assumptions,
        route.attribute,
    )


def _internet_clients(graph: Graph, subnet: Resource, family: Family) -> Clients:
    vpc = vpc_of(graph, subnet)
    choices = tables_of(graph, subnet)
    found: list[Clients] = []
    for choice in choices:
        if choice.table is None:
            nobody = Approximation.at_most(AddressSet.everything(family))
            found.append(Clients(nobody, (choice.why,)))
            continue
        own = _table_clients(graph, choice.table, vpc, family, _given(subnet))
        addresses = own.addresses
        if not choice.certain and len(choices) == 1:
            addresses = Approximation.at_most(addresses.upper)
        found.append(Clients(addresses, (choice.why, *own.hops)))
    joint = Approximation.one_of(*(clients.addresses for clients in found))
    hops = tuple(dict.fromkeys(hop for clients in found for hop in clients.hops))
    if joint.is_exact:
        # Whichever table it is, the answer is the same.
        verdict = bool(joint.upper & internet(family))
        hops = tuple(
            hop._replace(verdict=verdict, causes=()) if hop.verdict is None else hop for hop in hops
        )
    return Clients(joint, hops)


def _table_clients(
    graph: Graph, table: Resource, vpc: Resource | None, family: Family, given: Presence
) -> Clients:
    """The clients that a table answers by an internet gateway, and what of it says so."""
    key = ("clients of a table", table, vpc, family, condition(given))
    found = graph.recall(key)
    if found is None:
        routes = _routes(graph, table, vpc, family, given)
        found = graph.remember(key, _answered(table, routes, family))
    return cast("Clients", found)


def _answered(table: Resource, routes: tuple[TableRoute, ...], family: Family) -> Clients:
    public = internet(family)
    lower: list[AddressSet] = []
    upper: list[AddressSet] = []
    surely = perhaps = AddressSet.nothing(family)
    for group in _equals(routes):
        for route in group:
            if _is_way_out(route) and route.is_known:
                lower.append(route.block.lower - perhaps)
            if _is_way_out(route) or route.target.kind == "unknown":
                upper.append(route.block.upper - surely)
        others = [route for route in group if not _is_way_out(route)]
        known = (r.block.lower for r in others if r.is_known and r.target.kind != "unknown")
        surely |= AddressSet.union(family, known)
        # Where a route by the gateway is absent, those that are less specific count.
        taking = [r for r in group if not (_is_way_out(r) and _is_attached(r))]
        taking = [route for route in taking if not _negligible(route)]
        perhaps |= AddressSet.union(family, (route.block.upper for route in taking))
    low = AddressSet.union(family, lower)
    addresses = Approximation(low, AddressSet.union(family, (low, *upper)))
    if not (addresses.upper & public):
        return Clients(addresses, _blocking(table, routes, family))
    hops: list[Hop] = []
    exact = not ((addresses.upper - addresses.lower) & public)
    for route in routes:
        if not (route.block.upper & public):
            continue
        if _is_way_out(route) and route.is_known:
            hops += [_hop(route, verdict=True), *route.attachment]
        elif not exact and not route.is_known and not _negligible(route):
            hops += [_hop(route, None), *route.attachment]
    return Clients(addresses, tuple(dict.fromkeys(hops)))


def _is_way_out(route: TableRoute) -> bool:
    return route.target.kind == "internet gateway"


def _is_attached(route: TableRoute) -> bool:
    return all(hop.verdict is True for hop in route.attachment)


def _blocking(table: Resource, routes: tuple[TableRoute, ...], family: Family) -> tuple[Hop, ...]:
    """Why a table answers no client on the internet: where its widest route leads."""
    public = internet(family)
    others = [route for route in routes if route.block.upper & public and route.rank != LOCAL]
    if not others:
        version = "IPv4" if family is Family.IPV4 else "IPv6"
        words = f"{table.address} has no route to the internet over {version}"
        return (Hop("route", table, table.span, words, "default", verdict=False),)
    widest = max(others, key=lambda route: (route.block.upper & public).size)
    more = ""
    if widest.target.kind not in {"nothing", "unknown"}:
        more = ", which lets no connections in from the internet"
    return (_hop(widest, verdict=False, more=more), *widest.attachment)


def _inspection(graph: Graph, subnet: Resource, family: Family) -> Fact:
    vpc = vpc_of(graph, subnet)
    there = subnet_addresses(graph, subnet, family).upper
    hops: list[Hop] = []
    for edge in _gateway_associations(graph):
        loose = edge.target is None
        if not loose and _is_elsewhere(graph, edge.target, vpc):
            continue
        for named in graph.targets(edge.source, "route_table"):
            if named.target is None:
                if not loose:
                    hops.append(_unknown_edge_table(edge, named))
                continue
            causes = doubts(edge, edge.source, given=_given(subnet))
            causes = (*causes, *doubts(named, given=CERTAIN))
            routes = _routes(graph, named.target, vpc, family, _given(subnet))
            hops.extend(
                _inspecting(route, subnet, edge, causes)
                for route in routes
                if route.target.kind in _INSPECTING and route.block.upper & there
            )
    return Fact(None, tuple(dict.fromkeys(hops))) if hops else Fact(True)


def _gateway_associations(graph: Graph) -> tuple[Edge, ...]:
    """The associations of route tables with gateways; of unknown gateways too."""
    found = graph.recall(_gateway_associations)
    if found is None:
        edges = (
            edge
            for association in graph.all(RouteTableAssociation)
            for edge in graph.targets(association, "gateway")
        )
        found = graph.remember(_gateway_associations, tuple(edges))
    return cast("tuple[Edge, ...]", found)


def _is_elsewhere(graph: Graph, gateway: Resource | None, vpc: Resource | None) -> bool:
    """Whether a gateway is none that traffic from the internet comes by to this VPC."""
    if gateway is None or isinstance(gateway, VpnGateway):
        return True
    return attached(graph, gateway, vpc).truth is False


def _unknown_edge_table(edge: Edge, named: Edge) -> Hop:
    words = f"nobody knows the route table that {edge.source.address} gives to the gateway"
    causes = (named.value,) if isinstance(named.value, Unknown) else ()
    return Hop(_MIDDLEBOX, edge.source, named.value.span, words, "unknown", None, causes)


_MIDDLEBOX: Final = "middlebox"


def _inspecting(route: TableRoute, subnet: Resource, edge: Edge, more: tuple[Unknown, ...]) -> Hop:
    words = f"{route.words}, before traffic from the internet comes to {subnet.address}"
    what = route.target.node.address if route.target.node is not None else "it"
    cause = Unknown(f"what {what} lets through is not in the source", "external-id", route.span)
    if more or edge.target is None:
        words = f"{words}, on a condition"
    return Hop(
        _MIDDLEBOX,
        route.resource,
        route.span,
        words,
        "unknown",
        None,
        tuple(dict.fromkeys((cause, *more))),
        attribute=route.attribute,
    )
