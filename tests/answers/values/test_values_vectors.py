"""The conformance vectors, each asked through ``values``: nearly all right, and none wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.answers.values import cloudformation_cases, terraform_cases

VECTORS = Path(__file__).parents[2] / "vectors"
TERRAFORM = VECTORS / "terraform_expressions.jsonl"
CLOUDFORMATION = VECTORS / "cloudformation.jsonl"

# What is not known to us, by case, with the reason. An entry that is no longer true fails.
UNKNOWN_TO_US = {
    "tf-functions/219c57fc36": "the bytes that Go's compressor writes are not worked out",
    "cty-stdlib/sort/6c7a679ca0": "what is certain to be in it is kept, and not how many there are",
}
NOT_RUNNABLE = {
    "a type is no value": 35,
    "it has functions of its own": 20,
    "a root alone is no reference in Terraform": 4,
    "it asks how conditions go together": 3,
    "it states what is written, not what it comes to": 1,
}
"""Why cases cannot be asked so, and how many there are of each."""


@pytest.mark.slow
def test_terraform_vectors_come_to_what_they_state(tmp_path: Path) -> None:
    verdicts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    misses: dict[str, str] = {}
    for index, case in enumerate(terraform_cases.read_cases(TERRAFORM)):
        place = tmp_path / str(index)
        place.mkdir()
        try:
            verdict, got = terraform_cases.judge(case, place)
        except terraform_cases.NotRunnable as reason:
            skipped[str(reason)] += 1
            continue
        verdicts[verdict] += 1
        if verdict != "right":
            misses[case["id"]] = f"{verdict}: {case.get('expr')!r} came to {got!r}"
    assert not verdicts["wrong"], misses
    assert misses.keys() == UNKNOWN_TO_US.keys(), misses
    assert verdicts["right"] >= 0.995 * verdicts.total()
    assert skipped == {reason: NOT_RUNNABLE[reason] for reason in skipped}


def test_cloudformation_vectors_come_to_what_they_state(tmp_path: Path) -> None:
    verdicts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    misses: list[str] = []
    for index, line in enumerate(CLOUDFORMATION.read_text(encoding="utf-8").splitlines()):
        case = json.loads(line)
        place = tmp_path / str(index)
        place.mkdir()
        try:
            found = cloudformation_cases.judge(case, place)
        except cloudformation_cases.NotRunnable as reason:
            skipped[str(reason)] += 1
            continue
        assert found, f"{case['id']} states nothing"
        verdicts.update(found)
        misses.extend(f"{verdict}: {case['id']}" for verdict in found if verdict != "right")
    assert not misses
    assert verdicts["right"] >= 131
    assert skipped == {reason: NOT_RUNNABLE[reason] for reason in skipped}
