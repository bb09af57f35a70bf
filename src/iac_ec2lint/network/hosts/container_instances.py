"""Container instances, which ECS registers with the load balancers of its services.

A task whose network mode is not ``awsvpc`` has no interface of its own: its target is the instance
that it runs on, on a port that ECS may choose when it starts. Source: Amazon ECS Developer Guide,
"Use load balancing to distribute Amazon ECS service traffic".
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.container_service import ContainerService
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.load_balancer import TargetGroup
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown


def container_instances(graph: Graph, edge: Edge) -> Iterator[tuple[Resource, Unknown]]:
    """The hosts that a service may register somewhere, each with why that is not known.

    Args:
        graph: The graph.
        edge: From the service to the target group, or to the Classic Load Balancer.
    """
    if not isinstance(edge.source, ContainerService):
        return
    group = edge.target
    kind = group.target_type if isinstance(group, TargetGroup) else None
    if kind is not None and kind.equals("instance").truth is False:
        return  # tasks with interfaces of their own
    vpcs = set() if group is None else {one.target for one in graph.targets(group, "vpc")}
    for workload in _hosts(graph):
        if _may_stand_in(graph, workload, vpcs):
            host = workload.resource
            words = f"whether tasks of {edge.source.address} run on {host.address}"
            words += ", and on which port, is decided by ECS"
            yield host, Unknown(words, "computed", edge.value.span)


@remembered
def _hosts(graph: Graph) -> tuple[Workload, ...]:
    """The hosts that run containers, or may, and are no nodes of EKS.

    An image that is known by its id alone may be one for containers: where nothing says that some
    host runs them, all of them may.
    """
    every = [one for one in workloads(graph) if not isinstance(one.resource, EksNodeGroup)]
    found = [
        workload
        for workload in every
        if any(is_container_host(graph, eni.launch).may_be_true for eni in workload.enis)
    ]
    return tuple(found or every)


def _may_stand_in(graph: Graph, workload: Workload, vpcs: set[Resource | None]) -> bool:
    """Whether a host may stand in one of some VPCs; any, where none is known."""
    if not vpcs or None in vpcs:
        return True
    own = {vpc_of(graph, eni.placement.subnet) for eni in workload.enis}
    return None in own or not own.isdisjoint(vpcs)
