"""``AWS::Include`` of local files, at the top, among keys and in place of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from tests.cloudformation.conftest import Deploy

RULES = """
IpProtocol: tcp
FromPort: !Ref Port
ToPort: 22
"""


def test_among_the_keys_of_properties(deploy: Deploy) -> None:
    found = deploy(
        """
        Parameters: {Port: {Type: Number, Default: 22}}
        Resources:
          A:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./parts/rule.yaml}}
              CidrIp: 0.0.0.0/0
              ToPort: 23
        """,
        parts__rule=RULES,
    )
    assert found.messages == []
    assert found.unit.modules_unavailable == {}
    assert found.unit.files == {"template.yaml": True, "parts/rule.yaml": True}
    port = found.get("A", "FromPort")
    assert isinstance(port, Value)
    assert port.data == 22
    protocol = found.get("A", "IpProtocol")
    assert (protocol.span.path, protocol.span.line) == ("parts/rule.yaml", 2)
    assert found.get("A", "ToPort").number == 23


@pytest.mark.parametrize(
    "written",
    [
        "!Transform {Name: AWS::Include, Parameters: {Location: list.yaml}}",
        "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: list.yaml}}}",
    ],
)
def test_in_place_of_a_value(deploy: Deploy, written: str) -> None:
    found = deploy(
        f"""
        Resources:
          A: {{Type: AWS::EC2::Instance, Properties: {{SecurityGroupIds: {written}}}}}
        """,
        list="[sg-1, sg-2]",
    )
    assert found.messages == []
    values = found.get("A", "SecurityGroupIds").elements()
    assert [value.text for value in values] == ["sg-1", "sg-2"]


@pytest.mark.parametrize("listed", [True, False])
def test_at_the_top(deploy: Deploy, listed: bool) -> None:
    call = "{Name: AWS::Include, Parameters: {Location: more.yaml}}"
    found = deploy(
        f"""
        Transform: {f"[AWS::LanguageExtensions, {call}]" if listed else call}
        Resources:
          A: {{Type: AWS::EC2::Volume, Properties: {{Size: !FindInMap [Sizes, a, b]}}}}
        """,
        more="""
        Mappings: {Sizes: {a: {b: 8}}}
        Resources:
          B: {Type: AWS::EC2::Volume}
        """,
    )
    assert found.messages == []
    assert found.unit.modules_unavailable == {}
    assert found.addresses == ["A", "B"]
    assert found.get("A", "Size").number == 8
    assert found.declaration("B").span.path == "more.yaml"


def test_among_resources_and_inside_one_another(deploy: Deploy) -> None:
    found = deploy(
        """
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/more.yaml}}
          A: {Type: AWS::EC2::Volume}
        """,
        parts__more="""
        B:
          Type: AWS::EC2::Volume
          Properties:
            Fn::Transform: [{Name: AWS::Include, Parameters: {Location: size.yaml}}]
            X: 1
        """,
        parts__size="Size: 8",
    )
    assert found.messages == []
    assert sorted(found.addresses) == ["A", "B"]
    assert found.get("B", "Size").number == 8


@pytest.mark.parametrize("place", ["s3://bucket/x.yaml", "!Sub 's3://${B}/x'", "!Ref B"])
def test_elsewhere_it_is_unknown(deploy: Deploy, place: str) -> None:
    found = deploy(
        f"""
        Parameters: {{B: {{Type: String}}}}
        Resources:
          A:
            Type: AWS::EC2::Volume
            Properties:
              Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {place}}}}}
        """
    )
    assert found.messages == []
    assert isinstance(found.get("A", "Size"), Unknown)
    assert list(found.unit.modules_unavailable) == ["AWS::Include"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("none.yaml", 'the snippet "none.yaml": it cannot be read: '),
        ("../out.yaml", 'the snippet "../out.yaml": it lies outside the boundary'),
        ("loop.yaml", 'the snippet "loop.yaml" contains itself'),
        ("template.yaml", 'the snippet "template.yaml" contains itself'),
        ("list.yaml", 'the snippet "list.yaml" is no mapping'),
    ],
)
def test_what_cannot_be_put_in_is_an_error(deploy: Deploy, place: str, message: str) -> None:
    found = deploy(
        f"""
        Resources:
          A:
            Type: AWS::EC2::Volume
            Properties:
              Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {place}}}}}
              Size: 8
        """,
        loop="Fn::Transform: {Name: AWS::Include, Parameters: {Location: loop.yaml}}\nX: 1",
        list="[1]",
    )
    assert len(found.messages) == 1
    assert message in found.messages[0]
    assert found.get("A", "Size").number == 8
