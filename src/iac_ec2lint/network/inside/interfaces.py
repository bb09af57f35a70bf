"""Interfaces inside, as ends of flows: their subnets, addresses and groups.

Source: EC2 User Guide, "Amazon EC2 instance IP addressing"; semantics.md, B9 and C1 ("Lateral"). An
interface without a written private address may have any of its subnet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.data_stores import DataStore, port_hops
from iac_ec2lint.network.entry.group_hops import GroupHolder, holder_of
from iac_ec2lint.network.entry.listeners import balancer_admission, balancer_admissions
from iac_ec2lint.network.entry.public_interfaces import (
    admission_of,
    attachment_hops,
    presence_hops,
)
from iac_ec2lint.network.filters.admission import Admission, admission
from iac_ec2lint.network.filters.attached_rules import Peer
from iac_ec2lint.network.hosts.addressing import public_address, uses_ipv6
from iac_ec2lint.network.hosts.balancers import OWN_PORTS
from iac_ec2lint.network.hosts.workloads import Eni, Placement, Workload, perhaps_default
from iac_ec2lint.network.hosts.written_addresses import written_of
from iac_ec2lint.network.sets.addresses import AddressSet, Family, parse_cidr
from iac_ec2lint.network.sets.ports import PortSet, answers_to
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.vpc.subnets import subnet_addresses
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.values import Val

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.hosts.balancers import Balancer


class PlacedAddresses(NamedTuple):
    """The addresses of one family that an interface may have.

    Attributes:
        addresses: The addresses.
        hop: The evidence that it has one; ``None`` where that needs none.
    """

    addresses: AddressSet
    hop: Hop | None = None


class FlowEnd(NamedTuple):
    """An interface inside: of a workload, of a load balancer or of a data store.

    Attributes:
        holder: The resource that has it, with its groups.
        placement: Its subnet.
        ipv4: Its IPv4 addresses.
        ipv6: Its IPv6 addresses; ``None`` where it has none.
        ingress: What its groups let in.
        egress: What they let out.
        preconditions: The hops for what must exist.
        own_ports: The ports that it picks from to connect; ``None``: any that the protocol has.
    """

    holder: GroupHolder
    placement: Placement
    ipv4: PlacedAddresses
    ipv6: PlacedAddresses | None
    ingress: Admission
    egress: Admission
    preconditions: tuple[Hop, ...]
    own_ports: PortSet | None = None

    def answers(self, protocol: int, port: int) -> PortSet:
        """The ports of this end of which an answer to a port of another end needs one."""
        return answers_to(protocol, port) if self.own_ports is None else self.own_ports

    def placed(self, family: Family) -> PlacedAddresses:
        """Its addresses of a family."""
        if family is Family.IPV4:
            return self.ipv4
        return self.ipv6 or PlacedAddresses(AddressSet.nothing(family))

    def peer(self, family: Family, seen_as: AddressSet | None = None) -> Peer:
        """This end, as the peer of another end.

        Args:
            family: The family of the flow.
            seen_as: The source addresses that the other end sees; ``None``: its own.
        """
        if seen_as is not None:
            return Peer.carrying(self.holder.groups, family, seen_as)
        addresses = self.placed(family).addresses
        subnet = self.placement.subnet if family is Family.IPV4 and addresses else None
        return Peer.carrying(self.holder.groups, family, addresses, subnet)


@remembered
def workload_ends(graph: Graph, workload: Workload) -> tuple[FlowEnd, ...]:
    """The interfaces of a workload, one for each subnet; computed once."""
    preconditions = presence_hops(workload)
    return tuple(_workload_end(graph, eni, preconditions) for eni in workload.enis)


def _workload_end(graph: Graph, eni: Eni, preconditions: tuple[Hop, ...]) -> FlowEnd:
    given = eni.host.presence
    egress = admission(graph, eni.groups, "egress", given)
    ipv4, ipv6 = _ipv4(graph, eni), _ipv6(graph, eni)
    preconditions = (*preconditions, *attachment_hops(eni))
    ingress = admission_of(graph, eni)
    perhaps = perhaps_default(graph, eni.groups, eni.placement)
    holder = holder_of(eni._replace(groups=(*eni.groups, *perhaps)))
    return FlowEnd(holder, eni.placement, ipv4, ipv6, ingress, egress, preconditions)


def balancer_ends(graph: Graph, balancer: Balancer) -> tuple[FlowEnd, ...]:
    """The interfaces of a load balancer, one for each subnet, with their IPv4 addresses."""
    found = []
    for placement, holder, let_in in balancer_admissions(graph, balancer):
        ipv4 = PlacedAddresses(subnet_addresses(graph, placement.subnet, Family.IPV4).upper)
        let_out = balancer_admission(graph, balancer, holder, "egress")
        found.append(FlowEnd(holder, placement, ipv4, None, let_in, let_out, (), OWN_PORTS))
    return tuple(found)


def store_ends(graph: Graph, store: DataStore) -> tuple[FlowEnd, ...]:
    """The interfaces of a managed data store, one for each subnet, with their IPv4 addresses."""
    holder = GroupHolder(store.resource.address, store.resource, store.groups)
    inward = admission(graph, store.groups, "ingress")
    outward = admission(graph, store.groups, "egress")
    return tuple(
        FlowEnd(
            holder,
            placement,
            PlacedAddresses(subnet_addresses(graph, placement.subnet, Family.IPV4).upper),
            None,
            inward,
            outward,
            port_hops(store),
        )
        for placement in store.placements
    )


def _ipv4(graph: Graph, eni: Eni) -> PlacedAddresses:
    subnet, family = eni.placement.subnet, Family.IPV4
    if isinstance(subnet, Subnet) and subnet.ipv6_native.is_true().truth is True:
        span = subnet.place("ipv6_native").span
        fact = f"{subnet.address} has no IPv4 addresses"
        return PlacedAddresses(
            AddressSet.nothing(family), Hop("address", subnet, span, fact, verdict=False)
        )
    written = [address for one in written_of(eni) for address in one.ipv4]
    return PlacedAddresses(_addresses(graph, eni.placement, family, written))


def ipv4_addresses(graph: Graph, eni: Eni) -> AddressSet:
    """The private IPv4 addresses that an interface may have: what is written, else its subnet's."""
    return _ipv4(graph, eni).addresses


def _ipv6(graph: Graph, eni: Eni) -> PlacedAddresses | None:
    if not uses_ipv6(graph, eni):
        return None
    hop = public_address(graph, eni, Family.IPV6)
    if hop.verdict is False:
        return None
    written = [address for one in written_of(eni) for address in one.ipv6]
    return PlacedAddresses(_addresses(graph, eni.placement, Family.IPV6, written), hop)


def _addresses(
    graph: Graph, placement: Placement, family: Family, written: Sequence[Val]
) -> AddressSet:
    """The addresses that an interface may have: what is written, else its subnet's."""
    parsed = [parse_cidr(value.text) for value in written if value.text is not None]
    blocks = [block.addresses for block in parsed if block is not None and block.family is family]
    if written and len(blocks) == len(written):
        return AddressSet.union(family, blocks)
    return subnet_addresses(graph, placement.subnet, family).upper
