"""Who reaches what: the worked examples of the semantics, and the traps, in both languages."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from tests.network.reach_tables import LANGUAGES, Expectation, ReachCase, cases

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.reach import connect
from iac_ec2lint.report.answers.reach_report import render

NAMES = {"terraform": "main.tf", "cloudformation": "main.yaml"}
CONFIDENCES = {"proven", "conditional", "assumed", "likely", "possible"}
TABLE = [
    pytest.param(case, language, id=f"{case.file}: {case.name} ({language})")
    for case in cases()
    for language in LANGUAGES
    if language in case.texts
]


def test_no_two_cases_have_one_name() -> None:
    names = [case.name for case in cases()]
    assert len(names) == len(set(names))


def test_all_worked_examples_are_there() -> None:
    names = {case.name.split()[0] for case in cases() if case.file == "worked_examples"}
    assert names >= {f"H{number}" for number in range(1, 29)}


@pytest.mark.parametrize(("case", "language"), TABLE)
def test_verdicts_and_what_they_rest_on(case: ReachCase, language: str, tmp_path: Path) -> None:
    (tmp_path / NAMES[language]).write_text(case.text(language), "utf-8")
    asked = case.clients(language)
    found = connect(Inputs(paths=(tmp_path,), working=tmp_path), case.ports, asked=asked)
    assert [error.message for error in found.errors] == []
    rows: Any = json.loads(render(found))["workloads"]
    by_key = {(row["resource"], f"{row['protocol']}/{row['port']}"): row for row in rows}
    assert len(by_key) == len(rows), "one row for each workload and port"
    known = {each.resource[language] for each in case.expectations if each.verdict != "absent"}
    assert {row["resource"] for row in rows} == known, "each workload has an expectation"
    for expected in case.expectations:
        row = by_key[expected.resource[language], expected.port]
        _check(expected, row, case.labels(language), LANGUAGES.index(language))


def _check(
    expected: Expectation, row: dict[str, Any], labels: dict[int, str], language: int
) -> None:
    what = f"{row['resource']} {expected.port}: {row}"
    assert row["verdict"] == expected.verdict, what
    for word in expected.words:
        name, mark, value = word.partition("=")
        value = value.strip('"')
        if word in CONFIDENCES:
            assert row["confidence"] == word, what
        elif word in {"ipv4", "ipv6"}:
            assert row["family"] == [word], what
        elif mark and name == "via":
            assert row["via"] == value.split("|")[min(language, value.count("|"))], what
        elif mark and name == "authenticated":
            assert row["authenticated"] == [value.split("|")[language]], what
        elif mark and name == "from":
            assert row["reachable_from"] == value.split(","), what
        elif mark and name == "missing":
            assert any(value in text for text in row["missing"]), what
        elif mark and name == "says":
            hops = row["evidence"] + row["blocked_by"]
            assert any(value in hop["message"] for hop in hops), what
        else:
            raise AssertionError(f"{word} is no word of an expectation")
    if expected.verdict == "undecided":
        assert row["missing"], what
        assert not row["blocked_by"], what
    else:
        assert not row["missing"], what
    if expected.hops is not None:
        hops = row["blocked_by"] if expected.verdict == "unreachable" else row["evidence"]
        lines = [labels.get(hop["line"], f"line {hop['line']}") for hop in hops]
        shown = "\n".join(f"{hop['line']}: {hop['message']}" for hop in hops)
        assert [label for label, _ in groupby(lines)] == list(expected.hops), shown
