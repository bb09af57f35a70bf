"""Conditions of templates: what is there, what may be, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from tests.cloudformation.conftest import Deploy


class TestConditions:
    def test_a_resource_with_a_false_condition_is_not_declared(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {Make: {Type: String, Default: "no"}}
            Conditions: {Made: !Equals [!Ref Make, "yes"]}
            Resources:
              A: {Type: AWS::EC2::VPC, Condition: Made}
              B: {Type: AWS::EC2::VPC}
            """
        )
        assert found.addresses == ["B"]
        given = deploy(
            """
            Parameters: {Make: {Type: String, Default: "no"}}
            Conditions: {Made: !Equals [!Ref Make, "yes"]}
            Resources:
              A: {Type: AWS::EC2::VPC, Condition: Made}
            """,
            parameters={"Make": "yes"},
        )
        assert given.addresses == ["A"]
        assert given.declaration("A").presence.certain

    def test_what_refers_to_it_then_is_an_error(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Conditions: {Never: !Equals [a, b]}
            Resources:
              A: {Type: AWS::EC2::VPC, Condition: Never}
              B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref A, X: !GetAtt A.CidrBlock}}
            """
        )
        for name in ("VpcId", "X"):
            value = found.get("B", name)
            assert isinstance(value, Unknown)
            assert value.cause == "error"
        assert [d.message for d in found.unit.diagnostics] == [
            'the resource "A" is not created: its condition "Never" is false'
        ] * 2

    def test_a_default_that_makes_it_is_an_assumption(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {Make: {Type: String, Default: "yes"}}
            Conditions: {Made: !Equals [!Ref Make, "yes"]}
            Resources:
              A: {Type: AWS::EC2::VPC, Condition: Made}
            """
        )
        presence = found.declaration("A").presence
        assert presence.certain
        assert [step.words for step in presence.assumptions] == ['default of parameter "Make"']

    def test_an_undecided_condition_says_when(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {Make: {Type: String}}
            Conditions: {Made: !Equals [!Ref Make, "yes"]}
            Resources:
              A: {Type: AWS::EC2::VPC, Condition: Made}
            """
        )
        presence = found.declaration("A").presence
        assert presence.when == 'parameter "Make" is "yes"'
        assert presence.cause is not None
        assert presence.cause.cause == "condition"
        assert 'parameter "Make" has no value' in presence.cause.reason

    def test_what_a_resource_s_condition_implies_is_decided_in_it(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters:
              Env: {Type: String, AllowedValues: [dev, test, prod]}
              Size: {Type: String}
            Conditions:
              Prod: !Equals [!Ref Env, prod]
              Big: !Equals [!Ref Size, big]
              Both: !And [!Condition Prod, !Condition Big]
              Neither: !Not [!Or [!Condition Prod, !Condition Big]]
              NotDev: !Not [!Equals [!Ref Env, dev]]
            Resources:
              A:
                Type: Test::A::B
                Condition: Both
                Properties:
                  Env: !Ref Env
                  Prod: !If [Prod, 1, 2]
                  Neither: !If [Neither, 1, 2]
                  NotDev: !If [NotDev, 1, 2]
              B:
                Type: Test::A::B
                Condition: Neither
                Properties:
                  Big: !If [Big, 1, 2]
                  Env: !Ref Env
              C:
                Type: Test::A::B
                Properties:
                  P: !If [Prod, !If [Prod, 1, 2], !If [Prod, 3, 4]]
            """
        )
        assert found.messages == []
        assert found.get("A", "Env") == Value("prod", found.get("A", "Env").span)
        for name, want in (("Prod", 1), ("Neither", 2), ("NotDev", 1)):
            value = found.get("A", name)
            assert isinstance(value, Value), name
            assert value.data == want
        big = found.get("B", "Big")
        assert isinstance(big, Value)
        assert big.data == 2
        env = found.get("B", "Env")
        assert isinstance(env, Unknown)
        assert [candidate.text for candidate in env.candidates] == ["dev", "test"]
        nested = found.get("C", "P")
        assert isinstance(nested, Unknown)
        assert [c.data for c in nested.candidates if isinstance(c, Value)] == [1, 4]

    def test_allowed_values_decide_what_they_can(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {Env: {Type: String, AllowedValues: [dev, test]}}
            Conditions:
              Prod: !Equals [!Ref Env, prod]
              Some: !Or [!Equals [!Ref Env, dev], !Not [!Equals [prod, !Ref Env]]]
            Resources:
              A: {Type: AWS::EC2::VPC, Condition: Prod}
              B: {Type: AWS::EC2::VPC, Condition: Some}
            """
        )
        assert found.addresses == ["B"]
        assert found.declaration("B").presence.certain

    def test_numbers_bools_and_their_text_are_equal(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {N: {Type: Number, Default: 1}, T: {Type: String, Default: "true"}}
            Conditions:
              A: !Equals [!Ref N, "1"]
              B: !Equals [!Ref T, true]
            Resources:
              A: {Type: AWS::EC2::VPC, Condition: A}
              B: {Type: AWS::EC2::VPC, Condition: B}
            """
        )
        assert found.addresses == ["A", "B"]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                "  A: !Condition B\n  B: !Not [!Condition A]\n",
                'the condition "A" depends on itself',
            ),
            ("  A: !Condition Nothing\n", 'there is no condition "Nothing"'),
            ("  A: !Equals [a]\n", "Fn::Equals takes a list of 2"),
            ("  A: !Not [!Equals [a, b], !Equals [a, b]]\n", "Fn::Not takes a list of 1"),
            ("  A: !Sub x\n", "Fn::Sub is no function of conditions"),
            ("  A: [x]\n", "a condition is a list; a function is expected"),
        ],
    )
    def test_what_is_wrong_is_said_once(self, deploy: Deploy, text: str, message: str) -> None:
        found = deploy(
            f"Conditions:\n{text}"
            "Resources:\n"
            "  V: {Type: AWS::EC2::VPC, Condition: A}\n"
            "  W: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !If [A, a, b]}}\n"
            "  X: {Type: AWS::EC2::VPC}\n"
        )
        (diagnostic,) = found.unit.diagnostics
        assert diagnostic.message == message
        value = found.get("W", "CidrBlock")
        assert isinstance(value, Unknown)
        assert value.cause == "error"
        assert found.addresses == ["V", "W", "X"]
        assert len(found.unit.diagnostics) == 1

    def test_thirty_undecided_conditions_cost_little(self, deploy: Deploy) -> None:
        names = [f"C{n}" for n in range(30)]
        nested = "end"
        for name in names:
            nested = f"!If [{name}, {name}, {nested}]"
        found = deploy(
            "Parameters:\n"
            + "".join(f"  P{name}: {{Type: String}}\n" for name in names)
            + "Conditions:\n"
            + "".join(f'  {name}: !Equals [!Ref P{name}, "1"]\n' for name in names)
            + "Resources:\n  R:\n    Type: Test::A::B\n    Properties:\n"
            + f"      Deep: {nested}\n"
            + "      Wide:\n"
            + "".join(f"        - !If [{name}, a, b]\n" for name in names)
        )
        assert isinstance(found.get("R", "Deep"), Unknown)
        assert isinstance(found.get("R", "Wide"), Value)
        assert found.messages == []
