"""Ways to the targets of load balancers that go around these.

A load balancer guards nothing that clients can reach without it: its firewall, its certificates and
its logs are for those who come through it, on the ports that it serves. A listener that passes TCP
or UDP on as it is has none: where the internet reaches a port through it, reaching that directly
goes around nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from iac_ec2lint.attack.entry.entries import AttackEntry, PortChoice, any_port, entry_of
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.forwarding import ForwardedInterface, forwarded_interfaces
from iac_ec2lint.network.entry.group_hops import assumed_by, port_words, rule_words
from iac_ec2lint.network.entry.internet_paths import internet_path_of
from iac_ec2lint.network.entry.public_interfaces import admission_of
from iac_ec2lint.network.filters.attached_rules import GroupRule
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.hosts.balancers import possible_ports, preserves_client
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.load_balancers.to_workloads import target_port
from iac_ec2lint.network.reachability.exposed_ports import exposed_ports_of
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, internet, openness
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import ALL, ALL_PORTS, NO_PORTS, TCP, UDP, PortSet
from iac_ec2lint.network.verdicts.evidence import causes_of
from iac_ec2lint.network.vpc.subnets import vpc_addresses, vpc_of
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import YES, Answer, Step, Unknown

_IPV4 = Family.IPV4
_LARGEST_VPC = 1 << 16
"""How many addresses a block of a VPC has at most (VPC User Guide, "VPC CIDR blocks")."""
_Passed: TypeAlias = "tuple[tuple[int, PortSet], ...]"
"""Ports that a load balancer passes on as they are, by protocol."""


class DirectEntry(NamedTuple):
    """A way from the internet to a target that does not lead through its load balancers.

    Attributes:
        entry: The way in.
        balancers: The load balancers that it goes around.
        hops: What says that these forward to the target, and the defaults that this rests on.
        answer: Whether they surely do, with these defaults.
    """

    entry: AttackEntry
    balancers: tuple[Resource, ...]
    hops: tuple[Evidence, ...]
    answer: Answer


class OpenTargetRule(NamedTuple):
    """A rule that opens the port of a target to all of the VPC, or to the internet.

    Attributes:
        target: The target.
        balancer: The load balancer that forwards to it.
        port: The port, in words; ``None`` where it is unknown.
        identity: What tells the rule's opening from others.
        audience: To whom it is open, in words.
        answer: Whether it surely is, with the defaults that this rests on.
        private: Whether the internet has no way to the target's subnet.
        declaring: What declares the rule.
        place: What is too wide.
        forwards: What says that the load balancer forwards to the target.
        admits: What the rule lets in, in words.
    """

    target: Resource
    balancer: Resource
    port: str | None
    identity: str
    audience: str
    answer: Answer
    private: bool
    declaring: Resource
    place: Place
    forwards: Evidence
    admits: str


def balancer_bypasses(graph: Graph) -> Iterator[DirectEntry | OpenTargetRule]:
    """The ways around load balancers to their targets.

    Of a target that the internet surely reaches directly, the rules inside are left out.
    """
    for workload in workloads(graph):
        every = forwarded_interfaces(graph, workload)
        aims = [aim for aim in every if not aim.target.is_guess]
        if not aims:
            continue
        direct = list(_direct(graph, workload, aims))
        yield from direct
        if all(one.entry.undecided for one in direct):
            yield from _inside(graph, workload, aims)


def _direct(
    graph: Graph, workload: Workload, aims: Sequence[ForwardedInterface]
) -> Iterator[DirectEntry]:
    for fronts, passed in _fronts(graph, workload, aims):
        own = [aim for aim in aims if aim.balancer.resource in fronts]
        sure = [aim for aim in own if aim.target.hop.verdict is True]
        kept = sure or own
        around = tuple(dict.fromkeys(aim.balancer.resource for aim in kept))
        # The defaults by which each is a target, on whatever port.
        rests = (s for aim in kept for s in aim.target.hop.assumptions if s not in aim.port.via)
        steps = tuple(dict.fromkeys(rests))
        hops = tuple(dict.fromkeys(map(_forwards, kept)))
        causes = () if sure else causes_of(aim.target.hop for aim in kept)
        answer = Answer(True, (), steps) if sure else Answer(None, causes)
        for aim in kept:
            # What may be passed on as it is may be no way around.
            answer = answer & _may_be_passed_on(aim)
        for entrance in exposed_ports_of(graph, workload):
            if entrance.balancer is None:
                for served in (_served(kept), _perhaps_served(kept)):
                    entry = entry_of(graph, entrance, _besides(passed, served.ports))
                    if entry is not None:
                        yield DirectEntry(entry, around, hops, answer & served.answer)
                        break


def _fronts(
    graph: Graph, workload: Workload, aims: Sequence[ForwardedInterface]
) -> Iterator[tuple[tuple[Resource, ...], _Passed]]:
    """The load balancers in front of a workload, by the ports that they pass on as they are."""
    passed = _passed_on(graph, workload)
    alike: dict[_Passed, dict[Resource, None]] = {}
    for aim in aims:
        resource = aim.balancer.resource
        alike.setdefault(passed.get(resource, ()), {})[resource] = None
    yield from ((tuple(fronts), own) for own, fronts in alike.items())


def _may_be_passed_on(aim: ForwardedInterface) -> Answer:
    """Undecided where a load balancer may pass connections on, and nobody knows to which port."""
    passes = aim.listener.passes
    if passes.truth is None:
        return passes
    unknown = (port for port in (aim.port, aim.listener.port) if isinstance(port, Unknown))
    gaps = tuple(unknown) if passes.truth else ()
    return Answer(None, gaps) if gaps else YES


@remembered
def _passed_on(graph: Graph, workload: Workload) -> dict[Resource, _Passed]:
    """The ports of a workload that the internet reaches through what passes them on as they are."""
    made: dict[Resource, _Passed] = {}
    for entrance in exposed_ports_of(graph, workload):
        balancer = entrance.balancer
        if balancer is None:
            continue
        for protocol in (TCP, UDP):
            heard = [
                each.passes.truth
                for each in balancer.listeners
                if each.numbers == (entrance.listener,) and protocol in each.protocols
            ]
            ports = entrance.ports(protocol) if heard and all(heard) else NO_PORTS
            if ports:
                resource = balancer.resource
                made[resource] = (*made.get(resource, ()), (protocol, ports))
    return made


class _Own(NamedTuple):
    """The addresses of the VPC that a target is in.

    Attributes:
        surely: Those that it certainly has.
        perhaps: Those that it may have.
        cause: Why they are not known.
    """

    surely: AddressSet
    perhaps: AddressSet
    cause: Unknown

    @classmethod
    def of(cls, graph: Graph, aim: ForwardedInterface, vpc: Resource | None) -> _Own:
        """Those of a VPC; of all that there are where it is ``None``: unknown."""
        if vpc is None:
            resource = aim.target.hop.resource
            cause = Unknown("which VPC the target is in is not known", "external-id", resource.span)
            return cls(AddressSet.nothing(_IPV4), AddressSet.everything(_IPV4), cause)
        block = vpc.cidr_block if isinstance(vpc, Vpc) else None
        words = f"which addresses {vpc.address} has is not known"
        cause = block if isinstance(block, Unknown) else Unknown(words, "external-id", vpc.span)
        found = vpc_addresses(graph, vpc, _IPV4)
        return cls(found.lower, found.upper, cause)

    def may_be_all(self, sets: tuple[AddressSet, ...]) -> bool:
        """Whether private addresses may be all of a VPC of which none are known.

        A range that is smaller than a VPC can be is taken for a part of it.
        """
        if self.surely:
            return False
        found = _ipv4(sets) - internet(_IPV4)
        return found.size >= _LARGEST_VPC and found.overlaps(self.perhaps)


class _Served(NamedTuple):
    """The ports of a target that a load balancer stands before, and whether it surely does."""

    ports: Mapping[int, PortSet]
    answer: Answer


def _served(aims: Sequence[ForwardedInterface]) -> _Served:
    """The ports that are forwarded to, and those on which an application's web server may listen.

    To reach SSH directly goes around nothing: no load balancer of an application serves it.
    """
    found: dict[int, PortSet] = {}
    for aim in aims:
        number = target_port(aim)
        if number is not None:
            for protocol in aim.listener.protocols:
                found[protocol] = found.get(protocol, NO_PORTS) | PortSet(((number, number),))
        if aim.balancer.is_network.truth is not True and aim.listener.passes.truth is not True:
            found[TCP] = found.get(TCP, NO_PORTS) | _web_ports()
    return _Served(found, YES)


def _perhaps_served(aims: Sequence[ForwardedInterface]) -> _Served:
    """The ports that may be forwarded to, where that is not known."""
    found: dict[int, PortSet] = {}
    gaps: list[Unknown] = []
    for aim in aims:
        if isinstance(aim.port, Unknown):
            numbers = possible_ports(aim.port)
            some = ALL_PORTS if numbers is None else PortSet.of((n, n) for n in numbers)
            gaps.append(aim.port)
            for protocol in aim.listener.protocols:
                found[protocol] = found.get(protocol, NO_PORTS) | some
    return _Served(found, Answer(None, tuple(dict.fromkeys(gaps))))


@cache
def _web_ports() -> PortSet:
    """The ports of web servers."""
    return port_classes()["web"].ports(TCP) | port_classes()["alternative web"].ports(TCP)


def _besides(passed: _Passed, served: Mapping[int, PortSet]) -> PortChoice:
    """Chooses the ports that are served but those that are passed on as they are."""

    def choose(protocol: int, ports: PortSet) -> PortSet:
        left = any_port(protocol, ports) & served.get(protocol, NO_PORTS)
        for own, handed in passed:
            if own == protocol:
                left -= handed
        return left

    return choose


def _forwards(aim: ForwardedInterface) -> Evidence:
    hop = aim.target.hop
    return Evidence(hop.span, hop.fact, hop.resource.address)


def _inside(
    graph: Graph, workload: Workload, aims: Sequence[ForwardedInterface]
) -> Iterator[OpenTargetRule]:
    """The rules that open a target's port to all of the VPC, or to the internet."""
    seen: set[tuple[tuple[str, int, int], str]] = set()
    for aim in aims:
        hidden = ~preserves_client(aim.balancer, aim.target.group)
        if hidden.truth is False:
            continue  # where targets see clients' addresses their groups must let these in
        subnet = aim.eni.placement.subnet
        vpc = vpc_of(graph, subnet)
        if vpc is None:  # which the subnet does not say: that of its groups
            vpc = _vpc_of_groups(graph, aim)
        own = _Own.of(graph, aim, vpc)
        private = not internet_path_of(graph, subnet, _IPV4).routes.addresses.upper
        for port in _ports(graph, aim):
            if _is_passed_on(graph, workload, aim, port):
                continue
            for rule, source in _wide(graph, aim, port, own):
                key = (source.place.span.key, rule.read.resource.address)
                if key not in seen:
                    seen.add(key)
                    rests = () if vpc is None else _written_blocks(vpc)
                    found = _opened(workload, aim, port, rule, source, own, hidden, rests)
                    yield found._replace(private=private)


def _vpc_of_groups(graph: Graph, aim: ForwardedInterface) -> Resource | None:
    """The VPC of the groups of an interface, which is the one that it is in."""
    groups = (attached.group for attached in aim.eni.groups if attached.certain)
    found = (graph.only(one, "vpc", Vpc) for one in groups if isinstance(one, SecurityGroup))
    return next((vpc for vpc in found if vpc is not None), None)


def _is_passed_on(
    graph: Graph, workload: Workload, aim: ForwardedInterface, port: tuple[int, int]
) -> bool:
    """Whether whom a rule lets in on a port could as well come through the load balancer."""
    balancer = aim.balancer
    unfiltered = aim.listener.passes & balancer.is_network
    if unfiltered.truth and not graph.targets(balancer.resource, "security_groups"):
        return True
    passed = _passed_on(graph, workload).get(balancer.resource, ())
    return any(own == port[0] and handed.contains(port[1]) for own, handed in passed)


def _written_blocks(vpc: Resource) -> tuple[Step, ...]:
    """The defaults that the address range of a VPC rests on."""
    block = vpc.cidr_block if isinstance(vpc, Vpc) else None
    return () if block is None else tuple(step for step in block.via if step.assumed)


def _ports(graph: Graph, aim: ForwardedInterface) -> Iterator[tuple[int, int]]:
    """The port of the target; of an unknown one those that its groups may let anybody in on."""
    number = target_port(aim)
    for protocol in aim.listener.protocols:
        if number is not None:
            yield protocol, number
            continue
        for rule in admission_of(graph, aim.eni).rules:
            upper = rule.read.upper
            yield from (
                (protocol, lo) for lo, _ in upper.get(protocol, upper.get(ALL, NO_PORTS)).ranges
            )


def _opened(
    workload: Workload,
    aim: ForwardedInterface,
    port: tuple[int, int],
    rule: GroupRule,
    source: RuleSource,
    own: _Own,
    hidden: Answer,
    blocks: tuple[Step, ...],
) -> OpenTargetRule:
    """One such rule; ``blocks`` are the defaults that the VPC's own range rests on."""
    read = rule.read
    unknown = aim.target.port if isinstance(aim.target.port, Unknown) else None
    hop = aim.target.hop
    wide = _is_wide(source.lower, own.surely)
    sure = rule.firm and wide and unknown is None and hidden.truth is True
    sure = sure and hop.verdict is True and _surely_opens(rule, port)
    causes = () if sure else (*_causes(rule, source, unknown), *hidden.causes, *hop.causes)
    if not wide and own.may_be_all(source.upper):
        causes = (own.cause, *causes)
    public = _is_wide(source.lower, AddressSet.nothing(_IPV4))
    inside = () if public else blocks
    heard = aim.listener.hop.assumptions
    said = (*hop.assumptions, *heard, *hidden.assumptions, *assumed_by(rule, source))
    rests = tuple(dict.fromkeys((*said, *_carried(aim, rule), *inside)))
    place = source.place
    if not public and not read.resource.declared.extent.contains(place.span):
        # What is too wide is the rule, not the block that it borrows from elsewhere.
        place = Place(read.rule.span, place.attribute, None, place.presence)
    return OpenTargetRule(
        target=workload.resource,
        balancer=aim.balancer.resource,
        port=None if unknown is not None else port_words(port),
        identity=f"{aim.balancer.resource.address} {port_words(port)}",
        audience=_whom(source, own),
        answer=Answer(True, (), rests) if sure else Answer(None, causes),
        private=False,
        declaring=read.resource,
        place=place,
        forwards=_forwards(aim),
        admits=rule_words(rule, source, port[0], "admits" if sure else "may admit"),
    )


def _surely_opens(rule: GroupRule, port: tuple[int, int]) -> bool:
    """Whether a rule covers a port whatever its protocol and ports turn out to be."""
    lower = rule.read.lower
    return lower.get(port[0], lower.get(ALL, NO_PORTS)).contains(port[1])


def _carried(aim: ForwardedInterface, rule: GroupRule) -> Iterator[Step]:
    """The defaults by which an interface carries a rule's group."""
    for attached in aim.eni.groups:
        if attached.group is rule.group and attached.value is not None:
            yield from (step for step in attached.value.via if step.assumed)


def _wide(
    graph: Graph, aim: ForwardedInterface, port: tuple[int, int], own: _Own
) -> Iterator[tuple[GroupRule, RuleSource]]:
    admitted = admission_of(graph, aim.eni)
    everyone = AddressSet.everything(_IPV4)
    for rule, source in admitted.deciding(*port, everyone, firm=False):
        wide = _is_wide(source.lower, own.surely)
        wide = wide or (bool(source.causes) and _is_wide(source.upper, own.surely))
        if wide or own.may_be_all(source.upper):
            yield rule, source


def _is_wide(sets: tuple[AddressSet, ...], own: AddressSet) -> bool:
    """Whether addresses are those of a whole VPC, or of the internet."""
    addresses = _ipv4(sets)
    whole = bool(own) and addresses.covers(own)
    return whole or openness(addresses) in {Openness.WORLD, Openness.BROAD}


def _ipv4(sets: tuple[AddressSet, ...]) -> AddressSet:
    return AddressSet.union(_IPV4, (one for one in sets if one.family is _IPV4))


def _causes(rule: GroupRule, source: RuleSource, port: Unknown | None) -> tuple[Unknown, ...]:
    own = tuple(cause for cause in (rule.cause, port) if cause is not None)
    return tuple(dict.fromkeys((*rule.read.causes, *own, *source.causes)))


def _whom(source: RuleSource, own: _Own) -> str:
    if _is_wide(source.lower, AddressSet.nothing(_IPV4)):
        return "any address"
    whole = _is_wide(source.lower, own.surely) or own.may_be_all(source.lower)
    return "all of the VPC" if whole else "wide ranges"
