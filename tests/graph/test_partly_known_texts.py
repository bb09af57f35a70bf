"""What texts with unknown pieces mean: what has that very name, and the subnets that one lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.fleet import SpotFleet
from iac_ec2lint.resources.iam_role import InstanceProfile
from iac_ec2lint.resources.instance import Instance

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """
Parameters: {{Env: {{Type: String}}}}
Resources:
  Lt:
    Type: AWS::EC2::LaunchTemplate
    Properties: {{LaunchTemplateName: {name}, LaunchTemplateData: {{ImageId: ami-1}}}}
  Asg:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: "1"
      MaxSize: "1"
      LaunchTemplate: {{LaunchTemplateName: {used}, Version: $Latest}}
"""
MODULE = """
variable "env" {{}}
resource "aws_launch_template" "lt" {{ name = {name} }}
resource "aws_autoscaling_group" "asg" {{
  launch_template {{ name = {used} }}
}}
"""


@pytest.mark.parametrize(
    ("text", "name", "used", "certain"),
    [
        (TEMPLATE, "!Sub 'a-${Env}'", "!Join ['-', [a, {Ref: Env}]]", True),
        (TEMPLATE, "!Ref Env", "!Sub '${Env}'", True),
        (TEMPLATE, "!Sub '${AWS::StackName}-a'", "!Sub '${AWS::StackName}-a'", True),
        (TEMPLATE, "!Sub '${AWS::StackName}-a'", "!Sub '${AWS::StackName}-b'", False),
        (TEMPLATE, "!Select [0, !Split [',', !Ref Env]]", "!Ref Env", False),
        (MODULE, '"a-${var.env}"', 'join("-", ["a", var.env])', True),
        (MODULE, "lower(var.env)", "var.env", False),
    ],
)
def test_equal_spellings_are_the_same_name(
    text: str, name: str, used: str, *, certain: bool, tmp_path: Path
) -> None:
    found = graph(text.format(name=name, used=used), tmp_path)
    [group] = found.all(AutoScalingGroup)
    edges = found.targets(group, "launch_template")
    assert [edge.certain for edge in edges if edge.target is not None] == [True] * certain


def test_what_is_called_after_another_resource_is_meant_by_its_name(tmp_path: Path) -> None:
    found = graph(
        """
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {}}
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {InstanceProfileName: !Ref Role, Roles: [!Ref Role]}
  Host: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: !Ref Role}}
""",
        tmp_path,
    )
    [host] = found.all(Instance)
    [edge] = found.targets(host, "iam_instance_profile")
    assert edge.target is not None
    assert (edge.target.address, edge.certain) == ("Profile", True)


def test_a_nested_stack_has_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(
        """
Resources:
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Sub 'arn:aws:iam::${AWS::AccountId}:role/x/${AWS::StackName}-r']}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '${AWS::StackName}-r'}}
"""
    )
    found = graph(
        """
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '${AWS::StackName}-r'}}
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}
""",
        tmp_path,
    )
    [profile] = found.all(InstanceProfile)
    targets = [edge.target for edge in found.targets(profile, "roles") if edge.certain]
    assert [target and target.address for target in targets] == ["Inner/Role"]


FLEET = """
Resources:
  A: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}}}
  B: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: vpc-1, CidrBlock: 10.0.1.0/24}}}}
  Fleet:
    Type: AWS::EC2::SpotFleet
    Properties:
      SpotFleetRequestConfigData:
        LaunchSpecifications: [{{ImageId: ami-1, SubnetId: {subnets}}}]
"""


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        ("!Sub '${A}, ${B}'", ["A", "B"]),
        ("!Join [',', [!Ref A, subnet-1]]", ["A", "subnet-1"]),
        ("'subnet-1,subnet-2'", ["subnet-1", "subnet-2"]),
    ],
)
def test_a_text_lists_subnets(subnets: str, expected: list[str], tmp_path: Path) -> None:
    found = graph(FLEET.format(subnets=subnets), tmp_path)
    [fleet] = found.all(SpotFleet)
    edges = found.targets(fleet, "subnet")
    assert [edge.target and edge.target.address for edge in edges] == expected
    assert all(edge.certain for edge in edges)
