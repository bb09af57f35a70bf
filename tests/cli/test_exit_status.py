"""What the exit status says: 0 clean, 1 findings, 2 wrong use, 3 not everything was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import (
    OPEN_SSH,
    PLAIN_VOLUME,
    SAFE_VOLUME,
    run,
    run_process,
    scan,
    write,
)

BROKEN = 'resource "aws_vpc" "broken" {\n'
MISSING_LOCAL_MODULE = 'module "net" {\n  source = "./gone"\n}\n'
REGISTRY_MODULE = 'module "net" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'


def test_nothing_found_is_0(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME})
    assert run(".", "--select", "DATA001", cwd=tmp_path).status == 0


def test_findings_are_1(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    assert run(".", cwd=tmp_path).status == 1


@pytest.mark.slow
def test_the_process_leaves_with_that_status(tmp_path: Path) -> None:
    write(tmp_path, {"bad/main.tf": PLAIN_VOLUME, "broken/main.tf": BROKEN})
    assert run_process("bad", cwd=tmp_path).status == 1
    assert run_process("broken", cwd=tmp_path).status == 3
    assert run_process("missing", cwd=tmp_path).status == 2


def test_exit_zero_reports_and_is_0(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME, "broken.tf": BROKEN})
    ended = scan(".", "--exit-zero", cwd=tmp_path)
    assert ended.status == 0
    assert ("DATA001", "main.tf", 4) in ended.found
    assert [error["path"] for error in ended.errors] == ["broken.tf"]


def test_exit_zero_does_not_excuse_wrong_use(tmp_path: Path) -> None:
    assert run("--exit-zero", "missing", cwd=tmp_path).status == 2


@pytest.mark.parametrize(
    ("fail_on", "status"), [("critical", 0), ("high", 1), ("medium", 1), ("low", 1), ("info", 1)]
)
def test_fail_on_draws_the_line_at_its_severity(tmp_path: Path, fail_on: str, status: int) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})  # high
    ended = scan(".", "--select", "DATA001", "--fail-on", fail_on, cwd=tmp_path)
    assert ended.status == status
    assert ended.found == [("DATA001", "main.tf", 4)], "what is reported does not hang on it"


def test_low_findings_are_shown_and_do_not_fail_by_default(tmp_path: Path) -> None:
    text = OPEN_SSH.replace("ingress", "egress").replace("22", "0").replace('"tcp"', '"-1"')
    write(tmp_path, {"main.tf": text})
    ended = scan(".", "--select", "SG012", cwd=tmp_path)
    assert [check for check, _, _ in ended.found] == ["SG012"]
    assert ended.status == 0
    assert run(".", "--select", "SG012", "--fail-on", "low", cwd=tmp_path).status == 1


def test_undecided_findings_fail_only_if_strict(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", "var.on")})
    relaxed = scan(".", "--select", "DATA001", cwd=tmp_path)
    assert relaxed.status == 0
    assert [finding["status"] for finding in relaxed.report["findings"]] == ["undecided"]
    assert run(".", "--select", "DATA001", "--strict", cwd=tmp_path).status == 1


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--fail-on-undecided", "critical"), 0),
        (("--fail-on-undecided", "high"), 1),
        (("--fail-on-undecided", "low"), 1),
        (("--fail-on", "critical", "--fail-on-undecided", "high"), 1),
        (("--fail-on", "critical", "--strict"), 0),
        (("--fail-on", "critical", "--strict", "--fail-on-undecided", "high"), 1),
    ],
)
def test_undecided_findings_fail_from_the_severity_that_they_would_have(
    options: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    write(tmp_path, {"main.tf": 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", "var.on")})
    ended = run(".", "--select", "DATA001", *options, cwd=tmp_path)
    assert ended.status == status
    assert ended.out.startswith("1 undecided that would be high (--show-undecided lists them)\n")
    fails = "1, of which 1 fails the run (--"
    assert (fails in ended.out) is (status == 1)


def test_a_file_that_cannot_be_parsed_is_3_whatever_was_found(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME, "broken.tf": BROKEN})
    ended = scan(".", cwd=tmp_path)
    assert ended.status == 3
    assert ("DATA001", "main.tf", 4) in ended.found


def test_a_local_module_that_is_not_there_is_3(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": MISSING_LOCAL_MODULE})
    ended = scan(".", cwd=tmp_path)
    assert ended.status == 3
    assert [(error["path"], error["line"]) for error in ended.errors] == [("main.tf", 2)]


def test_a_registry_module_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": REGISTRY_MODULE + SAFE_VOLUME})
    ended = scan(".", "--select", "DATA001", cwd=tmp_path)
    assert ended.status == 0
    assert ended.errors == []
    assert ended.report["summary"]["modules_unavailable"] == ["terraform-aws-modules/vpc/aws"]


def test_require_modules_makes_it_3(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": REGISTRY_MODULE + SAFE_VOLUME})
    ended = scan(".", "--require-modules", "--select", "DATA001", cwd=tmp_path)
    assert ended.status == 3
    [error] = ended.errors
    assert (error["path"], error["line"]) == ("main.tf", 2)
    assert "terraform-aws-modules/vpc/aws" in error["message"]


@pytest.mark.parametrize("files", [{}, {"notes.md": "nothing"}, {"values.yaml": "a: 1\n"}], ids=str)
def test_nothing_to_scan_is_3_unless_allowed(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, files)
    ended = scan(".", cwd=tmp_path)
    assert ended.status == 3
    [error] = ended.errors
    assert "nothing to scan" in error["message"]
    assert run(".", "--allow-empty", cwd=tmp_path).status == 0


def test_no_path_at_all(tmp_path: Path) -> None:
    ended = run("scan", cwd=tmp_path)
    assert ended.status == 2
    assert "PATH" in ended.err
    assert run("scan", "--allow-empty", cwd=tmp_path).status == 0, "a hook without files"


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["missing"], "'missing'"),
        (["missing.tf"], "'missing.tf'"),
        ([".", "--format", "pdf"], "'pdf'"),
        ([".", "--fail-on", "huge"], "'huge'"),
        ([".", "--select", "SG999"], "'SG999'"),
        ([".", "--select", "SG001,SG999"], "'SG999'"),
        ([".", "--ignore", "nonsense"], "'nonsense'"),
        ([".", "--frobnicate"], "--frobnicate"),
        ([".", "--output", "report.pdf"], "'report.pdf'"),
        ([".", "--output", "pdf=report"], "'pdf=report'"),
        ([".", "--output", "json=no/such/folder/report"], "no/such/folder/report"),
        ([".", "--checks", "nowhere"], "'nowhere'"),
        ([".", "--boundary", "nowhere"], "'nowhere'"),
        ([".", "--var-file", "nowhere.tfvars"], "'nowhere.tfvars'"),
        ([".", "--var", "novalue"], "'novalue'"),
        ([".", "--var", "on = true"], "'on = true'"),  # as Terraform: a name ends in no space
        ([".", "--jobs", "-1"], "-1"),
        ([".", "--jobs", "many"], "'many'"),
        ([".", "--hcl-parser", "guess"], "'guess'"),
        (["explain", "SG999"], "'SG999'"),
        (["explain"], "CODE"),
        (["checks", "--checks", "nowhere"], "'nowhere'"),
    ],
    ids=str,
)
def test_wrong_use_is_2_and_names_the_culprit(
    tmp_path: Path, arguments: list[str], culprit: str
) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME})
    ended = run(*arguments, cwd=tmp_path)
    assert ended.status == 2
    assert culprit in ended.err
    assert ended.out == ""


def test_a_path_outside_the_boundary_is_wrong_use(tmp_path: Path) -> None:
    write(tmp_path, {"in/main.tf": SAFE_VOLUME, "out/main.tf": SAFE_VOLUME})
    ended = run("in", "out", "--boundary", "in", cwd=tmp_path)
    assert ended.status == 2
    assert "out" in ended.err


def test_a_bad_var_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, "given.tfvars": "size = [\n"})
    ended = scan(".", "--var-file", "given.tfvars", cwd=tmp_path)
    assert ended.status == 3
    assert {error["path"] for error in ended.errors} == {"given.tfvars"}


def test_the_summary_accounts_for_every_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": SAFE_VOLUME,
            "broken.tf": BROKEN,
            "terraform.tfvars": "",
            "other.tfvars": "",
            "latin.tf": b"# caf\xe9\n",
        },
    )
    ended = scan(".", cwd=tmp_path)
    files = ended.report["summary"]["files"]
    skipped = {skip["path"]: skip["reason"] for skip in files["skipped"]}
    assert files["found"] == files["parsed"] + files["partial"] + len(skipped) == 5
    assert files["partial"] == 1
    assert "UTF-8" in skipped["latin.tf"]
    assert "--var-file" in skipped["other.tfvars"]


def test_the_text_summary_says_that_the_scan_is_incomplete(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, "broken.tf": BROKEN})
    ended = run(".", cwd=tmp_path)
    assert ended.status == 3
    assert "broken.tf" in ended.out


def test_a_configuration_of_terragrunt_that_deploys_nothing_here_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, "live/terragrunt.hcl": "inputs = {}\n"})
    ended = scan(".", "--select", "DATA001", cwd=tmp_path)
    assert ended.status == 0
    (skipped,) = ended.report["summary"]["files"]["skipped"]
    assert skipped["path"] == "live/terragrunt.hcl"
    assert "deploy" in skipped["reason"]


def test_nothing_but_terragrunt_is_3(tmp_path: Path) -> None:
    write(tmp_path, {"terragrunt.hcl": "inputs = {}\n"})
    assert run(".", cwd=tmp_path).status == 3
    assert run(".", "--allow-empty", cwd=tmp_path).status == 0
