"""Where the units of a scan are evaluated: here, or in several processes."""

from __future__ import annotations

import os
from functools import cache
from time import process_time
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from iac_ec2lint.answers.scanning.unit_result import UnitResult
    from iac_ec2lint.answers.units import Job
    from iac_ec2lint.source.budget import Turn


Examine: TypeAlias = "Callable[[Job, Turn], UnitResult]"
"""See ``UnitJudge.examine``."""

_ALONE = 0.5
"""Seconds of work after which others may help: most scans have ended by then, and the workers of
the others have already what was imported and read so far."""

_PAYS = 1.0
"""Seconds of work that are left from which one more worker pays: it takes some to begin and end."""


class Workers:
    """Evaluates units: in this process, in an executor that was given, or in a pool of its own.

    A pool lives until the end of the scan: what its workers have read serves later rounds too.

    Args:
        number: How many workers; 0 chooses by the amount of work.
        executor: What runs them, where that is given.
        examine: Evaluates a unit in this process: see ``UnitJudge.examine``.
        elsewhere: Makes ready what workers share, and gives what evaluates a unit in one of them.
        weight: About how much work a unit is: the bytes of its text.
    """

    def __init__(
        self,
        number: int,
        executor: Executor | None,
        examine: Examine,
        elsewhere: Callable[[], Examine],
        weight: Callable[[Job], int],
    ) -> None:
        self._number = number
        self._given = executor
        self._examine = examine
        self._elsewhere = elsewhere
        self._weight = cache(weight)
        self._own: Executor | None = None
        self._work: Examine | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *details: object) -> None:
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def evaluate(
        self, jobs: Sequence[Job], turn: Turn, progress: Callable[[int, int], None]
    ) -> list[UnitResult]:
        """What some units come to, in their order.

        Args:
            jobs: The units.
            turn: What each of them may take of the budget.
            progress: Told how many of them are done, and how many there are.

        Raises:
            MemoryError: A worker was killed, as a system does that has no memory left.
        """
        results: list[UnitResult] = []
        executor: Executor | None = None
        begun = process_time()
        for job in jobs:
            executor = self._executor(jobs, len(results), process_time() - begun)
            if executor is not None:
                break
            results.append(self._examine(job, turn))
            progress(len(results), len(jobs))
        if executor is None:
            return results
        done = len(results)
        rest = self._shared(
            executor, jobs[done:], turn, lambda more: progress(done + more, len(jobs))
        )
        return [*results, *rest]

    def _executor(self, jobs: Sequence[Job], done: int, spent: float) -> Executor | None:
        """What evaluates what is left of some units; ``None`` where they are evaluated here.

        Args:
            jobs: The units.
            done: How many of them are done.
            spent: The seconds of work that these were.
        """
        if self._given is None:
            count = self._count(jobs, done, spent)
            self._given = self._pool(count) if count > 1 else None
        return self._given

    def _shared(
        self, executor: Executor, jobs: Sequence[Job], turn: Turn, progress: Callable[[int], None]
    ) -> list[UnitResult]:
        """What some units come to that workers evaluate; see ``evaluate``."""
        from concurrent.futures import as_completed  # costs start-up time where none is used

        work = self._work = self._work or self._elsewhere()
        # The longest first, so that no worker is left alone with one at the end.
        longest = sorted(range(len(jobs)), key=lambda at: self._weight(jobs[at]), reverse=True)
        futures = {at: executor.submit(work, jobs[at], turn) for at in longest}
        ended = (future.result() for future in as_completed(futures.values()))
        for done, _ in enumerate(while_they_live(ended), 1):
            progress(done)
        return [futures[at].result() for at in range(len(jobs))]

    def _count(self, jobs: Sequence[Job], done: int, spent: float) -> int:
        """How many workers pay for what is left of some units; see ``_executor``."""
        left = len(jobs) - done
        if self._number:
            return min(self._number, left)
        most = min(os.cpu_count() or 1, left)
        if most <= 1 or spent < _ALONE:
            return 1
        before, behind = (sum(map(self._weight, some)) for some in (jobs[:done], jobs[done:]))
        return min(most, int(spent * behind / max(before, 1) / _PAYS))

    def _pool(self, count: int) -> Executor:
        # Forked workers have already what "elsewhere" has made ready.
        from concurrent.futures import ProcessPoolExecutor  # costs start-up time where none is used
        from multiprocessing import get_all_start_methods, get_context

        method = "fork" if "fork" in get_all_start_methods() else "spawn"
        if method == "spawn":  # a new interpreter must not search the working folder
            os.environ["PYTHONSAFEPATH"] = "1"
        context = get_context(method)
        self._own = ProcessPoolExecutor(count, context, initializer=_end_with_the_scan)
        return self._own


def _end_with_the_scan() -> None:
    """Let this worker end when the process does that it works for, however that ends.

    One that is killed tells nobody: its workers would wait for work for ever.
    """
    from multiprocessing import parent_process  # in a worker alone
    from threading import Thread

    parent = parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os._exit(1)

        Thread(target=wait, daemon=True).start()


def while_they_live(results: Iterator[UnitResult]) -> Iterator[UnitResult]:
    """The results of workers.

    Raises:
        MemoryError: One was killed, as a system does that has no memory left.
    """
    from concurrent.futures import BrokenExecutor  # costs start-up time where none is used

    try:
        yield from results
    except BrokenExecutor as error:
        raise MemoryError from error
