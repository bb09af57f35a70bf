from __future__ import annotations

from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    ICMP,
    ICMPV6,
    NO_PORTS,
    TCP,
    TOP_PORT,
    UDP,
    PortSet,
    answers_to,
    describe_ports,
    exchanges,
    parse_protocol,
    protocol_name,
    rule_ports,
)

Pairs: TypeAlias = list[tuple[int, int]]

SMALL = st.integers(0, 200)
PAIRS: st.SearchStrategy[Pairs] = st.lists(st.tuples(SMALL, SMALL), max_size=10)


def ports(text: str) -> PortSet:
    parsed = PortSet.parse(text)
    assert parsed is not None
    return parsed


def model(pairs: Pairs) -> set[int]:
    return {port for lo, hi in pairs for port in range(lo, hi + 1)}


@given(PAIRS, PAIRS)
def test_operators_are_those_of_sets(a: Pairs, b: Pairs) -> None:
    x, y = PortSet.of(a), PortSet.of(b)
    for result, expected in (
        (x | y, model(a) | model(b)),
        (x & y, model(a) & model(b)),
        (x - y, model(a) - model(b)),
    ):
        assert result == PortSet.of((port, port) for port in expected)
    assert x.covers(y) == (model(a) >= model(b))
    assert x.overlaps(y) == bool(model(a) & model(b))
    assert (~x).size == TOP_PORT + 1 - len(model(a))
    assert ~(x | y) == ~x & ~y


@given(PAIRS)
def test_a_description_reads_back(pairs: Pairs) -> None:
    described = PortSet.of(pairs)
    if described.is_empty:
        assert described.describe() == "no ports"
    else:
        assert PortSet.parse(described.describe()) == described


def test_ports_stay_within_bounds() -> None:
    assert PortSet.of([(-5, 70_000)]) == ALL_PORTS


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("22", "22"),
        ("80-443,22", "22, 80-443"),
        ("20-21, 22-25", "20-25"),
        ("0-65535", "0-65535"),
        ("443-443", "443"),
    ],
)
def test_text_reads_as_ports(text: str, described: str) -> None:
    assert ports(text).describe() == described


@pytest.mark.parametrize(
    "text", ["", "-1", "22-", "-22", "25-20", "65536", "22;80", "22,", "ssh", "2\u0662", "1-2-3"]
)
def test_what_is_no_port_is_none(text: str) -> None:
    assert PortSet.parse(text) is None


@pytest.mark.parametrize(
    ("written", "protocol"),
    [
        ("tcp", TCP),
        ("TCP", TCP),
        ("6", TCP),
        (6, TCP),
        ("udp", UDP),
        (17, UDP),
        ("icmp", ICMP),
        ("ICMPv6", ICMPV6),
        ("58", ICMPV6),
        ("-1", ALL),
        (-1, ALL),
        ("All", ALL),
        ("any", ALL),
        (0, 0),
        ("255", 255),
        (47, 47),
    ],
)
def test_protocols_are_read_by_name_and_number(written: str | int, protocol: int) -> None:
    assert parse_protocol(written) == protocol


@pytest.mark.parametrize("written", ["", "sctpp", "256", 256, -2, "-2", " tcp", True, "6.0"])
def test_what_is_no_protocol_is_none(written: str | int) -> None:
    assert parse_protocol(written) is None


@pytest.mark.parametrize("protocol", [TCP, UDP, ICMP, ICMPV6])
def test_a_protocol_reads_back_by_its_name(protocol: int) -> None:
    assert parse_protocol(protocol_name(protocol)) == protocol


@pytest.mark.parametrize(
    ("protocol", "bounds", "covered", "remarked"),
    [
        (TCP, (22, 22), "22", False),
        (TCP, (0, 0), "0", False),
        (UDP, (20, 25), "20-25", False),
        (TCP, (0, 65535), "0-65535", False),
        (TCP, (None, None), "0-65535", True),
        (TCP, (-1, -1), "0-65535", True),
        (TCP, (22, None), "22-65535", True),
        (UDP, (None, 53), "0-53", True),
        (TCP, (25, 20), "no ports", True),
        (TCP, (60_000, 70_000), "60000-65535", True),
        (TCP, (-7, 22), "0-22", True),
        (TCP, (70_000, 80_000), "no ports", True),
        (ALL, (0, 0), "0-65535", False),
        (ALL, (22, 22), "0-65535", False),
        (ALL, (None, None), "0-65535", False),
        (47, (80, 20), "0-65535", False),
    ],
)
def test_port_fields_are_read_as_aws_reads_them(
    protocol: int, bounds: tuple[int | None, int | None], covered: str, remarked: bool
) -> None:
    found, remark = rule_ports(protocol, *bounds)
    assert found.describe() == covered
    assert (remark is not None) == remarked


@pytest.mark.parametrize("protocol", [ICMP, ICMPV6])
@pytest.mark.parametrize(
    ("kind", "code", "covered", "remarked"),
    [
        (8, 0, [(8 * 256, 8 * 256)], False),
        (3, 4, [(3 * 256 + 4, 3 * 256 + 4)], False),
        (8, -1, [(8 * 256, 8 * 256 + 255)], False),
        (255, -1, [(255 * 256, 65535)], False),
        (-1, -1, [(0, 65535)], False),
        (None, None, [(0, 65535)], True),
        (8, None, [(8 * 256, 8 * 256 + 255)], True),
        (-1, 0, [], True),
        (None, 4, [], True),
        (256, 0, [], True),
        (0, 65535, [], True),
        (-2, -1, [], True),
    ],
)
def test_icmp_fields_are_type_and_code(
    protocol: int, kind: int | None, code: int | None, covered: Pairs, remarked: bool
) -> None:
    found, remark = rule_ports(protocol, kind, code)
    assert found == PortSet.of(covered)
    assert (remark is not None) == remarked


@pytest.mark.parametrize(
    ("bounds", "remark"),
    [
        ((25, 20), "the range 25-20 ends before it begins, so it covers no port"),
        ((0, 70_000), "the range 0-70000 goes beyond the ports 0-65535"),
        ((22, None), "a bound of the port range is not set, so it covers 22-65535"),
        ((-1, -1), "a bound of the port range is -1, so it covers 0-65535"),
    ],
)
def test_remarks_say_what_is_odd(bounds: tuple[int | None, int | None], remark: str) -> None:
    assert rule_ports(TCP, *bounds)[1] == remark


def test_a_range_includes_what_lies_in_it() -> None:
    assert rule_ports(TCP, 20, 25)[0].contains(22)
    assert not rule_ports(TCP, 0, 0)[0].contains(22)
    together = rule_ports(TCP, 20, 21)[0] | rule_ports(TCP, 22, 25)[0]
    assert together.covers(ports("20-25"))


@pytest.mark.parametrize(
    ("protocol", "text", "described"),
    [
        (TCP, "22, 80-443", "tcp 22, 80-443"),
        (UDP, "0-65535", "udp 0-65535"),
        (ALL, "0-65535", "all protocols"),
        (47, "0-65535", "protocol 47"),
        (ICMP, "0-65535", "icmp all types"),
        (ICMP, "2048-2303", "icmp type 8"),
        (ICMP, "2048", "icmp type 8 code 0"),
        (ICMPV6, "512-515", "icmpv6 type 2 codes 0-3"),
        (ICMP, "0-1023", "icmp types 0-3"),
        (ICMP, "772-1280", "icmp type 3 codes 4-255, type 4, type 5 code 0"),
        (ICMP, "65280-65535, 3", "icmp type 0 code 3, type 255"),
    ],
)
def test_ports_are_described_in_the_terms_of_their_protocol(
    protocol: int, text: str, described: str
) -> None:
    assert describe_ports(protocol, ports(text)) == described


def test_no_ports_are_described_as_none() -> None:
    assert describe_ports(ICMP, NO_PORTS) == "icmp no types"
    assert describe_ports(TCP, NO_PORTS) == "tcp no ports"


@pytest.mark.parametrize(
    ("protocol", "port", "answers"),
    [
        (TCP, 22, "1-65535"),
        (UDP, 53, "1-65535"),
        (47, 0, "0-65535"),
        (ICMP, 8 * 256, "0"),
        (ICMP, 8 * 256 + 255, "0"),
        (ICMP, 13 * 256, str(14 * 256)),
        (ICMPV6, 128 * 256, str(129 * 256)),
        (ICMP, 0, "no ports"),
        (ICMP, 9 * 256, "no ports"),
        (ICMPV6, 8 * 256, "no ports"),
    ],
)
def test_answers_come_to_the_ports_that_the_protocol_says(
    protocol: int, port: int, answers: str
) -> None:
    assert answers_to(protocol, port).describe() == answers


@pytest.mark.parametrize("protocol", [TCP, ICMP, ICMPV6, 47])
def test_each_port_has_one_way_of_being_answered(protocol: int) -> None:
    requests = [one.requests for one in exchanges(protocol)]
    assert sum(ports.size for ports in requests) == ALL_PORTS.size
    assert PortSet.of(pair for ports in requests for pair in ports.ranges) == ALL_PORTS
