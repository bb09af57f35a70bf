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
    from iac_ec2lint.source.tree import Tree


Examine: TypeAlias = "Callable[[Job, Turn], UnitResult]"
"""See ``UnitJudge.examine``."""

_POOL_BYTES = 6_000_000
"""Text of configuration and templates from which a pool of workers pays: about 2 s of work."""


class Workers:
    """Evaluates units: in this process, in an executor that was given, or in a pool of its own.

    A pool lives until the end of the scan: what its workers have read serves later rounds too.

    Args:
        number: How many workers; 0 chooses by the amount of work.
        executor: What runs them, where that is given.
        examine: Evaluates a unit in this process: see ``UnitJudge.examine``.
        elsewhere: Makes ready what workers share, and gives what evaluates a unit in one of them.
        weight: About how much work a unit is: the bytes of its text.
        tree: Where the units are.
    """

    def __init__(
        self,
        number: int,
        executor: Executor | None,
        examine: Examine,
        elsewhere: Callable[[], Examine],
        weight: Callable[[Job], int],
        tree: Tree,
    ) -> None:
        self._number = number
        self._given = executor
        self._examine = examine
        self._elsewhere = elsewhere
        self._weight = weight
        self._tree = tree
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
        size = sum(self._tree.size(job.path) for job in jobs)
        return 1 if size < _POOL_BYTES else min(os.cpu_count() or 1, len(jobs))

    def _pool(self, count: int) -> Executor:
        # Forked workers have already what "elsewhere" has made ready.
        from concurrent.futures import ProcessPoolExecutor  # costs start-up time where none is used
        from multiprocessing import get_all_start_methods, get_context

        method = "fork" if "fork" in get_all_start_methods() else "spawn"
        if method == "spawn":  # a new interpreter must not search the working folder
            os.environ["PYTHONSAFEPATH"] = "1"
        self._own = ProcessPoolExecutor(count, mp_context=get_context(method))
        return self._own


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
