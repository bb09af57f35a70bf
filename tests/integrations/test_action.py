"""``action.yml``: what it says to GitHub, and its shell steps, run as a runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.program import OPEN_SSH, PATIENCE, REPOSITORY, SAFE_VOLUME, write

ACTION: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
SHA = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def expressions(node: object) -> set[str]:
    """The names in the expressions of a part of the action."""
    return set(EXPRESSION.findall(json.dumps(node)))


class Runner:
    """Runs shell steps of the action in a workspace, with what a runner gives them.

    Source: GitHub Docs, "Metadata syntax for GitHub Actions" and "Workflow syntax", ``shell``.
    """

    def __init__(self, top: Path) -> None:
        self.workspace = top / "workspace"
        self.temporary = top / "temporary"
        for folder in (self.workspace, self.temporary):
            folder.mkdir()
        self.summary = top / "summary.md"
        self._outputs = top / "outputs"
        self.outputs: dict[str, str] = {}
        self.log = ""

    def install(self) -> None:
        """Put the program of this environment where the first step would put it."""
        folder = self.temporary / "iac-ec2lint" / "bin"
        folder.mkdir(parents=True)
        source = REPOSITORY / "src"
        script = f'#!/bin/sh\nPYTHONPATH="{source}" exec "{sys.executable}" -m iac_ec2lint "$@"\n'
        (folder / "iac-ec2lint").write_text(script, "utf-8")
        (folder / "iac-ec2lint").chmod(0o755)

    def run(self, name: str, **given: str) -> int:
        """Run a step with some inputs; its exit status."""
        [step] = [step for step in STEPS if step["name"] == name]
        values = {
            **{f"inputs.{key}": str(one["default"]) for key, one in ACTION["inputs"].items()},
            **{f"inputs.{key.replace('_', '-')}": text for key, text in given.items()},
            **{f"steps.scan.outputs.{key}": text for key, text in self.outputs.items()},
            "github.action_path": str(REPOSITORY),
        }

        def filled(text: str) -> str:
            return EXPRESSION.sub(lambda found: values[found[1]], text)

        self._outputs.write_text("", "utf-8")
        runner = {
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(self._outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.workspace),
        }
        clean = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.workspace / filled(step.get("working-directory", ".")),
            env={**clean, **runner, **{k: filled(v) for k, v in step["env"].items()}},
            capture_output=True,
            text=True,
            timeout=5 * PATIENCE,
        )
        self.log = done.stdout + done.stderr
        for line in self._outputs.read_text("utf-8").splitlines():
            key, _, text = line.partition("=")
            self.outputs[key] = text
        return done.returncode


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed here")
    made = Runner(tmp_path)
    made.install()
    return made


def test_it_says_what_github_asks_for() -> None:
    assert ACTION.keys() == {"name", "description", "inputs", "outputs", "runs"}
    assert ACTION["runs"]["using"] == "composite"
    for of_input in ACTION["inputs"].values():
        assert of_input.keys() == {"description", "default"}
        assert isinstance(of_input["default"], str)
    for of_output in ACTION["outputs"].values():
        assert of_output.keys() == {"description", "value"}
    for step in STEPS:
        assert ("run" in step) != ("uses" in step)
        assert "run" not in step or step["shell"] == "bash"


def test_every_input_is_used_and_every_name_is_known() -> None:
    used = expressions(STEPS) | {"inputs.upload"}
    assert {f"inputs.{name}" for name in ACTION["inputs"]} == {
        name for name in used if name.startswith("inputs.")
    }
    outputs = expressions([STEPS, ACTION["outputs"]]) - used | expressions(ACTION["outputs"])
    assert outputs == {f"steps.scan.outputs.{name}" for name in ACTION["outputs"]}


def test_no_expression_is_text_of_a_script() -> None:
    assert not any(expressions(step.get("run", "")) for step in STEPS)


def test_what_others_wrote_is_pinned_to_a_commit() -> None:
    uses = [step["uses"] for step in STEPS if "uses" in step]
    assert uses
    assert all(SHA.fullmatch(name) for name in uses)


@pytest.mark.slow
def test_findings_are_annotated_summarised_and_fail_the_job(runner: Runner) -> None:
    write(runner.workspace, {"envs/prod/main.tf": OPEN_SSH})
    given = {"paths": "prod\n", "working_directory": "envs", "arguments": "--select\nSG001\n"}
    assert runner.run("Scan", **given) == 0
    assert "::error file=envs/prod/main.tf,line=8," in runner.log
    assert "ssh-open-to-internet" in runner.summary.read_text("utf-8")
    assert runner.outputs == {"exit-status": "1", "sarif-file": "envs/iac-ec2lint.sarif"}
    log = json.loads((runner.workspace / runner.outputs["sarif-file"]).read_text("utf-8"))
    [result] = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "envs/prod/main.tf"
    assert runner.run("Result") == 1


@pytest.mark.slow
def test_a_clean_repository_passes(runner: Runner) -> None:
    write(runner.workspace, {"main.tf": SAFE_VOLUME})
    assert runner.run("Scan", arguments="--select\nSG001,DATA001") == 0
    assert runner.outputs["exit-status"] == "0"
    assert runner.run("Result") == 0


@pytest.mark.slow
def test_it_fails_from_the_severity_on_that_is_asked_for(runner: Runner) -> None:
    write(runner.workspace, {"main.tf": OPEN_SSH})
    assert runner.run("Scan", fail_on="critical", arguments="--select\nSG001") == 0
    assert runner.outputs["exit-status"] == "0"


@pytest.mark.slow
def test_wrong_use_fails_the_job_and_there_is_nothing_to_upload(runner: Runner) -> None:
    assert runner.run("Scan", paths="nowhere") == 0
    assert runner.outputs == {"exit-status": "2"}
    assert runner.run("Result") == 2


@pytest.mark.slow
def test_inputs_are_words_and_never_commands(runner: Runner) -> None:
    hostile = '$(touch pwned); `touch pwned` "*" --checks=.'
    write(runner.workspace, {f"{hostile.replace('/', '')}/main.tf": OPEN_SSH})
    assert runner.run("Scan", paths=hostile, arguments="--select\nSG001") == 0
    assert runner.outputs["exit-status"] == "1"
    assert not list(runner.workspace.rglob("pwned"))
    # A path is no option, whatever it begins with.
    assert runner.run("Scan", paths="--exit-zero") == 0
    assert runner.outputs["exit-status"] == "2"


@pytest.mark.slow
def test_it_installs_itself_and_runs_nothing_of_the_repository(tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed here")
    runner = Runner(tmp_path)
    trap = "raise SystemExit('a file of the repository was run')\n"
    files = {f"{name}.py": trap for name in ("venv", "pip", "importlib", "encodings")}
    write(runner.workspace, {**files, "main.tf": OPEN_SSH})
    status = runner.run("Install", python=sys.executable)
    if status and any(sign in runner.log for sign in ("No matching distribution", "ProxyError")):
        pytest.skip("pip reaches no package index")
    assert status == 0, runner.log
    assert runner.run("Scan", arguments="--select\nSG001") == 0
    assert runner.outputs["exit-status"] == "1", runner.log
