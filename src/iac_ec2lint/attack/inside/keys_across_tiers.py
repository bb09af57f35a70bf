"""Key pairs that open instances of several tiers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Final, NamedTuple

from iac_ec2lint.attack.wording import join_words
from iac_ec2lint.compute.keys.launch_keys import LaunchKey, launch_keys
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.hosts.workloads import Eni, Workload, workloads
from iac_ec2lint.network.routing.routing import internet_clients
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.resources.emr_cluster import EmrCluster
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Answer, Unknown, Val
from iac_ec2lint.values.inputs import input_of

_TIER_TAGS: Final = ("tier", "role")
"""The keys of tags that name a tier."""


class Trait(NamedTuple):
    """What tells the tier of a host: its security groups, its kind of subnets, or a tag.

    Attributes:
        kind: Which of them.
        value: What it is; ``None`` where it is unknown.
        words: The same in words; why it is unknown, where it is.
        gap: Why it is unknown, where that is a value.
        named: The inputs that say what it is, where it is unknown: those of the same are the same.
    """

    kind: str
    value: Hashable
    words: str
    gap: Unknown | None = None
    named: Hashable = None


class OpenedTier(NamedTuple):
    """A host that a key pair opens, for all that are of its tier.

    Attributes:
        host: The host.
        key: The key pair that it is launched with.
        traits: What tells its tier.
        exists: Whether there are instances of it.
    """

    host: Resource
    key: LaunchKey
    traits: tuple[Trait, ...]
    exists: Answer


class KeyAcrossTiers(NamedTuple):
    """A key pair that opens hosts of several tiers, or may.

    Attributes:
        hosts: A host of each tier, the first one in a public subnet, or with a key pair that is not
            known.
        differs: In what their tiers surely differ: kinds of traits; empty where that is open.
        answer: Whether it is one key pair, and they are several tiers.
    """

    hosts: tuple[OpenedTier, ...]
    differs: tuple[str, ...]
    answer: Answer

    @property
    def pairs(self) -> tuple[str, ...]:
        """The names of its key pairs: several may be made of one public key."""
        names = (host.key.value.text for host in self.hosts)
        return tuple(dict.fromkeys(name for name in names if name is not None))

    @property
    def place(self) -> tuple[Resource, Place]:
        """What gives the first host its key pair, and where that is said for this one alone.

        That is where it is written; where others read it from there too, the nearest place on its
        way that is this host's own.
        """
        first, *others = self.hosts
        declaring, place = first.key.launch.place("key_pair")
        shared = {span.key for host in others for span in _way(host)}
        own = next((span for span in _way(first) if span.key not in shared), None)
        return declaring, place if own is None else place._replace(span=own)

    @property
    def hops(self) -> tuple[Evidence, ...]:
        """What says that each is launched with it, and what tells its tier."""
        return tuple(map(self._hop, self.hosts))

    def _hop(self, host: OpenedTier) -> Evidence:
        telling = [t.words for t in host.traits if t.kind in self.differs or not self.differs]
        words = f"{host.host.address} is launched with it: {join_words(telling)}"
        return Evidence(host.key.value.span, words, host.host.address)


def _way(host: OpenedTier) -> Iterator[Span]:
    """The places from where a key pair is named to where a launch says it."""
    value, settings = host.key.value, host.key.launch.settings
    yield value.of.span if value.of is not None else value.span
    yield from (step.span for step in value.via)
    for section, steps in settings.written_at("key_pair"):
        said = section.expression(steps[-1])
        if said is not None:
            yield said


def keys_across_tiers(graph: Graph) -> Iterator[KeyAcrossTiers]:
    """The key pairs that instances of more than one tier are launched with.

    Hosts are of different tiers where their security groups differ, where the subnets of one are
    public and those of the other are not, or where tags ``Tier`` or ``Role`` say so. All instances
    of one group, fleet or node group are one host.
    """
    settled: list[list[OpenedTier]] = []
    unknown: list[list[OpenedTier]] = []
    for alike in _by_key(_hosts(graph)):
        found = _across(alike)
        if found is not None:
            yield found
        # What opens several tiers anyway need not be that of another one.
        open_ = alike[0].key.unknown is not None and (found is None or not found.differs)
        (unknown if open_ else settled).append(alike)
    for number, alike in enumerate(unknown, 1):
        found = _possible(alike[0], _one_of_each((*settled, *unknown[number:])))
        if found is not None:
            yield found


def _hosts(graph: Graph) -> Iterator[OpenedTier]:
    for workload in workloads(graph):
        if workload.exists.truth is False:
            continue
        ways = list(dict.fromkeys(eni.launch for eni in workload.enis))
        if isinstance(workload.resource, EmrCluster):
            del ways[1:]  # its nodes are told apart by what they do, and have one key
        for launch in ways:
            enis = [eni for eni in workload.enis if eni.launch == launch]
            for key in launch_keys(graph, launch):
                traits = tuple(_traits(graph, workload, enis))
                yield OpenedTier(workload.resource, key, traits, workload.exists)


def _by_key(hosts: Iterable[OpenedTier]) -> list[list[OpenedTier]]:
    """The hosts by key pair: whatever shares an identity is one."""
    named: dict[str, list[OpenedTier]] = {}
    groups: dict[int, list[OpenedTier]] = {}
    for host in hosts:
        met = {id(named[name]): named[name] for name in host.key.identity if name in named}
        group, *others = met.values() or ([],)
        group.append(host)
        for other in others:
            group.extend(other)
            del groups[id(other)]
            named.update({name: group for one in other for name in one.key.identity})
        groups[id(group)] = group
        named.update(dict.fromkeys(host.key.identity, group))
    return list(groups.values())


def _across(alike: list[OpenedTier]) -> KeyAcrossTiers | None:
    """What hosts with one key pair come to."""
    differs: list[str] = []
    gaps: list[Unknown] = []
    for kind in dict.fromkeys(trait.kind for host in alike for trait in host.traits):
        own = [t for host in alike for t in host.traits if t.kind == kind]
        known = {t.value for t in own if t.value is not None}
        if len(known) > 1:
            differs.append(kind)
        elif None not in (names := {t.named for t in own}) and len(names) == 1 and not known:
            continue
        elif len(alike) > 1 and (known or kind in (_GROUPS, _SUBNETS)):
            gaps += [t.gap for t in own if t.gap is not None]
    if not differs and not (gaps and len({host.host for host in alike}) > 1):
        return None
    exist = [host.exists for host in alike]
    answer = Answer(True if differs else None, () if differs else tuple(dict.fromkeys(gaps)))
    for one in exist:
        answer = answer & one
    return KeyAcrossTiers(_first_of_each(alike), tuple(differs), answer)


def _possible(host: OpenedTier, others: Iterable[OpenedTier]) -> KeyAcrossTiers | None:
    """What a key pair that is not known may come to: it may be that of another tier."""
    for other in others:
        same = host.key.is_same(other.key)
        found = None if same.truth is False else _across([host, other])
        if found is not None:
            return found._replace(hosts=(host, other), answer=found.answer & same)
    return None


def _one_of_each(grouped: Iterable[list[OpenedTier]]) -> Iterator[OpenedTier]:
    """A host of each tier, whatever its key pair."""
    seen: set[object] = set()
    for alike in grouped:
        for host in alike:
            if host.traits not in seen:
                seen.add(host.traits)
                yield host


def _first_of_each(alike: list[OpenedTier]) -> tuple[OpenedTier, ...]:
    firsts: dict[object, OpenedTier] = {}
    for host in sorted(alike, key=lambda h: (not _is_public(h), h.host.address)):
        # One of whose tier something is not known stands for itself alone.
        tier = (host.host.address if t.value is None else (t.kind, t.value) for t in host.traits)
        firsts.setdefault(tuple(tier), host)
    return tuple(firsts.values())


def _is_public(host: OpenedTier) -> bool:
    return any(trait.kind == _SUBNETS and trait.value == _PUBLIC for trait in host.traits)


_GROUPS: Final = "security groups"
_SUBNETS: Final = "subnets"
_PUBLIC: Final = "public subnets"
_PRIVATE: Final = "private subnets"


def _traits(graph: Graph, workload: Workload, enis: list[Eni]) -> Iterator[Trait]:
    yield _groups(enis)
    yield _subnets(graph, enis)
    tags = {name.lower(): value for name, value in workload.resource.tags.items()}
    unknown = workload.resource.unknown_tags
    for name in _TIER_TAGS:
        value = tags.get(name, unknown)
        if value is not None:
            yield _tag(name, value)


def _named(written: Iterable[str | Val | None]) -> Hashable:
    """The inputs, and addresses, that are written for a trait; ``None`` where others are too."""
    names = frozenset(
        one if isinstance(one, str) or one is None else input_of(one) for one in written
    )
    return None if None in names else names


def _groups(enis: list[Eni]) -> Trait:
    attached = dict.fromkeys(group for eni in enis for group in eni.groups)
    unknown = next((g for g in attached if g.group is None or not g.certain), None)
    if unknown is not None:
        value = unknown.value
        gap = value if isinstance(value, Unknown) else None
        named = _named(
            g.group.address if g.group is not None and g.certain else g.value for g in attached
        )
        return Trait(_GROUPS, None, "security groups that are not known", gap, named)
    names = sorted({g.group.address for g in attached if g.group is not None})
    words = f"the security group{'s' if len(names) > 1 else ''} {' and '.join(names)}"
    return Trait(_GROUPS, tuple(names), words if names else "no security group")


def _subnets(graph: Graph, enis: list[Eni]) -> Trait:
    kinds: set[str] = set()
    gaps: list[Unknown] = []
    unknown = False
    for eni in enis:
        clients = internet_clients(graph, eni.placement.subnet, Family.IPV4)
        if eni.placement.gap is not None:
            gaps.append(eni.placement.gap)
        elif not clients.addresses.upper:
            kinds.add(_PRIVATE)
        elif clients.addresses.lower:
            kinds.add(_PUBLIC)
        else:
            unknown = True
            gaps += clients.causes
    if unknown or gaps:
        named = _named(eni.placement.value for eni in enis)
        return Trait(_SUBNETS, None, "subnets that are not known", next(iter(gaps), None), named)
    # Those of both kinds are neither of another exposure than the one nor than the other.
    only = next(iter(kinds)) if len(kinds) == 1 else None
    return Trait(_SUBNETS, only, only or "public and private subnets")


def _tag(name: str, value: Val) -> Trait:
    if isinstance(value, Unknown):
        return Trait(f"tag {name}", None, f"a tag {name} that is not known", value)
    return Trait(f"tag {name}", value.text, f'the tag {name} "{value.text}"')
