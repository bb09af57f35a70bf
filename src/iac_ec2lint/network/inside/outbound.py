"""The ways from an interface inside out to the internet, and the address that is seen there.

An interface with a public address is seen by that; one behind a NAT gateway by the gateway's
Elastic IP address. What lies behind an appliance or a transit gateway is not in the source, so that
a way through it is undecided. A peering connection leads to the peer and never beyond it.

Source: VPC User Guide, "Internet gateways", "NAT gateways", "Egress-only internet gateways" and
"Block public access to VPCs and subnets"; VPC Peering Guide, "VPC peering limitations";
semantics.md, B4 and C1 ("Over the internet").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.gateway_ways import enough
from iac_ec2lint.network.entry.internet_paths import INTERNET, InternetPath, internet_path_of
from iac_ec2lint.network.filters.attached_rules import Peer
from iac_ec2lint.network.hosts.addressing import elastic_addresses, public_address
from iac_ec2lint.network.hosts.workloads import Workload
from iac_ec2lint.network.inside.interfaces import FlowEnd, workload_ends
from iac_ec2lint.network.inside.lateral import ports_from, rule_hops
from iac_ec2lint.network.inside.private_ways import ends_in_private
from iac_ec2lint.network.routing.appliances import APPLIANCES, let_through
from iac_ec2lint.network.routing.crossings import AclPassage
from iac_ec2lint.network.routing.network_acl_crossings import acl_hops
from iac_ec2lint.network.routing.routing import toward
from iac_ec2lint.network.sets.addresses import Family, parse_cidr
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.verdicts.ways import Truth, conjunction, judged
from iac_ec2lint.network.vpc.gateways import outbound_access, public_access
from iac_ec2lint.resources.gateway import NatGateway
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.hosts.workloads import Eni
    from iac_ec2lint.network.routing.routing import Leg
    from iac_ec2lint.resources.part import Resource

_NOWHERE: Final = frozenset({"local", "nothing", "peering connection"})
"""Where routes lead that take nothing to the internet."""
_NAT64: Final = parse_cidr("64:ff9b::/96")
"""The IPv6 addresses that stand for those of IPv4; a NAT gateway translates them."""


@dataclass(frozen=True, eq=False)
class Sender:
    """An interface that a connection begins at; each is one object, equal to itself alone.

    Attributes:
        end: The interface, as the end of a flow.
        eni: The same as an interface of a workload; ``None`` for a load balancer, which begins no
            connections but those to its targets.
    """

    end: FlowEnd
    eni: Eni | None = None


def senders_of(graph: Graph, workload: Workload) -> tuple[Sender, ...]:
    """The interfaces of a workload."""
    return _senders_of(graph, workload)


@remembered
def _senders_of(graph: Graph, workload: Workload) -> tuple[Sender, ...]:
    return tuple(map(Sender, workload_ends(graph, workload), workload.enis))


class OutboundWay:
    """A way from an interface out to the internet, by one of its subnet's routes.

    Args:
        graph: The graph.
        end: The interface.
        eni: The same as an interface of a workload.
        leg: The route.
        family: The family of its addresses.

    Attributes:
        which: Why it is unknown which address the internet sees.
        seen_as: The resources whose address that is.
    """

    def __init__(self, graph: Graph, end: FlowEnd, eni: Eni, leg: Leg, family: Family) -> None:
        self._graph = graph
        self._end = end
        self._eni = eni
        self._leg = leg
        self._family = family
        self._path = internet_path_of(graph, end.placement.subnet, family)
        by = "" if self._gateway is None else f", which leaves by {self._gateway.address},"
        reason = f"which address of the internet {end.holder.name}{by} has is known after creation"
        self.which = Unknown(reason, "computed", end.placement.span)

    @property
    def seen_as(self) -> tuple[Resource, ...]:
        """See the class."""
        if self._gateway is not None:
            own = (edge.target for edge in self._graph.targets(self._gateway, "elastic_ip"))
            return (self._gateway, *(one for one in own if one is not None))
        return (self._eni.host, *elastic_addresses(self._graph, self._eni))

    def hops(self, port: tuple[int, int] | None) -> tuple[Hop, ...]:
        """The evidence whether it gets out.

        Args:
            port: The protocol and the port of the destination; ``None`` where it is unknown, so
                that groups and network ACLs are not asked.
        """
        return (*self._way_out, *(() if port is None else self._filters(port)))

    def truth(self, port: tuple[int, int] | None) -> Truth:
        """Whether it gets out; see ``hops``."""
        return conjunction(hop.verdict for hop in self.hops(port))

    @property
    def _gateway(self) -> NatGateway | None:
        node = self._leg.target.node
        return node if isinstance(node, NatGateway) else None

    @cached_property
    def _way_out(self) -> tuple[Hop, ...]:
        return (*self._end.preconditions, *self._routed())

    def _routed(self) -> Iterator[Hop]:
        leg, kind, public = self._leg, self._leg.target.kind, self._path.public
        yield leg.why
        if kind in _NOWHERE:
            yield leg.hop._replace(verdict=False, causes=())
            return
        if kind in APPLIANCES:
            yield let_through(leg.target, leg.hop)
            return
        whole = leg.addresses.lower.covers(public) or leg.hop.causes or leg.why.causes
        yield leg.hop if whole else leg.hop._replace(verdict=None, causes=(_somewhere(leg),))
        if kind == "internet gateway":
            yield from leg.route.attachment if leg.route is not None else ()
            yield public_address(self._graph, self._eni, self._family)
            yield from _of(public_access(self._graph, self._end.placement.subnet))
        elif kind == "egress-only internet gateway":
            yield public_address(self._graph, self._eni, self._family)
            yield from _of(outbound_access(self._graph, self._end.placement.subnet))
        elif self._gateway is not None:
            yield from self._through(self._gateway)
        else:
            name = "it" if leg.target.node is None else leg.target.node.address
            gap = Unknown(
                f"what lies behind {name} is not in the source", "external-id", leg.hop.span
            )
            fact = f"{leg.hop.fact}, which may lead to the internet"
            causes = leg.hop.causes or (gap,)
            yield leg.hop._replace(fact=fact, verdict=None, causes=causes, origin="unknown")

    def _through(self, gateway: NatGateway) -> Iterator[Hop]:
        """The way on from a NAT gateway: it takes one of its own to the internet."""
        public = gateway.connectivity_type.equals("public")
        if public.truth is not True:
            place = gateway.place("connectivity_type")
            ends = ends_in_private(self._graph, gateway, ())
            fact = f"{gateway.address} is private, so it leads to no internet"
            verdict, causes = public.truth, public.causes
            if public.truth is None:
                fact = f"{gateway.address} may be private"
            elif ends.truth is not True:
                fact = f"{gateway.address} is private; what its routes lead to may lead on"
                gap = Unknown("what lies behind it is not in the source", "external-id", place.span)
                verdict, causes = None, ends.causes or (gap,)
            yield Hop("NAT gateway", gateway, place.span, fact, "explicit", verdict, causes)
            if public.truth is False:
                return  # its own ways need no address and no internet gateway of its subnet
        if self._family is Family.IPV6:
            fact = f"whether {gateway.address} translates to IPv4 (NAT64) is not followed"
            gap = Unknown(fact, "limit", gateway.span)
            yield Hop("NAT gateway", gateway, gateway.span, fact, "unknown", None, (gap,))
            return
        path = self.path_of_gateway
        if path is None:
            fact = f"nobody knows the subnet of {gateway.address}"
            gap = Unknown(fact, "external-id", gateway.span)
            yield Hop("NAT gateway", gateway, gateway.span, fact, "unknown", None, (gap,))
            return
        yield from _of(path.gateway)
        yield from judged(path.routes.hops, enough(path.routes.addresses, path, INTERNET))
        yield from _of(path.inspected)
        yield from _of(outbound_access(self._graph, path.subnet))

    @property
    def path_of_gateway(self) -> InternetPath | None:
        """The path between the internet and the subnet of the NAT gateway."""
        edges = self._graph.targets(self._gateway, "subnet") if self._gateway is not None else ()
        subnet = edges[0].target if len(edges) == 1 and edges[0].certain else None
        return None if subnet is None else internet_path_of(self._graph, subnet, self._family)

    def _filters(self, port: tuple[int, int]) -> Iterator[Hop]:
        graph, end, public = self._graph, self._end, self._path.public
        peer = Peer(self._family, public, frozenset())
        ports = ports_from(graph, end.egress, peer, port[0])
        name, which = "the internet", partial(_unknown_server, end)
        yield from rule_hops(graph, end, "out to", port, ports, name, public, which)
        yield from acl_hops(graph, tuple(self._acl_passages()), port, end.answers(*port))

    def _acl_passages(self) -> Iterator[AclPassage]:
        """The network ACLs on the way out and back: of the subnet, and of the NAT gateway's."""
        near, public = (self._end.placement.subnet,), self._path.public
        here = self._end.placed(self._family).addresses
        path = self.path_of_gateway
        beyond = () if path is None or path.subnet is near[0] else (path.subnet,)
        yield AclPassage(near, "egress", public)
        if beyond:
            yield AclPassage(beyond, "ingress", here)
            yield AclPassage(beyond, "egress", public)
            yield AclPassage(beyond, "ingress", public, answers=True)
            yield AclPassage(beyond, "egress", here, answers=True)
        yield AclPassage(near, "ingress", public, answers=True)


def outbound_ways(graph: Graph, sender: Sender, family: Family) -> tuple[OutboundWay, ...]:
    """The ways from an interface out to the internet in a family, one for each route.

    Args:
        graph: The graph.
        sender: The interface.
        family: The family of the server's address.
    """
    return _outbound_ways(graph, sender, family)


@remembered
def _outbound_ways(graph: Graph, sender: Sender, family: Family) -> tuple[OutboundWay, ...]:
    end, eni = sender.end, sender.eni
    if eni is None:
        return ()
    subnet = end.placement.subnet
    public = internet_path_of(graph, subnet, family).public
    found = [
        OutboundWay(graph, end, eni, leg, family)
        for leg in toward(graph, subnet, family, public)
        if family is Family.IPV4 or end.ipv6 is not None
    ]
    if family is Family.IPV4 and end.ipv6 is not None and _NAT64 is not None:
        found += [
            OutboundWay(graph, end, eni, leg, Family.IPV6)
            for leg in toward(graph, subnet, Family.IPV6, _NAT64.addresses)
            if leg.target.kind == "NAT gateway"
        ]
    return tuple(found)


def outbound_subnets(graph: Graph, sender: Sender) -> Iterator[Resource]:
    """The subnets of the NAT gateways that an interface's connections to the internet pass."""
    for family in Family:
        for way in outbound_ways(graph, sender, family):
            if way.path_of_gateway is not None:
                yield way.path_of_gateway.subnet


def outside_names(graph: Graph, sender: Sender) -> frozenset[str]:
    """The addresses of the resources by whose address the internet sees an interface."""
    ways = outbound_ways(graph, sender, Family.IPV4)
    return frozenset(one.address for way in ways for one in way.seen_as)


def _of(fact: Fact) -> Iterable[Hop]:
    return judged(fact.hops, fact.truth)


def _somewhere(leg: Leg) -> Unknown:
    reason = "which address of the internet is meant is known after creation"
    return Unknown(reason, "computed", leg.hop.span)


def _unknown_server(end: FlowEnd) -> Unknown:
    """Why it is unknown which address of the internet a connection is for."""
    reason = "which address of the internet is meant is known after creation"
    return Unknown(reason, "computed", end.placement.span)
