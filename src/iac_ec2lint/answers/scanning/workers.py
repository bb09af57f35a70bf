"""Where the units of a scan are evaluated: here, or in several processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from iac_ec2lint.answers.scanning.unit_result import UnitResult
    from iac_ec2lint.answers.units import Job
    from iac_ec2lint.source.budget import Turn


Examine: TypeAlias = "Callable[[Job, Turn], UnitResult]"
"""See ``UnitJudge.examine``."""

_WORKER_BYTES = 600_000
"""Text of configuration and templates from which one more worker pays: half a second of work, or
more."""


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
        self._weight = weight
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
        if self._work is None and (self._given is not None or self._count(jobs) > 1):
            self._work = self._elsewhere()
            self._given = self._given or self._pool(self._count(jobs))
        if self._work is None or self._given is None:
            results: list[UnitResult] = []
            for job in jobs:
                results.append(self._examine(job, turn))
                progress(len(results), len(jobs))
            return results
        from concurrent.futures import as_completed  # costs start-up time where none is used

        # The longest first, so that no worker is left alone with one at the end.
        longest = sorted(range(len(jobs)), key=lambda at: self._weight(jobs[at]), reverse=True)
        futures = {at: self._given.submit(self._work, jobs[at], turn) for at in longest}
        ended = (future.result() for future in as_completed(futures.values()))
        for done, _ in enumerate(while_they_live(ended), 1):
            progress(done, len(jobs))
        return [futures[at].result() for at in range(len(jobs))]

    def _count(self, jobs: Sequence[Job]) -> int:
        if self._number:
            return min(self._number, len(jobs))
        most = min(os.cpu_count() or 1, len(jobs))
        return most if most <= 1 else min(most, sum(map(self._weight, jobs)) // _WORKER_BYTES)

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
