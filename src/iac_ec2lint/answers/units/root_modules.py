"""Finding the root modules of Terraform, and what they are deployed with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from iac_ec2lint.answers.units.calls import reachable, roots_of
from iac_ec2lint.answers.units.job import Job
from iac_ec2lint.source.discovery import DEPLOYING, STACK, TERRAGRUNT, TERRAGRUNT_ENDING, is_example
from iac_ec2lint.terraform.folders.environment_files import (
    beside_modules,
    by_module,
    environment_files,
)
from iac_ec2lint.terraform.folders.module_files import is_read_twice, is_shadowed
from iac_ec2lint.terraform.folders.template_bodies import template_bodies
from iac_ec2lint.terraform.folders.terragrunt import terragrunt_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iac_ec2lint.answers.inputs import Inputs, UnitInputs
    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.source.discovery import Discovered
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.terraform.folders.module_files import Reading
    from iac_ec2lint.terraform.folders.terragrunt import Deployment
    from iac_ec2lint.terraform.unit import Modules

_SCAFFOLD = ".boilerplate"
"""The folder of what ``terragrunt scaffold`` fills in, which is no configuration before that."""
DEPLOYMENTS = 32
"""Configurations of Terragrunt that one root module is judged with."""


class Finder(Protocol):
    """What finds all units, as far as root modules ask it; see ``UnitFinder``."""

    folders: list[Path] | None

    def inputs_of(self, kind: UnitKind, path: Path) -> list[UnitInputs]:
        """What the configuration says of the inputs of a unit."""

    def around(self, found: Discovered) -> Iterator[Discovered]:
        """What lies around files given by name."""

    def fed(self, found: Discovered, kind: UnitKind, units: set[Path]) -> set[Path]:
        """Those of some units that a file of values feeds which was given by name."""


class RootModuleFinder:
    """Finds the root modules; imported where there may be any, for start-up time.

    Args:
        finder: What finds all units.
        inputs: What is read, and what it is evaluated with.
        files: What reads files.
        readings: The modules in each reading.

    Attributes:
        configurations: The files of Terragrunt's configurations.
    """

    def __init__(
        self,
        finder: Finder,
        inputs: Inputs,
        files: Files,
        readings: Mapping[Reading, Modules],
    ) -> None:
        self._finder = finder
        self._inputs = inputs
        self._files = files
        self._readings = readings
        self._modules = readings["opentofu"]
        self._calls: dict[Path, set[Path]] = {}
        self.configurations: set[Path] = set()

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

    def note_generators_of(self, paths: Sequence[Path], found: Discovered) -> None:
        """Tell the modules in which folders others may generate what is not declared there.

        Args:
            paths: The files and folders that are scanned.
            found: What was found below them.
        """
        self._note_generators([found], self._configured_above(paths, found))

    def parts(self, job: Job) -> set[Path]:
        """The folders of the modules that a root module calls by their paths, and its own."""
        return reachable(job.path, self.called, self._calls)

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

    def find(self, found: Discovered) -> Iterator[Job]:
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
        if selected or any(path.suffix == TERRAGRUNT_ENDING for path in named):
            every = list(self._finder.around(found))
            around = {folder for one in every for folder in one.modules}
            self._note_generators([found, *every])
            folders |= around
            selected |= self._finder.fed(found, "root-module", around)
        self._finder.folders = sorted(folders)
        deployed = self._deployed([found, *every], folders)
        selected |= {
            folder
            for folder, by in deployed.items()
            if any(not named.isdisjoint(one.read) for _, one in by)
        }
        wanted = selected | whole
        roots = dict(roots_of(folders, self.called, wanted))
        # What is deployed by itself too is a root whoever calls it.
        alone = {path for path in wanted & folders if self._modules.is_deployed(path)}
        alone |= wanted & deployed.keys()
        for folder in filter(self._is_read_twice, folders):
            one, other = (modules.called(folder) for modules in self._readings.values())
            alone |= (one ^ other) & wanted
        unread = (path for path in found.variables if path not in self.configurations)
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
            for job in self.read(root, is_root=roots[root]):
                yield self._with_environments(job, values, deployed.get(root, ()))

    def _deployed(
        self, every: Iterable[Discovered], folders: Iterable[Path]
    ) -> dict[Path, list[tuple[Path, Deployment]]]:
        """What Terragrunt deploys modules with: its files, by the folders of those."""
        found_in = {path for one in every for path in one.terragrunt}
        written = sorted(path for path in found_in if _SCAFFOLD not in path.parts)
        named = {self._modules.real(folder): folder for folder in folders} if written else {}
        found: dict[Path, list[tuple[Path, Deployment]]] = {}
        if not named:
            return found
        from iac_ec2lint.terraform.terragrunt.deployments import deployment_of  # rare

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
                    self.configurations |= deployment.read
        return found

    def _generated(self, stacks: list[Path], written: list[Path]) -> list[Path]:
        """Terragrunt's files with those that stacks generate, without what they are copies of."""
        from iac_ec2lint.terraform.terragrunt.stacks import generated_units  # rare

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
        own = self._finder.inputs_of("root-module", job.path)
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
            and not self._make_more(path for path, _ in with_)
        )
        return job._replace(environments=(*files, *with_), left_out=left_out, is_all=is_all)

    def _make_more(self, configurations: Iterable[Path]) -> bool:
        """Whether some configurations of Terragrunt make more than they say."""
        from iac_ec2lint.terraform.terragrunt.generation import makes_more  # rare

        return any(makes_more(path, self._modules) for path in configurations)

    def read(self, root: Path, *, is_root: bool) -> Iterator[Job]:
        """A root module as OpenTofu reads it, and as Terraform does where that is not the same."""
        yield Job("root-module", root, is_root)
        if any(map(self._is_read_twice, reachable(root, self.called, self._calls))):
            yield Job("root-module", root, is_root, "terraform")

    def called(self, folder: Path) -> set[Path]:
        """The folders of the modules that a folder's module calls, in either reading."""
        if not self._is_read_twice(folder):
            return self._modules.called(folder)
        return set().union(*(modules.called(folder) for modules in self._readings.values()))

    def _is_read_twice(self, folder: Path) -> bool:
        return is_read_twice(self._files, folder)

    def is_shadowed(self, path: str) -> bool:
        """Whether OpenTofu reads another file in place of one, as messages name it."""
        return is_shadowed(self._files, self._files.working / path)

    def bodies(self, folders: Iterable[Path]) -> set[Path]:
        """The templates of which the root modules in some folders make stacks."""
        from iac_ec2lint.resources.template_stack import TemplateStack  # few scans have both

        kinds = TemplateStack.terraform
        return {
            path
            for folder in folders
            for path in template_bodies(self._modules.syntax(folder), folder, kinds)
        }
