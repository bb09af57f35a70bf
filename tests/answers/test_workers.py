"""Where units are evaluated, and in which order."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from iac_ec2lint.answers.scanning import workers as module
from iac_ec2lint.answers.scanning.unit_result import UnitResult
from iac_ec2lint.answers.scanning.workers import Workers
from iac_ec2lint.answers.units import Job
from iac_ec2lint.engine.outcome.examining import Outcome
from iac_ec2lint.source.budget import NOTHING, Turn

JOBS = [Job("root-module", Path(name)) for name in ("ab", "abcd", "a", "abc")]


def test_the_longest_begin_and_results_keep_their_order() -> None:
    begun: list[str] = []
    told: list[tuple[int, int]] = []

    def examine(job: Job, _: Turn) -> UnitResult:
        begun.append(job.path.name)
        return UnitResult(Outcome(), len(job.path.name), {}, {})

    with ThreadPoolExecutor(1) as executor:
        made = Workers(0, executor, examine, lambda: examine, lambda job: len(job.path.name))
        with made as workers:
            results = workers.evaluate(JOBS, Turn(NOTHING), lambda *done: told.append(done))
    assert begun == ["abcd", "abc", "ab", "a"]
    assert [result.resources for result in results] == [2, 4, 1, 3]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    ("seconds", "here", "elsewhere"),
    [(0.1, ["ab", "abcd", "a", "abc"], []), (1.0, ["ab"], ["abcd", "abc", "a"])],
)
def test_others_help_where_what_is_left_is_worth_it(
    monkeypatch: pytest.MonkeyPatch, seconds: float, here: list[str], elsewhere: list[str]
) -> None:
    done_here: list[str] = []
    done_elsewhere: list[str] = []
    told: list[tuple[int, int]] = []

    def examine_into(done: list[str], job: Job) -> UnitResult:
        done.append(job.path.name)
        return UnitResult(Outcome(), len(job.path.name), {}, {})

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(module, "process_time", lambda: seconds * len("".join(done_here)))
    with ThreadPoolExecutor(1) as executor:
        monkeypatch.setattr(Workers, "_pool", lambda *_: executor)
        made = Workers(
            0,
            None,
            lambda job, _: examine_into(done_here, job),
            lambda: lambda job, _: examine_into(done_elsewhere, job),
            lambda job: len(job.path.name),
        )
        results = made.evaluate(JOBS, Turn(NOTHING), lambda *done: told.append(done))
    assert (done_here, done_elsewhere) == (here, elsewhere)
    assert [result.resources for result in results] == [2, 4, 1, 3]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
