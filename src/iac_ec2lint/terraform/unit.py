"""A root module evaluated: from a folder to the declarations of all its modules.

``evaluate`` is the front door. Parsed files are shared by all root modules of one scan through a
``Modules``.
"""

from __future__ import annotations

import os
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iac_ec2lint.declaration import (
    AWS_ALONE,
    NO_OTHERS,
    Branches,
    InputDefault,
    OtherInputs,
    Told,
    Unit,
)
from iac_ec2lint.source.budget import Budget
from iac_ec2lint.source.diagnostic import Diagnostics, Observation
from iac_ec2lint.source.discovery import DEPLOYING
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import beginning
from iac_ec2lint.terraform.cloud_control import CLOUD_CONTROL, types_among
from iac_ec2lint.terraform.evaluated import Instance, Module, ModulesOfScan, RootModule
from iac_ec2lint.terraform.folders.environment_files import automatic_files
from iac_ec2lint.terraform.folders.mentions import mentions_in
from iac_ec2lint.terraform.folders.suppressions import suppressions_of
from iac_ec2lint.terraform.folders.syntax import with_generated
from iac_ec2lint.terraform.functions import calls
from iac_ec2lint.terraform.joins.lookups import FOUND, Lookups, instances_of
from iac_ec2lint.terraform.joins.others import OtherRoots
from iac_ec2lint.terraform.joins.remote_states import States
from iac_ec2lint.terraform.joins.third_roots import ThirdRoots
from iac_ec2lint.terraform.language import expressions
from iac_ec2lint.terraform.language.scope import Evaluation, NoNames, Scope
from iac_ec2lint.terraform.modules.cycles import check_cycles
from iac_ec2lint.terraform.modules.declaring import ModuleDeclarations
from iac_ec2lint.terraform.modules.instance import ModuleInstance
from iac_ec2lint.terraform.modules.providers import Providers
from iac_ec2lint.terraform.modules.undeclared import Undeclared
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.places import absolute
from iac_ec2lint.terraform.variables import Given, environment_texts
from iac_ec2lint.values import (
    SEVERAL,
    UNGUARDED,
    Guard,
    Joins,
    Step,
    Unknown,
    Val,
    Value,
    leads_to,
    several,
)
from iac_ec2lint.values.join import ReadsParameters, no_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iac_ec2lint.declaration import Named
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.installed import Installed
    from iac_ec2lint.terraform.folders.module_files import Reading
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax
    from iac_ec2lint.terraform.terragrunt.deployments import GivenValues, NamedValue

__all__ = ["Modules", "UnitContext", "calls", "evaluate", "expressions", "open_unit"]


_KEY: Final = regular_expression(r"\[[^\]]*\]")
_OF_AWS: Final = ("aws_", *CLOUD_CONTROL)
"""How the types of AWS's providers begin."""


class Modules(ModulesOfScan):
    """The modules of one scan, with what evaluating one root module tells of another.

    Args:
        files: The files that may be read.
        options: The options of reading and evaluating them.
        reading: Whose rules say which files of a folder are read.
        folders: The folders of all modules of the scan, whose states may be read.

    Attributes:
        options_of: The options that another root module is evaluated with.
        states: The states that root modules write.
        lookups: The resources that they write, for data sources.
        thirds: The root modules that may add to what others declare.
        parameters_of_templates: The parameters of Systems Manager that templates write.
        budget: What the unit that is evaluated next may take.
    """

    __slots__ = (
        "budget",
        "constants",
        "lookups",
        "options",
        "options_of",
        "parameters_of_templates",
        "states",
        "thirds",
    )

    def __init__(
        self,
        files: Files,
        options: RootModuleOptions,
        reading: Reading = "opentofu",
        folders: Callable[[], Iterable[Path]] = tuple,
    ) -> None:
        super().__init__(files, options.parser, options.module_map, reading)
        self.options = options
        self.options_of: Callable[[Path], RootModuleOptions] = lambda _: self.options
        self.states = States(self, folders)
        self.lookups = Lookups(self, folders)
        self.thirds = ThirdRoots(self, self.states, folders)
        self.parameters_of_templates: ReadsParameters = no_parameters
        self.budget = Budget()
        self.constants: dict[tree.Node, Val | None] = {}

    def apart(self, folder: Path, budget: Budget) -> UnitContext:
        """A root module for what others know of it, not as a unit itself: nothing is declared."""
        unit = Unit(self.files.display(folder), "root-module", joins=Joins(taken=False))
        outer, self.budget = self.budget, budget
        try:
            context = UnitContext(folder, self, unit, options=self.options_of(folder))
        finally:
            self.budget = outer
        # What they write must not hang on who asks first.
        context.looks_up = False
        return context


_OWN = ("provider.", "terraform.")
"""What the types begin with of what each root module has for itself."""


def _with_called(module: Module) -> Iterator[Module]:
    """A module and all that it calls, as far as they are on the disk."""
    yield module
    for name in module.syntax.calls:
        call = module.module_call(name)
        for instance in call.instances if call is not None else ():
            yield from _with_called(instance)


class UnitContext(RootModule):
    """The context that all modules of one root module share while it is evaluated.

    Attributes:
        unit: The result, which grows while attributes are evaluated.
        modules: The modules of the scan.
        evaluation: The state of evaluation.
        empty: A scope without names.
        given: The values that are given for the root module's variables.
        options: What it is evaluated with.
        wanted: The types of what is declared.
        others: The root modules that it reads of.
        looks_up: Whether data sources may find what other root modules write.
        providers: Resolves provider configurations.
        root: The root module.
    """

    __slots__ = (
        "_by_address",
        "_declarations",
        "_undeclared",
        "_used",
        "empty",
        "evaluation",
        "files",
        "given",
        "looks_up",
        "modules",
        "options",
        "others",
        "providers",
        "root",
        "unit",
        "wanted",
    )

    modules: Modules
    others: OtherRoots
    root: ModuleInstance

    def __init__(
        self,
        folder: Path,
        modules: Modules,
        unit: Unit,
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
        options: RootModuleOptions | None = None,
    ) -> None:
        self.options = options = options or modules.options
        self.wanted: frozenset[str] = frozenset()
        self.looks_up = True
        self.others = OtherRoots(self, folder, modules.states, modules.lookups)
        self._by_address: dict[str, Instance] | None = None
        self.unit = unit
        self.modules = modules
        self.files = modules.files
        self.evaluation = Evaluation(
            modules.files, folder, modules.constants, options.workspace, modules.budget
        )
        self.evaluation.reported = Diagnostics(unit.diagnostics)
        self.evaluation.observations = unit.observations
        self.evaluation.secrets = unit.secrets
        self.evaluation.file_texts = unit.file_texts
        self.evaluation.may_mark = modules.may_mark(folder)
        unit.branches = Branches(unit.path, self._defaults, others, taken)
        self.evaluation.branches = unit.branches
        unit.stated = self.evaluation.stated = options.stated
        self.empty = Scope(self.evaluation, NoNames(folder), {})
        self.given = Given(self.empty, options.parser)
        self.providers = Providers(options.region)
        self._used: set[int] = set()
        self._undeclared = Undeclared(self)
        self._declarations = ModuleDeclarations(self)
        syntax = self._syntax(folder)
        self.use(syntax)
        unit.span = _main_line(syntax)
        self.root = ModuleInstance(self, syntax)
        self._collect_variables(folder)

    def _syntax(self, folder: Path) -> ModuleSyntax:
        """What the root module's files declare, with those that Terragrunt generates for it."""
        syntax = self.modules.syntax(folder)
        named = self.options.var_files
        if not named or named[0].name not in DEPLOYING:
            return syntax
        from iac_ec2lint.terraform.terragrunt.generation import generated_files  # rare

        every = generated_files(named[0], self.modules)
        known = [(one.text, one.name, one.replaces) for one in every if one.text is not None]
        return with_generated(syntax, known, self.options.parser) if known else syntax

    def _defaults(self) -> dict[tuple[str, int, int], InputDefault]:
        """The defaults of the root module's variables; see ``Branches``."""
        found: dict[tuple[str, int, int], InputDefault] = {}
        for name, block in self.root.syntax.variables.items():
            attribute = block.body.attributes.get("default")
            if attribute is not None:
                span = attribute.span
                value, _ = self.empty.trap(attribute.expression)  # its errors belong to its use
                data = value.data if isinstance(value, Value) else None
                found[span.key] = InputDefault(f"var.{name}", span, data)
        return found

    def _collect_variables(self, folder: Path) -> None:
        options = self.options
        given, named = self.given, options.var_files
        deploying: tuple[Path | NamedValue | Unknown, ...] = ()
        if named and named[0].name in DEPLOYING:
            given.deployment(cache(partial(self._deployed, named[0])))
            from iac_ec2lint.terraform.terragrunt.deployments import planning_options  # rare

            deploying, named = planning_options(named[0], self.modules), named[1:]
        given.texts(environment_texts(options.environment), "TF_VAR_{}")
        read = self.unit.files
        given.files(automatic_files(self.files.names(folder), folder), read)
        given.options(deploying, read)
        given.files(named, read)
        given.texts(options.variables, "--var {}")

    def _deployed(self, path: Path) -> GivenValues:
        """What a configuration of Terragrunt gives the variables."""
        from iac_ec2lint.terraform.joins.dependencies import deployed_values  # rare

        return deployed_values(self, path)

    def use(self, syntax: ModuleSyntax) -> None:
        """Add a module's files, their suppressions and their errors to this unit."""
        if id(syntax) in self._used:
            return
        self._used.add(id(syntax))
        for diagnostic in syntax.diagnostics:
            self.evaluation.report(diagnostic)
        self.unit.files.update(syntax.read)
        self.unit.suppressions.extend(suppressions_of(syntax))

    def leave(self) -> None:
        """See ``Unit.leave``."""
        for context in self.others.every:
            context.forget()
        self.others.leave()

    def forget(self) -> None:
        """Forget what was evaluated of this root module alone."""
        self.root.leave()
        self._by_address = None

    def locked(self) -> tuple[tree.Block, ...]:
        """The blocks of the lock file: the root module's, or that beside Terragrunt's file."""
        named = self.options.var_files
        beside = named[0].parent if named and named[0].name in DEPLOYING else None
        own = () if beside is None else self.modules.locked(beside)
        return own or self.modules.locked(self.root.folder)

    def installed(self, key: str) -> Installed | None:
        """What ``terraform init`` has installed for a call."""
        return self.modules.installed(self.root.folder).get(key)

    def may_be_generated(self, module: Module, node: tree.Node) -> str:
        """See ``RootModule``."""
        return self._undeclared.whence(module, node)

    def path(self, module: Module, name: str, span: Span) -> Val:
        """``path.module``, ``path.root`` or ``path.cwd``."""
        root = self.root.folder
        if name == "module":
            relative = os.path.relpath(module.folder, root).replace(os.sep, "/")
            return Value(relative, span)
        if name == "root":
            return Value(".", span)
        if name == "cwd":
            words = "Terraform is run in the root module's folder"
            place = absolute(self.modules.real(root), self.files.boundary_of(root), span)
            return place.after(Step(span, words, assumed=True))
        return self.evaluation.error(span, f'there is no "path.{name}"')

    def declare(self, module: Module, wanted: frozenset[str]) -> None:
        """Add the declarations of a module and of those that it calls."""
        self._declarations.add(module, wanted)

    def note_several(self, instance: Instance, names: list[str]) -> None:
        """Take note of what a data source may be where nothing tells several apart."""
        place = instance.resource.block.header
        note = Observation(SEVERAL, place, several(instance.address, names))
        self.unit.observations.append(note)

    def beside(
        self, folder: Path, unit: Unit, options: RootModuleOptions, prefix: str
    ) -> UnitContext:
        """Another root module that is joined to this one; its addresses begin with the prefix."""
        context = UnitContext(folder, self.modules, unit, options=options)
        context.root.prefix = prefix
        context.others = self.others
        context.wanted = self.wanted
        return context

    def resource(self, address: str) -> Instance | None:
        """A resource of this root module by its address in it."""
        prefix = self.root.prefix
        if self._by_address is None:
            self._by_address = {}
            for kind in FOUND:
                for one in instances_of(self.root, kind):
                    self._by_address[one.address.removeprefix(prefix)] = one
        return self._by_address.get(address)

    def mentions(self, kinds: frozenset[str]) -> frozenset[str]:
        """See ``Unit.mentions``."""
        modules = {
            _KEY.sub("", one.prefix): one.syntax
            for context in self.others.every
            for one in _with_called(context.root)
        }
        own = kinds.union(types_among(kinds))
        return frozenset(
            f"{prefix}{name}"
            for prefix, syntax in modules.items()
            for block_type, type_, names in mentions_in(syntax)
            if not (prefix and block_type == "output" and block_type in kinds)
            and type_ not in own
            and (AWS_ALONE not in kinds or type_.startswith(_OF_AWS))
            for name in names
        )

    def added_to(self, unit: str, kinds: frozenset[str], named: Named | None) -> str:
        """See ``Unit.added_to``."""
        told: Told | None = None
        if named is not None:
            outputs = (
                name
                for context in self.others.every
                if context.unit.path == unit and context is not self
                for name in context.root.syntax.outputs
                if leads_to(context.root.output(name), named.address)
            )
            joined = frozenset(context.unit.path for context in self.others.every)
            told = Told(named, frozenset(outputs), joined)
        return self.modules.thirds.adding_to(unit, kinds, self.root.folder, told)


def _main_line(syntax: ModuleSyntax) -> Span | None:
    """The place of findings about a module: the first line of ``main.tf`` or of its first file."""
    sources = [file.source for file in syntax.files]
    main = [one for one in sources if one.path.rpartition("/")[2].partition(".")[0] == "main"]
    return next((beginning(source) for source in (*main, *sources)), None)


def evaluate(
    folder: Path,
    modules: Modules,
    wanted: frozenset[str],
    others: OtherInputs = NO_OTHERS,
    taken: Guard = UNGUARDED,
    joins: Joins | None = None,
) -> Unit:
    """Evaluate the root module in a folder.

    Args:
        folder: The folder.
        modules: The modules of the scan.
        wanted: The types of resources (``aws_instance``), data sources (``data.aws_ami``) and
            other things (``provider.aws``, ``output``) that become declarations.
        others: The root module's variables that have not their defaults (``var.create``).
        taken: What is taken to hold; see ``Branches``.
        joins: Takes note of what other units know of its values; these are taken without it.

    Returns:
        The unit. Its diagnostics grow while attributes of its declarations are evaluated.
    """
    return open_unit(folder, modules, wanted, others, taken, joins).unit


@cache
def _judged(wanted: frozenset[str]) -> frozenset[str]:
    return frozenset(kind for kind in wanted if not kind.startswith(_OWN))


def open_unit(
    folder: Path,
    modules: Modules,
    wanted: frozenset[str],
    others: OtherInputs = NO_OTHERS,
    taken: Guard = UNGUARDED,
    joins: Joins | None = None,
) -> UnitContext:
    """As ``evaluate``, with the module instances: ``.root`` gives any value by name."""
    unit = Unit(modules.files.display(folder), "root-module", joins=joins or Joins())
    context = UnitContext(folder, modules, unit, others, taken)
    context.wanted = _judged(wanted)
    unit.mentions, unit.leave = context.mentions, context.leave
    unit.added_to = context.added_to
    context.declare(context.root, wanted)
    if not taken:  # what is wrong with the unit is told where nothing is taken to hold
        check_cycles(context.root)
    return context
