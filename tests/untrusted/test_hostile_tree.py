"""Whatever stands in a scanned tree, every command only shows it, in every format."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.cli.program import Run, run, write
from tests.report.test_hostile_text import is_harmless

pytestmark = pytest.mark.slow

LINE = "\x1b[2J\u202e::error::a ##[error]b ##vso[a.b c=d]e\x7f\u2066<b>|`\"'%0A]]>--"
PAYLOAD = f"{LINE}\n::error::c\r::add-mask::d\u2028::e::\x85f"
"""Escapes, bidirectional controls, line ends, workflow commands, markup."""

HCL = "".join(f"\\u{ord(c):04x}" for c in PAYLOAD)
"""The payload as HCL and JSON strings spell it."""
YAML = HCL

_TERRAFORM = """\
terraform {
  required_version = "%(hcl)s"
}
provider "aws" {
  region = "%(hcl)s"
}
variable "unset" {
  description = "%(hcl)s"
}
variable "switch" {
  default = "%(hcl)s"
}
locals {
  # %(line)s
  keys   = { "%(hcl)s" = "%(hcl)s" }
  broken = tonumber("%(hcl)s")
  named  = local.keys["no %(hcl)s"]
  file   = file("%(hcl)s.txt")
}
output "all" {
  value = local.keys
}
module "remote" {
  source = "git::https://example.org/a.git?ref=%(hcl)s"
}
module "absent" {
  source = "./%(hcl)s"
}
module "child" {
  for_each = local.keys
  source   = "./child"
  cidr     = each.value
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "%(hcl)s", "%(hcl)s" = "%(hcl)s" }
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "main" {
  for_each = local.keys
  vpc_id   = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "main" {
  for_each       = local.keys
  route_table_id = aws_route_table.main[each.key].id
  subnet_id      = aws_subnet.main[each.key].id
}
resource "aws_subnet" "main" {
  for_each                = local.keys
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  availability_zone       = each.value
  map_public_ip_on_launch = true
  tags                    = { Name = each.key }
}
resource "aws_security_group" "open" {
  for_each    = local.keys
  name        = each.value
  description = each.value
  vpc_id      = aws_vpc.main.id
  # ec2lint:ignore=SG004 %(line)s
  # ec2lint:ignore=%(line)s
  ingress {
    description = each.value
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0", each.value]
  }
  dynamic "ingress" {
    for_each = var.unset
    content {
      from_port   = 1
      to_port     = 2
      protocol    = each.value
      cidr_blocks = [ingress.value]
    }
  }
  tags = { Name = each.value }
}
data "http" "address" {
  for_each = local.keys
  url      = each.value
}
resource "aws_security_group" "unknown" {
  for_each = local.keys
  vpc_id   = aws_vpc.main.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [data.http.address["%(hcl)s"].response_body]
  }
}
resource "aws_iam_role" "main" {
  for_each           = local.keys
  name               = each.value
  assume_role_policy = jsonencode({ Statement = [{ Effect = each.value, Principal = "*" }] })
}
resource "aws_iam_instance_profile" "main" {
  for_each = local.keys
  role     = aws_iam_role.main[each.key].name
}
resource "aws_instance" "web" {
  for_each               = local.keys
  ami                    = each.value
  instance_type          = each.value
  key_name               = each.value
  subnet_id              = aws_subnet.main[each.key].id
  iam_instance_profile   = aws_iam_instance_profile.main[each.key].name
  vpc_security_group_ids = [aws_security_group.open[each.key].id]
  user_data              = "#!/bin/sh\\nexport DB_PASSWORD='%(hcl)s'\\n"
  tags                   = { Name = each.value }
}
resource "aws_instance" "perhaps" {
  for_each               = local.keys
  count                  = var.switch == each.key ? 1 : 0
  ami                    = each.value
  subnet_id              = aws_subnet.main[each.key].id
  vpc_security_group_ids = [aws_security_group.unknown[each.key].id]
}
resource "aws_instance" "undecided" {
  for_each               = local.keys
  subnet_id              = aws_subnet.main[each.key].id
  vpc_security_group_ids = [aws_security_group.unknown[each.key].id]
}
resource "aws_ebs_volume" "switched" {
  count             = var.switch == "%(hcl)s" ? 1 : 0
  availability_zone = "%(hcl)s"
  encrypted         = "%(hcl)s"
}
"""

_CHILD = """\
variable "cidr" {}
resource "aws_security_group" "child" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = var.cidr
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""

_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: "%(yaml)s"
Parameters:
  "%(yaml)s": {Type: String, Default: "%(yaml)s"}
  Unset: {Type: String}
Mappings:
  "%(yaml)s": {"%(yaml)s": {"%(yaml)s": "%(yaml)s"}}
Conditions:
  "%(yaml)s": !Equals [!Ref "%(yaml)s", "%(yaml)s"]
Resources:
  "%(yaml)s":
    Type: AWS::EC2::SecurityGroup
    Condition: "%(yaml)s"
    Metadata:
      ec2lint: {ignore: [{code: SG004, reason: "%(yaml)s"}, {code: "%(yaml)s", reason: a}]}
    Properties:
      GroupDescription: "%(yaml)s"
      "%(yaml)s": 1
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0, Description: "%(yaml)s"}
        - {IpProtocol: "%(yaml)s", FromPort: 22, ToPort: 22, CidrIp: !Ref Unset}
      Tags: [{Key: "%(yaml)s", Value: "%(yaml)s"}]
  "%(yaml)s2":
    Type: AWS::EC2::Instance
    Properties:
      ImageId: "%(yaml)s"
      SecurityGroupIds: [!GetAtt ["%(yaml)s", GroupId]]
      UserData: !Base64 "%(yaml)s"
      Tags: [{Key: Name, Value: "%(yaml)s"}]
  "%(yaml)s3":
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: !FindInMap ["%(yaml)s", "%(yaml)s", "none %(yaml)s"]
      Encrypted: !Sub "${none %(yaml)s}"
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "%(yaml)s.yaml", Parameters: {"%(yaml)s": a}}
  "%(yaml)s4":
    Type: "AWS::EC2::%(yaml)s"
Outputs:
  "%(yaml)s": {Value: !ImportValue "%(yaml)s", Export: {Name: "%(yaml)s"}}
"""

_PLAN = {
    "format_version": "1.2",
    "terraform_version": PAYLOAD,
    "variables": {PAYLOAD: {"value": PAYLOAD}},
    "planned_values": {
        "root_module": {
            "resources": [
                {
                    "address": f'aws_security_group.a["{PAYLOAD}"]',
                    "mode": "managed",
                    "type": "aws_security_group",
                    "name": PAYLOAD,
                    "index": PAYLOAD,
                    "provider_name": "registry.terraform.io/hashicorp/aws",
                    "values": {
                        "description": PAYLOAD,
                        "ingress": [
                            {
                                "from_port": 22,
                                "to_port": 22,
                                "protocol": "tcp",
                                "cidr_blocks": ["0.0.0.0/0", PAYLOAD],
                                "description": PAYLOAD,
                            }
                        ],
                    },
                }
            ]
        }
    },
    "resource_changes": [],
    "configuration": {"root_module": {}},
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree in which every name, key, value, path, tag, comment and reason is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    named = PAYLOAD.replace("/", "")
    texts = {"hcl": HCL, "yaml": YAML, "line": LINE}
    broken = f'resource "{LINE}" {{\n  {LINE} = {LINE}\n}}\n'
    return write(
        folder,
        {
            f"{named}/main.tf": _TERRAFORM % texts,
            f"{named}/child/main.tf": _CHILD,
            f"{named}/{named}.tf": broken,
            f"::error::{named}.tf": f"# ec2lint:ignore=SG001\n{broken}",
            f"{named}.yaml": _TEMPLATE % texts,
            "broken.yaml": f"AWSTemplateFormatVersion: x\nResources: {{a: AWS::, {LINE}\n",
            f"{named}.json": json.dumps(_PLAN),
            f"{named}.tfvars": f'{LINE} = "{HCL}"\n',
            f"{named}/terraform.tfvars": f'nothing = "{HCL}"\n',
        },
    )


def ended_well(ended: Run) -> str:
    """What was printed; standard error is only shown, whatever the format."""
    assert ended.status in {0, 1, 3}, ended.err
    assert is_harmless(ended.err)
    assert "\\x1b" in ended.out, "the payload is shown somewhere"
    return ended.out


ALL = ("--show-undecided", "--show-notes", "--branches", "all")


@pytest.mark.parametrize("more", [(), ("--quiet",)], ids=["whole", "quiet"])
def test_text_is_only_shown(tree: Path, more: tuple[str, ...]) -> None:
    assert is_harmless(ended_well(run(".", *ALL, *more, cwd=tree)))


@pytest.mark.parametrize("command", [("values", ".", "--all"), ("reach", ".", "--branches", "all")])
def test_answers_are_only_shown(tree: Path, command: tuple[str, ...]) -> None:
    assert is_harmless(ended_well(run(*command, cwd=tree)))


@pytest.mark.parametrize(
    "more",
    [
        ("--verbose", "--fail-on-undecided", "low", "--no-suppressions"),
        ("--budget", "1000"),
        ("--hcl-parser", "python-hcl2", "--strict", "--require-modules"),
        ("--external-modules", "report", "--exclude", "*.yaml", "--format", "github"),
    ],
    ids=lambda more: more[0],
)
def test_text_is_only_shown_whatever_is_asked_for(tree: Path, more: tuple[str, ...]) -> None:
    out = ended_well(run(".", *ALL, *more, cwd=tree))
    assert is_harmless("\n".join(line for line in out.split("\n") if not line.startswith("::")))


def test_a_picture_of_a_finding_is_only_shown(tree: Path) -> None:
    for chosen in (("--finding", "SG001"), ("--around", "aws_vpc.main", "--depth", "3")):
        ended = run("graph", ".", *chosen, cwd=tree)
        assert ended.status in {0, 3}
        assert is_harmless(ended.err)
        assert is_harmless(ended.out.replace("::", " "))


@pytest.mark.parametrize("port", ["tcp/22", "tcp/443"])
def test_reach_is_only_shown(tree: Path, port: str) -> None:
    assert is_harmless(ended_well(run("reach", ".", "--port", port, cwd=tree)))


@pytest.mark.parametrize(
    "command",
    [("scan", ".", *ALL), ("values", ".", "--all"), ("reach", "."), ("graph", ".")],
    ids=lambda command: command[0],
)
def test_json_and_sarif_are_data(tree: Path, command: tuple[str, ...]) -> None:
    for form in ("json", "sarif") if command[0] == "scan" else ("json",):
        ended = run(*command, "--format", form, cwd=tree)
        assert is_harmless(ended.err)
        assert is_harmless(ended.out.replace("::", " "))
        assert json.loads(ended.out)


def test_annotations_are_those_of_the_program(tree: Path) -> None:
    summary = tree.parent / "summary.md"
    env = {"GITHUB_STEP_SUMMARY": str(summary)}
    text = ended_well(run(".", *ALL, "--quiet", "--format", "github", cwd=tree, env=env))
    own = ("::error ", "::warning ", "::notice ", "::group::", "::endgroup::")
    for line in text.splitlines():
        assert line.isprintable()
        assert line.startswith(own) or is_harmless(line)
        assert not re.search(r"##\w{0,20}\[", line)
    shown = summary.read_text("utf-8")
    assert is_harmless(shown)
    assert "<b>" not in shown


@pytest.mark.parametrize("form", ["mermaid", "dot"])
def test_pictures_in_text_are_lines_of_their_own(tree: Path, form: str) -> None:
    text = run("graph", ".", "--format", form, cwd=tree)
    assert is_harmless(text.err)
    assert is_harmless(text.out.replace("::", " "))


@pytest.mark.parametrize("form", ["svg", "graphml"])
def test_pictures_in_xml_hold_no_control(tree: Path, form: str) -> None:
    text = run("graph", ".", "--format", form, cwd=tree)
    assert is_harmless(text.err)
    documents = ET.fromstring(text.out)  # noqa: S314 - our own
    held = [part for one in documents.iter() for part in (one.text, one.tail, *one.attrib.values())]
    assert held
    for part in held:
        assert all(line.isprintable() for line in (part or "").split("\n"))
    assert "\x1b" not in text.out
    assert is_harmless(text.out.replace("::", " "))


@pytest.mark.parametrize(
    "command",
    [
        ("scan", f"gone {PAYLOAD}"),
        ("scan", ".", "--boundary", f"gone {PAYLOAD}"),
        ("scan", ".", "--output", f"json=no{PAYLOAD}/a"),
        ("scan", ".", "--select", PAYLOAD),
        ("scan", ".", "--parameters", f"gone {PAYLOAD}"),
        ("scan", ".", f"--{PAYLOAD}"),
        ("reach", ".", "--to", PAYLOAD),
        ("reach", ".", "--from", PAYLOAD),
        ("values", ".", PAYLOAD),
        ("graph", ".", "--around", PAYLOAD),
        ("graph", ".", "--finding", PAYLOAD),
        ("explain", PAYLOAD),
    ],
    ids=lambda command: " ".join(command[:-1]),
)
def test_what_is_refused_is_only_shown(tree: Path, command: tuple[str, ...]) -> None:
    ended = run(*command, cwd=tree)
    assert ended.status in {2, 3}
    assert "\\x1b" in ended.err
    assert is_harmless(ended.err)
    assert ended.err.count("\n") <= 30, "each thing takes one line"


def test_a_link_and_its_name_are_only_shown(tmp_path: Path) -> None:
    name = f"{LINE.replace('/', '')}.tf"
    write(tmp_path, {".git/HEAD": ""})
    (tmp_path / name).symlink_to("/etc/passwd")
    for arguments in ((".",), (name,), (".", "--output", f"json={name}")):
        ended = run(*arguments, cwd=tmp_path)
        assert ended.status in {2, 3}
        assert "\\x1b" in ended.err + ended.out
        assert is_harmless(ended.err)
        assert is_harmless(ended.out)
