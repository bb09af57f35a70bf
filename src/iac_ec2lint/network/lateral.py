"""Whether something inside reaches something else inside, over private IPv4 addresses.

Source: EC2 User Guide, "Security group rules"; VPC User Guide, "Network ACLs"; semantics.md, C1
("Lateral") and B12. Transit gateways and appliances between are told as undecided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.acl import acl_filter, replies
from iac_ec2lint.network.addresses import AddressSet, Family, parse_cidr
from iac_ec2lint.network.admission import Admission, Peer, admission, unfiltered
from iac_ec2lint.network.admitting import Carrier, carrier_of, port_words, through_rules
from iac_ec2lint.network.approximation import Approximation
from iac_ec2lint.network.balancers import Balancer
from iac_ec2lint.network.direct import admission_of, presence_hops
from iac_ec2lint.network.evidence import Clients, Hop
from iac_ec2lint.network.hosts import Site, Workload
from iac_ec2lint.network.load_balancing import balancer_sites
from iac_ec2lint.network.routing import Leg, toward
from iac_ec2lint.network.subnets import same_vpc, subnet_addresses, vpc_of
from iac_ec2lint.network.ways import DIRECT, Explanation, Truth, conjunction, firmest, judged
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.peering import VpcPeeringConnection, VpcPeeringConnectionAccepter
from iac_ec2lint.values import Unknown, Val

_IPV4 = Family.IPV4
_UNDECIDED_TARGETS = frozenset(
    {"transit gateway", "virtual private gateway", "VPC endpoint", "network interface", "instance"}
    | {"core network", "local gateway", "carrier gateway", "unknown"}
)


class Stand(NamedTuple):
    """An interface inside: of a workload, or of a load balancer.

    Attributes:
        carrier: What has it, with its groups.
        site: Its subnet.
        addresses: The private addresses that it may have.
        ingress: What its groups let in.
        egress: What they let out.
        there: What must be there.
    """

    carrier: Carrier
    site: Site
    addresses: AddressSet
    ingress: Admission
    egress: Admission
    there: tuple[Hop, ...]

    @property
    def peer(self) -> Peer:
        """It as the other end of a flow."""
        groups = self.carrier.groups
        known = frozenset(g.group for g in groups if g.group is not None and g.certain)
        return Peer(_IPV4, self.addresses, known, more=len(known) < len(groups))


def stands_of(graph: Graph, workload: Workload) -> tuple[Stand, ...]:
    """The interfaces of a workload, one for each subnet."""
    found = []
    for eni in workload.enis:
        given = eni.host.presence.when
        addresses = _addresses(graph, eni.site, _private_ips(eni.part, eni.host, first=eni.first))
        egress = admission(graph, eni.groups, "egress", given)
        ingress = admission_of(graph, eni)
        there = presence_hops(workload)
        found.append(Stand(carrier_of(eni), eni.site, addresses, ingress, egress, there))
    return tuple(found)


def stands_of_balancer(graph: Graph, balancer: Balancer) -> tuple[Stand, ...]:
    """The interfaces of a load balancer, one for each subnet."""
    found = []
    for site, groups in balancer_sites(graph, balancer):
        carrier = Carrier(balancer.resource.address, balancer.resource, groups)
        addresses = _addresses(graph, site, ())
        both = [
            admission(graph, groups, "ingress") if groups else unfiltered(graph, "ingress"),
            admission(graph, groups, "egress") if groups else unfiltered(graph, "egress"),
        ]
        found.append(Stand(carrier, site, addresses, both[0], both[1], ()))
    return tuple(found)


class LateralWay:
    """A way from one interface inside to another, for one port.

    Args:
        graph: The graph.
        source: Where it begins.
        target: Where it ends.
        port: The protocol and the port of the target.
    """

    via = DIRECT
    idle = False
    aside = False
    family = _IPV4

    def __init__(self, graph: Graph, source: Stand, target: Stand, port: tuple[int, int]) -> None:
        self._graph = graph
        self._source = source
        self._target = target
        self.port = port
        self._hops: tuple[Hop, ...] | None = None

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``: none of the internet's."""
        return Approximation.exactly(AddressSet.nothing(_IPV4))

    @property
    def truth(self) -> Truth:
        """See ``Way``."""
        return conjunction(hop.verdict for hop in self._all())

    def explain(self) -> Explanation:
        """See ``Way``."""
        hops = self._all()
        if self.truth is not None:
            return Explanation(hops, firmest(step for hop in hops for step in hop.assumptions))
        open_ = [hop for hop in hops if hop.verdict is None]
        switched = all(hop.kind == "workload" for hop in open_)
        return Explanation(hops, "conditional" if switched else "possible")

    def _all(self) -> tuple[Hop, ...]:
        if self._hops is None:
            self._hops = (
                *self._source.there,
                *self._groups(self._source, self._target, "out to"),
                *self._on_the_way(),
                *self._groups(self._target, self._source, "in from"),
                *self._target.there,
            )
        return self._hops

    def _groups(self, own: Stand, other: Stand, side: str) -> Iterator[Hop]:
        """What an interface's groups say of the other end."""
        admitted = own.egress if side == "out to" else own.ingress
        protocol, number = self.port
        ports = admitted.ports_from(other.peer, protocol)
        carrier = own.carrier
        span = next(
            (g.value.span for g in carrier.groups if g.value is not None), carrier.resource.span
        )
        what = f"{port_words(self.port)} {side} {other.carrier.name}"
        if ports.lower.contains(number):
            shown = tuple(through_rules(self._graph, ports.rules, self.port, side))
            fact = f"the groups of {carrier.name} let {what}"
            yield from shown or (Hop("security group", carrier.resource, span, fact, "default"),)
        elif ports.upper.contains(number):
            where = other.addresses.describe()
            reason = f"which address in {where} {other.carrier.name} has is known after creation"
            causes = ports.causes or (Unknown(reason, "computed", other.site.span),)
            fact = f"the groups of {carrier.name} may let {what}"
            yield Hop("security group", carrier.resource, span, fact, "unknown", None, causes)
        else:
            names = [g.group.address for g in carrier.groups if g.group is not None]
            group = next((g.group for g in carrier.groups if g.group is not None), None)
            at = group or carrier.resource
            fact = f"no rule of {' or '.join(names) or carrier.name} lets {what}"
            yield Hop("security group", at, at.span, fact, verdict=False)

    def _on_the_way(self) -> Iterator[Hop]:
        near, far = self._source.site.subnet, self._target.site.subnet
        if near is far:
            return
        yield from self._routes()
        here, there = self._source.addresses, self._target.addresses
        protocol, number = self.port
        graph = self._graph
        out = acl_filter(graph, near, _IPV4, "egress").clients(protocol, number, there)
        into = acl_filter(graph, far, _IPV4, "ingress").clients(protocol, number, here)
        yield from _covering(out, there, self._target.site)
        yield from _covering(into, here, self._source.site)
        back = replies(graph, far, _IPV4, protocol, here).clients
        yield from _covering(back, here, self._source.site)

    def _routes(self) -> Iterator[Hop]:
        near, far = self._source, self._target
        own, other = vpc_of(self._graph, near.site.subnet), vpc_of(self._graph, far.site.subnet)
        name = f"{near.carrier.name} and {far.carrier.name}"
        resource, span = near.site.subnet, near.site.span
        if own is None or other is None:
            gaps = tuple(
                _gap(stand.site) for stand, vpc in ((near, own), (far, other)) if vpc is None
            )
            fact = f"nobody knows whether {name} stand in one VPC"
            yield Hop("route", resource, span, fact, "unknown", None, gaps)
        elif other in same_vpc(self._graph, own) or own in same_vpc(self._graph, other):
            yield Hop("route", resource, span, f"{name} stand in {own.address}", "default")
        else:
            yield from self._between(near, far)
            yield from self._between(far, near)

    def _between(self, near: Stand, far: Stand) -> Iterator[Hop]:
        """What the routes of one VPC say of addresses of another."""
        subnet = near.site.subnet
        legs = toward(self._graph, subnet, _IPV4, far.addresses)
        known = [leg for leg in legs if leg.target.kind == "peering connection"]
        lower = AddressSet.union(_IPV4, (leg.addresses.lower for leg in known))
        if lower.covers(far.addresses) and known:
            for leg in known:
                yield leg.hop._replace(verdict=True)
                yield from _accepted(self._graph, leg)
            return
        maybe = [leg for leg in legs if leg.target.kind in _UNDECIDED_TARGETS] + known
        if maybe:
            reason = f"what lies behind {maybe[0].hop.fact} is not judged"
            for leg in maybe:
                gaps = leg.hop.causes or (Unknown(reason, "expression", leg.hop.span),)
                yield leg.hop._replace(verdict=None, causes=gaps, origin="unknown")
            return
        fact = f"no route of {subnet.address} leads to {far.carrier.name}"
        yield Hop("route", subnet, subnet.span, fact, "default", False)


def lateral_ways(
    graph: Graph, sources: Sequence[Stand], targets: Sequence[Stand], port: tuple[int, int]
) -> Iterator[LateralWay]:
    """The ways from some interfaces to others on one port."""
    for source in sources:
        for target in targets:
            yield LateralWay(graph, source, target, port)


def lateral_ports(
    sources: Sequence[Stand], targets: Sequence[Stand]
) -> dict[int, list[tuple[int, int]]]:
    """The port ranges of each protocol that the targets' groups may let the sources in on."""
    found: dict[int, list[tuple[int, int]]] = {}
    for target in targets:
        protocols = {-1, *(p for rule in target.ingress.rules for p in rule.read.upper)}
        for protocol in protocols:
            for source in sources:
                ports = target.ingress.ports_from(source.peer, protocol)
                ranges = found.setdefault(protocol, [])
                ranges += [*ports.lower.ranges, *ports.upper.ranges]
    return {protocol: ranges for protocol, ranges in sorted(found.items()) if ranges}


def _addresses(graph: Graph, site: Site, written: Sequence[Val]) -> AddressSet:
    """The private addresses that an interface may have: what is written, else its subnet's."""
    parsed = [parse_cidr(value.text) for value in written if value.text is not None]
    blocks = [block.addresses for block in parsed if block is not None and block.family is _IPV4]
    if written and len(blocks) == len(written):
        return AddressSet.union(_IPV4, blocks)
    return subnet_addresses(graph, site.subnet, _IPV4).upper


def _private_ips(part: object, host: object, *, first: bool) -> tuple[Val, ...]:
    own: tuple[Val, ...] = getattr(part, "private_ips", ())
    return (*own, *getattr(host, "private_ip", ())) if first else own


def _covering(clients: Clients, addresses: AddressSet, site: Site) -> Iterator[Hop]:
    """Whether a network ACL lets all of some addresses through, or may let one of them through."""
    truth: Truth = False
    if clients.addresses.lower.covers(addresses):
        truth = True
    elif clients.addresses.upper.overlaps(addresses):
        truth = None
    reason = f"which address in {addresses.describe()} is meant is known after creation"
    for hop in judged(clients.hops, truth):
        if hop.verdict is None and not hop.causes:
            yield hop._replace(causes=(Unknown(reason, "computed", site.span),))
        else:
            yield hop


def _accepted(graph: Graph, leg: Leg) -> Iterator[Hop]:
    """What says that a peering connection is in use."""
    node: Resource | None = leg.target.node
    if isinstance(node, VpcPeeringConnectionAccepter):
        node = graph.only(node, "peering_connection", VpcPeeringConnection) or node
    kind = "peering connection"
    if isinstance(node, VpcPeeringConnection):
        accepters = [
            edge.source
            for edge in graph.sources(node, "peering_connection")
            if isinstance(edge.source, VpcPeeringConnectionAccepter)
        ]
        stack = node.declared.language == "cloudformation" and node.peer_owner is None
        if stack or accepters or node.auto_accept.is_true().truth is True:
            yield Hop(kind, node, node.span, f"{node.address} is accepted")
            return
    where = node.span if node is not None else leg.hop.span
    name = node.address if node is not None else "the peering connection"
    gap = Unknown(f"whether {name} is accepted is not in the source", "external-id", where)
    resource = node if node is not None else leg.hop.resource
    yield Hop(kind, resource, where, f"{name} may be accepted", "unknown", None, (gap,))


def _gap(site: Site) -> Unknown:
    if site.gap is not None:
        return site.gap
    return Unknown(f"{site.subnet.address} is declared elsewhere", "external-id", site.span)
