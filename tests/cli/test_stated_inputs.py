"""``inputs`` of a configuration: what people say of what the files leave open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.program import Run, run, scan, write
from tests.cli.test_known_facts import PUBLIC

if TYPE_CHECKING:
    from pathlib import Path

GROUP = """\
resource "aws_security_group" "g" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [{}]
  }}
}}
"""
VARIABLE = 'variable "admin" {}\n' + GROUP.format("var.admin")
TEMPLATE = """\
Parameters:
  Admin: {Type: String}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ssh
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: VALUE}
"""
REFERS = TEMPLATE.replace("VALUE", "!Ref Admin")
STATE = 'data "terraform_remote_state" "net" {\n  backend = "s3"\n}\n'
READ = "data.terraform_remote_state.net.outputs"
MODULE = 'module "net" {\n  source = "example.com/net/aws"\n}\n'


def looked(tmp_path: Path, files: dict[str, str], configuration: str, *more: str) -> Run:
    write(tmp_path, {**files, ".iac-ec2lint.yaml": configuration})
    return scan(".", "--select", "SG001", *more, cwd=tmp_path)


def found(ended: Run) -> list[str]:
    return [one["status"] for one in ended.report["findings"]]


PLACES = {
    "variable": (VARIABLE, "var.admin"),
    "output of a state": (STATE + GROUP.format(f"{READ}.cidr"), f"{READ}.cidr"),
    "member of one": (STATE + GROUP.format(f"{READ}.vpcs.a.cidr"), f"{READ}.vpcs.a.cidr"),
    "what holds it": (STATE + GROUP.format(f"{READ}.cidr"), f"{READ}", "{cidr: VALUE}"),
    "output of a module": (MODULE + GROUP.format("module.net.cidr"), "module.net.cidr"),
    "attribute": (
        'data "aws_ssm_parameter" "ours" {}\n' + GROUP.format("data.aws_ssm_parameter.ours.value"),
        "data.aws_ssm_parameter.ours.value",
    ),
    "instances": (
        'data "aws_ssm_parameter" "a" {\n  count = 2\n}\n'
        + GROUP.format("data.aws_ssm_parameter.a[1].value"),
        "data.aws_ssm_parameter.a.value",
    ),
    "pattern": (VARIABLE, '"var.*"'),
    "local value": (
        'variable "ips" {}\nlocals {\n  all = [for one in var.ips : one]\n}\n'
        + GROUP.format("local.all...").replace("[local.all...]", "local.all"),
        "var.ips",
        "[VALUE]",
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("value", "expected"), [("0.0.0.0/0", ["fail"]), ("10.0.0.0/8", [])])
def test_a_value_that_is_stated_decides(
    tmp_path: Path, place: str, value: str, expected: list[str]
) -> None:
    text, key, *shape = PLACES[place]
    written = (shape[0] if shape else "VALUE").replace("VALUE", f'"{value}"')
    assert found(looked(tmp_path, {"main.tf": text}, "")) == ["undecided"]
    ended = looked(tmp_path, {"main.tf": text}, f"inputs:\n  {key}: {written}\n")
    assert (ended.errors, found(ended)) == ([], expected)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("!Ref Admin", "Admin"),
        ("!ImportValue net-cidr", "export:net-cidr"),
        ("!GetAtt Own.Range", "Own.Range"),
    ],
)
def test_so_it_does_in_templates(tmp_path: Path, value: str, key: str) -> None:
    own = "  Own: {Type: Custom::Own, Properties: {ServiceToken: arn}}\n"
    files = {"t.yaml": TEMPLATE.replace("VALUE", value) + own}
    assert found(looked(tmp_path, files, "")) == ["undecided"]
    assert found(looked(tmp_path, files, f"inputs: {{'{key}': 0.0.0.0/0}}\n")) == ["fail"]
    assert found(looked(tmp_path, files, f"inputs: {{'{key}': 10.0.0.0/8}}\n")) == []


def test_the_region_of_a_template_chooses_from_its_mappings(tmp_path: Path) -> None:
    regions = [f"us-west-{at}" for at in range(20)]  # more than are tried
    rows = "".join(f"    {one}: {{Cidr: 10.0.0.0/8}}\n" for one in regions)
    mapping = f"Mappings:\n  ByRegion:\n{rows}    eu-west-1: {{Cidr: 0.0.0.0/0}}\n"
    find = "!FindInMap [ByRegion, !Ref AWS::Region, Cidr]"
    files = {"t.yaml": mapping + TEMPLATE.replace("VALUE", find)}
    [finding] = looked(tmp_path, files, "").report["findings"]
    assert (finding["status"], [one["key"] for one in finding["inputs"]]) == (
        "undecided",
        ["AWS::Region"],
    )
    assert found(looked(tmp_path, files, "inputs: {'AWS::Region': eu-west-1}\n")) == ["fail"]
    assert found(looked(tmp_path, files, "inputs: {'AWS::Region': us-west-1}\n")) == []
    ended = looked(tmp_path, files, "inputs: {'*': 0.0.0.0/0}\n")  # of others
    assert (ended.errors, found(ended)) == ([], ["undecided"])


def test_what_rests_on_it_is_assumed_and_says_where_it_is_written(tmp_path: Path) -> None:
    volume = 'resource "aws_ebs_volume" "v" {\n  size      = 1\n  encrypted = var.admin\n}\n'
    text = f'variable "admin" {{}}\n{volume}'
    configuration = "\ninputs: {var.admin: false}\n"
    write(tmp_path, {"main.tf": text, ".iac-ec2lint.yaml": configuration})
    [finding] = scan(".", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert (finding["status"], finding["path"]) == ("fail", "main.tf")
    assert finding["confidence"] == "assumed"
    hops = {(hop["path"], hop["line"], hop["message"]) for hop in finding["evidence"]}
    words = "assumed: value that the configuration states for var.admin"
    assert (".iac-ec2lint.yaml", 2, words) in hops


SAID = "inputs: {var.admin: 10.0.0.0/8}\n"
OPEN = 'admin = "0.0.0.0/0"\n'


@pytest.mark.parametrize(
    ("files", "configuration", "arguments", "expected"),
    [
        ({"main.tf": VARIABLE}, SAID, (), []),
        ({"main.tf": VARIABLE, "terraform.tfvars": OPEN}, SAID, (), ["fail"]),
        ({"main.tf": VARIABLE}, SAID, ("--var", "admin=0.0.0.0/0"), ["fail"]),
        ({"main.tf": VARIABLE}, f"{SAID}variables: {{admin: 0.0.0.0/0}}\n", (), ["fail"]),
        (
            {"main.tf": VARIABLE.replace("{}", '{\n  default = "0.0.0.0/0"\n}')},
            SAID,
            (),
            [],
        ),
        (
            {"main.tf": VARIABLE},
            "inputs: {var.admin: 0.0.0.0/0, 'var.*': 10.0.0.0/8}",
            (),
            ["fail"],
        ),
        (
            {"main.tf": VARIABLE},
            f"{SAID}roots: [{{path: '*', inputs: {{var.admin: 0.0.0.0/0}}}}]\n",
            (),
            ["fail"],
        ),
        ({"main.tf": VARIABLE}, "inputs: {var.admin: null}\n", (), ["undecided"]),
        (
            {"t.yaml": REFERS},
            "inputs: {Admin: 10.0.0.0/8}",
            (),
            [],
        ),
        (
            {"t.yaml": REFERS},
            "inputs: {Admin: 10.0.0.0/8}",
            ("--parameters", "Admin=0.0.0.0/0"),
            ["fail"],
        ),
    ],
)
def test_what_counts_of_several(
    tmp_path: Path,
    files: dict[str, str],
    configuration: str,
    arguments: tuple[str, ...],
    expected: list[str],
) -> None:
    assert found(looked(tmp_path, files, configuration, *arguments)) == expected


def test_each_root_module_and_template_has_its_own(tmp_path: Path) -> None:
    files = {
        "envs/a/main.tf": VARIABLE,
        "envs/b/main.tf": VARIABLE,
        "t.yaml": REFERS,
    }
    text = """\
roots:
  - {path: envs/a, inputs: {var.admin: 0.0.0.0/0}}
templates:
  - {path: "*.yaml", inputs: {Admin: 0.0.0.0/0}}
"""
    statuses = {
        one["path"]: one["status"] for one in looked(tmp_path, files, text).report["findings"]
    }
    assert statuses == {"envs/a/main.tf": "fail", "envs/b/main.tf": "undecided", "t.yaml": "fail"}


@pytest.mark.parametrize(
    ("configuration", "more", "line"),
    [
        ("inputs:\n  var.admn: 10.0.0.0/8\n", {}, 2),
        ("inputs:\n  var.admin: 10.0.0.0/8\n", {"terraform.tfvars": OPEN}, 2),
        ("inputs:\n  var.admin: 10.0.0.0/8\n", {}, None),
    ],
)
def test_what_nothing_takes_is_said(
    tmp_path: Path, configuration: str, more: dict[str, str], line: int | None
) -> None:
    notes = looked(tmp_path, {"main.tf": VARIABLE, **more}, configuration).report["notes"]
    told = [(n["path"], n["line"]) for n in notes if n["name"] == "input"]
    assert told == ([] if line is None else [(".iac-ec2lint.yaml", line)])


def test_a_value_of_another_type_is_an_error_at_its_line(tmp_path: Path) -> None:
    typed = VARIABLE.replace("{}", "{\n  type = number\n}")
    ended = looked(tmp_path, {"main.tf": typed}, "\ninputs: {var.admin: many}\n")
    [error] = ended.errors
    assert (error["path"], error["line"]) == (".iac-ec2lint.yaml", 2)
    assert 'the value of variable "admin" does not fit' in error["message"]
    assert ended.status == 3


def test_a_value_that_is_not_a_number_is_an_error_at_its_line(tmp_path: Path) -> None:
    table = "[tool.iac-ec2lint]\ninputs = {'var.admin' = nan}\n"
    write(tmp_path, {"main.tf": VARIABLE, "pyproject.toml": table})
    ended = scan(".", "--select", "SG001", cwd=tmp_path)
    assert [(one["path"], one["line"]) for one in ended.errors] == [("pyproject.toml", 2)]
    assert found(ended) == ["undecided"]


def test_a_sensitive_one_is_in_no_output(tmp_path: Path) -> None:
    hidden = VARIABLE.replace("{}", "{\n  sensitive = true\n}")
    write(tmp_path, {"main.tf": hidden, ".iac-ec2lint.yaml": "inputs: {var.admin: 203.0.113.77/0}"})
    for form in ("text", "json"):
        out = run("scan", ".", "--select", "SG001", "-v", "-f", form, cwd=tmp_path).out
        assert "203.0.113.77" not in out


FORBIDDEN = {
    "inputs: {var.admin: 10.0.0.0/8}\n": "inputs",
    "variables: {admin: 10.0.0.0/8}\n": "variables",
    "roots: [{path: '*', inputs: {var.admin: 10.0.0.0/8}}]\n": "inputs",
    "variable-files: [prod.tfvars]\n": "variable-files",
}


@pytest.mark.parametrize("configuration", FORBIDDEN)
def test_a_policy_can_forbid_it(tmp_path: Path, configuration: str) -> None:
    files = {"main.tf": VARIABLE, "prod.tfvars": 'admin = "10.0.0.0/8"\n'}
    policy = write(tmp_path / "team", {"policy.yaml": "forbid: {inputs: true}\n"}) / "policy.yaml"
    assert found(looked(tmp_path / "r", files, configuration)) == []
    ended = looked(tmp_path / "r", files, configuration, "--policy-config", str(policy))
    assert found(ended) == ["undecided"]
    [error] = ended.errors
    assert error["message"] == "the policy does not let this configuration give inputs values"


def test_what_a_policy_states_itself_counts(tmp_path: Path) -> None:
    text = "forbid: {inputs: true}\ninputs: {var.admin: 0.0.0.0/0}\n"
    policy = write(tmp_path / "team", {"policy.yaml": text}) / "policy.yaml"
    ended = looked(tmp_path / "r", {"main.tf": VARIABLE}, "", "--policy-config", str(policy))
    assert found(ended) == ["fail"]


def test_another_root_that_is_read_by_its_state_has_what_is_said_of_it(tmp_path: Path) -> None:
    backend = 'bucket = "b"\n    key    = "net"\n    region = "eu-west-1"\n'
    files = {
        "net/main.tf": f'terraform {{\n  backend "s3" {{\n    {backend}  }}\n}}\n'
        'data "aws_ssm_parameter" "range" {}\n'
        'output "cidr" {\n  value = data.aws_ssm_parameter.range.value\n}\n',
        "app/main.tf": 'data "terraform_remote_state" "net" {\n  backend = "s3"\n'
        f"  config = {{\n    {backend}  }}\n}}\n" + GROUP.format(f"{READ}.cidr"),
    }
    assert found(looked(tmp_path, files, "")) == ["undecided"]
    said = "inputs: {data.aws_ssm_parameter.range.value: 0.0.0.0/0}\n"
    assert found(looked(tmp_path, files, said)) == ["fail"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (MODULE + GROUP.format("module.net.cidrs.b"), "module.net.cidrs"),
        (MODULE + GROUP.format('module.net.cidrs["b"]'), "module.net.cidrs"),
        ('variable "m" {}\n' + GROUP.format('var.m["b"]'), "var.m"),
    ],
)
def test_what_is_not_said_of_an_object_stays_unknown(tmp_path: Path, text: str, key: str) -> None:
    said = f"inputs: {{{key}: {{a: 10.0.0.0/8}}}}\n"
    ended = looked(tmp_path, {"main.tf": text}, said)
    assert (ended.errors, found(ended)) == ([], ["undecided"])
    [finding] = ended.report["findings"]
    assert [one["key"] for one in finding["inputs"]] == [key]
    said = f"inputs: {{{key}: {{a: 10.0.0.0/8, b: 0.0.0.0/0}}}}\n"
    assert found(looked(tmp_path, {"main.tf": text}, said)) == ["fail"]


REACHED = PUBLIC.replace('["0.0.0.0/0"]', "[var.admin]") + 'variable "admin" {}\n'


@pytest.mark.parametrize("common", [True, False], ids=["for all", "for one root"])
def test_other_commands_answer_with_what_a_scan_is_told_and_say_so(
    tmp_path: Path, *, common: bool
) -> None:
    said = "inputs: {var.admin: 0.0.0.0/0}\n"
    own = "roots:\n  - {path: envs/prod, inputs: {var.admin: 0.0.0.0/0}}\n"
    write(tmp_path, {"envs/prod/main.tf": REACHED, ".iac-ec2lint.yaml": said if common else own})
    line = 1 if common else 2
    stated = [{"key": "var.admin", "path": ".iac-ec2lint.yaml", "line": line}]

    def told(command: str, *more: str) -> Any:
        ended = run(command, "envs", "--format", "json", *more, cwd=tmp_path)
        answer = json.loads(ended.out)
        assert answer["stated"] == stated
        return answer

    [unit] = told("values")["units"]
    assert unit["values"]["var.admin"] == {
        "value": "0.0.0.0/0",
        "path": "envs/prod/main.tf",
        "line": 38,
        "stated": [{"path": ".iac-ec2lint.yaml", "line": line}],
    }
    [row] = told("reach")["workloads"]
    assert (row["verdict"], row["confidence"]) == ("reachable", "assumed")
    assert any(f".iac-ec2lint.yaml:{line}" in one for one in row["assumptions"])
    edges = told("graph")["edges"]
    assert [one["certain"] for one in edges if one["relation"] == "reaches"] == [True]
    assert told("graph", "--attack")["units"]
    assert told("cut", "--severity", "low")["paths"] > 0
    words = "1 thing taken as said in .iac-ec2lint.yaml: var.admin"
    for command in ("values", "reach", "cut"):
        assert words in run(command, "envs", cwd=tmp_path).out
    assert words in run("graph", "envs", cwd=tmp_path).err


def test_an_error_of_the_configuration_is_one_of_every_answer(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": VARIABLE, ".iac-ec2lint.yaml": "inptus: {var.admin: 1}\n"})
    for command in ("values", "reach", "cut", "graph"):
        ended = run(command, ".", cwd=tmp_path)
        assert (ended.status, ".iac-ec2lint.yaml:1" in ended.err) == (3, True), command
        policy = run(command, ".", "--no-config", cwd=tmp_path)
        assert policy.status == 0, command
