"""Nested stacks: their parameters, outputs and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.source.files import Files
from iac_ec2lint.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cloudformation.conftest import Deploy


class TestNestedStacks:
    OUTER = """
        Parameters: {Range: {Type: String, Default: 10.0.0.0/16}}
        Resources:
          Net:
            Type: AWS::CloudFormation::Stack
            Properties:
              TemplateURL: net/vpc.yaml
              Parameters: {Cidr: !Ref Range, Names: [a, !Ref Range]}
          Sg:
            Type: AWS::EC2::SecurityGroup
            Properties:
              VpcId: !GetAtt Net.Outputs.VpcId
              Cidr: !GetAtt Net.Outputs.Cidr
              Missing: !GetAtt Net.Outputs.Nothing
    """
    INNER = """
        Parameters:
          Cidr: {Type: String}
          Names: {Type: CommaDelimitedList}
          Other: {Type: String, Default: x}
        Resources:
          Vpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: !Ref Cidr, Other: !Ref Other, Names: !Ref Names}
        Outputs:
          VpcId: {Value: !Ref Vpc}
          Cidr: {Value: !GetAtt Vpc.CidrBlock}
    """

    def test_parameters_go_in_and_outputs_come_out(self, deploy: Deploy) -> None:
        found = deploy(self.OUTER, net__vpc=self.INNER)
        assert found.addresses == ["Net", "Sg", "Net/Vpc"]
        vpc = found.declaration("Net/Vpc")
        assert [step.words for step in vpc.callers] == ['nested stack "Net"']
        assert vpc.callers[0].span.text == "Net"
        cidr = vpc.body.get("CidrBlock")
        assert isinstance(cidr, Value)
        assert (cidr.text, cidr.span.path) == ("10.0.0.0/16", "template.yaml")
        assert [step.words for step in cidr.via] == [
            'default of parameter "Range"',
            'parameter "Cidr" of nested stack "Net"',
        ]
        names = vpc.body.get("Names")
        assert isinstance(names, Value)
        assert [name.text for name in names.elements()] == ["a", "10.0.0.0/16"]
        identity = found.get("Sg", "VpcId")
        assert isinstance(identity, Reference)
        assert (identity.target, identity.attribute) == ("Net/Vpc", "Ref")
        copied = found.get("Sg", "Cidr")
        assert isinstance(copied, Value)
        assert copied.of is not None
        assert copied.of.target == "Net/Vpc"
        assert found.unit.files == {"template.yaml": True, "net/vpc.yaml": True}

    def test_an_output_that_is_not_there_is_an_error(self, deploy: Deploy) -> None:
        found = deploy(self.OUTER, net__vpc=self.INNER)
        assert isinstance(found.get("Sg", "Missing"), Unknown)
        assert [d.message for d in found.unit.diagnostics] == [
            'the nested stack "Net" has no output "Nothing"'
        ]

    def test_a_template_that_is_not_on_the_disk_is_an_error(self, deploy: Deploy) -> None:
        found = deploy(self.OUTER)
        (diagnostic,) = found.unit.diagnostics
        assert diagnostic.message.startswith('the template "net/vpc.yaml": it cannot be read: ')
        assert diagnostic.line == 7
        assert found.addresses == ["Net", "Sg"]
        value = found.get("Sg", "VpcId")
        assert isinstance(value, Unknown)
        assert value.cause == "module"

    def test_a_template_outside_the_boundary_is_not_read(
        self, deploy: Deploy, tmp_path: Path
    ) -> None:
        (tmp_path.parent / "outside.yaml").write_text("Resources: {A: {Type: AWS::EC2::VPC}}")
        found = deploy(self.OUTER.replace("net/vpc.yaml", "../outside.yaml"))
        assert "outside the boundary" in found.unit.diagnostics[0].message

    def test_a_template_in_s3_is_listed(self, deploy: Deploy) -> None:
        url = "https://s3.amazonaws.com/bucket/vpc.yaml"
        found = deploy(self.OUTER.replace("net/vpc.yaml", url))
        assert found.messages == []
        assert list(found.unit.modules_unavailable) == [url]
        value = found.get("Sg", "VpcId")
        assert isinstance(value, Unknown)
        assert value.cause == "module"

    def test_a_stack_that_contains_itself_is_an_error(self, deploy: Deploy) -> None:
        found = deploy(self.OUTER.replace("net/vpc.yaml", "template.yaml"))
        assert found.unit.diagnostics[0].message == (
            'the nested stack "template.yaml" contains itself'
        )

    def test_presence_is_handed_down(self, deploy: Deploy) -> None:
        outer = """
            Parameters: {Make: {Type: String}}
            Conditions: {Made: !Equals [!Ref Make, "yes"]}
            Resources:
              Net:
                Type: AWS::CloudFormation::Stack
                Condition: Made
                Properties: {TemplateURL: ./inner.yaml}
        """
        inner = "Resources: {Vpc: {Type: AWS::EC2::VPC}}"
        found = deploy(outer, inner=inner)
        assert found.declaration("Net/Vpc").presence.when == 'parameter "Make" is "yes"'

    def test_the_same_template_twice(self, deploy: Deploy) -> None:
        outer = """
            Resources:
              A:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: ./inner.yaml, Parameters: {Cidr: 10.0.0.0/16}}
              B:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: ./inner.yaml, Parameters: {Cidr: 10.1.0.0/16}}
        """
        inner = """
            Parameters: {Cidr: {Type: String}}
            Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}}
        """
        found = deploy(outer, inner=inner)
        ranges = [found.get(f"{name}/Vpc", "CidrBlock").text for name in "AB"]
        assert ranges == ["10.0.0.0/16", "10.1.0.0/16"]

    def test_documents_are_read_once(self, deploy: Deploy, tmp_path: Path) -> None:
        deploy(self.OUTER, net__vpc=self.INNER)
        templates = Templates(Files(tmp_path, tmp_path))
        path = tmp_path / "template.yaml"
        assert templates.document(path) is templates.document(tmp_path / "." / "template.yaml")
        assert len(templates.evaluate(path).declarations) == 3
        assert len(templates.evaluate(path).declarations) == 3

    def test_a_location_that_is_empty_by_default_is_to_be_set(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {Where: {Type: String, Default: ""}}
            Resources:
              Net:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: !Ref Where}
              Sg:
                Type: AWS::EC2::SecurityGroup
                Properties: {VpcId: !GetAtt Net.Outputs.VpcId}
            """
        )
        assert found.messages == []
        [note] = found.unit.observations
        said = 'with the default of parameter "Where", the template\'s location is empty'
        assert (note.name, note.message) == ("default-to-be-set", said)
        vpc = found.declaration("Sg").body.get("VpcId")
        assert isinstance(vpc, Unknown)
        assert 'the nested stack "Net" is not on the disk' in vpc.reason

    INSIDE = """
        Parameters: {Topic: {Type: String, AllowedPattern: "arn:.+"}}
        Resources:
          Sg:
            Type: AWS::EC2::SecurityGroup
            Properties: {GroupDescription: !Ref Topic}
        """

    def test_a_default_that_a_nested_stack_refuses_is_to_be_set(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {Alerts: {Type: String, Default: ""}}
            Resources:
              In:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: inside.yaml, Parameters: {Topic: !Ref Alerts}}
            """,
            inside=self.INSIDE,
        )
        assert isinstance(found.get("In/Sg", "GroupDescription"), Unknown)
        assert found.messages == []
        [note] = found.unit.observations
        said = 'with the default of parameter "Alerts", "" does not match AllowedPattern'
        assert note.name == "default-to-be-set"
        assert note.message == f'{said} of parameter "Topic"'

    def test_what_a_nested_stack_refuses_that_nobody_can_set_is_an_error(
        self, deploy: Deploy
    ) -> None:
        written = deploy(
            """
            Resources:
              In:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: inside.yaml, Parameters: {Topic: none}}
            """,
            inside=self.INSIDE,
        )
        assert isinstance(written.get("In/Sg", "GroupDescription"), Unknown)
        said = 'does not match AllowedPattern of parameter "Topic"'
        assert written.messages == [f'5:64 "none" {said}']

    def test_an_empty_location_that_is_written_is_an_error(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ""}}
            """
        )
        assert found.messages == ["3:69 the template's location is no path that a file can have"]
