"""What lies between the internet and the interfaces of a subnet, as facts and as sets of clients.

All of it is the subnet's and the groups', none of it one interface's: it is computed once for each
subnet, and once for each set of groups in it (semantics.md, A5), however many interfaces share it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from functools import cached_property
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import Answers, remembered
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.filters.network_acl import AclFilter, Replies, acl_filter, replies
from iac_ec2lint.network.routing.middleboxes import inspection
from iac_ec2lint.network.routing.routing import internet_clients
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, internet, openness
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import PortSet, exchanges
from iac_ec2lint.network.sets.traffic import Band, Bands, TrafficSet
from iac_ec2lint.network.verdicts.evidence import Clients, Fact, Hop
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.gateways import internet_gateway, public_access
from iac_ec2lint.network.vpc.own_ranges import own_ranges
from iac_ec2lint.network.vpc.subnets import inner_addresses, vpc_of
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown

_OPEN = frozenset({Openness.WORLD, Openness.BROAD})


class ClientQuery(NamedTuple):
    """The clients that a question is about.

    Attributes:
        sources: The addresses, by family; ``None``: the internet.
        which: Why it is unknown which of the addresses is meant, where that is one client's;
            ``None``: all are.
    """

    sources: tuple[AddressSet, ...] | None = None
    which: Unknown | None = None

    def clients(self, public: AddressSet) -> AddressSet:
        """The clients of the query among the internet as seen from a subnet."""
        if self.sources is None:
            return public
        own = AddressSet.nothing(public.family)
        for addresses in self.sources:
            if addresses.family is public.family:
                own |= addresses
        return own & internet(public.family)

    def enough(self, clients: AddressSet, public: AddressSet) -> bool:
        """Whether these clients suffice to call something reachable: a wide part of the internet.

        For a query for given blocks, any address of them is enough; for one client whose address is
        unknown, it takes all.
        """
        if self.which is not None:
            wanted = self.clients(public)
            return bool(wanted) and clients.covers(wanted)
        if self.sources is None:
            return bool(clients) and openness(clients, public) in _OPEN
        return bool(clients)

    def perhaps(self, clients: AddressSet, public: AddressSet) -> bool:
        """Whether clients that are perhaps admitted may suffice: of one client any address."""
        if self.which is not None:
            return clients.overlaps(self.clients(public))
        return self.enough(clients, public)


INTERNET = ClientQuery()


class InternetPath:
    """The path from the internet to a subnet, in one family.

    Attributes:
        subnet: The subnet.
        family: The family.
        public: The internet as seen from the subnet.
        gateway: N2: an internet gateway is attached to the VPC.
        access: N4: Block Public Access does not block.
        inspected: N5: nothing inspects the traffic.
        routes: N3: the clients whose answers go out by the gateway.
        inbound: N6: the filter of the network ACL inwards.
        outbound: Its filter outwards.
    """

    def __init__(self, graph: Graph, subnet: Resource, family: Family) -> None:
        self._graph = graph
        self.subnet = subnet
        self.family = family
        vpc = vpc_of(graph, subnet)
        public = internet(family)
        own = own_ranges(graph, family)
        self.public = public - own if own else public
        if vpc is not None:
            self.public -= inner_addresses(graph, vpc, family)
        self.gateway: Fact = _loosened(
            internet_gateway(graph, vpc), unknown_module_cause(graph, vpc)
        )
        self.access: Fact = public_access(graph, subnet)
        self.inspected: Fact = inspection(graph, subnet, family)
        self.routes: Clients = _rerouted(
            internet_clients(graph, subnet, family), unknown_module_cause(graph, subnet), public
        )
        self.inbound: AclFilter = acl_filter(graph, subnet, family, "ingress")
        self.outbound: AclFilter = acl_filter(graph, subnet, family, "egress")

    def through_edge_service(
        self, edge_service: Hop, *, needs_gateway: bool, is_blockable: bool
    ) -> InternetPath:
        """The way by what leads there: neither routes nor public addresses count.

        Args:
            edge_service: What leads there.
            needs_gateway: Whether it does so only where an internet gateway is attached.
            is_blockable: Whether Block Public Access stops it.
        """
        path = copy(self)
        if not is_blockable:
            path.access = Fact(True)
        if edge_service.verdict is True:
            path.routes = Clients(Approximation.exactly(self.public), (edge_service,))
            return path
        if not needs_gateway or self.gateway.truth is not False:
            path.gateway = Fact(None, (edge_service,))
        path.routes = Clients(Approximation.at_most(self.public), (edge_service,))
        return path

    def from_inside(self, clients: AddressSet) -> InternetPath:
        """The path of clients inside, which are routed here and back in other ways."""
        path = copy(self)
        path.public = clients
        path.gateway = path.access = path.inspected = Fact(True)
        path.routes = Clients(Approximation.exactly(clients))
        return path

    def replies(self, protocol: int, port: int) -> Replies:
        """N8: the clients that can be answered on a port."""
        return replies(self._graph, self.subnet, self.family, (protocol, port), self.public)


class InternetAdmission:
    """The clients that routes, network ACLs and groups all admit.

    This is the set S of semantics.md, C1, without the conditions of a single interface (N0, N1).

    Attributes:
        path: The way to the subnet.
        admission: What the groups let in.
        answers: Answers to questions about it; see ``remembered``.
    """

    def __init__(self, path: InternetPath, admission: Admission) -> None:
        self.path = path
        self.admission = admission
        self.answers: Answers = defaultdict(dict)
        self._bands: dict[int, tuple[Bands, Bands]] = {}

    @cached_property
    def traffic(self) -> Approximation[TrafficSet]:
        """What groups and the network ACL let in."""
        return self.admission.traffic(self.path.family) & self.path.inbound.traffic

    def protocols(self) -> tuple[int, ...]:
        """The protocols with rules of their own, in either direction."""
        lower, upper = self.traffic.lower, self.traffic.upper
        out = self.path.outbound.traffic.upper
        return tuple(dict.fromkeys((*lower.protocols, *upper.protocols, *out.protocols)))

    def bands(self, protocol: int) -> tuple[Bands, Bands]:
        """The clients that certainly, and that possibly, are admitted, by port."""
        found = self._bands.get(protocol)
        if found is None:
            lower: list[Band] = []
            upper: list[Band] = []
            path = self.path
            for requests, _ in exchanges(protocol):
                answered = path.replies(protocol, requests.ranges[0][0]).clients.addresses
                way = path.routes.addresses & answered
                inside = (path.public, requests)
                lower += _narrowed(self.traffic.lower.bands(protocol), way.lower, *inside)
                upper += _narrowed(self.traffic.upper.bands(protocol), way.upper, *inside)
            found = self._bands[protocol] = tuple(sorted(lower)), tuple(sorted(upper))
        return found

    def clients(self, protocol: int, port: int) -> Approximation[AddressSet]:
        """The clients that get through to one port."""
        lower, upper = self.bands(protocol)
        family = self.path.family
        return Approximation(_at(lower, port, family), _at(upper, port, family))


def _loosened(fact: Fact, module_cause: Unknown | None) -> Fact:
    """A fact that something unknown may make true."""
    if module_cause is None or fact.truth is not False:
        return fact
    hops = (
        hop._replace(verdict=None, causes=(module_cause,), origin="unknown") for hop in fact.hops
    )
    return Fact(None, tuple(hops))


def _rerouted(routes: Clients, module_cause: Unknown | None, public: AddressSet) -> Clients:
    """Routes of a subnet that something unknown may associate with another table.

    A subnet has one association at most, so that one that is written cannot be replaced.
    """
    own = any(hop.kind == "route table" and hop.origin == "explicit" for hop in routes.hops)
    if module_cause is None or own:
        return routes
    hops = (
        hop._replace(verdict=None, causes=(module_cause,), origin="unknown") for hop in routes.hops
    )
    lower = routes.addresses.lower
    return Clients(Approximation(lower, routes.addresses.upper | public), tuple(hops))


@remembered
def internet_path_of(graph: Graph, subnet: Resource, family: Family) -> InternetPath:
    """The path from the internet to a subnet; computed once."""
    return InternetPath(graph, subnet, family)


@remembered
def internet_admission_of(
    _graph: Graph, path: InternetPath, admission: Admission
) -> InternetAdmission:
    """The clients that a path and groups admit; computed once for each pair."""
    return InternetAdmission(path, admission)


def _narrowed(bands: Bands, to: AddressSet, public: AddressSet, ports: PortSet) -> Iterator[Band]:
    """Bands of ``ports`` with the public sources among ``to`` alone; those without any left out."""
    to = to & public
    for band in bands:
        sources = band.sources & to
        if sources and ports.is_everything:
            yield band._replace(sources=sources)
        elif sources:
            own = ports & PortSet(((band.lo, band.hi),))
            yield from (Band(lo, hi, sources) for lo, hi in own.ranges)


def _at(bands: Bands, port: int, family: Family) -> AddressSet:
    for band in bands:
        if band.lo <= port <= band.hi:
            return band.sources
    return AddressSet.nothing(family)
