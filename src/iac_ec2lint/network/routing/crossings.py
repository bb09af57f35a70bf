"""From one subnet to another: the routes both ways, and the network ACLs on the way.

Within a VPC traffic is local, unless a route that is more specific leads through an appliance. To
another VPC it takes a peering connection or a transit gateway, and the answers take one back. A NAT
gateway on the way gives traffic its own address, so that no rule knows the sender's groups.

Source: VPC User Guide, "Route tables", "Network ACLs" and "NAT gateways"; Transit Gateways Guide,
"How network ACLs work with transit gateways"; semantics.md, B4, B6, B12 and C1 ("Lateral").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.routing.appliances import APPLIANCES, let_through
from iac_ec2lint.network.routing.routing import Leg, given_by, legs, toward
from iac_ec2lint.network.routing.transit_gateways import transited
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.traffic import Direction
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.verdicts.ways import Truth, conjunction
from iac_ec2lint.network.vpc.neighbours import neighbours, vpc_key
from iac_ec2lint.network.vpc.passages import NetworkLink, SubnetEnd, somewhere
from iac_ec2lint.network.vpc.peerings import connection_of, one_region, peered
from iac_ec2lint.network.vpc.subnets import same_vpc, subnet_addresses, vpc_addresses, vpc_of
from iac_ec2lint.resources.gateway import NatGateway
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_TO_NO_OTHER_VPC: Final = frozenset(
    {"local", "internet gateway", "egress-only internet gateway", "NAT gateway"}
)
"""Where routes lead that take nothing into another VPC."""
_KNOWN: Final = Fact(True)
"""The fact that rules may refer to groups of the other end."""


class AclPassage(NamedTuple):
    """A network ACL that a flow passes.

    Attributes:
        subnets: Its subnet; several where it is one of them, unknown which.
        direction: ``ingress`` or ``egress``.
        remote: The addresses at the other end.
        answers: Whether the answers pass it (to some client port), not the requests.
    """

    subnets: tuple[Resource, ...]
    direction: Direction
    remote: AddressSet
    answers: bool = False


class Crossing(NamedTuple):
    """The way of a flow from one subnet to another, and of its answers.

    Attributes:
        hops: The evidence whether routes lead there and back; empty where all is local.
        acl_passages: The network ACLs that it passes, in order.
        inward: Whether ingress rules of the far end may refer to groups of the near end.
        outward: Whether egress rules of the near end may refer to groups of the far end.
        seen_as: The source addresses that the far end sees; ``None``: those of the near end.
    """

    hops: tuple[Hop, ...]
    acl_passages: tuple[AclPassage, ...]
    inward: Fact
    outward: Fact
    seen_as: AddressSet | None

    @property
    def truth(self) -> Truth:
        """Whether the routes lead there and back."""
        return conjunction(hop.verdict for hop in self.hops)


@remembered
def crossing(
    graph: Graph,
    near: Resource,
    far: Resource,
    here: AddressSet,
    there: AddressSet,
) -> Crossing:
    """The way from one subnet to another; computed once.

    Args:
        graph: The graph.
        near: The subnet where a flow begins.
        far: The subnet of its destination.
        here: Its source addresses.
        there: Its destination addresses, of the same family.
    """
    return _crossing(graph, near, far, here, there)


def _crossing(
    graph: Graph, near: Resource, far: Resource, here: AddressSet, there: AddressSet
) -> Crossing:
    own, other = vpc_of(graph, near), vpc_of(graph, far)
    if near is far:
        return Crossing((), (), _KNOWN, _KNOWN, None)
    if own is None and other is None:
        return _local((), near, far, here, there)  # most likely in one VPC
    if own is None or other is None:
        perhaps = _perhaps_translated(graph, near, far, here, there)
        return perhaps or _local((), near, far, here, there)
    begin, end = SubnetEnd(near, own, here), SubnetEnd(far, other, there)
    if is_one_vpc(graph, own, other):
        return _inside(graph, begin, end)
    return _between(graph, begin, end)


def may_lead_out(graph: Graph, subnet: Resource, addresses: AddressSet) -> bool:
    """Whether routes may take anything from a subnet to addresses of another VPC.

    An over-approximation: where it is False no crossing leads there.
    """
    for leg in toward(graph, subnet, addresses.family, addresses):
        if leg.target.kind not in _TO_NO_OTHER_VPC:
            return True
        if isinstance(leg.target.node, NatGateway):
            behind = (edge.target for edge in graph.targets(leg.target.node, "subnet"))
            for one in behind:
                if one is not None and any(
                    further.target.kind not in _TO_NO_OTHER_VPC
                    for further in toward(graph, one, addresses.family, addresses)
                ):
                    return True
    return False


def is_one_vpc(graph: Graph, own: Resource, other: Resource) -> bool:
    """Whether two nodes are the same VPC."""
    return other in same_vpc(graph, own) or own in same_vpc(graph, other)


def _local(
    hops: tuple[Hop, ...],
    near: Resource,
    far: Resource,
    here: AddressSet,
    there: AddressSet,
    known: Fact = _KNOWN,
) -> Crossing:
    acl_passages = (
        AclPassage((near,), "egress", there),
        AclPassage((far,), "ingress", here),
        AclPassage((far,), "egress", here, answers=True),
        AclPassage((near,), "ingress", there, answers=True),
    )
    return Crossing(hops, acl_passages, known, known, None)


def _unseen(hops: Iterable[Hop], truth: Truth = False) -> Fact:
    """The fact that rules cannot, or perhaps cannot, refer to groups beyond some hops."""
    words = "beyond which rules cannot refer to security groups"
    return Fact(
        truth,
        tuple(
            hop._replace(
                fact=f"{hop.fact}, {words}",
                verdict=truth,
                causes=() if truth is False else hop.causes,
            )
            for hop in hops
        ),
    )


def _inside(graph: Graph, begin: SubnetEnd, end: SubnetEnd) -> Crossing:
    """Within one VPC: appliances that routes lead through."""
    hops: list[Hop] = []
    whole = False
    for one, other in ((begin, end), (end, begin)):
        for leg in _detours(graph, one.subnet, one.addresses.family):
            if leg.addresses.upper.overlaps(other.addresses):
                hops.append(_detour(leg, other))
                whole = whole or leg.addresses.lower.covers(other.addresses)
    known = _unseen(hops, False if whole else None) if hops else _KNOWN
    near, far = begin.subnet, end.subnet
    return _local(tuple(hops), near, far, begin.addresses, end.addresses, known)


@remembered
def _detours(graph: Graph, subnet: Resource, family: Family) -> tuple[Leg, ...]:
    """The legs of a subnet that take some addresses of its own VPC somewhere else."""
    vpc = vpc_of(graph, subnet)
    own = AddressSet.nothing(family)
    if vpc is not None:
        own = vpc_addresses(graph, vpc, family).lower
    return tuple(
        leg
        for leg in legs(graph, subnet, family)
        if leg.target.kind != "local" and leg.addresses.lower.overlaps(own)
    )


def _detour(leg: Leg, end: SubnetEnd) -> Hop:
    if leg.target.kind == "nothing" and leg.addresses.lower.covers(end.addresses):
        return leg.hop._replace(verdict=False)
    hop = let_through(leg.target, leg.hop)
    if hop.verdict is False and not leg.addresses.lower.covers(end.addresses):
        return hop._replace(verdict=None, causes=(somewhere(end.addresses, end.subnet),))
    return hop


def _between(graph: Graph, begin: SubnetEnd, end: SubnetEnd) -> Crossing:
    """From one VPC to another, through a NAT gateway where the routes lead there first."""
    sender, translated, before = _translated(graph, begin, end)
    if not translated:
        near, far = begin.subnet, end.subnet
        perhaps = _perhaps_translated(graph, near, far, begin.addresses, end.addresses)
        if perhaps is not None:
            return perhaps
    forth = _passage(graph, sender, end)
    back = _passage(graph, end, sender)
    hops = (*translated, *forth.hops, *back.hops)
    near, far, here, there = begin.subnet, end.subnet, begin.addresses, end.addresses
    seen = sender.addresses
    acl_passages = (
        AclPassage((near,), "egress", there),
        *before,
        *_attachment_acls(forth.leaving, "ingress", seen),
        *_attachment_acls(forth.arriving, "egress", there),
        *(() if forth.bypasses else (AclPassage((far,), "ingress", seen),)),
        AclPassage((far,), "egress", seen, answers=True),
        *_attachment_acls(back.leaving, "ingress", there, answers=True),
        *_attachment_acls(back.arriving, "egress", seen, answers=True),
        *(() if back.bypasses else (AclPassage((sender.subnet,), "ingress", there, answers=True),)),
    )
    if not translated:
        return Crossing(hops, acl_passages, forth.inward, forth.outward, None)
    after = (
        AclPassage((sender.subnet,), "egress", here, answers=True),
        AclPassage((near,), "ingress", there, answers=True),
    )
    acl_passages += after if near is not sender.subnet else ()
    unseen = _unseen(translated)
    return Crossing((*hops, *_undocumented(forth)), acl_passages, unseen, unseen, seen)


def _attachment_acls(
    subnets: tuple[Resource, ...],
    direction: Direction,
    remote: AddressSet,
    *,
    answers: bool = False,
) -> Iterator[AclPassage]:
    """The network ACL of a transit gateway attachment's subnet, if it is another subnet."""
    if subnets:
        yield AclPassage(subnets, direction, remote, answers)


def _undocumented(forth: NetworkLink) -> Iterator[Hop]:
    """Why a way from a NAT gateway through a peering connection is open."""
    for hop in forth.hops:
        if hop.kind == "peering connection" and hop.verdict is True:
            reason = "AWS says of transit gateways and virtual private gateways alone that traffic"
            gap = Unknown(f"{reason} of a NAT gateway can be routed to them", "limit", hop.span)
            fact = f"{hop.resource.address} may take what a NAT gateway sends"
            yield hop._replace(fact=fact, verdict=None, causes=(gap,), origin="unknown")
            return


def _translated(
    graph: Graph, begin: SubnetEnd, end: SubnetEnd
) -> tuple[SubnetEnd, tuple[Hop, ...], tuple[AclPassage, ...]]:
    """The sender as the other VPC sees it: itself, or a NAT gateway that its routes lead to."""
    wanted = end.addresses
    found = toward(graph, begin.subnet, wanted.family, wanted)
    if len(found) != 1 or found[0].target.kind != "NAT gateway" or wanted.family is Family.IPV6:
        return begin, (), ()
    leg = found[0]
    gateway = leg.target.node
    if not isinstance(gateway, NatGateway) or not leg.addresses.lower.covers(wanted):
        return begin, (), ()
    edges = graph.targets(gateway, "subnet")
    subnet = edges[0].target if len(edges) == 1 and edges[0].certain else None
    vpc = vpc_of(graph, subnet) if subnet is not None else None
    if subnet is None or vpc is None or not is_one_vpc(graph, begin.vpc, vpc):
        return begin, (), ()
    addresses = subnet_addresses(graph, subnet, wanted.family).upper
    hop = leg.hop
    gives = hop._replace(fact=f"{hop.fact}, which gives traffic its own address")
    before = (
        AclPassage((subnet,), "ingress", begin.addresses),
        AclPassage((subnet,), "egress", wanted),
    )
    return SubnetEnd(subnet, vpc, addresses), (gives,), before if subnet is not begin.subnet else ()


def _perhaps_translated(
    graph: Graph, near: Resource, far: Resource, here: AddressSet, there: AddressSet
) -> Crossing | None:
    """The way to another VPC where it is unknown whether a NAT gateway gives traffic its address.

    Without such a gateway, or where none of its own ways leads there, it is none.
    """
    if there.family is Family.IPV6:
        return None
    for leg in toward(graph, near, there.family, there):
        if leg.target.kind != "NAT gateway" or not isinstance(leg.target.node, NatGateway):
            continue
        for edge in graph.targets(leg.target.node, "subnet"):
            seen = _seen_behind(graph, near, far, edge.target, there)
            if seen is not None:
                causes = (*leg.hop.causes, *edge.answer.causes)
                gap = Unknown("the way to a NAT gateway is not known", "expression", leg.hop.span)
                hop = leg.hop.in_doubt(*(causes or (gap,)))
                known = _unseen((hop,), None)
                return _local((hop,), near, far, here, there, known)._replace(seen_as=here | seen)
    return None


def _seen_behind(
    graph: Graph, near: Resource, far: Resource, behind: Resource | None, there: AddressSet
) -> AddressSet | None:
    """The addresses that a NAT gateway in a subnet may have; none where no way leads on from it."""
    own, other = vpc_of(graph, near), vpc_of(graph, far)
    between = vpc_of(graph, behind) if behind is not None else None
    if behind is None or between is None or own is None or other is None:
        keys = {vpc_key(own), vpc_key(other)}
        if not keys <= neighbours(graph).reach(vpc_key(own), keys):
            return None
        if behind is None:
            return AddressSet.everything(there.family)
        return subnet_addresses(graph, behind, there.family).upper
    if not is_one_vpc(graph, own, between):
        return None
    seen = subnet_addresses(graph, behind, there.family).upper
    sender, end = SubnetEnd(behind, between, seen), SubnetEnd(far, other, there)
    ways = _passage(graph, sender, end), _passage(graph, end, sender)
    return None if any(way.truth is False for way in ways) else seen


def _passage(graph: Graph, near: SubnetEnd, far: SubnetEnd) -> NetworkLink:
    """The link by which the routes of one VPC send traffic to another VPC."""
    found = toward(graph, near.subnet, far.addresses.family, far.addresses)
    ways = [
        (leg, _led(graph, leg, near, far))
        for leg in found
        if leg.target.kind not in _TO_NO_OTHER_VPC
    ]
    sure = [(leg, way) for leg, way in ways if way.truth is True]
    for leg, way in sure:
        if _names(graph, leg, far.vpc):
            return way
    lower = (leg.addresses.lower for leg, _ in sure)
    if sure and AddressSet.union(far.addresses.family, lower).covers(far.addresses):
        return _joined(way for _, way in sure)
    closed = [way for _, way in ways if way.truth is False]
    if len(closed) == len(ways):
        return NetworkLink(tuple(h for way in closed for h in way.hops) or (_no_route(near, far),))
    return _joined(_loosened(leg, way, far) for leg, way in ways if way.truth is not False)


def _names(graph: Graph, leg: Leg, vpc: Resource) -> bool:
    """Whether a route is for the range of a VPC, whichever that is: IPv6 ranges are AWS's."""
    route = leg.route
    if route is None or route.causes or leg.why.causes or len(route.block.causes) != 1:
        return False
    value = route.block.causes[0]
    nodes = {node.address for node in same_vpc(graph, vpc)}
    return (
        isinstance(value, Reference)
        and value.target in nodes
        and value.attribute in {"cidr_block", "ipv6_cidr_block"}
    )


def _no_route(near: SubnetEnd, far: SubnetEnd) -> Hop:
    fact = f"no route of {near.subnet.address} leads to {far.subnet.address}"
    return Hop("route", near.subnet, near.subnet.span, fact, "default", verdict=False)


def _loosened(leg: Leg, way: NetworkLink, far: SubnetEnd) -> NetworkLink:
    """A passage for some of the addresses alone, or for addresses that are unknown."""
    if way.truth is None:
        return way
    hop = leg.hop
    causes = (*hop.causes, *leg.why.causes) or (somewhere(far.addresses, far.subnet),)
    open_ = hop._replace(verdict=None, causes=causes, origin="unknown")
    return way._replace(hops=(open_, *way.hops[1:]))


def _joined(passages: Iterable[NetworkLink]) -> NetworkLink:
    """Passages that take parts of the addresses."""
    every = list(passages)
    if len(every) == 1:
        return every[0]
    return NetworkLink(
        tuple(dict.fromkeys(hop for one in every for hop in one.hops)),
        _all(one.inward for one in every),
        _all(one.outward for one in every),
        tuple(dict.fromkeys(subnet for one in every for subnet in one.leaving)),
        tuple(dict.fromkeys(subnet for one in every for subnet in one.arriving)),
        all(one.bypasses for one in every),
    )


def _all(facts: Iterable[Fact]) -> Fact:
    every = list(facts)
    truth = conjunction(fact.truth for fact in every)
    return Fact(truth, tuple(h for fact in every if fact.truth is truth for h in fact.hops))


def _led(graph: Graph, leg: Leg, near: SubnetEnd, far: SubnetEnd) -> NetworkLink:
    """What a route to another VPC leads through; its own hop comes first."""
    kind, node = leg.target.kind, leg.target.node
    given = given_by(near.subnet)
    hop = leg.hop
    if leg.target.certain:
        origin = "explicit" if hop.origin == "unknown" else hop.origin
        hop = hop._replace(verdict=True, causes=(), origin=origin)
    if kind == "peering connection" and node is not None:
        connection = connection_of(graph, node) or node
        fact = peered(graph, connection, near.vpc, far.vpc, given)
        region = one_region(graph, connection)
        return NetworkLink((hop, *fact.hops), region, region)
    if kind == "transit gateway" and node is not None:
        way = transited(graph, node, near, far, far.addresses.family, given)
        return way._replace(hops=(hop, *way.hops))
    if kind in APPLIANCES:
        box = let_through(leg.target, leg.hop)
        unseen = _unseen((box,))
        return NetworkLink((box,), unseen, unseen)
    if kind == "nothing":
        return NetworkLink((leg.hop._replace(verdict=False),))
    name = "it" if node is None else node.address
    gap = Unknown(f"what lies behind {name} is not in the source", "external-id", hop.span)
    causes = leg.hop.causes or (gap,)
    return NetworkLink((hop._replace(verdict=None, causes=causes, origin="unknown"),))
