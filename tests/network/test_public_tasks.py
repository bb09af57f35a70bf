"""Open rules of groups that tasks of ECS carry (semantics.md, C4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.answers.scan import ScanOptions, scan

FIXTURES = Path(__file__).parents[1] / "fixtures" / "SG001"


@pytest.mark.parametrize(
    ("name", "confidences"),
    [
        ("public_tasks.tf", {"public": "proven", "unknown": "possible", "private": "proven"}),
        ("public_tasks.yaml", {"PublicGroup": "proven", "UnknownGroup": "possible"}),
    ],
)
def test_tasks_with_public_addresses_are_reached(
    tmp_path: Path, name: str, confidences: dict[str, str]
) -> None:
    (tmp_path / name).write_text((FIXTURES / name).read_text())
    found = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("SG001",))).findings
    told = {one.subject.rpartition(".")[2]: str(one.confidence) for one in found}
    assert told == confidences


def test_tasks_in_a_subnet_without_a_way_out_are_not_proven_to_be_reached(tmp_path: Path) -> None:
    text = (FIXTURES / "public_tasks.tf").read_text()
    closed = text.replace('cidr_block = "0.0.0.0/0"\n', 'cidr_block = "192.0.2.0/24"\n')
    assert closed != text
    (tmp_path / "main.tf").write_text(closed)
    found = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("SG001",))).findings
    told = {one.subject.rpartition(".")[2]: str(one.confidence) for one in found}
    assert told == {"public": "possible", "unknown": "possible", "private": "proven"}


def test_a_service_that_begins_without_tasks_is_not_proven_to_be_reached(tmp_path: Path) -> None:
    text = (FIXTURES / "public_tasks.tf").read_text()
    empty = text.replace(
        '  name            = "public"\n', '  name            = "public"\n  desired_count   = 0\n'
    )
    assert empty != text
    (tmp_path / "main.tf").write_text(empty)
    found = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("SG001",))).findings
    told = {one.subject.rpartition(".")[2]: str(one.confidence) for one in found}
    assert told == {"public": "possible", "unknown": "possible", "private": "proven"}


@pytest.mark.parametrize(
    ("name", "severities"),
    [
        (
            "private_tasks.tf",
            {"default": "low", "on_instances": "low", "dual": "critical", "balanced": "critical"},
        ),
        ("private_tasks.yaml", {"OnInstances": "low", "Disabled": "low", "Unsaid": "critical"}),
    ],
)
def test_tasks_without_public_addresses_are_not_reached(
    tmp_path: Path, name: str, severities: dict[str, str]
) -> None:
    (tmp_path / name).write_text((FIXTURES.parent / "SG005" / name).read_text())
    found = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("SG005",))).findings
    told = {one.subject.rpartition(".")[2]: str(one.severity) for one in found}
    assert told == severities
