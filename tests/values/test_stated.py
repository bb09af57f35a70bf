"""Patterns of addresses, and what is stated of inputs."""

from __future__ import annotations

import time

import pytest

from iac_ec2lint.values.inputs import names_network_range
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


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        *(
            (key, True)
            for key in (
                "var.vpc_cidr",
                "module.vpc.vpc_cidr_block",
                "VpcCIDR",
                "PublicSubnet1CIDR",
                "data.terraform_remote_state.net.outputs.vpc_cidr",
                "export:net-VpcCidr",
                "var.private_subnets_cidr_blocks",
                "data.aws_subnet.lb.cidr_block",
                "data.aws_vpc.main.cidr_block_associations",
                "VPC.Outputs.VPCCidr",
            )
        ),
        *(
            (key, False)
            for key in (
                "var.admin_cidrs",
                "var.vpc_id",
                "var.non_vpc_cidr",
                "var.vpc_endpoint_cidr",
                "var.outside_vpc_cidr",
                "VpcId",
                "var.vpc_cidr_allowed",
                "var.subnet_ip",
                "var.allowed_ips",
                "data.aws_ssm_parameter.vpc_cidr.value",
                "var.any_subnet_cidr",
            )
        ),
    ],
)
def test_which_names_are_those_of_ranges_of_networks(key: str, *, expected: bool) -> None:
    assert names_network_range(key) is expected
