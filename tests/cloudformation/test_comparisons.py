"""What a condition comes to where one side of a comparison is known after a deployment only."""

from __future__ import annotations

import pytest
from tests.cloudformation.conftest import Deploy

PARENT = """\
Parameters:
  Any: {Type: String}
  Long: {Type: String, MinLength: 1}
  Short: {Type: String, MinLength: "0"}
  Vpc: {Type: AWS::EC2::VPC::Id}
  Key: {Type: AWS::EC2::KeyPair::KeyName}
Conditions:
  Some: !Equals [!Ref Any, some]
Resources:
  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  B: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Role: {Type: AWS::IAM::Role}
  Own: {Type: Custom::Own, Properties: {ServiceToken: arn}}
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters: {One: ONE, Other: OTHER}
"""
CHILD = """\
Parameters:
  One: {Type: String}
  Other: {Type: String}
Conditions:
  Same: !Equals [!Ref One, !Ref Other]
  Not: !Not [!Condition Same]
Resources:
  Same: {Type: AWS::EC2::EIP, Condition: Same}
  Not: {Type: AWS::EC2::EIP, Condition: Not}
"""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("!Ref A", "''", False),  # the id of what is made
        ("!Ref Role", "''", False),
        ("!Ref Own", "''", False),
        ("!GetAtt A.VpcId", "default", False),
        ("!Sub 'x-${Any}'", "''", False),
        ("!Sub 'x-${Any}'", "y-a", False),
        ("!Ref A", "!Ref B", False),
        ("!If [Some, !Ref A, !Ref B]", "''", False),
        ("!Ref Vpc", "''", False),
        ("!Ref Key", "''", False),
        ("!Ref Long", "''", False),
        ("!Ref A", "!Ref A", True),
        ("!Ref Role", "none", None),  # a name may be anything
        ("!Ref Key", "none", None),
        ("!GetAtt Own.Id", "''", None),  # so may what a function of one's own answers
        ("!GetAtt B.VpcId", "!Ref A", None),
        ("!Ref A", "vpc-0123", None),
        ("!Ref Vpc", "!Ref A", None),
        ("!Sub 'x-${Any}'", "x-a", None),
        ("!If [Some, !Ref A, '']", "''", None),
        ("!Ref Short", "''", None),
        ("!Ref Any", "''", None),
    ],
)
def test_what_is_known_after_a_deployment_is_no_text_at_all_or_is_not_known(
    deploy: Deploy, one: str, other: str, same: bool | None
) -> None:
    parent = PARENT.replace("ONE", one).replace("OTHER", other)
    deployed = deploy(parent, child=CHILD)
    assert deployed.messages == []
    made = {address for address in deployed.addresses if address.startswith("Child/")}
    assert made == {
        name
        for name, truth in (("Child/Same", True), ("Child/Not", False))
        if same in (truth, None)
    }
