from __future__ import annotations

from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import ALL_PORTS, TCP, PortSet
from iac_ec2lint.network.sets.traffic import Match, TrafficSet, approximate

Ports: TypeAlias = frozenset[int]
Known: TypeAlias = tuple[Ports, Ports, Ports]

PORTS = st.frozensets(st.integers(0, 12), max_size=8)


@st.composite
def known(draw: st.DrawFn) -> Known:
    """A set with what is surely in it and what may be."""
    true = draw(PORTS)
    lower = frozenset(port for port in sorted(true) if draw(st.booleans()))
    return lower, true, true | draw(PORTS)


KNOWN = known()


def ports(numbers: Ports) -> PortSet:
    return PortSet.of((number, number) for number in numbers)


def approximation(of: Known) -> Approximation[PortSet]:
    lower, _, upper = of
    return Approximation(ports(lower), ports(upper))


def holds(found: Approximation[PortSet], true: Ports) -> bool:
    return found.upper.covers(ports(true)) and ports(true).covers(found.lower)


@given(KNOWN, KNOWN)
def test_the_true_set_stays_between_the_bounds(a: Known, b: Known) -> None:
    x, y = approximation(a), approximation(b)
    assert holds(x | y, a[1] | b[1])
    assert holds(x & y, a[1] & b[1])
    assert holds(x - y, a[1] - b[1])


@given(KNOWN, KNOWN)
def test_the_bounds_are_no_wider_than_the_bounds_of_the_parts(a: Known, b: Known) -> None:
    x, y = approximation(a), approximation(b)
    assert (x - y).lower == ports(a[0] - b[2])
    assert (x - y).upper == ports(a[2] - b[0])
    assert (x | y).lower == ports(a[0] | b[0])
    assert (x & y).upper == ports(a[2] & b[2])


@pytest.mark.slow
@given(st.lists(KNOWN, min_size=1, max_size=4), st.data())
def test_one_of_some_alternatives_holds_whichever_it_is(
    alternatives: list[Known], data: st.DataObject
) -> None:
    found = Approximation.one_of(*map(approximation, alternatives))
    assert holds(found, data.draw(st.sampled_from(alternatives))[1])
    assert found.upper == ports(frozenset().union(*(upper for _, _, upper in alternatives)))


def test_what_is_known_stays_known() -> None:
    ssh = Approximation.exactly(PortSet.of([(22, 22)]))
    web = Approximation.exactly(PortSet.of([(443, 443)]))
    assert ssh.is_exact
    assert (ssh | web).is_exact
    assert (ssh - web) == ssh
    assert not Approximation.one_of(ssh, web).is_exact
    assert Approximation.one_of(ssh, ssh) == ssh


def test_an_unknown_may_hold_and_does_not_surely() -> None:
    unknown = Approximation.at_most(ALL_PORTS)
    assert unknown.upper.contains(22)
    assert not unknown.lower.contains(22)
    ssh = Approximation.exactly(PortSet.of([(22, 22)]))
    assert (ssh | unknown).lower.contains(22)
    assert not (ssh - unknown).lower.contains(22)
    assert (ssh - unknown).upper.contains(22)
    assert not (ssh & unknown).upper.contains(80)


def test_a_question_about_traffic_is_asked_of_both_bounds() -> None:
    office = AddressSet.of(Family.IPV4, [(1, 9)])
    everyone = AddressSet.everything(Family.IPV4)
    ssh = PortSet.of([(22, 22)])
    found = approximate(Family.IPV4, [Match(TCP, ssh, office)], [Match(TCP, ssh, everyone)])
    sources = found.mapped(lambda traffic: traffic.sources(TCP, 22))
    assert sources == Approximation(office, everyone)
    assert (found - Approximation.at_most(TrafficSet.everything(office))).lower.is_empty


def test_truncation_is_handed_on() -> None:
    truncated = Approximation(PortSet.of([]), ALL_PORTS, truncated=True)
    ssh = Approximation.exactly(PortSet.of([(22, 22)]))
    assert (ssh & truncated).truncated
    assert (ssh - truncated).truncated
    assert Approximation.one_of(ssh, truncated).truncated
    assert (ssh | truncated).mapped(lambda ports: ports & ALL_PORTS).truncated
