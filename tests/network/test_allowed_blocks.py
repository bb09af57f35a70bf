"""Which blocks a text can be that must match a regular expression: never fewer than there are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.cloudformation.parameters.patterns import allowed_by
from iac_ec2lint.network.sets.addresses import Family, parse_cidr
from iac_ec2lint.network.sets.allowed_blocks import AllowedBlocks, allowed_blocks
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.values import Unknown
from iac_ec2lint.values.allowed import Allowed, Form, language
from iac_ec2lint.values.re2.language import STEPS

SPAN = SourceText("main.tf", "var.x").span(0, 5)
OCTET = r"([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
QUICK_START = rf"^({OCTET}\.){{3}}{OCTET}"


def found(
    pattern: str, family: Family = Family.IPV4, *, whole: bool = True
) -> AllowedBlocks | None:
    demand = allowed_by(pattern, "String") if whole else (Allowed((Form(pattern, False),)),)
    return allowed_blocks(Unknown("unset", "variable", SPAN, allowed=demand), family)


@pytest.mark.parametrize(
    ("pattern", "upper", "shortest"),
    [
        (rf"{QUICK_START}(\/(1[6-9]|2[0-8]))$", "0.0.0.0/0", 16),
        (rf"{QUICK_START}(\/([0-9]|[1-2][0-9]|3[0-2]))$", "0.0.0.0/0", 0),
        (rf"{QUICK_START}(\/([0-9]|[1-2][0-9]|3[0-2]))?$", "0.0.0.0/0", 0),
        (rf"{QUICK_START}$", "0.0.0.0/0", 32),  # an address is a block of one
        (r"(\d{1,3}\.){3}\d{1,3}/\d{1,2}", "0.0.0.0/0", 0),
        (r"(\d{1,3}\.){3}\d{1,3}/0*(8|9)", "0.0.0.0/0", 8),
        (r"10\.\d+\.\d+\.\d+/(8|9|[12]\d|3[0-2])", "10.0.0.0/8", 8),
        (r"10\.\d+\.\d+\.\d+/\d+", "0.0.0.0/0", 0),
        (r"10\.\d+\.\d+\.\d+/7", "10.0.0.0/7", 7),
        (r"172\.(1[6-9]|2\d|3[01])\.\d+\.\d+/(1[6-9]|2\d)", "172.16.0.0/12", 16),
        (r"192\.168\.\d+\.\d+/[12]\d", "192.128.0.0/10", 10),
        (r"10\.0\.0\.0/16|192\.168\.\d+\.0/24", "10.0.0.0/16, 192.168.0.0/16", 16),
        (r".*/32", "0.0.0.0/0", 32),
        (r"010\.0\.0\.0/24", "8.0.0.0/16, 10.0.0.0/16", 24),  # perhaps octal
        (r" *0\.0\.0\.0 */.*", "0.0.0.0/0", 0),
        (r"\s*10\.0\.0\.0/24\s*", "10.0.0.0/16", 24),
        (r"[^/]+", "0.0.0.0/0", 32),
        (r"(?:0|00)\.0\.0\.0/00", "0.0.0.0/0", 0),  # whatever somebody takes for one
    ],
)
def test_a_pattern_allows(pattern: str, upper: str, shortest: int) -> None:
    blocks = found(pattern)
    assert blocks is not None
    assert (blocks.upper.describe(), min(blocks.lengths)) == (upper, shortest)


@pytest.mark.parametrize(
    ("pattern", "shortest"),
    [("([0-9a-f]{0,4}:){1,7}[0-9a-f]{0,4}/(4[89]|64)", 48), ("::/0|2001:db8::/32", 0), (".*", 0)],
)
def test_a_pattern_allows_lengths_of_ipv6(pattern: str, shortest: int) -> None:
    blocks = found(pattern, Family.IPV6)
    assert blocks is not None
    assert min(blocks.lengths) == shortest


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z]*",  # no block at all: what takes it for one is not understood
        r"(?!0\.0\.0\.0/0).*",
        r"(?i)10\.0\.0\.0/8",
        r"[0-9&&[12]]0\.0\.0\.0/24",
        r"[1[0]]0\.0\.0\.0/24",
        r"\p{Digit}0\.0\.0\.0/24",
        r"\x31\x30\.0\.0\.0/24",
        r"\Q10.0.0.0/24\E",
        r"10++\.0\.0\.0/24",
        "(",
        "1" * 2_000 + "|10.0.0.0/24",
        r"(((\d{0,3}\.?){1,30}){1,30}){1,30}",
        r"([0-9./]?[0-9]?){400}",
        r".*(1|2|3).{10}.*(4|5).{5}/32",
    ],
)
def test_of_what_is_not_understood_nothing_is_known(pattern: str) -> None:
    assert found(pattern) is None


def test_the_work_is_bounded() -> None:
    known = language(Form(r".*(1|2|3).{10}.*(4|5).{5}/32", whole=True))
    assert known is not None
    assert known.may_be("1" * 200) in (True, False)
    assert STEPS <= 10_000  # a template may have thousands of patterns


@pytest.mark.parametrize(
    ("pattern", "shortest"),
    [(r"/(1[6-9]|2\d)$", 16), (r"^10\.", 0), ("/24", 24), ("10", 0)],
)
def test_a_part_is_enough_for_a_search(pattern: str, shortest: int) -> None:
    blocks = found(pattern, whole=False)
    assert blocks is not None
    assert min(blocks.lengths) == shortest


PIECES = st.sampled_from(
    [
        r"\d",
        r"\d{1,3}",
        r"\.",
        "/",
        "10",
        "0",
        "[1-3]",
        "[^/]",
        ".*",
        "(1|22)",
        "(0?|1)",
        "2*",
        "^",
        "$",
    ]
)


@given(
    st.lists(PIECES, min_size=1, max_size=10).map("".join),
    st.tuples(*[st.sampled_from([0, 1, 10, 22, 100, 255])] * 4),
    st.integers(0, 32),
    st.booleans(),
)
def test_no_block_that_matches_is_left_out(
    pattern: str, octets: tuple[int, ...], length: int, whole: bool
) -> None:
    text = f"{'.'.join(map(str, octets))}/{length}"
    for tried in (pattern, rf"{pattern}|{re.escape(text[:3])}.*"):
        if (re.fullmatch if whole else re.search)(tried, text) is None:
            continue
        blocks, block = found(tried, whole=whole), parse_cidr(text)
        assert block is not None
        if blocks is not None:
            assert blocks.upper.covers(block.addresses)
            assert length in blocks.lengths
