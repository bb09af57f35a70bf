"""Blocks of VPCs and subnets, by whatever name a rule has them.

Source: VPC User Guide, "VPC CIDR blocks".
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.data_source import (
    SubnetDataSource,
    SubnetsDataSource,
    VpcDataSource,
)
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Reference, Unknown, Val
from iac_ec2lint.values.inputs import input_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource

_NETWORK = re.compile(r"(?:.*\.)?(?:data\.)?aws_(?:default_)?(?:vpc|subnet)\.[^.]+")
_BLOCKS = frozenset({"cidr_block", "ipv6_cidr_block"})
_SUBNET_OF = re.compile(r"cidrsubnet\(\s*[\w.\[\]\"]+\.(?:ipv6_)?cidr_block\s*,[^()]*\)$")
_SUBNET_OF_INPUT = re.compile(r"cidrsubnet\(\s*(?:var|local)\.\w+\s*,[^()]*\)")
_FUNCTION = re.compile(r"(?:!|Fn::)(\w+)")
_TAKING = frozenset({"Cidr", "GetAtt", "Select"})
"""Functions of CloudFormation that give a block, or a part of one (``Fn::Cidr``)."""
_SHORTEST_PREFIX = {Family.IPV4: 16, Family.IPV6: 44}
"""The largest blocks that a VPC or a subnet can have."""


def own_block_size(graph: Graph, element: Val, family: Family) -> int | None:
    """How many addresses an unknown range has at most, where it is that of a VPC or a subnet.

    It is where it is read from one, or is the input that one is given. ``None`` for others.
    """
    if _is_of_network(graph, element):
        return 1 << (family.bits - _SHORTEST_PREFIX[family])
    return None


def at_rule(graph: Graph, place: Place) -> Place:
    """Where a range stands as a source: in the rule, where a VPC or a subnet is given the same one.

    Who edits a range that is the network's own changes the network, and not what a rule admits.
    That one is handed on as an argument, or by an input that has no value, changes nothing of it.
    """
    if place.part is None or place.value is None:
        return place
    if place.span.key in _written_for_networks(graph) or _is_of_network(graph, place.value):
        return place.part.here(place)
    return place


def networks_with(graph: Graph, element: Val) -> tuple[Vpc | Subnet, ...]:
    """The VPCs and subnets declared here whose first IPv4 block is all of an unknown range."""
    if isinstance(element, Reference) and element.attribute in ("cidr_block", "CidrBlock"):
        node = graph.get(element.target)
        return (node,) if isinstance(node, Vpc | Subnet) else ()
    name = input_of(element)
    if name is None or isinstance(element, Reference):
        return ()
    given = (one for one in _by_input(graph).get(name, ()) if isinstance(one, Vpc | Subnet))
    return tuple(
        one for one in given if one.cidr_block is not None and input_of(one.cidr_block) == name
    )


def _is_of_network(graph: Graph, element: Val) -> bool:
    """Whether an unknown range is that of a VPC or a subnet, by what it is read from."""
    return _network_read(element) is not None or bool(_given_the_same(graph, element))


@remembered
def _written_for_networks(graph: Graph) -> frozenset[tuple[str, int, int]]:
    networks: list[Vpc | Subnet] = [*graph.all(Vpc), *graph.all(Subnet)]
    blocks = (block for one in networks for block in (one.cidr_block, one.ipv6_cidr_block))
    return frozenset(block.span.key for block in blocks if block is not None)


def lies_inside(graph: Graph, group: Resource | None, element: Val) -> bool:
    """Whether a range is a block of the group's own VPC, whatever it comes to."""
    if not isinstance(group, SecurityGroup):
        return False
    edges = [edge for edge in graph.targets(group, "vpc") if edge.certain]
    vpcs = {edge.target.address for edge in edges if edge.target is not None}
    read = _network_read(element)
    if read is not None:
        node = graph.get(read.target)
        if isinstance(node, VpcDataSource) and isinstance(node.id, Reference):
            # What is looked up by the id of a VPC is that VPC.
            return bool({read.target, node.id.target} & vpcs)
        if isinstance(node, SubnetDataSource):
            return _vpc_looked_up(graph, node) in vpcs
        if not isinstance(node, Vpc | Subnet):
            return read.target in vpcs
        return not vpcs.isdisjoint(_vpcs_of(graph, [node]))
    return not vpcs.isdisjoint(_vpcs_of(graph, _given_the_same(graph, element)))


def _vpc_looked_up(graph: Graph, subnet: SubnetDataSource) -> str | None:
    """The address of the VPC that a subnet is looked up in, by itself or as one of several."""
    read = subnet.id.references if isinstance(subnet.id, Unknown) else ()
    several = [node for one in read if (node := graph.get(one.target)) is not None]
    named: list[Resource] = [subnet]
    if len(several) == 1 and isinstance(several[0], SubnetsDataSource):
        named.extend(several)
    found = (vpc_of(graph, one) for one in named)
    return next((vpc.address for vpc in found if vpc is not None), None)


def _vpcs_of(graph: Graph, networks: Iterable[Resource]) -> set[str]:
    found: set[str] = set()
    for network in networks:
        vpc = network if isinstance(network, Vpc) else graph.only(network, "vpc", Vpc)
        if vpc is not None:
            found.add(vpc.address)
    return found


def _network_read(element: Val) -> Reference | None:
    """The attribute of a VPC or a subnet that a range is read from."""
    if not isinstance(element, Reference):
        # A member of each association is no reference itself.
        read = element.references if isinstance(element, Unknown) and not element.parts else ()
        if len(read) != 1:
            return None
        listed = read[0].attribute == "cidr_block_associations"
        member = listed and element.span.code.endswith(".cidr_block")
        return read[0] if member or _is_part(element.span.code, read[0]) else None
    # GetAtt of a VPC or a subnet alone has them.
    if element.attribute.partition("[")[0] in ("CidrBlock", "Ipv6CidrBlocks"):
        return element
    of_network = _NETWORK.fullmatch(element.target) is not None
    return element if of_network and element.attribute in _BLOCKS else None


def _is_part(written: str, read: Reference) -> bool:
    """Whether an expression takes a block, or a part of it, and does nothing else with it."""
    subnet = _SUBNET_OF.match(written)
    if subnet is not None:
        return _NETWORK.fullmatch(read.target) is not None and read.attribute in _BLOCKS
    functions = set(_FUNCTION.findall(written))
    taken = bool(functions) and functions <= _TAKING
    return taken and read.attribute.partition("[")[0] in ("CidrBlock", "Ipv6CidrBlocks")


def _given_the_same(graph: Graph, element: Val) -> tuple[Resource, ...]:
    """The VPCs and subnets that have an input that is not set for their block.

    A part of it (``cidrsubnet``, ``Fn::Cidr``) lies in it too.
    """
    if not isinstance(element, Unknown):
        return ()
    name = input_of(element)
    if name is None and _is_part_of_input(element):
        name = element.inputs[0].key
    return _by_input(graph).get(name, ()) if name is not None else ()


def _is_part_of_input(element: Unknown) -> bool:
    """Whether a range is cut out of one input, and of nothing else."""
    if len(element.inputs) != 1 or element.inputs[0].fact or element.candidates or element.parts:
        return False
    written = element.span.code
    if element.cause == "variable":
        return _SUBNET_OF_INPUT.fullmatch(written) is not None
    functions = set(_FUNCTION.findall(written))
    return element.cause == "parameter" and "Cidr" in functions and functions <= {*_TAKING, "Ref"}


@remembered
def _by_input(graph: Graph) -> dict[str, tuple[Resource, ...]]:
    """The VPCs and subnets by the inputs that they have for their blocks, and by their keys."""
    found: dict[str, list[Resource]] = defaultdict(list)
    networks: list[Vpc | Subnet] = [*graph.all(Vpc), *graph.all(Subnet)]
    for network in networks:
        for block in (network.cidr_block, network.ipv6_cidr_block):
            if not isinstance(block, Unknown) or not network.presence.certain:
                continue
            name = input_of(block)
            if name is not None:
                found[name].append(network)
                if len(block.inputs) == 1:
                    found[block.inputs[0].key].append(network)
    return {name: tuple(networks) for name, networks in found.items()}
