"""A plugin of pytest that tries changes of the code on tests which were collected once.

``mutants.py`` starts pytest with it. Each change is tried in a fork: there a function gets its
changed byte code, and the tests that run it are run until one fails. What is changed where a
module is loaded (a constant, a class's table) cannot be tried so: then the changed file is on the
disk, pytest is started for it alone, and nothing is replaced.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import os
import resource
import signal
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest

WORK = "MUTANTS_WORK"
"""The environment variable with the path of the work: a list of ``Trial``, as JSON."""
SECONDS_A_TEST = 30.0
"""So much time of the processor for one test says that it hangs; those of the fast set take 0.5."""
WALL_SECONDS_A_TEST = 600.0
_MEMORY = 6 << 30
_COMPREHENSIONS = frozenset({"<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"})
_PASSED = "passed"


class Trial(NamedTuple):
    """A change to try: the texts of a file, alike where the new one is on the disk already."""

    number: int
    path: str
    old: str
    new: str
    tests: list[str]


class Outcome(NamedTuple):
    """Which test noticed, if one did; how many were run; which fail without the change, too."""

    number: int
    noticed_by: str | None
    run: int
    failing_anyway: list[str]


class MadeOnImportError(Exception):
    """The change is in code that runs when its module is loaded."""


def changed_functions(old: str, new: str, file: str) -> list[tuple[CodeType, CodeType]]:
    """The functions of a module or its classes that a change is in, before and after it.

    Raises:
        MadeOnImportError: It is not in a function.
    """
    return list(_changed(compile(old, file, "exec"), compile(new, file, "exec")))


def _changed(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Of the code of a module or a class: its functions that differ."""
    before, after = _inner(old), _inner(new)
    if len(before) != len(after) or _own(old) != _own(new):
        raise MadeOnImportError
    for one, other in zip(before, after, strict=True):
        if _deep(one) == _deep(other):
            continue
        if one.co_name in _COMPREHENSIONS:
            raise MadeOnImportError
        if one.co_flags & 0x2:  # CO_NEWLOCALS: a function; a class's body has none
            yield one, other
        else:
            yield from _changed(one, other)


def _inner(code: CodeType) -> list[CodeType]:
    return [c for c in code.co_consts if isinstance(c, CodeType)]


def _own(code: CodeType) -> CodeType:
    """The code without places and without what is inside it, to be compared."""
    constants = tuple(c for c in code.co_consts if not isinstance(c, CodeType))
    return code.replace(co_consts=constants, co_linetable=b"", co_firstlineno=1)


def _deep(code: CodeType) -> tuple[Any, ...]:
    return _own(code), [_deep(inner) for inner in _inner(code)]


class MutantRunner:
    """Runs the trials in place of all tests, and keeps what came of them.

    ``work`` is the file with the trials; a file of its name that ends in ``.results`` gets an
    ``Outcome`` a line.
    """

    def __init__(self, work: Path) -> None:
        self.trials = [Trial(*trial) for trial in json.loads(work.read_text())]
        self.results = work.with_suffix(".results")
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep, in a fork, that a test has failed."""
        self.failed = self.failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all changes on the tests that were collected."""
        for trial in self.trials:  # some modules are imported when they are first used
            importlib.import_module(".".join(Path(trial.path).with_suffix("").parts[1:]))
        gc.unfreeze()
        functions: dict[tuple[str, int, str], list[FunctionType]] = defaultdict(list)
        caches = []
        for found in gc.get_objects():
            if isinstance(found, FunctionType):
                functions[_identity(found.__code__)].append(found)
            elif isinstance(found, functools._lru_cache_wrapper):  # noqa: SLF001 - its only name
                caches.append(found)
        gc.freeze()
        items = {item.nodeid: item for item in session.items}
        anyway: set[str] = set()
        with self.results.open("a") as results:
            for trial in self.trials:
                file = str(Path.cwd() / trial.path)
                changes = [
                    (function, new)
                    for old, new in changed_functions(trial.old, trial.new, file)
                    for function in functions[_identity(old)]
                ]
                if trial.old != trial.new and not changes:
                    raise LookupError(f"no function of {trial.path} is loaded")
                chosen = [items[t] for t in trial.tests if t in items and t not in anyway]
                noticed, number = self._notice(chosen, changes, caches, anyway)
                outcome = Outcome(trial.number, noticed, number, sorted(anyway))
                print(json.dumps(outcome), file=results, flush=True)
        return True

    def _notice(
        self,
        items: list[pytest.Item],
        changes: list[tuple[FunctionType, CodeType]],
        caches: list[Any],
        anyway: set[str],
    ) -> tuple[str | None, int]:
        """The first test that fails with the change and not without it, and how many were run."""
        while True:
            failing = self._failing(items, changes, caches)
            if failing is None:
                return None, len(items)
            if not changes:  # what is on the disk is compared by the caller
                return items[failing].nodeid, failing + 1
            without = self._failing(items[: failing + 1], [], caches)
            if without is None:
                return items[failing].nodeid, failing + 1
            anyway.add(items[without].nodeid)
            del items[without]

    def _failing(
        self,
        items: list[pytest.Item],
        changes: list[tuple[FunctionType, CodeType]],
        caches: list[Any],
    ) -> int | None:
        """The place of the first test that fails, hangs or ends the process, if there is one."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
                for function, code in changes:
                    function.__code__ = code
                for cache in caches:
                    cache.cache_clear()
                for number, item in enumerate(items):
                    os.write(writing, b".")
                    signal.setitimer(signal.ITIMER_PROF, SECONDS_A_TEST)
                    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS_A_TEST)
                    following = items[number + 1] if number + 1 < len(items) else None
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    if self.failed:
                        os._exit(1)
                os.write(writing, _PASSED.encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            said = told.read()
        os.waitpid(child, 0)
        return None if said.endswith(_PASSED) else said.count(".") - 1


def _identity(code: CodeType) -> tuple[str, int, str]:
    return code.co_filename, code.co_firstlineno, code.co_qualname


def pytest_configure(config: pytest.Config) -> None:
    """Take the work that the environment names."""
    config.pluginmanager.register(MutantRunner(Path(os.environ[WORK])), "mutant-runner")
