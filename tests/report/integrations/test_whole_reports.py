"""Each format as a whole, of one of each thing and of text that is out to do harm."""

from __future__ import annotations

import pytest
from tests.report.sample_reports import ACCOUNT, SAMPLES
from tests.report.snapshots import assert_snapshot

from iac_ec2lint import report

FILES = {
    "asff": "asff.json",
    "azure": "azure.txt",
    "csv": "csv",
    "gitlab": "gitlab.json",
    "gitlab-sast": "gitlab-sast.json",
    "junit": "junit.xml",
    "markdown": "md",
    "rdjson": "rdjson",
}


def test_there_is_a_file_for_each_format() -> None:
    assert FILES.keys() == {*report.formats()} - {"github", "json", "sarif", "text"}


@pytest.mark.parametrize("sample", ["everything", "hostile"])
@pytest.mark.parametrize("name", FILES)
def test_a_whole_report(name: str, sample: str) -> None:
    text = report.render(
        name, SAMPLES[sample], show_undecided=True, show_notes=True, prefix="infra/", **ACCOUNT
    )
    assert_snapshot(f"{sample}.{FILES[name]}", text)
