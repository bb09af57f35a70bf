"""Ways out of a subnet that need no internet: VPC endpoints, where there is no other way out.

Source: VPC User Guide, "Gateway endpoints" (by route table) and AWS PrivateLink Guide, "Interface
VPC endpoints" (by address, in the VPC).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.network.addresses import AddressSet, Family, Openness, internet, openness
from iac_ec2lint.network.admission import admission
from iac_ec2lint.network.evidence import Hop
from iac_ec2lint.network.ports import ALL, TCP
from iac_ec2lint.network.route_tables import tables_of
from iac_ec2lint.network.routing import toward
from iac_ec2lint.network.subnets import certain_vpc, vpc_of
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.hosts import Eni, Workload
    from iac_ec2lint.resources.part import Resource

_NO_WAY_OUT: Final = frozenset({"local", "nothing", "VPC endpoint"})
"""Where routes lead that take nothing to the internet."""

_HTTPS: Final = 443


class EndpointWay(NamedTuple):
    """An endpoint that a workload's traffic may leave by.

    Attributes:
        endpoint: The endpoint.
        answer: Whether the workload reaches it.
        hop: What says so.
    """

    endpoint: VpcEndpoint
    answer: Answer
    hop: Hop


def confined(graph: Graph, workload: Workload) -> Answer:
    """Whether none of a workload's subnets has a route that takes traffic to the internet."""
    subnets = {eni.site.subnet: eni.site for eni in workload.enis}
    answers = []
    for subnet, site in subnets.items():
        if site.gap is not None:
            return Answer(None, (site.gap,))
        answers.append(_is_confined(graph, subnet))
    return all_of(answers) if answers else NO


def _is_confined(graph: Graph, subnet: Resource) -> Answer:
    answer = YES
    for family in Family:
        public = internet(family)
        for leg in toward(graph, subnet, family, public):
            if leg.target.kind in _NO_WAY_OUT or not _is_wide(leg.addresses.upper, public):
                continue
            causes = leg.hop.causes
            sure = leg.target.certain and _is_wide(leg.addresses.lower, public)
            answer = answer & (NO if sure else Answer(None, causes))
    return answer


def _is_wide(addresses: AddressSet, public: AddressSet) -> bool:
    return openness(addresses, public) in {Openness.WORLD, Openness.BROAD}


def endpoint_ways(graph: Graph, workload: Workload) -> Iterator[EndpointWay]:
    """The endpoints that a workload reaches, or may."""
    for endpoint in graph.all(VpcEndpoint):
        for eni in workload.enis:
            way = _way(graph, endpoint, eni.site.subnet)
            if way is not None:
                answer = way.answer & _lets_https_out(graph, eni)
                if answer.truth is not False:
                    yield way._replace(answer=answer)
                    break


def _lets_https_out(graph: Graph, eni: Eni) -> Answer:
    """Whether the groups of an interface let HTTPS out to whatever address.

    Without that the endpoint's prefix list may be what is let out to, which is undecided.
    """
    egress = admission(graph, eni.groups, "egress", eni.host.presence.when)
    if egress.unfiltered or egress.defaults:
        return YES
    public = internet(Family.IPV4)
    for _, source in egress.deciding(TCP, _HTTPS, public):
        if any(a.family is Family.IPV4 and _is_wide(a, public) for a in source.lower):
            return YES
    causes = egress.causes(Family.IPV4, TCP, _HTTPS)
    ruled = any(
        ports.contains(_HTTPS)
        for rule in egress.rules
        for protocol, ports in rule.read.upper.items()
        if protocol in (TCP, ALL)
    )
    if not ruled and not causes:
        return NO
    words = f"whether the groups of {eni.host.address} let HTTPS out to the endpoint is not known"
    return Answer(None, causes or (Unknown(words, "expression", eni.host.span),))


def _way(graph: Graph, endpoint: VpcEndpoint, subnet: Resource) -> EndpointWay | None:
    if endpoint.endpoint_type.equals("Gateway").truth is True:
        return _by_table(graph, endpoint, subnet)
    if endpoint.endpoint_type.equals("Interface").truth is not True:
        return None
    vpc = vpc_of(graph, subnet)
    if vpc is None or certain_vpc(graph, endpoint) is not vpc:
        return None
    words = f"{endpoint.address} stands in {vpc.address}, as {subnet.address} does"
    reason = f"whether the security groups of {endpoint.address} admit it is not judged"
    gap = Unknown(reason, "limit", endpoint.span)
    hop = Hop("VPC endpoint", endpoint, endpoint.span, words, verdict=None, causes=(gap,))
    return EndpointWay(endpoint, Answer(None, (gap,)), hop)


def _by_table(graph: Graph, endpoint: VpcEndpoint, subnet: Resource) -> EndpointWay | None:
    """A gateway endpoint is reached by the subnets of the route tables that it is given."""
    choices = {choice.table: choice for choice in tables_of(graph, subnet)}
    for edge in graph.targets(endpoint, "route_tables"):
        choice = choices.get(edge.target) if edge.target is not None else None
        if choice is None:
            continue
        sure = edge.certain and choice.certain
        causes = choice.why.causes
        answer = YES if sure else Answer(None, causes)
        words = f"{endpoint.address} has a route in the table of {subnet.address}"
        hop = Hop("VPC endpoint", endpoint, edge.value.span, words, verdict=answer.truth)
        return EndpointWay(endpoint, answer, hop)
    return None
