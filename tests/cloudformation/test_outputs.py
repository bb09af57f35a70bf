"""Entries of ``Outputs`` as declarations."""

from __future__ import annotations

from pathlib import Path

from tests.cli.program import scan, write
from tests.terraform.conftest import plain

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitGraph, UnitWalk
from iac_ec2lint.resources.output import Output
from iac_ec2lint.values import Reference

TEMPLATE = """\
Parameters:
  Stage: {Type: String, Default: dev}
  Open: {Type: String, AllowedValues: ["yes", "no"]}
Conditions:
  Never: !Equals [a, b]
  IsOpen: !Equals [!Ref Open, "yes"]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./inner.yaml}
Outputs:
  Vpc:
    Description: the VPC
    Value: !Ref Vpc
    Export: {Name: !Sub "${Stage}-vpc"}
  Absent:
    Condition: Never
    Value: x
  Perhaps:
    Condition: IsOpen
    Value: !If [IsOpen, open, closed]
"""
INNER = """\
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
Outputs:
  Group: {Value: !GetAtt Group.GroupId}
"""


def analysed(folder: Path) -> UnitGraph:
    write(folder, {"web.yaml": TEMPLATE, "inner.yaml": INNER})
    return next(UnitWalk(Inputs(paths=(folder,), working=folder)).graphs())


def test_outputs_have_addresses_places_and_values(tmp_path: Path) -> None:
    inner, perhaps, vpc = analysed(tmp_path).graph.all(Output)
    assert (inner.address, vpc.address) == ("Inner/Outputs.Group", "Outputs.Vpc")
    assert (vpc.type, vpc.declared.language) == ("output", "cloudformation")
    assert isinstance(vpc.value, Reference)
    assert vpc.value.target == "Vpc"
    assert plain(vpc.description) == "the VPC"
    assert plain(vpc.export_name) == "dev-vpc"
    assert vpc.span.line == 13
    assert vpc.place("value").attribute == "Value"
    assert vpc.place("export_name").span.line == 16
    assert isinstance(inner.value, Reference)
    assert inner.value.target == "Inner/Group"
    assert [step.words for step in inner.declared.callers] == ['nested stack "Inner"']
    assert inner.presence.certain
    assert perhaps.address == "Outputs.Perhaps"


def test_an_output_with_a_condition_is_there_where_that_is_true(tmp_path: Path) -> None:
    found = {one.address: one for one in analysed(tmp_path).graph.all(Output)}
    assert "Outputs.Absent" not in found
    perhaps = found["Outputs.Perhaps"]
    assert not perhaps.presence.certain
    assert perhaps.presence.when == 'parameter "Open" is "yes"'
    assert plain(perhaps.value) == "open"


def test_outputs_are_not_counted(tmp_path: Path) -> None:
    write(tmp_path, {"web.yaml": TEMPLATE, "inner.yaml": INNER})
    assert (
        scan(".", cwd=tmp_path).report["summary"]["resources"] == analysed(tmp_path).resources == 2
    )
