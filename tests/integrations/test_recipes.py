"""docs/ci.md and integrations/ speak of what there is, in YAML that can be read."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.cli.program import OPEN_SSH, PATIENCE, REPOSITORY, run, write
from tests.integrations.test_action import ACTION, Runner

from iac_ec2lint.report import format_of, formats
from iac_ec2lint.source.discovery import CONFIGURATION, TEMPLATES, VARIABLES

PAGE = (REPOSITORY / "docs" / "ci.md").read_text("utf-8")
MEGALINTER = (
    REPOSITORY / "integrations/mega-linter-plugin-iac-ec2lint/iac-ec2lint.megalinter-descriptor.yml"
)
TRUNK = REPOSITORY / "integrations/trunk/plugin.yaml"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SHA = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
COMMAND = re.compile(r"""(?:^|[\s/"'])iac-ec2lint"? ([^|>#'\]\n]+)""", re.MULTILINE)


def recipe(heading: str) -> Any:
    """The first YAML below a heading."""
    return yaml.safe_load(fences(heading, "yaml")[0])


def fences(heading: str, language: str) -> list[str]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [text for kind, text in FENCE.findall(section) if kind == language]


def commands() -> Iterator[list[str]]:
    """The words of each run of the program that the page shows."""
    for _, text in FENCE.findall(PAGE):
        for line in COMMAND.findall(text):
            words = shlex.split(line)
            if words[0] != "--":  # of the comment that marks a page
                yield words


def test_the_table_has_every_format_with_its_endings() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|[^|]*\|([^|]*)\|$", PAGE, re.MULTILINE)
    assert {name for name, _ in rows} == {*formats()} - {"text"}
    for name, endings in rows:
        for ending in re.findall(r"`([^`]+)`", endings):
            assert format_of(f"ec2{ending}" if ending[0] in ".j" else ending) == name


@pytest.mark.slow
def test_every_command_is_one_that_the_program_takes(tmp_path: Path) -> None:
    write(tmp_path, {"envs/main.tf": OPEN_SSH})
    seen = 0
    for words in commands():
        seen += 1
        given = [word for word in words if word not in {"$SHOWFILE", "--source-root", "."}]
        done = run(
            *given, "--select", "SG001", *(["envs"] if "envs" not in given else []), cwd=tmp_path
        )
        assert done.status == (0 if "--exit-zero" in words else 1), (words, done.err)
    assert seen == 7


def test_the_workflow_of_github_gives_the_action_what_it_takes() -> None:
    workflow = recipe("GitHub")
    [job] = workflow["jobs"].values()
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "read", "security-events": "write"}
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert uses[-1] == "./tools/iac-ec2lint"
    assert all(SHA.fullmatch(name) for name in uses[:-1])
    assert job["steps"][-1]["with"].keys() <= ACTION["inputs"].keys()
    prose = PAGE.split("Its inputs are")[1].split("It runs on")[0]
    named = set(re.findall(r"`([\w-]+)`", prose))
    assert named == ACTION["inputs"].keys() | ACTION["outputs"].keys()


FAKE_GH = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in *--jq*) [ -z "$EXISTING" ] || printf '%s\\n' "$EXISTING" ;; esac
"""


@pytest.mark.slow
@pytest.mark.parametrize("existing", ["", "4711\n4712"])
def test_a_comment_is_written_once_and_then_updated(tmp_path: Path, existing: str) -> None:
    [step] = yaml.safe_load(fences("GitHub", "yaml")[1])
    runner = Runner(tmp_path)
    runner.install()
    write(runner.workspace, {"envs/main.tf": OPEN_SSH})
    tools = tmp_path / "tools"
    write(tools, {"gh": FAKE_GH})
    (tools / "gh").chmod(0o755)
    calls = tmp_path / "calls"
    variables = {
        "GITHUB_REPOSITORY": "acme/infra",
        "NUMBER": "7",
        "RUNNER_TEMP": str(runner.temporary),
        "CALLS": str(calls),
        "EXISTING": existing,
    }
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=runner.workspace,
        env={**os.environ, **variables, "PATH": path},
        check=True,
        timeout=PATIENCE,
    )
    asked, written = calls.read_text("utf-8").splitlines()
    assert asked.startswith("api --paginate repos/acme/infra/issues/7/comments --jq .[] | select(")
    assert written == (
        "api --method PATCH repos/acme/infra/issues/comments/4711 --field body=@ec2.md"
        if existing
        else "pr comment 7 --repo acme/infra --body-file ec2.md"
    )
    page = (runner.workspace / "ec2.md").read_text("utf-8")
    assert page.startswith("<!-- iac-ec2lint -->\n")


def test_what_gitlab_is_told_of_is_what_is_written() -> None:
    job = recipe("GitLab")["ec2"]
    words = shlex.split(job["script"][-1])
    written = [words[at + 1] for at, word in enumerate(words) if word == "--output"]
    assert written == list(job["artifacts"]["reports"].values())
    assert [format_of(name) for name in written] == ["gitlab", "gitlab-sast", "junit"]


def test_the_hooks_are_those_that_there_are() -> None:
    there = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    [repository] = recipe("pre-commit")["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in there]


@pytest.mark.parametrize("heading", ["Azure DevOps", "Atlantis", "MegaLinter and Trunk"])
def test_the_other_recipes_are_yaml(heading: str) -> None:
    for text in fences(heading, "yaml"):
        assert isinstance(yaml.safe_load(text), dict)


def _fields(required: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    """An object of which these are all fields that are written here."""
    return {
        "type": "object",
        "properties": fields,
        "required": [*required],
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
MEGALINTER_RULES = _fields(
    ("descriptor_id", "descriptor_type", "linters"),
    descriptor_id={"type": "string", "pattern": "^[A-Z0-9_]+$"},
    descriptor_type={"enum": ["language", "format", "tooling_format", "other"]},
    descriptor_flavors={
        "type": "array",
        "items": {"enum": ["all_flavors", "security", "terraform"]},
    },
    file_extensions=TEXTS,
    linters={
        "type": "array",
        "items": _fields(
            ("linter_name", "linter_url", "examples"),
            linter_name=TEXT,
            linter_url={"type": "string", "pattern": "^https://"},
            name=TEXT,
            examples=TEXTS,
            install=_fields((), dockerfile=TEXTS),
            can_output_sarif={"type": "boolean"},
            cli_help_arg_name=TEXT,
            cli_version_arg_name=TEXT,
            cli_lint_mode={"enum": ["file", "list_of_files", "project"]},
            cli_lint_extra_args=TEXTS,
            cli_sarif_args=TEXTS,
        ),
    },
)
"""Of MegaLinter's schema of descriptors, which allows no other fields, what is used here.

Source: oxsecurity/megalinter, megalinter/descriptors/schemas/megalinter-descriptor.jsonschema.json.
"""
TRUNK_RULES = _fields(
    ("version", "lint"),
    version={"const": 0.1},
    lint=_fields(
        ("files", "definitions"),
        files={
            "type": "array",
            "items": _fields(("name", "extensions"), name=TEXT, extensions=TEXTS),
        },
        definitions={
            "type": "array",
            "items": _fields(
                ("name", "files", "commands"),
                name=TEXT,
                files=TEXTS,
                commands={
                    "type": "array",
                    "items": _fields(
                        ("name", "output", "run", "success_codes"),
                        name=TEXT,
                        output={"const": "sarif"},
                        run=TEXT,
                        batch={"type": "boolean"},
                        cache_results={"type": "boolean"},
                        read_output_from={"enum": ["stdout", "stderr", "tmp_file"]},
                        success_codes={"type": "array", "items": {"type": "integer"}},
                    ),
                },
            ),
        },
    ),
)
"""Of Trunk's reference what is used here: "Linter definition", "Command definition"."""


def test_the_descriptor_of_megalinter_is_where_and_as_megalinter_asks_for(tmp_path: Path) -> None:
    """Its documentation: "Plugins", and the fields of a descriptor."""
    assert MEGALINTER.parent.name.startswith("mega-linter-plugin-")
    address = f"file://{MEGALINTER.parent.name}/{MEGALINTER.name}"
    first, _ = (yaml.safe_load(text) for text in fences("MegaLinter and Trunk", "yaml"))
    descriptor = yaml.safe_load(MEGALINTER.read_text("utf-8"))
    assert first == {"PLUGINS": [address], "ENABLE_LINTERS": [descriptor["descriptor_id"]]}
    jsonschema.validate(descriptor, MEGALINTER_RULES)
    [linter] = descriptor["linters"]
    write(tmp_path, {"main.tf": OPEN_SSH})
    assert run(linter["cli_version_arg_name"], cwd=tmp_path).out.startswith("iac-ec2lint ")
    sarif = [w.replace("{{SARIF_OUTPUT_FILE}}", "a") for w in linter["cli_sarif_args"]]
    done = run(*linter["cli_lint_extra_args"], *sarif, cwd=tmp_path)
    assert (done.status, (tmp_path / "a").exists()) == (1, True)


def test_what_megalinter_runs_installs_the_checkout_from_any_folder(tmp_path: Path) -> None:
    """MegaLinter runs what follows ``RUN`` in a shell, wherever it was started itself."""
    [linter] = yaml.safe_load(MEGALINTER.read_text("utf-8"))["linters"]
    [command] = linter["install"]["dockerfile"]
    write(tmp_path, {"bin/pip": '#!/bin/sh\necho "$PWD $*"\n', "work/tools/iac-ec2lint/a": ""})
    (tmp_path / "bin/pip").chmod(0o755)
    done = subprocess.run(
        ["bash", "-c", command.removeprefix("RUN ")],
        cwd="/",
        env={
            "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
            "GITHUB_WORKSPACE": str(tmp_path / "work"),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{tmp_path / 'work'} install --quiet ./tools/iac-ec2lint\n"


def test_the_plugin_of_trunk_is_as_trunk_asks_for(tmp_path: Path) -> None:
    """Its documentation: "Custom linters", and the reference of the fields of a command."""
    plugin = yaml.safe_load(TRUNK.read_text("utf-8"))
    jsonschema.validate(plugin, TRUNK_RULES)
    [linter] = plugin["lint"]["definitions"]
    [files] = plugin["lint"]["files"]
    assert linter["files"] == [files["name"]]
    named = {f".{ending}" for ending in files["extensions"]}
    assert named == {*CONFIGURATION, *VARIABLES, *TEMPLATES}
    _, second = (yaml.safe_load(text) for text in fences("MegaLinter and Trunk", "yaml"))
    assert second["lint"]["enabled"] == [linter["name"]]
    [command] = linter["commands"]
    write(tmp_path, {"main.tf": OPEN_SSH, "values.yaml": "a: 1\n"})
    for target in ("main.tf", "values.yaml"):
        words = shlex.split(command["run"].replace("${target}", target))[1:]
        done = run(*words, cwd=tmp_path)
        assert done.status in command["success_codes"]
        assert done.report["version"] == "2.1.0"
