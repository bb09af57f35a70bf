"""The rules of security groups as traffic, wherever and however they are declared.

Source of the rules: EC2 User Guide, "Security group rules"; semantics.md, A and B6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.graph.graph import External, Graph, Implicit
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.own_blocks import lies_inside, own_block_size
from iac_ec2lint.network.sets.addresses import BROAD_SIZE, AddressSet, Family, parse_cidr
from iac_ec2lint.network.sets.blocks import bound_of
from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    NO_PORTS,
    TCP,
    UDP,
    PortSet,
    least_port,
    most_port,
    parse_protocol,
)
from iac_ec2lint.network.sets.ports import rule_ports as ports_of
from iac_ec2lint.network.sets.traffic import Direction, Match
from iac_ec2lint.network.vpc.prefix_lists import is_aws_managed, listed_entries
from iac_ec2lint.resources.data_source import SecurityGroupDataSource
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.prefix_list import PrefixList
from iac_ec2lint.resources.security_group import (
    InlineEgressRule,
    SecurityGroup,
    SecurityGroupRule,
    SeparateSecurityGroupRule,
)
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import (
    NO,
    Answer,
    Data,
    Guard,
    Step,
    Unknown,
    Val,
    Value,
    all_of,
    exclude,
    guard_of,
)
from iac_ec2lint.values.allowed import listed

_ALTERNATIVES = 64
"""Combinations of candidates that are looked at one by one; beyond, a rule is widened."""
_FIELDS = (("cidr_blocks", Family.IPV4), ("ipv6_cidr_blocks", Family.IPV6))
"""The fields of a rule that are ranges."""
_MOST_RULES = 1000
"""How many rules an interface can have (VPC User Guide, "Amazon VPC quotas")."""


class RuleSource(NamedTuple):
    """One source of a rule (or destination, of an egress rule): a range or a prefix list.

    Attributes:
        place: Where it is written.
        lower: The addresses that are certainly in it.
        upper: The addresses that may be in it.
        causes: The unknowns by which ``lower`` and ``upper`` differ.
        most: Where set, it is one block of at most this many addresses, wherever it lies.
        hops: The wide entries of a prefix list, where they are written.
        times: How many such blocks there may be.
        inside: Whether it is a block of the group's own VPC, whatever that comes to.
        of: The address of the VPC or the subnet whose block it is, where that alone is known.
    """

    place: Place
    lower: tuple[AddressSet, ...]
    upper: tuple[AddressSet, ...]
    causes: tuple[Unknown, ...] = ()
    most: int | None = None
    hops: tuple[Step, ...] = ()
    times: int = 1
    inside: bool = False
    of: str = ""

    @property
    def most_of_all(self) -> int | None:
        """How many addresses are in it and the others like it together, as ``most``.

        ``None`` where that is not known, or where ``upper`` has no more.
        """
        if self.most is None:
            return None
        together = self.most * self.times
        return together if together < sum(each.size for each in self.upper) else None


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
    lower, upper, causes = _ports(rule)
    sources = (*_ranges(graph, rule, resource), *_prefix_lists(graph, rule, resource))
    return RuleTraffic(rule, resource, lower, upper, sources, causes)


def _ports(
    rule: SecurityGroupRule,
) -> tuple[dict[int, PortSet], dict[int, PortSet], tuple[Unknown, ...]]:
    """The ports that a rule certainly covers, those that it may cover, and the unknowns between."""
    protocol, first, last = rule.protocol, rule.from_port, rule.to_port
    if protocol is None:
        return {}, {}, ()
    causes = tuple(v for v in (protocol, first, last) if isinstance(v, Unknown))
    protocols = _alternatives(protocol)
    numbers = None if protocols is None else [parse_protocol(_word(p)) for p in protocols]
    if numbers is None or None in numbers:
        words = "the protocol is none that AWS knows"
        flaw = () if numbers is None else (Unknown(words, "error", protocol.span, protocol.via),)
        return {}, {ALL: ALL_PORTS}, causes + flaw
    bounds = _bounds(first, last)
    widest = _widest(first, last)
    sets = {n: _port_sets(n, bounds, widest) for n in numbers if n is not None}
    upper = {number: _union(possible) for number, possible in sets.items()}
    lower = {
        number: _intersection(
            ports
            for other, possible in sets.items()
            for ports in (possible if other in {number, ALL} else (NO_PORTS,))
        )
        for number in sets
    }
    return lower, upper, causes if lower != upper else ()


def alternative_ports(rule: SecurityGroupRule) -> tuple[dict[int, PortSet], ...]:
    """The ports that a rule covers, by protocol, for each of the values that it may have.

    Empty where these are not known.
    """
    protocols = _alternatives(rule.protocol)
    bounds = _bounds(rule.from_port, rule.to_port)
    numbers = [parse_protocol(_word(p)) for p in protocols or ()]
    if bounds is None or None in numbers:
        return ()
    return tuple(
        {number: ports}
        for number in numbers
        if number is not None
        for ports in _port_sets(number, bounds, (None, None))
    )


def _bounds(first: Val | None, last: Val | None) -> list[tuple[Data, Data]] | None:
    """The pairs of bounds that a rule may have; ``None`` where they may be any.

    Where both are one unknown, they are the same.
    """
    firsts, lasts = _alternatives(first), _alternatives(last)
    if firsts is None or lasts is None:
        return None
    if isinstance(first, Unknown) and isinstance(last, Unknown) and first.inputs == last.inputs:
        guards = [[guard_of(c) for c in value.candidates] for value in (first, last)]
        if firsts == lasts and guards[0] == guards[1]:
            return [*zip(firsts, lasts, strict=True)]
    return [*product(firsts, lasts)] if len(firsts) * len(lasts) <= _ALTERNATIVES else None


def _word(data: Data) -> str | int:
    return data if isinstance(data, str | int) else ""


def _port_sets(
    number: int,
    bounds: list[tuple[Data, Data]] | None,
    widest: tuple[int | None, int | None],
) -> tuple[PortSet, ...]:
    """The sets of ports that a rule of a protocol may mean."""
    if ports_of(number, None, None)[0] == ports_of(number, 1, 1)[0]:
        return (ALL_PORTS,)  # AWS ignores the ports of this protocol
    if bounds is None:
        return (ports_of(number, *widest)[0] if number in (TCP, UDP) else ALL_PORTS, NO_PORTS)
    return tuple(ports_of(number, _integer(lo), _integer(hi))[0] for lo, hi in bounds)


def _widest(first: Val | None, last: Val | None) -> tuple[int | None, int | None]:
    """The least first port and the greatest last one; ``None`` where nothing bounds it."""
    low = least_port(first) if isinstance(first, Unknown) else _written_port(first)
    high = most_port(last) if isinstance(last, Unknown) else _written_port(last)
    return low, high


def _written_port(value: Val | None) -> int | None:
    return None if value is None or value.number is None else int(value.number)


def _ranges(graph: Graph, rule: SecurityGroupRule, resource: Resource) -> Iterator[RuleSource]:
    for name, family in _FIELDS:
        for element in getattr(rule, name):
            place = rule.place(name, element)
            if element.via:
                place = place._replace(span=_tightest(graph, rule, resource, name, element))
            each = element.each if isinstance(element, Unknown) else None
            one = element if each is None else each
            read = _range(place, one, family)
            if each is not None:  # there may be none of them
                read = read._replace(lower=(), causes=_unknown(element))
            if not read.lower:
                own = own_block_size(graph, one, family)
                listed = isinstance(one, Unknown) and any(a.each for a in one.allowed)
                several = listed or each is not None or rule.presence.cause is not None
                read = read._replace(
                    most=read.most if own is None else own,
                    times=_MOST_RULES if several else 1,
                    inside=own is not None
                    and lies_inside(graph, _group(graph, rule, resource), one),
                )
            yield read


def _tightest(
    graph: Graph, rule: SecurityGroupRule, resource: Resource, name: str, element: Val
) -> Span:
    """Where to change a range so that this rule alone changes, as far as there is such a place.

    That is where the range is written; where other rules read it from there too, or a module that
    is not on the disk, which may have it for its VPC, the nearest place on its way that is this
    rule's own: a module's argument, or the rule.
    """
    users = _users(graph)
    way = _way(rule, name, element)
    own = _user(rule, resource)
    return next((span for span in way if users[span.key] == {own}), way[-1])


@remembered
def _users(graph: Graph) -> dict[tuple[str, int, int], set[Hashable]]:
    """The rules that read their ranges from, or by way of, each place outside of them.

    Modules that are not on the disk count as well.
    """
    found: dict[tuple[str, int, int], set[Hashable]] = defaultdict(set)
    for module in graph.all(UnreadModule):
        for _, value in module.arguments():
            for element in value.elements():
                for span in (element.span, *(step.span for step in element.via)):
                    found[span.key].add(module.address)
    rules: list[tuple[SecurityGroupRule, Resource]] = [
        (rule, rule) for rule in graph.all(SeparateSecurityGroupRule)
    ]
    rules += [(r, g) for g in graph.all(SecurityGroup) for r in (*g.ingress, *g.egress)]
    for rule, resource in rules:
        for name, _ in _FIELDS:
            for element in getattr(rule, name):
                if element.via:
                    for span in _way(rule, name, element):
                        found[span.key].add(_user(rule, resource))
    return found


def _user(rule: SecurityGroupRule, resource: Resource) -> Hashable:
    """What all instances of one rule of a ``count`` or ``for_each`` have in common."""
    return rule.span.key, tuple(step.span.key for step in resource.declared.callers)


def _way(rule: SecurityGroupRule, name: str, element: Val) -> tuple[Span, ...]:
    """The places from where a range is written to where the rule says it."""
    span = element.of.span if element.of is not None else element.span
    written = (section.expression(steps[-1]) for section, steps in rule.written_at(name))
    said = next((one for one in written if one is not None), None)
    return (span, *(step.span for step in element.via), *(() if said is None else (said,)))


def _group(graph: Graph, rule: SecurityGroupRule, resource: Resource) -> Resource | None:
    """The group of a rule, where that is certain."""
    if not isinstance(rule, SeparateSecurityGroupRule):
        return resource
    return graph.only(rule, "security_group", SecurityGroup)


def _range(place: Place, element: Val, family: Family) -> RuleSource:
    """One address range as a source; one that cannot be read may be anything of its family."""
    texts = _alternatives(element)
    if texts is None:
        if not isinstance(element, Unknown):
            return RuleSource(place, (), (AddressSet.everything(family),), ())
        bound = bound_of(element, family)
        size = 1 << (family.bits - bound.lengths[0]) if bound.lengths else None
        return RuleSource(place, (), (bound.upper,), (element,), size)
    sets = []
    for text in texts:
        if text is None:  # an arm that leaves it out
            sets.append(AddressSet.nothing(family))
            continue
        parsed = parse_cidr(text) if isinstance(text, str) else None
        if parsed is None or parsed.family is not family:
            words = f'"{text}" is not an {"IPv4" if family is Family.IPV4 else "IPv6"} range'
            flaw = Unknown(words, "error", element.span, element.via)
            everything = (AddressSet.everything(family),)
            return RuleSource(place, (), everything, (flaw, *_unknown(element)))
        sets.append(parsed.addresses)
    lower, upper = sets[0], AddressSet.union(family, sets)
    for other in sets[1:]:
        lower &= other
    return RuleSource(place, (lower,), (upper,), _unknown(element))


def _unknown(value: Val) -> tuple[Unknown, ...]:
    return (value,) if isinstance(value, Unknown) else ()


def _prefix_lists(
    graph: Graph, rule: SecurityGroupRule, resource: Resource
) -> Iterator[RuleSource]:
    for edge in graph.follow(resource, rule, "prefix_lists"):
        place = rule.place("prefix_lists", edge.value)
        if isinstance(edge.target, PrefixList):
            listed = _entries(graph, edge.target)
            yield RuleSource(place, listed.lower, listed.upper, listed.causes, hops=listed.hops)
        elif is_aws_managed(edge):
            yield RuleSource(place, (), ())  # AWS's own services or its edge: not the internet
        else:
            words = "what the prefix list holds is not in the source"
            unknown = (
                edge.value
                if isinstance(edge.value, Unknown) and edge.target is None
                else Unknown(words, "external-id", edge.value.span, edge.value.via)
            )
            upper = tuple(AddressSet.everything(family) for family in Family)
            yield RuleSource(place, (), upper, (unknown,))


class _Listed(NamedTuple):
    """What the entries of a prefix list come to, as in ``RuleSource``."""

    lower: tuple[AddressSet, ...]
    upper: tuple[AddressSet, ...]
    causes: tuple[Unknown, ...]
    hops: tuple[Step, ...]


@remembered
def _entries(graph: Graph, prefix_list: PrefixList) -> _Listed:
    lower: list[AddressSet] = []
    upper: list[AddressSet] = []
    causes: list[Unknown] = []
    hops: list[Step] = []
    for entry, cidr, family in listed_entries(graph, prefix_list):
        read = _range(entry.place("cidr"), cidr, family)
        if any(addresses.size >= BROAD_SIZE[family] for addresses in read.lower):
            hops.append(Step(read.place.span, f"{cidr.text} is in {prefix_list.address}"))
        if entry.presence.certain:
            lower.extend(read.lower)
        elif entry.presence.cause is not None:
            causes.append(entry.presence.cause)
        upper.extend(read.upper)
        causes.extend(read.causes)
    return _Listed(tuple(lower), tuple(upper), tuple(causes), tuple(hops))


def _union(sets: Iterable[PortSet]) -> PortSet:
    joined = NO_PORTS
    for ports in sets:
        joined |= ports
    return joined


def _intersection(sets: Iterable[PortSet]) -> PortSet:
    shared = ALL_PORTS
    for ports in sets:
        shared &= ports
    return shared


def _alternatives(value: Val | None) -> list[Data] | None:
    """What a value can be: its data, or its candidates'; ``None`` where unknown."""
    if value is None:
        return [None]
    if isinstance(value, Value):
        return [value.data]
    found: list[Data] = list(map(_number_or_text, listed(value))) if not value.candidates else []
    for candidate in value.candidates:
        inner = _alternatives(candidate)
        if inner is None:
            return None
        found.extend(inner)
    return found if 0 < len(found) <= _ALTERNATIVES else None


def _number_or_text(text: str) -> Data:
    return int(text) if text.isdecimal() else text


def _integer(data: Data) -> int | None:
    return data if isinstance(data, int) and not isinstance(data, bool) else None
