"""What each entry of a network ACL does, given the entries of lower numbers.

Source: VPC User Guide, "Network ACL rules"; semantics.md, A1 and B5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External
from iac_ec2lint.network.filters.network_acl_entries import (
    AclEntry,
    acl_entries,
    separate_entries,
)
from iac_ec2lint.network.filters.own_blocks import own_block_size
from iac_ec2lint.network.sets.addresses import (
    BROAD_SIZE,
    AddressSet,
    Family,
    Openness,
    internet,
    openness,
)
from iac_ec2lint.network.sets.approximation import TooManyRangesError
from iac_ec2lint.network.sets.blocks import read_block
from iac_ec2lint.network.sets.traffic import Direction, Match, TrafficSet
from iac_ec2lint.network.verdicts.conditional_presence import UNCONDITIONAL, condition
from iac_ec2lint.resources.network_acl import (
    NetworkAcl,
    NetworkAclAssociation,
    SeparateNetworkAclEntry,
)
from iac_ec2lint.values import NO, Answer, Unknown, exclude
from iac_ec2lint.values.unfilled import to_fill_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.values import Input


class AclEffect(NamedTuple):
    """What an entry does.

    Attributes:
        entry: The entry.
        surely: Of an entry that allows, the traffic that it certainly lets through where it is
            there: no entry that may come before it denies that. Of one that denies, the traffic
            that it certainly takes.
        perhaps: The same, as it may be.
        overruled: Of the traffic of an entry that denies, what an earlier entry certainly allows.
        perhaps_overruled: The same, as it may be.
        gaps: What it hangs on: the unknowns in it, in those before it, and in those that may be.
    """

    entry: AclEntry
    surely: TrafficSet
    perhaps: TrafficSet
    overruled: TrafficSet
    perhaps_overruled: TrafficSet
    gaps: tuple[Unknown, ...] = ()


@remembered
def network_acls(graph: Graph) -> tuple[Resource, ...]:
    """The network ACLs that are declared, or that an entry or an association names, by address.

    Default ones that nobody adopts are among them, and ones that are declared elsewhere.
    """
    found: dict[Resource, None] = dict.fromkeys(graph.all(NetworkAcl))
    for user in graph.all(SeparateNetworkAclEntry, NetworkAclAssociation):
        found.update(
            (edge.target, None)
            for edge in graph.targets(user, "network_acl")
            if edge.target is not None
        )
    return tuple(sorted(found, key=lambda acl: acl.address))


def acl_to_fill_in(graph: Graph, entry: Resource) -> Input | None:
    """The input that leaves open which network ACL an entry is of; see ``to_fill_in``."""
    edges = (
        graph.targets(entry, "network_acl") if isinstance(entry, SeparateNetworkAclEntry) else ()
    )
    return next((left for edge in edges if (left := to_fill_in(edge.value)) is not None), None)


@remembered
def acl_effects(
    graph: Graph, acl: Resource, family: Family, direction: Direction
) -> tuple[AclEffect, ...]:
    """What each entry of a network ACL does, in order; those of unknown numbers last."""
    return _effects_of(graph, acl, family, direction)


@remembered
def _effects_but_for_few(
    graph: Graph, acl: Resource, family: Family, direction: Direction
) -> tuple[AclEffect, ...]:
    """The same, but for what denies an unknown block that is too small to be the internet."""
    return _effects_of(
        graph, acl, family, direction, lambda entry: not _denies_few(graph, entry, family)
    )


def _effects_of(
    graph: Graph,
    acl: Resource,
    family: Family,
    direction: Direction,
    counts: Callable[[AclEntry], bool] | None = None,
) -> tuple[AclEffect, ...]:
    given = UNCONDITIONAL if not isinstance(acl, NetworkAcl) else condition(acl.presence)
    entries = tuple(filter(counts, acl_entries(graph, acl, family, direction, given)))
    gaps: tuple[Unknown, ...] = ()
    if isinstance(acl, External):
        words = f"the other entries of {acl.address} are not in the source"
        gaps = (Unknown(words, "external-id", acl.span),)
    try:
        found = tuple(_effects(entries, family, gaps))
    except TooManyRangesError:
        nothing, every = _nothing(family), _everything(family)
        found = tuple(AclEffect(e, nothing, every, nothing, every, gaps) for e in entries)
    # An entry that may be any network ACL's is judged by itself.
    loose = {edge.source for edge in graph.unresolved("network_acl")}
    return tuple(effect for effect in found if effect.entry.resource not in loose)


def _nothing(family: Family) -> TrafficSet:
    return TrafficSet.nothing(family)


def _everything(family: Family) -> TrafficSet:
    return TrafficSet.everything(AddressSet.everything(family))


def _upper(family: Family, entries: Iterable[AclEntry], gaps: tuple[Unknown, ...]) -> TrafficSet:
    if gaps:
        return _everything(family)
    return TrafficSet.of(family, (match for entry in entries for match in entry.upper))


def _effects(
    entries: tuple[AclEntry, ...], family: Family, gaps: tuple[Unknown, ...]
) -> Iterator[AclEffect]:
    loose = [entry for entry in entries if entry.number is None]
    before = dict.fromkeys(cause for entry in loose for cause in entry.causes)
    allowed = denied = _nothing(family)
    # What may be taken before, by entries that are not here or whose numbers are not known too.
    perhaps_allowed = _upper(family, (e for e in loose if _may_allow(e)), gaps)
    perhaps_denied = _upper(family, (e for e in loose if _may_deny(e)), gaps)
    for entry in entries:
        lower, upper = TrafficSet.of(family, entry.lower), TrafficSet.of(family, entry.upper)
        if entry.number is None:
            # It may stand before all others, or behind them: what none of them may take is sure.
            others = [one for one in entries if one is not entry]
            sure = nothing = _nothing(family)
            if entry.allows is not None:
                against = _may_deny if entry.allows else _may_allow
                own = TrafficSet.of(family, entry.if_there if entry.allows else entry.lower)
                sure = own - _upper(family, filter(against, others), gaps)
            maybe = upper & perhaps_allowed
            yield AclEffect(entry, sure, upper, nothing, maybe, (*gaps, *entry.causes))
            continue
        left = upper - allowed - denied
        sure = lower - perhaps_denied
        own = TrafficSet.of(family, entry.if_there) - perhaps_denied
        if entry.allows is False:
            sure, own = sure - perhaps_allowed, own - perhaps_allowed
        yield AclEffect(
            entry,
            # What may allow or deny does neither for sure.
            own if left and entry.allows is not None else _nothing(family),
            left,
            upper & allowed,
            upper & perhaps_allowed,
            tuple(dict.fromkeys((*gaps, *before, *entry.causes))),
        )
        before.update(dict.fromkeys(entry.causes))
        if entry.allows is True:
            allowed |= sure
        elif entry.allows is False:
            denied |= sure
        if _may_allow(entry):
            perhaps_allowed |= upper
        if _may_deny(entry):
            perhaps_denied |= upper


def _may_allow(entry: AclEntry) -> bool:
    return entry.allows is not False


def _may_deny(entry: AclEntry) -> bool:
    return entry.allows is not True


class Opening(NamedTuple):
    """An entry through which the internet gets something, alone or together with others.

    Attributes:
        acl: The network ACL.
        effect: The entry.
        certain: Whether it does so certainly, where it is there.
    """

    acl: Resource
    effect: AclEffect
    certain: bool

    @property
    def entry(self) -> AclEntry:
        """The entry."""
        return self.effect.entry

    @property
    def subject(self) -> Resource:
        """What is judged: the network ACL, or the entry where that is not declared here."""
        return self.acl if isinstance(self.acl, NetworkAcl) else self.entry.resource

    @property
    def place(self) -> Place | None:
        """Where its block is written; ``None`` of the entry that AWS made."""
        written = self.entry.written
        if written is None:
            return None
        is_ipv4 = self.effect.perhaps.family is Family.IPV4
        return written.place("cidr_block" if is_ipv4 else "ipv6_cidr_block")


Asked = Callable[[tuple[Match, ...], TrafficSet], AddressSet]
"""The addresses to which an entry opens what is asked for, given what it matches and lets by."""


def openings(graph: Graph, direction: Direction, asked: Asked) -> Iterator[Opening]:
    """The allowing entries that open something to the internet, of all network ACLs.

    Args:
        graph: The graph.
        direction: ``ingress`` or ``egress``.
        asked: What is asked for.
    """
    for family in Family:
        for acl in network_acls(graph):
            effects = acl_effects(graph, acl, family, direction)
            # Of the internet a few unknown addresses may be missing.
            but_for_few = _effects_but_for_few(graph, acl, family, direction)
            yield from _openings(graph, acl, effects, but_for_few, asked)
        for effect in _of_unknown_acls(graph, family, direction):
            yield from _openings(graph, effect.entry.resource, (effect,), (effect,), asked)


def _openings(
    graph: Graph,
    acl: Resource,
    effects: tuple[AclEffect, ...],
    but_for_few: tuple[AclEffect, ...],
    asked: Asked,
) -> Iterator[Opening]:
    allowing = [effect for effect in effects if _may_allow(effect.entry)]
    if not allowing:
        return
    lower = [
        asked(effect.entry.if_there if effect.entry.allows else (), effect.surely)
        for effect in but_for_few
        if _may_allow(effect.entry)
    ]
    alone = [_is_world(sources) for sources in lower]
    if not any(alone) and _is_world(_joined(lower)):
        alone = _together(lower)
    upper = [
        _none_of(lower[0])
        if _is_bounded(graph, effect.entry, lower[0].family)
        else asked(effect.entry.upper, effect.perhaps)
        for effect in allowing
    ]
    perhaps = [_is_world(sources) for sources in upper]
    if not any(perhaps) and not any(alone) and _is_world(_joined(upper)):
        perhaps = _together(upper)
    for effect, certain, possible in zip(allowing, alone, perhaps, strict=True):
        if certain or possible:
            yield Opening(acl, effect, certain)


def are_together(one: AclEntry, other: AclEntry) -> Answer:
    """Whether two entries are ever in a network ACL together, where one of them is there."""
    presences = [entry.resource.presence for entry in (one, other)]
    presences += [entry.written.presence for entry in (one, other) if entry.written is not None]
    if exclude(*(presence.guard for presence in presences)):
        return NO
    own = {presence.cause for presence in presences}
    gaps = tuple(cause for cause in (*one.existence, *other.existence) if cause not in own)
    if len({condition(presence) for presence in presences if not presence.certain}) > 1:
        gaps += tuple(cause for cause in own if cause is not None)
    return Answer(None if gaps else True, gaps)


@remembered
def _of_unknown_acls(graph: Graph, family: Family, direction: Direction) -> tuple[AclEffect, ...]:
    """What entries of network ACLs that are unknown may do."""
    nothing = _nothing(family)
    found: list[AclEffect] = []
    for edge in graph.unresolved("network_acl"):
        if isinstance(edge.source, SeparateNetworkAclEntry):
            cause = edge.value if isinstance(edge.value, Unknown) else None
            causes = () if cause is None else (cause,)
            for entry in separate_entries(edge.source, family, direction, causes):
                upper = TrafficSet.of(family, entry.upper)
                found.append(AclEffect(entry, nothing, upper, nothing, upper, entry.causes))
    return tuple(found)


def _none_of(sources: AddressSet) -> AddressSet:
    return AddressSet.nothing(sources.family)


def _joined(sources: list[AddressSet]) -> AddressSet:
    return AddressSet.union(sources[0].family, sources)


def _is_world(sources: AddressSet) -> bool:
    return openness(sources) is Openness.WORLD


def _together(sources: list[AddressSet]) -> list[bool]:
    """Which of some sets, the largest first, are the internet only together."""
    public = internet(sources[0].family)
    order = sorted(range(len(sources)), key=lambda at: -(sources[at] & public).size)
    found = [False] * len(sources)
    joint = _none_of(sources[0])
    for at in order:
        found[at] = True
        joint |= sources[at]
        if _is_world(joint):
            break
    return found


def _denies_few(graph: Graph, entry: AclEntry, family: Family) -> bool:
    """Whether an entry denies an unknown block, and at most what is too small to be the internet.

    As many of them as a network ACL can have (40) leave the internet what it is, but for a block
    that is hardly more than half of it.
    """
    return entry.allows is False and _is_bounded(graph, entry, family)


def _is_bounded(graph: Graph, entry: AclEntry, family: Family) -> bool:
    """Whether the block of an entry is unknown, and too small to be the internet."""
    if entry.written is None:
        return False
    block = entry.written.cidr_block if family is Family.IPV4 else entry.written.ipv6_cidr_block
    if not isinstance(block, Unknown):
        return False
    own = own_block_size(graph, block, family)
    most = read_block(block, family).most if own is None else own
    return most < BROAD_SIZE[family]
