"""Which endpoints a VPC has, and whether others may be made for it elsewhere.

Source: AWS PrivateLink Guide, "Access AWS services through AWS PrivateLink"; Route 53 Developer
Guide, "Working with private hosted zones" (one zone may serve many VPCs, by a central endpoint).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.hosts.endpoints import leads_past_aws, name_with_gaps, service_of
from iac_ec2lint.network.inside.beyond_vpc import behind, links, peers_of
from iac_ec2lint.network.inside.followed_links import leads_nowhere_else
from iac_ec2lint.network.inside.told import named_in, told_by_parameters
from iac_ec2lint.network.verdicts.said_elsewhere import said_elsewhere
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.subnets import is_default_vpc, same_vpc
from iac_ec2lint.resources.backend import Backend
from iac_ec2lint.resources.hosted_zone import HostedZone
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of
from iac_ec2lint.values.known import ENDPOINTS_ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.inside.told import Telling
    from iac_ec2lint.resources.part import Resource


def has_endpoint(graph: Graph, vpc: Resource, services: Collection[str]) -> Answer:
    """Whether a VPC has an interface endpoint for one of some services.

    Args:
        graph: The graph.
        vpc: The VPC.
        services: The services' names after the Region: ``ec2``.
    """
    nodes = same_vpc(graph, vpc)
    return any_of(_is_one(graph, one, vpc, nodes, services) for one in graph.all(VpcEndpoint))


def _is_one(
    graph: Graph,
    endpoint: VpcEndpoint,
    vpc: Resource,
    nodes: Collection[Resource],
    services: Collection[str],
) -> Answer:
    if leads_past_aws(endpoint):
        return NO
    service, name = service_of(endpoint), endpoint.service_name
    answer = endpoint.equals("endpoint_type", "Interface")
    if service is not None:
        answer = answer & Answer(service in services)
    else:
        answer = answer & (Answer(None, (name,)) if isinstance(name, Unknown) else NO)
    if endpoint.presence.key != vpc.presence.key:
        answer = answer & endpoint.presence.answer
    edges = graph.targets(endpoint, "vpc")
    own = (edge.answer for edge in edges if edge.target is None or edge.target in nodes)
    return answer & any_of(own)


@remembered
def endpoints_elsewhere(graph: Graph, vpc: Resource) -> tuple[Unknown, ...]:
    """Why a VPC may have, or use, endpoints that are not in the source; empty where it has not.

    It may where a module that is not on the disk gets it, where it is told to others, and where
    what is behind a link may share its endpoints: not where all that is there is in the source and
    has none. A root module with a provider or a backend of its
    own tells its outputs to people; others tell them to their caller. What is a parameter of
    Systems Manager is told to whoever reads that.
    """
    return tuple(dict.fromkeys(_elsewhere(graph, vpc)))


def said_to_have_endpoints(graph: Graph, vpc: Resource | None, user: Resource) -> Answer:
    """Whether a VPC has endpoints for EC2 and Systems Manager because somebody says so.

    Args:
        graph: The graph.
        vpc: The VPC; ``None`` where nobody knows which it is.
        user: What stands in it.

    Returns:
        No where it is declared here; undecided where it is not and nobody says it.
    """
    if isinstance(vpc, Vpc):
        return NO
    reason = "the VPC is declared elsewhere, and so may its endpoints be"
    if is_default_vpc(vpc):
        return Answer(None, (Unknown(reason, "external-id", user.span),))
    return said_elsewhere(graph, ENDPOINTS_ELSEWHERE, user, reason, user.span)


def _elsewhere(graph: Graph, vpc: Resource) -> Iterator[Unknown]:
    yield from _made_elsewhere(graph, vpc)
    for peering, peer in peers_of(graph, vpc):
        if not _has_none_to_share(graph, peer):
            reason = f"what is behind {peering.address} may share its endpoints"
            yield Unknown(reason, "external-id", peering.span)
    for link in links(graph, vpc):
        if not leads_nowhere_else(
            graph, link, lambda other: other is vpc or _has_none_to_share(graph, other)
        ):
            yield behind(link)


def _made_elsewhere(graph: Graph, vpc: Resource) -> Iterator[Unknown]:
    """Why others may make endpoints in a VPC: they are given it."""
    for node in same_vpc(graph, vpc):
        handed = unknown_module_cause(graph, node)
        if handed is not None:
            yield handed
        telling = _told(graph).get(node.address)
        if telling is not None:
            reason = f"others may make endpoints for the VPC that {telling.address} tells them"
            yield Unknown(reason, "external-id", telling.span)


def _has_none_to_share(graph: Graph, vpc: Resource | None) -> bool:
    """Whether a VPC surely has no endpoint that another could use."""
    if not isinstance(vpc, Vpc) or is_default_vpc(vpc) or any(_made_elsewhere(graph, vpc)):
        return False
    return not any(
        one.endpoint_type.equals("Interface").may_be_true
        and any(edge.target in (None, vpc) for edge in graph.targets(one, "vpc"))
        for one in graph.all(VpcEndpoint)
    )


@remembered
def _told(graph: Graph) -> dict[str, Telling]:
    """The addresses of what others are told who may make something in it, with what tells them."""
    kind = graph.unit.kind
    is_called = kind != "plan" and next(iter(graph.all(Provider, Backend)), None) is None
    outputs = named_in(
        one
        for one in graph.all(Output)
        if (
            one.export_name is not None
            if kind == "stack"
            else is_called and one.address.startswith("output.")
        )
    )
    return {**told_by_parameters(graph), **outputs}


def _is_named_for(zone: str | None, service: str | None) -> bool | None:
    """Whether a zone is named for a service; ``None`` where one of the names is not known.

    It is ``api.ecr.eu-west-1.amazonaws.com`` for ``ecr.api``.
    """
    if zone is None or service is None:
        return None
    return zone.startswith(".".join(reversed(service.split("."))) + ".") and "amazonaws." in zone


def has_zone(graph: Graph, vpcs: Collection[Resource | None], service: str | None) -> Answer:
    """Whether one of some VPCs has a private hosted zone of a service's name.

    A zone of the name that is for other VPCs may be associated with these elsewhere.

    Args:
        graph: The graph.
        vpcs: The VPCs.
        service: The service's name after the Region; ``None`` where it is not known.
    """
    found: list[Answer] = []
    for zone in graph.all(HostedZone):
        associated = graph.targets(zone, "vpcs")
        if not associated or zone.name is None:
            continue
        answer = _is_named_for(name_with_gaps(zone.name), service)
        if answer is False:
            continue
        sure = any(one.certain and one.target in vpcs for one in associated)
        if sure and answer is True and zone.presence.certain:
            return YES
        reason = f"whether {zone.address} is of the service's name in the VPC is not known"
        found.append(Answer(None, (Unknown(reason, "external-id", zone.span),)))
    return any_of(found)
