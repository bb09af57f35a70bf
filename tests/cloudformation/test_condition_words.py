"""Conditions are said as conditions of parameters, as a person would set them."""

from __future__ import annotations

import pytest
from tests.cloudformation.conftest import Deploy

TEMPLATE = """\
Parameters:
  Stage: {Type: String}
  Size: {Type: Number}
  Zones: {Type: CommaDelimitedList}
  Given: {Type: String, Default: a}
  Secret: {Type: String, NoEcho: true}
Mappings:
  Kinds: {a: {Kind: big}, b: {Kind: small}}
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
  Decided: !Equals [!Ref Given, a]
  Asked: %s
Resources:
  R:
    Type: AWS::EC2::VPC
    Condition: Asked
"""
CONDITIONS = {
    "!Equals [!Ref Stage, production]": 'parameter "Stage" is "production"',
    "!Equals [production, !Ref Stage]": 'parameter "Stage" is "production"',
    "!Not [!Equals [!Ref Stage, production]]": 'parameter "Stage" is not "production"',
    '!Not [!Equals [!Ref Stage, ""]]': 'parameter "Stage" is not ""',
    "!Equals [!Ref Size, 2]": 'parameter "Size" is "2"',
    "!Condition IsProduction": 'parameter "Stage" is "production"',
    "!Not [!Condition IsProduction]": 'parameter "Stage" is not "production"',
    "!And [!Condition IsProduction, !Equals [!Ref Size, 2]]": (
        'parameter "Stage" is "production" and parameter "Size" is "2"'
    ),
    "!Not [!And [!Condition IsProduction, !Equals [!Ref Size, 2]]]": (
        'parameter "Stage" is not "production" or parameter "Size" is not "2"'
    ),
    "!Or [!Condition IsProduction, !Equals [!Ref Stage, test]]": (
        'parameter "Stage" is "production" or parameter "Stage" is "test"'
    ),
    # What is decided already does not decide it.
    "!And [!Condition Decided, !Condition IsProduction]": 'parameter "Stage" is "production"',
    '!Equals [!Join ["", !Ref Zones], ""]': 'parameter "Zones" is empty',
    "!Equals [!Ref AWS::Region, eu-west-1]": 'AWS::Region is "eu-west-1"',
    # Hard to say in one: it is named.
    "!Equals [!FindInMap [Kinds, !Ref Stage, Kind], big]": 'condition "Asked" is true',
    "!Equals [!Ref Secret, hidden]": 'condition "Asked" is true',
    "!Equals [!Ref Stage, !Ref Size]": 'condition "Asked" is true',
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_of_parameters(condition: str, deploy: Deploy) -> None:
    presence = deploy(TEMPLATE % condition).declaration("R").presence
    assert presence.when == CONDITIONS[condition]
