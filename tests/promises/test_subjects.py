"""What identifies a finding: the unit, the resource that is judged, and what is wrong with it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.cli.program import run, write
from tests.invariance.corpus import Case, native_cases, template_cases
from tests.invariance.json_spelling import in_json_syntax
from tests.invariance.projects import Project, scan_project
from tests.invariance.template_spelling import as_json, as_short_yaml, data_of

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Subject
from iac_ec2lint.engine.judgement import identity

pytestmark = pytest.mark.slow

GROUP = """\
resource "aws_security_group" "web" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
TEMPLATE = """\
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
"""
HOST = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "gateway" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gateway.id
  }
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
resource "aws_security_group" "game" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 7777
    to_port     = 7777
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "one" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.game.id]
}
"""
"""A host that the internet reaches: PATH003."""
CALL = 'module "m" {\n  source = "../m"\n}\n'
PLANS = Path(__file__).parents[1] / "plans"


def found(project: Project, code: str) -> list[Finding]:
    report = scan_project(project, select=(code,))
    assert not report.errors
    return [finding for finding in report.findings if finding.status == "fail"]


def subjects(project: Project, code: str) -> set[Subject]:
    return {subject for finding in found(project, code) for subject in finding.subjects}


def of(project: Project, code: str) -> set[str]:
    return {finding.fingerprint for finding in found(project, code)}


@pytest.mark.parametrize(
    ("name", "text", "units"),
    [
        ("{}/main.tf", GROUP, ["dev", "prod"]),
        ("{}/t.yaml", TEMPLATE, ["dev/t.yaml", "prod/t.yaml"]),
    ],
)
def test_equal_addresses_of_two_units_differ(name: str, text: str, units: list[str]) -> None:
    both = found({name.format("dev"): text, name.format("prod"): text}, "SG001")
    assert [finding.subjects[0].unit for finding in both] == units
    assert len({finding.fingerprint for finding in both}) == 2


def test_each_unit_that_uses_a_module_is_a_subject() -> None:
    project = {"dev/main.tf": CALL, "prod/main.tf": CALL, "m/main.tf": GROUP}
    (both,) = found(project, "SG001")
    assert [s.unit for s in both.subjects] == ["dev", "prod"]
    assert {s.address for s in both.subjects} == {"module.m.aws_security_group.web"}
    alone = [
        subject
        for unit in ("dev", "prod")
        for subject in subjects({f"{unit}/main.tf": CALL, "m/main.tf": GROUP}, "SG001")
    ]
    assert list(both.subjects) == alone
    assert both.fingerprint == identity(both.subjects)
    assert both.fingerprint not in {subject.fingerprint for subject in alone}


@pytest.mark.parametrize(
    "after",
    [
        {"other.tf": GROUP},
        {"main.tf": f"\n\n# moved\n{GROUP}"},
        {"main.tf": GROUP.replace("\n", "\r\n")},
        {"main.tf": re.sub(r" += ", "=", GROUP)},
        {"main.tf": GROUP.replace("  ", "\t")},
        {"main.tf": GROUP.replace('"tcp"', "6").replace("= 22", '= "22"')},
        {"main.tf": f'resource "aws_vpc" "before" {{}}\n{GROUP}'},
        {
            "main.tf": GROUP.replace(
                "  ingress", '  ingress {\n    protocol = "udp"\n    self = true\n  }\n  ingress'
            )
        },
        in_json_syntax({"main.tf": GROUP}),
    ],
)
def test_it_stays_the_same_however_it_is_written(after: Project) -> None:
    assert of(after, "SG001") == of({"main.tf": GROUP}, "SG001")


def _of_all(project: Project, select: tuple[str, ...]) -> set[str]:
    """Of all findings but those of several rules together, which are at the first of them."""
    report = scan_project(project, select=select)
    assert not report.errors
    return {
        finding.fingerprint
        for finding in report.findings
        if not any(hop.message.endswith("takes part") for hop in finding.evidence)
    }


@pytest.mark.parametrize("case", native_cases(), ids=str)
def test_json_syntax_is_the_same_configuration(case: Case) -> None:
    if not any(name.endswith(".tf") for name in case.project):
        return
    rewritten = in_json_syntax(case.project)
    assert _of_all(rewritten, case.own_checks) == _of_all(case.project, case.own_checks)


@pytest.mark.parametrize("case", template_cases(), ids=str)
def test_each_way_to_write_a_template_is_the_same(case: Case) -> None:
    [name] = case.project
    written = [as_json(data_of(case.text))]
    if not name.endswith(".json"):
        written.append(as_short_yaml(data_of(case.text)))
    before = _of_all(case.project, case.own_checks)
    for text in written:
        assert _of_all({name: text}, case.own_checks) == before


@pytest.mark.parametrize("hop", ["public", "gateway", "main"])
def test_a_path_is_the_same_through_other_hops(hop: str) -> None:
    after = re.sub(rf"\b{hop}\b(?=[\".])", "another", HOST)
    assert after != HOST
    assert of({"main.tf": after}, "PATH003") == of({"main.tf": HOST}, "PATH003")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("aws_security_group.game", "aws_security_group.other"),
        ("aws_instance.one", "aws_instance.two"),
        ("= 7777", "= 7778"),
    ],
)
def test_a_path_is_another_from_another_entry_or_to_another_end(before: str, after: str) -> None:
    text = HOST.replace(before, after)
    if "." in before:
        (kind, old), (_, new) = before.split("."), after.split(".")
        text = text.replace(f'"{kind}" "{old}"', f'"{kind}" "{new}"')
    assert len(of({"main.tf": text}, "PATH003")) == 1
    assert not of({"main.tf": text}, "PATH003") & of({"main.tf": HOST}, "PATH003")


def test_a_new_host_behind_an_old_rule_adds_one_subject() -> None:
    start = HOST.index('resource "aws_instance"')
    more = HOST + HOST[start:].replace('"one"', '"two"')
    before, after = subjects({"main.tf": HOST}, "PATH003"), subjects({"main.tf": more}, "PATH003")
    assert len(found({"main.tf": more}, "PATH003")) == 1
    assert before < after
    assert [subject.address for subject in after - before] == ["aws_instance.two"]


@pytest.mark.parametrize("case", ["module_for_each", "one_module", "count_and_dynamic"])
def test_a_plan_is_identified_by_the_root_module_that_it_was_made_from(
    case: str, tmp_path: Path
) -> None:
    shutil.copytree(PLANS / case, tmp_path / "live")
    plan = tmp_path / "live" / "plan.json"

    def all_subjects(path: Path) -> set[Subject]:
        report = scan(ScanOptions(paths=(path,), working=tmp_path, boundary=tmp_path))
        return {subject for finding in report.findings for subject in finding.subjects}

    planned = all_subjects(plan)
    plan.rename(tmp_path / "plan.json")
    assert planned
    assert planned == all_subjects(tmp_path / "live")
    shutil.rmtree(tmp_path / "live")
    alone = all_subjects(tmp_path / "plan.json")
    assert {subject.unit for subject in alone} == {"plan.json"}
    assert {subject.address for subject in alone} == {subject.address for subject in planned}


def test_every_format_of_data_has_all_subjects(tmp_path: Path) -> None:
    write(tmp_path, {"dev/main.tf": CALL, "prod/main.tf": CALL, "m/main.tf": GROUP})
    asked = ("scan", ".", "--select", "SG001", "--format")
    (finding,) = run(*asked, "json", cwd=tmp_path).report["findings"]
    log = json.loads(run(*asked, "sarif", cwd=tmp_path).out)
    (result,) = log["runs"][0]["results"]
    assert [one["unit"] for one in finding["subjects"]] == ["dev", "prod"]
    assert result["properties"]["subjects"] == finding["subjects"]
    assert result["partialFingerprints"]["primaryLocationLineHash"] == finding["fingerprint"]


def test_a_subject_can_be_asked_for_by_its_own_fingerprint(tmp_path: Path) -> None:
    write(tmp_path, {"dev/main.tf": CALL, "prod/main.tf": CALL, "m/main.tf": GROUP})
    (finding,) = run("scan", ".", "--select", "SG001", "--format", "json", cwd=tmp_path).report[
        "findings"
    ]
    for one in finding["subjects"]:
        done = run("graph", ".", "--finding", one["fingerprint"], cwd=tmp_path)
        assert done.status == 0, done.err
