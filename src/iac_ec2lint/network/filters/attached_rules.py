"""The groups of an interface and their rules, as they may be attached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from iac_ec2lint.graph.graph import Edge, External, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.relations import there
from iac_ec2lint.network.filters.group_rules import GroupRules, RuleTraffic, group_rules
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.ports import PortSet
from iac_ec2lint.network.sets.traffic import Direction, Match
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.security_group import SeparateSecurityGroupRule
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import (
    Unknown,
    Val,
    Value,
)


@dataclass(frozen=True, slots=True, eq=False)
class AttachedGroup:
    """A security group that is attached to an interface, or may be.

    For a group that is certainly attached it does not matter where this is written. Others are
    equal where reason, place and the path of the value are the same.

    Attributes:
        group: The group; ``None`` where it is unknown.
        certain: Whether it is certainly attached.
        value: The value that attaches it; ``None`` where none is written: a default group.
    """

    group: Resource | None
    certain: bool
    value: Val | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AttachedGroup) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def doubts(self) -> tuple[Unknown, ...]:
        """Why it is not certain that it is attached."""
        return () if self.certain else (cause_of(self.value),)

    @property
    def _identity(self) -> tuple[object, ...]:
        value = self.value
        if value is None or (self.certain and self.group is not None):
            return self.group, self.certain
        reason = value.reason if isinstance(value, Unknown) else ""
        return self.group, self.certain, value.span, value.via, reason


class GroupRule(NamedTuple):
    """A rule of a group that is attached.

    Attributes:
        group: The group.
        read: The rule as traffic.
        firm: Whether it certainly applies: the rule exists and the group is attached.
        cause: The unknown that it depends on, where it is not firm.
        named: The groups that it refers to, where not the rule but another part refers to them.
    """

    group: Resource
    read: RuleTraffic
    firm: bool
    cause: Unknown | None = None
    named: tuple[Edge, ...] = ()

    def __hash__(self) -> int:
        return hash((self.group, self.read, self.firm))


class Peer(NamedTuple):
    """The other end of a flow inside AWS.

    Attributes:
        family: The family of the flow.
        addresses: Its address is one of these, unknown which; ``None``: any.
        groups: The groups that are certainly attached to it.
        more: Whether others may be attached to it.
        possible: Those of them that are known by name.
        named: Whether no other ones than ``possible`` may be attached to it.
        subnet: The subnet that its IPv4 address is of, whatever that is; ``None`` where it has
            none of its own there.
    """

    family: Family
    addresses: AddressSet | None
    groups: frozenset[Resource]
    more: bool = False
    possible: tuple[AttachedGroup, ...] = ()
    named: bool = False
    subnet: Resource | None = None

    @classmethod
    def carrying(
        cls,
        groups: tuple[AttachedGroup, ...],
        family: Family,
        addresses: AddressSet | None,
        subnet: Resource | None = None,
    ) -> Peer:
        """The peer that carries some groups."""
        known = frozenset(g.group for g in groups if g.group is not None and g.certain)
        possible = tuple(g for g in groups if g.group is not None and g.group not in known)
        named = all(g.group is not None for g in groups)
        more = len(known) < len(groups)
        return cls(family, addresses, known, more, possible, named, subnet)

    @property
    def without_groups(self) -> Peer:
        """The same as rules know it that may not refer to its groups."""
        return Peer(self.family, self.addresses, frozenset(), subnet=self.subnet)

    @property
    def may_carry_any(self) -> bool:
        """Whether it may carry whichever group is asked for."""
        return self.more and not self.named

    def doubt(self, group: Resource) -> Unknown | None:
        """Why it is not known whether it carries a group that it may carry; else nothing."""
        return next((cause_of(one.value) for one in self.possible if one.group is group), None)


class Ports(NamedTuple):
    """The ports that are open to a peer.

    Attributes:
        lower: Those that certainly are.
        upper: Those that may be.
        rules: The rules that decide it.
        causes: The unknowns by which ``lower`` and ``upper`` differ.
    """

    lower: PortSet
    upper: PortSet
    rules: tuple[GroupRule, ...] = ()
    causes: tuple[Unknown, ...] = ()


def groups_named(graph: Graph, rule: GroupRule) -> Iterable[Edge]:
    """The groups that a rule refers to as its sources (or destinations)."""
    return rule.named or graph.follow(rule.read.resource, rule.read.rule, "groups")


class Index:
    """The rules of one direction, by the address of their group."""

    __slots__ = ("declared", "floating", "rules")

    def __init__(self, graph: Graph, every: Iterable[GroupRules]) -> None:
        self.rules: dict[str, tuple[RuleTraffic, ...]] = {}
        self.floating: list[tuple[RuleTraffic, frozenset[Resource]]] = []
        self.declared: set[str] = set()
        for group in every:
            resource = group.group
            if isinstance(resource, SeparateSecurityGroupRule):
                for read in group.rules:
                    edges = graph.targets(resource, "security_group")
                    known = [edge.target for edge in edges if edge.target is not None]
                    whole = len(known) == len(edges)
                    self.floating.append((read, frozenset(known if whole else ())))
                continue
            self.rules[resource.address] = group.rules
            if not isinstance(resource, External) and resource.declared.type[:5] != "data.":
                self.declared.add(resource.address)


@remembered
def index_of(graph: Graph, direction: Direction) -> Index:
    """The rules of one direction in a graph."""
    return Index(graph, group_rules(graph, direction))


def own_cause(read: RuleTraffic, given: str) -> Unknown | None:
    """The unknown that a rule's existence depends on, given that group and interface exist."""
    rule, resource = read.rule, read.resource
    inline = not isinstance(rule, SeparateSecurityGroupRule)
    if inline and there(resource, rule):
        return None
    presence = rule.presence
    if presence.certain or (given and presence.key == given):
        return None
    return presence.cause


def cause_of(value: Val | None) -> Unknown:
    """Why it is not known which group a value attaches."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Value):
        return Unknown("it is one of several", "expression", value.span, value.via)
    raise TypeError("an unknown group is said by somebody")


def attached_groups(edges: Iterable[Edge]) -> tuple[AttachedGroup, ...]:
    """The groups that edges refer to."""
    return tuple(AttachedGroup(edge.target, edge.certain, edge.value) for edge in edges)


def possible_of(rule: GroupRule) -> Iterator[Match]:
    """The traffic that a rule may admit, where that is more than it certainly admits."""
    read = rule.read
    exact = rule.firm and read.lower == read.upper
    for source in read.sources:
        if exact and source.lower == source.upper:
            continue
        for protocol, ports in read.upper.items():
            for addresses in source.upper:
                yield Match(protocol, ports, addresses)


def may_carry(group: Resource, span: Span) -> Unknown:
    """Why a peer of which not all groups are known may be let in by a group."""
    words = f"whether {group.address} is among the groups of the other end is not known"
    return Unknown(words, "may-attach", span)
