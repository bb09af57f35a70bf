"""One scan: from paths and options to a report. Joins the front ends, the graph and the checks."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.catalogue import indexed
from iac_ec2lint.answers.inputs import Inputs, UsageError
from iac_ec2lint.answers.shown_files import ShownFiles
from iac_ec2lint.answers.time_limit import OVER, OutOfTime, until
from iac_ec2lint.answers.unit_result import UnitResult, add_inner
from iac_ec2lint.answers.units import Job, Survey, UnitGraph
from iac_ec2lint.answers.workers import Workers
from iac_ec2lint.engine.acceptance import with_severities
from iac_ec2lint.engine.attribution import ExternalModules, is_external
from iac_ec2lint.engine.environments import Environment, with_environments
from iac_ec2lint.engine.external_modules import firmed, leave_to_others
from iac_ec2lint.engine.finding import Finding, Note, Report, Severity, Status, Summary
from iac_ec2lint.engine.joined import Choice, View, agreed, settled_inside
from iac_ec2lint.engine.joining import Outcome, examine, join, remark
from iac_ec2lint.engine.registry import (
    LoadedCheck,
    builtin_folder,
    configure,
    installed_folders,
    load,
    suppression_checks,
)
from iac_ec2lint.engine.selection import selected
from iac_ec2lint.engine.suppression import Suppressions
from iac_ec2lint.engine.suppression_checks import UnitUses, suppression_findings
from iac_ec2lint.engine.written_arms import take_each_arm
from iac_ec2lint.notes import FAMILIES
from iac_ec2lint.source.budget import Budget, Share
from iac_ec2lint.source.diagnostic import Diagnostic, Skipped
from iac_ec2lint.source.discovery import CONFIGURATION
from iac_ec2lint.terraform.folders.syntax import is_module_file

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from iac_ec2lint.engine.baseline import Compared
    from iac_ec2lint.engine.compliance import Framework
    from iac_ec2lint.source.discovery import Discovered
    from iac_ec2lint.source.suppression import Suppression
    from iac_ec2lint.values import Guard

__all__ = ["Job", "Scan", "ScanOptions", "UsageError", "choose", "load_checks", "scan"]

Progress = Callable[[int, int], None]
"""Told how many units are done, and how many there are."""

_TERRAGRUNT = (
    "what Terragrunt adds is not evaluated: inputs, generated files, dependencies;"
    " a plan as JSON has it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions(Inputs):
    """What to scan and how: what is read, and what is looked for in it.

    Attributes:
        select: Words for the checks to run: see ``selected``.
        ignore: Words for the checks that do not run.
        checks: Folders of further checks.
        settings: What is set of checks' parameters: see ``configure``.
        fail_on: The severity from which a finding fails the run.
        strict: Whether undecided findings fail it as well.
        fail_on_undecided: See ``Report``.
        require_modules: Whether a module that is not on the disk is an error.
        external_modules: What happens to findings inside modules that ``terraform init`` installed.
        jobs: Worker processes; 0 chooses by the amount of work.
        timeout: Seconds after which nothing more is judged; ``None`` for no end.
        today: The day on which suppressions end or hold.
        suppressions: Whether they suppress anything.
        reasons: See ``Suppressions``.
        compliance: The frameworks whose controls are asked about: the checks that answer them run,
            also where they are off by default, if ``select`` is empty.
        severities: The severities of the worst findings of checks, by code; the last counts.
        accepted: Suppressions that name addresses; see ``Suppression``.
        always: The codes of checks that run whatever is selected and ignored.
        unsuppressable: The codes of checks that nothing suppresses.
        baseline: A file whose entries are known, as messages name it, and its text.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    checks: tuple[Path, ...] = ()
    # Values may be lists, which have no hash; that options are equal is what counts.
    settings: tuple[tuple[str, object], ...] = field(default=(), hash=False)
    fail_on: Severity = Severity.MEDIUM
    strict: bool = False
    fail_on_undecided: Severity | None = None
    require_modules: bool = False
    external_modules: ExternalModules = "attribute"
    jobs: int = 0
    timeout: float | None = None
    today: date = field(default_factory=date.today)
    suppressions: bool = True
    reasons: bool | None = None
    compliance: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    accepted: tuple[Suppression, ...] = ()
    always: frozenset[str] = frozenset()
    unsuppressable: frozenset[str] = frozenset()
    baseline: tuple[str, str] | None = None


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
            found = self.survey.find()
            self._found = found, self.survey.units(found)
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
        except OutOfTime:
            over = tuple(Diagnostic.of_file(self.files.display(p), OVER) for p in self.survey.paths)
            checks = tuple(entry.info for entry in self.checks)
            options = self.options
            return Report((), (), over, checks=checks, fail_on=options.fail_on)
        jobs: list[Job] = []
        results: list[UnitResult] = []
        called: set[str] = set()
        left = self.survey.share.steps
        seen: list[Job] = []
        while more:
            seen += more
            more = more if wanted is None else list(filter(wanted, more))
            jobs += more
            for result in self._within(Share.of(left), more, executor, progress) if more else ():
                results.append(result)
                called |= result.called
                left = max(left - result.taken.steps, 0)
            more = self.survey.left_over(found, seen, called)
        return self._report(found if wanted is None else self._parts_of(found, jobs), jobs, results)

    def _parts_of(self, found: Discovered, jobs: Iterable[Job]) -> Discovered:
        """What was found, as far as it is some units'."""
        parts = {part for job in jobs for part in self.survey.parts(job)}
        return replace(
            found,
            modules={folder: files for folder, files in found.modules.items() if folder in parts},
            documents=[path for path in found.documents if path in parts],
            plans=[path for path in found.plans if path in parts],
            variables=[path for path in found.variables if path.parent in parts],
        )

    def _within(
        self, whole: Share, jobs: Sequence[Job], executor: Executor | None, progress: Progress
    ) -> list[UnitResult]:
        """What some units come to that share an amount of work."""
        share = whole.split(len(jobs))
        results = list(self._evaluate(jobs, share, executor, progress))
        # What some units leave of their shares is given to those that need more, once.
        bounded = [at for at, result in enumerate(results) if result.bounded]
        left = whole.steps - sum(r.taken.steps for r in results if not r.bounded)
        larger = Share.of(left).split(len(bounded))
        if bounded and larger.steps > share.steps:
            more = [jobs[at] for at in bounded]
            again = self._evaluate(more, larger, executor, lambda done, total: None)  # noqa: ARG005 - as above
            for at, result in zip(bounded, again, strict=True):
                results[at] = result
        return results

    def examine(self, job: Job, share: Share) -> UnitResult:
        """Evaluate one unit and run the checks over it, with its share of the budget.

        Where that takes more memory than there is, that is its only result: what was made of it is
        free again for the others.
        """
        budget = Budget(share)
        self.survey.allot(budget)
        try:
            with until(self._end):
                result = self._examine_whole(job)
        except OutOfTime:
            message = OVER
        except MemoryError:
            message = "there is not enough memory to evaluate it; nothing in it was judged"
        else:
            result.taken, result.bounded = budget.taken, budget.refused
            return result
        gc.collect()  # only here: the error holds all that was made until it is left behind
        lacking = Diagnostic.of_file(self.files.display(job.path), message)
        return UnitResult(Outcome(diagnostics=[lacking]), 0, {}, {})

    def _examine_whole(self, job: Job) -> UnitResult:
        analysed = self.survey.graph(job, joined=False)
        result = self._examine(job, analysed)
        choices = analysed.unit.joins.choices
        if analysed.unit.joins.found:
            self._join(job, result)
        if choices:
            self._choose(job, result, choices)
        if job.environments:
            self._deploy(job, result)
        if self.options.branches == "all":
            ask = partial(self._examine, job, other=True)
            for condition, other in self.survey.other_branches(analysed, ask):
                result.add(other, condition)
        return result

    def _deploy(self, job: Job, result: UnitResult) -> None:
        """Judge a unit once more with the values of each of its environments."""
        found: list[Environment] = []
        for file, span in job.environments:
            with self.survey.half_the_rest() as budget, self.survey.deployed_with(job, file):
                one = self.survey.graph(job, joined=False)
                more = self._examine(job, one, other=True)
            whole = not (budget.refused or one.unit.diagnostics or more.outcome.diagnostics)
            name = self.files.display(file)
            found.append(Environment(name, span, more.outcome.findings, whole))
            result.take_note(more)
            result.files[name] = True
        result.outcome.findings = with_environments(result.outcome.findings, found)

    def _join(self, job: Job, result: UnitResult) -> None:
        """Judge a unit once more, with what others say of its values."""
        with self.survey.half_the_rest() as budget:
            together = self.survey.graph(job)
            more = self._examine(job, together, other=True)
        unit = together.unit
        whole = not (budget.refused or unit.diagnostics or more.outcome.diagnostics)
        result.join(more, together.redactor().redact(unit.joins.found), whole=whole)

    def _choose(self, job: Job, result: UnitResult, choices: Sequence[Mapping[str, Path]]) -> None:
        """Judge a unit with each stack that it may import from, where that may decide anything."""
        undecided = result.outcome.findings
        codes = {one.check.code for one in undecided if one.status is Status.UNDECIDED}
        checks = [entry for entry in self.checks if entry.info.code in codes]
        if not checks:
            return
        views: list[Choice] = []
        for chosen in choices:
            with self.survey.half_the_rest() as budget:
                together = self.survey.graph(job, chosen=chosen)
                more = self._examine(job, together, checks, other=True)
            unit = together.unit
            whole = not (budget.refused or unit.diagnostics or more.outcome.diagnostics)
            joins = together.redactor().redact(unit.joins.found)
            names = tuple(map(self.files.display, chosen.values()))
            views.append(Choice(names, more.outcome.findings, joins, whole))
            result.take_note(more)
        result.outcome.findings = agreed(result.outcome.findings, views)

    def _examine(
        self,
        job: Job,
        analysed: UnitGraph,
        checks: Sequence[LoadedCheck] | None = None,
        *,
        other: bool = False,
    ) -> UnitResult:
        """See ``examine``; ``other``: with other inputs, see ``UnitResult.add``."""
        checks = self.checks if checks is None else checks
        unit, graph = analysed.unit, analysed.graph
        options = self.options
        inner = list(self.survey.written_stacks(analysed))
        accepted = [one for each in (analysed, *inner) for one in each.unit.suppressions]
        suppressions = Suppressions(
            (*accepted, *options.accepted),
            options.today,
            enabled=options.suppressions,
            firm=options.unsuppressable,
            reasons=options.reasons,
        )
        external = options.external_modules
        working = self.files.working_inside
        outcome = examine(graph, checks, suppressions, external, working)
        if job.kind != "plan":

            def ask(taken: Guard, codes: frozenset[str]) -> Outcome | None:
                asked = [entry for entry in checks if entry.info.code in codes]
                with self.survey.half_the_rest() as budget:
                    joins = unit.joins
                    other = self.survey.graph(
                        job,
                        unit.branches.others,
                        taken,
                        joined=joins.taken,
                        chosen=joins.chosen,
                    )
                    found = examine(other.graph, asked, suppressions, external, working)
                unit.secrets |= other.unit.secrets
                return None if budget.refused else found

            take_each_arm(outcome, ask)
        if not other:
            remark(graph, FAMILIES, outcome, external)
            outcome.notes.extend(Note(o.name, "", o.span, o.message) for o in unit.observations)
        if job.kind != "plan":  # the sources' own unit tells what is wrong with their comments
            notes = suppressions.notes()
            outcome.notes.extend(n for n in notes if self.survey.is_said(n.span.path, job))
        # The front ends evaluate on demand, so what they met is complete only now.
        if not other:
            said = (one for one in unit.diagnostics if self.survey.is_said(one.path, job))
            outcome.diagnostics.extend(said)
        for each in inner:
            more = examine(each.graph, checks, suppressions, external, working)
            add_inner(outcome, each, more)
        redactor = analysed.redactor()
        outcome = redactor.redact(outcome)
        elsewhere = leave_to_others(outcome, unit)
        unavailable = {
            source: Diagnostic.at(span, f"not available: the module {source}")
            for source, span in redactor.redact([*unit.modules_unavailable.items()])
        }
        sources = tuple(unit.sources)
        off = () if job.kind == "plan" else redactor.redact(unit.branches.switched_off)
        uses = suppressions.uses()
        unseen = {one.span.path for one in off} if options.branches == "default" else set()
        whole = not (outcome.diagnostics or unit.modules_unavailable or external == "ignore")
        for use in uses:
            use.certain = whole and use.suppression.at.path not in unseen
        uses = redactor.redact(uses)
        return UnitResult(
            outcome,
            sum(e.resources for e in (analysed, *inner)) if job.reading == "opentofu" else 0,
            unit.files,
            unavailable,
            sources,
            off,
            elsewhere,
            unit.called,
            unjudged=unit.unjudged,
            uses=uses,
            applicable={code for each in (analysed, *inner) for code in self._applicable(each)},
            stated={place for each in (analysed, *inner) for place in each.said()},
        )

    def _applicable(self, analysed: UnitGraph) -> Iterator[str]:
        """The codes of the checks of which a unit declares something that they judge."""
        if not self.options.compliance:
            return  # nobody asks
        for entry in self.checks:
            if next(analysed.graph.all(*entry.check.types), None) is not None:
                yield entry.info.code

    def _evaluate(
        self, jobs: Sequence[Job], share: Share, executor: Executor | None, progress: Progress
    ) -> Iterator[UnitResult]:
        here = partial(self.examine, share=share)
        elsewhere = partial(self._elsewhere, share)
        number, tree = self.options.jobs, self.files.tree
        with Workers(jobs, number, executor, here, elsewhere, tree) as evaluate:
            for done, result in enumerate(evaluate, 1):
                progress(done, len(jobs))
                yield result

    def _elsewhere(self, share: Share) -> Callable[[Job], UnitResult]:
        """What evaluates a unit in a worker; one that is forked has this scan and its checks."""
        _CURRENT[self.options] = self
        for entry in self.checks:
            _ = entry.check
        return partial(examine_elsewhere, self.options, share)

    def _report(
        self, found: Discovered, jobs: Sequence[Job], results: Sequence[UnitResult]
    ) -> Report:
        errors = {*found.diagnostics}
        notes: dict[tuple[object, ...], Note] = {}
        unknowns: set[tuple[str, int, int]] = set()
        files: dict[str, bool] = {}
        unavailable: dict[str, Diagnostic] = {}
        for result in results:
            errors.update(result.outcome.diagnostics)
            unknowns |= result.outcome.unknowns
            unavailable.update(result.modules_unavailable)
            for name, whole in result.files.items():
                files[name] = files.get(name, True) and whole
            for note in result.outcome.notes:
                notes[note.name, note.span.key, note.message] = note
        for name, place in self.survey.undeclared():
            message = f'no template that is read declares the parameter "{name}"'
            notes["parameter", place.key, message] = Note("parameter", "", place, message)
        used = {place for result in results for place in result.stated}
        for one in () if found.selected else self.options.every_stated:
            if one.span.key not in used:
                message = (
                    f"nothing that is judged takes {one.pattern} from here: it is not asked for,"
                    " or has a value already"
                )
                notes["input", one.span.key, message] = Note("input", "", one.span, message)
        for what, fact in () if found.selected else self.options.known.named:
            if fact.span.key not in used:
                message = f"nothing that is judged has to do with {what}: {fact.text}"
                notes["known", fact.span.key, message] = Note("known", "", fact.span, message)
        if self.options.require_modules:
            errors.update(unavailable.values())
        self._settle_nested(jobs, results)
        met = [finding for result in results for finding in result.outcome.findings]
        findings = join(firmed(met, (f for result in results for f in result.elsewhere)))
        findings = tuple(with_severities(findings, dict(self.options.severities)))
        uses = (
            UnitUses(self.files.display(job.path), job.kind, result.uses)
            for job, result in zip(jobs, results, strict=True)
        )
        infos = [entry.info for entry in self.loaded]
        working = self.files.working_inside
        faults = suppression_findings(uses, infos, self.checks, working)
        if self.options.external_modules != "report":
            faults = (fault for fault in faults if not is_external(fault.span))
        findings = tuple(sorted((*findings, *faults), key=lambda finding: finding.order))
        named = {*found.selected}
        keep = ShownFiles(
            found,
            self.files,
            {
                source
                for job, result in zip(jobs, results, strict=True)
                if job.path in named
                for source in result.sources
            },
        )
        summary = self._summary(
            found, files, unavailable, jobs, results, len(unknowns), errors, keep
        )
        errors.update(self._nothing_found(found, summary))
        omitted = [one for one in summary.skipped if one.counts] if self.options.strict else []
        given = self.survey.parameter_files
        given |= {one.span.path for one in self.options.every_stated}
        shown = {error for error in errors if keep.error(error) or error.path in given}
        own = (*self.load_problems, *self.options.configuration_errors)
        kept = tuple(finding for finding in findings if keep.finding(finding))
        compared = self._compared(kept, jobs, results)
        told = {self._named(error) for error in (*own, *shown, *map(_counted, omitted))}
        accepted = {e for e in told if any(a.covers(e) for a in self.options.accepted_errors)}
        return Report(
            findings=kept if compared is None else compared.findings,
            baseline=compared,
            notes=tuple(
                note
                for note in sorted(notes.values(), key=lambda n: (*n.span.key, n.name, n.message))
                if keep.path(note.span.path)
            ),
            errors=tuple(sorted(told - accepted)),
            accepted_errors=tuple(sorted(accepted)),
            summary=summary,
            checks=tuple(entry.info for entry in self.checks),
            frameworks=self.frameworks,
            applicable=frozenset().union(*(result.applicable for result in results)),
            fail_on=self.options.fail_on,
            strict=self.options.strict,
            fail_on_undecided=self.options.fail_on_undecided,
        )

    def _settle_nested(self, jobs: Sequence[Job], results: Sequence[UnitResult]) -> None:
        """Join what stacks come to with what they do in those that likely nest them.

        Each is judged once: what is found of it in several others is one finding.
        """
        nesting = {
            self.files.display(job.path): result
            for job, result in zip(jobs, results, strict=True)
            if result.nested
        }
        seen: dict[str, list[tuple[str, View]]] = {}
        for unit, result in nesting.items():
            for view in result.nested:
                seen.setdefault(view.join.file, []).append((unit, view))
        alone = {
            self.files.display(job.path): result
            for job, result in zip(jobs, results, strict=True)
            if job.kind != "plan" and job.reading == "opentofu"
        }
        for file, places in sorted(seen.items()):
            # What is nested itself is given there what makes its own nested stacks what they are.
            outer = [view for unit, view in places if unit not in seen]
            inner = [view for unit, view in places if unit in seen]
            outcome = alone[file].outcome if file in alone else nesting[places[0][0]].outcome
            found = outcome.findings if file in alone else []
            more = settled_inside(found, outer, inner)
            outcome.findings = more if file in alone else [*outcome.findings, *more]

    def _named(self, error: Diagnostic) -> Diagnostic:
        """An error with its path named from the working directory: checks lie anywhere."""
        if not Path(error.path).is_absolute():
            return error
        return replace(error, path=self.files.display(error.path))

    def _compared(
        self, findings: Sequence[Finding], jobs: Sequence[Job], results: Sequence[UnitResult]
    ) -> Compared | None:
        """What the baseline says, where there is one."""
        if self.options.baseline is None:
            return None
        from iac_ec2lint.engine import baseline  # only where there is one

        name, text = self.options.baseline
        try:
            entries = baseline.read(text)
        except ValueError as error:
            raise UsageError(f"{name}: {error}") from None
        firm = self.options.unsuppressable
        whole = {
            self.files.display(job.path)
            for job, result in zip(jobs, results, strict=True)
            if not result.outcome.diagnostics
        }
        here = self.options.working
        gone = {
            e.unit
            for e in entries
            if not (self.files.is_folder(here / e.unit) or self.files.is_file(here / e.unit))
        }
        return baseline.compare(
            findings,
            [entry for entry in entries if entry.check not in firm],
            self.options.today,
            name=name,
            units=frozenset(whole | gone),
            ran=frozenset(entry.info.code for entry in self.checks),
        )

    def _summary(
        self,
        found: Discovered,
        files: Mapping[str, bool],
        unavailable: Mapping[str, Diagnostic],
        jobs: Sequence[Job],
        results: Iterable[UnitResult],
        unknowns: int,
        errors: Iterable[Diagnostic],
        keep: ShownFiles,
    ) -> Summary:
        unread = {error.path: error.message for error in errors if error.unread}
        skipped = {
            name: Skipped(name, why) for name, why in unread.items() if not files.get(name, True)
        }
        skipped |= found.skipped
        for path in found.terragrunt:
            name = self.files.display(path)
            skipped[name] = Skipped(name, _TERRAGRUNT)
        files = {name: whole for name, whole in files.items() if name not in skipped}
        configuration = [path for paths in found.modules.values() for path in paths]
        for path in (*configuration, *found.documents, *found.plans, *found.variables):
            name = self.files.display(path)
            if name not in files and name not in skipped:
                skipped[name] = _left_over(name, variables=path in found.variables)
        return Summary(
            found=len(files) + len(skipped),  # folders that are passed over are no files
            parsed=sum(files.values()),
            partial=tuple(sorted(name for name, whole in files.items() if not whole)),
            skipped=tuple(
                sorted((*skipped.values(), *found.folders.values(), *_unjudged(results)))
            ),
            units=len({(job.kind, job.path) for job in jobs}),
            called_only=self._called_only(found, jobs),
            resources=sum(result.resources for result in results),
            modules_unavailable=tuple(sorted(unavailable)),
            unknown_values=unknowns,
            switched_off=tuple(
                dict.fromkeys(
                    off
                    for result in results
                    for off in result.switched_off
                    if keep.path(off.span.path)
                )
            ),
            all_branches=self.options.branches == "all",
            stated=self.options.taken_as_said({p for one in results for p in one.stated}),
            taken=Share(
                sum(result.taken.steps for result in results),
                sum(result.taken.made for result in results),
            ),
        )

    def _called_only(self, found: Discovered, jobs: Iterable[Job]) -> tuple[str, ...]:
        """The modules and templates that are no units of their own."""
        every = {*found.modules, *found.documents}.difference(job.path for job in jobs)
        return tuple(sorted(self.files.display(path) for path in every))

    def _nothing_found(self, found: Discovered, summary: Summary) -> Iterator[Diagnostic]:
        read = summary.found > len(found.terragrunt)
        if summary.units or self.options.allow_empty or read:
            return
        yield from self.survey.nothing_found()


def _left_over(name: str, *, variables: bool) -> Skipped:
    """A file that no unit has read."""
    if variables:
        return Skipped(name, "no root module reads it of itself; name it with --var-file")
    if not is_module_file(name.rpartition("/")[2]) and name.endswith(CONFIGURATION):
        return Skipped(name, "Terraform reads no file of such a name")
    return Skipped(name, "nothing refers to it", counts=True)


def _unjudged(results: Iterable[UnitResult]) -> Iterator[Skipped]:
    """The resources in files of types that are never judged."""
    counts: Counter[tuple[str, str]] = Counter()
    for result in results:
        counts |= result.unjudged  # a module's are the same for each of its callers
    files: dict[str, list[str]] = {}
    for (path, kind), number in sorted(counts.items()):
        files.setdefault(path, []).append(f"{number:,} {kind}")
    for path, words in files.items():
        yield Skipped(path, f"not judged: {', '.join(words)}", counts=True)


def _counted(one: Skipped) -> Diagnostic:
    """The error that something passed over is to a strict scan."""
    words = "--strict counts what holds Terraform, a plan or a template and is not judged"
    return Diagnostic.of_file(one.path, f"{one.reason}; {words}")


_CURRENT: dict[ScanOptions, Scan] = {}
"""The scan that this process, or the one that it was forked from, works for."""


def examine_elsewhere(options: ScanOptions, share: Share, job: Job) -> UnitResult:
    """Evaluate one unit in a worker, which reads files and loads checks itself, once."""
    if options not in _CURRENT:
        _CURRENT.clear()
        _CURRENT[options] = Scan(options)
    return _CURRENT[options].examine(job, share)
