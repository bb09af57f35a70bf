"""Which hosts, and which interfaces, are equivalent: then one answer serves for all of them.

Two interfaces in one subnet whose groups come to the same traffic are alike to all others, unless a
rule names one of their groups. So are the ways from them and to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.filters.attached_rules import groups_named
from iac_ec2lint.network.filters.network_blocks import networks_named
from iac_ec2lint.network.hosts.written_addresses import WrittenAddresses, written_of
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.resources.subnet import Subnet

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.filters.attached_rules import AttachedGroup
    from iac_ec2lint.network.hosts.workloads import Eni, Workload
    from iac_ec2lint.network.inside.interfaces import FlowEnd, PlacedAddresses
    from iac_ec2lint.network.sets.traffic import Direction
    from iac_ec2lint.resources.part import Resource


def host_key(workload: Workload) -> object:
    """What equivalent hosts have in common: the same groups in the same subnets."""
    enis = tuple(
        (
            tuple(map(_carried, eni.groups)),
            eni.placement.subnet,
            eni.placement.certain,
            _written(eni),
        )
        for eni in workload.enis
    )
    return enis, workload.exists.truth, workload.resource.presence.key


def _carried(carried: AttachedGroup) -> object:
    if carried.group is not None:
        return carried.group, carried.certain
    return carried.value.span.key if carried.value is not None else ()


def _written(eni: Eni) -> tuple[object, ...]:
    """The addresses that are written for an interface: then it is like no other.

    And whether it asks for an IPv6 address, which those of its subnet may do or not.
    """
    written = written_of(eni)
    if any(address.text is not None for one in written for address in (*one.ipv4, *one.ipv6)):
        return (eni.name,)
    subnet = eni.placement.subnet
    if isinstance(subnet, Subnet) and not subnet.declared.of_cloudformation:
        blocks = (subnet.ipv6_cidr_block, subnet.ipv6_ipam_pool)
        if blocks == (None, None) and subnet.ipv6_native.implied:
            return ()
    asked = (one._replace(ipv4=()) for one in written)
    return tuple(repr(one) for one in asked if one != WrittenAddresses())


def interfaces_key(
    graph: Graph, stands: Sequence[FlowEnd], direction: Direction, named: frozenset[Resource]
) -> Hashable:
    """What decides about flows from some interfaces (``egress``), or to them (``ingress``).

    Equal keys give equal verdicts on every port and with every other end.

    Args:
        graph: The graph.
        stands: The interfaces.
        direction: See above.
        named: The groups that rules of any other end name.
    """
    return tuple(_of_interface(graph, stand, direction, named) for stand in stands)


def _of_interface(
    graph: Graph, stand: FlowEnd, direction: Direction, named: frozenset[Resource]
) -> Hashable:
    admitted = stand.egress if direction == "egress" else stand.ingress
    groups = stand.holder.groups
    known = frozenset(g.group for g in groups if g.group is not None and g.certain)
    return (
        stand.placement.subnet,
        _addresses(stand.ipv4),
        None if stand.ipv6 is None else _addresses(stand.ipv6),
        tuple(hop.verdict for hop in stand.preconditions),
        known & named,
        len(known) < len(groups),
        frozenset(g.group for g in groups if g.group in named and g.group not in known),
        _content(graph, admitted),
    )


def _addresses(placed: PlacedAddresses) -> Hashable:
    return placed.addresses, True if placed.hop is None else placed.hop.verdict


@remembered
def _content(graph: Graph, admitted: Admission) -> object:
    """What groups let through: one object for all that let the same through."""
    traffic = tuple(admitted.traffic(family) for family in Family)
    content = (
        tuple((one.lower, one.upper) for one in traffic),
        bool(admitted.gaps),
        admitted.unfiltered,
        tuple(admitted.defaults),
        # A rule that names groups is like no other.
        tuple(
            (rule.read, rule.firm, rule.group)
            for rule in admitted.rules
            if rule.read.rule.self_.is_true().may_be_true or groups_named(graph, rule)
        ),
        frozenset(
            (named, frozenset(read.lower.items()), frozenset(read.upper.items()), rule.firm)
            for rule in admitted.rules
            for read in (rule.read,)
            for named in networks_named(graph, read)
        ),
    )
    return _token(graph, content)


@remembered
def _token(_graph: Graph, _content: Hashable) -> object:
    """One object for each content, which takes less time to compare."""
    return object()
