"""Resources, sections and the recognition of whole templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.template.recognition import is_template
from iac_ec2lint.cloudformation.templates import evaluate
from iac_ec2lint.document.reading import read
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cloudformation.conftest import Deploy

    from iac_ec2lint.declaration import Section


def shape(section: Section) -> tuple[str, bool, str]:
    return section.path, section.presence.certain, section.presence.when


class TestDeclarations:
    TEXT = """
        Resources:
          Web:
            Type: AWS::EC2::Instance
            Metadata: {Owner: me}
            Properties:
              ImageId: ami-1
              SubnetId: !Ref Subnet
          Subnet: {Type: AWS::EC2::Subnet}
    """

    def test_what_a_declaration_says(self, deploy: Deploy) -> None:
        found = deploy(self.TEXT).declaration("Web")
        assert (found.language, found.type, found.address) == (
            "cloudformation",
            "AWS::EC2::Instance",
            "Web",
        )
        assert found.span.text == "Web"
        assert found.extent.text.startswith("Web:\n")
        assert found.extent.text.endswith("SubnetId: !Ref Subnet")
        assert found.presence.certain
        assert found.unit == "template.yaml"
        assert found.body.names() == ("ImageId", "SubnetId")
        assert found.body.path == ""
        assert isinstance(found.metadata, Value)
        assert found.metadata.items()["Owner"].text == "me"

    def test_a_resource_without_properties(self, deploy: Deploy) -> None:
        body = deploy(self.TEXT).declaration("Subnet").body
        assert body.names() == ()
        assert body.get("CidrBlock") is None
        assert body.sections("Tags") == ()
        assert body.span.text == "Subnet"

    def test_only_what_is_wanted_is_declared(self, deploy: Deploy, tmp_path: Path) -> None:
        deploy(self.TEXT)
        files = Files(tmp_path, tmp_path)
        unit = evaluate(
            tmp_path / "template.yaml", files, StackOptions(), frozenset({"AWS::EC2::Subnet"})
        )
        assert [d.address for d in unit.declarations] == ["Subnet"]
        assert unit.kind == "stack"
        assert unit.files == {"template.yaml": True}

    def test_json_is_the_same(self, deploy: Deploy) -> None:
        found = deploy(
            """
            {"Resources": {"Web": {"Type": "AWS::EC2::Instance",
                                   "Properties": {"SubnetId": {"Ref": "Subnet"}}},
                           "Subnet": {"Type": "AWS::EC2::Subnet"}}}
            """,
            "template.json",
        )
        value = found.get("Web", "SubnetId")
        assert isinstance(value, Reference)
        assert (value.target, value.span.text) == ("Subnet", '{"Ref": "Subnet"}')

    def test_several_templates_in_a_file(self, deploy: Deploy) -> None:
        found = deploy(
            "Resources:\n  A: {Type: AWS::EC2::VPC}\n---\nkind: Pod\n---\n"
            "Resources:\n  A: {Type: AWS::EC2::VPC}\n"
        )
        assert found.addresses == ["A", "document2/A"]


class TestSections:
    TEXT = """
        Parameters:
          Open: {Type: String}
        Conditions:
          Wide: !Equals [!Ref Open, "yes"]
          Always: !Equals [a, a]
        Resources:
          Sg:
            Type: AWS::EC2::SecurityGroup
            Properties:
              One: {CidrIp: 10.0.0.0/8, Inner: {A: 1}}
              Many:
                - CidrIp: 10.0.0.0/8
                - !If [Wide, {CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue]
                - !If [Always, {CidrIp: 10.1.0.0/16}, {CidrIp: 0.0.0.0/0}]
              Whole: !If [Wide, [{CidrIp: 0.0.0.0/0}, {CidrIp: "::/0"}], {CidrIp: 10.0.0.0/8}]
              Unknown: !Ref Open
              Removed: !Ref AWS::NoValue
              Empty:
    """

    @pytest.fixture
    def body(self, deploy: Deploy) -> Section:
        found = deploy(self.TEXT)
        assert found.messages == []
        return found.declaration("Sg").body

    def test_a_single_mapping(self, body: Section) -> None:
        (one,) = body.sections("One")
        assert shape(one) == ("One", True, "")
        assert one.span.text.startswith("{CidrIp")
        (inner,) = one.sections("Inner")
        assert inner.path == "One.Inner"
        assert inner.join("A") == "One.Inner.A"

    def test_a_list_with_possible_elements(self, body: Section) -> None:
        found = body.sections("Many")
        assert [shape(section) for section in found] == [
            ("Many[0]", True, ""),
            ("Many[1]", False, 'parameter "Open" is "yes"'),
            ("Many[2]", True, ""),
        ]
        addresses = [section.get("CidrIp") for section in found]
        assert [a.text for a in addresses if a is not None] == [
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.1.0.0/16",
        ]

    def test_a_condition_over_the_whole_property(self, body: Section) -> None:
        assert [shape(section) for section in body.sections("Whole")] == [
            ("Whole[0]", False, 'parameter "Open" is "yes"'),
            ("Whole[1]", False, 'parameter "Open" is "yes"'),
            ("Whole", False, 'parameter "Open" is not "yes"'),
        ]
        causes = {id(section.presence.cause) for section in body.sections("Whole")}
        assert len(causes) == 1

    def test_an_unknown_property_is_one_possible_section(self, body: Section) -> None:
        (only,) = body.sections("Unknown")
        assert not only.presence.certain
        assert isinstance(only.get("CidrIp"), Unknown)

    def test_what_is_removed_or_null_is_not_there(self, body: Section) -> None:
        assert body.sections("Removed") == body.sections("Empty") == ()
        assert body.get("Removed") is body.get("Empty") is None
        assert body.names() == ("One", "Many", "Whole", "Unknown")

    def test_sections_and_values_agree(self, body: Section) -> None:
        for name in ("One", "Many"):
            value = body.get(name)
            assert isinstance(value, Value)
            assert len(value.elements()) == len(body.sections(name))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("AWSTemplateFormatVersion: '2010-09-09'\n", True),
        ("Resources: {A: {Type: AWS::EC2::VPC}}\n", True),
        ("Resources: {A: {Type: Custom::X}, B: [x]}\n", True),
        ("Resources: {'Fn::ForEach::X': [A, [b], {}]}\n", True),
        ("kind: Pod\n---\nResources: {A: {Type: AWS::EC2::VPC}}\n", True),
        ("Resources: {A: {Type: thing}}\n", False),
        ("Resources: [a]\n", False),
        ("Transform: AWS::Serverless-2016-10-31\n", True),
        ("dependencies: {aws-cdk: 2.1.0}\nTransform: AWS::Serverless-2016-10-31\n", False),
        ("service: x\nresources: {Resources: {A: {Type: AWS::EC2::VPC}}}\n", False),
        ("- hosts: all\n", False),
        ("- cloudformation: {template_body: {Resources: {A: {Type: AWS::EC2::VPC}}}}\n", False),
        ("Resources: {A: {Type: AWS::EC2::VPC, Name: '${self:custom.name}'}}\n", False),
        ("Resources: {A: {Type: AWS::EC2::VPC, Name: '${opt:stage}-${file(a.yml):b}'}}\n", False),
        ("Resources: {A: {Type: AWS::EC2::VPC, Name: !Sub '${Selfie}-${opt}'}}\n", True),
        ("", False),
    ],
)
def test_what_is_a_template(text: str, answer: bool) -> None:
    assert is_template(read(SourceText("a.yaml", text))) is answer


def test_sections_that_decide_nothing_here_are_passed_over(deploy: Deploy) -> None:
    found = deploy(
        """
        Transform: AWS::LanguageExtensions
        Metadata: {AWS::CloudFormation::Interface: {ParameterGroups: []}}
        Parameters: {Keep: {Type: String, Default: Retain}}
        Rules:
          R:
            RuleCondition: !Equals [!Ref Keep, Retain]
            Assertions:
              - Assert: !Contains [[Retain, Delete], !Ref Keep]
                AssertDescription: !RefAll "AWS::EC2::VPC::Id"
        Hooks: {H: {Type: "AWS::CodeDeploy::BlueGreen", Properties: {}}}
        Resources:
          A:
            Type: AWS::EC2::Volume
            DeletionPolicy: !Ref Keep
            UpdateReplacePolicy: !FindInMap [No, such, map, {DefaultValue: Delete}]
            Metadata: {a: {b: !Ref Keep}}
        """
    )
    assert found.messages == []
    metadata = found.declaration("A").metadata
    assert metadata is not None
    assert metadata.items()["a"].items()["b"].text == "Retain"
