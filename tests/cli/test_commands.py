"""The commands, their help, and which word is a command and which a path."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, run, run_process, write

import iac_ec2lint
from iac_ec2lint.answers.scan import load_checks
from iac_ec2lint.cli.main import COMMANDS


def test_version(tmp_path: Path) -> None:
    ended = run("--version", cwd=tmp_path)
    assert ended.status == 0
    assert ended.out == f"iac-ec2lint {iac_ec2lint.__version__}\n"


def test_the_installed_version_is_the_same() -> None:
    try:
        installed = version("iac-ec2lint")
    except PackageNotFoundError:
        pytest.skip("the package is not installed, only on the path")
    assert installed == iac_ec2lint.__version__


@pytest.mark.parametrize("arguments", [("--help",), ("-h",)], ids=str)
def test_help_lists_all_commands(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, cwd=tmp_path)
    assert ended.status == 0
    for name, line in COMMANDS.items():
        assert name in ended.out
        assert line.split()[0] in ended.out


def test_no_argument_at_all_shows_help(tmp_path: Path) -> None:
    ended = run(cwd=tmp_path)
    assert "Usage:" in ended.out + ended.err
    assert "scan" in ended.out + ended.err


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(tmp_path: Path, name: str) -> None:
    ended = run(name, "--help", cwd=tmp_path)
    assert ended.status == 0
    assert ended.out.startswith(f"Usage: iac-ec2lint {name} ")


@pytest.mark.parametrize("name", COMMANDS)
def test_one_option_has_one_spelling_everywhere(tmp_path: Path, name: str) -> None:
    text = run(name, "--help", cwd=tmp_path).out
    for long, short in (("--format", "-f"), ("--output", "-o")):
        assert not re.search(rf"^ +{long} ", text, re.MULTILINE), f"it is {short}, {long} elsewhere"


def test_help_of_scan_names_every_option_and_exit_status(tmp_path: Path) -> None:
    text = run("scan", "--help", cwd=tmp_path).out
    for option in (
        *("--format", "--output", "--quiet", "--exit-zero", "--fail-on", "--select", "--ignore"),
        *("--checks", "--exclude", "--boundary", "--var", "--var-file", "--env-vars"),
        *("--workspace", "--region", "--require-modules", "--allow-empty", "--stdin-filename"),
        *("--hcl-parser", "--jobs", "--strict", "--show-undecided", "--show-notes"),
    ):
        assert re.search(rf"^  (?:-\w, )?{option}\b.+", text, re.MULTILINE), option
    for status in ("0", "1", "2", "3"):
        assert re.search(rf"^ +{status}  \w", text, re.MULTILINE)


def test_scan_is_meant_where_no_command_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    assert run(".", cwd=tmp_path) == run("scan", ".", cwd=tmp_path)
    assert run("--format", "json", ".", cwd=tmp_path) == (
        run("scan", "--format", "json", ".", cwd=tmp_path)
    )


def test_a_commands_name_wins_over_a_folders(tmp_path: Path) -> None:
    write(tmp_path, {"checks/main.tf": PLAIN_VOLUME, "scan/main.tf": OPEN_SSH})
    assert run("checks", cwd=tmp_path).out.splitlines()[0] != ""
    assert "SG001" in run("checks", cwd=tmp_path).out, "the list of checks"
    as_path = run("./checks", "--format", "json", "--select", "DATA001", cwd=tmp_path)
    assert as_path.found == [("DATA001", "checks/main.tf", 4)]
    after_scan = run("scan", "checks", "--format", "json", "--select", "DATA001", cwd=tmp_path)
    assert after_scan.found == as_path.found
    both = run("scan", "scan", "checks", "--format", "json", cwd=tmp_path)
    assert {path for _, path, _ in both.found} == {"checks/main.tf", "scan/main.tf"}


def test_checks_lists_every_check_with_its_severity(tmp_path: Path) -> None:
    ended = run("checks", cwd=tmp_path)
    assert ended.status == 0
    loaded, problems = load_checks()
    assert problems == ()
    assert len(loaded) > 20
    for entry in loaded:
        pattern = rf"^  {entry.info.code} +{entry.info.severity} +{entry.info.name} "
        assert re.search(pattern, ended.out, re.MULTILINE), entry.info.code


@pytest.mark.parametrize("word", ["SG001", "sg001", "ssh-open-to-internet"])
def test_explain_prints_a_checks_documentation(tmp_path: Path, word: str) -> None:
    ended = run("explain", word, cwd=tmp_path)
    assert ended.status == 0
    [entry] = [entry for entry in load_checks()[0] if entry.info.code == "SG001"]
    assert entry.info.documentation in ended.out
    assert "high" in ended.out


def test_explain_suggests_what_is_near(tmp_path: Path) -> None:
    ended = run("explain", "ssh-open-to-the-internet", cwd=tmp_path)
    assert ended.status == 2
    assert "ssh-open-to-internet" in ended.err


def test_python_m_runs_the_program(tmp_path: Path) -> None:
    ended = run_process("--version", cwd=tmp_path)
    assert (ended.status, ended.out) == (0, f"iac-ec2lint {iac_ec2lint.__version__}\n")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("scna", "."), "there is no file or folder 'scna'; did you mean the command scan?"),
        (("nowhere",), "there is no file or folder 'nowhere'\n"),
        (("explain", "SG01"), "no check is called 'SG01'; did you mean SG001?"),
        (("explain", "zzz"), "no check is called 'zzz'. See"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_like_it(
    tmp_path: Path, words: tuple[str, ...], hint: str
) -> None:
    assert hint in run(*words, cwd=tmp_path).err
