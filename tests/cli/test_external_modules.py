"""Findings inside modules that ``terraform init`` has installed: whose line they are shown at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import Run, scan, write

MODULE = ".terraform/modules/web"
MANIFEST = json.dumps(
    {
        "Modules": [
            {"Key": "", "Dir": "."},
            {"Key": "web", "Source": "example/web/aws", "Dir": MODULE},
        ]
    }
)
MAIN = """\
locals {
  wide = "0.0.0.0/0"
}

module "web" {
  source = "example/web/aws"
  cidr   = "${local.wide}"
}
"""
WEB = """\
variable "cidr" {}

variable "port" {
  default = 22
}

resource "aws_security_group" "web" {
  description = "web"

  ingress {
    from_port   = var.port
    to_port     = var.port
    protocol    = "tcp"
    cidr_blocks = ["${substr(var.cidr, 0, 7)}/0"]
  }
}

resource "aws_security_group" "all" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

output "ami" {
  value = "ami-0123456789abcdef0"
}
"""
FILES = {
    "main.tf": MAIN,
    ".terraform/modules/modules.json": MANIFEST,
    f"{MODULE}/main.tf": WEB,
}


def ssh(folder: Path, *arguments: str) -> Run:
    return scan(".", "--select", "SG001", *arguments, cwd=folder)


def test_they_are_attributed_to_the_argument_or_the_call_that_causes_them(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    ended = ssh(tmp_path)
    assert ended.found == [("SG001", "main.tf", 5), ("SG001", "main.tf", 7)]
    header, argument = ended.report["findings"]
    assert header["resource"] == "module.web.aws_security_group.all"
    assert [(e["path"], e["line"], e["message"]) for e in header["evidence"]] == [
        (
            f"{MODULE}/main.tf",
            23,
            "module.web.aws_security_group.all.ingress[0].cidr_blocks is written here",
        ),
        (
            f"{MODULE}/main.tf",
            18,
            "assumed: something has the group that is not declared here",
        ),
    ]
    assert argument["resource"] == "module.web.aws_security_group.web"
    inside = argument["evidence"][0]
    assert (inside["path"], inside["line"]) == (f"{MODULE}/main.tf", 14)
    assert ("main.tf", 5) in {(e["path"], e["line"]) for e in argument["evidence"]}


def test_they_can_be_reported_where_they_are(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    ended = ssh(tmp_path, "--external-modules", "report")
    assert ended.found == [
        ("SG001", f"{MODULE}/main.tf", 14),
        ("SG001", f"{MODULE}/main.tf", 23),
    ]


def test_they_can_be_left_out_but_for_what_is_written_in_ones_own_code(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert ssh(tmp_path, "--external-modules", "ignore").found == []
    through = WEB.replace('"${substr(var.cidr, 0, 7)}/0"', "var.cidr")
    write(tmp_path, {f"{MODULE}/main.tf": through})
    assert ssh(tmp_path, "--external-modules", "ignore").found == [("SG001", "main.tf", 2)]


@pytest.mark.parametrize("how", ["report", "attribute"])
def test_the_same_findings_have_the_same_fingerprints(tmp_path: Path, how: str) -> None:
    write(tmp_path, FILES)
    prints = {f["fingerprint"] for f in ssh(tmp_path).report["findings"]}
    other = ssh(tmp_path, "--external-modules", how).report["findings"]
    assert {f["fingerprint"] for f in other} == prints
    assert len(prints) == 2


def test_a_module_called_by_such_a_module_is_the_call_s_too(tmp_path: Path) -> None:
    inner = f"{MODULE}/modules/group"
    write(
        tmp_path,
        {
            **FILES,
            f"{MODULE}/main.tf": 'variable "cidr" {}\n'
            'module "group" {\n  source = "./modules/group"\n  cidr = var.cidr\n}\n',
            f"{inner}/main.tf": WEB,
        },
    )
    assert ssh(tmp_path).found == [("SG001", "main.tf", 5), ("SG001", "main.tf", 7)]


def test_a_comment_at_the_call_or_in_the_module_suppresses_them(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    commented = MAIN.replace("module ", "# ec2lint:ignore=SG001 known\nmodule ")
    write(tmp_path, {"main.tf": commented})
    assert [f["status"] for f in ssh(tmp_path).report["findings"]] == ["suppressed"] * 2
    inside = WEB.replace(
        '    cidr_blocks = ["0.0.0.0/0"]',
        '    cidr_blocks = ["0.0.0.0/0"] # ec2lint:ignore=SG001 ok',
    )
    write(tmp_path, {"main.tf": MAIN, f"{MODULE}/main.tf": inside})
    assert [f["status"] for f in ssh(tmp_path).report["findings"]] == ["suppressed", "fail"]


def test_local_modules_are_ones_own_code(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"main.tf": MAIN.replace("example/web/aws", "./web"), "web/main.tf": WEB},
    )
    assert ssh(tmp_path).found == [("SG001", "web/main.tf", 14), ("SG001", "web/main.tf", 23)]
