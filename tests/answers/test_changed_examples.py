"""Examples that say which lines of the failing example they change."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.answers.check_tests.examples import complete, examples

FAILS = """## Fails
```diff hcl stage=network
 }
+resource "a" "one" {
+  open = true
+}
```

## Passes
```diff hcl
"""
STAGE = """resource "a" "two" {
  open = true
}
"""


def passing(changes: str, stages: Path) -> str:
    (stages / "network.tf").write_text(STAGE, "utf-8")
    documentation = f"{FAILS}{changes}\n```\n"
    [example] = examples(documentation, "Passes")
    return complete(example, documentation, stages)


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            "-  open = true",
            ['resource "a" "two" {', "}", 'resource "a" "one" {', "  open = true", "}"],
        ),
        (
            ' resource "a" "one" {\n-  open = true\n+  open = false\n+  name = "b"',
            [*STAGE.splitlines(), 'resource "a" "one" {', "  open = false", '  name = "b"', "}"],
        ),
    ],
)
def test_they_change_the_first_such_line_after_the_one_before(
    changes: str, lines: list[str], tmp_path: Path
) -> None:
    assert passing(changes, tmp_path).splitlines() == lines


def test_a_line_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no line 'open = true'"):
        passing(' resource "a" "one" {\n-  open = true\n-  open = true', tmp_path)
