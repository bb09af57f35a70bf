"""Macros: what they may change is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from tests.cloudformation.conftest import Deploy


class TestMacros:
    def test_a_macro_is_listed_and_what_it_may_make_is_no_error(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Transform: [AWS::Serverless-2016-10-31, Explode]
            Resources:
              A:
                Type: AWS::EC2::Instance
                Condition: Made
                Properties: {SubnetId: !Ref Made, ImageId: !GetAtt Other.Id}
            """
        )
        assert found.messages == []
        assert list(found.unit.modules_unavailable) == ["Explode"]
        assert not found.declaration("A").presence.certain
        for name in ("SubnetId", "ImageId"):
            value = found.get("A", name)
            assert isinstance(value, Unknown)
            assert value.cause == "module"

    def test_what_is_written_beside_a_macro_is_assumed_to_be_left_as_it_is(
        self, deploy: Deploy
    ) -> None:
        found = deploy(
            """
            Transform: [AWS::LanguageExtensions, Explode]
            Resources:
              A:
                Type: AWS::EC2::Instance
            """
        )
        presence = found.declaration("A").presence
        assert presence.certain
        [step] = presence.assumptions
        assert step.assumed
        assert step.words == 'the macro "Explode" leaves what is written here as it is'

    def test_a_macro_in_properties_makes_them_unknown(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              A:
                Type: AWS::EC2::Instance
                Properties:
                  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}
                  ImageId: ami-1
              B:
                Type: AWS::EC2::Instance
                Properties:
                  ImageId: {Fn::Transform: {Name: Pick}}
                  Fine: 1
            """
        )
        for address in "AB":
            assert isinstance(found.get(address, "ImageId"), Unknown)
        assert found.messages == []
        assert list(found.unit.modules_unavailable) == ["AWS::Include", "Pick"]
        assert isinstance(found.get("B", "Fine"), Value)

    def test_a_module_of_the_registry(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              Net: {Type: "My::Net::Vpc::MODULE", Properties: {}}
              A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net.Vpc, X: !Ref NetVpc}}
            """
        )
        assert isinstance(found.get("A", "VpcId"), Unknown)
        assert isinstance(found.get("A", "X"), Unknown)
        assert found.messages == []
        assert list(found.unit.modules_unavailable) == ["My::Net::Vpc::MODULE"]

    def test_another_program_s_tag_is_one_error(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              A: {Type: !Module net.yaml}
              B:
                Type: AWS::EC2::Instance
                Properties:
                  SubnetId: !Ref ASubnet
                  UserData: !Vault x
                  X: {Fn::Sub: !Vault y}
            """
        )
        for name in ("SubnetId", "UserData", "X"):
            assert isinstance(found.get("B", name), Unknown)
        assert [d.message for d in found.unit.diagnostics] == [
            "!Module is no function of CloudFormation",
            "!Vault is no function of CloudFormation",
        ]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            (
                "template.yaml",
                """
                Resources:
                  A: {Type: !Rain::Module net.yaml}
                  B:
                    Type: AWS::EC2::Instance
                    Properties:
                      SubnetId: !Ref ASubnet
                      UserData: !Rain::Embed x
                      X: {Fn::Sub: !Rain::Embed y}
                """,
            ),
            (
                "template.json",
                """
                {"Resources": {
                  "A": {"Type": {"Rain::Module": "net.yaml"}},
                  "B": {"Type": "AWS::EC2::Instance", "Properties": {
                    "SubnetId": {"Ref": "ASubnet"},
                    "UserData": {"Rain::Embed": "x"},
                    "X": {"Fn::Sub": {"Rain::Embed": "y"}}
                  }}
                }}
                """,
            ),
        ],
    )
    def test_what_a_preprocessor_replaces_is_listed(
        self, deploy: Deploy, name: str, text: str
    ) -> None:
        found = deploy(text, name)
        assert found.messages == []
        for property_ in ("SubnetId", "UserData", "X"):
            value = found.get("B", property_)
            assert isinstance(value, Unknown)
            assert value.cause == "module"
        assert "Rain::Embed" in found.unit.modules_unavailable

    def test_what_org_formation_fills_in_is_listed(self, deploy: Deploy) -> None:
        found = deploy(
            """
            AWSTemplateFormatVersion: 2010-09-09-OC
            Organization: !Include organization.yml
            Resources:
              B:
                Type: AWS::EC2::Instance
                Properties:
                  SubnetId: !Ref Production
                  UserData: !ReadFile boot.sh
            """
        )
        assert found.messages == []
        for property_ in ("SubnetId", "UserData"):
            value = found.get("B", property_)
            assert isinstance(value, Unknown)
            assert value.cause == "module"
        assert {"Include", "ReadFile"} <= set(found.unit.modules_unavailable)
        assert deploy("AWSTemplateFormatVersion: 2010-09-09-OC\nOrganization: {}\n").messages == []
