"""The parts of a root module that is evaluated, as they know one another.

Each asks others for values, whichever of them is evaluated first; what makes them stands above.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.terraform.folders.modules import ModuleFolders

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from iac_ec2lint.declaration import Presence, Unit
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.body import BlockSection
    from iac_ec2lint.terraform.folders.installed import Installed
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax
    from iac_ec2lint.terraform.language.scope import Evaluation, Scope
    from iac_ec2lint.terraform.language.types import Type
    from iac_ec2lint.terraform.options import RootModuleOptions
    from iac_ec2lint.terraform.repetition import Repetition
    from iac_ec2lint.terraform.variables import Given
    from iac_ec2lint.values import Reference, Step, Val
    from iac_ec2lint.values.join import ReadsParameters


class Instance(ABC):
    """One instance of a resource or data source; see ``resources.ResourceInstance``."""

    __slots__ = ()
    resource: DeclaredResource
    key: str | int | None
    address: str
    scope: Scope

    @property
    @abstractmethod
    def presence(self) -> Presence:
        """Whether it is certain to exist."""

    @property
    @abstractmethod
    def section(self) -> BlockSection:
        """Its body."""

    @abstractmethod
    def read(self, name: str, span: Span) -> Val:
        """The value of a reference, at ``span``, to one of its attributes."""

    @abstractmethod
    def reference(self, name: str, span: Span) -> Reference:
        """A reference to an attribute that the configuration does not determine."""


class DeclaredResource(ABC):
    """A resource or data source block in a module; see ``resources.ModuleResource``."""

    __slots__ = ()
    block: tree.Block
    module: Module
    mode: str
    type: str
    address: str

    @property
    @abstractmethod
    def repetition(self) -> Repetition:
        """The number of its instances, or why it is unknown."""

    @property
    @abstractmethod
    def instances(self) -> Sequence[Instance]:
        """Its instances; one possible instance where their number is unknown."""

    @abstractmethod
    def value(self) -> Val:
        """The value of a reference to it as a whole."""


class Call(ABC):
    """A ``module`` block in one instance of the module that holds it; see ``ModuleCall``."""

    __slots__ = ()
    block: tree.Block
    module: Module
    name: str
    unavailable: str

    @property
    @abstractmethod
    def address(self) -> str:
        """Its address, without an instance key."""

    @property
    @abstractmethod
    def repetition(self) -> Repetition:
        """The number of its instances, or why it is unknown."""

    @property
    @abstractmethod
    def instances(self) -> Sequence[Module]:
        """The instances of the module; none where the module is not on the disk."""


class CallSite(NamedTuple):
    """One instance of a module call: where its arguments are evaluated."""

    block: tree.Block
    module: Module
    scope: Scope


class Module(ABC):
    """A root module, or one instance of a module that is called; see ``ModuleInstance``."""

    __slots__ = ()
    unit: RootModule
    syntax: ModuleSyntax
    address: str
    prefix: str
    call: CallSite | None
    presence: Presence
    callers: tuple[Step, ...]
    depth: int
    scope: Scope
    providers: dict[tuple[str, str], str]

    @property
    @abstractmethod
    def folder(self) -> Path:
        """The module's folder."""

    @abstractmethod
    def called_by(
        self, site: CallSite, syntax: ModuleSyntax, address: str, presence: Presence, step: Step
    ) -> Module:
        """An instance of a module that this one calls.

        Args:
            site: The instance of the call.
            syntax: Its files.
            address: Its address.
            presence: Whether it is certain to exist.
            step: Where the call is declared.
        """

    @abstractmethod
    def leave(self) -> None:
        """See ``Unit.leave``."""

    @abstractmethod
    def variable(self, name: str, node: tree.Node | None = None) -> Val:
        """``var.name``."""

    @abstractmethod
    def variable_type(self, name: str, block: tree.Block) -> tuple[Type, bool]:
        """The type constraint of a variable, and whether it has one."""

    @abstractmethod
    def local(self, name: str, node: tree.Node | None = None) -> Val:
        """``local.name``."""

    @abstractmethod
    def output(self, name: str) -> Val | None:
        """An output value; ``None`` where there is none of that name."""

    @abstractmethod
    def resource(self, mode: str, kind: str, name: str) -> DeclaredResource | None:
        """A resource or data source; ``None`` where it is not declared."""

    @abstractmethod
    def module_call(self, name: str) -> Call | None:
        """A module call; ``None`` where it is not declared."""


class ProviderConfigurations(ABC):
    """Resolves provider configurations; see ``providers.Providers``."""

    __slots__ = ()

    @abstractmethod
    def scope_of(self, instance: Instance) -> str:
        """See ``Providers``."""

    @abstractmethod
    def region_of(self, instance: Instance) -> str:
        """See ``Providers``."""

    @abstractmethod
    def region_at(self, module: Module, local: str, alias: str) -> str:
        """See ``Providers``."""

    @abstractmethod
    def resolve(self, module: Module, local: str, alias: str) -> str:
        """See ``Providers``."""

    @abstractmethod
    def region(self, module: Module, instance: Instance) -> Val | None:
        """See ``Providers``."""

    @abstractmethod
    def configuration(self, module: Module, instance: Instance) -> BlockSection | None:
        """See ``Providers``."""


class Others(ABC):
    """The other root modules that a unit reads of; see ``joins.others``."""

    __slots__ = ()

    @abstractmethod
    def read(self, instance: Instance, name: str, span: Span) -> Val | None:
        """An attribute of what a data source looks up."""

    @abstractmethod
    def outputs(self, instance: Instance, span: Span) -> Val | None:
        """The outputs in the state that a ``terraform_remote_state`` reads."""

    @abstractmethod
    def place_of(self, address: str) -> tuple[Path, str] | None:
        """Where a resource of another root module is declared, by its address in this unit."""

    @abstractmethod
    def shared(self, address: str, span: Span) -> Val | None:
        """The ARNs of what a share has, of this or another root module, by its address here."""

    @abstractmethod
    def root(
        self, folder: Path, workspace: str | None, deployed: Path | None = None
    ) -> RootModule | None:
        """Another root module, whose resources this unit then has too; see ``Unit.foreign``."""


class ModulesOfScan(ModuleFolders):
    """The modules of one scan, as root modules know them; see ``unit.Modules``."""

    __slots__ = ()
    options: RootModuleOptions
    options_of: Callable[[Path], RootModuleOptions]
    parameters_of_templates: ReadsParameters
    budget: Budget

    @abstractmethod
    def apart(self, folder: Path, budget: Budget) -> RootModule:
        """A root module for what others know of it, not as a unit itself: nothing is declared."""


class RootModule(ABC):
    """What all modules of one root module share; see ``unit.UnitContext``."""

    __slots__ = ()
    unit: Unit
    modules: ModulesOfScan
    files: Files
    evaluation: Evaluation
    empty: Scope
    given: Given
    options: RootModuleOptions
    providers: ProviderConfigurations
    others: Others
    root: Module
    wanted: frozenset[str]
    looks_up: bool

    @abstractmethod
    def use(self, syntax: ModuleSyntax) -> None:
        """Add a module's files, their suppressions and their errors to this unit."""

    @abstractmethod
    def leave(self) -> None:
        """See ``Unit.leave``."""

    @abstractmethod
    def forget(self) -> None:
        """Forget what was evaluated of this root module alone."""

    @abstractmethod
    def locked(self) -> tuple[tree.Block, ...]:
        """The blocks of the lock file: the root module's, or that beside Terragrunt's file."""

    @abstractmethod
    def installed(self, key: str) -> Installed | None:
        """What ``terraform init`` has installed for a call."""

    @abstractmethod
    def may_be_generated(self, module: Module, node: tree.Node) -> str:
        """What may declare what a root module refers to, in words; that is noted then."""

    @abstractmethod
    def path(self, module: Module, name: str, span: Span) -> Val:
        """``path.module``, ``path.root`` or ``path.cwd``."""

    @abstractmethod
    def declare(self, module: Module, wanted: frozenset[str]) -> None:
        """Add the declarations of a module and of those that it calls."""

    @abstractmethod
    def note_several(self, instance: Instance, names: list[str]) -> None:
        """Take note of what a data source may be where nothing tells several apart."""

    @abstractmethod
    def beside(
        self, folder: Path, unit: Unit, options: RootModuleOptions, prefix: str
    ) -> RootModule:
        """Another root module that is joined to this one; its addresses begin with the prefix."""

    @abstractmethod
    def resource(self, address: str) -> Instance | None:
        """A resource of this root module by its address in it."""
