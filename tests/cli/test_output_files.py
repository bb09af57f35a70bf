"""Formats, the files they are written to, and what goes where."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, SAFE_VOLUME, run, write

FORMATS = ("text", "json", "sarif", "github")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"infra/main.tf": PLAIN_VOLUME, "infra/open.tf": OPEN_SSH})


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_gets_what_standard_output_would_get(folder: Path, form: str) -> None:
    shown = run("infra", "--format", form, cwd=folder)
    written = run("infra", "--output", f"{form}=report", cwd=folder)
    assert (folder / "report").read_text("utf-8") == shown.out
    assert written.status == shown.status == 1


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("report.json", "json"),
        ("report.sarif", "sarif"),
        ("report.txt", "text"),
        ("R.JSON", "json"),
    ],
)
def test_the_ending_says_the_format(folder: Path, name: str, form: str) -> None:
    run("infra", "--output", name, cwd=folder)
    assert (folder / name).read_text("utf-8") == run("infra", "--format", form, cwd=folder).out


def test_several_files_in_one_run(folder: Path) -> None:
    ended = run(
        "infra",
        *("--output", "report.json"),
        *("--output", "sarif=report.out"),
        *("--output", "text=shown"),
        *("--format", "github"),
        cwd=folder,
    )
    assert json.loads((folder / "report.json").read_text("utf-8"))["version"] == 1
    assert json.loads((folder / "report.out").read_text("utf-8"))["version"] == "2.1.0"
    assert "SG001" in (folder / "shown").read_text("utf-8")
    assert ended.out.startswith("::")


def test_an_equals_sign_in_a_files_name_is_no_format(folder: Path) -> None:
    run("infra", "--output", "a=b.json", cwd=folder)
    assert json.loads((folder / "a=b.json").read_text("utf-8"))["version"] == 1


def test_a_report_is_written_when_nothing_is_found_too(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME})
    run(".", "--output", "report.json", cwd=tmp_path)
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["summary"]["resources"] == 1


def test_json_and_sarif_on_standard_output_are_only_that(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME, "broken.tf": "resource {"})
    for form in ("json", "sarif"):
        json.loads(run(".", "--format", form, cwd=tmp_path).out)


def test_the_json_holds_what_it_is_documented_to_hold(folder: Path) -> None:
    report = run("infra", "--format", "json", "--select", "DATA001", cwd=folder).report
    assert set(report) == {
        "version",
        "tool",
        "summary",
        "findings",
        "notes",
        "errors",
        "accepted_errors",
    }
    assert report["tool"]["name"] == "iac-ec2lint"
    [finding] = report["findings"]
    assert finding["check"] == "DATA001"
    assert finding["name"] == "ebs-volume-unencrypted"
    assert finding["severity"] == "high"
    assert finding["status"] == "fail"
    assert finding["confidence"] == "proven"
    assert finding["resource"] == "aws_ebs_volume.plain"
    assert finding["attribute"] == "encrypted"
    assert (finding["path"], finding["line"]) == ("infra/main.tf", 4)
    assert finding["language"] == "terraform"


def test_quiet_is_one_line_a_finding(folder: Path) -> None:
    findings = run("infra", "--format", "json", cwd=folder).report["findings"]
    failing = [f for f in findings if f["status"] == "fail" and not f["part_of"]]
    lines = run("infra", "--quiet", "--sort", "path", cwd=folder).out.splitlines()
    assert len(lines) == len(failing)
    for finding, line in zip(failing, lines, strict=True):
        assert finding["check"] in line
        assert f"{finding['path']}:{finding['line']}" in line


def test_quiet_says_nothing_when_nothing_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME})
    assert run(".", "--quiet", "--select", "DATA001", cwd=tmp_path).out == ""


def test_quiet_still_tells_of_errors(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SAFE_VOLUME, "broken.tf": "resource {"})
    ended = run(".", "--quiet", cwd=tmp_path)
    assert ended.status == 3
    assert "broken.tf:1" in ended.out + ended.err


def test_undecided_findings_are_counted_always_and_listed_on_request(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", "var.on")})
    report = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path).report
    assert report["summary"]["undecided"] == 1
    assert "main.tf:5" not in run(".", "--select", "DATA001", cwd=tmp_path).out
    shown = run(".", "--select", "DATA001", "--show-undecided", cwd=tmp_path).out
    assert "main.tf:5" in shown
    assert "var.on" in shown


def test_notes_are_listed_on_request_and_never_fail(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "# ec2lint:ignore=DATA001\n" + PLAIN_VOLUME})  # without a reason
    ended = run(".", "--format", "json", cwd=tmp_path)
    assert ended.status == 0
    assert [(n["name"], n["path"], n["line"]) for n in ended.report["notes"]] == [
        ("suppression", "main.tf", 1)
    ]
    assert "main.tf:1" not in run(".", cwd=tmp_path).out
    assert "main.tf:1" in run(".", "--show-notes", cwd=tmp_path).out


def test_github_appends_to_the_step_summary(folder: Path) -> None:
    summary = folder / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    run("infra", "--format", "github", cwd=folder, env={"GITHUB_STEP_SUMMARY": str(summary)})
    text = summary.read_text("utf-8")
    assert text.startswith("before\n")
    assert "SG001" in text


def test_only_github_writes_the_step_summary(folder: Path) -> None:
    summary = folder / "summary.md"
    run("infra", "--format", "text", cwd=folder, env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert not summary.exists()


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_on_github_places_are_named_from_the_repositorys_root(folder: Path, form: str) -> None:
    command = (".", "--format", form, "--select", "DATA001")
    there = run(*command, cwd=folder / "infra", env={"GITHUB_WORKSPACE": str(folder)})
    elsewhere = run(*command, cwd=folder / "infra", env={"GITHUB_WORKSPACE": None})
    assert "infra/main.tf" in there.out
    assert "infra/main.tf" not in elsewhere.out


def test_paths_are_named_from_the_working_directory(folder: Path) -> None:
    assert run("main.tf", "--format", "json", cwd=folder / "infra").found[0][1] == "main.tf"
    (folder / "elsewhere").mkdir()
    ended = run("../infra", "--format", "json", cwd=folder / "elsewhere")
    assert {path for _, path, _ in ended.found} == {"../infra/main.tf", "../infra/open.tf"}
    absolute = run(str(folder / "infra"), "--format", "json", cwd=folder)
    assert (
        absolute.report["findings"]
        == run("infra", "--format", "json", cwd=folder).report["findings"]
    )


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text on this system")
@pytest.mark.parametrize("form", FORMATS)
def test_a_files_name_may_be_no_text(tmp_path: Path, form: str) -> None:
    name = os.fsdecode(b"disk\xff.tf")
    write(tmp_path, {name: PLAIN_VOLUME})
    ended = run(".", "--format", form, "--output", f"{form}=report", cwd=tmp_path)
    assert ended.status == 1
    assert "DATA001" in ended.out
    assert "disk" in ended.out
