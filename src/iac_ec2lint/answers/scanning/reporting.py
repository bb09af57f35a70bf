"""Making the report of a scan of what its units come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.inputs import UsageError
from iac_ec2lint.answers.scanning.shown_files import ShownFiles
from iac_ec2lint.answers.scanning.unit_result import UnitResult
from iac_ec2lint.answers.units import Job, Survey
from iac_ec2lint.engine.attribution import is_external
from iac_ec2lint.engine.external_modules import Importer, with_elsewhere
from iac_ec2lint.engine.finding import Finding, Note
from iac_ec2lint.engine.other_inputs.joined import View, settled_inside
from iac_ec2lint.engine.outcome.joining import join
from iac_ec2lint.engine.registry import LoadedCheck
from iac_ec2lint.engine.report import Report, Summary
from iac_ec2lint.engine.suppressions.acceptance import with_severities
from iac_ec2lint.engine.suppressions.checks import UnitUses, suppression_findings
from iac_ec2lint.source.budget import Share
from iac_ec2lint.source.diagnostic import Diagnostic, Skipped
from iac_ec2lint.source.discovery import CONFIGURATION, DEPLOYING, is_module_file

if TYPE_CHECKING:
    from iac_ec2lint.answers.scanning.options import ScanOptions
    from iac_ec2lint.engine.baseline import Compared
    from iac_ec2lint.engine.framework import Framework
    from iac_ec2lint.source.discovery import Discovered

_TERRAGRUNT = (
    "it is not known to deploy a root module of the scan, nor read by what does; a plan as JSON"
    " has what Terragrunt adds"
)


_UNPARSED = "it is no HCL that can be parsed, so that what Terragrunt deploys by it is not known"


class ReportMaker:
    """What makes the report.

    Args:
        options: What to scan and how.
        survey: What there was to scan, and what has read it.
        loaded: All checks.
        checks: Those that ran.
        frameworks: The frameworks whose controls are reported.
        load_problems: What is wrong with checks.
    """

    def __init__(
        self,
        options: ScanOptions,
        survey: Survey,
        loaded: Sequence[LoadedCheck],
        checks: Sequence[LoadedCheck],
        frameworks: tuple[Framework, ...],
        load_problems: Sequence[Diagnostic],
    ) -> None:
        self.options = options
        self.survey = survey
        self.files = survey.files
        self.loaded = loaded
        self.checks = checks
        self.frameworks = frameworks
        self.load_problems = load_problems

    def make(self, found: Discovered, jobs: Sequence[Job], results: Sequence[UnitResult]) -> Report:
        """The report.

        Args:
            found: What was found below the paths.
            jobs: The units.
            results: What each comes to, in the same order.
        """
        errors = {*found.diagnostics}
        unknowns: set[tuple[str, int, int]] = set()
        files: dict[str, bool] = {}
        unavailable: dict[str, Diagnostic] = {}
        for result in results:
            errors.update(result.outcome.diagnostics)
            unknowns |= result.outcome.unknowns
            unavailable.update(result.modules_unavailable)
            for name, whole in result.files.items():
                files[name] = files.get(name, True) and whole
        if self.options.require_modules:
            errors.update(unavailable.values())
        self._settle_nested(jobs, results)
        findings = self._findings(jobs, results)
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
        given = self.survey.finder.parameter_files
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
            notes=tuple(n for n in self._notes(found, results) if keep.path(n.span.path)),
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

    def _findings(self, jobs: Sequence[Job], results: Sequence[UnitResult]) -> list[Finding]:
        """What all units come to together, and what is wrong with suppressions, in order."""
        met = [finding for result in results for finding in result.outcome.findings]
        importers = [
            Importer(self.files.display(job.path), result.supplies, result.adds, result.elsewhere)
            for job, result in zip(jobs, results, strict=True)
            if result.supplies or result.elsewhere
        ]
        deployments = {
            self.files.display(job.path): {
                self.files.display(file): span for file, span in deploying
            }
            for job in jobs
            if (deploying := [*job.environments, *job.left_out])
            and all(file.name in DEPLOYING for file, _ in deploying)
        }
        joined = join(with_elsewhere(met, importers, deployments))
        uses = (
            UnitUses(self.files.display(job.path), job.kind, result.uses)
            for job, result in zip(jobs, results, strict=True)
        )
        infos = [entry.info for entry in self.loaded]
        faults = [*suppression_findings(uses, infos, self.checks, self.files.working_inside)]
        if self.options.external_modules != "report":
            faults = [fault for fault in faults if not is_external(fault.span)]
        findings = [*with_severities(joined, dict(self.options.severities))]
        if not faults:
            return findings  # they are joined in order
        return sorted((*findings, *faults), key=lambda finding: finding.order)

    def _notes(self, found: Discovered, results: Iterable[UnitResult]) -> list[Note]:
        """What all units have to note, and which inputs nothing takes, each once and in order."""
        notes = [note for result in results for note in result.outcome.notes]
        for name, place in self.survey.finder.undeclared():
            message = f'no template that is read declares the parameter "{name}"'
            notes.append(Note("parameter", "", place, message))
        for name, place in self.survey.finder.undeclared_variables():
            message = f'no module that is read declares the variable "{name}"'
            notes.append(Note("variable", "", place, message))
        used = {place for result in results for place in result.stated}
        for one in () if found.selected else self.options.every_stated:
            if one.span.key not in used:
                message = (
                    f"nothing that is judged takes {one.pattern} from here: it is not asked for,"
                    " or has a value already"
                )
                notes.append(Note("input", "", one.span, message))
        for what, fact in () if found.selected else self.options.known.named:
            if fact.span.key not in used:
                message = f"nothing that is judged has to do with {what}: {fact.text}"
                notes.append(Note("known", "", fact.span, message))
        each = {(*note.span.key, note.name, note.message): note for note in notes}
        return [note for _, note in sorted(each.items())]

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
            if name not in files:
                unparsed = self.survey.modules.configurations.get(path, path) is None
                why = _UNPARSED if unparsed else _TERRAGRUNT
                skipped[name] = Skipped(name, why, counts=unparsed)
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
        yield from self.survey.finder.nothing_found()


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
