"""The rules of network ACLs, and the traffic that they allow, evaluated in order.

Source: VPC User Guide, "Network ACL rules"; EC2 API reference, CreateNetworkAclEntry; semantics.md,
B5.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.graph.other_units import (
    filled_elsewhere,
    filling_unit,
    is_of_another_unit,
)
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation, TooManyRangesError
from iac_ec2lint.network.sets.blocks import read_block
from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    ICMP,
    ICMPV6,
    NO_PORTS,
    PortSet,
    least_port,
    most_port,
    parse_protocol,
    rule_ports,
)
from iac_ec2lint.network.sets.traffic import Direction, Match, TrafficSet
from iac_ec2lint.network.verdicts.conditional_presence import Condition, doubts, part_doubt
from iac_ec2lint.resources.network_acl import (
    NetworkAcl,
    NetworkAclAssociation,
    NetworkAclEntry,
    SeparateNetworkAclEntry,
)
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.verdicts.evidence import Origin
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Step, Val


_INLINE: Final = ("aws_network_acl", "aws_default_network_acl")
"""Where an ICMP type and code that are not written are 0 and not all (the provider's default)."""

DEFAULT_RULE: Final = 100
"""The number of the rule by which a default network ACL allows everything."""


class AclEntry(NamedTuple):
    """A rule of a network ACL, for one family.

    Attributes:
        number: Its number; ``None`` where it is unknown, and with it its place in the order.
        allows: Whether it allows; ``None`` where that is unknown.
        lower: The traffic that it certainly applies to.
        upper: The traffic that it may apply to.
        resource: The resource that declares it: the ACL, or its own.
        span: Where it is written.
        attribute: Its path in that resource.
        causes: The unknowns in it, and those that its existence depends on.
        origin: Whether it is written, or AWS made it.
        assumptions: What it rests on that another deployment may change.
        written: The entry as it is written; ``None`` for the one that AWS made.
        if_there: The traffic that it certainly applies to where it exists.
        existence: The unknowns that it depends on whether it is one of this network ACL.
    """

    number: int | None
    allows: bool | None
    lower: tuple[Match, ...]
    upper: tuple[Match, ...]
    resource: Resource
    span: Span
    attribute: str
    causes: tuple[Unknown, ...] = ()
    origin: Origin = "explicit"
    assumptions: tuple[Step, ...] = ()
    written: NetworkAclEntry | None = None
    if_there: tuple[Match, ...] = ()
    existence: tuple[Unknown, ...] = ()

    @property
    def words(self) -> str:
        """The rule, in words for messages."""
        if self.origin == "default":
            return f"the rule that it is made with ({self.number})"
        return f"rule {self.number}" if self.number is not None else "a rule of unknown number"


class Decided(NamedTuple):
    """The decision of a network ACL on some traffic.

    Attributes:
        addresses: The remote addresses that pass on some of its ports.
        passes: Whether some of it passes; ``None`` where that is unknown.
        entries: The rules that allow or deny it, in order.
        causes: The unknowns that it depends on.
    """

    addresses: Approximation[AddressSet]
    passes: bool | None
    entries: tuple[AclEntry, ...]
    causes: tuple[Unknown, ...]


class AclRules:
    """The rules of a network ACL for one direction and family.

    Args:
        family: The family.
        entries: The rules, in order.
        traffic: The traffic that they allow.
    """

    __slots__ = ("_decided", "entries", "family", "traffic")

    def __init__(
        self, family: Family, entries: tuple[AclEntry, ...], traffic: Approximation[TrafficSet]
    ) -> None:
        self.family = family
        self.entries = entries
        self.traffic = traffic
        self._decided: dict[Match, Decided] = {}

    def decide(self, wanted: Match) -> Decided:
        """Decides whether some of the given traffic passes, and by which rules."""
        found = self._decided.get(wanted)
        if found is None:
            found = self._decided[wanted] = self._decide(wanted)
        return found

    def _decide(self, wanted: Match) -> Decided:
        rest = whole = TrafficSet.of(self.family, [wanted])
        allowing: list[AclEntry] = []
        denying: list[AclEntry] = []
        for entry in self.entries:
            # One of unknown number may come before all others.
            left = whole if entry.number is None else rest
            if not (TrafficSet.of(self.family, entry.upper) & left):
                continue
            (denying if entry.allows is False else allowing).append(entry)
            if entry.number is not None:
                rest -= TrafficSet.of(self.family, entry.lower)
        passes = self.traffic.mapped(
            lambda traffic: traffic.sources_on_some(wanted.protocol, wanted.ports) & wanted.sources
        )
        entries = tuple(allowing if passes.upper else denying)
        if passes.is_exact:
            return Decided(passes, bool(passes.upper), entries, ())
        causes = tuple(dict.fromkeys(c for e in (*allowing, *denying) for c in e.causes))
        return Decided(passes, None if causes else bool(passes.lower), entries, causes)


def acl_entries(
    graph: Graph, acl: Resource, family: Family, direction: Direction, given: Condition
) -> tuple[AclEntry, ...]:
    """The rules of a network ACL for one family and direction, in order; unknown numbers last.

    Args:
        graph: The graph.
        acl: A ``NetworkAcl``, a VPC's implicit default one, which allows everything, or one that is
            declared elsewhere, of which the entries are found that are declared here.
        family: The address family.
        direction: ``ingress`` or ``egress``.
        given: The condition of the subnet, which is assumed to exist.
    """
    found: list[AclEntry] = []
    if isinstance(acl, NetworkAcl):
        for entry in acl.ingress if direction == "ingress" else acl.egress:
            cause = part_doubt(acl, entry, given)
            found.extend(_read(acl, entry, family, () if cause is None else (cause,)))
    elif isinstance(acl, Implicit):
        found.append(_allow_all(acl, family))
    for edge in graph.sources(acl, "network_acl"):
        if isinstance(edge.source, SeparateNetworkAclEntry):
            causes = doubts(edge, edge.source, given=given)
            found.extend(separate_entries(edge.source, family, direction, causes))
    for edge in graph.unresolved("network_acl"):
        if isinstance(edge.source, SeparateNetworkAclEntry):
            reason = edge.value.reason if isinstance(edge.value, Unknown) else "its ACL is unknown"
            words = f"{edge.source.address} may be a rule of {acl.address}: {reason}"
            cause = Unknown(words, "may-attach", edge.value.span, edge.value.via)
            found.extend(separate_entries(edge.source, family, direction, (cause,)))
    by = filling_unit(graph, acl, SeparateNetworkAclEntry)
    is_default = isinstance(acl, NetworkAcl) and acl.is_default
    if is_default and not by:  # another one may take its place
        by = filling_unit(graph, acl, "aws_network_acl", NetworkAclAssociation)
    empty = isinstance(acl, NetworkAcl) and not found and not is_default
    if not isinstance(acl, Implicit) and (by or (empty and is_of_another_unit(graph, acl))):
        found.append(_of_third_unit(graph, acl, family, direction, by))
    found.sort(key=_order)
    return tuple(found)


def _of_third_unit(
    graph: Graph, acl: Resource, family: Family, direction: Direction, by: str
) -> AclEntry:
    """A rule that a third unit may add, which may allow anything.

    That it may deny what the others allow is left aside: that would hide what is open.
    """
    cause = filled_elsewhere(graph, acl, f"{direction} rules", by)
    everything = (Match(ALL, ALL_PORTS, AddressSet.everything(family)),)
    return AclEntry(None, True, (), everything, acl, acl.span, "", (cause,), existence=(cause,))


def allowed_traffic(entries: Iterable[AclEntry], family: Family) -> Approximation[TrafficSet]:
    """The traffic that rules allow: the first rule that matches decides; without a match, deny.

    Rules of unknown number come first where they deny and last where they allow in the lower set,
    and the other way round in the upper set.
    """
    listed = sorted(entries, key=_order)
    loose = [entry for entry in listed if entry.number is None]
    known = [entry for entry in listed if entry.number is not None]
    denying = [entry for entry in loose if entry.allows is not True]
    allowing = [entry for entry in loose if entry.allows is not False]
    truncated = False
    try:
        lower = _lower([*denying, *known, *(e for e in loose if e.allows is True)], family)
    except TooManyRangesError:
        lower, truncated = TrafficSet.nothing(family), True
    exact = not loose and all(e.lower == e.upper and e.allows is not None for e in known)
    if exact and not truncated:
        return Approximation.exactly(lower)
    try:
        upper = _upper([*allowing, *known, *(e for e in loose if e.allows is False)], family)
    except TooManyRangesError:
        upper, truncated = TrafficSet.everything(AddressSet.everything(family)), True
    return Approximation(lower, upper, truncated=truncated)


def _lower(entries: Iterable[AclEntry], family: Family) -> TrafficSet:
    """The traffic that is certainly allowed: certain allows, less all that may be denied before."""
    passed = TrafficSet.nothing(family)
    rest = TrafficSet.everything(AddressSet.everything(family))
    for entry in entries:
        if entry.allows is True:
            passed |= TrafficSet.of(family, entry.lower) & rest
        else:
            rest -= TrafficSet.of(family, entry.upper)
    return passed


def _upper(entries: Iterable[AclEntry], family: Family) -> TrafficSet:
    """The traffic that may be allowed: possible allows, less what is certainly denied before."""
    passed = TrafficSet.nothing(family)
    rest = TrafficSet.everything(AddressSet.everything(family))
    for entry in entries:
        if entry.allows is False:
            rest -= TrafficSet.of(family, entry.lower)
        else:
            passed |= TrafficSet.of(family, entry.upper) & rest
    return passed


def _order(entry: AclEntry) -> tuple[bool, int, str, tuple[object, ...]]:
    number = entry.number
    return (number is None, number or 0, entry.resource.address, entry.span.key)


def separate_entries(
    entry: SeparateNetworkAclEntry,
    family: Family,
    direction: Direction,
    causes: tuple[Unknown, ...],
) -> Iterator[AclEntry]:
    """A rule that is declared apart, if it is of the family and may be of the direction.

    Args:
        entry: The rule.
        family: The address family.
        direction: ``ingress`` or ``egress``.
        causes: The unknowns that its existence, and whose it is, depend on.
    """
    outward = entry.egress.is_true()
    if outward.truth is (direction == "ingress"):
        return
    yield from _read(entry, entry, family, (*causes, *outward.causes))


def _read(
    resource: Resource, entry: NetworkAclEntry, family: Family, causes: tuple[Unknown, ...]
) -> Iterator[AclEntry]:
    """A rule as what it matches; nothing where it is of the other family."""
    written = entry.cidr_block if family is Family.IPV4 else entry.ipv6_cidr_block
    if written is None or written.is_null or written.text == "":
        return
    block = read_block(written, family)
    lower_ports, upper_ports, gaps = _ports(entry)
    action = _action(entry.action)
    number = entry.rule_number.number if entry.rule_number is not None else None
    unknowns = [*causes, *gaps, *block.causes]
    unknowns.extend(_order_gaps(entry, action, number))
    lower = tuple(
        Match(protocol, ports, block.lower)
        for protocol, ports in lower_ports.items()
        if ports and block.lower
    )
    own = {resource.presence.cause, entry.presence.cause}
    upper = tuple(
        Match(protocol, ports, block.upper)
        for protocol, ports in upper_ports.items()
        if ports and block.upper
    )
    yield AclEntry(
        int(number) if number is not None else None,
        action,
        () if causes else lower,
        upper,
        resource,
        entry.span,
        "" if isinstance(entry, SeparateNetworkAclEntry) else entry.path,
        tuple(dict.fromkeys(unknowns)),
        assumptions=tuple(step for step in written.via if step.assumed),
        written=entry,
        if_there=lower if own.issuperset(causes) else (),
        existence=causes,
    )


def _order_gaps(
    entry: NetworkAclEntry, allows: bool | None, number: int | Decimal | None
) -> Iterator[Unknown]:
    """Why it is not known where an entry stands among the others, or whether it allows."""
    for value, known, what in (
        (entry.action, allows is not None, "whether the entry allows or denies"),
        (entry.rule_number, number is not None, "the number of the entry, and so its place,"),
    ):
        if isinstance(value, Unknown):
            yield value
        elif not known:
            span = entry.span if value is None else value.span
            yield Unknown(f"{what} is not written", "error", span)


def _action(value: Val | None) -> bool | None:
    if value is None:
        return None
    allows = value.test(lambda data: isinstance(data, str) and data.lower() == "allow").truth
    denies = value.test(lambda data: isinstance(data, str) and data.lower() == "deny").truth
    if allows is True:
        return True
    return False if denies is True else None


def _ports(
    entry: NetworkAclEntry,
) -> tuple[Mapping[int, PortSet], Mapping[int, PortSet], tuple[Unknown, ...]]:
    """The ports that a rule certainly covers, those that it may cover, and the unknowns between."""
    written = entry.protocol
    if not isinstance(written, Unknown) or not written.candidates:
        return _ports_of(entry, written)
    upper: dict[int, PortSet] = {}
    for candidate in written.candidates:
        for protocol, ports in _ports_of(entry, candidate)[1].items():
            upper[protocol] = upper.get(protocol, NO_PORTS) | ports
    return {}, upper, (written,)


def _ports_of(
    entry: NetworkAclEntry, written: Val | None
) -> tuple[Mapping[int, PortSet], Mapping[int, PortSet], tuple[Unknown, ...]]:
    """The same of a rule for one protocol."""
    protocol = None if written is None or written.text is None else parse_protocol(written.text)
    if protocol is None:
        gap: tuple[Unknown, ...] = (written,) if isinstance(written, Unknown) else ()
        if not gap:
            span = entry.span if written is None else written.span
            gap = (Unknown("the protocol is none that AWS knows", "error", span),)
        return {}, {ALL: ALL_PORTS}, gap
    if protocol in (ICMP, ICMPV6):
        first, last = entry.icmp_type, entry.icmp_code
    else:
        first, last = entry.from_port, entry.to_port
    if rule_ports(protocol, None, None)[0] == rule_ports(protocol, 1, 1)[0]:
        return {protocol: ALL_PORTS}, {protocol: ALL_PORTS}, ()  # AWS ignores the ports
    unset = 0 if protocol in (ICMP, ICMPV6) and entry.resource_type in _INLINE else None
    gaps = tuple(value for value in (first, last) if isinstance(value, Unknown))
    sets = [
        rule_ports(protocol, low, high)[0]
        for low, high in product(_bounds(first, unset, least_port), _bounds(last, unset, most_port))
    ]
    if protocol in (ICMP, ICMPV6) and any(not value.candidates for value in gaps):
        sets = [ALL_PORTS, NO_PORTS]  # a type or a code alone bounds nothing
    lower, upper = sets[0], sets[0]
    for ports in sets[1:]:
        lower, upper = lower & ports, upper | ports
    if any(not value.candidates for value in gaps):
        lower = NO_PORTS
    return {protocol: lower}, {protocol: upper}, gaps if lower != upper else ()


def _bounds(
    value: Val | None, unset: int | None, extreme: Callable[[Unknown], int | None]
) -> list[int | None]:
    """What a bound of a range can be; of one that is unknown, the bound of the widest range."""
    if isinstance(value, Unknown):
        return [_whole(candidate, unset) for candidate in value.candidates] or [extreme(value)]
    return [_whole(value, unset)]


def _whole(value: Val | None, unset: int | None) -> int | None:
    number = value.number if value is not None else None
    return unset if number is None else int(number)


def _allow_all(acl: Resource, family: Family) -> AclEntry:
    """The rule that AWS creates a default network ACL with."""
    everything = (Match(ALL, ALL_PORTS, AddressSet.everything(family)),)
    span = acl.owner.span if isinstance(acl, Implicit) else acl.span
    owner = acl.owner if isinstance(acl, Implicit) else acl
    return AclEntry(
        DEFAULT_RULE,
        True,
        everything,
        everything,
        owner,
        span,
        "",
        origin="default",
        if_there=everything,
    )
