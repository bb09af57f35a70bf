"""What is sensitive is judged like anything else, and nothing that is said quotes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import run, write
from tests.invariance.corpus import in_turn

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.engine.report import Report

FIXTURES = Path(__file__).parents[1] / "fixtures"
FORMATS = ("text", "json", "sarif", "github")
HIDDEN = "(sensitive value)"
MAY_BE_SECRET = frozenset({"DATA007", "DATA009", "PATH014"})
"""Checks to which a value that is not known may be a secret just because it is marked."""

OPEN = """\
variable "range" {
  type      = string
  sensitive = true
}
variable "port" {
  type      = number
  sensitive = true
}
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "main" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "::/0" == "" ? null : var.range
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.main.id
  route_table_id = aws_route_table.main.id
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = var.port
    to_port     = var.port
    protocol    = "tcp"
    cidr_blocks = [var.range]
  }
}
resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
"""
GIVEN = 'range = "0.0.0.0/0"\nport = 3389\n'
MENDS = re.compile(r"Limit port 3389 [^\"]*")
"""What the check of Remote Desktop says to do, whatever the port is here."""
QUOTED = re.compile(r"(?<![\w.])0\.0\.0\.0/0|(?<![\w.])3389")


@pytest.mark.parametrize("form", FORMATS)
def test_an_open_range_that_is_sensitive_is_found_and_not_quoted(tmp_path: Path, form: str) -> None:
    write(tmp_path, {"main.tf": OPEN, "terraform.tfvars": GIVEN})
    done = run("scan", ".", "--format", form, "--show-notes", cwd=tmp_path)
    assert done.status == 1
    assert "SG" in done.out
    assert "PATH001" in done.out
    # The checks' own documentation, which SARIF has too, is about the whole internet.
    said = json.dumps(json.loads(done.out)["runs"][0]["results"]) if form == "sarif" else done.out
    said = MENDS.sub("", said)
    assert HIDDEN in said
    assert QUOTED.search(said + done.err) is None


def test_the_lines_that_are_shown_do_not_quote_it_either(tmp_path: Path) -> None:
    text = OPEN.replace("  type      = string\n", '  default   = "0.0.0.0/0"\n')
    write(tmp_path, {"main.tf": text, "terraform.tfvars": "port = 22\n"})
    done = run("scan", ".", "--select", "SG001", cwd=tmp_path)
    assert f"is open to {HIDDEN}" in done.out
    assert 'default   = "*********"' in done.out
    assert QUOTED.search(done.out) is None


def test_what_an_option_gives_is_not_quoted(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": OPEN})
    given = ("--var", "range=0.0.0.0/0", "--var", "port=3389")
    done = run("scan", ".", *given, cwd=tmp_path)
    assert "PATH001" in done.out
    assert HIDDEN in done.out
    assert QUOTED.search(done.out) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("reach", "."),
        ("reach", ".", "--format", "json"),
        ("graph", "."),
        ("graph", ".", "--format", "mermaid"),
        ("graph", ".", "--format", "svg"),
        ("values", ".", "--all"),
        ("values", ".", "--all", "--format", "json"),
    ],
    ids=" ".join,
)
def test_no_other_command_quotes_it(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, {"main.tf": OPEN, "terraform.tfvars": GIVEN.replace("3389", "47291")})
    done = run(*arguments, cwd=tmp_path)
    assert done.status == 0
    assert "web" in done.out
    assert "0.0.0.0/0" not in done.out + done.err
    if arguments[0] == "values":
        assert "47291" not in done.out


def test_errors_do_not_quote_it(tmp_path: Path) -> None:
    text = """\
variable "names" {
  type      = list(string)
  sensitive = true
  default   = ["hunter2"]
}
locals {
  hosts = [for name in var.names : cidrhost(name, 1)]
  total = { for name in [var.names[0], var.names[0]] : name => 1 }
}
resource "aws_instance" "web" {
  user_data  = local.hosts[0]
  private_ip = local.total["x"]
}
"""
    write(tmp_path, {"main.tf": text})
    for command in ("scan", "values", "reach", "graph"):
        done = run(command, ".", cwd=tmp_path)
        assert done.status == 3, command
        if command in ("scan", "values"):
            assert f'cidrhost(): "{HIDDEN}" is no prefix' in done.out + done.err, command
        assert "hunter2" not in done.out + done.err, command


def report_of(folder: Path, text: str, code: str) -> Report:
    folder.mkdir()
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return scan(ScanOptions(paths=(folder,), working=folder, boundary=folder, select=(code,)))


def identity(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.check.code,
        finding.fingerprint,
        finding.status,
        finding.confidence,
        finding.severity,
        finding.resource,
        finding.attribute,
    )


def said(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield finding.message
        yield finding.when or ""
        yield from finding.missing
        yield from (hop.message for hop in finding.evidence)
    yield from (note.message for note in report.notes)


def _declared(text: str) -> str:
    """All variables sensitive."""
    return re.sub(
        r'^(variable "[^"]+" \{)(?![^}]*\bsensitive\b)([^\n}]*)(\}?)',
        lambda m: f"{m[1]}\nsensitive = true\n{m[2]}" + ("\n}" if m[3] else ""),
        text,
        flags=re.MULTILINE,
    )


def _called(text: str) -> str:
    return text.replace('"0.0.0.0/0"', 'sensitive("0.0.0.0/0")')


def judged(report: Report) -> list[Finding]:
    """The findings, without those about what may be a secret; see ``MAY_BE_SECRET``."""
    return [
        finding
        for finding in report.findings
        if finding.status is not Status.UNDECIDED or finding.check.code not in MAY_BE_SECRET
    ]


@pytest.mark.slow
@pytest.mark.parametrize("change", [_declared, _called])
def test_marks_change_no_finding_of_the_fixtures(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    compared = hidden = 0
    for path in sorted(FIXTURES.glob("*/*.tf")):
        text = path.read_text(encoding="utf-8")
        changed = change(text)
        if changed == text or not in_turn(path.name, 3):
            continue
        compared += 1
        before = report_of(tmp_path / f"{compared}-before", text, path.parent.name)
        after = report_of(tmp_path / f"{compared}-after", changed, path.parent.name)
        assert sorted(map(identity, judged(before))) == sorted(map(identity, judged(after))), path
        assert [e.message for e in before.errors] == [e.message for e in after.errors], path
        words = list(said(after))
        hidden += any(HIDDEN in text for text in words)
        if change is _called:
            assert not any(re.search(r"(?<![\d.])0\.0\.0\.0/0", word) for word in words), path
    assert compared > 10
    assert hidden > 1


def test_where_a_module_is_to_be_had_is_no_secret(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": """\
module "ranges" {
  source = "example/ranges/aws"
}
resource "aws_security_group" "web" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = module.ranges.office
  }
}
output "settings" {
  sensitive = true
  value     = { cloud = "aws", password = "kept to itself" }
}
"""
        },
    )
    report = scan(ScanOptions(paths=(tmp_path,), select=("SG001",)))
    [finding] = report.findings
    assert "module example/ranges/aws is not on the disk" in str(finding.missing)
