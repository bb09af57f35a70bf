"""What never changes a declaration: the order of blocks and files, a literal behind a variable."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.terraform.conftest import Workspace

from iac_ec2lint.declaration import Section
from iac_ec2lint.values import Reference, Unknown, Val, Value

BLOCKS = (
    """variable "open" { default = true }
""",
    """variable "zones" { default = ["a", "b"] }
""",
    """locals { wide = var.open ? "0.0.0.0/0" : "10.0.0.0/8" }
""",
    """locals { names = { for i, z in var.zones : z => i } }
""",
    """resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
""",
    """resource "aws_subnet" "s" {
  for_each   = local.names
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
}
""",
    """resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = [22, 80]
    content {
      from_port   = ingress.value
      cidr_blocks = [local.wide]
    }
  }
}
""",
    """resource "aws_instance" "i" {
  count                  = length(var.zones)
  subnet_id              = aws_subnet.s[var.zones[count.index]].id
  vpc_security_group_ids = aws_security_group.g[*].id
}
""",
    """output "ids" { value = aws_instance.i[*].id }
""",
)


def shown(value: Val | None) -> Any:
    if value is None:
        return None
    if isinstance(value, Reference):
        return ("reference", value.target, value.attribute)
    if isinstance(value, Unknown):
        return ("unknown", value.reason, [shown(c) for c in value.candidates])
    if isinstance(value.data, tuple):
        return [shown(e) for e in value.data]
    if isinstance(value.data, dict):
        return {k: shown(v) for k, v in sorted(value.data.items())}
    return value.data


def contents(section: Section) -> Any:
    found: dict[str, Any] = {}
    for name in section.names():
        value = section.get(name)
        found[name] = (
            shown(value) if value is not None else [contents(s) for s in section.sections(name)]
        )
    return found


def declarations(files: dict[str, str]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        unit = Workspace(Path(folder)).evaluate(files)
        found = {d.address: (d.type, d.presence.when, contents(d.body)) for d in unit.declarations}
        assert unit.diagnostics == []
        return found


@settings(max_examples=25, deadline=None)
@given(st.permutations(BLOCKS), st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_the_order_of_blocks_and_files_does_not_matter(
    blocks: list[str], places: list[int]
) -> None:
    files: dict[str, str] = {}
    for block, place in zip(blocks, places, strict=True):
        files[f"{place}.tf"] = files.get(f"{place}.tf", "") + block
    assert declarations(files) == declarations({"main.tf": "".join(BLOCKS)})


LITERALS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text(
        st.characters(
            codec="utf-8", exclude_characters='$%\\"\r\n\0', exclude_categories=("Cs", "Cc")
        )
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


def spelled(data: Any) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int):
        return str(data)
    if isinstance(data, str):
        return f'"{data}"'
    if isinstance(data, list):
        return "[" + ", ".join(spelled(e) for e in data) + "]"
    return "{ " + ", ".join(f"{k} = {spelled(v)}" for k, v in data.items()) + " }"


@settings(max_examples=60, deadline=None)
@given(LITERALS)
def test_a_literal_behind_a_variable_is_the_same_data_in_the_same_place(data: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.evaluate(
            f'variable "v" {{ default = {spelled(data)} }}\n'
            f"locals {{\n  direct = {spelled(data)}\n  behind = var.v\n}}"
        )
        direct, behind = workspace.local("direct"), workspace.local("behind")
        assert workspace.messages() == []
        assert shown(direct) == shown(behind)
        assert direct.span.text == behind.span.text == spelled(data)
        assert isinstance(direct, Value)
