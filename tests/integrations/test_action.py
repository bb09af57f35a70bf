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
from tests.cli.test_diff import commit, git

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
        self.base = ""

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
            "github.event.number": "7",
            "github.event.pull_request.base.sha": self.base,
        }

        def filled(text: str) -> str:
            return EXPRESSION.sub(lambda found: values[found[1]], text)

        self._outputs.write_text("", "utf-8")
        runner = {
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(self._outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REPOSITORY": "them/theirs",
        }
        clean = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
        clean["PATH"] = os.pathsep.join((str(self.temporary / "bin"), clean["PATH"]))
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


GH = """\
#!/bin/sh
# As much of gh as the action asks for: it notes what it is asked, and the page that it is given.
printf '%s\\n' "$*" >> "$RUNNER_TEMP/asked"
[ "$GH_TOKEN" = secret ] || exit 4
case "$*" in
  *--method*) [ ! -f "$RUNNER_TEMP/forbidden" ] || exit 1
    for one in "$@"; do
      case "$one" in body=@*) cat "${one#body=@}" > "$RUNNER_TEMP/page" ;; esac
    done ;;
  *) cat "$RUNNER_TEMP/comments" ;;
esac
"""

TOKEN = {"token": "secret"}


@pytest.fixture
def pull_request(runner: Runner) -> Runner:
    """A pull request whose branch opens a group, and a gh that notes what it is asked."""
    (runner.temporary / "bin").mkdir()
    (runner.temporary / "bin" / "gh").write_text(GH, "utf-8")
    (runner.temporary / "bin" / "gh").chmod(0o755)
    (runner.temporary / "comments").write_text("", "utf-8")
    git(runner.workspace, "init", "-q")
    runner.base = commit(runner.workspace, {"main.tf": SAFE_VOLUME})
    return runner


def asked(runner: Runner) -> list[str]:
    return (runner.temporary / "asked").read_text("utf-8").splitlines()


@pytest.mark.slow
def test_a_comment_says_what_the_pull_request_introduces(pull_request: Runner) -> None:
    commit(pull_request.workspace, {"open.tf": OPEN_SSH})
    assert pull_request.run("Comment", comment="true", **TOKEN) == 0, pull_request.log
    page = (pull_request.temporary / "page").read_text("utf-8")
    assert page.startswith("<!-- iac-ec2lint diff -->\n")
    assert "SG001" in page
    assert asked(pull_request)[-1].startswith(
        "api --silent --method POST repos/them/theirs/issues/7/comments --field body=@"
    )


@pytest.mark.slow
def test_the_comment_that_is_there_is_updated(pull_request: Runner) -> None:
    (pull_request.temporary / "comments").write_text("41\n42\n", "utf-8")
    assert pull_request.run("Comment", comment="new", **TOKEN) == 0
    patched = asked(pull_request)[-1]
    assert "--method PATCH repos/them/theirs/issues/comments/41 " in patched
    assert "nothing new" in (pull_request.temporary / "page").read_text("utf-8")


@pytest.mark.slow
def test_a_first_comment_can_wait_for_more_exposure(pull_request: Runner) -> None:
    commit(
        pull_request.workspace,
        {"volume.tf": SAFE_VOLUME.replace("true", "false").replace('"plain"', '"more"')},
    )
    assert pull_request.run("Comment", comment="exposure", **TOKEN) == 0
    assert not any("--method" in line for line in asked(pull_request))
    policy = 'arn:aws:iam::aws:policy/AdministratorAccess"\n}\n'
    given = 'resource "aws_iam_user_policy_attachment" "a" {\n  user = "a"\n  policy_arn = "'
    commit(pull_request.workspace, {"user.tf": given + policy})
    assert pull_request.run("Comment", comment="exposure", **TOKEN) == 0
    assert "--method POST" in asked(pull_request)[-1]


@pytest.mark.slow
def test_a_first_comment_can_wait_for_something_new(pull_request: Runner) -> None:
    assert pull_request.run("Comment", comment="new", **TOKEN) == 0
    assert not any("--method" in line for line in asked(pull_request))
    commit(pull_request.workspace, {"open.tf": OPEN_SSH})
    assert pull_request.run("Comment", comment="new", **TOKEN) == 0
    assert "--method POST" in asked(pull_request)[-1]


@pytest.mark.slow
@pytest.mark.parametrize("token", ["", "secret"])
def test_without_the_permission_the_job_goes_on(pull_request: Runner, token: str) -> None:
    (pull_request.temporary / "forbidden").touch()
    assert pull_request.run("Comment", comment="true", token=token) == 0
    assert "::warning::The comment was not written" in pull_request.log


@pytest.mark.slow
def test_a_revision_that_is_not_here_is_a_warning(pull_request: Runner) -> None:
    pull_request.base = "1" * 40
    assert pull_request.run("Comment", comment="true", **TOKEN) == 0
    assert "::warning::There is no comment" in pull_request.log
    assert not (pull_request.temporary / "asked").exists()


@pytest.mark.slow
def test_nothing_that_is_scanned_reaches_the_shell(pull_request: Runner) -> None:
    name = "$(touch ran)`touch ran`;touch ran #.tf"
    text = OPEN_SSH.replace('"open"', '"a$(touch ran)"', 1).replace("# ", "")
    commit(pull_request.workspace, {name: text, "more.tf": OPEN_SSH.replace('"open"', '"b"')})
    given = {"comment": "true", **TOKEN, "comment_author": '"; touch ran #'}
    assert pull_request.run("Comment", **given) == 0
    assert not list(pull_request.workspace.rglob("ran"))
    assert not list(pull_request.temporary.rglob("ran"))


def test_comments_are_off_by_default_and_for_pull_requests_alone() -> None:
    assert ACTION["inputs"]["comment"]["default"] == "false"
    [step] = [step for step in STEPS if step["name"] == "Comment"]
    assert step["if"] == "inputs.comment != 'false' && github.event_name == 'pull_request'"
