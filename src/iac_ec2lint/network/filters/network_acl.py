"""Network ACLs: which one a subnet has, and the traffic that it allows in and out.

Source: VPC User Guide, "Network ACLs"; semantics.md, B5 (conditions N6 and N8 of C1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External, Implicit, implicit
from iac_ec2lint.network.filters.network_acl_entries import (
    AclEntry,
    AclRules,
    acl_entries,
    allowed_traffic,
)
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    NO_PORTS,
    TCP,
    UDP,
    PortSet,
    answers_to,
    describe_ports,
)
from iac_ec2lint.network.sets.traffic import Direction, Match, TrafficSet
from iac_ec2lint.network.verdicts.conditional_presence import (
    UNCONDITIONAL,
    Condition,
    condition,
    conditions,
    doubts,
)
from iac_ec2lint.network.verdicts.evidence import Clients, Hop
from iac_ec2lint.network.vpc.subnets import (
    as_created,
    certain_vpc,
    is_default_vpc,
    same_vpc,
    vpc_of,
)
from iac_ec2lint.resources.data_source import VpcDataSource
from iac_ec2lint.resources.network_acl import NetworkAcl, NetworkAclAssociation
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span

__all__ = ["AclChoice", "AclFilter", "Replies", "acl_filter", "acls_of", "replies"]

_KIND: Final = "network ACL"
_DEFAULT: Final = "default network ACL"


class AclChoice(NamedTuple):
    """A network ACL that a subnet may have.

    Attributes:
        acl: A ``NetworkAcl``, the VPC's implicit default one, or one declared elsewhere; ``None``
            where it is unknown.
        certain: Whether it is the only candidate.
        why: The evidence that it is this one.
    """

    acl: Resource | None
    certain: bool
    why: Hop


class _Choice(NamedTuple):
    """A candidate network ACL, with its rules of one direction."""

    choice: AclChoice
    rules: AclRules


@dataclass(frozen=True, slots=True)
class AclFilter:
    """The traffic that the network ACL of a subnet allows in one direction.

    Attributes:
        direction: ``ingress`` or ``egress``.
        family: The address family.
        traffic: The allowed traffic: protocol, port of the receiver, remote address.
        choices: The candidate network ACLs.
    """

    direction: Direction
    family: Family
    traffic: Approximation[TrafficSet]
    choices: tuple[_Choice, ...]

    def clients(self, protocol: int, port: int, of: AddressSet) -> Clients:
        """The remote addresses among ``of`` that are allowed on a port, and the deciding rules.

        Args:
            protocol: A protocol number.
            port: The receiver's port; for ICMP type * 256 + code.
            of: The addresses of interest, of the filter's family.
        """
        return self.some_port(protocol, PortSet(((port, port),)), of)

    def some_port(self, protocol: int, ports: PortSet, of: AddressSet) -> Clients:
        """As ``clients``, for at least one of ``ports``, not the same for all."""
        wanted = Match(protocol, ports, of)
        found = Approximation.one_of(*(one.rules.decide(wanted).addresses for one in self.choices))
        if len(self.choices) == 1 and not self.choices[0].choice.certain:
            found = Approximation.at_most(found.upper)
        hops = [self._hop(one, wanted) for one in self.choices]
        if found.is_exact:
            # Whichever it is, the answer is the same.
            verdict = bool(found.upper)
            hops = [hop._replace(verdict=verdict, causes=()) for hop in hops]
        return Clients(found, tuple(hops))

    def _hop(self, one: _Choice, wanted: Match) -> Hop:
        """The hop of one network ACL for some ports and addresses."""
        acl, why = one.choice.acl, one.choice.why
        if acl is None or isinstance(acl, External):
            return why
        decided = one.rules.decide(wanted)
        what = describe_ports(
            wanted.protocol, wanted.ports if wanted.protocol != ALL else ALL_PORTS
        )
        side = "in" if self.direction == "ingress" else "out"
        doing = "denies" if decided.passes is False else "allows"
        if not decided.entries:
            words = f"{acl.address} denies {what} {side}: no rule allows it"
            hop = Hop(_KIND, acl, _span(acl), words, "default", verdict=False)
        else:
            first = decided.entries[0]
            words = f"{acl.address} {doing} {what} {side} by {_listed(decided.entries)}"
            hop = Hop(
                _KIND,
                first.resource,
                first.span,
                words,
                "unknown" if decided.passes is None else first.origin,
                decided.passes,
                decided.causes,
                first.assumptions,
                first.attribute,
            )
        return hop._replace(
            fact=f"{hop.fact}; {why.fact}",
            verdict=hop.verdict if why.verdict is True or hop.verdict is False else None,
            causes=tuple(dict.fromkeys((*hop.causes, *why.causes))),
            assumptions=tuple(dict.fromkeys((*why.assumptions, *hop.assumptions))),
        )


class Replies(NamedTuple):
    """The clients that can be answered (N8).

    Attributes:
        clients: The addresses to which some port is let out, and the deciding rules.
        ports: The client ports that answers certainly get out to, for some of them.
        possible_ports: The client ports that answers may get out to.
    """

    clients: Clients
    ports: PortSet
    possible_ports: PortSet


@remembered
def acls_of(graph: Graph, subnet: Resource) -> tuple[AclChoice, ...]:
    """The network ACLs that a subnet may have: one if certain, never empty."""
    return _acls_of(graph, subnet)


@remembered
def acl_filter(graph: Graph, subnet: Resource, family: Family, direction: Direction) -> AclFilter:
    """The traffic that the network ACL of a subnet allows. Within one subnet none applies."""
    return _filter(graph, subnet, family, direction)


def replies(
    graph: Graph,
    subnet: Resource,
    family: Family,
    port: tuple[int, int],
    of: AddressSet,
    answers: PortSet | None = None,
) -> Replies:
    """The clients among ``of`` to whom an answer to a port is allowed out (N8).

    Args:
        graph: The graph.
        subnet: The subnet.
        family: The address family.
        port: The protocol and the port that is answered; for ICMP type * 256 + code.
        of: The addresses of interest.
        answers: The ports that these clients pick from; ``None``: any that the protocol has.
    """
    wanted = answers_to(*port) if answers is None else answers
    return _replies(graph, subnet, family, port[0], wanted, of)


@remembered
def _replies(
    graph: Graph,
    subnet: Resource,
    family: Family,
    protocol: int,
    wanted: PortSet,
    of: AddressSet,
) -> Replies:
    if not wanted:
        return Replies(Clients(Approximation.exactly(of)), NO_PORTS, NO_PORTS)
    out = acl_filter(graph, subnet, family, "egress")
    clients = out.some_port(protocol, wanted, of)

    def to_some(traffic: TrafficSet) -> PortSet:
        return traffic.ports_open(protocol, of.overlaps) & wanted

    ports = to_some(out.traffic.lower)
    possible = ports if out.traffic.is_exact else to_some(out.traffic.upper)
    if protocol in (TCP, UDP) and possible and wanted != possible:
        words = f"returns to client {_ports_words(possible)} only"
        hops = tuple(
            hop._replace(fact=f"{hop.fact}; {words}") if hop.verdict is not False else hop
            for hop in clients.hops
        )
        clients = Clients(clients.addresses, hops)
    return Replies(clients, ports, possible or NO_PORTS)


def _ports_words(ports: PortSet) -> str:
    one = len(ports.ranges) == 1 and ports.ranges[0][0] == ports.ranges[0][1]
    return f"{'port' if one else 'ports'} {ports.describe()}"


def _span(acl: Resource) -> Span:
    return acl.owner.span if isinstance(acl, Implicit) else acl.span


def _listed(entries: tuple[AclEntry, ...]) -> str:
    names = list(dict.fromkeys(entry.words for entry in entries))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def _filter(graph: Graph, subnet: Resource, family: Family, direction: Direction) -> AclFilter:
    given = UNCONDITIONAL if isinstance(subnet, Implicit) else condition(subnet.presence)
    choices = acls_of(graph, subnet)
    rules = tuple(
        _Choice(choice, _rules(graph, choice.acl, family, direction, given)) for choice in choices
    )
    joint = Approximation.one_of(*(one.rules.traffic for one in rules))
    if len(choices) == 1 and not choices[0].certain:
        joint = Approximation.at_most(joint.upper)
    return AclFilter(direction, family, joint, rules)


@remembered
def _rules(
    graph: Graph, acl: Resource | None, family: Family, direction: Direction, given: Condition
) -> AclRules:
    if acl is None or isinstance(acl, External):
        everything = TrafficSet.everything(AddressSet.everything(family))
        return AclRules(family, (), Approximation.at_most(everything))
    entries = acl_entries(graph, acl, family, direction, given)
    return AclRules(family, entries, allowed_traffic(entries, family))


def _acls_of(graph: Graph, subnet: Resource) -> tuple[AclChoice, ...]:
    certain: list[AclChoice] = []
    possible: list[AclChoice] = []
    for choice in _associated(graph, subnet):
        (certain if choice.certain else possible).append(choice)
    if certain:
        # A subnet has one network ACL: where one is known, no other can be its own.
        return _settled(certain)
    vpc = vpc_of(graph, subnet)
    possible.extend(_loose(graph, subnet, vpc))
    return _settled([*possible, _default(graph, subnet, vpc)])


def _settled(choices: list[AclChoice]) -> tuple[AclChoice, ...]:
    if len({choice.acl for choice in choices}) == 1:
        return (next((choice for choice in choices if choice.certain), choices[0]),)
    return tuple(choice._replace(certain=False) for choice in choices)


def _associated(graph: Graph, subnet: Resource) -> Iterator[AclChoice]:
    """The network ACLs that name a subnet, or that an association names with it."""
    for edge in graph.sources(subnet, "subnets"):
        if isinstance(edge.source, NetworkAcl) and not edge.source.is_default:
            causes = doubts(edge, edge.source, given=condition(subnet.presence))
            yield _choice(edge.source, edge.source, edge, subnet, causes)
    for edge in graph.sources(subnet, "subnet"):
        if isinstance(edge.source, NetworkAclAssociation):
            for named in graph.targets(edge.source, "network_acl"):
                causes = (
                    *doubts(edge, edge.source, given=condition(subnet.presence)),
                    *doubts(named, given=condition(subnet.presence)),
                )
                if isinstance(named.target, External):
                    words = f"the rules of {named.target.address} are not in the source"
                    causes = (*causes, Unknown(words, "external-id", named.value.span))
                yield _choice(named.target, edge.source, named, subnet, causes)


def _choice(
    acl: Resource | None,
    source: Resource,
    edge: Edge,
    subnet: Resource,
    causes: tuple[Unknown, ...],
) -> AclChoice:
    name = acl.address if acl is not None else "a network ACL that is unknown"
    words = f"{name} is the network ACL of {subnet.address}"
    external = isinstance(acl, External)
    if causes and not external:
        words = f"{words} on a condition ({conditions(causes)})"
    hop = Hop(
        _KIND,
        source,
        edge.value.span,
        words,
        "unknown" if causes else "explicit",
        None if causes else True,
        causes,
        tuple(step for step in edge.value.via if step.assumed),
    )
    return AclChoice(acl, not causes or (external and len(causes) == 1), hop)


def _loose(graph: Graph, subnet: Resource, vpc: Resource | None) -> Iterator[AclChoice]:
    """Network ACLs whose subnet is unknown: each may be this subnet's."""
    for edge in graph.unresolved("subnets"):
        if isinstance(edge.source, NetworkAcl) and not edge.source.is_default:
            yield from _may_be(graph, edge, edge.source, subnet, vpc)
    for edge in graph.unresolved("subnet"):
        if isinstance(edge.source, NetworkAclAssociation):
            for named in graph.targets(edge.source, "network_acl"):
                yield from _may_be(graph, edge, named.target, subnet, vpc)


def _may_be(
    graph: Graph, edge: Edge, acl: Resource | None, subnet: Resource, vpc: Resource | None
) -> Iterator[AclChoice]:
    if acl is not None and vpc is not None and not isinstance(acl, External):
        other = certain_vpc(graph, acl)
        if other is not None and other is not vpc:
            return
    name = acl.address if acl is not None else "a network ACL that is unknown"
    words = f"{name} may be the network ACL of {subnet.address}"
    reason = edge.value.reason if isinstance(edge.value, Unknown) else "its subnet is unknown"
    cause = Unknown(f"{words}: {reason}", "may-attach", edge.value.span, edge.value.via)
    hop = Hop(_KIND, edge.source, edge.value.span, words, "unknown", None, (cause,))
    yield AclChoice(acl, certain=False, why=hop)


def _default(graph: Graph, subnet: Resource, vpc: Resource | None) -> AclChoice:
    """The default network ACL of a subnet's VPC, which it has where no other is named."""
    if vpc is None or not (isinstance(subnet, Subnet) or is_default_vpc(vpc)):
        return _unknown(subnet, f"the network ACL of {subnet.address} is not in the source")
    nodes = [node for node in same_vpc(graph, vpc) if isinstance(node, Vpc | VpcDataSource)]
    acls = [graph.implicit(node, _DEFAULT) for node in nodes]
    acl = next((one for one in acls if isinstance(one, NetworkAcl)), acls[0] if acls else None)
    words = f"{subnet.address} has no network ACL of its own, so the default one of "
    words = f"{words}{vpc.address} applies"
    if isinstance(acl, NetworkAcl):
        why = Hop(_KIND, acl, acl.span, f"{words}, and that is {acl.address}")
        return AclChoice(acl, certain=True, why=why)
    if is_default_vpc(vpc):
        step = as_created(subnet.span)
        why = Hop(_KIND, subnet, subnet.span, words, "assumed", True, (), (step,))
        return AclChoice(acl or _made_with(graph, vpc), certain=True, why=why)
    if acl is None or not isinstance(vpc, Vpc):
        return _unknown(subnet, f"the default network ACL of {vpc.address} is not in the source")
    return AclChoice(acl, certain=True, why=Hop(_KIND, subnet, subnet.span, words, "default"))


@remembered
def _made_with(_graph: Graph, vpc: Resource) -> Resource:
    """The default network ACL of the default VPC, where neither is declared."""
    return implicit(f"the {_DEFAULT} of {vpc.address}", vpc, _DEFAULT, "NetworkAcl")


def _unknown(subnet: Resource, words: str) -> AclChoice:
    cause = Unknown(words, "external-id", subnet.span)
    hop = Hop(_KIND, subnet, subnet.span, words, "unknown", None, (cause,))
    return AclChoice(None, certain=False, why=hop)


def filter_edges(graph: Graph, subnet: Resource) -> Iterator[tuple[int, int]]:
    """The protocols and ports at which what a subnet's network ACL lets through may change."""
    for family in Family:
        directions: tuple[Direction, ...] = ("ingress", "egress")
        for direction in directions:
            traffic = acl_filter(graph, subnet, family, direction).traffic
            for side in (traffic.lower, traffic.upper):
                for protocol in side.protocols:
                    for band in side.bands(protocol):
                        yield protocol, band.lo
                        yield protocol, band.hi + 1
