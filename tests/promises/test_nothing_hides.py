"""What is passed over is listed with its reason, and a strict scan counts what it holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME_TEMPLATE, SAFE_VOLUME, Run, run, scan, write

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


def test_numbers_of_another_base_hide_no_port(tmp_path: Path) -> None:
    ports = ("026", "0x16", "0b10110", "2_2")
    rules = [
        f"        - {{ IpProtocol: tcp, FromPort: {port}, ToPort: {port}, CidrIp: 0.0.0.0/0 }}\n"
        for port in ports
    ]
    write(tmp_path, {"a.yaml": "".join(OPEN_TEMPLATE.splitlines(keepends=True)[:-1] + rules)})
    assert len(found_ssh(scan(".", cwd=tmp_path))) == len(ports)


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
    arguments = ("--quiet", "--format", "text", "--select", "DATA001")
    ended = scan(name, "main.tf", *arguments, cwd=tmp_path)
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
        ("notes.md", "# Notes\n", 0),
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


@pytest.mark.parametrize(
    "own",
    ["{Resources: {A: {Type: AWS::EC2::VPC}}}", "[{Resources: {A: {Type: AWS::EC2::VPC}}}, x]"],
)
def test_resources_of_the_serverless_framework_are_listed(tmp_path: Path, own: str) -> None:
    write(tmp_path, {"serverless.yml": f"service: a\nresources: {own}\n", "main.tf": SAFE_VOLUME})
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("serverless.yml", True)
    assert scan(".", "--strict", cwd=tmp_path).status == 3


def test_a_saved_plan_in_a_folder_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"tfplan": b"PK\x03\x04" + b"\0" * 26 + b"tfplan", "main.tf": SAFE_VOLUME})
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("tfplan", True)


def test_a_template_that_is_read_is_not_listed(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": PLAIN_VOLUME_TEMPLATE, "b.yaml": "a: 1\n"})
    assert skipped(scan(".", cwd=tmp_path)) == []


OPEN_BY_DEFAULT = 'variable "from" {\n  default = "0.0.0.0/0"\n}\n' + OPEN_SSH.replace(
    '"0.0.0.0/0"', "var.from"
)
HARMLESS_CALL = 'module "decoy" {\n  source = "../prod"\n  from   = "10.0.0.0/8"\n}\n'
OPEN_BY_PARAMETER = "Parameters:\n  From: { Type: String, Default: 0.0.0.0/0 }\n" + (
    OPEN_TEMPLATE.replace("0.0.0.0/0", "!Ref From")
)


def nests(more: str = "", condition: str = "") -> str:
    return (
        "Conditions:\n  Never: !Equals [a, b]\nResources:\n  Inner:\n"
        f"    Type: AWS::CloudFormation::Stack\n{condition}"
        f"    Properties:\n      TemplateURL: inner.yaml\n{more}"
    )


@pytest.mark.parametrize(
    "more",
    [
        {"prod/backend.tf": 'terraform {\n  backend "s3" {}\n}\n'},
        {"prod/cloud.tf": "terraform {\n  cloud {}\n}\n"},
        {"prod/provider.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n'},
        {"prod/provider.tf": 'provider "aws" {\n  assume_role {}\n}\n'},
        {"prod/terraform.tfvars": 'from = "0.0.0.0/0"\n'},
        {"prod/x.auto.tfvars.json": '{"from": "0.0.0.0/0"}\n'},
        {"prod/.terraform.lock.hcl": ""},
        {
            "prod/own.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\nvariable "vpc" {\n'
            '  default = ""\n}\nresource "aws_internet_gateway" "main" {\n'
            '  vpc_id = var.vpc == "" ? null : var.vpc.id\n}\n',
        },
        {
            "prod/given.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\nvariable "name" {}\n',
            "prod/env/live.tfvars": 'name = "live"\n',
        },
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_folder_that_is_deployed_is_judged_whoever_calls_it(
    tmp_path: Path, more: dict[str, str]
) -> None:
    write(tmp_path, {"prod/main.tf": OPEN_BY_DEFAULT, "decoy/main.tf": HARMLESS_CALL, **more})
    ended = scan(".", cwd=tmp_path)
    assert ended.errors == []
    assert len(found_ssh(ended)) == 1
    assert ended.report["summary"]["called_only"] == []
    assert len(found_ssh(scan("prod/main.tf", cwd=tmp_path))) == 1


@pytest.mark.parametrize(
    "block",
    [
        "",
        'provider "aws" {}\n',
        'provider "aws" {\n  alias = "a"\n}\n',
        'variable "region" {}\nprovider "aws" {\n  region = var.region\n}\n',
        # Nothing can be planned with a text that has no attributes: its caller gives a resource.
        (
            'variable "vpc" {\n  default = ""\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n'
            'resource "aws_internet_gateway" "main" {\n  vpc_id = var.vpc.id\n}\n'
        ),
    ],
)
def test_others_are_listed_as_judged_through_their_callers(tmp_path: Path, block: str) -> None:
    write(tmp_path, {"prod/main.tf": block + OPEN_BY_DEFAULT, "decoy/main.tf": HARMLESS_CALL})
    ended = scan(".", cwd=tmp_path)
    assert found_ssh(ended) == []
    assert ended.report["summary"]["called_only"] == ["prod"]
    text = scan(".", "--format", "text", cwd=tmp_path).out
    assert "1 judged through their callers only: prod" in text


@pytest.mark.parametrize(
    "off",
    ["count = 0", "for_each = {}", "count = var.on ? 1 : 0", "for_each = toset([])"],
)
def test_a_module_whose_calls_are_all_off_is_judged_as_a_root(tmp_path: Path, off: str) -> None:
    call = 'variable "on" {\n  default = false\n}\n' + HARMLESS_CALL.replace(
        "from", f"{off}\n  from"
    )
    write(tmp_path, {"prod/main.tf": OPEN_BY_DEFAULT, "decoy/main.tf": call})
    ended = scan(".", cwd=tmp_path)
    assert (found_ssh(ended), ended.errors) == (["prod/main.tf"], [])
    assert found_ssh(scan("prod/main.tf", cwd=tmp_path)) == ["prod/main.tf"]
    write(tmp_path, {"other/main.tf": HARMLESS_CALL})
    assert found_ssh(scan(".", cwd=tmp_path)) == [], "one of its calls is on"


def test_what_a_module_calls_that_is_off_is_judged_with_it(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n  source = "./a"\n  count  = 0\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n  count  = 0\n}\n',
        "b/main.tf": OPEN_SSH,
    }
    write(tmp_path, files)
    assert found_ssh(scan(".", cwd=tmp_path)) == ["b/main.tf"]


def test_what_both_have_is_said_once(tmp_path: Path) -> None:
    lock = {"prod/.terraform.lock.hcl": ""}
    write(
        tmp_path, {"prod/main.tf": OPEN_SSH, "a/main.tf": 'module "p" {\n  source = "../prod"\n}\n'}
    )
    write(tmp_path, lock)
    [finding] = [f for f in scan(".", cwd=tmp_path).report["findings"] if f["check"] == "SG001"]
    assert [subject["unit"] for subject in finding["subjects"]] == ["a", "prod"]


def test_a_nested_template_under_a_false_condition_is_judged_by_itself(tmp_path: Path) -> None:
    off = nests(condition="    Condition: Never\n")
    write(tmp_path, {"outer.yaml": off, "inner.yaml": OPEN_BY_PARAMETER})
    ended = scan(".", "--strict", cwd=tmp_path)
    assert (found_ssh(ended), skipped(ended)) == (["inner.yaml"], [])
    given = nests("      Parameters: { From: 10.0.0.0/8 }\n")
    write(tmp_path, {"outer.yaml": given})
    ended = scan(".", cwd=tmp_path)
    assert (found_ssh(ended), ended.report["summary"]["called_only"]) == ([], ["inner.yaml"])


def test_reach_answers_for_what_is_off_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": 'module "a" {\n  source = "./a"\n  count  = 0\n}\n',
            "a/main.tf": 'resource "aws_instance" "a" {}\n',
        },
    )
    ended = run("reach", ".", "--format", "json", cwd=tmp_path)
    assert [row["unit"] for row in ended.report["workloads"]] == ["a"]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": OPEN_SSH, "main.tofu": SAFE_VOLUME},
        {"main.tf": OPEN_SSH, "main.tofu": ""},
        {"main.tf": OPEN_SSH, "main_override.tofu": OPEN_SSH.replace("0.0.0.0/0", "10.0.0.0/8")},
        {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/a.tf": OPEN_SSH, "m/a.tofu": ""},
        {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "main.tofu": "", "m/a.tf": OPEN_SSH},
        {"main.tf": "", "main.tofu": 'module "m" {\n  source = "./m"\n}\n', "m/a.tf": OPEN_SSH},
        {"main.tf": "", "main.tofu": HARMLESS_CALL, "../prod/a.tf": OPEN_BY_DEFAULT},
    ],
    ids=["shadowed", "empty", "override", "in-a-module", "terraform", "opentofu", "decoy"],
)
def test_both_readings_are_judged(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path / "infra", files)
    ended = scan(".", "--strict", cwd=tmp_path)
    assert (len(found_ssh(ended)), ended.errors, skipped(ended)) == (1, [], [])
    folders = {name.rpartition("/")[0] for name in files}
    assert ended.report["summary"]["units"] <= len(folders), "readings are of one unit"


def test_what_opentofu_alone_declares_is_no_error_of_terraforms_reading(tmp_path: Path) -> None:
    names = 'variable "on" {}\nlocals {\n  on = var.on\n}\n'
    uses = 'output "on" {\n  value = local.on\n}\n'
    write(tmp_path, {"main.tf": uses, "more.tofu": names, "old.tf": uses.replace('"on"', '"b"')})
    assert scan(".", cwd=tmp_path).errors == []
    write(tmp_path, {"old.tofu": "", "old.tf": "locals {\n"})
    assert [error["path"] for error in scan(".", cwd=tmp_path).errors] == ["old.tf"]


def test_what_both_readings_have_is_said_once(tmp_path: Path) -> None:
    comment = "# ec2lint:ignore=SG002 nothing of it is here\n"
    write(tmp_path, {"main.tf": comment + OPEN_SSH, "a.tf": ""})
    alone = scan(".", cwd=tmp_path)
    write(tmp_path, {"a.tofu": ""})
    ended = scan(".", cwd=tmp_path)
    assert ended.report["findings"] == alone.report["findings"]
    assert ended.report["notes"] == alone.report["notes"]
    assert ended.report["summary"]["resources"] == alone.report["summary"]["resources"] == 1


OPEN_CHANGE: dict[str, Any] = {
    "address": "aws_security_group.a",
    "mode": "managed",
    "type": "aws_security_group",
    "name": "a",
    "change": {
        "actions": ["create"],
        "before": None,
        "after": {
            "ingress": [
                {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}
            ]
        },
        "after_unknown": {},
    },
}
HARMLESS_CHANGE = OPEN_CHANGE | {"change": OPEN_CHANGE["change"] | {"after": {}}}
PLANNED = {"root_module": {"resources": [{"address": "aws_vpc.a", "type": "aws_vpc"}]}}


def plan_of(*changes: object, **more: object) -> str:
    return json.dumps({"format_version": "1.2", "resource_changes": changes, **more})


def test_a_plan_as_it_should_be(tmp_path: Path) -> None:
    write(tmp_path, {"plan.json": plan_of(OPEN_CHANGE)})
    ended = scan(".", "--strict", cwd=tmp_path)
    assert (found_ssh(ended), ended.errors) == (["plan.json"], [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            plan_of(OPEN_CHANGE | {"change": {"actions": ["create"], "after": "x"}}),
            "no object after",
        ),
        (plan_of(OPEN_CHANGE | {"change": {"actions": ["create"]}}), "no object after"),
        (plan_of(OPEN_CHANGE | {"change": {"actions": "delete"}}), "no change with its actions"),
        (plan_of(OPEN_CHANGE | {"change": "x"}), "no change"),
        (plan_of(OPEN_CHANGE | {"type": None}), "has no type"),
        (plan_of(OPEN_CHANGE | {"name": ""}), "has no name"),
        (plan_of({k: v for k, v in OPEN_CHANGE.items() if k != "type"}), "has no type"),
        (plan_of(OPEN_CHANGE | {"address": 1}), "has no address"),
        (plan_of("x"), "is no object"),
        (plan_of(HARMLESS_CHANGE, OPEN_CHANGE), "is the second for"),
        (plan_of().replace("[]", "{}"), "is no list"),
        (plan_of(deferred_changes=[{"resource_change": {"address": "a"}}]), "has no type"),
        (plan_of(planned_values=[]), "no module as its root"),
        (plan_of(planned_values={"root_module": {"resources": "x"}}), "no objects"),
        (plan_of(planned_values=PLANNED), "has no address, type or values"),
        (plan_of(OPEN_CHANGE)[:-1] + ', "resource_changes": []}', "written twice"),
        (plan_of(OPEN_CHANGE).replace('"after_unknown"', '"after": {}, "after_unknown"'), "twice"),
    ],
)
def test_what_is_malformed_in_a_plan_is_an_error(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, {"plan.json": text})
    ended = scan(".", cwd=tmp_path)
    assert ended.status == 3
    [error] = ended.errors
    assert words in error["message"]


@pytest.mark.parametrize("more", [', "resource_changes": []', ', "a": '])
def test_what_may_be_a_plan_is_listed(tmp_path: Path, more: str) -> None:
    text = f'{{"resource_changes": [{json.dumps(OPEN_CHANGE)}], "format_version": "1.2"{more}}}'
    write(tmp_path, {"plan.json": text, "main.tf": SAFE_VOLUME})
    ended = scan(".", cwd=tmp_path)
    assert [(entry["path"], entry["counts"]) for entry in skipped(ended)] == [("plan.json", True)]
    assert scan("plan.json", "--allow-empty", cwd=tmp_path).status == 3


def test_a_module_whose_source_is_not_known_is_not_available(tmp_path: Path) -> None:
    call = 'variable "s" {}\nmodule "m" {\n  source = var.s\n}\n'
    write(tmp_path, {"main.tf": call, "m/main.tf": OPEN_SSH})
    ended = scan(".", "--require-modules", cwd=tmp_path)
    [source] = ended.report["summary"]["modules_unavailable"]
    assert source.startswith("module.m")
    assert [(error["path"], error["line"]) for error in ended.errors] == [("main.tf", 3)]


INCLUDE = "{Name: AWS::Include, Parameters: {Location: part.yaml}}"
PART = "Open:\n" + "".join(f"{line[2:]}\n" for line in OPEN_TEMPLATE.splitlines()[2:])


@pytest.mark.parametrize(
    "text", [f"Resources:\n  Fn::Transform: {INCLUDE}\n", f"Transform: {INCLUDE}\n"]
)
def test_a_template_of_which_all_is_included_is_one(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"a.yaml": text, "part.yaml": PART})
    ended = scan(".", cwd=tmp_path)
    assert ended.report["summary"]["units"] == 1


def test_a_template_that_cannot_be_read_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME})
    (tmp_path / "a.yaml").symlink_to("a.yaml")
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("a.yaml", True)


def test_a_folder_is_judged_though_a_link_to_it_is_called(tmp_path: Path) -> None:
    decoy = HARMLESS_CALL.replace("../prod", "./link")
    write(tmp_path, {"prod/main.tf": OPEN_BY_DEFAULT, "a/main.tf": decoy})
    for name in ("a/link", "zz"):
        (tmp_path / name).symlink_to(tmp_path / "prod")
    assert len(found_ssh(scan(".", cwd=tmp_path))) == 1


REGISTRY_CALL = """\
module "net" {
  source  = "example/net/aws"
  version = "~> 5.1"
  from    = ["0.0.0.0/0"]
}
"""
VARIABLE = 'variable "from" {}\n'
PLACE = ".terraform/modules/net"


def manifest(**entry: str) -> dict[str, str]:
    whole = {
        "Key": "net",
        "Source": "registry.terraform.io/example/net/aws",
        "Version": "5.2.0",
        "Dir": PLACE,
    } | entry
    return {".terraform/modules/modules.json": json.dumps({"Modules": [whole]})}


def require_modules(folder: Path) -> Run:
    return scan(".", "--require-modules", "--select", "SG001", cwd=folder)


def test_a_module_that_is_installed_is_available(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": REGISTRY_CALL, f"{PLACE}/main.tf": VARIABLE, **manifest()})
    write(tmp_path, {f"{PLACE}/examples/a/main.tf": OPEN_SSH})
    ended = require_modules(tmp_path)
    assert (ended.status, ended.errors) == (0, [])
    assert scan(".", "--strict", "--select", "SG001", cwd=tmp_path).status == 0
    add_to_git(tmp_path, f"{PLACE}/examples/a/main.tf")
    assert scan(".", "--strict", "--select", "SG001", cwd=tmp_path).status == 3


@pytest.mark.parametrize(
    ("entry", "folder"),
    [
        ({"Source": "registry.terraform.io/other/net/aws"}, PLACE),
        ({"Source": ""}, PLACE),
        ({"Version": "5.0.9"}, PLACE),
        ({"Version": "6.0.0"}, PLACE),
        ({"Version": ""}, PLACE),
        ({"Dir": "net"}, "net"),
        ({"Dir": "."}, "."),
        ({}, "net"),
    ],
    ids=["source", "no-source", "old", "new", "no-version", "elsewhere", "root", "empty"],
)
def test_a_manifest_that_is_not_of_the_call_makes_no_module_available(
    tmp_path: Path, entry: dict[str, str], folder: str
) -> None:
    write(tmp_path, {"main.tf": REGISTRY_CALL, f"{folder}/more.tf": VARIABLE, **manifest(**entry)})
    ended = require_modules(tmp_path)
    assert ended.report["summary"]["modules_unavailable"] == ["example/net/aws ~> 5.1"]
    assert ended.status == 3


@pytest.mark.parametrize("tracked", [".terraform/modules/modules.json", f"{PLACE}/main.tf"])
def test_what_git_tracks_satisfies_nobody(tmp_path: Path, tracked: str) -> None:
    write(tmp_path, {"main.tf": REGISTRY_CALL, f"{PLACE}/main.tf": VARIABLE, **manifest()})
    add_to_git(tmp_path, tracked)
    ended = require_modules(tmp_path)
    assert ended.status == 3
    [source] = ended.report["summary"]["modules_unavailable"]
    assert "git tracks" in source


@pytest.mark.parametrize("tracked", [False, True])
def test_what_git_ignores_is_a_tools_unless_it_is_tracked(tmp_path: Path, tracked: bool) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, "node_modules/a/main.tf": OPEN_SSH})
    write(tmp_path, {".gitignore": "node_modules/\n"})
    add_to_git(tmp_path, "node_modules/a/main.tf" if tracked else "main.tf")
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("node_modules/", tracked)


def add_to_git(folder: Path, *names: str) -> None:
    """Make a work tree of a folder whose index has some files, as git writes it (version 2)."""
    entries = b""
    for name in sorted(names):
        entry = bytes(60) + len(name).to_bytes(2) + name.encode()
        entries += entry + bytes(8 - len(entry) % 8)
    head = b"DIRC" + (2).to_bytes(4) + len(names).to_bytes(4) + entries
    write(folder, {".git/index": head + hashlib.sha1(head, usedforsecurity=False).digest()})


STACK = 'component "network" { source = "./network" }\n'


@pytest.mark.parametrize(
    "name", ["a.tfcomponent.hcl", "a.tfcomponent.json", "a.tfstack.hcl", "a.tfdeploy.hcl"]
)
def test_files_of_terraform_stacks_are_listed_and_count(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"network/main.tf": SAFE_VOLUME, name: STACK})
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == (name, True)
    strict = scan(".", "--strict", cwd=tmp_path)
    assert (strict.status, [error["path"] for error in strict.errors]) == (3, [name])
    assert scan(name, cwd=tmp_path).status == 3


def test_a_deployment_file_of_git_sync_is_listed(tmp_path: Path) -> None:
    deployment = "template-file-path: c.yaml\nparameters:\n  Cidr: 0.0.0.0/0\n"
    write(tmp_path, {"a.yaml": PLAIN_VOLUME_TEMPLATE, "deploy.yaml": deployment, "b.yaml": "a: 1"})
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("deploy.yaml", False)
    assert "--parameters" in entry["reason"]


CLOUD_CONTROL = """\
variable "type" {}
resource "aws_cloudcontrolapi_resource" "a" {
  count         = 2
  type_name     = var.type
  desired_state = "{}"
}
resource "aws_cloudcontrolapi_resource" "of_no_check" {
  type_name     = "AWS::IoT::Thing"
  desired_state = "{}"
}
resource "aws_cloudcontrolapi_resource" "off" {
  count         = 0
  type_name     = var.type
  desired_state = "{}"
}
"""


def test_what_cloud_control_makes_of_an_unknown_type_is_listed_with_its_number(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"main.tf": CLOUD_CONTROL})
    ended = scan(".", cwd=tmp_path)
    [entry] = skipped(ended)
    assert (ended.status, entry["path"], entry["counts"]) == (0, "main.tf", True)
    assert "2 aws_cloudcontrolapi_resource" in entry["reason"]
    assert ended.report["summary"]["files"]["found"] == 1
    assert scan(".", "--strict", cwd=tmp_path).status == 3
    change = OPEN_CHANGE | {"type": "aws_cloudcontrolapi_resource"}
    write(tmp_path, {"main.tf": "", "plan.json": plan_of(change)})
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("plan.json", True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("decoy/main.tf", 'module "p" {\n  source = "../prod"\n  count  = 0\n}\n'),
        ("decoy/main.tf", 'module "p" {\n  source   = "../prod"\n  for_each = {}\n}\n'),
        ("decoy/main.tf", HARMLESS_CALL),
        ("main.tf", HARMLESS_CALL.replace("../", "./")),
        ("main.tofu", 'module "p" {\n  source = "./prod"\n}\n'),
        ("main.tf.json", '{"module": {"p": {"source": "./prod", "count": 0}}}'),
        ("modules/modules.json", manifest(Dir="prod")[".terraform/modules/modules.json"]),
        (".terraform/modules/modules.json", manifest(Dir="prod").popitem()[1]),
        ("pyvenv.cfg", ""),
        ("pyvenv.cfg", "home = /usr/bin\n"),
        (".gitignore", "prod/\n*.tf\n*.yaml\n"),
        (".git/index", "DIRC"),
        ("terragrunt.hcl", 'terraform {\n  source = "./prod"\n}\n'),
        ("terraform.tfvars", 'from = "10.0.0.0/8"\n'),
        ("x.auto.tfvars", 'from = "10.0.0.0/8"\n'),
        ("nest.yaml", nests(condition="    Condition: Never\n").replace("inner", "prod/stack")),
        ("nest.yaml", nests().replace("inner", "prod/stack")),
        ("parameters.json", '[{"ParameterKey": "From", "ParameterValue": "10.0.0.0/8"}]'),
        ("plan.json", plan_of()),
        ("broken.tf", "locals {\n"),
        ("broken.yaml", OPEN_TEMPLATE + BROKEN),
        ("override.tf", OPEN_SSH.replace("0.0.0.0/0", "10.0.0.0/8")),
        ("ignore.tf", "# ec2lint:ignore=SG001 of nothing\n"),
        ("conftest.py", "raise SystemExit\n"),
        ("a.png", b"\x89PNG\0"),
        ("a.zip", b"PK\x03\x04"),
        ("a.yaml", b"\xff\xfe\0"),
    ],
)
def test_a_file_beside_a_unit_removes_nothing_of_it_in_silence(
    tmp_path: Path, name: str, text: str | bytes
) -> None:
    """What is found stays, or an error, a suppression or something that is listed says why not."""
    write(tmp_path, {"prod/main.tf": OPEN_BY_DEFAULT, "prod/stack.yaml": OPEN_BY_PARAMETER})
    before = scan(".", cwd=tmp_path)
    write(tmp_path, {name: text})
    hold(before, scan(".", cwd=tmp_path))


def hold(before: Run, after: Run) -> None:
    lost = set(before.found) - set(after.found)
    told = {error["path"] for error in after.errors}
    told |= {entry["path"].rstrip("/") for entry in skipped(after)}
    told |= set(after.report["summary"]["called_only"])
    told |= {f["path"] for f in after.report["findings"] if f["status"] == "suppressed"}
    for _, path, _ in lost:
        assert any(path == one or path.startswith(f"{one}/") for one in told), (path, told)


NAMES = (
    *("main.tf", "a/main.tf", "a.tofu", "a.tf.json", "stack.yaml", "a/stack.json", "a.md"),
    *("plan.json", "pyvenv.cfg", ".gitignore", "terraform.tfvars", ".terraform.lock.hcl"),
)
PIECES = (
    *(OPEN_SSH, SAFE_VOLUME, HARMLESS_CALL, OPEN_TEMPLATE, nests(), plan_of(OPEN_CHANGE)),
    *('module "p" {\n  source = "./prod"\n', "  count = 0\n", "}\n", "{%", "/*", '"', "[", "---\n"),
    *("Resources:\n", "  TemplateURL: ../prod/stack.yaml\n", "# ec2lint:ignore=SG001 a\n"),
    *("\0", "\ufeff", "home = a\n"),
)


@pytest.mark.slow
@given(name=st.sampled_from(NAMES), pieces=st.lists(st.sampled_from(PIECES), max_size=6))
@settings(max_examples=100, deadline=None)
def test_no_file_beside_a_unit_removes_anything_of_it_in_silence(
    tmp_path_factory: pytest.TempPathFactory, name: str, pieces: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("scan")
    write(folder, {"prod/main.tf": OPEN_BY_DEFAULT, "prod/stack.yaml": OPEN_BY_PARAMETER})
    before = scan(".", cwd=folder)
    write(folder, {name: "".join(pieces)})
    hold(before, scan(".", cwd=folder))


GROUP = "'AWS::EC2::SecurityGroup'"
PLAN_OF_A_TEXT = {
    "format_version": "1.2",
    "planned_values": {"root_module": {}},
    "resource_changes": [
        {
            "address": "aws_security_group.a",
            "mode": "managed",
            "type": "aws_security_group",
            "name": "a",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {
                "actions": ["create"],
                "before": None,
                "after": {"name": "a", "ingress": "x"},
                "after_unknown": {},
            },
        }
    ],
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf", 'resource "aws_security_group" "a" {\n  ingress = "x"\n}\n'),
        ("main.tf", 'resource "aws_security_group" "a" {\n  ingress = ["x"]\n}\n'),
        ("main.tf.json", '{"resource": {"aws_security_group": {"a": {"ingress": "x"}}}}'),
        ("plan.json", json.dumps(PLAN_OF_A_TEXT)),
        (
            "t.yaml",
            f"Resources: {{A: {{Type: {GROUP}, Properties: {{SecurityGroupIngress: x}}}}}}\n",
        ),
    ],
)
def test_a_text_in_place_of_a_block_is_not_taken_for_nothing(
    tmp_path: Path, name: str, text: str
) -> None:
    write(tmp_path, {name: text})
    ended = scan(name, "--select", "SG001", "--fail-on-undecided", "high", cwd=tmp_path)
    assert ended.status == 1


def test_a_file_alone_is_read_as_what_others_generate_for_its_folder(tmp_path: Path) -> None:
    volume = 'resource "aws_ebs_volume" "a" {\n  availability_zone = var.zone\n}\n'
    write(
        tmp_path,
        {
            "net/main.tf": volume,
            "env/terragrunt.hcl": 'terraform {\n  source = "../net"\n}\n',
            "jinja/main.tf": volume,
            "jinja/variables.tf.j2": "{{ variables }}\n",
        },
    )
    add_to_git(tmp_path, "net/main.tf", "env/terragrunt.hcl", "../terragrunt.hcl")
    for name, path in (("net/main.tf", None), ("jinja/main.tf", None), ("net/main.tf", "net")):
        ended = scan(path or name, "--select", "DATA001", cwd=tmp_path)
        assert (ended.errors, [found[:2] for found in ended.found]) == ([], [("DATA001", name)])
    [entry] = skipped(scan("jinja", "--allow-empty", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("jinja/variables.tf.j2", True)
