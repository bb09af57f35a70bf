"""Ways through VPC Lattice, which needs no route: whom a service lets through is not judged.

Sources: VPC Lattice User Guide, "How VPC Lattice works" and "VPC resources in VPC Lattice".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from iac_ec2lint.graph.graph import External, Graph
from iac_ec2lint.graph.relations import relations
from iac_ec2lint.network.inside.outbound import Sender
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import Explanation, Truth
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint
from iac_ec2lint.resources.vpc_lattice import (
    LatticeAssociation,
    LatticeGateway,
    LatticeResource,
    LatticeResourceAssociation,
    LatticeTargets,
)
from iac_ec2lint.source.span import Span
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


def lattice_ways(
    graph: Graph, senders: Sequence[Sender], target: Resource, standing: Collection[Resource | None]
) -> Iterator[LatticeWay]:
    """The ways through VPC Lattice from some interfaces to a host, a load balancer or a data store.

    Args:
        graph: The graph.
        senders: The interfaces where they begin.
        target: Where they end.
        standing: The VPCs that it may stand in.
    """
    if not graph.has(LatticeTargets, LatticeResource):
        return
    vpcs = {vpc_of(graph, sender.end.placement.subnet) for sender in senders}
    networks = [*_networks(graph, vpcs)]
    if networks:
        yield from _to_targets(graph, target)
    for one in graph.all(LatticeResource):
        if one.presence.answer.truth is False or not _is_offered(graph, one, networks, vpcs):
            continue
        if _may_lead_to(graph, one, target, standing):
            yield _way(one, one.span, target)


def _way(one: Resource, span: Span, target: Resource) -> LatticeWay:
    gap = Unknown(f"whom {one.address} lets through is not judged", "expression", one.span)
    fact = f"{one.address} may lead through VPC Lattice to {target.address}"
    return LatticeWay(Hop("front", one, span, fact, "unknown", None, (gap,)))


def _networks(graph: Graph, vpcs: Collection[Resource | None]) -> Iterator[Resource | None]:
    """The networks of services that VPCs are associated with, or have an endpoint of."""
    for one in graph.all(LatticeAssociation, VpcEndpoint):
        networks = graph.targets(one, "service_network")
        own = isinstance(one, LatticeAssociation)
        if (own or networks) and _is_in(graph, one, vpcs):
            yield from (edge.target for edge in networks)
            if own and not networks:
                yield None


def _is_in(graph: Graph, one: Resource, vpcs: Collection[Resource | None]) -> bool:
    """Whether an association or an endpoint may be of one of some VPCs."""
    if one.presence.answer.truth is False:
        return False
    named = {edge.target for edge in graph.targets(one, "vpc")}
    return None in vpcs or None in named or not named.isdisjoint(vpcs)


def _to_targets(graph: Graph, target: Resource) -> Iterator[LatticeWay]:
    for one in graph.all(LatticeTargets):
        for edge in graph.targets(one, "lattice_targets"):
            if edge.target is not None and edge.target is not target:
                continue
            if one.presence.answer.truth is False:
                continue
            yield _way(one, edge.value.span, target)
            break


def _is_offered(
    graph: Graph,
    one: LatticeResource,
    networks: Collection[Resource | None],
    vpcs: Collection[Resource | None],
) -> bool:
    """Whether clients in some VPCs may use a resource: by a network of theirs, or an endpoint."""
    for joint in graph.all(LatticeResourceAssociation):
        if networks and _names(graph, joint, one):
            offered = {edge.target for edge in graph.targets(joint, "service_network")}
            if None in networks or not offered or None in offered:
                return True
            if not offered.isdisjoint(networks):
                return True
    return any(
        _is_in(graph, endpoint, vpcs)
        for endpoint in graph.all(VpcEndpoint)
        if graph.targets(endpoint, "lattice_configuration") and _names(graph, endpoint, one)
    )


def _names(graph: Graph, joint: Resource, one: LatticeResource) -> bool:
    named = [edge.target for edge in graph.targets(joint, "lattice_configuration")]
    return joint.presence.answer.truth is not False and (None in named or one in named)


def _may_lead_to(
    graph: Graph, one: LatticeResource, target: Resource, standing: Collection[Resource | None]
) -> bool:
    """Whether a resource may be something: it names that, or nothing that is known in its VPC."""
    named = [edge.target for edge in graph.targets(one, "lattice_resource")]
    known = [n for n in named if n is not None and not isinstance(n, External)]
    if known:
        return target in known or any(n in _parts_of(graph, target) for n in known)
    gateways = [edge.target for edge in graph.targets(one, "gateway")]
    vpcs = [
        edge.target
        for gateway in gateways
        if isinstance(gateway, LatticeGateway)
        for edge in graph.targets(gateway, "vpc")
    ]
    return not vpcs or None in vpcs or None in standing or any(v in standing for v in vpcs)


def _parts_of(graph: Graph, target: Resource) -> Iterator[Resource | None]:
    """The cluster of a database, and the interfaces of a host, by which it is named too."""
    names = [name for name in ("cluster", "interface") if name in relations(type(target))]
    yield from (edge.target for edge in graph.targets(target, *names) if names)
