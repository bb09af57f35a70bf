"""References across stacks: what one exports, another imports, where both are scanned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import Run, scan, write

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.source.files import Files
from iac_ec2lint.values import Reference, Unknown, Val, Value

NETWORK = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Admin:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for administration
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
Outputs:
  Group: {Value: !GetAtt Admin.GroupId, Export: {Name: net-admin}}
  Vpc: {Value: !Ref Vpc, Export: {Name: !Sub "net-${Kind}"}}
  Range: {Value: !GetAtt Vpc.CidrBlock, Export: {Name: net-range}}
Parameters:
  Kind: {Type: String, Default: vpc}
"""
APP = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SecurityGroupIds: [!ImportValue net-admin]
  Other:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the application
      VpcId: {"Fn::ImportValue": !Sub "net-vpc"}
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !ImportValue net-range}
"""
RULE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Wide:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !ImportValue net-admin
      IpProtocol: tcp
      FromPort: 3389
      ToPort: 3389
      CidrIp: 0.0.0.0/0
"""


class Scanned:
    """The templates of a folder, of which each may import from the others."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        write(folder, files)
        paths = [folder / name for name in files]
        self.folder = folder
        self.templates = Templates(Files(folder, folder), StackOptions(), lambda: paths)

    def get(self, name: str, address: str, key: str) -> Val:
        unit = self.templates.evaluate(self.folder / name)
        (declared,) = [d for d in unit.declarations if d.address == address]
        value = declared.body.get(key)
        assert value is not None
        return value


def test_a_reference_leads_to_the_exporting_stacks_resource(tmp_path: Path) -> None:
    scanned = Scanned(tmp_path, {"net.yaml": NETWORK, "app.yaml": APP})
    group = scanned.get("app.yaml", "Host", "SecurityGroupIds").elements()[0]
    assert isinstance(group, Reference)
    assert (group.target, group.attribute) == ("net.yaml:Admin", "GroupId")
    assert group.via[0].span.path == "net.yaml"
    assert [step.words for step in group.via] == ['export of "net-admin"', 'import of "net-admin"']
    vpc = scanned.get("app.yaml", "Other", "VpcId")
    assert isinstance(vpc, Reference)
    assert vpc.target == "net.yaml:Vpc"


def test_the_exporting_stack_is_declared_too(tmp_path: Path) -> None:
    scanned = Scanned(tmp_path, {"a/net.yaml": NETWORK, "b/app.yaml": APP})
    unit = scanned.templates.evaluate(tmp_path / "b/app.yaml")
    assert [d.address for d in unit.declarations] == [
        "Host",
        "Other",
        "../a/net.yaml:Vpc",
        "../a/net.yaml:Admin",
    ]
    assert [d.unit for d in unit.declarations] == ["b/app.yaml"] * 2 + ["a/net.yaml"] * 2
    assert {d.scope for d in unit.declarations} == {"b/app.yaml"}
    assert unit.imported == {"a/net.yaml"}
    alone = scanned.templates.evaluate(tmp_path / "a/net.yaml")
    assert (alone.imported, alone.foreign) == (set(), {})


def test_a_known_value_is_imported_with_its_place(tmp_path: Path) -> None:
    scanned = Scanned(tmp_path, {"net.yaml": NETWORK, "app.yaml": APP})
    (rule,) = scanned.get("app.yaml", "Other", "SecurityGroupIngress").elements()
    source = rule.items()["CidrIp"]
    assert isinstance(source, Value)
    assert source.data == "10.0.0.0/16"
    assert source.span.path == "net.yaml"


def test_what_nobody_exports_is_external(tmp_path: Path) -> None:
    scanned = Scanned(tmp_path, {"app.yaml": APP})
    vpc = scanned.get("app.yaml", "Other", "VpcId")
    assert isinstance(vpc, Reference)
    assert (vpc.target, vpc.cause) == ("export:net-vpc", "external-id")


def test_a_chain_of_imports(tmp_path: Path) -> None:
    middle = """
Resources:
  Topic: {Type: AWS::SNS::Topic}
Outputs:
  Again: {Value: !ImportValue net-admin, Export: {Name: again}}
"""
    last = APP.replace("net-admin", "again")
    files = {"net.yaml": NETWORK, "middle.yaml": middle, "last.yaml": last}
    scanned = Scanned(tmp_path, files)
    group = scanned.get("last.yaml", "Host", "SecurityGroupIds").elements()[0]
    assert isinstance(group, Reference)
    assert group.target == "net.yaml:Admin"
    unit = scanned.templates.evaluate(tmp_path / "last.yaml", frozenset({"AWS::EC2::Instance"}))
    assert unit.imported == {"net.yaml", "middle.yaml"}


def test_stacks_that_import_from_each_other(tmp_path: Path) -> None:
    def text(own: str, other: str) -> str:
        return f"""
Resources:
  A: {{Type: AWS::EC2::Volume, Properties: {{Name: !ImportValue {other}}}}}
Outputs:
  O: {{Value: !ImportValue {other}, Export: {{Name: {own}}}}}
"""

    scanned = Scanned(tmp_path, {"a.yaml": text("a", "b"), "b.yaml": text("b", "a")})
    assert isinstance(scanned.get("a.yaml", "A", "Name"), Unknown)
    assert scanned.templates.evaluate(tmp_path / "b.yaml").declarations


def test_a_nested_stack_exports_too(tmp_path: Path) -> None:
    parent = """
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: net.yaml, Parameters: {Kind: x}}
  Own:
    Type: AWS::EC2::Instance
    Properties: {SecurityGroupIds: [!ImportValue net-admin]}
"""
    write(tmp_path, {"net.yaml": NETWORK})
    app = APP.replace("net-vpc", "net-x")
    scanned = Scanned(tmp_path, {"parent.yaml": parent, "app.yaml": app})
    vpc = scanned.get("app.yaml", "Other", "VpcId")
    assert isinstance(vpc, Reference)
    assert vpc.target == "parent.yaml:Net/Vpc"
    group = scanned.get("parent.yaml", "Own", "SecurityGroupIds").elements()[0]
    assert isinstance(group, Reference)
    assert group.target == "Net/Admin"


class TestOneNameTwice:
    def test_copies_in_folders_belong_together(self, tmp_path: Path) -> None:
        files = {
            f"{env}/{name}": text
            for env in ("dev", "prod")
            for name, text in (("net.yaml", NETWORK), ("app.yaml", APP))
        }
        scanned = Scanned(tmp_path, files)
        vpc = scanned.get("prod/app.yaml", "Other", "VpcId")
        assert isinstance(vpc, Reference)
        assert vpc.target == "net.yaml:Vpc"
        assert vpc.via[0].span.path == "prod/net.yaml"
        assert any(step.assumed for step in vpc.via)

    def test_else_it_is_undecided_which(self, tmp_path: Path) -> None:
        scanned = Scanned(tmp_path, {"a/n.yaml": NETWORK, "b/n.yaml": NETWORK, "app.yaml": APP})
        vpc = scanned.get("app.yaml", "Other", "VpcId")
        assert isinstance(vpc, Unknown)
        assert not isinstance(vpc, Reference)
        assert vpc.reason == '"net-vpc" is exported by several templates: a/n.yaml, b/n.yaml'


def findings(done: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done.report["findings"]
    return found


class TestScan:
    def test_a_finding_is_the_exporting_units_own(self, tmp_path: Path) -> None:
        write(tmp_path, {"net.yaml": NETWORK, "app.yaml": APP})
        (found,) = findings(scan(".", "--select", "SG001", cwd=tmp_path))
        assert (found["path"], found["line"], found["subject"]) == ("net.yaml", 12, "Admin")
        assert found["resources"] == ["Admin"]
        # That something carries the group is known of the unit that imports it.
        assert found["confidence"] == "assumed"
        (tmp_path / "app.yaml").unlink()
        (alone,) = findings(scan(".", "--select", "SG001", cwd=tmp_path))
        assert alone["confidence"] == "possible"
        assert alone["fingerprint"] == found["fingerprint"]

    def test_resources_are_counted_once(self, tmp_path: Path) -> None:
        write(tmp_path, {"net.yaml": NETWORK, "app.yaml": APP})
        assert scan(".", cwd=tmp_path).report["summary"]["resources"] == 4

    def test_a_rule_for_an_imported_group_is_this_units(self, tmp_path: Path) -> None:
        write(tmp_path, {"net.yaml": NETWORK, "rule.yaml": RULE})
        done = scan(".", "--select", "SG002", cwd=tmp_path)
        (found,) = findings(done)
        assert (found["path"], found["resource"]) == ("rule.yaml", "Wide")
        # It fails whatever the group is, so that nothing of it hangs on the import.
        assert (found["subject"], found["confidence"]) == ("export:net-admin", "possible")

    @pytest.mark.parametrize("name", ["net.yaml", "app.yaml"])
    def test_one_file_has_the_findings_that_it_has_among_all(
        self, tmp_path: Path, name: str
    ) -> None:
        write(tmp_path, {".git/HEAD": "", "net.yaml": NETWORK, "app.yaml": APP})
        every = [f for f in findings(scan(".", cwd=tmp_path)) if f["path"] == name]
        assert every
        shown = [f for f in findings(scan(name, cwd=tmp_path)) if f["path"] == name]
        assert shown == every

    def test_a_suppression_in_the_exporting_file_is_not_told_unused(self, tmp_path: Path) -> None:
        text = NETWORK.replace(
            "        - {Ip", "        # ec2lint:ignore=SG001 bastion\n        - {Ip"
        )
        write(tmp_path, {"net.yaml": text, "app.yaml": APP})
        done = scan(".", "--select", "SG001", cwd=tmp_path)
        assert [f["status"] for f in findings(done)] == ["suppressed"]
        assert done.report["notes"] == []


class TestNamesThatAreKnownInPart:
    """``${AWS::StackName}`` or a parameter is in both names, and nobody says what it is."""

    NETWORK = NETWORK.replace("Name: net-range", 'Name: !Sub "${AWS::StackName}-range"').replace(
        "!GetAtt Vpc.CidrBlock", "0.0.0.0/0"
    )
    APP = (
        APP.replace("443, ToPort: 443", "22, ToPort: 22")
        .replace(
            "CidrIp: !ImportValue net-range}",
            'CidrIp: {"Fn::ImportValue": !Sub "${Network}-range"}}',
        )
        .replace("Resources:", "Parameters: {Network: {Type: String}}\nResources:")
    )

    def told(self, folder: Path, files: dict[str, str]) -> dict[str, Any]:
        write(folder, files)
        every = findings(scan(".", "--select", "SG001", "--show-undecided", cwd=folder))
        (one,) = [found for found in every if "Other" in found["resources"]]
        return one

    def test_one_stack_that_exports_the_rest_of_it_is_likely_it(self, tmp_path: Path) -> None:
        one = self.told(tmp_path, {"net.yaml": self.NETWORK, "app.yaml": self.APP})
        assert (one["status"], one["path"], one["line"]) == ("fail", "net.yaml", 16)
        words = [hop["message"] for hop in one["evidence"]]
        assert any("is what net.yaml exports" in each for each in words)

    def test_what_it_makes_safe_stays_undecided(self, tmp_path: Path) -> None:
        network = self.NETWORK.replace("Value: 0.0.0.0/0", "Value: 10.0.0.0/8")
        one = self.told(tmp_path, {"net.yaml": network, "app.yaml": self.APP})
        assert one["missing"] == ["safe if net.yaml:16 is what is deployed"]

    def test_a_default_is_known_and_the_stacks_name_is_not(self, tmp_path: Path) -> None:
        app = self.APP.replace("{Type: String}", "{Type: String, Default: prod}")
        one = self.told(tmp_path, {"net.yaml": self.NETWORK, "app.yaml": app})
        assert one["status"] == "fail"

    def test_what_fails_with_each_of_several_fails(self, tmp_path: Path) -> None:
        files = {"a.yaml": self.NETWORK, "b.yaml": self.NETWORK, "app.yaml": self.APP}
        one = self.told(tmp_path, files)
        assert (one["status"], one["confidence"]) == ("fail", "possible")
        words = " ".join(hop["message"] for hop in one["evidence"])
        assert "is what a.yaml exports" in words
        assert "is what b.yaml exports" in words

    @pytest.mark.parametrize(
        ("other", "safe"),
        [
            ("Value: 10.0.0.0/8", "a.yaml or b.yaml"),
            ("Value: !Ref Range", "a.yaml"),
        ],
        ids=["both", "one, and nobody knows of the other"],
    )
    def test_what_some_of_several_make_safe_and_none_unsafe_is_safe_by_them(
        self, tmp_path: Path, other: str, safe: str
    ) -> None:
        network = self.NETWORK.replace("Value: 0.0.0.0/0", "Value: 10.0.0.0/8")
        second = self.NETWORK.replace("Value: 0.0.0.0/0", other)
        second = second.replace("  Kind:", "  Range: {Type: String}\n  Kind:")
        files = {"a.yaml": network, "b.yaml": second, "app.yaml": self.APP}
        one = self.told(tmp_path, files)
        assert one["status"] == "undecided"
        assert one["missing"] == [f"safe if {safe} is what is deployed"]

    def test_what_fails_with_one_and_is_safe_with_none_fails_if_it_is_that(
        self, tmp_path: Path
    ) -> None:
        second = self.NETWORK.replace("Value: 0.0.0.0/0", "Value: !Ref Range")
        second = second.replace("  Kind:", "  Range: {Type: String}\n  Kind:")
        files = {"a.yaml": self.NETWORK, "b.yaml": second, "app.yaml": self.APP}
        one = self.told(tmp_path, files)
        assert (one["status"], one["when"]) == ("fail", "a.yaml is what is deployed")

    def test_one_stack_has_all_that_is_asked_of_it(self, tmp_path: Path) -> None:
        more = self.APP.splitlines()[-1].replace("-range", "-more")
        output = '  More: {Value: 10.0.0.0/8, Export: {Name: !Sub "${AWS::StackName}-more"}}\n'
        network = self.NETWORK.replace("Outputs:\n", f"Outputs:\n{output}")
        closed = self.NETWORK.replace("Value: 0.0.0.0/0", "Value: 10.0.0.0/8")
        files = {"a.yaml": network, "b.yaml": closed, "app.yaml": f"{self.APP}{more}\n"}
        assert self.told(tmp_path, files)["status"] == "fail"

    def test_several_that_differ_decide_nothing_and_are_named(self, tmp_path: Path) -> None:
        closed = self.NETWORK.replace("Value: 0.0.0.0/0", "Value: 10.0.0.0/8")
        files = {"a.yaml": self.NETWORK, "b.yaml": closed, "app.yaml": self.APP}
        one = self.told(tmp_path, files)
        assert one["status"] == "undecided"
        assert one["missing"] == ['parameter "Network" has no value']
        notes = scan(".", "--select", "SG001", cwd=tmp_path).report["notes"]
        words = "may be what a.yaml exports or what b.yaml exports"
        assert 15 in [note["line"] for note in notes if words in note["message"]]

    @pytest.mark.parametrize(
        ("exported", "imported"),
        [
            ('!Sub "${AWS::StackName}-ranges"', '!Sub "${Network}-range"'),
            ('!Sub "x-${AWS::StackName}-range"', '!Sub "${Network}-range"'),
            ("!Ref AWS::StackName", "!Ref Network"),
            ('!Sub "${AWS::StackName}-"', '!Sub "${Network}-"'),
        ],
    )
    def test_other_names(self, tmp_path: Path, exported: str, imported: str) -> None:
        network = self.NETWORK.replace('!Sub "${AWS::StackName}-range"', exported)
        app = self.APP.replace('!Sub "${Network}-range"', imported)
        one = self.told(tmp_path, {"net.yaml": network, "app.yaml": app})
        assert one["missing"] == ['parameter "Network" has no value']


class TestParameters:
    """Parameters of Systems Manager that one stack writes and another reads."""

    WRITER = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Admin:
    Type: AWS::SSM::Parameter
    Properties: {Name: /net/admin, Type: String, Value: 0.0.0.0/0}
"""
    READER = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Admin: {Type: "AWS::SSM::Parameter::Value<String>", Default: /net/admin}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for administration
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: READ}
"""

    def told(self, folder: Path, files: dict[str, str], read: str) -> dict[str, Any]:
        write(folder, {**files, "app.yaml": self.READER.replace("READ", read)})
        (one,) = findings(scan(".", "--select", "SG001", "--show-undecided", cwd=folder))
        return one

    @pytest.mark.parametrize(
        "read",
        ["!Ref Admin", '"{{resolve:ssm:/net/admin}}"', '"{{resolve:ssm:/net/admin:2}}"'],
    )
    def test_a_failure_that_only_the_writer_shows(self, tmp_path: Path, read: str) -> None:
        one = self.told(tmp_path, {"net.yaml": self.WRITER}, read)
        assert one["status"] == "fail"
        assert ("net.yaml", 3) in [(hop["path"], hop["line"]) for hop in one["evidence"]]

    def test_a_part_of_a_text(self, tmp_path: Path) -> None:
        writer = self.WRITER.replace("0.0.0.0/0", "0.0.0.0/0".partition("/")[0])
        one = self.told(tmp_path, {"net.yaml": writer}, '"{{resolve:ssm:/net/admin}}/0"')
        assert one["status"] == "fail"

    def test_what_the_writer_makes_safe_stays_undecided(self, tmp_path: Path) -> None:
        writer = self.WRITER.replace("0.0.0.0/0", "10.0.0.0/8")
        one = self.told(tmp_path, {"net.yaml": writer}, "!Ref Admin")
        assert one["missing"] == ["safe if net.yaml:3 is what is deployed"]
        arguments = (".", "--select", "SG001", "--fail-on-undecided", "low")
        assert scan(*arguments, cwd=tmp_path).status == 1

    @pytest.mark.parametrize(
        "read",
        [
            "!Ref Admin",
            '"{{resolve:ssm:/net/admin}}"',
            '!Sub "{{resolve:ssm:/${Part}/admin}}"',
        ],
    )
    def test_a_resource_that_the_writer_has_is_declared_with_it(
        self, tmp_path: Path, read: str
    ) -> None:
        writer = (
            self.WRITER.replace("Value: 0.0.0.0/0", "Value: !Ref Open")
            + """\
  Open:
    Type: AWS::EC2::PrefixList
    Properties:
      {PrefixListName: all, AddressFamily: IPv4, MaxEntries: 1, Entries: [{Cidr: 0.0.0.0/0}]}
"""
        )
        reader = self.READER.replace("CidrIp", "SourcePrefixListId")
        reader = reader.replace(
            "Parameters:\n", "Parameters:\n  Part: {Type: String, Default: net}\n"
        )
        write(tmp_path, {"net.yaml": writer, "app.yaml": reader.replace("READ", read)})
        (one,) = findings(scan(".", "--select", "SG001", "--show-undecided", cwd=tmp_path))
        assert (one["status"], one["subject"]) == ("fail", "Group")

    def test_several_writers_decide_nothing_and_are_named(self, tmp_path: Path) -> None:
        files = {"a.yaml": self.WRITER, "b.yaml": self.WRITER}
        assert self.told(tmp_path, files, "!Ref Admin")["status"] == "undecided"
        (note,) = scan(".", "--select", "SG001", cwd=tmp_path).report["notes"]
        assert "may be what a.yaml writes or what b.yaml writes" in note["message"]

    def test_parameters_that_are_made_of_one_another(self, tmp_path: Path) -> None:
        def writer(own: str, other: str) -> str:
            text = self.WRITER.replace("/net/admin", own)
            return text.replace("0.0.0.0/0", '"{{resolve:ssm:NAME}}"'.replace("NAME", other))

        files = {"a.yaml": writer("/net/admin", "/b"), "b.yaml": writer("/b", "/net/admin")}
        assert self.told(tmp_path, files, "!Ref Admin")["status"] == "undecided"

    @pytest.mark.parametrize(
        "read",
        [
            '"{{resolve:ssm:/net/admin}}"',
            '!Sub "{{resolve:ssm:/${Stage}/admin}}"',
            '!Sub "{{resolve:ssm:${Own}}}"',
            '!Sub "{{resolve:ssm:${Own}:1}}"',
        ],
    )
    @pytest.mark.parametrize("value", ["0.0.0.0/0", "10.0.0.0/8"])
    def test_a_parameter_of_the_same_stack(self, tmp_path: Path, read: str, value: str) -> None:
        reader = self.READER.replace(
            "Parameters:\n", "Parameters:\n  Stage: {Type: String, Default: net}\n"
        ).replace("READ", read)
        own = self.WRITER[self.WRITER.index("  Admin:") :].replace("Admin:", "Own:")
        written = reader + own.replace("0.0.0.0/0", value)
        # That of another stack is another account's, or another Region's.
        write(tmp_path, {"net.yaml": self.WRITER, "app.yaml": written})
        (one,) = findings(scan(".", "--select", "SG001", "--show-undecided", cwd=tmp_path))
        if value == "0.0.0.0/0":
            assert one["status"] == "fail"
        else:  # what an update reads may be what was written before it
            assert one["status"] == "undecided"
            assert one["missing"][0].startswith("safe if app.yaml:")

    def test_a_parameter_of_a_nested_stack(self, tmp_path: Path) -> None:
        outer = """\
Resources:
  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: net.yaml}}
"""
        files = {"outer.yaml": outer, "net.yaml": self.WRITER}
        one = self.told(tmp_path, files, '"{{resolve:ssm:/net/admin}}"')
        assert one["status"] == "fail"
        assert ("net.yaml", 3) in [(hop["path"], hop["line"]) for hop in one["evidence"]]
