"""Findings that do not depend on an order that means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.scan import ScanOptions, scan

if TYPE_CHECKING:
    from pathlib import Path

HOST = """
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Host:
    Type: AWS::EC2::Instance
    Metadata:
      AWS::CloudFormation::Init:
        config:
          files:
%s%s
    Properties: {ImageId: ami-0123456789abcdef0}
"""
SQL = """            /etc/a.sql:
              content: !Sub "CREATE USER app IDENTIFIED BY '${Password}';"
"""
CONF = """            /etc/b.conf:
              content: !Sub "password=${Password}"
"""


def test_files_of_cfn_init_are_named_alike_in_whichever_order(tmp_path: Path) -> None:
    found = []
    for number, files in enumerate([(SQL, CONF), (CONF, SQL)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "template.yaml").write_text(HOST % files)
        report = scan(ScanOptions(paths=(folder,), working=folder, select=("DATA008",)))
        found.append([(one.message, one.fingerprint) for one in report.findings])
    assert found[0] == found[1]
    assert len(found[0]) == 1
    assert "/etc/a.sql" in found[0][0][0]
