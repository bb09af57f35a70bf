"""The rules of security groups as traffic, wherever and however they are declared.

Source of the rules: EC2 User Guide, "Security group rules"; semantics.md, A and B6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.graph.graph import External, Graph, Implicit
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.rule_ports import is_one_port, ports_covered
from iac_ec2lint.network.filters.rule_sources import RuleSource, sources_of
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    PortSet,
)
from iac_ec2lint.network.sets.traffic import Direction, Match
from iac_ec2lint.resources.data_source import SecurityGroupDataSource
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.security_group import (
    InlineEgressRule,
    SecurityGroup,
    SecurityGroupRule,
    SeparateSecurityGroupRule,
)
from iac_ec2lint.values import (
    NO,
    Answer,
    Guard,
    Unknown,
    all_of,
    exclude,
)


class RuleTraffic(NamedTuple):
    """A rule as traffic.

    Attributes:
        rule: The rule.
        resource: The resource that declares it: the group, or its own.
        lower: The ports that it certainly covers, by protocol.
        upper: The ports that it may cover, by protocol.
        sources: The ranges and prefix lists that it names; other groups are edges of the graph.
        causes: The unknowns in its protocol and ports.
    """

    rule: SecurityGroupRule
    resource: Resource
    lower: Mapping[int, PortSet]
    upper: Mapping[int, PortSet]
    sources: tuple[RuleSource, ...]
    causes: tuple[Unknown, ...]

    def __hash__(self) -> int:
        return hash((self.rule, self.resource))

    @property
    def when(self) -> str:
        """The condition of its existence, in words; empty where it exists as its group does."""
        cause = self.cause
        words = self.rule.presence.when or self.resource.presence.when
        return "" if cause is None else words or cause.reason

    @property
    def guard(self) -> Guard:
        """What holds wherever it exists."""
        return self.rule.presence.guard | self.resource.presence.guard

    @property
    def one_port(self) -> bool:
        """Whether it is for one port of TCP or UDP, whichever that is."""
        return ALL not in self.upper and is_one_port(self.rule)

    @property
    def cause(self) -> Unknown | None:
        """The unknown that its existence depends on."""
        own = self.rule.presence.cause
        return self.resource.presence.cause if own is None else own

    def matches(self) -> Iterator[Match]:
        """The traffic that it certainly applies to."""
        for protocol, ports in self.lower.items():
            for source in self.sources:
                for addresses in source.lower:
                    yield Match(protocol, ports, addresses)


@dataclass(frozen=True, slots=True)
class GroupRules:
    """A group and its rules of one direction, in source order.

    Attributes:
        group: The group.
        rules: Its rules.
        perhaps: Rules that may be its own, or else another group's or nobody's.
    """

    group: Resource
    rules: tuple[RuleTraffic, ...]
    perhaps: tuple[RuleTraffic, ...] = ()


@remembered
def group_rules(graph: Graph, direction: Direction) -> tuple[GroupRules, ...]:
    """Every group with the rules of one direction, wherever they are declared.

    Args:
        graph: The graph.
        direction: ``ingress`` or ``egress``.

    Returns:
        Declared groups; groups declared elsewhere that have rules here; and, for each rule whose
        group is unknown, a group of that rule alone, with the rule's resource in its place.
    """
    return tuple(_group_rules(graph, direction))


def is_default_group(group: Resource | None) -> Answer:
    """Whether a group is a VPC's default one: adopted, made with a VPC, or known by its name."""
    if isinstance(group, SecurityGroup):
        return Answer(group.is_default)
    if isinstance(group, SecurityGroupDataSource):
        return _is_default_by_name(group)
    if isinstance(group, External):
        return Answer(group.text == "default")
    return Answer(isinstance(group, Implicit) and group.words == "default security group")


def _is_default_by_name(group: SecurityGroupDataSource) -> Answer:
    names = [group.name] if group.name is not None else []
    for part in group.filters:
        named = part.name.equals("group-name") if part.name is not None else NO
        if named.truth:
            names.extend(part.values)
        elif named.truth is None and all(v.equals("default").may_be_true for v in part.values):
            return named
    return all_of(name.equals("default") for name in names) if names else NO


def _group_rules(graph: Graph, direction: Direction) -> Iterator[GroupRules]:
    separate: dict[str, list[RuleTraffic]] = defaultdict(list)
    alone: list[RuleTraffic] = []
    perhaps: dict[Resource, list[RuleTraffic]] = defaultdict(list)
    holders: dict[str, Resource] = {}
    for rule in graph.all(SeparateSecurityGroupRule):
        meant = rule.direction.equals(direction)
        if meant.truth is False:
            continue
        read = _read_rule(graph, rule, rule)
        if meant.truth is None:
            read = read._replace(lower={}, causes=(*read.causes, *meant.causes))
        edges = graph.targets(rule, "security_group")
        target = edges[0].target if len(edges) == 1 and edges[0].certain else None
        if target is None:
            alone.append(read)
            for edge in edges:
                if edge.target is not None:
                    causes = (*read.causes, *edge.answer.causes)
                    perhaps[edge.target].append(read._replace(lower={}, causes=causes))
        else:
            separate[target.address].append(read)
            holders[target.address] = target
    for group in graph.all(SecurityGroup):
        inline = group.ingress if direction == "ingress" else group.egress
        rules = [_read_rule(graph, rule, group) for rule in inline]
        rules += separate.pop(group.address, [])
        if group.presence.guard:
            rules = [read for read in rules if not exclude(group.presence.guard, read.guard)]
        if direction == "egress" and group.keeps_default_egress:
            rules.extend(_default_egress(group, rules))
        yield GroupRules(group, _in_source_order(rules), tuple(perhaps.get(group, ())))
    for address in sorted(separate):
        yield GroupRules(holders[address], _in_source_order(separate[address]))
    for read in alone:
        yield GroupRules(read.resource, (read,))


def _default_egress(group: SecurityGroup, rules: list[RuleTraffic]) -> Iterator[RuleTraffic]:
    """The rule that AWS gives each group: everything out (B6, "Default egress").

    It stays where no other egress rule is there; where all others are conditional, it may.
    """
    unknown = tuple(dict.fromkeys(read.cause for read in rules if read.cause is not None))
    if any(not read.when for read in rules) or _one_is_there(rules):
        return
    place = Place(group.span, group.spelling("egress"), None, CERTAIN)
    everywhere = tuple(AddressSet.everything(family) for family in Family)
    every = {ALL: ALL_PORTS}
    rule = InlineEgressRule((), group.span)
    source = RuleSource(place, everywhere, everywhere)
    yield RuleTraffic(rule, group, {} if unknown else every, every, (source,), unknown)


def _one_is_there(rules: list[RuleTraffic]) -> bool:
    """Whether rules are all the branches of one condition, so that one of them exists."""
    causes = {read.rule.presence.cause for read in rules}
    arms = len({read.rule.presence.key for read in rules})
    cause = next(iter(causes), None)
    return len(causes) == 1 and cause is not None and 1 < len(cause.candidates) == arms


def _in_source_order(rules: Iterable[RuleTraffic]) -> tuple[RuleTraffic, ...]:
    return tuple(sorted(rules, key=lambda read: (*read.rule.span.key, read.resource.address)))


def _read_rule(graph: Graph, rule: SecurityGroupRule, resource: Resource) -> RuleTraffic:
    lower, upper, causes = ports_covered(rule)
    sources = tuple(sources_of(graph, rule, resource))
    return RuleTraffic(rule, resource, lower, upper, sources, causes)
