"""Where a finding can be accepted, how long that holds, and what becomes of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, run, write

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Status

TEMPLATE = {
    "Resources": {
        "Plain": {
            "Type": "AWS::EC2::Volume",
            "Metadata": {"ec2lint": {"ignore": [{"code": "DATA001", "reason": "scratch"}]}},
            "Properties": {"AvailabilityZone": "eu-west-1a", "Encrypted": False},
        }
    }
}
MODULE_CALL = 'module "disks" {\n  source = "./disks"\n}\n'
COMMENT = "ec2lint:ignore=DATA001 scratch"


def only(folder: Path, *arguments: str) -> tuple[str, str]:
    """Status and reason of the one finding of DATA001."""
    ended = run(".", "--format", "json", "--select", "DATA001", *arguments, cwd=folder)
    [finding] = ended.report["findings"]
    return finding["status"], (finding["suppression"] or {"reason": ""})["reason"]


def test_metadata_in_json(tmp_path: Path) -> None:
    write(tmp_path, {"stack.json": json.dumps(TEMPLATE, indent=2)})
    assert only(tmp_path) == ("suppressed", "scratch")


@pytest.mark.parametrize(
    "call",
    [
        f"# {COMMENT}\n{MODULE_CALL}",
        f"// {COMMENT}\n{MODULE_CALL}",
        MODULE_CALL.replace("{\n", f"{{ # {COMMENT}\n", 1),
    ],
    ids=["above it", "above it, with slashes", "on it"],
)
def test_a_module_call(tmp_path: Path, call: str) -> None:
    write(tmp_path, {"main.tf": call, "disks/main.tf": PLAIN_VOLUME})
    assert only(tmp_path) == ("suppressed", "scratch")


TAKEN = """
variable "encrypted" {
  default = false
}
variable "everyone" {
  default = "0.0.0.0/0"
}
BLOCK
resource "aws_ebs_volume" "plain" {
  availability_zone = "eu-west-1a"
  ATTRIBUTE
  encrypted = var.encrypted
}
resource "aws_security_group" "open" {
  RULE
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    RANGES
    cidr_blocks = [var.everyone]
  }
}
"""
TAKEN_TEMPLATE = """
Parameters:
  Encrypted:
    Type: String
    Default: "false"
  Everyone:
    Type: String
    Default: 0.0.0.0/0
Resources:
  BLOCK
  Plain:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-west-1a
      ATTRIBUTE
      Encrypted: !Ref Encrypted
  Open:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: open
      SecurityGroupIngress:
        RULE
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          RANGES
          CidrIp: !Ref Everyone
"""


@pytest.mark.parametrize("name", ["main.tf", "stack.yaml"])
@pytest.mark.parametrize(
    ("place", "code"),
    [("BLOCK", "DATA001"), ("ATTRIBUTE", "DATA001"), ("RULE", "SG001"), ("RANGES", "SG001")],
)
def test_where_a_value_is_taken_that_an_input_has(
    tmp_path: Path, name: str, place: str, code: str
) -> None:
    """The finding stands at the default; the comment may stand where the default is used."""
    text = TAKEN if name == "main.tf" else TAKEN_TEMPLATE
    for each in ("BLOCK", "ATTRIBUTE", "RULE", "RANGES"):
        text = text.replace(each, f"# ec2lint:ignore={code} scratch" if each == place else "#")
    write(tmp_path, {name: text})
    ended = run(".", "--format", "json", "--select", "DATA001,SG001", cwd=tmp_path)
    found = {f["check"]: f["status"] for f in ended.report["findings"]}
    other = {"DATA001": "SG001", "SG001": "DATA001"}[code]
    assert found == {code: "suppressed", other: "fail"}


def test_a_comment_on_another_rule_accepts_nothing_of_this_one(tmp_path: Path) -> None:
    rules = "".join(
        f"""
  {comment}
  ingress {{
    protocol    = "tcp"
    from_port   = {port}
    to_port     = {port}
    cidr_blocks = [var.everyone]
  }}"""
        for comment, port in (("# ec2lint:ignore=SG001 scratch", 2222), ("#", 22))
    )
    group = f'resource "aws_security_group" "open" {{{rules}\n}}\n'
    write(tmp_path, {"main.tf": f'variable "everyone" {{\n  default = "0.0.0.0/0"\n}}\n{group}'})
    ended = run(".", "--format", "json", "--select", "SG001", cwd=tmp_path)
    assert [f["status"] for f in ended.report["findings"]] == ["fail"]


def test_a_call_above_covers_what_a_module_in_the_module_declares(tmp_path: Path) -> None:
    files = {
        "main.tf": f"# {COMMENT}\n{MODULE_CALL}",
        "disks/main.tf": MODULE_CALL.replace("./disks", "./one"),
        "disks/one/main.tf": PLAIN_VOLUME,
    }
    write(tmp_path, dict(files))
    assert only(tmp_path) == ("suppressed", "scratch")


@pytest.mark.parametrize(
    "codes",
    ["DATA001", "ebs-volume-unencrypted", "SG001,DATA001", "ebs-volume-unencrypted,SG001"],
)
@pytest.mark.parametrize("mark", ["# ", "//", "# TODO: "])
def test_codes_and_names_in_each_kind_of_comment(tmp_path: Path, codes: str, mark: str) -> None:
    comment = f"{mark}ec2lint:ignore={codes} scratch"
    write(tmp_path, {"main.tf": PLAIN_VOLUME.replace("false", f"false {comment}")})
    assert only(tmp_path) == ("suppressed", "scratch")


@pytest.mark.parametrize("codes", ["DATA001", "SG001,ebs-volume-unencrypted"])
def test_a_comment_in_yaml(tmp_path: Path, codes: str) -> None:
    comment = f"# ec2lint:ignore={codes} scratch"
    text = PLAIN_VOLUME_TEMPLATE.replace("  Plain:", f"  {comment}\n  Plain:")
    write(tmp_path, {"stack.yaml": text})
    assert only(tmp_path) == ("suppressed", "scratch")


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2027, 6, 29), Status.SUPPRESSED),
        (date(2027, 6, 30), Status.SUPPRESSED),
        (date(2027, 7, 1), Status.FAIL),
    ],
)
@pytest.mark.parametrize("language", ["terraform", "yaml", "metadata"])
def test_until_ends_it(tmp_path: Path, today: date, status: Status, language: str) -> None:
    comment = f"# {COMMENT} until=2027-06-30"
    metadata = "{code: DATA001, reason: scratch, until: 2027-06-30}"
    own = f"    Metadata: {{ec2lint: {{ignore: [{metadata}]}}}}\n    Properties:"
    files: dict[str, str | bytes] = {
        "terraform": {"main.tf": f"{comment}\n{PLAIN_VOLUME}"},
        "yaml": {"a.yaml": PLAIN_VOLUME_TEMPLATE.replace("false", f"false {comment}")},
        "metadata": {"a.yaml": PLAIN_VOLUME_TEMPLATE.replace("    Properties:", own)},
    }[language]  # type: ignore[assignment] # mappings of text to text
    write(tmp_path, files)
    report = scan(
        ScanOptions(paths=(tmp_path,), working=tmp_path, select=("DATA001",), today=today)
    )
    assert [finding.status for finding in report.findings] == [status]


def test_suppressed_findings_stay_in_json_and_sarif(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": f"# {COMMENT} until=2999-01-01\n{PLAIN_VOLUME}"})
    ended = run(
        ".",
        "--select",
        "DATA001",
        *("--format", "json", "--output", "sarif=a.sarif", "--output", "text=a.txt"),
        cwd=tmp_path,
    )
    assert ended.status == 0
    [finding] = ended.report["findings"]
    assert finding["suppression"] == {
        "reason": "scratch",
        "until": "2999-01-01",
        "path": "main.tf",
        "line": 1,
    }
    [result] = json.loads((tmp_path / "a.sarif").read_text())["runs"][0]["results"]
    [suppression] = result["suppressions"]
    assert suppression["kind"] == "inSource"
    assert "scratch" in suppression["justification"]
    assert "DATA001" not in (tmp_path / "a.txt").read_text()


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"main.tf": f"# {COMMENT}\n{PLAIN_VOLUME.replace('false', 'true')}"}, 1),
        ({"main.tf": f"{PLAIN_VOLUME}# {COMMENT}\n"}, 6),
        ({"a.yaml": f"# ec2lint:ignore=SG001 why\n{PLAIN_VOLUME_TEMPLATE}"}, 1),
    ],
    ids=["nothing to suppress", "nothing below it", "another check"],
)
def test_a_finding_tells_of_a_suppression_that_does_nothing(
    tmp_path: Path, files: dict[str, str | bytes], line: int
) -> None:
    write(tmp_path, files)
    [name] = files
    words = "suppression-unused: it suppresses nothing of "
    shown = run(".", "--quiet", cwd=tmp_path).out
    assert f"{name}:{line}" in shown
    assert words in shown
