"""Outputs that another root module of the scan writes to the state that is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import run, scan, write

BUCKET = """\
terraform {
  backend "s3" {
    bucket = "states"
    key    = "net/terraform.tfstate"
    region = "eu-west-1"
  }
}
"""
NETWORK = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

output "subnet" { value = aws_subnet.public.id }
output "office" { value = "10.1.0.0/16" }
output "world" { value = "0.0.0.0/0" }
"""
READ = """\
data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "net/terraform.tfstate"
    region = "eu-west-1"
  }
}
"""


def app(output: str, read: str = READ) -> str:
    return f"""\
{read}
resource "aws_security_group" "admin" {{
  description = "for administration"

  ingress {{
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [data.terraform_remote_state.net.outputs.{output}]
  }}
}}

resource "aws_instance" "host" {{
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = data.terraform_remote_state.net.outputs.subnet
  vpc_security_group_ids = [aws_security_group.admin.id]
}}
"""


def found(folder: Path, files: dict[str, str], select: str = "SG001") -> list[dict[str, Any]]:
    write(folder, files)
    arguments = (".", "--select", select, "--show-undecided")
    findings: list[dict[str, Any]] = scan(*arguments, cwd=folder).report["findings"]
    return findings


def test_a_failure_that_only_the_other_root_module_shows(tmp_path: Path) -> None:
    files = {"net/main.tf": BUCKET + NETWORK, "app/main.tf": app("world")}
    (one,) = found(tmp_path, files)
    assert (one["status"], one["confidence"]) == ("fail", "assumed")
    assert (one["path"], one["line"]) == ("net/main.tf", 20)
    told = {(hop["message"], hop["path"], hop["line"]) for hop in one["evidence"]}
    words = "assumed: data.terraform_remote_state.net is the state of the root module net"
    assert (words, "app/main.tf", 1) in told


def test_resources_of_the_other_root_module_are_known(tmp_path: Path) -> None:
    files = {"net/main.tf": BUCKET + NETWORK, "app/main.tf": app("office")}
    (one,) = found(tmp_path, files, "NET001")
    assert (one["status"], one["resource"]) == ("fail", "aws_instance.host")
    assert "../net:aws_subnet.public has map_public_ip_on_launch true" in [
        hop["message"] for hop in one["evidence"]
    ]


def test_what_only_it_makes_safe_stays_undecided_and_says_so(tmp_path: Path) -> None:
    files = {"net/main.tf": BUCKET + NETWORK, "app/main.tf": app("office")}
    (one,) = found(tmp_path, files)
    assert (one["status"], one["path"], one["line"]) == ("undecided", "app/main.tf", 18)
    assert one["missing"] == ["safe if net/main.tf:2 is what is deployed"]
    hops = [(hop["path"], hop["line"]) for hop in one["evidence"]]
    assert ("net/main.tf", 19) in hops  # the output itself
    for strict in (("--strict", "--fail-on", "low"), ("--fail-on-undecided", "low")):
        assert scan(".", "--select", "SG001", *strict, cwd=tmp_path).status == 1


def test_it_hides_nothing_that_fails_without_it(tmp_path: Path) -> None:
    wide = app("office").replace("[data.t", '["0.0.0.0/0", data.t')
    files = {"net/main.tf": BUCKET + NETWORK, "app/main.tf": wide}
    alone = found(tmp_path / "alone", {"app/main.tf": wide})
    both = found(tmp_path / "both", files)
    assert [one["status"] for one in alone] == [one["status"] for one in both] == ["fail"]


def test_several_that_write_one_state_decide_nothing_and_are_named(tmp_path: Path) -> None:
    files = {
        "net/main.tf": BUCKET + NETWORK,
        "copy/main.tf": BUCKET + NETWORK,
        "app/main.tf": app("world"),
    }
    (one,) = found(tmp_path, files)
    assert one["status"] == "undecided"
    (note,) = scan(".", "--select", "SG001", cwd=tmp_path).report["notes"]
    assert (note["name"], note["path"], note["line"]) == ("several-may-be-meant", "app/main.tf", 1)
    assert "may be the state of copy or the state of net;" in note["message"]


LOCAL = (
    'data "terraform_remote_state" "net" {\n  backend = "local"\n  config = { path = "%s" }\n}\n'
)
REMOTE = """\
data "terraform_remote_state" "net" {
  backend = "remote"
  config = {
    organization = "acme"
    workspaces = { name = "net" }
  }
}
"""
TAGS = (
    'terraform {\n  cloud {\n    organization = "acme"\n    workspaces { tags = ["net"] }\n  }\n}\n'
)
CLOUD = (
    'terraform {\n  cloud {\n    organization = "acme"\n    workspaces { name = "net" }\n  }\n}\n'
)


@pytest.mark.parametrize(
    ("backend", "read"),
    [
        ("", LOCAL % "../net/terraform.tfstate"),
        ('terraform {\n  backend "local" { path = "x.tfstate" }\n}\n', LOCAL % "../net/x.tfstate"),
        (CLOUD, REMOTE),
        (BUCKET, READ.replace("config = {", 'workspace = "default"\n  config = {')),
        (
            BUCKET,
            READ.replace('"net/terraform.tfstate"', '"${local.n}/terraform.tfstate"')
            + 'locals { n = "net" }\n',
        ),
    ],
    ids=["local", "local-path", "cloud", "workspace", "computed"],
)
def test_states_that_are_the_same(tmp_path: Path, backend: str, read: str) -> None:
    files = {"net/main.tf": backend + NETWORK, "app/main.tf": app("world", read)}
    assert [one["status"] for one in found(tmp_path, files)] == ["fail"]


@pytest.mark.parametrize(
    ("backend", "read"),
    [
        ('terraform {\n  backend "s3" {}\n}\n', READ),
        (BUCKET.replace('    key    = "net/terraform.tfstate"\n', ""), READ),
        (BUCKET.replace("net/", "other/"), READ),
        (BUCKET.replace('"states"', '"states-of-others"'), READ),
        (BUCKET, READ.replace('"states"', "var.bucket") + 'variable "bucket" {}\n'),
        (BUCKET.replace("region ", 'workspace_key_prefix = "x"\n    region '), READ),
        ("", READ),
        (BUCKET, LOCAL % "../net/terraform.tfstate"),
        ("", LOCAL % "../../elsewhere/terraform.tfstate"),
        (TAGS, REMOTE),
    ],
    ids=[
        "partial",
        "without-key",
        "key",
        "bucket",
        "variable",
        "prefix",
        "local",
        "bucket-by-path",
        "outside",
        "tags",
    ],
)
def test_states_that_are_not_known_to_be_the_same(tmp_path: Path, backend: str, read: str) -> None:
    files = {"net/main.tf": backend + NETWORK, "app/main.tf": app("world", read)}
    (one,) = found(tmp_path, files)
    assert one["status"] == "undecided"
    assert not any(reason.startswith("safe if") for reason in one["missing"])


def test_an_output_that_there_is_not_stays_unknown(tmp_path: Path) -> None:
    files = {"net/main.tf": BUCKET + NETWORK, "app/main.tf": app("missing")}
    (one,) = found(tmp_path, files)
    assert (one["status"], scan(".", cwd=tmp_path).errors) == ("undecided", [])


def test_a_sensitive_output_is_not_read(tmp_path: Path) -> None:
    secret = NETWORK.replace('value = "0.0.0.0/0"', 'value = "0.0.0.0/0"\n  sensitive = true\n')
    secret = secret.replace('{ value = "0.0', '{\n  value = "0.0')
    files = {"net/main.tf": BUCKET + secret, "app/main.tf": app("world")}
    assert [one["status"] for one in found(tmp_path, files)] == ["undecided"]


def test_the_workspace_is_that_which_is_read(tmp_path: Path) -> None:
    chosen = 'output "range" { value = terraform.workspace == "prod" ? "0.0.0.0/0" : "10.0.0.0/8" }'
    read = READ.replace("config = {", 'workspace = "prod"\n  config = {')
    files = {"net/main.tf": BUCKET + NETWORK + chosen, "app/main.tf": app("range", read)}
    assert [one["status"] for one in found(tmp_path / "prod", files)] == ["fail"]
    files["app/main.tf"] = app("range")
    (one,) = found(tmp_path / "default", files)
    assert one["missing"] == ["safe if net/main.tf:2 is what is deployed"]


def test_root_modules_that_read_one_another(tmp_path: Path) -> None:
    def one(name: str, other: str) -> str:
        own = BUCKET.replace("net/", f"{name}/")
        again = "data.terraform_remote_state.net.outputs.office"
        read = READ.replace("net/t", f"{other}/t")
        return f'{own}{app("office", read)}output "office" {{ value = {again} }}\n'

    files = {"a/main.tf": one("a", "b"), "b/main.tf": one("b", "a")}
    assert {f["status"] for f in found(tmp_path, files)} == {"undecided"}
    assert scan(".", cwd=tmp_path).errors == []


def test_a_state_that_reads_a_third_one(tmp_path: Path) -> None:
    middle = (
        BUCKET.replace("net/", "middle/")
        + READ
        + (
            'output "world" { value = data.terraform_remote_state.net.outputs.world }\n'
            'output "subnet" { value = data.terraform_remote_state.net.outputs.subnet }\n'
        )
    )
    files = {
        "net/main.tf": BUCKET + NETWORK,
        "middle/main.tf": middle,
        "app/main.tf": app("world", READ.replace("net/", "middle/")),
    }
    both = found(tmp_path, files, "SG001,NET001")
    assert [(one["check"], one["status"]) for one in both] == [
        ("NET001", "fail"),
        ("SG001", "fail"),
    ]


def test_workers_change_nothing(tmp_path: Path) -> None:
    files = {
        "net/main.tf": BUCKET + NETWORK,
        "app/main.tf": app("world"),
        "b/main.tf": app("office"),
    }
    write(tmp_path, files)
    arguments = (".", "--select", "ALL", "--show-undecided", "--jobs")
    assert scan(*arguments, "1", cwd=tmp_path).out == scan(*arguments, "2", cwd=tmp_path).out


def test_values_answers_with_what_is_joined(tmp_path: Path) -> None:
    write(tmp_path, {"net/main.tf": BUCKET + NETWORK, "app/main.tf": app("office")})
    told = run("values", ".", "aws_security_group.admin", cwd=tmp_path).out
    assert "10.1.0.0/16" in told


def test_reach_takes_no_word_of_another_root_module(tmp_path: Path) -> None:
    """What the other one says may not be what is deployed: neither a way nor that there is none."""
    for output in ("office", "world"):
        folder = tmp_path / output
        write(folder, {"net/main.tf": BUCKET + NETWORK, "app/main.tf": app(output)})
        answer = run("reach", "app", "--port", "tcp/22", "--format", "json", cwd=folder)
        (row,) = answer.report["workloads"]
        assert row["verdict"] == "undecided", output
