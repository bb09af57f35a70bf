"""What is said of entries: their ports in words, their identity, and what would close them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from iac_ec2lint.attack.entry.entries import ADDRESS, CARRIES, GROUP, LISTENER, ROUTE, AttackEntry
from iac_ec2lint.attack.wording import join_words
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.engine.finding import EditKind, Evidence, assumption
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.group_rules import group_rules
from iac_ec2lint.network.filters.own_blocks import at_rule
from iac_ec2lint.network.reachability.reach import Reach
from iac_ec2lint.network.sets.port_classes import PortClass, port_classes
from iac_ec2lint.network.sets.ports import (
    ALL,
    NO_PORTS,
    PortSet,
    describe_ports,
    protocol_name,
)
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.part import Place, Resource

Changes: TypeAlias = "tuple[tuple[Evidence, ...], tuple[Evidence, ...]]"
"""What breaks a way in: changes of its rules, and those that come after changes further along."""

_RANGES: Final = 5
"""Ranges of ports that are named; more are counted."""

_OF_KNOWN_CLIENTS: Final = ("administration", "data store", "legacy")
"""Classes of ports that nobody but known clients has a use for."""


class EntryFacts(NamedTuple):
    """What the verdicts on all paths that begin at one entry have in common.

    Attributes:
        place: The place to point at: the rule that lets the internet in.
        declaring: The resource that declares it.
        evidence: The hops, and the defaults that they rest on.
        identity: What tells the entry from others.
        changes: What breaks the way in.
    """

    place: Place
    declaring: Resource
    evidence: tuple[Evidence, ...]
    identity: str
    changes: Changes

    def edits(self, further: Sequence[Evidence] = ()) -> tuple[Evidence, ...]:
        """The cheapest changes that break a path, one for each hop that can be changed.

        Args:
            further: Changes further along the path, which come after those of the rules.
        """
        return (*self.changes[0], *further, *self.changes[1])


def breaking(edits: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The changes that break a path, as findings have them."""
    return tuple(
        Evidence(
            edit.span,
            f"{'or' if number else 'to break it'}: {edit.message}",
            edit.resource,
            edit.quotable,
            edit=edit.edit,
        )
        for number, edit in enumerate(edits)
    )


def entry_facts(graph: Graph, entry: AttackEntry) -> EntryFacts:
    """What the verdicts on all paths that begin at an entry have in common."""
    hops = entry.hops
    place, declaring = _primary(graph, entry, hops)
    evidence = hop_evidence(hops, entry.reaches)
    return EntryFacts(place, declaring, evidence, _identity(entry, hops), _changes(entry, hops))


def _primary(graph: Graph, entry: AttackEntry, hops: Sequence[Hop]) -> tuple[Place, Resource]:
    """The place of a finding: the rule that lets the internet in, and what declares it.

    Where it is not known which groups the workload has, what gives it those.
    """
    host = entry.resource
    spoken = [hop for hop in hops if hop.kind == GROUP and hop.origin != "default"]
    if spoken:
        # Of a way that may be open what is unknown; else the first rule that lets the internet in.
        hop = min(spoken, key=lambda hop: entry.opaque and hop.verdict is True)
        return _placement(entry, hop) or (_place(graph, hop), hop.resource)
    carried = (hop for hop in hops if hop.kind == CARRIES and hop.resource is host)
    placed = (_placement(entry, hop) for hop in carried)
    return next(filter(None, placed), (Place(host.span, "", None, CERTAIN), host))


def _placement(entry: AttackEntry, hop: Hop) -> tuple[Place, Resource] | None:
    """The argument that gives the workload a group, and what it is written in."""
    for eni in entry.entrance.workload.enis:
        for edge in eni.interface.security_groups:
            if edge.value.span.key == hop.span.key and hop.resource is entry.resource:
                return edge.part.place(edge.relation, edge.value), edge.source
    return None


def _place(graph: Graph, hop: Hop) -> Place:
    """The place of a rule's source, with its value where it is a range."""
    known = _places_of_sources(graph).get((hop.span.key, hop.resource.address))
    if known is not None:
        return at_rule(graph, known)
    return Place(hop.span, hop.attribute, None, hop.resource.presence)


@remembered
def _places_of_sources(graph: Graph) -> dict[tuple[object, str], Place]:
    """The places of the sources of all rules, by where they are written."""
    return {
        (source.place.span.key, read.resource.address): source.place
        for group in group_rules(graph, "ingress")
        for read in group.rules
        for source in read.sources
    }


def hop_evidence(hops: Iterable[Hop], reaches: Iterable[Reach] = ()) -> tuple[Evidence, ...]:
    """Hops as evidence, and behind them the defaults that they rest on."""
    told = tuple(hops)
    found = [Evidence(h.span, h.fact, h.resource.address, kind=h.kind) for h in told]
    found += [assumption(step) for hop in told for step in hop.assumptions]
    for reach in reaches:
        found += [assumption(step) for step in reach.assumptions]
    return tuple(dict.fromkeys(found))


def _changes(entry: AttackEntry, hops: Sequence[Hop]) -> Changes:
    """What breaks a way in, whatever follows it."""
    balanced = entry.entrance.balancer is not None
    ways: tuple[tuple[str, str, EditKind], ...] = (
        (ADDRESS, "make the load balancer internal", "balancer")
        if balanced
        else (ADDRESS, "give the host no public address", "address"),
        (ROUTE, "route to a NAT gateway in place of the internet gateway", "route"),
    )
    others: list[Evidence] = []
    for kind, what, edit in ways:
        # A load balancer faces the internet unless it says that it is internal.
        told = balanced and kind == ADDRESS
        chosen = (h for h in hops if h.kind == kind and (told or h.origin != "default"))
        first = next(chosen, None)
        if first is not None:
            others.append(Evidence(first.span, what, first.resource.address, edit=edit))
    return tuple(_narrower(entry, hops)), tuple(others)


def _narrower(entry: AttackEntry, hops: Sequence[Hop]) -> Iterator[Evidence]:
    """The rules that let the internet in, and what each should say: the load balancer's first.

    Of a target that lets the load balancer in, and not the internet, nothing is to be said.
    """
    front = next((at for at, hop in enumerate(hops) if hop.kind == LISTENER), 0)
    for part, ports in (
        (hops[:front], _listened(entry)),
        (hops[front:], entry.ports),
    ):
        for hop in part:
            if hop.kind == GROUP and hop.origin != "default" and hop.attribute:
                which = "the listener's port" if ports is None else describe_open_ports(ports, None)
                words = f"admit {which} from known addresses only"
                edit: EditKind = "admission to all" if _for_all(ports) else "admission"
                yield Evidence(hop.span, words, hop.resource.address, edit=edit)
                break


def _listened(entry: AttackEntry) -> dict[int, PortSet] | None:
    """What the load balancer on the way listens on; ``None`` where that is not known."""
    number = entry.entrance.listener
    if number is None:
        return None
    return {protocol: PortSet(((number, number),)) for protocol in entry.ports}


def _for_all(ports: Mapping[int, PortSet] | None) -> bool:
    """Whether what listens on some ports may be there for clients that nobody knows.

    Who administers a host, or uses its data store, has an address that is known.
    """
    if ports is None:
        return True
    known = [port_classes()[name] for name in _OF_KNOWN_CLIENTS]
    for protocol, own in ports.items():
        left = own
        for services in known:
            left -= services.ports(protocol)
        if left:
            return True
    return False


def describe_open_ports(ports: Mapping[int, PortSet], most: int | None = _RANGES) -> str:
    """Ports for people, protocol by protocol.

    Args:
        ports: The ports, by protocol.
        most: How many ranges of each are named; all of them with ``None``.
    """
    if ports.get(ALL, NO_PORTS).is_everything:
        return "all ports"
    return join_words(
        [describe_ports(protocol, own, most) for protocol, own in ports.items() if own]
    )


def describe_services(ports: Mapping[int, PortSet], services: PortClass) -> str:
    """Ports with the services that listen there: ``tcp 22 (SSH) and tcp 3389 (RDP)``."""
    words = [
        f"{describe_ports(protocol, own & service.ports)} ({service.name})"
        for protocol, own in ports.items()
        for service in services.services_on(protocol, own)
    ]
    return join_words(words)


def _identity(entry: AttackEntry, hops: Iterable[Hop]) -> str:
    """What tells a path from others: its way in, its ports, and what of the groups admits it.

    Not the hops between: a path that leads through another subnet is the same path.
    """
    opened = " ".join(f"{protocol_name(p)}:{own.describe()}" for p, own in entry.ports.items())
    passed = " ".join(sorted({hop.resource.address for hop in hops if hop.kind == GROUP}))
    return f"{entry.entrance.via} {opened} {passed}"
