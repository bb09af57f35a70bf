from __future__ import annotations

import ipaddress
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.network.sets.addresses import (
    INTERNET4,
    INTERNET6,
    AddressSet,
    Family,
    Openness,
    internet,
    openness,
    parse_cidr,
)

Pairs: TypeAlias = list[tuple[int, int]]

SLASH_8 = 1 << 24
SMALL = st.integers(0, 255)
PAIRS: st.SearchStrategy[Pairs] = st.lists(st.tuples(SMALL, SMALL), max_size=12)


def blocks(*cidrs: str) -> AddressSet:
    parsed = [parse_cidr(cidr) for cidr in cidrs]
    sets = [block.addresses for block in parsed if block]
    assert len(sets) == len(cidrs)
    return AddressSet.union(sets[0].family, sets)


def low(pairs: Pairs) -> AddressSet:
    """The lowest 256 addresses stand for themselves."""
    return AddressSet.of(Family.IPV4, pairs)


def scaled(pairs: Pairs) -> AddressSet:
    """Each number stands for a /8, so that 256 of them are the whole family."""
    return AddressSet.of(
        Family.IPV4, [(lo * SLASH_8, (hi + 1) * SLASH_8 - 1) for lo, hi in pairs if lo <= hi]
    )


def model(pairs: Pairs) -> set[int]:
    return {number for lo, hi in pairs for number in range(lo, hi + 1)}


def members(addresses: AddressSet) -> set[int]:
    return {number for lo, hi in addresses.ranges for number in range(lo, hi + 1)}


@given(PAIRS)
def test_ranges_are_ascending_and_apart(pairs: Pairs) -> None:
    addresses = low(pairs)
    assert members(addresses) == model(pairs)
    assert addresses.size == len(model(pairs))
    for (_, hi), (lo, _) in zip(addresses.ranges, addresses.ranges[1:], strict=False):
        assert hi + 1 < lo


@given(PAIRS, PAIRS)
def test_operators_are_those_of_sets(a: Pairs, b: Pairs) -> None:
    assert members(low(a) | low(b)) == model(a) | model(b)
    assert members(low(a) & low(b)) == model(a) & model(b)
    assert members(low(a) - low(b)) == model(a) - model(b)


@given(PAIRS, PAIRS)
def test_questions_are_those_of_sets(a: Pairs, b: Pairs) -> None:
    assert low(a).covers(low(b)) == (model(a) >= model(b))
    assert low(a).overlaps(low(b)) == bool(model(a) & model(b))
    assert low(a).is_empty == (not model(a))
    assert bool(low(a)) == bool(model(a))
    assert (low(a) == low(b)) == (model(a) == model(b))
    assert [n for n in range(256) if low(a).contains(n)] == sorted(model(a))


@given(PAIRS, PAIRS, PAIRS)
def test_operators_associate_and_distribute(a: Pairs, b: Pairs, c: Pairs) -> None:
    x, y, z = low(a), low(b), low(c)
    assert (x | y) | z == x | (y | z) == AddressSet.union(Family.IPV4, [z, y, x])
    assert (x & y) & z == x & (y & z)
    assert x & (y | z) == (x & y) | (x & z)
    assert x - (y | z) == (x - y) - z


@given(PAIRS, PAIRS)
def test_complement_obeys_de_morgan(a: Pairs, b: Pairs) -> None:
    x, y = scaled(a), scaled(b)
    assert (~x).size == (256 - len(model(a))) * SLASH_8
    assert ~~x == x
    assert ~(x | y) == ~x & ~y
    assert ~(x & y) == ~x | ~y
    assert x - y == x & ~y


@given(PAIRS)
def test_hull_covers_with_one_range(a: Pairs) -> None:
    hull = low(a).hull()
    assert members(hull) == (set(range(min(model(a)), max(model(a)) + 1)) if model(a) else set())


@given(PAIRS)
def test_cidrs_make_up_the_set(pairs: Pairs) -> None:
    addresses = low(pairs)
    cidrs = addresses.cidrs()
    if cidrs:
        assert blocks(*cidrs) == addresses
    expected = [
        str(network)
        for lo, hi in addresses.ranges
        for network in ipaddress.summarize_address_range(
            ipaddress.IPv4Address(lo), ipaddress.IPv4Address(hi)
        )
    ]
    assert cidrs == expected
    assert addresses.cidrs(2) == expected[:2]


def test_families_do_not_mix() -> None:
    for one, other in ((INTERNET4, INTERNET6), (INTERNET6, INTERNET4)):
        with pytest.raises(ValueError, match="do not mix"):
            one | other
        with pytest.raises(ValueError, match="do not mix"):
            one & other
        with pytest.raises(ValueError, match="do not mix"):
            one - other


def test_description_counts_what_it_leaves_out() -> None:
    assert AddressSet.nothing(Family.IPV4).describe() == "no addresses"
    assert blocks("0.0.0.0/1", "128.0.0.0/1").describe() == "0.0.0.0/0"
    assert AddressSet.everything(Family.IPV6).describe() == "::/0"
    seven = blocks(*(f"10.{n}.0.0/32" for n in range(7)))
    assert seven.describe() == (
        "10.0.0.0/32, 10.1.0.0/32, 10.2.0.0/32, 10.3.0.0/32, 10.4.0.0/32, +2 more"
    )


@pytest.mark.parametrize(
    ("text", "canonical", "host_bits"),
    [
        ("203.0.113.0/24", "203.0.113.0/24", False),
        ("203.0.113.9/24", "203.0.113.0/24", True),
        ("203.0.113.9", "203.0.113.9/32", False),
        ("0.0.0.0/0", "0.0.0.0/0", False),
        ("::/0", "::/0", False),
        ("::0/0", "::/0", False),
        ("0:0:0:0:0:0:0:0/0", "::/0", False),
        ("2001:DB8:0:0:1::1/64", "2001:db8::/64", True),
        ("2001:db8::1", "2001:db8::1/128", False),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1/128", False),
        ("2001:0:1:2:3:4:5:6/128", "2001:0:1:2:3:4:5:6/128", False),
        ("1::", "1::/128", False),
        ("::ffff:192.0.2.1", "::ffff:c000:201/128", False),
    ],
)
def test_cidrs_have_one_canonical_text(text: str, canonical: str, host_bits: bool) -> None:
    parsed = parse_cidr(text)
    assert parsed is not None
    assert (parsed.text, parsed.host_bits) == (canonical, host_bits)
    assert parsed.addresses.cidrs() == [canonical]
    assert parsed.family is (Family.IPV6 if ":" in text else Family.IPV4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "any",
        "0.0.0.0/",
        "/0",
        "0.0.0.0/33",
        "0.0.0.0/-1",
        "0.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/8/8",
        "010.0.0.0/8",
        "256.0.0.0",
        "10.0.0",
        "10.0.0.0.0",
        "10..0.0",
        " 10.0.0.0/8",
        "10.0.0.0/8\n",
        "1\u0660.0.0.0/8",
        "1_0.0.0.0/8",
        "0x0a.0.0.0/8",
        "::/129",
        "::/256",
        ":::",
        ":",
        ":1::",
        "1:",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8",
        "12345::",
        "g::",
        "-1::",
        "0x1::",
        "fe80::1%eth0/64",
        "[::1]",
        "::1.2.3",
        "::1.2.3.256",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
    ],
)
def test_what_is_no_cidr_is_none(text: str) -> None:
    assert parse_cidr(text) is None


@given(st.ip_addresses(), st.integers(0, 128))
def test_cidrs_read_as_the_standard_library_reads_them(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, prefix: int
) -> None:
    prefix = min(prefix, address.max_prefixlen)
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    for text in (f"{address}/{prefix}", f"{address.exploded}/{prefix}"):
        parsed = parse_cidr(text)
        assert parsed is not None
        span = (int(network.network_address), int(network.broadcast_address))
        assert parsed.addresses.ranges == (span,)
        assert parsed.host_bits == (address != network.network_address)
        if "." not in str(network) or network.version == 4:  # later versions dot mapped ones
            assert ipaddress.ip_network(parsed.text) == network
    assert blocks(*blocks(f"{address}/{prefix}").cidrs()) == blocks(f"{address}/{prefix}")


@given(st.text(alphabet="0123456789abcf:./% ", max_size=24))
def test_nothing_is_read_that_the_standard_library_refuses(text: str) -> None:
    parsed = parse_cidr(text)
    if parsed:
        assert str(ipaddress.ip_network(text, strict=False).network_address) is not None
        assert parse_cidr(parsed.text) == (parsed.addresses, parsed.text, False)


def test_the_internet_is_all_but_the_special_blocks() -> None:
    special = blocks(
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"),
    )
    assert special == ~INTERNET4
    assert INTERNET6.cidrs() == ["2000::/3"]
    for stand_in in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"):
        assert internet(Family.IPV4).covers(blocks(stand_in))
    assert internet(Family.IPV6).covers(blocks("2001:db8::/32"))


@pytest.mark.parametrize(
    ("cidrs", "expected"),
    [
        (["0.0.0.0/0"], Openness.WORLD),
        (["0.0.0.0/1", "128.0.0.0/1"], Openness.WORLD),
        (["0.0.0.0/1"], Openness.WORLD),
        (["128.0.0.0/1"], Openness.BROAD),  # 43 % of the public space
        (["3.0.0.0/8"], Openness.BROAD),
        (["3.0.0.0/9"], Openness.LIMITED),
        (["3.0.0.0/9", "5.128.0.0/9"], Openness.BROAD),
        (["203.0.113.0/24"], Openness.LIMITED),
        (["10.0.0.0/8"], Openness.NONE),
        (["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], Openness.NONE),
        (["10.0.0.0/7"], Openness.BROAD),
        (["::/0"], Openness.WORLD),
        (["::/1"], Openness.WORLD),
        (["2000::/4"], Openness.WORLD),
        (["2600::/20"], Openness.BROAD),
        (["2600::/21"], Openness.LIMITED),
        (["2001:db8::/128"], Openness.LIMITED),
        (["fd00::/8"], Openness.NONE),
        (["::ffff:0:0/96"], Openness.NONE),
    ],
)
def test_openness_counts_public_addresses(cidrs: list[str], expected: Openness) -> None:
    assert openness(blocks(*cidrs)) is expected


def test_no_address_is_open_to_none() -> None:
    assert openness(AddressSet.nothing(Family.IPV6)) is Openness.NONE


def test_public_blocks_of_a_vpc_are_no_internet_to_it() -> None:
    public = INTERNET4 - blocks("203.0.113.0/24")
    assert openness(blocks("203.0.113.0/24"), public) is Openness.NONE
    assert openness(blocks("203.0.113.0/24")) is Openness.LIMITED
    assert openness(blocks("0.0.0.0/0"), public) is Openness.WORLD
