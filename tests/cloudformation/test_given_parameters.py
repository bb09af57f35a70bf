"""Values given for parameters: files in every shape, and text; what a deployment would not take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.program import run, scan, write

from iac_ec2lint.cloudformation.parameters.given import GivenValues, given_values
from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from tests.cloudformation.conftest import Deploy

PAIRS = """\
[{"ParameterKey": "Cidr", "ParameterValue": "0.0.0.0/0"},
 {"ParameterKey": "Port", "ParameterValue": "22"}]"""
SHAPES = {
    "pairs": PAIRS,
    "the configuration of a pipeline": (
        '{"Parameters": {"Cidr": "0.0.0.0/0", "Port": 22}, "Tags": {"a": "b"}, "StackPolicy": {}}'
    ),
    "overrides": '["Cidr=0.0.0.0/0", "Port=22"]',
    "a plain map": '{"Cidr": "0.0.0.0/0", "Port": "22"}',
    "the input of create-stack": f'{{"StackName": "s", "Parameters": {PAIRS}}}',
    "YAML": "Parameters:\n  Cidr: 0.0.0.0/0\n  Port: 22\n",
    "lines": "# for production\nCidr=0.0.0.0/0\n\nPort=22\n",
    "lines with carriage returns": "Cidr=0.0.0.0/0\r\nPort=22\r\n",
}


def texts(found: GivenValues) -> dict[str, str | None]:
    return {name: v if isinstance(v, str) else v.text for name, v in found.values.items()}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_says_the_same(tmp_path: Path, shape: str) -> None:
    (tmp_path / "p.json").write_bytes(SHAPES[shape].encode())
    # A file named .json is read as JSON, so what is no JSON has another name.
    if shape == "YAML":
        (tmp_path / "p.json").rename(tmp_path / "p.yaml")
    name = "p.yaml" if shape == "YAML" else "p.json"
    found = given_values([name], tmp_path)
    assert found.fault is None
    assert texts(found) == {"Cidr": "0.0.0.0/0", "Port": "22"}


def test_a_value_is_where_the_file_has_it(tmp_path: Path) -> None:
    for shape in ("pairs", "overrides", "a plain map"):
        (tmp_path / "p.json").write_text(SHAPES[shape], "utf-8")
        value = given_values(["p.json"], tmp_path).values["Cidr"]
        assert isinstance(value, Value)
        assert "0.0.0.0/0" in value.span.text
        assert [step.words for step in value.via] == ['value given to parameter "Cidr"']
        assert not value.via[0].assumed


@pytest.mark.parametrize(
    ("argument", "name", "value"),
    [
        ("Cidr=0.0.0.0/0", "Cidr", "0.0.0.0/0"),
        ("Query=a=b&c=d", "Query", "a=b&c=d"),
        ("Empty=", "Empty", ""),
        ("AWS::Region=eu-west-1", "AWS::Region", "eu-west-1"),
        ("ParameterKey=Cidr,ParameterValue=10.0.0.0/8", "Cidr", "10.0.0.0/8"),
        (r"ParameterKey=Ids,ParameterValue=a\,b", "Ids", "a,b"),
    ],
)
def test_on_the_command_line(tmp_path: Path, argument: str, name: str, value: str) -> None:
    found = given_values([argument], tmp_path)
    assert found.fault is None
    assert texts(found) == {name: value}


def test_the_last_of_several_counts(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": '{"A": "1", "B": "1"}', "b.json": '["B=2"]'})
    assert texts(given_values(["a.json", "file://b.json", "A=3"], tmp_path)) == {"A": "3", "B": "2"}


def test_a_list_is_text_with_commas(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": '{"Parameters": {"Subnets": ["subnet-1", "subnet-2"]}}'})
    assert texts(given_values(["a.json"], tmp_path)) == {"Subnets": "subnet-1,subnet-2"}


def test_a_value_that_is_kept_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": '[{"ParameterKey": "A", "UsePreviousValue": true}]'})
    value = given_values(["a.json"], tmp_path).values["A"]
    assert isinstance(value, Unknown)
    assert value.reason == 'parameter "A" keeps the value that it has'


WRONG = {
    "[1, 2]": "this gives no parameter",
    '[{"Key": "a", "Value": "b"}]': "this gives no parameter",
    '[{"ParameterKey": "A"}]': 'the parameter "A" has no ParameterValue',
    '"text"': "it gives no parameters",
    '{"A": null}': 'the value of "A" is empty',
    '{"Parameters": {"A": {"Type": "String"}}}': 'the value of "A" is a mapping',
    '{"A": "1", "A": "2"}': "written twice",
    '{"A": ': "ends too early",
    '{"AWS::Zone": "a"}': "there is no pseudo parameter AWS::Zone",
    "": "the file is empty",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_file_of_another_shape_is_wrong_use(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"p.json": text, "t.yaml": TEMPLATE})
    done = run("t.yaml", "--parameters", "p.json", cwd=tmp_path)
    assert done.status == 2
    assert "p.json" in done.err
    words = WRONG[text]
    assert words in " ".join(done.err.split()) or "twice" in words


@pytest.mark.parametrize("argument", ["missing.json", "no value", "=1", "A-B=1"])
def test_what_is_neither_file_nor_value_is_wrong_use(tmp_path: Path, argument: str) -> None:
    write(tmp_path, {"t.yaml": TEMPLATE})
    done = run("t.yaml", "--parameters", argument, cwd=tmp_path)
    assert done.status == 2
    assert "neither a file that is there nor Key=Value" in " ".join(done.err.split())


TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Cidr: {Type: String}
  Env: {Type: String, AllowedValues: [dev, prod], Default: dev}
  Port: {Type: Number, Default: 443}
  Secret:
    Type: String
    NoEcho: true
    Default: open-sesame
    AllowedValues: [open-sesame, x]
Conditions:
  IsOpen: !Equals [!Ref Secret, open-sesame]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Sub "group of ${Env} ${AWS::AccountId}"
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, CidrIp: !Ref Cidr}
"""


def test_given_values_are_what_is_scanned(tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": TEMPLATE, "prod.json": '{"Cidr": "0.0.0.0/0",\n "Port": 22}'})
    alone = scan("t.yaml", "--select", "SG001", cwd=tmp_path).report
    assert [f["status"] for f in alone["findings"]] == []
    done = scan("t.yaml", "--select", "SG001", "--parameters", "prod.json", cwd=tmp_path)
    assert done.found == [("SG001", "prod.json", 1)]
    (finding,) = done.report["findings"]
    assert any(hop["message"] == "Group uses it" for hop in finding["evidence"])
    again = scan(
        "t.yaml",
        "--select",
        "SG001",
        "--parameters",
        "Cidr=0.0.0.0/0",
        "--parameters",
        "Port=22",
        cwd=tmp_path,
    )
    # There is no file to point at: the parameter is what it comes through.
    assert again.found == [("SG001", "t.yaml", 3)]


def test_a_value_that_is_not_allowed_is_an_error_where_it_is_given(tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": TEMPLATE, "p.json": '["Env=dev",\n "Env=test"]'})
    done = scan("t.yaml", ".", "--parameters", "p.json", cwd=tmp_path)
    assert done.status == 3
    assert [(e["path"], e["line"], e["message"]) for e in done.errors] == [
        ("p.json", 2, '"test" is not an allowed value of parameter "Env"')
    ]


BLANKS = """\
Parameters:
  Subnet: {Type: "AWS::EC2::Subnet::Id"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Zone: {Type: "AWS::EC2::AvailabilityZone::Name", Default: ""}
  Comment: {Type: String}
Resources:
  Instance:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Subnet}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: "1"
      MaxSize: "3"
      VPCZoneIdentifier: !Ref Subnets
      LaunchTemplate: {LaunchTemplateId: lt-0123456789abcdef0, Version: "1"}
  Other:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: "1"
      MaxSize: "3"
      AvailabilityZones: [!Ref Zone]
      LaunchTemplate: {LaunchTemplateId: lt-0123456789abcdef0, Version: "1"}
"""


@pytest.mark.parametrize("found", [True, False])
def test_a_blank_where_the_account_must_have_something_is_no_value(
    tmp_path: Path, *, found: bool
) -> None:
    """A form to be filled in: CloudFormation refuses an id of a subnet that is empty."""
    names = ("Subnet", "Subnets", "Comment")
    blank = json.dumps([{"ParameterKey": name, "ParameterValue": ""} for name in names])
    write(tmp_path, {"vpc.yaml": BLANKS, "vpc-prod.json": blank})
    given = () if found else ("--parameters", "vpc-prod.json")
    done = scan(".", "--select", "NET003", *given, cwd=tmp_path)
    assert done.status == 0
    findings = json.loads(done.out)["findings"]
    assert {one["status"] for one in findings} == {"undecided"}
    assert {one["resource"] for one in findings} >= {"Instance", "Group"}


def test_a_value_that_does_not_match_is_an_error_where_it_is_given(tmp_path: Path) -> None:
    text = TEMPLATE.replace("Env:", "Range: {Type: String, AllowedPattern: '10[.].*/24'}\n  Env:")
    write(tmp_path, {"t.yaml": text, "p.json": '["Env=dev",\n "Range=0.0.0.0/0"]'})
    done = scan("t.yaml", ".", "--parameters", "p.json", cwd=tmp_path)
    assert [(e["path"], e["line"], e["message"]) for e in done.errors] == [
        ("p.json", 2, '"0.0.0.0/0" does not match AllowedPattern of parameter "Range"')
    ]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
@pytest.mark.parametrize("value", ["open-sesame", "hush-hush"])
def test_a_secret_is_in_no_output(tmp_path: Path, form: str, value: str) -> None:
    text = TEMPLATE.replace("Group:\n", "Group:\n    Condition: IsOpen\n")
    write(
        tmp_path,
        {"t.yaml": text, "p.json": f'{{"Cidr": "0.0.0.0/0", "Port": 22,\n"Secret": "{value}"}}'},
    )
    done = run(
        "scan",
        ".",
        "--format",
        form,
        "--show-undecided",
        "--show-notes",
        "--parameters",
        "p.json",
        cwd=tmp_path,
    )
    assert value not in done.out + done.err
    if value == "hush-hush":
        assert "the value that is given is not an allowed value of parameter" in done.out


def test_a_parameter_that_nothing_declares_is_a_note(tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": TEMPLATE, "p.json": '{"Cidr": "10.0.0.0/8",\n "Cird": "x"}'})
    report = scan(
        ".", "--parameters", "p.json", "--parameters", "AWS::Region=eu-west-1", cwd=tmp_path
    ).report
    notes: list[dict[str, Any]] = [n for n in report["notes"] if n["name"] == "parameter"]
    assert [(n["path"], n["line"], n["message"]) for n in notes] == [
        ("p.json", 2, 'no template that is read declares the parameter "Cird"')
    ]


def test_a_file_of_parameters_is_no_template(tmp_path: Path) -> None:
    write(
        tmp_path, {"t.yaml": TEMPLATE, "p.json": json.dumps({"Parameters": {"Cidr": "10.0.0.0/8"}})}
    )
    report = scan(".", cwd=tmp_path).report
    assert report["summary"]["units"] == 1
    assert report["errors"] == []


class TestNesting:
    def test_given_values_are_for_the_root_stacks(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Parameters: {Size: {Type: Number}}
            Resources:
              Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}
              A: {Type: AWS::EC2::Volume, Properties: {Size: !Ref Size}}
            """,
            parameters={"Size": "8"},
            inner="""
            Parameters: {Size: {Type: Number, Default: 1}}
            Resources:
              A: {Type: AWS::EC2::Volume, Properties: {Size: !Ref Size}}
            """,
        )
        assert found.get("A", "Size").number == 8
        assert found.get("Inner/A", "Size").number == 1

    def test_what_a_stack_gives_must_be_allowed_too(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              Inner:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: inner.yaml, Parameters: {Env: test}}
            """,
            inner="""
            Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
            Resources:
              A: {Type: AWS::EC2::Volume, Properties: {Name: !Ref Env}}
            """,
        )
        assert isinstance(found.get("Inner/A", "Name"), Unknown)
        assert found.messages == ['5:61 "test" is not an allowed value of parameter "Env"']


def test_a_secret_shared_through_an_alias_stays_hidden(deploy: Deploy) -> None:
    found = deploy(
        """
        Parameters: {Secret: {Type: String, NoEcho: true, Default: open-sesame}}
        Conditions:
          Known: !Equals [&secret !Sub "${Secret}", open-sesame]
        Resources:
          A: {Type: AWS::EC2::Volume, Condition: Known, Properties: {Name: *secret}}
        """
    )
    value = found.get("A", "Name")
    assert isinstance(value, Unknown)
    assert "open-sesame" not in f"{value.reason} {value.candidates}"
