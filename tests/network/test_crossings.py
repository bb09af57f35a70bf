"""Which routes may take anything into another VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.network.routing.crossings import may_lead_out
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.resources.subnet import Subnet

if TYPE_CHECKING:
    from pathlib import Path

_NETWORK = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "nat" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.nat.id }
resource "aws_vpc" "other" { cidr_block = "10.9.0.0/16" }
resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.other.id
}
"""
_THERE = (0x0A090100, 0x0A0901FF)  # 10.9.1.0/24
_INTERNET = "gateway_id = aws_internet_gateway.i.id"
_NAT = "nat_gateway_id = aws_nat_gateway.n.id"
_PEERING = "vpc_peering_connection_id = aws_vpc_peering_connection.p.id"


def _table(subnet: str, *routes: tuple[str, str]) -> str:
    written = "".join(f'route {{\n cidr_block = "{to}"\n {by}\n}}\n' for to, by in routes)
    return f"""
resource "aws_route_table" "{subnet}" {{
  vpc_id = aws_vpc.v.id
  {written}
}}
resource "aws_route_table_association" "{subnet}" {{
  subnet_id      = aws_subnet.{subnet}.id
  route_table_id = aws_route_table.{subnet}.id
}}
"""


@pytest.mark.parametrize(
    ("own", "behind", "leads"),
    [
        ((), (), False),
        ((("0.0.0.0/0", _INTERNET),), (), False),
        ((("10.9.0.0/16", _PEERING),), (), True),
        ((("10.8.0.0/16", _PEERING),), (), False),
        ((("0.0.0.0/0", _NAT),), (("0.0.0.0/0", _INTERNET),), False),
        ((("0.0.0.0/0", _NAT),), (("10.9.0.0/16", _PEERING),), True),
        ((("0.0.0.0/0", _INTERNET),), (("10.9.0.0/16", _PEERING),), False),
    ],
)
def test_what_may_lead_into_another_vpc(
    own: tuple[tuple[str, str], ...],
    behind: tuple[tuple[str, str], ...],
    leads: bool,
    tmp_path: Path,
) -> None:
    made = graph(_NETWORK + _table("s", *own) + _table("nat", *behind), tmp_path)
    subnet = next(one for one in made.all(Subnet) if one.address == "aws_subnet.s")
    assert may_lead_out(made, subnet, AddressSet.of(Family.IPV4, [_THERE])) is leads
