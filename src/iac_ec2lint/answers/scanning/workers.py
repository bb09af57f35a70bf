"""Where the units of a scan are evaluated: here, or in several processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from iac_ec2lint.answers.scanning.unit_result import UnitResult
    from iac_ec2lint.answers.units import Job
    from iac_ec2lint.source.tree import Tree

_POOL_BYTES = 6_000_000
"""Text of configuration and templates from which a pool of workers pays: about 2 s of work."""


class Workers:
    """Evaluates units: in this process, in an executor that was given, or in a pool of its own.

    Args:
        jobs: The units.
        number: How many workers; 0 chooses by the amount of work.
        executor: What runs them, where that is given.
        examine: Evaluates a unit in this process.
        elsewhere: Makes ready what workers share, and gives what evaluates a unit in one of them.
        tree: Where the units are.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        number: int,
        executor: Executor | None,
        examine: Callable[[Job], UnitResult],
        elsewhere: Callable[[], Callable[[Job], UnitResult]],
        tree: Tree,
    ) -> None:
        self._jobs = jobs
        self._number = number
        self._given = executor
        self._examine = examine
        self._elsewhere = elsewhere
        self._tree = tree
        self._own: Executor | None = None

    def __enter__(self) -> Iterator[UnitResult]:
        count = self._count()
        if self._given is None and count <= 1:
            return map(self._examine, self._jobs)
        work = self._elsewhere()
        executor = self._given or self._pool(count)
        return while_they_live(executor.map(work, self._jobs))

    def __exit__(self, *details: object) -> None:
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _count(self) -> int:
        if self._number:
            return min(self._number, len(self._jobs))
        size = sum(self._tree.size(job.path) for job in self._jobs)
        return 1 if size < _POOL_BYTES else min(os.cpu_count() or 1, len(self._jobs))

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
