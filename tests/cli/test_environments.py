"""The files of values that a root module is deployed with: each is judged, and any other is too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.program import run, scan, write

if TYPE_CHECKING:
    from pathlib import Path

MAIN = """\
variable "admin" {DEFAULT}
variable "name" {
  default = "web"
}
resource "aws_security_group" "g" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.admin]
  }
}
"""
UNSET = MAIN.replace("DEFAULT", "")
OPEN = 'admin = "0.0.0.0/0"\n'
CLOSED = 'admin = "10.0.0.0/8"\n'


def by_default(value: str) -> str:
    return MAIN.replace("DEFAULT", f'\n  default = "{value}"\n')


def found(tmp_path: Path, files: dict[str, str], *more: str) -> list[dict[str, Any]]:
    write(tmp_path, files)
    report = scan(".", "--select", "SG001", *more, cwd=tmp_path).report
    assert report["errors"] == []
    findings: list[dict[str, Any]] = report["findings"]
    return findings


def test_what_one_environment_breaks_fails_under_that_condition(tmp_path: Path) -> None:
    files = {"main.tf": UNSET, "env/dev.tfvars": CLOSED, "env/prod.tfvars": f"\n{OPEN}"}
    [finding] = found(tmp_path, files)
    assert finding["status"] == "fail"
    assert finding["when"] == "deployed with env/prod.tfvars"
    assert (finding["path"], finding["line"]) == ("env/prod.tfvars", 2)


def test_what_several_break_at_one_place_is_said_once(tmp_path: Path) -> None:
    twice = by_default("10.0.0.0/8").replace(
        "var.admin]", 'var.name == "web" ? var.admin : "::/0"]'
    )
    files = {"main.tf": twice, "dev.tfvars": 'name = "a"\n', "prod.tfvars": 'name = "b"\n'}
    [finding] = found(tmp_path, files)
    assert finding["when"] == "deployed with dev.tfvars or prod.tfvars"


def test_what_several_files_say_alike_is_one_finding(tmp_path: Path) -> None:
    files = {"main.tf": UNSET, "a.tfvars": OPEN, "b.tfvars": CLOSED, "c.tfvars": f"\n{OPEN}"}
    [finding] = found(tmp_path, files)
    assert finding["when"] == "deployed with a.tfvars or c.tfvars"
    assert ("c.tfvars", 2) in {(hop["path"], hop["line"]) for hop in finding["evidence"]}
    known = found(tmp_path, {"main.tf": by_default("0.0.0.0/0")})
    assert [one["when"] for one in known] == [None]


def test_any_other_environment_stays_undecided(tmp_path: Path) -> None:
    files = {"main.tf": UNSET, "dev/terraform.tfvars": CLOSED, "prod/terraform.tfvars": CLOSED}
    [finding] = found(tmp_path, files)
    assert finding["status"] == "undecided"
    words = "dev/terraform.tfvars or prod/terraform.tfvars is what it is deployed with"
    assert finding["missing"] == [f"safe if {words}"]
    assert [one["key"] for one in finding["inputs"]] == ["var.admin"]
    ended = run("scan", ".", "--select", "SG001", "--fail-on-undecided", "high", cwd=tmp_path)
    assert ended.status == 1


@pytest.mark.parametrize("value", ["0.0.0.0/0", "10.0.0.0/8"])
def test_what_fails_by_default_fails_as_before(tmp_path: Path, value: str) -> None:
    before = found(tmp_path, {"main.tf": by_default(value)})
    after = found(tmp_path, {"dev.tfvars": CLOSED, "prod.tfvars": CLOSED})
    assert after == before
    worse = found(tmp_path, {"prod.tfvars": OPEN})
    more = [] if before else ["deployed with prod.tfvars"]
    assert [one["when"] for one in worse if one not in before] == more
    assert [one for one in worse if one in before] == before


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"main.tf": UNSET}, "prod.tfvars"),
        ({"main.tf": UNSET, "backend.tfvars": 'bucket = "b"\n'}, "env/prod.tfvars"),
        ({"net/main.tf": UNSET}, "env/prod.tfvars"),
        ({"net/main.tf": UNSET, "app/main.tf": "", "app/a.tfvars": ""}, "env/net/terraform.tfvars"),
    ],
    ids=["beside", "of other names besides", "above", "above several"],
)
def test_one_file_of_values_is_judged_too(tmp_path: Path, files: dict[str, str], name: str) -> None:
    [finding] = found(tmp_path, {**files, name: OPEN})
    assert (finding["status"], finding["when"]) == ("fail", f"deployed with {name}")
    [finding] = found(tmp_path, {name: CLOSED})
    assert finding["missing"] == [f"safe if {name} is what it is deployed with"]


def test_values_as_json(tmp_path: Path) -> None:
    [finding] = found(tmp_path, {"main.tf": UNSET, "prod.tfvars.json": '{"admin": "0.0.0.0/0"}'})
    assert (finding["path"], finding["when"]) == (
        "prod.tfvars.json",
        "deployed with prod.tfvars.json",
    )


@pytest.mark.parametrize(
    "files",
    [
        {"x/main.tf": "", "x/prod.tfvars": OPEN},
        {"example.tfvars": OPEN},
        {"terraform.template.tfvars": OPEN},
        {"samples/a.tfvars": OPEN},
        {"tests/a.tfvars": OPEN},
        {"prod.tfvars": "admin ="},
        {".hidden/prod.tfvars": OPEN},
        {"prod.tfvars": f"{OPEN}a = 1\nb = 1\n"},
    ],
    ids=[
        "a module's own",
        "example",
        "to copy",
        "sample",
        "test",
        "broken",
        "hidden",
        "other names",
    ],
)
def test_files_that_are_no_environments(tmp_path: Path, files: dict[str, str]) -> None:
    [*_, name] = files
    assert skipped(tmp_path, {"main.tf": UNSET, **files}) == (["undecided"], [name])


def test_one_that_several_roots_may_take_is_none(tmp_path: Path) -> None:
    files = {"a/main.tf": UNSET, "b/main.tf": UNSET, "env/prod.tfvars": OPEN}
    assert skipped(tmp_path, files) == (["undecided"] * 2, ["env/prod.tfvars"])
    more = {"a/main.tf": f'{UNSET}variable "b" {{}}\n', "env/prod.tfvars": f"{OPEN}b = 1\n"}
    assert skipped(tmp_path, more) == (["fail", "undecided"], [])
    more = {"env/prod.tfvars": f"{OPEN}b = 1\nc = 1\n"}
    assert skipped(tmp_path, more) == (["undecided"] * 2, ["env/prod.tfvars"])


def test_none_where_one_is_named(tmp_path: Path) -> None:
    files = {"main.tf": UNSET, "prod.tfvars": OPEN, "dev.tfvars": CLOSED}
    assert skipped(tmp_path, files, "--var-file", "dev.tfvars") == ([], ["prod.tfvars"])


def skipped(tmp_path: Path, files: dict[str, str], *arguments: str) -> tuple[list[str], list[str]]:
    """The statuses of what is found, and the files that are passed over."""
    write(tmp_path, files)
    report = scan(".", "--select", "SG001", *arguments, cwd=tmp_path).report
    left = [one["path"] for one in report["summary"]["files"]["skipped"]]
    return sorted(one["status"] for one in report["findings"]), left


def test_what_is_beyond_the_bound_is_passed_over_and_listed(tmp_path: Path) -> None:
    files = {f"env/e{at:02}.tfvars": CLOSED for at in range(8)}
    write(tmp_path, {"main.tf": UNSET, **files, "env/last.tfvars": OPEN})
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    assert [one["status"] for one in report["findings"]] == ["undecided"]
    assert [one["path"] for one in report["summary"]["files"]["skipped"]] == ["env/last.tfvars"]
