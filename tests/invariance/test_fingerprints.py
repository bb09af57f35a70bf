"""A finding's fingerprint is its own: it outlives edits elsewhere and dies with its value."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from tests.invariance import reordering
from tests.invariance.corpus import Case, native_cases
from tests.invariance.projects import Project, scan_project

from iac_ec2lint.engine.report import Report

GROUP = """\
resource "aws_security_group" "web" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


def fingerprints(report: Report) -> Counter[str]:
    """Those of all findings, but for what several rules do together: it is at the first of them."""
    return Counter(
        finding.fingerprint
        for finding in report.findings
        if not any(hop.message.endswith("takes part") for hop in finding.evidence)
    )


def of(project: Project) -> set[str]:
    return {finding.fingerprint for finding in scan_project(project).findings}


def commented(text: str) -> str:
    return "# more\n" * 100 + text


native = pytest.mark.parametrize("case", native_cases(), ids=str)


@pytest.mark.slow
@native
def test_comments_above(case: Case) -> None:
    project = {
        path: commented(text) if path.endswith((".tf", ".yaml")) else text
        for path, text in case.project.items()
    }
    assert fingerprints(case.scan(project)) == fingerprints(case.report)


@pytest.mark.slow
@native
def test_other_names_of_files_and_another_order_of_blocks(case: Case) -> None:
    random = Random(str(case))  # noqa: S311 - not for secrets
    project = reordering.redistributed(
        reordering.reordered(case.project, random, inside=False), random
    )
    assert fingerprints(case.scan(project)) == fingerprints(case.report)


def test_equal_resources_have_findings_of_their_own() -> None:
    both = of({"main.tf": GROUP + GROUP.replace('"web"', '"api"')})
    assert len(both) == 2 * len(of({"main.tf": GROUP}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("22\n    to_port     = 22", "0\n    to_port     = 65535"),
        ('["203.0.113.0/24"]', '["0.0.0.0/1"]'),
        ('["0.0.0.0/1"]', '["0.0.0.0/0"]'),
    ],
)
def test_a_value_that_gets_worse_is_found_anew(before: str, after: str) -> None:
    text = GROUP if before in GROUP else GROUP.replace('["0.0.0.0/0"]', before)
    assert before in text
    worse = of({"main.tf": text.replace(before, after)})
    assert worse - of({"main.tf": text})


RULE = """\
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
"""


def test_of_rules_that_are_alike_each_has_its_own() -> None:
    def rules(count: int) -> set[str]:
        text = 'resource "aws_security_group" "web" {\n' + RULE * count + "}\n"
        report = scan_project({"main.tf": text})
        found = [finding for finding in report.findings if finding.check.code == "SG015"]
        assert [finding.subjects[0].fingerprint for finding in found] == [
            finding.fingerprint for finding in found
        ]
        return {finding.fingerprint for finding in found}

    assert rules(1) < rules(2) < rules(3)
    assert [len(rules(count)) for count in (1, 2, 3)] == [1, 2, 3]
