"""Stack sets: their stacks are part of the unit, in accounts and Regions of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.values import Reference

if TYPE_CHECKING:
    from tests.cloudformation.conftest import Deploy

INNER = """
Parameters: {Cidr: {Type: String}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr, Name: !Ref AWS::Region}}
"""


def test_a_template_in_a_file(deploy: Deploy) -> None:
    found = deploy(
        """
        Parameters: {Range: {Type: String, Default: 10.0.0.0/16}}
        Resources:
          Set:
            Type: AWS::CloudFormation::StackSet
            Properties:
              TemplateURL: inner.yaml
              Parameters:
                - {ParameterKey: Cidr, ParameterValue: !Ref Range}
        """,
        parameters={"AWS::Region": "eu-west-1"},
        inner=INNER,
    )
    assert found.messages == []
    vpc = found.declaration("Set/Vpc")
    assert found.get("Set/Vpc", "CidrBlock").text == "10.0.0.0/16"
    # The set's own Region says nothing of where its stacks are.
    assert isinstance(found.get("Set/Vpc", "Name"), Reference)
    assert vpc.scope != found.declaration("Set").scope
    assert (vpc.region, found.declaration("Set").region) == ("", "eu-west-1")
    assert [step.words for step in vpc.callers] == ['stack set "Set"']


def test_a_template_in_the_set_itself(deploy: Deploy) -> None:
    found = deploy(
        """
        Resources:
          Set:
            Type: AWS::CloudFormation::StackSet
            Properties:
              Parameters: [{ParameterKey: Cidr, ParameterValue: 10.0.0.0/8}]
              TemplateBody: |
                Parameters: {Cidr: {Type: String}}
                Resources:
                  Vpc:
                    Type: AWS::EC2::VPC
                    # ec2lint:ignore=SG001 a comment in the text
                    Properties: {CidrBlock: !Ref Cidr, Wrong: !Ref Nothing}
              Capabilities: []
        """
    )
    assert found.get("Set/Vpc", "CidrBlock").text == "10.0.0.0/8"
    assert found.declaration("Set/Vpc").span.text == "Vpc"
    found.get("Set/Vpc", "Wrong")
    [message] = found.messages
    assert message.startswith('13:55 there is no parameter or resource "Nothing"; ')
    assert message.endswith("the stack Set is made at template.yaml:3")
    assert [s.at.line for s in found.unit.suppressions] == [12]


@pytest.mark.parametrize("body", ['"{}"', "!Sub '${A}'", ">\n        Resources: {}"])
def test_a_template_that_does_not_stand_there_is_listed(deploy: Deploy, body: str) -> None:
    found = deploy(
        f"""
Parameters: {{A: {{Type: String}}}}
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateBody: {body}
"""
    )
    assert found.messages == []
    assert list(found.unit.modules_unavailable) == ["TemplateBody of Set"]


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("StackSet", "[{ParameterKey: Group, ParameterValue: !Ref G}]"),
        ("StackSet", "!If [Wanted, [{ParameterKey: Group, ParameterValue: !Ref G}], []]"),
        ("Stack", "!If [Wanted, {Group: !Ref G}, !Ref AWS::NoValue]"),
        ("Stack", "{Group: !Ref G}"),
    ],
)
def test_what_is_handed_to_a_template_that_is_not_there_escapes(
    deploy: Deploy, kind: str, parameters: str
) -> None:
    found = deploy(
        f"""
Parameters: {{Want: {{Type: String}}}}
Conditions: {{Wanted: !Equals [!Ref Want, "yes"]}}
Resources:
  G: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: g}}}}
  Inner:
    Type: AWS::CloudFormation::{kind}
    Properties:
      TemplateURL: https://example-bucket.s3.amazonaws.com/group.yaml
      Parameters: {parameters}
"""
    )
    assert found.messages == []
    assert list(found.unit.escapes.places) == ["G"]
