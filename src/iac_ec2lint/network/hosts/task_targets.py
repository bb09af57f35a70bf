"""The hosts that ECS registers with load balancers, for the tasks that run on them.

Which of them runs a task, and on which port of the host, is decided when it starts. Tasks with
interfaces of their own (``awsvpc``, target groups of addresses) are no hosts. Source: ECS Developer
Guide, "Service load balancing" and "Network modes"; semantics.md, B11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.load_balancer import TargetGroup
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.hosts.workloads import Workload
    from iac_ec2lint.resources.part import Resource


class TaskTarget(NamedTuple):
    """A host that tasks of a service may run on.

    Attributes:
        edge: The target group of the service.
        host: The host.
        gap: Why it is not known whether, and on which port, it serves.
    """

    edge: Edge
    host: Resource
    gap: Unknown


def task_targets(graph: Graph) -> Iterator[TaskTarget]:
    """The hosts that ECS may register in target groups of instances."""
    for service in graph.all(ServiceInterfaces):
        for edge in graph.targets(service, "task_targets", "other_task_targets"):
            group = edge.target
            vpcs: tuple[Resource | None, ...] = ()
            if isinstance(group, TargetGroup):
                if group.target_type.equals("ip").truth is True:
                    continue
                vpcs = tuple(one.target for one in graph.targets(group, "vpc"))
            words = f"on which hosts tasks of {service.address} run, and on which ports, is decided"
            gap = Unknown(f"{words} when they start", "computed", edge.value.span)
            for host in _hosts(graph):
                if _may_stand_in(graph, host, vpcs):
                    yield TaskTarget(edge, host.resource, gap)


@remembered
def _hosts(graph: Graph) -> tuple[Workload, ...]:
    """The hosts of containers; where nothing says that something is one, all hosts."""
    found = tuple(
        workload
        for workload in workloads(graph)
        if any(is_container_host(graph, eni.launch).may_be_true for eni in workload.enis)
    )
    return found or workloads(graph)


def _may_stand_in(graph: Graph, host: Workload, vpcs: tuple[Resource | None, ...]) -> bool:
    """Whether a host may stand in one of some VPCs; of none nothing is known."""
    known = [vpc for vpc in vpcs if vpc is not None]
    if not known:
        return True
    own = {vpc_of(graph, eni.placement.subnet) for eni in host.enis}
    return None in own or not own.isdisjoint(known)
