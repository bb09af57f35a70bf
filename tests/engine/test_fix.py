# ruff: noqa: E501 - a case and its answer are one line each
"""Where a fix is written, in each way of writing; and where it is only displayed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.cli.program import write
from tests.promises.test_fixes import applied

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Severity
from iac_ec2lint.engine.fix import Applicability, Repair

CHECKS = '''\
"""Checks that carry fixes."""

from collections.abc import Iterator

from iac_ec2lint.api import NO, Check, Graph, Severity, Verdict, remove, require, set_to
from iac_ec2lint.api.resources import Instance, Volume


class Base:
    severity = Severity.HIGH
    since = "0"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        for one in graph.all(Volume):
            yield from self.judge(one)


class Encrypts(Base, Check):
    """Encrypts."""

    code = "TST001"
    name = "encrypts"

    def judge(self, one):
        safe = one.equals("encrypted", True)
        fix = set_to(True, safe=True)
        yield from require(safe, of=one, at=one.place("encrypted"), otherwise="x", fix=fix)


class Drops(Base, Check):
    """Drops an attribute."""

    code = "TST002"
    name = "drops"

    def judge(self, one):
        safe = ~one.is_set("kms_key")
        fix = remove(safe=True)
        yield from require(safe, of=one, at=one.place("kms_key"), otherwise="x", fix=fix)


class Whole(Base, Check):
    """Takes a resource out."""

    code = "TST003"
    name = "whole"

    def judge(self, one):
        yield from require(NO, of=one, at=one, otherwise="x", fix=remove(safe=True))


class Meaningless(Base, Check):
    """Sets nothing in particular."""

    code = "TST004"
    name = "meaningless"

    def judge(self, one):
        yield from require(NO, of=one, at=one, otherwise="x", fix=set_to(True))


class Block(Base, Check):
    """Drops a block."""

    code = "TST005"
    name = "block"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        for one in graph.all(Instance):
            if one.metadata_options.written:
                yield Verdict(
                    subject=one, at=one.place("metadata_options"), message="x", fix=remove()
                )


class Tokens(Base, Check):
    """Demands tokens, in a block that may be missing."""

    code = "TST006"
    name = "tokens"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        for one in graph.all(Instance):
            options = one.metadata_options
            safe = options.equals("http_tokens", "required")
            yield from require(
                safe,
                of=one,
                at=options.place("http_tokens"),
                otherwise="x",
                fix=set_to("required", safe=True),
            )
'''


def find(folder: Path, code: str, files: dict[str, str]) -> list[Finding]:
    """What one of the checks above finds."""
    checks = write(folder / "checks", {"own.py": CHECKS})
    top = write(folder / "infrastructure", files)
    report = scan(
        ScanOptions(
            paths=(top,),
            working=top,
            boundary=top,
            checks=(checks,),
            select=(code,),
            fail_on=Severity.INFO,
        )
    )
    assert not report.errors
    return list(report.findings)


def one_fix(folder: Path, code: str, name: str, text: str) -> Repair:
    """The fix of the one finding in a file."""
    (found,) = find(folder, code, {name: text})
    assert found.fix is not None
    return found.fix


def mend(folder: Path, code: str, name: str, text: str) -> str | None:
    """The text with the one fix applied; ``None`` where it is only displayed."""
    fix = one_fix(folder, code, name, text)
    assert (not fix.edits) is (fix.applicability is Applicability.DISPLAY)
    if not fix.edits:
        return None
    after = applied(text, fix.edits)
    again = find(folder / "again", code, {name: after})
    assert not again
    return after


def volume(inside: str) -> str:
    return f'resource "aws_ebs_volume" "v" {inside}\n'


def instance(inside: str) -> str:
    return f'resource "aws_instance" "i" {inside}\n'


def template(inside: str, kind: str = "Volume") -> str:
    lines = "".join(f"      {line}\n" for line in inside.splitlines())
    head = 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  V:\n'
    return f"{head}    Type: AWS::EC2::{kind}\n    Properties:\n{lines}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{\n  encrypted = false # why\n}", "{\n  encrypted = true # why\n}"),
        ("{\n  encrypted = null\n}", "{\n  encrypted = true\n}"),
        ("{\n  size = 1\n}", "{\n  size = 1\n  encrypted = true\n}"),
        ("{\n\tsize = 1\n}", "{\n\tsize = 1\n\tencrypted = true\n}"),
        ("{\n    size = 1\n}", "{\n    size = 1\n    encrypted = true\n}"),
        ("{\r\n  size = 1\r\n}", "{\r\n  size = 1\r\n  encrypted = true\r\n}"),
        ("{}", "{\n  encrypted = true\n}"),
        ("{ }", "{\n  encrypted = true\n}"),
        ("{\n}", "{\n  encrypted = true\n}"),
        ("{ size = 1 }", "{\n  size = 1\n  encrypted = true\n}"),
        ("{ tags = {\n  a = 1\n} }", "{\n  tags = {\n  a = 1\n}\n  encrypted = true\n}"),
        ("{ # {\n  size = 1\n}", "{ # {\n  size = 1\n  encrypted = true\n}"),
        ("{\n  encrypted = <<-E\n    false\n  E\n}", "{\n  encrypted = true\n}"),
        ("{\n  size = 1\n\n  # last\n}", "{\n  size = 1\n\n  # last\n  encrypted = true\n}"),
    ],
)
def test_an_attribute_of_a_terraform_block(tmp_path: Path, before: str, after: str) -> None:
    assert mend(tmp_path, "TST001", "main.tf", volume(before)) == volume(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Encrypted: false # why", "Encrypted: true # why"),
        ("Encrypted: 'false'", "Encrypted: true"),
        ("Encrypted: !Ref AWS::NoValue", "Encrypted: true"),
        ("Encrypted: !If [C, true, false]", "Encrypted: true"),
        ("Encrypted: |-\n  false\nSize: 1", "Encrypted: true\nSize: 1"),
        ("Size: 1", "Encrypted: true\nSize: 1"),
        (
            "Size: 1\nTags: [{Key: a, Value: b}]",
            "Encrypted: true\nSize: 1\nTags: [{Key: a, Value: b}]",
        ),
        (
            "Size: 1\nAvailabilityZone: !Sub a${C}",
            "Encrypted: true\nSize: 1\nAvailabilityZone: !Sub a${C}",
        ),
        ("# first\nSize: 1", "# first\nEncrypted: true\nSize: 1"),
        ("{Size: 1}", "{Encrypted: true, Size: 1}"),
        ("{\n  Size: 1\n}", "{\n  Encrypted: true,\n  Size: 1\n}"),
        ("{}", "{Encrypted: true}"),
        ('{"Size": 1}', '{Encrypted: true, "Size": 1}'),
        ("!If [C, {Size: 1}, {Size: 2}]", None),
    ],
)
def test_a_property_of_a_template(tmp_path: Path, before: str, after: str | None) -> None:
    text = template(before)
    if "[C" in before or "{C}" in before:
        text += "Parameters:\n  C:\n    Type: String\nConditions:\n  C: !Equals [!Ref C, a]\n"
    mended = mend(tmp_path, "TST001", "t.yaml", text)
    expected = None if after is None else text.replace(template(before), template(after))
    assert mended == expected


def test_a_property_of_a_template_with_crlf(tmp_path: Path) -> None:
    text = template("Size: 1").replace("\n", "\r\n")
    after = mend(tmp_path, "TST001", "t.yaml", text)
    assert after == template("Encrypted: true\nSize: 1").replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("&p\n  Size: 1", None),
        ("Size: &size 1", None),
        ("Tags: &t [{Key: a, Value: b}]\nSize: 1", None),
    ],
)
def test_what_an_alias_may_repeat_is_left_to_people(
    tmp_path: Path, before: str, after: str | None
) -> None:
    text = template(before)
    if before.startswith("&"):
        text = text.replace("\n      &p", " &p")
    assert mend(tmp_path, "TST001", "t.yaml", text) == after


def test_an_alias_is_not_followed(tmp_path: Path) -> None:
    text = "Metadata:\n  A: &off false\n  B: &size\n    Size: 1\n" + template("Encrypted: *off")
    assert mend(tmp_path, "TST001", "t.yaml", text) is None


def test_what_is_merged_in_stays(tmp_path: Path) -> None:
    text = "Metadata:\n  B: &size\n    Size: 1\n" + template("<<: *size\nAvailabilityZone: a")
    assert mend(tmp_path, "TST001", "t.yaml", text) is None
    text = text.replace(
        "<<: *size\n      AvailabilityZone: a", "AvailabilityZone: a\n      <<: *size"
    )
    mended = mend(tmp_path, "TST001", "t.yaml", text)
    assert mended == text.replace("AvailabilityZone", "Encrypted: true\n      AvailabilityZone")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("metadata_options {\n    http_tokens = \"optional\"\n  }", "metadata_options {\n    http_tokens = \"required\"\n  }"),
        ("metadata_options {}", "metadata_options {\n    http_tokens = \"required\"\n  }"),
        ("metadata_options { http_endpoint = \"enabled\" }", "metadata_options {\n    http_endpoint = \"enabled\"\n    http_tokens = \"required\"\n  }"),
        ("ami = \"a\"", "ami = \"a\"\n  metadata_options {\n    http_tokens = \"required\"\n  }"),
        (
            "dynamic \"metadata_options\" {\n    for_each = [1]\n    content {\n      http_tokens = \"optional\"\n    }\n  }",
            "dynamic \"metadata_options\" {\n    for_each = [1]\n    content {\n      http_tokens = \"required\"\n    }\n  }",
        ),
        (
            "dynamic \"metadata_options\" {\n    for_each = [1]\n    content {}\n  }",
            "dynamic \"metadata_options\" {\n    for_each = [1]\n    content {\n      http_tokens = \"required\"\n    }\n  }",
        ),
        ("dynamic \"metadata_options\" {\n    for_each = []\n    content {}\n  }", None),
    ],
)  # fmt: skip
def test_a_block_of_a_terraform_resource(tmp_path: Path, before: str, after: str | None) -> None:
    mended = mend(tmp_path, "TST006", "main.tf", instance(f"{{\n  {before}\n}}"))
    assert mended == (None if after is None else instance(f"{{\n  {after}\n}}"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ImageId: a", "MetadataOptions:\n  HttpTokens: required\nImageId: a"),
        ("{ImageId: a}", "{MetadataOptions: {HttpTokens: \"required\"}, ImageId: a}"),
        (
            "MetadataOptions: !If [C, {HttpEndpoint: enabled}, {HttpTokens: optional}]",
            "MetadataOptions: !If [C, {HttpTokens: \"required\", HttpEndpoint: enabled}, {HttpTokens: required}]",
        ),
        ("MetadataOptions: !Ref AWS::NoValue", None),
        ("MetadataOptions: {HttpTokens: !Ref P}", "MetadataOptions: {HttpTokens: required}"),
    ],
)  # fmt: skip
def test_a_mapping_of_a_template(tmp_path: Path, before: str, after: str | None) -> None:
    rest = "Parameters:\n  P:\n    Type: String\nConditions:\n  C: !Equals [!Ref P, a]\n"
    mended = mend(tmp_path, "TST006", "t.yaml", template(before, "Instance") + rest)
    assert mended == (None if after is None else template(after, "Instance") + rest)


@pytest.mark.parametrize(
    ("text", "applicability"),
    [
        ("encrypted = false", Applicability.SAFE),
        ('encrypted = "false"', Applicability.SAFE),
        ("encrypted = var.no", Applicability.UNSAFE),
        ("encrypted = local.no", Applicability.UNSAFE),
        ('encrypted = "${var.no}"', Applicability.UNSAFE),
        ("encrypted = var.no ? true : false", Applicability.UNSAFE),
        ("encrypted = !true", Applicability.UNSAFE),
    ],
)
def test_only_a_literal_in_the_resource_is_replaced_safely(
    tmp_path: Path, text: str, applicability: Applicability
) -> None:
    rest = 'variable "no" {\n  default = false\n}\nlocals {\n  no = false\n}\n'
    fix = one_fix(tmp_path, "TST001", "main.tf", volume(f"{{\n  {text}\n}}") + rest)
    assert fix.applicability is applicability


@pytest.mark.parametrize(
    ("text", "applicability"),
    [
        ("Encrypted: false", Applicability.SAFE),
        ("Encrypted: 'false'", Applicability.SAFE),
        ("Encrypted: !Ref P", Applicability.UNSAFE),
        ("Encrypted: !If [C, false, false]", Applicability.UNSAFE),
    ],
)
def test_only_a_literal_in_the_template_is_replaced_safely(
    tmp_path: Path, text: str, applicability: Applicability
) -> None:
    rest = "Parameters:\n  P:\n    Type: String\n    Default: 'false'\n"
    rest += "Conditions:\n  C: !Equals [!Ref P, a]\n"
    fix = one_fix(tmp_path, "TST001", "t.yaml", template(text) + rest)
    assert fix.applicability is applicability


def test_a_resource_that_may_be_absent_is_mended_all_the_same(tmp_path: Path) -> None:
    text = 'variable "n" {}\n' + volume("{\n  count = var.n\n  encrypted = false\n}")
    assert mend(tmp_path, "TST001", "main.tf", text) == text.replace("false", "true")


def test_one_edit_for_all_instances(tmp_path: Path) -> None:
    module = volume('{\n  for_each = toset(["a", "b"])\n  encrypted = false\n}')
    calls = 'module "x" {\n  source = "./m"\n}\nmodule "y" {\n  source = "./m"\n}\n'
    (found,) = find(tmp_path, "TST001", {"main.tf": calls, "m/main.tf": module})
    assert len(found.subjects) == 4
    assert found.fix is not None
    assert applied(module, found.fix.edits) == module.replace("false", "true")


@pytest.mark.parametrize("policy", ["report", "attribute"])
def test_nothing_is_mended_in_modules_of_others(tmp_path: Path, policy: str) -> None:
    call = 'module "x" {\n  source = "a/b/c"\n}\n'
    known = '{"Modules": [{"Key": "x", "Source": "a/b/c", "Dir": ".terraform/modules/x"}]}'
    files = {
        "main.tf": call,
        ".terraform/modules/modules.json": known,
        ".terraform/modules/x/main.tf": volume("{\n  encrypted = false\n}"),
    }
    checks = write(tmp_path / "checks", {"own.py": CHECKS})
    top = write(tmp_path / "top", files)
    report = scan(
        ScanOptions(
            paths=(top,),
            working=top,
            boundary=top,
            checks=(checks,),
            select=("TST001",),
            external_modules=policy,  # type: ignore[arg-type]  # of the parameters above
        )
    )
    (found,) = report.findings
    assert found.fix is None


KEY = 'kms_key_id = "k"'


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("main.tf", volume(f"{{\n  {KEY}\n  size = 1\n}}"), volume("{\n  size = 1\n}")),
        ("main.tf", volume(f"{{\n  {KEY}\n}}"), volume("{\n}")),
        ("main.tf", volume(f"{{ {KEY} }}"), None),
        ("main.tf", volume(f"{{\n  {KEY} # why\n}}"), None),
        ("t.yaml", template("KmsKeyId: k\nSize: 1"), template("Size: 1")),
        ("t.yaml", template("Size: 1\nKmsKeyId: k"), template("Size: 1")),
        ("t.yaml", template("KmsKeyId: |-\n  k\nSize: 1"), template("Size: 1")),
        ("t.yaml", template("KmsKeyId: k"), None),
        ("t.yaml", template("{KmsKeyId: k, Size: 1}"), None),
    ],
)
def test_removing_an_attribute(tmp_path: Path, name: str, before: str, after: str | None) -> None:
    assert mend(tmp_path, "TST002", name, before) == after


@pytest.mark.parametrize(
    ("written", "applicability"),
    [
        (KEY, Applicability.SAFE),
        ("kms_key_id = var.k", Applicability.UNSAFE),
        (f"{KEY} # why", Applicability.DISPLAY),
    ],
)
def test_only_a_literal_is_removed_safely(
    tmp_path: Path, written: str, applicability: Applicability
) -> None:
    text = 'variable "k" {\n  default = "k"\n}\n' + volume(f"{{\n  {written}\n}}")
    assert one_fix(tmp_path, "TST002", "main.tf", text).applicability is applicability


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "main.tf",
            instance('{\n  metadata_options {\n    http_tokens = "optional"\n  }\n  ami = "a"\n}'),
            instance('{\n  ami = "a"\n}'),
        ),
        (
            "t.yaml",
            template("MetadataOptions:\n  HttpTokens: optional\nImageId: a", "Instance"),
            template("ImageId: a", "Instance"),
        ),
        (
            "t.yaml",
            template("ImageId: a\nMetadataOptions:\n  HttpTokens: optional", "Instance"),
            template("ImageId: a", "Instance"),
        ),
    ],
)
def test_removing_a_block(tmp_path: Path, name: str, before: str, after: str) -> None:
    assert mend(tmp_path, "TST005", name, before) == after


REST = "  Other:\n    Type: AWS::SNS::Topic\n"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("main.tf", "# a\n" + volume("{\n  size = 1\n}") + "# b\n", "# a\n# b\n"),
        ("main.tf", volume("{}"), ""),
        ("main.tf", volume("{}")[:-1], ""),
        ("t.yaml", template("Size: 1") + REST, template("x").split("  V:")[0] + REST),
        ("t.yaml", template("Size: 1"), None),
        ("t.json", '{"Resources": {"V": {"Type": "AWS::EC2::Volume"}}}', None),
    ],
)
def test_removing_a_resource(tmp_path: Path, name: str, before: str, after: str | None) -> None:
    fix = one_fix(tmp_path, "TST003", name, before)
    assert (applied(before, fix.edits) if fix.edits else None) == after
    assert fix.applicability is not Applicability.SAFE  # others may refer to it
    if after and name.endswith("yaml"):
        assert set(yaml.safe_load(after)["Resources"]) == {"Other"}


def test_a_value_without_an_attribute_is_no_fix(tmp_path: Path) -> None:
    (found,) = find(tmp_path, "TST004", {"main.tf": volume("{}")})
    assert found.fix is None
