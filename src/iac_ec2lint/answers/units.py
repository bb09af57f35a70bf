"""The units of evaluation that are found in what a command is given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from iac_ec2lint.answers.inputs import Inputs, UnitInputs, UsageError
from iac_ec2lint.cloudformation.options import StackOptions as TemplateOptions
from iac_ec2lint.cloudformation.parameters.environment_files import by_template, parameter_files
from iac_ec2lint.cloudformation.parameters.given import given_values
from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.declaration import NO_OTHERS, trial_words
from iac_ec2lint.source.boundary import find_boundaries, work_tree
from iac_ec2lint.source.budget import Budget, Share
from iac_ec2lint.source.collection import collect_if_due
from iac_ec2lint.source.concealment import Redactor
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import TEMPLATES, discover
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.patterns import AnyOfPatterns, PathPatterns
from iac_ec2lint.terraform.folders.environment_files import (
    beside_modules,
    by_module,
    environment_files,
)
from iac_ec2lint.terraform.folders.syntax import is_read_twice, is_shadowed
from iac_ec2lint.terraform.folders.terragrunt import terragrunt_folders
from iac_ec2lint.terraform.plan.unit import Plans
from iac_ec2lint.terraform.unit import Modules, evaluate
from iac_ec2lint.terraform.unit import RootModuleOptions as TerraformOptions
from iac_ec2lint.values import UNGUARDED, Joins, Step, Unknown
from iac_ec2lint.values.known import NOTHING_KNOWN
from iac_ec2lint.values.stated import Stated

if TYPE_CHECKING:
    from iac_ec2lint.declaration import OtherInputs, Trial, Unit, UnitKind
    from iac_ec2lint.source.discovery import Discovered
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.syntax import Reading
    from iac_ec2lint.values import Guard
    from iac_ec2lint.values.join import WrittenText
    from iac_ec2lint.values.known import KnownFacts


_Told = TypeVar("_Told")


_EMPTY_PIPE = "standard input is empty: what writes it may have failed"
_PARAMETERS = "it gives parameters to a template, nobody says to which; name it with --parameters"
_NEITHER = "it is neither Terraform, nor a template, nor a plan as JSON"
_HINT = "; leave it out, or name what it is made to"

_TRIALS = 16
"""Values of inputs that are tried one by one in a unit; beyond, what hangs on them is undecided."""


class Condition(NamedTuple):
    """What an input has in place of its default.

    Attributes:
        words: The input and its value.
        span: Where its default is written.
    """

    words: str
    span: Span


class Job(NamedTuple):
    """A unit to evaluate.

    Attributes:
        kind: What it is.
        path: A root module's folder, a template's file or a plan's.
        is_root: Whether nothing else in the scan calls or nests it. Modules that only call one
            another in a circle are units too.
        reading: Whose reading of a root module, where its folders hold ``.tofu`` and ``.tf`` files.
        environments: The files of values of a root module's environments, or of parameters of a
            stack's; see ``environment_files``.
    """

    kind: UnitKind
    path: Path
    is_root: bool = True
    reading: Reading = "opentofu"
    environments: tuple[tuple[Path, Span], ...] = ()


class UnitGraph:
    """A unit, evaluated on demand, and the graph of its resources.

    Attributes:
        unit: The unit.
        job: What it was asked for as.
        graph: The graph.
        resources: How many resources and data sources it declares itself.
    """

    def __init__(self, unit: Unit, job: Job, known: KnownFacts = NOTHING_KNOWN) -> None:
        from iac_ec2lint.graph.graph import Graph  # heavy; not needed where no graph is made
        from iac_ec2lint.graph.nodes import analysed_unit
        from iac_ec2lint.resources.auxiliary import Auxiliary
        from iac_ec2lint.resources.provider import Provider
        from iac_ec2lint.resources.registry import typed

        if known.account:
            from iac_ec2lint.answers.account_facts import account_declarations  # rare

            unit.declarations.extend([*account_declarations(known.account, unit.declarations)])
        resources = [typed(declared) for declared in unit.declarations]
        self.unit = unit
        self.job = job
        accounts = frozenset(
            account.text
            for one in resources
            if isinstance(one, Provider)
            for account in one.allowed_account_ids
            if account.text is not None
        )
        analysed = analysed_unit(unit, is_root=job.is_root, accounts=accounts, known=known)
        self.graph = Graph(resources, unit.escaped, analysed)
        self.resources = sum(
            one.declared.unit == unit.path and not isinstance(one, Auxiliary) for one in resources
        )

    def said(self) -> set[tuple[str, int, int]]:
        """The places of what a configuration says that has a part here."""
        known = self.graph.unit.known
        if not any(known):
            return {*self.unit.stated.used}
        from iac_ec2lint.answers.known_uses import known_uses  # rare

        return {*self.unit.stated.used, *known_uses(self.graph, known)}

    def redactor(self) -> Redactor:
        """What takes its secrets out of an answer; complete once the answer is."""
        secrets = self.unit.secrets
        texts = self.unit.file_texts
        addresses = self.graph.addresses if secrets or texts.texts else ()
        return Redactor(secrets, addresses, texts)


class UnitWalk:
    """The units below some paths, one after another, for a command that answers about each.

    Args:
        inputs: What is read, and what it is evaluated with.

    Attributes:
        survey: The files.
        found: What was found below the paths.
        jobs: The units.

    Raises:
        UsageError: A path lies outside the boundary.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._used: set[tuple[str, int, int]] = set()
        self.survey = Survey(inputs)
        self.found = self.survey.find()
        self.jobs = self._opentofu(self.survey.units(self.found))
        self._errors: set[Diagnostic] = {*self.found.diagnostics, *inputs.configuration_errors}

    def graphs(self) -> Iterator[UnitGraph]:
        """Each unit with its graph; what it met is taken note of once the next is asked for.

        It says what the unit says itself: what another one says of it may not be deployed.
        """
        called: set[str] = set()
        jobs = self.jobs
        while jobs:
            for job in jobs:
                self.survey.allot(Budget(self.survey.share))
                one = self.survey.graph(job, joined=False)
                yield one
                self._used |= one.said()
                self.finish(one.unit, one.redactor())
                called |= one.unit.called
            jobs = self._opentofu(self.survey.left_over(self.found, self.jobs, called))
            self.jobs.extend(jobs)

    def _opentofu(self, jobs: Iterable[Job]) -> list[Job]:
        """One reading of each: an answer that names a unit is about one of them."""
        return [job for job in jobs if job.reading == "opentofu"]

    def finish(self, unit: Unit, redactor: Redactor) -> None:
        """Take note of what a unit met, now that all of it that is needed is evaluated."""
        self._errors.update(redactor.redact(unit.diagnostics))
        self._used |= unit.stated.used

    @property
    def stated(self) -> tuple[tuple[str, Span], ...]:
        """What the answers rest on that a configuration says alone; see ``Summary.stated``."""
        return self._inputs.taken_as_said(self._used)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What kept something from being read or evaluated, or that there was nothing to read."""
        errors = {*self._errors}
        if not self.jobs and not self.found.diagnostics:
            errors.update(self.survey.nothing_found())
        accepted = self._inputs.accepted_errors
        return tuple(sorted(e for e in errors if not any(one.covers(e) for one in accepted)))


class Survey:
    """The files of one run, as far as they have been read, and the units in them.

    Args:
        inputs: What is read, and what it is evaluated with.
    """

    def __init__(self, inputs: Inputs) -> None:
        paths = list(inputs.paths)
        if inputs.stdin is not None:
            paths.append(inputs.stdin[0])
        self.paths = tuple(paths)
        given = [*paths, inputs.source_root] if inputs.source_root is not None else paths
        boundary, *others = (
            find_boundaries(given, inputs.working)
            if inputs.boundary is None
            else (inputs.boundary,)
        )
        self.files = Files(
            boundary,
            inputs.working,
            others,
            read_ignored=inputs.read_ignored,
            tree=inputs.tree,
        )
        self._stdin = inputs.stdin
        self.allow_empty = inputs.allow_empty
        self.share = Share.of(inputs.budget)
        if inputs.stdin is not None:
            self.files.give(*inputs.stdin)
        for path, raw in inputs.instead:
            self.files.give(path, raw)
        self._exclude = AnyOfPatterns((PathPatterns(inputs.exclude), *inputs.excluded))
        self._inputs = inputs
        options = TerraformOptions(
            var_files=inputs.var_files,
            variables=inputs.variables,
            environment=dict(inputs.environment),
            workspace=inputs.workspace,
            region=inputs.region,
            parser=inputs.hcl_parser,
            stated=Stated(inputs.stated),
            module_map=dict(inputs.module_map),
        )
        self.modules = Modules(self.files, options, folders=self._every_module)
        self._readings: dict[Reading, Modules] = {
            "opentofu": self.modules,
            "terraform": Modules(self.files, options, "terraform", self._every_module),
        }
        if inputs.unit_inputs:
            for modules in self._readings.values():
                modules.options_of = self._options_of
        self.plans = Plans(self.modules, inputs.source_root)
        self._given = given_values(inputs.parameters, inputs.working, inputs.tree)
        if (fault := self._given.fault) is not None:
            where = f"{fault.path}:{fault.line}: " if fault.line else ""
            raise UsageError(f"--parameters: {where}{fault.message}")
        self.templates = Templates(
            self.files,
            TemplateOptions(self._given.values, inputs.region, stated=Stated(inputs.stated)),
            self._root_stacks,
            self._every_template,
        )
        self.templates.exports.parameters_of_modules = self._parameters_of_modules
        for modules in self._readings.values():
            modules.parameters_of_templates = self._parameters_of_templates
        self._environment: Path | None = None
        self._roots: list[Path] | None = None
        self._templates: list[Path] = []
        self._folders: list[Path] | None = None
        self._calls: dict[Path, set[Path]] = {}
        self._size = cache(self.files.tree.size)

    def allot(self, budget: Budget) -> None:
        """Give what is evaluated next, until this is called again, its budget."""
        self.templates.budget = budget
        for modules in self._readings.values():
            modules.budget = budget

    @contextmanager
    def half_the_rest(self) -> Iterator[Budget]:
        """A budget for what is evaluated meanwhile: what is left is enough for the rest."""
        whole = self.modules.budget
        part = Budget(Share(whole.steps // 2, whole.made // 2))
        self.allot(part)
        try:
            yield part
        finally:
            whole.steps -= part.taken.steps
            whole.made -= part.taken.made
            self.allot(whole)

    def graph(
        self,
        job: Job,
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
        *,
        joined: bool = True,
        chosen: Mapping[str, Path] | None = None,
    ) -> UnitGraph:
        """One unit with the graph of all that it declares; see ``evaluate``."""
        from iac_ec2lint.resources.registry import types  # heavy; see UnitGraph

        collect_if_due()
        unit = self.evaluate(job, types(), others, taken, joined=joined, chosen=chosen)
        return UnitGraph(unit, job, self._inputs.known)

    def evaluate(
        self,
        job: Job,
        wanted: frozenset[str],
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
        *,
        joined: bool = True,
        chosen: Mapping[str, Path] | None = None,
    ) -> Unit:
        """What one unit declares.

        Args:
            job: The unit.
            wanted: The types of resources and data sources to declare.
            others: The inputs that have not their defaults, by the names that ``Branches`` has.
            taken: What is taken to hold; see ``Branches``.
            joined: Whether what other units say of its values is taken for them; see ``Joins``.
            chosen: See ``Joins``.
        """
        joins = Joins(taken=joined, chosen=chosen)
        self.give(job)
        if job.kind == "root-module":
            return evaluate(job.path, self._readings[job.reading], wanted, others, taken, joins)
        if job.kind == "plan":
            return self.plans.evaluate(job.path, wanted)
        return self.templates.evaluate(job.path, wanted, others, taken, joins)

    @contextmanager
    def deployed_with(self, job: Job, file: Path) -> Iterator[None]:
        """A unit's values of one environment, for what is evaluated meanwhile."""
        self._environment = file
        try:
            yield
        finally:
            self._environment = None
            self.give(job)

    def give(self, job: Job) -> None:
        """Set what the front ends evaluate a unit with that has inputs of its own."""
        inputs = self._inputs
        if not inputs.unit_inputs and not job.environments:
            return
        if job.kind == "root-module":
            self._readings[job.reading].options = self._options_of(job.path)
        elif job.kind == "stack":
            own = self._own_inputs(job.kind, job.path)
            environment = () if self._environment is None else (str(self._environment),)
            named = (p for one in own for p in one.parameters)
            arguments = (*environment, *named, *inputs.parameters)
            given = given_values(arguments, inputs.working, inputs.tree)
            if given.fault is None:
                options, stated = self.templates.options, self._stated(own)
                self.templates.options = replace(options, parameters=given.values, stated=stated)

    def _own_inputs(self, kind: UnitKind, path: Path) -> list[UnitInputs]:
        name = self.files.display(path)
        return [
            one
            for one in self._inputs.unit_inputs
            if one.kind == kind and one.paths.matches(name, folder=kind == "root-module")
        ]

    def _options_of(self, folder: Path) -> TerraformOptions:
        """What a root module is evaluated with."""
        inputs, own = self._inputs, self._own_inputs("root-module", folder)
        environment = () if self._environment is None else (self._environment,)
        named = (*inputs.var_files, *(f for one in own for f in one.var_files))
        return replace(
            self.modules.options,
            var_files=(*environment, *named),
            variables=(*(v for one in own for v in one.variables), *inputs.variables),
            workspace=inputs.workspace
            or next((one.workspace for one in reversed(own) if one.workspace), None),
            stated=self._stated(own),
        )

    def _stated(self, own: Sequence[UnitInputs]) -> Stated:
        """What the configuration states for all, and for one unit."""
        return Stated((*self._inputs.stated, *(said for one in own for said in one.stated)))

    def written_stacks(self, one: UnitGraph) -> Iterator[UnitGraph]:
        """The stacks that a unit makes of texts, each as a unit with its graph.

        Args:
            one: The unit; what it makes of a text that is not known is not available.
        """
        from iac_ec2lint.cloudformation.written import WrittenSession, WrittenStack
        from iac_ec2lint.resources.registry import types  # heavy; see UnitGraph
        from iac_ec2lint.resources.template_stack import TemplateStack

        place = one.job.path
        for stack in one.graph.all(TemplateStack):
            declared, body, url = stack.declared, stack.template_body, stack.template_url
            if body is None or isinstance(body, Unknown) or body.marks:
                named = f"template_body of {stack.address}"
                if body is None and url is not None:
                    named = url.text or f"template_url of {stack.address}"
                one.unit.modules_unavailable.setdefault(named, stack.span)
                continue
            step = Step(stack.span, f"stack {stack.address}")
            written = WrittenStack(
                place,
                place if one.job.kind == "root-module" else place.parent,
                stack.address,
                body,
                stack.parameters,
                (*declared.callers, step),
                declared.presence,
                declared.region or None,
            )
            unit = WrittenSession(self.templates, written, one.unit.joins).unit(types())
            yield UnitGraph(unit, Job("stack", place, is_root=False), self._inputs.known)

    def other_branches(
        self, first: UnitGraph, ask: Callable[[UnitGraph], _Told]
    ) -> Iterator[tuple[Condition | None, _Told]]:
        """What is told of a unit whose inputs have other values where these choose a branch.

        First with one of them changed to what a branch is taken for, each with that condition; then
        with all of them unset. What an input leads to may hang on the default of another one, so
        that this is done again until nothing hangs on a default any more.

        Args:
            first: The unit, evaluated with its defaults, of which all that is asked was evaluated.
            ask: Asks.

        Returns:
            Nothing where no default chooses anything, and in plans, which have no defaults.
        """
        if first.job.kind == "plan":
            return
        others: dict[str, Trial | None] = {}
        told: _Told | None = None
        trials: dict[tuple[str, Trial], None] = {}
        unit = first.unit
        while not unit.branches.choices <= others.keys():
            others |= dict.fromkeys(unit.branches.choices)
            joined = first.unit.joins.taken
            analysed = self.graph(first.job, others, joined=joined)
            told = ask(analysed)
            unit = analysed.unit
            trials.update(dict.fromkeys(unit.branches.trials))
        places = unit.branches.places
        for name, data in list(trials)[:_TRIALS]:
            condition = Condition(trial_words(name, data), places[name])
            joined = first.unit.joins.taken
            yield condition, ask(self.graph(first.job, {name: data}, joined=joined))
        if told is not None:
            yield None, told

    def find(self) -> Discovered:
        """The files that may hold something.

        Raises:
            UsageError: A path lies outside the boundary.
        """
        root = self.plans.source_root
        followed: list[Path] = []
        refused: list[Diagnostic] = []
        for path in self.paths if root is None else (*self.paths, root):
            refusal = self.files.refusal(path)
            name = self.files.display(path)
            if refusal and (path == root or not self.files.led_away(path)):
                raise UsageError(f"{name} {refusal}")
            if refusal:  # what is scanned has put the link there, and not who runs the program
                refused.append(Diagnostic.of_file(name, f"it {refusal}"))
            elif path != root:
                followed.append(path)
        found = discover(followed, self.files, self._exclude)
        found.diagnostics.extend(refused)
        if self._stdin is not None and not self._stdin[1].strip():
            name = self.files.display(self._stdin[0])
            found.diagnostics.append(Diagnostic.of_file(name, _EMPTY_PIPE))
        folders = terragrunt_folders(self.files, found.terragrunt)
        for modules in self._readings.values():
            modules.terragrunt = folders
        return found

    def units(self, found: Discovered) -> list[Job]:
        """The root modules, the stacks and the plans in what was found, each sort by path."""
        plans = list(self._plans(found))
        return [*self._root_modules(found), *self._stacks(found), *plans]

    def nothing_found(self) -> Iterator[Diagnostic]:
        """What to say of each path where there is no unit and no file."""
        for path in self.paths:
            yield Diagnostic.of_file(
                self.files.display(path),
                "there is nothing to scan: no Terraform and no CloudFormation",
            )

    def _plans(self, found: Discovered) -> Iterator[Job]:
        """The plans, which are documents of no other kind then."""
        named = {*found.selected}
        others: set[Path] = set()
        for path in found.documents:
            if self.plans.is_plan(path):
                if path not in named and self.plans.is_other_output(path):
                    found.skip(self.files.display(path), "it is Terraform's, and no plan")
                    others.add(path)
                    continue
                found.plans.append(path)
                yield Job("plan", path)
            elif path in named and (problem := self.plans.near_miss(path)) is not None:
                found.diagnostics.append(problem)
        others.update(found.plans)
        found.documents = [path for path in found.documents if path not in others]

    def _is_template(self, path: Path) -> bool:
        return not self.plans.is_plan(path) and self.templates.is_template(path)

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
        if selected:
            around = {folder for around in self._around(found) for folder in around.modules}
            folders |= around
            selected |= self._fed(found, "root-module", around)
        self._folders = sorted(folders)
        wanted = selected | whole
        roots = dict(_roots(folders, self._called, wanted))
        # What is deployed by itself too is a root whoever calls it.
        alone = {path for path in wanted & folders if self.modules.is_deployed(path)}
        for folder in filter(self._is_read_twice, folders):
            one, other = (modules.called(folder) for modules in self._readings.values())
            alone |= (one ^ other) & wanted
        roots |= dict.fromkeys(alone, True)
        values, apart = by_module(found.variables, found.modules, self.files)
        if apart:
            names = {one: self.modules.syntax(one).variables for one in roots if roots[one]}
            for file, root in beside_modules(apart, names, self.files):
                values.setdefault(root, []).append(file)
        for root in sorted(roots):
            for job in self._read(root, is_root=roots[root]):
                yield self._with_environments(job, values)

    def _with_environments(self, job: Job, candidates: Mapping[Path, list[Path]]) -> Job:
        """A root module with its environments, where nobody says which values are deployed."""
        near = candidates.get(job.path) if job.is_root else None
        own = self._own_inputs("root-module", job.path) if near else []
        if not near or self._inputs.var_files or any(one.var_files for one in own):
            return job
        declared = self._readings[job.reading].syntax(job.path).variables
        return job._replace(environments=tuple(environment_files(near, declared, self.files)))

    def _read(self, root: Path, *, is_root: bool) -> Iterator[Job]:
        """A root module as OpenTofu reads it, and as Terraform does where that is not the same."""
        yield Job("root-module", root, is_root)
        if any(map(self._is_read_twice, _reachable(root, self._called, self._calls))):
            yield Job("root-module", root, is_root, "terraform")

    def _called(self, folder: Path) -> set[Path]:
        """The folders of the modules that a folder's module calls, in either reading."""
        if not self._is_read_twice(folder):
            return self.modules.called(folder)
        return set().union(*(modules.called(folder) for modules in self._readings.values()))

    def _is_read_twice(self, folder: Path) -> bool:
        return is_read_twice(self.files, folder)

    def is_said(self, path: str, job: Job) -> bool:
        """Whether what is wrong with a file is said of this reading: of each file it is once."""
        return job.reading == "opentofu" or is_shadowed(self.files, self.files.working / path)

    def left_over(self, found: Discovered, jobs: Iterable[Job], called: set[str]) -> list[Job]:
        """The units that are judged after all others: what these call only where it is off.

        Args:
            found: What was found.
            jobs: The units that are judged already.
            called: What these have an instance of, as messages name it.
        """
        done = {job.path for job in jobs}

        def rest(every: Iterable[Path]) -> set[Path]:
            return {p for p in every if p not in done and self.files.display(p) not in called}

        folders, templates = rest(found.modules), rest(found.documents)
        return [
            *(
                job
                for path, _ in _roots(folders, self._called, folders)
                for job in self._read(path, is_root=False)
            ),
            *(
                Job("stack", p, False)
                for p, _ in _roots(templates, self.templates.nested, templates)
            ),
        ]

    def _stacks(self, found: Discovered) -> Iterator[Job]:
        """The templates that no other template nests by a local path."""
        templates = [path for path in found.documents if self._is_template(path)]
        others = {*found.documents}.difference(templates)
        found.documents = templates
        named = {*found.selected}
        known = self._value_files("stack")
        given = {one.path: one for one in parameter_files(sorted(others - known), self.files)}
        chosen = named & (known | given.keys())
        every = set(templates)
        fed: set[Path] = set()
        if named & every or chosen:
            around = {path for around in self._around(found) for path in around.documents}
            beside = {path for path in around if self._is_template(path)}
            more = sorted(around - beside - known - given.keys())
            given |= {one.path: one for one in parameter_files(more, self.files)}
            every |= beside
            fed = self._fed(found, "stack", beside)
        roots = dict(_roots(every, self.templates.nested, every))
        self._roots = list(roots)
        self._templates = sorted(every)
        alone = [path for path, is_root in roots.items() if is_root and not self._has_values(path)]
        top = self.files.boundary
        environments = by_template(given.values(), alone, self.templates.templates, top)
        feeding = {path: stack for stack, files in environments.items() for path, _ in files}
        fed |= {feeding[path] for path in named & feeding.keys()}
        for path in sorted(others.difference(feeding)):
            self._pass_over(found, path, _PARAMETERS if path in given and every else None)
        wanted = {path for path, _ in _roots(every, self.templates.nested, {*templates, *fed})}
        # What imports from one of them may find something in it that it cannot say itself.
        rest = [path for path in self._roots if path not in wanted]
        wanted.update(p for p in rest if not wanted.isdisjoint(self.templates.imported(p)))
        for path in sorted(wanted):
            yield Job("stack", path, roots[path], environments=environments.get(path, ()))

    def _has_values(self, template: Path) -> bool:
        """Whether somebody says what a template's parameters are."""
        own = self._own_inputs("stack", template)
        return bool(self._inputs.parameters) or any(one.parameters for one in own)

    def _pass_over(self, found: Discovered, path: Path, known: str | None) -> None:
        """Say of a document that is no template what it is, where that matters.

        Args:
            found: What was found.
            path: The document.
            known: What it is, where that is known.
        """
        name = self.files.display(path)
        reason = self.plans.omission(path) if path.name.endswith(TEMPLATES) else None
        reason = reason or self.templates.omission(path)
        if reason is not None:
            found.skip(name, reason, counts=True)
        elif known is not None:
            found.skip(name, known)
        if path in found.selected and path not in self._value_files("stack"):
            found.skip(name, reason or known or _NEITHER, counts=reason is not None)
            said = any(one.path == name for one in found.diagnostics)
            if not said and not (self.allow_empty and self._may_be_other(path)):
                found.diagnostics.append(self._unread(path, reason or known))

    def parts(self, job: Job) -> set[Path]:
        """The folders of modules, or the files of templates, that a unit calls by their paths."""
        calls = self._called if job.kind == "root-module" else self.templates.nested
        return {job.path} if job.kind == "plan" else _reachable(job.path, calls, self._calls)

    def weight(self, job: Job) -> int:
        """About how much work a unit is: the bytes of its text and of what it calls, each time."""
        size = sum(map(self._size, self.parts(job)))
        return size * (1 + len(job.environments))

    def _may_be_other(self, path: Path) -> bool:
        """Whether a scan of its folder would pass over a file that is no template in silence."""
        return not path.name.endswith(TEMPLATES) or self.templates.is_other_data(path)

    def _value_files(self, kind: UnitKind) -> set[Path]:
        """The files that give values to units of a kind."""
        return self._values_of(self._inputs, kind).union(
            *(self._values_of(one, kind) for one in self._inputs.unit_inputs if one.kind == kind)
        )

    def _values_of(self, inputs: Inputs | UnitInputs, kind: UnitKind) -> set[Path]:
        given = inputs.var_files if kind == "root-module" else map(Path, inputs.parameters)
        working = self._inputs.working
        return {Path(os.path.normpath(working / path)) for path in given}

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
            if any(paths.matches(self.files.display(unit), folder=folder) for paths in fitting)
        }

    def _unread(self, path: Path, reason: str | None) -> Diagnostic:
        """Why a file that was given by name is not read."""
        document = self.templates.document(path)
        if isinstance(document, Diagnostic):
            return document
        [*faults] = document.diagnostics
        name = self.files.display(path)
        return faults[0] if faults else Diagnostic.of_file(name, reason or f"{_NEITHER}{_HINT}")

    def _root_stacks(self) -> list[Path]:
        """The files of all root stacks that may export something to another."""
        if self._roots is None:
            for _ in self._stacks(self.find()):
                pass
        return self._roots or []

    def _parameters_of_modules(self, name: str, reader: Path) -> tuple[WrittenText, ...] | None:
        return self.modules.lookups.parameters(name, reader)

    def _parameters_of_templates(self, name: str, reader: Path) -> tuple[WrittenText, ...] | None:
        return self.templates.exports.written(name, reader)

    def _every_module(self) -> list[Path]:
        """The folders of all modules, whether or not they are root modules."""
        if self._folders is None:
            for _ in self._root_modules(self.find()):
                pass
        return self._folders or []

    def _every_template(self) -> list[Path]:
        """The files of all templates, whether or not they are root stacks."""
        self._root_stacks()
        return self._templates

    @property
    def parameter_files(self) -> set[str]:
        """The files that give values to parameters, as messages name them."""
        return {place.path for place in self._given.places.values()}

    def undeclared(self) -> Iterator[tuple[str, Span]]:
        """The parameters that are given and that no template declares, and where they are given."""
        templates = [t for path in self._root_stacks() for t in self.templates.templates(path)]
        declared = {name for template in templates for name in template.parameters}
        for name, place in self._given.places.items():
            if templates and name not in declared and not name.startswith("AWS::"):
                yield name, place

    def _around(self, found: Discovered) -> Iterator[Discovered]:
        """What lies around files given by name: their work trees, or their folders."""
        tops = {work_tree(path) or path.parent for path in found.selected}
        for top in sorted(tops):
            if self.files.inside(top):
                yield discover([top], self.files, self._exclude)


def _roots(
    every: set[Path], calls: Callable[[Path], set[Path]], wanted: set[Path]
) -> Iterator[tuple[Path, bool]]:
    """Those of ``every`` that no other calls and that have a part of ``wanted`` in them.

    Where all that have it call one another in a circle, the first of them; each says whether no
    other calls it.

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
    yield from ((root, root not in inner) for root in roots if not reach[root].isdisjoint(touched))


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
