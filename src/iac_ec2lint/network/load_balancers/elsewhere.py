"""Ways to targets of load balancers that are declared elsewhere: undecided, for want of these.

Source: semantics.md, B0 and B11. What the target's groups refuse to anything that such a load
balancer can be is closed all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iac_ec2lint.graph.graph import External, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.forwarding import interfaces_of
from iac_ec2lint.network.entry.public_interfaces import admission_of, launch_hops, presence_hops
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.filters.attached_rules import Peer, groups_named
from iac_ec2lint.network.filters.exposure import is_attached
from iac_ec2lint.network.hosts.balancers import balancers, possible_ports, protocols_of
from iac_ec2lint.network.hosts.elsewhere import TargetElsewhere, targets_elsewhere
from iac_ec2lint.network.hosts.workloads import Eni, Workload, origin_of
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import NO_PORTS, PortSet
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import Explanation, Truth, conjunction
from iac_ec2lint.resources.part import DataSource, Resource
from iac_ec2lint.values import Answer, Confidence


class _Aim(NamedTuple):
    """A load balancer that is declared elsewhere, and an interface that it may lead to."""

    elsewhere: TargetElsewhere
    eni: Eni


class ElsewhereWay:
    """A way through a load balancer that is declared elsewhere to an interface of a workload.

    Args:
        aim: The load balancer, as far as it is known, and the interface.
        port: The protocol and the port of the workload.
        preconditions: The hops for what must exist.
    """

    is_family_unused = False
    is_secondary = False
    family = Family.IPV4

    def __init__(self, aim: _Aim, port: tuple[int, int], preconditions: tuple[Hop, ...]) -> None:
        self._hops = (*preconditions, aim.elsewhere.target.hop)
        self.port = port
        self.via = aim.elsewhere.via
        self.hands_on: Answer = aim.elsewhere.hands_on

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``: nobody knows whom it lets in."""
        return Approximation.at_most(AddressSet.everything(self.family))

    @property
    def truth(self) -> Truth:
        """See ``Way``."""
        return conjunction(hop.verdict for hop in self._hops)

    def explain(self) -> Explanation:
        """See ``Way``."""
        return Explanation(self._hops, Confidence.POSSIBLE)


def elsewhere_ways(
    graph: Graph, workload: Workload, port: tuple[int, int]
) -> Iterator[ElsewhereWay]:
    """The ways to a workload on one of its ports through load balancers declared elsewhere.

    Args:
        graph: The graph.
        workload: The workload.
        port: The protocol and the port of the workload.
    """
    for aim in _aims_at(graph, workload):
        if _ports(graph, aim, port[0]).contains(port[1]):
            preconditions = (*presence_hops(workload), *launch_hops(aim.eni))
            yield ElsewhereWay(aim, port, preconditions)


def ports_elsewhere(graph: Graph, workload: Workload) -> tuple[tuple[int, int, int], ...]:
    """The protocols and port ranges on which such load balancers may forward to a workload."""
    return tuple(
        (protocol, lo, hi)
        for aim in _aims_at(graph, workload)
        for protocol in protocols_of(aim.elsewhere.target.group)
        for lo, hi in _ports(graph, aim, protocol).ranges
    )


def _aims_at(graph: Graph, workload: Workload) -> Sequence[_Aim]:
    aims = _aims(graph).get(workload.resource.address, ())
    if workload.origin is None:
        return aims
    return [aim for aim in aims if origin_of(aim.eni.launch) is workload.origin]


@remembered
def _aims(graph: Graph) -> dict[str, list[_Aim]]:
    made: dict[str, list[_Aim]] = defaultdict(list)
    for elsewhere in targets_elsewhere(graph):
        for workload, eni, _ in interfaces_of(graph, elsewhere.target):
            made[workload.resource.address].append(_Aim(elsewhere, eni))
    return made


def _ports(graph: Graph, aim: _Aim, protocol: int) -> PortSet:
    """The ports of a protocol that a load balancer may forward to, as the target's groups are."""
    target = aim.elsewhere.target
    if protocol not in protocols_of(target.group):
        return NO_PORTS
    numbers = None if target.port is None else possible_ports(target.port)
    known = not aim.elsewhere.is_unknown
    open_ = _admitted(graph, admission_of(graph, aim.eni), protocol, known)
    return open_ if numbers is None else open_ & PortSet.of((n, n) for n in numbers)


@remembered
def _admitted(graph: Graph, admitted: Admission, protocol: int, known: bool) -> PortSet:
    """The ports that groups may let a load balancer in on that is declared elsewhere.

    It may carry groups that are declared elsewhere too, and those that nothing here carries; one
    that is unknown, and may be a load balancer that is declared, also the groups of those.
    """
    fronts = frozenset[Resource]() if known else _groups_of_balancers(graph)
    free = (
        edge.target
        for rule in admitted.rules
        for edge in groups_named(graph, rule)
        if edge.target is not None
        and (
            edge.target in fronts
            or isinstance(edge.target, External | DataSource)
            or not is_attached(graph, edge.target)
        )
    )
    peer = Peer(Family.IPV4, None, frozenset(free))
    return admitted.ports_from(peer, protocol).upper


@remembered
def _groups_of_balancers(graph: Graph) -> frozenset[Resource]:
    """The groups that the declared load balancers carry."""
    edges = (
        edge
        for balancer in balancers(graph)
        for edge in graph.targets(balancer.resource, "security_groups")
    )
    return frozenset(edge.target for edge in edges if edge.target is not None)
