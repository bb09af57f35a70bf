"""Which packets get through in a later tree that did not in an earlier one.

Only what stands in both trees sends and receives: the internet, workloads, load balancers and
managed data stores. What surely gets through later and surely did not before is new; what perhaps
gets through later, and did not surely before, may be. Both are differences of the sets that
``iac_ec2lint.network`` computes. Source: Batfish, "Differential reachability".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.answers.changes.flow_ends import (
    Ranges,
    Thing,
    clients,
    exits,
    from_inside,
    from_outside,
    things_in,
    ways_outside,
    ways_outwards,
    ways_within,
)
from iac_ec2lint.network.entry.data_stores import (
    DataStore,
)
from iac_ec2lint.network.entry.listeners import listened
from iac_ec2lint.network.filters.exposure import is_attached
from iac_ec2lint.network.filters.group_rules import RuleTraffic, group_rules
from iac_ec2lint.network.hosts.balancers import balancers
from iac_ec2lint.network.hosts.workloads import Workload
from iac_ec2lint.network.inside.outbound import Sender, senders_of
from iac_ec2lint.network.reachability.reach import verdict
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness
from iac_ec2lint.network.sets.ports import ALL, ICMP, ICMPV6, TCP, UDP, PortSet, describe_ports
from iac_ec2lint.network.verdicts.ways import disjunction
from iac_ec2lint.report.answers.reach_report import missing_texts, protocol_text
from iac_ec2lint.report.changes.verdict import NewFlow
from iac_ec2lint.report.escape import place
from iac_ec2lint.resources.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.reachability.reach import Reach
    from iac_ec2lint.network.sets.traffic import Direction
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.network.verdicts.ways import Truth, Way
    from iac_ec2lint.resources.part import Resource

_GRE: Final = 47
_TELLING: Final = (22, 3389, 5432, 3306, 443, 80)
"""Ports that say more to a reader than the first of a range."""
_PAIRS: Final = 600
"""Pairs of hosts that are compared; beyond, the unit is undecided."""

_Over = Callable[["Graph", Sequence[Sender], Sequence[Thing], tuple[int, int]], Iterator["Way"]]


class UnitFlows(NamedTuple):
    """What the flows of one unit came to.

    Attributes:
        new: Packets that surely are new, the most telling first.
        undecided: Why others may be.
        new_workloads: What stands in the later tree alone and is reached, or may be.
    """

    new: tuple[NewFlow, ...]
    undecided: tuple[str, ...]
    new_workloads: tuple[str, ...]


def flow_change(unit: str, before: Graph | None, after: Graph) -> UnitFlows:
    """The flows of a unit that its change adds.

    Args:
        unit: Its path.
        before: Its graph in the earlier tree; ``None`` where it was not there.
        after: Its graph in the later tree.
    """
    old = {} if before is None else things_in(before)
    things = things_in(after)
    fresh = tuple(
        words
        for address, found in things.items()
        if address not in old
        for words in [_reached(after, address, found)]
        if words
    )
    if before is None:
        return UnitFlows((), (), fresh)
    comparison = _Comparison(unit, before, after, old, things)
    comparison.from_the_internet()
    comparison.between_hosts()
    comparison.undecided += _of_groups_used_elsewhere(before, after)
    found = sorted(comparison.new, key=lambda one: (not one.is_everybody, one.target, one.source))
    return UnitFlows(tuple(found), tuple(dict.fromkeys(comparison.undecided)), fresh)


class _Comparison:
    """Two graphs of one unit, compared packet by packet, as far as packets are treated alike."""

    def __init__(
        self,
        unit: str,
        before: Graph,
        after: Graph,
        old: dict[str, list[Thing]],
        things: dict[str, list[Thing]],
    ) -> None:
        self._unit = unit
        self._before = before
        self._after = after
        self._both = {a: (old[a], found) for a, found in things.items() if a in old}
        self.new: list[NewFlow] = []
        self.undecided: list[str] = []

    def from_the_internet(self) -> None:
        """Compare what the internet reaches."""
        for address, (old, new) in self._both.items():
            ranges = from_outside(self._after, new)
            for protocol, lo, hi in _atoms(ranges, from_outside(self._before, old)):
                self._outside(address, old, new, (protocol, lo, hi))

    def _outside(
        self,
        address: str,
        old: Sequence[Thing],
        new: Sequence[Thing],
        atom: tuple[int, int, int],
    ) -> None:
        port = atom[:2]
        later = list(ways_outside(self._after, new, port))
        earlier = list(ways_outside(self._before, old, port))
        for family in Family:
            sure = clients(later, family, sure=True) - clients(earlier, family, sure=False)
            if sure:
                everybody = openness(sure) in (Openness.WORLD, Openness.BROAD)
                told = _one_of(sure)

                def is_new(port: tuple[int, int], told: AddressSet = told) -> bool:
                    now = clients(ways_outside(self._after, new, port), told.family, sure=True)
                    then = clients(ways_outside(self._before, old, port), told.family, sure=False)
                    return now.covers(told) and not then.overlaps(told)

                packet = _packet(atom, is_new)
                hop = self._appeared(
                    new[0].resource,
                    packet,
                    list(ways_outside(self._after, new, packet)),
                    list(ways_outside(self._before, old, packet)),
                )
                source = told.describe().partition("/")[0]
                self.new.append(self._flow(source, address, packet, hop, everybody=everybody))
                continue
            perhaps = clients(later, family, sure=False) - clients(earlier, family, sure=True)
            if perhaps:
                words = f"whether the internet newly reaches {address} on {_port_words(atom)}"
                self._leave_open(words, new[0].resource, port, later, earlier)

    def between_hosts(self) -> None:
        """Compare what hosts reach."""
        hosts = {
            address: [[one for one in things if isinstance(one, Workload)] for things in both]
            for address, both in self._both.items()
        }
        hosts = {address: both for address, both in hosts.items() if all(both)}
        if len(hosts) * len(self._both) > _PAIRS:
            words = f"the flows between {len(hosts)} hosts of {self._unit} are not compared"
            self.undecided.append(f"{words}: they are too many")
            return
        for source, (then, now) in hosts.items():
            senders = _senders(self._after, now)
            before = _senders(self._before, then)
            for address, (old, new) in self._both.items():
                if source != address or not isinstance(new[0].resource, Instance):
                    self._inside((source, address), (before, old), (senders, new))

    def _inside(
        self,
        ends: tuple[str, str],
        then: tuple[Sequence[Sender], Sequence[Thing]],
        now: tuple[Sequence[Sender], Sequence[Thing]],
    ) -> None:
        ranges = from_inside(self._after, *now)
        for atom in _atoms(ranges, from_inside(self._before, *then)):
            port = atom[:2]
            out = self._leaves_otherwise(then[0], now[0], port)
            if out and any(isinstance(one, DataStore) and _is_public(one) for one in now[1]):
                words = f"whether {ends[0]} newly reaches {ends[1]} on {_port_words(atom)}"
                self.undecided.append(f"{words} by way of the internet is not known")
            # A packet to a private address is not one to a public address.
            for over in (ways_within, ways_outwards)[: 1 + out]:
                self._on(ends, over, then, now, atom)

    def _on(
        self,
        ends: tuple[str, str],
        over: _Over,
        then: tuple[Sequence[Sender], Sequence[Thing]],
        now: tuple[Sequence[Sender], Sequence[Thing]],
        atom: tuple[int, int, int],
    ) -> None:
        port = atom[:2]
        resource = now[1][0].resource
        later = list(over(self._after, *now, port))
        if (truth := _truth(resource, port, later)) is False:
            return
        earlier = list(over(self._before, *then, port))
        old = _truth(then[1][0].resource, port, earlier)
        if truth and old is False:

            def is_new(port: tuple[int, int]) -> bool:
                before = _truth(resource, port, list(over(self._before, *then, port)))
                return before is False and bool(
                    _truth(resource, port, list(over(self._after, *now, port)))
                )

            packet = _packet(atom, is_new)
            hop = self._appeared(
                resource,
                packet,
                list(over(self._after, *now, packet)),
                list(over(self._before, *then, packet)),
            )
            self.new.append(self._flow(ends[0], ends[1], packet, hop, everybody=False))
        elif old is not True:
            words = f"whether {ends[0]} newly reaches {ends[1]} on {_port_words(atom)}"
            self._leave_open(words, resource, port, later, earlier)

    def _leaves_otherwise(
        self, then: Sequence[Sender], now: Sequence[Sender], port: tuple[int, int]
    ) -> bool:
        """Whether what a host sends gets to the internet in another way than before, or may.

        Where it gets there as before, by the same address, all that it newly reaches by way of the
        internet the internet newly reaches.
        """
        for each in (port, *self._fronts):
            before, after = exits(self._before, then, each), exits(self._after, now, each)
            if before != after or any(truth is None for _, truth, _ in after):
                return True
        return False

    @cached_property
    def _fronts(self) -> tuple[tuple[int, int], ...]:
        """The ports of load balancers, which are others than those of what is behind them."""
        return tuple(
            (protocol, lo)
            for graph in (self._before, self._after)
            for balancer in balancers(graph)
            for protocol, ports in listened(graph, balancer)
            for lo, _ in ports.ranges
        )

    def _leave_open(
        self,
        words: str,
        resource: Resource,
        port: tuple[int, int],
        later: Sequence[Way],
        earlier: Sequence[Way],
    ) -> None:
        for ways in (later, earlier):
            answer = _verdict(resource, port, ways)
            if answer is not None and (causes := missing_texts(answer.missing)):
                self.undecided.append(f"{words} is not known: {causes[0]}")
                return
        self.undecided.append(f"{words} is not known")

    def _appeared(
        self,
        resource: Resource,
        port: tuple[int, int],
        later: Sequence[Way],
        earlier: Sequence[Way],
    ) -> Hop | None:
        """The first hop of a way that is open now which no way had before."""
        held = {_key(hop) for way in earlier for hop in way.explain().hops if hop.verdict is True}
        answer = _verdict(resource, port, [way for way in later if way.truth is True])
        hops = () if answer is None else answer.evidence
        return next((hop for hop in hops if _key(hop) not in held), None)

    def _flow(
        self,
        source: str,
        target: str,
        packet: tuple[int, int],
        hop: Hop | None,
        *,
        everybody: bool,
    ) -> NewFlow:
        protocol, number = packet
        icmp = protocol in (ICMP, ICMPV6)
        has_port = protocol in (TCP, UDP)
        port = f"{number // 256}" if icmp else f"{number}" if has_port else ""
        edge, path, line = ("", "", 0)
        if hop is not None:
            edge, path, line = hop.fact, hop.span.path, hop.span.line
        return NewFlow(
            self._unit,
            source,
            target,
            protocol_text(protocol),
            port,
            everybody,
            edge,
            path,
            line,
        )


def _packet(
    atom: tuple[int, int, int], is_new: Callable[[tuple[int, int]], bool]
) -> tuple[int, int]:
    """One protocol and port of those that are treated alike; of all the best known ones."""
    protocol, lo, hi = atom
    number = next((n for n in _TELLING if lo <= n <= hi), lo)
    some = (TCP, UDP, _GRE) if protocol == ALL else ()
    return next((p, number) for p in (*some, protocol) if p == protocol or is_new((p, number)))


def _is_public(store: DataStore) -> bool:
    return store.public.verdict is not False


def _key(hop: Hop) -> tuple[str, str, str]:
    return hop.kind, hop.resource.address, hop.fact


def _port_words(atom: tuple[int, int, int]) -> str:
    protocol, lo, hi = atom
    return describe_ports(protocol, PortSet(((lo, hi),)))


def _senders(graph: Graph, things: Iterable[Workload]) -> list[Sender]:
    return [sender for one in things for sender in senders_of(graph, one)]


def _atoms(later: Ranges, earlier: Ranges) -> Iterator[tuple[int, int, int]]:
    """The ports that may be open later, in ranges within which neither tree tells them apart."""
    protocols = {*later, *(earlier if ALL in later else ())}
    for protocol in sorted(protocols):
        pairs = later.get(protocol, later.get(ALL, []))
        others = earlier.get(protocol, earlier.get(ALL, []))
        # A protocol that one tree names and the other does not is cut as in both.
        cuts = {edge for lo, hi in (*others, *pairs) for edge in (lo, hi + 1)}
        for lo, hi in PortSet.of(pairs).ranges:
            edges = sorted({lo, hi + 1, *(cut for cut in cuts if lo < cut <= hi)})
            for first, after in pairwise(edges):
                yield protocol, first, after - 1


def _one_of(addresses: AddressSet) -> AddressSet:
    first, last = max(addresses.ranges, key=lambda pair: pair[1] - pair[0])
    at = min(first + 1, last)  # the first of a block looks like the block
    return AddressSet.of(addresses.family, [(at, at)])


def _verdict(resource: Resource, port: tuple[int, int], ways: Sequence[Way]) -> Reach | None:
    return verdict(resource, port, ways) if ways else None


def _truth(resource: Resource, port: tuple[int, int], ways: Sequence[Way]) -> Truth:
    truth = disjunction(way.truth for way in ways)
    if truth is None and (answer := _verdict(resource, port, ways)) is not None:
        return answer.truth  # what it needs may never be there together
    return truth


def _reached(graph: Graph, address: str, things: Sequence[Thing]) -> str:
    """What to say of something that stands in the later tree alone; empty: nothing."""
    perhaps = ""
    for protocol, pairs in sorted(from_outside(graph, things).items()):
        for lo, hi in pairs:
            ways = list(ways_outside(graph, things, (protocol, lo)))
            truth = _truth(things[0].resource, (protocol, lo), ways)
            where = f"{address}, which is new, on {_port_words((protocol, lo, hi))}"
            if truth:
                return f"the internet reaches {where}"
            if truth is None:
                perhaps = perhaps or f"the internet may reach {where}"
    return perhaps


def _of_groups_used_elsewhere(before: Graph, after: Graph) -> Iterator[str]:
    """What rules newly let through of groups that nothing here has: something elsewhere may."""
    known = {(group.address, key) for group, _, key in _rules(before)}
    for group, rule, key in _rules(after):
        if ((group.address, key) not in known or rule.causes) and not is_attached(after, group):
            where = place(rule.rule.span.path, rule.rule.span.line)
            yield f"nothing here has {group.address}, of which a rule is new or unknown ({where})"


def _rules(graph: Graph) -> Iterator[tuple[Resource, RuleTraffic, Hashable]]:
    directions: tuple[Direction, ...] = ("ingress", "egress")
    for direction in directions:
        for each in group_rules(graph, direction):
            for rule in (*each.rules, *each.perhaps):
                ports = tuple(sorted((p, ports.ranges) for p, ports in rule.upper.items()))
                sources = tuple(source.upper for source in rule.sources)
                yield each.group, rule, (direction, ports, sources, rule.rule.span.text)
