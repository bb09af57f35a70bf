"""What is off by a default alone: named in the summary, and judged with ``--branches all``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import Run, run, scan, write

RULE = """
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
CREATE = 'variable "create" {\n  default = false\n}\n'
TEMPLATE_RULE = """
    Properties:
      GroupDescription: open
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
"""


def group(line: str, name: str = "open") -> str:
    return f'resource "aws_security_group" "{name}" {{\n  {line}{RULE}'


def off(run: Run) -> dict[str, list[tuple[str, int]]]:
    """What is switched off: addresses, each with its inputs and the lines of their defaults."""
    return {
        one["address"]: [(each["name"], each["line"]) for each in one["inputs"]]
        for one in run.report["summary"]["switched_off"]
    }


def found(run: Run, code: str = "SG001") -> list[tuple[str, str, str | None]]:
    """Subject, status and condition of each finding of a check."""
    findings: list[dict[str, Any]] = run.report["findings"]
    assert all(one["confidence"] != "proven" for one in findings if one["when"])
    return [
        (one["subject"], one["status"], one["when"]) for one in findings if one["check"] == code
    ]


def both(folder: Path, *arguments: str) -> tuple[Run, Run]:
    """A folder scanned with defaults, and in all branches."""
    plain = (".", "--select", "SG001,SG002,DATA001", *arguments)
    return scan(*plain, cwd=folder), scan(*plain, "--branches", "all", cwd=folder)


OFF: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    # configuration, what is off, its inputs, the condition
    "a count by a boolean": (
        CREATE + group("count = var.create ? 1 : 0"),
        "aws_security_group.open",
        ("var.create",),
        "var.create is true",
    ),
    "a count by a number": (
        'variable "n" {\n  default = 0\n}\n' + group("count = var.n"),
        "aws_security_group.open",
        ("var.n",),
        "var.n is 1",
    ),
    "a count by a list's length": (
        'variable "cidrs" {\n  default = []\n}\n' + group("count = length(var.cidrs)"),
        "aws_security_group.open",
        ("var.cidrs",),
        "var.cidrs is not empty",
    ),
    "for_each over a map": (
        'variable "groups" {\n  default = {}\n}\n' + group("for_each = var.groups"),
        "aws_security_group.open",
        ("var.groups",),
        "var.groups is not empty",
    ),
    "for_each over a set of a list": (
        'variable "names" {\n  default = []\n}\n' + group("for_each = toset(var.names)"),
        "aws_security_group.open",
        ("var.names",),
        "var.names is not empty",
    ),
    "a local that compares": (
        'variable "environment" {\n  default = "dev"\n}\n'
        'locals {\n  is-production = var.environment == "production"\n}\n'
        + group("count = local.is-production == true ? 1 : 0"),
        "aws_security_group.open",
        ("var.environment",),
        'var.environment is "production"',
    ),
    "null by default": (
        'variable "name" {\n  default = null\n}\n' + group("count = var.name != null ? 1 : 0"),
        "aws_security_group.open",
        ("var.name",),
        "var.name is set",
    ),
}


@pytest.mark.parametrize("case", OFF)
def test_what_is_off_by_a_default_is_named_and_judged_on_request(case: str, tmp_path: Path) -> None:
    configuration, address, inputs, when = OFF[case]
    write(tmp_path, {"main.tf": configuration})
    plain, whole = both(tmp_path)
    assert found(plain) == []
    assert off(plain) == {address: [(name, 2) for name in inputs]}
    assert plain.report["summary"]["branches"] == "default"
    [(subject, status, said)] = found(whole)
    assert (subject.partition("[")[0], status, said) == (address, "fail", when)
    assert off(whole) == off(plain)
    assert whole.report["summary"]["branches"] == "all"
    assert (plain.status, whole.status) == (0, 1)


FIXED: dict[str, dict[str, str]] = {
    "a literal": {"main.tf": group("count = 0")},
    "a value that is given": {
        "main.tf": CREATE + group("count = var.create ? 1 : 0"),
        "terraform.tfvars": "create = false",
    },
    "a default of a module that is called": {
        "main.tf": 'module "web" {\n  source = "./web"\n}\n',
        "web/main.tf": CREATE + group("count = var.create ? 1 : 0"),
    },
}


@pytest.mark.parametrize("case", FIXED)
def test_what_no_input_switches_off_is_not_there_in_any_branch(case: str, tmp_path: Path) -> None:
    write(tmp_path, FIXED[case])
    for one in both(tmp_path):
        assert (off(one), found(one)) == ({}, [])


def test_a_module_that_is_not_called_by_default_is_judged_with_what_is_off_in_it(
    tmp_path: Path,
) -> None:
    files = {
        "main.tf": CREATE
        + 'variable "ssh" {\n  default = false\n}\n'
        + 'module "web" {\n  source = "./web"\n  count = var.create ? 1 : 0\n  ssh = var.ssh\n}\n',
        "web/main.tf": 'variable "ssh" {}\n' + group("count = var.ssh ? 1 : 0"),
    }
    write(tmp_path, files)
    plain, whole = both(tmp_path)
    assert off(plain) == {"module.web": [("var.create", 2)]}
    when = "var.create is true and var.ssh is true"
    address = "module.web.aws_security_group.open"
    assert found(whole) == [(address, "fail", when)]


def test_blocks_of_a_list_that_is_empty_by_default(tmp_path: Path) -> None:
    block = """
  dynamic "ingress" {
    for_each = var.open ? [22] : []
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
"""
    text = 'variable "open" {\n  default = false\n}\nresource "aws_security_group" "web" {' + block
    write(tmp_path, {"main.tf": text})
    plain, whole = both(tmp_path)
    assert off(plain) == {"aws_security_group.web.ingress": [("var.open", 2)]}
    assert found(plain) == []
    assert found(whole) == [("aws_security_group.web", "fail", "var.open is true")]


def test_elements_of_unknown_content_are_undecided_and_name_the_input(tmp_path: Path) -> None:
    block = """
  dynamic "ingress" {
    for_each = var.cidrs
    content {
      protocol    = "tcp"
      from_port   = 22
      to_port     = 22
      cidr_blocks = [ingress.value]
    }
  }
}
"""
    text = 'variable "cidrs" {\n  default = []\n}\nresource "aws_security_group" "web" {' + block
    write(tmp_path, {"main.tf": text})
    plain, whole = both(tmp_path)
    assert list(off(plain)) == ["aws_security_group.web.ingress"]
    assert found(whole) == [("aws_security_group.web", "undecided", "var.cidrs is not empty")]
    (finding,) = whole.report["findings"]
    assert finding["missing"] == ["var.cidrs may have another value than its default"]


def test_what_is_found_by_default_is_found_as_well_in_all_branches(tmp_path: Path) -> None:
    text = (
        'variable "size" {\n  default = "small"\n}\n'
        'variable "admin" {\n  default = "0.0.0.0/0"\n}\n'
        'resource "aws_security_group" "always" {'
        + RULE.replace('["0.0.0.0/0"]', "[var.admin]")
        + group('count = var.admin == "" ? 1 : 0')
    )
    write(tmp_path, {"main.tf": text})
    plain, whole = both(tmp_path)
    (always,) = found(plain)
    assert always == ("aws_security_group.always", "fail", None)
    assert found(whole) == [
        always,
        ("aws_security_group.open[0]", "fail", 'var.admin is ""'),
    ]


def test_the_arms_of_conditionals_are_judged_with_what_goes_with_them(tmp_path: Path) -> None:
    text = (
        'variable "stage" {\n  default = "prod"\n}\n'
        'resource "aws_ebs_volume" "a" {\n  availability_zone = "a"\n'
        '  encrypted = var.stage == "dev" ? false : true\n}\n'
        'resource "aws_security_group" "web" {'
        + RULE.replace('["0.0.0.0/0"]', '[var.stage == "dev" ? "0.0.0.0/0" : "10.0.0.0/8"]')
    )
    write(tmp_path, {"main.tf": text})
    plain, whole = both(tmp_path)
    assert (plain.report["findings"], off(plain)) == ([], {})
    when = 'var.stage is "dev"'
    assert found(whole, "DATA001") == [("aws_ebs_volume.a", "fail", when)]
    assert found(whole) == [("aws_security_group.web", "fail", when)]
    [finding] = [one for one in whole.report["findings"] if one["check"] == "DATA001"]
    assert finding["confidence"] == "conditional"
    hops = [(hop["line"], hop["message"]) for hop in finding["evidence"]]
    assert (2, f"only when {when}") in hops


def test_a_condition_around_a_property(tmp_path: Path) -> None:
    resource = (
        "  Web:\n    Type: AWS::EC2::SecurityGroup"
        + TEMPLATE_RULE.replace("0.0.0.0/0", "!If [IsProduction, 0.0.0.0/0, 10.0.0.0/8]")
        + "  Disk:\n    Type: AWS::EC2::Volume\n    Properties:\n      AvailabilityZone: a\n"
        + "      Encrypted: !If [Both, false, true]\n"
    )
    write(tmp_path, {"main.yaml": PARAMETERS + resource})
    plain, whole = both(tmp_path)
    assert (plain.report["findings"], off(plain)) == ([], {})
    assert found(whole) == [("Web", "fail", 'parameter "Environment" is "production"')]
    when = 'parameter "Environment" is "production" and parameter "Ssh" is not "no"'
    assert found(whole, "DATA001") == [("Disk", "fail", when)]


def test_values_that_do_not_fit_an_input_are_not_tried(tmp_path: Path) -> None:
    text = (
        "Parameters:\n  Stage: {Type: String, Default: dev, AllowedValues: [dev, test]}\n"
        "Conditions:\n  Never: !Equals [!Ref Stage, production]\nResources:\n"
        "  Open:\n    Type: AWS::EC2::SecurityGroup\n    Condition: Never" + TEMPLATE_RULE
    )
    write(tmp_path, {"main.yaml": text})
    for one in both(tmp_path):
        assert found(one) == []


PARAMETERS = """\
Parameters:
  Environment: {Type: String, Default: dev}
  Ssh: {Type: String, Default: "no"}
Conditions:
  IsProduction: !Equals [!Ref Environment, production]
  HasSsh: !Not [!Equals [!Ref Ssh, "no"]]
  Both: !And [!Condition IsProduction, !Condition HasSsh]
Resources:
"""
TEMPLATES: dict[str, tuple[str, list[tuple[str, int]], str]] = {
    "a condition": (
        "IsProduction",
        [('parameter "Environment"', 2)],
        'parameter "Environment" is "production"',
    ),
    "a negation": ("HasSsh", [('parameter "Ssh"', 3)], 'parameter "Ssh" is not "no"'),
    "a condition of conditions": (
        "Both",
        [('parameter "Environment"', 2)],
        'parameter "Environment" is "production" and parameter "Ssh" is not "no"',
    ),
}


@pytest.mark.parametrize("case", TEMPLATES)
def test_conditions_that_defaults_decide(case: str, tmp_path: Path) -> None:
    condition, inputs, when = TEMPLATES[case]
    resource = f"  Open:\n    Type: AWS::EC2::SecurityGroup\n    Condition: {condition}"
    write(tmp_path, {"main.yaml": PARAMETERS + resource + TEMPLATE_RULE})
    plain, whole = both(tmp_path)
    assert (off(plain), found(plain)) == ({"Open": inputs}, [])
    assert found(whole) == [("Open", "fail", when)]
    given = scan(
        *(".", "--branches", "all", "--parameters", "Environment=dev", "--parameters", "Ssh=no"),
        cwd=tmp_path,
    )
    assert (off(given), found(given)) == ({}, [])


def test_a_nested_stack_that_is_not_created_by_default(tmp_path: Path) -> None:
    outer = (
        PARAMETERS
        + "  Inner:\n    Type: AWS::CloudFormation::Stack\n    Condition: IsProduction\n"
        + "    Properties: {TemplateURL: inner.yaml, Parameters: {Ssh: !Ref Ssh}}\n"
    )
    inner = (
        "Parameters:\n  Ssh: {Type: String}\n  Own: {Type: String, Default: dev}\n"
        'Conditions:\n  Open: !Equals [!Ref Ssh, "yes"]\n  Never: !Equals [!Ref Own, prod]\n'
        "Resources:\n  Open:\n    Type: AWS::EC2::SecurityGroup\n    Condition: Open"
        + TEMPLATE_RULE
        + "  Never:\n    Type: AWS::EC2::SecurityGroup\n    Condition: Never"
        + TEMPLATE_RULE
    )
    write(tmp_path, {"main.yaml": outer, "inner.yaml": inner})
    plain, whole = both(tmp_path)
    # What nothing creates is judged by itself as well, with its own defaults.
    own = {"Never": [('parameter "Own"', 3)]}
    assert off(plain) == own | {"Inner": [('parameter "Environment"', 2)]}
    when = 'parameter "Environment" is "production" and parameter "Ssh" is "yes"'
    assert found(whole) == [("Inner/Open", "fail", when)]


def test_reach_judges_all_branches_as_well(tmp_path: Path) -> None:
    text = (
        CREATE
        + 'resource "aws_instance" "web" {\n  count = var.create ? 1 : 0\n'
        + "  vpc_security_group_ids = [aws_security_group.open.id]\n}\n"
        + group("")
    )
    write(tmp_path, {"main.tf": text})
    asked = ("reach", ".", "--port", "tcp/22", "--format", "json")
    plain = run(*asked, cwd=tmp_path)
    whole = run(*asked, "--branches", "all", cwd=tmp_path)
    assert plain.report["workloads"] == []
    (row,) = whole.report["workloads"]
    assert (row["resource"], row["verdict"]) == ("aws_instance.web", "reachable")
    assert row["evidence"][-1]["message"] == "only when var.create is true"


def test_the_text_names_what_is_off(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": CREATE + group("count = var.create ? 1 : 0")})
    words = run("scan", ".", cwd=tmp_path).out
    assert "off         1 by defaults of inputs alone (--branches all judges them)" in words
    assert "aws_security_group.open: var.create (main.tf:2:3)" in words
    words = run("scan", ".", "--branches", "all", cwd=tmp_path).out
    assert "1 by defaults of inputs alone (judged all the same)" in words


def test_a_default_that_is_not_used_is_no_error_because_of_others(tmp_path: Path) -> None:
    text = CREATE + 'variable "unused" {\n  type    = number\n  default = "x"\n}\n'
    write(tmp_path, {"main.tf": text + group("count = var.create ? 1 : 0")})
    for one in both(tmp_path):
        assert one.errors == []
