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
    "one of several, a space": f"# ec2lint:ignore=SG001, DATA001 scratch space\n{PLAIN_VOLUME}",
    "in a line of /* */": f"/*\n * of this\n * {WORDS}\n */\n{PLAIN_VOLUME}",
    "before the attribute, /* */": PLAIN_VOLUME.replace(
        "  encrypted", f"  /* {WORDS} */ encrypted"
    ),
    "behind the attribute, /* */": PLAIN_VOLUME.replace("false\n", f"false /* {WORDS} */\n"),
}

NOT_SUPPRESSING = {
    "another check": PLAIN_VOLUME.replace("false\n", "false # ec2lint:ignore=SG001 why\n"),
    "another attribute": PLAIN_VOLUME.replace("= 10\n", f"= 10 # {WORDS}\n"),
    "another block": f"# {WORDS}\nlocals {{\n}}\n\n{PLAIN_VOLUME}",
    "until a day gone by": f"# {WORDS} until=2001-01-01\n{PLAIN_VOLUME}",
    "until no day": f"# {WORDS} until=soon\n{PLAIN_VOLUME}",
    "until nothing": f"# {WORDS} until=\n{PLAIN_VOLUME}",
    "until in upper case": f"# {WORDS} Until=9999-12-31\n{PLAIN_VOLUME}",
    "until with a colon": f"# {WORDS} until:9999-12-31\n{PLAIN_VOLUME}",
    "until twice": f"# {WORDS} until=9999-12-31 until=9999-12-30\n{PLAIN_VOLUME}",
    "misspelled": f"# ec2lint: ignore=DATA001 scratch space\n{PLAIN_VOLUME}",
    "a wildcard": f"# ec2lint:ignore=* scratch space\n{PLAIN_VOLUME}",
    "a family": f"# ec2lint:ignore=DATA scratch space\n{PLAIN_VOLUME}",
    "before another attribute": PLAIN_VOLUME.replace("  size", f"  /* {WORDS} */ size"),
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


Faults = list[tuple[str, int, str]]


def faults(ended: Run) -> Faults:
    """What is wrong with suppressions: codes, lines and words."""
    found = [one for one in ended.report["findings"] if one["check"].startswith("SUP")]
    assert {(one["severity"], one["status"]) for one in found} <= {("info", "fail")}
    return [(one["check"], one["line"], one["message"]) for one in found]


FAULTS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "an unknown code": (
        "IMDS01 why",
        [("SUP001", "no check is called IMDS01 (did you mean IMDS001?)")],
    ),
    "a peer's name": (
        "CKV_AWS_3 why",
        [("SUP001", "no check is called CKV_AWS_3 (write DATA001)")],
    ),
    "a family": (
        "DATA why",
        [("SUP001", "no check is called DATA (it is a family: name its checks)")],
    ),
    "an unused one": ("SG001 why", [("SUP003", "it suppresses nothing of SG001")]),
    "unused beside a used one": (
        "DATA001, ssh-open-to-internet why",
        [("SUP003", "it suppresses nothing of ssh-open-to-internet")],
    ),
    "an ended one": (
        "DATA001 why until=2001-01-01",
        [("SUP002", "it ended on 2001-01-01, and suppresses nothing")],
    ),
    "a bad end": (
        "DATA001 why until=soon",
        [("SUP004", '"until=soon" is no end; write until=2026-12-31')],
    ),
    "what is right": ("DATA001 why", []),
}


@pytest.mark.parametrize("case", FAULTS)
@pytest.mark.parametrize("language", ["terraform", "yaml"])
def test_what_is_wrong_with_a_suppression_is_a_finding_at_its_line(
    tmp_path: Path, case: str, language: str
) -> None:
    text, expected = FAULTS[case]
    comment = f"# ec2lint:ignore={text}\n"
    if language == "terraform":
        write(tmp_path, {"main.tf": comment + PLAIN_VOLUME})
    else:
        write(tmp_path, {"a.yaml": PLAIN_VOLUME_TEMPLATE.replace("  Plain", f"  {comment}  Plain")})
    found = [(code, words) for code, _, words in faults(scan(".", cwd=tmp_path))]
    assert found == expected


@pytest.mark.parametrize("end", ["", " until=2001-01-01"])
def test_one_that_has_ended_is_named_in_what_it_no_longer_hides(tmp_path: Path, end: str) -> None:
    write(tmp_path, {"main.tf": f"# {WORDS}{end}\n{PLAIN_VOLUME}"})
    [finding] = scan(".", "--select", "DATA001", cwd=tmp_path).report["findings"]
    hop = (1, "what suppressed it has ended on 2001-01-01")
    named = hop in [(one["line"], one["message"]) for one in finding["evidence"]]
    assert (finding["status"], named) == (("fail", True) if end else ("suppressed", False))


def test_unused_is_said_only_where_the_check_ran(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": f"# ec2lint:ignore=SG001 why\n{PLAIN_VOLUME}"})
    assert faults(scan(".", "--select", "SUP,SG001", cwd=tmp_path)) != []
    assert faults(scan(".", "--select", "SUP,SG002", cwd=tmp_path)) == []
    assert faults(scan(".", "--ignore", "SG001", cwd=tmp_path)) == []


def test_unused_is_not_said_of_what_could_not_be_looked_at(tmp_path: Path) -> None:
    comment = "# ec2lint:ignore=SG001 why\n"
    off = 'variable "on" {\n  default = false\n}\n'
    off += 'resource "aws_eip" "x" {\n  count = var.on ? 1 : 0\n}\n'
    write(tmp_path, {"main.tf": comment + PLAIN_VOLUME + off})
    assert faults(scan(".", cwd=tmp_path)) == []
    assert [code for code, _, _ in faults(scan(".", "--branches", "all", cwd=tmp_path))] == [
        "SUP003"
    ]
    module = 'module "x" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'
    write(tmp_path, {"main.tf": comment + module + PLAIN_VOLUME})
    assert faults(scan(".", cwd=tmp_path)) == []
    write(tmp_path, {"main.tf": comment + PLAIN_VOLUME})
    assert faults(scan(".", "--external-modules", "ignore", cwd=tmp_path)) == []
    assert faults(scan(".", cwd=tmp_path)) != []
    write(tmp_path, {"more.tf": "locals {"})
    assert faults(scan(".", cwd=tmp_path)) == []


def test_what_one_of_two_callers_needs_is_used(tmp_path: Path) -> None:
    disk = f'variable "on" {{}}\n# {WORDS}\n{PLAIN_VOLUME.replace("false", "var.on")}'
    call = 'module "disk" {\n  source = "../disk"\n  on     = VALUE\n}\n'
    files = {f"{v}/main.tf": call.replace("VALUE", v) for v in ("true", "false")}
    write(tmp_path, {"disk/main.tf": disk, **files})
    assert faults(scan(".", cwd=tmp_path)) == []
    assert faults(scan("true", cwd=tmp_path)) == [("SUP003", 2, "it suppresses nothing of DATA001")]


def test_no_suppressions(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": f"# {WORDS}\n{PLAIN_VOLUME}", "b.yaml": TEMPLATES["metadata, one"]})
    ended = scan(".", "--select", "DATA001", "--no-suppressions", cwd=tmp_path)
    assert [one["status"] for one in ended.report["findings"]] == ["fail", "fail"]
    assert ended.status == 1


@pytest.mark.parametrize(
    "ignore",
    [
        "[{code: DATA001, Until: 2001-01-01}]",
        "[{code: DATA001, until: soon}]",
        "[{code: DATA001, until: }]",
        "[{code: DATA001, ticket: X-1}]",
        "[{reason: why}]",
        "[{Code: DATA001}]",
        "[]\n        disable: DATA001",
        "{DATA001: {reasn: why}}",
        "{DATA001: why until=2001-01-01}",
        "[{code: DATA001, reason: 'why, until: 2001-01-01'}]",
        "[[DATA001]]",
    ],
)
def test_metadata_that_is_not_written_as_a_suppression(tmp_path: Path, ignore: str) -> None:
    write(tmp_path, {"stack.yaml": metadata(ignore)})
    ended = scan(".", "--select", "DATA001,SUP", cwd=tmp_path)
    assert ended.errors == []
    [(code, _, words)] = faults(ended)
    assert code == "SUP004"
    assert "write" in words
    [finding] = [one for one in ended.report["findings"] if one["check"] == "DATA001"]
    assert finding["status"] == "fail"


@pytest.mark.parametrize("name", ["EC2lint", "ec2-lint", "iac-ec2lint"])
def test_metadata_under_another_name(tmp_path: Path, name: str) -> None:
    text = metadata("[DATA001]").replace("ec2lint", name)
    write(tmp_path, {"stack.yaml": text})
    assert [code for code, _, _ in faults(scan(".", cwd=tmp_path))] == ["SUP004"]


def test_a_suppression_without_a_reason_is_a_note(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": f"# ec2lint:ignore=DATA001\n{PLAIN_VOLUME}"})
    [note] = [n for n in scan(".", cwd=tmp_path).report["notes"] if n["name"] == "suppression"]
    assert (note["line"], note["message"]) == (1, "it gives no reason")


REASONS = "suppressions: {require-reason: true}\n"


@pytest.mark.parametrize(
    ("configuration", "policy", "comment", "expected"),
    [
        ("", None, "", {"DATA001": "suppressed"}),
        (REASONS, None, "", {"DATA001": "fail", "SUP004": "fail"}),
        (REASONS, None, " wiped every night", {"DATA001": "suppressed"}),
        ("suppressions: {require-reason: false}\n", None, "", {"DATA001": "suppressed"}),
        (
            "suppressions: {require-reason: false}\n",
            REASONS,
            "",
            {"DATA001": "fail", "SUP004": "fail"},
        ),
    ],
)
def test_reasons_are_required_where_that_is_configured(
    tmp_path: Path, configuration: str, policy: str | None, comment: str, expected: dict[str, str]
) -> None:
    tree = {"main.tf": f"# ec2lint:ignore=DATA001{comment}\n{PLAIN_VOLUME}"}
    write(tmp_path / "r", {**tree, ".iac-ec2lint.yaml": configuration})
    arguments: tuple[str, ...] = ()
    if policy is not None:
        write(tmp_path, {"policy.yaml": policy})
        arguments = ("--policy-config", str(tmp_path / "policy.yaml"))
    found = scan(".", "--select", "DATA001,SUP", *arguments, cwd=tmp_path / "r").report
    assert {one["check"]: one["status"] for one in found["findings"]} == expected
    noted = [one for one in found["notes"] if one["name"] == "suppression"]
    assert bool(noted) == (not (configuration or comment))
