"""The checks of suppressions: their documentation is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.fixture_cases import complete

from iac_ec2lint.answers.check_tests.examples import examples
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import CheckInfo
from iac_ec2lint.engine.suppressions.checks import suppression_checks

INFOS = [entry.info for entry in suppression_checks()]


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.code)
@pytest.mark.parametrize("part", ["Fails", "Passes"])
def test_examples_do_as_they_say(info: CheckInfo, part: str, tmp_path: Path) -> None:
    found = examples(info.documentation, part)
    assert [one.language for one in found] == ["hcl", "yaml"]
    for example in found:
        folder = tmp_path / example.language
        folder.mkdir()
        name = "main.tf" if example.language == "hcl" else "template.yaml"
        (folder / name).write_text(complete(example, info.documentation), "utf-8")
        select = ("SUP", "DATA001")
        report = scan(ScanOptions(paths=(folder,), working=folder, select=select))
        assert not report.errors
        codes = [finding.check.code for finding in report.findings]
        assert [code for code in codes if code != "DATA001"] == (
            [info.code] if part == "Fails" else []
        )


def test_equal_suppressions_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    line = "# ec2lint:ignore=DATA01 why\n"
    (tmp_path / "main.tf").write_text(f"{line}locals {{\n}}\n{line}locals {{\n}}\n")
    own = [
        {finding.fingerprint for finding in scan(options).findings}
        for options in (
            ScanOptions(paths=(tmp_path,), working=tmp_path, boundary=tmp_path),
            ScanOptions(paths=(tmp_path,), working=tmp_path / "x", boundary=tmp_path),
        )
    ]
    assert len(own[0]) == 2
    assert own[0] == own[1]
