"""All ways from something inside to something else.

Over private addresses it is ``inside.lateral``, through load balancers and endpoint services
``load_balancers.from_inside``. Whoever gets out to the internet is a client of the internet too: it
reaches what is public there, in the same VPC or in another, by its public address or by that of its
NAT gateway. Which address that is, is known after creation, unless a rule names the very one.

Source: EC2 User Guide, "Amazon EC2 instance IP addressing"; VPC User Guide, "NAT gateways";
semantics.md, C1 ("Over the internet").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.forwarding import ForwardedInterface, forwarded_interfaces
from iac_ec2lint.network.entry.gateway_ways import GatewayWay, WayIn
from iac_ec2lint.network.entry.group_hops import port_words
from iac_ec2lint.network.entry.internet_paths import ClientQuery
from iac_ec2lint.network.entry.listeners import ListenerEntry
from iac_ec2lint.network.entry.public_interfaces import admission_of, direct_ways
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.hosts.balancers import Balancer
from iac_ec2lint.network.hosts.workloads import Workload
from iac_ec2lint.network.inside.interfaces import workload_ends
from iac_ec2lint.network.inside.lateral import lateral_ways
from iac_ec2lint.network.inside.lattice import lattice_ways
from iac_ec2lint.network.inside.outbound import (
    OutboundWay,
    Sender,
    outbound_ways,
    outside_names,
)
from iac_ec2lint.network.load_balancers.chained import balancer_ways
from iac_ec2lint.network.load_balancers.from_inside import entries_from, ways_to_no_listener
from iac_ec2lint.network.load_balancers.to_workloads import balanced_ways, ways_behind
from iac_ec2lint.network.load_balancers.ways import BalancedWay
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import ALL, TCP, PortSet
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import (
    DIRECT,
    Explanation,
    Truth,
    Way,
    conjunction,
    firmest,
)
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Confidence, Reference, Unknown, Val

INTERNET_WAY = "internet"
"""What ``via`` says of a way over the internet that no load balancer is on."""
_PUBLIC_IP = frozenset({"public_ip", "PublicIp", "Ref"})
"""The attributes of Elastic IP addresses, NAT gateways and instances that are their address."""


class OnwardWay:
    """A way from inside that ends with a way from a listener on, or from the internet.

    Args:
        way: The way that it ends with.
        which: Why it is unknown which address the client has there.
        outbound: The way out to the internet that it begins with, if it does.
    """

    is_family_unused = False
    is_secondary = True  # what is closed inside says more

    def __init__(
        self,
        way: Way,
        which: Unknown,
        outbound: tuple[OutboundWay, tuple[int, int] | None] | None = None,
    ) -> None:
        self._way = way
        self._which = which
        self._outbound = outbound

    @property
    def via(self) -> str:
        """See ``Way``."""
        if self._outbound is not None and self._way.via == DIRECT:
            return INTERNET_WAY
        return self._way.via

    @property
    def is_named(self) -> bool:
        """Whether a rule at its end names the very address that the client is seen by."""
        return self._named is not None

    @property
    def family(self) -> Family:
        """See ``Way``."""
        return self._way.family

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``: none of the internet's."""
        return Approximation.exactly(AddressSet.nothing(self.family))

    @property
    def truth(self) -> Truth:
        """See ``Way``."""
        if self._outbound is None:
            return self._way.truth
        outbound, port = self._outbound
        begun = outbound.truth(port)
        return False if begun is False else conjunction((begun, self._onward()))

    def explain(self) -> Explanation:
        """See ``Way``."""
        hops = tuple(self._onward_hops())
        if self._outbound is not None:
            outbound, port = self._outbound
            hops = (*outbound.hops(port), *hops)
        if self.truth is not None:
            return Explanation(hops, firmest(step for hop in hops for step in hop.assumptions))
        return Explanation(hops, Confidence.POSSIBLE)

    def _onward(self) -> Truth:
        """Whether the client gets from the internet to the end, by the very address it has."""
        truth = self._way.truth
        return True if truth is None and self._named is not None else truth

    def _onward_hops(self) -> Iterator[Hop]:
        named = self._named
        for hop in self._way.explain().hops:
            if hop.verdict is not None:
                yield hop
            elif named is None:
                yield hop if hop.causes else hop._replace(causes=(self._which,))
        if named is not None:
            yield named

    @cached_property
    def _named(self) -> Hop | None:
        """The rule that names the address the client is seen by, if nothing else is undecided."""
        way = self._way
        if self._outbound is None or not isinstance(way, GatewayWay) or way.truth is not None:
            return None
        others = (hop for hop in way.explain().hops if hop.kind != "security group")
        if not all(hop.verdict is True for hop in others):
            return None
        seen = {one.address for one in self._outbound[0].seen_as}
        protocol, number = way.port
        for rule in way.internet_admission.admission.rules:
            on = (ports for key, ports in rule.read.lower.items() if key in (protocol, ALL))
            if not rule.firm or not any(ports.contains(number) for ports in on):
                continue
            for source in rule.read.sources:
                named = _address_of(source.place.value)
                if named in seen:
                    what = f"{port_words(way.port)} from the address of {named}"
                    fact = f"{rule.read.resource.address} admits {what}"
                    span = source.place.span
                    return Hop("security group", rule.read.resource, span, fact)
        return None


def _address_of(value: Val | None) -> str | None:
    """The resource whose address, and nothing more, a rule has as its source, if it is one."""
    if not isinstance(value, Unknown) or len(value.parts) != 2 or value.parts[1] != "/32":
        return None
    part = value.parts[0]
    if not isinstance(part, Reference) or part.attribute not in _PUBLIC_IP:
        return None
    return part.target


def ways_between(
    graph: Graph, senders: Sequence[Sender], target: Workload | Balancer, port: tuple[int, int]
) -> Iterator[Way]:
    """All ways from some interfaces to a workload or a load balancer, on one port.

    Args:
        graph: The graph.
        senders: The interfaces where they begin.
        target: Where they end.
        port: The protocol and the port.
    """
    yield from ways_inside(graph, senders, target, port)
    yield from ways_over_the_internet(graph, senders, target, port)


def ways_inside(
    graph: Graph, senders: Sequence[Sender], target: Workload | Balancer, port: tuple[int, int]
) -> Iterator[Way]:
    """The ways of ``ways_between`` that do not leave by the internet."""
    if isinstance(target, Workload):
        yield from _to_workload(graph, senders, target, port)
    else:
        yield from _to_balancer(graph, senders, target, port)
    # A target's groups let VPC Lattice in, or nobody on that port.
    closed = isinstance(target, Workload) and not any(
        admission_of(graph, eni).may_admit(*port) for eni in target.enis
    )
    if not closed:
        yield from lattice_ways(graph, senders, target.resource, _standing(graph, target))


def _standing(graph: Graph, target: Workload | Balancer) -> set[Resource | None]:
    """The VPCs that a host or a load balancer may stand in."""
    if isinstance(target, Workload):
        return {vpc_of(graph, eni.placement.subnet) for eni in target.enis}
    edges = graph.targets(target.resource, "subnets")
    return {None if edge.target is None else vpc_of(graph, edge.target) for edge in edges}


def ways_over_the_internet(
    graph: Graph, senders: Sequence[Sender], target: Workload | Balancer, port: tuple[int, int]
) -> Iterator[OnwardWay]:
    """The other ones, which come in again from there."""
    for sender in senders:
        yield from _over_the_internet(graph, sender, target, port)


def ways_around(
    graph: Graph, senders: Sequence[Sender], target: Workload, port: tuple[int, int]
) -> Iterator[Way]:
    """The ways to a workload that are not direct, as far as they are meant for the sender.

    Those through load balancers and endpoint services, and over the internet those that a rule
    names the sender's own address for.

    Args:
        graph: The graph.
        senders: The interfaces where they begin.
        target: Where they end.
        port: The protocol and the port.
    """
    if forwarded_interfaces(graph, target):
        yield from _through_balancers(graph, senders, target, port)
    named = {name for name, _ in named_addresses(graph, target)}
    for sender in senders if named else ():
        if named.isdisjoint(outside_names(graph, sender)):
            continue
        for way in _over_the_internet(graph, sender, target, port):
            if way.is_named:
                yield way


def named_addresses(graph: Graph, workload: Workload) -> Iterator[tuple[str, PortSet]]:
    """The resources whose address, and nothing more, rules of a workload let in, with TCP ports."""
    for eni in workload.enis:
        yield from _named_addresses(graph, admission_of(graph, eni))


@remembered
def _named_addresses(_graph: Graph, admitted: Admission) -> tuple[tuple[str, PortSet], ...]:
    return tuple(
        (name, ports)
        for rule in admitted.rules
        for source in rule.read.sources
        if (name := _address_of(source.place.value)) is not None
        for protocol, ports in rule.read.lower.items()
        if protocol in (TCP, ALL)
    )


def _to_workload(
    graph: Graph, senders: Sequence[Sender], workload: Workload, port: tuple[int, int]
) -> Iterator[Way]:
    ends = [sender.end for sender in senders]
    yield from lateral_ways(graph, ends, workload_ends(graph, workload), port)
    yield from _through_balancers(graph, senders, workload, port)


def _through_balancers(
    graph: Graph, senders: Sequence[Sender], workload: Workload, port: tuple[int, int]
) -> Iterator[OnwardWay]:
    ends = [sender.end for sender in senders]

    def entries(aimed: ForwardedInterface) -> Iterator[ListenerEntry]:
        yield from entries_from(graph, ends, aimed.balancer, aimed.listener)

    for way in ways_behind(graph, workload, port, entries):
        yield _from_inside(way)


def _to_balancer(
    graph: Graph, senders: Sequence[Sender], balancer: Balancer, port: tuple[int, int]
) -> Iterator[Way]:
    ends = [sender.end for sender in senders]
    found = False
    for listener in balancer.listeners:
        for entry in entries_from(graph, ends, balancer, listener, port[1]):
            if entry.way.port == port:
                found = True
                way = entry.way
                yield _from_inside(way) if isinstance(way, BalancedWay) else way
    if not found:
        yield from ways_to_no_listener(graph, ends, balancer, port)


def _from_inside(way: BalancedWay) -> OnwardWay:
    which = way.query.which
    if which is None:
        raise TypeError("whoever comes from inside is one client")
    return OnwardWay(way, which)


def _over_the_internet(
    graph: Graph, sender: Sender, target: Workload | Balancer, port: tuple[int, int]
) -> Iterator[OnwardWay]:
    own = vpc_of(graph, sender.end.placement.subnet)
    for family in Family:
        for outbound in outbound_ways(graph, sender, family):
            query = ClientQuery(_sources(sender, family), outbound.which)
            for way in _from_the_internet(graph, target, port, query):
                if way.family is not family or way.is_family_unused:
                    continue
                inner = isinstance(way, GatewayWay) and own is not None
                if inner and family is Family.IPV6 and vpc_of(graph, way.path.subnet) is own:
                    continue  # within a VPC an IPv6 address is a local one
                yield OnwardWay(way, outbound.which, (outbound, _front(way)))


def _sources(sender: Sender, family: Family) -> tuple[AddressSet, ...] | None:
    """The addresses that the internet may see: IPv6 addresses are not translated."""
    return (sender.end.placed(family).addresses,) if family is Family.IPV6 else None


def _from_the_internet(
    graph: Graph, target: Workload | Balancer, port: tuple[int, int], query: ClientQuery
) -> Iterator[GatewayWay | BalancedWay]:
    if isinstance(target, Balancer):
        for way in balancer_ways(graph, target, port, query):
            if isinstance(way, GatewayWay | BalancedWay):
                yield way
        return
    yield from direct_ways(graph, target, port, query)
    yield from balanced_ways(graph, target, port, query)


def _front(way: WayIn) -> tuple[int, int] | None:
    """The port that a client of the internet connects to; ``None`` where that is unknown."""
    if isinstance(way, BalancedWay):
        return _front(way.front)
    # An edge service listens on ports of its own.
    return way.port if way.via == DIRECT else None
