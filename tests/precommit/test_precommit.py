"""The real pre-commit, with this repository as the source of its hooks.

The hooks' source is a temporary repository with a copy of the working tree, so that what is tested
is what stands there, committed or not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.cli.program import (
    OPEN_SSH,
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    REPOSITORY,
    SAFE_VOLUME,
    without_byte_code_settings,
    write,
)

pytestmark = pytest.mark.slow

BUILD_PATIENCE = 600
"""Seconds after which the building of an environment counts as hung."""

_CONFIGURATION = """\
repos:
  - repo: {source}
    rev: {revision}
    hooks:
      - id: iac-ec2lint
      - id: iac-ec2lint-all
        stages: [manual]
      - id: iac-ec2lint-diff
        stages: [manual, pre-push]
"""


def environment(home: Path) -> dict[str, str]:
    """An environment in which neither the developer's git nor this repository's code is seen."""
    settings = {
        name: value
        for name, value in without_byte_code_settings().items()
        if not name.startswith(("GIT_", "PRE_COMMIT")) and name not in {"PYTHONPATH", "SKIP"}
    }
    for role in ("AUTHOR", "COMMITTER"):
        settings[f"GIT_{role}_NAME"] = "A Developer"
        settings[f"GIT_{role}_EMAIL"] = "developer@example.com"
    settings["GIT_CONFIG_GLOBAL"] = os.devnull
    settings["GIT_CONFIG_SYSTEM"] = os.devnull
    settings["PRE_COMMIT_HOME"] = str(home)
    settings["PRE_COMMIT_COLOR"] = "never"
    return settings


def run(*command: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=BUILD_PATIENCE
    )


def git(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    done = run("git", *arguments, cwd=cwd, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    if find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed here: pip install -e '.[test]'")
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    return environment(tmp_path_factory.mktemp("pre-commit"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> Path:
    """A repository with one commit: the working tree as it stands, without what git ignores."""
    top = tmp_path_factory.mktemp("source")
    listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not (REPOSITORY / ".git").exists():
        pytest.skip("this is no git work tree, so there is no source of hooks")
    for name in filter(None, git(*listing, cwd=REPOSITORY, env=env).split("\0")):
        if (REPOSITORY / name).is_file():  # not one that is deleted and not yet committed
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, top / name)
    git("init", "--quiet", "--initial-branch=main", cwd=top, env=env)
    git("add", "--all", cwd=top, env=env)
    git("commit", "--quiet", "--message=All of it", cwd=top, env=env)
    return top


@pytest.fixture(scope="module")
def configuration(
    tmp_path_factory: pytest.TempPathFactory, source: Path, env: dict[str, str]
) -> str:
    """A configuration that names the hooks' source; their environment is built."""
    revision = git("rev-parse", "HEAD", cwd=source, env=env).strip()
    text = _CONFIGURATION.format(source=source.as_uri(), revision=revision)
    place = new_repository(tmp_path_factory.mktemp("first"), text, env)
    built = run(sys.executable, "-m", "pre_commit", "install-hooks", cwd=place, env=env)
    if built.returncode != 0:
        skip_if_offline(built.stdout + built.stderr)
    assert built.returncode == 0, built.stdout + built.stderr
    return text


def skip_if_offline(output: str) -> None:
    for sign in (
        "Failed to establish a new connection",
        "Temporary failure in name resolution",
        "No matching distribution found for hatchling",
        "ProxyError",
        "ConnectTimeout",
    ):
        if sign in output:
            pytest.skip(f"pip reaches no package index, so no hook can be installed: {sign}")


def new_repository(top: Path, configuration: str, env: dict[str, str]) -> Path:
    git("init", "--quiet", "--initial-branch=main", cwd=top, env=env)
    write(top, {".pre-commit-config.yaml": configuration})
    return top


@pytest.fixture
def repository(tmp_path: Path, configuration: str, env: dict[str, str]) -> Path:
    """A git repository of a user, in which the hook is installed."""
    top = new_repository(tmp_path, configuration, env)
    run(sys.executable, "-m", "pre_commit", "install", cwd=top, env=env)
    return top


def commit(top: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    git("add", "--all", cwd=top, env=env)
    return run("git", "commit", "--message=Change", cwd=top, env=env)


def commits(top: Path, env: dict[str, str]) -> int:
    done = run("git", "rev-list", "--count", "HEAD", cwd=top, env=env)
    return int(done.stdout) if done.returncode == 0 else 0


def test_a_clean_commit_goes_through_and_a_failing_one_does_not(
    repository: Path, env: dict[str, str]
) -> None:
    write(repository, {"infra/main.tf": SAFE_VOLUME, "stack.template": "Resources: {}\n"})
    clean = commit(repository, env)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert "(changed files)" in clean.stderr + clean.stdout
    assert "Passed" in clean.stderr + clean.stdout

    write(repository, {"infra/main with space.tf": OPEN_SSH})
    failing = commit(repository, env)
    assert failing.returncode == 1
    assert commits(repository, env) == 1
    shown = failing.stderr + failing.stdout
    assert "SG001" in shown
    assert "infra/main with space.tf:8" in shown


def test_a_commit_shows_what_touches_its_files_alone(repository: Path, env: dict[str, str]) -> None:
    write(repository, {"old.tf": PLAIN_VOLUME, "old.yaml": PLAIN_VOLUME_TEMPLATE})
    git("add", "--all", cwd=repository, env=env)
    git("commit", "--no-verify", "--message=Old", cwd=repository, env=env)
    write(repository, {"other.tf": SAFE_VOLUME.replace("plain", "other"), "values.yaml": "a: 1\n"})
    done = commit(repository, env)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_module_fails_through_its_caller(repository: Path, env: dict[str, str]) -> None:
    call = 'module "disk" {\n  source = "./modules/disk"\n  on     = false\n}\n'
    module = 'variable "on" {}\n'
    write(repository, {"main.tf": call, "modules/disk/main.tf": module})
    assert commit(repository, env).returncode == 0
    changed = module + PLAIN_VOLUME.replace("false", "var.on")
    write(repository, {"modules/disk/main.tf": changed})
    done = commit(repository, env)
    assert done.returncode == 1
    shown = done.stderr + done.stdout
    assert "main.tf:3" in shown, "where the value is written"
    assert "modules/disk/main.tf:2" in shown, "where it is used"


def test_a_commit_that_deletes(repository: Path, env: dict[str, str]) -> None:
    write(repository, {"main.tf": SAFE_VOLUME, "gone.tf": SAFE_VOLUME.replace("plain", "gone")})
    assert commit(repository, env).returncode == 0
    (repository / "gone.tf").unlink()
    done = commit(repository, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert commits(repository, env) == 2


def test_a_commit_that_only_deletes_is_seen_by_the_hook_for_all(
    repository: Path, env: dict[str, str]
) -> None:
    config = repository / ".pre-commit-config.yaml"
    config.write_text(config.read_text("utf-8").replace("stages: [manual]", ""), "utf-8")
    volume = 'variable "on" {\n  default = false\n}\n' + PLAIN_VOLUME.replace("false", "var.on")
    write(repository, {"main.tf": volume, "terraform.tfvars": "on = true\n"})
    first = commit(repository, env)
    assert first.returncode == 0, first.stdout + first.stderr
    (repository / "terraform.tfvars").unlink()
    done = commit(repository, env)
    shown = done.stderr + done.stdout
    assert done.returncode == 1, shown
    assert "DATA001" in shown
    assert "(changed files)" in shown
    assert "(no files to check)Skipped" in shown


def test_the_hook_for_the_whole_repository(repository: Path, env: dict[str, str]) -> None:
    write(repository, {"main.tf": PLAIN_VOLUME, "stacks/a.yaml": PLAIN_VOLUME_TEMPLATE})
    git("add", "--all", cwd=repository, env=env)
    command = [sys.executable, "-m", "pre_commit", "run", "--hook-stage", "manual"]
    done = run(*command, "iac-ec2lint-all", "--all-files", cwd=repository, env=env)
    assert done.returncode == 1
    assert "main.tf:4" in done.stdout
    assert "stacks/a.yaml:8" in done.stdout
    write(repository, {"main.tf": SAFE_VOLUME})
    write(repository, {"stacks/a.yaml": PLAIN_VOLUME_TEMPLATE.replace("false", "true")})
    git("add", "--all", cwd=repository, env=env)
    done = run(*command, "iac-ec2lint-all", "--all-files", cwd=repository, env=env)
    assert done.returncode == 0, done.stdout


def diff(top: Path, env: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", "run", "iac-ec2lint-diff"]
    return run(*command, "--hook-stage", "manual", "--verbose", *more, cwd=top, env=env)


def save(top: Path, env: dict[str, str], files: dict[str, str]) -> str:
    """A commit that no hook looks at."""
    write(top, files)
    git("add", "--all", cwd=top, env=env)
    git("commit", "--no-verify", "--message=Change", cwd=top, env=env)
    return git("rev-parse", "HEAD", cwd=top, env=env).strip()


def test_the_hook_for_the_change_reports_what_is_staged_and_new(
    repository: Path, env: dict[str, str]
) -> None:
    write(repository, {"main.tf": OPEN_SSH})
    git("add", "--all", cwd=repository, env=env)
    first = diff(repository, env)
    assert first.returncode == 1, first.stdout + first.stderr
    assert "main.tf:8" in first.stdout, "before the first commit all is new"
    save(repository, env, {"main.tf": OPEN_SSH})
    assert diff(repository, env).returncode == 0, "what was there is not new"
    write(repository, {"disk.tf": PLAIN_VOLUME})
    git("add", "--all", cwd=repository, env=env)
    done = diff(repository, env)
    assert done.returncode == 1
    assert "disk.tf" in done.stdout
    assert "main.tf:8" not in done.stdout


def test_the_hook_for_the_change_compares_with_the_merge_base(
    repository: Path, env: dict[str, str]
) -> None:
    parted = save(repository, env, {"main.tf": SAFE_VOLUME})
    head = save(repository, env, {"disk.tf": PLAIN_VOLUME.replace("plain", "mine")})
    git("checkout", "--quiet", "-b", "other", parted, cwd=repository, env=env)
    other = save(repository, env, {"open.tf": OPEN_SSH})
    git("checkout", "--quiet", "main", cwd=repository, env=env)
    done = diff(repository, env, "--from-ref", other, "--to-ref", head)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "disk.tf" in done.stdout
    assert "Fixed by it" not in done.stdout, "what only the other branch has is no part of it"
    back = diff(repository, env, "--from-ref", head, "--to-ref", head)
    assert back.returncode == 0, back.stdout + back.stderr


def test_a_push_is_compared_with_what_the_remote_has(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]
) -> None:
    remote = tmp_path_factory.mktemp("remote")
    git("init", "--quiet", "--bare", cwd=remote, env=env)
    git("remote", "add", "origin", str(remote), cwd=repository, env=env)
    save(repository, env, {"main.tf": OPEN_SSH})
    git("push", "--quiet", "--no-verify", "origin", "main", cwd=repository, env=env)
    install = [sys.executable, "-m", "pre_commit", "install", "--hook-type", "pre-push"]
    assert run(*install, cwd=repository, env=env).returncode == 0
    save(repository, env, {"more.tf": SAFE_VOLUME})
    fine = run("git", "push", "origin", "main", cwd=repository, env=env)
    assert fine.returncode == 0, fine.stdout + fine.stderr
    save(repository, env, {"disk.tf": PLAIN_VOLUME.replace("plain", "other")})
    refused = run("git", "push", "origin", "main", cwd=repository, env=env)
    assert refused.returncode != 0
    assert "disk.tf" in refused.stdout + refused.stderr


def test_try_repo_as_the_guide_says(
    tmp_path: Path, source: Path, configuration: str, env: dict[str, str]
) -> None:
    assert configuration, "the environment can be built"
    git("init", "--quiet", cwd=tmp_path, env=env)
    write(tmp_path, {"main.tf": OPEN_SSH})
    git("add", "--all", cwd=tmp_path, env=env)
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(source), "iac-ec2lint"]
    done = run(*command, "--all-files", cwd=tmp_path, env=env)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "main.tf:8" in done.stdout


def test_its_environment_is_small(configuration: str, env: dict[str, str]) -> None:
    """All that a user gets, byte code included, but for pip's own: its run leaves that behind."""
    assert configuration, "the environment has been built"
    sizes: Counter[str] = Counter()
    for path in Path(env["PRE_COMMIT_HOME"]).rglob("*"):
        of_pip = {"pip", "__pycache__"} <= set(path.parts)
        if not path.is_symlink() and path.is_file() and not of_pip:
            sizes[_package(path)] += path.lstat().st_size
    assert sizes.total() < 90_000_000, sizes.most_common(10)


def _package(path: Path) -> str:
    """What a file of the environment belongs to: a package, or else the hooks' source."""
    _, _, inside = path.as_posix().partition("/site-packages/")
    return inside.split("/")[0] or "the source"
