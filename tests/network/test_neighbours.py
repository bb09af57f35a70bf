"""Which VPCs may send traffic to which."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.network.vpc.neighbours import neighbours, vpc_key

VPCS = "".join(
    f'resource "aws_vpc" "{name}" {{ cidr_block = "10.{number}.0.0/16" }}\n'
    for number, name in enumerate("abcd")
)
UNKNOWN = 'variable "x" {}\n'


def peering(vpc: str, peer: str, name: str = "p") -> str:
    return (
        f'resource "aws_vpc_peering_connection" "{name}" {{\n'
        f"  vpc_id = {vpc}\n  peer_vpc_id = {peer}\n}}\n"
    )


def gateway(name: str) -> str:
    return f'resource "aws_ec2_transit_gateway" "{name}" {{}}\n'


def attachment(vpc: str, at: str) -> str:
    return (
        f'resource "aws_ec2_transit_gateway_vpc_attachment" "{vpc}" {{\n'
        f"  transit_gateway_id = {at}\n  vpc_id = aws_vpc.{vpc}.id\n  subnet_ids = []\n}}\n"
    )


HUB, OTHER = "aws_ec2_transit_gateway.hub.id", "aws_ec2_transit_gateway.other.id"
STAR = gateway("hub") + "".join(attachment(name, HUB) for name in "abc")
TWO_STARS = (
    gateway("hub")
    + gateway("other")
    + attachment("a", HUB)
    + attachment("b", HUB)
    + attachment("c", OTHER)
)
JOINED = (
    'resource "aws_ec2_transit_gateway_peering_attachment" "p" {\n'
    f"  transit_gateway_id = {HUB}\n  peer_transit_gateway_id = {OTHER}\n}}\n"
)
CORE = (
    'resource "aws_route_table" "a" {\n  vpc_id = aws_vpc.a.id\n'
    '  route {\n    cidr_block = "10.0.0.0/8"\n    core_network_arn = "arn:c"\n  }\n}\n'
    'resource "aws_route_table" "c" { vpc_id = aws_vpc.c.id }\n'
    + "".join(
        f'resource "aws_route" "{name}" {{\n  route_table_id = {table}\n'
        f'  destination_cidr_block = "10.0.0.0/8"\n  core_network_arn = "{core}"\n}}\n'
        for name, table, core in (
            ("b", "aws_vpc.b.main_route_table_id", "arn:c"),
            ("c", "aws_route_table.c.id", "arn:c"),
            ("d", "aws_vpc.d.main_route_table_id", "arn:d"),
        )
    )
)
CASES = {
    "nothing between": ("", "a"),
    "a peering connection": (peering("aws_vpc.a.id", "aws_vpc.b.id"), "ab"),
    "peering connections lead to the peer and never beyond": (
        peering("aws_vpc.a.id", "aws_vpc.b.id") + peering("aws_vpc.b.id", "aws_vpc.c.id", "beyond"),
        "ab",
    ),
    "a peering connection of others": (peering("aws_vpc.b.id", "aws_vpc.c.id"), "a"),
    "a peering connection to what is unknown": (
        UNKNOWN + peering("aws_vpc.a.id", "var.x"),
        "abcd",
    ),
    "another that is connected to what is unknown": (
        UNKNOWN + peering("aws_vpc.d.id", "var.x"),
        "ad",
    ),
    "a transit gateway": (STAR, "abc"),
    "a core network, by each kind of route": (CORE, "abc"),
    "two transit gateways": (TWO_STARS, "ab"),
    "two transit gateways at each other": (TWO_STARS + JOINED, "abc"),
    "a transit gateway that is unknown": (
        UNKNOWN + attachment("a", "var.x") + attachment("c", "var.x"),
        "ac",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_vpcs_that_one_may_exchange_traffic_with(name: str, tmp_path: Path) -> None:
    text, expected = CASES[name]
    found = neighbours(graph(VPCS + text, tmp_path))
    every = [f"aws_vpc.{one}" for one in "abcd"]
    assert found.reach("aws_vpc.a", every) == {f"aws_vpc.{one}" for one in expected}


def test_a_vpc_that_is_unknown_may_be_any(tmp_path: Path) -> None:
    found = neighbours(graph(VPCS, tmp_path))
    every = {"aws_vpc.a", "aws_vpc.b", vpc_key(None)}
    assert found.reach(vpc_key(None), every) == every
    assert found.reach("aws_vpc.a", every) == {"aws_vpc.a", vpc_key(None)}
