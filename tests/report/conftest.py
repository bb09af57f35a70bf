from __future__ import annotations

import pytest

from iac_ec2lint.report import json_format, sarif_format
from iac_ec2lint.report.integrations import gitlab_sast_format, rdjson_format


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version and the project's address, which snapshots must not depend on."""
    for module in (json_format, sarif_format, gitlab_sast_format):
        monkeypatch.setattr(module, "__version__", "0.0.0")
    for other in (sarif_format, rdjson_format):
        monkeypatch.setattr(other, "project_url", lambda: "https://example.org/project")
