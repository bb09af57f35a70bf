"""Modules that a repository calls by its own address, and those whose folder a person gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import scan, write

CONFIG = """\
[core]
\trepositoryformatversion = 0
[remote "origin"]
\turl = {url}
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
\tremote = origin
"""
MODULE = """\
variable "cidrs" {
  type = list(string)
}

resource "aws_security_group" "admin" {
  description = "for administration"

  ingress {
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.cidrs
  }
}
"""
SOURCE = "git::https://github.com/acme/infra.git//modules/admin"


def call(source: str = SOURCE, cidrs: str = '["0.0.0.0/0"]') -> str:
    return f'module "admin" {{\n  source = "{source}"\n  cidrs  = {cidrs}\n}}\n'


def found(
    folder: Path, main: str, url: str = "https://github.com/acme/infra.git", *more: str
) -> list[dict[str, Any]]:
    files = {
        ".git/HEAD": "",
        ".git/config": CONFIG.format(url=url),
        "live/main.tf": main,
        "modules/admin/main.tf": MODULE,
    }
    write(folder, files)
    arguments = (".", "--select", "SG001", "--show-undecided", *more)
    findings: list[dict[str, Any]] = scan(*arguments, cwd=folder).report["findings"]
    return findings


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://github.com/acme/infra.git", SOURCE),
        ("git@github.com:acme/infra.git", SOURCE),
        ("https://x-access-token:abc@github.com/acme/infra", SOURCE),
        ("ssh://git@github.com/acme/infra.git", "github.com/acme/infra//modules/admin"),
        ("https://github.com/Acme/Infra", "git@github.com:acme/infra.git//modules/admin"),
        ("https://github.com/acme/infra", "git::ssh://git@github.com/acme/infra//modules/admin"),
    ],
)
def test_spellings_of_one_address(tmp_path: Path, url: str, source: str) -> None:
    (one,) = found(tmp_path, call(source), url)
    assert (one["status"], one["subject"]) == ("fail", "module.admin.aws_security_group.admin")
    told = {(hop["message"], hop["path"], hop["line"]) for hop in one["evidence"]}
    words = f'assumed: the module "{source}" is modules/admin as the work tree has it'
    assert (words, "live/main.tf", 1) in told


def test_a_revision_is_at_most_likely_and_told(tmp_path: Path) -> None:
    (one,) = found(tmp_path, call(f"{SOURCE}?ref=v1.2"))
    assert one["status"] == "fail"
    assert one["confidence"] in ("likely", "possible")
    assert any("though it asks for v1.2" in hop["message"] for hop in one["evidence"])


def test_what_only_the_call_makes_safe_stays_undecided_and_says_so(tmp_path: Path) -> None:
    (one,) = found(tmp_path, call(cidrs='["10.0.0.0/8"]'))
    assert (one["status"], one["path"]) == ("undecided", "modules/admin/main.tf")
    assert one["missing"] == ["safe if live/main.tf:1 is what is deployed"]
    arguments = (".", "--select", "SG001", "--fail-on-undecided", "low")
    assert scan(*arguments, cwd=tmp_path).status == 1


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://github.com/acme/other.git", SOURCE),
        ("https://gitlab.com/acme/infra.git", SOURCE),
        ("https://github.com/acme/infra.git", SOURCE.replace("modules/admin", "modules/none")),
        ("https://github.com/acme/infra.git", SOURCE.replace("modules/admin", "../outside")),
        ("https://github.com/acme/infra.git", "acme/infra/aws//modules/admin"),
        ("../infra", SOURCE),
        ("", SOURCE),
    ],
)
def test_other_addresses_are_not_on_the_disk(tmp_path: Path, url: str, source: str) -> None:
    findings = found(tmp_path, call(source), url)
    assert "fail" not in [one["status"] for one in findings if "module" in one["subject"]]
    unavailable = scan(".", cwd=tmp_path).report["summary"]["modules_unavailable"]
    assert any("acme/infra" in one for one in unavailable)


def test_a_module_that_calls_itself_by_its_address(tmp_path: Path) -> None:
    again = call(SOURCE, "var.cidrs")
    write(tmp_path, {"modules/admin/again.tf": again})
    assert {one["status"] for one in found(tmp_path, call())} == {"fail"}
    assert scan(".", cwd=tmp_path).errors == []


class TestModuleMap:
    ADDRESS = "git::https://example.com/teams/network.git"

    def test_a_person_says_where_it_lies(self, tmp_path: Path) -> None:
        main = call(f"{self.ADDRESS}//modules/admin?ref=v3")
        given = ("--module-map", f"{self.ADDRESS}=.")
        (one,) = found(tmp_path, main, "", *given)
        assert (one["status"], one["subject"]) == ("fail", "module.admin.aws_security_group.admin")

    def test_it_is_what_the_call_gets(self, tmp_path: Path) -> None:
        main = call("acme/admin/aws", '["10.0.0.0/8"]')
        given = ("--module-map", "acme/admin/aws=modules/admin")
        assert found(tmp_path, main, "", *given) == []
        report = scan(".", *given, cwd=tmp_path).report
        assert report["summary"]["modules_unavailable"] == []

    @pytest.mark.parametrize("text", ["acme/admin/aws", "acme/admin/aws=none", "=modules"])
    def test_what_is_no_folder(self, tmp_path: Path, text: str) -> None:
        write(tmp_path, {"modules/main.tf": ""})
        done = scan(".", "--module-map", text, cwd=tmp_path)
        assert done.status == 2
        assert "ADDRESS=FOLDER" in done.err
