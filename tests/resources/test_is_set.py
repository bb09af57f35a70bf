"""What ``is_set``, ``equals`` and ``place`` answer, however a value is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.security_group import SecurityGroup

CONFIGURATION = """\
variable "required" {}
variable "null" { default = null }
variable "default" { default = "k" }
variable "empty" { default = "" }
variable "filled" {
  type     = string
  nullable = false
}
variable "flag" {}
variable "map" {}
variable "n" {}
resource "aws_key_pair" "k" {
  key_name   = "own"
  public_key = "p"
}
resource "aws_key_pair" "computed" { public_key = "p" }
resource "aws_key_pair" "n" {
  count      = var.n
  public_key = "p"
}
data "aws_key_pair" "d" { key_pair_id = "key-1" }
"""
TEMPLATE = """\
Parameters:
  P: {Type: String}
  D: {Type: String, Default: k}
Mappings:
  M: {a: {b: k}}
Conditions:
  C: !Equals [!Ref P, x]
Resources:
  K:
    Type: AWS::EC2::KeyPair
    Properties: {KeyName: own}
  I:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: a
"""
YES, NO, MAYBE = True, False, None


def terraform(folder: Path, name: str, written: str | None) -> Instance:
    """An instance of which one attribute is written."""
    body = "" if written is None else f"  {name} = {written}\n"
    made = graph(f'{CONFIGURATION}resource "aws_instance" "i" {{\n{body}}}\n', folder)
    (found,) = made.all(Instance)
    assert isinstance(found, Instance)
    return found


def cloudformation(folder: Path, name: str, written: str | None) -> Instance:
    """The same in a template."""
    body = "" if written is None else f"      {name}: {written}\n"
    (found,) = graph(TEMPLATE + body, folder).all(Instance)
    assert isinstance(found, Instance)
    return found


@pytest.mark.parametrize(
    ("written", "is_set", "is_k", "place"),
    [
        (None, NO, NO, 'resource "aws_instance" "i"'),
        ("null", NO, NO, 'resource "aws_instance" "i"'),
        ('""', NO, NO, 'resource "aws_instance" "i"'),
        ('"k"', YES, YES, '"k"'),
        ("var.required", MAYBE, MAYBE, "var.required"),
        ("var.filled", MAYBE, MAYBE, "var.filled"),
        ("var.null", NO, NO, 'resource "aws_instance" "i"'),
        ("var.default", YES, YES, '"k"'),
        ('var.flag ? "k" : null', MAYBE, MAYBE, 'var.flag ? "k" : null'),
        ('var.flag ? "k" : ""', MAYBE, MAYBE, 'var.flag ? "k" : ""'),
        ('var.flag ? "k" : "l"', YES, MAYBE, 'var.flag ? "k" : "l"'),
        ('var.flag ? "l" : "m"', YES, NO, 'var.flag ? "l" : "m"'),
        ("aws_key_pair.computed.key_name", YES, MAYBE, "aws_key_pair.computed.key_name"),
        ("aws_key_pair.k.key_name", YES, NO, "aws_key_pair.k.key_name"),
        ("aws_key_pair.k.id", YES, MAYBE, "aws_key_pair.k.id"),
        ("one(aws_key_pair.n[*].key_name)", MAYBE, MAYBE, "one(aws_key_pair.n[*].key_name)"),
        ("data.aws_key_pair.d.key_name", YES, MAYBE, "data.aws_key_pair.d.key_name"),
        ("jsonencode({ a = 1 })", YES, NO, "jsonencode({ a = 1 })"),
        ("jsonencode({ a = var.required })", YES, MAYBE, "jsonencode({ a = var.required })"),
        ('"x-${var.required}"', YES, MAYBE, '"x-${var.required}"'),
        ('"${var.required}"', MAYBE, MAYBE, "var.required"),
        ('lookup(var.map, "k", null)', MAYBE, MAYBE, 'lookup(var.map, "k", null)'),
        ('coalesce(var.null, "k")', YES, YES, '"k"'),
    ],
)
def test_in_terraform(
    tmp_path: Path, written: str | None, is_set: bool | None, is_k: bool | None, place: str
) -> None:
    made = terraform(tmp_path, "key_name", written)
    found = made.is_set("key_pair")
    assert found.truth is is_set
    assert bool(found.causes) is (is_set is MAYBE)
    assert made.equals("key_pair", "k").truth is is_k
    assert made.place("key_pair").span.text == place
    assert made.place("key_pair").name == "key_pair"
    assert made.place("key_pair").part is made


@pytest.mark.parametrize(
    ("written", "is_set", "is_k", "place"),
    [
        (None, NO, NO, "I"),
        ('""', MAYBE, MAYBE, '""'),  # EC2 refuses it
        ("!Ref AWS::NoValue", NO, NO, "I"),
        ("k", YES, YES, "k"),
        ("!Ref P", MAYBE, MAYBE, "!Ref P"),
        ("!Ref D", YES, YES, "k"),
        ("!If [C, k, !Ref AWS::NoValue]", MAYBE, MAYBE, "!If [C, k, !Ref AWS::NoValue]"),
        ("!If [C, k, l]", YES, MAYBE, "!If [C, k, l]"),
        ("!If [C, m, l]", YES, NO, "!If [C, m, l]"),
        ("!Ref K", YES, MAYBE, "!Ref K"),
        ("!GetAtt K.KeyPairId", YES, MAYBE, "!GetAtt K.KeyPairId"),
        ("'{{resolve:ssm:/a/b}}'", YES, MAYBE, "'{{resolve:ssm:/a/b}}'"),
        ("!Sub 'x-${P}'", YES, MAYBE, "!Sub 'x-${P}'"),
        ("!Sub '${P}'", MAYBE, MAYBE, "!Sub '${P}'"),
        ("!FindInMap [M, !Ref P, b]", YES, YES, "!FindInMap [M, !Ref P, b]"),
    ],
)
def test_in_cloudformation(
    tmp_path: Path, written: str | None, is_set: bool | None, is_k: bool | None, place: str
) -> None:
    made = cloudformation(tmp_path, "KeyName", written)
    found = made.is_set("key_pair")
    assert found.truth is is_set
    assert bool(found.causes) is (is_set is MAYBE)
    assert made.equals("key_pair", "k").truth is is_k
    assert made.place("key_pair").span.text == place


@pytest.mark.parametrize("written", [None, "null"])
def test_nothing_equals_null(tmp_path: Path, written: str | None) -> None:
    made = terraform(tmp_path, "key_name", written)
    assert made.equals("key_pair", None, "k").truth is True


def test_what_rests_on_a_default_says_so(tmp_path: Path) -> None:
    made = terraform(tmp_path, "user_data", "var.default")
    assert made.is_set("user_data").assumptions
    assert made.equals("user_data", "k").assumptions
    unset = terraform(tmp_path, "user_data", "var.empty").is_set("user_data")
    assert unset.truth is False
    assert unset.assumptions


def test_what_aws_does_by_default_is_not_set(tmp_path: Path) -> None:
    made = terraform(tmp_path, "ami", '"a"')
    assert made.get_password_data.boolean is False
    assert made.is_set("get_password_data").truth is False
    assert made.equals("get_password_data", False).truth is True
    said = terraform(tmp_path, "get_password_data", "false")
    assert said.is_set("get_password_data").truth is True


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("", NO),
        ("metadata_options {}", YES),
        ('dynamic "metadata_options" {\n for_each = [1]\n content {}\n }', YES),
        ('dynamic "metadata_options" {\n for_each = []\n content {}\n }', NO),
        ('dynamic "metadata_options" {\n for_each = var.required\n content {}\n }', MAYBE),
        ('dynamic "metadata_options" {\n for_each = var.flag ? [1] : []\n content {}\n }', MAYBE),
    ],
)
def test_a_block_is_set_where_it_is_there(
    tmp_path: Path, written: str, answer: bool | None
) -> None:
    made = graph(f'{CONFIGURATION}resource "aws_instance" "i" {{\n{written}\n}}\n', tmp_path)
    (found,) = made.all(Instance)
    assert found.is_set("metadata_options").truth is answer
    assert bool(found.is_set("metadata_options").causes) is (answer is MAYBE)


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("", NO),
        ("ingress {\n protocol = \"tcp\"\n }", YES),
        ('dynamic "ingress" {\n for_each = var.required\n content {}\n }', MAYBE),
        ('dynamic "ingress" {\n for_each = var.required\n content {}\n }\n ingress {}', YES),
    ],
)  # fmt: skip
def test_blocks_are_set_where_one_is_there(
    tmp_path: Path, written: str, answer: bool | None
) -> None:
    made = graph(f'{CONFIGURATION}resource "aws_security_group" "g" {{\n{written}\n}}\n', tmp_path)
    (found,) = made.all(SecurityGroup)
    assert found.is_set("ingress").truth is answer


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("[]", NO),
        ('["sg-1"]', YES),
        ("[aws_key_pair.computed.id]", YES),
        ("var.required", MAYBE),
        ('var.flag ? ["sg-1"] : []', MAYBE),
        ('[""]', NO),
        ('var.flag ? ["sg-1"] : ["sg-2"]', YES),
        ("[for id in var.required : id]", MAYBE),
        ('[var.flag ? "sg-1" : null]', MAYBE),
    ],
)
def test_a_list_is_set_where_an_element_is(
    tmp_path: Path, written: str, answer: bool | None
) -> None:
    made = terraform(tmp_path, "vpc_security_group_ids", written)
    assert made.is_set("security_groups").truth is answer


CHECK = '''\
"""A check of key pairs."""

from iac_ec2lint.api import Check, Severity, require
from iac_ec2lint.api.resources import Instance


class HasKey(Check):
    """Has a key."""

    code = "TST001"
    name = "has-key"
    severity = Severity.HIGH
    since = "0"
    types = (Instance,)

    def examine(self, graph):
        for one in graph.all(Instance):
            yield from require(
                ~one.is_set("key_pair"), of=one, at=one.place("key_pair"), otherwise="x"
            )
'''


@pytest.mark.parametrize(
    ("name", "text", "at", "evidence"),
    [
        (
            "main.tf",
            CONFIGURATION
            + 'resource "aws_instance" "i" {\n  key_name = aws_key_pair.k.key_name\n}\n',
            "aws_key_pair.k.key_name",
            {"aws_key_pair.k.key_name is written here": '"own"'},
        ),
        (
            "main.tf",
            CONFIGURATION + 'resource "aws_instance" "i" {\n  key_name = aws_key_pair.k.id\n}\n',
            "aws_key_pair.k.id",
            {},
        ),
        ("t.yaml", TEMPLATE + "      KeyName: !Ref K\n", "!Ref K", {}),
    ],
)
def test_the_place_is_the_reference_and_what_is_read_is_evidence(
    tmp_path: Path, name: str, text: str, at: str, evidence: dict[str, str]
) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "own.py").write_text(CHECK, "utf-8")
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / name).write_text(text, "utf-8")
    top = tmp_path / "top"
    report = scan(
        ScanOptions(paths=(top,), working=top, checks=(tmp_path / "checks",), select=("TST001",))
    )
    (found,) = report.findings
    assert found.span.text == at
    assert {hop.message: hop.span.text for hop in found.evidence} == evidence
