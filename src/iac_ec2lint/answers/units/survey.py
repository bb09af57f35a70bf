"""The files of one run, as far as they have been read, and what the units in them come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from iac_ec2lint.answers.inputs import Inputs, UnitInputs, UsageError
from iac_ec2lint.answers.units.finder import UnitFinder
from iac_ec2lint.answers.units.job import Condition, Job
from iac_ec2lint.answers.units.unit_graph import UnitGraph
from iac_ec2lint.declaration import NO_OTHERS, trial_words
from iac_ec2lint.source.boundary import find_boundaries
from iac_ec2lint.source.budget import Budget, Share
from iac_ec2lint.source.collection import collect_if_due
from iac_ec2lint.source.files import Files
from iac_ec2lint.values import UNGUARDED, Joins, Step, Unknown
from iac_ec2lint.values.stated import Stated

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.parameters.given import GivenValues
    from iac_ec2lint.cloudformation.templates import Templates
    from iac_ec2lint.declaration import OtherInputs, Trial, Unit
    from iac_ec2lint.terraform.folders.module_files import Reading
    from iac_ec2lint.terraform.options import RootModuleOptions
    from iac_ec2lint.terraform.plan.unit import Plans
    from iac_ec2lint.terraform.unit import Modules
    from iac_ec2lint.values import Guard
    from iac_ec2lint.values.join import WrittenText


_Told = TypeVar("_Told")


_TRIALS = 16
"""Values of inputs that are tried one by one in a unit; beyond, what hangs on them is undecided."""


class Survey:
    """The files of one run, as far as they have been read.

    Args:
        inputs: What is read, and what it is evaluated with.

    Attributes:
        files: What reads them.
        finder: What finds the units in them.
        share: What all units may take together.
    """

    def __init__(self, inputs: Inputs) -> None:
        paths = list(inputs.every_path)
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
        self.share = Share.of(inputs.budget)
        if inputs.stdin is not None:
            self.files.give(*inputs.stdin)
        for path, raw in inputs.instead:
            self.files.give(path, raw)
        self._inputs = inputs
        stated = self._given_parameters(inputs.parameters)
        if stated is not None and (fault := stated.fault) is not None:
            where = f"{fault.path}:{fault.line}: " if fault.line else ""
            raise UsageError(f"--parameters: {where}{fault.message}")
        self._given = {} if stated is None else stated.values
        self._budget = Budget()
        self.finder = UnitFinder(
            inputs,
            self.files,
            lambda: self.readings,
            lambda: self.plans,
            lambda: self.templates,
            {} if stated is None else stated.places,
        )
        self._environment: Path | None = None
        self._apart = False
        self._others = stated is not None and stated.others

    @cached_property
    def readings(self) -> Mapping[Reading, Modules]:
        """Terraform's modules in each reading; see ``templates``."""
        from iac_ec2lint.terraform.options import RootModuleOptions
        from iac_ec2lint.terraform.unit import Modules

        inputs = self._inputs
        options = RootModuleOptions(
            var_files=inputs.var_files,
            variables=inputs.variables,
            environment=dict(inputs.environment),
            workspace=inputs.workspace,
            region=inputs.region,
            parser=inputs.hcl_parser,
            stated=Stated(inputs.stated),
            module_map=dict(inputs.module_map),
        )
        names: tuple[Reading, ...] = ("opentofu", "terraform")
        readings = {name: Modules(self.files, options, name, self._every_module) for name in names}
        for modules in readings.values():
            modules.budget = self._budget
            modules.parameters_of_templates = self._parameters_of_templates
            if inputs.unit_inputs:
                modules.options_of = self._options_of
        return readings

    @property
    def modules(self) -> Modules:
        """Terraform's modules as OpenTofu reads them."""
        return self.readings["opentofu"]

    @cached_property
    def plans(self) -> Plans:
        """Terraform's plans; see ``templates``."""
        from iac_ec2lint.terraform.plan.unit import Plans

        return Plans(self.files, lambda: self.modules, self._inputs.source_root)

    @cached_property
    def templates(self) -> Templates:
        """The templates: what reads them is imported where there may be one, for start-up time."""
        from iac_ec2lint.cloudformation.options import StackOptions
        from iac_ec2lint.cloudformation.templates import Templates

        inputs = self._inputs
        options = StackOptions(self._given, inputs.region, stated=Stated(inputs.stated))
        templates = Templates(self.files, options, self._root_stacks, self._every_template)
        templates.exports.parameters_of_modules = self._parameters_of_modules
        templates.budget = self._budget
        return templates

    def _given_parameters(self, arguments: Sequence[str]) -> GivenValues | None:
        """The values of templates' parameters that arguments give."""
        if not arguments:
            return None
        from iac_ec2lint.cloudformation.parameters.given import given_values  # see ``templates``

        return given_values(arguments, self._inputs.working, self._inputs.tree)

    def allot(self, budget: Budget) -> None:
        """Give what is evaluated next, until this is called again, its budget."""
        self._budget = budget
        if "templates" in vars(self):
            self.templates.budget = budget
        for modules in self.readings.values() if "readings" in vars(self) else ():
            modules.budget = budget

    @contextmanager
    def half_the_rest(self) -> Iterator[Budget]:
        """A budget of half of what is left, for what is evaluated in the ``with`` block.

        What it takes is taken from the whole; the other half is sure to be there afterwards.
        """
        whole = self._budget
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
            from iac_ec2lint.terraform.unit import evaluate  # see ``templates``

            return evaluate(job.path, self.readings[job.reading], wanted, others, taken, joins)
        if job.kind == "plan":
            return self.plans.evaluate(job.path, wanted)
        if self._others:
            others = {**self._without_defaults(job), **others}
        return self.templates.evaluate(job.path, wanted, others, taken, joins)

    def _without_defaults(self, job: Job) -> OtherInputs:
        """The parameters of a stack to which a file that is not read may give values."""
        templates = self.templates.templates(job.path)
        declared = {name for template in templates for name in template.parameters}
        left = declared.difference(self.templates.options.parameters)
        return {f'parameter "{name}"': None for name in sorted(left)}

    @contextmanager
    def deployed_with(self, job: Job, file: Path, *, apart: bool = False) -> Iterator[None]:
        """A unit's values of one environment, for what is evaluated meanwhile.

        Args:
            job: The unit.
            file: What has the values.
            apart: Whether nothing is known of what other deployments have applied.
        """
        self._environment, self._apart = file, apart
        try:
            yield
        finally:
            self._environment, self._apart = None, False
            self.give(job)

    def written(self, job: Job, file: Path) -> Iterator[Path]:
        """The files that a configuration is: several where stacks of Terragrunt generate it."""
        if job.kind == "stack":
            from iac_ec2lint.cloudformation.parameters.environment_files import file_of  # as above

            yield file_of(file)
            return
        made = self.readings[job.reading].generated.get(file)
        yield from (file,) if made is None else (made.template, *made.read)

    def depends(self, job: Job, file: Path) -> bool:
        """Whether what a configuration of Terragrunt deploys hangs on what others have applied."""
        from iac_ec2lint.terraform.terragrunt.deployments import depends  # see ``templates``

        return depends(file, self.readings[job.reading])

    def give(self, job: Job) -> None:
        """Set what the front ends evaluate a unit with that has inputs of its own."""
        inputs = self._inputs
        if not inputs.unit_inputs and not job.environments:
            return
        if job.kind == "root-module":
            self.readings[job.reading].options = self._options_of(job.path)
        elif job.kind == "stack":
            own = inputs.of_unit(job.kind, self.files.display(job.path))
            environment = () if self._environment is None else (str(self._environment),)
            named = (p for one in own for p in one.parameters)
            arguments = (*environment, *named, *inputs.parameters)
            given = self._given_parameters(arguments)
            if given is None or given.fault is None:
                options, stated = self.templates.options, self._stated(own)
                values = {} if given is None else given.values
                if environment and inputs.region is not None:
                    values.pop("AWS::Region", None)
                self._others = given is not None and given.others
                self.templates.options = replace(options, parameters=values, stated=stated)

    def _options_of(self, folder: Path) -> RootModuleOptions:
        """What a root module is evaluated with."""
        inputs = self._inputs
        own = inputs.of_unit("root-module", self.files.display(folder))
        environment = () if self._environment is None else (self._environment,)
        named = (*inputs.var_files, *(f for one in own for f in one.var_files))
        return replace(
            self.modules.options,
            var_files=(*environment, *named),
            dependencies=not self._apart,
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
        if "TemplateStack" not in one.graph.kinds:
            return
        from iac_ec2lint.cloudformation.written import WrittenSession, WrittenStack
        from iac_ec2lint.resources.registry import types  # heavy; see UnitGraph
        from iac_ec2lint.resources.template_stack import StackSetInstance, TemplateStack

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
            sources = (edge.source for edge in one.graph.sources(stack, "stack_set"))
            for made in (
                written,
                *(
                    written.overridden(
                        source.address, source.parameter_overrides, source.declared.presence
                    )
                    for source in sources
                    if isinstance(source, StackSetInstance)
                    and source.parameter_overrides is not None
                ),
            ):
                unit = WrittenSession(self.templates, made, one.unit.joins).unit(types())
                one.unit.called |= unit.called
                one.unit.files.update(unit.files)
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

    def _root_stacks(self) -> list[Path]:
        return self.finder.root_stacks()

    def _every_module(self) -> list[Path]:
        return self.finder.every_module()

    def _every_template(self) -> list[Path]:
        return self.finder.every_template()

    def _parameters_of_modules(self, name: str, reader: Path) -> tuple[WrittenText, ...] | None:
        return self.modules.lookups.parameters(name, reader) if self._every_module() else ()

    def _parameters_of_templates(self, name: str, reader: Path) -> tuple[WrittenText, ...] | None:
        return self.templates.exports.written(name, reader) if self._root_stacks() else ()
