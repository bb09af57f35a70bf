"""Workloads that are closed to the internet on all ports, found without evaluating single ports.

Most workloads are closed by their groups alone. For those the sources of all their rules are
enough: where they hold too little of the internet together, no port of them is open (A1).
"""

from __future__ import annotations

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.edge_services import edge_services_of
from iac_ec2lint.network.entry.forwarding import addresses_elsewhere, forwarded_interfaces
from iac_ec2lint.network.filters.group_rules import group_rules
from iac_ec2lint.network.filters.listed_rules import more_rules_cause
from iac_ec2lint.network.hosts.workloads import Workload
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, internet, openness
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule

_TOO_LITTLE = frozenset({Openness.NONE, Openness.LIMITED})
_Sources = dict[Resource, tuple[AddressSet, ...]]


def is_closed(graph: Graph, workload: Workload) -> bool:
    """Whether the groups of a workload are known and admit too little of the internet on any port.

    False decides nothing: it may be closed nevertheless. Rules that may belong to any group,
    groups passed to unknown modules, load balancers and edge services need the full evaluation.
    """
    sources = _sources(graph)
    if sources is None or isinstance(workload.resource, ManagedHost):
        return False
    for eni in workload.enis:
        groups = [attached.group for attached in eni.groups if attached.certain]
        if not groups or len(groups) < len(eni.groups):
            return False
        for family in Family:
            admitted = AddressSet.nothing(family)
            for group in groups:
                if group not in sources or more_rules_cause(graph, group, "ingress") is not None:
                    return False
                admitted |= sources[group][family is Family.IPV6]
            if openness(admitted, internet(family)) not in _TOO_LITTLE:
                return False
    parts = (eni.interface.part for eni in workload.enis)
    apart = tuple(part for part in parts if isinstance(part, NetworkInterface))
    subnets = {eni.placement.subnet: None for eni in workload.enis}
    return (
        not any(forwarded_interfaces(graph, workload))
        and not any(
            any(edge_services_of(graph, subnet, workload.resource, *apart)) for subnet in subnets
        )
        and workload.resource.address not in addresses_elsewhere(graph)
    )


@remembered
def _sources(graph: Graph) -> _Sources | None:
    """What the rules of each declared group may admit, of each family, on whatever port.

    ``None`` where there are rules whose group is unknown.
    """
    return _read_sources(graph)


def _read_sources(graph: Graph) -> _Sources | None:
    found: _Sources = {}
    for each in group_rules(graph, "ingress"):
        if isinstance(each.group, SeparateSecurityGroupRule):
            return None
        if isinstance(each.group, SecurityGroup):
            every = [a for read in each.rules for source in read.sources for a in source.upper]
            found[each.group] = tuple(
                AddressSet.union(family, (a for a in every if a.family is family))
                for family in (Family.IPV4, Family.IPV6)
            )
    return found
