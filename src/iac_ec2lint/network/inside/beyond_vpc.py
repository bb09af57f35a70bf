"""Rules of security groups that reach beyond a VPC: what they let in or out that is not inside.

Inside are the addresses of the VPC and of its peers (VPC User Guide, "VPC peering"). What is
behind a transit gateway, a VPN or a network in the cloud of the VPC's is not in the source, so that
whether private addresses are inside is not known there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.group_rules import GroupRules, RuleTraffic, group_rules
from iac_ec2lint.network.filters.listed_rules import more_rules_cause
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, internet, openness
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.vpc.subnets import same_vpc, vpc_addresses
from iac_ec2lint.resources.gateway import InternetGatewayAttachment, VpnGateway
from iac_ec2lint.resources.peering import VpcPeeringConnection
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.transit_gateway import TransitGatewayAttachment
from iac_ec2lint.values import YES, Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.sets.traffic import Direction
    from iac_ec2lint.resources.part import Resource

_WIDE: Final = frozenset({Openness.WORLD, Openness.BROAD})
_LOOPBACK: Final = {
    Family.IPV4: AddressSet.of(Family.IPV4, [(127 << 24, (128 << 24) - 1)]),
    Family.IPV6: AddressSet.of(Family.IPV6, [(1, 1)]),
}


class BeyondVpc(NamedTuple):
    """A source of an ingress rule, or destination of an egress rule, that is not all inside.

    Attributes:
        read: The rule.
        source: The source.
        answer: Whether some of it is outside.
        public: Whether some of that is the internet's.
    """

    read: RuleTraffic
    source: RuleSource
    answer: Answer
    public: bool


def rules_of_group(graph: Graph, group: Resource, direction: Direction) -> GroupRules | None:
    """The rules of a group; ``None`` where it is declared elsewhere and has none here."""
    return _by_group(graph, direction).get(group.address)


def reaches_nothing(read: RuleTraffic) -> bool:
    """Whether a rule is for the loopback alone, where no packet of an interface goes.

    A rule to 127.0.0.1/32 is how a template takes AWS's rule for all outbound traffic away
    (CloudFormation's reference, AWS::EC2::SecurityGroup, "Remove the default outbound rule").
    """
    if read.rule.groups or read.rule.self_.is_true().truth is not False:
        return False
    return bool(read.sources) and all(map(_is_loopback, read.sources))


def _is_loopback(source: RuleSource) -> bool:
    return bool(source.upper) and not any(one - _LOOPBACK[one.family] for one in source.upper)


def rules_elsewhere(graph: Graph, group: Resource | None, direction: Direction) -> Unknown | None:
    """Why a group may have rules that are not in the source; ``None`` where all of them are."""
    if isinstance(group, SecurityGroup):
        return more_rules_cause(graph, group, direction)
    span = graph.unit.span if group is None else group.span
    return Unknown("the rules of the security group are not in the source", "external-id", span)


@remembered
def _by_group(graph: Graph, direction: Direction) -> dict[str, GroupRules]:
    return {one.group.address: one for one in group_rules(graph, direction)}


def reaches_beyond(graph: Graph, read: RuleTraffic, vpc: Resource | None) -> Iterator[BeyondVpc]:
    """The sources or destinations of a rule that are, or may be, outside a VPC and its peers.

    Args:
        graph: The graph.
        read: The rule.
        vpc: The VPC; ``None`` where it is not known.
    """
    for source in read.sources:
        if not source.inside and not _is_loopback(source):
            answer, public = _outside(graph, source, vpc)
            if answer.truth is not False:
                yield BeyondVpc(read, source, answer, public)


def _outside(graph: Graph, source: RuleSource, vpc: Resource | None) -> tuple[Answer, bool]:
    if any(openness(addresses) in _WIDE for addresses in source.lower):
        return YES, True  # no VPC is that large
    causes: list[Unknown] = list(source.causes)
    possible = bool(causes)
    public = False
    for addresses in source.lower:
        family = addresses.family
        inside = _inside(graph, vpc, family)
        surely = addresses - inside.upper
        if surely:
            public = bool(surely & internet(family))
            behind = () if public else links_of(graph, vpc)
            if not behind:
                return YES, public
            causes += behind
        elif addresses - inside.lower:
            reason = "which addresses the VPC and its peers have is not known"
            causes.append(Unknown(reason, "external-id", source.place.span))
        possible = possible or bool(addresses - inside.lower)
    if not possible and any(one - _inside(graph, vpc, one.family).lower for one in source.upper):
        possible = True
    return Answer(None if possible else False, tuple(causes)), public


@remembered
def _inside(graph: Graph, vpc: Resource | None, family: Family) -> Approximation[AddressSet]:
    """The addresses of a VPC and of its peers."""
    if vpc is None:
        return Approximation.at_most(AddressSet.everything(family))
    lower, upper = AddressSet.nothing(family), AddressSet.nothing(family)
    for one in (vpc, *(peer for _, peer in peers_of(graph, vpc))):
        if one is None:
            return Approximation(lower, AddressSet.everything(family))
        addresses = vpc_addresses(graph, one, family)
        lower, upper = lower | addresses.lower, upper | addresses.upper
    return Approximation(lower, upper)


def peers_of(graph: Graph, vpc: Resource) -> Iterator[tuple[VpcPeeringConnection, Resource | None]]:
    """The peering connections of a VPC, each with the other VPC; ``None`` where it is not known."""
    for node in same_vpc(graph, vpc):
        for near, far in (("vpc", "peer_vpc"), ("peer_vpc", "vpc")):
            for edge in graph.sources(node, near):
                if isinstance(edge.source, VpcPeeringConnection):
                    ends = graph.targets(edge.source, far)
                    sure = len(ends) == 1 and ends[0].certain
                    yield edge.source, ends[0].target if sure else None


def links(graph: Graph, vpc: Resource) -> Iterator[Resource]:
    """What may lead from a VPC to networks that are not in the source."""
    for node in same_vpc(graph, vpc):
        for edge in graph.sources(node, "vpc"):
            link = edge.source
            vpn = isinstance(link, InternetGatewayAttachment) and link.vpn_gateway is not None
            if vpn or isinstance(link, TransitGatewayAttachment | VpnGateway):
                yield link


def behind(link: Resource) -> Unknown:
    """That nobody knows which networks are behind a link."""
    reason = f"which networks are behind {link.address} is not known"
    return Unknown(reason, "external-id", link.span)


@remembered
def links_of(graph: Graph, vpc: Resource | None) -> tuple[Unknown, ...]:
    """What leads from a VPC to networks that are not in the source."""
    return () if vpc is None else tuple(map(behind, links(graph, vpc)))
