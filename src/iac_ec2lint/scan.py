"""One scan: from paths and options to a report. Joins the front ends, the graph and the checks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.cloudformation.options import Options as TemplateOptions
from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.engine.finding import Evidence, Finding, Note, Report, Severity, Skipped, Summary
from iac_ec2lint.engine.registry import LoadedCheck, builtin_folder, installed_folders, load
from iac_ec2lint.engine.run import Outcome, examine, join
from iac_ec2lint.engine.suppression import Suppressions
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.registry import typed, types
from iac_ec2lint.source.boundary import find_boundary, work_tree
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import Found, discover
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.patterns import PathPatterns
from iac_ec2lint.terraform.unit import Modules
from iac_ec2lint.terraform.unit import Options as TerraformOptions
from iac_ec2lint.terraform.unit import evaluate as evaluate_root_module

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from iac_ec2lint.declaration import Unit

Parser = Literal["tree-sitter", "python-hcl2"]
Progress = Callable[[int, int], None]
"""Told how many units are done, and how many there are."""

_POOL_BYTES = 6_000_000
"""Text of configuration and templates from which a pool of workers pays: about 2 s of work."""


class UsageError(Exception):
    """The program is used wrongly; the message names the culprit and what is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to scan and how.

    Attributes:
        paths: Absolute paths of files and folders. A folder is scanned as a whole; a file selects.
        working: The folder that messages name paths from.
        exclude: Paths that are left out, in gitignore's syntax, relative to ``working``.
        boundary: The folder outside which nothing is read; found where it is not given.
        select: Codes, names or families of the checks to run; all that are on by default if empty.
        ignore: Codes, names or families of checks not to run.
        checks: Folders of further checks.
        fail_on: The severity from which a finding fails the run.
        strict: Whether undecided findings fail it as well.
        require_modules: Whether a module that is not on the disk is an error.
        allow_empty: Whether there may be nothing to scan.
        variables: Terraform input variables, as text.
        var_files: Files of Terraform input variables.
        environment: Where ``TF_VAR_*`` are taken from.
        workspace: The Terraform workspace.
        region: The AWS Region, where nothing else says it.
        hcl_parser: What reads HCL.
        stdin: A path, and the bytes that stand for its content.
        jobs: Worker processes; 0 chooses by the amount of work.
        today: The day on which suppressions end or hold.
    """

    paths: tuple[Path, ...]
    working: Path = field(default_factory=Path.cwd)
    exclude: tuple[str, ...] = ()
    boundary: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    checks: tuple[Path, ...] = ()
    fail_on: Severity = Severity.MEDIUM
    strict: bool = False
    require_modules: bool = False
    allow_empty: bool = False
    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[Path, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    workspace: str | None = None
    region: str | None = None
    hcl_parser: Parser = "tree-sitter"
    stdin: tuple[Path, bytes] | None = None
    jobs: int = 0
    today: date = field(default_factory=date.today)


class Job(NamedTuple):
    """A unit to evaluate: a root module's folder or a template's file."""

    kind: Literal["root-module", "stack"]
    path: Path


@dataclass(slots=True)
class UnitResult:
    """What one unit came to, fit to be sent from a worker."""

    outcome: Outcome
    resources: int
    files: dict[str, bool]
    modules_unavailable: dict[str, Diagnostic]


def load_checks(
    folders: Sequence[Path] = (),
) -> tuple[tuple[LoadedCheck, ...], tuple[Diagnostic, ...]]:
    """The built-in checks, those of installed packages and those of ``folders``, by code."""
    installed, problems = installed_folders()
    own = [folder.absolute() for folder in folders]
    loaded, more = load((builtin_folder(), *installed, *own))
    return loaded, problems + more


def choose(
    loaded: Sequence[LoadedCheck], select: Sequence[str], ignore: Sequence[str]
) -> tuple[LoadedCheck, ...]:
    """The checks that run.

    Args:
        loaded: All that there are.
        select: Codes, names or families; those that are on by default if empty.
        ignore: Codes, names or families that do not run.

    Raises:
        UsageError: A word is no check's.
    """
    by_word: dict[str, set[str]] = {}
    for entry in loaded:
        for word in (entry.info.code, entry.info.name, entry.info.family):
            by_word.setdefault(word.lower(), set()).add(entry.info.code)

    def codes(words: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for word in words:
            if word.lower() not in by_word:
                raise UsageError(f"no check or family is called {word!r}; see 'iac-ec2lint checks'")
            found |= by_word[word.lower()]
        return found

    wanted = codes(select) if select else {e.info.code for e in loaded if e.info.default}
    wanted -= codes(ignore)
    return tuple(entry for entry in loaded if entry.info.code in wanted)


def scan(
    options: Options, *, executor: Executor | None = None, progress: Progress | None = None
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
    return Scan(options).run(executor, progress or (lambda done, total: None))  # noqa: ARG005 - named by the callers


class Scan:
    """A scan under way: what was read and evaluated so far.

    Args:
        options: What to scan and how.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        paths = list(options.paths)
        if options.stdin is not None:
            paths.append(options.stdin[0])
        self.paths = tuple(paths)
        boundary = options.boundary or find_boundary(
            [Path(os.path.realpath(path)) for path in paths] or [options.working],
            Path(os.path.realpath(options.working)),
        )
        self.files = Files(boundary, options.working)
        if options.stdin is not None:
            self.files.give(*options.stdin)
        self.exclude = PathPatterns(options.exclude)
        self.modules = Modules(
            self.files,
            TerraformOptions(
                var_files=options.var_files,
                variables=options.variables,
                environment=dict(options.environment),
                workspace=options.workspace,
                region=options.region,
                parser=options.hcl_parser,
            ),
        )
        self.templates = Templates(self.files, TemplateOptions(region=options.region))
        self.loaded, self.load_problems = load_checks(options.checks)
        self.checks = choose(self.loaded, options.select, options.ignore)
        self.wanted = types()

    def run(self, executor: Executor | None, progress: Progress) -> Report:
        """Do it."""
        for path in self.paths:
            if not self.files.inside(path):
                name = self.files.display(path)
                raise UsageError(f"{name} lies outside the boundary {self.files.boundary}")
        found = discover(self.paths, self.files, self.exclude)
        jobs = [*self._root_modules(found), *self._stacks(found)]
        results = list(self._evaluate(jobs, executor, progress))
        return self._report(found, jobs, results)

    def examine(self, job: Job) -> UnitResult:
        """Evaluate one unit and run the checks over it."""
        unit = self._unit(job)
        graph = Graph(typed(declared) for declared in unit.declarations)
        suppressions = Suppressions(unit.suppressions, self.options.today)
        outcome = examine(graph, self.checks, suppressions)
        outcome.notes.extend(suppressions.notes(entry.info for entry in self.loaded))
        # The front ends evaluate on demand, so what they met is complete only now.
        outcome.diagnostics.extend(unit.diagnostics)
        unavailable = {
            source: Diagnostic.at(span, f"the module {source} is not on the disk")
            for source, span in unit.modules_unavailable.items()
        }
        return UnitResult(outcome, len(unit.declarations), unit.files, unavailable)

    def _unit(self, job: Job) -> Unit:
        if job.kind == "root-module":
            return evaluate_root_module(job.path, self.modules, self.wanted)
        return self.templates.evaluate(job.path, self.wanted)

    def _root_modules(self, found: Found) -> Iterator[Job]:
        """The root modules: the folders that nobody in the scanned paths calls."""
        named = {*found.selected}
        selected = {
            path.parent
            for path in found.selected
            if path.parent in found.modules or path in found.variables
        }
        whole = {f for f, files in found.modules.items() if not named.issuperset(files)}
        folders = set(found.modules)
        if selected:
            folders |= {folder for around in self._around(found) for folder in around.modules}
        for root in _roots(folders, self.modules.called, selected | whole):
            yield Job("root-module", root)

    def _stacks(self, found: Found) -> Iterator[Job]:
        """The templates that no other template nests by a local path."""
        templates = [path for path in found.documents if self.templates.is_template(path)]
        named = {*found.selected}
        for path in found.documents:
            if path in named and path not in templates:
                found.skipped[self.files.display(path)] = "it is not a CloudFormation template"
        found.documents = templates
        every = set(templates)
        if named & every:
            every |= {
                path
                for around in self._around(found)
                for path in around.documents
                if self.templates.is_template(path)
            }
        for path in _roots(every, self.templates.nested, set(templates)):
            yield Job("stack", path)

    def _around(self, found: Found) -> Iterator[Found]:
        """What lies around files given by name: their work trees, or their folders."""
        tops = {work_tree(path) or path.parent for path in found.selected}
        for top in sorted(tops):
            if self.files.inside(top):
                yield discover([top], self.files, self.exclude)

    def _evaluate(
        self, jobs: Sequence[Job], executor: Executor | None, progress: Progress
    ) -> Iterator[UnitResult]:
        with _Workers(self, jobs, executor) as evaluate:
            for done, result in enumerate(evaluate, 1):
                progress(done, len(jobs))
                yield result

    def _report(self, found: Found, jobs: Sequence[Job], results: Sequence[UnitResult]) -> Report:
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
        if self.options.require_modules:
            errors.update(unavailable.values())
        findings = join(f for result in results for f in result.outcome.findings)
        keep = _Selection(found, self.files)
        summary = self._summary(
            found, files, unavailable, len(jobs), results, len(unknowns), errors
        )
        errors.update(self._nothing_found(summary))
        shown = {error for error in errors if keep.error(error)}
        return Report(
            findings=tuple(finding for finding in findings if keep.finding(finding)),
            notes=tuple(
                note
                for note in sorted(notes.values(), key=lambda n: (*n.span.key, n.name, n.message))
                if keep.path(note.span.path)
            ),
            errors=tuple(sorted(self._named(error) for error in (*self.load_problems, *shown))),
            summary=summary,
            checks=tuple(entry.info for entry in self.checks),
            fail_on=self.options.fail_on,
            strict=self.options.strict,
        )

    def _named(self, error: Diagnostic) -> Diagnostic:
        """An error with its path named from the working directory: checks lie anywhere."""
        if not Path(error.path).is_absolute():
            return error
        return replace(error, path=self.files.display(error.path))

    def _summary(
        self,
        found: Found,
        files: Mapping[str, bool],
        unavailable: Mapping[str, Diagnostic],
        units: int,
        results: Iterable[UnitResult],
        unknowns: int,
        errors: Iterable[Diagnostic],
    ) -> Summary:
        unread = {error.path: error.message for error in errors if not error.line}
        skipped = {name: why for name, why in unread.items() if not files.get(name, True)}
        skipped |= found.skipped
        files = {name: whole for name, whole in files.items() if name not in skipped}
        configuration = [path for paths in found.modules.values() for path in paths]
        for path in (*configuration, *found.documents, *found.variables):
            name = self.files.display(path)
            if name not in files and name not in skipped:
                skipped[name] = (
                    "no root module reads it of itself; name it with --var-file"
                    if path in found.variables
                    else "nothing refers to it"
                )
        return Summary(
            found=len(files) + len(skipped),
            parsed=sum(files.values()),
            partial=tuple(sorted(name for name, whole in files.items() if not whole)),
            skipped=tuple(Skipped(name, why) for name, why in sorted(skipped.items())),
            units=units,
            resources=sum(result.resources for result in results),
            modules_unavailable=tuple(sorted(unavailable)),
            unknown_values=unknowns,
        )

    def _nothing_found(self, summary: Summary) -> Iterator[Diagnostic]:
        if summary.units or self.options.allow_empty or summary.found:
            return
        for path in self.paths:
            yield Diagnostic.of_file(
                self.files.display(path),
                "there is nothing to scan: no Terraform and no CloudFormation",
            )


class _Selection:
    """What of a report is shown: all, or what touches the files that were given by name."""

    def __init__(self, found: Found, files: Files) -> None:
        self._paths: set[str] | None = None
        if found.selected:
            given = [path for paths in found.modules.values() for path in paths]
            shown = (*given, *found.documents, *found.variables, *found.selected)
            self._paths = {files.display(path) for path in shown}

    def path(self, path: str) -> bool:
        """Whether a file is among them."""
        return self._paths is None or path in self._paths

    def finding(self, finding: Finding) -> bool:
        """Whether a finding's span, or a hop of its proof, is in one of them."""
        return self.path(finding.span.path) or any(self._hop(hop) for hop in finding.evidence)

    def error(self, error: Diagnostic) -> bool:
        """Whether an error is about one of them, or about no scanned file (a check's)."""
        return self.path(error.path) or error.path.endswith(".py")

    def _hop(self, hop: Evidence) -> bool:
        return self.path(hop.span.path)


class _Workers:
    """Evaluates units: in this process, in an executor that was given, or in a pool of its own."""

    def __init__(self, current: Scan, jobs: Sequence[Job], executor: Executor | None) -> None:
        self._scan = current
        self._jobs = jobs
        self._given = executor
        self._own: Executor | None = None

    def __enter__(self) -> Iterator[UnitResult]:
        count = self._count()
        if self._given is None and count <= 1:
            return map(self._scan.examine, self._jobs)
        executor = self._given or self._pool(count)
        options = [self._scan.options] * len(self._jobs)
        return iter(executor.map(examine_elsewhere, options, self._jobs))

    def __exit__(self, *details: object) -> None:
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _count(self) -> int:
        if self._scan.options.jobs:
            return min(self._scan.options.jobs, len(self._jobs))
        size = sum(_size(job) for job in self._jobs)
        return 1 if size < _POOL_BYTES else min(os.cpu_count() or 1, len(self._jobs))

    def _pool(self, count: int) -> Executor:
        # Forked workers have the checks and the parsed modules already; see examine_elsewhere.
        from concurrent.futures import ProcessPoolExecutor  # costs start-up time where none is used
        from multiprocessing import get_all_start_methods, get_context

        method = "fork" if "fork" in get_all_start_methods() else "spawn"
        _CURRENT[self._scan.options] = self._scan
        self._own = ProcessPoolExecutor(count, mp_context=get_context(method))
        return self._own


_CURRENT: dict[Options, Scan] = {}
"""The scan that this process, or the one that it was forked from, works for."""


def examine_elsewhere(options: Options, job: Job) -> UnitResult:
    """Evaluate one unit in a worker, which reads files and loads checks itself, once."""
    if options not in _CURRENT:
        _CURRENT.clear()
        _CURRENT[options] = Scan(options)
    return _CURRENT[options].examine(job)


def _size(job: Job) -> int:
    try:
        if job.kind == "stack":
            return job.path.stat().st_size
        return sum(entry.stat().st_size for entry in os.scandir(job.path) if entry.is_file())
    except OSError:
        return 0


def _roots(
    every: set[Path], calls: Callable[[Path], set[Path]], wanted: set[Path]
) -> Iterator[Path]:
    """Those of ``every`` that no other calls and that have a part of ``wanted`` in them.

    With them come those that share a part with one of them: what is said of a shared line names
    all its users, so it must not hang on what was wanted.
    """
    order = sorted(every)
    direct: dict[Path, set[Path]] = {}
    reach = {path: _reachable(path, calls, direct) for path in order}
    inner = {below for path in order for below in reach[path] if below != path}
    roots = [path for path in order if path not in inner]
    covered = {below for root in roots for below in reach[root]}
    for path in order:  # those that only call one another in a circle
        if path not in covered:
            roots.append(path)
            covered |= reach[path]
    touched = set(wanted)
    size = -1
    while size != len(touched):
        size = len(touched)
        for root in roots:
            if not reach[root].isdisjoint(touched):
                touched |= reach[root]
    yield from (root for root in roots if not reach[root].isdisjoint(touched))


def _reachable(
    start: Path, calls: Callable[[Path], set[Path]], direct: dict[Path, set[Path]]
) -> set[Path]:
    """All that is called from ``start``, itself included; ``direct`` remembers each one's calls."""
    found = {start}
    pending = [start]
    while pending:
        path = pending.pop()
        if path not in direct:
            direct[path] = calls(path)
        for inner in direct[path] - found:
            found.add(inner)
            pending.append(inner)
    return found
