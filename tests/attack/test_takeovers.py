"""Which of several hosts a principal gets at, and by what way."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import allow, by_name, role, user
from tests.network.infrastructure import graph

from iac_ec2lint.attack.hosts.access import reaches
from iac_ec2lint.attack.hosts.openable_hosts import openable_host
from iac_ec2lint.attack.hosts.takeover import takeovers
from iac_ec2lint.graph.graph import Graph

NETWORK = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "v" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "v" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.v.id
  }
}
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table_association" "v" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.v.id
}
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
"""
SEND = '"ec2-instance-connect:SendSSHPublicKey"'
OPEN = '"ec2:AuthorizeSecurityGroupIngress"'


def rules(name: str, *lines: str) -> str:
    """A group with rules for tcp 22, each a line that says from where."""
    text = f'resource "aws_security_group" "{name}" {{\n  vpc_id = aws_vpc.v.id\n'
    for line in lines:
        text += f"""  ingress {{
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    {line}
  }}
"""
    return (
        text
        + """  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16"]
  }
}
"""
    )


def host(name: str, subnet: str = "private", groups: str = "shut", profile: str = "admin") -> str:
    return f"""
resource "aws_instance" "{name}" {{
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = aws_subnet.{subnet}.id
  iam_instance_profile   = aws_iam_instance_profile.{profile}.name
  vpc_security_group_ids = [aws_security_group.{groups}.id]
}}
"""


ANY = 'cidr_blocks = ["0.0.0.0/0"]'
ADMIN = role("admin", allow('"*"'))
SHUT = rules("shut")


def taken(made: Graph, name: str) -> list[tuple[str, bool | None]]:
    found = takeovers(made, by_name(made, name))
    return [(one.held.host.address, one.answer.truth) for one in found if one.held is not None]


def test_a_host_that_is_denied_does_not_stand_for_the_others(tmp_path: Path) -> None:
    denied = (
        '{ Effect = "Deny", Action = "ec2:CreateReplaceRootVolumeTask", '
        "Resource = aws_instance.a.arn }"
    )
    text = NETWORK + ADMIN + SHUT + host("a") + host("b")
    text += user("u", allow('"ec2:CreateReplaceRootVolumeTask"'), denied)
    assert taken(graph(text, tmp_path), "u") == [("aws_instance.b", True)]


def test_of_several_hosts_the_one_that_is_reached_counts(tmp_path: Path) -> None:
    text = NETWORK + ADMIN + SHUT + rules("open", ANY)
    text += host("a") + host("b", "public", "open") + user("u", allow(SEND))
    assert taken(graph(text, tmp_path), "u") == [("aws_instance.b", True)]


def test_what_is_sure_goes_before_what_may_be(tmp_path: Path) -> None:
    tagged = '{ StringEquals = { "ssm:resourceTag/team" = "x" } }'
    text = NETWORK + role("admin", allow('"*"')) + SHUT + host("a") + host("b")
    text += user(
        "u",
        allow('"ec2:CreateReplaceRootVolumeTask"', condition=tagged),
        allow('"ec2:CreateReplaceRootVolumeTask"', "aws_instance.b.arn"),
    )
    assert taken(graph(text, tmp_path), "u") == [("aws_instance.b", True)]


def test_who_has_the_role_already_gains_nothing(tmp_path: Path) -> None:
    text = NETWORK + ADMIN + SHUT + host("a")
    text += user("u", allow('"*"')) + user("v", allow('"ec2:Describe*"'))
    made = graph(text, tmp_path)
    assert taken(made, "u") == taken(made, "v") == []


# Instance Connect Endpoints.

ENDPOINT = """
resource "aws_ec2_instance_connect_endpoint" "e" {
  subnet_id          = aws_subnet.private.id
  security_group_ids = [aws_security_group.endpoint.id]
  KEPT
}
"""


@pytest.mark.parametrize(
    ("source", "kept", "expected"),
    [
        # A rule that names the endpoint's group admits it, whatever address is seen.
        ("security_groups = [aws_security_group.endpoint.id]", "", True),
        ("security_groups = [aws_security_group.endpoint.id]", "true", True),
        # One that names addresses does where the endpoint's own is seen.
        ('cidr_blocks = ["10.0.0.0/16"]', "false", True),
        ('cidr_blocks = ["10.0.0.0/16"]', "true", False),
        ('cidr_blocks = ["10.0.0.0/16"]', "", None),
        ('cidr_blocks = ["10.1.0.0/16"]', "false", False),
        ("self = true", "", False),
    ],
)
def test_how_an_endpoint_leads_to_a_host(
    source: str, kept: str, expected: bool | None, tmp_path: Path
) -> None:
    said = f"preserve_client_ip = {kept}" if kept else ""
    text = NETWORK + ADMIN + rules("endpoint") + rules("a", source) + host("a", groups="a")
    text += ENDPOINT.replace("KEPT", said)
    text += user("u", allow('"ec2-instance-connect:OpenTunnel"')) + user("v", allow(SEND))
    made = graph(text, tmp_path)
    target = made.get("aws_instance.a")
    assert target is not None
    assert reaches(made, by_name(made, "u"), target, 22).answer.truth is expected
    assert reaches(made, by_name(made, "v"), target, 22).answer.truth is False


def test_an_endpoint_that_lets_nothing_out_leads_nowhere(tmp_path: Path) -> None:
    closed = 'resource "aws_security_group" "endpoint" { vpc_id = aws_vpc.v.id }\n'
    source = "security_groups = [aws_security_group.endpoint.id]"
    text = NETWORK + ADMIN + closed + rules("a", source) + host("a", groups="a")
    text += ENDPOINT.replace("KEPT", "") + user("u", allow('"ec2-instance-connect:OpenTunnel"'))
    made = graph(text, tmp_path)
    target = made.get("aws_instance.a")
    assert target is not None
    assert reaches(made, by_name(made, "u"), target, 22).answer.truth is False


# Hosts of its own.


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("security_groups = [aws_security_group.own.id]", True),
        ('cidr_blocks = ["10.0.1.0/24"]', True),
        ('cidr_blocks = ["10.0.0.0/24"]', False),
    ],
)
def test_a_role_reaches_what_its_hosts_reach(source: str, expected: bool, tmp_path: Path) -> None:
    text = NETWORK + ADMIN + rules("own") + rules("a", source) + host("a", groups="a")
    text += role("own", allow(SEND)) + host("o", groups="own", profile="own")
    made = graph(text, tmp_path)
    assert taken(made, "own") == ([("aws_instance.a", True)] if expected else [])


# Hosts that it opens itself.


@pytest.mark.parametrize(
    ("action", "resource", "subnet", "open_", "expected"),
    [
        (OPEN, "aws_security_group.a.arn", "public", "", True),
        (OPEN, '"*"', "public", "", True),
        (OPEN, "aws_security_group.shut.arn", "public", "", False),
        # It has no address.
        (OPEN, '"*"', "private", "", False),
        ('"ec2:AssociateAddress"', '"*"', "private", ANY, False),
        (
            '["ec2:ModifyInstanceAttribute", "ec2:AuthorizeSecurityGroupIngress"]',
            '"*"',
            "public",
            "",
            True,
        ),
        ('"ec2:ModifyInstanceAttribute"', '"*"', "public", "", False),
    ],
)
def test_what_it_may_open(
    action: str, resource: str, subnet: str, open_: str, expected: bool, tmp_path: Path
) -> None:
    text = NETWORK + ADMIN + SHUT + rules("a", *([open_] if open_ else []))
    text += host("a", subnet, "a") + user("u", allow(action, resource))
    made = graph(text, tmp_path)
    found = openable_host(made, by_name(made, "u"))
    assert (found is not None) is expected


def test_an_address_opens_a_host_whose_subnet_is_public(tmp_path: Path) -> None:
    text = NETWORK.replace("map_public_ip_on_launch = true", "map_public_ip_on_launch = false")
    text += ADMIN + rules("a", ANY) + host("a", "public", "a")
    text += user("u", allow('"ec2:AssociateAddress"'))
    made = graph(text, tmp_path)
    found = openable_host(made, by_name(made, "u"))
    assert found is not None
    assert (found.held.host.address, found.port) == ("aws_instance.a", 22)


# Of what little is known.


@pytest.mark.parametrize(
    ("way", "gain", "found"),
    [
        ('"ec2:CreateReplaceRootVolumeTask"', "AdministratorAccess", [("aws_instance.a", True)]),
        ('"ec2:CreateReplaceRootVolumeTask"', "SomethingElse", [("aws_instance.a", None)]),
        ("", "AdministratorAccess", [("aws_instance.a", None)]),
        ("", "SomethingElse", []),
    ],
)
def test_two_unknowns_are_no_news(
    way: str, gain: str, found: list[tuple[str, bool | None]], tmp_path: Path
) -> None:
    named = f'managed_policy_arns = ["arn:aws:iam::aws:policy/{gain}"]'
    text = NETWORK + role("admin", extra=named) + SHUT + host("a")
    text += user("u", *([allow(way)] if way else []))
    if not way:
        text += """resource "aws_iam_user_policy_attachment" "u" {
  user       = aws_iam_user.u.name
  policy_arn = "arn:aws:iam::aws:policy/AnotherThing"
}
"""
    assert taken(graph(text, tmp_path), "u") == found
