"""Large and deep input: an error that names the bound, in bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.program import (
    PATIENCE,
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    Run,
    environment,
    run,
    write,
)

from iac_ec2lint.source import limits

pytestmark = pytest.mark.slow

pytest.importorskip("resource", reason="this system cannot bound a process's memory")

MEMORY = 1 << 30
"""Bytes of address space that a scan may take here."""

_BOUNDED = f"""
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
sys.argv[0] = "iac-ec2lint"
runpy.run_module("iac_ec2lint", run_name="__main__")
"""

DEPTH = 100_000
TEMPLATE_START = '{"Resources": {"A": {"Type": "AWS::EC2::Volume", "Properties": {"Encrypted": '


def scan_bounded(folder: Path) -> Run:
    """A scan in a process whose memory is bounded; running out of it is a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", _BOUNDED, "scan", ".", "--format", "json"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def aliases() -> str:
    """A template of which a few lines stand for 10**12 nodes."""
    lines = ["Metadata:", "  a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 12):
        names = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"  a{level}: &a{level} [{names}]")
    return "\n".join([*lines, PLAIN_VOLUME_TEMPLATE.replace("Encrypted: false", "Encrypted: *a11")])


def doubling(first: str, twice: str, asked: str) -> str:
    """60 local values, each with the one before it in it twice, and a volume that asks for it."""
    names = [f"local.a{number}" for number in range(60)]
    lines = [f"  a0 = {first}"]
    lines += [f"  a{n} = " + twice % (names[n - 1], names[n - 1]) for n in range(1, 60)]
    volume = PLAIN_VOLUME.replace("plain", "bad").replace("false", asked.format(names[-1]))
    return "\n".join(["locals {", *lines, "}", volume])


LARGE: dict[str, tuple[str, Callable[[], str], str]] = {
    "brackets": (
        "bad.tf",
        lambda: f"locals {{\n  a = {'[' * DEPTH}{']' * DEPTH}\n}}\n",
        "200 levels",
    ),
    "unclosed brackets": ("bad.tf", lambda: f"locals {{\n  a = {'[' * DEPTH}\n}}\n", ""),
    "parentheses": (
        "bad.tf",
        lambda: f"locals {{\n  a = {'(' * DEPTH}1{')' * DEPTH}\n}}\n",
        "200 levels",
    ),
    "templates": (
        "bad.tf",
        lambda: "locals {\n  a = " + '"${' * DEPTH + "1" + '}"' * DEPTH + "\n}\n",
        "",
    ),
    "operators": ("bad.tf", lambda: f"locals {{\n  a = {'!' * DEPTH}true\n}}\n", ""),
    "a long sum": ("bad.tf", lambda: f"locals {{\n  a = {'1 + ' * DEPTH}1\n}}\n", ""),
    "a long traversal": ("bad.tf", lambda: f"locals {{\n  a = local.b{'.c' * DEPTH}\n}}\n", ""),
    "brackets in Terraform JSON": (
        "bad.tf.json",
        lambda: f'{{"locals": {{"a": {"[" * DEPTH}{"]" * DEPTH}}}}}',
        "200 levels",
    ),
    "brackets in a JSON template": (
        "bad.json",
        lambda: TEMPLATE_START + "[" * DEPTH + "]" * DEPTH + "}}}}",
        "200 levels",
    ),
    "brackets in a YAML template": (
        "bad.yaml",
        lambda: PLAIN_VOLUME_TEMPLATE.replace("false", "[" * DEPTH + "]" * DEPTH),
        "200 levels",
    ),
    "a file of 20 MB": ("bad.tf", lambda: "# comment\n" * 2_000_000, str(limits.FILE_BYTES)),
    "a template of 20 MB": (
        "bad.yaml",
        lambda: PLAIN_VOLUME_TEMPLATE + "# comment\n" * 2_000_000,
        str(limits.FILE_BYTES),
    ),
    "an unclosed string of 4 MB": ("bad.tf", lambda: 'locals {\n  a = "' + "x" * 4_000_000, '"'),
    "an unclosed heredoc of 4 MB": (
        "bad.tf",
        lambda: "locals {\n  a = <<EOT\n" + "text ${\n" * 500_000,
        "",
    ),
    "an alias bomb": ("bad.yaml", aliases, "alias"),
    "a count of a thousand million": (
        "bad.tf",
        lambda: PLAIN_VOLUME.replace("plain", "bad").replace(
            "{\n", "{\n  count = 1000000000\n  iops = count.index\n"
        ),
        "budget",
    ),
    "a range of a thousand million": (
        "bad.tf",
        lambda: PLAIN_VOLUME.replace("plain", "bad").replace(
            "false", "length(range(1000000000)) < 1"
        ),
        "range",
    ),
    "a string that doubles": (
        "bad.tf",
        lambda: doubling('"xxxxxxxxxx"', '"${%s}${%s}"', "{} != 1"),
        "",
    ),
    "a list that doubles": (
        "bad.tf",
        lambda: doubling("[1]", "concat(%s, %s)", "length({}) < 1"),
        "",
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_input_is_an_error_and_all_else_is_analysed(tmp_path: Path, name: str) -> None:
    file, content, words = LARGE[name]
    write(tmp_path, {"good.tf": PLAIN_VOLUME, "good.yaml": PLAIN_VOLUME_TEMPLATE, file: content()})
    ended = scan_bounded(tmp_path)
    assert ended.err == ""
    assert ("DATA001", "good.tf", 4) in ended.found
    assert ("DATA001", "good.yaml", 8) in ended.found
    assert ended.status == 3
    [error] = ended.errors
    assert error["path"] == file
    assert words in error["message"]
    assert len(error["message"]) < 1000
    assert len(ended.out) < 100_000, "nothing of it is printed at length"


def test_blocks_nested_deep(tmp_path: Path) -> None:
    write(tmp_path, {"good.tf": PLAIN_VOLUME, "bad.tf": "a {\n" * DEPTH + "}\n" * DEPTH})
    ended = scan_bounded(tmp_path)
    assert ended.err == ""
    assert ("DATA001", "good.tf", 4) in ended.found
    assert "200 levels" in ended.errors[0]["message"]
    assert {error["path"] for error in ended.errors} == {"bad.tf"}
    assert len(ended.errors) <= 50


DOUBLING = {
    "a string with an unknown piece": doubling("var.unset", '"${%s}-${%s}"', '{} == "x"'),
    "a sum": doubling("1", "%s + %s", "{} < 1"),
    "a conditional": doubling("1", "var.unset == 1 ? %s : %s + 1", "{} < 1"),
}


@pytest.mark.parametrize("name", DOUBLING)
def test_what_doubles_and_is_small_in_the_end_is_evaluated(tmp_path: Path, name: str) -> None:
    text = 'variable "unset" {\n}\n' + DOUBLING[name]
    write(tmp_path, {"good.tf": PLAIN_VOLUME, "bad.tf": text})
    ended = scan_bounded(tmp_path)
    assert ended.err == ""
    assert ("DATA001", "good.tf", 4) in ended.found
    assert ended.errors == []


@pytest.mark.parametrize(
    "made", ["{ a = %s, b = %s }", "[%s, %s]", "{ for k in [%s, %s] : 1 => k... }"]
)
@pytest.mark.parametrize(
    "used", ["{} == null", "jsonencode({}) == null", "length(flatten([{}])) < 1"]
)
def test_what_doubles_without_end_is_an_error(tmp_path: Path, made: str, used: str) -> None:
    write(tmp_path, {"good.tf": PLAIN_VOLUME, "bad.tf": doubling("1", made, used)})
    ended = scan_bounded(tmp_path)
    assert ended.err == ""
    assert ("DATA001", "good.tf", 4) in ended.found
    assert "has more than 1000000 elements" in ended.errors[0]["message"]


def test_many_conditions_are_not_tried_in_every_combination(tmp_path: Path) -> None:
    count = 40
    encrypted = "true"
    for number in range(count):
        encrypted = f"!If [C{number}, {encrypted}, false]"
    names = range(count)
    lines = [
        "Parameters:",
        *(f"  P{number}: {{Type: String}}" for number in names),
        "Conditions:",
        *(f"  C{number}: !Equals [!Ref P{number}, on]" for number in names),
        PLAIN_VOLUME_TEMPLATE.replace("Encrypted: false", f"Encrypted: {encrypted}"),
    ]
    write(tmp_path, {"many.yaml": "\n".join(lines)})
    ended = scan_bounded(tmp_path)
    assert ended.err == ""
    assert ended.errors == []
    found = {finding["check"] for finding in ended.report["findings"]}
    assert found == {"DATA001", "RES006"}  # nor is it backed up


def test_thousands_of_what_is_alike_are_no_large_input(tmp_path: Path) -> None:
    """Each of these took time by the square of how many there are."""
    many = 8_000
    statements = '  statement {\n    actions   = ["ec2:*"]\n    resources = ["*"]\n  }\n' * many
    script = "#!/bin/bash\n" + "-----BEGIN RSA PRIVATE KEY-----\n" * many + "A" * 12 * many + "==="
    write(
        tmp_path,
        {
            "keys.tf": f'resource "aws_instance" "i" {{\n  user_data = {json.dumps(script)}\n}}\n',
            "policy.tf": f'data "aws_iam_policy_document" "d" {{\n{statements}}}\n'
            'resource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n',
            "unknown.tf": 'variable "u" {}\nresource "aws_iam_role" "r" {\n'
            "  assume_role_policy = jsonencode({ Statement = [for n in range(999) : var.u] })\n}\n",
            "blank/terragrunt.hcl": "\n" * 50 * many,
            "blank/main.tf": 'resource "aws_key_pair" "k" {\n  public_key = module.m.k\n}\n'
            'module "m" {\n  source = "./m"\n}\n',
            "blank/m/main.tf": f'output "k" {{{chr(10) * 50 * many}  value = "a"\n}}\n',
            "sub.yaml": PLAIN_VOLUME_TEMPLATE.replace("false", f'!Sub "{"${" * 25 * many}"'),
        },
    )
    ended = scan_bounded(tmp_path)
    assert ended.err == ""
    assert ("DATA007", "keys.tf", 2) in ended.found


@pytest.mark.parametrize("ports", [(22, 22), (0, 65535)], ids=["one port", "all ports"])
def test_thousands_of_instances_are_no_large_input(tmp_path: Path, ports: tuple[int, int]) -> None:
    rule = f"""
resource "aws_security_group" "many" {{
  count = 2000
  tags  = {{ number = count.index }}

  ingress {{
    from_port   = {ports[0]}
    to_port     = {ports[1]}
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""
    write(tmp_path, {"main.tf": rule})
    ended = scan_bounded(tmp_path)
    assert ended.err == ""
    assert ended.status == 1
    assert ended.report["summary"]["resources"] == 2000


def test_time_grows_with_the_documents_of_a_file(tmp_path: Path) -> None:
    """Not with their square: what is searched for in one is not searched for in all others."""
    note = f"Description: {'x' * 1_000}"
    one = f"{note}\n{PLAIN_VOLUME_TEMPLATE}---\n"

    def taken(documents: int) -> float:
        write(tmp_path, {"many.yaml": one * documents})
        started = time.process_time()
        assert run("scan", ".", "--quiet", cwd=tmp_path).status == 1
        return time.process_time() - started

    # The better of two: what else the machine does takes time of the shorter run above all.
    # There are four times as many, so that their square would be 16.
    few = min(taken(900), taken(900))
    assert min(taken(3_600), taken(3_600)) < 9 * few
