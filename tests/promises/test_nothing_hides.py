"""What is passed over is listed with its reason, and a strict scan counts what it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME_TEMPLATE, SAFE_VOLUME, Run, scan, write

OPEN_TEMPLATE = """\
Resources:
  Open:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: open
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }
"""
BROKEN = "Other: *nowhere\n"


def skipped(ended: Run) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = ended.report["summary"]["files"]["skipped"]
    return listed


def found_ssh(ended: Run) -> list[str]:
    return [path for check, path, _ in ended.found if check == "SG001"]


@pytest.mark.parametrize(
    "folder", ["node_modules", "__pycache__", ".terragrunt-cache", ".terraform"]
)
def test_a_folder_that_is_passed_over_is_listed_and_counts_in_a_strict_scan(
    tmp_path: Path, folder: str
) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, f"{folder}/a/main.tf": OPEN_SSH})
    ended = scan(".", cwd=tmp_path)
    [entry] = skipped(ended)
    assert (entry["path"], entry["counts"]) == (f"{folder}/", True)
    assert ended.errors == []
    assert ended.report["summary"]["files"]["found"] == 1, "a folder is no file"
    strict = scan(".", "--strict", cwd=tmp_path)
    assert (strict.status, [error["path"] for error in strict.errors]) == (3, [f"{folder}/"])
    text = scan(".", "--format", "text", cwd=tmp_path).out
    assert f"skipped: {folder}/ (" in text
    assert "--strict counts it" in text


def test_what_holds_nothing_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, "node_modules/a/package.json": "{}"})
    ended = scan(".", "--strict", "--select", "SG001", cwd=tmp_path)
    assert (ended.status, ended.errors) == (0, [])
    assert [entry["counts"] for entry in skipped(ended)] == [False]


def test_a_link_to_itself_does_not_empty_a_module(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/main.tf": OPEN_SSH})
    (tmp_path / "m" / "loop").symlink_to("loop")
    ended = scan(".", cwd=tmp_path)
    assert found_ssh(ended) == ["m/main.tf"]


@pytest.mark.parametrize("tag", ["{%", "<%", "%{ if a }"])
@pytest.mark.parametrize("name", ["stack.yaml", "stack.template"])
def test_tags_of_other_programs_hide_no_template(tmp_path: Path, name: str, tag: str) -> None:
    whole = f"Description: '{tag}'\n{OPEN_TEMPLATE}"
    write(tmp_path, {name: whole})
    assert found_ssh(scan(".", cwd=tmp_path)) == [name]
    write(tmp_path, {name: f"{whole}Metadata: {'[' * 300}{']' * 300}\n"})
    bounded = scan(".", cwd=tmp_path)
    assert (bounded.status, [error["path"] for error in bounded.errors]) == (3, [name])
    write(tmp_path, {name: whole + BROKEN, "main.tf": SAFE_VOLUME})
    broken = scan(".", cwd=tmp_path)
    assert broken.errors == []
    assert [(entry["path"], entry["counts"]) for entry in skipped(broken)] == [(name, True)]
    assert scan(".", "--strict", cwd=tmp_path).status == 3
    assert scan(name, cwd=tmp_path).status == 3, "by name"


def test_variables_of_the_serverless_framework_hide_no_template(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": f"Description: ${{self:custom.a}}\n{OPEN_TEMPLATE}"})
    ended = scan(".", "--strict", cwd=tmp_path)
    assert (ended.status, [entry["path"] for entry in skipped(ended)]) == (3, ["a.yaml"])


@pytest.mark.parametrize("suffix", ["md", "py", "cfg", "bak", "xml", "log", "patch", "png"])
def test_a_template_of_any_suffix_is_judged_and_nothing_else_is_an_error(
    tmp_path: Path, suffix: str
) -> None:
    name = f"a.{suffix}"
    write(tmp_path, {name: f"# {'-' * 5000}\n{OPEN_TEMPLATE}"})
    assert found_ssh(scan(".", cwd=tmp_path)) == [name]
    others = [
        "# Use\n\nDeploy this:\n\n"
        + "".join(f"    {line}\n" for line in OPEN_TEMPLATE.splitlines()),
        f"+++ b/a.yaml\n{''.join(f'+{line}' for line in OPEN_TEMPLATE.splitlines(keepends=True))}",
        f"10:00 INFO AWSTemplateFormatVersion\n10:01 {OPEN_TEMPLATE}",
        OPEN_TEMPLATE + BROKEN,
        f"A: {'[' * 300}{']' * 300}\n{OPEN_TEMPLATE}",
        "AWSTemplateFormatVersion: 2010-09-09\n",
        "Resources: {A: {Type: Custom::Thing}}\n# AWS::EC2::VPC\n",
        '{"Resources": {"A": {"Type": "AWS::EC2::VPC"}',
        '2: {"format_version": "1.2", "resource_changes": []}',
        '{"a": {"format_version": "1.2", "resource_changes": []',
    ]
    for text in others:
        write(tmp_path, {name: text, "main.tf": SAFE_VOLUME})
        ended = scan(".", "--strict", "--select", "SG001", cwd=tmp_path)
        assert (ended.status, ended.errors, skipped(ended)) == (0, [], []), text


@pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.md"])
def test_escapes_hide_no_template(tmp_path: Path, name: str) -> None:
    text = json.dumps({"Resources": {"A": {"Type": "AWS::EC2::Volume", "Properties": {}}}})
    text = text.replace("Resources", r"Re\u0073ources").replace("AWS:", r"AW\u0053\u003a")
    write(tmp_path, {name: text})
    assert ("DATA001", name, 1) in scan(".", cwd=tmp_path).found


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tfplan", b"PK\x03\x04" + b"\0" * 26 + b"tfplan", "terraform show -json"),
        ("serverless.yml", "service: a\nresources:\n  a: 1\n", "neither Terraform"),
        ("broken.yaml", "a: [\n", "not closed"),
        ("notes.md", "# Notes\n", "neither Terraform"),
        ("empty.json", "", "empty"),
        ("empty.yaml", "", "neither Terraform"),
    ],
)
def test_what_is_named_and_not_read_is_an_error_that_quiet_does_not_hide(
    tmp_path: Path, name: str, content: str | bytes, words: str
) -> None:
    write(tmp_path, {name: content, "main.tf": SAFE_VOLUME})
    ended = scan(name, "main.tf", "--quiet", "--format", "text", cwd=tmp_path)
    assert ended.status == 3
    [line] = ended.out.splitlines()
    assert line.startswith(name)
    assert words in line


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("values.yaml", "a: 1\n", 0),
        ("broken.yml", "a: [\n", 0),
        ("serverless.yml", "resources:\n  Resources: {A: {Type: AWS::EC2::VPC}}\n", 0),
        ("broken.json", '{"Resources": {"A": {"Type": "AWS::EC2::VPC"', 3),
        ("stack.yaml", OPEN_TEMPLATE + BROKEN, 3),
        ("plan.json", '{"format_version": "1.2", "resource_changes": [', 3),
        ("notes.md", "# Notes\n", 3),
    ],
)
def test_a_hook_passes_over_data_that_has_no_mark(
    tmp_path: Path, name: str, content: str, status: int
) -> None:
    write(tmp_path, {name: content})
    ended = scan(name, "--allow-empty", cwd=tmp_path)
    assert ended.status == status
    if status == 0:
        assert [entry["path"] for entry in skipped(ended)] == [name]


def test_a_saved_plan_in_a_folder_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"tfplan": b"PK\x03\x04" + b"\0" * 26 + b"tfplan", "main.tf": SAFE_VOLUME})
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("tfplan", True)


def test_a_template_that_is_read_is_not_listed(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": PLAIN_VOLUME_TEMPLATE, "b.yaml": "a: 1\n"})
    assert skipped(scan(".", cwd=tmp_path)) == []
