"""Where resources are located: the VPC of a subnet, the default VPC, and the addresses of both.

Source: VPC User Guide, "Default VPCs"; semantics.md, B1, B2 and B10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Implicit, implicit
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.blocks import read_block
from iac_ec2lint.network.verdicts.said_elsewhere import said_elsewhere
from iac_ec2lint.resources.data_source import (
    SubnetDataSource,
    SubnetsDataSource,
    VpcDataSource,
    filtered,
)
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.peering import VpcPeeringConnection
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.subnet import Subnet, SubnetCidrBlock
from iac_ec2lint.resources.vpc import Vpc, VpcCidrBlock
from iac_ec2lint.values import NO, YES, Answer, Reference, Step, Unknown, Value
from iac_ec2lint.values.inputs import input_of
from iac_ec2lint.values.known import NO_DEFAULT_VPC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val

DEFAULT_VPC_BLOCK: Final = "172.31.0.0/16"
"""The address range of each default VPC (VPC User Guide, "Default VPC components")."""
_WHOLE_VPC: Final = frozenset({"default-for-az", "defaultForAz", "state", "vpc-id"})
"""Filters that leave out no default subnet of a VPC."""


@remembered
def default_subnet(_graph: Graph, host: Resource) -> Implicit:
    """The subnet of a host that names none: one of the default VPC's.

    It is not in the graph, but all functions of ``network`` accept it as a subnet.
    """
    address = f"a default subnet for {host.address}"
    return implicit(address, host, "subnet of the default VPC", "Subnet")


@remembered
def vpc_of(graph: Graph, subnet: Resource) -> Resource | None:
    """The VPC of a subnet: declared, external, or the default one; ``None`` where unknown."""
    return _vpc_of(graph, subnet)


def _vpc_of(graph: Graph, subnet: Resource) -> Resource | None:
    if isinstance(subnet, Implicit):
        return _default_vpc(graph, subnet.owner)
    if isinstance(subnet, Subnet) and subnet.is_default:
        return _default_vpc(graph, subnet)
    if isinstance(subnet, SubnetDataSource | SubnetsDataSource):
        return _vpc_looked_up(graph, subnet)
    return certain_vpc(graph, subnet)


def subnets_of(graph: Graph, vpc: Resource) -> tuple[Subnet, ...]:
    """The declared subnets of a VPC, by address."""
    return _by_vpc(graph).get(vpc, ())


def perhaps_of(graph: Graph, vpc: Resource, *kinds: type[Resource]) -> tuple[Edge, ...]:
    """The references by which resources of some classes may be a VPC's, and are not certainly."""
    named = (edge for edge in graph.sources(vpc, "vpc") if not edge.certain)
    return tuple(e for e in (*named, *graph.unresolved("vpc")) if isinstance(e.source, kinds))


@remembered
def _by_vpc(graph: Graph) -> dict[Resource, tuple[Subnet, ...]]:
    found: dict[Resource, list[Subnet]] = {}
    for subnet in graph.all(Subnet):
        vpc = vpc_of(graph, subnet)
        if vpc is not None:
            found.setdefault(vpc, []).append(subnet)
    return {vpc: tuple(subnets) for vpc, subnets in found.items()}


def certain_vpc(graph: Graph, resource: Resource) -> Resource | None:
    """The VPC that a resource names as its own; ``None`` where that is unknown or not written."""
    edges = graph.targets(resource, "vpc")
    if len(edges) != 1 or not edges[0].certain:
        return None
    vpc = edges[0].target
    return _default_vpc(graph, vpc) if is_default_vpc(vpc) else vpc


def is_default_vpc(vpc: Resource | None) -> TypeGuard[Resource]:
    """Whether it is the Region's default VPC: adopted, looked up, or meant where none is named.

    It is assumed to be as AWS created it (assumption ``default-vpc-as-created``).
    """
    if isinstance(vpc, Vpc):
        return vpc.is_default
    if isinstance(vpc, VpcDataSource):
        return vpc.is_default
    return isinstance(vpc, Implicit) and vpc.kind == "Vpc"


@remembered
def in_default_vpc(graph: Graph, subnet: Resource | None) -> Answer:
    """Whether a subnet is one of the default VPC's; of one that is unknown, nobody knows."""
    vpc = vpc_of(graph, subnet) if subnet is not None else None
    if is_default_vpc(vpc):
        looked_up = vpc.default.is_true() if isinstance(vpc, VpcDataSource) else YES
        return looked_up if looked_up.truth is True else YES
    named = [edge.target for edge in graph.targets(subnet, "vpc")] if subnet is not None else []
    own = [vpc] if vpc is not None else named
    if own and all(isinstance(one, Vpc) and not one.is_default for one in own):
        return NO
    if any(_is_found_by_tags(one) for one in (subnet, *own)):
        return NO
    span = graph.unit.span if subnet is None else subnet.span
    name = "the subnet" if subnet is None else subnet.address
    words = f"whether {name} is in the default VPC is not known"
    return ~said_elsewhere(graph, NO_DEFAULT_VPC, subnet, words, span)


def _is_found_by_tags(resource: Resource | None) -> bool:
    """Whether tags find a VPC or subnet that do not say ``default``: as created, it has none."""
    if not isinstance(resource, VpcDataSource | SubnetDataSource | SubnetsDataSource):
        return False
    values = [*resource.tags.values()]
    for part in resource.filters:
        if part.name is not None and (part.name.text or "").startswith("tag:"):
            values += part.values
    return bool(values) and not any(map(_may_say_default, (resource.address, *values)))


def _may_say_default(value: Val | str) -> bool:
    """Whether a text has the word ``default``, or nothing of it is known."""
    pieces = value.parts if isinstance(value, Unknown) else ()
    known = value if isinstance(value, str) else value.text
    known = "".join(piece for piece in pieces if isinstance(piece, str)) if known is None else known
    return not known or "default" in known.lower()


def all_of_default_vpc(graph: Graph, edge: Edge) -> Answer:
    """Whether an edge leads to all subnets of the default VPC: AWS made one in each zone."""
    lookup, value = edge.target, edge.value
    if not isinstance(lookup, SubnetsDataSource) or not isinstance(value, Reference):
        return NO
    names = {None if one.name is None else one.name.text for one in lookup.filters}
    narrowed = names - _WHOLE_VPC or lookup.tags or lookup.unknown_tags is not None
    return NO if narrowed or value.attribute != "ids" else in_default_vpc(graph, lookup)


def same_vpc(graph: Graph, vpc: Resource) -> tuple[Resource, ...]:
    """The nodes of one VPC: itself, or all that refer to the same default VPC."""
    if not is_default_vpc(vpc) or isinstance(vpc, Implicit):
        return (vpc,)
    return tuple(dict.fromkeys((vpc, *_defaults(graph).get(vpc.scope, ()))))


def as_created(span: Span) -> Step:
    """The assumption that the default VPC is as AWS created it."""
    return Step(span, "the default VPC is as AWS created it", assumed=True)


@remembered
def vpc_addresses(graph: Graph, vpc: Resource, family: Family) -> Approximation[AddressSet]:
    """The addresses of a VPC; of blocks that are unknown, the upper set has all of the family."""
    blocks, known = _vpc_blocks(graph, vpc, family)
    return _union(family, blocks, known=known)


@remembered
def inner_addresses(graph: Graph, vpc: Resource, family: Family) -> AddressSet:
    """The addresses that a VPC and its peers certainly use, so that they are not the internet's."""
    used = [vpc_addresses(graph, one, family).lower for one in (vpc, *_peers(graph, vpc))]
    return AddressSet.union(family, used)


@remembered
def peer_addresses(graph: Graph, vpc: Val, family: Family) -> AddressSet:
    """The addresses that the peers of a VPC certainly use that is declared elsewhere.

    Args:
        graph: The graph.
        vpc: What names it: an id, or an input that is not set. What a peering connection names by
            the same is that VPC.
        family: The address family.
    """
    used = [
        vpc_addresses(graph, edge.target, family).lower
        for peering in graph.all(VpcPeeringConnection)
        if peering.presence.certain
        for near, far in ((peering.vpc, "peer_vpc"), (peering.peer_vpc, "vpc"))
        if near is not None and _is_named_alike(near, vpc)
        for edge in graph.targets(peering, far)
        if edge.target is not None and edge.certain
    ]
    return AddressSet.union(family, used)


def _is_named_alike(one: Val, other: Val) -> bool:
    """Whether two values are certainly the same id."""
    if one.text is not None:
        return one.text == other.text
    name = input_of(one)
    return name is not None and name == input_of(other)


@remembered
def subnet_addresses(graph: Graph, subnet: Resource, family: Family) -> Approximation[AddressSet]:
    """The addresses that a subnet may have; those of its VPC where unknown."""
    return _subnet_addresses(graph, subnet, family)


def _subnet_addresses(graph: Graph, subnet: Resource, family: Family) -> Approximation[AddressSet]:
    blocks: list[Val] = []
    known = False
    if isinstance(subnet, Subnet):
        written = subnet.cidr_block if family is Family.IPV4 else subnet.ipv6_cidr_block
        blocks = [] if written is None else [written]
        known = subnet.ipv4_ipam_pool is None and not subnet.is_default
        if family is Family.IPV6:
            known = subnet.ipv6_ipam_pool is None and not subnet.is_default
            for edge in graph.sources(subnet, "subnet"):
                if isinstance(edge.source, SubnetCidrBlock):
                    blocks += _written(edge.source.ipv6_cidr_block)
                    known = known and edge.source.ipv6_ipam_pool is None
    elif isinstance(subnet, SubnetDataSource) and family is Family.IPV4:
        blocks = _written(subnet.cidr_block)
        known = bool(blocks)
    within = _union(family, blocks, known=known)
    vpc = vpc_of(graph, subnet)
    if within.is_exact or vpc is None:
        return within
    around = vpc_addresses(graph, vpc, family).upper
    upper = within.upper & around | within.lower
    has_block = bool(blocks) or (isinstance(subnet, Subnet) and not known)
    # A block that is unknown lies in one of the VPC's, though that is not in the source.
    return Approximation(within.lower, within.upper if has_block and not upper else upper)


def _peers(graph: Graph, vpc: Resource) -> Iterator[Resource]:
    """The VPCs that are certainly peered with a VPC."""
    for node in same_vpc(graph, vpc):
        for near, far in (("vpc", "peer_vpc"), ("peer_vpc", "vpc")):
            for edge in graph.sources(node, near):
                peering = edge.source
                if isinstance(peering, VpcPeeringConnection) and peering.presence.certain:
                    yield from (
                        e.target for e in graph.targets(peering, far) if e.target and e.certain
                    )


def _vpc_blocks(graph: Graph, vpc: Resource, family: Family) -> tuple[list[Val], bool]:
    """The blocks of a VPC, and whether there are no others."""
    ipv4 = family is Family.IPV4
    blocks: list[Val] = []
    known = True
    if is_default_vpc(vpc):
        if ipv4:
            blocks.append(Value(DEFAULT_VPC_BLOCK, vpc.span, implied=True))
        known = ipv4
    elif isinstance(vpc, Vpc):
        blocks += _written(vpc.cidr_block if ipv4 else vpc.ipv6_cidr_block)
        pool = vpc.ipv4_ipam_pool if ipv4 else vpc.ipv6_ipam_pool
        known = pool is None and (ipv4 or vpc.generates_ipv6_cidr_block.is_true().truth is False)
    elif isinstance(vpc, VpcDataSource):
        blocks += _written(vpc.cidr_block) if ipv4 else []
        known = False  # others may have been added
    else:
        known = False
    for node in same_vpc(graph, vpc):
        for edge in graph.sources(node, "vpc"):
            if isinstance(edge.source, VpcCidrBlock):
                more = edge.source
                blocks += _written(more.cidr_block if ipv4 else more.ipv6_cidr_block)
                pool = more.ipv4_ipam_pool if ipv4 else more.ipv6_ipam_pool
                given = not ipv4 and more.generates_ipv6_cidr_block.is_true().truth is not False
                known = known and pool is None and not given
    return blocks, known


def _written(value: Val | None) -> list[Val]:
    return [] if value is None else [value]


def _union(family: Family, values: Iterable[Val], *, known: bool) -> Approximation[AddressSet]:
    blocks = [read_block(value, family) for value in values]
    lower = AddressSet.union(family, (block.lower for block in blocks))
    if not known:
        return Approximation(lower, AddressSet.everything(family))
    return Approximation(lower, AddressSet.union(family, (block.upper for block in blocks)))


def _vpc_looked_up(graph: Graph, subnet: SubnetDataSource | SubnetsDataSource) -> Resource | None:
    if isinstance(subnet, SubnetDataSource):
        flag = subnet.default_for_az
        if flag is not None and flag.is_true().truth is True:
            return _default_vpc(graph, subnet)
    if any(value.text == "true" for value in filtered(subnet.filters, "default-for-az")):
        return _default_vpc(graph, subnet)
    named = certain_vpc(graph, subnet)
    ids = tuple(filtered(subnet.filters, "vpc-id"))
    if named is None and len(ids) == 1:
        found = graph.resolve(ids[0], ("Vpc",))
        named = found[0] if len(found) == 1 else None
    return _default_vpc(graph, subnet) if is_default_vpc(named) else named


def _default_vpc(graph: Graph, resource: Resource) -> Resource:
    """The node of the default VPC of a resource's scope: the adopted one, else an implicit one."""
    known = _defaults(graph).get(resource.scope, ())
    return known[0] if known else _undeclared_vpc(graph, resource.scope)


@remembered
def _undeclared_vpc(graph: Graph, scope: str) -> Resource:
    """The implicit default VPC of a scope, owned by the first resource that may be in it."""
    # Where there are several scopes the name tells which one.
    which = f" of {scope}" if len(graph.scopes) > 1 else ""
    every = [*graph.declared()]
    near = [one for one in every if one.scope == scope] or every
    owner = min(near, key=lambda one: not _may_be_in_default_vpc(graph, one))
    return implicit(f"the default VPC{which}", owner, "default VPC", "Vpc")


def _may_be_in_default_vpc(graph: Graph, resource: Resource) -> bool:
    if isinstance(resource, Subnet):
        return resource.is_default
    if isinstance(resource, LaunchTemplate | LaunchConfiguration | LambdaFunction):
        return False
    names = (
        {"vpc"} if isinstance(resource, SecurityGroup) else {"subnet", "subnets", "subnet_group"}
    )
    own = {field.name for field in resource.fields()} & names
    return bool(own) and not graph.targets(resource, *own)


@remembered
def _defaults(graph: Graph) -> dict[str, list[Resource]]:
    """The nodes that mean the default VPC, by scope; an adopted one first."""
    by_scope: dict[str, list[Resource]] = {}
    nodes: list[Resource] = [*graph.all(Vpc), *graph.all(VpcDataSource)]
    for node in nodes:
        if is_default_vpc(node):
            by_scope.setdefault(node.scope, []).append(node)
    return by_scope
