from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def rotation_is_told(request: pytest.FixtureRequest) -> None:
    """A failure says how the same share of the corpus is rewritten again."""
    told = f"EC2LINT_ROTATION={os.environ['EC2LINT_ROTATION']}"
    request.node.add_report_section("setup", "rotation", told)
