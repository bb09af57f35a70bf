"""``-`` with ``--stdin-filename``: text that is not, or not yet, on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, SAFE_VOLUME, run, write


def test_terraform_is_assumed(tmp_path: Path) -> None:
    only = ("--select", "DATA001")
    ended = run("-", "--format", "json", *only, cwd=tmp_path, stdin=PLAIN_VOLUME.encode())
    assert ended.found == [("DATA001", "stdin.tf", 4)]
    assert ended.status == 1


def test_the_name_says_the_language(tmp_path: Path) -> None:
    ended = run(
        "-",
        "--stdin-filename",
        "stacks/disk.yaml",
        "--format",
        "json",
        "--select",
        "DATA001",
        cwd=tmp_path,
        stdin=PLAIN_VOLUME_TEMPLATE.encode(),
    )
    assert ended.found == [("DATA001", "stacks/disk.yaml", 8)]


def test_it_stands_for_the_file_on_the_disk_in_its_context(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, "names.tf": "locals {\n  on = false\n}\n"})
    ended = run(
        "-",
        "--stdin-filename",
        "main.tf",
        "--format",
        "json",
        "--select",
        "DATA001",
        cwd=tmp_path,
        stdin=SAFE_VOLUME.replace("true", "local.on").encode(),
    )
    [finding] = ended.report["findings"]
    assert finding["status"] == "fail"
    assert {finding["path"], *(hop["path"] for hop in finding["evidence"])} >= {"main.tf"}
    assert ended.status == 1


def test_what_is_not_named_is_not_shown(tmp_path: Path) -> None:
    write(tmp_path, {"other.tf": PLAIN_VOLUME})
    ended = run(
        "-",
        "--stdin-filename",
        "main.tf",
        "--format",
        "json",
        "--select",
        "DATA001",
        cwd=tmp_path,
        stdin=SAFE_VOLUME.replace("plain", "safe").encode(),
    )
    assert ended.found == []
    assert ended.status == 0


def test_broken_text_is_an_error_at_its_place(tmp_path: Path) -> None:
    ended = run("-", "--format", "json", cwd=tmp_path, stdin=b'locals {\n  a = "x\n}\n')
    assert ended.status == 3
    [error] = ended.errors
    assert (error["path"], error["line"]) == ("stdin.tf", 2)


@pytest.mark.parametrize("arguments", [(), ("--stdin-filename", "plan.json"), ("--allow-empty",)])
@pytest.mark.parametrize("text", [b"", b" \n"])
def test_an_empty_pipe_is_an_incomplete_scan(
    tmp_path: Path, arguments: tuple[str, ...], text: bytes
) -> None:
    ended = run("-", "--quiet", *arguments, cwd=tmp_path, stdin=text)
    assert ended.status == 3
    assert ended.out.count("\n") == 1
    assert "standard input is empty" in ended.out


@pytest.mark.parametrize("command", ["reach", "values", "graph"])
def test_an_empty_pipe_of_other_commands(tmp_path: Path, command: str) -> None:
    ended = run(command, "-", cwd=tmp_path, stdin=b"")
    assert ended.status == 3
    assert "standard input is empty" in ended.err


TEMPLATE_IN_JSON = """{"Resources": {"Disk": {"Type": "AWS::EC2::Volume", "Properties": {
  "AvailabilityZone": "eu-west-1a", "Size": 1, "Encrypted": false}}}}"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (PLAIN_VOLUME_TEMPLATE, "stdin.yaml"),
        (f"# A disk.\n---\n{PLAIN_VOLUME_TEMPLATE}", "stdin.yaml"),
        (TEMPLATE_IN_JSON, "stdin.json"),
        (f"# Resources:\n{PLAIN_VOLUME}", "stdin.tf"),
    ],
)
def test_the_text_says_the_language_where_no_name_does(
    tmp_path: Path, text: str, name: str
) -> None:
    ended = run("-", "--format", "json", "--select", "DATA001", cwd=tmp_path, stdin=text.encode())
    assert [path for _, path, _ in ended.found] == [name]


@pytest.mark.parametrize("text", ["{}", '{"resource": {}}', "[]"])
def test_json_of_no_known_kind_asks_for_a_name(tmp_path: Path, text: str) -> None:
    ended = run("-", cwd=tmp_path, stdin=text.encode())
    assert ended.status == 2
    assert "--stdin-filename main.tf.json" in ended.err
