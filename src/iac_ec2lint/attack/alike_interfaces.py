"""What of interfaces decides whether flows get through between them: of many it is the same.

Two interfaces in one subnet whose groups come to the same traffic are alike to all others, unless a
rule names one of their groups. So are the ways from them and to them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.admission import Admission, groups_named
from iac_ec2lint.network.inside.interfaces import FlowEnd, PlacedAddresses
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.traffic import Direction
from iac_ec2lint.resources.part import Resource


def outlook(
    graph: Graph, stands: Sequence[FlowEnd], direction: Direction, named: frozenset[Resource]
) -> Hashable:
    """What decides about flows from some interfaces (``egress``), or to them (``ingress``).

    Equal outlooks give equal verdicts on every port and with every other end.

    Args:
        graph: The graph.
        stands: The interfaces.
        direction: See above.
        named: The groups that rules of any other end name.
    """
    return tuple(_outlook(graph, stand, direction, named) for stand in stands)


def _outlook(
    graph: Graph, stand: FlowEnd, direction: Direction, named: frozenset[Resource]
) -> Hashable:
    admitted = stand.egress if direction == "egress" else stand.ingress
    groups = stand.carrier.groups
    known = frozenset(g.group for g in groups if g.group is not None and g.certain)
    return (
        stand.site.subnet,
        _addresses(stand.ipv4),
        None if stand.ipv6 is None else _addresses(stand.ipv6),
        tuple(hop.verdict for hop in stand.there),
        known & named,
        len(known) < len(groups),
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
    )
    return _token(graph, content)


@remembered
def _token(_graph: Graph, _content: Hashable) -> object:
    """One object for each content, which takes less time to compare."""
    return object()
