"""Where units are evaluated, and in which order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from iac_ec2lint.answers.scanning.unit_result import UnitResult
from iac_ec2lint.answers.scanning.workers import Workers
from iac_ec2lint.answers.units import Job
from iac_ec2lint.engine.joining import Outcome
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
