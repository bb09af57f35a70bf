"""One scan: from paths and options to a report. Joins the front ends, the graph and the checks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.catalogue import indexed
from iac_ec2lint.answers.inputs import UsageError
from iac_ec2lint.answers.scanning.judging import UnitJudge
from iac_ec2lint.answers.scanning.options import ScanOptions
from iac_ec2lint.answers.scanning.reporting import ReportMaker
from iac_ec2lint.answers.scanning.unit_result import UnitResult
from iac_ec2lint.answers.scanning.workers import Workers
from iac_ec2lint.answers.time_limit import OVER, OutOfTime, until
from iac_ec2lint.answers.units import Job, Survey
from iac_ec2lint.engine.registry import (
    LoadedCheck,
    builtin_folder,
    configure,
    installed_folders,
    load,
)
from iac_ec2lint.engine.report import Report
from iac_ec2lint.engine.selection import selected
from iac_ec2lint.engine.suppressions.checks import suppression_checks
from iac_ec2lint.source.budget import Share, Turn
from iac_ec2lint.source.collection import keep_for_good
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.observed import Observed

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from iac_ec2lint.answers.scanning.workers import Examine
    from iac_ec2lint.engine.framework import Framework
    from iac_ec2lint.source.discovery import Discovered

__all__ = ["Job", "Scan", "ScanOptions", "UsageError", "choose", "load_checks", "scan"]

Progress = Callable[[int, int], None]
"""Told how many units are done, and how many there are."""


def load_checks(
    folders: Sequence[Path] = (),
) -> tuple[tuple[LoadedCheck, ...], tuple[Diagnostic, ...]]:
    """The built-in checks, those of installed packages and those of ``folders``, by code."""
    installed, problems = installed_folders()
    own = [folder.absolute() for folder in folders]
    folder = builtin_folder()
    known = indexed(folder)
    loaded, more = load((*(() if known else (folder,)), *installed, *own), known)
    return (*loaded, *suppression_checks()), problems + more


def choose(
    loaded: Sequence[LoadedCheck],
    select: Sequence[str],
    ignore: Sequence[str],
    problems: tuple[Diagnostic, ...] = (),
) -> tuple[LoadedCheck, ...]:
    """The checks that run.

    Args:
        loaded: All that there are.
        select: See ``selected``.
        ignore: See ``selected``.
        problems: What kept others from being loaded.

    Raises:
        UsageError: A word is no check's.
    """
    try:
        wanted = selected([entry.info for entry in loaded], select, ignore)
    except ValueError as error:
        raise UsageError(str(error), problems) from None
    return tuple(entry for entry in loaded if entry.info.code in wanted)


def scan(
    options: ScanOptions, *, executor: Executor | None = None, progress: Progress | None = None
) -> Report:
    """Scan files and folders.

    Args:
        options: What to scan and how.
        executor: Where units are evaluated; made here, where it pays, if it is not given.
        progress: Told as units are done.

    Returns:
        All that was found; equal input, equal report.

    Raises:
        UsageError: A check is selected that there is not, or a path lies outside the boundary.
    """
    return Scan(options).run(executor, progress)


class Scan:
    """A scan under way: what was read and evaluated so far.

    Args:
        options: What to scan and how.
    """

    def __init__(self, options: ScanOptions) -> None:
        self.options = options
        self._end = None if options.timeout is None else time.monotonic() + options.timeout
        self.survey = Survey(options)
        self.files = self.survey.files
        self._found: tuple[Discovered, list[Job]] | None = None
        loaded, self.load_problems = load_checks(options.checks)
        try:
            self.loaded = configure(loaded, options.settings)
        except ValueError as error:
            raise UsageError(str(error), self.load_problems) from None
        self.frameworks = self._asked(options.compliance)
        answering = {
            c: None for one in self.frameworks for each in one.controls for c in each.checks
        }
        select = options.select or tuple(answering)
        chosen = choose(self.loaded, select, options.ignore, self.load_problems)
        running = {entry.info.code for entry in chosen} | options.always
        self.checks = tuple(entry for entry in self.loaded if entry.info.code in running)
        self._judge = UnitJudge(options, self.survey, self.checks, self._end)
        self._report = ReportMaker(
            options, self.survey, self.loaded, self.checks, self.frameworks, self.load_problems
        )

    def _asked(self, names: Sequence[str]) -> tuple[Framework, ...]:
        if not names:
            return ()
        from iac_ec2lint.engine.compliance import framework  # only where it is asked for

        infos = [entry.info for entry in self.loaded]
        try:
            return tuple(framework(name, infos) for name in dict.fromkeys(names))
        except ValueError as error:
            raise UsageError(str(error), self.load_problems) from None

    def units(self) -> tuple[Discovered, list[Job]]:
        """What there is below the paths, and the units in it; sought once."""
        if self._found is None:
            found = self.survey.finder.find()
            self._found = found, self.survey.finder.units(found)
        return self._found

    def run(
        self,
        executor: Executor | None = None,
        progress: Progress | None = None,
        wanted: Callable[[Job], bool] | None = None,
    ) -> Report:
        """Do it.

        Args:
            executor: See ``scan``.
            progress: See ``scan``.
            wanted: Which units are judged; all where it is not given.
        """
        progress = progress or (lambda done, total: None)  # noqa: ARG005 - named by the callers
        try:
            with until(self._end):
                found, units = self.units()
                more = list(units)
                keep_for_good()
        except OutOfTime:
            over = tuple(
                Diagnostic.of_file(self.files.display(p), OVER) for p in self.options.every_path
            )
            checks = tuple(entry.info for entry in self.checks)
            options = self.options
            return Report((), (), over, checks=checks, fail_on=options.fail_on)
        jobs: list[Job] = []
        results: list[UnitResult] = []
        called: set[str] = set()
        left = self.survey.share.steps
        seen: list[Job] = []
        with self._workers(executor) as workers:
            while more:
                seen += more
                more = more if wanted is None else list(filter(wanted, more))
                jobs += more
                for result in self._within(Share.of(left), more, workers, progress) if more else ():
                    results.append(result)
                    called |= result.called
                    left = max(left - result.taken.steps, 0)
                more = self.survey.finder.left_over(found, seen, called)
        found = found if wanted is None else self._parts_of(found, jobs)
        return self._report.make(found, jobs, results)

    def _parts_of(self, found: Discovered, jobs: Iterable[Job]) -> Discovered:
        """What was found, as far as it is some units'."""
        parts = {part for job in jobs for part in self.survey.finder.parts(job)}
        return replace(
            found,
            modules={folder: files for folder, files in found.modules.items() if folder in parts},
            documents=[path for path in found.documents if path in parts],
            plans=[path for path in found.plans if path in parts],
            variables=[path for path in found.variables if path.parent in parts],
        )

    def _within(
        self, whole: Share, jobs: Sequence[Job], workers: Workers, progress: Progress
    ) -> list[UnitResult]:
        """What some units come to that share an amount of work."""
        share = whole.split(len(jobs))
        parted = share.steps < whole.steps
        results = self._noted(workers.evaluate(jobs, Turn(share, ends=parted), progress))
        # What some units leave of their shares is given to those that need more, once.
        bounded = [at for at, result in enumerate(results) if result.bounded]
        if bounded and parted:
            left = whole.steps - sum(r.taken.steps for r in results if not r.bounded)
            larger = max(share, Share.of(left).split(len(bounded)))
            more = [jobs[at] for at in bounded]
            again = workers.evaluate(more, Turn(larger), lambda done, total: None)  # noqa: ARG005 - as above
            for at, result in zip(bounded, self._noted(again), strict=True):
                results[at] = result
        return results

    def _noted(self, results: list[UnitResult]) -> list[UnitResult]:
        """Results of workers; what these asked of the files is noted here."""
        if isinstance(disk := self.options.tree.disk, Observed):
            for result in results:
                disk.note_all(result.observed)
                result.observed = {}
        return results

    def judge(self, job: Job, turn: Turn) -> UnitResult:
        """See ``UnitJudge.examine``."""
        return self._judge.examine(job, turn)

    def _workers(self, executor: Executor | None) -> Workers:
        number, weight = self.options.jobs, self.survey.finder.weight
        return Workers(number, executor, self.judge, self._elsewhere, weight)

    def _elsewhere(self) -> Examine:
        """What evaluates a unit in a worker; one that is forked has this scan and its checks."""
        _CURRENT[self.options] = self
        for entry in self.checks:
            _ = entry.check
        return partial(examine_elsewhere, self.options)


_CURRENT: dict[ScanOptions, Scan] = {}
"""The scan that this process, or the one that it was forked from, works for."""


def examine_elsewhere(options: ScanOptions, job: Job, turn: Turn) -> UnitResult:
    """Evaluate one unit in a worker, which reads files and loads checks itself, once."""
    if options not in _CURRENT:
        _CURRENT.clear()
        _CURRENT[options] = Scan(options)
    current = _CURRENT[options]
    result = current.judge(job, turn)
    if isinstance(disk := current.options.tree.disk, Observed):
        result.observed = disk.take()
    return result
