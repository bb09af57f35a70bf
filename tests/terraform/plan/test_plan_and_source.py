"""A root module gives the same findings through its sources and through a plan made from it.

Each folder below tests/plans/ holds both, and ``more.json`` where the plan knows more: there the
findings that only one side has are listed.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Severity
from iac_ec2lint.engine.report import Report

PLANS = Path(__file__).parents[2] / "plans"
CASES = sorted(folder for folder in PLANS.iterdir() if folder.is_dir())


class Told(NamedTuple):
    """What a finding says, wherever it says it."""

    check: str
    subject: str
    severity: str
    status: str
    message: str


def told(finding: Finding) -> Told:
    return Told(
        finding.check.code,
        finding.subject,
        finding.severity,
        finding.status,
        finding.message,
    )


def scanned(path: Path, working: Path, **options: Any) -> Report:
    report = scan(ScanOptions(paths=(path,), working=working, fail_on=Severity.INFO, **options))
    assert report.errors == ()
    return report


def sources_in(case: Path, folder: Path) -> Path:
    """The sources of a case alone, in a folder."""
    names = shutil.ignore_patterns("plan*.json", "more.json")
    shutil.copytree(case, folder, ignore=names, dirs_exist_ok=True)
    return folder


def plan_in(case: Path, folder: Path) -> Path:
    """The plan of a case alone, in a folder."""
    folder.mkdir(exist_ok=True)
    shutil.copy(case / "plan.json", folder)
    return folder / "plan.json"


def only(case: Path, *sides: str) -> set[tuple[str, ...]]:
    """The findings that only one side has: check, subject, severity and status of each."""
    file = case / "more.json"
    more = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {tuple(entry) for side in sides for entry in more.get(side, [])}


def shared(report: Report, extra: set[tuple[str, ...]]) -> list[Finding]:
    """The findings of a report but for those, which must be there."""
    brief = {tuple(told(finding)[:4]) for finding in report.findings}
    assert extra <= brief
    return [finding for finding in report.findings if told(finding)[:4] not in extra]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_plan_beside_its_sources_gives_their_findings(case: Path, tmp_path: Path) -> None:
    sources = sources_in(case, tmp_path / "sources")
    whole = sources_in(case, tmp_path / "both")
    from_sources = scanned(sources, sources)
    from_plan = scanned(plan_in(case, whole), whole)
    found = shared(from_plan, only(case, "plan"))
    assert found
    assert Counter(map(told, found)) == Counter(
        map(told, shared(from_sources, only(case, "sources")))
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_findings_of_both_have_the_same_places_and_identities(case: Path, tmp_path: Path) -> None:
    sources = sources_in(case, tmp_path / "sources")
    whole = sources_in(case, tmp_path / "both")
    found = [
        Counter(
            (finding.span.key, finding.fingerprint, finding.attribute, finding.resources)
            for finding in shared(scanned(path, working), only(case, side))
        )
        for path, working, side in (
            (sources, sources, "sources"),
            (plan_in(case, whole), whole, "plan"),
        )
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_plan_alone_gives_the_same_findings(case: Path, tmp_path: Path) -> None:
    sources = sources_in(case, tmp_path / "sources")
    plan = plan_in(case, tmp_path / "alone")
    from_plan = scanned(plan, plan.parent)
    assert all(finding.span.path == "plan.json" for finding in from_plan.findings)
    # A line that several resources share is one place in the sources, and several in the plan.
    found, expected = (
        {
            (finding.check.code, resource, finding.severity.value, finding.status.value)
            for finding in report.findings
            for resource in finding.resources
        }
        for report in (from_plan, scanned(sources, sources))
    )
    # There a finding goes by the resources that declare its line, not by the one that is judged.
    assert found - only(case, "plan", "alone") == expected - only(case, "sources", "declared")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_plan_and_its_sources_together_say_nothing_twice(case: Path, tmp_path: Path) -> None:
    sources = sources_in(case, tmp_path / "sources")
    whole = sources_in(case, tmp_path / "both")
    plan_in(case, whole)
    together = scanned(whole, whole)
    places = Counter((f.check.code, f.span.key) for f in together.findings)
    assert set(places.values()) == {1}
    assert together.summary.units == 2
    alone = {(f.check.code, f.span.key) for f in scanned(sources, sources).findings}
    assert alone <= set(places)


NETWORK = """\
variable "zones" {
  type = list(string)
}

resource "aws_vpc" "this" {
  count      = 1
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "public" {
  count                   = length(var.zones)
  vpc_id                  = aws_vpc.this[0].id
  availability_zone       = var.zones[count.index]
  cidr_block              = "10.0.${count.index}.0/24"
  map_public_ip_on_launch = true
}

resource "aws_security_group" "open" {
  name   = "open"
  vpc_id = aws_vpc.this[0].id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}

output "public_subnets" {
  value = aws_subnet.public[*].id
}

output "vpc_id" {
  value = aws_vpc.this[0].id
}

output "group_id" {
  value = aws_security_group.open.id
}
"""


@pytest.mark.parametrize("external", ["report", "attribute", "ignore"])
def test_a_module_that_init_has_installed_is_read_for_both(external: str, tmp_path: Path) -> None:
    sources = sources_in(PLANS / "absent_module", tmp_path)
    plan = plan_in(PLANS / "absent_module", tmp_path)
    installed = tmp_path / ".terraform" / "modules"
    (installed / "network").mkdir(parents=True)
    (installed / "network" / "main.tf").write_text(NETWORK, "utf-8")
    source = "registry.example.com/networks/vpc/aws"
    entry = {"Key": "network", "Source": source, "Version": "1.2.0"}
    modules = [{**entry, "Dir": ".terraform/modules/network"}]
    (installed / "modules.json").write_text(json.dumps({"Modules": modules}), "utf-8")
    found, expected = (
        Counter(
            (told(finding), finding.span.key, finding.fingerprint)
            for finding in scanned(path, tmp_path, external_modules=external, **more).findings
        )
        for path, more in ((plan, {}), (sources, {"exclude": ("plan.json",)}))
    )
    assert found == expected
    assert any(told.subject == "module.network.aws_security_group.open" for told, *_ in found) == (
        external != "ignore"
    )
