"""What a table of a transit gateway does with traffic for a VPC.

Source: Transit Gateways Guide, "How transit gateways work" (route evaluation order), "Transit
gateway peering attachments" and "Appliance in a shared services VPC"; semantics.md, B12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.nodes import External
from iac_ec2lint.network.routing.appliances import APPLIANCES, let_through
from iac_ec2lint.network.routing.routes import LOCAL_LENGTHS
from iac_ec2lint.network.routing.routing import toward
from iac_ec2lint.network.routing.transit_routes import TransitLeg, transit_legs
from iac_ec2lint.network.routing.transit_tables import TableOf, table_name, tables_of_attachment
from iac_ec2lint.network.sets.addresses import AddressSet
from iac_ec2lint.network.verdicts.conditional_presence import Condition
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import conjunction
from iac_ec2lint.network.vpc.longest_prefix import priority
from iac_ec2lint.network.vpc.passages import SubnetEnd, somewhere
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayAttachment,
    TransitGatewayPeeringAttachment,
)
from iac_ec2lint.values import Unknown, address_in_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_NO_WAY_ON: Final = frozenset(
    {"local", "nothing", "internet gateway", "egress-only internet gateway", "peering connection"}
)
"""Where the routes of a third VPC lead that send nothing on to where it was bound for."""

_VPN: Final = "aws_vpn_connection."
"""How the address of a VPN connection begins in its own module."""

_FAR_ENOUGH: Final = 6
"""Through how many VPCs traffic is followed that goes round."""


class TransitWay:
    """What one table of a transit gateway does with traffic for some addresses.

    Args:
        graph: The graph.
        gateway: The transit gateway.
        table: The table, with the evidence that it is the sender's.
        to: The attachment of the receiver's VPC; ``None`` where it has none at this gateway.
        far: The receiver.
        given: The condition that is assumed to hold.

    Attributes:
        hops: The evidence.
        truth: Whether it sends the traffic to that attachment.
        is_detour: Whether it leads elsewhere first: into a third VPC, or to another gateway.
    """

    def __init__(
        self,
        graph: Graph,
        gateway: Resource,
        table: TableOf,
        to: TransitGatewayAttachment | None,
        far: SubnetEnd,
        given: Condition,
    ) -> None:
        self._graph = graph
        self._gateway = gateway
        self._given = given
        self._to = to
        self._far = far
        self._family = far.addresses.family
        self.is_detour = False
        self.hops: tuple[Hop, ...] = (table.hop,)
        if table.table is not None:
            legs = transit_legs(graph, gateway, table.table, self._family, given)
            self.hops += tuple(self._led(table.table, legs))
        self.truth = conjunction(hop.verdict for hop in self.hops)

    def _led(self, table: Resource, every: Iterable[TransitLeg]) -> Iterator[Hop]:
        wanted = self._far.addresses
        legs = [leg for leg in every if leg.addresses.upper.overlaps(wanted)]
        right = [leg for leg in legs if self._to is not None and leg.route.attachment is self._to]
        others = [leg for leg in legs if leg not in right]
        if self._covers_destination(right, others):
            yield from (leg.route.hop(True) for leg in right)
            return
        if not legs:
            words = f"{table_name(table)} has no route to {self._far.vpc.address}"
            yield Hop("route", table, table.span, words, "default", verdict=False)
            return
        beyond = [self._beyond(leg) for leg in others]
        if not right and all(hop.verdict is False for hop in beyond):
            yield from beyond
            return
        self.is_detour = not right
        reported = [
            hop if hop.verdict is None else self._taking(leg, right)
            for leg, hop in zip(others, beyond, strict=True)
        ]
        open_ = [hop for hop in reported if hop is not None]
        yield from open_
        for leg in right:
            gaps = (*leg.route.causes, *leg.route.block.causes)
            if gaps or not open_:
                more = () if gaps else (somewhere(wanted, self._far.subnet),)
                yield leg.route.hop(None, "", *more)
            else:
                yield leg.route.hop(True)

    def _covers_destination(self, right: list[TransitLeg], others: list[TransitLeg]) -> bool:
        """Whether the legs that lead to the right attachment take all that is meant for it."""
        wanted, family = self._far.addresses, self._family
        if self._taken(right).covers(wanted):
            return not any(self._is_rival(leg, right) for leg in others)
        # All ranges of the VPC are announced, whichever they are; only what is as specific as a
        # range of a VPC can take some of them away.
        whole = any(leg.route.learned and not leg.route.causes for leg in right)
        longest = -LOCAL_LENGTHS[family]
        rivals = (leg.route for leg in others if not leg.route.learned)
        exact = all(leg.route.block.is_known for leg in right)
        return whole and not exact and all(priority(route)[0] > longest for route in rivals)

    def _taken(self, legs: list[TransitLeg]) -> AddressSet:
        return AddressSet.union(self._family, (leg.addresses.lower for leg in legs))

    def _is_rival(self, leg: TransitLeg, right: list[TransitLeg]) -> bool:
        """Whether another VPC announces the same ranges: which one counts is up to their order."""
        return (leg.addresses.lower & self._taken(right)).overlaps(self._far.addresses)

    def _taking(self, leg: TransitLeg, right: list[TransitLeg]) -> Hop | None:
        """What says that a route elsewhere may take what the right ones would."""
        route = leg.route
        if not route.is_known:
            return route.hop(None)
        if route.attachment is None or not self._is_rival(leg, right):
            return None
        names = [one.route.attachment for one in right if self._is_rival(leg, [one])]
        first = names[0].address if names and names[0] is not None else "another"
        reason = f"{first} and {route.attachment.address} announce the same ranges"
        gap = Unknown(f"{reason}, and which one counts is not known", "computed", route.span)
        return route.hop(None, "", gap)

    def _beyond(self, leg: TransitLeg) -> Hop:
        """Where a route leads that does not lead to the right attachment."""
        route = leg.route
        node = route.attachment
        if route.drops:
            return route.hop(False)
        if isinstance(node, TransitGatewayAttachment):
            return self._elsewhere(leg, node)
        if isinstance(node, TransitGatewayPeeringAttachment):
            reason = f"the routes of the transit gateway behind {node.address} are not followed"
            return route.hop(None, "", Unknown(reason, "limit", route.span))
        if isinstance(node, External) and address_in_module(node.address).startswith(_VPN):
            return route.hop(False, f", which is not {self._far.vpc.address}")
        name = "the attachment" if node is None else node.address
        reason = f"what lies behind {name} is not in the source"
        return route.hop(None, "", Unknown(reason, "external-id", route.span))

    def _elsewhere(self, leg: TransitLeg, attachment: TransitGatewayAttachment) -> Hop:
        """A route into another VPC, which may have an appliance that sends the traffic on."""
        gap = self._sent_on(attachment, frozenset())
        if gap is not None:
            return leg.route.hop(None, "", gap)
        return leg.route.hop(False, f", which does not lead to {self._far.vpc.address}")

    def _sent_on(
        self, attachment: TransitGatewayAttachment, passed: frozenset[Resource]
    ) -> Unknown | None:
        """Why a VPC may send on what the gateway gives it; ``None`` where it surely ends there.

        Args:
            attachment: Its attachment.
            passed: The attachments that the traffic came through: what comes to one of them again
                goes round in a circle until its time to live is over.
        """
        passed = passed | {attachment}
        for edge in self._graph.targets(attachment, "subnets"):
            if edge.target is None:
                reason = f"which subnets {attachment.address} has is not known"
                return Unknown(reason, "external-id", edge.value.span)
            for onward in toward(self._graph, edge.target, self._family, self._far.addresses):
                if onward.target.kind in _NO_WAY_ON:
                    continue
                box = let_through(onward.target, onward.hop)
                if onward.target.kind in APPLIANCES and box.verdict is False:
                    continue
                node = onward.target.node
                if node is self._gateway and self._goes_round(attachment, passed):
                    continue
                name = node.address if node is not None else f"a route of {edge.target.address}"
                reason = f"where {name} sends it on to is not followed"
                if onward.target.kind in APPLIANCES:
                    reason = f"what {name} lets through is not in the source"
                return Unknown(reason, "external-id", onward.hop.span)
        return None

    def _goes_round(
        self, attachment: TransitGatewayAttachment, passed: frozenset[Resource]
    ) -> bool:
        """Whether what a VPC gives back to the gateway surely ends in a circle, or is dropped."""
        tables = tables_of_attachment(self._graph, self._gateway, attachment, self._given)
        if len(tables) != 1 or tables[0].hop.verdict is not True or tables[0].table is None:
            return False
        table = tables[0].table
        for leg in transit_legs(self._graph, self._gateway, table, self._family, self._given):
            if not leg.addresses.upper.overlaps(self._far.addresses):
                continue
            node = leg.route.attachment
            if leg.route.causes or node is self._to:
                return False
            if leg.route.drops or node in passed:
                continue
            if not isinstance(node, TransitGatewayAttachment):
                return False
            if len(passed) > _FAR_ENOUGH or self._sent_on(node, passed) is not None:
                return False
        return True
