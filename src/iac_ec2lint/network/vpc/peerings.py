"""Peering connections between VPCs: what they connect, whether they are accepted, and Regions.

Source: VPC Peering Guide, "How VPC peering connections work" and "Update your security groups to
reference peer security groups"; semantics.md, B6 and B12. A connection leads to the peer and never
beyond it. Rules may refer to groups of the peer where both VPCs are in one Region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External
from iac_ec2lint.network.verdicts.conditional_presence import Condition, condition, doubt, doubts
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.vpc.subnets import same_vpc
from iac_ec2lint.resources.peering import VpcPeeringConnection, VpcPeeringConnectionAccepter
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource

_KIND = "peering connection"


def connection_of(graph: Graph, node: Resource | None) -> Resource | None:
    """The connection that a route leads to: itself, or that of its accepter where it is known."""
    if isinstance(node, VpcPeeringConnectionAccepter):
        edges = graph.targets(node, "peering_connection")
        if len(edges) == 1 and edges[0].certain and edges[0].target is not None:
            return edges[0].target
    return node


def peered(
    graph: Graph, connection: Resource, near: Resource, far: Resource, given: Condition
) -> Fact:
    """Whether a peering connection that is active connects one VPC to another.

    Args:
        graph: The graph.
        connection: What ``connection_of`` gives.
        near: The VPC where a flow begins.
        far: The VPC of its destination.
        given: The condition of the subnet, which is assumed to exist.
    """
    if not isinstance(connection, VpcPeeringConnection):
        reason = f"which VPCs {connection.address} connects is not in the source"
        return Fact(None, (_open(connection, reason, f"may lead to {far.address}"),))
    hops = (*_ends(graph, connection, near, far, given), _accepted(graph, connection))
    verdicts = [hop.verdict for hop in hops]
    truth = False if False in verdicts else None if None in verdicts else True
    return Fact(truth, hops)


@remembered
def one_region(graph: Graph, connection: Resource) -> Fact:
    """Whether both VPCs of a peering connection are in one Region.

    Only then rules may refer to groups across it. A connection whose peer's Region is not written
    leads to the Region that it is made in.
    """
    if not isinstance(connection, VpcPeeringConnection):
        reason = f"the Regions of {connection.address} are not in the source"
        return Fact(None, (_open(connection, reason, "may lead to another Region"),))
    return _one_region(graph, connection)


def _ends(
    graph: Graph,
    connection: VpcPeeringConnection,
    near: Resource,
    far: Resource,
    given: Condition,
) -> Iterator[Hop]:
    """The hops for a connection that does not, or may not, connect the two VPCs."""
    edges = graph.targets(connection, "vpc", "peer_vpc")
    for vpc in (near, far):
        nodes = same_vpc(graph, vpc)
        named = [edge for edge in edges if edge.target in nodes]
        if named:
            causes = min((doubts(edge, given=given) for edge in named), key=len)
            if causes:
                fact = f"{connection.address} may connect {vpc.address}"
                span = named[0].value.span
                yield Hop(_KIND, connection, span, fact, "unknown", None, causes)
            continue
        unknown = [edge for edge in edges if not _is_another(edge, vpc)]
        if unknown or len(edges) < 2:
            yield _may_end(connection, vpc, unknown)
        else:
            others = " and ".join(e.target.address for e in edges if e.target is not None)
            fact = f"{connection.address} connects {others}, not {vpc.address}"
            yield Hop(_KIND, connection, connection.span, fact, verdict=False)


def _is_another(edge: Edge, vpc: Resource) -> bool:
    """Whether an end is certainly another VPC: declared, or an id where ``vpc`` has none yet."""
    if edge.target is None or not edge.certain:
        return False
    if isinstance(edge.target, External) and isinstance(vpc, External):
        return edge.target.text is not None and vpc.text is not None
    return isinstance(edge.target, Vpc) or isinstance(vpc, Vpc)


def _may_end(connection: VpcPeeringConnection, vpc: Resource, edges: list[Edge]) -> Hop:
    value = edges[0].value if edges else None
    fact = f"{connection.address} may connect {vpc.address}"
    if isinstance(value, Unknown):
        words = f"{fact}: {value.reason}"
        cause = Unknown(words, value.cause, value.span, value.via, inputs=value.inputs)
    else:
        cause = Unknown(f"nobody knows whether {fact}", "external-id", connection.span)
    return Hop(_KIND, connection, cause.span, fact, "unknown", None, (cause,))


def _accepted(graph: Graph, connection: VpcPeeringConnection) -> Hop:
    """The evidence that a connection is active (accepted).

    In Terraform ``auto_accept`` of it, or of its accepter, sets this; CloudFormation accepts it
    where the peer is in the stack's account, or where a role of the peer's account is given.
    """
    name = connection.address
    stack = connection.declared.of_cloudformation
    if stack and (connection.peer_owner is None or connection.peer_role is not None):
        return Hop(_KIND, connection, connection.span, f"{name} is accepted")
    causes: list[Unknown] = []
    at: VpcPeeringConnection | VpcPeeringConnectionAccepter = connection
    either: list[VpcPeeringConnection | VpcPeeringConnectionAccepter] = [connection]
    for one in (*either, *_accepters(graph, connection)):
        accepts = one.auto_accept.is_true()
        cause = doubt(one.presence, condition(connection.presence))
        if accepts.truth is True and cause is None:
            fact = f"{name} is accepted" if one is connection else f"{one.address} accepts {name}"
            return Hop(_KIND, one, one.span, fact, assumptions=accepts.assumptions)
        if accepts.truth is not False:
            at = one
            causes += (*accepts.causes, *(() if cause is None else (cause,)))
    reason = f"whether {name} is accepted is not in the source"
    hop = _open(at, reason, "may be accepted" if at is connection else f"may accept {name}")
    return hop._replace(causes=tuple(causes) or hop.causes)


def _accepters(
    graph: Graph, connection: VpcPeeringConnection
) -> Iterator[VpcPeeringConnectionAccepter]:
    for edge in graph.sources(connection, "peering_connection"):
        if isinstance(edge.source, VpcPeeringConnectionAccepter):
            yield edge.source


def _one_region(graph: Graph, connection: VpcPeeringConnection) -> Fact:
    name = connection.address
    place = connection.place("peer_region")
    written = connection.peer_region
    own = connection.declared.region
    others = {accepter.declared.region for accepter in _accepters(graph, connection)} - {""}
    if written is None:
        return Fact(True)
    there = written.text or (others.pop() if len(others) == 1 else "")
    if there and own:
        if there == own:
            return Fact(True)
        fact = f"{name} leads to another Region, {there}: rules cannot refer to groups across it"
        return Fact(False, (Hop(_KIND, connection, place.span, fact, verdict=False),))
    if isinstance(written, Unknown) and (
        _is_own_region(written) or _in_one_scope(graph, connection)
    ):
        return Fact(True)
    reason = f"whether {written.text or 'the Region of its peer'} is the Region of {name} itself"
    causes = (written,) if isinstance(written, Unknown) else ()
    hop = _open(connection, f"{reason} is not in the source", "may lead to another Region")
    return Fact(None, (hop._replace(span=place.span, causes=(*hop.causes, *causes)),))


def _is_own_region(written: Unknown) -> bool:
    """Whether a value is the template's own Region (``AWS::Region``)."""
    references = written.references
    return len(references) == 1 and references[0].target == "AWS::Region" and not written.parts


def _in_one_scope(graph: Graph, connection: VpcPeeringConnection) -> bool:
    """Whether both VPCs are declared with one provider configuration, or in one stack."""
    ends = [graph.only(connection, name, Vpc) for name in ("vpc", "peer_vpc")]
    scopes = {end.scope if end is not None else None for end in ends}
    return len(scopes) == 1 and None not in scopes


def _open(resource: Resource, reason: str, verb: str) -> Hop:
    gap = Unknown(reason, "external-id", resource.span)
    fact = f"{resource.address} {verb}"
    return Hop(_KIND, resource, gap.span, fact, "unknown", None, (gap,))
