"""Input variables, workspace and Region from the command line, and what is not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, SAFE_VOLUME, Run, run, write

BY_VARIABLE = 'variable "on" {\n  type = bool\n}\n' + PLAIN_VOLUME.replace("false", "var.on")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(
        tmp_path,
        {"main.tf": BY_VARIABLE, "off.tfvars": "on = false\n", "on.tfvars.json": '{"on": true}'},
    )


def status_of(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What becomes of the one volume: a finding's status, or "pass"."""
    ended: Run = run(
        "scan", ".", "--format", "json", "--select", "DATA001", *arguments, cwd=folder, env=env
    )
    assert ended.errors == []
    findings = ended.report["findings"]
    return findings[0]["status"] if findings else "pass"


def test_an_unset_variable_is_undecided(tmp_path: Path) -> None:
    assert status_of(write(tmp_path, {"main.tf": BY_VARIABLE})) == "undecided"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--var", "on=false"), "fail"),
        (("--var", "on=true"), "pass"),
        (("--var-file", "off.tfvars"), "fail"),
        (("--var-file", "on.tfvars.json"), "pass"),
        (("--var-file", "off.tfvars", "--var-file", "on.tfvars.json"), "pass"),
        (("--var-file", "on.tfvars.json", "--var-file", "off.tfvars"), "fail"),
        (("--var", "on=true", "--var", "on=false"), "fail"),
        (("--var-file", "off.tfvars", "--var", "on=true"), "pass"),
    ],
    ids=str,
)
def test_variables_are_set_and_the_last_one_wins(
    folder: Path, arguments: tuple[str, ...], status: str
) -> None:
    assert status_of(folder, *arguments) == status


def test_a_variable_that_nothing_declares_is_a_note(folder: Path) -> None:
    given = ("--var", "on=false", "--var", "no=secret")
    ended = run("scan", ".", "--format", "json", *given, cwd=folder)
    [note] = [one for one in ended.report["notes"] if one["name"] == "variable"]
    assert note["message"] == 'no module that is read declares the variable "no"'
    assert "secret" not in ended.out


def test_the_environment_is_looked_at_on_request_only(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": BY_VARIABLE})
    env = {"TF_VAR_on": "false"}
    assert status_of(folder, env=env) == "undecided"
    assert status_of(folder, "--env-vars", env=env) == "fail"
    assert status_of(folder, "--env-vars", "--var", "on=true", env=env) == "pass"


@pytest.mark.parametrize(
    "name",
    ["terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars", "a.auto.tfvars.json"],
)
def test_files_of_variables_that_terraform_reads_of_itself(folder: Path, name: str) -> None:
    write(folder, {name: '{"on": false}' if name.endswith(".json") else "on = false\n"})
    assert status_of(folder) == "fail"
    assert status_of(folder, "--env-vars", env={"TF_VAR_on": "true"}) == "fail"
    assert status_of(folder, "--var-file", "on.tfvars.json") == "pass"


def test_the_workspace_is_unknown_unless_it_is_said(tmp_path: Path) -> None:
    text = PLAIN_VOLUME.replace("false", 'terraform.workspace == "prod"')
    write(tmp_path, {"main.tf": text})
    assert status_of(tmp_path) == "undecided"
    assert status_of(tmp_path, "--workspace", "prod") == "pass"
    assert status_of(tmp_path, "--workspace", "test") == "fail"


def test_what_hangs_on_the_region_is_conditional_unless_it_is_said(tmp_path: Path) -> None:
    template = """\
Conditions:
  Home: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Plain:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: !Sub ${AWS::Region}a
      Encrypted: !If [Home, true, false]
"""
    write(tmp_path, {"stack.yaml": template})
    [finding] = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert finding["when"] == 'AWS::Region is not "eu-west-1"'
    assert status_of(tmp_path, "--region", "eu-west-1") == "pass"
    assert status_of(tmp_path, "--region", "us-east-1") == "fail"


def test_a_module_above_the_path_is_read_inside_the_boundary(tmp_path: Path) -> None:
    call = 'module "disk" {\n  source = "../../modules/disk"\n}\n'
    write(tmp_path, {"envs/prod/main.tf": call, "modules/disk/main.tf": PLAIN_VOLUME})
    (tmp_path / ".git").mkdir()
    ended = run("envs/prod", "--format", "json", "--select", "DATA001", cwd=tmp_path)
    assert ended.found == [("DATA001", "modules/disk/main.tf", 4)]
    inner = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path / "envs" / "prod")
    assert inner.found == [("DATA001", "../../modules/disk/main.tf", 4)]
    bounded = run("envs/prod", "--boundary", "envs", "--format", "json", cwd=tmp_path)
    assert bounded.status == 3
    [error] = bounded.errors
    assert (error["path"], error["line"]) == ("envs/prod/main.tf", 2)
    assert "boundary" in error["message"]


def test_files_of_other_tools_are_no_modules(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, ".terraform/modules/x/main.tf": PLAIN_VOLUME})
    assert run(".", "--select", "DATA001", cwd=tmp_path).status == 0
