"""Judging one unit: its graph, the checks over it, and what else its inputs may make of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.scanning.unit_result import UnitResult, add_inner
from iac_ec2lint.answers.time_limit import NO_MEMORY, OVER, OutOfTime, until
from iac_ec2lint.answers.units import Job, Survey, UnitGraph
from iac_ec2lint.engine.external_modules import (
    Supplied,
    added_to,
    lacking_nothing,
    leave_to_others,
)
from iac_ec2lint.engine.finding import Finding, Note, Status
from iac_ec2lint.engine.other_inputs.environments import (
    Environment,
    any_settled,
    with_environments,
)
from iac_ec2lint.engine.other_inputs.joined import Choice, agreed
from iac_ec2lint.engine.other_inputs.other_branches import under
from iac_ec2lint.engine.other_inputs.written_arms import take_each_arm
from iac_ec2lint.engine.outcome.examining import Outcome, examine, remark
from iac_ec2lint.engine.registry import LoadedCheck
from iac_ec2lint.engine.suppressions.suppression import Suppressions
from iac_ec2lint.notes import families
from iac_ec2lint.source.budget import Budget, Spent, Turn
from iac_ec2lint.source.diagnostic import INPUT_REFUSED, Diagnostic
from iac_ec2lint.source.discovery import DEPLOYING

if TYPE_CHECKING:
    from iac_ec2lint.answers.scanning.options import ScanOptions
    from iac_ec2lint.declaration import Language, Unit
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Guard, Join


class UnitJudge:
    """What evaluates units and runs the checks over them.

    Args:
        options: What to scan and how.
        survey: What there is to scan, and what reads it.
        checks: The checks.
        end: When to stop, by the clock of ``time.monotonic``; ``None`` for never.
    """

    def __init__(
        self,
        options: ScanOptions,
        survey: Survey,
        checks: Sequence[LoadedCheck],
        end: float | None,
    ) -> None:
        self.options = options
        self.survey = survey
        self.files = survey.files
        self.checks = checks
        self._end = end

    def examine(self, job: Job, turn: Turn) -> UnitResult:
        """Evaluate one unit and run the checks over it, with its share of the budget.

        Where that takes more memory than there is, that is its only result: what was made of it is
        free again for the others. Where it has another turn, so is that its share is not enough.
        """
        budget = Budget(turn.share, ends=turn.ends)
        self.survey.allot(budget)
        try:
            with until(self._end):
                result = self._examine_whole(job)
        except Spent:
            return UnitResult(Outcome(), 0, {}, {}, bounded=True)
        except OutOfTime:
            message = OVER
        except MemoryError:
            message = NO_MEMORY
        else:
            result.taken, result.bounded = budget.taken, budget.refused
            return result
        gc.collect()  # only here: the error holds all that was made until it is left behind
        lacking = Diagnostic.of_file(self.files.display(job.path), message)
        return UnitResult(Outcome(diagnostics=[lacking]), 0, {}, {})

    def _examine_whole(self, job: Job) -> UnitResult:
        with self.survey.graph(job, joined=False) as analysed:
            result = self._examine(job, analysed)
            choices = analysed.unit.joins.choices
            if analysed.unit.joins.found:
                self._join(job, result)
            if choices:
                self._choose(job, result, choices, analysed.graph)
            if job.environments:
                self._deploy(job, result)
            if self.options.branches == "all":
                ask = partial(self._examine_branch, job)
                for condition, other in self.survey.other_branches(analysed, ask):
                    result.add(other, condition)
        return result

    def _examine_branch(self, job: Job, analysed: UnitGraph) -> UnitResult:
        with analysed:
            return self._examine(job, analysed, other=True)

    def _deploy(self, job: Job, result: UnitResult) -> None:
        """Judge a unit once more with the values of each of its environments."""
        if job.left_out:
            most, more, span = len(job.environments), len(job.left_out), job.left_out[0][1]
            of = self.files.display(job.path)
            message = f"{most} deployments of {of} are judged; {more} more, from here on, are not"
            result.outcome.notes.append(Note("deployment-not-judged", "", span, message))
        judged = [(one, self._environment(job, *one, result)) for one in job.environments]
        applied = [(one, *made) for one, made in judged if made is not None]
        found = [environment for _, environment, _ in applied]
        every: list[Environment] = []
        if job.is_all and any_settled(result.outcome.findings, found):
            for one, known, joined in applied:
                asks = joined or self.survey.depends(job, one[0])
                alone = self._environment(job, *one, result, apart=True) if asks else None
                every.append(known if alone is None else alone[0])
        if found:
            result.outcome.findings = with_environments(result.outcome.findings, found, every)

    def _environment(
        self, job: Job, file: Path, span: Span, result: UnitResult, *, apart: bool = False
    ) -> tuple[Environment, bool] | None:
        """What a unit comes to with the values of one of its environments; whether it is joined.

        What a configuration of Terragrunt deploys is joined with what others have applied. There is
        nothing where a validation refuses what it gives.

        Args:
            job: The unit.
            file: What has the values.
            span: Its first line.
            result: Takes note of it.
            apart: Whether nothing is known of what other deployments have applied.
        """
        with self.survey.deployed_with(job, file, apart=apart):
            joined = file.name in DEPLOYING and not apart
            evaluate = partial(self.survey.graph, job, joined=joined)
            joins, more, whole = self._again(job, evaluate)
        name = self.files.display(file)
        result.take_note(more)
        for one in self.survey.written(job, file):
            result.files[self.files.display(one)] = True
        refused = [one for one in more.outcome.notes if one.name == INPUT_REFUSED]
        if refused:
            result.outcome.notes.extend(refused)
            return None
        result.elsewhere.extend(under(f, f"deployed with {name}", span) for f in more.elsewhere)
        result.add_supplied(more, whole=whole)
        return Environment(name, span, more.outcome.findings, whole), bool(joins)

    def _join(self, job: Job, result: UnitResult) -> None:
        """Judge a unit once more, with what others say of its values."""
        joins, more, whole = self._again(job, partial(self.survey.graph, job))
        result.join(more, joins, whole=whole)

    def _choose(
        self, job: Job, result: UnitResult, choices: Sequence[Mapping[str, Path]], graph: Graph
    ) -> None:
        """Judge a unit with each stack that it may import from, where that may decide anything.

        What is not known leaves a check undecided, never silent: the others need no second turn.
        Nor do those that lack other inputs alone. Each stack may be the one that a unit adds to.
        """
        keys = {key for chosen in choices for key in chosen}
        found = result.outcome.findings
        codes = {one.check.code for one in found if _may_hang_on(one, keys)}
        checks = [
            entry
            for entry in self.checks
            if entry.info.code in codes or _adds(graph, entry.info.supplied_by)
        ]
        if not checks:
            return
        views: list[Choice] = []
        for chosen in choices:
            evaluate = partial(self.survey.graph, job, chosen=chosen)
            joins, more, whole = self._again(job, evaluate, checks)
            names = tuple(map(self.files.display, chosen.values()))
            said = [one for one in more.outcome.findings if one.check.code in codes]
            views.append(Choice(names, said, joins, whole))
            result.take_note(more)
            result.add_supplied(more, whole=whole)
        asked = [one for one in found if one.check.code in codes]
        others = [one for one in found if one.check.code not in codes]
        result.outcome.findings = [*agreed(asked, views), *others]

    def _again(
        self,
        job: Job,
        evaluate: Callable[[], UnitGraph],
        checks: Sequence[LoadedCheck] | None = None,
    ) -> tuple[tuple[Join, ...], UnitResult, bool]:
        """A unit evaluated otherwise: its joins, what it comes to, and whether that is all."""
        with self.survey.half_the_rest() as budget, evaluate() as analysed:
            more = self._examine(job, analysed, checks, other=True)
            wrong = budget.refused or analysed.unit.diagnostics or more.outcome.diagnostics
            return analysed.redactor().redact(analysed.unit.joins.found), more, not wrong

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

        def run(of: Graph, asked: Iterable[LoadedCheck]) -> Outcome:
            return examine(of, asked, suppressions, external, working)

        outcome = run(graph, checks)
        if job.kind != "plan":
            take_each_arm(outcome, partial(self._take_arm, job, unit, checks, run))
        if not other:
            remark(graph, families(graph), outcome, external)
        observed = (o for o in unit.observations if not other or o.name == INPUT_REFUSED)
        outcome.notes.extend(Note(o.name, "", o.span, o.message) for o in observed)
        if job.kind != "plan":  # the sources' own unit tells what is wrong with their comments
            notes = suppressions.notes()
            outcome.notes.extend(n for n in notes if self.survey.finder.is_said(n.span.path, job))
        # The front ends evaluate on demand, so what they met is complete only now.
        if not other:
            said = (one for one in unit.diagnostics if self.survey.finder.is_said(one.path, job))
            outcome.diagnostics.extend(said)
        for each in inner:
            add_inner(outcome, each, run(each.graph, checks))
        redactor = analysed.redactor()
        outcome = redactor.redact(outcome)
        supplied: set[Supplied] = set()
        if other and not outcome.diagnostics:
            found = outcome.findings
            supplied |= {*lacking_nothing(graph, unit.foreign, checks, found)}
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
            supplies=supplied,
            adds={*added_to(graph, unit.foreign, checks)} if other else set(),
        )

    def _take_arm(
        self,
        job: Job,
        unit: Unit,
        checks: Iterable[LoadedCheck],
        run: Callable[[Graph, Iterable[LoadedCheck]], Outcome],
        taken: Guard,
        codes: frozenset[str],
    ) -> Outcome | None:
        """What some checks come to where something is taken to hold; see ``take_each_arm``."""
        joins = unit.joins
        with self.survey.half_the_rest() as budget:
            others, chosen = unit.branches.others, joins.chosen
            with self.survey.graph(job, others, taken, joined=joins.taken, chosen=chosen) as arm:
                found = run(arm.graph, [entry for entry in checks if entry.info.code in codes])
        unit.secrets |= arm.unit.secrets
        return None if budget.refused else found

    def _applicable(self, analysed: UnitGraph) -> Iterator[str]:
        """The codes of the checks of which a unit declares something that they judge."""
        if not self.options.compliance:
            return  # nobody asks
        for entry in self.checks:
            if next(analysed.graph.all(*entry.check.types), None) is not None:
                yield entry.info.code


def _adds(graph: Graph, types: Mapping[Language, Iterable[str]]) -> bool:
    """Whether a unit declares something of some types."""
    return any(not graph.types.isdisjoint(names) for names in types.values())


def _may_hang_on(finding: Finding, keys: set[str]) -> bool:
    """Whether what is undecided may hang on what others export.

    Args:
        finding: A finding.
        keys: The inputs that the names of what is imported begin with.
    """
    if finding.status is not Status.UNDECIDED:
        return False
    return (
        finding.beyond
        or not finding.inputs
        or any(
            one.fact or one.key in keys or one.key.startswith("export:") for one in finding.inputs
        )
    )
