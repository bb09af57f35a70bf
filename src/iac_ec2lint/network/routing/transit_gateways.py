"""Ways through a transit gateway from one VPC to another.

Both VPCs are attached, the attachment serves the sender's zone, and the sender's table at the
gateway leads to the other attachment. A zone that is not written is taken to be served, as it is
for load balancers (semantics.md, B11), and the verdict is reported to rest on that. Where traffic
enters a third VPC that may send it on, or crosses to another transit gateway, it is undecided.

Source: Transit Gateways Guide, "Amazon VPC attachments" (zones, security group referencing) and
"How network ACLs work with transit gateways"; semantics.md, B12. Rules that let in may refer to
groups across a gateway where it and both attachments support that; rules that let out may not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.routing.transit_tables import attachment_names, tables_of_attachment
from iac_ec2lint.network.routing.transit_ways import TransitWay
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.conditional_presence import Condition, conditions, doubts
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.verdicts.ways import conjunction, disjunction
from iac_ec2lint.network.vpc.passages import NetworkLink, SubnetEnd
from iac_ec2lint.network.vpc.subnets import same_vpc
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.resources.transit_gateway import (
    TransitGateway,
    TransitGatewayAttachment,
)
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Step, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.verdicts.evidence import Origin
    from iac_ec2lint.resources.part import Resource

_KIND: Final = "transit gateway"


class _VpcAttachment(NamedTuple):
    """How a VPC is attached to a transit gateway.

    Attributes:
        attachment: The attachment; ``None`` where there is none, or none is known.
        hop: The evidence.
    """

    attachment: TransitGatewayAttachment | None
    hop: Hop


def transited(
    graph: Graph,
    gateway: Resource,
    near: SubnetEnd,
    far: SubnetEnd,
    family: Family,
    given: Condition,
) -> NetworkLink:
    """Whether a transit gateway forwards traffic from one VPC to another.

    Args:
        graph: The graph.
        gateway: The transit gateway that the sender's route leads to.
        near: The end where the flow begins.
        far: The end that it is for.
        family: The family of the addresses.
        given: The presence of the sender's subnet, which is taken to be there.
    """
    here = _vpc_attachment(graph, gateway, near.vpc, given)
    there = _vpc_attachment(graph, gateway, far.vpc, given)
    if here.attachment is None:
        shut = [door.hop for door in (here, there) if door.hop.verdict is False]
        return NetworkLink(tuple(shut) or (here.hop,))
    zone, leaving = _zone(graph, here.attachment, near.subnet)
    ways = [
        TransitWay(graph, gateway, table, there.attachment, far, given)
        for table in tables_of_attachment(graph, gateway, here.attachment, given)
    ]
    through = disjunction(way.truth for way in ways)
    hops = (here.hop, *zone, *_carries(family, here.attachment, there.attachment))
    if there.attachment is None:
        led = tuple(_led(ways)) if through is None else ()
        if not led or there.hop.verdict is None:
            return NetworkLink((there.hop,))
        unknown = _beyond(gateway)
        return NetworkLink((*hops, *led), unknown, unknown, leaving)
    _, arriving = _zone(graph, there.attachment, far.subnet)
    own = far.subnet in arriving
    return NetworkLink(
        (*hops, *_led(ways), there.hop),
        _beyond(gateway)
        if all(way.is_detour for way in ways)
        else _references(gateway, here.attachment, there.attachment),
        Fact(False, (_outward(gateway),)),
        leaving,
        () if own else arriving,
        bypasses=own,
    )


def _led(ways: list[TransitWay]) -> Iterator[Hop]:
    """What the tables that an attachment may have say together."""
    truth = disjunction(way.truth for way in ways)
    for way in ways:
        if truth is False or way.truth is not False:
            yield from (h for h in way.hops if truth is False or h.verdict is not False)


@remembered
def _vpc_attachment(
    graph: Graph, gateway: Resource, vpc: Resource, given: Condition
) -> _VpcAttachment:
    """How a VPC is attached to a gateway; looked up once."""
    nodes = same_vpc(graph, vpc)
    possible: list[_VpcAttachment] = []
    for edge in graph.sources(gateway, "transit_gateway"):
        attachment = edge.source
        if not isinstance(attachment, TransitGatewayAttachment):
            continue
        for named in graph.targets(attachment, "vpc"):
            if named.target not in nodes:
                continue
            causes = (*doubts(edge, attachment, given=given), *doubts(named, given=given))
            causes = tuple(dict.fromkeys((*causes, *_pending(graph, gateway, attachment))))
            words = f"{attachment.address} attaches {vpc.address} to {gateway.address}"
            if not causes:
                return _VpcAttachment(attachment, Hop(_KIND, attachment, named.value.span, words))
            words = f"{words} on a condition ({conditions(causes)})"
            span = named.value.span
            hop = Hop(_KIND, attachment, span, words, "unknown", None, causes)
            possible.append(_VpcAttachment(attachment, hop))
    return possible[0] if possible else _no_vpc_attachment(graph, gateway, vpc)


def _pending(
    graph: Graph, gateway: Resource, attachment: TransitGatewayAttachment
) -> Iterator[Unknown]:
    """Why it is unknown whether the owner of a gateway has accepted an attachment."""
    names = attachment_names(graph, attachment)
    if not isinstance(gateway, TransitGateway) or gateway.scope == attachment.scope or names[1:]:
        return
    accepts = gateway.auto_accept_shared_attachments.equals("enable")
    if accepts.truth is not True:
        yield from accepts.causes
        reason = f"whether {attachment.address} is accepted is not in the source"
        yield Unknown(reason, "external-id", attachment.span)


def _no_vpc_attachment(graph: Graph, gateway: Resource, vpc: Resource) -> _VpcAttachment:
    """A VPC that no attachment of the unit attaches to a gateway."""
    for edge in graph.unresolved("transit_gateway", "vpc"):
        if isinstance(edge.source, TransitGatewayAttachment):
            other = "vpc" if edge.relation == "transit_gateway" else "transit_gateway"
            ends = {onward.target for onward in graph.targets(edge.source, other)}
            if ends & {None, gateway, *same_vpc(graph, vpc)}:
                return _may_be_attached(edge.source, gateway, vpc, edge.value)
    module_cause = unknown_module_cause(graph, gateway)
    if module_cause is None:
        module_cause = unknown_module_cause(graph, vpc)
    if module_cause is not None:
        return _may_be_attached(vpc, gateway, vpc, module_cause)
    if isinstance(gateway, TransitGateway) and isinstance(vpc, Vpc):
        words = f"{vpc.address} is not attached to {gateway.address}"
        return _VpcAttachment(None, Hop(_KIND, vpc, vpc.span, words, "default", verdict=False))
    elsewhere = gateway if not isinstance(gateway, TransitGateway) else vpc
    gap = Unknown(f"{elsewhere.address} is declared elsewhere", "external-id", elsewhere.span)
    return _may_be_attached(vpc, gateway, vpc, gap)


def _may_be_attached(
    source: Resource, gateway: Resource, vpc: Resource, why: Val
) -> _VpcAttachment:
    words = f"{vpc.address} may be attached to {gateway.address}"
    reason = why.reason if isinstance(why, Unknown) else "nobody knows which VPC it is"
    cause = Unknown(f"{words}: {reason}", "may-attach", why.span, why.via)
    return _VpcAttachment(None, Hop(_KIND, source, cause.span, words, "unknown", None, (cause,)))


def _zone(
    graph: Graph, attachment: TransitGatewayAttachment, subnet: Resource
) -> tuple[tuple[Hop, ...], tuple[Resource, ...]]:
    """Whether an attachment serves the zone of a subnet, and the subnets that may do so."""
    edges = graph.targets(attachment, "subnets")
    nodes = tuple(edge.target for edge in edges if edge.target is not None)
    if subnet in nodes:
        return (), (subnet,)
    own = _zone_of(subnet)
    zones = {node: _zone_of(node) for node in nodes}
    same = tuple(node for node, zone in zones.items() if zone is not None and zone == own)
    if same:
        return (), same
    name = attachment.address
    named = [zone for zone in (own, *zones.values()) if zone is not None and not zone.source]
    if own is not None and len(named) == len(edges) + 1:
        fact = f"{name} has no subnet in {own.name}, the zone of {subnet.address}"
        span = edges[0].value.span if edges else attachment.span
        return (Hop("placement", attachment, span, fact, verdict=False),), nodes
    words = f"{name} serves the zone of {subnet.address}"
    step = Step(attachment.span, words, assumed=True)
    hop = Hop("placement", attachment, attachment.span, words, "assumed", True, (), (step,))
    return (hop,), nodes


class _Zone(NamedTuple):
    """What tells one Availability Zone from another.

    Attributes:
        name: Its name; where that is not known, how it is read.
        source: What it is read from; empty where its name is known.
    """

    name: str
    source: str = ""


def _zone_of(subnet: Resource) -> _Zone | None:
    zone = subnet.availability_zone if isinstance(subnet, Subnet) else None
    if zone is None:
        return None
    if zone.text is not None:
        return _Zone(zone.text)
    if isinstance(zone, Unknown) and len(zone.references) == 1 and not zone.candidates:
        return _Zone(zone.reason, zone.references[0].target)
    return None


def _carries(family: Family, *attachments: TransitGatewayAttachment | None) -> Iterator[Hop]:
    """What says that attachments do not, or may not, carry IPv6: they do where it is written."""
    if family is Family.IPV4:
        return
    for attachment in attachments:
        if attachment is None:
            continue
        supported = attachment.ipv6_support.equals("enable")
        if supported.truth is not True:
            place = attachment.place("ipv6_support")
            verb = "does not carry" if supported.truth is False else "may not carry"
            words = f"{attachment.address} {verb} IPv6"
            origin: Origin = "unknown" if supported.truth is None else "explicit"
            yield Hop(
                _KIND, attachment, place.span, words, origin, supported.truth, supported.causes
            )


def _references(
    gateway: Resource, here: TransitGatewayAttachment, there: TransitGatewayAttachment
) -> Fact:
    """Whether rules that let in may refer to groups across a gateway."""
    hops: list[Hop] = []
    for one in (gateway, here, there):
        if not isinstance(one, TransitGateway | TransitGatewayAttachment):
            gap = Unknown(
                f"the settings of {one.address} are not in the source", "external-id", one.span
            )
            words = f"rules may perhaps refer to groups across {one.address}"
            hops.append(Hop(_KIND, one, one.span, words, "unknown", None, (gap,)))
            continue
        place, answer = one.place("references_groups"), one.references_groups.equals("enable")
        implied = place.value is not None and place.value.implied
        origin: Origin = "default" if implied else "explicit"
        verb = {True: "can", False: "cannot", None: "can perhaps"}[answer.truth]
        words = f"rules {verb} refer to security groups across {one.address}"
        if answer.truth is None:
            origin = "unknown"
        hops.append(
            Hop(
                _KIND,
                one,
                place.span,
                words,
                origin,
                answer.truth,
                answer.causes,
                answer.assumptions,
                place.attribute,
            )
        )
    truth = conjunction(hop.verdict for hop in hops)
    shown = hops[:1] if truth is True else [hop for hop in hops if hop.verdict is truth]
    return Fact(truth, tuple(shown))


def _outward(gateway: Resource) -> Hop:
    words = f"rules that let out cannot refer to security groups across {gateway.address}"
    return Hop(_KIND, gateway, gateway.span, words, "default", verdict=False)


def _beyond(gateway: Resource) -> Fact:
    """That rules refer to no groups across more than one transit gateway, nor an appliance."""
    words = f"rules cannot refer to security groups beyond what {gateway.address} leads through"
    return Fact(False, (Hop(_KIND, gateway, gateway.span, words, "default", verdict=False),))
