"""What an edge answers: whether it leads to its target, and what keeps that open."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.resources.instance import Instance

CONFIGURATION = """\
variable "open" {}
variable "default" { default = [1] }
resource "aws_security_group" "a" {}
resource "aws_security_group" "b" {}
resource "aws_network_interface" "n" {}
resource "aws_instance" "i" {
  count = 1
  %s
}
"""
TEMPLATE = """\
Parameters: {Open: {Type: String}}
Conditions: {C: !Equals [!Ref Open, a]}
Resources:
  A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a}}
  B: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: b}}
  I:
    Type: AWS::EC2::Instance
    Properties:
      %s
"""
BLOCK = """\
dynamic "network_interface" {
    for_each = %s
    content {
      network_interface_id = aws_network_interface.n.id
    }
  }"""


def groups(name: str) -> str:
    return f"vpc_security_group_ids = [{name}]"


@pytest.mark.parametrize(
    ("text", "written", "truth", "reasons", "assumed"),
    [
        (CONFIGURATION, groups("aws_security_group.a.id"), True, [], False),
        (
            CONFIGURATION,
            groups("var.open ? aws_security_group.a.id : aws_security_group.b.id"),
            None,
            ["var.open has no value"],
            False,
        ),
        (
            CONFIGURATION,
            groups("var.open ? aws_security_group.a.id : null"),
            None,
            ["var.open has no value"],
            False,
        ),
        (CONFIGURATION, groups("var.open"), None, ["var.open has no value"], False),
        (CONFIGURATION, BLOCK % "[1]", True, [], False),
        (CONFIGURATION, BLOCK % "var.default", True, [], True),
        (CONFIGURATION, BLOCK % "var.open", None, ["var.open has no value"], False),
        (TEMPLATE, "SecurityGroupIds: [!Ref A]", True, [], False),
        (
            TEMPLATE,
            "SecurityGroupIds: [!If [C, !Ref A, !Ref B]]",
            None,
            ['condition "C" is undecided: parameter "Open" has no value'],
            False,
        ),
        (
            TEMPLATE,
            "SecurityGroupIds: [!If [C, !Ref A, !Ref AWS::NoValue]]",
            None,
            ['condition "C" is undecided: parameter "Open" has no value'],
            False,
        ),
    ],
)
def test_an_edge_says_what_keeps_it_open(
    tmp_path: Path,
    text: str,
    written: str,
    truth: bool | None,
    reasons: list[str],
    assumed: bool,
) -> None:
    made = graph(text % written, tmp_path)
    (host,) = made.all(Instance)
    edges = made.targets(host, "security_groups", "network_interface")
    assert edges
    for edge in edges:
        assert edge.answer.truth is truth
        assert [cause.reason for cause in edge.answer.causes] == reasons
        assert bool(edge.answer.assumptions) is assumed
