from __future__ import annotations

import pytest

from iac_ec2lint.report import json_format, sarif_format


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version and the project's address, which snapshots must not depend on."""
    monkeypatch.setattr(json_format, "__version__", "0.0.0")
    monkeypatch.setattr(sarif_format, "__version__", "0.0.0")
    monkeypatch.setattr(sarif_format, "project_url", lambda: "https://example.org/project")
