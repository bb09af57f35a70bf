"""Which units there are in what a command is given."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.inputs import Inputs, UnitInputs, UsageError
from iac_ec2lint.answers.units.calls import reachable, roots_of
from iac_ec2lint.answers.units.job import Job
from iac_ec2lint.cloudformation.parameters.environment_files import (
    ENVIRONMENTS,
    by_template,
    file_of,
    parameter_files,
    why_not_taken,
)
from iac_ec2lint.source.boundary import work_tree
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import (
    DEPLOYING,
    STACK,
    TEMPLATES,
    TERRAGRUNT,
    discover,
    is_example,
)
from iac_ec2lint.source.patterns import AnyOfPatterns, PathPatterns
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.folders.environment_files import (
    beside_modules,
    by_module,
    environment_files,
)
from iac_ec2lint.terraform.folders.module_files import is_read_twice, is_shadowed
from iac_ec2lint.terraform.folders.template_bodies import template_bodies
from iac_ec2lint.terraform.folders.terragrunt import Deployment, terragrunt_folders
from iac_ec2lint.terraform.terragrunt.deployments import deployment_of
from iac_ec2lint.terraform.terragrunt.generation import makes_more
from iac_ec2lint.terraform.terragrunt.stacks import generated_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iac_ec2lint.cloudformation.parameters.given import GivenValues
    from iac_ec2lint.cloudformation.templates import Templates
    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.source.discovery import Discovered
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.module_files import Reading
    from iac_ec2lint.terraform.plan.unit import Plans
    from iac_ec2lint.terraform.unit import Modules

_EMPTY_PIPE = "standard input is empty: what writes it may have failed"
_CONFIGURATION = ".hcl"
"""How the names of Terragrunt's configurations end, whatever they are called."""
_SCAFFOLD = ".boilerplate"
"""The folder of what ``terragrunt scaffold`` fills in, which is no configuration before that."""
DEPLOYMENTS = 32
"""Configurations of Terragrunt that one root module is judged with."""
_NEITHER = "it is neither Terraform, nor a template, nor a plan as JSON"
_HINT = "; leave it out, or name what it is made to"


class UnitFinder:
    """Finds the root modules, stacks and plans below some paths.

    Args:
        inputs: What is read, and what it is evaluated with.
        files: What reads files.
        readings: The modules in each reading.
        plans: What reads plans.
        templates: What reads templates.
        given: The parameters that are given to all of them.
    """

    def __init__(
        self,
        inputs: Inputs,
        files: Files,
        readings: Mapping[Reading, Modules],
        plans: Plans,
        templates: Templates,
        given: GivenValues,
    ) -> None:
        self._inputs = inputs
        self._paths = inputs.every_path
        self._files = files
        self._readings = readings
        self._modules = readings["opentofu"]
        self._plan_files = plans
        self._templates = templates
        self._given = given
        self._exclude = AnyOfPatterns((PathPatterns(inputs.exclude), *inputs.excluded))
        self._roots: list[Path] | None = None
        self._every: list[Path] = []
        self._folders: list[Path] | None = None
        self._calls: dict[Path, set[Path]] = {}
        self._configurations: set[Path] = set()
        self._size = cache(files.tree.size)

    def _inputs_of(self, kind: UnitKind, path: Path) -> list[UnitInputs]:
        return self._inputs.of_unit(kind, self._files.display(path))

    def find(self) -> Discovered:
        """The files that may hold something.

        Raises:
            UsageError: A path lies outside the boundary.
        """
        root = self._plan_files.source_root
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
        self._note_generators([found], self._configured_above(followed, found))
        return found

    def _configured_above(self, folders: Sequence[Path], found: Discovered) -> list[Path]:
        """Terragrunt's files elsewhere in the work trees of folders that have modules and none."""
        tree = self._files.tree
        if found.terragrunt or not found.modules:
            return []
        every = {
            path
            for folder in folders
            if tree.is_folder(folder)
            for path in tree.tracked(Path(tree.real(folder)), TERRAGRUNT)
        }
        return sorted(one for one in every if self._files.inside(one) and tree.is_file(one))

    def _note_generators(self, every: Sequence[Discovered], more: Iterable[Path] = ()) -> None:
        """Tell the modules in which folders others may generate what is not declared there."""
        written = [*more, *(path for found in every for path in found.terragrunt)]
        folders = terragrunt_folders(self._files, written)
        sources = {
            self._files.tree.real(path.parent): self._files.display(path)
            for found in every
            for path in found.sources
        }
        for modules in self._readings.values():
            modules.terragrunt = folders
            modules.sources = sources

    def units(self, found: Discovered) -> list[Job]:
        """The root modules, the stacks and the plans in what was found, each sort by path."""
        plans = list(self._plans(found))
        return [*self._root_modules(found), *self._stacks(found), *plans]

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
            if self._plan_files.is_plan(path):
                if path not in named and self._plan_files.is_other_output(path):
                    found.skip(self._files.display(path), "it is Terraform's, and no plan")
                    others.add(path)
                    continue
                found.plans.append(path)
                yield Job("plan", path)
            elif path in named and (problem := self._plan_files.near_miss(path)) is not None:
                found.diagnostics.append(problem)
        others.update(found.plans)
        found.documents = [path for path in found.documents if path not in others]

    def _is_template(self, path: Path) -> bool:
        return not self._plan_files.is_plan(path) and self._templates.is_template(path)

    def _root_modules(self, found: Discovered) -> Iterator[Job]:
        """The root modules: the folders that nobody in the scanned paths calls."""
        named = {*found.selected}
        selected = {
            path.parent
            for path in found.selected
            if path.parent in found.modules or path in found.variables
        }
        whole = {f for f, files in found.modules.items() if not named.issuperset(files)}
        folders = set(found.modules)
        every: list[Discovered] = []
        if selected or any(path.suffix == _CONFIGURATION for path in named):
            every = list(self._around(found))
            around = {folder for one in every for folder in one.modules}
            self._note_generators([found, *every])
            folders |= around
            selected |= self._fed(found, "root-module", around)
        self._folders = sorted(folders)
        deployed = self._deployed([found, *every], folders)
        selected |= {
            folder
            for folder, by in deployed.items()
            if any(not named.isdisjoint(one.read) for _, one in by)
        }
        wanted = selected | whole
        roots = dict(roots_of(folders, self._called, wanted))
        # What is deployed by itself too is a root whoever calls it.
        alone = {path for path in wanted & folders if self._modules.is_deployed(path)}
        alone |= wanted & deployed.keys()
        for folder in filter(self._is_read_twice, folders):
            one, other = (modules.called(folder) for modules in self._readings.values())
            alone |= (one ^ other) & wanted
        unread = (path for path in found.variables if path not in self._configurations)
        values, apart = by_module(unread, found.modules, self._files)
        alone |= {
            path for path in wanted & values.keys() if self._modules.configures_providers(path)
        }
        roots |= dict.fromkeys(alone, True)
        if apart:
            names = {one: self._modules.syntax(one).variables for one in roots if roots[one]}
            for file, root in beside_modules(apart, names, self._files):
                values.setdefault(root, []).append(file)
        for root in sorted(roots):
            for job in self._read(root, is_root=roots[root]):
                yield self._with_environments(job, values, deployed.get(root, ()))

    def _deployed(
        self, every: Iterable[Discovered], folders: Iterable[Path]
    ) -> dict[Path, list[tuple[Path, Deployment]]]:
        """What Terragrunt deploys modules with: its files, by the folders of those."""
        found_in = {path for one in every for path in one.terragrunt}
        written = sorted(path for path in found_in if _SCAFFOLD not in path.parts)
        named = {self._modules.real(folder): folder for folder in folders} if written else {}
        written = written if named else []
        found: dict[Path, list[tuple[Path, Deployment]]] = {}
        stacks = [path for path in written if path.name == STACK and not is_example(path)]
        if stacks:
            written = self._generated(stacks, written)
        for path in written:
            if path.name in DEPLOYING and not is_example(path):
                deployment = deployment_of(path, self._modules)
                if deployment is None:
                    continue
                folder = named.get(self._modules.real(deployment.folder))
                if folder is not None:
                    found.setdefault(folder, []).append((path, deployment))
                    place = self._modules.real(folder)  # each reading has these
                    self._modules.terragrunt.setdefault(place, self._files.display(path))
                    self._configurations |= deployment.read
        return found

    def _generated(self, stacks: list[Path], written: list[Path]) -> list[Path]:
        """Terragrunt's files with those that stacks generate, without what they are copies of."""
        for modules in self._readings.values():
            modules.generated = self._modules.generated
        units = generated_units(stacks, self._modules)
        copied = {self._modules.generated[unit].template for unit in units}
        return sorted({*units, *(path for path in written if path not in copied)})

    def _with_environments(
        self,
        job: Job,
        candidates: Mapping[Path, list[Path]],
        deployed: Sequence[tuple[Path, Deployment]],
    ) -> Job:
        """A root module with its environments, where nobody says which values are deployed."""
        if not job.is_root or not (deployed or job.path in candidates):
            return job
        own = self._inputs_of("root-module", job.path)
        if self._inputs.var_files or any(one.var_files for one in own):
            return job
        declared = self._readings[job.reading].syntax(job.path).variables
        files = environment_files(candidates.get(job.path, ()), declared, self._files)
        every = [(path, one.span) for path, one in deployed]
        with_, left_out = every[:DEPLOYMENTS], tuple(every[DEPLOYMENTS:])
        is_all = (
            not files
            and not left_out
            and not self._modules.obscure
            and not any(makes_more(path, self._modules) for path, _ in with_)
        )
        return job._replace(environments=(*files, *with_), left_out=left_out, is_all=is_all)

    def _read(self, root: Path, *, is_root: bool) -> Iterator[Job]:
        """A root module as OpenTofu reads it, and as Terraform does where that is not the same."""
        yield Job("root-module", root, is_root)
        if any(map(self._is_read_twice, reachable(root, self._called, self._calls))):
            yield Job("root-module", root, is_root, "terraform")

    def _called(self, folder: Path) -> set[Path]:
        """The folders of the modules that a folder's module calls, in either reading."""
        if not self._is_read_twice(folder):
            return self._modules.called(folder)
        return set().union(*(modules.called(folder) for modules in self._readings.values()))

    def _is_read_twice(self, folder: Path) -> bool:
        return is_read_twice(self._files, folder)

    def is_said(self, path: str, job: Job) -> bool:
        """Whether a reading is the one whose diagnostics of a file are told: each is told once.

        Args:
            path: The file, as messages name it.
            job: A root module, as OpenTofu or as Terraform reads it.
        """
        return job.reading == "opentofu" or is_shadowed(self._files, self._files.working / path)

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
                for job in self._read(path, is_root=False)
            ),
            *(
                Job("stack", p, False)
                for p, _ in roots_of(templates, self._templates.nested, templates)
            ),
        ]

    def _stacks(self, found: Discovered) -> Iterator[Job]:
        """The templates that no other template nests by a local path."""
        templates = [path for path in found.documents if self._is_template(path)]
        others = {*found.documents}.difference(templates)
        found.documents = templates
        named = {*found.selected}
        known = self._value_files("stack")
        given = list(parameter_files(sorted(others - known), self._files))
        chosen = named & (known | {one.file for one in given})
        every = set(templates)
        fed: set[Path] = set()
        if named & every or chosen:
            around = {path for around in self._around(found) for path in around.documents}
            beside = {path for path in around if self._is_template(path)}
            more = sorted(around - beside - known - {one.file for one in given})
            given += parameter_files(more, self._files)
            every |= beside
            fed = self._fed(found, "stack", beside)
        roots = dict(roots_of(every, self._templates.nested, every))
        self._roots = list(roots)
        self._every = sorted(every)
        alone = [path for path, is_root in roots.items() if is_root and not self._has_values(path)]
        top = self._files.boundary
        fitting = by_template(given, alone, self._templates.templates, top)
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
        wanted = {path for path, _ in roots_of(every, self._templates.nested, {*templates, *fed})}
        # What imports from one of them may find something in it that it cannot say itself.
        given_there = {
            path
            for path in (wanted and self._bodies()) - named
            if path not in fitting and not self._has_values(path)
        }
        wanted -= given_there
        rest = [path for path in self._roots if path not in wanted | given_there]
        wanted.update(p for p in rest if not wanted.isdisjoint(self._templates.imported(p)))
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
        if not self._folders:
            return set()
        from iac_ec2lint.resources.template_stack import TemplateStack  # few scans have both

        kinds = TemplateStack.terraform
        return {
            path
            for folder in self._folders
            for path in template_bodies(self._modules.syntax(folder), folder, kinds)
        }

    def _has_values(self, template: Path) -> bool:
        """Whether somebody says what a template's parameters are."""
        own = self._inputs_of("stack", template)
        return bool(self._inputs.parameters) or any(one.parameters for one in own)

    def _pass_over(self, found: Discovered, path: Path, known: str | None) -> None:
        """Say of a document that is no template what it is, where that matters.

        Args:
            found: What was found.
            path: The document.
            known: What it is, where that is known.
        """
        if path in self._configurations:
            return
        name = self._files.display(path)
        reason = self._plan_files.omission(path) if path.name.endswith(TEMPLATES) else None
        reason = reason or self._templates.omission(path)
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
        calls = self._called if job.kind == "root-module" else self._templates.nested
        return {job.path} if job.kind == "plan" else reachable(job.path, calls, self._calls)

    def weight(self, job: Job) -> int:
        """About how much work a unit is: the bytes of its text and of what it calls, each time."""
        size = sum(map(self._size, self.parts(job)))
        return size * (1 + len(job.environments))

    def _may_be_other(self, path: Path) -> bool:
        """Whether a scan of its folder would pass over a file that is no template in silence."""
        return not path.name.endswith(TEMPLATES) or self._templates.is_other_data(path)

    def _value_files(self, kind: UnitKind) -> set[Path]:
        """The files that give values to units of a kind."""
        return self._values_of(self._inputs, kind).union(
            *(self._values_of(one, kind) for one in self._inputs.unit_inputs if one.kind == kind)
        )

    def _values_of(self, inputs: Inputs | UnitInputs, kind: UnitKind) -> set[Path]:
        given = inputs.var_files if kind == "root-module" else map(Path, inputs.parameters)
        working = self._inputs.working
        return {file_of(Path(os.path.normpath(working / path))) for path in given}

    def _fed(self, found: Discovered, kind: UnitKind, units: set[Path]) -> set[Path]:
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
        document = self._templates.document(path)
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
        if self._folders is None:
            for _ in self._root_modules(self.find()):
                pass
        return self._folders or []

    def every_template(self) -> list[Path]:
        """The files of all templates, whether or not they are root stacks."""
        self.root_stacks()
        return self._every

    @property
    def parameter_files(self) -> set[str]:
        """The files that give values to parameters, as messages name them."""
        return {place.path for place in self._given.places.values()}

    def undeclared(self) -> Iterator[tuple[str, Span]]:
        """The parameters that are given and that no template declares, and where they are given."""
        templates = [t for path in self.root_stacks() for t in self._templates.templates(path)]
        declared = {name for template in templates for name in template.parameters}
        for name, place in self._given.places.items():
            if templates and name not in declared and not name.startswith("AWS::"):
                yield name, place

    def undeclared_variables(self) -> Iterator[tuple[str, Span]]:
        """The variables that options give and that no module declares, and where they are given.

        Terraform refuses them (`terraform plan -var`); here one option is for all root modules.
        """
        given = dict(self._inputs.variables)
        folders = self.every_module() if given else []
        declared = {name for one in folders for name in self._modules.syntax(one).variables}
        for name in given if folders else ():
            if name not in declared:
                yield name, SourceText("--var", name).span(0, len(name))

    def _around(self, found: Discovered) -> Iterator[Discovered]:
        """What lies around files given by name: their work trees, or their folders."""
        tops = {work_tree(path) or path.parent for path in found.selected}
        for top in sorted(tops):
            if self._files.inside(top):
                yield discover([top], self._files, self._exclude)
