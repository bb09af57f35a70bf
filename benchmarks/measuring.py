"""What one process and those that it starts cost: wall time, processor time, peak memory."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_INTERVAL = 0.02
"""Seconds between two looks at the memory of a tree of processes."""

_REPOSITORY = Path(__file__).resolve().parents[1]


class Cost(NamedTuple):
    """What one run cost.

    Attributes:
        wall: Seconds from start to end.
        cpu: Seconds of processor time, user and system, of the process and those it waited for.
        memory: The most bytes that lay in memory at one time, summed over all its processes.
        status: Its exit status; negative where a signal ended it.
        crash: The last line of a Python traceback on its standard error; empty without one.
    """

    wall: float
    cpu: float
    memory: int
    status: int
    crash: str


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command, its output thrown away, and say what it cost."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
        )
        with _MemoryWatch(process.pid) as watch:
            _, waited, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(waited)
        errors.seek(0)
        complaint = errors.read().decode(errors="replace").rstrip()
    crash = complaint.rsplit("\n", 1)[-1] if "Traceback (most recent" in complaint else ""
    # The largest single process, in bytes on macOS and in kibibytes elsewhere (getrusage(2)).
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall, cpu, max(watch.peak, largest), process.returncode, crash)


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure by itself; status and crash are the first one's."""
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        int(statistics.median(cost.memory for cost in costs)),
        costs[0].status,
        costs[0].crash,
    )


def own_environment(cache: str = "") -> dict[str, str]:
    """The environment in which ``python -m iac_ec2lint`` runs this repository's program.

    Args:
        cache: The folder of its cache; without one, each run does its work.
    """
    places = [str(_REPOSITORY / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    path = os.pathsep.join(places)
    return {**os.environ, "PYTHONPATH": path, "IAC_EC2LINT_CACHE_DIR": cache}


class _MemoryWatch:
    """Looks at the memory of a process and its descendants until told to stop.

    Where there is no ``/proc`` its peak stays 0.
    """

    def __init__(self, top: int) -> None:
        self.peak = 0
        self._top = top
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _MemoryWatch:
        if Path("/proc/self/smaps_rollup").exists():
            self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_INTERVAL):
            self.peak = max(self.peak, sum(map(_resident, _tree(self._top))))


def _tree(top: int) -> list[int]:
    """A process and its descendants, as far as they live."""
    found = []
    waiting = [top]
    while waiting:
        process = waiting.pop()
        found.append(process)
        try:
            for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 - called 50 times a second
                with open(f"/proc/{process}/task/{thread}/children", "rb") as file:  # noqa: PTH123 - the same
                    waiting.extend(map(int, file.read().split()))
        except OSError:  # it has ended meanwhile
            continue
    return found


def _resident(process: int) -> int:
    """The bytes of a process that lie in memory, shared pages divided among those that share them.

    That is the proportional set size (proc(5), ``smaps_rollup``); 0 where the process has ended.
    """
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as file:  # noqa: PTH123 - called 50 times a second
            found = re.search(rb"^Pss:\s+(\d+) kB", file.read(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
