"""``release.yml``: which tag is refused, what is pinned, which job may sign and publish."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.program import REPOSITORY

import iac_ec2lint

WORKFLOW: dict[str, Any] = yaml.safe_load(
    (REPOSITORY / ".github/workflows/release.yml").read_text("utf-8")
)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
STEPS: list[dict[str, Any]] = [step for job in JOBS.values() for step in job["steps"]]
SHA = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


@pytest.mark.parametrize(
    ("tag", "taken"),
    [(f"v{iac_ec2lint.__version__}", True), (iac_ec2lint.__version__, False), ("v0.0.9", False)],
)
def test_a_tag_that_is_not_the_version_is_refused(tag: str, taken: bool) -> None:
    [step] = [step for step in STEPS if step.get("name", "").startswith("Refuse a tag")]
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=REPOSITORY,
        env={**os.environ, "GITHUB_REF_NAME": tag},
        capture_output=True,
        text=True,
    )
    assert (done.returncode == 0) == taken
    assert (f"the tag is {tag}" in done.stdout) == (not taken)


def test_every_action_is_pinned_and_no_job_has_more_rights_than_it_needs() -> None:
    uses = [step["uses"] for step in STEPS if "uses" in step]
    assert len(uses) >= 8
    assert [name for name in uses if not SHA.fullmatch(name)] == []
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "build": {"contents": "read"},
        "bounds": {"contents": "read"},
        "attest": {"attestations": "write", "id-token": "write"},
        "publish": {"id-token": "write"},
    }
    assert "secrets." not in (REPOSITORY / ".github/workflows/release.yml").read_text("utf-8")


def test_nothing_is_published_that_was_not_checked_and_attested() -> None:
    assert [JOBS[name].get("needs") for name in ("build", "bounds", "attest", "publish")] == [
        *(None, "build", "bounds", "attest"),
    ]
    scripts = {word for step in STEPS for word in re.findall(r"\.ci/\w+", step.get("run", ""))}
    assert scripts == {".ci/run", ".ci/bounds"}
    assert all(os.access(REPOSITORY / name, os.X_OK) for name in scripts)


def test_the_pythons_that_are_tried_are_those_that_are_named() -> None:
    named = re.findall(
        r'"Programming Language :: Python :: (3\.\d+)"',
        Path(REPOSITORY / "pyproject.toml").read_text("utf-8"),
    )
    tried = JOBS["bounds"]["strategy"]["matrix"]["python"]
    assert set(named) <= {"3.11", *tried}
