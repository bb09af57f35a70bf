"""Whether something inside reaches something else inside, over private addresses.

In each family: both ends have addresses, the groups of both let the flow through, the routes lead
there and back (``network.crossings``: within a VPC, over a peering connection, through a transit
gateway), and the network ACLs on the way let the flow and its answers through. Appliances, other
gateways and what lies in other accounts are reported as undecided, by name. Load balancers and
managed data stores are evaluated over IPv4.

Source: EC2 User Guide, "Security group rules"; VPC User Guide, "Network ACLs"; semantics.md, C1
("Lateral") and B12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.group_hops import port_words, through_rules
from iac_ec2lint.network.filters.admission import Admission, as_aws_created
from iac_ec2lint.network.filters.attached_rules import GroupRule, Peer, Ports, groups_named
from iac_ec2lint.network.filters.network_blocks import asked_from
from iac_ec2lint.network.hosts.workloads import Placement
from iac_ec2lint.network.inside.interfaces import (
    FlowEnd,
    balancer_ends,
    store_ends,
    workload_ends,
)
from iac_ec2lint.network.routing.crossings import Crossing, crossing, is_one_vpc
from iac_ec2lint.network.routing.network_acl_crossings import acl_hops
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import (
    ALL,
    ICMP,
    ICMPV6,
    NO_PORTS,
    PortSet,
)
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.verdicts.ways import DIRECT, Explanation, Truth, conjunction, firmest
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.values import Confidence, Unknown

if TYPE_CHECKING:
    from typing import Self

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

__all__ = [
    "FlowEnd",
    "LateralWay",
    "admitted_ports",
    "balancer_ends",
    "crossing_of",
    "distinguished_groups",
    "lateral_ports",
    "lateral_ways",
    "ports_from",
    "rule_hops",
    "store_ends",
    "workload_ends",
]


class LateralWay:
    """A way from one interface inside to another, for one port and one family.

    Args:
        graph: The graph.
        source: Where it begins.
        target: Where it ends.
        port: The protocol and the port of the target.
        family: The family of the addresses.
    """

    via = DIRECT
    is_family_unused = False

    def __init__(
        self,
        graph: Graph,
        source: FlowEnd,
        target: FlowEnd,
        port: tuple[int, int],
        family: Family = Family.IPV4,
    ) -> None:
        self._graph = graph
        self._source = source
        self._target = target
        self.port = port
        self.family = family
        self._hops: tuple[Hop, ...] | None = None
        self._truth: Truth | Literal["unasked"] = "unasked"

    @property
    def is_secondary(self) -> bool:
        """See ``Way``: whether it is unknown that both ends have addresses of the family."""
        ends = (self._source.placed(self.family).hop, self._target.placed(self.family).hop)
        return any(hop is not None and hop.verdict is None for hop in ends)

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``: none of the internet's."""
        return Approximation.exactly(AddressSet.nothing(self.family))

    @property
    def truth(self) -> Truth:
        """See ``Way``: computed without making the hops, in a tenth of the time."""
        if self._truth == "unasked":
            hops = self._hops
            known = self._verdicts() if hops is None else (hop.verdict for hop in hops)
            self._truth = conjunction(known)
        return self._truth

    def known_to_be(self, truth: Truth) -> Self:
        """The same way, of which it is known already whether it is open: one that is alike is."""
        self._truth = truth
        return self

    def explain(self) -> Explanation:
        """See ``Way``."""
        hops = self._all()
        if self.truth is not None:
            return Explanation(hops, firmest(step for hop in hops for step in hop.assumptions))
        open_ = [hop for hop in hops if hop.verdict is None]
        switched = all(hop.kind == "workload" for hop in open_)
        return Explanation(hops, Confidence.CONDITIONAL if switched else Confidence.POSSIBLE)

    def _all(self) -> tuple[Hop, ...]:
        if self._hops is None:
            source, target = self._source, self._target
            crossed = crossing_of(self._graph, source, target, self.family)
            self._hops = (
                *source.preconditions,
                *(one for one in (source.placed(self.family).hop,) if one is not None),
                *self._groups(source, target, "out to", crossed.outward),
                *self._routes(crossed),
                *acl_hops(self._graph, crossed.acl_passages, self.port, source.answers(*self.port)),
                *self._groups(target, source, "in from", crossed.inward, crossed.seen_as),
                *(one for one in (target.placed(self.family).hop,) if one is not None),
                *target.preconditions,
            )
        return self._hops

    def _groups(
        self,
        own: FlowEnd,
        other: FlowEnd,
        side: str,
        known: Fact,
        seen_as: AddressSet | None = None,
    ) -> Iterator[Hop]:
        """The hops of an interface's groups for the other end.

        Args:
            own: The interface.
            other: The other end.
            side: ``in from`` or ``out to``.
            known: Whether its rules may refer to the other end's groups.
            seen_as: The addresses that the other end seems to have; ``None``: its own.
        """
        ports, peer, shown = self._weighed(own, other, side, known, seen_as)
        yield from shown
        which = partial(_which, other, peer.addresses)
        name = other.holder.name
        yield from rule_hops(self._graph, own, side, self.port, ports, name, peer.addresses, which)

    def _weighed(
        self, own: FlowEnd, other: FlowEnd, side: str, known: Fact, seen_as: AddressSet | None
    ) -> tuple[Ports, Peer, tuple[Hop, ...]]:
        """What an interface's groups let through, for whom, and the hops that limit it."""
        admitted = own.egress if side == "out to" else own.ingress
        protocol, number = self.port
        peer = other.peer(self.family, seen_as)
        ports = ports_from(self._graph, admitted, peer, protocol)
        if ports.upper.contains(number) and (known.truth is not True or known.hops):
            # Without the other end's groups only its addresses speak for it.
            alone = ports_from(self._graph, admitted, peer.without_groups, protocol)
            if alone.lower.contains(number) or known.truth is False:
                ports = alone
            if not ports.upper.contains(number) or ports is not alone:
                return ports, peer, known.hops
        return ports, peer, ()

    def _verdicts(self) -> Iterator[Truth]:
        """The verdicts of all hops, in some order."""
        source, target, graph = self._source, self._target, self._graph
        answers = source.answers(*self.port)
        crossed = crossing_of(graph, source, target, self.family)
        yield crossed.truth
        if source.placement.subnet is not target.placement.subnet and (
            vpc_of(graph, source.placement.subnet) is None
            or vpc_of(graph, target.placement.subnet) is None
        ):
            yield None
        for end in (source, target):
            yield from (hop.verdict for hop in end.preconditions)
            placed = end.placed(self.family).hop
            if placed is not None:
                yield placed.verdict
        for own, other, side, known, seen_as in (
            (target, source, "in from", crossed.inward, crossed.seen_as),
            (source, target, "out to", crossed.outward, None),
        ):
            ports, _, shown = self._weighed(own, other, side, known, seen_as)
            yield from (hop.verdict for hop in shown)
            yield _holds(ports, self.port[1])
        yield from (
            hop.verdict for hop in acl_hops(graph, crossed.acl_passages, self.port, answers)
        )

    def _routes(self, crossed: Crossing) -> Iterator[Hop]:
        near, far = self._source, self._target
        if near.placement.subnet is far.placement.subnet:
            return
        own, other = (
            vpc_of(self._graph, near.placement.subnet),
            vpc_of(self._graph, far.placement.subnet),
        )
        name = f"{near.holder.name} and {far.holder.name}"
        resource, span = near.placement.subnet, near.placement.span
        if own is None or other is None:
            gaps = tuple(
                _gap(end.placement) for end, vpc in ((near, own), (far, other)) if vpc is None
            )
            fact = f"nobody knows whether {name} stand in one VPC"
            yield Hop("route", resource, span, fact, "unknown", None, gaps)
        elif is_one_vpc(self._graph, own, other):
            yield Hop("route", resource, span, f"{name} stand in {own.address}", "default")
        yield from crossed.hops


def rule_hops(
    graph: Graph,
    own: FlowEnd,
    side: str,
    port: tuple[int, int],
    ports: Ports,
    name: str,
    addresses: AddressSet | None,
    which: Callable[[], Unknown],
) -> Iterator[Hop]:
    """The hops of an interface's groups for the other end.

    Args:
        graph: The graph.
        own: The interface.
        side: ``in from`` or ``out to``.
        port: The protocol and the port.
        ports: What the groups let through; see ``ports_from``.
        name: What messages call the other end.
        addresses: The addresses that the other end may have.
        which: Tells why it is unknown which of these it has.
    """
    number = port[1]
    admitted = own.ingress if side == "in from" else own.egress
    # The rules that admit a flow are computed once for all ends that they treat alike.
    sure = ports.lower.contains(number)
    shown = _through(graph, ports.rules, port, side, addresses) if sure else ()
    if shown:
        yield from shown
        return
    holder = own.holder
    span = next((g.value.span for g in holder.groups if g.value is not None), holder.resource.span)
    what = f"{port_words(port)} {side} {name}"
    if sure:
        fact = f"the groups of {holder.name} let {what}"
        assumed = as_aws_created(admitted.defaults, span)
        yield Hop("security group", holder.resource, span, fact, "default", assumptions=assumed)
    elif ports.upper.contains(number):
        causes = ports.causes or (which(),)
        fact = f"the groups of {holder.name} may let {what}"
        yield Hop("security group", holder.resource, span, fact, "unknown", None, causes)
    else:
        names = [g.group.address for g in holder.groups if g.group is not None]
        group = next((g.group for g in holder.groups if g.group is not None), None)
        at = group or holder.resource
        if port[0] == ALL and not admitted.rules:
            what = f"anything {side} {name}"
        fact = f"no rule of {' or '.join(names) or holder.name} lets {what}"
        yield Hop("security group", at, at.span, fact, verdict=False)


def crossing_of(graph: Graph, source: FlowEnd, target: FlowEnd, family: Family) -> Crossing:
    """The way from the subnet of one interface to that of another, in a family."""
    here, there = source.placed(family).addresses, target.placed(family).addresses
    return crossing(graph, source.placement.subnet, target.placement.subnet, here, there)


def lateral_ways(
    graph: Graph, sources: Sequence[FlowEnd], targets: Sequence[FlowEnd], port: tuple[int, int]
) -> Iterator[LateralWay]:
    """The ways from some interfaces to others on one port: over IPv4, and IPv6 where both have it.

    ICMP is of the one family, ICMPv6 of the other.
    """
    for source in sources:
        for target in targets:
            both = source.ipv6 is not None and target.ipv6 is not None and port[0] != ICMP
            if not both or port[0] != ICMPV6:
                yield LateralWay(graph, source, target, port)
            if both:
                yield LateralWay(graph, source, target, port, Family.IPV6)


def lateral_ports(
    sources: Sequence[FlowEnd], targets: Sequence[FlowEnd], more: Iterable[int] = ()
) -> dict[int, list[tuple[int, int]]]:
    """The port ranges of each protocol that the targets' groups may let the sources in on.

    Args:
        sources: The interfaces where flows begin.
        targets: The interfaces where they end.
        more: Protocols to tell apart though no rule of the targets names them.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    for target in targets:
        protocols = {ALL, *more, *(p for rule in target.ingress.rules for p in rule.read.upper)}
        for protocol in protocols:
            ranges = found.setdefault(protocol, [])
            for source in sources:
                for family in Family:
                    if family is Family.IPV4 or source.ipv6 is not None:
                        ports = target.ingress.ports_from(source.peer(family), protocol)
                        ranges += [*ports.lower.ranges, *ports.upper.ranges]
    return {protocol: ranges for protocol, ranges in sorted(found.items()) if ranges}


def admitted_ports(
    graph: Graph,
    source: FlowEnd,
    target: FlowEnd,
    protocol: int,
    family: Family,
    crossed: Crossing,
) -> tuple[PortSet, PortSet]:
    """The ports on which the groups of both ends certainly, and possibly, admit a flow."""
    peer = source.peer(family, crossed.seen_as)
    inward = _ports_across(graph, target.ingress, peer, protocol, crossed.inward)
    if not inward[1]:
        return NO_PORTS, NO_PORTS
    outward = _ports_across(graph, source.egress, target.peer(family), protocol, crossed.outward)
    return inward[0] & outward[0], inward[1] & outward[1]


def _ports_across(
    graph: Graph, admitted: Admission, peer: Peer, protocol: int, known: Fact
) -> tuple[PortSet, PortSet]:
    ports = ports_from(graph, admitted, peer, protocol)
    if known.truth is True or not ports.upper:
        return ports.lower, ports.upper
    alone = ports_from(graph, admitted, peer.without_groups, protocol)
    return alone.lower, alone.upper if known.truth is False else ports.upper


def ports_from(graph: Graph, admitted: Admission, peer: Peer, protocol: int) -> Ports:
    """See ``Admission.ports_from``; computed once for all peers that are alike to the rules."""
    if peer.subnet is not None:
        admitted = asked_from(graph, admitted, peer.subnet)
        peer = peer._replace(subnet=None)
    if peer.groups or peer.possible:
        telling = distinguished_groups(graph, admitted)
        possible = tuple(one for one in peer.possible if one.group in telling)
        told = peer.groups & telling
        peer = Peer(peer.family, peer.addresses, told, peer.more, possible, peer.named)
    return _ports_from(graph, admitted, peer, protocol)


@remembered
def _ports_from(
    _graph: Graph,
    admitted: Admission,
    peer: Peer,
    protocol: int,
) -> Ports:
    return admitted.ports_from(peer, protocol)


@remembered
def _through(
    graph: Graph,
    rules: tuple[GroupRule, ...],
    port: tuple[int, int],
    side: str,
    addresses: AddressSet | None,
) -> tuple[Hop, ...]:
    return tuple(through_rules(graph, rules, port, side, addresses))


@remembered
def distinguished_groups(graph: Graph, admitted: Admission) -> frozenset[Resource]:
    """The groups by which rules distinguish peers: those that they refer to, and their own.

    A default group that nobody changed admits itself (semantics.md, B6).
    """
    own = (rule.group for rule in admitted.rules if rule.read.rule.self_.is_true().may_be_true)
    return _referenced_groups(graph, admitted).union(admitted.defaults, own)


@remembered
def _referenced_groups(graph: Graph, admitted: Admission) -> frozenset[Resource]:
    """The groups that rules refer to; computed once."""
    edges = (edge for rule in admitted.rules for edge in groups_named(graph, rule))
    return frozenset(e.target for e in edges if e.target is not None)


def _holds(ports: Ports, number: int) -> Truth:
    """Whether a port is among those that are let through."""
    if ports.lower.contains(number):
        return True
    return None if ports.upper.contains(number) else False


def _which(end: FlowEnd, addresses: AddressSet | None) -> Unknown:
    """The unknown for which address an interface will have."""
    where = ""
    if addresses is not None and not addresses.is_everything:
        where = f" in {addresses.describe()}"
    reason = f"which address{where} {end.holder.name} has is known after creation"
    return Unknown(reason, "computed", end.placement.span)


def _gap(placement: Placement) -> Unknown:
    if placement.gap is not None:
        return placement.gap
    return Unknown(
        f"{placement.subnet.address} is declared elsewhere", "external-id", placement.span
    )
