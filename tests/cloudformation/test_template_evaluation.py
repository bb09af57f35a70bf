"""Resources, conditions, sections, nested stacks and suppressions of whole templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.terraform.conftest import plain

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.template import is_template
from iac_ec2lint.cloudformation.templates import Templates, evaluate
from iac_ec2lint.document.reading import read
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cloudformation.conftest import Deploy

    from iac_ec2lint.declaration import Section


def shape(section: Section) -> tuple[str, bool, str]:
    return section.path, section.presence.certain, section.presence.when


class TestDeclarations:
    TEXT = """
        Resources:
          Web:
            Type: AWS::EC2::Instance
            Metadata: {Owner: me}
            Properties:
              ImageId: ami-1
              SubnetId: !Ref Subnet
          Subnet: {Type: AWS::EC2::Subnet}
    """

    def test_what_a_declaration_says(self, deploy: Deploy) -> None:
        found = deploy(self.TEXT).declaration("Web")
        assert (found.language, found.type, found.address) == (
            "cloudformation",
            "AWS::EC2::Instance",
            "Web",
        )
        assert found.span.text == "Web"
        assert found.extent.text.startswith("Web:\n")
        assert found.extent.text.endswith("SubnetId: !Ref Subnet")
        assert found.presence.certain
        assert found.unit == "template.yaml"
        assert found.body.names() == ("ImageId", "SubnetId")
        assert found.body.path == ""
        assert isinstance(found.metadata, Value)
        assert found.metadata.items()["Owner"].text == "me"

    def test_a_resource_without_properties(self, deploy: Deploy) -> None:
        body = deploy(self.TEXT).declaration("Subnet").body
        assert body.names() == ()
        assert body.get("CidrBlock") is None
        assert body.sections("Tags") == ()
        assert body.span.text == "Subnet"

    def test_only_what_is_wanted_is_declared(self, deploy: Deploy, tmp_path: Path) -> None:
        deploy(self.TEXT)
        files = Files(tmp_path, tmp_path)
        unit = evaluate(
            tmp_path / "template.yaml", files, StackOptions(), frozenset({"AWS::EC2::Subnet"})
        )
        assert [d.address for d in unit.declarations] == ["Subnet"]
        assert unit.kind == "stack"
        assert unit.files == {"template.yaml": True}

    def test_json_is_the_same(self, deploy: Deploy) -> None:
        found = deploy(
            """
            {"Resources": {"Web": {"Type": "AWS::EC2::Instance",
                                   "Properties": {"SubnetId": {"Ref": "Subnet"}}},
                           "Subnet": {"Type": "AWS::EC2::Subnet"}}}
            """,
            "template.json",
        )
        value = found.get("Web", "SubnetId")
        assert isinstance(value, Reference)
        assert (value.target, value.span.text) == ("Subnet", '{"Ref": "Subnet"}')

    def test_several_templates_in_a_file(self, deploy: Deploy) -> None:
        found = deploy(
            "Resources:\n  A: {Type: AWS::EC2::VPC}\n---\nkind: Pod\n---\n"
            "Resources:\n  A: {Type: AWS::EC2::VPC}\n"
        )
        assert found.addresses == ["A", "document2/A"]


class TestSections:
    TEXT = """
        Parameters:
          Open: {Type: String}
        Conditions:
          Wide: !Equals [!Ref Open, "yes"]
          Always: !Equals [a, a]
        Resources:
          Sg:
            Type: AWS::EC2::SecurityGroup
            Properties:
              One: {CidrIp: 10.0.0.0/8, Inner: {A: 1}}
              Many:
                - CidrIp: 10.0.0.0/8
                - !If [Wide, {CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue]
                - !If [Always, {CidrIp: 10.1.0.0/16}, {CidrIp: 0.0.0.0/0}]
              Whole: !If [Wide, [{CidrIp: 0.0.0.0/0}, {CidrIp: "::/0"}], {CidrIp: 10.0.0.0/8}]
              Unknown: !Ref Open
              Removed: !Ref AWS::NoValue
              Empty:
    """

    @pytest.fixture
    def body(self, deploy: Deploy) -> Section:
        found = deploy(self.TEXT)
        assert found.messages == []
        return found.declaration("Sg").body

    def test_a_single_mapping(self, body: Section) -> None:
        (one,) = body.sections("One")
        assert shape(one) == ("One", True, "")
        assert one.span.text.startswith("{CidrIp")
        (inner,) = one.sections("Inner")
        assert inner.path == "One.Inner"
        assert inner.join("A") == "One.Inner.A"

    def test_a_list_with_possible_elements(self, body: Section) -> None:
        found = body.sections("Many")
        assert [shape(section) for section in found] == [
            ("Many[0]", True, ""),
            ("Many[1]", False, 'parameter "Open" is "yes"'),
            ("Many[2]", True, ""),
        ]
        addresses = [section.get("CidrIp") for section in found]
        assert [a.text for a in addresses if a is not None] == [
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.1.0.0/16",
        ]

    def test_a_condition_over_the_whole_property(self, body: Section) -> None:
        assert [shape(section) for section in body.sections("Whole")] == [
            ("Whole[0]", False, 'parameter "Open" is "yes"'),
            ("Whole[1]", False, 'parameter "Open" is "yes"'),
            ("Whole", False, 'parameter "Open" is not "yes"'),
        ]
        causes = {id(section.presence.cause) for section in body.sections("Whole")}
        assert len(causes) == 1

    def test_an_unknown_property_is_one_possible_section(self, body: Section) -> None:
        (only,) = body.sections("Unknown")
        assert not only.presence.certain
        assert isinstance(only.get("CidrIp"), Unknown)

    def test_what_is_removed_or_null_is_not_there(self, body: Section) -> None:
        assert body.sections("Removed") == body.sections("Empty") == ()
        assert body.get("Removed") is body.get("Empty") is None
        assert body.names() == ("One", "Many", "Whole", "Unknown")

    def test_sections_and_values_agree(self, body: Section) -> None:
        for name in ("One", "Many"):
            value = body.get(name)
            assert isinstance(value, Value)
            assert len(value.elements()) == len(body.sections(name))


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


class TestSuppressions:
    def test_comments(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              # ec2lint:ignore=SG001 the whole group until=2030-01-01

              # (another comment)
              Sg:
                Type: AWS::EC2::SecurityGroup
                Properties:
                  GroupDescription: x  # ec2lint:ignore=SG002,SG003 here
                  SecurityGroupIngress:
                    - IpProtocol: tcp  # ec2lint:ignore=SG004 this rule
                      CidrIp: 0.0.0.0/0
                    # ec2lint:ignore=SG005 that rule
                    - {IpProtocol: udp, CidrIp: 0.0.0.0/0}
              Host:
                Type: AWS::EC2::Instance
                Properties:
                  UserData: |
                    # ec2lint:ignore=SG006 in a script
                    echo
                  Other: "# ec2lint:ignore=SG007 in text"
            """
        )
        seen = [
            (s.codes, s.reason, s.until, s.covers.text.split("\n")[0], s.covers.text.count("\n"))
            for s in found.unit.suppressions
        ]
        assert seen == [
            (("SG001",), "the whole group", "2030-01-01", "Sg:", 8),
            (("SG002", "SG003"), "here", None, "GroupDescription: x", 0),
            (
                ("SG004",),
                "this rule",
                None,
                "IpProtocol: tcp  # ec2lint:ignore=SG004 this rule",
                1,
            ),
            (("SG005",), "that rule", None, "{IpProtocol: udp, CidrIp: 0.0.0.0/0}", 0),
        ]
        assert [s.at.text for s in found.unit.suppressions][1:3] == [
            "# ec2lint:ignore=SG002,SG003 here",
            "# ec2lint:ignore=SG004 this rule",
        ]

    def test_metadata(self, deploy: Deploy) -> None:
        found = deploy(
            """
            {"Metadata": {"ec2lint": {"ignore": {"SG009": "all of it"}}},
             "Resources": {
              "A": {"Type": "AWS::EC2::VPC", "Metadata": {"ec2lint": {"ignore": ["SG001",
                    {"code": "SG002", "reason": "why", "until": "2030-01-01"},
                    {"codes": ["SG003", "SG004"]}]}}},
              "B": {"Type": "AWS::EC2::VPC", "Metadata": {"ec2lint": {"ignore": "SG005, SG006"}}},
              "C": {"Type": "AWS::EC2::VPC", "Metadata": {"ec2lint": {"ignore": [[1]]}}}}}
            """,
            "template.json",
        )
        seen = [(s.codes, s.reason, s.until, s.covers.text[:3]) for s in found.unit.suppressions]
        assert seen == [
            (("SG009",), "all of it", None, '"Me'),
            (("SG001",), "", None, '"A"'),
            (("SG002",), "why", "2030-01-01", '"A"'),
            (("SG003", "SG004"), "", None, '"A"'),
            (("SG005", "SG006"), "", None, '"B"'),
            ((), "", None, '"C"'),
        ]
        assert [bool(s.flaw) for s in found.unit.suppressions] == [False] * 5 + [True]
        assert found.messages == []


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


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("AWSTemplateFormatVersion: '2010-09-09'\n", True),
        ("Resources: {A: {Type: AWS::EC2::VPC}}\n", True),
        ("Resources: {A: {Type: Custom::X}, B: [x]}\n", True),
        ("Resources: {'Fn::ForEach::X': [A, [b], {}]}\n", True),
        ("kind: Pod\n---\nResources: {A: {Type: AWS::EC2::VPC}}\n", True),
        ("Resources: {A: {Type: thing}}\n", False),
        ("Resources: [a]\n", False),
        ("Transform: AWS::Serverless-2016-10-31\n", True),
        ("dependencies: {aws-cdk: 2.1.0}\nTransform: AWS::Serverless-2016-10-31\n", False),
        ("service: x\nresources: {Resources: {A: {Type: AWS::EC2::VPC}}}\n", False),
        ("- hosts: all\n", False),
        ("- cloudformation: {template_body: {Resources: {A: {Type: AWS::EC2::VPC}}}}\n", False),
        ("Resources: {A: {Type: AWS::EC2::VPC, Name: '${self:custom.name}'}}\n", False),
        ("Resources: {A: {Type: AWS::EC2::VPC, Name: '${opt:stage}-${file(a.yml):b}'}}\n", False),
        ("Resources: {A: {Type: AWS::EC2::VPC, Name: !Sub '${Selfie}-${opt}'}}\n", True),
        ("", False),
    ],
)
def test_what_is_a_template(text: str, answer: bool) -> None:
    assert is_template(read(SourceText("a.yaml", text))) is answer


def test_sections_that_decide_nothing_here_are_passed_over(deploy: Deploy) -> None:
    found = deploy(
        """
        Transform: AWS::LanguageExtensions
        Metadata: {AWS::CloudFormation::Interface: {ParameterGroups: []}}
        Parameters: {Keep: {Type: String, Default: Retain}}
        Rules:
          R:
            RuleCondition: !Equals [!Ref Keep, Retain]
            Assertions:
              - Assert: !Contains [[Retain, Delete], !Ref Keep]
                AssertDescription: !RefAll "AWS::EC2::VPC::Id"
        Hooks: {H: {Type: "AWS::CodeDeploy::BlueGreen", Properties: {}}}
        Resources:
          A:
            Type: AWS::EC2::Volume
            DeletionPolicy: !Ref Keep
            UpdateReplacePolicy: !FindInMap [No, such, map, {DefaultValue: Delete}]
            Metadata: {a: {b: !Ref Keep}}
        """
    )
    assert found.messages == []
    metadata = found.declaration("A").metadata
    assert metadata is not None
    assert metadata.items()["a"].items()["b"].text == "Retain"
