"""Each intrinsic function, in its short and in its long form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from tests.cloudformation.conftest import Deploy

HEADER = """
Parameters:
  Name: {Type: String, Default: web}
  Ports: {Type: CommaDelimitedList, Default: "22, 443"}
  Numbers: {Type: List<Number>, Default: "22,443"}
  Count: {Type: Number, Default: "3"}
  Open: {Type: String}
  Env: {Type: String, AllowedValues: [dev, prod]}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/ami-x}
Mappings:
  Sizes:
    dev: {Type: t3.micro, Zones: [a, b]}
    prod: {Type: m5.large, Zones: [c]}
Conditions:
  Yes: !Equals [!Ref Name, web]
  No: !Not [!Condition Yes]
  Maybe: !Equals [!Ref Open, "true"]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  R:
    Type: Test::A::B
    Properties:
      P: """


def plain(value: object) -> object:
    if isinstance(value, Reference):
        return f"<{value.target}.{value.attribute}>"
    if isinstance(value, Unknown):
        return "?"
    assert isinstance(value, Value)
    if isinstance(value.data, tuple):
        return [plain(member) for member in value.data]
    if isinstance(value.data, dict):
        return {key: plain(member) for key, member in value.data.items()}
    return value.data


KNOWN = [
    ("!Ref Name", "web"),
    ("{Ref: Name}", "web"),
    ("!Ref Ports", ["22", "443"]),
    ("!Ref Numbers", [22, 443]),
    ("!Ref Count", 3),
    ("!Ref Vpc", "<Vpc.Ref>"),
    ("!Ref Image", "<ssm:/aws/service/ami-x.Value>"),
    ("!GetAtt Vpc.DefaultSecurityGroup", "<Vpc.DefaultSecurityGroup>"),
    ("!GetAtt [Vpc, DefaultSecurityGroup]", "<Vpc.DefaultSecurityGroup>"),
    ("{'Fn::GetAtt': Vpc.CidrBlock}", "10.0.0.0/16"),
    ("{'Fn::GetAtt': [Vpc, CidrBlock]}", "10.0.0.0/16"),
    ("!Sub '${Name}-${!Name}-${Count}'", "web-${Name}-3"),
    ("!Sub ['${A}/${Name}', {A: !Ref Count}]", "3/web"),
    ("!Sub '${Vpc.CidrBlock}'", "10.0.0.0/16"),
    ("!Sub '${Vpc}'", "<Vpc.Ref>"),
    ("!Sub 'no placeholder, $5, {}'", "no placeholder, $5, {}"),
    ("{'Fn::Sub': '${Name}'}", "web"),
    ("!Join ['-', [a, !Ref Name, 1]]", "a-web-1"),
    ("!Join ['', [a, b]]", "ab"),
    ("!Join [',', !Ref Ports]", "22,443"),
    ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
    ("!Split [',', 'a,b,,c']", ["a", "b", "", "c"]),
    ("!Select [1, [a, b]]", "b"),
    ("!Select ['0', !Ref Ports]", "22"),
    ("!Select [1, !Split ['/', 10.0.0.0/16]]", "16"),
    ("!FindInMap [Sizes, dev, Type]", "t3.micro"),
    ("!FindInMap [Sizes, dev, Zones]", ["a", "b"]),
    ("!If [Yes, a, b]", "a"),
    ("!If [No, a, b]", "b"),
    ("{'Fn::If': [No, a, !If [Yes, c, d]]}", "c"),
    ("!Base64 hello", "aGVsbG8="),
    ("{'Fn::Base64': !Sub 'x${Name}'}", "eHdlYg=="),
    ("!Cidr [10.0.0.0/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
    ("!Cidr [!GetAtt Vpc.CidrBlock, '1', '4']", ["10.0.0.0/28"]),
    ("!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]),
    ("!GetAZs ''", "<Fn::GetAZs.names>"),
    ("!ImportValue shared-vpc", "<export:shared-vpc.Value>"),
    ("!ImportValue {'Fn::Sub': '${Name}-vpc'}", "<export:web-vpc.Value>"),
    ("!Ref AWS::AccountId", "<AWS::AccountId.Ref>"),
    ("[1, !Ref AWS::NoValue, 2]", [1, 2]),
    ("{A: !Ref AWS::NoValue, B: 1}", {"B": 1}),
    ("[!If [No, 1, !Ref AWS::NoValue], 2]", [2]),
    ("'{{resolve:ssm:/a/b:1}}'", "<ssm:/a/b:1.Value>"),
    ("!Sub '{{resolve:ssm:/${Name}/b}}'", "<ssm:/web/b.Value>"),
    ("!Sub '{{resolve:ssm:/${Open}/b}}'", "<ssm:/${Open}/b.Value>"),
    ("!Sub '{{resolve:ssm:/${Env}/b}}'", "<ssm:/${Env}/b.Value>"),
    ("!Join ['', ['{{resolve:ssm:/', !Ref Vpc, '/b}}']]", "<ssm:/${Vpc.Ref}/b.Value>"),
    ("'{{resolve:secretsmanager:x:SecretString:y}}'", "<secretsmanager:x:SecretString:y.Value>"),
]


@pytest.mark.parametrize(("text", "want"), KNOWN)
def test_what_it_comes_to(deploy: Deploy, text: str, want: object) -> None:
    found = deploy(HEADER + text)
    assert found.messages == []
    assert plain(found.get("R", "P")) == want


UNKNOWN = [
    ("!Ref Open", 'parameter "Open" has no value', None),
    ("!Sub 'a-${Open}'", 'parameter "Open" has no value', None),
    ("!Join ['-', [a, !Ref Open]]", 'parameter "Open" has no value', None),
    ("!Split [',', !Ref Open]", 'parameter "Open" has no value', None),
    ("!Select [0, !Split [',', !Ref Open]]", 'parameter "Open" has no value', None),
    ("!Ref Env", 'parameter "Env" has no value', ["dev", "prod"]),
    ("!Sub 'x-${Env}'", 'parameter "Env" has no value', ["x-dev", "x-prod"]),
    (
        "!FindInMap [Sizes, !Ref Env, Type]",
        'parameter "Env" has no value',
        ["t3.micro", "m5.large"],
    ),
    (
        "!FindInMap [Sizes, !Ref Open, Type]",
        'parameter "Open" has no value',
        ["t3.micro", "m5.large"],
    ),
    (
        "!Select [0, !FindInMap [Sizes, !Ref Env, Zones]]",
        'parameter "Env" has no value',
        ["a", "c"],
    ),
    (
        "!If [Maybe, 22, 443]",
        'condition "Maybe" is undecided: parameter "Open" has no value',
        [22, 443],
    ),
    ("!Select [0, !GetAZs '']", "the Region's Availability Zones are known to AWS only", None),
    (
        "{'Fn::GetStackOutput': {StackName: net, OutputName: Cidr, Region: eu-west-1}}",
        '"Cidr" is an output of the stack "net"',
        None,
    ),
    (
        "!GetStackOutput {StackName: net, OutputName: Cidr}",
        '"Cidr" is an output of the stack "net"',
        None,
    ),
    (
        "{'Fn::GetStackOutput': {StackName: !Ref Open, OutputName: Cidr}}",
        'parameter "Open" has no value',
        None,
    ),
]


@pytest.mark.parametrize(("text", "reason", "candidates"), UNKNOWN)
def test_why_it_is_unknown(
    deploy: Deploy, text: str, reason: str, candidates: list[object] | None
) -> None:
    found = deploy(HEADER + text)
    assert found.messages == []
    value = found.get("R", "P")
    assert isinstance(value, Unknown)
    assert value.reason == reason
    assert [plain(candidate) for candidate in value.candidates] == (candidates or [])
    assert value.span.source.path == "template.yaml"


WRONG = [
    ("!Ref Nothing", 'there is no parameter or resource "Nothing"'),
    ("!GetAtt Nothing.Arn", 'there is no resource "Nothing"'),
    ("!Sub '${Nothing}'", 'there is no parameter or resource "Nothing"'),
    ("!Sub '${Nothing.Arn}'", 'there is no resource "Nothing"'),
    ("!Sub '${a[@]}'", '"${a[@]}" in Fn::Sub is no name'),
    ("!Sub '${Ports}'", '"${Ports}" in Fn::Sub is no text'),
    ("!Sub [a, b]", "Fn::Sub takes a mapping of names, not plain text"),
    ("!Join [a, b, c]", "Fn::Join takes a delimiter and a list"),
    ("!Join ['-', [[a]]]", "Fn::Join joins text only"),
    ("!Select [5, [a]]", "Fn::Select asks for element 5 of a list of 1"),
    ("!Select [x, [a]]", "the index of Fn::Select is no whole number from 0"),
    ("!FindInMap [Nothing, a, b]", 'there is no mapping "Nothing"'),
    ("!FindInMap [Sizes, test, Type]", 'there is no key "test" in the mapping "Sizes"'),
    ("!FindInMap [Sizes, dev]", "Fn::FindInMap takes the name of a mapping and two keys"),
    ("!If [Nothing, a, b]", 'there is no condition "Nothing"'),
    ("!If [Yes, a]", "Fn::If takes the name of a condition and two values"),
    ("!Cidr [x, 1, 8]", '"x" is no address range'),
    ("!Cidr [10.0.0.0/24, 1, 25]", 'the number of bits does not fit into "10.0.0.0/24"'),
    ("!Equals [a, b]", "Fn::Equals cannot stand here: it is a function of conditions"),
    ("{'Fn::Nothing': a}", "Fn::Nothing is no function of CloudFormation"),
    ("{'Fn::If': [Yes, a, b], X: 1}", "Fn::If stands beside other keys, where only a loop can"),
    (
        "!GetStackOutput {StackName: net}",
        "Fn::GetStackOutput takes a mapping with StackName and OutputName",
    ),
    ("!Ref [a]", "Ref takes the name of a parameter or resource, not a list"),
    ("!Foo a", "!Foo is no function of CloudFormation"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_a_deployment_would_reject_is_said_once(
    deploy: Deploy, text: str, message: str
) -> None:
    found = deploy(HEADER + text)
    value = found.get("R", "P")
    assert isinstance(value, Unknown)
    assert value.cause == "error"
    (diagnostic,) = found.unit.diagnostics
    assert diagnostic.message == message
    assert found.unit.diagnostics[0].line == HEADER.count("\n") + 1


def test_what_is_no_level_of_a_mapping_is_said_once_and_where_it_stands(deploy: Deploy) -> None:
    images = "Mappings:\n  Images: {a: !Ref AWS::Region, b: !Ref AWS::Region}\n"
    used = (
        "[!FindInMap [Images, a, x], !FindInMap [Images, b, y], !FindInMap [Images, !Ref Open, y]]"
    )
    found = deploy(HEADER.replace("Mappings:\n", images) + used)
    found.get("R", "P")
    (diagnostic,) = found.unit.diagnostics
    assert diagnostic.message == "a mapping has two levels of keys, not the function !Ref"
    assert diagnostic.line == HEADER.count("\n", 0, HEADER.index("Mappings:")) + 2


PERHAPS = [
    # What only fails when it is evaluated, fails in the branch that is taken, and nowhere else.
    ("!If [Maybe, !Select [5, [a]], b]", ["b"]),
    ("!If [Maybe, b, !FindInMap [Sizes, test, Type]]", ["b"]),
    ("!If [Maybe, !Cidr [none, 1, 8], !Join ['', [a, b]]]", ["ab"]),
    ("!If [Maybe, !If [Yes, !Select [5, [a]], c], b]", ["b"]),
    ("!If [Maybe, !Ref Gone, b]", ["b"]),
    ("!If [Maybe, !GetAtt Gone.CidrBlock, b]", ["b"]),
    ("!If [Maybe, !If [Maybe, b, !Select [5, [a]]], c]", ["b", "c"]),
]
GONE = HEADER.replace("  R:\n", "  Gone:\n    Type: AWS::EC2::VPC\n    Condition: No\n  R:\n")


@pytest.mark.parametrize(("text", "candidates"), PERHAPS)
def test_a_branch_that_may_not_be_taken_has_no_errors(
    deploy: Deploy, text: str, candidates: list[str]
) -> None:
    found = deploy(GONE + text)
    value = found.get("R", "P")
    assert found.messages == []
    assert isinstance(value, Unknown)
    assert [plain(candidate) for candidate in value.candidates] == candidates


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("!If [Yes, !Select [5, [a]], b]", ["Fn::Select asks for element 5 of a list of 1"]),
        ("!If [No, !Select [5, [a]], b]", []),
        # Whichever is taken, the deployment fails.
        (
            "!If [Maybe, !Select [5, [a]], !FindInMap [Sizes, test, Type]]",
            [
                "Fn::Select asks for element 5 of a list of 1",
                'there is no key "test" in the mapping "Sizes"',
            ],
        ),
        # CloudFormation refuses such a template before it takes any branch.
        ("!If [Maybe, !Ref Nothing, b]", ['there is no parameter or resource "Nothing"']),
        (
            "!If [Maybe, !Ref Nothing, !Sub 'x-${Nothing}']",
            ['there is no parameter or resource "Nothing"'] * 2,
        ),
        (
            "!If [Yes, !If [Maybe, !Select [5, [a]], !Select [6, [a]]], c]",
            [
                "Fn::Select asks for element 5 of a list of 1",
                "Fn::Select asks for element 6 of a list of 1",
            ],
        ),
        ("!If [Maybe, !If [Maybe, !Select [5, [a]], b], c]", []),
        ("!If [Maybe, !Select [1], b]", ["Fn::Select takes an index and a list"]),
    ],
)
def test_a_branch_that_is_taken_has_its_errors(
    deploy: Deploy, text: str, messages: list[str]
) -> None:
    found = deploy(GONE + text)
    found.get("R", "P")
    assert [d.message for d in found.unit.diagnostics] == messages


def test_an_error_in_a_nested_stack_names_what_makes_it(deploy: Deploy) -> None:
    found = deploy(
        """
        Resources:
          One: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}
          Two: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}
        """,
        inner="Resources:\n  R: {Type: Test::A::B, Properties: {P: !Select [5, [a]]}}\n",
    )
    for address in ("One/R", "Two/R"):
        found.get(address, "P")
    said = "2:41 Fn::Select asks for element 5 of a list of 1"
    made = "the stack One is made at template.yaml:3"
    assert found.messages == [f"{said}; {made}, and 1 more such call"]


EMPTY = """
Parameters:
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>", Default: ""}
  Media: {Type: String, Default: ""}
  Two: {Type: CommaDelimitedList, Default: "a,b"}
Resources:
  R: {Type: Test::A::B, Properties: {P: %s}}
"""


@pytest.mark.parametrize(
    ("text", "parameter"),
    [("!Select [1, !Ref Subnets]", "Subnets"), ("!Select [2, !Split [/, !Ref Media]]", "Media")],
)
def test_an_element_of_an_empty_default_is_a_note_and_no_error(
    deploy: Deploy, text: str, parameter: str
) -> None:
    found = deploy(EMPTY % text)
    value = found.get("R", "P")
    assert isinstance(value, Unknown)
    assert value.cause == "parameter"
    assert found.messages == []
    [note] = found.unit.observations
    said = f'with the default of parameter "{parameter}", Fn::Select asks for element '
    assert (note.name, note.message.startswith(said)) == ("default-to-be-set", True)


def test_an_element_that_no_caller_gives_is_an_error(deploy: Deploy) -> None:
    found = deploy(EMPTY % "!Select [2, !Ref Two]")
    found.get("R", "P")
    assert [d.message for d in found.unit.diagnostics] == [
        "Fn::Select asks for element 2 of a list of 2"
    ]
    nested = deploy(
        "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: in.yaml}}\n",
        **{"in": EMPTY % "!Select [1, !Ref Subnets]"},
    )
    nested.get("S/R", "P")
    assert len(nested.messages) == 1
    assert nested.unit.observations == []


def test_a_resource_that_may_not_be_created_has_no_errors(deploy: Deploy) -> None:
    text = HEADER.replace("  R:\n", "  R:\n    Condition: {}\n") + "!Select [5, [a]]"
    maybe = deploy(text.replace("{}", "Maybe"))
    assert isinstance(maybe.get("R", "P"), Unknown)
    assert maybe.messages == []
    surely = deploy(text.replace("{}", "Yes"))
    surely.get("R", "P")
    assert len(surely.messages) == 1


def test_a_partly_known_string_keeps_its_parts(deploy: Deploy) -> None:
    value = deploy(HEADER + "!Sub 'arn:aws:s3:::${Vpc}/${Name}/${Open}'").get("R", "P")
    assert isinstance(value, Unknown)
    first, vpc, middle, last = value.parts
    assert (first, middle) == ("arn:aws:s3:::", "/web/")
    assert isinstance(vpc, Reference)
    assert isinstance(last, Unknown)
    assert [(r.target, r.attribute) for r in value.references] == [("Vpc", "Ref")]


@pytest.mark.parametrize("name", ["ssm:/a/b:1", "secretsmanager:x:SecretString:y"])
def test_what_is_read_at_deployment_is_called_by_its_whole_name(deploy: Deploy, name: str) -> None:
    value = deploy(HEADER + f"'{{{{resolve:{name}}}}}'").get("R", "P")
    assert isinstance(value, Reference)
    [said] = value.inputs
    assert said.key == f"{name.partition(':')[2]}.Value"


def test_a_written_attribute_keeps_its_identity(deploy: Deploy) -> None:
    value = deploy(HEADER + "!GetAtt Vpc.CidrBlock").get("R", "P")
    assert isinstance(value, Value)
    assert value.of is not None
    assert (value.of.target, value.of.attribute) == ("Vpc", "CidrBlock")
    assert value.span.text == "10.0.0.0/16"


def test_attributes_of_custom_resources_are_not_their_properties(deploy: Deploy) -> None:
    found = deploy(
        """
        Resources:
          Lookup:
            Type: Custom::Lookup
            Properties: {ServiceToken: x, Id: given}
          R:
            Type: Test::A::B
            Properties: {P: !GetAtt Lookup.Id}
        """
    )
    assert plain(found.get("R", "P")) == "<Lookup.Id>"


def test_base64_keeps_the_text(deploy: Deploy) -> None:
    known = deploy(HEADER + "!Base64 hello").get("R", "P")
    assert isinstance(known, Value)
    assert known.decoded is not None
    assert known.decoded.text == "hello"
    partly = deploy(HEADER + "{'Fn::Base64': !Sub 'a ${Open}'}").get("R", "P")
    assert isinstance(partly, Unknown)
    assert isinstance(partly.decoded, Unknown)
    assert partly.decoded.parts[0] == "a "


class TestProvenance:
    def test_a_default_is_where_the_value_is_written(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!Ref Name").get("R", "P")
        assert value.span.text == "web"
        assert value.span.line == 3
        assert [(s.words, s.assumed) for s in value.via] == [('default of parameter "Name"', True)]

    def test_a_given_value_is_no_assumption(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!Ref Name", parameters={"Name": "api"}).get("R", "P")
        assert plain(value) == "api"
        assert not any(step.assumed for step in value.via)
        assert value.span.text == "Name"

    def test_a_decided_condition_brings_the_defaults_that_decide_it(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!If [Yes, a, b]").get("R", "P")
        assert value.span.text == "a"
        assert [s.words for s in value.via if s.assumed] == ['default of parameter "Name"']

    def test_the_arms_of_an_undecided_condition_say_when(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!If [Maybe, 22, !Ref Count]").get("R", "P")
        assert isinstance(value, Unknown)
        assert [candidate.via[-1].words for candidate in value.candidates] == [
            'parameter "Open" is "true"',
            'parameter "Open" is not "true"',
        ]

    def test_a_mapping_entry_is_where_the_value_is_written(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!FindInMap [Sizes, dev, Type]").get("R", "P")
        assert value.span.text == "t3.micro"

    def test_candidates_of_a_parameter_say_when(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!Ref Env").get("R", "P")
        assert isinstance(value, Unknown)
        assert [c.via[-1].words for c in value.candidates] == [
            'parameter "Env" is "dev"',
            'parameter "Env" is "prod"',
        ]
        assert [c.span.text for c in value.candidates] == ["dev", "prod"]


class TestNoValue:
    def test_an_arm_that_may_be_removed(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!If [Maybe, 22, !Ref AWS::NoValue]").get("R", "P")
        assert isinstance(value, Unknown)
        assert value.unset
        assert [plain(candidate) for candidate in value.candidates] == [22, None]

    def test_both_arms_removed(self, deploy: Deploy) -> None:
        found = deploy(HEADER + "!If [Maybe, !Ref AWS::NoValue, !Ref AWS::NoValue]")
        assert not found.has("R", "P")

    def test_a_list_is_not_joined_where_an_element_may_be_removed(self, deploy: Deploy) -> None:
        value = deploy(HEADER + "!Join [',', [a, !If [Maybe, b, !Ref AWS::NoValue]]]").get("R", "P")
        assert isinstance(value, Unknown)
        assert value.parts == ()

    def test_an_element_after_one_that_may_be_removed(self, deploy: Deploy) -> None:
        text = "!Select [1, [!If [Maybe, a, !Ref AWS::NoValue], b, c]]"
        assert isinstance(deploy(HEADER + text).get("R", "P"), Unknown)


class TestPseudoParameters:
    def test_the_region(self, deploy: Deploy) -> None:
        text = "!Sub '${AWS::Region}:${AWS::Partition}:${AWS::URLSuffix}'"
        found = deploy(HEADER + text, region="cn-north-1")
        assert plain(found.get("R", "P")) == "cn-north-1:aws-cn:amazonaws.com.cn"

    def test_given_like_parameters(self, deploy: Deploy) -> None:
        given = {"AWS::AccountId": "012345678901", "AWS::NotificationARNs": "a,b"}
        text = "[!Ref AWS::AccountId, !Ref AWS::NotificationARNs]"
        found = deploy(HEADER + text, parameters=given)
        assert plain(found.get("R", "P")) == ["012345678901", ["a", "b"]]


def test_secrets_are_not_shown_but_decide_conditions(deploy: Deploy) -> None:
    found = deploy(
        """
        Parameters:
          Password: {Type: String, NoEcho: true, Default: hunter2}
        Conditions:
          Given: !Not [!Equals [!Ref Password, ""]]
        Resources:
          R:
            Type: Test::A::B
            Condition: Given
            Properties:
              A: !Ref Password
              B: !Sub "x ${Password}"
              C: !If [Given, yes, no]
        """
    )
    assert plain(found.get("R", "A")) == "?"
    assert plain(found.get("R", "B")) == "?"
    assert plain(found.get("R", "C")) is True
    assert "hunter2" not in repr(found.get("R", "B"))


class TestLanguageExtensions:
    HEAD = "Transform: AWS::LanguageExtensions\n" + HEADER.lstrip("\n")

    @pytest.mark.parametrize(
        ("text", "want"),
        [
            ("{'Fn::Length': [1, 2, 3]}", 3),
            ("{'Fn::Length': !Ref Ports}", 2),
            (
                "{'Fn::ToJsonString': {a: [1, true, null, x], b: !Ref Name}}",
                '{"a":[1,true,null,"x"],"b":"web"}',
            ),
            ("!FindInMap [Sizes, test, Type, {DefaultValue: x}]", "x"),
            ("!FindInMap [Sizes, !Select [0, [dev]], !Sub 'T${!x}', {DefaultValue: x}]", "x"),
        ],
    )
    def test_functions(self, deploy: Deploy, text: str, want: object) -> None:
        found = deploy(self.HEAD + text)
        assert found.messages == []
        assert plain(found.get("R", "P")) == want

    @pytest.mark.parametrize(
        "keys", ["Sizes, !Ref Name, Type", "!Ref Name, dev, Type", "Sizes, dev, !Ref Name"]
    )
    def test_a_default_value_rests_on_the_defaults_of_the_keys(
        self, deploy: Deploy, keys: str
    ) -> None:
        found = deploy(self.HEAD + f"!FindInMap [{keys}, {{DefaultValue: x}}]")
        value = found.get("R", "P")
        assert [step.assumed for step in value.via] == [True]

    def test_loops(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Transform: AWS::LanguageExtensions
            Parameters:
              Zones: {Type: CommaDelimitedList, Default: "a,b"}
            Conditions:
              Fn::ForEach::C:
                - Z
                - [a, b]
                - In${Z}: !Equals [!Ref Z, a]
            Resources:
              Fn::ForEach::Subnets:
                - Z
                - !Ref Zones
                - Subnet${Z}:
                    Type: AWS::EC2::Subnet
                    Condition: In${Z}
                    Properties:
                      AvailabilityZone: !Sub "eu-west-1${Z}"
                      Tags: [{Key: zone, Value: "x-${Z}"}]
                  Fn::ForEach::Inner:
                    - N
                    - ["1.x", "2.x"]
                    - Nat${Z}&{N}:
                        Type: AWS::EC2::NatGateway
                        Properties: {Name: !Sub "${Z}${N}", SubnetId: !Ref "Subnet${Z}"}
            Outputs:
              Fn::ForEach::Out:
                - Z
                - !Ref Zones
                - Id${Z}: {Value: !GetAtt "Nat${Z}1x.NatGatewayId"}
            """
        )
        assert found.messages == []
        assert found.addresses == ["Subneta", "Nata1x", "Nata2x", "Natb1x", "Natb2x"]
        assert plain(found.get("Subneta", "AvailabilityZone")) == "eu-west-1a"
        assert plain(found.get("Subneta", "Tags")) == [{"Key": "zone", "Value": "x-a"}]
        assert plain(found.get("Nata2x", "SubnetId")) == "<Subneta.Ref>"
        assert plain(found.get("Natb2x", "Name")) == "b2.x"
        (stack,) = found.session.roots
        assert [output.name for output in stack.outputs()] == ["Ida", "Idb"]
        assert plain(stack.output("Idb")) == "<Natb1x.NatGatewayId>"

    def test_a_loop_over_something_unknown_is_possible(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Transform: AWS::LanguageExtensions
            Parameters:
              Zones: {Type: CommaDelimitedList}
            Resources:
              Fn::ForEach::Subnets:
                - Z
                - !Ref Zones
                - Subnet${Z}:
                    Type: AWS::EC2::Subnet
                    Properties: {CidrBlock: 10.0.0.0/24, AvailabilityZone: !Sub "eu${Z}"}
              R:
                Type: Test::A::B
                Properties: {P: !Ref Subneta}
            """
        )
        assert found.messages == []
        (subnet,) = [d for d in found.unit.declarations if d.type == "AWS::EC2::Subnet"]
        assert not subnet.presence.certain
        assert plain(subnet.body.get("CidrBlock")) == "10.0.0.0/24"
        assert isinstance(found.get("R", "P"), Unknown)

    def test_loops_in_properties(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Transform: AWS::LanguageExtensions
            Resources:
              R:
                Type: Test::A::B
                Properties:
                  Fn::ForEach::P:
                    - N
                    - [A, B]
                    - P${N}: !Ref N
                  C: 1
            """
        )
        assert {name: plain(found.get("R", name)) for name in ("PA", "PB", "C")} == {
            "PA": "A",
            "PB": "B",
            "C": 1,
        }

    def test_a_loop_without_the_transform_is_an_error(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              Fn::ForEach::X: [Z, [a], {"B${Z}": {Type: AWS::EC2::VPC}}]
            """
        )
        assert found.messages == ["3:3 Fn::ForEach needs the transform AWS::LanguageExtensions"]


class TestSplittingIds:
    TEXT = """
        Parameters: {Open: {Type: String}}
        Resources:
          A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a}}
          B: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: b}}
          C: {Type: Custom::Groups, Properties: {ServiceToken: arn}}
          F: {Type: AWS::Lambda::Function, Properties: {Role: arn, Code: {ZipFile: a}}}
          Far: {Type: AWS::IAM::Role, Properties: {Path: !Ref Open}}
          In: {Type: AWS::IAM::Role, Properties: {Path: /service/}}
          Near: {Type: AWS::IAM::Role, Properties: {}}
          S: {Type: AWS::S3::Bucket}
          R: {Type: Test::A::B, Properties: {P: PLACE}}
        """

    @pytest.mark.parametrize(
        ("written", "want"),
        [
            ("!Split [',', !GetAtt A.GroupId]", ["<A.GroupId>"]),
            ("!Split [',', !Ref A]", ["<A.Ref>"]),
            ("!Split [',', !Join [',', [!Ref A, !GetAtt B.GroupId]]]", ["<A.Ref>", "<B.GroupId>"]),
            ("!Split [',', !Sub 'sg-1,${A},,${B}']", ["sg-1", "<A.Ref>", "", "<B.Ref>"]),
            ("!Select [1, !Split ['|', !Sub '${A}|${B}']]", "<B.Ref>"),
            ("!Split ['=', !Sub '${AWS::Region}=owned']", ["<AWS::Region.Ref>", "owned"]),
            ("!Split ['/', !Ref AWS::StackName]", ["<AWS::StackName.Ref>"]),
            ("!Select [1, !Split ['/', !GetAtt Near.Arn]]", "<Near.Ref>"),
            ("!Select [2, !Split ['/', !GetAtt In.Arn]]", "<In.Ref>"),
            ("!Select [0, !Split ['/', !Select [5, !Split [':', !GetAtt S.Arn]]]]", "<S.Ref>"),
            ("!Select [6, !Split [':', !GetAtt F.Arn]]", "<F.Ref>"),
        ],
    )
    def test_an_id_or_a_name_has_no_comma(self, deploy: Deploy, written: str, want: object) -> None:
        found = deploy(self.TEXT.replace("PLACE", written))
        assert found.messages == []
        assert plain(found.get("R", "P")) == want

    @pytest.mark.parametrize(
        "written",
        [
            "!Split ['-', !Ref A]",
            "!Split [',', !Ref C]",
            "!Split [',', !GetAtt C.GroupId]",
            "!Split [',', !Sub '${A},${Open}']",
            "!Split ['-', !Ref AWS::StackName]",
            "!Split ['-', !Sub '${AWS::Region}=a']",
            "!Split ['/', !Ref AWS::StackId]",
            "!Split ['/', !GetAtt Far.Arn]",
            "!Split ['-', !GetAtt Near.Arn]",
            "!Split ['/', !GetAtt C.Arn]",
        ],
    )
    def test_other_text_may_have_one(self, deploy: Deploy, written: str) -> None:
        assert isinstance(deploy(self.TEXT.replace("PLACE", written)).get("R", "P"), Unknown)

    def test_a_list_of_ids_goes_into_a_nested_stack(self, deploy: Deploy) -> None:
        inner = deploy(
            """
            Resources:
              A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a}}
              B: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: b}}
              In:
                Type: AWS::CloudFormation::Stack
                Properties:
                  TemplateURL: inner.yaml
                  Parameters: {Groups: !Join [",", [!Ref A, !Ref B]]}
              R: {Type: Test::A::B, Properties: {P: !Split [",", !GetAtt In.Outputs.Again]}}
            """,
            inner="""
            Parameters: {Groups: {Type: List<AWS::EC2::SecurityGroup::Id>}}
            Resources:
              H: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: !Ref Groups}}
            Outputs:
              Again: {Value: !Join [",", !Ref Groups]}
            """,
        )
        assert inner.messages == []
        assert plain(inner.get("In/H", "SecurityGroupIds")) == ["<A.Ref>", "<B.Ref>"]
        assert plain(inner.get("R", "P")) == ["<A.Ref>", "<B.Ref>"]
