"""The files of parameters that a template is deployed with: each is judged, and any other too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.program import scan, write
from tests.cli.test_diff import commit, diff, git

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """\
Parameters:
  Admin: {Type: StringDEFAULT}
  Name: {Type: String, Default: web}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Ref Name
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Admin}]
"""
UNSET = TEMPLATE.replace("DEFAULT", "")
OPEN, CLOSED = "0.0.0.0/0", "10.0.0.0/8"
NOT_TAKEN = "it gives a template parameters, which are not taken; name it with --parameters"


def pairs(value: str) -> str:
    return json.dumps([{"ParameterKey": "Admin", "ParameterValue": value}])


def under_parameters(value: str) -> str:
    return json.dumps({"Parameters": {"Admin": value}, "Tags": {"a": "b"}})


def deployment(value: str, template: str) -> str:
    return f"template-file-path: {template}\nparameters:\n  Admin: {value}\ntags: {{a: b}}\n"


def found(tmp_path: Path, files: dict[str, str], *more: str) -> list[dict[str, Any]]:
    write(tmp_path, files)
    report = scan(*(more or (".",)), "--select", "SG001", cwd=tmp_path).report
    assert report["errors"] == []
    findings: list[dict[str, Any]] = report["findings"]
    return findings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prod.json", pairs(OPEN)),
        ("prod.json", under_parameters(OPEN)),
        ("prod.yaml", deployment(OPEN, "net/vpc.yaml")),
    ],
    ids=["the AWS CLI's", "CodePipeline's", "Git sync's"],
)
def test_what_one_breaks_fails_under_that_condition(tmp_path: Path, name: str, text: str) -> None:
    [finding] = found(tmp_path, {"net/vpc.yaml": UNSET, name: text, "dev.json": pairs(CLOSED)})
    assert (finding["status"], finding["when"]) == ("fail", f"deployed with {name}")
    assert finding["path"] == name


def test_any_other_deployment_stays_undecided(tmp_path: Path) -> None:
    [finding] = found(tmp_path, {"vpc.yaml": UNSET, "prod.json": pairs(CLOSED)})
    assert finding["status"] == "undecided"
    assert finding["missing"] == ["safe if prod.json is what it is deployed with"]
    # What a parameter's default lets in does so whatever a file says.
    open_by_default = TEMPLATE.replace("DEFAULT", ", Default: 0.0.0.0/0")
    [finding] = found(tmp_path, {"vpc.yaml": open_by_default})
    assert (finding["status"], finding["when"]) == ("fail", None)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"a/vpc.yaml": UNSET, "b/vpc.yaml": UNSET, "b/prod.json": pairs(OPEN)}, "b/vpc.yaml"),
        ({"a.yaml": UNSET, "vpc.yaml": UNSET, "vpc-prod.json": pairs(OPEN)}, "vpc.yaml"),
        ({"a.yaml": UNSET, "vpc.yaml": UNSET, "vpc/prod.json": pairs(OPEN)}, "vpc.yaml"),
        ({"a.yaml": UNSET, "b.yaml": UNSET, "c.yaml": deployment(OPEN, "/b.yaml")}, "b.yaml"),
        ({"a.yaml": UNSET, "b.yaml": UNSET, "prod.json": pairs(OPEN)}, None),
        ({"a.yaml": UNSET, "c.yaml": deployment(OPEN, "other.yaml")}, None),
        ({"a.yaml": UNSET, "prod.json": pairs(OPEN).replace("Admin", "Other")}, None),
        (
            {
                "a.yaml": UNSET.replace("Name: {Type: String, Default: web}", "Name: {Type: X}"),
                "prod.json": pairs(OPEN),
            },
            None,
        ),
    ],
    ids=["near", "name", "folder", "said", "several", "none there", "undeclared", "lacking"],
)
def test_whose_it_is(tmp_path: Path, more: dict[str, str], expected: str | None) -> None:
    failing = [one for one in found(tmp_path, more) if one["status"] == "fail"]
    assert [one["subjects"][0]["unit"] for one in failing] == ([expected] if expected else [])
    skipped = scan(".", cwd=tmp_path).report["summary"]["files"]["skipped"]
    assert [one["reason"] for one in skipped] == ([] if expected else [NOT_TAKEN])


def test_it_counts_for_nothing_where_somebody_says_what_is_deployed(tmp_path: Path) -> None:
    files = {"vpc.yaml": UNSET, "prod.json": pairs(OPEN), "dev.json": pairs(CLOSED)}
    assert found(tmp_path, files, ".", "--parameters", "dev.json") == []


@pytest.mark.parametrize(
    "name", ["example.json", "vpc-sample.json", "tests/prod.json", "parameters.template.json"]
)
def test_an_example_alone_is_none(tmp_path: Path, name: str) -> None:
    [finding] = found(tmp_path, {"vpc.yaml": UNSET, name: pairs(OPEN)})
    assert finding["status"] == "undecided"
    [finding] = found(tmp_path, {"prod.json": pairs(CLOSED)})
    assert (finding["status"], finding["when"]) == ("fail", f"deployed with {name}")


def test_it_selects_its_template_when_it_is_named(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    files = {"vpc.yaml": UNSET, "a.yaml": "Resources: {}\n", "prod.json": pairs(OPEN)}
    [finding] = found(tmp_path, files, "prod.json")
    assert finding["when"] == "deployed with prod.json"
    write(tmp_path, {"other.json": pairs(OPEN).replace("Admin", "Other")})
    [error] = scan("other.json", cwd=tmp_path).errors
    assert (error["path"], error["message"]) == ("other.json", NOT_TAKEN)
    assert scan("other.json", "--allow-empty", cwd=tmp_path).status == 0


@pytest.mark.slow
def test_a_change_of_one_is_no_proof_that_nothing_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    other = {"a.yaml": UNSET, "b.yaml": UNSET, "c.json": pairs(CLOSED)}
    base = commit(tmp_path, {"net/vpc.yaml": UNSET, "net/prod.json": pairs(CLOSED), **other})
    head = commit(tmp_path, {"net/prod.json": pairs(OPEN)})
    text = diff(tmp_path, base, head, "--select", "SG001").out
    assert "SG001" in text
    assert "deployed with net/prod.json" in text
    later = commit(tmp_path, {"c.json": pairs(OPEN)})
    assert "c.json, which no unit reads, changes" in diff(tmp_path, head, later).out
    same = commit(tmp_path, {"d.json": "{}"})
    assert "No new flow and no new access." in diff(tmp_path, later, same).out


@pytest.mark.parametrize("text", ['{"ParameterKey": 1, "ParameterKey": 2}', pairs(OPEN)[:-1]])
def test_what_cannot_be_read_is_listed(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"vpc.yaml": UNSET, "prod.json": text, "x.json": "[" * 400})
    ended = scan(".", "--select", "SG001", cwd=tmp_path)
    assert ended.status == 0
    [one] = ended.report["summary"]["files"]["skipped"]
    assert one["path"] == "prod.json"
    assert one["reason"].startswith(f"{NOT_TAKEN}: ")


def test_a_program_that_writes_parameters_gives_none(tmp_path: Path) -> None:
    program = """package main

// The keys of AWSTemplateFormatVersion: ParameterKey and ParameterValue.
var pair = Parameter{ParameterKey: "Admin", ParameterValue: "0.0.0.0/0"}
"""
    write(tmp_path, {"vpc.yaml": UNSET, "deploy.go": program, "deploy.py": program})
    files = scan(".", "--select", "SG001", cwd=tmp_path).report["summary"]["files"]
    assert (files["found"], files["skipped"]) == (1, [])
