"""Parameters of Systems Manager that a template writes and a root module reads, and the reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.program import scan, write

if TYPE_CHECKING:
    from pathlib import Path

GROUP = """\
data "aws_ssm_parameter" "admin" {
  name = "/net/admin"
}
resource "aws_security_group" "g" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [data.aws_ssm_parameter.admin.value]
  }
}
"""
TEMPLATE = """\
Resources:
  Admin:
    Type: AWS::SSM::Parameter
    Properties: {Name: /net/admin, Type: String, Value: RANGE}
"""
WRITES = """\
resource "aws_ssm_parameter" "admin" {
  name  = "/net/admin"
  type  = "KIND"
  value = "RANGE"
}
"""
READS = """\
Parameters:
  Admin: {Type: "AWS::SSM::Parameter::Value<String>", Default: /net/admin}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ssh
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: VALUE}
"""
FROM_TEMPLATE = {"app/main.tf": GROUP, "net.yaml": TEMPLATE}
FROM_MODULE = {
    "app.yaml": READS.replace("VALUE", "!Ref Admin"),
    "net/main.tf": WRITES.replace("KIND", "String"),
}
RESOLVED = {
    **FROM_MODULE,
    "app.yaml": READS.replace("VALUE", "'{{resolve:ssm:/net/admin}}'"),
}
BOTH = [("net.yaml:2", FROM_TEMPLATE), ("net/main.tf:1", FROM_MODULE), ("net/main.tf:1", RESOLVED)]


def found(tmp_path: Path, files: dict[str, str], value: str) -> dict[str, Any]:
    write(tmp_path, {name: text.replace("RANGE", value) for name, text in files.items()})
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    assert report["errors"] == []
    return report


@pytest.mark.parametrize(("place", "files"), BOTH, ids=["template", "module", "resolved"])
def test_what_fails_by_it_is_likely_and_what_passes_stays_undecided(
    tmp_path: Path, place: str, files: dict[str, str]
) -> None:
    [finding] = found(tmp_path, files, "0.0.0.0/0")["findings"]
    assert finding["status"] == "fail"
    path, _, line = place.partition(":")
    assert (path, int(line)) in {(hop["path"], hop["line"]) for hop in finding["evidence"]}
    [finding] = found(tmp_path, files, "10.0.0.0/8")["findings"]
    assert (finding["status"], finding["missing"]) == (
        "undecided",
        [f"safe if {place} is what is deployed"],
    )


@pytest.mark.parametrize(
    ("files", "more"),
    [
        (FROM_TEMPLATE, {"other.yaml": TEMPLATE}),
        (FROM_TEMPLATE, {"other/main.tf": WRITES.replace("KIND", "String")}),
        (FROM_MODULE, {"other.yaml": TEMPLATE}),
    ],
    ids=["two templates", "one of each, read by a module", "one of each, read by a template"],
)
def test_where_several_write_it_none_is_taken(
    tmp_path: Path, files: dict[str, str], more: dict[str, str]
) -> None:
    report = found(tmp_path, {**files, **more}, "0.0.0.0/0")
    assert [one["status"] for one in report["findings"]] == ["undecided"]
    assert "several-may-be-meant" in {note["name"] for note in report["notes"]}


@pytest.mark.parametrize("kind", ["SecureString", "${var.kind}"])
def test_what_may_be_a_secret_is_not_read(tmp_path: Path, kind: str) -> None:
    module = WRITES.replace("KIND", kind) + 'variable "kind" {}\n'
    report = found(tmp_path, {**FROM_MODULE, "net/main.tf": module}, "0.0.0.0/0")
    assert [one["status"] for one in report["findings"]] == ["undecided"]
