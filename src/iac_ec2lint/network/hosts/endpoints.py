"""VPC endpoints: the service behind one, what it takes, and the policies that apply to it.

Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies". Which
services read policies, and which take data, is in ``endpoint_services.json``, with its date.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.endpoint_service import EndpointService, EndpointServicePrincipal
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint, VpcEndpointPolicy
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, all_of, is_given

# An endpoint service of a customer's or a partner's has "vpce" in the place of the Region.
_AWS_SERVICE = re.compile(
    r"(?:com|cn\.com|aws)\.(?:amazonaws|sagemaker|api)\.(?!vpce\.)[^.]+\.(.+)"
)
_OF_A_PARTITION = re.compile(r"(?:cn\.)?com\.amazonaws")
_OWN_SERVICE = re.compile(r"(?!data\.)(?:.*\.(?<!data\.))?aws_vpc_endpoint_service\.[^.]+")
_UNKNOWN_REGION = "\N{REPLACEMENT CHARACTER}"
CUSTOMERS = "com.amazonaws.vpce."
"""How the names of services begin that are not AWS's own."""
_FILE = Path(__file__).with_name("endpoint_services.json")


class EndpointPolicy(NamedTuple):
    """A policy that is written for an endpoint.

    Attributes:
        resource: The resource that declares it: the endpoint, or one of its own.
        place: Where it is written.
        value: Its value.
    """

    resource: Resource
    place: Place
    value: Val


def admits_anybody(principal: Val) -> Answer:
    """Whether an allowed principal is ``*``: what is an ARN as far as it is known is not."""
    if isinstance(principal, Unknown) and principal.each is not None:
        return admits_anybody(principal.each)  # whichever of several
    if isinstance(principal, Unknown) and not principal.candidates:
        begins = principal.parts[0] if principal.parts else ""
        arns = [one for one in principal.references if one.attribute.lower().endswith("arn")]
        if arns or (isinstance(begins, str) and begins.startswith("arn:")):
            return NO
    return principal.equals("*")


def may_admit_anybody(graph: Graph, service: EndpointService) -> bool:
    """Whether anybody may make endpoints to a service, as far as is known.

    Where nobody is named, nobody but its own account can (AWS PrivateLink Guide, "Manage
    permissions").
    """
    named = [*service.allowed_principals]
    edges = (*graph.sources(service, "endpoint_service"), *graph.unresolved("endpoint_service"))
    for edge in edges:
        if isinstance(edge.source, EndpointServicePrincipal):
            named += edge.source.principals
    return any(admits_anybody(principal).may_be_true for principal in named)


def service_of(endpoint: VpcEndpoint) -> str | None:
    """The service's name after the Region (``s3``, ``ec2messages``), if it is known.

    ``None`` where it is unknown, or where the service is not AWS's.
    """
    match = _AWS_SERVICE.fullmatch(name_with_gaps(endpoint.service_name) or "")
    return match[1] if match else None


def leads_to_own_service(endpoint: VpcEndpoint) -> bool:
    """Whether an endpoint's service is an endpoint service that the unit itself declares."""
    name = endpoint.service_name
    return isinstance(name, Reference) and _OWN_SERVICE.fullmatch(name.target) is not None


def leads_past_aws(endpoint: VpcEndpoint) -> bool:
    """Whether an endpoint's service is surely none of AWS's: the unit's own, or somebody else's."""
    name = endpoint.service_name
    if name is None:
        return False
    first = name.parts[:1] if isinstance(name, Unknown) else (name.text,)
    named = any(isinstance(one, str) and one.startswith(CUSTOMERS) for one in first)
    return named or leads_to_own_service(endpoint)


def supports_policies(endpoint: VpcEndpoint) -> Answer:
    """Whether an endpoint's service reads endpoint policies.

    Gateway Load Balancer endpoints and those of one's own and of partners' services do not; a
    gateway endpoint leads to S3 or DynamoDB, which do.
    """
    if leads_to_own_service(endpoint):
        return NO
    kind = endpoint.endpoint_type.equals("Gateway", "Interface")
    name = name_with_gaps(endpoint.service_name)
    if name is None:
        if endpoint.endpoint_type.equals("Gateway").truth is True:
            return YES
        missing = endpoint.service_name
        causes = (missing,) if isinstance(missing, Unknown) else ()
        return kind & Answer(None, causes)
    service = service_of(endpoint)
    if service is not None:
        return kind & (NO if service in _listed("without_policies") else YES)
    given = endpoint.service_name
    if not isinstance(given, Unknown) or ".vpce." in name:
        return NO
    # What stands before it may be AWS's own.
    return kind if endpoint.endpoint_type.equals("Gateway").truth else kind & Answer(None, (given,))


def carries_data(endpoint: VpcEndpoint) -> Answer:
    """Whether a service takes data that its caller may leave in another account.

    Such a service stores what it is sent, or hands it on: objects, messages, log lines, parameters,
    the arguments of a function. Those that give out credentials, use keys or manage resources do
    not. Whether one does that is in neither list is not known.
    """
    if endpoint.endpoint_type.equals("Gateway").truth is True:
        return YES  # S3 or DynamoDB
    if leads_to_own_service(endpoint):
        return NO
    service = service_of(endpoint)
    name = endpoint.service_name
    if service is None:
        return Answer(None, (name,)) if isinstance(name, Unknown) else NO
    plain = service.replace("-fips", "")
    if plain in _listed("carries_data"):
        return YES
    if plain in _listed("carries_no_data"):
        return NO
    reason = f"whether {service} takes data that may be left in other accounts is not known"
    span = endpoint.span if name is None else name.span
    return Answer(None, (Unknown(reason, "limit", span),))


def policies(graph: Graph, endpoint: VpcEndpoint) -> tuple[EndpointPolicy, ...]:
    """The policies that are written for an endpoint, its own first."""
    found: list[EndpointPolicy] = []
    if endpoint.policy is not None:
        found.append(EndpointPolicy(endpoint, endpoint.place("policy"), endpoint.policy))
    for edge in graph.sources(endpoint, "vpc_endpoint"):
        source = edge.source
        if isinstance(source, VpcEndpointPolicy) and source.policy is not None:
            found.append(EndpointPolicy(source, source.place("policy"), source.policy))
    return tuple(found)


def is_policy_unset(graph: Graph, endpoint: VpcEndpoint) -> Answer:
    """Whether an endpoint keeps the default policy, which allows everybody everything."""
    said = [*policies(graph, endpoint)]
    unset = all_of(~is_given(one.value) for one in said) if said else ~endpoint.is_set("policy")
    elsewhere = _policies_of_unknown_endpoints(graph)
    return unset & Answer(None, elsewhere) if elsewhere else unset


def _policies_of_unknown_endpoints(graph: Graph) -> tuple[Unknown, ...]:
    """The references of policies whose endpoint is unknown: each may be any endpoint's."""
    return tuple(
        edge.value
        for edge in graph.unresolved("vpc_endpoint")
        if isinstance(edge.source, VpcEndpointPolicy) and isinstance(edge.value, Unknown)
    )


def name_with_gaps(value: Val | None) -> str | None:
    """The name of a service or zone, with a mark for what is not known between its known parts.

    What a partition has before the names of its services is taken to be that of the commercial one.
    """
    if value is None or value.text is not None:
        return value.text if value is not None else None
    parts = value.parts if isinstance(value, Unknown) else ()
    known = [part if isinstance(part, str) else _piece(part) for part in parts]
    return "".join(known) if known and known[-1] != _UNKNOWN_REGION else None


def _piece(part: Val) -> str:
    if isinstance(part, Reference) and part.attribute == "reverse_dns_prefix":
        return "com.amazonaws"  # of data.aws_partition
    texts = [one.text or "" for one in part.candidates] if isinstance(part, Unknown) else []
    if texts and all(map(_OF_A_PARTITION.fullmatch, texts)):
        return "com.amazonaws"  # a template's own map of partitions
    return _UNKNOWN_REGION


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(json.loads(_FILE.read_text("utf-8"))[name])
