"""Templates with errors: what is said of them, and what is judged all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.terraform.conftest import plain

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.templates import evaluate
from iac_ec2lint.source.files import Files
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cloudformation.conftest import Deploy


class TestBadTemplates:
    def test_a_resource_may_be_called_as_a_function_is(self, deploy: Deploy) -> None:
        found = deploy("Resources: {Ref: {Type: AWS::EC2::VPC}}\n")
        assert (found.messages, found.addresses) == ([], ["Ref"])

    def test_a_key_written_twice_is_a_note(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: a, CidrBlock: b}}
              N:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: inner.yaml}
            """,
            inner="Resources:\n  W: {Type: A::B::C}\n  W: {Type: AWS::EC2::VPC}\n",
        )
        assert found.messages == []
        assert found.get("V", "CidrBlock").text == "b"
        assert found.declaration("N/W").type == "AWS::EC2::VPC"
        assert [(o.span.path, o.span.line, o.name) for o in found.unit.observations] == [
            ("template.yaml", 3, "key-written-twice"),
            ("inner.yaml", 3, "key-written-twice"),
        ]
        assert set(found.unit.files.values()) == {True}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("AWSTemplateFormatVersion: '2010-09-09'\n", "1:1 the template has no Resources"),
            (
                "AWSTemplateFormatVersion: '2010-09-09'\nResources: [a]\n",
                "2:12 Resources is a list; a mapping is expected",
            ),
            (
                "Resources:\n  V: {Type: AWS::EC2::VPC}\n  A: [x]\n",
                '3:3 the resource "A" is a list; a mapping is expected',
            ),
            (
                "Resources:\n  V: {Type: AWS::EC2::VPC}\n  A: {Properties: {}}\n",
                '3:3 the resource "A" has no Type',
            ),
            (
                "Resources:\n  V: {Type: AWS::EC2::VPC}\n  A: {Type: [x]}\n",
                '3:3 the resource "A" has a Type that is no text',
            ),
            (
                "Resources:\n  V: {Type: AWS::EC2::VPC}\n  A: {Type: X::Y, Properties: [x]}\n",
                '3:31 the Properties of "A" are a list; a mapping is expected',
            ),
            (
                "Parameters: [x]\nResources:\n  V: {Type: AWS::EC2::VPC}\n",
                "1:13 Parameters is a list; a mapping is expected",
            ),
            (
                "Conditions: 5\nResources:\n  V: {Type: AWS::EC2::VPC}\n",
                "1:13 Conditions is plain text; a mapping is expected",
            ),
            (
                "Parameters: {P: x}\nResources:\n  V: {Type: AWS::EC2::VPC}\n",
                '1:14 the parameter "P" is plain text; a mapping is expected',
            ),
            (
                "AWSTemplateFormatVersion: '2010-09-09'\nResources: !Ref X\n",
                "2:12 Resources is the function !Ref; a mapping is expected",
            ),
            (
                "AWSTemplateFormatVersion: '2010-09-09'\nResources: {Ref: X}\n",
                "2:12 Resources is the function Ref; a mapping is expected",
            ),
            (
                "Resources:\n  V: {Type: AWS::EC2::VPC, Properties: {A: !Foo x, B: !Foo y}}\n",
                "2:44 !Foo is no function of CloudFormation",
            ),
        ],
    )
    def test_one_error_each_and_the_rest_goes_on(
        self, deploy: Deploy, text: str, message: str
    ) -> None:
        found = deploy(text)
        assert found.messages == [message]
        assert found.unit.files == {"template.yaml": False}
        if "V:" in text:
            assert "V" in found.addresses

    def test_a_parameter_is_of_its_type_whatever_its_default_is_written_as(
        self, deploy: Deploy
    ) -> None:
        found = deploy(
            """{
              "Parameters": {
                "Text": {"Type": "String", "Default": 5},
                "Flag": {"Type": "String", "Default": true},
                "Number": {"Type": "Number", "Default": "5"},
                "List": {"Type": "CommaDelimitedList", "Default": "a, b"},
                "Numbers": {"Type": "List<Number>", "Default": "1,2"},
                "Whole": {"Type": "Integer", "Default": 5}
              },
              "Resources": {"R": {"Type": "A::B::C", "Properties": {
                "Text": {"Ref": "Text"}, "Flag": {"Ref": "Flag"}, "Number": {"Ref": "Number"},
                "List": {"Ref": "List"}, "Numbers": {"Ref": "Numbers"}, "Whole": {"Ref": "Whole"}
              }}}
            }""",
            "template.json",
        )
        names = ("Text", "Flag", "Number", "List", "Numbers", "Whole")
        assert {name: plain(found.get("R", name)) for name in names} == {
            "Text": "5",
            "Flag": "true",
            "Number": 5,
            "List": ["a", "b"],
            "Numbers": [1, 2],
            "Whole": 5,
        }

    def test_what_hangs_on_many_things_names_three(self, deploy: Deploy) -> None:
        parameters = "".join(f"  {name}: {{Type: String}}\n" for name in "ABCD")
        joined = "!Join ['-', [!Ref A, !Ref B, !Ref C, !Ref D]]"
        found = deploy(
            f"Parameters:\n{parameters}Resources:\n"
            f"  R: {{Type: X::Y::Z, Properties: {{P: {joined}}}}}\n"
        )
        value = found.get("R", "P")
        assert isinstance(value, Unknown)
        assert value.reason == "; ".join(f'parameter "{name}" has no value' for name in "ABC")

    def test_an_empty_section_is_none(self, deploy: Deploy) -> None:
        found = deploy("Parameters:\nConditions: ~\nResources:\n  V: {Type: AWS::EC2::VPC}\n")
        assert found.messages == []
        assert found.addresses == ["V"]

    @pytest.mark.parametrize("macro", ["Fn::Transform: {Name: M}", "S: {Fn::Transform: {Name: M}}"])
    def test_what_a_macro_makes_in_mappings_is_unknown_there(
        self, deploy: Deploy, macro: str
    ) -> None:
        found = deploy(
            f"""
            Mappings:
              Sizes: {{{macro}, dev: {{Type: a}}}}
            Resources:
              R: {{Type: A::B::C, Properties: {{P: !FindInMap [Sizes, S, Type]}}}}
            """
        )
        value = found.get("R", "P")
        assert isinstance(value, Unknown)
        assert value.reason == "a macro makes this part of the mappings"
        assert (value.span.line, value.span.text) == (3, "Fn::Transform")
        assert found.messages == []

    def test_attributes_that_lead_in_a_circle(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              A: {Type: X::Y::Z, Properties: {P: !GetAtt B.P}}
              B: {Type: X::Y::Z, Properties: {P: !GetAtt A.P}}
            """
        )
        assert isinstance(found.get("A", "P"), Unknown)
        assert [d.message for d in found.unit.diagnostics] == [
            "what is written here depends on itself"
        ]

    def test_a_long_chain_of_attributes_hits_a_bound(self, deploy: Deploy) -> None:
        found = deploy(
            "Resources:\n"
            + "".join(
                f"  R{n}: {{Type: X::Y::Z, Properties: {{P: !GetAtt R{n + 1}.P}}}}\n"
                for n in range(2000)
            )
            + "  R2000: {Type: X::Y::Z, Properties: {P: 1}}\n"
        )
        found.get("R0", "P")
        assert [d.message for d in found.unit.diagnostics] == [
            "more than 150 evaluations inside one another"
        ]

    def test_a_long_chain_of_conditions_hits_a_bound(self, deploy: Deploy) -> None:
        found = deploy(
            "Conditions:\n"
            + "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(2000))
            + "  C2000: !Equals [a, a]\n"
            + "Resources:\n  R: {Type: X::Y::Z, Condition: C0}\n"
        )
        assert found.addresses == ["R"]
        assert "more than 100 conditions that name one another" in found.unit.diagnostics[0].message

    @pytest.mark.parametrize("open_", ["!If [C, ", "!Sub ['${a}', {a: ", "{a: ", "!Join ['', [a, "])
    def test_deep_nesting_hits_a_bound(self, deploy: Deploy, open_: str) -> None:
        close = {"!If [C, ": ", b]", "!Sub ['${a}', {a: ": "}]", "{a: ": "}"}.get(open_, "]]")
        depth = 95 if open_.count("[") + open_.count("{") > 1 else 190
        text = open_ * depth + "x" + close * depth
        found = deploy(
            "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n"
            f"Resources:\n  R:\n    Type: X::Y::Z\n    Properties:\n      P: {text}\n"
        )
        found.get("R", "P")
        assert {d.message for d in found.unit.diagnostics} <= {
            "more than 150 evaluations inside one another"
        }

    def test_a_file_that_is_not_a_template(self, deploy: Deploy) -> None:
        assert deploy("kind: Pod\n").messages == ["0:0 it holds no CloudFormation template"]

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        unit = evaluate(tmp_path / "no.yaml", Files(tmp_path, tmp_path), StackOptions())
        assert [d.message[:17] for d in unit.diagnostics] == ["it cannot be read"]
        assert unit.files == {"no.yaml": False}
