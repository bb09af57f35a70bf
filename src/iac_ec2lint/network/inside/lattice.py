"""Ways through VPC Lattice, which needs no route: whom a service lets through is not judged.

Source: VPC Lattice User Guide, "How VPC Lattice works".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.inside.outbound import Sender
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import Explanation, Truth
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.vpc_lattice import LatticeAssociation, LatticeTargets
from iac_ec2lint.values import Confidence, Unknown


class LatticeWay:
    """A way from a VPC that is associated with a network of services to a target of one."""

    is_family_unused = False
    is_secondary = False
    family = Family.IPV4
    truth: Truth = None

    def __init__(self, hop: Hop) -> None:
        self._hop = hop
        self.via = hop.resource.address

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``: none of the internet's."""
        return Approximation.exactly(AddressSet.nothing(self.family))

    def explain(self) -> Explanation:
        """See ``Way``."""
        return Explanation((self._hop,), Confidence.POSSIBLE)


def lattice_ways(graph: Graph, senders: Sequence[Sender], target: Resource) -> Iterator[LatticeWay]:
    """The ways through VPC Lattice from some interfaces to a host or a load balancer.

    Args:
        graph: The graph.
        senders: The interfaces where they begin.
        target: Where they end.
    """
    vpcs = [vpc_of(graph, sender.end.placement.subnet) for sender in senders]
    associated = any(
        edge.target is None or edge.target in vpcs or None in vpcs
        for one in graph.all(LatticeAssociation)
        for edge in graph.targets(one, "vpc")
        if one.presence.answer.truth is not False
    )
    for one in graph.all(LatticeTargets) if associated else ():
        for edge in graph.targets(one, "lattice_targets"):
            if edge.target is not None and edge.target is not target:
                continue
            if one.presence.answer.truth is False:
                continue
            gap = Unknown(f"whom {one.address} lets through is not judged", "expression", one.span)
            fact = f"{one.address} may lead through VPC Lattice to {target.address}"
            yield LatticeWay(Hop("front", one, edge.value.span, fact, "unknown", None, (gap,)))
            break
