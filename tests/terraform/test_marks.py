"""Sensitive and ephemeral values: evaluated like any other, and their marks are carried along.

What is expected is what Terraform 1.14 and go-cty 1.18 do: ``hclsyntax/expression.go``,
``function/function.go`` and ``AllowMarked`` in ``function/stdlib`` and ``internal/lang/funcs``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from tests.terraform.conftest import Workspace, plain, unknown

from iac_ec2lint.terraform.language.containers import List, Map, Set
from iac_ec2lint.terraform.language.marks import EPHEMERAL, SENSITIVE, marks_in, unmarked
from iac_ec2lint.values import UNMARKED, Data, Marks, Unknown, Val, Value

VARIABLES = """
variable "s" {
  default   = "secret"
  sensitive = true
}
variable "n" {
  default   = 2
  sensitive = true
}
variable "t" {
  default   = true
  sensitive = true
}
variable "list" {
  type      = list(string)
  default   = ["b", "a"]
  sensitive = true
}
variable "map" {
  type      = map(string)
  default   = { k = "v" }
  sensitive = true
}
variable "e" {
  default   = "passing"
  ephemeral = true
}
variable "both" {
  default   = "both"
  sensitive = true
  ephemeral = true
}
variable "said" {
  default   = "said"
  sensitive = false
}
variable "unset" {}
variable "hidden" {
  sensitive = true
}
locals {
  inner = [var.s, "b"]
  typed = tolist([var.s, "b"])
  named = { x = var.s, y = "b" }
}
resource "aws_vpc" "v" {}
"""

_LETTERS = (("sensitive", "S"), ("ephemeral", "E"), ("withheld", "W"))


def letters(marks: Marks) -> str:
    return "".join(letter for mark, letter in _LETTERS if mark in marks)


def marks_of(value: Val) -> Any:
    """The marks of a value, and of its parts where these have any: ``("S", ["", "E"])``."""
    own = letters(value.marks)
    data = value.data if isinstance(value, Value) else None
    inner: Any = ""
    if isinstance(data, tuple):
        inner = [marks_of(element) for element in data]
    elif isinstance(data, dict):
        inner = {key: marks_of(member) for key, member in data.items()}
    parts = list(inner.values()) if isinstance(inner, dict) else list(inner)
    if not any(parts):
        return own
    return (own, inner) if own else inner


CASES: list[tuple[str, Any, Any]] = [
    # References and variables.
    ("var.s", "secret", "S"),
    ("var.e", "passing", "E"),
    ("var.both", "both", "SE"),
    ("var.said", "said", ""),
    ("local.inner", ["secret", "b"], ["S", ""]),
    ("local.inner[0]", "secret", "S"),
    ("local.inner[1]", "b", ""),
    ("local.named.x", "secret", "S"),
    ("local.named.y", "b", ""),
    ('local.named["x"]', "secret", "S"),
    ("var.list", ["b", "a"], "S"),
    ("var.list[0]", "b", "S"),
    ("var.map.k", "v", "S"),
    ('var.map["k"]', "v", "S"),
    # A key's marks: of lists, tuples and maps, not of objects.
    ('["x", "y", "z"][var.n]', "z", "S"),
    ("tolist([1, 2, 3])[var.n]", 3, "S"),
    ("tomap({ secret = 1 })[var.s]", 1, "S"),
    ("{ secret = 1 }[var.s]", 1, ""),
    # Operators.
    ("var.n + 1", 3, "S"),
    ("-var.n", -2, "S"),
    ("!var.t", False, "S"),
    ("var.n > 1", True, "S"),
    ('var.s == "x"', False, "S"),
    ('var.e != "x"', True, "E"),
    ("var.e == var.s", False, "SE"),
    ('local.inner == ["secret", "b"]', True, "S"),
    ("null == local.named", False, "S"),
    ("1 + 1", 2, ""),
    ("var.t && false", False, "S"),
    ("false && var.t", False, "S"),
    ("true || var.t", True, "S"),
    ("false || var.t", True, "S"),
    ("true || local.inner[7] == 1", True, ""),
    ("(var.t || false) && true", True, "S"),
    # Constructors.
    ("[var.s, var.e, 1]", ["secret", "passing", 1], ["S", "E", ""]),
    ("{ a = var.s, b = 1 }", {"a": "secret", "b": 1}, {"a": "S", "b": ""}),
    ("{ (var.s) = 1 }", {"secret": 1}, "S"),
    ('{ "${var.e}-x" = var.s }', {"passing-x": "secret"}, ("E", {"passing-x": "S"})),
    # Templates.
    ('"x${var.s}"', "xsecret", "S"),
    ('"${var.s}"', "secret", "S"),
    ('"${var.s}${var.e}"', "secretpassing", "SE"),
    ('"%{ if var.t }a%{ else }b%{ endif }"', "a", "S"),
    ('"%{ if true }a%{ else }${var.e}%{ endif }"', "a", "E"),
    ('"%{ if var.t }a%{ else }${var.s}%{ endif }"', "a", "S"),
    ('"%{ if var.t }a%{ else }${var.e}%{ endif }"', "a", "SE"),
    ('"%{ for x in var.list }${x}%{ endfor }"', "ba", "S"),
    ('"%{ for x in local.inner }${x}%{ endfor }"', "secretb", "S"),
    ('"%{ for x in ["a"] }${x}%{ endfor }"', "a", ""),
    # Conditionals: the marks of all three.
    ("true ? var.s : 1", "secret", "S"),
    ("true ? 1 : var.n", 1, "S"),
    ("var.t ? 1 : 2", 1, "S"),
    ("var.t ? var.e : 2", "passing", "SE"),
    ('true ? local.inner : ["x", "y"]', ["secret", "b"], ["S", ""]),
    ("false ? local.named : { x = 1, y = var.e }", {"x": "1", "y": "passing"}, {"x": "", "y": "E"}),
    ("true ? null : var.s", None, "S"),
    # For expressions.
    ("[for x in var.list : upper(x)]", ["B", "A"], "S"),
    ("[for x in local.inner : upper(x)]", ["SECRET", "B"], ["S", ""]),
    ("[for i, x in var.list : i]", [0, 1], "S"),
    ('[for x in ["a", "b"] : x if x != var.s]', ["a", "b"], "S"),
    ("[for x in [] : x if x != var.s]", [], ""),
    ('[for x in ["secret"] : x if x != var.s]', [], "S"),
    ('{ for x in ["a"] : x => var.s }', {"a": "secret"}, {"a": "S"}),
    ('{ for x in ["a"] : "${var.e}${x}" => x }', {"passinga": "a"}, "E"),
    ("{ for k, v in local.named : k => v }", {"x": "secret", "y": "b"}, {"x": "S", "y": ""}),
    ("{ for k, v in var.map : v => k... }", {"v": ["k"]}, "S"),
    ("{ for v in local.inner : v => 1 }", {"secret": 1, "b": 1}, "S"),
    # Splats.
    ("var.list[*]", ["b", "a"], "S"),
    ("[local.named].*.x", ["secret"], ["S"]),
    ("[local.named][*].y", ["b"], ""),
    ("sensitive([local.named])[*].y", ["b"], "S"),
    ("var.s[*]", ["secret"], ("S", ["S"])),
    ("sensitive(null)[*]", [], "S"),
    # Functions: all marks at any depth go to the result.
    ("upper(var.s)", "SECRET", "S"),
    ('join(",", local.inner)', "secret,b", "S"),
    ('join(var.e, ["a", "b"])', "apassingb", "E"),
    ("jsonencode(local.named)", '{"x":"secret","y":"b"}', "S"),
    ("jsondecode(jsonencode(local.named))", {"x": "secret", "y": "b"}, "S"),
    ("jsondecode(jsonencode(local.named)).y", "b", "S"),
    ("distinct(local.typed)", ["secret", "b"], "S"),
    ("nonsensitive(distinct(local.typed))", ["secret", "b"], ""),
    ("sort(local.typed)", ["b", "secret"], "S"),
    ("compact(local.typed)", ["secret", "b"], "S"),
    ('contains(local.inner, "b")', True, "S"),
    ('index(local.inner, "b")', 1, "S"),
    ("one([var.s])", "secret", "S"),
    ("one([local.named])", {"x": "secret", "y": "b"}, "S"),
    ('coalesce("a", var.s)', "a", "S"),
    ('coalescelist(["a"], local.inner)', ["a"], "S"),
    ("max(var.n, 1)", 2, "S"),
    ("sum([1, var.n])", 3, "S"),
    ("max([1, var.n]...)", 2, "S"),
    ("max(sensitive([1, 2])...)", 2, "S"),
    ('format("%s-%s", "a", var.s)', "a-secret", "S"),
    ('formatlist("%s!", local.inner)', ["secret!", "b!"], "S"),
    ('split("", var.s)[0]', "s", "S"),
    ("setunion([var.s], [1])", ["1", "secret"], "S"),
    ("transpose({ a = [var.s] })", {"secret": ["a"]}, "S"),
    ('base64encode("a")', "YQ==", ""),
    ('templatefile("t.tmpl", { x = var.s })', "secret!", "S"),
    ('templatefile("t.tmpl", { x = "a" })', "a!", ""),
    ('templatefile("u.tmpl", { x = var.s })', False, "S"),
    ('file("${var.e}.txt")', "text", "E"),
    # Functions that keep the marks of what is in their arguments.
    ("length(local.inner)", 2, ""),
    ("length(var.list)", 2, "S"),
    ("length(var.s)", 6, "S"),
    ("length(local.named)", 2, ""),
    ("length(toset(local.inner))", 2, "S"),
    ("element(local.inner, 1)", "b", ""),
    ("element(local.inner, 2)", "secret", "S"),
    ("element(var.list, 0)", "b", "S"),
    ('element(["a", "b", "c"], var.n)', "c", "S"),
    ("chunklist(local.typed, 1)", [["secret"], ["b"]], [["S"], ""]),
    ("chunklist(var.list, 1)", [["b"], ["a"]], "S"),
    ("concat(local.inner, [1])", ["secret", "b", 1], ["S", "", ""]),
    ("concat(var.list, local.typed)", ["b", "a", "secret", "b"], ("S", ["", "", "S", ""])),
    ("flatten([local.inner, [[1]]])", ["secret", "b", 1], ["S", "", ""]),
    ("flatten([sensitive(local.inner), [1]])", ["secret", "b", 1], ("S", ["S", "", ""])),
    ("keys(local.named)", ["x", "y"], ""),
    ("keys(var.map)", ["k"], "S"),
    ("values(local.named)", ["secret", "b"], ["S", ""]),
    ("values(var.map)", ["v"], "S"),
    ('lookup(local.named, "x", "z")', "secret", "S"),
    ('lookup(local.named, "y", var.e)', "b", ""),
    ('lookup(local.named, "z", var.e)', "passing", "E"),
    ('lookup(var.map, "z", var.e)', "passing", "SE"),
    ("lookup({ secret = 1 }, var.s)", 1, "S"),
    ("merge(local.named, { y = var.e })", {"x": "secret", "y": "passing"}, {"x": "S", "y": "E"}),
    ("merge(local.named, { x = 1 })", {"x": 1, "y": "b"}, ""),
    ("merge(var.map, { x = 1 })", {"k": "v", "x": 1}, "S"),
    ("reverse(local.inner)", ["b", "secret"], ["", "S"]),
    ("slice(local.inner, 1, 2)", ["b"], ""),
    ("slice(var.list, 0, 1)", ["b"], "S"),
    ("zipmap([var.s], [1])", {"secret": 1}, "S"),
    ('zipmap(["a", "b"], local.inner)', {"a": "secret", "b": "b"}, {"a": "S", "b": ""}),
    ("setproduct(local.inner, [1])", [["secret", 1], ["b", 1]], [["S", ""], ""]),
    ("setproduct(toset([1]), [var.s])", [[1, "secret"]], "S"),
    # Conversions.
    ("tostring(var.n)", "2", "S"),
    ('tonumber("${var.n}")', 2, "S"),
    ("tolist(local.inner)", ["secret", "b"], ["S", ""]),
    ("tomap(local.named)", {"x": "secret", "y": "b"}, {"x": "S", "y": ""}),
    ("toset(local.inner)", ["b", "secret"], "S"),
    ("toset([local.named])", [{"x": "secret", "y": "b"}], "S"),
    ("tolist(toset(local.inner))", ["b", "secret"], "S"),
    ("[for x in nonsensitive(toset(local.inner)) : x]", ["b", "secret"], ""),
    ("tobool(sensitive(null))", None, "S"),
    # Functions of marks, try and can.
    ("sensitive(1)", 1, "S"),
    ("sensitive(var.e)", "passing", "SE"),
    ("nonsensitive(var.s)", "secret", ""),
    ("nonsensitive(var.both)", "both", "E"),
    ("nonsensitive(local.inner)", ["secret", "b"], ["S", ""]),
    ("nonsensitive(1)", 1, ""),
    ("ephemeralasnull(var.e)", None, ""),
    ("ephemeralasnull(var.both)", None, "S"),
    ("ephemeralasnull([var.e, { a = var.s, b = var.e }])", [None, {"a": "secret", "b": None}],
     ["", {"a": "S", "b": ""}]),
    ("ephemeralasnull(toset([var.e]))", None, ""),
    ("ephemeralasnull(1)", 1, ""),
    ('try(tonumber("x"), var.s)', "secret", "S"),
    ("try(1, var.s)", 1, ""),
    ("can(var.s)", True, ""),
    ("can(tonumber(var.s))", False, ""),
    # Questions.
    ("issensitive(var.s)", True, ""),
    ("issensitive(var.said)", False, ""),
    ("issensitive(var.e)", False, ""),
    ("issensitive(var.both)", True, ""),
    ("issensitive(var.unset)", False, ""),
    ("issensitive(var.hidden)", True, ""),
    ('issensitive("${var.unset}-x")', False, ""),
    ('issensitive(var.unset ? "a" : var.s)', True, ""),
    ("issensitive(local.inner)", False, ""),
    ("issensitive(local.inner[0])", True, ""),
    ("issensitive(local.inner[1])", False, ""),
    ("issensitive(upper(var.s))", True, ""),
    ("issensitive([for x in var.list : x][0])", True, ""),
    ("issensitive([for x in nonsensitive(var.list) : x][0])", False, ""),
    ("issensitive(nonsensitive(var.s))", False, ""),
    ("issensitive(sensitive(1))", True, ""),
    ("issensitive(null)", False, ""),
    ('[for x in local.inner : x if !issensitive(x)]', ["b"], ""),
    ("{ for k, v in local.named : k => issensitive(v) }", {"x": True, "y": False}, ""),
    ("issensitive(var.s) ? 1 : 2", 1, ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "want", "marks"), CASES, ids=[text for text, _, _ in CASES])
def test_an_expression_has_its_value_and_its_marks(
    workspace: Workspace, text: str, want: Any, marks: Any
) -> None:
    files = {
        "main.tf": f"{VARIABLES}\nlocals {{\n  result = {text}\n}}\n",
        "t.tmpl": "${x}!",
        "u.tmpl": "${issensitive(x)}",
        "passing.txt": "text",
    }
    workspace.evaluate(files)
    value = workspace.local("result")
    assert workspace.messages() == []
    got = plain(value)
    assert (sorted(got, key=repr) if isinstance(got, set) else got) == want
    assert marks_of(value) == marks


UNDECIDED = [
    ("issensitive(aws_vpc.v.id)", ""),  # the provider's schema may say so
    ('issensitive("${aws_vpc.v.id}-${var.unset}")', ""),
    ("issensitive([for x in aws_vpc.v.tags : x])", ""),
    ("var.unset ? var.s : 1", "S"),
    ("var.hidden ? 1 : 2", "S"),
    ('"${var.s}-${aws_vpc.v.id}"', "S"),
    ("[for x in [aws_vpc.v.id] : x == var.s][0]", "S"),
    ("var.hidden + 1", "S"),
    ("upper(var.hidden)", "S"),
    ("upper(var.unset)", ""),
    ("max(var.unset, var.n)", "S"),
    ("var.hidden.a[0]", "S"),
    ("var.hidden[*].a", "S"),
    ("[for x in var.hidden : x]", "S"),
    ("provider::local::direxists(var.s)", "S"),
    ("ephemeral.aws_secretsmanager_secret_version.v.secret_string", "E"),
    ("ephemeralasnull(ephemeral.aws_kms_secrets.v.plaintext)", ""),
    ("terraform.applying", "E"),
]


@pytest.mark.parametrize(("text", "marks"), UNDECIDED, ids=[text for text, _ in UNDECIDED])
def test_what_is_unknown_has_marks_too(workspace: Workspace, text: str, marks: str) -> None:
    workspace.evaluate(f"{VARIABLES}\nlocals {{\n  result = {text}\n}}\n")
    value = workspace.local("result")
    assert workspace.messages() == []
    kept = value.elements()[0] if isinstance(value, Value) else value
    assert isinstance(kept, Unknown)
    assert letters(value.marks) == marks


MODULES = {
    "main.tf": """
variable "token" {
  default   = "hunter2"
  sensitive = true
}
variable "host" { default = "db" }
module "outer" {
  source = "./outer"
  login  = { token = var.token, host = var.host }
}
locals {
  url    = module.outer.url
  host   = module.outer.login.host
  token  = module.outer.login.token
  asked  = issensitive(module.outer.asked)
  said   = module.outer.said
  passed = module.outer.passing
}
""",
    "outer/main.tf": """
variable "login" {
  type = object({ token = string, host = string, port = optional(number, 5432) })
}
module "middle" {
  source = "../middle"
  token  = var.login.token
  host   = var.login.host
}
output "url" { value = module.middle.url }
output "login" { value = var.login }
output "asked" { value = module.middle.host }
output "said" { value = module.middle.said }
output "passing" {
  value     = module.middle.host
  ephemeral = true
}
""",
    "middle/main.tf": """
variable "token" {}
variable "host" {}
module "inner" {
  source = "../inner"
  token  = var.token
  host   = var.host
}
output "url" { value = module.inner.url }
output "host" { value = module.inner.host }
output "said" {
  value     = module.inner.host
  sensitive = true
}
""",
    "inner/main.tf": """
variable "token" {}
variable "host" {}
locals {
  url = "https://${var.token}@${var.host}"
}
resource "aws_instance" "web" {
  for_each      = { a = var.token, b = var.host }
  ami           = each.key
  instance_type = each.value
  user_data     = local.url
}
output "url" { value = aws_instance.web["b"].user_data }
output "host" { value = var.host }
""",
}


def test_marks_go_through_modules_three_deep(workspace: Workspace) -> None:
    unit = workspace.evaluate(MODULES)
    assert workspace.messages() == []
    found = {
        name: (workspace.plain(name), marks_of(workspace.local(name)))
        for name in ("url", "host", "token", "asked", "said", "passed")
    }
    assert found == {
        "url": ("https://hunter2@db", "S"),
        "host": ("db", ""),
        "token": ("hunter2", "S"),
        "asked": (False, ""),
        "said": ("db", "S"),
        "passed": ("db", "E"),
    }
    hosts = {d.address.rpartition("[")[2]: d.body for d in unit.declarations}
    marks = {key: [_marks(body, name) for name in _ARGUMENTS] for key, body in hosts.items()}
    assert marks == {'"a"]': ["", "S", "S"], '"b"]': ["", "", "S"]}


_ARGUMENTS = ("ami", "instance_type", "user_data")


def _marks(body: Any, name: str) -> Any:
    return marks_of(body.get(name))


def test_blocks_made_of_what_is_sensitive_are_made(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        VARIABLES
        + """
resource "aws_instance" "web" {
  count = var.n
  ami   = "ami-${count.index}"
}
resource "aws_security_group" "web" {
  for_each = toset(var.list)
  name     = each.key
  dynamic "ingress" {
    for_each = var.list
    content {
      description = ingress.value
      protocol    = "tcp"
    }
  }
  ingress {
    protocol = "udp"
  }
}
locals {
  blocks = aws_security_group.web["a"].ingress
}
"""
    )
    assert workspace.messages() == []
    bodies = {d.address: d.body for d in unit.declarations}
    assert [_marks(bodies[f"aws_instance.web[{i}]"], "ami") for i in (0, 1)] == ["", ""]
    group = bodies['aws_security_group.web["a"]']
    assert _marks(group, "name") == "S"
    sections = group.sections("ingress")
    assert [plain(s.get("protocol")) for s in sections] == ["tcp", "tcp", "udp"]
    assert [_marks(s, "protocol") for s in sections] == ["S", "S", ""]
    assert _marks(sections[0], "description") == "S"
    blocks = workspace.local("blocks")
    assert isinstance(blocks, Value)


def test_resources_are_read_with_the_marks_of_their_arguments(workspace: Workspace) -> None:
    workspace.evaluate(
        VARIABLES
        + """
resource "aws_instance" "web" {
  ami       = var.s
  user_data = "x"
  tags      = { a = var.e, b = 1 }
}
resource "terraform_data" "kept" { input = var.s }
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["s3:*"]
    resources = [var.s]
  }
}
locals {
  ami    = aws_instance.web.ami
  asked  = issensitive(aws_instance.web.ami)
  plain  = issensitive(aws_instance.web.user_data)
  b      = aws_instance.web.tags.b
  tags   = aws_instance.web.tags
  kept   = terraform_data.kept.output
  policy = data.aws_iam_policy_document.p.json
  told   = issensitive(data.aws_iam_policy_document.p.json)
}
"""
    )
    marks = {n: marks_of(workspace.local(n)) for n in ("ami", "b", "tags", "kept", "policy")}
    # Terraform does not mark what a provider makes of a marked argument: a mark of our own.
    assert marks == {"ami": "S", "b": "", "tags": {"a": "E", "b": ""}, "kept": "S", "policy": "W"}
    assert workspace.plain("asked") is True
    assert workspace.plain("told") is False
    unknown(workspace.local("plain"))  # the provider's schema decides


def test_what_a_data_source_makes_of_what_is_marked_is_withheld(workspace: Workspace) -> None:
    workspace.evaluate(
        VARIABLES
        + """
variable "role" {
  default   = "arn:aws:iam::123456789012:role/deploy"
  sensitive = true
}
provider "aws" {
  region = "eu-west-1"
  assume_role { role_arn = var.role }
}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "template_file" "some" {
  template = "$${x}-$${y}"
  vars     = { x = var.s, y = "b" }
}
data "template_file" "all" {
  template = "$${k}"
  vars     = var.map
}
locals {
  account = "id ${data.aws_caller_identity.me.account_id}"
  region  = data.aws_region.here.name
  some    = data.template_file.some.rendered
  all     = data.template_file.all.rendered
  told    = nonsensitive(data.template_file.all.rendered)
}
"""
    )
    names = ("account", "region", "some", "all", "told")
    assert {name: workspace.plain(name) for name in names} == {
        "account": "id 123456789012",
        "region": "eu-west-1",
        "some": "secret-b",
        "all": "v",
        "told": "v",
    }
    marks = {name: marks_of(workspace.local(name)) for name in names}
    assert marks == {"account": "W", "region": "", "some": "W", "all": "W", "told": ""}
    assert workspace.messages() == []


def test_each_of_an_undecided_map_is_marked_as_the_map_is(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        VARIABLES
        + """
resource "aws_instance" "one" {
  for_each  = var.unset ? var.map : {}
  ami       = each.value
  user_data = "x"
}
resource "aws_instance" "some" {
  for_each = var.hidden
  ami      = each.key
}
"""
    )
    one, some = (d.body for d in unit.declarations if d.type == "aws_instance")
    assert plain(one.get("ami")) == "v"
    assert [_marks(one, name) for name in ("ami", "user_data")] == ["S", ""]
    assert letters(unknown(some.get("ami")).marks) == "S"


ERRORS = [
    "cidrhost(var.s, 1)",
    'tonumber(var.s)',
    "{}[var.s]",
    "{ for x in [var.s, var.s] : x => 1 }",
    "parseint(var.s, 10)",
    "cidrsubnet(var.s, 1, 1)",
    "lookup({}, var.s)",
    "regex(var.s, \"x\")",
    "var.list[7]",
    "file(var.s)",
    "max(var.s)",
    "var.s + 1",
]  # fmt: skip


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_quotes_nothing_that_is_marked(workspace: Workspace, text: str) -> None:
    workspace.evaluate(f"{VARIABLES}\nlocals {{\n  result = {text}\n}}\n")
    assert unknown(workspace.local("result")).cause == "error"
    (message,) = workspace.messages()
    assert "secret" not in message
    assert "2" not in message


def test_an_argument_too_many_is_told_as_it_is(workspace: Workspace) -> None:
    workspace.evaluate(f"{VARIABLES}\nlocals {{\n  result = upper(var.s, 1)\n}}\n")
    workspace.local("result")
    assert workspace.messages() == ["upper(): it takes 1 arguments, not 2"]


def test_what_is_sensitive_once_is_not_so_in_another_unit(tmp_path: Path) -> None:
    """Expressions without references are shared by all units; those that mark are not."""
    text = 'locals {\n  x = sensitive("hunter2")\n  y = upper(sensitive("a"))\n}\n'
    for name in ("one", "two"):
        workspace = Workspace(tmp_path / name)
        workspace.folder.mkdir()
        unit = workspace.evaluate(text)
        assert letters(workspace.local("x").marks) == "S"
        assert letters(workspace.local("y").marks) == "S"
        assert "hunter2" in unit.secrets


@pytest.mark.parametrize("deep", [False, True], ids=["whole", "leaves"])
def test_marks_change_no_value_of_the_conformance_vectors(tmp_path: Path, deep: bool) -> None:
    from tests.terraform.test_terraform_vectors import VECTORS, runner_module

    vectors = runner_module()
    assert "terraform_vectors" in sys.modules
    checked = 0
    for case in vectors.read_cases(VECTORS):
        asks = any(word in str(case.get("expr")) for word in ("sensitive", "ephemeralasnull"))
        if case["kind"] not in ("expr", "template") or not case.get("vars") or asks:
            continue
        results = []
        for number, mark in enumerate((UNMARKED, SENSITIVE)):
            folder = tmp_path / f"{checked}-{number}"
            folder.mkdir()
            runner = _Marking(vectors, folder, mark, deep=deep)
            results.append(runner.run(case))
        assert results[0] == results[1], (case["id"], case["expr"])
        checked += 1
    assert checked > 300


class _Marking:
    """Runs a case with all its variables marked."""

    def __init__(self, vectors: Any, folder: Path, marks: Marks, *, deep: bool) -> None:
        self._runner = vectors.Runner(folder)
        made = self._runner.scope

        def scope(case: Any) -> Any:
            found = made(case)
            found.evaluation.marked = bool(marks)
            for name, value in found.names.items():
                found.names[name] = _mark_leaves(value, marks) if deep else value.marked(marks)
            return found

        self._runner.scope = scope

    def run(self, case: Any) -> tuple[str, str]:
        verdict, got = self._runner.run(case)
        # Messages of errors may tell less.
        return verdict, repr(got) if verdict == "right" and not case["want_error"] else ""


def _mark_leaves(value: Val, marks: Marks) -> Val:
    data: Data = value.data if isinstance(value, Value) else None
    if not isinstance(data, tuple | dict) or isinstance(data, Set):
        return value.marked(marks)
    assert isinstance(value, Value)
    moved = value.after()
    if isinstance(data, dict):
        members = {key: _mark_leaves(member, marks) for key, member in data.items()}
        if isinstance(data, Map):
            made = Map(members)
            made.element = data.element
            members = made
        moved.data = members
    else:
        elements = [_mark_leaves(element, marks) for element in data]
        moved.data = tuple(elements)
        if isinstance(data, List):
            sequence = List(elements)
            sequence.element, sequence.open = data.element, data.open
            moved.data = sequence
    return moved


def test_marks_are_taken_off_at_every_depth(workspace: Workspace) -> None:
    workspace.evaluate(f"{VARIABLES}\nlocals {{\n  result = [{{ a = [var.s, var.e] }}, 1]\n}}\n")
    value = workspace.local("result")
    assert marks_in((value,)) == SENSITIVE | EPHEMERAL
    bare = unmarked(value)
    assert marks_in((bare,)) == UNMARKED
    assert plain(bare) == plain(value) == [{"a": ["secret", "passing"]}, 1]
    assert unmarked(bare) is bare
