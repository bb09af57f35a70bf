"""What ``.pre-commit-hooks.yaml`` says to pre-commit."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from identify.identify import tags_from_filename
from tests.cli.program import REPOSITORY

from iac_ec2lint.source import discovery

HOOKS: list[dict[str, Any]] = yaml.safe_load(
    (REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8")
)
ENDINGS = (*discovery.CONFIGURATION, *discovery.VARIABLES, *discovery.TEMPLATES)


def test_there_is_one_for_changed_files_one_for_all_and_one_for_the_change() -> None:
    changed, everything, change = HOOKS
    assert changed["id"] == "iac-ec2lint"
    assert changed.get("pass_filenames", True)
    assert everything["id"] == "iac-ec2lint-all"
    assert everything["pass_filenames"] is False
    assert everything["entry"].split()[-1] == "."
    assert change["id"] == "iac-ec2lint-diff"
    assert change["pass_filenames"] is False


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_once_at_a_time_and_allows_that_there_is_nothing(hook: dict[str, Any]) -> None:
    assert hook["require_serial"] is True
    assert hook["language"] == "python"
    assert {"--allow-empty", "diff"} & {*hook["entry"].split()}


def test_the_hook_for_changed_files_leaves_it_to_the_scan_what_a_template_is() -> None:
    changed, *_ = HOOKS
    assert changed["types"] == ["text"]
    assert not {"files", "exclude", "types_or", "exclude_types"} & changed.keys()
    for name in (*(f"folder/name{ending}" for ending in ENDINGS), "stack", "stack.tpl"):
        tags = tags_from_filename(name)
        assert not tags or "text" in tags, name


def test_the_hooks_for_more_than_files_run_where_files_are_only_deleted() -> None:
    _, everything, change = HOOKS
    assert everything["always_run"] is True
    assert change["always_run"] is True
