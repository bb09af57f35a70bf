"""Which route table an attachment of a transit gateway has, and what the gateway does by default.

Source: Transit Gateways Guide, "Transit gateway route tables" and "Amazon VPC attachments";
semantics.md, B12. Default tables are in use unless the gateway or the attachment says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.verdicts.conditional_presence import Condition, conditions, doubts
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.resources.transit_gateway import (
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayAttachmentAccepter,
    TransitGatewayDefaultAssociation,
    TransitGatewayDefaultPropagation,
    TransitGatewayPeeringAccepter,
    TransitGatewayRouteTableAssociation,
)
from iac_ec2lint.values import Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.network.verdicts.evidence import Origin
    from iac_ec2lint.resources.part import Resource

_KIND: Final = "transit gateway route table"
_DEFAULT: Final = "default route table"


class TableOf(NamedTuple):
    """A route table that an attachment may have.

    Attributes:
        table: The table; ``None`` where it has none, or where it is unknown.
        hop: The evidence.
    """

    table: Resource | None
    hop: Hop


def table_name(table: Resource) -> str:
    """What messages call a table."""
    if isinstance(table, Implicit):
        return f"the {table.words} of {table.owner.address}"
    return table.address


def attachment_names(graph: Graph, attachment: Resource) -> tuple[Resource, ...]:
    """The resources whose id is an attachment's: itself, and what accepts it."""
    accepters = (
        edge.source
        for edge in graph.sources(attachment, "attachment")
        if isinstance(edge.source, TransitGatewayAttachmentAccepter)
    )
    return (attachment, *accepters)


def is_shared(gateway: Resource, attachment: Resource) -> bool:
    """Whether a gateway and an attachment may be of different accounts."""
    return isinstance(gateway, TransitGateway) and gateway.scope != attachment.scope


def tables_of_attachment(
    graph: Graph, gateway: Resource, attachment: TransitGatewayAttachment, given: Condition
) -> tuple[TableOf, ...]:
    """The route tables that an attachment's traffic may be routed by: one where it is certain.

    Args:
        graph: The graph.
        gateway: The transit gateway that it belongs to.
        attachment: The attachment.
        given: The condition that is assumed to hold.
    """
    certain: list[TableOf] = []
    possible: list[TableOf] = []
    for name in attachment_names(graph, attachment):
        for edge in graph.sources(name, "attachment"):
            if isinstance(edge.source, TransitGatewayRouteTableAssociation):
                for one in _named(graph, edge, attachment, given):
                    (certain if one.hop.verdict else possible).append(one)
    if certain:
        return (certain[0],)  # an attachment has one table
    for edge in graph.unresolved("attachment"):
        if isinstance(edge.source, TransitGatewayRouteTableAssociation):
            possible += _loose(graph, edge, attachment)
    default = _default_choice(graph, gateway, attachment, given)
    if possible:
        causes = tuple(dict.fromkeys(cause for one in possible for cause in one.hop.causes))
        return (*possible, _on_condition(default, causes))
    module_cause = unknown_module_cause(graph, attachment)
    if module_cause is not None and default.hop.verdict is False:
        words = f"a module may associate {attachment.address} with a route table"
        hop = Hop(_KIND, attachment, module_cause.span, words, "unknown", None, (module_cause,))
        return (TableOf(None, hop),)
    return (default,)


def _on_condition(default: TableOf, causes: tuple[Unknown, ...]) -> TableOf:
    """The default table where another one may be in its place."""
    if default.hop.verdict is not True:
        return default
    hop = default.hop._replace(verdict=None, causes=causes, origin="unknown")
    return default._replace(hop=hop)


def _named(graph: Graph, edge: Edge, attachment: Resource, given: Condition) -> Iterator[TableOf]:
    """The tables that an association names."""
    for named in graph.targets(edge.source, "route_table"):
        causes = (*doubts(edge, edge.source, given=given), *doubts(named, given=given))
        causes = tuple(dict.fromkeys(causes))
        table = named.target
        name = "a route table that is unknown" if table is None else table_name(table)
        words = f"{attachment.address} is associated with {name}"
        if causes:
            words = f"{words} on a condition ({conditions(causes)})"
        verdict = None if causes else True
        origin: Origin = "unknown" if causes else "explicit"
        yield TableOf(
            table, Hop(_KIND, edge.source, named.value.span, words, origin, verdict, causes)
        )


def _loose(graph: Graph, edge: Edge, attachment: Resource) -> Iterator[TableOf]:
    """An association whose attachment is unknown: it may be this one's."""
    reason = edge.value.reason if isinstance(edge.value, Unknown) else "its attachment is unknown"
    words = f"{edge.source.address} may be an association of {attachment.address}"
    cause = Unknown(f"{words}: {reason}", "may-attach", edge.value.span, edge.value.via)
    hop = Hop(_KIND, edge.source, edge.value.span, words, "unknown", None, (cause,))
    for named in graph.targets(edge.source, "route_table"):
        yield TableOf(named.target, hop)


def _default_choice(
    graph: Graph, gateway: Resource, attachment: TransitGatewayAttachment, given: Condition
) -> TableOf:
    name = attachment.address
    if not isinstance(gateway, TransitGateway):
        reason = f"the default route table of {gateway.address} is not in the source"
        cause = Unknown(reason, "external-id", gateway.span)
        words = f"{name} may have the default route table of {gateway.address}"
        return TableOf(
            None, Hop(_KIND, attachment, attachment.span, words, "unknown", None, (cause,))
        )
    given_one = by_default(graph, gateway, attachment, "default_association")
    if given_one.truth is False:
        words = f"{name} is associated with no route table, and {gateway.address} gives it none"
        by_gateway = gateway.default_association.equals("enable").truth is False
        at = gateway if by_gateway else attachment
        span = at.place("default_association").span
        return TableOf(None, Hop(_KIND, at, span, words, verdict=False))
    table, causes = default_table(graph, gateway, TransitGatewayDefaultAssociation, given)
    causes = tuple(dict.fromkeys((*given_one.causes, *causes)))
    called = table_name(table) if table is not None else "a route table that is unknown"
    words = f"{name} is associated with {called}"
    verdict = None if causes else True
    origin: Origin = "unknown" if causes else "default"
    hop = Hop(
        _KIND, attachment, attachment.span, words, origin, verdict, causes, given_one.assumptions
    )
    return TableOf(table, hop)


def by_default(
    graph: Graph, gateway: TransitGateway, attachment: TransitGatewayAttachment, field: str
) -> Answer:
    """Whether a default of a gateway holds for an attachment.

    Where the VPC is another account's its side cannot say so: what accepts the attachment does.
    """
    enabled: Answer = getattr(gateway, field).equals("enable")
    names = attachment_names(graph, attachment)
    if len(names) == 1 and is_shared(gateway, attachment):
        return enabled
    own: Answer = getattr(names[-1], field).is_true()
    return enabled & own


_PROPERTIES: Final = {
    TransitGatewayDefaultAssociation: "association_table",
    TransitGatewayDefaultPropagation: "propagation_table",
}


def default_table(
    graph: Graph,
    gateway: TransitGateway,
    kind: type[TransitGatewayDefaultAssociation | TransitGatewayDefaultPropagation],
    given: Condition,
) -> tuple[Resource | None, tuple[Unknown, ...]]:
    """The default table of a gateway, and the unknowns that it depends on."""
    edges = list(graph.targets(gateway, _PROPERTIES[kind]))
    for edge in graph.sources(gateway, "transit_gateway"):
        if isinstance(edge.source, kind):
            edges += graph.targets(edge.source, "route_table")
    if not edges:
        return graph.implicit(gateway, _DEFAULT), ()
    return edges[0].target, doubts(edges[0], edges[0].source, given=given)


def accepted_by(graph: Graph, node: Resource | None) -> Resource | None:
    """The attachment that something has the id of: itself, or what it accepts."""
    if isinstance(node, TransitGatewayAttachmentAccepter | TransitGatewayPeeringAccepter):
        edges = graph.targets(node, "attachment")
        if len(edges) == 1 and edges[0].certain and edges[0].target is not None:
            return edges[0].target
    return node
