"""Ways out of a subnet that need no internet: VPC endpoints, where there is no other way out.

Source: VPC User Guide, "Gateway endpoints" (by route table) and AWS PrivateLink Guide, "Interface
VPC endpoints" (by address, in the VPC).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.group_hops import GroupHolder
from iac_ec2lint.network.filters.admission import admission, unfiltered
from iac_ec2lint.network.filters.attached_rules import attached_groups
from iac_ec2lint.network.hosts.endpoints import leads_past_aws, service_of
from iac_ec2lint.network.hosts.workloads import carried_groups, placements_of
from iac_ec2lint.network.inside.interfaces import FlowEnd, PlacedAddresses, workload_ends
from iac_ec2lint.network.inside.lateral import lateral_ways
from iac_ec2lint.network.inside.told import named_in, told_by_parameters
from iac_ec2lint.network.routing.appliances import what_passes
from iac_ec2lint.network.routing.crossings import is_one_vpc, may_lead_out
from iac_ec2lint.network.routing.routing import toward
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, internet, openness
from iac_ec2lint.network.sets.ports import ALL, TCP
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.vpc.prefix_lists import service_meant
from iac_ec2lint.network.vpc.route_tables import tables_of
from iac_ec2lint.network.vpc.subnets import subnet_addresses, vpc_of
from iac_ec2lint.resources.gateway import NatGateway
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.vpc_endpoint import (
    VpcEndpoint,
    VpcEndpointGroup,
    VpcEndpointRouteTable,
    VpcEndpointSubnet,
)
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.filters.attached_rules import GroupRule
    from iac_ec2lint.network.hosts.workloads import Eni, Placement, Workload
    from iac_ec2lint.network.inside.told import Telling
    from iac_ec2lint.network.sets.ports import PortSet
    from iac_ec2lint.resources.part import Resource

_NO_WAY_OUT: Final = frozenset({"local", "nothing"})
"""Where routes lead that take nothing to the internet."""
_NEED_A_PUBLIC_ADDRESS: Final = frozenset({"internet gateway", "egress-only internet gateway"})

_HTTPS: Final = 443


class EndpointWay(NamedTuple):
    """An endpoint that a workload's traffic may leave by.

    Attributes:
        endpoint: The endpoint.
        answer: Whether the workload reaches it.
        hops: The evidence, in order.
    """

    endpoint: VpcEndpoint
    answer: Answer
    hops: tuple[Hop, ...]


def confined(graph: Graph, workload: Workload) -> Answer:
    """Whether none of a workload's subnets has a route that takes traffic to the internet.

    A route table that an output of the unit, or a parameter, tells others may have routes of
    theirs.
    """
    subnets = {eni.placement.subnet: eni.placement for eni in workload.enis}
    answers = []
    for subnet, placement in subnets.items():
        if placement.gap is not None:
            return Answer(None, (placement.gap,))
        told = tuple(_told(graph, subnet))
        answers.append(_is_confined(graph, subnet, ()) & (Answer(None, told) if told else YES))
    return all_of(answers) if answers else NO


def _told(graph: Graph, subnet: Resource) -> Iterator[Unknown]:
    """Why others may add routes to the tables of a subnet: outputs or parameters name these."""
    for choice in tables_of(graph, subnet):
        telling = None if choice.table is None else _telling(graph).get(choice.table.address)
        if telling is not None and choice.table is not None:
            what = "an output" if isinstance(telling, Output) else "a parameter"
            words = f"others may add routes to {choice.table.address}, which {what} tells them"
            yield Unknown(words, "external-id", telling.span)


@remembered
def _telling(graph: Graph) -> dict[str, Telling]:
    """The outputs of the unit itself, and the parameters, by the addresses of what they name."""
    own = (one for one in graph.all(Output) if one.address.startswith(("output.", "Outputs.")))
    return {**told_by_parameters(graph), **named_in(own)}


@remembered
def _is_confined(graph: Graph, subnet: Resource, through: tuple[NatGateway, ...]) -> Answer:
    """Whether no route of a subnet takes traffic to the internet.

    Args:
        graph: The graph.
        subnet: The subnet.
        through: The NAT gateways that the traffic has come through to the subnet.
    """
    answer = YES
    bare = bool(through) and not _is_public(through[-1])
    closed = _NO_WAY_OUT | (_NEED_A_PUBLIC_ADDRESS if bare else frozenset())
    for family in Family:
        public = internet(family)
        for leg in toward(graph, subnet, family, public):
            if leg.target.kind in closed or not _is_wide(leg.addresses.upper, public):
                continue
            causes = leg.hop.causes
            sure = leg.target.certain and _is_wide(leg.addresses.lower, public)
            if leg.target.kind == "VPC endpoint":  # a firewall, which may send it on
                causes, sure = (*causes, what_passes(leg.target, leg.hop.span)), False
            led = NO if sure else Answer(None, causes)
            node = leg.target.node
            nowhere = ends_in_private(graph, node, through) | _is_stranded(graph, node, through)
            answer = answer & (led | nowhere)
    return answer


def ends_in_private(graph: Graph, node: Resource | None, through: tuple[NatGateway, ...]) -> Answer:
    """Whether a route leads to a private NAT gateway from which no way leads to the internet.

    It has no public address, so that an internet gateway drops what comes from it (VPC User Guide,
    "NAT gateways").
    """
    if not isinstance(node, NatGateway):
        return NO
    private = node.connectivity_type.equals("private")
    if private.truth is False or node in through:
        return private
    subnets = graph.targets(node, "subnet")
    if not subnets:
        return private & Answer(None, (Unknown("its subnet is unknown", "external-id", node.span),))
    ends = []
    for edge in subnets:
        if edge.target is None:
            ends.append(Answer(None, edge.answer.causes))
        else:
            ends.append(_is_confined(graph, edge.target, (*through, node)))
    return private & all_of(ends)


def _is_stranded(graph: Graph, node: Resource | None, through: tuple[NatGateway, ...]) -> Answer:
    """Whether a route surely leads to a public NAT gateway from which no route leads on.

    It must stand in a public subnet (VPC User Guide, "NAT gateways").
    """
    if not isinstance(node, NatGateway) or not _is_public(node):
        return NO
    if node in through:
        return YES
    subnets = [edge.target for edge in graph.targets(node, "subnet")]
    ends = [s and _is_confined(graph, s, (*through, node)).truth for s in subnets]
    return YES if ends and all(ends) else NO


def _is_public(gateway: NatGateway) -> bool:
    return gateway.connectivity_type.equals("public").truth is True


def _is_wide(addresses: AddressSet, public: AddressSet) -> bool:
    return openness(addresses, public) in {Openness.WORLD, Openness.BROAD}


def endpoint_ways(
    graph: Graph, workload: Workload, services: Collection[str] = ()
) -> Iterator[EndpointWay]:
    """The endpoints that a workload reaches, or may reach, each by its most certain way.

    Args:
        graph: The graph.
        workload: The workload.
        services: Those of AWS that count, by their names after the Region; all where none is given.
    """
    for endpoint in _near(graph, workload):
        if services and (service_of(endpoint) not in {*services, None} or leads_past_aws(endpoint)):
            continue
        possible: EndpointWay | None = None
        ways = (_by_tables(graph, endpoint, workload), _by_address(graph, endpoint, workload))
        for way in chain(*ways):
            if way.answer.truth:
                yield way
                break
            if possible is None and way.answer.truth is None:
                possible = way
        else:
            if possible is not None:
                yield possible


def _near(graph: Graph, workload: Workload) -> tuple[VpcEndpoint, ...]:
    """The endpoints that a workload may reach by its subnets."""
    ends = workload_ends(graph, workload)
    return _near_subnets(graph, tuple(dict.fromkeys(end.placement.subnet for end in ends)))


@remembered
def _near_subnets(graph: Graph, subnets: tuple[Resource, ...]) -> tuple[VpcEndpoint, ...]:
    """The endpoints that something in one of several subnets may reach."""
    tables = {choice.table for subnet in subnets for choice in tables_of(graph, subnet)}
    reached = {
        endpoint
        for (vpc, addresses), endpoints in _by_vpc(graph).items()
        if any(_may_reach(graph, subnet, vpc, addresses) for subnet in subnets)
        for endpoint in endpoints
    }
    return tuple(
        endpoint
        for endpoint in graph.all(VpcEndpoint)
        if endpoint in reached or any(edge.target in tables for edge in _tables(graph, endpoint))
    )


def _may_reach(graph: Graph, subnet: Resource, vpc: Resource | None, addresses: AddressSet) -> bool:
    own = vpc_of(graph, subnet)
    if own is None or vpc is None or is_one_vpc(graph, own, vpc):
        return True
    return may_lead_out(graph, subnet, addresses)


_ByVpc: TypeAlias = "dict[tuple[Resource | None, AddressSet], list[VpcEndpoint]]"


@remembered
def _by_vpc(graph: Graph) -> _ByVpc:
    """The endpoints with interfaces, by the VPCs of these and all their addresses."""
    in_vpc: dict[Resource | None, dict[VpcEndpoint, list[AddressSet]]] = {}
    for endpoint in graph.all(VpcEndpoint):
        for end in endpoint_ends(graph, endpoint):
            vpc = vpc_of(graph, end.placement.subnet)
            there = in_vpc.setdefault(vpc, {})
            there.setdefault(endpoint, []).append(end.ipv4.addresses)
    made: _ByVpc = {}
    for vpc, endpoints in in_vpc.items():
        every = (addresses for own in endpoints.values() for addresses in own)
        made[vpc, AddressSet.union(Family.IPV4, every)] = list(endpoints)
    return made


def _lets_https_out(graph: Graph, eni: Eni, endpoint: VpcEndpoint) -> Answer:
    """Whether the groups of an interface let HTTPS out to whatever address, or to the endpoint's.

    Its addresses are those of a prefix list (AWS PrivateLink Guide, "Gateway endpoints"): by any
    other rule it is undecided.
    """
    egress = admission(graph, eni.groups, "egress", eni.host.presence)
    if egress.unfiltered or egress.sure_defaults:
        return YES
    public = internet(Family.IPV4)
    for _, source in egress.deciding(TCP, _HTTPS, public):
        if any(a.family is Family.IPV4 and _is_wide(a, public) for a in source.lower):
            return YES
    by_list = {rule: _lets_out_by_list(graph, rule, endpoint) for rule in egress.rules}
    if True in by_list.values():
        return YES
    causes = egress.causes(Family.IPV4, TCP, _HTTPS)
    ruled = any(_has_https(rule.read.upper) for rule, led in by_list.items() if led is not False)
    if not ruled and not causes:
        return NO
    words = f"whether the groups of {eni.host.address} let HTTPS out to the endpoint is not known"
    return Answer(None, causes or (Unknown(words, "expression", eni.host.span),))


def _lets_out_by_list(graph: Graph, rule: GroupRule, endpoint: VpcEndpoint) -> bool | None:
    """Whether a rule lets HTTPS out to the prefix list of a gateway endpoint, and so surely."""
    read = rule.read
    edges = graph.follow(read.resource, read.rule, "prefix_lists")
    meant = [_is_list_of(graph, edge, endpoint) for edge in edges]
    if True in meant and rule.firm and _has_https(read.lower):
        return True
    others = len(read.sources) > len(edges) or read.rule.is_set("groups").may_be_true
    return False if meant and not others and set(meant) == {False} else None


def _has_https(ports: Mapping[int, PortSet]) -> bool:
    return any(ports[protocol].contains(_HTTPS) for protocol in (TCP, ALL) if protocol in ports)


def _is_list_of(graph: Graph, edge: Edge, endpoint: VpcEndpoint) -> bool | None:
    """Whether a prefix list is the one of a gateway endpoint: its own, or its service's."""
    address, name = service_meant(edge)
    if address == endpoint.address:
        return edge.certain or None
    other = graph.get(address) if address else None
    service = service_of(other) if isinstance(other, VpcEndpoint) else name
    own = service_of(endpoint)
    return service == own if service and own else None


def _by_tables(graph: Graph, endpoint: VpcEndpoint, workload: Workload) -> Iterator[EndpointWay]:
    """A gateway endpoint is reached by the subnets of the route tables that it is given."""
    gateway = endpoint.endpoint_type.equals("Gateway")
    if gateway.truth is False:
        return
    for eni in workload.enis:
        choices = {choice.table: choice for choice in tables_of(graph, eni.placement.subnet)}
        for edge in _tables(graph, endpoint):
            choice = choices.get(edge.target) if edge.target is not None else None
            if choice is None:
                continue
            answer = gateway & _sure(edge) & (YES if choice.certain else _open(choice.why.causes))
            words = f"{endpoint.address} has a route in the table of {eni.placement.subnet.address}"
            hop = Hop("VPC endpoint", endpoint, edge.value.span, words, verdict=answer.truth)
            yield EndpointWay(endpoint, answer & _lets_https_out(graph, eni, endpoint), (hop,))


def _tables(graph: Graph, endpoint: VpcEndpoint) -> Iterator[Edge]:
    yield from graph.targets(endpoint, "route_tables")
    for edge in graph.sources(endpoint, "vpc_endpoint"):
        if isinstance(edge.source, VpcEndpointRouteTable):
            yield from graph.targets(edge.source, "route_table")


def _by_address(graph: Graph, endpoint: VpcEndpoint, workload: Workload) -> Iterator[EndpointWay]:
    """An interface endpoint is reached like anything else inside, on HTTPS.

    Private DNS is no condition: each endpoint has names of its own.
    """
    interface = endpoint.endpoint_type.equals("Interface")
    if interface.truth is False:
        return
    targets = endpoint_ends(graph, endpoint)
    # Whether the workload exists is decided with the way in.
    sources = [end._replace(preconditions=()) for end in workload_ends(graph, workload)]
    for way in lateral_ways(graph, sources, targets, (TCP, _HTTPS)):
        truth = way.truth
        if truth is not False:
            how = way.explain()
            answer = Answer(truth, how.missing, how.assumptions)
            yield EndpointWay(endpoint, interface & answer, how.hops)


@remembered
def endpoint_ends(graph: Graph, endpoint: VpcEndpoint) -> tuple[FlowEnd, ...]:
    """The interfaces of an interface endpoint, one for each subnet; computed once."""
    return tuple(_made_endpoint_ends(graph, endpoint))


def _made_endpoint_ends(graph: Graph, endpoint: VpcEndpoint) -> Iterator[FlowEnd]:
    edges = list(graph.targets(endpoint, "subnets"))
    own = graph.targets(endpoint, "security_groups")
    added: list[Edge] = []
    replaced = False
    for more in graph.sources(endpoint, "vpc_endpoint"):
        if isinstance(more.source, VpcEndpointSubnet):
            edges += graph.targets(more.source, "subnet")
        elif isinstance(more.source, VpcEndpointGroup):
            added += graph.targets(more.source, "security_group")
            replaced = replaced or bool(more.source.replace_default.is_true().truth)
    for placement in placements_of(graph, endpoint, tuple(edges)) if edges else ():
        attached = attached_groups(added)
        if own or not replaced:
            attached = (*carried_groups(graph, own, placement), *attached)
        yield FlowEnd(
            GroupHolder(endpoint.address, endpoint, attached),
            placement,
            PlacedAddresses(subnet_addresses(graph, placement.subnet, Family.IPV4).upper),
            None,
            admission(graph, attached, "ingress", endpoint.presence),
            unfiltered(graph, "egress"),
            tuple(_placed(endpoint, placement)),
        )


def _placed(endpoint: VpcEndpoint, placement: Placement) -> Iterator[Hop]:
    """The hop for an endpoint's interface in a subnet."""
    fact = f"{endpoint.address} has an interface in {placement.subnet.address}"
    hop = Hop("VPC endpoint", endpoint, placement.span, fact)
    gap = placement.gap
    if gap is None and not placement.certain:
        known = isinstance(placement.value, Unknown)
        gap = placement.value if known else Unknown(f"{fact}, or not", "expression", placement.span)  # type: ignore[assignment]  # mypy does not narrow by the flag
    yield hop if gap is None else hop._replace(origin="unknown", verdict=None, causes=(gap,))


def _sure(edge: Edge) -> Answer:
    cause = edge.source.presence.cause
    if isinstance(edge.source, VpcEndpointRouteTable) and cause is not None:
        return _open((cause,))
    if edge.certain:
        return YES
    return _open((edge.value,) if isinstance(edge.value, Unknown) else ())


def _open(causes: tuple[Unknown, ...]) -> Answer:
    return Answer(None, causes)
