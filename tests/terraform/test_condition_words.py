"""Conditions are said as conditions of inputs, as a person would set them."""

from __future__ import annotations

import pytest
from tests.terraform.conftest import Workspace

from iac_ec2lint.values import Unknown

DECLARED = """
variable "on" { type = bool }
variable "environment" { type = string }
variable "names" { type = list(string) }
variable "n" { type = number }
variable "secret" {
  type      = string
  sensitive = true
}
locals {
  is-development = var.environment == "development"
  alias          = var.on
  known          = true
  targets        = toset(var.names)
  many           = ["a", "b", "c", "d", "e"]
}
"""
CONDITIONS = {
    "var.on": ("var.on is true", "var.on is false"),
    "!var.on": ("var.on is false", "var.on is true"),
    "(var.on)": ("var.on is true", "var.on is false"),
    "local.alias": ("var.on is true", "var.on is false"),
    "tobool(local.alias)": ("var.on is true", "var.on is false"),
    "var.on != false": ("var.on is true", "var.on is false"),
    "(var.on ? true : false)": ("var.on is true", "var.on is false"),
    "(var.on ? false : true)": ("var.on is false", "var.on is true"),
    "(contains(local.many, var.environment) ? false : true)": (
        "var.environment is none of local.many",
        "var.environment is one of local.many",
    ),
    "local.is-development == true": (
        'var.environment is "development"',
        'var.environment is not "development"',
    ),
    '"a" == var.environment': ('var.environment is "a"', 'var.environment is not "a"'),
    'var.environment == ""': ('var.environment is ""', 'var.environment is not ""'),
    "var.environment != null": ("var.environment is set", "var.environment is not set"),
    "var.n == 2": ("var.n is 2", "var.n is not 2"),
    "var.n > 2": ("var.n is more than 2", "var.n is at most 2"),
    "2 > var.n": ("var.n is less than 2", "var.n is at least 2"),
    "length(var.names) > 0": ("var.names is not empty", "var.names is empty"),
    "length(local.targets) == 0": ("var.names is empty", "var.names is not empty"),
    "length(var.names) >= 2": (
        "length(var.names) is at least 2",
        "length(var.names) is less than 2",
    ),
    "var.names == []": ("var.names is empty", "var.names is not empty"),
    "var.on && local.is-development": (
        'var.on is true and var.environment is "development"',
        'var.on is false or var.environment is not "development"',
    ),
    "local.known && var.on": ("var.on is true", "var.on is false"),
    "var.on && (var.n > 2 || var.n == 0)": (
        "var.on is true and (var.n is more than 2 or var.n is 0)",
        "var.on is false or (var.n is at most 2 and var.n is not 0)",
    ),
    'contains(["a", "b"], var.environment)': (
        'var.environment is one of "a", "b"',
        'var.environment is none of "a", "b"',
    ),
    'contains(var.names, "a")': ('var.names contains "a"', 'var.names does not contain "a"'),
    # What is no comparison with something known is quoted.
    "var.environment == var.names[0]": (
        "var.environment == var.names[0] is true",
        "var.environment == var.names[0] is false",
    ),
    'var.secret == "x"': ('var.secret == "x" is true', 'var.secret == "x" is false'),
    # A secret is named, and what it is compared with is not shown.
    'var.environment == sensitive("x")': (
        'var.environment == sensitive("x") is true',
        'var.environment == sensitive("x") is false',
    ),
}


def whens(workspace: Workspace, condition: str) -> list[str]:
    workspace.evaluate(f"{DECLARED}\nlocals {{\n  x = {condition} ? 1 : 2\n}}")
    assert workspace.messages() == []
    value = workspace.local("x")
    assert isinstance(value, Unknown)
    steps = [c.via for c in value.candidates]
    return [s.words for via in steps for s in via if s.words.startswith("when ")]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_of_inputs(workspace: Workspace, condition: str) -> None:
    assert whens(workspace, condition) == [f"when {words}" for words in CONDITIONS[condition]]


COUNTS = {
    "count = var.n": "var.n is more than 0",
    "count = length(var.names)": "var.names is not empty",
    "count = var.on ? var.n : 0": "var.on is true and var.n is more than 0",
    "count = local.known ? var.n : 0": "var.n is more than 0",
    "count = var.on ? 0 : 2": "var.on is false",
    "count = var.on ? 2 : 1": "var.on has no value",
    "count = var.n == 1 ? 2 : (var.on ? 0 : 3)": "var.n has no value",
    "count = ceil(var.n)": "var.n has no value",
    "for_each = local.targets": "var.names is not empty",
    'for_each = "${local.targets}"': "var.names is not empty",  # as Terraform JSON says it
    "for_each = { for n in var.names : n => n }": "var.names is not empty",
    'for_each = var.on ? toset(["a"]) : toset([])': "var.on is true",
}


@pytest.mark.parametrize("count", COUNTS)
def test_a_number_of_instances(workspace: Workspace, count: str) -> None:
    unit = workspace.evaluate(f'{DECLARED}\nresource "aws_vpc" "a" {{\n  {count}\n}}')
    assert workspace.messages() == []
    assert unit.declarations[0].presence.when == COUNTS[count]


def test_an_argument_of_a_module_is_the_callers_input(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": DECLARED
            + 'module "m" {\n  source = "./m"\n  create = local.is-development\n}',
            "m/main.tf": 'variable "create" {}\nlocals {\n  made = var.create\n}\n'
            'resource "aws_vpc" "a" {\n  count = local.made ? 1 : 0\n}',
        }
    )
    assert unit.declarations[0].presence.when == 'var.environment is "development"'


def test_conditions_inside_conditions_take_no_time(workspace: Workspace) -> None:
    condition = "var.on"
    for _ in range(60):
        condition = f"({condition} ? var.on : !var.on)"
    assert len(whens(workspace, condition)) == 2
