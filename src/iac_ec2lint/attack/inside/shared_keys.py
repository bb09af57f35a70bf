"""Key pairs of exposed hosts that open hosts inside as well.

Whoever takes over the first host finds the private key there more often than one would like, in an
agent or a file: the second then asks for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.attack.entry.entries import AttackEntry, entries
from iac_ec2lint.attack.entry.facts import hop_evidence
from iac_ec2lint.attack.inside.equivalence import host_key
from iac_ec2lint.attack.inside.tier_steps import Tier
from iac_ec2lint.attack.inside.tiers import Tiers, tiers_of
from iac_ec2lint.compute.keys.launch_keys import LaunchKey, launch_keys
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.reachability.exposed_ports import exposed_ports
from iac_ec2lint.network.sets.ports import NO_PORTS, TCP, PortSet
from iac_ec2lint.network.verdicts.ways import Way, conjunction, disjunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import YES, Answer

_SSH = PortSet(((22, 22),))


class OpenedHost(NamedTuple):
    """A host inside that a key pair opens.

    Attributes:
        resource: The host.
        alike: The addresses of it and of those that are like it.
        answer: Whether it is opened by that key pair, and reached over SSH from the exposed host.
        place: What says that it is launched with the key pair.
        way: The way to it.
    """

    resource: Resource
    alike: tuple[str, ...]
    answer: Answer
    place: Evidence
    way: Way

    @property
    def hops(self) -> tuple[Evidence, ...]:
        """What says so."""
        return (self.place, *hop_evidence(self.way.explain().hops))


class SharedKey(NamedTuple):
    """The key pair of an exposed host that opens hosts inside.

    Attributes:
        entry: The way in to the exposed host, over SSH.
        place: What says that it is launched with the key pair.
        opened: The hosts inside: those that are surely opened, or else those that may be.
        answer: Whether all of that holds beyond the entry.
    """

    entry: AttackEntry
    place: Evidence
    opened: tuple[OpenedHost, ...]
    answer: Answer


def shared_keys(graph: Graph) -> Iterator[SharedKey]:
    """The exposed hosts whose key pair opens hosts that are not exposed."""
    exposed = {e.workload.resource for e in exposed_ports(graph)}
    tiers = tiers_of(graph)
    inner: dict[Tier, dict[object, list[tuple[Workload, LaunchKey]]]] = {}
    for workload in workloads(graph):
        if workload.resource not in exposed and workload.exists.truth is not False:
            for key in _keys(graph, workload):
                tier = tiers.of.get(workload.resource.address)
                if tier is not None:
                    mark = key.candidates, key.unknown
                    inner.setdefault(tier, {}).setdefault(mark, []).append((workload, key))
    done: set[object] = set()
    for entry in entries(graph, _ssh):
        own = entry.entrance.workload
        for key in _keys(graph, own):
            once = (host_key(own), key.candidates, key.unknown, entry.entrance.via)
            if once in done:
                continue
            done.add(once)
            found = [
                opened
                for tier in _near(graph, tiers, tiers.of[own.resource.address])
                for alike in inner.get(tier, {}).values()
                if (opened := _opened(graph, own, key, alike)) is not None
            ]
            firm = [opened for opened in found if opened.answer.truth]
            causes = (cause for opened in found for cause in opened.answer.causes)
            if found:
                answer = YES if firm else Answer(None, tuple(dict.fromkeys(causes)))
                yield SharedKey(entry, key_evidence(key), tuple(firm or found), answer)


def _near(graph: Graph, tiers: Tiers, tier: Tier) -> dict[Tier, None]:
    """The tiers that a host may get to, whatever the way."""
    return dict.fromkeys((*tiers.near(graph, tier), *tiers.around(graph, tier)))


def _opened(
    graph: Graph, own: Workload, key: LaunchKey, alike: list[tuple[Workload, LaunchKey]]
) -> OpenedHost | None:
    """What says that a key opens other hosts, which the first one reaches over SSH."""
    other, theirs = alike[0]
    same = key.is_same(theirs)
    if same.truth is False:
        return None
    ways = list(tiers_of(graph).ways_between(graph, own, other, 22))
    reached = disjunction(way.truth for way in ways)
    if reached is False:
        return None
    way = next(way for way in ways if way.truth is reached)
    truth = conjunction((same.truth, reached))
    missing = way.explain().missing if reached is None else ()
    causes = () if truth else (*same.causes, *missing)
    names = tuple(dict.fromkeys(each.resource.address for each, _ in alike))
    return OpenedHost(other.resource, names, Answer(truth, causes), key_evidence(theirs), way)


def key_evidence(key: LaunchKey) -> Evidence:
    """What says that a host is launched with a key pair."""
    host = key.launch.host
    return Evidence(key.value.span, f"{host.address} is launched with this key pair", host.address)


def _keys(graph: Graph, workload: Workload) -> Iterator[LaunchKey]:
    """The key pairs that a host's instances are launched with."""
    for launch in dict.fromkeys(eni.launch for eni in workload.enis):
        yield from launch_keys(graph, launch)


def _ssh(protocol: int, ports: PortSet) -> PortSet:
    return ports & _SSH if protocol == TCP else NO_PORTS
