"""Suppression comments and metadata, seen from the outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, Run, scan, write

WORDS = "ec2lint:ignore=DATA001 scratch space"
ATTRIBUTE = "  encrypted         = false\n"

TERRAFORM = {
    "above the block, #": f"# {WORDS}\n{PLAIN_VOLUME}",
    "above the block, //": f"// {WORDS}\n{PLAIN_VOLUME}",
    "above the block, /* */": f"/* {WORDS} */\n{PLAIN_VOLUME}",
    "above the block, with another comment": f"# {WORDS}\n# and more\n{PLAIN_VOLUME}",
    "on the block's first line": PLAIN_VOLUME.replace("{\n", f"{{ # {WORDS}\n"),
    "above the attribute": PLAIN_VOLUME.replace(ATTRIBUTE, f"  # {WORDS}\n{ATTRIBUTE}"),
    "behind the attribute": PLAIN_VOLUME.replace("false\n", f"false # {WORDS}\n"),
    "by name": f"# ec2lint:ignore=ebs-volume-unencrypted scratch space\n{PLAIN_VOLUME}",
    "in lower case": f"# ec2lint:ignore=data001 scratch space\n{PLAIN_VOLUME}",
    "one of several": f"# ec2lint:ignore=SG001,DATA001 scratch space\n{PLAIN_VOLUME}",
    "until a day to come": f"# {WORDS} until=9999-12-31\n{PLAIN_VOLUME}",
}

NOT_SUPPRESSING = {
    "another check": PLAIN_VOLUME.replace("false\n", "false # ec2lint:ignore=SG001 why\n"),
    "another attribute": PLAIN_VOLUME.replace("= 10\n", f"= 10 # {WORDS}\n"),
    "another block": f"# {WORDS}\nlocals {{\n}}\n\n{PLAIN_VOLUME}",
    "until a day gone by": f"# {WORDS} until=2001-01-01\n{PLAIN_VOLUME}",
    "until no day": f"# {WORDS} until=soon\n{PLAIN_VOLUME}",
    "in a string": PLAIN_VOLUME.replace("eu-west-1a", f"# {WORDS}"),
    "in a heredoc": f"locals {{\n  a = <<EOT\n# {WORDS}\nEOT\n}}\n{PLAIN_VOLUME}",
}


def metadata(ignore: str) -> str:
    """The template with metadata on its resource."""
    own = f"    Metadata:\n      ec2lint:\n        ignore: {ignore}\n    Properties:\n"
    return PLAIN_VOLUME_TEMPLATE.replace("    Properties:\n", own)


TEMPLATES = {
    "a comment above the resource": PLAIN_VOLUME_TEMPLATE.replace(
        "  Plain", f"  # {WORDS}\n  Plain"
    ),
    "a comment behind the property": PLAIN_VOLUME_TEMPLATE.replace("false", f"false # {WORDS}"),
    "a comment above the property": PLAIN_VOLUME_TEMPLATE.replace(
        "      Encrypted", f"      # {WORDS}\n      Encrypted"
    ),
    "metadata, a list": metadata("[{code: DATA001, reason: scratch space}]"),
    "metadata, one": metadata("{codes: [SG001, DATA001], reason: scratch space}"),
    "metadata, by code": metadata("{DATA001: scratch space}"),
    "metadata, until a day to come": metadata(
        "{DATA001: {reason: scratch space, until: 9999-12-31}}"
    ),
}


def only_finding(ended: Run) -> tuple[str, str | None]:
    """The status of the one finding, and the reason that it is suppressed for."""
    [finding] = ended.report["findings"]
    suppression = finding["suppression"]
    return finding["status"], suppression and suppression["reason"]


@pytest.mark.parametrize("case", TERRAFORM)
def test_a_comment_suppresses(tmp_path: Path, case: str) -> None:
    write(tmp_path, {"main.tf": TERRAFORM[case]})
    ended = scan(".", "--select", "DATA001", cwd=tmp_path)
    status, reason = only_finding(ended)
    assert status == "suppressed"
    assert re.match("scratch space", reason or "")
    assert ended.status == 0
    assert ended.report["summary"]["suppressed"] == 1


@pytest.mark.parametrize("case", NOT_SUPPRESSING)
def test_a_comment_that_does_not(tmp_path: Path, case: str) -> None:
    write(tmp_path, {"main.tf": NOT_SUPPRESSING[case]})
    ended = scan(".", "--select", "DATA001", cwd=tmp_path)
    assert only_finding(ended) == ("fail", None)
    assert ended.status == 1


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_template(tmp_path: Path, case: str) -> None:
    write(tmp_path, {"stack.yaml": TEMPLATES[case]})
    ended = scan(".", "--select", "DATA001", cwd=tmp_path)
    assert only_finding(ended) == ("suppressed", "scratch space")


def test_an_undecided_finding_is_suppressed_too(tmp_path: Path) -> None:
    text = 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", f"var.on # {WORDS}")
    write(tmp_path, {"main.tf": text})
    ended = scan(".", "--select", "DATA001", "--strict", cwd=tmp_path)
    assert only_finding(ended) == ("suppressed", "scratch space")
    assert ended.status == 0


def test_above_a_module_call_it_covers_what_the_call_makes(tmp_path: Path) -> None:
    call = 'module "NAME" {\n  source = "./disk"\n}\n'
    write(
        tmp_path,
        {
            "main.tf": f"# {WORDS}\n" + call.replace("NAME", "one") + call.replace("NAME", "two"),
            "disk/main.tf": PLAIN_VOLUME,
        },
    )
    findings = scan(".", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert {(finding["status"], *finding["resources"]) for finding in findings} == {
        ("suppressed", "module.one.aws_ebs_volume.plain"),
        ("fail", "module.two.aws_ebs_volume.plain"),
    }


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("ec2lint:ignore=DATA999 why", "DATA999"),
        ("ec2lint:ignore=SG001 why", "suppresses nothing"),
        ("ec2lint:ignore=DATA001", "no reason"),
        ("ec2lint:ignore=DATA001 why until=2001-01-01", "2001-01-01"),
        ("ec2lint:ignore=DATA001 why until=soon", "soon"),
    ],
)
def test_what_is_wrong_with_a_suppression_is_a_note(
    tmp_path: Path, comment: str, words: str
) -> None:
    write(tmp_path, {"main.tf": f"# {comment}\n{PLAIN_VOLUME}"})
    [note] = [n for n in scan(".", cwd=tmp_path).report["notes"] if n["name"] == "suppression"]
    assert (note["path"], note["line"]) == ("main.tf", 1)
    assert words in note["message"]
