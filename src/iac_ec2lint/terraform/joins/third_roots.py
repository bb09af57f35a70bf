"""The root modules of a scan that may add something to what another one declares, as a third one.

Who reads of a route table does not name what adds routes to it, so that this is not joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.source.budget import Budget
from iac_ec2lint.source.discovery import DEPLOYING
from iac_ec2lint.terraform.joins.lookups import TYPES as LOOKED_UP
from iac_ec2lint.terraform.joins.remote_states import TYPE as REMOTE_STATE
from iac_ec2lint.terraform.joins.remote_states import written_identity
from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.terraform.terragrunt.files import ConfigurationFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from iac_ec2lint.terraform.unit import Modules

_READING: Final = LOOKED_UP.union(
    {"aws_network_acls", "aws_route_table", "aws_route_tables", "aws_security_groups"}
)
"""The types of data sources by which a root module reads of others, nobody knows which."""


class ThirdRoots:
    """The root modules that may add to what others declare.

    Args:
        modules: Reads the modules.
        folders: The folders of all modules of the scan.
    """

    def __init__(self, modules: Modules, folders: Callable[[], Iterable[Path]]) -> None:
        self._modules = modules
        self._folders = folders
        self._readers: dict[Path, frozenset[Path] | None] | None = None
        self._found: dict[tuple[Path, str, frozenset[str]], str] = {}

    def adding_to(self, unit: str, kinds: frozenset[str], own: Path) -> str:
        """A root module that reads of a unit and declares something of some types.

        Args:
            unit: The path of the unit that is read of, as messages name it.
            kinds: The types.
            own: The folder of the root module that is judged, which is none of these.

        Returns:
            Its path, as messages name it; empty where there is none.
        """
        key = own, unit, kinds
        if key not in self._found:
            self._found[key] = next(self._adding_to(*key), "")
        return self._found[key]

    def _adding_to(self, own: Path, unit: str, kinds: frozenset[str]) -> Iterator[str]:
        display = self._modules.files.display
        for folder, read in self._all_readers().items():
            name = display(folder)
            names_it = read is None or any(display(one) == unit for one in read)
            if folder != own and name != unit and names_it and self._declares(folder, kinds):
                yield name

    def _all_readers(self) -> dict[Path, frozenset[Path] | None]:
        """The folders that read of others, and those of which; ``None`` where that is not known."""
        if self._readers is None:
            self._readers = {}
            for path, deployed in sorted(self._modules.deployments.items()):
                if deployed is not None:
                    read = self._dependencies(path)
                    if read and (known := self._readers.get(deployed.folder, read)) is not None:
                        self._readers[deployed.folder] = known | read
            for folder in sorted(self._folders()):
                if folder not in self._readers:
                    found = self._states(folder)
                    if found is None or found:
                        self._readers[folder] = found
        return self._readers

    def _states(self, folder: Path) -> frozenset[Path] | None:
        """The folders of what a root module reads by states; ``None`` where it may be any."""
        if self._declares(folder, _READING, "data"):
            return None
        found: set[Path] = set()
        for module in self._modules.with_called(folder):
            for (kind, _), block in self._modules.syntax(module).data.items():
                if kind == REMOTE_STATE:
                    identity = written_identity(block, folder)
                    if identity is None:
                        return None
                    found.update(root.folder for root in self._modules.states.find(identity))
        return frozenset(found)

    def _dependencies(self, path: Path) -> frozenset[Path]:
        """The folders of what the dependencies of a configuration of Terragrunt deploy."""
        modules = self._modules
        config = Configuration(path, ConfigurationFiles(modules, Budget()))
        found: set[Path] = set()
        for layer in config.layers:
            for block in layer.blocks("dependency"):
                written = block.body.attributes.get("config_path")
                place = None if written is None else layer.shared.place(layer, written.expression)
                for name in DEPLOYING if place is not None else ():
                    deployed = modules.deployments.get(place / name) if place else None
                    if deployed is not None:
                        found.add(deployed.folder)
        return frozenset(found)

    def _declares(self, folder: Path, kinds: frozenset[str], mode: str = "resource") -> bool:
        """Whether a module, or one that it calls, declares something of some types."""
        for module in self._modules.with_called(folder):
            syntax = self._modules.syntax(module)
            every = syntax.resources if mode == "resource" else syntax.data
            if any(kind in kinds for kind, _ in every):
                return True
        return False
