"""What ``validation`` blocks demand of a variable: never more than they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.program import scan, write

from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.language.conditions.validations import demanded_by
from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.values.allowed import Allowed

if TYPE_CHECKING:
    from pathlib import Path

RULE = """
resource "aws_security_group" "a" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.x]
  }
}
"""


def variable(condition: str) -> str:
    return (
        'variable "x" {\n  type = string\n  validation {\n'
        f'    condition = {condition}\n    error_message = "No."\n  }}\n}}\n'
    )


def demanded(condition: str) -> tuple[Allowed, ...]:
    file, problems = parse(SourceText("main.tf", variable(condition)))
    assert not problems
    return demanded_by(file.body.blocks[0], STRING)


@pytest.mark.parametrize(
    ("condition", "allowed", "refused"),
    [
        ('can(regex("/32$", var.x))', ["10.0.0.0/32", "a/32"], ["0.0.0.0/0", "/32 "]),
        ('(can(regex("^10", (var.x)))) && length(var.x) > 3', ["10", "10.0.0.0/0"], ["0.0.0.0/0"]),
        ('can(regex("^a", var.x)) && can(regex("b$", var.x))', ["ab"], ["a", "b"]),
        ('can(regex("^a$", var.x)) || can(regex("^b$", var.x))', ["a", "b"], ["c"]),
        ('var.x == null || can(regex("^a", var.x))', ["a"], ["b"]),
        ('var.x == null ? true : can(regex("^a", var.x))', ["a"], ["b"]),
        ('var.x == "" || can(regex("^a", var.x))', ["a", ""], ["b"]),
        ('contains(["10.0.0.0/8", "a.b"], var.x)', ["10.0.0.0/8", "a.b"], ["0.0.0.0/0", "axb"]),
        ('tonumber(split("/", var.x)[1]) >= 24', ["a/24", "a/032", "a/25/1"], ["a/8", "a", "/"]),
        ('element(split("/", var.x), 1) > 24', ["a/25"], ["a/24"]),
        ('"a" == var.x || var.x == "b"', ["a", "b"], ["c"]),
        ("null == var.x || var.x == 22", ["22"], ["23"]),
        ("var.x", ["true", "1"], ["false", "0"]),
        ("!var.x", ["false", "0"], ["true", "1"]),
        ("var.x == true && true", ["true"], ["false"]),
        ('length(regexall("^a", var.x)) > 0', ["ab"], ["b"]),
        ('length(regexall("^a", var.x)) != 0', ["ab"], ["b"]),
        ('alltrue([for one in var.x : can(regex("^a", one)) && one != "b"])', ["ab"], ["b"]),
        ('"a" == var.x', ["a"], ["b"]),
        ("var.x", ["true"], ["false", "a"]),
        ("!var.x && true", ["false"], ["true"]),
        ('var.x != "a" && !contains(["b", 3], var.x)', ["c", "3"], ["a", "b"]),
        ('contains(["dev", "qa"], lower(var.x))', ["dev", "Qa"], ["prod", "devs"]),
        ('upper(var.x) == "DEV"', ["dev", "DEV"], ["prod"]),
        ('startswith(var.x, "10.")', ["10.0.0.0/8", "10.\n"], ["110.", "1"]),
        ('endswith(var.x, "/32")', ["a/32"], ["a/32 ", "0.0.0.0/0"]),
        ('strcontains(var.x, "a.c")', ["xa.cx"], ["abc"]),
        ('anytrue([var.x == "a", startswith(var.x, "b")])', ["a", "bc"], ["c"]),
        ('alltrue([startswith(var.x, "a"), var.x != "ab"])', ["a"], ["ab", "b"]),
        ('contains(toset(["a"]), var.x)', ["a"], ["b"]),
        ('contains(keys({ a = 1, "b" = 2 }), var.x)', ["a", "b"], ["c"]),
        ("can({ a = 1 }[var.x])", ["a"], ["c"]),
        ("lookup({ a = 1 }, var.x, null) != null", ["a"], ["c"]),
    ],
)
def test_a_condition_demands(condition: str, allowed: list[str], refused: list[str]) -> None:
    found = demanded(condition)
    assert all(one.each is condition.startswith("alltrue([for") for one in found)
    assert [text for text in allowed if not all(one.may_be(text) for one in found)] == []
    assert [text for text in refused if all(one.may_be(text) for one in found)] == []


def test_of_each_element_of_a_list() -> None:
    found = demanded('length(setsubtract(toset(var.x), ["a", "b"])) == 0')
    assert [one.each for one in found] == [True]
    assert found[0].may_be("a")
    assert not found[0].may_be("c")


@pytest.mark.parametrize(
    ("expression", "status"),
    [
        ("contains(local.known, var.env)", []),
        ("contains(keys(local.ranges), var.env)", []),
        ('contains(["DEV", "QA"], upper(var.env))', []),
        ("contains(local.other, var.env)", ["fail"]),
    ],
)
def test_lists_that_are_local_values(tmp_path: Path, expression: str, status: list[str]) -> None:
    text = variable(expression).replace('"x"', '"env"') + RULE.replace(
        "var.x", 'merge(local.ranges, { prod = "0.0.0.0/0" })[var.env]'
    )
    text += """
    variable "more" { default = "prod" }
    locals {
      known  = local.names
      names  = ["dev", "qa"]
      other  = ["dev", var.more]
      ranges = { dev = "10.0.0.0/8", qa = "10.1.0.0/16" }
    }
    """
    for name in ("var.env", "lower(var.env)"):
        write(tmp_path, {"main.tf": text.replace("[var.env]", f"[{name}]")})
        done = scan(".", "--select", "SG001", "--show-undecided", cwd=tmp_path)
        assert [one["status"] for one in done.report["findings"]] == status


@pytest.mark.parametrize(
    "condition",
    [
        'contains(["dev"], title(var.x))',
        'can(regex("^a", lower(var.x)))',
        'startswith("10.", var.x)',
        "startswith(var.x, var.y)",
        'anytrue([var.x == "a", var.y])',
        "contains(keys(var.y), var.x)",
        "contains(local.unwritten, var.x)",
        'length(setsubtract(["a"], var.x)) == 0',
        'length(setsubtract(var.x, ["a"])) == 1',
        "can({ a = 1 }.a)",
        '!startswith(var.x, "10.")',
        '!can(regex("/32$", var.x))',
        'can(regex("/32$", var.x)) == false',
        'can(regexall("/32$", var.x))',
        'can(regex("/32$", var.y))',
        'can(regex("/32$", "${var.x}/32"))',
        "can(regex(var.y, var.x))",
        'can(regex("${var.y}", var.x))',
        'can(regex("/32$", var.x)) || var.y',
        'var.x != null || can(regex("/32$", var.x))',
        "var.x == null ? true : true",
        'var.x == null ? can(regex("/32$", var.x)) : true',
        'tonumber(split("/", var.x)[1]) <= 24',
        'tonumber(split("/", var.x)[0]) >= 24',
        'tonumber(split(".", var.x)[1]) >= 24',
        'anytrue([for one in var.x : can(regex("/32$", one))])',
        'alltrue([for one in var.x : can(regex("/32$", one)) if one != "0.0.0.0/0"])',
        'alltrue([for key, one in var.x : can(regex("/32$", key))])',
        'alltrue([for one in var.y : can(regex("/32$", one))])',
        'contains(["10.0.0.0/8", var.y], var.x)',
        'contains(var.x, "10.0.0.0/8")',
        'length(regexall("/32$", var.x)) == 0',
        'length(regexall("/32$", var.x)) > 1',
        "-var.x == 22",
        '!(var.x != "0.0.0.0/0")',
        'var.x != "a" || var.x != "b"',
        "var.x != var.y",
        "var.x != 22",  # it is a string, which never is a number
    ],
)
def test_of_what_is_not_understood_nothing_is_demanded(condition: str) -> None:
    assert demanded(condition) == ()


@pytest.mark.parametrize(
    ("condition", "null"),
    [
        ('var.x == "a"', False),
        ('contains(["a"], var.x)', False),
        ('can(regex("a", var.x))', False),
        ('var.x == "a" || var.x == "b"', False),
        ('var.x != null && var.x != "a"', False),
        ("var.x", False),
        ('var.x != "a"', True),
        ('!contains(["a"], var.x)', True),
        ('var.x == null || var.x == "a"', True),
        ('var.x == null ? true : var.x == "a"', True),
    ],
)
def test_whether_null_meets_it(condition: str, *, null: bool) -> None:
    assert {one.null for one in demanded(condition)} == {null}


def test_what_may_not_be_null_meets_none_with_it() -> None:
    text = variable('var.x != "a"').replace("type", "nullable = false\n  type")
    file, _ = parse(SourceText("main.tf", text))
    assert [one.null for one in demanded_by(file.body.blocks[0], STRING)] == [False]


def test_a_long_condition_is_read_in_part() -> None:
    assert demanded(" || ".join(['can(regex("a", var.x))'] * 100)) == ()


@pytest.mark.parametrize(
    ("condition", "more", "expected"),
    [
        ('can(regex("/32$", var.x))', {}, []),
        ('can(regex("/[0-9]+$", var.x))', {}, ["undecided"]),
        # Nobody knows which of the two holds.
        ("true", {"override.tf": variable('can(regex("/32$", var.x))')}, ["undecided"]),
        ('can(regex("/32$", var.x))', {"override.tf": variable("true")}, ["undecided"]),
    ],
)
def test_only_a_validation_that_takes_no_open_range_settles_it(
    tmp_path: Path, condition: str, more: dict[str, str], expected: list[str]
) -> None:
    write(tmp_path, {"main.tf": variable(condition) + RULE, **more})
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    assert [finding["status"] for finding in report["findings"]] == expected


@pytest.mark.parametrize(
    ("condition", "nullable"),
    [
        ('var.x == "a"', False),
        ('contains(["a"], var.x)', False),
        ("!var.x", False),
        ('var.x == null || var.x == "a"', True),
        ('var.x == "a" || null == var.x', True),
        ('var.x == null ? true : contains(["a"], var.x)', True),
    ],
)
def test_only_what_excludes_null_is_never_null(condition: str, nullable: bool) -> None:
    assert {one.null for one in demanded(condition)} == {nullable}


@pytest.mark.parametrize(
    ("condition", "at", "allowed", "refused"),
    [
        ("var.x.port > 1024", ("port",), ["1025"], ["22"]),
        ('var.x["port"] != "a"', ("port",), ["b"], ["a"]),
        ('contains(["a"], var.x.net.mode)', ("net", "mode"), ["a"], ["b"]),
        ("var.x == null || var.x.port > 1024", ("port",), ["1025"], ["22"]),
        ("var.x.net == null ? true : var.x.net.port > 3", ("net", "port"), ["4"], ["3"]),
        ("var.x != null ? var.x.port > 3 : true", ("port",), ["4"], ["3"]),
        ('alltrue([for r in var.x : r.mode != "a"])', ("*", "mode"), ["b"], ["a"]),
        ('alltrue([for r in var.x.rules : r != "a"])', ("rules", "*"), ["b"], ["a"]),
        (
            'alltrue([for r in var.x : alltrue([for p in r.ports : p != "a"])])',
            ("*", "ports", "*"),
            ["b"],
            ["a"],
        ),
        ('!anytrue([for r in var.x : r == "a" || r == "b"])', ("*",), ["c"], ["a", "b"]),
        ('!contains(var.x, "a")', ("*",), ["b"], ["a"]),
        ('var.x.r == null || !contains(var.x.r, "a")', ("r", "*"), ["b"], ["a"]),
        ('var.x == null || alltrue([for r in var.x.r : r != "a"])', ("r", "*"), ["b"], ["a"]),
        ('!contains(var.x[*].mode, "a")', ("*", "mode"), ["b"], ["a"]),
    ],
)
def test_a_condition_demands_of_a_member(
    condition: str, at: tuple[str, ...], allowed: list[str], refused: list[str]
) -> None:
    found = demanded(condition)
    assert {(one.each, one.at) for one in found} == {(True, at)}
    assert [text for text in allowed if not all(one.may_be(text) for one in found)] == []
    assert [text for text in refused if all(one.may_be(text) for one in found)] == []


@pytest.mark.parametrize(
    "condition",
    [
        "var.x.a > 1 || var.x.b > 1",
        'var.x[0].mode != "a"',
        'var.x[*].mode != "a"',
        '!contains(var.y, "a")',
        'contains(var.x, "a")',
        '!alltrue([for r in var.x : r.mode == "a"])',
        'anytrue([for r in var.x : r.mode != "a"])',
        'alltrue([for r in var.x : r.mode != "a" if r.on])',
        'alltrue([for r in var.y : r.mode != "a"])',
        'alltrue([for r in [var.x] : r.mode != "a"])',
        'var.y == null || var.x.mode != "a"',
        'var.x.a == null || var.x.b != "a" || var.y',
        'var.x.a == null || var.x.b != "a"',
        'var.x.a == null || alltrue([for r in var.x.b : r != "a"])',
        'var.x.a == null ? true : !contains(var.x.b, "a")',
        "var.x.a != null ? var.x.b > 3 : true",
    ],
)
def test_of_a_member_no_more_is_demanded(condition: str) -> None:
    assert demanded(condition) == ()


def test_what_a_caller_leaves_open_is_bounded_by_the_module(tmp_path: Path) -> None:
    module = variable("var.x.port > 1024").replace("string", "object({ port = number })")
    rule = RULE.replace("= 22", "= var.x.port").replace("[var.x]", '["0.0.0.0/0"]')
    caller = """
variable "p" { type = number }
module "m" {
  source = "./m"
  x      = { port = var.p }
}
"""
    write(tmp_path, {"main.tf": caller, "m/main.tf": module + rule})
    assert scan(".", "--select", "SG001", cwd=tmp_path).report["findings"] == []
