"""The ports of load balancers and their targets that are told where none is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.network.infrastructure import TF_PUBLIC, graph

from iac_ec2lint.network.entry.listeners import listened
from iac_ec2lint.network.hosts.balancers import balancers
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.network.reachability.reach import open_ports
from iac_ec2lint.network.sets.ports import TCP, describe_ports

if TYPE_CHECKING:
    from pathlib import Path

_FRONT = """
variable "port" {}
resource "aws_security_group" "front" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8081
    security_groups = [aws_security_group.front.id]
  }
}
resource "aws_lb" "front" {
  subnets         = [aws_subnet.s.id]
  security_groups = [aws_security_group.front.id]
}
resource "aws_lb_target_group" "app" {
  vpc_id   = aws_vpc.v.id
  port     = TARGET
  protocol = "HTTP"
}
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
}
resource "aws_instance" "app" {
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""


def _listener(name: str, port: str, actions: str = "") -> str:
    return f"""
resource "aws_lb_listener" "{name}" {{
  load_balancer_arn = aws_lb.front.arn
  port              = {port}
  {actions}
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }}
}}
"""


def _listened(text: str, folder: Path) -> list[str]:
    made = graph(TF_PUBLIC + _FRONT.replace("TARGET", "8080") + text, folder)
    (front,) = balancers(made)
    return [describe_ports(protocol, ports) for protocol, ports in listened(made, front)]


def _open(text: str, target: str, folder: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    made = graph(TF_PUBLIC + _FRONT.replace("TARGET", target) + text, folder)
    (workload,) = workloads(made)
    return [
        (describe_ports(each.protocol, each.ports), each.verdict, each.authenticated)
        for each in open_ports(made, workload)
        if each.protocol == TCP
    ]


def test_a_known_port_is_told_as_it_is(tmp_path: Path) -> None:
    assert _listened(_listener("web", "443"), tmp_path) == ["tcp 443"]


def test_of_an_unknown_port_what_the_groups_let_in_is_told(tmp_path: Path) -> None:
    assert _listened(_listener("web", "var.port"), tmp_path) == ["tcp 80-443"]


def test_what_is_told_is_told_once(tmp_path: Path) -> None:
    text = _listener("one", "var.port") + _listener("two", "100") + _listener("three", "var.port")
    assert _listened(text, tmp_path) == ["tcp 100", "tcp 80-99", "tcp 101-443"]


def test_a_target_behind_a_port_that_nobody_knows(tmp_path: Path) -> None:
    found = _open(_listener("web", "var.port"), "8080", tmp_path)
    assert found == [("tcp 8080", "undecided", ())]


def test_a_target_on_a_port_that_nobody_knows(tmp_path: Path) -> None:
    found = _open(_listener("web", "443"), "var.port", tmp_path)
    assert found == [("tcp 8080-8081", "undecided", ())]


def test_what_is_open_to_who_signs_in_is_told_last(tmp_path: Path) -> None:
    signs_in = 'default_action {\n    type = "authenticate-cognito"\n  }'
    found = _open(_listener("web", "443", signs_in), "8080", tmp_path)
    assert found == [("tcp 8080", "unreachable", ("aws_lb.front",))]
