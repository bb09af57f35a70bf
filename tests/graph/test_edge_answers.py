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


COUNTED = """\
variable "n" {}
variable "on" {}
resource "aws_instance" "i" {
  count = var.n
}
resource "aws_eip" "e" {
  count = var.n
  instance = %s
}
"""


@pytest.mark.parametrize(
    ("expression", "certain"),
    [
        ("aws_instance.i[count.index].id", True),
        ("element(aws_instance.i[*].id, count.index)", True),
        ("one(aws_instance.i[*].id)", True),
        ("try(aws_instance.i[0].id, null)", True),
        ('join("", aws_instance.i[*].id)', True),
        ("aws_instance.i[var.on].id", False),
        ("var.on == 1 ? aws_instance.i[0].id : null", False),
        ('element(split(",", join(",", aws_instance.i[*].id)), count.index)', False),
    ],
)
def test_instances_of_an_unknown_number(expression: str, certain: bool, tmp_path: Path) -> None:
    made = graph(COUNTED % expression, tmp_path)
    address = made.get("aws_eip.e")
    assert address is not None
    edges = [edge for edge in made.targets(address, "instance") if edge.target is not None]
    assert [(edge.target, edge.certain) for edge in edges] == [
        (made.get("aws_instance.i"), certain)
    ]


def test_the_other_arm_of_a_condition_leads_nowhere_where_the_target_is(tmp_path: Path) -> None:
    text = (
        'variable "on" {}\nresource "aws_instance" "i" {\n  count = var.on == 1 ? 1 : 0\n}\n'
        'resource "aws_eip" "e" {\n  instance = var.on == 1 ? %s : %s\n}\n'
    )
    one = "aws_instance.i[0].id"
    for arms, certain in (((one, "null"), True), (("null", one), False)):
        made = graph(text % arms, tmp_path)
        address = made.get("aws_eip.e")
        assert address is not None
        assert [edge.certain for edge in made.targets(address, "instance")] == [certain]


def test_a_list_on_a_condition_may_lead_to_all_that_it_lists(tmp_path: Path) -> None:
    both = "var.open == 1 ? [aws_security_group.a.id, aws_security_group.b.id] : null"
    made = graph(CONFIGURATION % f"vpc_security_group_ids = {both}", tmp_path)
    [instance] = made.all(Instance)
    edges = made.targets(instance, "security_groups")
    found = [(edge.target.address if edge.target else "", edge.certain) for edge in edges]
    assert found == [("aws_security_group.a", False), ("aws_security_group.b", False)]


def test_a_choice_between_an_empty_name_and_nothing_leads_nowhere_for_sure(tmp_path: Path) -> None:
    text = (
        'variable "on" {}\nresource "aws_db_subnet_group" "g" {\n  name = ""\n}\n'
        'resource "aws_db_instance" "d" {\n'
        '  db_subnet_group_name = var.on ? join("", aws_db_subnet_group.g[*].name) : null\n}\n'
    )
    made = graph(text, tmp_path)
    database = made.get("aws_db_instance.d")
    assert database is not None
    assert not any(edge.certain for edge in made.targets(database, "subnet_group"))
