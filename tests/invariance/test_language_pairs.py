"""The same infrastructure in Terraform and in CloudFormation has the same findings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.invariance.projects import scan_project

OF_ONE_LANGUAGE = {
    "SG016": "only Terraform can take charge of a VPC's default group",
    "SG022": "only Terraform takes away rules that it does not manage",
    "VPCE007": "what CloudFormation does without PrivateDnsEnabled is documented in two ways",
}
PAIRS = Path(__file__).parent / "pairs"


def _findings(path: Path) -> Counter[tuple[str, str, str, str]]:
    report = scan_project({path.name: path.read_text("utf-8")})
    assert not report.errors
    return Counter(
        (
            finding.check.code,
            finding.status.value,
            finding.severity.value,
            finding.confidence.value,
        )
        for finding in report.findings
        if finding.check.code not in OF_ONE_LANGUAGE
    )


@pytest.mark.parametrize("path", sorted(PAIRS.glob("*.tf")), ids=lambda path: path.stem)
def test_a_pair_says_the_same(path: Path) -> None:
    found = _findings(path)
    assert found == _findings(path.with_suffix(".yaml"))
    assert len(found) >= 8
    assert {status for _, status, _, _ in found} == {"fail", "undecided"}
