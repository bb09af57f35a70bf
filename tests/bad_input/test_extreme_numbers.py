"""Numbers that would take gigabytes to write out: an error, in all that has numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, Run, scan, write

GROUP = """\
resource "aws_security_group" "bad" {{
  description = "bad"
  ingress {{
    from_port   = {0}
    to_port     = {0}
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }}
}}
"""
LARGE, SMALL = "1e999999999", "1e-999999999"


def _scanned(folder: Path, name: str, content: str) -> Run:
    write(folder, {"good/main.tf": OPEN_SSH, name: content})
    ended = scan(".", cwd=folder)
    assert ("SG001", "good/main.tf", 8) in ended.found, "everything else is judged"
    return ended


def _as_json(number: str) -> str:
    rule = {"from_port": 0, "to_port": 0, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]}
    tree = {"resource": {"aws_security_group": {"bad": {"ingress": rule}}}}
    return json.dumps(tree).replace(": 0", f": {number}")


def _plan(number: str) -> str:
    change = {"actions": ["create"], "before": None, "after": {"size": 0}, "after_unknown": {}}
    resource = {
        "address": "aws_ebs_volume.bad",
        "mode": "managed",
        "type": "aws_ebs_volume",
        "name": "bad",
        "change": change,
    }
    plan = {"format_version": "1.2", "resource_changes": [resource], "planned_values": {}}
    return json.dumps(plan).replace(": 0}", f": {number}}}")


def _template(number: str) -> str:
    return f"""\
Resources:
  Bad:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: bad
      SecurityGroupIngress:
        - IpProtocol: tcp
          CidrIp: 10.0.0.0/8
          FromPort: {number}
          ToPort: {number}
"""


@pytest.mark.parametrize("number", [LARGE, SMALL, f"-{LARGE}"])
@pytest.mark.parametrize(
    "written",
    ["{0}", "{0} + 1", "tonumber({0})", 'jsondecode("[{0}]")[0]', "floor({0})"],
)
def test_a_number_in_terraform(tmp_path: Path, number: str, written: str) -> None:
    ended = _scanned(tmp_path, "bad/main.tf", GROUP.format(written.format(number)))
    assert ended.status == 3
    assert {error["path"] for error in ended.errors} == {"bad/main.tf"}


@pytest.mark.parametrize("number", [LARGE, SMALL, f"-{LARGE}"])
def test_a_number_in_terraform_json_and_in_a_plan(tmp_path: Path, number: str) -> None:
    for name, content in (("bad/main.tf.json", _as_json(number)), ("bad.json", _plan(number))):
        ended = _scanned(tmp_path, name, content)
        assert ended.status == 3
        assert name in {error["path"] for error in ended.errors}


@pytest.mark.parametrize("number", [LARGE, SMALL, "1.0e+999999999", "9" * 5000, "0x" + "f" * 5000])
def test_text_like_a_number_is_no_port(tmp_path: Path, number: str) -> None:
    _scanned(tmp_path, "bad.yaml", _template(number))
    _scanned(tmp_path, "bad.json", _template(f'"{number}"'))
    _scanned(tmp_path, "bad/main.tf", GROUP.format(f'"{number}"'))


@pytest.mark.parametrize(
    "written",
    [
        "1e3000 * 1e3000",
        "1e-3000 * 1e-3000",
        "1 / 1e3999 / 1e3999",
        f'parseint("{"9" * 5000}", 10)',
        f'yamldecode("{"9" * 5000}")',
        f'yamldecode("0x{"f" * 5000}")',
        f'tonumber("{"9" * 5000}")',
    ],
)
def test_a_calculation_that_leads_there(tmp_path: Path, written: str) -> None:
    ended = _scanned(tmp_path, "bad/main.tf", GROUP.format(written))
    if "yamldecode" not in written:  # there it is text, as another YAML reader would have it
        assert ended.status == 3


def test_large_numbers_that_are_kept_are_exact(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": GROUP.format("1e3999 - 1e3999 + 22")})
    ended = scan(".", cwd=folder)
    assert ended.status == 0
    assert ended.errors == []
