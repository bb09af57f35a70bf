from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def rotation_is_told(request: pytest.FixtureRequest) -> None:
    """A failure says how the same tenth of the corpus is put under all checks again."""
    told = f"EC2LINT_ROTATION={os.environ['EC2LINT_ROTATION']}"
    request.node.add_report_section("setup", "rotation", told)
