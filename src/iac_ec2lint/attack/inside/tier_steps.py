"""Tiers, and the steps from one to another over private addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from iac_ec2lint.attack.entry.entries import GROUP
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.inside.lateral import FlowEnd, admitted_ports, crossing_of, lateral_ways
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import NO_PORTS, TCP, PortSet
from iac_ec2lint.network.verdicts.ways import Explanation, Way, disjunction
from iac_ec2lint.resources.part import Resource

_TOLD: Final = 50
"""How many hosts that are alike are told apart."""


@dataclass(frozen=True, eq=False)
class Tier:
    """Hosts, or a data store, that are equivalent; each tier is one object, equal to itself alone.

    Attributes:
        resource: The first of them.
        stands: Its interfaces.
        ports: Of a data store the ports that it may listen on; empty for hosts.
        groups: The addresses of its groups.
        alike: The addresses of all of them.
        placed: Of a data store the interfaces again, each with what says that it may be elsewhere.
    """

    resource: Resource
    stands: tuple[FlowEnd, ...]
    ports: tuple[int, ...]
    groups: frozenset[str]
    alike: dict[str, None]
    placed: tuple[FlowEnd, ...] = ()


class TierStep(NamedTuple):
    """A step from one tier to another.

    Attributes:
        source: Where it begins.
        target: Where it ends.
        port: The TCP port.
        kinds: What it is open on: ``all`` ports, ``administration``, ``data``, ``service``.
        truth: Whether the way is open.
        find_way: Looks the way itself up; most are never told.
    """

    source: Tier
    target: Tier
    port: int
    kinds: frozenset[str]
    truth: bool | None
    find_way: Callable[[], Way]

    @property
    def words(self) -> str:
        """What is reached: ``tcp 5432 of aws_db_instance.main``."""
        return f"{self._what} of {self.target.resource.address}"

    @property
    def ends(self) -> list[str]:
        """The same of all that are alike, where these are not too many to be told apart."""
        alike = self.target.alike
        return [f"{self._what} of {a}" for a in alike] if len(alike) <= _TOLD else [self.words]

    @property
    def _what(self) -> str:
        return "all ports" if "all" in self.kinds else f"tcp {self.port}"

    def explain(self) -> tuple[Explanation, tuple[Evidence, ...]]:
        """What says so, and the edit that breaks it: at the last rule that is written."""
        how = self.find_way().explain()
        for hop in reversed(how.hops):
            if hop.kind == GROUP and hop.origin != "default":
                words = f"admit only what {self.target.resource.address} serves"
                edit = Evidence(hop.span, f"{words}, from its own clients", hop.resource.address)
                return how, (edit,)
        return how, ()


class JudgedStep(NamedTuple):
    """A step as it is for all tiers that are alike: see ``TierStep``.

    Attributes:
        port: The TCP port.
        kinds: What it is open on.
        way: The number of the way among those from one to the other.
        truth: Whether it is open.
    """

    port: int
    kinds: frozenset[str]
    way: int
    truth: bool | None


def judged(graph: Graph, source: Tier, target: Tier) -> JudgedStep | None:
    """The step over private addresses that says most; ``None`` where there is none."""
    lower = upper = NO_PORTS
    for one in source.stands:
        for other in target.stands:
            for family in Family:
                if family is Family.IPV6 and (one.ipv6 is None or other.ipv6 is None):
                    continue
                crossed = crossing_of(graph, one, other, family)
                if crossed.truth is not False:
                    sure, possible = admitted_ports(graph, one, other, TCP, family, crossed)
                    lower |= sure
                    upper |= possible
    for ports in (lower, upper):
        for kinds, number in step_choices(ports, target):
            ways = list(_ways_inside(graph, source, target, number))
            truth = disjunction(way.truth for way in ways)
            if truth is not False:
                first = next(at for at, way in enumerate(ways) if way.truth is truth)
                # Of a data store, what is not known opens nothing else.
                told = kinds - {"all"} if target.ports and ports is not lower else kinds
                return JudgedStep(number, told, first, truth)
    return None


def best_inside(
    graph: Graph, source: Tier, target: Tier, port: int
) -> tuple[int, bool | None] | None:
    """Which of the ways inside is the best, and whether it is open; ``None``: each is closed."""
    truths = [way.truth for way in _ways_inside(graph, source, target, port)]
    truth = disjunction(truths)
    return None if truth is False else (truths.index(truth), truth)


def way_inside(graph: Graph, source: Tier, target: Tier, judged: JudgedStep) -> Way:
    """The way of a step that has been judged."""
    return next(islice(_ways_inside(graph, source, target, judged.port), judged.way, None))


def _ways_inside(graph: Graph, source: Tier, target: Tier, port: int) -> Iterator[Way]:
    if len(target.placed) < 2 or all(_is_open(graph, source, one, port) for one in target.stands):
        return lateral_ways(graph, source.stands, target.stands, (TCP, port))
    return lateral_ways(graph, source.stands, target.placed, (TCP, port))


def _is_open(graph: Graph, source: Tier, stand: FlowEnd, port: int) -> bool:
    ways = lateral_ways(graph, source.stands, (stand,), (TCP, port))
    return any(way.truth is True for way in ways)


def step_choices(ports: PortSet, target: Tier) -> Iterator[tuple[frozenset[str], int]]:
    """What a step is open on, and a port of that; what says most comes first."""
    if not ports:
        return
    if target.ports:
        for port in target.ports:
            if ports.contains(port):
                yield frozenset({"data", "all"} if ports.is_everything else {"data"}), port
        return
    administration, data = port_kinds()
    hits = {
        "all": ports if ports.is_everything else NO_PORTS,
        "administration": ports & administration,
        "data": ports & data,
        "service": ports,
    }
    kinds = [kind for kind, hit in hits.items() if hit]
    for number, kind in enumerate(kinds):
        # What is open on all ports is open on those of a service too, which says nothing more.
        rest = kinds[number:]
        named = frozenset(rest if len(rest) == 1 else rest[:-1])
        yield named, 22 if kind == "all" else hits[kind].ranges[0][0]


@cache
def port_kinds() -> tuple[PortSet, PortSet]:
    """The TCP ports of administration and of data stores."""
    classes = port_classes()
    administration = classes["administration"].ports(TCP)
    return administration, classes["data store"].ports(TCP)
