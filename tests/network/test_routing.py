"""Where the traffic of a subnet goes, and which clients get their answers (semantics.md, B4)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from tests.network.infrastructure import (
    CFN_ASSOCIATION,
    CFN_GATEWAY,
    CFN_PUBLIC,
    CFN_TABLE,
    CFN_VPC,
    TF_ASSOCIATION,
    TF_GATEWAY,
    TF_PUBLIC,
    TF_TABLE,
    TF_VPC,
    facts,
    graph,
    how_open,
    subnet,
    verdict,
)

from iac_ec2lint.network.routing.middleboxes import inspection
from iac_ec2lint.network.routing.routing import internet_clients, legs, toward
from iac_ec2lint.network.sets.addresses import INTERNET4, AddressSet, Family, parse_cidr
from iac_ec2lint.network.vpc.route_tables import tables_of
from iac_ec2lint.network.vpc.subnets import default_subnet


class Case(NamedTuple):
    """A configuration, whether it answers clients on the internet, and what its evidence says."""

    text: str
    expected: str
    fact: str
    family: Family = Family.IPV4


def table(route: str, more: str = "") -> str:
    """A table with one route of its own, and the subnet in it."""
    text = f'resource "aws_route_table" "t" {{\n  vpc_id = aws_vpc.v.id\n{route}\n}}\n'
    return TF_VPC + TF_GATEWAY + text + TF_ASSOCIATION + more


def separate(body: str, name: str = "r") -> str:
    return (
        f'resource "aws_route" "{name}" {{\n  route_table_id = aws_route_table.t.id\n{body}\n}}\n'
    )


def switched(resource: str, count: str = "var.x ? 1 : 0") -> str:
    """A resource with a count."""
    header, brace, body = resource.partition("{")
    return f"{header}{brace}\n  count = {count}\n{body.rstrip().removesuffix('}')}\n}}\n"


OUT = 'destination_cidr_block = "0.0.0.0/0"\n gateway_id = aws_internet_gateway.i.id'
NAT = """
resource "aws_eip" "e" {}
resource "aws_nat_gateway" "n" {
  subnet_id     = aws_subnet.s.id
  allocation_id = aws_eip.e.id
}
"""
BARE_TABLE = 'resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }\n'
BARE = TF_VPC + TF_GATEWAY + BARE_TABLE + TF_ASSOCIATION
VARIABLE = 'variable "x" {}\n'
LOOSE = 'resource "aws_route_table_association" "x" {\n'

CASES = {
    "explicit association": Case(
        TF_PUBLIC,
        "yes",
        "aws_route_table.t routes 0.0.0.0/0 to the internet gateway aws_internet_gateway.i",
    ),
    "explicit association, template": Case(
        CFN_PUBLIC, "yes", "t routes 0.0.0.0/0 to the internet gateway i"
    ),
    "the reason for the table": Case(
        TF_PUBLIC, "yes", "aws_route_table.t is associated with aws_subnet.s [explicit, True]"
    ),
    "separate route": Case(BARE + separate(OUT), "yes", "0.0.0.0/0"),
    "route as an attribute": Case(
        table('route = [{ cidr_block = "0.0.0.0/0", gateway_id = aws_internet_gateway.i.id }]'),
        "yes",
        "0.0.0.0/0",
    ),
    "two halves": Case(
        BARE
        + separate(OUT.replace("0.0.0.0/0", "0.0.0.0/1"), "one")
        + separate(OUT.replace("0.0.0.0/0", "128.0.0.0/1"), "two"),
        "yes",
        "128.0.0.0/1",
    ),
    "one office alone": Case(
        BARE + separate(OUT.replace("0.0.0.0/0", "203.0.113.0/24")),
        "no",
        "routes 203.0.113.0/24 to the internet gateway",
    ),
    "no association": Case(
        TF_VPC + TF_GATEWAY + TF_TABLE,
        "no",
        "aws_subnet.s has no route table association, so the main route table of aws_vpc.v "
        "applies [default, True]",
    ),
    "no association, what the main table has": Case(
        TF_VPC + TF_GATEWAY + TF_TABLE,
        "no",
        "aws_vpc.v.main_route_table_id has no route to the internet over IPv4 [default, False]",
    ),
    "no association, template": Case(
        CFN_VPC + CFN_GATEWAY + CFN_TABLE, "no", "so the main route table of v applies"
    ),
    "main route table association": Case(
        TF_VPC
        + TF_GATEWAY
        + TF_TABLE
        + 'resource "aws_main_route_table_association" "m" {\n vpc_id = aws_vpc.v.id\n'
        + " route_table_id = aws_route_table.t.id\n}\n",
        "yes",
        "and that is aws_route_table.t",
    ),
    "adopted main table": Case(
        TF_VPC
        + TF_GATEWAY
        + TF_TABLE.replace("aws_route_table", "aws_default_route_table").replace(
            "vpc_id = aws_vpc.v.id", "default_route_table_id = aws_vpc.v.default_route_table_id"
        ),
        "yes",
        "and that is aws_default_route_table.t",
    ),
    "adopted main table without routes": Case(
        TF_VPC
        + TF_GATEWAY
        + 'resource "aws_default_route_table" "t" {\n'
        + " default_route_table_id = aws_vpc.v.default_route_table_id\n route = []\n}\n",
        "no",
        "aws_default_route_table.t has no route to the internet",
    ),
    "route of the main table": Case(
        TF_VPC
        + TF_GATEWAY
        + separate(OUT).replace("aws_route_table.t.id", "aws_vpc.v.main_route_table_id"),
        "yes",
        "aws_vpc.v.main_route_table_id routes 0.0.0.0/0",
    ),
    "route of the main table by its other name": Case(
        TF_VPC
        + TF_GATEWAY
        + separate(OUT).replace("aws_route_table.t.id", "aws_vpc.v.default_route_table_id"),
        "yes",
        "routes 0.0.0.0/0",
    ),
    "nat gateway": Case(
        BARE
        + NAT
        + separate('destination_cidr_block = "0.0.0.0/0"\n nat_gateway_id = aws_nat_gateway.n.id'),
        "no",
        "to the NAT gateway aws_nat_gateway.n, which lets no connections in from the internet",
    ),
    "nat gateway as any gateway": Case(
        BARE
        + NAT
        + separate('destination_cidr_block = "0.0.0.0/0"\n gateway_id = aws_nat_gateway.n.id'),
        "no",
        "to the NAT gateway aws_nat_gateway.n, which lets no connections in from the internet",
    ),
    "nat instance": Case(
        BARE
        + 'resource "aws_network_interface" "e" { subnet_id = aws_subnet.s.id }\n'
        + separate(
            'destination_cidr_block = "0.0.0.0/0"\n'
            " network_interface_id = aws_network_interface.e.id"
        ),
        "no",
        "to the network interface aws_network_interface.e",
    ),
    "transit gateway": Case(
        BARE
        + 'resource "aws_ec2_transit_gateway" "g" {}\n'
        + separate(
            'destination_cidr_block = "0.0.0.0/0"\n'
            " transit_gateway_id = aws_ec2_transit_gateway.g.id"
        ),
        "no",
        "to the transit gateway aws_ec2_transit_gateway.g",
    ),
    "virtual private gateway": Case(
        BARE
        + 'resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }\n'
        + separate(OUT.replace("aws_internet_gateway.i", "aws_vpn_gateway.g")),
        "no",
        "to the virtual private gateway aws_vpn_gateway.g",
    ),
    "peer": Case(
        BARE
        + 'resource "aws_vpc_peering_connection" "p" {\n'
        + ' vpc_id = aws_vpc.v.id\n peer_vpc_id = "vpc-0123456789abcdef0"\n}\n'
        + separate(
            'destination_cidr_block = "0.0.0.0/0"\n'
            " vpc_peering_connection_id = aws_vpc_peering_connection.p.id"
        ),
        "no",
        "to the peering connection aws_vpc_peering_connection.p",
    ),
    "egress-only gateway": Case(
        BARE
        + 'resource "aws_egress_only_internet_gateway" "g" { vpc_id = aws_vpc.v.id }\n'
        + separate(
            'destination_ipv6_cidr_block = "::/0"\n'
            " egress_only_gateway_id = aws_egress_only_internet_gateway.g.id"
        ),
        "no",
        "to the egress-only internet gateway",
        Family.IPV6,
    ),
    "ipv6": Case(
        BARE + separate(OUT.replace("cidr_block", "ipv6_cidr_block").replace("0.0.0.0/0", "::/0")),
        "yes",
        "::/0",
        Family.IPV6,
    ),
    "ipv4 is not ipv6": Case(TF_PUBLIC, "no", "no route to the internet over IPv6", Family.IPV6),
    "longest prefix": Case(
        BARE
        + NAT
        + separate(OUT)
        + separate(
            'destination_cidr_block = "0.0.0.0/1"\n nat_gateway_id = aws_nat_gateway.n.id', "one"
        )
        + separate(
            'destination_cidr_block = "128.0.0.0/1"\n nat_gateway_id = aws_nat_gateway.n.id', "two"
        ),
        "no",
        "lets no connections in",
    ),
    "a more specific route of little": Case(
        TF_PUBLIC
        + NAT
        + separate(
            'destination_cidr_block = "198.51.100.0/24"\n nat_gateway_id = aws_nat_gateway.n.id'
        ),
        "yes",
        "0.0.0.0/0",
    ),
    "prefix list": Case(
        BARE
        + 'resource "aws_ec2_managed_prefix_list" "l" {\n name = "l"\n address_family = "IPv4"\n'
        + ' max_entries = 2\n entry { cidr = "0.0.0.0/1" }\n entry { cidr = "128.0.0.0/1" }\n}\n'
        + separate(
            "destination_prefix_list_id = aws_ec2_managed_prefix_list.l.id\n"
            " gateway_id = aws_internet_gateway.i.id"
        ),
        "yes",
        "128.0.0.0/1 of aws_ec2_managed_prefix_list.l",
    ),
    "prefix list elsewhere": Case(
        BARE
        + separate(
            'destination_prefix_list_id = "pl-0123456789abcdef0"\n'
            " gateway_id = aws_internet_gateway.i.id"
        ),
        "undecided",
        "a prefix list that is not in the source",
    ),
    "detached gateway": Case(
        TF_PUBLIC.replace(TF_GATEWAY, 'resource "aws_internet_gateway" "i" {}\n'),
        "no",
        "aws_internet_gateway.i is attached to no VPC [default, False]",
    ),
    "detached gateway, template": Case(
        CFN_VPC + "  i:\n    Type: AWS::EC2::InternetGateway\n" + CFN_TABLE + CFN_ASSOCIATION,
        "no",
        "i is attached to no VPC",
    ),
    "gateway of another VPC": Case(
        TF_PUBLIC.replace(
            TF_GATEWAY,
            'resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }\n'
            'resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.w.id }\n',
        ),
        "no",
        "aws_internet_gateway.i is attached to aws_vpc.w [explicit, False]",
    ),
    "gateway that is absent": Case(
        TF_PUBLIC.replace(TF_GATEWAY, switched(TF_GATEWAY, "0")).replace(
            "aws_internet_gateway.i.id", "one(aws_internet_gateway.i[*].id)"
        ),
        "undecided",
        "the route names no target",
    ),
    "gateway declared elsewhere": Case(
        TF_PUBLIC.replace(TF_GATEWAY, "").replace("aws_internet_gateway.i.id", '"igw-0123456789"'),
        "undecided",
        "igw-0123456789 is declared elsewhere",
    ),
    "gateway from a variable": Case(
        VARIABLE + TF_PUBLIC.replace("aws_internet_gateway.i.id", "var.x"),
        "undecided",
        "to a target that is unknown",
    ),
    "destination from a variable": Case(
        VARIABLE + TF_PUBLIC.replace('"0.0.0.0/0"', "var.x"),
        "undecided",
        "a block that is unknown (var.x has no value)",
    ),
    "destination from a variable with a default": Case(
        'variable "x" { default = "0.0.0.0/0" }\n' + TF_PUBLIC.replace('"0.0.0.0/0"', "var.x"),
        "yes",
        "0.0.0.0/0",
    ),
    "another route's unknown destination": Case(
        VARIABLE
        + TF_PUBLIC
        + NAT
        + separate("destination_cidr_block = var.x\n nat_gateway_id = aws_nat_gateway.n.id"),
        "undecided",
        "var.x has no value",
    ),
    "another route's destination that is private whatever it is": Case(
        VARIABLE
        + TF_PUBLIC
        + NAT
        + separate(
            'destination_cidr_block = "10.${var.x}.0.0/16"\n nat_gateway_id = aws_nat_gateway.n.id'
        ),
        "yes",
        "0.0.0.0/0",
    ),
    "another route's destination that is in a peered VPC whatever it is": Case(
        VARIABLE
        + TF_PUBLIC
        + 'resource "aws_vpc_peering_connection" "p" {\n'
        + ' vpc_id = aws_vpc.v.id\n peer_vpc_id = "vpc-0123456789abcdef0"\n}\n'
        + separate(
            "destination_cidr_block = var.x\n"
            " vpc_peering_connection_id = aws_vpc_peering_connection.p.id"
        ),
        "yes",
        "0.0.0.0/0",
    ),
    "range of the VPC from a variable": Case(
        VARIABLE + TF_PUBLIC.replace('cidr_block = "10.0.0.0/16"', "cidr_block = var.x"),
        "yes",
        "0.0.0.0/0",
    ),
    "route on a switch": Case(
        VARIABLE + BARE + separate(f"count = var.x ? 1 : 0\n{OUT}"),
        "undecided",
        "[unknown, None]",
    ),
    "route in a block on a switch": Case(
        VARIABLE
        + TF_PUBLIC.replace(
            "  route {", '  dynamic "route" {\n for_each = var.x ? [1] : []\n content {'
        ).replace("aws_internet_gateway.i.id\n  }", "aws_internet_gateway.i.id\n  }\n}"),
        "undecided",
        "[unknown, None]",
    ),
    "all on one switch": Case(
        VARIABLE
        + TF_VPC.replace("  vpc_id     =", "  count = var.x ? 1 : 0\n  vpc_id     =")
        + switched(TF_GATEWAY)
        + switched(TF_TABLE).replace("gateway.i.id", "gateway.i[0].id")
        + switched(TF_ASSOCIATION).replace("s.id", "s[0].id").replace("t.id", "t[0].id"),
        "yes",
        "0.0.0.0/0",
    ),
    "route on a condition, template": Case(
        CFN_PUBLIC.replace(
            "Type: AWS::EC2::Route\n", "Type: AWS::EC2::Route\n    Condition: Switch\n"
        ),
        "undecided",
        "[unknown, None]",
    ),
    "association that may be this subnet's": Case(
        VARIABLE
        + TF_VPC
        + TF_GATEWAY
        + TF_TABLE
        + TF_ASSOCIATION.replace("aws_subnet.s.id", "var.x"),
        "undecided",
        "may associate aws_route_table.t with aws_subnet.s",
    ),
    "association that cannot be this subnet's, which has one": Case(
        VARIABLE
        + TF_PUBLIC
        + 'resource "aws_route_table" "p" { vpc_id = aws_vpc.v.id }\n'
        + f"{LOOSE} subnet_id = var.x\n route_table_id = aws_route_table.p.id\n}}\n",
        "yes",
        "aws_route_table.t is associated with aws_subnet.s",
    ),
    "association that cannot be this subnet's, of another VPC": Case(
        VARIABLE
        + TF_VPC
        + TF_GATEWAY
        + TF_TABLE.replace("aws_vpc.v.id", "aws_vpc.w.id")
        + 'resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }\n'
        + TF_ASSOCIATION.replace("aws_subnet.s.id", "var.x"),
        "no",
        "so the main route table of aws_vpc.v applies",
    ),
    "table from a variable": Case(
        VARIABLE + TF_VPC + TF_ASSOCIATION.replace("aws_route_table.t.id", "var.x"),
        "undecided",
        "nobody knows the route table that aws_route_table_association.a names",
    ),
    "table declared elsewhere": Case(
        TF_VPC + TF_ASSOCIATION.replace("aws_route_table.t.id", '"rtb-0123456789"'),
        "undecided",
        "the routes of rtb-0123456789 are not in the source",
    ),
    "route of a table that nobody knows": Case(
        VARIABLE + BARE + separate(OUT).replace("aws_route_table.t.id", "var.x"),
        "undecided",
        "may be a route of aws_route_table.t",
    ),
    "route of a table that nobody knows, for what is taken": Case(
        VARIABLE
        + TF_PUBLIC
        + NAT
        + separate(
            'destination_cidr_block = "0.0.0.0/0"\n nat_gateway_id = aws_nat_gateway.n.id'
        ).replace("aws_route_table.t.id", "var.x"),
        "yes",
        "0.0.0.0/0",
    ),
    "either of two tables": Case(
        VARIABLE
        + TF_PUBLIC.replace(
            "= aws_route_table.t.id", "= var.x ? aws_route_table.t.id : aws_route_table.p.id"
        )
        + 'resource "aws_route_table" "p" { vpc_id = aws_vpc.v.id }\n',
        "undecided",
        "aws_route_table.p is associated with aws_subnet.s on a condition",
    ),
    "subnet of a VPC declared elsewhere": Case(
        TF_VPC.replace("aws_vpc.v.id", '"vpc-0123456789abcdef0"'),
        "undecided",
        "the main route table of vpc-0123456789abcdef0 is not in the source",
    ),
    "subnet of a VPC looked up": Case(
        'data "aws_vpc" "d" { id = "vpc-0123456789abcdef0" }\n'
        + TF_VPC.replace("aws_vpc.v.id", "data.aws_vpc.d.id"),
        "undecided",
        "the main route table of data.aws_vpc.d is not in the source",
    ),
    "subnet of the default VPC": Case(
        'data "aws_vpc" "d" { default = true }\n'
        + TF_VPC.replace("aws_vpc.v.id", "data.aws_vpc.d.id"),
        "yes",
        "so the main route table of data.aws_vpc.d applies [assumed, True]",
    ),
    "default subnet": Case(
        'resource "aws_default_subnet" "s" { availability_zone = "eu-west-1a" }\n'
        'resource "aws_default_vpc" "d" {}\n',
        "yes",
        "aws_default_vpc.d applies [assumed, True]",
    ),
    "default VPC whose main table is adopted": Case(
        'resource "aws_default_subnet" "s" { availability_zone = "eu-west-1a" }\n'
        'resource "aws_default_vpc" "d" {}\n'
        'resource "aws_default_route_table" "t" {\n'
        " default_route_table_id = aws_default_vpc.d.default_route_table_id\n}\n",
        "no",
        "aws_default_route_table.t has no route",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_clients_that_are_answered_by_an_internet_gateway(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    unit = graph(case.text, tmp_path)
    where = unit.get("aws_default_subnet.s") or subnet(unit)
    found = internet_clients(unit, where, case.family)
    assert how_open(found.addresses) == case.expected, facts(found)
    assert case.fact in facts(found) or case.fact in str(found.causes)
    if case.expected == "undecided":
        assert found.causes
    if case.expected == "yes":
        assert all(hop.verdict is True for hop in found.hops), facts(found)


def test_a_host_without_a_subnet_stands_in_the_default_vpc(tmp_path: Path) -> None:
    unit = graph('resource "aws_instance" "h" { ami = "ami-1" }\n', tmp_path)
    host = unit.get("aws_instance.h")
    assert host is not None
    found = internet_clients(unit, default_subnet(unit, host), Family.IPV4)
    assert how_open(found.addresses) == "yes"
    assert [step.words for step in found.assumptions] == [
        "the default VPC is as AWS created it"
    ] * len(found.assumptions)
    assert found.assumptions
    assert found.hops[0].span == host.span


def test_a_subnet_declared_elsewhere_is_unknown(tmp_path: Path) -> None:
    text = 'resource "aws_instance" "h" {\n subnet_id = "subnet-0123456789"\n ami = "ami-1"\n}\n'
    unit = graph(text, tmp_path)
    where = unit.get("subnet-0123456789")
    assert where is not None
    found = internet_clients(unit, where, Family.IPV4)
    assert how_open(found.addresses) == "undecided"
    assert [cause.cause for cause in found.causes] == ["external-id"]


def test_a_subnet_declared_elsewhere_with_an_association_here_is_known(tmp_path: Path) -> None:
    text = TF_PUBLIC.replace("= aws_subnet.s.id", '= "subnet-0123456789"')
    unit = graph(text, tmp_path)
    where = unit.get("subnet-0123456789")
    assert where is not None
    assert [choice.certain for choice in tables_of(unit, where)] == [True]


def test_addresses_of_the_vpc_are_no_clients(tmp_path: Path) -> None:
    unit = graph(TF_PUBLIC.replace("10.0.", "198.51."), tmp_path)
    found = internet_clients(unit, subnet(unit), Family.IPV4)
    assert found.addresses.lower == AddressSet.everything(Family.IPV4) - block("198.51.0.0/16")


def block(text: str) -> AddressSet:
    parsed = parse_cidr(text)
    assert parsed is not None
    return parsed.addresses


PEERED = (
    TF_PUBLIC
    + 'resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }\n'
    + 'resource "aws_vpc_peering_connection" "p" {\n vpc_id = aws_vpc.v.id\n'
    + " peer_vpc_id = aws_vpc.w.id\n auto_accept = true\n}\n"
    + separate(
        "destination_cidr_block = aws_vpc.w.cidr_block\n"
        " vpc_peering_connection_id = aws_vpc_peering_connection.p.id"
    )
)


def test_each_address_has_one_leg(tmp_path: Path) -> None:
    unit = graph(PEERED, tmp_path)
    found = {leg.target.kind: leg.addresses for leg in legs(unit, subnet(unit), Family.IPV4)}
    assert found["local"].lower == block("10.0.0.0/16")
    assert found["peering connection"].lower == block("10.1.0.0/16")
    out = found["internet gateway"].lower
    assert out == AddressSet.everything(Family.IPV4) - block("10.0.0.0/15")
    assert all(addresses.is_exact for addresses in found.values())


def test_legs_toward_some_addresses(tmp_path: Path) -> None:
    unit = graph(PEERED, tmp_path)
    found = toward(unit, subnet(unit), Family.IPV4, block("10.1.2.0/24"))
    assert [(leg.target.kind, leg.addresses.lower) for leg in found] == [
        ("peering connection", block("10.1.2.0/24"))
    ]
    node = found[0].target.node
    assert node is not None
    assert node.address == "aws_vpc_peering_connection.p"


def test_a_static_route_beats_a_prefix_list_of_the_same_length(tmp_path: Path) -> None:
    text = (
        BARE
        + NAT
        + 'resource "aws_ec2_managed_prefix_list" "l" {\n name = "l"\n address_family = "IPv4"\n'
        + ' max_entries = 1\n entry { cidr = "0.0.0.0/0" }\n}\n'
        + separate(OUT)
        + separate(
            "destination_prefix_list_id = aws_ec2_managed_prefix_list.l.id\n"
            " nat_gateway_id = aws_nat_gateway.n.id",
            "l",
        )
    )
    unit = graph(text, tmp_path)
    assert how_open(internet_clients(unit, subnet(unit), Family.IPV4).addresses) == "yes"


PROPAGATED = {
    "terraform, in the table": TF_PUBLIC.replace(
        "  route {", "  propagating_vgws = [aws_vpn_gateway.g.id]\n  route {"
    )
    + 'resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }\n',
    "terraform": TF_PUBLIC
    + 'resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }\n'
    + 'resource "aws_vpn_gateway_route_propagation" "p" {\n'
    + " vpn_gateway_id = aws_vpn_gateway.g.id\n route_table_id = aws_route_table.t.id\n}\n",
    "template": CFN_PUBLIC
    + "  g:\n    Type: AWS::EC2::VPNGateway\n    Properties: {Type: ipsec.1}\n"
    + "  p:\n    Type: AWS::EC2::VPNGatewayRoutePropagation\n"
    + "    Properties: {VpnGatewayId: !Ref g, RouteTableIds: [!Ref t]}\n",
}


@pytest.mark.parametrize("name", PROPAGATED)
def test_what_a_vpn_announces_is_not_the_internet(name: str, tmp_path: Path) -> None:
    unit = graph(PROPAGATED[name], tmp_path)
    where = subnet(unit)
    assert how_open(internet_clients(unit, where, Family.IPV4).addresses) == "yes"
    found = [leg for leg in legs(unit, where, Family.IPV4) if "private" in leg.target.kind]
    assert [leg.addresses.lower.is_empty for leg in found] == [True]
    assert not found[0].addresses.upper.overlaps(INTERNET4)


def edge_table(route: str) -> str:
    return (
        TF_PUBLIC
        + 'resource "aws_network_interface" "e" { subnet_id = aws_subnet.s.id }\n'
        + f'resource "aws_route_table" "g" {{\n vpc_id = aws_vpc.v.id\n{route}\n}}\n'
        + 'resource "aws_route_table_association" "g" {\n'
        + " gateway_id = aws_internet_gateway.i.id\n route_table_id = aws_route_table.g.id\n}\n"
    )


def through(cidr: str) -> str:
    target = "network_interface_id = aws_network_interface.e.id"
    return f'route {{\n cidr_block = "{cidr}"\n {target}\n}}'


INSPECTED = {
    "none": (TF_PUBLIC, "yes"),
    "this subnet": (edge_table(through("10.0.1.0/24")), "undecided"),
    "another subnet": (edge_table(through("10.0.2.0/24")), "yes"),
    "no routes": (edge_table(""), "yes"),
    "local": (
        edge_table('route {\n cidr_block = "10.0.0.0/16"\n gateway_id = "local"\n}'),
        "yes",
    ),
    "a virtual private gateway": (
        edge_table(through("10.0.1.0/24")).replace(
            "gateway_id = aws_internet_gateway.i.id\n route_table_id",
            "gateway_id = aws_vpn_gateway.g.id\n route_table_id",
        )
        + 'resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }\n',
        "yes",
    ),
    "template": (
        CFN_PUBLIC
        + "  e:\n    Type: AWS::EC2::NetworkInterface\n    Properties: {SubnetId: !Ref s}\n"
        + "  g:\n    Type: AWS::EC2::RouteTable\n    Properties: {VpcId: !Ref v}\n"
        + "  gr:\n    Type: AWS::EC2::Route\n    Properties: {RouteTableId: !Ref g, "
        + "DestinationCidrBlock: 10.0.1.0/24, NetworkInterfaceId: !Ref e}\n"
        + "  ga:\n    Type: AWS::EC2::GatewayRouteTableAssociation\n"
        + "    Properties: {GatewayId: !Ref i, RouteTableId: !Ref g}\n",
        "undecided",
    ),
}


@pytest.mark.parametrize("name", INSPECTED)
def test_a_middlebox_on_the_way_in_is_undecided(name: str, tmp_path: Path) -> None:
    text, expected = INSPECTED[name]
    unit = graph(text, tmp_path)
    found = inspection(unit, subnet(unit), Family.IPV4)
    assert verdict(found.truth) == expected, facts(found)
    assert bool(found.causes) is (expected == "undecided")


@pytest.mark.parametrize(
    "kind", ["aws_main_route_table_association", "aws_route_table_association"]
)
def test_a_table_that_a_default_chooses_is_assumed(kind: str, tmp_path: Path) -> None:
    named = "vpc_id = aws_vpc.v.id" if "main" in kind else "subnet_id = aws_subnet.s.id"
    text = (
        'variable "open" { default = true }\n'
        + TF_VPC
        + TF_GATEWAY
        + TF_TABLE
        + 'resource "aws_route_table" "closed" { vpc_id = aws_vpc.v.id }\n'
        + f'resource "{kind}" "m" {{\n {named}\n'
        + " route_table_id = var.open ? aws_route_table.t.id : aws_route_table.closed.id\n}\n"
    )
    unit = graph(text, tmp_path)
    found = internet_clients(unit, subnet(unit), Family.IPV4)
    assert how_open(found.addresses) == "yes"
    assert {step.span.text for step in found.assumptions} == {"default = true"}
