"""What is marked is not told, element by element; what is not marked is."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
from tests.answers.values.terraform_cases import values_of

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.values import evaluate
from iac_ec2lint.report.answers import values_text

SENSITIVE = {"$concealed": "(sensitive value)"}
EPHEMERAL = {"$concealed": "(ephemeral value)"}

MAIN = """\
variable "password" {
  default   = "hunter2"
  sensitive = true
}
variable "session" {
  default   = "passing"
  ephemeral = true
}
variable "hosts" {
  type      = list(string)
  sensitive = true
}
variable "pin" {
  type      = number
  sensitive = true
}
variable "size" {}
locals {
  login   = { user = "root", password = var.password, sessions = [var.session, "none"] }
  names   = keys(local.login)
  count   = length(local.login.sessions)
  hosts   = length(var.hosts)
  first   = var.hosts[0]
  mixed   = toset([var.password, "b"])
  large   = var.size == "l" ? var.password : "small"
  short   = var.size == "l" ? [1, 2] : [3]
  both    = "${var.password}${var.session}"
  hash    = md5(var.password)
  shown   = nonsensitive(sha256(var.password))
  kept    = ephemeralasnull(local.login)
  unset   = [var.hosts, var.size]
  pin     = var.pin + 1
}
resource "aws_instance" "web" {
  ami       = "ami-1"
  user_data = "echo ${var.password}"
  tags      = { Name = "web", Token = var.password }
  dynamic "ebs_block_device" {
    for_each = sensitive([var.size])
    content {
      device_name = "/dev/sdb"
    }
  }
  metadata_options {
    http_tokens = var.session
  }
}
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::${var.password}/*"]
  }
}
output "login" {
  value = local.login
}
output "policy" {
  value = data.aws_iam_policy_document.p.json
}
output "size" {
  value     = "large"
  sensitive = true
}
"""
GIVEN = (("hosts", '["db.example.org"]'), ("pin", "271828"))
SECRETS = ("hunter2", "passing", "db.example.org", "27182", "L2V0Y")


def told(folder: Path) -> dict[str, Any]:
    (folder / "main.tf").write_text(MAIN, encoding="utf-8")
    found, errors = values_of(folder, everything=True, variables=GIVEN)
    assert errors == []
    return found


def test_marked_elements_are_concealed_where_they_stand(tmp_path: Path) -> None:
    found = told(tmp_path)
    known = {name: shown["value"] for name, shown in found.items() if "value" in shown}
    assert known["var.password"] == SENSITIVE
    assert known["var.session"] == EPHEMERAL
    assert known["local.login"] == {
        "user": "root",
        "password": SENSITIVE,
        "sessions": [EPHEMERAL, "none"],
    }
    assert known["output.login"] == known["local.login"]
    assert known["local.names"] == ["password", "sessions", "user"]
    assert known["local.count"] == 2
    for name in ("hosts", "first", "mixed", "both", "hash", "pin"):
        assert known[f"local.{name}"] == SENSITIVE, name
    assert known["local.shown"].startswith("f52fbd32b2b3b86f")
    assert known["local.kept"] == {
        "user": "root",
        "password": SENSITIVE,
        "sessions": [None, "none"],
    }
    assert known["local.unset"] == [SENSITIVE, {"$unknown": "var.size has no value"}]
    assert known["output.size"] == SENSITIVE
    assert known["output.policy"] == SENSITIVE


def test_arguments_and_blocks_are_told_as_far_as_they_may_be(tmp_path: Path) -> None:
    found = told(tmp_path)
    arguments = {
        name.removeprefix("aws_instance.web."): shown["value"]
        for name, shown in found.items()
        if name.startswith("aws_instance.web.")
    }
    assert arguments == {
        "ami": "ami-1",
        "user_data": SENSITIVE,
        "tags": {"Name": "web", "Token": SENSITIVE},
        "ebs_block_device": [{"device_name": SENSITIVE}],
        "metadata_options": [{"http_tokens": EPHEMERAL}],
    }


def test_what_is_undecided_tells_no_candidate_that_is_marked(tmp_path: Path) -> None:
    found = told(tmp_path)
    assert found["local.large"]["unknown"] == "var.size has no value"
    assert found["local.large"]["candidates"] == []
    assert found["local.short"]["candidates"] == [[1, 2], [3]]


def test_no_format_holds_what_is_marked_and_the_schema_fits(tmp_path: Path) -> None:
    found = told(tmp_path)
    schema = json.loads(
        files("iac_ec2lint.report.answers").joinpath("values.schema.json").read_text()
    )
    document = {
        "version": 1,
        "units": [{"path": ".", "kind": "root-module", "values": found}],
        "stated": [],
    }
    jsonschema.validate(document, schema)
    written = json.dumps(document)
    assert "(sensitive value)" in written
    inputs = Inputs(paths=(tmp_path,), working=tmp_path, boundary=tmp_path, variables=GIVEN)
    text = values_text.render(evaluate(inputs, everything=True).units)
    assert "    password = (sensitive value)\n" in text
    assert '    sessions = [(ephemeral value), "none"]\n' in text
    for secret in SECRETS:
        assert secret not in written
        assert secret not in text


def test_a_part_of_what_is_marked_is_marked(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MAIN, encoding="utf-8")
    asked = ("var.hosts[0]", "local.login.password", "local.login.user", "local.login.sessions[0]")
    inputs = Inputs(paths=(tmp_path,), working=tmp_path, boundary=tmp_path, variables=GIVEN)
    valuation = evaluate(inputs, asked)
    assert valuation.unmatched == {}
    shown = {e.name: e.shown["value"] for e in valuation.units[0].entries if e.name in asked}
    assert shown == {
        "var.hosts[0]": SENSITIVE,
        "local.login.password": SENSITIVE,
        "local.login.user": "root",
        "local.login.sessions[0]": EPHEMERAL,
    }


def test_errors_and_reasons_do_not_quote_it(tmp_path: Path) -> None:
    text = """\
variable "key" {
  default   = "hunter2"
  sensitive = true
}
locals {
  bad  = [for x in [var.key] : tomap({})[nonsensitive(x)]]
  part = { a = try({}[nonsensitive(var.key)], 1) }
}
"""
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    found, errors = values_of(tmp_path)
    said = 'there is no element with the key "(sensitive value)"'
    assert found["local.bad"]["error"] == said
    assert errors == [said]
    assert found["local.part"]["value"] == {"a": 1}
