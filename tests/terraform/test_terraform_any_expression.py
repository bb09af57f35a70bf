"""Whatever is written in an expression, evaluating it raises nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.terraform.conftest import Workspace

from iac_ec2lint.hcl.parser import parse_expression
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.functions import _HOME
from iac_ec2lint.terraform.unit import UnitContext
from iac_ec2lint.values import Unknown, Value, walk

CONFIGURATION = """
variable "any" {}
variable "list" { type = list(string) }
variable "map" { type = map(string) }
variable "object" { type = object({ a = string, b = optional(list(number)) }) }
variable "bool" { type = bool }
variable "number" { type = number }
locals {
  object = { a = 1, b = [1, 2], c = { d = "x" } }
  set    = toset(["x", "y"])
  either = var.bool ? [1, 2] : []
  text   = "p${var.any}s"
  open   = [for v in var.list : { p = v }]
  others = { for k, v in var.map : k => v }
}
resource "aws_vpc" "one" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "maybe" { count = var.bool ? 1 : 0 }
resource "aws_vpc" "two" { count = 2 }
resource "aws_vpc" "each" { for_each = var.map }
module "m" { source = "x/m/aws" }
"""
ATOMS = (
    '1 -0.5 "a" true null [] {} [1,"a",null] {a=1,b="x"} var.any var.list var.map var.object '
    "var.bool var.number local.object local.set local.either local.text local.open local.others "
    "aws_vpc.one aws_vpc.maybe aws_vpc.two aws_vpc.each module.m aws_vpc.one.id "
    'aws_vpc.two[*].id "${var.any}-x" "10.0.0.0/8" "(a+)" "%s-%v" tolist([1]) tomap({a=1}) '
    'toset(["q"]) each.key nothing.at.all'
)
FUNCTIONS = [*sorted(_HOME), "try", "can", "nothing"]
FORMS = (
    "F(X)",
    "F(X, X)",
    "F(X, X, X)",
    "F(X...)",
    "(X)[0]",
    '(X)["a"]',
    "(X).a",
    "(X)[*].id",
    "(X).*.x",
    "(X)[X]",
    "(X + X)",
    "(X / X)",
    "(X == X)",
    "(X < X)",
    "(X && X)",
    "(X || X)",
    "!X",
    "-X",
    "(X ? X : X)",
    "[for k, v in X : [k, X] if v != null]",
    "{for k, v in X : k => X...}",
    "[for v in X : v if X]",
    '"x${X}%{ if X }a%{ endif }"',
    "{ a = X, (X) = X }",
    "[X, X]",
)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """An expression of any form, over names of every kind of value."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(ATOMS.split()))
    pieces: list[str] = []
    for character in draw(st.sampled_from(FORMS)):
        if character == "X":
            pieces.append(draw(expressions(depth - 1)))
        elif character == "F":
            pieces.append(draw(st.sampled_from(FUNCTIONS)))
        else:
            pieces.append(character)
    return "".join(pieces)


def context() -> UnitContext:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.evaluate(CONFIGURATION)
        assert workspace.context is not None
        return workspace.context


CONTEXT = context()


@settings(max_examples=300, deadline=None)
@given(expressions())
def test_any_expression_comes_to_a_value_or_an_unknown(text: str) -> None:
    source = SourceText("expression", text)
    node, problems = parse_expression(source, 0, len(text))
    if problems:
        return
    reported = len(CONTEXT.unit.diagnostics)
    value = CONTEXT.root.scope.evaluate(node)
    assert isinstance(value, Value | Unknown)
    for part in walk(value):
        if isinstance(part, Unknown):
            assert part.reason
    if isinstance(value, Unknown) and value.cause == "error":
        # An error is reported, now or where the same was evaluated before.
        assert CONTEXT.unit.diagnostics[reported:] or any(
            d.message == value.reason for d in CONTEXT.unit.diagnostics
        )
