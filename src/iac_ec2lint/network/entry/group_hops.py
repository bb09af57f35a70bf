"""The hops of condition N7: how an interface's groups admit or refuse a port, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from iac_ec2lint.graph.graph import Graph, Implicit
from iac_ec2lint.network.entry.internet_paths import ClientQuery, InternetPath
from iac_ec2lint.network.filters.admission import AS_CREATED, Admission, as_aws_created
from iac_ec2lint.network.filters.attached_rules import AttachedGroup, GroupRule, groups_named
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.hosts.workloads import Eni
from iac_ec2lint.network.sets.addresses import AddressSet, Family, internet
from iac_ec2lint.network.sets.ports import ALL, ICMP, ICMPV6, NO_PORTS, PortSet, describe_ports
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import Truth
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import UNGUARDED, Reference, Step, Unknown, Val

_KIND = "security group"
_FAMILY_NAMES = {Family.IPV4: "IPv4", Family.IPV6: "IPv6"}


class GroupHolder(NamedTuple):
    """A resource with security groups, with its name for messages.

    Attributes:
        name: What messages call it.
        resource: The resource.
        groups: The groups.
    """

    name: str
    resource: Resource
    groups: tuple[AttachedGroup, ...]


def holder_of(eni: Eni) -> GroupHolder:
    """An interface as a holder of groups."""
    return GroupHolder(eni.name, eni.host, eni.groups)


def admitting(
    holder: GroupHolder,
    admitted: Admission,
    path: InternetPath,
    port: tuple[int, int],
    query: ClientQuery,
    truth: Truth,
) -> Iterator[Hop]:
    """The evidence that groups admit clients on a port, refuse them, or why that is undecided.

    Args:
        holder: The resource with the groups.
        admitted: What they let in.
        path: The way to its subnet.
        port: The protocol and the port.
        query: The clients in question.
        truth: Whether they are let in.
    """
    wanted = query.clients(path.public)
    if truth is True and admitted.unfiltered:
        resource = holder.resource
        fact = f"{resource.address} has no security groups, so none filters"
        yield Hop(_KIND, resource, resource.span, fact, "default")
    elif truth is True:
        yield from _admits(holder, admitted, path, port, query, wanted)
    elif truth is None:
        yield from _may_admit(holder, admitted, path, port, query, wanted)
    else:
        yield from _refuses(holder, admitted, port, wanted)


def port_words(port: tuple[int, int]) -> str:
    """A protocol and a port for people: ``tcp 22``, ``icmp type 8``, ``all protocols``."""
    protocol, number = port
    if protocol == ALL:
        return "all protocols"
    if protocol in (ICMP, ICMPV6):
        kind = number // 256
        return describe_ports(protocol, PortSet(((kind * 256, kind * 256 + 255),)))
    return describe_ports(protocol, PortSet(((number, number),)))


def rule_words(rule: GroupRule, source: RuleSource, protocol: int, verb: str = "admits") -> str:
    """A rule as a clause: ``aws_security_group.web admits tcp 22 from 0.0.0.0/0``."""
    read = rule.read
    ports = read.lower if rule.firm else read.upper
    covered = ports.get(protocol)
    shown = protocol
    if covered is None:
        covered, shown = ports.get(ALL, NO_PORTS), ALL
    into = "" if read.resource is rule.group else f" to {rule.group.address}"
    what = describe_ports(shown, covered)
    return f"{read.resource.address} {verb} {what} from {source_words(source)}{into}"


def through_rules(
    graph: Graph,
    rules: Iterable[GroupRule],
    port: tuple[int, int],
    side: str,
    of: AddressSet | None = None,
) -> Iterator[Hop]:
    """The rules that let something inside through, by its group or by its address.

    Args:
        graph: The graph.
        rules: The rules.
        port: The protocol and the port.
        side: ``in from`` or ``out to``.
        of: Its addresses, where they are known.
    """
    for rule in rules:
        read = rule.read
        if not _on(read.lower, port[0]).contains(port[1]):
            continue
        edges = tuple(groups_named(graph, rule))
        fact = f"{rule.group.address} lets {port_words(port)} {side}"
        speaking = [one for one in read.sources if of is None or _speaks_of(one, of)]
        if speaking or (read.sources and not edges):
            source = (*speaking, *read.sources)[0]
            place = source.place.span
            yield Hop(_KIND, read.resource, place, f"{fact} {source_words(source)}")
        elif edges:
            target = edges[0].target
            name = target.address if target is not None else "another group"
            yield Hop(_KIND, read.resource, edges[0].value.span, f"{fact} {name}")
        else:
            yield Hop(_KIND, read.resource, read.rule.span, f"{fact} itself")


def _speaks_of(source: RuleSource, addresses: AddressSet) -> bool:
    return any(a.family is addresses.family and a.overlaps(addresses) for a in source.lower)


def source_words(source: RuleSource) -> str:
    """A source in words: the range as written, a list's addresses, or why it is unknown."""
    value = source.place.value
    if value is not None and value.text is not None:
        return value.text
    if source.of:
        return f"the addresses of {source.of}"
    if source.lower:
        return ", ".join(addresses.describe() for addresses in source.lower)
    if isinstance(value, Reference) and not source.upper:
        return value.target  # a prefix list, empty or AWS's own
    if isinstance(value, Unknown) and value.text is None:
        return f"something unknown ({value.reason})"
    return "something unknown"


def assumed_by(rule: GroupRule, source: RuleSource) -> tuple[Step, ...]:
    """The defaults that a rule rests on: those of its protocol, ports and source."""
    read = rule.read.rule
    values = (read.protocol, read.from_port, read.to_port, source.place.value)
    steps = [step for value in values if value is not None for step in _assumed(value)]
    return tuple(dict.fromkeys((*read.presence.assumptions, *steps)))


def _assumed(value: Val) -> Iterator[Step]:
    yield from (step for step in value.via if step.assumed)


def _admits(
    holder: GroupHolder,
    admitted: Admission,
    path: InternetPath,
    port: tuple[int, int],
    query: ClientQuery,
    wanted: AddressSet,
) -> Iterator[Hop]:
    deciding = admitted.deciding(*port, wanted)
    alone = [
        (rule, source)
        for rule, source in deciding
        if query.enough(_of(source, path) & wanted, path.public)
    ]
    admitting_groups: dict[Resource, None] = {}
    for rule, source in alone or deciding:
        fact = rule_words(rule, source, port[0])
        yield _hop(rule, source, fact, True, assumptions=assumed_by(rule, source))
        admitting_groups[rule.group] = None
    for attached in holder.groups:
        if attached.group in admitting_groups:
            span = holder.resource.span if attached.value is None else attached.value.span
            fact = f"{holder.name} carries {attached.group.address}"
            yield Hop("workload", holder.resource, span, fact)


def _of(source: RuleSource, path: InternetPath) -> AddressSet:
    family = path.family
    return AddressSet.union(family, (a for a in source.lower if a.family is family))


def _may_admit(
    holder: GroupHolder,
    admitted: Admission,
    path: InternetPath,
    port: tuple[int, int],
    query: ClientQuery,
    wanted: AddressSet,
) -> Iterator[Hop]:
    causes = admitted.causes(path.family, *port)
    shown = False
    for rule, source in admitted.deciding(*port, wanted, firm=False):
        why = [*rule.read.causes, *source.causes]
        if rule.cause is not None:
            why.append(rule.cause)
        if query.which is not None and not why:
            shown = True
            fact = rule_words(rule, source, port[0])
            yield _hop(rule, source, fact, None, causes=(query.which,))
        if why:
            shown = True
            fact = rule_words(rule, source, port[0], "may admit")
            hop = _hop(rule, source, fact, None, causes=tuple(dict.fromkeys(why)))
            yield hop._replace(needs=rule.read.guard | rule.group.presence.guard)
    if admitted.opened or not shown:
        span = next(
            (c.value.span for c in holder.groups if c.value is not None), holder.resource.span
        )
        gaps = tuple(admitted.opened) or causes
        words = f"{holder.name} has security groups that are not all known"
        yield Hop(_KIND, holder.resource, span, words, "unknown", None, gaps, needs=UNGUARDED)


def _refuses(
    holder: GroupHolder, admitted: Admission, port: tuple[int, int], wanted: AddressSet
) -> Iterator[Hop]:
    limited = admitted.deciding(*port, wanted)
    for rule, source in limited:
        fact = rule_words(rule, source, port[0], "admits")
        fact += ", which is not the internet" if source.lower else ""
        yield _hop(rule, source, fact, False, assumptions=assumed_by(rule, source))
    speaking = {rule.group for rule, _ in limited}
    for attached in holder.groups:
        step = admitted.closed.get(attached.group)
        if step is not None:
            at = attached.group or holder.resource
            yield Hop(_KIND, at, step.span, step.words, "assumed", False, assumptions=(step,))
        elif attached.group is not None and attached.group not in speaking:
            yield _silent(holder, admitted, attached, port, wanted)
    if not holder.groups:
        host = holder.resource
        if isinstance(host, ManagedHost) and host.own_group:
            words = host.own_group.format(host.address)
            words += _besides(host)
        else:
            words = "the default security group of the default VPC admits only itself"
        step = Step(host.span, AS_CREATED, assumed=True)
        yield Hop(_KIND, host, host.span, words, "assumed", False, assumptions=(step,))


def _besides(host: Resource) -> str:
    """What is said of the remote access of a node group, where only groups have it."""
    if not isinstance(host, EksNodeGroup) or host.key_pair is None:
        return ""
    named = ", and its remote access only the groups that it names"
    return named if host.source_security_groups else ""


def _silent(
    holder: GroupHolder,
    admitted: Admission,
    attached: AttachedGroup,
    port: tuple[int, int],
    wanted: AddressSet,
) -> Hop:
    """The hop of a group that admits none of the clients on a port."""
    group, what = attached.group, port_words(port)
    if group is None:
        raise TypeError("a group that nobody knows is never silent")
    if isinstance(group, Implicit):
        words = f"the {group.words} of {group.owner.address} admits only itself"
        words += _besides(holder.resource)
        span = holder.resource.span
        assumed = as_aws_created((group,), span)
        hop = Hop(_KIND, holder.resource, span, words, "default", False, assumptions=assumed)
        return hop._replace(origin="assumed") if assumed else hop
    others = [
        (rule, source)
        for rule in admitted.rules
        if rule.group is group and _covers(rule, port)
        for source in rule.read.sources
    ]
    if others:
        rule, source = others[0]
        fact = rule_words(rule, source, port[0])
        more = f", and {len(others) - 1} more" if len(others) > 1 else ""
        fact += f"{more}: {_why_not(source, wanted)}"
        return _hop(rule, source, fact, False, assumptions=assumed_by(rule, source))
    for rule in admitted.rules:
        read = rule.read.rule
        if rule.group is not group or not _covers(rule, port):
            continue
        fact = f"{group.address} admits {what} from no source at all"
        if read.groups or read.self_.is_true().may_be_true:
            fact = f"{group.address} admits {what} from security groups only"
        return Hop(_KIND, rule.read.resource, read.span, fact, verdict=False)
    words = f"no rule of {group.address} admits {what}"
    if port[0] == ALL and any(rule.group is group for rule in admitted.rules):
        words = f"no rule of {group.address} admits these clients on any port"
    return Hop(_KIND, group, group.span, words, "default", False)


def _why_not(source: RuleSource, wanted: AddressSet) -> str:
    families = {addresses.family for addresses in source.upper}
    if families and wanted.family not in families:
        return f"no {_FAMILY_NAMES[wanted.family]} address"
    most = source.most_of_all
    if most is not None:
        return "a single address" if most == 1 else f"at most {most} addresses"
    is_public = wanted.overlaps(internet(wanted.family))
    return "not from the internet" if is_public else "not from these clients"


def _covers(rule: GroupRule, port: tuple[int, int]) -> bool:
    return _on(rule.read.upper, port[0]).contains(port[1])


def _on(ports: Mapping[int, PortSet], protocol: int) -> PortSet:
    return ports.get(protocol, ports.get(ALL, NO_PORTS))


def _hop(
    rule: GroupRule,
    source: RuleSource,
    fact: str,
    verdict: Truth,
    *,
    causes: tuple[Unknown, ...] = (),
    assumptions: tuple[Step, ...] = (),
) -> Hop:
    resource: Resource = rule.read.resource
    return Hop(
        _KIND,
        resource,
        source.place.span,
        fact,
        "unknown" if verdict is None else "explicit",
        verdict,
        causes,
        assumptions,
        source.place.attribute,
    )
