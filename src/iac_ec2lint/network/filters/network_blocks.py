"""What rules that name the block of a VPC or of a subnet, whatever it comes to, admit.

What stands in a subnet has its private IPv4 address from the subnet's block, which is part of a
block of the VPC; the subnets of a VPC do not overlap.
Sources: VPC User Guide, "Subnet CIDR blocks" and "VPC CIDR blocks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.own_blocks import networks_with
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.resources.vpc import Vpc, VpcCidrBlock
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.filters.admission import Admission
    from iac_ec2lint.network.filters.group_rules import RuleTraffic
    from iac_ec2lint.network.filters.rule_sources import RuleSource
    from iac_ec2lint.resources.part import Resource

_EVERY = AddressSet.everything(Family.IPV4)
_FIRST = frozenset({"cidr_block", "CidrBlock"})
"""The attributes that are the first IPv4 block of a network."""


def asked_from(graph: Graph, admitted: Admission, subnet: Resource) -> Admission:
    """What groups admit, as who stands in a subnet may ask it by a private IPv4 address.

    Args:
        graph: The graph.
        admitted: What they admit.
        subnet: The subnet.
    """
    if not isinstance(subnet, Subnet) or not _names_networks(graph, admitted):
        return admitted
    return _asked_from(graph, admitted, subnet)


@remembered
def _names_networks(graph: Graph, admitted: Admission) -> bool:
    return any(True for rule in admitted.rules for _ in networks_named(graph, rule.read))


@remembered
def _asked_from(graph: Graph, admitted: Admission, subnet: Subnet) -> Admission:
    rules = []
    for rule in admitted.rules:
        sources = tuple(_asked(graph, one, subnet) for one in rule.read.sources)
        same = all(new is old for new, old in zip(sources, rule.read.sources, strict=True))
        rules.append(rule if same else rule._replace(read=rule.read._replace(sources=sources)))
    if all(new is old for new, old in zip(rules, admitted.rules, strict=True)):
        return admitted
    return admitted.with_rules(rules)


def networks_named(graph: Graph, read: RuleTraffic) -> Iterator[tuple[Resource, ...]]:
    """The networks of which a rule names the block, whatever that comes to, for each source."""
    for source in read.sources:
        value = source.place.value
        if isinstance(value, Unknown) and (networks := networks_with(graph, value)):
            yield networks


def _asked(graph: Graph, source: RuleSource, subnet: Subnet) -> RuleSource:
    value = source.place.value
    if not isinstance(value, Unknown) or not source.causes or value.each is not None:
        return source
    if any(one.family is not Family.IPV4 for one in source.upper):
        return source
    networks = networks_with(graph, value)
    holding = _holding(graph, subnet)
    found = next((one for one in networks if one in holding), None)
    if found is not None:
        of = found.address
        return source._replace(lower=(_EVERY,), upper=(_EVERY,), causes=(), most=None, of=of)
    if networks and all(_is_beside(graph, one, subnet) for one in networks):
        return source._replace(lower=(), upper=(), causes=(), most=None)
    return source


@remembered
def _holding(graph: Graph, subnet: Subnet) -> tuple[Resource, ...]:
    """The networks in whose first block all addresses of a subnet surely are."""
    vpc = vpc_of(graph, subnet)
    if not isinstance(vpc, Vpc):
        return (subnet,)
    others = [
        edge.target
        for more in graph.all(VpcCidrBlock)
        if more.cidr_block is not None or more.ipv4_ipam_pool is not None
        for edge in graph.targets(more, "vpc")
        if edge.target is None or edge.target is vpc
    ]
    block = subnet.cidr_block
    cut = isinstance(block, Unknown) and any(
        isinstance(read, Reference) and read.target == vpc.address and read.attribute in _FIRST
        for read in block.references
    )
    return (subnet, vpc) if cut or not others else (subnet,)


def _is_beside(graph: Graph, network: Resource, subnet: Subnet) -> bool:
    """Whether it is another subnet of the same VPC."""
    if not isinstance(network, Subnet) or network is subnet:
        return False
    vpc = vpc_of(graph, subnet)
    # One that stands for an unknown number of VPCs may have subnets that overlap.
    return isinstance(vpc, Vpc) and vpc.presence.certain and vpc_of(graph, network) is vpc
