"""Blocks of a resource: nested, dynamic, written as attributes; comments on them."""

from __future__ import annotations

from tests.terraform.conftest import Workspace, declared, plain, unknown

from iac_ec2lint.declaration import Section


def ports(sections: tuple[Section, ...]) -> list[object]:
    return [plain(s.get("from_port")) for s in sections]


def group(workspace: Workspace, body: str, extra: str = "") -> Section:
    unit = workspace.evaluate(f'resource "aws_security_group" "g" {{\n{body}\n}}\n{extra}')
    return declared(unit, "aws_security_group.g").body


def test_blocks_and_dynamic_blocks_come_in_the_order_of_writing(workspace: Workspace) -> None:
    body = group(
        workspace,
        """
  ingress { from_port = 1 }
  dynamic "ingress" {
    for_each = [2, 3]
    content { from_port = ingress.value }
  }
  ingress { from_port = 4 }
""",
    )
    found = body.sections("ingress")
    assert ports(found) == [1, 2, 3, 4]
    assert [s.path for s in found] == [f"ingress[{i}]" for i in range(4)]
    assert all(s.presence.certain for s in found)
    assert body.names() == ("ingress",)


def test_a_dynamic_block_has_an_iterator_and_nested_ones(workspace: Workspace) -> None:
    body = group(
        workspace,
        """
  dynamic "ingress" {
    for_each = { ssh = [22, 23], web = [80] }
    iterator = rule
    content {
      name = rule.key
      dynamic "port" {
        for_each = rule.value
        content { from_port = "${rule.key}-${port.value}-${port.key}" }
      }
    }
  }
""",
    )
    assert [
        (plain(s.get("name")), ports(s.sections("port"))) for s in body.sections("ingress")
    ] == [
        ("ssh", ["ssh-22-0", "ssh-23-1"]),
        ("web", ["web-80-0"]),
    ]
    assert body.sections("ingress")[0].sections("port")[1].path == "ingress[0].port[1]"


def test_an_unknown_for_each_is_one_possible_block(workspace: Workspace) -> None:
    body = group(
        workspace,
        """
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
""",
        'variable "ports" {}',
    )
    (ingress,) = body.sections("ingress")
    assert (ingress.presence.certain, ingress.presence.when) == (False, "var.ports is not empty")
    unknown(ingress.get("from_port"))
    assert plain(ingress.get("cidr_blocks")) == ["0.0.0.0/0"]


def test_a_switch_makes_its_block_possible_and_keeps_what_is_in_it(workspace: Workspace) -> None:
    body = group(
        workspace,
        """
  dynamic "ingress" {
    for_each = var.open ? [22] : []
    content { from_port = ingress.value }
  }
""",
        'variable "open" { type = bool }',
    )
    (ingress,) = body.sections("ingress")
    assert ingress.presence.when == "var.open is true"
    assert plain(ingress.get("from_port")) == 22


def test_a_switch_that_is_off_by_default_makes_none(workspace: Workspace) -> None:
    body = group(
        workspace,
        'dynamic "ingress" {\n  for_each = var.open ? [1] : []\n  content { from_port = 22 }\n}',
        'variable "open" { default = false }',
    )
    assert body.sections("ingress") == ()


def test_blocks_written_as_an_attribute(workspace: Workspace) -> None:
    body = group(
        workspace,
        "ingress = concat([{ from_port = 22 }], [for p in [80, 81] : { from_port = p }])",
    )
    assert ports(body.sections("ingress")) == [22, 80, 81]
    assert [s.path for s in body.sections("ingress")] == ["ingress[0]", "ingress[1]", "ingress[2]"]


def test_blocks_in_json_syntax(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf.json": """{"resource": {"aws_security_group": {"g": {
              "ingress": [{"from_port": 22}, {"from_port": "${40 + 40}"}],
              "dynamic": {"egress": {
                "for_each": [1, 2], "content": {"from_port": "${egress.value}"}
              }}
            }}}}"""
        }
    )
    body = declared(unit, "aws_security_group.g").body
    assert ports(body.sections("ingress")) == [22, 80]
    assert ports(body.sections("egress")) == [1, 2]


def test_meta_arguments_are_no_attributes(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        'resource "aws_security_group" "g" {\n  count = 1\n  name = "x"\n  provider = aws\n'
        "  depends_on = []\n  lifecycle {}\n  timeouts {}\n}"
    )
    body = declared(unit, "aws_security_group.g[0]").body
    assert body.names() == ("name", "timeouts")
    assert body.get("count") is None


def test_null_is_as_if_it_were_not_written(workspace: Workspace) -> None:
    body = group(workspace, "name = null")
    assert body.get("name") is None


def test_a_block_of_another_resource_can_be_referred_to(workspace: Workspace) -> None:
    workspace.evaluate(
        """resource "aws_instance" "a" {
          root_block_device { volume_size = 8 }
        }
        locals {
          size = aws_instance.a.root_block_device[0].volume_size
          id   = aws_instance.a.root_block_device[0].volume_id
        }"""
    )
    assert workspace.plain("size") == 8
    assert [r.target for r in unknown(workspace.local("id")).references] == ["aws_instance.a"]


def test_comments_suppress_what_they_stand_on_or_above(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        """# ec2lint:ignore=SG001 the whole group
resource "aws_security_group" "g" {
  name = "x" # ec2lint:ignore=SG002,SG003 just the name until=2030-01-01

  # ec2lint:ignore=SG004 this block
  # (another comment)
  ingress {
    cidr_blocks = [
      "0.0.0.0/0", // ec2lint:ignore=SG005 this attribute
    ]
  }
}
# ec2lint:ignore=SG006 the call
module "m" {
  source = "./m"
}
/* ec2lint:ignore=SG007 nothing */
"""
    )
    source = (workspace.folder / "main.tf").read_text()
    covered = {s.codes: source[s.covers.start : s.covers.end] for s in unit.suppressions}
    assert covered[("SG001",)].startswith('resource "aws_security_group" "g" {')
    assert covered[("SG001",)].endswith("\n}")
    assert covered[("SG002", "SG003")] == 'name = "x"'
    assert covered[("SG004",)].startswith("ingress {")
    assert covered[("SG005",)].startswith("cidr_blocks = [")
    assert covered[("SG006",)].startswith('module "m" {')
    assert covered[("SG007",)].startswith("/* ec2lint")
    (dated,) = [s for s in unit.suppressions if s.until]
    assert (dated.reason, dated.until) == ("just the name", "2030-01-01")


def test_blocks_of_an_unknown_list_keep_what_each_of_them_is(workspace: Workspace) -> None:
    body = group(
        workspace,
        "ingress = [for p in var.ports : { from_port = p, cidr_blocks = [local.wide] }]",
        'variable "ports" {}\nlocals { wide = "0.0.0.0/0" }',
    )
    (ingress,) = body.sections("ingress")
    assert (ingress.presence.certain, ingress.presence.when) == (False, "var.ports has no value")
    assert plain(ingress.get("cidr_blocks")) == ["0.0.0.0/0"]


def test_both_switches_are_named_where_two_decide(workspace: Workspace) -> None:
    body = group(
        workspace,
        "ingress = var.a ? (var.b ? [{ from_port = 1 }] : []) : []",
        'variable "a" { type = bool }\nvariable "b" { type = bool }',
    )
    (ingress,) = body.sections("ingress")
    assert ingress.presence.when == "var.b is true and var.a is true"
