"""What an input without a value chooses among what is written."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.cli.program import Run, scan, write

from iac_ec2lint.answers.scan import ScanOptions
from iac_ec2lint.answers.scan import scan as judge
from iac_ec2lint.answers.units import Job, Survey, UnitGraph
from iac_ec2lint.engine.other_inputs.written_arms import ARMS
from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.language.scope import HANDLERS, Scope
from iac_ec2lint.values import Val

GROUP = """
variable "{name}" {{
  type = bool
}}
resource "aws_security_group" "{name}" {{
  ingress {{
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.{name} ? "0.0.0.0/0" : "10.0.0.0/8"]
  }}
}}
"""
TEMPLATE = """\
Parameters:
  Stage: {Type: String}
Conditions:
  IsOpen: !Equals [!Ref Stage, dev]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: open in one stage
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !If [IsOpen, 0.0.0.0/0, 10.0.0.0/8]
"""


def found(folder: Path, *arguments: str) -> list[tuple[str, str, str | None]]:
    ended: Run = scan(".", "--select", "SG001", *arguments, cwd=folder)
    assert ended.errors == []
    findings = ended.report["findings"]
    return [(one["subject"], one["status"], one["when"]) for one in findings]


def test_what_is_beyond_the_bound_stays_undecided(tmp_path: Path) -> None:
    names = [f"g{number}" for number in range(ARMS // 2 + 1)]
    write(tmp_path, {"main.tf": "".join(GROUP.format(name=name) for name in names)})
    *decided, (_, status, when) = sorted(found(tmp_path))
    assert (status, when) == ("undecided", None)
    assert decided == [
        (f"aws_security_group.{name}", "fail", f"var.{name} is true") for name in names[:-1]
    ]


def test_arms_take_no_more_than_the_budget_has_and_bound_nothing_else(tmp_path: Path) -> None:
    text = GROUP.format(name="open").replace("= 22", "= length(local.all) - 118")
    work = "locals {\n  all = [for a in range(140) : [for b in range(140) : b]]\n}\n"
    write(tmp_path, {"main.tf": text + work})
    (enough,) = found(tmp_path, "--budget", "2000000")
    assert enough[1:] == ("fail", "var.open is true")
    (less,) = found(tmp_path, "--budget", "500000")  # for once, and not for twice
    assert less[1:] == ("undecided", None)


def test_the_value_that_is_given_decides(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GROUP.format(name="open")})
    group = "aws_security_group.open"
    assert found(tmp_path) == [(group, "fail", "var.open is true")]
    assert found(tmp_path, "--var", "open=true") == [(group, "fail", None)]
    assert found(tmp_path, "--var", "open=false") == []


MODULE = """
variable "open" {}
resource "aws_security_group" "group" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.open ? "0.0.0.0/0" : "10.0.0.0/8"]
  }
}
"""
CALLS = """
variable "p" {
  type = bool
}
variable "q" {
  type = bool
}
module "one" {
  source = "./m"
  open   = var.p
}
module "two" {
  source = "./m"
  open   = !var.q
}
module "never_both" {
  source = "./m"
  count  = var.p ? 0 : 1
  open   = var.p
}
"""


def test_each_call_of_a_module_hangs_on_its_own_input(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": CALLS, "m/main.tf": MODULE})
    (finding,) = scan(".", "--select", "SG001", cwd=tmp_path).report["findings"]
    assert (finding["status"], finding["when"]) == ("fail", "var.p is true or var.q is false")
    names = [f"module.{name}.aws_security_group.group" for name in ("one", "two")]
    assert finding["resources"] == names


def test_each_nested_stack_hangs_on_its_own_parameter(tmp_path: Path) -> None:
    text = "Parameters:\n  Own: {Type: String}\n  Other: {Type: String}\nResources:\n"
    for name, parameter in (("A", "Own"), ("B", "Other")):
        text += f"  {name}:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
        text += f"      TemplateURL: inner.yaml\n      Parameters: {{Stage: !Ref {parameter}}}\n"
    write(tmp_path, {"main.yaml": text, "inner.yaml": TEMPLATE})
    (finding,) = scan(".", "--select", "SG001", cwd=tmp_path).report["findings"]
    assert finding["resources"] == ["A/Group", "B/Group"]
    assert finding["when"] == 'parameter "Own" is "dev" or parameter "Other" is "dev"'


def test_the_condition_is_said_in_the_evidence_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"main.yaml": TEMPLATE})
    (finding,) = scan(".", "--select", "SG001", cwd=tmp_path).report["findings"]
    when = 'parameter "Stage" is "dev"'
    assert finding["when"] == when
    assert (4, f"only when {when}") in [
        (hop["line"], hop["message"]) for hop in finding["evidence"]
    ]
    assert finding["missing"] == []


def test_a_suppression_accepts_what_an_arm_comes_to(tmp_path: Path) -> None:
    comment = "# ec2lint:ignore=SG001 open in tests\n          CidrIp"
    write(tmp_path, {"main.yaml": TEMPLATE.replace("CidrIp", comment)})
    assert found(tmp_path) == [("Group", "suppressed", 'parameter "Stage" is "dev"')]


def test_a_condition_on_a_secret_does_not_say_it(tmp_path: Path) -> None:
    hidden = "staple-of-correct-horses"
    text = GROUP.format(name="open").replace("= bool", "= string\n  sensitive = true")
    text = text.replace("var.open ?", f'var.open == sensitive("{hidden}") ?')
    write(tmp_path, {"main.tf": text})
    ended = scan(".", "--select", "SG001", cwd=tmp_path)
    assert [finding["status"] for finding in ended.report["findings"]] != []
    assert hidden not in ended.out


NAMES = ("p", "q", "r")
OPEN, CLOSED = "0.0.0.0/0", "10.0.0.0/8"
# Conditions, as each language spells them.
SPELLED = {
    "P": ("var.p", "!Equals [!Ref p, 'true']"),
    "NotQ": ("!var.q", "!Not [!Equals [!Ref q, 'true']]"),
    "PAndQ": ("var.p && var.q", "!And [!Condition P, !Equals [!Ref q, 'true']]"),
    "POrR": ("var.p || var.r", "!Or [!Condition P, !Equals [!Ref r, 'true']]"),
}


class Choice:
    """A tree of choices between two values, as each language spells it."""

    def __init__(self, random: Random, values: tuple[str, str], depth: int) -> None:
        self.value = "" if depth else random.choice(values)
        if depth:
            self.condition = random.choice(tuple(SPELLED))
            self.arms = [
                Choice(random, values, random.choice((0, depth - 1))) for _ in (True, False)
            ]

    def terraform(self) -> str:
        if self.value:
            return f'"{self.value}"'
        then, otherwise = (arm.terraform() for arm in self.arms)
        return f"({SPELLED[self.condition][0]} ? {then} : {otherwise})"

    def template(self) -> str:
        if self.value:
            return self.value
        then, otherwise = (arm.template() for arm in self.arms)
        return f"!If [{self.condition}, {then}, {otherwise}]"


def choices(seed: int) -> list[tuple[Choice, Choice, str]]:
    """For some groups a range, a port, and a condition on which the group is there."""
    random = Random(seed)  # noqa: S311 - the same each time
    return [
        (
            Choice(random, (OPEN, CLOSED), random.choice((1, 2))),
            Choice(random, ("22", "443"), random.choice((0, 1))),
            random.choice((*SPELLED, "")),
        )
        for _ in range(3)
    ]


def terraform(groups: list[tuple[Choice, Choice, str]]) -> str:
    text = "".join(f'variable "{name}" {{\n  type = bool\n}}\n' for name in NAMES)
    for number, (cidr, port, there) in enumerate(groups):
        count = f"count = {SPELLED[there][0]} ? 1 : 0\n  " if there else ""
        text += f"""
resource "aws_security_group" "g{number}" {{
  {count}ingress {{
    protocol    = "tcp"
    from_port   = {port.terraform()}
    to_port     = {port.terraform()}
    cidr_blocks = [{cidr.terraform()}]
  }}
}}
"""
    return text


def template(groups: list[tuple[Choice, Choice, str]]) -> str:
    text = "Parameters:\n" + "".join(f"  {name}: {{Type: String}}\n" for name in NAMES)
    text += "Conditions:\n" + "".join(f"  {n}: {words}\n" for n, (_, words) in SPELLED.items())
    text += "Resources:\n"
    for number, (cidr, port, there) in enumerate(groups):
        condition = f"    Condition: {there}\n" if there else ""
        text += f"""\
  g{number}:
    Type: AWS::EC2::SecurityGroup
{condition}    Properties:
      GroupDescription: one of several
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: {port.template()}
          ToPort: {port.template()}
          CidrIp: {cidr.template()}
"""
    return text


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("language", ["terraform", "template"])
def test_what_is_said_of_arms_is_what_each_deployment_has(
    tmp_path: Path, seed: int, language: str
) -> None:
    groups = choices(seed)
    if language == "terraform":
        write(tmp_path, {"main.tf": terraform(groups)})
    else:
        write(tmp_path, {"main.yaml": template(groups)})
    option = "--var" if language == "terraform" else "--parameters"
    said: dict[str, set[tuple[str, bool]]] = {}
    for subject, status, when in found(tmp_path):
        said.setdefault(named(subject), set()).add((status, when is not None))
    failing: dict[str, int] = {}
    for values in product(("true", "false"), repeat=len(NAMES)):
        given = [f"{name}={value}" for name, value in zip(NAMES, values, strict=True)]
        pairs = [word for one in given for word in (option, one)]
        for subject in {named(subject) for subject, _, _ in found(tmp_path, *pairs)}:
            failing[subject] = failing.get(subject, 0) + 1
    for number in range(len(groups)):
        group = f"g{number}"
        deployments, answers = failing.get(group, 0), said.get(group, set())
        assert bool(deployments) is bool(answers)
        assert {status for status, _ in answers} <= {"fail"}
        if ("fail", False) in answers:
            assert deployments == 2 ** len(NAMES)


def named(subject: str) -> str:
    return subject.removeprefix("aws_security_group.").partition("[")[0]


BY_STAGE = """
variable "stage" {{
  type = string
}}
locals {{
  stages = {{
    dev  = {{ office = "{dev}", other = 1 }}
    test = {{ other = 2 }}
    prod = {{ office = "192.0.2.0/28", other = 3 }}
  }}
}}
resource "aws_security_group" "office" {{
  ingress {{
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [{value}]
  }}
}}
"""
OFFICE = "local.stages[var.stage].office"


@pytest.mark.parametrize(
    ("dev", "value", "expected"),
    [
        ("198.51.100.0/28", OFFICE, []),
        ("0.0.0.0/0", OFFICE, [("fail", 'var.stage is "dev"')]),
        ("198.51.100.0/28", f'try({OFFICE}, "0.0.0.0/0")', [("undecided", None)]),
    ],
)
def test_an_arm_that_would_be_an_error_is_not_deployed(
    dev: str, value: str, expected: list[tuple[str, str | None]], tmp_path: Path
) -> None:
    write(tmp_path, {"main.tf": BY_STAGE.format(dev=dev, value=value)})
    assert [each[1:] for each in found(tmp_path)] == expected


def test_what_is_an_error_in_every_arm_stays_undecided(tmp_path: Path) -> None:
    text = BY_STAGE.format(dev="0.0.0.0/0", value=OFFICE.replace("office", "offices"))
    write(tmp_path, {"main.tf": text})
    assert [each[1] for each in found(tmp_path)] == ["undecided"]


COUNTED = """
variable "names" {
  type = list(string)
}
variable "stage" {
  type = string
}
locals {
  each    = { for name in var.names : name => name }
  is-prod = var.stage == "prod"
  is-test = var.stage == "test"
}
resource "aws_security_group" "group" {
  for_each = local.each
  ingress {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidr_blocks = [
      local.is-prod == true ? "0.0.0.0/0" : "10.1.0.0/16",
      local.is-test == true ? "0.0.0.0/0" : "10.2.0.0/16",
    ]
  }
}
"""


def test_an_arm_evaluates_once_and_only_what_may_be_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"main.tf": COUNTED})
    taken: list[list[str]] = []
    evaluated: list[str] = []
    graph, loop = Survey.graph, HANDLERS[tree.ForExpression]

    def counted_graph(self: Survey, job: Job, *arguments: Any, **named: Any) -> UnitGraph:
        made = graph(self, job, *arguments, **named)
        facts = made.unit.branches.taken
        taken.append(sorted(f"{one.what} {one.value} {one.holds}" for one in facts))
        return made

    def counted_loop(node: tree.ForExpression, scope: Scope) -> Val:
        evaluated.append(node.span.code)
        return loop(node, scope)

    monkeypatch.setattr(Survey, "graph", counted_graph)
    monkeypatch.setitem(HANDLERS, tree.ForExpression, counted_loop)
    found = judge(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("SG001",))).findings
    assert [(one.status.value, one.when) for one in found] == [
        ("fail", 'var.stage is "prod" and var.names is not empty'),
        ("fail", 'var.stage is not "prod" and var.stage is "test" and var.names is not empty'),
    ]
    prod, test = " var.stage str prod", " var.stage str test"
    # Where the stage is "prod" nobody need be asked whether it is "test".
    assert taken == [
        [],
        [f"{prod} True"],
        [f"{prod} False"],
        [f"{prod} False", f"{test} True"],
        [f"{prod} False", f"{test} False"],
    ]
    assert len(evaluated) == len(taken)
