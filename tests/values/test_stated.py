"""Patterns of addresses, and what is stated of inputs."""

from __future__ import annotations

import time

import pytest

from iac_ec2lint.values.stated import address_fits


@pytest.mark.parametrize(
    ("pattern", "address", "expected"),
    [
        ("var.a", "var.a", True),
        ("var.a", "var.ab", False),
        ("var.*", "var.ab", True),
        ("var.*", "var.a.b", False),
        ("var.**", "var.a.b", True),
        ("**", "", True),
        ("*", "", True),
        ("*a", "ba", True),
        ("*a*", "b.a", False),
        ("**a*", "b.a", True),
        ("data.*.net.*", "data.x.net.y", True),
        ("data.*.net.*", "data.x.y.net.z", False),
        ("Net/*", "Net/Vpc", True),
        ("*", "Net/Vpc", False),
    ],
)
def test_patterns(pattern: str, address: str, expected: bool) -> None:
    assert address_fits(pattern, address) is expected


def test_a_hostile_pattern_takes_no_time() -> None:
    start = time.perf_counter()
    assert not address_fits("**a" * 40 + "b", "a" * 2_000)
    assert not address_fits("*a" * 40 + "b", "a" * 2_000)
    assert time.perf_counter() - start < 2
