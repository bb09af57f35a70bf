"""The way through a load balancer to one of its targets.

Source: Elastic Load Balancing User Guide; semantics.md, B11. The security groups of the load
balancer are not asked whether they let connections to targets out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.acl import AclFilter, acl_filter, replies
from iac_ec2lint.network.addresses import AddressSet, Family
from iac_ec2lint.network.admission import Peer, Ports
from iac_ec2lint.network.admitting import admitting, carrier_of, port_words, through_rules
from iac_ec2lint.network.approximation import Approximation
from iac_ec2lint.network.balancers import preserves_client
from iac_ec2lint.network.direct import admission_of, presence_hops
from iac_ec2lint.network.evidence import Clients, Hop
from iac_ec2lint.network.gates import Asked
from iac_ec2lint.network.hosts import Workload
from iac_ec2lint.network.load_balancing import Aimed, Entry, aimed_at, entries
from iac_ec2lint.network.ports import PortSet
from iac_ec2lint.network.subnets import subnet_addresses
from iac_ec2lint.network.ways import Explanation, Truth, conjunction, firmest, judged
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.values import Unknown

_IPV4 = Family.IPV4
"""Load balancers speak to their targets in IPv4; IPv6 target groups are taken to be alike."""


class _Judged(NamedTuple):
    """Whether one filter on the way lets a connection of the load balancer's through."""

    truth: Truth
    hops: tuple[Hop, ...]


class BalancedWay:
    """A way from the internet through a listener to one interface of a target.

    Args:
        graph: The graph.
        workload: The target.
        aimed: The listener that forwards to it.
        entry: The way to the listener.
        port: The protocol and the port of the target.
    """

    idle = False
    aside = False

    def __init__(
        self, graph: Graph, workload: Workload, aimed: Aimed, entry: Entry, port: tuple[int, int]
    ) -> None:
        self._graph = graph
        self._workload = workload
        self._aimed = aimed
        self._entry = entry
        self.port = port
        self._admission = admission_of(graph, aimed.eni)
        self._subnet = aimed.eni.site.subnet
        self._near = entry.site.subnet is self._subnet
        preserved = preserves_client(aimed.balancer, aimed.target.group)
        # A client's IPv6 address never comes to a target that has IPv4 addresses alone.
        self._preserved: Truth = False if self.family is Family.IPV6 else preserved.truth

    @property
    def via(self) -> str:
        """See ``Way``."""
        return self._aimed.balancer.resource.address

    @property
    def aimed(self) -> Aimed:
        """The listener that it leads through, and what that forwards to."""
        return self._aimed

    @property
    def family(self) -> Family:
        """See ``Way``."""
        return self._entry.way.family

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``."""
        return self._entry.way.clients & self._let_on()

    @property
    def truth(self) -> Truth:
        """See ``Way``."""
        scalars = conjunction((self._entry.way.truth, *(hop.verdict for hop in self._scalars())))
        if scalars is False:
            return False
        return conjunction((scalars, self._entry.way.enough(self.clients)))

    def explain(self) -> Explanation:
        """See ``Way``."""
        entry = self._entry.way.explain()
        rest = (*self._scalars(), *self._on_the_way())
        hops = (*entry.hops, *rest)
        if self.truth is None:
            undecided = any(hop.verdict is not True for hop in rest)
            return Explanation(hops, "possible" if undecided else entry.confidence)
        return Explanation(hops, firmest(step for hop in hops for step in hop.assumptions))

    def _scalars(self) -> Iterator[Hop]:
        yield self._aimed.target.hop
        yield from self._zone()
        yield from presence_hops(self._workload)

    def _zone(self) -> Iterator[Hop]:
        """What says that no node of the load balancer stands in the target's zone."""
        group, subnet = self._aimed.target.group, self._subnet
        if group is None or group.target_type.equals("instance").truth is not True:
            return
        zone = subnet.availability_zone if isinstance(subnet, Subnet) else None
        covered = [
            edge.target.availability_zone if isinstance(edge.target, Subnet) else None
            for edge in self._graph.targets(self._aimed.balancer.resource, "subnets")
        ]
        texts = [each.text if each is not None else None for each in covered]
        if zone is None or zone.text is None or None in texts or zone.text in texts or not texts:
            return
        fact = f"{self.via} has no subnet in {zone.text}, the zone of {subnet.address}"
        yield Hop("placement", subnet, zone.span, fact, verdict=False)

    def _let_on(self) -> Approximation[AddressSet]:
        """The clients whose connections come through to the target."""
        if self._preserved is True:
            return self._of_clients()
        every = AddressSet.everything(self.family)
        nothing = AddressSet.nothing(self.family)
        truth = conjunction(each.truth for each in self._of_balancer())
        own = Approximation(
            every if truth is True else nothing, nothing if truth is False else every
        )
        return own if self._preserved is False else Approximation.one_of(own, self._of_clients())

    def _on_the_way(self) -> Iterator[Hop]:
        if self._preserved is False:
            for each in self._of_balancer():
                yield from each.hops
            return
        way = self._entry.way
        gate = way.opening.gate
        truth = way.enough(self._let_on())
        by_group = self._by_group()
        if by_group.rules and by_group.lower.contains(self.port[1]):
            yield from through_rules(self._graph, by_group.rules, self.port, "in from")
        else:
            traffic = self._admission.traffic(self.family)
            admitted = Approximation(
                traffic.lower.sources(*self.port), traffic.upper.sources(*self.port)
            )
            carrier = carrier_of(self._aimed.eni)
            let_in = way.enough(admitted)
            yield from admitting(carrier, self._admission, gate, self.port, way.asked, let_in)
        if not self._near:
            inbound, outbound = self._acl_of_clients()
            yield from judged(inbound.hops, way.enough(inbound.addresses))
            yield from judged(outbound.hops, way.enough(outbound.addresses))
        if self._preserved is None:
            group = self._aimed.target.group or self._aimed.balancer.resource
            fact = f"whether {group.address} keeps the client's address is unknown"
            gap = Unknown(fact, "expression", group.span)
            verdict = True if truth is True else None
            yield Hop("target group", group, group.span, fact, "unknown", verdict, (gap,))

    # Where the target sees the client's address.

    def _of_clients(self) -> Approximation[AddressSet]:
        traffic = self._admission.traffic(self.family)
        by_group = self._by_group()
        every, port = AddressSet.everything(self.family), self.port[1]
        sets = Approximation(
            every if by_group.lower.contains(port) else traffic.lower.sources(*self.port),
            every if by_group.upper.contains(port) else traffic.upper.sources(*self.port),
        )
        if self._near:
            return sets
        inbound, outbound = self._acl_of_clients()
        return sets & inbound.addresses & outbound.addresses

    def _by_group(self) -> Ports:
        """The ports that are open to all that the load balancer's groups let in."""
        nowhere = AddressSet.nothing(self.family)
        peer = self._peer(self.family, nowhere)
        if not peer.groups and not peer.more:
            return Ports(PortSet(()), PortSet(()))
        return self._admission.ports_from_groups(peer, self.port[0])

    def _acl_of_clients(self) -> tuple[Clients, Clients]:
        public = self._entry.way.opening.gate.public
        inbound = acl_filter(self._graph, self._subnet, self.family, "ingress")
        back = replies(self._graph, self._subnet, self.family, self.port[0], public)
        return inbound.clients(*self.port, public), back.clients

    # Where the target sees the load balancer's address.

    def _peer(self, family: Family, addresses: AddressSet) -> Peer:
        groups = self._entry.carrier.groups
        known = frozenset(g.group for g in groups if g.group is not None and g.certain)
        return Peer(family, addresses, known, more=len(known) < len(groups))

    def _of_balancer(self) -> Iterator[_Judged]:
        near, far = self._entry.site.subnet, self._subnet
        here = subnet_addresses(self._graph, near, _IPV4).upper
        there = subnet_addresses(self._graph, far, _IPV4).upper
        yield self._groups_of_target(here)
        if self._near:
            return
        protocol, number = self.port
        graph = self._graph
        yield self._filtered(acl_filter(graph, near, _IPV4, "egress"), there, number)
        yield self._filtered(acl_filter(graph, far, _IPV4, "ingress"), here, number)
        for subnet, to in ((far, here),):
            back = replies(graph, subnet, _IPV4, protocol, to)
            yield self._covering(back.clients, to)

    def _groups_of_target(self, addresses: AddressSet) -> _Judged:
        ports = self._admission.ports_from(self._peer(_IPV4, addresses), self.port[0])
        number = self.port[1]
        eni = self._aimed.eni
        if ports.lower.contains(number):
            return _Judged(
                True, tuple(through_rules(self._graph, ports.rules, self.port, "in from"))
            )
        what = f"{port_words(self.port)} from {self.via}"
        span = next((g.value.span for g in eni.groups if g.value is not None), eni.host.span)
        if ports.upper.contains(number):
            fact = f"the groups of {eni.name} may admit {what}"
            causes = ports.causes or (self._somewhere(addresses),)
            hop = Hop("security group", eni.host, span, fact, "unknown", None, causes)
            return _Judged(None, (hop,))
        names = [g.group.address for g in eni.groups if g.group is not None]
        fact = f"no rule of {' or '.join(names) or eni.name} admits {what}"
        group = next((g.group for g in eni.groups if g.group is not None), None)
        at = group or eni.host
        return _Judged(False, (Hop("security group", at, at.span, fact, verdict=False),))

    def _filtered(self, acl: AclFilter, addresses: AddressSet, number: int) -> _Judged:
        return self._covering(acl.clients(self.port[0], number, addresses), addresses)

    def _covering(self, clients: Clients, addresses: AddressSet) -> _Judged:
        """Whether a filter lets all of some addresses through, or may let one of them through."""
        truth: Truth = False
        if clients.addresses.lower.covers(addresses):
            truth = True
        elif clients.addresses.upper.overlaps(addresses):
            truth = None
        hops = tuple(judged(clients.hops, truth))
        if truth is None and not any(hop.causes for hop in hops):
            gap = (self._somewhere(addresses),)
            hops = tuple(hop._replace(verdict=None, causes=gap) for hop in hops)
        return _Judged(truth, hops)

    def _somewhere(self, addresses: AddressSet) -> Unknown:
        """Why a filter that lets a part of some addresses through decides nothing."""
        reason = f"which address in {addresses.describe()} is meant is known after creation"
        return Unknown(reason, "computed", self._entry.site.span)


def balanced_ways(
    graph: Graph, workload: Workload, port: tuple[int, int], asked: Asked
) -> Iterator[BalancedWay]:
    """The ways to a workload on one of its ports through load balancers.

    Args:
        graph: The graph.
        workload: The workload.
        port: The protocol and the port of the workload.
        asked: Who wants to get in.
    """
    for aimed in aimed_at(graph, workload):
        number = target_port(aimed)
        if number is not None and number != port[1]:
            continue
        for entry in entries(graph, aimed.balancer, aimed.listener, asked):
            if entry.way.port[0] == port[0] and not entry.way.idle:
                yield BalancedWay(graph, workload, aimed, entry, port)


def target_port(aimed: Aimed) -> int | None:
    """The port that a listener forwards to; ``None`` where it is unknown."""
    port = aimed.target.port
    number = port.number if port is not None else aimed.listener.port.number
    return int(number) if number is not None else None


def target_ports(graph: Graph, workload: Workload) -> tuple[tuple[int, int], ...]:
    """The protocols and ports on which listeners forward to a workload, as far as known."""
    return tuple(
        dict.fromkeys(
            (protocol, number)
            for aimed in aimed_at(graph, workload)
            if (number := target_port(aimed)) is not None
            for protocol in aimed.listener.protocols
        )
    )
