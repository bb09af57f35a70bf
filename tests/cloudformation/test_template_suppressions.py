"""Suppressions in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cloudformation.conftest import Deploy


class TestSuppressions:
    def test_comments(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              # ec2lint:ignore=SG001 the whole group until=2030-01-01

              # (another comment)
              Sg:
                Type: AWS::EC2::SecurityGroup
                Properties:
                  GroupDescription: x  # ec2lint:ignore=SG002,SG003 here
                  SecurityGroupIngress:
                    - IpProtocol: tcp  # ec2lint:ignore=SG004 this rule
                      CidrIp: 0.0.0.0/0
                    # ec2lint:ignore=SG005 that rule
                    - {IpProtocol: udp, CidrIp: 0.0.0.0/0}
              Host:
                Type: AWS::EC2::Instance
                Properties:
                  UserData: |
                    # ec2lint:ignore=SG006 in a script
                    echo
                  Other: "# ec2lint:ignore=SG007 in text"
            """
        )
        seen = [
            (s.codes, s.reason, s.until, s.covers.text.split("\n")[0], s.covers.text.count("\n"))
            for s in found.unit.suppressions
        ]
        assert seen == [
            (("SG001",), "the whole group", "2030-01-01", "Sg:", 8),
            (("SG002", "SG003"), "here", None, "GroupDescription: x", 0),
            (
                ("SG004",),
                "this rule",
                None,
                "IpProtocol: tcp  # ec2lint:ignore=SG004 this rule",
                1,
            ),
            (("SG005",), "that rule", None, "{IpProtocol: udp, CidrIp: 0.0.0.0/0}", 0),
        ]
        assert [s.at.text for s in found.unit.suppressions][1:3] == [
            "# ec2lint:ignore=SG002,SG003 here",
            "# ec2lint:ignore=SG004 this rule",
        ]

    def test_metadata(self, deploy: Deploy) -> None:
        found = deploy(
            """
            {"Metadata": {"ec2lint": {"ignore": {"SG009": "all of it"}}},
             "Resources": {
              "A": {"Type": "AWS::EC2::VPC", "Metadata": {"ec2lint": {"ignore": ["SG001",
                    {"code": "SG002", "reason": "why", "until": "2030-01-01"},
                    {"codes": ["SG003", "SG004"]}]}}},
              "B": {"Type": "AWS::EC2::VPC", "Metadata": {"ec2lint": {"ignore": "SG005, SG006"}}},
              "C": {"Type": "AWS::EC2::VPC", "Metadata": {"ec2lint": {"ignore": [[1]]}}}}}
            """,
            "template.json",
        )
        seen = [(s.codes, s.reason, s.until, s.covers.text[:3]) for s in found.unit.suppressions]
        assert seen == [
            (("SG009",), "all of it", None, '"Me'),
            (("SG001",), "", None, '"A"'),
            (("SG002",), "why", "2030-01-01", '"A"'),
            (("SG003", "SG004"), "", None, '"A"'),
            (("SG005", "SG006"), "", None, '"B"'),
            ((), "", None, '"C"'),
        ]
        assert [bool(s.flaw) for s in found.unit.suppressions] == [False] * 5 + [True]
        assert found.messages == []
