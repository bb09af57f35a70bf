"""SAM: Globals, and the roles that are made for functions and state machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.cli.program import run, write
from tests.cloudformation.test_intrinsics import plain

from iac_ec2lint.values import Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cloudformation.conftest import Deploy

HEADER = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    VpcConfig:
      SecurityGroupIds: [!Ref Shared]
    Environment: {Variables: {A: 1, B: 1}}
  Api: {Name: x}
Conditions:
  On: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Shared: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d}}
  Own: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d}}
"""


def known(value: Val) -> Any:
    if isinstance(value, Unknown):
        return plain(value)
    if isinstance(value.data, tuple):
        return [known(member) for member in value.data]
    if isinstance(value.data, dict):
        return {key: known(member) for key, member in value.data.items()}
    return value.data


def test_globals_are_merged(deploy: Deploy) -> None:
    found = deploy(
        HEADER
        + """
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      VpcConfig:
        SecurityGroupIds: [!Ref Own]
        SubnetIds: [subnet-1]
      Environment: {Variables: {B: 2}}
"""
    )
    assert found.messages == []
    assert known(found.get("F", "Runtime")) == "nodejs20.x"
    assert known(found.get("F", "Environment")) == {"Variables": {"A": 1, "B": 2}}
    assert known(found.get("F", "VpcConfig")) == {
        "SecurityGroupIds": ["<Shared.Ref>", "<Own.Ref>"],
        "SubnetIds": ["subnet-1"],
    }


def test_a_function_without_properties_has_the_globals(deploy: Deploy) -> None:
    found = deploy(HEADER + "  F: {Type: AWS::Serverless::Function}\n")
    assert known(found.get("F", "Runtime")) == "python3.12"
    assert not found.has("F", "Name")


def test_globals_are_for_their_type_and_for_sam_alone(deploy: Deploy) -> None:
    text = HEADER + "  F: {Type: AWS::Lambda::Function, Properties: {Handler: a}}\n"
    assert not deploy(text).has("F", "Runtime")
    other = text.replace("AWS::Serverless-2016-10-31", "AWS::LanguageExtensions")
    assert not deploy(other.replace("Lambda", "Serverless")).has("F", "Runtime")


def test_a_function_without_a_role_gets_one(deploy: Deploy) -> None:
    found = deploy(
        HEADER
        + """
  F:
    Type: AWS::Serverless::Function
    Condition: On
    Properties:
      Policies:
        - arn:aws:iam::aws:policy/AmazonEC2FullAccess
        - AmazonS3ReadOnlyAccess
        - Company
        - Statement: [{Effect: Allow, Action: "ec2:*", Resource: "*"}]
        - S3ReadPolicy: {BucketName: b}
        - S3WritePolicy: {BucketName: !Ref Bucket}
        - CompanyPolicy: {}
      PermissionsBoundary: arn:aws:iam::123456789012:policy/edge
  Bucket: {Type: AWS::S3::Bucket}
  Host: {Type: AWS::EC2::Instance, Properties: {A: !GetAtt FRole.Arn, B: !Ref FRole}}
"""
    )
    assert found.messages == []
    role = found.declaration("FRole")
    assert role.type == "AWS::IAM::Role"
    assert not role.presence.certain
    assert role.span.text == "F"
    arns = found.get("FRole", "ManagedPolicyArns").elements()
    assert [arn.text for arn in arns[:2]] == [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
        "arn:aws:iam::aws:policy/AmazonEC2FullAccess",
    ]
    assert arns[2].text == "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert isinstance(arns[3], Unknown)
    assert "arn:aws:iam::aws:policy/Company" in {c.text for c in arns[3].candidates}
    written, read, write, template = found.get("FRole", "Policies").elements()
    document = written.items()["PolicyDocument"]
    assert known(document)["Statement"][0]["Action"] == "ec2:*"
    (statement,) = known(read.items()["PolicyDocument"])["Statement"]
    assert "s3:GetObject" in statement["Action"]
    assert statement["Resource"] == ["arn:*:s3:::b", "arn:*:s3:::b/*"]
    (statement,) = write.items()["PolicyDocument"].items()["Statement"].elements()
    assert [isinstance(one, Unknown) for one in statement.items()["Resource"].elements()] == [
        True,
        True,
    ]
    unknown = template.items()["PolicyDocument"]
    assert isinstance(unknown, Unknown)
    assert unknown.reason == 'the SAM policy template "CompanyPolicy" is not known'
    trust = known(found.get("FRole", "AssumeRolePolicyDocument"))
    assert trust["Statement"][0]["Principal"] == {"Service": ["lambda.amazonaws.com"]}
    assert known(found.get("FRole", "PermissionsBoundary")).endswith("/edge")
    for name, attribute in (("A", "Arn"), ("B", "Ref")):
        value = found.get("Host", name)
        assert isinstance(value, Reference)
        assert (value.target, value.attribute) == ("FRole", attribute)
    arn = found.get("F", "Role")
    assert isinstance(arn, Reference)
    assert arn.target == "FRole"


def test_the_role_of_a_function_trusts_whom_the_function_says(deploy: Deploy) -> None:
    found = deploy(
        HEADER
        + """
  F:
    Type: AWS::Serverless::Function
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: [WHO]}}
""".replace("WHO", "edgelambda.amazonaws.com")
    )
    assert found.messages == []
    trust = known(found.get("FRole", "AssumeRolePolicyDocument"))
    assert trust["Statement"][0]["Principal"] == {"Service": ["edgelambda.amazonaws.com"]}


def test_a_state_machine_without_a_role_gets_one(deploy: Deploy) -> None:
    found = deploy(
        HEADER
        + """
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: steps.asl.json
      Policies:
        - Statement: [{Effect: Allow, Action: "ec2:*", Resource: "*"}]
  Given: {Type: AWS::Serverless::StateMachine, Properties: {Role: r}}
"""
    )
    assert found.messages == []
    assert "GivenRole" not in found.addresses
    assert found.declaration("MRole").type == "AWS::IAM::Role"
    assert found.get("MRole", "ManagedPolicyArns").elements() == ()
    trust = known(found.get("MRole", "AssumeRolePolicyDocument"))
    assert trust["Statement"][0]["Principal"] == {"Service": ["states.amazonaws.com"]}
    [policy] = known(found.get("MRole", "Policies"))
    assert policy["PolicyDocument"]["Statement"][0]["Action"] == "ec2:*"
    assert plain(found.get("M", "Role")) == "<MRole.Arn>"


def test_a_function_with_a_role_gets_none(deploy: Deploy) -> None:
    found = deploy(
        HEADER
        + """
  F: {Type: AWS::Serverless::Function, Properties: {Role: arn:aws:iam::123456789012:role/r}}
  Api: {Type: AWS::Serverless::Api, Properties: {}}
"""
    )
    assert found.addresses == ["Shared", "Own", "F", "Api"]
    role = found.get("F", "Role")
    assert isinstance(role, Value)


def test_what_else_the_transform_makes_is_unknown_and_no_error(deploy: Deploy) -> None:
    found = deploy(
        HEADER
        + """
  F: {Type: AWS::Serverless::Function, Properties: {Role: r}}
  Host: {Type: AWS::EC2::Instance, Properties: {A: !Ref ServerlessRestApi, B: !Ref FRole}}
"""
    )
    assert found.messages == []
    assert isinstance(found.get("Host", "A"), Unknown)
    assert not isinstance(found.get("Host", "B"), Reference)


def test_a_function_carries_its_groups(tmp_path: Path) -> None:
    group = """
  Open:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: open
      SecurityGroupIngress: {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  F:
    Type: AWS::Serverless::Function
    Properties: {VpcConfig: {SecurityGroupIds: [!Ref Open]}}
"""
    write(tmp_path, {"t.yaml": HEADER + group})
    drawn = json.loads(run("graph", "t.yaml", "--format", "json", cwd=tmp_path).out)
    edges = [
        (e["source"], e["target"]) for e in drawn["edges"] if e["relation"] == "security_groups"
    ]
    assert ("F", "Open") in edges
