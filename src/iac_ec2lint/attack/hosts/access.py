"""Who reaches a port of a host: joins the network and what principals may do.

A principal reaches what the internet reaches, what an Instance Connect Endpoint leads to that it
may use, what its own hosts reach inside, and what it may open itself (semantics.md, D6 and B12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from iac_ec2lint.attack.credentials import InstanceRole, instance_roles
from iac_ec2lint.attack.entry.entries import GROUP
from iac_ec2lint.attack.entry.facts import hop_evidence
from iac_ec2lint.attack.hosts.ssm_management import agent_has_a_way
from iac_ec2lint.attack.inside.tiers import tiers_of
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure
from iac_ec2lint.iam.arns import arn_in, identity_of, own_id, somewhere
from iac_ec2lint.iam.escalation.instances.control import is_managed, on_instance, session_on
from iac_ec2lint.iam.escalation.instances.documents import STARTS_SESSIONS, opens_tunnels
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    allowed_somewhere,
    allowed_to,
    choices,
    most_allowed,
)
from iac_ec2lint.iam.grants import may_somewhere
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.network.entry.group_hops import GroupHolder
from iac_ec2lint.network.entry.internet_paths import INTERNET
from iac_ec2lint.network.entry.public_interfaces import direct_ways
from iac_ec2lint.network.filters.admission import admission
from iac_ec2lint.network.hosts.workloads import (
    Workload,
    carried_groups,
    placements_of,
    workloads_by_host,
)
from iac_ec2lint.network.inside.interfaces import PlacedAddresses
from iac_ec2lint.network.inside.lateral import FlowEnd, LateralWay, workload_ends
from iac_ec2lint.network.reachability.exposed_ports import ExposedPorts, explained, exposed_ports
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.ports import TCP, PortSet
from iac_ec2lint.network.verdicts.ways import Way
from iac_ec2lint.network.vpc.subnets import subnet_addresses
from iac_ec2lint.resources.instance_connect_endpoint import InstanceConnectEndpoint
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown

_TUNNEL = "ec2-instance-connect:OpenTunnel"
_OPENS = "ec2:AuthorizeSecurityGroupIngress"
_MOVES = "ec2:ModifyInstanceAttribute"
_ADDRESSES = "ec2:AssociateAddress"
_ADDRESS = "address"
_OWN_HOSTS = 8
"""How many hosts of one role, of different groups or subnets, are asked whether they reach another
inside."""


class HostControl(NamedTuple):
    """Whether somebody gets at something, and by what.

    Attributes:
        answer: Whether.
        hops: What says so.
        asked: What the principal must be allowed for it.
    """

    answer: Answer
    hops: tuple[Evidence, ...] = ()
    asked: tuple[ActionRequest, ...] = ()


CLOSED = HostControl(NO)


@remembered
def reaches(graph: Graph, principal: Principal, host: Resource, port: int) -> HostControl:
    """Whether a principal reaches a TCP port of a host, by whatever way."""
    workload = workloads_by_host(graph).get(host)
    return best_of(_ways(graph, principal, workload, port) if workload is not None else ())


def best_of(ways: Iterable[HostControl]) -> HostControl:
    """The first way that is surely open, else the first that may be."""
    return first_sure(ways, lambda way: way.answer) or CLOSED


def reaches_port(graph: Graph, principal: Principal, held: InstanceRole, port: int) -> HostControl:
    """Whether a principal reaches a TCP port of a host that has a role: by a session, too.

    Source: Systems Manager User Guide, "Starting a session (port forwarding)" and "Allow and
    control permissions for SSH connections through Session Manager": the agent there connects.
    """
    host = held.host
    by_network = reaches(graph, principal, host, port)
    if by_network.answer.truth or not may_somewhere(principal, STARTS_SESSIONS):
        return by_network
    asked = session_on(principal, host)
    answer = opens_tunnels(principal, host.span) & allowed_to(principal, (asked,))
    if answer.truth is False:
        return by_network
    managed = is_managed(held.role) & agent_has_a_way(graph, host)
    return best_of((by_network, HostControl(answer & managed, (), (asked,))))


def _ways(
    graph: Graph, principal: Principal, workload: Workload, port: int
) -> Iterator[HostControl]:
    yield from from_internet(graph, workload.resource, PortSet(((port, port),)))
    yield from _by_tunnel(graph, principal, workload, port)
    yield from _from_own_hosts(graph, principal, workload, port)
    yield openable(graph, principal, workload.resource, port)


def entrances_to(graph: Graph, host: Resource) -> tuple[ExposedPorts, ...]:
    """The ways in from the internet to one host."""
    return _entrances(graph).get(host, ())


@remembered
def _entrances(graph: Graph) -> dict[Resource, tuple[ExposedPorts, ...]]:
    """The ways in from the internet, by host."""
    made: dict[Resource, tuple[ExposedPorts, ...]] = {}
    for entrance in exposed_ports(graph):
        resource = entrance.workload.resource
        made[resource] = (*made.get(resource, ()), entrance)
    return made


def from_internet(
    graph: Graph, host: Resource, ports: PortSet, *, balanced: bool = False
) -> Iterator[HostControl]:
    """The ways by which the internet reaches one of some TCP ports of a host.

    Args:
        graph: The graph.
        host: The host.
        ports: The ports.
        balanced: Whether whatever comes through a load balancer counts.
    """
    for entrance in entrances_to(graph, host):
        for truth in (True, None):
            found = entrance.ports(TCP, truth)
            if entrance.balancer is None or not balanced:
                found &= ports
            reach = explained(graph, entrance, (TCP, found.ranges[0][0])) if found else None
            if reach is not None and reach.truth is not False:
                hops = [hop for hop in (*reach.evidence, *reach.unsettled) if hop.kind == GROUP]
                causes = () if truth else reach.missing
                yield HostControl(Answer(truth, causes), hop_evidence(hops))


def _by_tunnel(
    graph: Graph, principal: Principal, workload: Workload, port: int
) -> Iterator[HostControl]:
    """Through the Instance Connect Endpoints of the unit."""
    if not may_somewhere(principal, _TUNNEL):
        return
    for endpoint in graph.all(InstanceConnectEndpoint):
        led = _leads(graph, endpoint, workload, port)
        if led.answer.truth is False:
            continue
        arn = arn_in(endpoint.span, "ec2", "instance-connect-endpoint/", own_id(endpoint))
        identity = identity_of(endpoint)
        known = {"ec2-instance-connect:remotePort": (str(port),), **_address(graph, workload)}
        asked, answer = most_allowed(
            principal,
            (
                (ActionRequest(_TUNNEL, arn, identity, known | dict(chosen)),)
                for chosen in choices(principal, _TUNNEL)
            ),
        )
        yield HostControl(led.answer & answer, led.hops, asked)


def _address(graph: Graph, workload: Workload) -> dict[str, tuple[str, ...]]:
    """The address that a tunnel leads to, as far as it is known: the block that it is in."""
    blocks = [
        block
        for end in workload_ends(graph, workload)
        for block in end.placed(Family.IPV4).addresses.cidrs(2)
    ]
    return {"ec2-instance-connect:privateIpAddress": tuple(blocks)} if len(blocks) == 1 else {}


@remembered
def _leads(
    graph: Graph, endpoint: InstanceConnectEndpoint, workload: Workload, port: int
) -> HostControl:
    """Whether an endpoint leads to a port of a host, whoever uses it.

    A rule that names the endpoint's group admits what comes through it. One that names addresses
    does where the endpoint does not keep the client's (EC2 User Guide, "Security groups for EC2
    Instance Connect Endpoint").
    """
    given = endpoint.presence.answer
    fact = f"{endpoint.address} leads to tcp {port} of {workload.resource.address}"
    hop = Evidence(endpoint.span, fact, endpoint.address)
    found: list[HostControl] = []
    for stand in _stands_of_endpoint(graph, endpoint):
        peer = stand.peer(Family.IPV4)
        for target in workload_ends(graph, workload):
            way = LateralWay(graph, stand, target, (TCP, port))
            if way.truth is False:
                continue
            answer = given & _answer(way)
            if not target.ingress.ports_from_groups(peer, TCP).lower.contains(port):
                answer = answer & ~_keeps_addresses(endpoint)
            found.append(HostControl(answer, (hop, *_group_hops(way))))
    return best_of(found)


def _keeps_addresses(endpoint: InstanceConnectEndpoint) -> Answer:
    """Whether hosts see the client's address; the tools have not agreed on a default."""
    kept = endpoint.preserve_client_ip
    if kept is not None:
        return kept.is_true()
    words = f"whether {endpoint.address} keeps the client's address is not written"
    return Answer(None, (Unknown(words, "computed", endpoint.span),))


def _stands_of_endpoint(graph: Graph, endpoint: InstanceConnectEndpoint) -> tuple[FlowEnd, ...]:
    """The interface of an endpoint, as the beginning of ways inside."""
    found: list[FlowEnd] = []
    for placed in placements_of(graph, endpoint, graph.targets(endpoint, "subnet")):
        groups = carried_groups(graph, graph.targets(endpoint, "security_groups"), placed)
        holder = GroupHolder(endpoint.address, endpoint, groups)
        ipv4 = PlacedAddresses(subnet_addresses(graph, placed.subnet, Family.IPV4).upper)
        inward, outward = admission(graph, groups, "ingress"), admission(graph, groups, "egress")
        found.append(FlowEnd(holder, placed, ipv4, None, inward, outward, ()))
    return tuple(found)


def _from_own_hosts(
    graph: Graph, principal: Principal, workload: Workload, port: int
) -> Iterator[HostControl]:
    """From the hosts that have the principal's role."""
    tiers = tiers_of(graph)
    for same in islice(_own_hosts(graph, principal.resource), _OWN_HOSTS):
        each = same[-1] if same[0].resource is workload.resource else same[0]
        if each.resource is workload.resource:
            continue
        for way in tiers.ways_between(graph, each, workload, port):
            if way.truth is False:
                continue
            fact = f"{each.resource.address} reaches tcp {port} of {workload.resource.address}"
            hop = Evidence(each.resource.span, fact, each.resource.address)
            yield HostControl(_answer(way), (hop, *_group_hops(way)))


@remembered
def _own_hosts(graph: Graph, role: Resource) -> tuple[tuple[Workload, ...], ...]:
    """The hosts that have a role, by placement: the last two of each speak for all."""
    known, alike = workloads_by_host(graph), dict[object, tuple[Workload, ...]]()
    for held in instance_roles(graph).get(role, ()):
        own = known.get(held.host)
        if own is not None:
            mark = placement(own)
            alike[mark] = (own, *alike.get(mark, ())[:1])
    return tuple(alike.values())


def placement(workload: Workload) -> object:
    """What hosts have in common that stand in the same subnets with the same groups."""
    return tuple(
        (
            eni.placement.subnet.address if eni.placement.value is not None else "",
            tuple(sorted(c.group.address if c.group is not None else "" for c in eni.groups)),
        )
        for eni in workload.enis
    )


def placements(graph: Graph, hosts: Iterable[Resource]) -> dict[Resource, object]:
    """The placements of some hosts."""
    known = workloads_by_host(graph)
    return {host: placement(known[host]) for host in hosts if host in known}


def openable(graph: Graph, principal: Principal, host: Resource, port: int) -> HostControl:
    """Whether a principal may open a TCP port of a host to the internet (D6, ``expose``).

    That is where nothing is in the way but its groups, or a public address that it lacks, and the
    principal may change that.
    """
    if not any(may_somewhere(principal, action) for action in (_OPENS, _ADDRESSES)):
        return CLOSED
    found: list[HostControl] = []
    for kinds, missing in _obstacles(graph, host, port):
        answer = YES if not missing else Answer(None, missing)
        asked: tuple[ActionRequest, ...] = ()
        if GROUP in kinds:
            opened = best_of(_opened(graph, principal, host))
            answer, asked = answer & opened.answer, opened.asked
        if _ADDRESS in kinds:
            given, allowed = on_instance(principal, _ADDRESSES, host)
            answer, asked = answer & allowed, (*asked, given)
        words = " and ".join(
            word
            for kind, word in ((GROUP, "its groups"), (_ADDRESS, "a public address it lacks"))
            if kind in kinds
        )
        fact = f"nothing but {words} keeps the internet from tcp {port} of {host.address}"
        found.append(HostControl(answer, (Evidence(host.span, fact, host.address),), asked))
    return best_of(found)


def _opened(graph: Graph, principal: Principal, host: Resource) -> Iterator[HostControl]:
    """The ways in which a principal opens the groups of a host, or gives it one that is open."""
    workload = workloads_by_host(graph)[host]
    for group in dict.fromkeys(c.group for eni in workload.enis for c in eni.groups if c.group):
        yield _opens(principal, group)
    moved, may_move = on_instance(principal, _MOVES, host)
    other = ActionRequest(_OPENS, somewhere(_OPENS, principal))
    yield HostControl(may_move & allowed_somewhere(principal, (_OPENS,)), (), (moved, other))


@remembered
def _opens(principal: Principal, group: Resource) -> HostControl:
    """Whether a principal may open a group."""
    attribute = "GroupId" if group.declared.of_cloudformation else "id"
    name = Reference(group.address, attribute, group.span)
    arn = arn_in(group.span, "ec2", "security-group/", name)
    asked = ActionRequest(_OPENS, arn, identity_of(group))
    return HostControl(allowed_to(principal, (asked,)), (), (asked,))


_Obstacles = tuple[tuple[frozenset[str], tuple[Unknown, ...]], ...]


@remembered
def _obstacles(graph: Graph, host: Resource, port: int) -> _Obstacles:
    """What is in the way of the internet, way by way, where groups and address are all that is."""
    workload = workloads_by_host(graph).get(host)
    made = dict.fromkeys(_closing(graph, workload, port)) if workload is not None else ()
    return tuple(made)


def _closing(
    graph: Graph, workload: Workload, port: int
) -> Iterator[tuple[frozenset[str], tuple[Unknown, ...]]]:
    for way in direct_ways(graph, workload, (TCP, port), INTERNET):
        if way.is_family_unused or way.truth is not False:
            continue
        how = way.explain()
        kinds = frozenset(hop.kind for hop in how.blockers)
        allowed = {GROUP, _ADDRESS} if way.family is Family.IPV4 else {GROUP}
        if kinds and kinds <= allowed:
            yield kinds, how.missing


def _answer(way: Way) -> Answer:
    how = way.explain()
    return Answer(way.truth, how.missing if way.truth is None else (), how.assumptions)


def _group_hops(way: Way) -> tuple[Evidence, ...]:
    return hop_evidence(hop for hop in way.explain().hops if hop.kind == GROUP)
