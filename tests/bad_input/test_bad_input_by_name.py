"""Bad input: one clear error at its place, exit status 3, and all else is still analysed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.cli.program import (
    OPEN_SSH,
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    SAFE_VOLUME,
    Run,
    scan,
    write,
)

pytestmark = pytest.mark.slow

HALF = OPEN_SSH[: len(OPEN_SSH) * 2 // 3]
MENTIONING = SAFE_VOLUME.replace("plain", "mentioning")
SECOND = PLAIN_VOLUME.replace("plain", "second")


class Bad(NamedTuple):
    """A bad input and the one error that it comes to.

    Attributes:
        files: The files, by path.
        path: The path that the error names.
        lines: The lines at one of which it may point; 0 means the whole file.
        words: What its message says, among other things.
    """

    files: Mapping[str, str | bytes]
    path: str
    lines: tuple[int, ...]
    words: str


def in_file(name: str, content: str | bytes, lines: tuple[int, ...], words: str) -> Bad:
    return Bad({name: content}, name, lines, words)


def mentioned(expression: str) -> str:
    """A volume whose encryption is an expression, so that it is evaluated."""
    return MENTIONING.replace("true", expression)


WHOLE_FILE = (0,)
TEMPLATE_HEAD = 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n'


def called(source: str) -> str:
    """A module call."""
    return f'module "called" {{\n  source = {source}\n}}\n'


def nested(location: str) -> str:
    """A template with a nested one."""
    return (
        TEMPLATE_HEAD
        + "  A:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
        + f"      TemplateURL: {location}\n"
    )


HCL = {
    "unclosed brace": in_file(
        "bad.tf", 'resource "aws_vpc" "bad" {\n  cidr_block = "10.0.0.0/16"\n', (1, 2, 3), "}"
    ),
    "unclosed bracket": in_file("bad.tf", "locals {\n  a = [1, 2\n}\n", (2, 3), "]"),
    "unclosed string": in_file("bad.tf", 'locals {\n  a = "text\n  b = 1\n}\n', (2,), '"'),
    "unclosed interpolation": in_file("bad.tf", 'locals {\n  a = "${1 + "\n}\n', (2, 3), ""),
    "unclosed heredoc": in_file("bad.tf", "locals {\n  a = <<EOT\ntext\n}\n", (2, 3, 4, 5), "EOT"),
    "half a file": in_file("bad.tf", HALF, tuple(range(1, 9)), ""),
    "brace too many": in_file("bad.tf", "locals {\n  a = 1\n}\n}\n", (4,), "}"),
    "no expression": in_file("bad.tf", "locals {\n  a =\n}\n", (2,), ""),
    "argument set twice": in_file("bad.tf", "locals {\n  a = 1\n  a = 2\n}\n", (3,), "a"),
    "template in a label": in_file("bad.tf", 'resource "aws_vpc" "${1}" {\n}\n', (1,), "label"),
    "NUL bytes": in_file("bad.tf", b"locals {\n  a = \x00 1\n}\n", (2,), ""),
    "binary with a .tf name": in_file(
        "bad.tf", b"\x7fELF\x02\x01\x01\x00\xff\xfe\x80", (1,), "UTF"
    ),
    "latin-1": in_file("bad.tf", "# a\n# café\n".encode("latin-1"), (2,), "UTF-8"),
    "a directory named x.tf": Bad({"x.tf/notes.md": "notes"}, "x.tf", WHOLE_FILE, "folder"),
    "a link to nothing": Bad({}, "bad.tf", WHOLE_FILE, "read"),
}

TERRAFORM_JSON = {
    "JSON with comments": in_file(
        "bad.tf.json", '{\n  // a comment\n  "locals": {}\n}\n', (2,), "comment"
    ),
    "JSON cut off": in_file("bad.tf.json", '{\n  "locals": {\n', (2, 3), ""),
    "empty JSON": in_file("bad.tf.json", "", (0, 1), ""),
    "JSON that is a number in a list": in_file("bad.tf.json", "[1]\n", (1,), ""),
    "a key twice in JSON": in_file(
        "bad.tf.json", '{\n  "locals": {\n    "a": 1,\n    "a": 2\n  }\n}\n', (4,), "a"
    ),
}

TEMPLATES = {
    "YAML with tabs": in_file(
        "bad.yaml", TEMPLATE_HEAD + "\tA:\n\t\tType: AWS::EC2::VPC\n", (3,), "tab"
    ),
    "a Ref in place of Resources": in_file(
        "bad.yaml", TEMPLATE_HEAD.rstrip("\n") + " !Ref Others\n", (2,), "Resources"
    ),
    "a Ref in place of Resources in JSON": in_file(
        "bad.json",
        '{"AWSTemplateFormatVersion": "2010-09-09",\n"Resources": {"Ref": "Others"}}\n',
        (2,),
        "Resources",
    ),
    "a template's location with a NUL": in_file("bad.yaml", nested('"./a\\0b"'), (6,), "location"),
    "an empty location": in_file("bad.yaml", nested('""'), (6,), "location"),
    "a location that is too long": in_file("bad.yaml", nested("x" * 300), (6,), "location"),
    "a snippet's location with a NUL": in_file(
        "bad.yaml",
        'Transform:\n  Name: AWS::Include\n  Parameters:\n    Location: "./a\\0b"\n'
        + TEMPLATE_HEAD
        + "  A:\n    Type: AWS::EC2::VPC\n",
        (4,),
        "location",
    ),
    "a nested template that is not there": in_file(
        "bad.yaml", nested("gone.yaml"), (6,), 'the template "gone.yaml": it cannot be read: '
    ),
    "an unknown tag": in_file(
        "bad.yaml",
        TEMPLATE_HEAD
        + "  A:\n    Type: AWS::EC2::VPC\n    Properties:\n      CidrBlock: !Nonsense x\n",
        (6,),
        "!Nonsense",
    ),
    "a cycle of aliases": in_file(
        "bad.yaml",
        TEMPLATE_HEAD + "  A: &a\n    Type: AWS::EC2::VPC\n    Properties: *a\n",
        (3, 5),
        "a",
    ),
    "JSON template with comments": in_file(
        "bad.json",
        '{\n  // a comment\n  "Resources": {"A": {"Type": "AWS::EC2::VPC"}}\n}\n',
        (2,),
        "comment",
    ),
    "JSON template cut off": in_file(
        "bad.json", '{\n  "Resources": {\n    "A": {"Type": "AWS::EC2::VPC"\n', (3, 4), ""
    ),
    "no Resources": in_file(
        "bad.yaml", 'AWSTemplateFormatVersion: "2010-09-09"\nOutputs: {}\n', (0, 1), "Resources"
    ),
    "Resources that are a list": in_file(
        "bad.yaml", TEMPLATE_HEAD + "  - AWS::EC2::VPC\n", (2, 3), ""
    ),
    "a resource that is a list": in_file(
        "bad.yaml", TEMPLATE_HEAD + "  A:\n    - Type: AWS::EC2::VPC\n", (3, 4), "A"
    ),
    "Type missing": in_file(
        "bad.yaml", TEMPLATE_HEAD + "  A:\n    Properties:\n      CidrBlock: x\n", (3, 4), "Type"
    ),
    "NUL bytes in YAML": in_file("bad.yaml", TEMPLATE_HEAD.encode() + b"  A: \x00\n", (0, 3), ""),
    "a Ref to nothing": in_file(
        "bad.yaml",
        TEMPLATE_HEAD
        + "  A:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: !Ref Nothing\n",
        (6,),
        "Nothing",
    ),
    "a cycle of conditions": in_file(
        "bad.yaml",
        "Conditions:\n  One: !Not [!Condition Two]\n  Two: !Not [!Condition One]\n"
        "Resources:\n  A:\n    Type: AWS::EC2::Volume\n    Condition: One\n"
        "    Properties:\n      Encrypted: true\n",
        (2, 3),
        "One",
    ),
}

EVALUATION = {
    "a cycle of locals": in_file(
        "bad.tf",
        "locals {\n  one = local.two\n  two = local.one\n}\n" + mentioned("local.one"),
        (2, 3),
        "local.",
    ),
    "a local that is itself": in_file(
        "bad.tf", "locals {\n  one = local.one\n}\n" + mentioned("local.one"), (2,), "local.one"
    ),
    "a cycle of modules": Bad(
        {
            "bad.tf": 'module "a" {\n  source = "./disk"\n  on     = module.b.on\n}\n'
            'module "b" {\n  source = "./disk"\n  on     = module.a.on\n}\n',
            "disk/main.tf": 'variable "on" {}\noutput "on" {\n  value = var.on\n}\n'
            + mentioned("var.on"),
        },
        "disk/main.tf",
        (1,),
        "module.b.output.on",
    ),
    "a variable of the wrong type": in_file(
        "bad.tf",
        'variable "on" {\n  type    = bool\n  default = "certainly"\n}\n' + mentioned("var.on"),
        (3,),
        "bool",
    ),
    "a local module that is not there": in_file(
        "bad.tf", 'module "gone" {\n  source = "./gone"\n}\n', (2,), "./gone"
    ),
    "a local module outside the boundary": in_file(
        "bad.tf", 'module "out" {\n  source = "../outside"\n}\n', (2,), "boundary"
    ),
    "a local module that calls itself": Bad(
        {
            "bad.tf": 'module "a" {\n  source = "./loop"\n}\n',
            "loop/main.tf": 'module "again" {\n  source = "../loop"\n}\n' + SECOND,
        },
        "loop/main.tf",
        (2,),
        "loop",
    ),
    "a module's source with a NUL": in_file("bad.tf", called('"./\\u0000"'), (2,), "module.called"),
    "an empty source": in_file("bad.tf", called('""'), (2,), "module.called"),
    "a source that is null": in_file("bad.tf", called("null"), (2,), "module.called"),
    "a source that is too long": in_file(
        "bad.tf", called('"./' + "x" * 300 + '"'), (2,), "module.called"
    ),
    "a source with half a character": in_file(
        "bad.tf.json", '{"module": {"called":\n{"source": "./\\ud800"}}}\n', (2,), ""
    ),
    "a file's path with a NUL": in_file("bad.tf", mentioned('file("./\\u0000")'), (4,), "file()"),
    "an encoding with a NUL": in_file(
        "bad.tf", mentioned('textencodebase64("a", "\\u0000")'), (4,), "no encoding"
    ),
    "a label that is too long for its encoding": in_file(
        "bad.tf", mentioned(f'textencodebase64("{"a" * 99}", "idna")'), (4,), "cannot be written"
    ),
    "an absolute path with a NUL": in_file(
        "bad.tf", mentioned('abspath("./\\u0000")'), (4,), "abspath()"
    ),
    "a reference to nothing": in_file("bad.tf", mentioned("local.nothing"), (4,), "nothing"),
}

BAD = {**HCL, **TERRAFORM_JSON, **TEMPLATES, **EVALUATION}


def scanned(folder: Path, name: str) -> Run:
    """A scan of a folder with a bad input and good files beside it."""
    write(folder.parent / "outside", {"main.tf": PLAIN_VOLUME})
    write(folder, {"good.tf": PLAIN_VOLUME, "good.yaml": PLAIN_VOLUME_TEMPLATE})
    write(folder, BAD[name].files)
    if name == "a link to nothing":
        (folder / "bad.tf").symlink_to(folder / "gone.tf")
    return scan(".", "--boundary", ".", cwd=folder)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_error_at_its_place(tmp_path: Path, name: str) -> None:
    bad = BAD[name]
    ended = scanned(tmp_path / "infra", name)
    assert ended.status == 3
    [error] = ended.errors
    assert error["path"] == bad.path
    assert error["line"] in bad.lines
    assert (error["column"] > 0) == (error["line"] > 0)
    assert bad.words in error["message"]
    assert "\n" not in error["message"]


@pytest.mark.parametrize("name", BAD)
def test_all_else_is_still_analysed(tmp_path: Path, name: str) -> None:
    found = scanned(tmp_path / "infra", name).found
    assert ("DATA001", "good.tf", 4) in found
    assert ("DATA001", "good.yaml", 8) in found


@pytest.mark.parametrize(
    "name", [name for name in HCL if name.startswith(("un", "half", "no", "arg", "brace"))]
)
def test_the_other_blocks_of_a_broken_file_are_analysed(tmp_path: Path, name: str) -> None:
    content = HCL[name].files["bad.tf"]
    assert isinstance(content, str)
    write(tmp_path, {"bad.tf": SECOND + "\n" + content})
    ended = scan(".", cwd=tmp_path)
    assert ended.status == 3
    assert ("DATA001", "bad.tf", 4) in ended.found
    assert ended.report["summary"]["files"]["partial"] == 1


def test_a_key_written_twice_is_a_note_and_the_last_counts(tmp_path: Path) -> None:
    doubled = PLAIN_VOLUME_TEMPLATE + "      Encrypted: true\n"
    write(tmp_path, {"good.yaml": doubled, "sub/bad.yaml": doubled + "      Encrypted: false\n"})
    ended = scan(".", "--show-notes", "--select", "DATA001", cwd=tmp_path)
    assert ended.errors == []
    assert ended.found == [("DATA001", "sub/bad.yaml", 10)]
    assert [(n["name"], n["path"], n["line"]) for n in ended.report["notes"]] == [
        ("key-written-twice", "good.yaml", 9),
        ("key-written-twice", "sub/bad.yaml", 9),
        ("key-written-twice", "sub/bad.yaml", 10),
    ]


def test_a_template_of_terraforms_templatefile_is_no_template_of_cloudformation(
    tmp_path: Path,
) -> None:
    text = (
        TEMPLATE_HEAD
        + "%{ for name in names ~}\n  ${name}:\n    Type: AWS::EC2::VPC\n%{ endfor ~}\n"
    )
    write(tmp_path, {"good.tf": PLAIN_VOLUME, "stack.yaml": text})
    assert scan(".", cwd=tmp_path).errors == []
    # What is no directive of Terraform's keeps nobody from reading a template.
    write(tmp_path, {"stack.yaml": TEMPLATE_HEAD + "%{http_code}\n"})
    assert [e["line"] for e in scan(".", cwd=tmp_path).errors] == [3]


@pytest.mark.parametrize("name", ["bytes.yaml", "bytes.json", "bytes.tf"])
def test_bytes_that_are_no_text_are_an_error_where_they_are_named(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path, {name: b"a\n\x80\xff\x00"})
    ended = scan(name, cwd=tmp_path)
    assert ended.status == 3
    assert [(e["path"], e["line"], e["column"]) for e in ended.errors] == [(name, 2, 1)]


@pytest.mark.parametrize(
    "content", ["", "\n", "# nothing\n", "\ufeff", "\r\n\r\n", b"\xff\xfe"], ids=repr
)
def test_a_configuration_file_without_a_block_is_no_error(
    tmp_path: Path, content: str | bytes
) -> None:
    write(tmp_path, {"good.tf": PLAIN_VOLUME, "empty.tf": content})
    ended = scan(".", cwd=tmp_path)
    assert ended.errors == []
    assert ended.report["summary"]["files"]["parsed"] == 2


@pytest.mark.parametrize("name", ["empty.yaml", "empty.json", "values.yaml", "list.json"])
def test_a_document_that_is_no_template_is_an_error_only_by_name(tmp_path: Path, name: str) -> None:
    contents = {"values.yaml": "a: [\n", "list.json": "[1,"}
    write(tmp_path, {"good.tf": PLAIN_VOLUME, name: contents.get(name, "")})
    assert scan(".", cwd=tmp_path).errors == []
    by_name = scan(name, "good.tf", cwd=tmp_path)
    assert (by_name.status, [error["path"] for error in by_name.errors]) == (3, [name])
    hook = scan("--allow-empty", name, cwd=tmp_path)
    assert (hook.status, hook.errors) == (0, [])
    assert name in {skip["path"] for skip in hook.report["summary"]["files"]["skipped"]}
