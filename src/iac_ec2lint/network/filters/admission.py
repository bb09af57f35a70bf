"""The traffic that the security groups of an interface admit: the union of their rules.

Groups are permissive, without order, and stateful (semantics.md, B6), so that one direction of them
is a set of traffic. It is approximated here, and ``deciding`` returns the rules for a part of it.
Sources that are groups are not addresses: they admit the private addresses of the interfaces that
they are attached to; see ``ports_from``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.graph.graph import External, Graph, Implicit
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.attached_rules import (
    AttachedGroup,
    GroupRule,
    Index,
    Peer,
    Ports,
    cause_of,
    groups_named,
    index_of,
    may_carry,
    own_cause,
    possible_of,
)
from iac_ec2lint.network.filters.listed_rules import more_rules_cause
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.sets.addresses import AddressSet, Family, internet
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import ALL, ALL_PORTS, NO_PORTS, PortSet
from iac_ec2lint.network.sets.traffic import Direction, Match, TrafficSet, approximate
from iac_ec2lint.network.vpc.subnets import is_default_vpc
from iac_ec2lint.resources.part import DataSource, Place, Resource
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import (
    UNGUARDED,
    Guard,
    Input,
    Step,
    Unknown,
    exclude,
    plain_address,
)
from iac_ec2lint.values.inputs import named_by
from iac_ec2lint.values.known import CLOSED_GROUPS

AS_CREATED: Final = "that group is as AWS creates it"


class Admission:
    """The traffic that the groups of an interface admit in one direction.

    Attributes:
        groups: The groups.
        rules: Their rules, in the groups' order.
        gaps: Why more may be admitted than by the known rules: groups that are unknown.
        opened: Those by which the internet may be let in.
        closed: What says of other groups that are not known that they let nothing in from the
            internet; by group, ``None`` for those of which it is unknown which they are.
        unfiltered: Whether there are no groups at all, so that everything is admitted.
        defaults: The default groups among them that nothing adopts: all from themselves, all out.
        doubted: Why some of those may not be attached.
    """

    def __init__(
        self,
        graph: Graph,
        groups: tuple[AttachedGroup, ...],
        direction: Direction,
        given: str,
        guard: Guard = UNGUARDED,
    ) -> None:
        self.groups = groups
        self.direction: Direction = direction
        self.gaps: list[Unknown] = []
        self.closed: dict[Resource | None, Step] = {}
        self.opened: list[Unknown] = []
        self.rules: list[GroupRule] = []
        self.defaults: list[Resource] = []
        self.doubted: dict[Resource, Unknown] = {}
        self.unfiltered = False
        self._graph = graph
        self._traffic: dict[Family, Approximation[TrafficSet]] = {}
        index = index_of(graph, direction)
        for each in groups:
            self._add(each, index, given, guard)

    def traffic(self, family: Family) -> Approximation[TrafficSet]:
        """The traffic from (or to) addresses of a family that is let through."""
        found = self._traffic.get(family)
        if found is None:
            certain = [m for rule in self.rules if rule.firm for m in rule.read.matches()]
            possible = [m for rule in self.rules for m in possible_of(rule)]
            every = AddressSet.everything(family)
            if self.gaps:
                sources = every if self.opened else every - internet(family)
                possible.append(Match(ALL, ALL_PORTS, sources))
            if self.unfiltered or (self.sure_defaults and self.direction == "egress"):
                certain.append(Match(ALL, ALL_PORTS, every))
            elif self.defaults and self.direction == "egress":
                possible.append(Match(ALL, ALL_PORTS, every))
            found = self._traffic[family] = approximate(family, certain, possible)
        return found

    @property
    def sure_defaults(self) -> list[Resource]:
        """Those of ``defaults`` that are attached for certain."""
        return [one for one in self.defaults if one not in self.doubted]

    def most_clients(self, protocol: int, port: int, wanted: AddressSet) -> int | None:
        """How many of some clients are let in on a port at most; ``None`` where that is unknown.

        An unknown block of a known size, such as the address of something that is yet to be made,
        lets in no more than its size, wherever it lies.
        """
        if self.opened or self.unfiltered or self.defaults:
            return None
        total = 0
        known = AddressSet.nothing(wanted.family)
        for rule in self.rules:
            if not _on(rule.read.upper, protocol).contains(port):
                continue
            for source in rule.read.sources:
                if source.most_of_all is not None:
                    total += source.most_of_all
                    continue
                for addresses in source.upper:
                    if addresses.family is wanted.family:
                        known |= addresses
        return total + (known & wanted).size

    def may_admit(self, protocol: int, port: int) -> bool:
        """Whether anything at all may be let in, or out, on a port."""
        if self.gaps or self.unfiltered or self.defaults:
            return True
        return any(_on(rule.read.upper, protocol).contains(port) for rule in self.rules)

    def with_rule(self, rule: GroupRule) -> Admission:
        """This admission with one more rule, of a group that is not declared."""
        return self.with_rules([*self.rules, rule])

    def with_rules(self, rules: list[GroupRule]) -> Admission:
        """This admission with other rules in place of its own."""
        more = Admission(self._graph, (), self.direction, "")
        more.groups, more.rules, more.unfiltered = self.groups, rules, self.unfiltered
        more.gaps, more.opened, more.closed = self.gaps, self.opened, self.closed
        more.defaults, more.doubted = self.defaults, self.doubted
        return more

    def from_services(self, public: AddressSet, cause: Unknown) -> Admission:
        """What may be let in from an interface or a list of AWS's own, at an unknown address.

        Args:
            public: The addresses that no interface in the VPC has.
            cause: Why it is not known which address it comes from.
        """
        if self.unfiltered:
            return self
        return self.with_rules([self._from_service(rule, public, cause) for rule in self.rules])

    def _from_service(self, rule: GroupRule, public: AddressSet, cause: Unknown) -> GroupRule:
        every = AddressSet.everything(public.family)
        read = rule.read
        sources = tuple(
            source._replace(lower=(), upper=(every,), causes=(*source.causes, cause), most=None)
            if _may_be_inside(source, public)
            else source
            for source in read.sources
        )
        if read.rule.self_.is_true().may_be_true or any(groups_named(self._graph, rule)):
            place = Place(read.rule.span, "", None, CERTAIN)
            sources = (*sources, RuleSource(place, (), (every,), (cause,)))
        return rule._replace(read=read._replace(sources=sources))

    def deciding(
        self, protocol: int, port: int, clients: AddressSet, *, firm: bool = True
    ) -> tuple[tuple[GroupRule, RuleSource], ...]:
        """The rules that let some of ``clients`` in on a port, each with the source that does.

        Args:
            protocol: The protocol.
            port: The port.
            clients: The addresses that matter.
            firm: Whether to return only rules that certainly apply.
        """
        found: list[tuple[GroupRule, RuleSource]] = []
        for rule in self.rules:
            if firm and not rule.firm:
                continue
            ports = rule.read.lower if firm else rule.read.upper
            if not _on(ports, protocol).contains(port):
                continue
            for source in rule.read.sources:
                addresses = source.lower if firm else source.upper
                if any(a.family is clients.family and a.overlaps(clients) for a in addresses):
                    found.append((rule, source))
        return tuple(found)

    def causes(self, family: Family, protocol: int, port: int) -> tuple[Unknown, ...]:
        """The unknowns for which more may be admitted on a port than certainly is."""
        found: dict[Unknown, None] = {}
        for rule in self.rules:
            read = rule.read
            if not _on(read.upper, protocol).contains(port):
                continue
            sure = rule.firm and _on(read.lower, protocol).contains(port)
            for source in read.sources:
                if not any(a.family is family for a in source.upper):
                    continue
                if not sure:
                    found.update(dict.fromkeys(read.causes))
                    if rule.cause is not None:
                        found[rule.cause] = None
                found.update(dict.fromkeys(source.causes))
        found.update(dict.fromkeys(self.gaps))
        if self.direction == "egress":
            found.update(dict.fromkeys(self.doubted.values()))
        return tuple(found)

    def ports_from(self, peer: Peer, protocol: int) -> Ports:
        """The ports on which a peer is let in (ingress), or may be reached (egress).

        A rule that names a group admits the private addresses of what carries it; one that names
        addresses admits a peer that can have no others.
        """
        own = self.ports_from_groups(peer, protocol)
        other = self._from_addresses(peer, protocol)
        lower = own.lower | other.lower
        upper = own.upper | other.upper | lower
        rules = (*own.rules, *(rule for rule in other.rules if rule not in own.rules))
        causes = tuple(dict.fromkeys((*own.causes, *other.causes)))
        return Ports(lower, upper, rules, causes if upper - lower else ())

    def ports_from_groups(self, peer: Peer, protocol: int) -> Ports:
        """The same by rules that name groups alone, whatever address the peer has."""
        if self.unfiltered or any(group in peer.groups for group in self.sure_defaults):
            return Ports(ALL_PORTS, ALL_PORTS)
        lower = upper = NO_PORTS
        rules: list[GroupRule] = []
        causes: dict[Unknown, None] = dict.fromkeys(self.gaps)
        if peer.may_carry_any:
            causes.update((may_carry(group, group.span), None) for group in self.defaults)
        if causes:
            upper = ALL_PORTS
        for group in self.defaults:
            doubt = self.doubted.get(group) if group in peer.groups else peer.doubt(group)
            if doubt is not None:
                causes[doubt] = None
                upper = ALL_PORTS
        for rule in self.rules:
            may, must, why = self._from_groups(rule, peer)
            covered, possible = _on(rule.read.lower, protocol), _on(rule.read.upper, protocol)
            if must and rule.firm and covered:
                lower |= covered
                rules.append(rule)
            if may and possible:
                upper |= possible
                if not must or not rule.firm:
                    causes.update(dict.fromkeys((*why, *rule.read.causes)))
                    if rule.cause is not None:
                        causes[rule.cause] = None
        upper |= lower
        return Ports(lower, upper, tuple(rules), tuple(causes) if upper - lower else ())

    def _from_addresses(self, peer: Peer, protocol: int) -> Ports:
        traffic = self.traffic(peer.family)
        where = peer.addresses
        if where is None:
            return Ports(
                traffic.lower.ports_open(protocol, lambda a: a.is_everything),
                traffic.upper.ports_open(protocol, bool),
                (),
                (),
            )
        lower = traffic.lower.ports_open(protocol, lambda sources: sources.covers(where))
        upper = traffic.upper.ports_open(protocol, lambda sources: sources.overlaps(where))
        rules = [
            rule
            for rule in self.rules
            if rule.firm
            and _on(rule.read.lower, protocol).overlaps(lower)
            and any(
                a.family is peer.family and a.overlaps(where)
                for s in rule.read.sources
                for a in s.lower
            )
        ]
        causes: dict[Unknown, None] = {}
        for lo, _ in (upper - lower).ranges:
            causes.update(dict.fromkeys(self.causes(peer.family, protocol, lo)))
        return Ports(lower, upper, tuple(rules), tuple(causes))

    def _from_groups(self, rule: GroupRule, peer: Peer) -> tuple[bool, bool, list[Unknown]]:
        """Whether a rule's groups may, and certainly do, admit a peer; and why it is uncertain."""
        may = must = False
        why: list[Unknown] = []
        self_ = rule.read.rule.self_.is_true()
        if self_.may_be_true and rule.group in peer.groups:
            may, must = True, self_.truth is True
            why.extend(self_.causes)
        elif self_.may_be_true and (doubt := peer.doubt(rule.group)) is not None:
            may = True
            why.extend((doubt, *self_.causes))
        elif self_.may_be_true and peer.may_carry_any:
            may = True
            why.append(may_carry(rule.group, rule.read.rule.span))
        for edge in groups_named(self._graph, rule):
            if edge.target is None or (isinstance(edge.target, External) and peer.more):
                may = True
                why.append(cause_of(edge.value))
            elif edge.target in peer.groups:
                may = True
                must = must or edge.certain
                if not edge.certain:
                    why.append(cause_of(edge.value))
            elif (doubt := peer.doubt(edge.target)) is not None:
                may = True
                why.append(doubt)
            elif peer.may_carry_any:
                may = True
                why.append(may_carry(edge.target, edge.value.span))
        return may, must, why

    def _add(self, attached: AttachedGroup, index: Index, given: str, guard: Guard) -> None:
        group = attached.group
        if group is None:
            lacking = cause_of(attached.value)
            self._lack(None, lacking, [named_by(lacking)])
            return
        cause = None if attached.certain else cause_of(attached.value)
        known = True
        if isinstance(group, Implicit):
            # Of a VPC that is looked up nobody knows what has become of its default group.
            known = not isinstance(group.owner, DataSource) or is_default_vpc(group.owner)
            if known:
                self.defaults.append(group)
                if cause is not None:
                    self.doubted[group] = cause
        elif group.address not in index.declared:
            # Declared elsewhere: it has other rules than those that are added to it here.
            known = False
        for read in index.rules.get(group.address, ()):
            if guard and exclude(guard, read.guard):
                continue
            own = own_cause(read, given)
            why = cause if own is None else own
            self.rules.append(GroupRule(group, read, why is None, why))
        if not known:
            words = f"the rules of {group.address} are not in the source"
            names = [group.text, group.named_by] if isinstance(group, External) else []
            lacking = Unknown(words, "external-id", group.span)
            self._lack(group, lacking, [*names, plain_address(group.address)])
            return
        more = more_rules_cause(self._graph, group, self.direction)
        if more is not None:
            self.gaps.append(more)
            self.opened.append(more)
        for read, candidates in index.floating:
            if not candidates or group in candidates:
                words = f"{read.resource.address} may belong to {group.address}"
                why = Unknown(words, "may-attach", read.resource.span)
                self.rules.append(GroupRule(group, read, firm=False, cause=why))

    def _lack(self, group: Resource | None, cause: Unknown, names: Iterable[str | None]) -> None:
        """Note a group that is declared elsewhere, and ask whether it lets the internet in.

        Args:
            group: The group; ``None`` where it is unknown which it is.
            cause: Why its rules are not known.
            names: What people may call it, the best first.
        """
        known = [name for name in names if name]
        if self.direction == "ingress" and known:
            said = (self._graph.unit.known.closed(name) for name in known)
            step = next((one for one in said if one is not None), None)
            if step is not None:
                self.closed[group] = step
                self.gaps.append(cause)
                return
            # To know its id decides nothing.
            cause = cause.but(inputs=(Input(known[0], cause.span, CLOSED_GROUPS),))
        self.gaps.append(cause)
        self.opened.append(cause)


def _may_be_inside(source: RuleSource, public: AddressSet) -> bool:
    """Whether a source may hold addresses of a VPC, or is a list of AWS's own; not of all alike."""
    own = [a for a in source.upper if a.family is public.family]
    if any(a.is_everything for a in source.lower if a.family is public.family):
        return False
    return not source.upper or any(not public.covers(a) for a in own)


def as_aws_created(groups: Iterable[Resource], span: Span) -> tuple[Step, ...]:
    """What is assumed of default groups that nothing here adopts: of the default VPC's alone."""
    owners = [group.owner for group in groups if isinstance(group, Implicit)]
    assumed = any(map(is_default_vpc, owners))
    return (Step(span, AS_CREATED, assumed=True),) if assumed else ()


def admission(
    graph: Graph,
    groups: tuple[AttachedGroup, ...],
    direction: Direction,
    given: Presence = CERTAIN,
) -> Admission:
    """The traffic that groups admit together; computed once for each set of groups.

    Args:
        graph: The graph.
        groups: The groups.
        direction: ``ingress`` or ``egress``.
        given: The presence of the interface itself: a rule with the same condition exists whenever
            the interface does, one whose condition excludes it never.
    """
    return _admission(graph, groups, direction, given.key, given.guard)


@remembered
def unfiltered(graph: Graph, direction: Direction) -> Admission:
    """The admission of an interface that has no groups and needs none: everything."""
    made = Admission(graph, (), direction, "")
    made.unfiltered = True
    return made


@remembered
def _admission(
    graph: Graph,
    groups: tuple[AttachedGroup, ...],
    direction: Direction,
    given: str,
    guard: Guard,
) -> Admission:
    return Admission(graph, groups, direction, given, guard)


def _on(ports: Mapping[int, PortSet], protocol: int) -> PortSet:
    every = ports.get(ALL, NO_PORTS)
    return every | ports[protocol] if protocol in ports else every
