"""Broken input in both languages: errors at their places, and never an exception.

``test_mutated_input`` searches for more; these are few, always the same, and quick.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, scan, write

pytestmark = pytest.mark.slow

CALL = 'module "m" {\n  source = "./inner"\n  on     = [for s in ["a"] : upper(s)]\n}\n'
BROAD = """\
Parameters: {P: {Type: String}}
Mappings: {M: {us-east-1: {A: "true"}}}
Conditions: {C: !Equals [!Ref P, x]}
Resources:
  A:
    Type: AWS::EC2::Volume
    Condition: C
    Properties:
      AvailabilityZone: !Select [0, !GetAZs ""]
      Encrypted: !If [C, !FindInMap [M, !Ref AWS::Region, A], !Ref AWS::NoValue]
  B:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./inner.yaml, Parameters: {P: !Sub "${P}-${A}"}}
"""
JSON = (
    '{"Resources": {"A": {"Type": "AWS::EC2::Volume", "Properties": '
    '{"Size": 1, "Encrypted": {"Fn::If": ["C", true, {"Ref": "P"}]}}}}}'
)
TF_JSON = '{"resource": {"aws_ebs_volume": {"a": {"size": "${1 + 1}", "encrypted": false}}}}'
GOOD = {
    "a.tf": OPEN_SSH + PLAIN_VOLUME.replace("plain", "other") + CALL,
    "b.tf.json": TF_JSON,
    "c.yaml": BROAD,
    "d.json": JSON,
    "e.yaml": PLAIN_VOLUME_TEMPLATE,
}
PIECES = [
    *(
        '"',
        "'",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "${",
        "%{",
        "<<X\n",
        ":",
        "=",
        "\n",
        "\t",
        "#",
        "\\u0000",
    ),
    *("\0", "\ud7ff", "null", "...", "[*]", "-", "!Ref ", "&a ", "*a", "Fn::If", "for", "? "),
]


def cut(text: str, chance: random.Random) -> str:
    """The beginning of a text."""
    return text[: chance.randrange(len(text))]


def spliced(text: str, chance: random.Random) -> str:
    """A text with something put into it."""
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(PIECES) + text[at:]


def torn(text: str, chance: random.Random) -> str:
    """A text without a part of it."""
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randrange(1, 40) :]


def swapped(text: str, chance: random.Random) -> str:
    """A text of which two lines have changed places."""
    lines = text.splitlines(keepends=True)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("name", GOOD)
def test_broken_text_is_errors_at_their_places(tmp_path: Path, name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")  # noqa: S311 - the same on each run
    text = GOOD[name]
    for breaking in (cut, spliced, torn, swapped)[seed % 4 :][:2]:
        text = breaking(text, chance) or text
    write(tmp_path, {"infra/good.tf": PLAIN_VOLUME, f"infra/{name}": text})
    write(tmp_path, {"infra/inner/main.tf": 'variable "on" {}\n'})
    write(tmp_path, {"infra/inner.yaml": PLAIN_VOLUME_TEMPLATE})
    hold(tmp_path, name)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", GOOD)
def test_bytes_are_errors_at_their_places(tmp_path: Path, name: str, seed: int) -> None:
    chance = random.Random(f"bytes {name} {seed}")  # noqa: S311 - the same on each run
    noise = chance.randbytes(chance.randrange(1, 60))
    good = GOOD[name].encode()
    at = chance.randrange(len(good))
    raw = noise if seed % 2 else good[:at] + noise + good[at:]
    write(tmp_path, {"infra/good.tf": PLAIN_VOLUME, f"infra/{name}": raw})
    hold(tmp_path, name)


def hold(folder: Path, name: str) -> None:
    """What must hold of a scan of a folder with a broken file, and of the file by its name."""
    for paths in ((".",), (name, "good.tf")):
        ended = scan(*paths, "--boundary", ".", cwd=folder / "infra")
        assert ended.status in (1, 3)
        assert (ended.status == 3) == bool(ended.errors)
        for error in ended.errors:
            place = folder / "infra" / error["path"]
            assert place.exists()
            assert min(error["line"], error["column"]) >= 1 or "neither" in error["message"]
            assert "\n" not in error["message"]
        assert ("DATA001", "good.tf", 4) in ended.found
