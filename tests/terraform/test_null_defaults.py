"""What rests on a default that is null, or has nothing in it, is assumed: a caller may set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.program import scan, write

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = """
variable "one" { default = null }
variable "none" { default = {} }
variable "list" { default = [] }
variable "object" {
  type    = object({ on = optional(bool), text = optional(string) })
  default = {}
}
"""
HOST = """
resource "aws_instance" "a" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  metadata_options {
    http_tokens   = "optional"
    http_endpoint = ENDPOINT
  }
}
"""
GROUP = """
resource "aws_security_group" "a" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = RANGES
  }
}
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_default_route_table" "a" {
  default_route_table_id = aws_vpc.a.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.a.id
  }
}
resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.a.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}
resource "aws_instance" "a" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.a.id]
}
"""
DEFAULTED = "coalesce(var.object.on, true)"
ENDPOINT = """
resource "aws_vpc_endpoint" "a" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = POLICY
}
"""


def confidences(folder: Path, code: str, text: str) -> list[str]:
    write(folder, {"main.tf": INPUTS + text})
    findings = scan(".", "--select", code, cwd=folder).report["findings"]
    return [finding["confidence"] for finding in findings if finding["status"] == "fail"]


@pytest.mark.parametrize(
    "ranges",
    [
        'var.one == null ? ["0.0.0.0/0"] : var.one',
        'coalesce(var.one, ["0.0.0.0/0"])',
        '[coalesce(var.object.text, "0.0.0.0/0")]',
        'coalescelist(var.list, ["0.0.0.0/0"])',
        'try(var.none.ranges, ["0.0.0.0/0"])',
        'can(var.none.ranges) ? var.none.ranges : ["0.0.0.0/0"]',
        '[lookup(var.none, "range", "0.0.0.0/0")]',
        '[merge({ range = "0.0.0.0/0" }, var.none).range]',
        'length(var.list) == 0 ? ["0.0.0.0/0"] : var.list',
    ],
)
def test_what_stands_in_for_nothing_is_assumed(tmp_path: Path, ranges: str) -> None:
    assert confidences(tmp_path, "SG001", GROUP.replace("RANGES", ranges)) == ["assumed"]


@pytest.mark.parametrize(
    "ranges",
    [
        'coalesce(null, ["0.0.0.0/0"])',
        'try({}.ranges, ["0.0.0.0/0"])',
        'concat(var.list, ["0.0.0.0/0"])',
        '[merge(var.none, { range = "0.0.0.0/0" }).range]',
    ],
)
def test_what_is_there_whatever_an_input_is_is_proven(tmp_path: Path, ranges: str) -> None:
    assert confidences(tmp_path, "SG001", GROUP.replace("RANGES", ranges)) == ["proven"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("IMDS001", HOST.replace("ENDPOINT", "var.one")),
        ("IMDS001", HOST.replace("ENDPOINT", "var.object.text")),
        ("VPCE003", ENDPOINT.replace("POLICY", "var.one")),
        (
            "NET002",
            GROUP.replace("RANGES", "[]").replace("= true", "= coalesce(var.object.on, true)"),
        ),
    ],
)
def test_what_aws_does_where_an_input_is_null_is_assumed(
    tmp_path: Path, code: str, text: str
) -> None:
    assert confidences(tmp_path, code, text) == ["assumed"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("IMDS001", HOST.replace("ENDPOINT", "null")),
        ("VPCE003", ENDPOINT.replace("POLICY", "null")),
    ],
)
def test_null_that_is_written_is_nobodys_default(tmp_path: Path, code: str, text: str) -> None:
    assert confidences(tmp_path, code, text) == ["proven"]


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        ('try(var.x.ranges, ["0.0.0.0/0"])', ""),
        ('[try(var.x.range, "0.0.0.0/0")]', ""),
        ("var.x.ranges", " if var.x holds the internet"),
    ],
)
def test_an_input_holds_what_it_is_and_not_what_stands_in_for_it(
    tmp_path: Path, ranges: str, told: str
) -> None:
    write(tmp_path, {"main.tf": 'variable "x" {}\n' + GROUP.replace("RANGES", ranges)})
    [finding] = scan(".", "--select", "SG001", cwd=tmp_path).report["findings"]
    assert finding["message"] == f"SSH (tcp 22) may be open to the internet{told}"
