from __future__ import annotations

import itertools
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness, parse_cidr
from iac_ec2lint.network.sets.approximation import TooManyRangesError
from iac_ec2lint.network.sets.ports import ALL, ALL_PORTS, ICMP, ICMPV6, TCP, UDP, PortSet
from iac_ec2lint.network.sets.traffic import RANGE_LIMIT, Match, TrafficSet, approximate

Drawn: TypeAlias = tuple[int, list[tuple[int, int]], list[tuple[int, int]]]
Point: TypeAlias = tuple[int, int, int]

OTHER = 47
UNNAMED = 99  # a protocol that no rule here names
PROTOCOLS = (TCP, UDP, OTHER, UNNAMED)
NUMBER = st.integers(0, 9)
RANGES = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=3)
RULES: st.SearchStrategy[list[Drawn]] = st.lists(
    st.tuples(st.sampled_from((ALL, TCP, UDP, OTHER)), RANGES, RANGES), max_size=6
)


def matches(rules: list[Drawn]) -> list[Match]:
    return [
        Match(protocol, PortSet.of(ports), AddressSet.of(Family.IPV4, sources))
        for protocol, ports, sources in rules
    ]


def traffic(rules: list[Drawn]) -> TrafficSet:
    return TrafficSet.of(Family.IPV4, matches(rules))


def model(rules: list[Drawn]) -> set[Point]:
    return {
        (protocol, port, source)
        for named, ports, sources in rules
        for protocol in (PROTOCOLS if named == ALL else (named,))
        for first, last in ports
        for port in range(first, last + 1)
        for lo, hi in sources
        for source in range(lo, hi + 1)
    }


def members(found: TrafficSet) -> set[Point]:
    return {
        (protocol, port, source)
        for protocol in PROTOCOLS
        for port in range(11)
        for source in range(11)
        if found.sources(protocol, port).contains(source)
    }


def block(cidr: str) -> AddressSet:
    parsed = parse_cidr(cidr)
    assert parsed is not None
    return parsed.addresses


def rule(protocol: int, ports: str, cidr: str) -> Match:
    parsed = PortSet.parse(ports)
    assert parsed is not None
    return Match(protocol, parsed, block(cidr))


def is_world(sources: AddressSet) -> bool:
    return openness(sources) is Openness.WORLD


@given(RULES)
def test_rules_are_unioned(rules: list[Drawn]) -> None:
    assert members(traffic(rules)) == model(rules)
    assert traffic(rules) == traffic(rules[::-1])
    assert traffic(rules).is_empty == (not model(rules))


@given(RULES, RULES)
def test_operators_are_those_of_sets(a: list[Drawn], b: list[Drawn]) -> None:
    x, y = traffic(a), traffic(b)
    assert members(x | y) == model(a) | model(b)
    assert members(x & y) == model(a) & model(b)
    assert members(x - y) == model(a) - model(b)
    assert (x == y) == (model(a) == model(b))
    assert x | y == traffic(a + b)


@given(RULES, RULES, RULES)
def test_operators_associate_and_obey_de_morgan(
    a: list[Drawn], b: list[Drawn], c: list[Drawn]
) -> None:
    x, y, z = traffic(a), traffic(b), traffic(c)
    assert (x | y) | z == x | (y | z)
    assert (x & y) & z == x & (y & z)
    assert z - (x | y) == (z - x) & (z - y)
    assert z - (x & y) == (z - x) | (z - y)
    assert hash(x | y) == hash(y | x)


@given(RULES)
def test_bands_are_ascending_and_neighbours_differ(rules: list[Drawn]) -> None:
    found = traffic(rules)
    for protocol in found.protocols:
        bands = found.bands(protocol)
        assert all(not band.sources.is_empty for band in bands)
        for left, right in itertools.pairwise(bands):
            assert left.hi < right.lo
            assert left.hi + 1 < right.lo or left.sources != right.sources


@given(RULES)
def test_the_hull_covers(rules: list[Drawn]) -> None:
    found = traffic(rules)
    assert (found - found.hull()).is_empty
    assert all(len(found.hull().bands(protocol)) <= 1 for protocol in PROTOCOLS)


@given(RULES, st.integers(0, 9))
def test_ports_open_are_those_whose_sources_pass(rules: list[Drawn], source: int) -> None:
    for protocol in PROTOCOLS:
        open_ports = traffic(rules).ports_open(protocol, lambda found: found.contains(source))
        expected = {port for named, port, who in model(rules) if (named, who) == (protocol, source)}
        assert open_ports == PortSet.of((port, port) for port in expected)


@given(RULES, RANGES)
def test_sources_on_some_port_are_those_of_any(
    rules: list[Drawn], ranges: list[tuple[int, int]]
) -> None:
    ports = PortSet.of(ranges)
    for protocol in PROTOCOLS:
        found = traffic(rules).sources_on_some(protocol, ports)
        expected = {
            who for named, port, who in model(rules) if named == protocol and ports.contains(port)
        }
        assert found == AddressSet.of(Family.IPV4, [(who, who) for who in expected])


def test_two_halves_of_the_world_meet_where_their_ports_do() -> None:
    found = TrafficSet.of(
        Family.IPV4, [rule(TCP, "20-25", "0.0.0.0/1"), rule(TCP, "22-30", "128.0.0.0/1")]
    )
    assert found.sources(TCP, 22) == block("0.0.0.0/0")
    assert found.ports_open(TCP, is_world).describe() == "20-25"
    assert found.ports_open(TCP, lambda sources: sources.contains(2**31)).describe() == "22-30"
    assert found.ports_open(UDP, is_world).is_empty


def test_rules_together_cover_a_range() -> None:
    found = TrafficSet.of(
        Family.IPV4, [rule(TCP, "22-25", "0.0.0.0/0"), rule(TCP, "20-21", "0.0.0.0/0")]
    )
    assert [(band.lo, band.hi) for band in found.bands(TCP)] == [(20, 25)]


def test_a_denied_block_is_missing_from_the_world() -> None:
    everything = TrafficSet.everything(block("0.0.0.0/0"))
    found = everything - TrafficSet.of(Family.IPV4, [rule(TCP, "22", "203.0.113.0/24")])
    assert found.sources(TCP, 22) == ~block("203.0.113.0/24")
    assert found.ports_open(TCP, is_world) == ALL_PORTS
    assert [(band.lo, band.hi) for band in found.bands(TCP)] == [(0, 21), (22, 22), (23, 65535)]
    assert found.sources(UDP, 22) == block("0.0.0.0/0")
    assert found.protocols == (ALL, TCP)


def test_each_family_has_its_own_icmp() -> None:
    found = TrafficSet.of(Family.IPV4, [rule(ICMPV6, "0-65535", "0.0.0.0/0")])
    assert found.is_empty
    assert TrafficSet.everything(block("0.0.0.0/0")).bands(ICMPV6) == ()
    assert TrafficSet.everything(block("0.0.0.0/0")).bands(ICMP) != ()
    assert TrafficSet.everything(block("::/0")).bands(ICMP) == ()
    assert TrafficSet.everything(block("::/0")).bands(ICMPV6) != ()


def test_a_family_takes_its_own_matches() -> None:
    both = [rule(TCP, "22", "0.0.0.0/0"), rule(TCP, "443", "::/0")]
    assert TrafficSet.of(Family.IPV4, both) == TrafficSet.of(Family.IPV4, both[:1])
    assert TrafficSet.of(Family.IPV6, both) == TrafficSet.of(Family.IPV6, both[1:])
    with pytest.raises(ValueError, match="does not mix"):
        TrafficSet.of(Family.IPV4, both) | TrafficSet.of(Family.IPV6, both)


def test_a_rule_without_sources_matches_nothing() -> None:
    nothing = Match(ALL, ALL_PORTS, AddressSet.nothing(Family.IPV4))
    assert TrafficSet.of(Family.IPV4, [nothing]) == TrafficSet.nothing(Family.IPV4)


def nested(count: int) -> list[Match]:
    """Port ranges inside one another, each with an address of its own: count squared ranges."""
    return [
        Match(
            TCP,
            PortSet.of([(1000 + n, 60_000 - n)]),
            AddressSet.of(Family.IPV4, [(n * 2 + 8, n * 2 + 8)]),
        )
        for n in range(count)
    ]


def test_too_many_ranges_are_bounded_by_their_hull() -> None:
    rules = nested(200)
    with pytest.raises(TooManyRangesError):
        TrafficSet.of(Family.IPV4, rules)
    found = approximate(Family.IPV4, rules)
    assert found.truncated
    assert found.lower.is_empty
    assert found.upper.bands(TCP) == ((1000, 60_000, AddressSet.of(Family.IPV4, [(8, 406)])),)
    assert found.upper.bands(UDP) == ()


def test_the_limit_is_for_what_is_too_much_alone() -> None:
    rules = nested(100)
    exact = approximate(Family.IPV4, rules)
    assert exact.is_exact
    assert not exact.truncated
    ranges = sum(len(band.sources.ranges) for band in exact.upper.bands(TCP))
    assert 5_000 < ranges <= RANGE_LIMIT
    widened = approximate(Family.IPV4, rules, nested(200))
    assert widened.truncated
    assert widened.lower == exact.lower
    assert (exact.upper - widened.upper).is_empty


def test_operations_on_too_much_stay_sound_and_say_so() -> None:
    even = AddressSet.of(Family.IPV4, [(n * 4, n * 4) for n in range(150)])
    ports = [Match(TCP, PortSet.of([(n * 2, n * 2)]), block("10.0.0.0/32")) for n in range(150)]
    some = approximate(Family.IPV4, ports)
    wide = approximate(Family.IPV4, [Match(TCP, ALL_PORTS, even)])
    both = some | wide
    assert both.truncated
    assert both.lower.is_empty
    assert ((some.upper | both.upper) - both.upper).is_empty
    assert ((wide.upper | both.upper) - both.upper).is_empty
    assert (both & some).truncated
    left = wide - some
    assert not left.truncated  # the address taken away is in none of its ranges
    assert left == wide
