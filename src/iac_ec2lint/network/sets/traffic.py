"""Sets of traffic: protocols, ports and addresses of the remote side."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from operator import and_, itemgetter, or_, sub
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation, TooManyRangesError
from iac_ec2lint.network.sets.ports import ALL, ALL_PORTS, ICMP, ICMPV6, PortSet
from iac_ec2lint.network.sets.ranges import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

Direction = Literal["ingress", "egress"]
"""Which way traffic goes, as seen from an interface: in or out."""

RANGE_LIMIT: Final = 20_000
"""Address ranges in the bands of one protocol. Beyond it an approximation is widened."""


def foreign_to(family: Family) -> int:
    """The protocol that a family never carries: ICMP is IPv4's alone, ICMPv6 IPv6's alone (A2)."""
    return ICMPV6 if family is Family.IPV4 else ICMP


class Match(NamedTuple):
    """The traffic that one rule applies to.

    Attributes:
        protocol: A protocol number, or ``ALL``.
        ports: The ports, as ``rule_ports`` gives them.
        sources: Addresses of the remote side: for traffic out, those are the destinations.
    """

    protocol: int
    ports: PortSet
    sources: AddressSet


class Band(NamedTuple):
    """Consecutive ports with the same sources.

    Attributes:
        lo: The first port.
        hi: The last port.
        sources: The addresses of the remote side; never empty in a traffic set.
    """

    lo: int
    hi: int
    sources: AddressSet


Bands: TypeAlias = "tuple[Band, ...]"


class TrafficSet:
    """An immutable set of (protocol, port, remote address), of one address family.

    Each protocol has ascending, disjoint bands of ports; the protocols that are not named share
    those of ``ALL``. Equal sets have equal bands. ICMP is IPv4's alone and ICMPv6 IPv6's alone: in
    the other family they carry nothing, whatever a rule says.

    The operators ``|``, ``&`` and ``-`` sweep over the edges of the bands.

    Raises:
        TooManyRangesError: From ``of`` and the operators. For a sound answer in that case use
            ``approximate`` and the operators of ``Approximation``.
    """

    __slots__ = ("_bands", "family")

    def __init__(self, family: Family, bands: dict[int, Bands]) -> None:
        others = bands.get(ALL, ())
        foreign = foreign_to(family)
        self.family: Final = family
        self._bands: Final = {ALL: others} | {
            protocol: own
            for protocol, own in sorted(bands.items())
            if own != others and protocol != foreign
        }

    @classmethod
    def nothing(cls, family: Family) -> Self:
        """No traffic."""
        return cls(family, {})

    @classmethod
    def everything(cls, sources: AddressSet) -> Self:
        """Every protocol and port, from or to ``sources``."""
        return cls.of(sources.family, [Match(ALL, ALL_PORTS, sources)])

    @classmethod
    def of(cls, family: Family, matches: Iterable[Match]) -> Self:
        """The union of all ``matches``; matches of the other family are left out.

        A match without ports or sources adds nothing.
        """
        by_protocol: dict[int, list[Match]] = {ALL: []}
        for match in matches:
            if match.sources.family is family:
                by_protocol.setdefault(match.protocol, []).append(match)
        general = by_protocol[ALL]
        return cls(
            family,
            {
                protocol: _stacked(family, own if protocol == ALL else general + own)
                for protocol, own in by_protocol.items()
            },
        )

    def __or__(self, other: Self) -> Self:
        return self._combined(other, or_)

    def __and__(self, other: Self) -> Self:
        return self._combined(other, and_)

    def __sub__(self, other: Self) -> Self:
        return self._combined(other, sub)

    def _combined(
        self, other: Self, operation: Callable[[AddressSet, AddressSet], AddressSet]
    ) -> Self:
        if self.family is not other.family:
            raise ValueError("traffic of two families does not mix")
        nothing = AddressSet.nothing(self.family)
        return type(self)(
            self.family,
            {
                protocol: _joined(
                    (lo, hi, operation(ours, theirs))
                    for lo, hi, ours, theirs in _segments(
                        self.bands(protocol), other.bands(protocol), nothing
                    )
                )
                for protocol in self._bands.keys() | other._bands.keys()
            },
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TrafficSet):
            return NotImplemented
        return self.family is other.family and self._bands == other._bands

    def __hash__(self) -> int:
        return hash((self.family, tuple(sorted(self._bands.items()))))

    def __bool__(self) -> bool:
        return not self.is_empty

    def __repr__(self) -> str:
        return f"<{self.family.value} {self._bands}>"

    @property
    def is_empty(self) -> bool:
        """Whether there is no traffic in it."""
        return not any(self._bands.values())

    @property
    def protocols(self) -> tuple[int, ...]:
        """The protocols whose bands differ from the others', ascending, after ``ALL``."""
        return tuple(self._bands)

    def bands(self, protocol: int) -> Bands:
        """The bands of a protocol; of ``ALL``, those of each protocol not in ``protocols``."""
        if protocol == foreign_to(self.family):
            return ()
        return self._bands.get(protocol, self._bands[ALL])

    def sources(self, protocol: int, port: int) -> AddressSet:
        """The addresses of the remote side for one protocol and port."""
        bands = self.bands(protocol)
        at = bisect_right(bands, port, key=itemgetter(0)) - 1
        if at >= 0 and port <= bands[at].hi:
            return bands[at].sources
        return AddressSet.nothing(self.family)

    def sources_on_some(self, protocol: int, ports: PortSet) -> AddressSet:
        """The addresses to which at least one port of ``ports`` is open (not the same for all)."""
        return AddressSet.union(
            self.family,
            (
                sources
                for lo, hi, sources in self.bands(protocol)
                if ports.overlaps(PortSet(((lo, hi),)))
            ),
        )

    def ports_open(self, protocol: int, test: Callable[[AddressSet], bool]) -> PortSet:
        """The ports whose sources pass ``test``; ports without any source are not asked."""
        open_ = ((lo, hi) for lo, hi, sources in self.bands(protocol) if test(sources))
        return PortSet(merged(open_))

    def hull(self) -> Self:
        """One band a protocol, of one range of addresses, that covers all of its bands."""
        return type(self)(
            self.family, {protocol: _hull(bands) for protocol, bands in self._bands.items()}
        )


def alike_ports(bands: Iterable[Band]) -> list[tuple[int, int]]:
    """The port ranges that bands cover, cut wherever one of them begins or ends; ascending."""
    change: dict[int, int] = {}
    for lo, hi, _ in bands:
        change[lo] = change.get(lo, 0) + 1
        change[hi + 1] = change.get(hi + 1, 0) - 1
    found: list[tuple[int, int]] = []
    over = 0
    for lo, after in pairwise(sorted(change)):
        over += change[lo]
        if over:
            found.append((lo, after - 1))
    return found


def _hull(bands: Bands) -> Bands:
    if not bands:
        return ()
    family = bands[0].sources.family
    lowest = min(band.sources.ranges[0][0] for band in bands)
    highest = max(band.sources.ranges[-1][1] for band in bands)
    return (Band(bands[0].lo, bands[-1].hi, AddressSet(family, ((lowest, highest),))),)


def _segments(
    a: Bands, b: Bands, nothing: AddressSet
) -> Iterator[tuple[int, int, AddressSet, AddressSet]]:
    """The port ranges between one edge and the next, with the sources on either side."""
    i = j = 0
    for lo, after in pairwise(sorted({edge for band in a + b for edge in (band.lo, band.hi + 1)})):
        while i < len(a) and a[i].hi < lo:
            i += 1
        while j < len(b) and b[j].hi < lo:
            j += 1
        ours = a[i].sources if i < len(a) and a[i].lo <= lo else nothing
        theirs = b[j].sources if j < len(b) and b[j].lo <= lo else nothing
        yield lo, after - 1, ours, theirs


def _joined(segments: Iterable[tuple[int, int, AddressSet]]) -> Bands:
    """Ascending segments as bands: empty ones left out, equal neighbours merged."""
    bands: list[Band] = []
    ranges = 0
    for lo, hi, sources in segments:
        if sources.is_empty:
            continue
        if bands and bands[-1].hi + 1 == lo and bands[-1].sources == sources:
            bands[-1] = bands[-1]._replace(hi=hi)
            continue
        bands.append(Band(lo, hi, sources))
        ranges += len(sources.ranges)
        if ranges > RANGE_LIMIT:
            raise TooManyRangesError
    return tuple(bands)


def _stacked(family: Family, matches: Iterable[Match]) -> Bands:
    """The bands of matches for one protocol, laid over one another."""
    # Rules mostly repeat sources or ports: merging by either leaves few distinct intervals.
    ports_of: dict[AddressSet, list[tuple[int, int]]] = {}
    for match in matches:
        ports_of.setdefault(match.sources, []).extend(match.ports.ranges)
    sources_of: dict[tuple[int, int], list[AddressSet]] = {}
    for sources, pairs in ports_of.items():
        for pair in merged(pairs):
            sources_of.setdefault(pair, []).append(sources)
    begins: dict[int, list[tuple[int, int]]] = {}
    for pair in sources_of:
        begins.setdefault(pair[0], []).append(pair)
    edges = sorted(begins.keys() | {hi + 1 for _, hi in sources_of})
    return _joined(_layers(family, edges, begins, sources_of))


def _layers(
    family: Family,
    edges: list[int],
    begins: dict[int, list[tuple[int, int]]],
    sources_of: dict[tuple[int, int], list[AddressSet]],
) -> Iterator[tuple[int, int, AddressSet]]:
    """Each segment between two edges with the union of the intervals that lie over it."""
    over: dict[tuple[int, int], AddressSet] = {}
    for lo, after in pairwise(edges):
        over = {pair: sources for pair, sources in over.items() if pair[1] >= lo}
        for pair in begins.get(lo, ()):
            over[pair] = AddressSet.union(family, sources_of[pair])
        yield lo, after - 1, AddressSet.union(family, over.values())


def approximate(
    family: Family, certain: Iterable[Match], possible: Iterable[Match] = ()
) -> Approximation[TrafficSet]:
    """The traffic of rules of which some are unknown, or known in part.

    Args:
        family: The address family asked for; matches of the other are left out.
        certain: The traffic that the rules certainly apply to.
        possible: The traffic that they may apply to in addition.

    Returns:
        The traffic; where it has too many ranges, from nothing to the hull, and truncated.
    """
    certain, possible = list(certain), list(possible)
    truncated = False
    try:
        lower = TrafficSet.of(family, certain)
        if not possible:
            return Approximation.exactly(lower)
    except TooManyRangesError:
        lower, truncated = TrafficSet.nothing(family), True
    try:
        upper = TrafficSet.of(family, certain + possible)
    except TooManyRangesError:
        upper, truncated = TrafficSet.of(family, _hulls(family, certain + possible)), True
    return Approximation(lower, upper, truncated=truncated)


def _hulls(family: Family, matches: Iterable[Match]) -> Iterator[Match]:
    """One match a protocol that covers all of its matches."""
    by_protocol: dict[int, list[Match]] = {}
    for match in matches:
        if match.sources.family is family and match.ports and match.sources:
            by_protocol.setdefault(match.protocol, []).append(match)
    for protocol, group in by_protocol.items():
        ports = PortSet.of(pair for match in group for pair in match.ports.ranges)
        sources = AddressSet.union(family, (match.sources for match in group))
        yield Match(protocol, ports.hull(), sources.hull())
