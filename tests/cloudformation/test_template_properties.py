"""What must hold of every template, however it is spelled and whatever is wrong with it."""

from __future__ import annotations

import json
import random
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.templates import Session, Templates
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.source.files import Files
from iac_ec2lint.values import Reference, Unknown, Val, walk

pytestmark = pytest.mark.slow

RICH = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Cidr: {Type: String, Default: 10.0.0.0/16}
  Ports: {Type: CommaDelimitedList, Default: "22,443"}
  Open: {Type: String}
Mappings:
  Sizes: {dev: {Type: t3.micro}, prod: {Type: m5.large}}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Wide: !And [!Condition Prod, !Not [!Equals [!Ref Open, ""]]]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref Cidr, Tags: [{Key: Name, Value: !Sub "vpc-${Env}"}]}
  Subnet:
    Type: AWS::EC2::Subnet
    Condition: Prod
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [0, !GetAZs ""]
  Sg:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: &text some text
      GroupName: *text
      SecurityGroupIngress:
        - &rule {IpProtocol: tcp, FromPort: 22, ToPort: "22", CidrIp: !Ref Cidr}
        - <<: *rule
          CidrIp: 0.0.0.0/0
        - !If [Wide, {IpProtocol: -1, CidrIpv6: "::/0"}, !Ref AWS::NoValue]
  Host:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !FindInMap [Sizes, !Ref Env, Type]
      ImageId: !ImportValue {Fn::Sub: "${Env}-image"}
      SecurityGroupIds: [!GetAtt Sg.GroupId]
      UserData:
        Fn::Base64: !Sub
          - |
            #!/bin/sh
            echo ${Name} ${!HOME} ${Vpc}
          - {Name: !Join ["-", [a, !Ref "AWS::Region", !Ref Open]]}
  Fn::ForEach::Volumes:
    - N
    - !Ref Ports
    - Volume${N}: {Type: AWS::EC2::Volume, Properties: {Size: !Ref N, Encrypted: true}}
Outputs:
  Id: {Value: !GetAtt Host.PrivateIp, Export: {Name: !Sub "${AWS::StackName}-id"}}
"""


def data_of(node: Node) -> Any:
    """A tree as JSON data, its functions in their long form."""
    if isinstance(node, Tagged):
        name = node.tag[1:] if node.tag in ("!Ref", "!Condition") else f"Fn::{node.tag[1:]}"
        return {name: data_of(node.node)}
    if isinstance(node, Mapping):
        return {key: data_of(child) for key, (_, child) in node.entries.items()}
    if isinstance(node, Sequence):
        return [data_of(item) for item in node.items]
    assert isinstance(node, Scalar)
    data = node.data
    return float(data) if isinstance(data, Decimal) else data


def shown(value: Val | None) -> Any:
    """All that a value says, but where it was written."""
    if value is None:
        return None
    if isinstance(value, Reference):
        return ["reference", value.target, value.attribute, value.cause]
    if isinstance(value, Unknown):
        return [
            "unknown",
            value.reason,
            value.cause,
            value.unset,
            [shown(candidate) for candidate in value.candidates],
            [part if isinstance(part, str) else shown(part) for part in value.parts],
            [(r.target, r.attribute) for r in value.references],
        ]
    steps = [(step.words, step.assumed) for step in value.via]
    if isinstance(value.data, tuple):
        return [[shown(member) for member in value.data], steps]
    if isinstance(value.data, dict):
        return [{key: shown(member) for key, member in value.data.items()}, steps]
    return [value.data, steps, shown(value.decoded), shown(value.of)]


def evaluated(text: str, name: str) -> tuple[Any, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        session = Session(Templates(Files(Path(folder), Path(folder)), StackOptions()), path)
        unit = session.unit(None)
        found: dict[str, Any] = {}
        for declared in unit.declarations:
            body = declared.body
            for key in body.names():
                value = body.get(key)
                found[f"{declared.address}.{key}"] = shown(value)
                for section in body.sections(key):
                    for inner in section.names():
                        section.sections(inner)
                for part in walk(value) if value is not None else ():
                    assert part.span.line >= 1
            presence = declared.presence
            found[declared.address] = [declared.type, presence.when, presence.certain]
        for stack in session.roots:
            for output in stack.outputs():
                found[f"Outputs.{output.name}"] = shown(stack.output(output.name))
        return found, [diagnostic.message for diagnostic in unit.diagnostics]


def long_form(text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.yaml"
        path.write_text(text, encoding="utf-8")
        templates = Templates(Files(Path(folder), Path(folder)))
        (template,) = templates.templates(path)
        return json.dumps(data_of(template.root), indent=1)


def test_json_with_long_functions_comes_to_the_same_as_yaml_with_short_ones() -> None:
    short = evaluated(RICH, "template.yaml")
    assert short[1] == []
    assert len(short[0]) > 20
    assert evaluated(long_form(RICH), "template.json") == short
    assert evaluated(long_form(RICH), "template.yaml") == short


SCALARS = st.sampled_from(["a", "22", 22, True, "10.0.0.0/8", "", "x y", "-1"])
NAMES = st.sampled_from(["Env", "Cidr", "Ports", "Open", "Vpc", "Sg", "AWS::Region", "Nothing"])
CONDITIONS = st.sampled_from(["Prod", "Wide", "Nothing"])


def calls(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=3)
    return st.one_of(
        lists,
        st.dictionaries(st.sampled_from(["A", "B", "C"]), inner, max_size=3),
        st.builds(lambda name: {"Ref": name}, NAMES),
        st.builds(lambda name: {"Fn::GetAtt": [name, "CidrBlock"]}, NAMES),
        st.builds(lambda name: {"Fn::Sub": f"x-${{{name}}}"}, NAMES),
        st.builds(lambda v: {"Fn::Sub": ["x-${A}", {"A": v}]}, inner),
        st.builds(lambda v: {"Fn::Join": ["-", v]}, st.one_of(lists, inner)),
        st.builds(lambda v: {"Fn::Split": ["-", v]}, inner),
        st.builds(lambda i, v: {"Fn::Select": [i, v]}, st.integers(0, 2), st.one_of(lists, inner)),
        st.builds(lambda v: {"Fn::FindInMap": ["Sizes", v, "Type"]}, inner),
        st.builds(lambda c, a, b: {"Fn::If": [c, a, b]}, CONDITIONS, inner, inner),
        st.builds(lambda v: {"Fn::Base64": v}, inner),
        st.builds(lambda v: {"Fn::Length": v}, st.one_of(lists, inner)),
        st.builds(lambda v: {"Fn::ToJsonString": v}, inner),
        st.builds(lambda v: {"Fn::ImportValue": v}, inner),
        st.builds(lambda v: {"Fn::Cidr": [v, 2, 8]}, inner),
        st.just({"Ref": "AWS::NoValue"}),
    )


EXPRESSIONS = st.recursive(SCALARS, calls, max_leaves=12)
BASE: dict[str, Any] = json.loads(long_form(RICH))


def short_form(data: Any) -> str:
    """JSON data as YAML in flow style, its functions in their short form where they have one."""
    if isinstance(data, dict):
        if len(data) == 1:
            ((name, argument),) = data.items()
            nested = isinstance(argument, dict) and len(argument) == 1
            called = nested and (next(iter(argument)) == "Ref" or "Fn::" in next(iter(argument)))
            if (name == "Ref" or name.startswith("Fn::")) and not called:
                return f"!{name.removeprefix('Fn::')} {short_form(argument)}"
        inner = (f"{json.dumps(key)}: {short_form(value)}" for key, value in data.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(short_form(value) for value in data) + "]"
    return json.dumps(data)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_every_expression_is_the_same_in_both_languages(expression: Any) -> None:
    resource = {"Type": "Test::A::B", "Properties": {"P": expression, "L": [expression]}}
    template = {**BASE, "Resources": {**BASE["Resources"], "R": resource}}
    in_json = evaluated(json.dumps(template), "template.json")
    kept = {key: short_form(value) for key, value in template.items() if key != "Resources"}
    in_yaml = "\n".join(
        [
            *(f"{key}: {value}" for key, value in kept.items()),
            "Resources:",
            *(f'  "{name}": {json.dumps(r)}' for name, r in BASE["Resources"].items()),
            f"  R: {short_form(resource)}",
        ]
    )
    assert evaluated(in_yaml, "template.yaml") == in_json


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
@pytest.mark.parametrize("name", ["template.yaml", "template.json"])
def test_a_template_that_is_damaged_gives_diagnostics(name: str, seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - where it is damaged, not a secret
    text = RICH if name.endswith("yaml") else json.dumps(BASE, indent=1)
    for _ in range(source.randint(1, 4)):
        at, length = source.randrange(len(text)), source.choice([0, 1, 3, 20])
        put = source.choice(
            ["", "\t", "{", "[", "!", "&a ", "*rule", "Fn::", "Ref", "\n  ", "é", ":"]
        )
        text = text[:at] + put + text[at + length :]
    evaluated(text, name)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), EXPRESSIONS)
def test_a_template_with_anything_anywhere_gives_diagnostics(seed: int, expression: Any) -> None:
    source = random.Random(seed)  # noqa: S311 - where it is put, not a secret
    template = json.loads(json.dumps(BASE))
    place: Any = template
    while True:
        key = source.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or source.random() < 0.2:
            break
        place = place[key]
    place[key] = expression
    evaluated(json.dumps(template), "template.json")
