"""Which subnets that are declared elsewhere are in one VPC, so that it is asked once of that.

Source: EC2 User Guide, "Amazon EC2 security groups for your EC2 instances" (a group is of the VPC
of what it is attached to).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.hosts.workloads import Eni
    from iac_ec2lint.values import Val


def _inputs(value: Val | None) -> Hashable | None:
    """The inputs without a value that name something; ``None`` where none does."""
    if not isinstance(value, Unknown):
        return None
    return frozenset(one.key for one in value.inputs if not one.fact) or None


def vpc_elsewhere(graph: Graph, value: Val | None) -> Hashable | None:
    """What tells the VPC of subnets that are declared elsewhere from others, if anything does.

    That of several is one where groups of one VPC are attached to what stands in them.

    Args:
        graph: The graph.
        value: What names them.
    """
    subnet = _inputs(value)
    return None if subnet is None else _vpcs(graph).get(subnet, subnet)


@remembered
def _vpcs(graph: Graph) -> dict[Hashable, Hashable]:
    found: dict[Hashable, set[Hashable]] = {}
    for host in workloads(graph):
        for eni in host.enis:
            subnet = _inputs(eni.placement.value)
            if subnet is not None:
                found.setdefault(subnet, set()).update(_of_groups(graph, eni))
    return {subnet: vpcs.pop() for subnet, vpcs in found.items() if len(vpcs) == 1}


def _of_groups(graph: Graph, eni: Eni) -> Iterator[Hashable]:
    for attached in eni.groups:
        if attached.certain and isinstance(attached.group, SecurityGroup):
            for edge in graph.targets(attached.group, "vpc"):
                yield edge.target or _inputs(edge.value)
