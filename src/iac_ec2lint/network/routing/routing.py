"""The addresses that each route matches, and the clients that answers are routed back to.

Source: VPC User Guide, "Route priority"; semantics.md, B4 (condition N3 of C1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External, Implicit
from iac_ec2lint.graph.other_units import filling_unit
from iac_ec2lint.network.routing.appliances import (
    RETURNING,
    comes_out_in,
    what_passes,
)
from iac_ec2lint.network.routing.route_targets import RouteTarget
from iac_ec2lint.network.routing.routes import (
    AS_CREATED,
    LOCAL,
    PROPAGATED,
    TableRoute,
    table_routes,
)
from iac_ec2lint.network.sets.addresses import AddressSet, Family, internet
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.verdicts.conditional_presence import UNCONDITIONAL, Condition, condition
from iac_ec2lint.network.verdicts.evidence import Clients, Hop, Origin
from iac_ec2lint.network.vpc.longest_prefix import equally_specific, priority, winning
from iac_ec2lint.network.vpc.route_tables import may_have_more_routes, tables_of
from iac_ec2lint.network.vpc.subnets import as_created, is_default_vpc, vpc_of
from iac_ec2lint.resources.route import SeparateRoute
from iac_ec2lint.values import UNGUARDED, Guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.vpc.route_tables import TableChoice
    from iac_ec2lint.resources.part import Resource


class Leg(NamedTuple):
    """One route of a subnet, with the addresses for which it is the most specific one.

    Attributes:
        target: Where they are sent.
        addresses: Remote addresses, of one family.
        route: The route; ``None`` where the table is unknown.
        why: The hop that says why its table is the subnet's.
    """

    target: RouteTarget
    addresses: Approximation[AddressSet]
    route: TableRoute | None
    why: Hop

    @property
    def hop(self) -> Hop:
        """The route: its table, destination and target; why ``addresses`` is not exact."""
        route = self.route
        if route is None:
            return self.why
        return _hop(route, None if route.causes or route.block.causes else True)


@remembered
def legs(graph: Graph, subnet: Resource, family: Family) -> tuple[Leg, ...]:
    """Where a subnet's traffic goes, longest prefix first; with several tables, the legs of all.

    Args:
        graph: The graph.
        subnet: A subnet, or a ``default_subnet``.
        family: The address family.
    """
    return tuple(_legs(graph, subnet, family))


def toward(
    graph: Graph, subnet: Resource, family: Family, addresses: AddressSet
) -> tuple[Leg, ...]:
    """The legs that take some of ``addresses``, narrowed to them: for lateral hops."""
    if not addresses:
        return ()
    wanted = Approximation.exactly(addresses)
    first, last = addresses.ranges[0][0], addresses.ranges[-1][1]
    narrowed = (
        leg._replace(addresses=leg.addresses & wanted)
        for lo, hi, leg in _hulls(graph, subnet, family)
        if lo <= last and first <= hi
    )
    return tuple(leg for leg in narrowed if leg.addresses.upper)


@remembered
def _hulls(graph: Graph, subnet: Resource, family: Family) -> tuple[tuple[int, int, Leg], ...]:
    """The legs of a subnet with the first and the last address that each may take."""
    made = []
    for leg in legs(graph, subnet, family):
        ranges = leg.addresses.upper.ranges
        if ranges:
            made.append((ranges[0][0], ranges[-1][1], leg))
    return tuple(made)


@remembered
def internet_clients(graph: Graph, subnet: Resource, family: Family) -> Clients:
    """R of C1: the clients whose answers go out by an internet gateway of the subnet's VPC (N3).

    Where it is empty its hops are what blocks: the table, and where its widest route leads.
    """
    return _internet_clients(graph, subnet, family)


def given_by(subnet: Resource) -> Condition:
    """The condition that is assumed for questions about a subnet: the subnet's own."""
    return UNCONDITIONAL if isinstance(subnet, Implicit) else condition(subnet.presence)


@remembered
def ranked_routes(
    graph: Graph, table: Resource, vpc: Resource | None, family: Family, given: Condition
) -> tuple[TableRoute, ...]:
    """The routes of a table, the most specific first (``TableRoute.rank`` among equals).

    Blocks that are unknown come first: they may be the most specific ones.
    """
    routes = list(table_routes(graph, table, vpc, family, given))
    taken = {route.block.upper for route in routes if route.is_known and route.rank < PROPAGATED}
    routes = [
        route
        for route in routes
        # A table has one route a destination: one that may be added cannot have a taken one.
        if not (_is_loose(route) and route.block.is_known and route.block.upper in taken)
    ]
    routes.sort(key=lambda route: (*priority(route), route.resource.address, *route.span.key))
    return tuple(routes)


def _is_loose(route: TableRoute) -> bool:
    return any(cause.cause == "may-attach" for cause in route.causes)


def _legs(graph: Graph, subnet: Resource, family: Family) -> Iterator[Leg]:
    vpc = vpc_of(graph, subnet)
    for choice in tables_of(graph, subnet):
        if choice.table is None:
            everything = Approximation.at_most(AddressSet.everything(family))
            yield Leg(RouteTarget("unknown", None, certain=False), everything, None, choice.why)
            continue
        for route, taken in _taken(graph, choice.table, vpc, family, given_by(subnet)):
            addresses = taken if choice.certain else Approximation.at_most(taken.upper)
            yield Leg(route.target, addresses, route, choice.why)


@remembered
def _taken(
    graph: Graph, table: Resource, vpc: Resource | None, family: Family, given: Condition
) -> tuple[tuple[TableRoute, Approximation[AddressSet]], ...]:
    """The addresses that each route of a table takes, for whatever subnet has it."""
    routes = ranked_routes(graph, table, vpc, family, given)
    return tuple(pair for pair in winning(routes, family) if pair[1].upper)


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


def _known_to_be_private(
    graph: Graph, subnet: Resource, choices: tuple[TableChoice, ...]
) -> Hop | None:
    """That no route leads out, where people say so and the files do not say which routes it has."""
    if all(
        c.certain
        and c.table is not None
        and not may_have_more_routes(graph, c.table)
        and not filling_unit(graph, c.table, SeparateRoute)
        for c in choices
    ):
        return None
    names = [subnet.address]
    if isinstance(subnet, External):
        names += [subnet.text or "", subnet.named_by]
    steps = (graph.unit.known.private(name) for name in names if name)
    step = next((one for one in steps if one is not None), None)
    if step is None:
        return None
    return Hop(
        "route", subnet, step.span, step.words, "assumed", verdict=False, assumptions=(step,)
    )


def _internet_clients(graph: Graph, subnet: Resource, family: Family) -> Clients:
    vpc = vpc_of(graph, subnet)
    choices = tables_of(graph, subnet)
    private = _known_to_be_private(graph, subnet, choices)
    if private is not None:
        return Clients(Approximation.exactly(AddressSet.nothing(family)), (private,))
    found: list[Clients] = []
    every = True
    for choice in choices:
        if choice.table is None:
            unknown = Approximation.at_most(AddressSet.everything(family))
            found.append(Clients(unknown, (choice.why,)))
            every = False
            continue
        own = _table_clients(graph, choice.table, vpc, family, given_by(subnet))
        addresses = own.addresses
        if not choice.certain and len(choices) == 1:
            addresses = Approximation.at_most(addresses.upper)
        found.append(Clients(addresses, (choice.why, *own.hops)))
    joint = Approximation.one_of(*(clients.addresses for clients in found))
    hops = tuple(dict.fromkeys(hop for clients in found for hop in clients.hops))
    if not every:  # the routes of another table may lead out
        hops = tuple(hop._replace(needs=None) for hop in hops)
    if joint.is_exact:
        # Whichever table it is, the answer is the same.
        verdict = bool(joint.upper & internet(family))
        hops = tuple(
            hop._replace(verdict=verdict, causes=()) if hop.verdict is None else hop for hop in hops
        )
    return Clients(joint, hops)


@remembered
def _table_clients(
    graph: Graph, table: Resource, vpc: Resource | None, family: Family, given: Condition
) -> Clients:
    """The clients whose answers a table routes to an internet gateway, with the evidence.

    Those whose answers go through an appliance, which stands in a subnet with a route to the
    gateway, are possible ones: an answer that comes back keeps its source, so that the gateway
    translates it as if it came from its sender.
    """
    routes = ranked_routes(graph, table, vpc, family, given)
    public = internet(family)
    lower: list[AddressSet] = []
    upper: list[AddressSet] = []
    surely = perhaps = AddressSet.nothing(family)
    for group in equally_specific(routes):
        ways_out = [route for route in group if _is_way_out(route)]
        others = [route for route in group if not _is_way_out(route)] if ways_out else group
        lower += [route.block.lower - perhaps for route in ways_out if route.is_known]
        upper += [route.block.upper - surely for route in ways_out]
        upper += [r.block.upper - surely for r in others if r.target.kind == "unknown"]
        upper += [_sent_back(graph, vpc, r) - surely for r in others]
        known = [r.block.lower for r in others if r.is_known and r.target.kind != "unknown"]
        # Where a route by the gateway is absent, those that are less specific count.
        taking = [r.block.upper for r in others if not r.is_negligible]
        taking += [r.block.upper for r in ways_out if not (_is_attached(r) or r.is_negligible)]
        same = surely is perhaps and known == taking
        surely |= AddressSet.union(family, known)
        perhaps = surely if same else perhaps | AddressSet.union(family, taking)
    low = AddressSet.union(family, lower)
    high = AddressSet.union(family, (low, *upper))
    addresses = Approximation(low, low if high == low else high)
    if not (addresses.upper & public):
        return Clients(addresses, _blocking(table, vpc, routes, family))
    hops: list[Hop] = []
    exact = addresses.is_exact or not ((addresses.upper - addresses.lower) & public)
    for route in routes:
        known_out = _is_way_out(route) and route.is_known
        open_ = not exact and not route.is_known and (route.is_more or not route.is_negligible)
        if not exact and _sent_back(graph, vpc, route) & public:
            hops.append(_sent_on(route))
        elif (known_out or open_) and route.block.upper & public:
            hop = _hop(route, True if known_out else None)
            hops += [hop._replace(needs=_needs(route)), *route.attachment]
    return Clients(addresses, tuple(dict.fromkeys(hops)))


def _needs(route: TableRoute) -> Guard | None:
    """What holds wherever a route leads out; ``None`` of one that leads elsewhere."""
    if route.is_known:
        return UNGUARDED
    leads_out = _is_way_out(route) or route.target.kind == "unknown"
    return route.resource.presence.guard if leads_out else None


def _sent_on(route: TableRoute) -> Hop:
    """A route to what may send answers on to the internet gateway."""
    hop = _hop(route, None if route.causes or route.block.causes else True)
    causes = tuple(dict.fromkeys((*hop.causes, what_passes(route.target, route.span))))
    return hop._replace(verdict=None, causes=causes, origin="unknown")


def _sent_back(graph: Graph, vpc: Resource | None, route: TableRoute) -> AddressSet:
    """The addresses that a route sends to what may send them on to an internet gateway."""
    family = route.block.upper.family
    if route.target.kind not in RETURNING or not route.block.upper & internet(family):
        return AddressSet.nothing(family)
    return route.block.upper & _out_of(graph, route.target, vpc, family)


@remembered
def _out_of(graph: Graph, target: RouteTarget, vpc: Resource | None, family: Family) -> AddressSet:
    """The destinations that routes may take to an internet gateway after what a route leads to.

    An upper bound: which of several routes is the most specific one is not asked.
    """
    pending = [target]
    found = AddressSet.nothing(family)
    seen: set[Resource] = set()
    while pending:
        subnets = comes_out_in(graph, pending.pop(), vpc)
        if subnets is None:
            return AddressSet.everything(family)
        for subnet in (one for one in subnets if one not in seen):
            seen.add(subnet)
            for leg in legs(graph, subnet, family):
                if leg.target.kind in {"internet gateway", "unknown"}:
                    found |= leg.addresses.upper
                elif leg.target.kind in RETURNING:
                    pending.append(leg.target)
    return found


def _is_way_out(route: TableRoute) -> bool:
    return route.target.kind == "internet gateway"


def _is_attached(route: TableRoute) -> bool:
    return all(hop.verdict is True for hop in route.attachment)


def _blocking(
    table: Resource, vpc: Resource | None, routes: tuple[TableRoute, ...], family: Family
) -> tuple[Hop, ...]:
    """Why a table answers no client on the internet: where its widest routes lead."""
    public = internet(family)
    out = [route for route in routes if route.block.upper & public and route.rank != LOCAL]
    if not out:
        version = "IPv4" if family is Family.IPV4 else "IPv6"
        words = f"{table.address} has no route to the internet over {version}"
        hop = Hop("route", table, table.span, words, "default", verdict=False)
        if is_default_vpc(vpc) and isinstance(table, Implicit):
            hop = hop._replace(assumptions=(as_created(vpc.span),))
        return (hop,)
    # A route to a gateway is void where more specific routes match all its addresses: these block.
    blocking = [route for route in out if not _is_way_out(route)] or out
    overruled = len(blocking) < len(out)
    blocking.sort(key=lambda route: -(route.block.upper & public).size)
    hops: list[Hop] = []
    taken = AddressSet.nothing(family)
    for route in blocking if overruled else blocking[:1]:
        if not (route.block.upper & public) - taken:
            continue
        taken |= route.block.upper
        words = ""
        if route.target.kind not in {"nothing", "unknown"} and not _is_way_out(route):
            words = ", which lets no connections in from the internet"
        hops += [_hop(route, verdict=False, more=words), *route.attachment]
    return tuple(hops)
