"""Which workloads are told to be closed by their groups alone, before ways in are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.network.infrastructure import TF_PUBLIC, graph

from iac_ec2lint.network.entry.closed_groups import is_closed
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.network.reachability.reach import open_ports

if TYPE_CHECKING:
    from pathlib import Path

_RULE = 'ingress {{\n protocol = "tcp"\n from_port = 22\n to_port = 22\n {}\n}}'
_ANYONE = _RULE.format('cidr_blocks = ["0.0.0.0/0"]')
_ANYONE_IPV6 = _RULE.format('ipv6_cidr_blocks = ["::/0"]')
_INSIDE = _RULE.format('cidr_blocks = ["10.0.0.0/8"]')
_HOST = """
variable "given" {{}}
resource "aws_security_group" "a" {{
  vpc_id = aws_vpc.v.id
  {}
}}
resource "aws_security_group" "b" {{
  vpc_id = aws_vpc.v.id
  {}
}}
resource "aws_instance" "h" {{
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = {}
}}
{}
"""
_A, _BOTH = "[aws_security_group.a.id]", "[aws_security_group.a.id, aws_security_group.b.id]"
_FLOATING = """resource "aws_security_group_rule" "r" {
  security_group_id = var.given
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
}"""
_TARGET = """resource "aws_lb_target_group_attachment" "h" {
  target_group_arn = var.given
  target_id        = aws_instance.h.id
}"""


@pytest.mark.parametrize(
    ("first", "second", "groups", "more", "closed"),
    [
        ("", "", _A, "", True),
        (_INSIDE, "", _A, "", True),
        (_INSIDE, _INSIDE, _BOTH, "", True),
        ("", _ANYONE, _A, "", True),
        (_ANYONE, "", _A, "", False),
        (_ANYONE_IPV6, "", _A, "", False),
        (_INSIDE, _ANYONE, _BOTH, "", False),
        (_RULE.format("cidr_blocks = var.given"), "", _A, "", False),
        ("", "", "[aws_security_group.a.id, var.given]", "", False),
        ("", "", '[aws_security_group.a.id, "sg-0123456789abcdef0"]', "", False),
        ("", "", "[]", "", False),
        ("", "", _A, _FLOATING, False),
        ("", "", _A, _TARGET, False),
    ],
)
def test_what_groups_alone_close(
    first: str, second: str, groups: str, more: str, closed: bool, tmp_path: Path
) -> None:
    made = graph(TF_PUBLIC + _HOST.format(first, second, groups, more), tmp_path)
    (host,) = workloads(made)
    assert is_closed(made, host) is closed
    if closed:
        assert [found.truth for found in open_ports(made, host)] == [False]
