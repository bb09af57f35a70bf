"""``iac-ec2lint ask``: the inputs that would decide most, and the lines that take the answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.cli.program import OPEN_SSH, run, scan, write

import iac_ec2lint

SCHEMA = Path(iac_ec2lint.__file__).parent / "report/undecided/ask.schema.json"
SELECT = ("--select", "SG001,SG002,SG003,DATA001")
RULES = """\
variable "admin" {}
variable "office" {}
variable "encrypted" {}
data "terraform_remote_state" "net" {
  backend = "s3"
}
resource "aws_security_group" "g" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.admin]
  }
  ingress {
    from_port   = 3389
    to_port     = 3389
    protocol    = "tcp"
    cidr_blocks = [var.admin]
  }
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = [data.terraform_remote_state.net.outputs.cidr]
  }
}
resource "aws_ebs_volume" "v" {
  encrypted = var.encrypted
}
"""
TEMPLATE = """\
Parameters:
  Range: {Type: String}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ssh
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Range}
"""


def asked(folder: Path, *arguments: str) -> dict[str, Any]:
    ended = run("ask", ".", *SELECT, "-f", "json", *arguments, cwd=folder)
    assert ended.status == 0, ended.err
    document: dict[str, Any] = json.loads(ended.out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    return document


def undecided(folder: Path) -> int:
    return sum(
        f["status"] == "undecided" for f in scan(".", *SELECT, cwd=folder).report["findings"]
    )


def test_the_most_useful_comes_first(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": RULES, "t.yaml": TEMPLATE})
    document = asked(tmp_path)
    keys = [one["key"] for one in document["questions"]]
    state = "data.terraform_remote_state.net.outputs.cidr"
    assert keys == [state, "var.admin", "var.encrypted", "Range"]
    admin = document["questions"][1]
    assert (admin["path"], admin["line"], admin["units"]) == ("main.tf", 1, ["."])
    assert {one["line"] for one in admin["used"]} == {12, 18}
    assert sum(one["decides"] for one in document["questions"]) == document["undecided"]
    assert document["beyond"] == 0


@pytest.mark.parametrize(
    "key", ["var.admin", "data.terraform_remote_state.net.outputs.cidr", "Range"]
)
def test_a_line_that_is_pasted_and_filled_in_takes_the_answer(tmp_path: Path, key: str) -> None:
    write(tmp_path, {"main.tf": RULES, "t.yaml": TEMPLATE})
    before = undecided(tmp_path)
    [question] = [one for one in asked(tmp_path)["questions"] if one["key"] == key]
    write(tmp_path, {".iac-ec2lint.yaml": question["paste"]})
    assert scan(".", *SELECT, cwd=tmp_path).errors == []
    assert undecided(tmp_path) == before  # null says nothing
    filled = question["paste"].replace("null", "10.0.0.0/8")
    write(tmp_path, {".iac-ec2lint.yaml": filled})
    assert undecided(tmp_path) == before - question["decides"]
    assert key not in [one["key"] for one in asked(tmp_path)["questions"]]


def test_text_has_the_lines_of_the_first_questions(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": RULES})
    ended = run("ask", ".", *SELECT, "--most", "2", cwd=tmp_path)
    assert ended.status == 0
    assert "... and 1 more (--most)" in ended.out
    pasted = yaml.safe_load(ended.out[ended.out.index("inputs:\n") :])
    state = "data.terraform_remote_state.net.outputs.cidr"
    assert pasted == {"inputs": {state: None, "var.admin": None}}


def test_below_inputs_that_are_there_lines_stand_alone(tmp_path: Path) -> None:
    configuration = "inputs:\n  var.admin: 10.0.0.0/8\n"
    write(tmp_path, {"main.tf": RULES, ".iac-ec2lint.yaml": configuration})
    out = run("ask", ".", *SELECT, cwd=tmp_path).out
    assert "below `inputs:`" in out
    lines = [line for line in out.splitlines() if ": null" in line]
    assert len(yaml.safe_load(configuration + "\n".join(lines))["inputs"]) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OPEN_SSH, "Nothing is undecided."),
        ('resource "aws_ebs_volume" "v" {\n  encrypted = aws_eip.none.id == "a"\n}\n', "nothing"),
    ],
)
def test_where_there_is_no_question_that_is_said(tmp_path: Path, text: str, words: str) -> None:
    eip = 'resource "aws_eip" "none" {}\n'
    assert words in run("ask", ".", *SELECT, cwd=write(tmp_path, {"main.tf": eip + text})).out


def test_what_could_not_be_read_is_said(tmp_path: Path) -> None:
    ended = run("ask", ".", *SELECT, cwd=write(tmp_path, {"main.tf": RULES, "b.tf": "{"}))
    assert ended.status == 3
    assert ended.err.startswith("b.tf:1:")


def test_a_hostile_name_is_text(tmp_path: Path) -> None:
    name = 'x\\u001b[31m: null}\\n"#'
    reads = f'data.terraform_remote_state.net.outputs["{name}"]'
    text = RULES.replace("data.terraform_remote_state.net.outputs.cidr", reads)
    write(tmp_path, {"main.tf": text.replace('n"#', "n#")})
    out = run("ask", ".", *SELECT, cwd=tmp_path).out
    assert "\x1b" not in out
    assert len(yaml.safe_load(out[out.index("inputs:\n") :])["inputs"]) == 3


def test_a_module_that_is_not_on_the_disk_is_one_question(tmp_path: Path) -> None:
    called = 'module "net" {\n  source = "a/b/aws"\n  role   = aws_iam_role.web.name\n}\n'
    text = (
        'resource "aws_iam_role" "web" {\n  assume_role_policy = "{}"\n}\n'
        'resource "aws_iam_instance_profile" "web" {\n  role = aws_iam_role.web.name\n}\n'
        'resource "aws_instance" "web" {\n  ami = "ami-1"\n  subnet_id = "subnet-1"\n'
        "  iam_instance_profile = aws_iam_instance_profile.web.name\n}\n"
    )
    write(tmp_path, {"main.tf": text + called})
    (one,) = asked(tmp_path, "--select", "UPD001")["questions"]
    assert (one["key"], one["fact"], one["decides"]) == ("a/b/aws", "modules", 1)
    assert one["paste"] == "# terraform init, or --module-map a/b/aws=FOLDER; main.tf:12\n"


def test_no_build_log_obeys_the_lines_to_paste(tmp_path: Path) -> None:
    name = "a##[error]b ##vso[task.x]c\x7f\U0001f600"
    resource = {"Type": "AWS::EC2::Volume", "Properties": {"Encrypted": {"Fn::ImportValue": name}}}
    write(tmp_path, {"t.json": json.dumps({"Resources": {"V": resource}})})
    for command in (("ask",), ("config", "init")):
        said = run(*command, ".", cwd=tmp_path).out
        assert not re.search(r"##\w*\[|\x7f", said)
        [line] = (line for line in said.splitlines() if ": null" in line and "export" in line)
        assert yaml.safe_load(line.lstrip("# ")) == {f"export:{name}": None}


def test_how_many_a_data_source_lists_is_asked_where_that_decides(tmp_path: Path) -> None:
    text = """
    data "aws_subnets" "x" {}
    resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
    resource "aws_vpc_endpoint" "e" {
      vpc_id            = aws_vpc.v.id
      vpc_endpoint_type = "Interface"
      service_name      = "com.amazonaws.eu-west-1.sqs"
      subnet_ids        = data.aws_subnets.x.ids
    }
    resource "aws_lb" "l" {
      load_balancer_type               = "network"
      enable_cross_zone_load_balancing = true
      internal                         = true
      subnets                          = data.aws_subnets.x.ids
    }
    """
    write(tmp_path, {"main.tf": text})
    ended = run("ask", ".", "--select", "RES008,VPCE008", cwd=tmp_path)
    assert "1. data.aws_subnets.x.ids\n   decides 2 " in ended.out
    ids = "  data.aws_subnets.x.ids: [subnet-0aaaaaaaaaaaaaaaa, subnet-0bbbbbbbbbbbbbbbb]\n"
    write(tmp_path, {".iac-ec2lint.yaml": f"inputs:\n{ids}"})
    assert scan(".", "--select", "RES008,VPCE008", cwd=tmp_path).report["findings"] == []
