"""Which subnets are public: those whose route table leads to an internet gateway.

Source: VPC User Guide, "Subnet types"; semantics.md, B2 and B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.routing.routing import internet_clients
from iac_ec2lint.network.sets.addresses import Family, Openness, openness
from iac_ec2lint.network.verdicts.evidence import Fact
from iac_ec2lint.values import any_of

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Answer


@remembered
def public_route(graph: Graph, subnet: Resource, family: Family) -> Fact:
    """Whether the route table of a subnet sends the internet's addresses to an internet gateway.

    A route for some of them alone, an office's say, does not make a subnet public.

    Args:
        graph: The graph.
        subnet: A subnet, or what ``default_subnet`` gives.
        family: The address family.
    """
    clients = internet_clients(graph, subnet, family)
    if openness(clients.addresses.lower) is Openness.WORLD:
        return Fact(True, tuple(hop for hop in clients.hops if hop.verdict is True))
    if openness(clients.addresses.upper) is not Openness.WORLD:
        return Fact(False, clients.hops)
    return Fact(None, clients.hops)


@remembered
def is_public_subnet(graph: Graph, subnet: Resource) -> Answer:
    """Whether a subnet is public over IPv4 or IPv6."""
    return any_of(public_route(graph, subnet, family).answer for family in Family)
