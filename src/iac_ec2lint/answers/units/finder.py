"""Which units there are in what a command is given."""

from __future__ import annotations

import os
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.inputs import Inputs, UnitInputs, UsageError
from iac_ec2lint.answers.units.calls import reachable, roots_of
from iac_ec2lint.answers.units.job import Job
from iac_ec2lint.source.boundary import work_tree
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import (
    TEMPLATES,
    TERRAGRUNT_ENDING,
    discover,
)
from iac_ec2lint.source.patterns import AnyOfPatterns, PathPatterns
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from iac_ec2lint.answers.units.root_modules import RootModuleFinder
    from iac_ec2lint.cloudformation.templates import Templates
    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.source.discovery import Discovered
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.module_files import Reading
    from iac_ec2lint.terraform.plan.unit import Plans
    from iac_ec2lint.terraform.unit import Modules

_EMPTY_PIPE = "standard input is empty: what writes it may have failed"
_NEITHER = "it is neither Terraform, nor a template, nor a plan as JSON"
_HINT = "; leave it out, or name what it is made to"


def _may_have_modules(found: Discovered) -> bool:
    """Whether there may be any of Terraform's modules in what was found, or around it."""
    deploying = any(path.suffix == TERRAGRUNT_ENDING for path in found.selected)
    return deploying or bool(found.modules or found.variables)


class UnitFinder:
    """Finds the root modules, stacks and plans below some paths.

    Args:
        inputs: What is read, and what it is evaluated with.
        files: What reads files.
        readings: The modules in each reading, made when they are first asked for.
        plans: What reads plans, as ``readings``.
        templates: What reads templates, as ``readings``.
        given: Where parameters are given to all of them, by name.

    Attributes:
        folders: The folders of all modules that were found; ``None`` before these are sought.
    """

    def __init__(
        self,
        inputs: Inputs,
        files: Files,
        readings: Callable[[], Mapping[Reading, Modules]],
        plans: Callable[[], Plans],
        templates: Callable[[], Templates],
        given: Mapping[str, Span],
    ) -> None:
        self._inputs = inputs
        self._paths = inputs.every_path
        self._files = files
        self._readings = readings
        self._plan_files = plans
        self._templates = templates
        self._given = given
        self._exclude = AnyOfPatterns((PathPatterns(inputs.exclude), *inputs.excluded))
        self._roots: list[Path] | None = None
        self._every: list[Path] = []
        self.folders: list[Path] | None = None
        self._calls: dict[Path, set[Path]] = {}
        self._size = cache(files.tree.size)

    @cached_property
    def _root_modules(self) -> RootModuleFinder:
        from iac_ec2lint.answers.units.root_modules import RootModuleFinder  # for start-up time

        return RootModuleFinder(self, self._inputs, self._files, self._readings())

    def inputs_of(self, kind: UnitKind, path: Path) -> list[UnitInputs]:
        """What the configuration says of the inputs of a unit."""
        return self._inputs.of_unit(kind, self._files.display(path))

    def find(self) -> Discovered:
        """The files that may hold something.

        Raises:
            UsageError: A path lies outside the boundary.
        """
        root = self._inputs.source_root
        followed: list[Path] = []
        refused: list[Diagnostic] = []
        for path in self._paths if root is None else (*self._paths, root):
            refusal = self._files.refusal(path)
            name = self._files.display(path)
            if refusal and (path == root or not self._files.led_away(path)):
                raise UsageError(f"{name} {refusal}")
            if refusal:  # what is scanned has put the link there, and not who runs the program
                refused.append(Diagnostic.of_file(name, f"it {refusal}"))
            elif path != root:
                followed.append(path)
        found = discover(followed, self._files, self._exclude)
        found.diagnostics.extend(refused)
        if self._inputs.stdin is not None and not self._inputs.stdin[1].strip():
            name = self._files.display(self._inputs.stdin[0])
            found.diagnostics.append(Diagnostic.of_file(name, _EMPTY_PIPE))
        if _may_have_modules(found):
            self._root_modules.note_generators_of(followed, found)
        return found

    def units(self, found: Discovered) -> list[Job]:
        """The root modules, the stacks and the plans in what was found, each sort by path."""
        plans = list(self._plans(found))
        return [*self._root_jobs(found), *self._stacks(found), *plans]

    def _root_jobs(self, found: Discovered) -> list[Job]:
        """The root modules."""
        if _may_have_modules(found):
            return [*self._root_modules.find(found)]
        self.folders = []
        return []

    def nothing_found(self) -> Iterator[Diagnostic]:
        """What to say of each path where there is no unit and no file."""
        for path in self._paths:
            yield Diagnostic.of_file(
                self._files.display(path),
                "there is nothing to scan: no Terraform and no CloudFormation",
            )

    def _plans(self, found: Discovered) -> Iterator[Job]:
        """The plans, which are documents of no other kind then."""
        named = {*found.selected}
        others: set[Path] = set()
        for path in found.documents:
            if self._plan_files().is_plan(path):
                if path not in named and self._plan_files().is_other_output(path):
                    found.skip(self._files.display(path), "it is Terraform's, and no plan")
                    others.add(path)
                    continue
                found.plans.append(path)
                yield Job("plan", path)
            elif path in named and (problem := self._plan_files().near_miss(path)) is not None:
                found.diagnostics.append(problem)
        others.update(found.plans)
        found.documents = [path for path in found.documents if path not in others]

    def _nested(self, template: Path) -> set[Path]:
        return self._templates().nested(template)

    def _is_template(self, path: Path) -> bool:
        return not self._plan_files().is_plan(path) and self._templates().is_template(path)

    def is_said(self, path: str, job: Job) -> bool:
        """Whether a reading is the one whose diagnostics of a file are told: each is told once.

        Args:
            path: The file, as messages name it.
            job: A root module, as OpenTofu or as Terraform reads it.
        """
        return job.reading == "opentofu" or self._root_modules.is_shadowed(path)

    def _called(self, folder: Path) -> set[Path]:
        return self._root_modules.called(folder)

    def left_over(self, found: Discovered, jobs: Iterable[Job], called: set[str]) -> list[Job]:
        """The units that are judged after all others: what these call only where it is off.

        Args:
            found: What was found.
            jobs: The units that are judged already.
            called: What these have an instance of, as messages name it.
        """
        done = {job.path for job in jobs}

        def rest(every: Iterable[Path]) -> set[Path]:
            return {p for p in every if p not in done and self._files.display(p) not in called}

        folders, templates = rest(found.modules), rest(found.documents)
        return [
            *(
                job
                for path, _ in roots_of(folders, self._called, folders)
                for job in self._root_modules.read(path, is_root=False)
            ),
            *(Job("stack", p, False) for p, _ in roots_of(templates, self._nested, templates)),
        ]

    def _stacks(self, found: Discovered) -> Iterator[Job]:
        """The templates that no other template nests by a local path."""
        known = self._value_files("stack")
        named = {*found.selected}
        if not found.documents and named.isdisjoint(known):
            self._roots = []
            return
        from iac_ec2lint.cloudformation.parameters.environment_files import (  # as ``Survey``
            ENVIRONMENTS,
            by_template,
            file_of,
            parameter_files,
            why_not_taken,
        )

        templates = [path for path in found.documents if self._is_template(path)]
        others = {*found.documents}.difference(templates)
        found.documents = templates
        given = list(parameter_files(sorted(others - known), self._files))
        chosen = named & (known | {one.file for one in given})
        every = set(templates)
        fed: set[Path] = set()
        if named & every or chosen:
            around = {path for around in self.around(found) for path in around.documents}
            beside = {path for path in around if self._is_template(path)}
            more = sorted(around - beside - known - {one.file for one in given})
            given += parameter_files(more, self._files)
            every |= beside
            fed = self.fed(found, "stack", beside)
        roots = dict(roots_of(every, self._templates().nested, every))
        self._roots = list(roots)
        self._every = sorted(every)
        alone = [path for path, is_root in roots.items() if is_root and not self._has_values(path)]
        top = self._files.boundary
        fitting = by_template(given, alone, self._templates().templates, top)
        environments = {stack: files[:ENVIRONMENTS] for stack, files in fitting.items()}
        feeding = {(file_of(path), s) for s, files in environments.items() for path, _ in files}
        fed |= {stack for path, stack in feeding if path in named}
        unfit = {one.file: one for one in given} if every else {}
        for path in sorted(others.difference(path for path, _ in feeding)):
            one = unfit.get(path)
            if one is not None and one.error is not None:
                found.diagnostics.append(one.error)
            else:
                self._pass_over(found, path, why_not_taken(one))
        wanted = {path for path, _ in roots_of(every, self._templates().nested, {*templates, *fed})}
        # What imports from one of them may find something in it that it cannot say itself.
        given_there = {
            path
            for path in (self._bodies() if wanted else set()) - named
            if path not in fitting and not self._has_values(path)
        }
        wanted -= given_there
        rest = [path for path in self._roots if path not in wanted | given_there]
        wanted.update(p for p in rest if not wanted.isdisjoint(self._templates().imported(p)))
        for path in sorted(wanted):
            left_out = fitting.get(path, ())[ENVIRONMENTS:]
            yield Job(
                "stack",
                path,
                roots[path],
                environments=environments.get(path, ()),
                left_out=left_out,
            )

    def _bodies(self) -> set[Path]:
        """The templates of which root modules make stacks: these say what parameters they have."""
        return self._root_modules.bodies(self.folders) if self.folders else set()

    def _has_values(self, template: Path) -> bool:
        """Whether somebody says what a template's parameters are."""
        own = self.inputs_of("stack", template)
        return bool(self._inputs.parameters) or any(one.parameters for one in own)

    def _pass_over(self, found: Discovered, path: Path, known: str | None) -> None:
        """Say of a document that is no template what it is, where that matters.

        Args:
            found: What was found.
            path: The document.
            known: What it is, where that is known.
        """
        if self.folders and path in self._root_modules.configurations:
            return
        name = self._files.display(path)
        reason = self._plan_files().omission(path) if path.name.endswith(TEMPLATES) else None
        reason = reason or self._templates().omission(path)
        if reason is not None:
            found.skip(name, reason, counts=True)
        elif known is not None:
            found.skip(name, known)
        if path in found.selected and path not in self._value_files("stack"):
            found.skip(name, reason or known or _NEITHER, counts=reason is not None)
            said = any(one.path == name for one in found.diagnostics)
            if not said and not (self._inputs.allow_empty and self._may_be_other(path)):
                found.diagnostics.append(self._unread(path, reason or known))

    def parts(self, job: Job) -> set[Path]:
        """The folders of modules, or the files of templates, that a unit calls by their paths."""
        if job.kind == "root-module":
            return self._root_modules.parts(job)
        return {job.path} if job.kind == "plan" else reachable(job.path, self._nested, self._calls)

    def weight(self, job: Job) -> int:
        """About how much work a unit is: the bytes of its text and of what it calls, each time."""
        size = sum(map(self._size, self.parts(job)))
        return size * (1 + len(job.environments))

    def _may_be_other(self, path: Path) -> bool:
        """Whether a scan of its folder would pass over a file that is no template in silence."""
        return not path.name.endswith(TEMPLATES) or self._templates().is_other_data(path)

    def _value_files(self, kind: UnitKind) -> set[Path]:
        """The files that give values to units of a kind."""
        return self._values_of(self._inputs, kind).union(
            *(self._values_of(one, kind) for one in self._inputs.unit_inputs if one.kind == kind)
        )

    def _values_of(self, inputs: Inputs | UnitInputs, kind: UnitKind) -> set[Path]:
        working = self._inputs.working
        if kind == "root-module":
            return {Path(os.path.normpath(working / path)) for path in inputs.var_files}
        if not inputs.parameters:
            return set()
        from iac_ec2lint.cloudformation.parameters.environment_files import file_of  # as above

        return {file_of(Path(os.path.normpath(working / path))) for path in inputs.parameters}

    def fed(self, found: Discovered, kind: UnitKind, units: set[Path]) -> set[Path]:
        """Those of some units that a file of values feeds which was given by name."""
        named = {*found.selected}
        if named & self._values_of(self._inputs, kind):
            return units
        fitting = [
            one.paths
            for one in self._inputs.unit_inputs
            if one.kind == kind and named & self._values_of(one, kind)
        ]
        folder = kind == "root-module"
        return {
            unit
            for unit in units
            if any(paths.matches(self._files.display(unit), folder=folder) for paths in fitting)
        }

    def _unread(self, path: Path, reason: str | None) -> Diagnostic:
        """Why a file that was given by name is not read."""
        document = self._templates().document(path)
        if isinstance(document, Diagnostic):
            return document
        [*faults] = document.diagnostics
        name = self._files.display(path)
        return faults[0] if faults else Diagnostic.of_file(name, reason or f"{_NEITHER}{_HINT}")

    def root_stacks(self) -> list[Path]:
        """The files of all root stacks that may export something to another."""
        if self._roots is None:
            for _ in self._stacks(self.find()):
                pass
        return self._roots or []

    def every_module(self) -> list[Path]:
        """The folders of all modules, whether or not they are root modules."""
        if self.folders is None:
            self._root_jobs(self.find())
        return self.folders or []

    def every_template(self) -> list[Path]:
        """The files of all templates, whether or not they are root stacks."""
        self.root_stacks()
        return self._every

    @property
    def parameter_files(self) -> set[str]:
        """The files that give values to parameters, as messages name them."""
        return {place.path for place in self._given.values()}

    def undeclared(self) -> Iterator[tuple[str, Span]]:
        """The parameters that are given and that no template declares, and where they are given."""
        templates = [t for path in self.root_stacks() for t in self._templates().templates(path)]
        declared = {name for template in templates for name in template.parameters}
        for name, place in self._given.items():
            if templates and name not in declared and not name.startswith("AWS::"):
                yield name, place

    def undeclared_variables(self) -> Iterator[tuple[str, Span]]:
        """The variables that options give and that no module declares, and where they are given.

        Terraform refuses them (`terraform plan -var`); here one option is for all root modules.
        """
        given = dict(self._inputs.variables)
        folders = self.every_module() if given else []
        if not folders:
            return
        modules = self._readings()["opentofu"]
        declared = {name for one in folders for name in modules.syntax(one).variables}
        for name in given:
            if name not in declared:
                yield name, SourceText("--var", name).span(0, len(name))

    def around(self, found: Discovered) -> Iterator[Discovered]:
        """What lies around files given by name: their work trees, or their folders."""
        tops = {work_tree(path) or path.parent for path in found.selected}
        for top in sorted(tops):
            if self._files.inside(top):
                yield discover([top], self._files, self._exclude)
