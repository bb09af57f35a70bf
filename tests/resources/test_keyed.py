# ruff: noqa: ISC004 - blocks are written line by line
"""Fields that are entries of lists of pairs, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.declaration import Unit
from iac_ec2lint.resources.field import boolean, text
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.spelling import Keyed
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.unit import Modules, evaluate
from iac_ec2lint.values import Unknown

TYPES = frozenset({"aws_lb", "AWS::ElasticLoadBalancingV2::LoadBalancer"})
KEY = "deletion_protection.enabled"


class Spelled(Resource):
    """A load balancer whose attributes are pairs, in Terraform as those of other resources are."""

    protected = boolean(
        Keyed("parameter", KEY, "name", "value"),
        Keyed("LoadBalancerAttributes", KEY),
        implied=False,
    )
    nested = text(Keyed("outer.parameter", "idle", "name", "value"), Keyed("Outer.Pairs", "idle"))


CONFIGURATION = """\
variable "any" {}
variable "key" { default = "deletion_protection.enabled" }
variable "flag" {}
"""
TEMPLATE = """\
Parameters:
  Any: {Type: String}
  Key: {Type: String, Default: deletion_protection.enabled}
  Other: {Type: String, AllowedValues: [idle_timeout.timeout_seconds, routing.http2.enabled]}
  One: {Type: String, AllowedValues: [idle_timeout.timeout_seconds, deletion_protection.enabled]}
Conditions:
  C: !Equals [!Ref Any, x]
Resources:
  L:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Name: l
"""
PAIR = "{Key: deletion_protection.enabled, Value: 'true'}"
OFF = "{Key: deletion_protection.enabled, Value: 'false'}"
IDLE = "{Key: idle_timeout.timeout_seconds, Value: '1'}"


def made(folder: Path, name: str, text: str) -> Spelled:
    """The one load balancer of a file."""
    (folder / name).write_text(text, "utf-8")
    files = Files(folder, folder)
    unit: Unit
    if name.endswith(".tf"):
        unit = evaluate(folder, Modules(files, RootModuleOptions()), TYPES)
    else:
        unit = Templates(files).evaluate(folder / name, TYPES)
    assert not unit.diagnostics
    (declared,) = unit.declarations
    return Spelled(declared)


@pytest.mark.parametrize(
    ("attributes", "answer", "is_set"),
    [
        (None, False, False),
        ("[]", False, False),
        (f"[{PAIR}]", True, True),
        (f"[{OFF}]", False, True),
        (f"[{IDLE}]", False, False),
        (f"[{IDLE}, {PAIR}]", True, True),
        ("[{Value: 'true'}]", False, False),
        ("[{Key: deletion_protection.enabled}]", False, False),
        ("[{Key: deletion_protection.enabled, Value: !Ref AWS::NoValue}]", False, False),
        ("[{Key: deletion_protection.enabled, Value: !Ref Any}]", None, None),
        ("[{Key: !Ref Key, Value: 'true'}]", True, True),
        ("[{Key: !Ref Any, Value: 'true'}]", None, None),
        ("[{Key: !Ref Any, Value: 'false'}]", False, None),
        ("[{Key: !Ref Other, Value: 'true'}]", False, False),
        ("[{Key: !Ref One, Value: 'true'}]", None, None),
        (f"[{{Key: !Ref Any, Value: 'false'}}, {PAIR}]", None, True),
        ("!Ref Any", None, None),
        (f"!If [C, [{PAIR}], [{PAIR}]]", True, True),
        (f"!If [C, [{PAIR}], [{OFF}]]", None, True),
        (f"!If [C, [{PAIR}], !Ref AWS::NoValue]", None, None),
        (f"!If [C, [{OFF}], !Ref AWS::NoValue]", False, None),
        (f"[!If [C, {PAIR}, {IDLE}]]", None, None),
        (f"[!If [C, {PAIR}, {OFF}]]", None, True),
        (f"[{IDLE}, !If [C, {PAIR}, !Ref AWS::NoValue]]", None, None),
        (f"[!If [C, {IDLE}, !Ref AWS::NoValue]]", False, False),
        ("!Ref AWS::NoValue", False, False),
    ],
)
def test_in_a_template(
    tmp_path: Path, attributes: str | None, answer: bool | None, is_set: bool | None
) -> None:
    line = "" if attributes is None else f"      LoadBalancerAttributes: {attributes}\n"
    found = made(tmp_path, "t.yaml", TEMPLATE + line)
    assert found.protected.is_true().truth is answer
    assert found.is_set("protected").truth is is_set
    assert found.place("protected").attribute.startswith("LoadBalancerAttributes")


def block(name: str, value: str = '"true"') -> str:
    return f"  parameter {{\n    name  = {name}\n    value = {value}\n  }}\n"


@pytest.mark.parametrize(
    ("blocks", "answer", "is_set"),
    [
        ("", False, False),
        (block(f'"{KEY}"'), True, True),
        (block(f'"{KEY}"', "true"), True, True),
        (block(f'"{KEY}"', '"false"'), False, True),
        (block('"other"'), False, False),
        (block('"other"') + block(f'"{KEY}"'), True, True),
        (block(f'"{KEY}"', "null"), False, False),
        (block(f'"{KEY}"', "var.any"), None, None),
        (block("var.key"), True, True),
        (block("var.any"), None, None),
        (block(f'var.flag ? "{KEY}" : "other"'), None, None),
        (block('var.flag ? "another" : "other"'), False, False),
        (
            f'  dynamic "parameter" {{\n    for_each = {{ "{KEY}" = "true", idle = 1 }}\n'
            "    content {\n      name = parameter.key\n      value = parameter.value\n    }\n }\n",
            True,
            True,
        ),
        (
            '  dynamic "parameter" {\n    for_each = var.any\n    content {\n'
            "      name  = parameter.key\n      value = parameter.value\n    }\n  }\n",
            None,
            None,
        ),
        ("  parameter = var.any\n", None, None),
    ],
)
def test_in_a_configuration(
    tmp_path: Path, blocks: str, answer: bool | None, is_set: bool | None
) -> None:
    text = f'{CONFIGURATION}resource "aws_lb" "l" {{\n{blocks}}}\n'
    found = made(tmp_path, "main.tf", text)
    assert found.protected.is_true().truth is answer
    assert found.is_set("protected").truth is is_set
    assert found.place("protected").attribute.startswith("parameter")


def test_a_list_can_lie_deeper(tmp_path: Path) -> None:
    line = "      Outer: {Pairs: [{Key: other, Value: a}, {Key: idle, Value: b}]}\n"
    found = made(tmp_path, "t.yaml", TEMPLATE + line)
    assert found.nested is not None
    assert found.nested.text == "b"
    assert found.place("nested").attribute == "Outer.Pairs[1].Value"
    assert not isinstance(found.nested, Unknown)


@pytest.mark.parametrize(
    ("name", "text", "path"),
    [
        ("t.yaml", TEMPLATE, f"LoadBalancerAttributes[{KEY}]"),
        (
            "t.yaml",
            f"{TEMPLATE}      LoadBalancerAttributes: [{IDLE}]\n",
            f"LoadBalancerAttributes[{KEY}]",
        ),
        (
            "t.yaml",
            f"{TEMPLATE}      LoadBalancerAttributes: [{IDLE}, {PAIR}]\n",
            "LoadBalancerAttributes[1].Value",
        ),
        ("main.tf", f'{CONFIGURATION}resource "aws_lb" "l" {{}}\n', f"parameter[{KEY}]"),
    ],
)
def test_messages_name_the_entry(tmp_path: Path, name: str, text: str, path: str) -> None:
    assert made(tmp_path, name, text).place("protected").attribute == path


def test_the_nested_one_by_its_whole_path(tmp_path: Path) -> None:
    assert made(tmp_path, "t.yaml", TEMPLATE).place("nested").attribute == "Outer.Pairs[idle]"


@pytest.mark.parametrize(
    "path", ["LoadBalancerAttributes[a.b]", "a..b", "", "a b", ".a", "a.", "a.0", "a[0]"]
)
def test_a_path_that_could_not_be_read_is_refused_when_the_class_is_made(path: str) -> None:
    with pytest.raises(ValueError, match=r"Keyed") as refused:

        class Wrong(Part):
            """Never made."""

            field = text(path, None)

    assert repr(path) in str(refused.value)
