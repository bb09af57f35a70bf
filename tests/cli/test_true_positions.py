"""Positions are true: what a span covers, read again from the disk, is what is meant."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, scan, write

pytestmark = pytest.mark.slow

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16 little end first": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 big end first": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}
LINE_ENDINGS = {"lf": "\n", "crlf": "\r\n"}
BEFORE = {
    "ascii": "a",
    "accents": "\u00e9e\u0301",
    "wide": "\u4e2d\u6587",
    "astral": "\U0001f600\U0001d49c",
}

VOLUME_IN_JSON = """\
{
  "//": "WORDS",
  "resource": {"aws_ebs_volume": {"plain": {
    "availability_zone": "eu-west-1a",
    "encrypted": false
  }}}
}
"""

TEMPLATE_IN_JSON = """\
{
  "Description": "WORDS",
  "Resources": {
    "Plain": {
      "Type": "AWS::EC2::Volume",
      "Properties": {"AvailabilityZone": "WORDS", "Encrypted": false}
    }
  }
}
"""

FILES = {
    "main.tf": '# WORDS\nlocals {\n  words = "WORDS" # WORDS\n}\n' + PLAIN_VOLUME,
    "one_line.tf": 'resource "aws_ebs_volume" "one" { /* WORDS */ encrypted = false }\n',
    "tabs.tf": PLAIN_VOLUME.replace("plain", "tabs").replace("  encrypted", "/*WORDS*/\tencrypted"),
    "main.tf.json": VOLUME_IN_JSON,
    "stack.yaml": "# WORDS\nDescription: WORDS\n" + PLAIN_VOLUME_TEMPLATE,
    "flow.yaml": "Resources: {WORDS: {Type: AWS::EC2::Volume, Properties: {Encrypted: false}}}\n",
    "stack.json": TEMPLATE_IN_JSON,
}


def text_at(raw: bytes, finding: dict[str, Any]) -> str:
    """What a finding's span covers in a file's bytes, by its lines and columns alone."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if raw.startswith(mark):
            text = raw[len(mark) :].decode(encoding)
            break
    else:
        text = raw.decode()
    lines = text.split("\n")
    first, last = int(finding["line"]) - 1, int(finding["end_line"]) - 1
    if first == last:
        return lines[first][finding["column"] - 1 : finding["end_column"] - 1]
    inner = lines[first + 1 : last]
    ends = lines[first][finding["column"] - 1 :], lines[last][: finding["end_column"] - 1]
    return "\n".join([ends[0], *inner, ends[1]])


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("words", BEFORE)
@pytest.mark.parametrize("ending", LINE_ENDINGS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_span_covers_the_attribute_in_every_encoding(
    tmp_path: Path, name: str, words: str, ending: str, encoding: str
) -> None:
    text = FILES[name].replace("WORDS", BEFORE[words]).replace("\n", LINE_ENDINGS[ending])
    raw = ENCODINGS[encoding](text)
    write(tmp_path, {name: raw})
    ended = scan(name, "--select", "DATA001", cwd=tmp_path)
    assert ended.errors == []
    [finding] = ended.report["findings"]
    assert text_at(raw, finding) == "false"
    line_before = text_at(raw, finding | {"column": 1, "end_column": finding["column"]})
    assert re.search(r'[eE]ncrypted"?\s*[=:]\s*$', line_before)


def test_an_absent_attribute_is_shown_at_its_blocks_header(tmp_path: Path) -> None:
    text = PLAIN_VOLUME.replace("  encrypted         = false\n", "")
    write(tmp_path, {"main.tf": text})
    [finding] = scan(".", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert finding["line"] == 1
    assert text_at(text.encode(), finding).startswith('resource "aws_ebs_volume" "plain"')


def test_a_value_from_elsewhere_has_its_way_as_evidence(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "disk" {\n  source = "./disk"\n  on     = local.on\n}\n',
        "locals.tf": "locals {\n  on = false\n}\n",
        "disk/main.tf": 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", "var.on"),
    }
    write(tmp_path, dict(files))
    [finding] = scan(".", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert finding["resource"] == "module.disk.aws_ebs_volume.plain"
    hops = {(hop["path"], text_at(files[hop["path"]].encode(), hop)) for hop in finding["evidence"]}
    hops.add((finding["path"], text_at(files[finding["path"]].encode(), finding)))
    assert ("locals.tf", "false") in hops
    assert ("main.tf", "on     = local.on") in hops
    assert ("disk/main.tf", 'resource "aws_ebs_volume" "plain"') in hops
