"""What ``benchmarks/scale.py`` generates is valid and the same however it is written; it runs."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.cli.program import REPOSITORY

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.reach import connect
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.report.answers.reach_report import Reachability

pytestmark = pytest.mark.slow

PROGRAM = REPOSITORY / "benchmarks" / "scale.py"
SHAPES = ("mixed", "closed", "exposed", "tiers", "services", "peered")
FORMS = ("singly", "repeated", "stacks")
INSTANCES = 24
MORE_THAN_A_VPC = 202


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every shape in every form, in a folder ``SHAPE-FORM-SIZE`` each."""
    top = tmp_path_factory.mktemp("scale")
    small = run("--sizes", str(INSTANCES), "--write", str(top))
    large = run("--sizes", str(MORE_THAN_A_VPC), "--shapes", "peered", "--write", str(top))
    assert (small.returncode, large.returncode) == (0, 0), small.stderr + large.stderr
    return top


def reached(folder: Path) -> Reachability:
    return connect(Inputs(paths=(folder,), working=folder, boundary=folder))


def answers(found: Reachability) -> Counter[tuple[str, int, str]]:
    rows = (row.reach for row in found.rows)
    return Counter((reach.verdict, reach.protocol, reach.ports.describe()) for reach in rows)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", [*SHAPES, "roles"])
def test_a_generated_infrastructure_is_read_without_errors(
    written: Path, shape: str, form: str
) -> None:
    folder = written / f"{shape}-{form}-{INSTANCES}"
    report = scan(ScanOptions(paths=(folder,), working=folder, boundary=folder, jobs=1))
    assert not report.errors
    assert not report.summary.partial


@pytest.mark.parametrize("shape", SHAPES)
def test_an_infrastructure_is_the_same_in_all_forms(written: Path, shape: str) -> None:
    found = [reached(written / f"{shape}-{form}-{INSTANCES}") for form in FORMS]
    assert len({len(each.addresses) for each in found}) == 1
    assert len(found[0].addresses) >= INSTANCES
    assert answers(found[0]) == answers(found[1]) == answers(found[2])


@pytest.mark.parametrize("form", FORMS)
def test_peered_networks_reach_each_other(written: Path, form: str) -> None:
    folder = written / f"peered-{form}-{MORE_THAN_A_VPC}"
    options = ScanOptions(
        paths=(folder,), working=folder, boundary=folder, jobs=1, select=("PATH007",)
    )
    report = scan(options)
    assert not report.errors
    hops = [hop.message for finding in report.findings for hop in finding.evidence]
    assert any("eering" in message for message in hops)


def test_the_runner_measures_and_judges() -> None:
    done = run("--sizes", "4,8", "--shapes", "tiers", "--forms", "singly", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    table, verdicts = done.stdout.split("\n\n")
    measured = [line.split()[:4] for line in table.splitlines()[1:]]
    assert measured == [
        ["tiers", "singly", command, size]
        for size in ("4", "8")
        for command in ("reach", "paths", "all")
    ]
    assert verdicts.count("   fine\n") == 3


def test_the_runner_measures_the_commands_that_are_asked_for() -> None:
    done = run(
        "--sizes", "4", "--shapes", "closed", "--forms", "singly", "--commands", "all", "--strict"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    _, row = done.stdout.split("\n\n")[0].splitlines()
    assert row.split()[:4] == ["closed", "singly", "all", "4"]


@pytest.mark.parametrize("option", ["--shapes", "--forms", "--commands"])
def test_a_word_that_is_none_of_those_known_is_told(option: str) -> None:
    done = run(option, "nonsense")
    assert done.returncode == 2
    assert "'nonsense' is none of" in done.stderr
