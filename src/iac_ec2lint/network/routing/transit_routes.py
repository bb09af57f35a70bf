"""The routes of a transit gateway's table: static ones, and those learned from attached VPCs.

Source: Transit Gateways Guide, "How transit gateways work" (routing, route evaluation order);
semantics.md, B12. What VPNs and Direct Connect announce is taken to be no part of any VPC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.network.routing.routes import LOCAL_LENGTHS, SMALL
from iac_ec2lint.network.routing.transit_tables import (
    accepted_by,
    by_default,
    default_table,
    table_name,
)
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.blocks import AddressBlock, read_block
from iac_ec2lint.network.verdicts.conditional_presence import Condition, doubts
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.longest_prefix import priority, winning
from iac_ec2lint.network.vpc.prefix_lists import listed_blocks
from iac_ec2lint.network.vpc.subnets import certain_vpc, vpc_addresses
from iac_ec2lint.resources.prefix_list import PrefixList
from iac_ec2lint.resources.transit_gateway import (
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayDefaultPropagation,
    TransitGatewayPrefixListRoute,
    TransitGatewayRoute,
    TransitGatewayRouteTable,
    TransitGatewayRouteTablePropagation,
)
from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.sets.approximation import Approximation
    from iac_ec2lint.network.verdicts.evidence import Origin
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span

_STATIC: Final = 0
_LISTED: Final = 1
_LEARNED: Final = 2
"""Ranks of routes with equally long prefixes; the smaller one wins."""


class TransitRoute(NamedTuple):
    """A route of a transit gateway's table, static or learned from an attached VPC.

    Attributes:
        table: The table.
        resource: The resource that declares it.
        span: Where it is written.
        destination: What it is for, in words.
        block: The addresses that it is for.
        rank: Which of equally long prefixes wins: static ones, those of prefix lists, learned ones.
        attachment: Where it leads; ``None`` where unknown, or where it drops traffic.
        drops: Whether it is a blackhole.
        causes: The unknowns that it depends on.
        learned: Whether it is learned from the attachment.
    """

    table: Resource
    resource: Resource
    span: Span
    destination: str
    block: AddressBlock
    rank: int
    attachment: Resource | None
    drops: bool = False
    causes: tuple[Unknown, ...] = ()
    learned: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it certainly exists, for addresses that are known."""
        return not self.causes and self.block.is_known

    @property
    def is_negligible(self) -> bool:
        """Whether it may match too few addresses to change a verdict: another VPC's ranges."""
        return not self.block.is_known and self.block.most <= SMALL[self.block.upper.family]

    @property
    def words(self) -> str:
        """The route, in words for messages."""
        name = table_name(self.table)
        if self.drops:
            return f"{name} drops what is for {self.destination}"
        where = self.attachment.address if self.attachment is not None else "somewhere unknown"
        if self.learned:
            return f"{name} learns {self.destination} from {where}"
        return f"{name} routes {self.destination} to {where}"

    def hop(self, verdict: bool | None, more: str = "", *causes: Unknown) -> Hop:
        """The route as a hop with a verdict."""
        why = () if verdict is not None else (*self.causes, *self.block.causes, *causes)
        origin: Origin = "unknown" if verdict is None else "default" if self.learned else "explicit"
        gaps = tuple(dict.fromkeys(why))
        return Hop("route", self.resource, self.span, self.words + more, origin, verdict, gaps)


class TransitLeg(NamedTuple):
    """One route of a transit gateway's table, with the addresses that it matches.

    Attributes:
        route: The route.
        addresses: The addresses for which it is the most specific one.
    """

    route: TransitRoute
    addresses: Approximation[AddressSet]


@remembered
def transit_legs(
    graph: Graph, gateway: Resource, table: Resource, family: Family, given: Condition
) -> tuple[TransitLeg, ...]:
    """Where a table of a transit gateway leads, the longest prefix first.

    Args:
        graph: The graph.
        gateway: The transit gateway.
        table: One of its tables.
        family: The family of the addresses.
        given: The condition that is assumed to hold.
    """
    routes = list(_routes(graph, gateway, table, family, given))
    routes.sort(key=lambda route: (*priority(route), route.resource.address, *route.span.key))
    legs = (TransitLeg(*pair) for pair in winning(tuple(routes), family))
    return tuple(leg for leg in legs if leg.addresses.upper)


_Declared: TypeAlias = (
    TransitGatewayRoute | TransitGatewayPrefixListRoute | TransitGatewayRouteTablePropagation
)


def _routes(
    graph: Graph, gateway: Resource, table: Resource, family: Family, given: Condition
) -> Iterator[TransitRoute]:
    reader = _Reader(graph, table, family, given)
    for edge in graph.sources(table, "route_table"):
        if isinstance(edge.source, _Declared):
            yield from reader.declared(edge.source, doubts(edge, edge.source, given=given))
    for edge in graph.unresolved("route_table"):
        if isinstance(edge.source, _Declared):
            reason = edge.value.reason if isinstance(edge.value, Unknown) else "nobody knows"
            words = f"{edge.source.address} may be for {table_name(table)}: {reason}"
            cause = Unknown(words, "may-attach", edge.value.span, edge.value.via)
            yield from reader.declared(edge.source, (cause,))
    if isinstance(gateway, TransitGateway):
        default, causes = default_table(graph, gateway, TransitGatewayDefaultPropagation, given)
        if default is table or default is None:
            yield from _learned_by_default(reader, gateway, causes)
    owner = table.owner if isinstance(table, Implicit) else table
    module_cause = unknown_module_cause(graph, owner)
    if module_cause is not None:
        # What a module may add opens what is closed; that it closes what is open is far-fetched.
        yield _unseen(table, family, module_cause, (family.bits,))
    elif not isinstance(table, TransitGatewayRouteTable | Implicit):
        words = f"the routes of {table_name(table)} are not in the source"
        yield _unseen(table, family, Unknown(words, "external-id", table.span), ())


def _unseen(
    table: Resource, family: Family, cause: Unknown, lengths: tuple[int, ...]
) -> TransitRoute:
    """What a table may have besides what is written."""
    nothing, everything = AddressSet.nothing(family), AddressSet.everything(family)
    block = AddressBlock(nothing, everything, lengths, (cause,))
    words = "addresses that are unknown"
    return TransitRoute(table, table, table.span, words, block, _STATIC, None, causes=(cause,))


def _learned_by_default(
    reader: _Reader, gateway: TransitGateway, causes: tuple[Unknown, ...]
) -> Iterator[TransitRoute]:
    """What the VPCs announce that are attached to a gateway, without being asked to."""
    graph = reader.graph
    for edge in graph.sources(gateway, "transit_gateway"):
        attachment = edge.source
        if isinstance(attachment, TransitGatewayAttachment):
            answer = by_default(graph, gateway, attachment, "default_propagation")
            if answer.truth is not False:
                why = (*causes, *answer.causes, *doubts(edge, attachment, given=reader.given))
                yield from reader.learned(attachment, attachment, attachment.span, why)


class _Reader(NamedTuple):
    """What all routes of one table are read with."""

    graph: Graph
    table: Resource
    family: Family
    given: Condition

    def declared(self, source: _Declared, causes: tuple[Unknown, ...]) -> Iterator[TransitRoute]:
        """The routes of a static route, a reference to a prefix list, or a propagation."""
        edges = self.graph.targets(source, "attachment")
        if isinstance(source, TransitGatewayRouteTablePropagation):
            for edge in edges:
                why = (*causes, *doubts(edge, given=self.given))
                named = accepted_by(self.graph, edge.target)
                yield from self.learned(source, named, edge.value.span, why)
            return
        blackhole = source.blackhole.is_true()
        drops = blackhole.truth is True or not edges
        target = accepted_by(self.graph, edges[0].target) if len(edges) == 1 else None
        if not drops:
            causes = (*causes, *blackhole.causes)
            causes += tuple(cause for edge in edges for cause in doubts(edge, given=self.given))
        rank = _STATIC if isinstance(source, TransitGatewayRoute) else _LISTED
        for words, block, why in self._destinations(source):
            yield TransitRoute(
                self.table,
                source,
                source.span,
                words,
                block,
                rank,
                None if drops else target,
                drops,
                tuple(dict.fromkeys((*causes, *why))),
            )

    def _destinations(
        self, source: Resource
    ) -> Iterator[tuple[str, AddressBlock, tuple[Unknown, ...]]]:
        family = self.family
        if isinstance(source, TransitGatewayRoute):
            written = source.cidr_block
            if written is not None and (
                written.text is None or (":" in written.text) is (family is Family.IPV6)
            ):
                yield written.text or "addresses that are unknown", read_block(written, family), ()
            return
        for edge in self.graph.targets(source, "prefix_list"):
            why = doubts(edge, given=self.given)
            if isinstance(edge.target, PrefixList):
                for entry, block, cause in listed_blocks(self.graph, edge.target, family):
                    text = entry.cidr.text if entry.cidr is not None else None
                    words = f"{text or 'an unknown block'} of {edge.target.address}"
                    yield words, block, why if cause is None else (*why, cause)
                continue
            words = "a prefix list that is not in the source"
            gap = Unknown(words, "external-id", edge.value.span, edge.value.via)
            nothing, everything = AddressSet.nothing(family), AddressSet.everything(family)
            yield words, AddressBlock(nothing, everything, (), (gap,)), ()

    def learned(
        self,
        source: Resource,
        attachment: Resource | None,
        span: Span,
        causes: tuple[Unknown, ...],
    ) -> Iterator[TransitRoute]:
        """What the VPC of an attachment announces: all of its ranges."""
        if attachment is not None and not isinstance(attachment, TransitGatewayAttachment):
            return  # a VPN, Direct Connect: nothing that is a VPC's
        family = self.family
        if attachment is not None and family is Family.IPV6:
            supported = attachment.ipv6_support.equals("enable")
            if supported.truth is False:
                return
            causes = (*causes, *supported.causes)
        causes = tuple(dict.fromkeys(causes))
        for words, block in self._ranges(attachment, span):
            yield TransitRoute(
                self.table, source, span, words, block, _LEARNED, attachment, False, causes, True
            )

    def _ranges(
        self, attachment: Resource | None, span: Span
    ) -> Iterator[tuple[str, AddressBlock]]:
        """The ranges of the VPC of an attachment, in words too."""
        family = self.family
        vpc = certain_vpc(self.graph, attachment) if attachment is not None else None
        name = "a VPC that is unknown" if vpc is None else vpc.address
        upper = AddressSet.everything(family)
        if vpc is not None:
            ranges = vpc_addresses(self.graph, vpc, family)
            for text in ranges.lower.cidrs():
                yield text, read_block(Value(text, vpc.span, implied=True), family)
            if ranges.is_exact:
                return
            upper = ranges.upper
        gap = Unknown(f"the ranges of {name} are not all in the source", "external-id", span)
        nothing = AddressSet.nothing(family)
        yield (
            f"the ranges of {name}",
            AddressBlock(nothing, upper, (LOCAL_LENGTHS[family],), (gap,)),
        )
