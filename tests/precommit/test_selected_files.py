"""Files given by name select: what is shown is a part of the full run, word for word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.program import (
    OPEN_SSH,
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    SAFE_VOLUME,
    Run,
    run,
    scan,
    write,
)

_GROUP_MODULE = """\
variable "source_range" {
  type = string
}

resource "aws_security_group" "this" {
  description = "of a module"
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = aws_security_group.this.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = var.source_range
}

output "id" {
  value = aws_security_group.this.id
}
"""

_WRAPPER_MODULE = """\
variable "source_range" {}

module "group" {
  source       = "../group"
  source_range = var.source_range
}

output "id" {
  value = module.group.id
}
"""

_ENVIRONMENT = """\
module "web" {
  source       = "../../modules/wrapper"
  source_range = local.source_range
}

resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  vpc_security_group_ids = [module.web.id]
}
"""

_PARENT = """\
Resources:
  Disk:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/disk.yaml
      Parameters:
        Encrypted: "false"
"""

_NESTED = """\
Parameters:
  Encrypted:
    Type: String
Resources:
  Plain:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-west-1a
      Size: 10
      Encrypted: !Ref Encrypted
"""

FILES: dict[str, str | bytes] = {
    "envs/prod/main.tf": _ENVIRONMENT,
    "envs/prod/locals.tf": 'locals {\n  source_range = "0.0.0.0/0"\n}\n',
    "envs/prod/volume.tf": PLAIN_VOLUME,
    "envs/test/main.tf": _ENVIRONMENT,
    "envs/test/locals.tf": 'locals {\n  source_range = "10.0.0.0/8"\n}\n',
    "envs/dev/main.tf": 'variable "source_range" {}\n' + _ENVIRONMENT.replace("local.", "var."),
    "envs/dev/terraform.tfvars": 'source_range = "0.0.0.0/0"\n',
    "modules/group/main.tf": _GROUP_MODULE,
    "modules/wrapper/main.tf": _WRAPPER_MODULE,
    "modules/alone/main.tf": OPEN_SSH,
    "single.tf": PLAIN_VOLUME,
    "name with space.tf": OPEN_SSH,
    "broken/main.tf": "locals {\n  a = [\n}\n" + SAFE_VOLUME,
    "stacks/parent.yaml": _PARENT,
    "stacks/nested/disk.yaml": _NESTED,
    "stacks/own.template": PLAIN_VOLUME_TEMPLATE,
    "values.yaml": "a: 1\n",
    "package.json": "{}\n",
}
NAMES = sorted(FILES)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = write(tmp_path_factory.mktemp("repository"), FILES)
    (top / ".git").mkdir()
    return top


@pytest.fixture(scope="module")
def whole(repository: Path) -> dict[str, Any]:
    report = scan(".", cwd=repository).report
    assert {finding["check"] for finding in report["findings"]} >= {"SG001", "DATA001"}
    return report


def lines(findings: list[dict[str, Any]]) -> set[str]:
    """Findings as text, so that they can be compared word for word."""
    return {json.dumps(finding, sort_keys=True) for finding in findings}


def touching(findings: list[dict[str, Any]], names: set[str]) -> list[dict[str, Any]]:
    """The findings whose place, or a hop of whose proof, is in one of some files."""
    return [
        finding
        for finding in findings
        if names & {finding["path"], *(hop["path"] for hop in finding["evidence"])}
    ]


@pytest.mark.parametrize("name", NAMES)
def test_one_file_shows_the_findings_that_touch_it(
    repository: Path, whole: dict[str, Any], name: str
) -> None:
    part = scan("--allow-empty", name, cwd=repository).report
    assert lines(part["findings"]) == lines(touching(whole["findings"], {name}))
    assert lines(part["errors"]) == lines([e for e in whole["errors"] if e["path"] == name])
    assert lines(part["notes"]) == lines([n for n in whole["notes"] if n["path"] == name])


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.permutations(NAMES), st.integers(2, 5))
def test_what_is_found_does_not_depend_on_how_a_list_is_split(
    repository: Path, whole: dict[str, Any], names: list[str], processes: int
) -> None:
    shown: set[str] = set()
    for start in range(processes):
        part = names[start::processes]
        shown |= lines(scan("--allow-empty", *part, cwd=repository).report["findings"])
    assert shown == lines(whole["findings"])


def findings_of(ended: Run) -> set[str]:
    """The lines without the parts that are said of each, which may be in files not shown."""
    return {line.partition(" (includes ")[0] for line in ended.out.splitlines()}


def test_the_text_is_the_same_word_for_word(repository: Path) -> None:
    full = findings_of(run(".", "--quiet", cwd=repository))
    shown: set[str] = set()
    for name in NAMES:
        part = findings_of(run("scan", "--allow-empty", "--quiet", name, cwd=repository))
        assert part <= full
        shown |= part
    assert shown == full


def test_a_changed_module_is_judged_as_its_callers_use_it(repository: Path) -> None:
    ended = scan("modules/group/main.tf", "--select", "SG001", cwd=repository)
    findings = ended.report["findings"]
    assert [finding["path"] for finding in findings] == [
        "envs/dev/terraform.tfvars",
        "envs/prod/locals.tf",
    ]
    rule = "module.web.module.group.aws_vpc_security_group_ingress_rule.ssh"
    assert {finding["resource"] for finding in findings} == {rule}


def test_a_value_in_one_file_touches_the_rule_in_another(repository: Path) -> None:
    [finding] = scan("envs/prod/locals.tf", "--select", "SG001", cwd=repository).report["findings"]
    assert (finding["path"], finding["line"]) == ("envs/prod/locals.tf", 2)
    assert "modules/group/main.tf" in {hop["path"] for hop in finding["evidence"]}
    assert scan("envs/test/locals.tf", "--select", "SG001", cwd=repository).report["findings"] == []


def test_a_nested_template_is_judged_as_its_parent_uses_it(repository: Path) -> None:
    ended = scan("stacks/nested/disk.yaml", "--select", "DATA001", cwd=repository)
    [finding] = ended.report["findings"]
    assert (finding["status"], finding["resource"]) == ("fail", "Disk/Plain")


def test_the_working_directory_does_not_matter_to_what_is_found(
    repository: Path, whole: dict[str, Any]
) -> None:
    ended = scan("main.tf", cwd=repository / "modules" / "group")
    expected = touching(whole["findings"], {"modules/group/main.tf"})
    assert {finding["fingerprint"] for finding in ended.report["findings"]} == {
        finding["fingerprint"] for finding in expected
    }


def test_files_that_are_no_templates_are_nothing_to_scan_and_allowed(repository: Path) -> None:
    for names in (["values.yaml"], ["package.json"], ["values.yaml", "package.json"], []):
        ended = scan("--allow-empty", *names, cwd=repository)
        assert (ended.status, ended.report["findings"], ended.errors) == (0, [], [])


def test_excluded_files_are_not_shown_when_a_hook_passes_them(repository: Path) -> None:
    exclude = ("--exclude", "single.tf", "--allow-empty")
    both = scan(*exclude, "single.tf", "name with space.tf", cwd=repository)
    assert {path for _, path, _ in both.found} == {"name with space.tf"}
    alone = scan(*exclude, "single.tf", cwd=repository)
    assert (alone.status, alone.found) == (0, [])
    assert [s["path"] for s in alone.report["summary"]["files"]["skipped"]] == ["single.tf"]


def test_errors_in_other_files_do_not_fail_a_commit(repository: Path) -> None:
    ended = scan("--allow-empty", "envs/test/locals.tf", cwd=repository)
    assert (ended.status, ended.errors) == (0, [])
    broken = scan("--allow-empty", "broken/main.tf", cwd=repository)
    assert broken.status == 3
    assert {error["path"] for error in broken.errors} == {"broken/main.tf"}


_LIST = '[{"ParameterKey": "Encrypted", "ParameterValue": "false"}]\n'


@pytest.fixture
def fed(tmp_path: Path) -> Path:
    """A root module and a template, fed by files that lie elsewhere."""
    rule = OPEN_SSH.replace('"0.0.0.0/0"', "var.source_range")
    files: dict[str, str | bytes] = {
        "network/main.tf": 'variable "source_range" {}\n' + rule,
        "stacks/disk.yaml": _NESTED,
        "values/prod.tfvars": 'source_range = "0.0.0.0/0"\n',
        "values/prod.json": _LIST,
        "values/other.json": "[]\n",
    }
    (tmp_path / ".git").mkdir()
    return write(tmp_path, files)


ONLY = ("--allow-empty", "--select", "SG001,DATA001")


def test_a_variable_file_selects_what_it_feeds(fed: Path) -> None:
    file = "values/prod.tfvars"
    assert scan(*ONLY, "--var-file", file, file, cwd=fed).found == [("SG001", file, 1)]
    assert scan(*ONLY, file, cwd=fed).found == []


def test_a_parameter_file_selects_what_it_feeds(fed: Path) -> None:
    file = "values/prod.json"
    assert scan(*ONLY, "--parameters", file, file, cwd=fed).found == [("DATA001", file, 1)]
    unfed = scan(*ONLY, "--parameters", file, "values/other.json", cwd=fed)
    assert (unfed.status, unfed.found, unfed.errors) == (0, [], [])
    # It is no template, and known for what it is, so that it is no error either.
    plain = scan("--select", "DATA001", "--parameters", file, file, cwd=fed)
    assert (plain.status, plain.errors) == (1, [])


def test_files_of_values_that_a_configuration_names_select_the_units_that_it_says(
    fed: Path,
) -> None:
    text = """\
roots:
  - { path: network, variable-files: [values/prod.tfvars] }
templates:
  - { path: stacks/*.yaml, parameter-files: [values/prod.json] }
"""
    write(fed, {".iac-ec2lint.yaml": text, "stacks/nested/disk.yaml": _NESTED})
    assert scan(*ONLY, "values/prod.tfvars", cwd=fed).found == [("SG001", "values/prod.tfvars", 1)]
    [finding] = scan(*ONLY, "values/prod.json", cwd=fed).report["findings"]
    assert [subject["unit"] for subject in finding["subjects"]] == ["stacks/disk.yaml"]


def test_any_text_may_be_given_to_the_hook_and_a_template_is_told_by_its_content(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {
        "README.md": "Resources of the type AWS::EC2::Volume are what this is about: [\n",
        "notes.txt": "nothing\n",
        "Makefile": "all:\n\ttrue\n",
        "stack.tpl": PLAIN_VOLUME_TEMPLATE,
        "stack": PLAIN_VOLUME_TEMPLATE.replace("Plain:", "Other:"),
    }
    write(tmp_path, files)
    whole = scan("--allow-empty", "--select", "DATA001", ".", cwd=tmp_path)
    named = scan("--allow-empty", "--select", "DATA001", *sorted(files), cwd=tmp_path)
    assert named.found == whole.found
    assert {path for _, path, _ in named.found} == {"stack", "stack.tpl"}
    assert (named.status, named.errors) == (1, [])
