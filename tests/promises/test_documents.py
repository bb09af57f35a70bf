"""README.md and CONTRIBUTING.md speak of what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from tests.cli.program import REPOSITORY, run, write

from iac_ec2lint.cli.main import program

README = (REPOSITORY / "README.md").read_text("utf-8")
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_COMMAND = re.compile(r"(?:^|\s)(?:\S*/)?iac-ec2lint(?=\s)(?P<arguments>[^#>|&\n]*)", re.MULTILINE)


def fences(text: str, *languages: str) -> list[str]:
    """The contents of the code fences of some languages."""
    return [found[2] for found in _FENCE.finditer(text) if found[1] in languages]


def commands() -> list[str]:
    """The arguments of each run of the program that the README shows."""
    text = "\n".join(fences(README, "sh", "yaml"))
    found = [match["arguments"].strip() for match in _COMMAND.finditer(text)]
    return [arguments for arguments in found if arguments]  # else it is a name and no command


def parameters(command: click.Command) -> dict[str, click.Option]:
    """The options of a command by name."""
    return {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in option.opts
    }


def subcommands() -> dict[str, click.Command]:
    assert isinstance(program, click.Group)
    context = click.Context(program)
    found = {name: program.get_command(context, name) for name in program.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_the_readme_shows_commands() -> None:
    assert len(commands()) >= 8


@pytest.mark.parametrize("arguments", commands())
def test_options_in_the_commands_of_the_readme_exist(arguments: str) -> None:
    words = shlex.split(arguments)
    known = subcommands()
    command = known[words[0]] if words[0] in known else known["scan"]
    options = parameters(command)
    for at, word in enumerate(words):
        if word.startswith("-") and word != "-":  # alone it is standard input
            assert word in options
            if word == "--format":
                kind = options[word].type
                assert isinstance(kind, click.Choice)
                assert words[at + 1] in kind.choices


def test_options_that_the_documents_mention_exist() -> None:
    known = {name for command in subcommands().values() for name in parameters(command)}
    prose = _FENCE.sub("", README)
    assert set(_OPTION.findall(prose)) - known == set()
    assert len(set(_OPTION.findall(prose))) >= 8


def test_the_formats_are_those_that_the_readme_lists() -> None:
    listed = re.search(r"# (text(?:, \w+)* or \w+)$", README, re.MULTILINE)
    assert listed is not None
    kind = parameters(subcommands()["scan"])["--format"].type
    assert isinstance(kind, click.Choice)
    assert sorted(re.split(r", | or ", listed[1])) == sorted(kind.choices)


def test_the_exit_statuses_are_those_of_the_readme() -> None:
    table = re.findall(r"^\| (\d) \|", README, re.MULTILINE)
    assert table == ["0", "1", "2", "3"]
    documented = run("scan", "--help", cwd=REPOSITORY).out
    assert all(re.search(rf"^\s*{status}  ", documented, re.MULTILINE) for status in table)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in _LINK.findall((REPOSITORY / name).read_text("utf-8")):
        assert (REPOSITORY / target).exists(), target


def test_every_path_in_the_contributing_guide_exists() -> None:
    table = re.findall(r"^\| `([^`]+)` \|", CONTRIBUTING, re.MULTILINE)
    prose = re.findall(r"`((?:src|checks|tests|docs|scripts|benchmarks)/[\w./-]*)`", CONTRIBUTING)
    assert len(table) >= 15
    for path in {*table, *prose}:
        # A word in capitals stands for a name of one's own.
        shown = Path(*[part for part in Path(path).parts if not part.isupper()])
        assert (REPOSITORY / shown).exists(), path


def test_the_packages_of_the_readme_are_those_that_are_installed() -> None:
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[<>=!~ ]", each)[0] for each in project["dependencies"]}
    table = README.split("## What it rests on", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| ([\w, -]+) \|", table, re.MULTILINE)[1:]
    named = {name.strip() for row in rows for name in row.split(",") if not row.startswith("-")}
    assert named == needed
    assert not [each for each in project["dependencies"] if "==" in each or "<" in each]


def test_the_hooks_of_the_readme_are_there() -> None:
    import yaml

    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    shown = re.findall(r"- id: ([\w-]+)", README)
    assert [hook["id"] for hook in hooks] == shown


def test_the_examples_have_faults_of_all_four_kinds() -> None:
    ended = run("examples/", "--format", "json", cwd=REPOSITORY)
    assert ended.status == 1
    families = {check.rstrip("0123456789") for check, _, _ in ended.found}
    assert {"SG", "IMDS", "VPCE", "DATA"} <= families


def test_a_check_is_explained_as_the_readme_says() -> None:
    said = run("explain", "SG001", cwd=REPOSITORY).out
    for part in ("Why it matters", "Fails", "How to mend it"):
        assert part in said


def test_the_comment_that_the_readme_shows_is_understood(tmp_path: Path) -> None:
    [shown] = fences(README, "hcl")
    write(tmp_path, {"main.tf": shown})
    [finding] = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert finding["status"] == "suppressed"
    assert finding["suppression"]["reason"] == "wiped every night"
    assert finding["suppression"]["until"] == "2027-06-30"


def test_the_metadata_that_the_readme_shows_is_understood(tmp_path: Path) -> None:
    [shown] = [text for text in fences(README, "yaml") if text.startswith("Metadata:")]
    own = "".join(f"    {line}\n" for line in shown.splitlines())
    start = "Resources:\n  Scratch:\n    Type: AWS::EC2::Volume\n"
    write(tmp_path, {"a.yaml": f"{start}{own}    Properties: {{Size: 8, AvailabilityZone: a}}\n"})
    [finding] = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert finding["status"] == "suppressed"
    assert finding["suppression"]["reason"] == "wiped every night"
    assert finding["suppression"]["until"] == "2027-06-30"
