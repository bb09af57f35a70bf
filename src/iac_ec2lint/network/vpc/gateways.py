"""Internet gateways and the VPCs that they are attached to; VPC Block Public Access.

Source: VPC User Guide, "Internet gateways" and "Block public access to VPCs and subnets";
semantics.md, B3 and B13 (conditions N2 and N4 of C1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.account_settings import governs
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External, Implicit, implicit
from iac_ec2lint.graph.other_units import filling_unit
from iac_ec2lint.network.verdicts.conditional_presence import (
    UNCONDITIONAL,
    Condition,
    condition,
    conditions,
    doubt,
    doubts,
)
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.vpc.subnets import as_created, is_default_vpc, same_vpc, vpc_of
from iac_ec2lint.resources.block_public_access import (
    BlockPublicAccess,
    BlockPublicAccessExclusion,
)
from iac_ec2lint.resources.gateway import InternetGateway, InternetGatewayAttachment, VpnGateway
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val


class _Direction(NamedTuple):
    """What VPC Block Public Access does to connections of one direction.

    Attributes:
        modes: The modes that block them.
        exempting: The modes of exclusions that lift this.
        words: The connections, in words that a subnet follows.
    """

    modes: tuple[str, ...]
    exempting: tuple[str, ...]
    words: str


_IN: Final = _Direction(
    ("block-ingress", "block-bidirectional"),
    ("allow-bidirectional",),
    "connections from the internet to",
)
_OUT: Final = _Direction(
    ("block-bidirectional",),
    ("allow-bidirectional", "allow-egress"),
    "connections to the internet from",
)


@remembered
def internet_gateway(graph: Graph, vpc: Resource | None) -> Fact:
    """Whether an internet gateway is attached to a VPC (N2).

    Args:
        graph: The graph.
        vpc: What ``vpc_of`` gives; ``None`` where it is unknown.

    Returns:
        True with the gateway; False with the VPC that has none; undecided with what may attach one.
    """
    return Fact(None) if vpc is None else _gateway_of(graph, vpc)


@remembered
def default_gateway(_graph: Graph, vpc: Resource) -> Resource:
    """The internet gateway that AWS makes with the default VPC."""
    words = "internet gateway"
    return implicit(f"the internet gateway of {vpc.address}", vpc, words, "InternetGateway")


def attached(
    graph: Graph, gateway: Resource, vpc: Resource | None, given: Condition = UNCONDITIONAL
) -> Fact:
    """Whether one internet gateway, or virtual private gateway, is attached to a VPC.

    Args:
        graph: The graph.
        gateway: The gateway.
        vpc: What ``vpc_of`` gives; ``None`` where it is unknown.
        given: The condition of what the question is about (a subnet, say), assumed to exist.
    """
    return _attached(graph, gateway, vpc, given)


@remembered
def public_access(graph: Graph, subnet: Resource) -> Fact:
    """Whether VPC Block Public Access admits connections from the internet to a subnet (N4).

    Load balancers' subnets are judged alike. Without the setting in the unit it is taken to be
    off, as AWS has it by default.
    """
    return _public_access(graph, subnet, _IN)


@remembered
def outbound_access(graph: Graph, subnet: Resource) -> Fact:
    """Whether VPC Block Public Access lets connections out by NAT and egress-only gateways.

    For those that leave by the internet gateway itself ask ``public_access``: both modes stop them.
    """
    return _public_access(graph, subnet, _OUT)


def _gateway_of(graph: Graph, vpc: Resource) -> Fact:
    facts = [
        attached(graph, gateway, vpc)
        for gateway in dict.fromkeys(_candidates(graph, vpc))
        if isinstance(gateway, InternetGateway | External)
    ]
    sure = [fact for fact in facts if fact.truth is True]
    if sure:
        return sure[0]
    if is_default_vpc(vpc):
        return _as_created(vpc)
    open_ones = tuple(hop for fact in facts if fact.truth is None for hop in fact.hops)
    if open_ones:
        return Fact(None, open_ones)
    if not isinstance(vpc, Vpc):
        words = f"nobody knows whether an internet gateway is attached to {vpc.address}"
        cause = Unknown(f"{vpc.address} is declared elsewhere", "external-id", vpc.span)
        return Fact(None, (Hop(_KIND, vpc, vpc.span, words, "unknown", None, (cause,)),))
    loose = [*_unresolved(graph), *_of_unknown_gateways(graph, vpc)]
    if loose:
        hops = tuple(_may_attach(edge, vpc) for edge in loose)
        return Fact(None, hops)
    by = filling_unit(graph, vpc, InternetGateway, InternetGatewayAttachment)
    if by:
        return _by_third(vpc, f"{by} may attach an internet gateway to {vpc.address}")
    words = f"no internet gateway is attached to {vpc.address}"
    return Fact(False, (Hop(_KIND, vpc, vpc.span, words, "default", False),))


def _by_third(resource: Resource, words: str) -> Fact:
    """That a third unit may attach a gateway."""
    cause = Unknown(words, "external-id", resource.span)
    return Fact(None, (Hop(_KIND, resource, resource.span, words, "unknown", None, (cause,)),))


_KIND = "internet gateway"


def _candidates(graph: Graph, vpc: Resource) -> Iterator[Resource]:
    """The gateways that name a VPC, or that an attachment names together with it."""
    for node in same_vpc(graph, vpc):
        for edge in graph.sources(node, "vpc"):
            if isinstance(edge.source, InternetGateway):
                yield edge.source
            elif isinstance(edge.source, InternetGatewayAttachment):
                for other in graph.targets(edge.source, "internet_gateway"):
                    if other.target is not None:
                        yield other.target


def _unresolved(graph: Graph) -> Iterator[Edge]:
    """The attachments of internet gateways whose VPC is unknown."""
    for edge in graph.unresolved("vpc"):
        source = edge.source
        if isinstance(source, InternetGateway) or (
            isinstance(source, InternetGatewayAttachment) and source.internet_gateway is not None
        ):
            yield edge


def _of_unknown_gateways(graph: Graph, vpc: Resource) -> Iterator[Edge]:
    """The attachments to a VPC of an internet gateway that is unknown."""
    same = same_vpc(graph, vpc)
    for edge in graph.unresolved("internet_gateway"):
        if isinstance(edge.source, InternetGatewayAttachment) and any(
            onward.target in same for onward in graph.targets(edge.source, "vpc")
        ):
            yield edge


def _may_attach(edge: Edge, vpc: Resource) -> Hop:
    reason = edge.value.reason if isinstance(edge.value, Unknown) else "its VPC is unknown"
    words = f"{edge.source.address} may attach an internet gateway to {vpc.address}"
    if isinstance(edge.source, InternetGateway):
        words = f"{edge.source.address} may be attached to {vpc.address}"
    cause = Unknown(f"{words}: {reason}", "may-attach", edge.value.span, edge.value.via)
    return Hop(_KIND, edge.source, edge.value.span, words, "unknown", None, (cause,))


def _as_created(vpc: Resource) -> Fact:
    words = f"an internet gateway is attached to {vpc.address}, as AWS created it"
    step = as_created(vpc.span)
    return Fact(True, (Hop(_KIND, vpc, vpc.span, words, "assumed", True, (), (step,)),))


@remembered
def _attached(graph: Graph, gateway: Resource, vpc: Resource | None, given: Condition) -> Fact:
    if isinstance(gateway, Implicit) and gateway.owner is vpc:
        return _as_created(gateway.owner)
    wanted = set(same_vpc(graph, vpc)) if vpc is not None else set()
    possible: list[Hop] = []
    elsewhere: Resource | None = None
    for edge, source in _attachments(graph, gateway):
        if edge.target is None or vpc is None:
            possible.append(_undecided(gateway, vpc, edge.value, source))
        elif edge.target not in wanted:
            if edge.certain:
                elsewhere = edge.target
        else:
            return _attachment(gateway, vpc, edge, source, given)
    if elsewhere is not None:
        words = f"{gateway.address} is attached to {elsewhere.address}"
        return Fact(False, (Hop(_kind(gateway), gateway, gateway.span, words, verdict=False),))
    possible.extend(_attachments_of_unknown_gateways(graph, gateway, vpc))
    if isinstance(gateway, External):
        # Declared elsewhere: so may be its attachment.
        possible.append(_undecided(gateway, vpc, None, gateway))
    if possible:
        return Fact(None, tuple(possible))
    by = filling_unit(graph, gateway, InternetGatewayAttachment)
    if by:
        return _by_third(gateway, f"{by} may attach {gateway.address} to a VPC")
    words = f"{gateway.address} is attached to no VPC"
    return Fact(False, (Hop(_kind(gateway), gateway, gateway.span, words, "default", False),))


def _kind(gateway: Resource) -> str:
    return "virtual private gateway" if isinstance(gateway, VpnGateway) else _KIND


def _attachments(graph: Graph, gateway: Resource) -> Iterator[tuple[Edge, Resource]]:
    """The edges from a gateway, or from its attachments, to VPCs, each with its source."""
    for edge in graph.targets(gateway, "vpc"):
        yield edge, gateway
    for edge in graph.sources(gateway, "internet_gateway", "vpn_gateway"):
        if isinstance(edge.source, InternetGatewayAttachment):
            for onward in graph.targets(edge.source, "vpc"):
                yield onward if edge.certain else onward._replace(certain=False), edge.source


def _attachments_of_unknown_gateways(
    graph: Graph, gateway: Resource, vpc: Resource | None
) -> Iterator[Hop]:
    """Attachments to this VPC whose gateway is unknown."""
    relation = "vpn_gateway" if isinstance(gateway, VpnGateway) else "internet_gateway"
    for edge in graph.unresolved(relation):
        if isinstance(edge.source, InternetGatewayAttachment):
            vpcs = [onward.target for onward in graph.targets(edge.source, "vpc")]
            if vpc is None or None in vpcs or vpc in vpcs:
                yield _undecided(gateway, vpc, edge.value, edge.source)


def _attachment(
    gateway: Resource, vpc: Resource, edge: Edge, source: Resource, given: Condition
) -> Fact:
    if given == UNCONDITIONAL:
        given = condition(vpc.presence)
    causes = doubts(edge, source, gateway, given=given)
    words = f"{gateway.address} is attached to {vpc.address}"
    if causes:
        hop = Hop(
            _kind(gateway),
            source,
            edge.value.span,
            f"{words} on a condition ({conditions(causes)})",
            "unknown",
            None,
            causes,
        )
        return Fact(None, (hop,))
    via = tuple(step for step in edge.value.via if step.assumed)
    return Fact(True, (Hop(_kind(gateway), source, edge.value.span, words, assumptions=via),))


def _undecided(gateway: Resource, vpc: Resource | None, value: Val | None, source: Resource) -> Hop:
    where = "a VPC that is unknown" if vpc is None else vpc.address
    words = f"{gateway.address} may be attached to {where}"
    if isinstance(value, Unknown):
        cause = Unknown(
            f"{words}: {value.reason}", "may-attach", value.span, value.via, inputs=value.inputs
        )
    else:
        cause = Unknown(f"{gateway.address} is declared elsewhere", "external-id", source.span)
    return Hop(_kind(gateway), source, cause.span, words, "unknown", None, (cause,))


def _public_access(graph: Graph, subnet: Resource, direction: _Direction) -> Fact:
    vpc = vpc_of(graph, subnet)
    facts: list[Fact] = []
    for setting in graph.all(BlockPublicAccess):
        there = governs(setting, subnet.owner if isinstance(subnet, Implicit) else subnet)
        if there.truth is not False:
            fact = _setting_fact(graph, setting, subnet, vpc, direction)
            facts.append(fact if there.truth else _perhaps(fact, there))
    for truth in (False, None):
        hops = tuple(hop for fact in facts if fact.truth is truth for hop in fact.hops)
        if hops:
            return Fact(truth, hops)
    return Fact(True, tuple(hop for fact in facts for hop in fact.hops))


def _perhaps(fact: Fact, there: Answer) -> Fact:
    """What a setting says that may be another Region's."""
    if fact.truth is not False:
        return fact
    return Fact(None, tuple(hop.in_doubt(*there.causes) for hop in fact.hops))


def _setting_fact(
    graph: Graph,
    setting: BlockPublicAccess,
    subnet: Resource,
    vpc: Resource | None,
    direction: _Direction,
) -> Fact:
    """Whether one setting admits connections to a subnet."""
    mode = setting.mode
    place = setting.place("mode")
    if mode is None:
        return Fact(True)
    blocks = mode.equals(*direction.modes)
    if blocks.truth is False:
        return Fact(True)
    name = f'{setting.address} is "{mode.text}"' if mode.text else f"{setting.address} is unknown"
    hangs_on = doubt(setting.presence, condition(subnet.presence))
    causes = blocks.causes if hangs_on is None else (*blocks.causes, hangs_on)
    excluded, hops = _excluded(graph, subnet, vpc, direction)
    if excluded is True:
        return Fact(True, hops)
    if causes or excluded is None:
        words = f"{name}, which may block {direction.words} {subnet.address}"
        hop = Hop(_BPA, setting, place.span, words, "unknown", None, causes, (), place.attribute)
        return Fact(None, (hop, *hops))
    words = f"{name}, which blocks {direction.words} {subnet.address}"
    hop = Hop(
        _BPA,
        setting,
        place.span,
        words,
        "explicit",
        False,
        assumptions=blocks.assumptions,
        attribute=place.attribute,
    )
    return Fact(False, (hop,))


_BPA = "block public access"


def _excluded(
    graph: Graph, subnet: Resource, vpc: Resource | None, direction: _Direction
) -> tuple[bool | None, tuple[Hop, ...]]:
    """Whether an exclusion exempts a subnet from the block, and which one."""
    possible: list[Hop] = []
    nodes = {None, subnet, *(same_vpc(graph, vpc) if vpc is not None else ())}
    for exclusion in graph.all(BlockPublicAccessExclusion):
        if exclusion.mode is None:
            continue
        allows = exclusion.mode.equals(*direction.exempting)
        if allows.truth is False:
            continue
        for edge in graph.targets(exclusion, "subnet", "vpc"):
            if edge.target in nodes:
                hop = _exclusion(exclusion, edge, subnet, allows.causes)
                if hop.verdict is True:
                    return True, (hop,)
                possible.append(hop)
    return (None if possible else False), tuple(possible)


def _exclusion(
    exclusion: BlockPublicAccessExclusion, edge: Edge, subnet: Resource, causes: tuple[Unknown, ...]
) -> Hop:
    what = edge.target.address if edge.target is not None else subnet.address
    place = exclusion.place("mode")
    causes = (*causes, *doubts(edge, exclusion, given=condition(subnet.presence)))
    if not causes:
        words = f"{exclusion.address} excludes {what} from the block"
        return Hop(_BPA, exclusion, place.span, words, attribute=place.attribute)
    words = f"{exclusion.address} may exclude {what} from the block"
    return Hop(_BPA, exclusion, place.span, words, "unknown", None, causes)
