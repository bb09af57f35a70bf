"""What is made where conditions contradict each other, and what may be (values.guard)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.test_rule_findings import found

INPUTS = """variable "a" { type = bool }
variable "b" { type = bool }
variable "env" { type = string }
variable "list" { type = list(string) }
locals {
  here  = var.env == "test"
  there = !local.here
}
"""


@pytest.mark.parametrize(
    ("condition", "made"),
    [
        ("var.a && !var.a", False),
        ("!(!var.a || var.a)", False),
        ("var.a && (var.b && !var.a)", False),
        ("var.a && !var.b", True),
        ('var.env == "test" && var.env == "production"', False),
        ('var.env == "test" && var.env != "test"', False),
        ('var.env != "test" && var.env != "production"', True),
        ('var.env == "test" && "production" == var.env', False),
        ("local.here && local.there", False),
        ('local.here && var.env == "production"', False),
        ('local.there && var.env == "production"', True),
        ("var.a == true && var.a == false", False),
        # What is true or false is it, compared with that or not.
        ('local.here == true && (var.env == "production") == true', False),
        ('local.here == true && (var.env != "test") != false', False),
        ('local.here == true && (var.env == "production") == false', True),
        ("!var.a == true && var.a", False),
        ('contains(["x", "y"], var.env) == true && var.env == "z"', False),
        # Null is neither.
        ("var.a != true && var.a != false", True),
        ("(var.a || var.b) && !(var.a || var.b)", False),
        ("(var.a || var.b) && !var.a", True),
        # In whatever order, and by whatever function, it is written.
        ("(var.a || var.b || local.here) && !(local.here || var.b || var.a)", False),
        ("(var.a || var.b || local.here) && !local.here && !(var.b || var.a)", False),
        ("(var.a || var.b || local.here) && !(var.b || var.a)", True),
        ("(var.a || !(var.b && local.here)) && local.here && var.b && !var.a", False),
        ('contains(["x", "y"], var.env) && var.env != "x" && var.env != "y"', False),
        ('contains(["x", "y"], var.env) && !(var.env == "y" || var.env == "x")', False),
        ('contains(["x"], var.env) && var.env == "y"', False),
        # What is one thing is none of the others.
        ('(var.env == "x" || var.env == "y") && var.env == "z"', False),
        ('contains(["x", "y"], var.env) && var.env == "z"', False),
        ('!contains(["x", "y"], var.env) && var.env == "z"', True),
        ('(var.env != "x" || var.a) && var.env == "z"', True),
        # Each element, and each result, is its own.
        ('var.list[0] == "x" && var.list[1] == "y"', True),
        ('uuid() == "x" && uuid() == "y"', True),
    ],
)
def test_what_contradicts_itself_is_not_made(condition: str, made: bool, tmp_path: Path) -> None:
    for count in (f"{condition} ? 1 : 0", f"!({condition}) ? 0 : 1"):
        text = f'{INPUTS}resource "aws_ebs_volume" "v" {{\n  count = {count}\n}}\n'
        assert bool(found(tmp_path, text, "DATA001")) is made
    for_each = f'{condition} ? toset(["x"]) : []'
    text = f'{INPUTS}resource "aws_ebs_volume" "v" {{\n  for_each = {for_each}\n}}\n'
    assert bool(found(tmp_path, text, "DATA001")) is made


@pytest.mark.parametrize(
    ("outer", "inner", "made"),
    [
        ("var.a ? 1 : 0", "var.create ? 1 : 0", True),
        ("var.a ? 1 : 0", "var.create ? 0 : 1", False),
        ("1", "var.create && !var.create ? 1 : 0", False),
        # Another input of the same name.
        ("var.a ? 1 : 0", "var.a ? 0 : 1", True),
    ],
)
def test_conditions_of_a_module_are_the_callers(
    outer: str, inner: str, made: bool, tmp_path: Path
) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text(
        'variable "create" { type = bool }\nvariable "a" { type = bool }\n'
        f'resource "aws_ebs_volume" "v" {{\n  count = {inner}\n}}\n',
        "utf-8",
    )
    text = f"""{INPUTS}module "inner" {{
  source = "./inner"
  count  = {outer}
  create = var.a
  a      = var.b
}}
"""
    assert bool(found(tmp_path, text, "DATA001")) is made


def test_a_default_that_null_leads_to_is_not_the_callers(tmp_path: Path) -> None:
    """With null each of the two has its own default, so that both may be there."""
    for name, default, count in (("one", "true", "1 : 0"), ("two", "false", "0 : 1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(
            f'variable "create" {{\n  default  = {default}\n  nullable = false\n}}\n'
            f'resource "aws_ebs_volume" "v" {{\n  count = var.create ? {count}\n}}\n',
            "utf-8",
        )
    text = "".join(
        f'module "{name}" {{\n  source = "./{name}"\n  create = var.a\n}}\n'
        for name in ("one", "two")
    )
    assert len(found(tmp_path, INPUTS + text, "DATA001")) == 2


@pytest.mark.parametrize(("nullable", "made"), [("true", False), ("false", True)])
def test_null_overrides_a_default_unless_it_is_refused(
    nullable: str, made: bool, tmp_path: Path
) -> None:
    """Source: Terraform's documentation, "Disallowing Null Module Input Values"."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text(
        f'variable "create" {{\n  default  = false\n  nullable = {nullable}\n}}\n'
        'variable "size" {}\n'
        'resource "aws_ebs_volume" "v" {\n  count = var.create ? 0 : 1\n  size = var.size\n}\n',
        "utf-8",
    )
    text = f"""{INPUTS}module "inner" {{
  source = "./inner"
  count  = var.a ? 1 : 0
  create = var.a
  size   = 10
}}
"""
    assert bool(found(tmp_path, text, "DATA001")) is made


def test_an_iteration_s_own_name_is_compared_with_nothing(tmp_path: Path) -> None:
    text = (
        INPUTS
        + """resource "aws_instance" "i" {
  for_each = toset(["x", "y"])
  ami      = "ami-0123456789abcdef0"
  dynamic "ebs_block_device" {
    for_each = var.list
    content {
      device_name = "/dev/sdb"
      encrypted   = ebs_block_device.value == "x" ? true : null
    }
  }
}
"""
    )
    assert found(tmp_path, text, "DATA001")
