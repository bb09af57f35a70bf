"""``AWS::Include`` of local files, at the top, among keys and in place of values; Rain's too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from pathlib import Path

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


class TestDirectivesOfRain:
    @pytest.mark.parametrize("json", [True, False])
    def test_a_text_is_embedded(self, deploy: Deploy, tmp_path: Path, json: bool) -> None:
        (tmp_path / "boot.sh").write_text("#!/bin/sh\necho ${Name}\n", encoding="utf-8")
        call = '{"Rain::Embed": "boot.sh"}' if json else "!Rain::Embed boot.sh"
        found = deploy(
            f"""
            Parameters: {{Name: {{Type: String, Default: web}}}}
            Resources:
              A:
                Type: AWS::EC2::Instance
                Properties:
                  UserData: {call}
                  X: {{"Fn::Sub": {call}}}
            """
        )
        assert found.messages == []
        assert found.unit.modules_unavailable == {}
        assert found.unit.files == {"template.yaml": True, "boot.sh": True}
        written = found.get("A", "UserData")
        assert written.text == "#!/bin/sh\necho ${Name}\n"
        assert written.span.path == "boot.sh"
        assert found.get("A", "X").text == "#!/bin/sh\necho web\n"

    def test_a_tree_is_included(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              A: !Rain::Include parts/volume.yaml
            """,
            parts__volume="Type: AWS::EC2::Volume\nProperties: !Rain::Include ../of/size.yaml\n",
            of__size="Size: 8\n",
        )
        assert found.messages == []
        assert found.addresses == ["A"]
        assert found.get("A", "Size").number == 8
        assert found.unit.modules_unavailable == {}

    def test_a_template_is_uploaded(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              Child:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: !Rain::S3Http child.yaml}
            """,
            child="Resources: {A: {Type: AWS::EC2::Volume}}",
        )
        assert found.messages == []
        assert "Child/A" in found.addresses
        assert found.unit.modules_unavailable == {}

    @pytest.mark.parametrize(
        "written",
        [
            "!Rain::Embed missing.sh",
            "!Rain::Embed ../outside.sh",
            "!Rain::Embed {A: 1}",
            "!Rain::Include missing.yaml",
            "!Rain::Env NAME",
            "!Rain::S3Http child.yaml",
        ],
    )
    def test_what_is_not_read_is_listed(self, deploy: Deploy, tmp_path: Path, written: str) -> None:
        (tmp_path.parent / "outside.sh").write_text("#!/bin/sh\n", encoding="utf-8")
        found = deploy(
            f"""
            Resources:
              A: {{Type: AWS::EC2::Instance, Properties: {{UserData: {written}}}}}
              B: {written}
            """,
            child="Resources: {}",
        )
        assert found.messages == []
        assert found.addresses == ["A"]
        assert isinstance(found.get("A", "UserData"), Unknown)
        assert list(found.unit.modules_unavailable) == [written.split(maxsplit=1)[0][1:]]

    def test_one_that_is_read_hides_none_that_is_not(self, deploy: Deploy) -> None:
        found = deploy(
            """
            Resources:
              A: !Rain::Include a.yaml
              B: !Rain::Include b.yaml
            """,
            a="Type: AWS::EC2::Volume\n",
        )
        assert found.messages == []
        assert "Rain::Include" in found.unit.modules_unavailable

    def test_what_includes_itself_is_an_error(self, deploy: Deploy) -> None:
        found = deploy("Resources: {A: !Rain::Include a.yaml}", a="B: !Rain::Include a.yaml\n")
        assert found.messages == ['1:4 the snippet "a.yaml" contains itself']
