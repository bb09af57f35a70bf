"""Container instances, which ECS registers with the load balancers of its services.

A task whose network mode is not ``awsvpc`` has no interface of its own: its target is the instance
that it runs on, on a port that ECS may choose when it starts. Source: Amazon ECS Developer Guide,
"Use load balancing to distribute Amazon ECS service traffic".
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.compute.launch import launches
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
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
    group = edge.target
    kind = group.target_type if isinstance(group, TargetGroup) else None
    if kind is not None and kind.equals("instance").truth is False:
        return  # tasks with interfaces of their own
    for host in _hosts(graph):
        words = f"whether tasks of {edge.source.address} run on {host.address}, and on which port"
        yield host, Unknown(f"{words}, is decided by ECS", "computed", edge.value.span)


@remembered
def _hosts(graph: Graph) -> tuple[Resource, ...]:
    """The hosts that run containers, or may, and are no nodes of EKS."""
    hosts = {
        launch.host: None
        for launch in launches(graph)
        if not isinstance(launch.host, EksNodeGroup)
        and is_container_host(graph, launch).may_be_true
    }
    return tuple(hosts)
