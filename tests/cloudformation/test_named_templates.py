"""Nested stacks whose URL ends in the path of a template of the scan, which it likely is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import scan, write

CHILD = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Admin: {Type: String}
  Vpc: {Type: "AWS::EC2::VPC::Id"}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for administration
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Admin}
Outputs:
  Id: {Value: !GetAtt Group.GroupId}
"""
HOST = """\
Resources:
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SubnetId: !Ref Admin
"""
PUBLIC = """\
  Public:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
"""
URL = '!Sub "https://${Bucket}.s3.amazonaws.com/${Prefix}templates/child.yaml"'


def parent(admin: str, url: str = URL, name: str = "Child") -> str:
    return f"""\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Bucket: {{Type: String}}
  Prefix: {{Type: String}}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {{CidrBlock: 10.0.0.0/16}}
  {name}:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: {url}
      Parameters:
        Admin: {admin}
        Vpc: !Ref Vpc
"""


def found(folder: Path, files: dict[str, str], *arguments: str) -> list[dict[str, Any]]:
    write(folder, files)
    select = () if "--select" in arguments else ("--select", "SG001")
    findings: list[dict[str, Any]] = scan(
        ".", *select, "--show-undecided", *arguments, cwd=folder
    ).report["findings"]
    return findings


class TestOneFile:
    def test_a_failure_that_only_the_parent_shows_names_what_it_takes_for_granted(
        self, tmp_path: Path
    ) -> None:
        files = {"main.yaml": parent("0.0.0.0/0"), "templates/child.yaml": CHILD}
        (one,) = found(tmp_path, files)
        assert (one["status"], one["subject"]) == ("fail", "Child/Group")
        assert (one["path"], one["line"]) == ("main.yaml", 14)
        told = {(hop["message"], hop["path"], hop["line"]) for hop in one["evidence"]}
        words = 'assumed: the template of the nested stack "Child" is templates/child.yaml'
        assert (words, "main.yaml", 9) in told

    def test_what_only_the_parent_makes_safe_stays_undecided_and_says_so(
        self, tmp_path: Path
    ) -> None:
        files = {"main.yaml": parent("10.0.0.0/8"), "templates/child.yaml": CHILD}
        (one,) = found(tmp_path, files)
        assert (one["status"], one["path"]) == ("undecided", "templates/child.yaml")
        assert one["missing"] == ["safe if main.yaml:9 is what is deployed"]
        for strict in (("--strict", "--fail-on", "low"), ("--fail-on-undecided", "low")):
            arguments = (".", "--select", "SG001", *strict)
            assert scan(*arguments, cwd=tmp_path).status in (1, 3)

    def test_a_parent_hides_nothing_that_fails_without_it(self, tmp_path: Path) -> None:
        child = CHILD.replace("{Type: String}", "{Type: String, Default: 0.0.0.0/0}")
        files = {"main.yaml": parent("10.0.0.0/8"), "templates/child.yaml": child}
        (one,) = found(tmp_path, files)
        assert (one["status"], one["subject"]) == ("fail", "Group")

    def test_it_is_judged_once_where_several_parents_nest_it(self, tmp_path: Path) -> None:
        files = {
            "a.yaml": parent("!Ref Public") + PUBLIC,
            "b.yaml": parent("!Ref Public", name="Other") + PUBLIC,
            "c.yaml": parent("!Ref Public") + PUBLIC.replace("true", "false"),
            "templates/child.yaml": CHILD.partition("Resources")[0] + HOST,
        }
        (one,) = found(tmp_path, files, "--select", "NET001")
        assert (one["status"], one["confidence"]) == ("fail", "likely")
        assert one["path"] == "templates/child.yaml"
        assert one["resources"] == ["Child/Host", "Other/Host"]

    def test_what_only_the_parent_shows_to_be_used_is_founded_by_that(self, tmp_path: Path) -> None:
        child = CHILD.replace("!Ref Admin", "0.0.0.0/0").replace("  Admin: {Type: String}\n", "")
        public = """\
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      NetworkInterfaces:
        - DeviceIndex: "0"
          AssociatePublicIpAddress: true
          SubnetId: subnet-0a1b2c3d4e5f60001
          GroupSet: [!GetAtt Child.Outputs.Id]
"""
        parents = parent("unused").replace("        Admin: unused\n", "") + public
        [alone] = found(tmp_path / "alone", {"templates/child.yaml": child})
        [both] = found(tmp_path / "both", {"main.yaml": parents, "templates/child.yaml": child})
        assert (alone["status"], alone["confidence"]) == ("fail", "possible")
        assert (both["status"], both["confidence"]) == ("fail", "likely")
        assert both["fingerprint"] == alone["fingerprint"]
        assert any(hop["path"] == "main.yaml" for hop in both["evidence"])

    def test_what_fails_at_another_place_then_is_not_told_safe(self, tmp_path: Path) -> None:
        child = CHILD.partition("Outputs")[0] + HOST.partition("Resources:\n")[2]
        child = child.replace("SubnetId: !Ref Admin", "SubnetId: !Ref Net").replace(
            "  Vpc: {", "  Net: {Type: String}\n  Vpc: {"
        )
        nested = parent("0.0.0.0/0").replace("Admin: 0", "Net: !Ref Public\n        Admin: 0")
        files = {"main.yaml": nested + PUBLIC, "templates/child.yaml": child}
        alone = found(tmp_path / "alone", {"child.yaml": child}, "--select", "VPCE001")
        assert [one["status"] for one in alone] == ["undecided"]
        (one,) = found(tmp_path / "both", files, "--select", "VPCE001")
        assert (one["status"], one["resource"], one["path"]) == ("fail", "Vpc", "main.yaml")

    def test_a_parent_that_cannot_be_evaluated_settles_nothing(self, tmp_path: Path) -> None:
        broken = parent("!FindInMap [Ranges, office, range]")  # there is no such mapping
        (one,) = found(tmp_path, {"main.yaml": broken, "templates/child.yaml": CHILD})
        assert one["missing"] == ['parameter "Admin" has no value']

    def test_all_parents_must_make_it_safe(self, tmp_path: Path) -> None:
        files = {
            "a.yaml": parent("!Ref Bucket"),
            "b.yaml": parent("10.0.0.0/8"),
            "templates/child.yaml": CHILD,
        }
        (one,) = found(tmp_path, files)
        assert (one["status"], one["missing"]) == ("undecided", ['parameter "Bucket" has no value'])

    def test_stacks_inside_one_another(self, tmp_path: Path) -> None:
        middle = parent("!Ref Bucket").replace("templates/child", "child")
        outer = parent("x", url="https://s3.amazonaws.com/bucket/stacks/middle.yaml").replace(
            "Admin: x", "Bucket: 0.0.0.0/0"
        )
        files = {"main.yaml": outer, "stacks/middle.yaml": middle, "stacks/child.yaml": CHILD}
        (one,) = found(tmp_path, files)
        assert (one["status"], one["resource"]) == ("fail", "Child/Child/Group")

    @pytest.mark.parametrize(
        "url",
        [
            "https://s3.amazonaws.com/bucket/templates/child.yaml",
            '!Join ["", [!Ref Bucket, /templates/child.yaml]]',
            '!Sub ["${Base}templates/child.yaml", {Base: !Ref Prefix}]',
            '!Sub "${Bucket}/templates/child.yaml?versionId=1"',
        ],
    )
    def test_how_a_url_is_written(self, tmp_path: Path, url: str) -> None:
        files = {"main.yaml": parent("0.0.0.0/0", url), "templates/child.yaml": CHILD}
        (one,) = found(tmp_path, files)
        assert one["status"] == "fail"


class TestNoFile:
    def test_several_files_decide_nothing_and_are_named(self, tmp_path: Path) -> None:
        files = {
            "main.yaml": parent("10.0.0.0/8", url="https://s3.amazonaws.com/bucket/child.yaml")
            + "Outputs: {Of: {Value: !GetAtt Child.Outputs.Id}}\n",
            "a/child.yaml": CHILD,
            "b/child.yaml": CHILD,
        }
        both = found(tmp_path, files)
        assert [one["missing"] for one in both] == [['parameter "Admin" has no value']] * 2
        (note,) = scan(".", "--select", "SG001", cwd=tmp_path).report["notes"]
        words = "the template of Child may be a/child.yaml or b/child.yaml; none is taken for it"
        assert (note["path"], note["line"], note["message"]) == ("main.yaml", 9, words)

    def test_the_longest_end_tells_files_of_one_name_apart(self, tmp_path: Path) -> None:
        files = {
            "main.yaml": parent("0.0.0.0/0"),
            "templates/child.yaml": CHILD,
            "other/child.yaml": CHILD,
        }
        findings = found(tmp_path, files)
        assert [(one["subject"], one["path"], one["status"]) for one in findings] == [
            ("Child/Group", "main.yaml", "fail"),
            ("Group", "other/child.yaml", "undecided"),
        ]

    def test_of_copies_of_a_tree_the_one_that_the_parent_is_in_is_meant(
        self, tmp_path: Path
    ) -> None:
        files = {
            "v1/stacks/main.yaml": parent("0.0.0.0/0"),
            "v1/templates/child.yaml": CHILD,
            "v2/templates/child.yaml": CHILD,
        }
        findings = found(tmp_path, files)
        assert [(one["subject"], one["path"], one["status"]) for one in findings] == [
            ("Child/Group", "v1/stacks/main.yaml", "fail"),
            ("Group", "v2/templates/child.yaml", "undecided"),
        ]

    @pytest.mark.parametrize(
        "bucket", ["__BUCKET_URL__", '"{{ bucket }}"', "<bucket-url>", '"%%BUCKET%%"', '"@BUCKET@"']
    )
    def test_a_placeholder_stands_for_the_url_of_a_bucket(
        self, tmp_path: Path, bucket: str
    ) -> None:
        url = bucket.rstrip('"') + "/templates/child.yaml" + ('"' if '"' in bucket else "")
        files = {"main.yaml": parent("0.0.0.0/0", url), "templates/child.yaml": CHILD}
        (one,) = found(tmp_path, files)
        assert (one["status"], one["subject"]) == ("fail", "Child/Group")
        assert scan(".", cwd=tmp_path).report["errors"] == []

    @pytest.mark.parametrize("url", ["!Ref Bucket", '!Sub "https://x/${Prefix}"', "https://x/y/"])
    def test_a_url_of_which_the_end_is_not_known(self, tmp_path: Path, url: str) -> None:
        files = {"main.yaml": parent("0.0.0.0/0", url), "templates/child.yaml": CHILD}
        (one,) = found(tmp_path, files)
        assert one["missing"] == ['parameter "Admin" has no value']

    def test_templates_that_nest_one_another(self, tmp_path: Path) -> None:
        def nesting(other: str) -> str:
            url = f"https://s3.amazonaws.com/bucket/{other}"
            return parent("0.0.0.0/0", url) + CHILD.partition("Resources:\n")[2].partition("Out")[0]

        declared = "Parameters:\n  Admin: {Type: String}\n"
        files = {
            name: nesting(other).replace("Parameters:\n", declared, 1)
            for name, other in (("a.yaml", "b.yaml"), ("b.yaml", "a.yaml"))
        }
        statuses = {one["path"]: one["status"] for one in found(tmp_path, files)}
        assert statuses == {"a.yaml": "fail", "b.yaml": "fail"}


def test_the_order_of_files_and_workers_changes_nothing(tmp_path: Path) -> None:
    files = {
        "main.yaml": parent("10.0.0.0/8"),
        "other.yaml": parent("10.0.0.0/8"),
        "z.yaml": parent("0.0.0.0/0", name="Z"),
        "templates/child.yaml": CHILD,
        "more/main.yaml": parent("10.0.0.0/8").replace("templates/child", "more/child"),
        "more/other.yaml": parent("10.0.0.0/8").replace("templates/child", "more/child"),
        "more/child.yaml": CHILD,
    }
    write(tmp_path, files)
    arguments = (".", "--select", "ALL", "--show-undecided", "--jobs")
    one, two = (scan(*arguments, jobs, cwd=tmp_path).out for jobs in ("1", "2"))
    assert one == two


def test_what_one_join_would_settle_is_one_entry_in_text(tmp_path: Path) -> None:
    group = CHILD.partition("Resources:\n")[2].partition("Outputs")[0]
    other = group.replace("Group:", "Second:").replace("22", "3389")
    child = CHILD.replace("Outputs:", f"{other}Outputs:")
    write(tmp_path, {"main.yaml": parent("10.0.0.0/8"), "templates/child.yaml": child})
    arguments = ("--select", "SG001,SG002", "--show-undecided", "--format", "text")
    out = scan(".", *arguments, cwd=tmp_path).out
    assert out.count("safe if main.yaml:9 is what is deployed") == 1
    assert "2 undecided that would be" in out
