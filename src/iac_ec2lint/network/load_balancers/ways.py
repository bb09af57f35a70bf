"""A way through a load balancer to one of its targets, or to a load balancer behind it.

The load balancer makes a connection of its own to the target: its groups must let that out, those
of the target must let it in, and the network ACLs of both subnets let it through, and the answers
on a port that it picks. Source: Elastic Load Balancing User Guide; semantics.md, B11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.forwarding import Forwarding
from iac_ec2lint.network.entry.gateway_ways import WayIn, are_few, no_common_clients_hop
from iac_ec2lint.network.entry.group_hops import GroupHolder, admitting, port_words, through_rules
from iac_ec2lint.network.entry.internet_paths import ClientQuery, InternetPath
from iac_ec2lint.network.entry.listeners import ListenerEntry, balancer_admission
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.filters.attached_rules import AttachedGroup, Peer, Ports
from iac_ec2lint.network.filters.network_acl import acl_filter, replies
from iac_ec2lint.network.hosts.balancers import OWN_PORTS, crosses_zones, preserves_client
from iac_ec2lint.network.hosts.workloads import Placement
from iac_ec2lint.network.inside.lateral import ports_from
from iac_ec2lint.network.routing.crossings import AclPassage, crossing
from iac_ec2lint.network.routing.network_acl_crossings import acl_hops
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import PortSet
from iac_ec2lint.network.verdicts.evidence import Clients, Hop
from iac_ec2lint.network.verdicts.ways import (
    DIRECT,
    Explanation,
    Truth,
    conjunction,
    firmest,
    judged,
)
from iac_ec2lint.network.vpc.subnets import subnet_addresses, vpc_of
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import NO, Confidence, Unknown, Val

if TYPE_CHECKING:
    from iac_ec2lint.resources.part import Resource

_IPV4 = Family.IPV4
"""Load balancers have IPv4 addresses, and connect over IPv4 to targets of no IPv6 group."""


class Receiver(NamedTuple):
    """The interface that a way ends at: of a workload, or of a load balancer.

    Attributes:
        holder: The resource that has it, with its groups.
        placement: Its subnet.
        admission: What its groups let in.
        preconditions: The hops for what must exist.
        addresses: The IPv4 addresses that it may have.
    """

    holder: GroupHolder
    placement: Placement
    admission: Admission
    preconditions: tuple[Hop, ...]
    addresses: AddressSet


class _Judged(NamedTuple):
    """Whether one filter on the way lets a connection of the load balancer's through."""

    truth: Truth
    hops: tuple[Hop, ...]


class BalancedWay:
    """A way from the internet through a listener to one interface of a target.

    Args:
        graph: The graph.
        forwarding: The listener, and what it forwards to.
        receiver: The interface of that.
        entry: The way to the listener.
        port: The protocol and the port of the target.
    """

    is_family_unused = False
    is_secondary = False

    def __init__(
        self,
        graph: Graph,
        forwarding: Forwarding,
        receiver: Receiver,
        entry: ListenerEntry,
        port: tuple[int, int],
    ) -> None:
        self._graph = graph
        self._receiver = receiver
        self._entry = entry
        self.forwarding = forwarding
        self.port = port
        self.preconditions = receiver.preconditions
        self._subnet = receiver.placement.subnet
        self._near = entry.placement.subnet is self._subnet
        self._passed: Approximation[AddressSet] | None = None
        self._truth: Truth | Literal["unasked"] = "unasked"
        preserved = preserves_client(forwarding.balancer, forwarding.target.group)
        group = forwarding.target.group
        over_ipv6 = NO if group is None else group.ip_address_type.equals("ipv6")
        self._family_gaps = over_ipv6.causes if over_ipv6.truth is None else ()
        self._legs = self._possible_legs(over_ipv6.truth)
        # A client's address reaches no target that has only addresses of the other family.
        hidden = entry.is_masked or self.family not in self._legs
        self._preserved: Truth = False if hidden else preserved.truth
        if self._preserved and len(self._legs) > 1:
            self._preserved = None

    @property
    def preserved(self) -> Truth:
        """Whether the target sees the client's address in place of the load balancer's."""
        return self._preserved

    @property
    def via(self) -> str:
        """See ``Way``."""
        return self.forwarding.balancer.resource.address

    @property
    def front(self) -> WayIn:
        """The way to its listener."""
        return self._entry.way

    @property
    def listener(self) -> int | None:
        """The port that the listener listens on; ``None`` where it is unknown."""
        number = self.forwarding.listener.port.number
        return None if number is None else int(number)

    @property
    def family(self) -> Family:
        """See ``Way``."""
        return self._entry.way.family

    @property
    def query(self) -> ClientQuery:
        """See ``WayIn``."""
        return self._entry.way.query

    @property
    def path(self) -> InternetPath:
        """See ``WayIn``."""
        return self._entry.way.path

    def enough(self, clients: Approximation[AddressSet]) -> Truth:
        """See ``WayIn``."""
        return self._entry.way.enough(clients)

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``."""
        asking, passing = self._asking(), self._entry.way.clients & self._let_on()
        return passing if asking.lower.is_everything else passing & asking

    @property
    def truth(self) -> Truth:
        """See ``Way``: computed once."""
        if self._truth == "unasked":
            known = conjunction(self._scalars())
            self._truth = False if known is False else conjunction((known, self._enough()))
        return self._truth

    def _scalars(self) -> Iterator[Truth]:
        yield self._entry.way.truth
        for hop in self._conditions():
            yield hop.verdict

    def _enough(self) -> Truth:
        return self._entry.way.enough(self.clients)

    def explain(self) -> Explanation:
        """See ``Way``."""
        entry = _explained(self._graph, self._entry.way)
        rest = (*self._conditions(), *self._requests(), *self._on_the_way())
        hops = (*entry.hops, *rest)
        if self.truth is False and all(hop.verdict is True for hop in hops):
            groups = [hop for hop in hops if hop.kind == "security group"]
            hops = (*hops, no_common_clients_hop((*groups, hops[-1])[0]))
        if self.truth is None:
            return Explanation(hops, self._confidence(entry, rest))
        return Explanation(hops, firmest(step for hop in hops for step in hop.assumptions))

    def _confidence(self, entry: Explanation, rest: tuple[Hop, ...]) -> Confidence:
        """The confidence where it is undecided: that of the way in, unless more is behind it."""
        open_ = [hop for hop in rest if hop.verdict is None]
        if not all(map(_is_switch, open_)):
            return Confidence.POSSIBLE
        if self._entry.way.truth is None:
            return entry.confidence
        return Confidence.CONDITIONAL if open_ else Confidence.POSSIBLE

    def _conditions(self) -> Iterator[Hop]:
        target = self.forwarding.target
        yield target.hop
        if target.guard is not None:
            yield target.guard
        if target.requests.secret is not None:
            yield target.requests.secret
        yield from self._forwarded_port()
        yield from self._leg_family()
        yield from self._zone()
        yield from self._routes().hops
        yield from self.preconditions

    def _forwarded_port(self) -> Iterator[Hop]:
        """The hop for a target port that is unknown."""
        port, where = self.forwarding.port, self.forwarding.target.hop.resource
        if isinstance(port, Unknown):
            fact = f"which port {where.address} forwards to is not known"
            yield Hop("placement", where, port.span, fact, "unknown", None, (port,))

    def _possible_legs(self, over_ipv6: Truth) -> tuple[Family, ...]:
        """The families in which the load balancer may connect to the target."""
        if over_ipv6 is not None:
            return (Family.IPV6 if over_ipv6 else _IPV4,)
        ends = (self._entry.placement.subnet, self._subnet)
        over = Family.IPV6
        addressed = all(subnet_addresses(self._graph, end, over).upper for end in ends)
        return (_IPV4, over) if addressed else (_IPV4,)

    def _either(self, judge: Callable[[Family], _Judged]) -> _Judged:
        """What holds in the family of the targets; undecided where that makes a difference."""
        found = [judge(leg) for leg in self._legs]
        if all(each.truth is found[0].truth for each in found):
            return found[0]
        hops = (hop for each in found for hop in each.hops if hop.verdict is not True)
        return _Judged(None, tuple(hop.in_doubt(*self._family_gaps) for hop in hops))

    def _routes(self) -> _Judged:
        """The routes to the target and back: to another VPC, or past an appliance."""
        return self._either(self._routes_over)

    def _routes_over(self, leg: Family) -> _Judged:
        near, far = self._entry.placement.subnet, self._subnet
        there = subnet_addresses(self._graph, far, leg).upper
        hops = tuple(crossing(self._graph, near, far, self._here(leg), there).hops)
        return _Judged(conjunction(hop.verdict for hop in hops), hops)

    def _leg_family(self) -> Iterator[Hop]:
        """The hop for a target group of which nobody knows whether it is one of IPv6."""
        group = self.forwarding.target.group
        if group is not None and self._family_gaps:
            fact = f"whether {group.address} has IPv6 targets is unknown"
            span = group.ip_address_type.span
            yield Hop("target group", group, span, fact, "unknown", None, self._family_gaps)

    def _zone(self) -> Iterator[Hop]:
        """The hops for the target's zone: that no node is there, or none sends requests there."""
        elsewhere = self._is_in_another_vpc()
        registered = self.forwarding.target.zone
        for hop in self._zone_of(registered, elsewhere=elsewhere is True):
            if elsewhere is None and registered is not None and hop.verdict is False:
                words = f"whether {self._subnet.address} is in the load balancer's VPC is not known"
                yield hop.in_doubt(Unknown(words, "expression", registered.span))
            else:
                yield hop

    def _zone_of(self, registered: Val | None, *, elsewhere: bool) -> Iterator[Hop]:
        group, subnet, near = (
            self.forwarding.target.group,
            self._subnet,
            self._entry.placement.subnet,
        )
        zone = subnet.availability_zone if isinstance(subnet, Subnet) else None
        if elsewhere:
            # By an address of another VPC it is registered for a zone, or for all of them.
            zone = registered
        if zone is None or zone.text in (None, "all"):
            return
        own = near.availability_zone if isinstance(near, Subnet) else None
        if own is not None and own.text == zone.text:
            return
        behind = group is not None and group.target_type.equals("alb").may_be_true
        crosses = crosses_zones(self.forwarding.balancer, group)
        if own is not None and own.text is not None and not behind:
            verb = "does not send" if crosses.truth is False else "may not send"
            fact = f"{self.via} {verb} what comes to {own.text} to targets in {zone.text}"
            hop = Hop("placement", subnet, zone.span, fact, verdict=False)
            if crosses.truth is None:
                yield hop._replace(verdict=None, causes=crosses.causes, origin="unknown")
            elif crosses.truth is False:
                yield hop._replace(assumptions=crosses.assumptions)
        if group is None or behind or elsewhere or not self._lacks_node(zone):
            return
        fact = f"{self.via} has no subnet in {zone.text}, the zone of {subnet.address}"
        hop = Hop("placement", subnet, zone.span, fact, verdict=False)
        network = self.forwarding.balancer.is_network
        if (network & crosses).may_be_true:
            words = (
                "whether such a load balancer that crosses zones serves it is documented both ways"
            )
            hop = hop.in_doubt(Unknown(words, "expression", zone.span))
        yield hop

    def _is_in_another_vpc(self) -> Truth:
        """Whether the target stands in another VPC than the load balancer."""
        near, far = self._entry.placement.subnet, self._subnet
        if near == far:
            return False
        vpcs = {vpc_of(self._graph, end) for end in (near, far)}
        return None if None in vpcs else len(vpcs) > 1

    def _lacks_node(self, zone: Val) -> bool:
        """Whether the load balancer has no subnet in a zone."""
        covered = [
            edge.target.availability_zone if isinstance(edge.target, Subnet) else None
            for edge in self._graph.targets(self.forwarding.balancer.resource, "subnets")
        ]
        texts = [each.text if each is not None else None for each in covered]
        return bool(texts) and None not in texts and zone.text not in texts

    def _asking(self) -> Approximation[AddressSet]:
        """The clients whose requests the listener forwards to the target."""
        clients, way = self.forwarding.target.requests.clients, self._entry.way
        if not isinstance(way, BalancedWay):
            # What an edge service puts in the client's place is not judged.
            hidden = way.via != DIRECT
            every = self._everybody(True)
            own = clients[self.family]
            return Approximation.one_of(own, every) if hidden and own.upper else own
        if way.preserved is True:
            return clients[self.family]
        # A listener behind another load balancer that hides clients sees that one's address.
        here = subnet_addresses(self._graph, way.path.subnet, _IPV4).upper
        seen = self._everybody(_reached(clients[_IPV4], here))
        return seen if way.preserved is False else Approximation.one_of(seen, clients[self.family])

    def _requests(self) -> Iterator[Hop]:
        """The hops for the requests that the listener forwards to the target."""
        requests = self.forwarding.target.requests
        truth = self.enough(self._asking())
        hops = requests.limits if truth is True else (*requests.limits, *requests.earlier)
        known = not any(hop.causes for hop in hops)
        for hop in judged(hops, truth):
            if truth is None and known:
                # One address of a load balancer in front is seen, and nobody knows which.
                here = subnet_addresses(self._graph, self._entry.way.path.subnet, _IPV4).upper
                yield hop._replace(causes=(_somewhere(here, hop.span),))
            else:
                yield hop

    def _let_on(self) -> Approximation[AddressSet]:
        """The clients whose connections the target receives."""
        if self._passed is None:
            self._passed = self._passing()
        return self._passed

    def _passing(self) -> Approximation[AddressSet]:
        leaving = self._everybody(self._groups_of_balancer().truth)
        if self._preserved is True:
            return leaving & self._of_clients()
        own = self._everybody(conjunction(each.truth for each in self._of_balancer()))
        if self._preserved is None:
            own = Approximation.one_of(own, self._of_clients())
        return leaving & own

    def _everybody(self, truth: Truth) -> Approximation[AddressSet]:
        """All clients or none of them, by a fact that is the same for all."""
        every, nothing = AddressSet.everything(self.family), AddressSet.nothing(self.family)
        return Approximation(
            every if truth is True else nothing, nothing if truth is False else every
        )

    def _on_the_way(self) -> Iterator[Hop]:
        yield from self._groups_of_balancer().hops
        if self._preserved is False:
            for each in self._of_balancer():
                yield from each.hops
            return
        way = self._entry.way
        path = way.path
        truth = way.enough(self._let_on())
        by_group = self._by_group()
        if by_group.rules and by_group.lower.contains(self.port[1]):
            yield from through_rules(self._graph, by_group.rules, self.port, "in from")
        else:
            let_in = way.enough(self._admitted())
            to = self._receiver
            yield from admitting(to.holder, to.admission, path, self.port, way.query, let_in)
        if not self._near:
            inbound, outbound = self._acl_of_clients()
            yield from judged(inbound.hops, way.enough(inbound.addresses))
            yield from judged(outbound.hops, way.enough(outbound.addresses))
        if self._preserved is None:
            group = self.forwarding.target.group or self.forwarding.balancer.resource
            fact = f"whether {group.address} keeps the client's address is unknown"
            gap = Unknown(fact, "expression", group.span)
            verdict = True if truth is True else None
            yield Hop("target group", group, group.span, fact, "unknown", verdict, (gap,))

    # Where the target sees the client's address.

    def _of_clients(self) -> Approximation[AddressSet]:
        admitted, by_group = self._admitted(), self._by_group()
        every, port = AddressSet.everything(self.family), self.port[1]
        sets = Approximation(
            every if by_group.lower.contains(port) else admitted.lower,
            every if by_group.upper.contains(port) else admitted.upper,
        )
        if self._near:
            return sets
        inbound, outbound = self._acl_of_clients()
        return sets & inbound.addresses & outbound.addresses

    def _admitted(self) -> Approximation[AddressSet]:
        """The clients whom the target's groups let in by their addresses.

        A block of a VPC, or one address, that is not known lets in too few to count.
        """
        admission, way = self._receiver.admission, self._entry.way
        traffic = admission.traffic(self.family)
        sure = traffic.lower.sources(*self.port)
        if are_few(admission, self.port, way.query, way.path.public):
            return Approximation.exactly(sure)
        return Approximation(sure, traffic.upper.sources(*self.port))

    def _by_group(self) -> Ports:
        """The ports that are open to all that the load balancer's groups let in."""
        nowhere = AddressSet.nothing(self.family)
        peer = self._peer(self.family, nowhere)
        if not peer.groups and not peer.more:
            return Ports(PortSet(()), PortSet(()))
        return self._receiver.admission.ports_from_groups(peer, self.port[0])

    def _acl_of_clients(self) -> tuple[Clients, Clients]:
        """What the network ACL of the target's subnet lets in and out."""
        public = self._entry.way.path.public
        return _acl_of_clients(self._graph, self._subnet, self.family, self.port, public)

    # Where the target sees the load balancer's address.

    def _peer(self, family: Family, addresses: AddressSet) -> Peer:
        return peer_of(self._entry.holder.groups, family, addresses)

    def _of_balancer(self) -> Iterator[_Judged]:
        yield self._either(self._groups_of_target)
        if not self._near:
            yield self._either(self._acls)

    def _acls(self, leg: Family) -> _Judged:
        near, far = self._entry.placement.subnet, self._subnet
        ends = (self._here(leg), self._there(leg))
        return _acls_between(self._graph, near, far, ends, self.port)

    def _here(self, leg: Family) -> AddressSet:
        """The addresses that the load balancer may connect from in a family."""
        return subnet_addresses(self._graph, self._entry.placement.subnet, leg).upper

    def _there(self, leg: Family) -> AddressSet:
        """The addresses that the target may have in a family."""
        if leg is _IPV4:
            return self._receiver.addresses
        return subnet_addresses(self._graph, self._subnet, leg).upper

    def _groups_of_balancer(self) -> _Judged:
        """Whether the load balancer's groups let its connection to the target out."""
        return self._either(self._groups_of_balancer_over)

    def _groups_of_balancer_over(self, leg: Family) -> _Judged:
        entry, to = self._entry, self._receiver
        admitted = balancer_admission(self._graph, self.forwarding.balancer, entry.holder, "egress")
        if admitted.unfiltered:
            return _Judged(True, ())
        subnet = self._subnet if leg is _IPV4 else None
        peer = peer_of(to.holder.groups, leg, self._there(leg), subnet)
        what = f"{port_words(self.port)} out to {to.holder.name}"
        return self._by_groups(entry.holder, admitted, peer, what, "out to")

    def _groups_of_target(self, leg: Family) -> _Judged:
        """Whether the target's groups let the load balancer's connection in."""
        to, peer = self._receiver, self._peer(leg, self._here(leg))
        if leg is _IPV4:
            peer = peer._replace(subnet=self._entry.placement.subnet)
        what = f"{port_words(self.port)} in from {self.via}"
        return self._by_groups(to.holder, to.admission, peer, what, "in from")

    def _by_groups(
        self, holder: GroupHolder, admitted: Admission, peer: Peer, what: str, side: str
    ) -> _Judged:
        """Whether the groups of one end let the connection through, by the other end."""
        ports = ports_from(self._graph, admitted, peer, self.port[0])
        number, of = self.port[1], peer.addresses
        if ports.lower.contains(number):
            hops = tuple(through_rules(self._graph, ports.rules, self.port, side, of))
            return _Judged(True, hops)
        span = next(
            (g.value.span for g in holder.groups if g.value is not None), holder.resource.span
        )
        if ports.upper.contains(number):
            fact = f"the groups of {holder.name} may let {what}"
            causes = ports.causes or ((_somewhere(of, span),) if of is not None else ())
            hop = Hop("security group", holder.resource, span, fact, "unknown", None, causes)
            return _Judged(None, (hop,))
        names = [g.group.address for g in holder.groups if g.group is not None]
        fact = f"no rule of {' or '.join(names) or holder.name} lets {what}"
        group = next((g.group for g in holder.groups if g.group is not None), None)
        at = group or holder.resource
        return _Judged(False, (Hop("security group", at, at.span, fact, verdict=False),))


@remembered
def _acl_of_clients(
    graph: Graph, subnet: Resource, family: Family, port: tuple[int, int], public: AddressSet
) -> tuple[Clients, Clients]:
    """The clients that the network ACL of a subnet lets in and out; the same for all targets."""
    inbound = acl_filter(graph, subnet, family, "ingress")
    back = replies(graph, subnet, family, port, public)
    return inbound.clients(*port, public), back.clients


@remembered
def _acls_between(
    graph: Graph,
    near: Resource,
    far: Resource,
    addresses: tuple[AddressSet, AddressSet],
    port: tuple[int, int],
) -> _Judged:
    """What network ACLs say of a load balancer's connection; the same for all targets there.

    Args:
        graph: The graph.
        near: The load balancer's subnet.
        far: The target's subnet.
        addresses: The addresses that the load balancer may have, and the target.
        port: The protocol and the port of the target.
    """
    here, there = addresses
    passages = (
        AclPassage((near,), "egress", there),
        AclPassage((far,), "ingress", here),
        AclPassage((far,), "egress", here, answers=True),
        AclPassage((near,), "ingress", there, answers=True),
    )
    hops = acl_hops(graph, passages, port, OWN_PORTS)
    return _Judged(conjunction(hop.verdict for hop in hops), hops)


def _reached(some: Approximation[AddressSet], addresses: AddressSet) -> Truth:
    """Whether addresses are all among some others; ``None``: some of them are, or may be."""
    if some.lower.covers(addresses):
        return True
    return None if some.upper.overlaps(addresses) else False


def _somewhere(addresses: AddressSet, span: Span) -> Unknown:
    """Why a filter that lets a part of some addresses through decides nothing."""
    reason = f"which address in {addresses.describe()} is meant is known after creation"
    return Unknown(reason, "computed", span)


@remembered
def _explained(
    _graph: Graph,
    way: WayIn,
) -> Explanation:
    """What says whether a listener is reached: the same for all that is behind it."""
    return way.explain()


def _is_switch(hop: Hop) -> bool:
    """Whether an undecided hop depends only on whether something exists (N0)."""
    switch = hop.resource.presence.cause
    if hop.kind == "workload":
        return True
    return switch is not None and {cause.reason for cause in hop.causes} == {switch.reason}


def peer_of(
    groups: tuple[AttachedGroup, ...],
    family: Family,
    addresses: AddressSet | None = None,
    subnet: Resource | None = None,
) -> Peer:
    """A load balancer as the other end of a flow, by the groups that it carries."""
    return Peer.carrying(groups, family, addresses, subnet)
