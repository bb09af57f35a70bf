"""What ``.pre-commit-hooks.yaml`` says to pre-commit."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from tests.cli.program import REPOSITORY

from iac_ec2lint.source import discovery

HOOKS: list[dict[str, Any]] = yaml.safe_load(
    (REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8")
)
ENDINGS = (*discovery.CONFIGURATION, *discovery.VARIABLES, *discovery.TEMPLATES)


def test_there_is_one_for_changed_files_and_one_for_all() -> None:
    changed, everything = HOOKS
    assert changed["id"] == "iac-ec2lint"
    assert changed.get("pass_filenames", True)
    assert everything["id"] == "iac-ec2lint-all"
    assert everything["pass_filenames"] is False
    assert everything["entry"].split()[-1] == "."


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_once_at_a_time_and_allows_that_there_is_nothing(hook: dict[str, Any]) -> None:
    assert hook["require_serial"] is True
    assert hook["language"] == "python"
    assert "--allow-empty" in hook["entry"].split()


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_its_pattern_names_what_is_scanned(hook: dict[str, Any]) -> None:
    for ending in ENDINGS:
        assert re.search(hook["files"], f"folder/name{ending}"), ending
    for name in ("README.md", "main.tf.bak", "tf", "a.tfstate", "yaml", "a.jsonl"):
        assert not re.search(hook["files"], name), name
