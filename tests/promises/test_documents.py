"""README.md, CONTRIBUTING.md and the pages in docs/ speak of what there is."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, REPOSITORY, run, write

from iac_ec2lint.cli.main import program
from iac_ec2lint.report import formats

README = (REPOSITORY / "README.md").read_text("utf-8")
USING = (REPOSITORY / "docs" / "using.md").read_text("utf-8")
GUIDE = [
    (REPOSITORY / "docs" / f"{name}.md").read_text("utf-8")
    for name in ("using", "first-five-minutes", "verdicts", "coming-from")
]
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
DOCUMENTS = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "benchmarks/README.md"),
    *sorted(f"docs/{file.name}" for file in (REPOSITORY / "docs").glob("*.md")),
]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
_PATH = re.compile(r"`((?:src|checks|tests|docs|scripts|benchmarks|examples)/[\w./-]*)`")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_COMMAND = re.compile(r"(?:^|\s)(?:\S*/)?iac-ec2lint(?=\s)(?P<arguments>[^#>|&\n]*)", re.MULTILINE)


def fences(text: str, *languages: str) -> list[str]:
    """The contents of the code fences of some languages."""
    return [found[2] for found in _FENCE.finditer(text) if found[1] in languages]


def commands() -> list[str]:
    """The arguments of each run of the program that users are shown."""
    text = "\n".join(
        fences(README, "sh", "yaml") + [one for page in GUIDE for one in fences(page, "sh")]
    )
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
    found: dict[str, click.Command] = {}
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": one for inner, one in command.commands.items()}
    return found


def test_the_documents_show_commands() -> None:
    assert len(commands()) >= 25


@pytest.mark.parametrize("arguments", commands())
def test_options_in_commands_exist(arguments: str) -> None:
    words = shlex.split(arguments)
    known = subcommands()
    named = (" ".join(words[:2]), words[0], "scan")
    command = next(known[name] for name in named if name in known)
    options = parameters(program if words == ["--version"] else command)
    for at, word in enumerate(words):
        if word.startswith("-") and word != "-":  # alone it is standard input
            assert word in options
            if word == "--format":
                kind = options[word].type
                assert isinstance(kind, click.Choice)
                assert words[at + 1] in kind.choices


def test_options_that_the_documents_mention_exist() -> None:
    known = {name for command in subcommands().values() for name in parameters(command)}
    known.add("--help")
    prose = _FENCE.sub("", README + USING)
    assert set(_OPTION.findall(prose)) - known == set()
    assert len(set(_OPTION.findall(prose))) >= 8


def test_the_formats_are_those_that_the_readme_lists() -> None:
    listed = re.search(r"# (text(?:, [\w-]+)* or \w+)$", README, re.MULTILINE)
    assert listed is not None
    assert sorted(re.split(r", | or ", listed[1])) == sorted(formats())


def test_the_exit_statuses_are_those_of_the_readme() -> None:
    table = re.findall(r"^\| (\d) \|", README, re.MULTILINE)
    assert table == ["0", "1", "2", "3"]
    documented = run("scan", "--help", cwd=REPOSITORY).out
    assert all(re.search(rf"^\s*{status}  ", documented, re.MULTILINE) for status in table)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    document = REPOSITORY / name
    for target, heading in _LINK.findall(document.read_text("utf-8")):
        page = document.parent / target if target else document
        assert page.exists(), target
        if heading:
            assert heading in anchors(page), heading


def anchors(page: Path) -> set[str]:
    """What a page's headings are called in links, as GitHub makes them, and its own anchors."""
    text = page.read_text("utf-8")
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    named = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    return named | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_in_a_document_exists(name: str) -> None:
    for path in _PATH.findall((REPOSITORY / name).read_text("utf-8")):
        # A word in capitals stands for a name of one's own.
        parts = Path(path).parts
        upper = [at for at, part in enumerate(parts) if Path(part).stem.isupper()]
        assert REPOSITORY.joinpath(*parts[: upper[0] if upper else None]).exists(), path


def test_the_documents_name_paths() -> None:
    assert len(_PATH.findall(CONTRIBUTING)) >= 8


def test_no_address_is_named_that_nobody_owns() -> None:
    """An address of the project stands in ``[project.urls]`` alone, once there is one."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert "urls" not in project
    for name in DOCUMENTS:
        text = (REPOSITORY / name).read_text("utf-8")
        assert not re.findall(r"https?://[^\s)>]*(?:iac-ec2lint|iac_ec2lint)[^\s)>]*", text), name


def test_the_readme_installs_from_a_checkout() -> None:
    tried, developed = (text for text in fences(README, "sh") if "python3 -m venv" in text)
    assert "pip install --quiet . " in tried
    assert "pip install --quiet -e '.[dev]'" in developed
    assert "git clone" not in README
    assert "pip install iac-ec2lint" not in README


def test_parameters_are_set_as_the_page_says(tmp_path: Path) -> None:
    """``--set``, with a list, of one check and of all that share one."""
    write(tmp_path, {"main.tf": OPEN_SSH.replace("22", "8443")})
    [line] = [text for text in fences(USING, "sh") if "--set" in text]
    words = shlex.split(line.splitlines()[-1].replace("8080-8090", "8443"))
    options = ("--select", "SG004", "--format", "json")
    assert run(".", *options, cwd=tmp_path).found
    assert not run(*words[1:], *options, cwd=tmp_path).found


def test_subjects_and_fingerprints_are_as_the_page_says(tmp_path: Path) -> None:
    """Two units with one address are two; what is above in the file does not count."""
    write(tmp_path, {"dev/main.tf": PLAIN_VOLUME, "prod/main.tf": PLAIN_VOLUME})
    options = (".", "--select", "DATA001", "--format", "json")

    def prints() -> dict[str, str]:
        found = run(*options, cwd=tmp_path).report["findings"]
        assert [[one["unit"] for one in f["subjects"]] for f in found] == [["dev"], ["prod"]]
        return {finding["path"]: finding["fingerprint"] for finding in found}

    before = prints()
    assert len(set(before.values())) == 2
    write(tmp_path, {"prod/main.tf": f"# A comment.\n\n{PLAIN_VOLUME}"})
    assert prints() == before


def test_fixes_are_in_json_and_sarif(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    ended = run(
        ".",
        *("--select", "DATA001", "--format", "json", "--output", "sarif=a.sarif"),
        cwd=tmp_path,
    )
    [finding] = ended.report["findings"]
    assert finding["fix"]["applicability"] in {"safe", "unsafe"}
    assert [edit["text"] for edit in finding["fix"]["edits"]] == ["true"]
    [result] = json.loads((tmp_path / "a.sarif").read_text())["runs"][0]["results"]
    assert result["fixes"][0]["properties"]["applicability"] == finding["fix"]["applicability"]
    assert finding["fingerprint"] in result["partialFingerprints"].values()


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


def test_the_metadata_that_the_page_shows_is_understood(tmp_path: Path) -> None:
    [shown] = [text for text in fences(USING, "yaml") if text.startswith("Metadata:")]
    own = "".join(f"    {line}\n" for line in shown.splitlines())
    start = "Resources:\n  Scratch:\n    Type: AWS::EC2::Volume\n"
    write(tmp_path, {"a.yaml": f"{start}{own}    Properties: {{Size: 8, AvailabilityZone: a}}\n"})
    [finding] = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert finding["status"] == "suppressed"
    assert finding["suppression"]["reason"] == "wiped every night"
    assert finding["suppression"]["until"] == "2027-06-30"
