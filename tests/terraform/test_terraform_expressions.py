"""Expressions: where vectors of others say nothing, above all about what is partly unknown."""

from __future__ import annotations

import pytest
from tests.terraform.conftest import Workspace, plain, unknown

from iac_ec2lint.values import Reference, Unknown, Value

UNSET = 'variable "unset" {}\nvariable "on" { type = bool }\n'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("true || var.unset", True),
        ("var.unset && false", False),
        ('coalesce("a", var.unset)', "a"),
        ("length([var.unset, 1])", 2),
        ("keys({ a = var.unset, b = 1 })", ["a", "b"]),
        ("{ a = var.unset, b = 1 }.b", 1),
        ("[var.unset, 2][1]", 2),
        ('startswith("x-${var.unset}", "x-")', True),
        ('startswith(lower(format("X-%s", var.unset)), "x-")', True),
        ('endswith(upper("${var.unset}-é"), "-é")', False),
        ('endswith(upper("${var.unset}-é"), "-É")', True),
        ('"x-${var.unset}" == "y"', False),
        ('"${var.unset}-y" != null', True),
        ("var.on ? 1 : 1", 1),
        ('contains(["a", var.unset], "a")', True),
        ("concat([1], var.unset)[0]", 1),
        ("merge({ a = 1 }, { b = var.unset }).a", 1),
        ("merge(var.unset, { b = 1 }).b", 1),
        ('split(",", "a,b,${var.unset}")[0]', "a"),
        ("aws_vpc.main.id == null", False),
        ('aws_vpc.main.id == ""', False),
        ("jsondecode(jsonencode({ a = var.unset, b = 2 })).b", 2),
        ("[for x in [1, 2] : x if var.on || true]", [1, 2]),
    ],
)
def test_what_is_decided_is_decided_whatever_is_unknown(
    workspace: Workspace, expression: str, expected: object
) -> None:
    workspace.evaluate(
        UNSET + f'resource "aws_vpc" "main" {{}}\nlocals {{\n  x = {expression}\n}}\n'
    )
    assert workspace.plain("x") == expected
    assert workspace.messages() == []


def test_an_undecided_conditional_has_both_arms_as_candidates(workspace: Workspace) -> None:
    workspace.evaluate(UNSET + 'locals { x = var.on ? "0.0.0.0/0" : "10.0.0.0/8" }\n')
    value = unknown(workspace.local("x"))
    assert [plain(c) for c in value.candidates] == ["0.0.0.0/0", "10.0.0.0/8"]
    assert [c.via[-1].words for c in value.candidates] == [
        "when var.on is true",
        "when var.on is false",
    ]
    assert value.reason == "var.on has no value"


def test_candidates_go_through_functions_operators_and_templates(workspace: Workspace) -> None:
    workspace.evaluate(
        UNSET
        + """locals {
          port = var.on ? 22 : 80
          sum  = local.port + 1
          text = "p${local.port}"
          size = length(var.on ? ["a"] : [])
          up   = upper(var.on ? "a" : "b")
          same = (var.on ? 1 : 2) > 0
        }"""
    )
    for name, expected in {
        "sum": [23, 81],
        "text": ["p22", "p80"],
        "size": [1, 0],
        "up": ["A", "B"],
        "same": [True, True],
    }.items():
        assert [plain(c) for c in unknown(workspace.local(name)).candidates] == expected


def test_a_candidate_that_would_be_an_error_is_not_the_one_deployed(workspace: Workspace) -> None:
    workspace.evaluate(UNSET + 'locals { x = element(var.on ? ["a"] : [], 0) }\n')
    assert [plain(c) for c in unknown(workspace.local("x")).candidates] == ["a"]
    assert workspace.messages() == []


def test_a_string_knows_its_known_parts(workspace: Workspace) -> None:
    workspace.evaluate(UNSET + 'locals { x = "arn:${var.unset}:role/${"a"}-b" }\n')
    parts = unknown(workspace.local("x")).parts
    assert [p if isinstance(p, str) else "?" for p in parts] == ["arn:", "?", ":role/a-b"]


def test_format_keeps_known_parts_too(workspace: Workspace) -> None:
    workspace.evaluate(
        UNSET + 'locals { x = format("%s/%d", aws_vpc.a.id, 32) }\nresource "aws_vpc" "a" {}'
    )
    value = unknown(workspace.local("x"))
    assert [p if isinstance(p, str) else "?" for p in value.parts] == ["?", "/32"]
    assert [r.target for r in value.references] == ["aws_vpc.a"]


def test_jsonencode_remembers_what_it_encodes(workspace: Workspace) -> None:
    workspace.evaluate(
        UNSET
        + 'locals {\n  known = jsonencode({ A = "x" })\n'
        + "  part = jsonencode({ A = var.unset, B = 1 })\n}"
    )
    known = workspace.local("known")
    assert plain(known) == '{"A":"x"}'
    assert plain(known.decoded) == {"A": "x"}
    part = unknown(workspace.local("part"))
    assert plain(part.decoded)["B"] == 1


def test_base64encode_remembers_what_is_known_of_its_text(workspace: Workspace) -> None:
    workspace.evaluate(UNSET + 'locals {\n  x = base64encode("echo ${var.unset}")\n}')
    script = unknown(unknown(workspace.local("x")).decoded)
    assert [p if isinstance(p, str) else "?" for p in script.parts] == ["echo ", "?"]


def test_try_turns_errors_into_the_fallback(workspace: Workspace) -> None:
    workspace.evaluate(
        """locals {
          a = try({ b = 1 }.c, "fallback")
          b = can(tonumber("x"))
          c = try(tonumber("x"), "x")
        }"""
    )
    assert workspace.plain("a") == "fallback"
    assert workspace.plain("b") is False
    assert workspace.plain("c") == "x"
    assert workspace.messages() == []


def test_try_over_what_may_not_be_there_has_the_fallback_as_a_candidate(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        UNSET
        + """resource "aws_vpc" "a" { count = var.on ? 1 : 0 }
        locals { x = try(aws_vpc.a[0].id, "vpc-1") }"""
    )
    value = unknown(workspace.local("x"))
    assert [plain(c) for c in value.candidates][1] == "vpc-1"
    assert isinstance(value.candidates[0], Reference)
    assert [r.target for r in value.references] == ["aws_vpc.a"]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("nothing()", "there is no function nothing()"),
        ("[1][3]", "index 3 is out of range: there are 1 elements"),
        ('1 + "x"', "unsuitable operand: number required"),
        ("var.nothing", 'variable "nothing" is not declared in the root module'),
        ("local.nothing", 'local value "nothing" is not declared in the root module'),
        ("aws_vpc.no.id", 'resource "aws_vpc" "no" is not declared in the root module'),
        ("data.aws_vpc.no.id", 'data source "aws_vpc" "no" is not declared in the root module'),
        ("resource.aws_vpc", 'after "resource.aws_vpc" the name of one must follow'),
        ("data.aws_vpc", 'after "data.aws_vpc" the name of one must follow'),
        (
            "[1].count",
            'a list has no attribute "count": length() tells how many elements it has',
        ),
        ("module.no.x", 'module "no" is not declared in the root module'),
        ("each.key", "each can be used only in a block with for_each"),
        ('upper("a", "b")', "upper(): it takes 1 arguments, not 2"),
        ("1 / 0", "division by zero"),
        (
            'file("nothing.txt")',
            "file(): nothing.txt: it cannot be read: No such file or directory",
        ),
        ('true ? "a" : ["b"]', "the two results of this conditional have types that do not agree"),
    ],
)
def test_what_terraform_rejects_is_one_error_with_its_place(
    workspace: Workspace, expression: str, message: str
) -> None:
    unit = workspace.evaluate(f"locals {{\n  x = {expression}\n}}\n")
    value = unknown(workspace.local("x"))
    assert value.cause == "error"
    assert [(d.path, d.line, d.message) for d in unit.diagnostics] == [("main.tf", 2, message)]


@pytest.mark.parametrize(
    "expression",
    [
        'try(local.nothing, "x")',
        "can(local.nothing)",
        "var.on ? local.nothing : 0",
        "false ? local.nothing : 0",
    ],
)
def test_what_is_declared_nowhere_is_an_error_wherever_it_stands(
    workspace: Workspace, expression: str
) -> None:
    """ "It will not catch errors relating to expressions that can be proven to be invalid for any
    input" (the function try of the Terraform language)."""
    unit = workspace.evaluate(f"{UNSET}locals {{ x = {expression} }}\n")
    workspace.local("x")
    words = 'local value "nothing" is not declared in the root module'
    assert [d.message for d in unit.diagnostics] == [words]


@pytest.mark.parametrize(
    "expression", ["provider::x::y(aws_vpc.a.id)", 'lookup(var.on, "k", aws_vpc.a.id)']
)
def test_what_is_not_evaluated_depends_on_what_it_is_given(
    workspace: Workspace, expression: str
) -> None:
    workspace.evaluate(
        f'variable "on" {{}}\nresource "aws_vpc" "a" {{}}\nlocals {{ x = {expression} }}\n'
    )
    assert [r.target for r in unknown(workspace.local("x")).references] == ["aws_vpc.a"]


@pytest.mark.parametrize("expression", ["aws_vpc.a[0].id", 'data.aws_vpc.a["id"]'])
def test_a_resource_without_count_takes_no_instance_key(
    workspace: Workspace, expression: str
) -> None:
    unit = workspace.evaluate(
        f'resource "aws_vpc" "a" {{}}\ndata "aws_vpc" "a" {{}}\nlocals {{\n  x = {expression}\n}}\n'
    )
    assert unknown(workspace.local("x")).cause == "error"
    address = expression.partition("[")[0]
    words = f"{address} has neither count nor for_each, so it takes no instance key"
    assert [(d.line, d.message) for d in unit.diagnostics] == [(4, words)]


def test_a_value_made_of_a_resource_is_an_object(workspace: Workspace) -> None:
    workspace.evaluate(
        'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/8" }\n'
        'locals {\n  all = aws_vpc.a\n  x = local.all["cidr_block"]\n}\n'
    )
    assert workspace.plain("x") == "10.0.0.0/8"


def test_a_value_read_from_a_resource_may_have_another_type_there(workspace: Workspace) -> None:
    workspace.evaluate(
        """resource "aws_security_group_rule" "a" { from_port = "22" }
        locals {
          same  = aws_security_group_rule.a.from_port == 22
          other = aws_security_group_rule.a.from_port == 23
        }"""
    )
    assert isinstance(workspace.local("same"), Unknown)
    assert workspace.plain("other") is False


def test_elements_keep_the_place_where_they_are_written(workspace: Workspace) -> None:
    workspace.evaluate(
        """locals {
          all   = ["10.0.0.0/8", "0.0.0.0/0"]
          wide  = [for c in local.all : c if c != "10.0.0.0/8"]
          built = concat(local.wide, [])
        }"""
    )
    built = workspace.local("built")
    assert isinstance(built, Value)
    (element,) = built.elements()
    assert (element.span.line, element.span.text) == (2, '"0.0.0.0/0"')


def test_a_for_over_the_unknown_keeps_what_each_element_is(workspace: Workspace) -> None:
    workspace.evaluate(
        UNSET + 'locals { x = [for p in var.unset : { port = p, cidr = "0.0.0.0/0" }] }'
    )
    value = workspace.local("x")
    assert isinstance(value, Value)
    (element,) = value.elements()
    assert isinstance(element, Unknown)
    workspace.evaluate(UNSET + "locals { x = length([for p in var.unset : p]) }")
    assert isinstance(workspace.local("x"), Unknown)


def test_numbers_are_exact(workspace: Workspace) -> None:
    assert workspace.expression('"${0.1 + 0.2}!"') == "0.3!"
    assert workspace.expression("9007199254740993 * 9007199254740993") == 9007199254740993**2


def test_regular_expressions_are_re2s(workspace: Workspace) -> None:
    assert workspace.expression(r'regexall("[[:alpha:]]+", "ab1cd")') == ["ab", "cd"]
    assert workspace.expression(r'replace("a.b", "/\\./", "-")') == "a-b"
    assert workspace.expression(r'regex("(?i)ab$", "xAB")') == "AB"
    assert workspace.expression(r'can(regex("(?=a)", "a"))') is False
    assert workspace.expression(r'can(regex("a$", "a\n"))') is False
