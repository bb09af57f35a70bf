"""The interfaces that tasks of ECS have of their own, as ends of ways in from the internet.

Source: ECS Developer Guide, "Amazon ECS task networking options for Fargate": a task has a public
address where its service says so, whatever its subnet does; one on an instance never has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.data_stores import DataStore, interface_ways
from iac_ec2lint.network.filters.attached_rules import attached_groups
from iac_ec2lint.network.hosts.addressing import may_have_ipv6
from iac_ec2lint.network.hosts.workloads import placements_of
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.container_service import ContainerService

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.entry.gateway_ways import GatewayWay


@remembered
def public_tasks(graph: Graph) -> tuple[DataStore, ...]:
    """The services whose tasks have public addresses, or may: each as a store of no port.

    One that begins without tasks, which something else may start, is none.
    """
    return tuple(_public_tasks(graph))


def task_ways(graph: Graph, tasks: DataStore, port: tuple[int, int]) -> Iterator[GatewayWay]:
    """The ways to the public IPv4 addresses of tasks on one port, one for each subnet."""
    for way in interface_ways(graph, tasks, port):
        if way.family is Family.IPV4:
            yield way


def private_tasks(graph: Graph) -> Iterator[tuple[ContainerService, frozenset[Family]]]:
    """The services whose tasks the internet never reaches, with the families of which that holds.

    They register their tasks with no load balancer. Tasks on instances never get public IPv4
    addresses (Amazon ECS Developer Guide, "Allocate a network interface for an Amazon ECS task");
    where nothing is said, the Terraform provider asks for none.
    """
    for service in graph.all(ContainerService):
        if service.load_balancers:
            continue
        private = service.equals("launch_type", "EC2")
        private |= service.equals("assigns_public_address", False, "false", "DISABLED")
        if service.resource_type in service.terraform:
            private |= service.equals("assigns_public_address", None)
        subnets = graph.targets(service, "subnets")
        closed = {Family.IPV4} if private.truth else set()
        if subnets and not any(may_have_ipv6(graph, edge.target) for edge in subnets):
            closed.add(Family.IPV6)
        yield service, frozenset(closed)


def _public_tasks(graph: Graph) -> Iterator[DataStore]:
    for service in graph.all(ContainerService):
        # What is not said is not judged: CloudFormation's pages and the API's differ about it.
        public = service.equals("assigns_public_address", True, "true", "ENABLED")
        subnets = graph.targets(service, "subnets")
        if not public.may_be_true or not subnets or service.equals("scale", 0).truth:
            continue
        span = service.place("assigns_public_address").span
        fact = (
            f"the tasks of {service.address} {'' if public.truth else 'may '}get public addresses"
        )
        hop = Hop("address", service, span, fact, "explicit", True, (), public.assumptions)
        yield DataStore(
            service,
            tuple(placements_of(graph, service, subnets)),
            attached_groups(graph.targets(service, "security_groups")),
            (),
            None,
            hop if public.truth else hop.in_doubt(*public.causes),
        )
