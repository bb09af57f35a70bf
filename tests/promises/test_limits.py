"""docs/limits.yaml: what is not modelled is answered as the page says."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from tests.cli.program import REPOSITORY
from tests.invariance.projects import scan_project

LIMITS = yaml.safe_load((REPOSITORY / "docs" / "limits.yaml").read_text("utf-8"))
FILES = {"hcl": "main.tf", "yaml": "template.yaml", "python": "stack.py"}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: re.sub(r"\W+", "-", limit["what"]))
def test_what_is_not_modelled_is_answered_as_the_page_says(limit: dict[str, Any]) -> None:
    [language] = FILES.keys() & limit.keys()
    report = scan_project({FILES[language]: limit[language]}, select=(limit["check"],))
    found = {finding.status.value: str(finding.confidence) for finding in report.findings}
    assert [*found] == {"fails": ["fail"], "undecided": ["undecided"]}.get(limit["says"], [])
    if "confidence" in limit:
        assert found["fail"] == limit["confidence"]
    assert bool(report.summary.skipped) == (limit["says"] == "passed over")
    if limit["says"] == "not available":
        assert report.summary.modules_unavailable
