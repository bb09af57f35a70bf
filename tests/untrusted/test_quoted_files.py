"""No message tells more than 40 characters of what came out of a file function."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from tests.cli.program import run, write

from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.language.unknowns import steps_of
from iac_ec2lint.values import Step, Value

SECRET = "".join(f"{chr(65 + n % 26)}{n}" for n in range(100))
DERIVED = {
    "file": ('trimspace(file("a.txt"))', SECRET),
    "interpolated": ('"<${trimspace(file("a.txt"))}>"', f"<{SECRET}>"),
    "templatefile": ('trimspace(templatefile("a.txt", {}))', SECRET),
    "filebase64": ('filebase64("a.txt")', base64.b64encode(f"{SECRET}\n".encode()).decode()),
    "base64encode": ("base64encode(local.a)", base64.b64encode(SECRET.encode()).decode()),
    "upper": ("lower(local.a)", SECRET.lower()),
    "substr": ("substr(local.a, 9, 90)", SECRET[9:99]),
    "sha512": ("sha512(local.a)", hashlib.sha512(SECRET.encode()).hexdigest()),
    "filesha512": ('filesha512("a.txt")', hashlib.sha512(f"{SECRET}\n".encode()).hexdigest()),
    "strrev": ("strrev(local.a)", SECRET[::-1]),
    "joined": ('join("", reverse(split("", local.a)))', SECRET[::-1]),
    "in a list": ('join("-", [for c in split("", local.a) : c])', "-".join(SECRET)),
    "parts": (
        'join(".", [for n in range(8) : substr(local.a, n * 12, 12)])',
        ".".join(SECRET[n * 12 : n * 12 + 12] for n in range(8)),
    ),
    "decoded": ('jsondecode(file("a.json")).deep[0].a', SECRET),
    "a number": ("parseint(lower(substr(local.a, 0, 80)), 36)", str(int(SECRET[:80], 36))),
    "a module's": ("module.m.a", SECRET),
    "chosen": ('local.a == "" ? "none" : local.a', SECRET),
    "a binary file": ('filebase64("a.bin")', base64.b64encode(b"\xff" + SECRET.encode()).decode()),
}

_TEMPLATE = """\
locals {
  a = trimspace(file("a.txt"))
  b = %s
}
module "m" {
  source = "./m"
  a      = local.a
}
resource "aws_security_group" "quoting" {
  description = local.b
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = local.b
    cidr_blocks = ["0.0.0.0/0", local.b]
  }
}
resource "aws_security_group" "each" {
  for_each = toset([tostring(local.b)])
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  ami                    = local.b
  instance_type          = local.b
  subnet_id              = local.b
  vpc_security_group_ids = [aws_security_group.each[tostring(local.b)].id]
  metadata_options {
    http_tokens = local.b
  }
  user_data = "#!/bin/sh\\n${local.b}\\n"
}
output "missing" {
  value = { a = 1 }[local.b]
}
output "prefix" {
  value = cidrsubnet(local.b, 1, 1)
}
module "absent" {
  source = local.b
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(
        tmp_path,
        {
            "a.txt": f"{SECRET}\n",
            "a.json": json.dumps({"deep": [{"a": SECRET}]}),
            "a.bin": b"\xff" + SECRET.encode(),
            "m/main.tf": 'variable "a" {}\noutput "a" {\n  value = var.a\n}\n',
        },
    )


def longest(secret: str, text: str) -> int:
    """The most characters of a text that stand in another one together."""
    known = {secret[at : at + 41] for at in range(len(secret) - 40)}
    return 41 if any(piece in text for piece in known) else 40


@pytest.mark.parametrize("how", DERIVED)
def test_no_message_quotes_it_at_length(tree: Path, how: str) -> None:
    expression, secret = DERIVED[how]
    write(tree, {"main.tf": _TEMPLATE % expression})
    shown = ("--show-undecided", "--show-notes", "--branches", "all")
    texts = [run(".", *shown, "--format", form, cwd=tree) for form in ("text", "json")]
    text = "".join((*(one.out for one in texts), *(one.err for one in texts)))
    assert secret[:20] in text or how == "a number", "it is quoted somewhere"
    assert longest(secret, text) == 40
    assert longest(SECRET, text) == 40


def test_nor_does_one_about_a_plan(tree: Path) -> None:
    group = 'resource "aws_instance" "a" {\n  ami = base64encode(file("a.txt"))\n}\n'
    secret = base64.b64encode(f"{SECRET}\n".encode()).decode()
    written = {
        "address": "aws_instance.a",
        "mode": "managed",
        "type": "aws_instance",
        "name": "a",
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }
    planned = {**written, "values": {"ami": secret}}
    change = {**written, "change": {"actions": ["create"], "after": {"ami": secret}}}
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [planned]}},
        "resource_changes": [change],
        "configuration": {"root_module": {"resources": [{**written, "expressions": {"ami": {}}}]}},
    }
    write(tree, {"main.tf": group, "plan.json": json.dumps(plan)})
    shown = ("--show-undecided", "--show-notes", "--format", "json")
    ended = run("plan.json", *shown, cwd=tree)
    assert secret[:40] in ended.out
    assert longest(secret, ended.out) == 40


@pytest.mark.slow
def test_nor_does_any_other_command(tree: Path) -> None:
    write(tree, {"main.tf": _TEMPLATE % "strrev(local.a)"})
    secret = SECRET[::-1]
    for command in (("reach", "."), ("graph", "."), ("graph", ".", "--format", "svg")):
        ended = run(*command, cwd=tree)
        assert longest(secret, ended.out + ended.err) == 40, command
    ended = run("values", ".", cwd=tree)
    assert longest(secret, ended.err) == 40


def test_values_and_addresses_in_data_are_what_was_asked_for(tree: Path) -> None:
    write(tree, {"main.tf": _TEMPLATE % "local.a"})
    assert f'local.a = "{SECRET}"' in run("values", ".", cwd=tree).out
    graph = json.loads(run("graph", ".", "--format", "json", cwd=tree).out)
    addresses = {node["address"] for node in graph["nodes"]}
    assert f'aws_security_group.each["{SECRET}"]' in addresses
    assert {end for edge in graph["edges"] for end in (edge["source"], edge["target"])} <= {
        node["id"] for node in graph["nodes"]
    }


def test_no_way_is_too_long_to_come_from_a_file() -> None:
    at = SourceText("a.tf", "a").span(0, 1)
    others = [Step(at, f"local.a{number}") for number in range(2_000)]
    read = Step(at, "contents of a.txt", contents=True)
    value = Value("a", at)
    for step in (*others[:1_000], read, *others[1_000:]):
        value = value.after(step)
    assert read in value.via
    assert read in steps_of(Value("a", at, tuple(others)), value)
