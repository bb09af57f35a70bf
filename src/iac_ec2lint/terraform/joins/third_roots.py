"""The root modules of a scan that may add something to what another one declares, as a third one.

Who reads of a route table does not name what adds routes to it, so that this is not joined.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.source.discovery import DEPLOYING
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.terraform.folders.syntax import static_text
from iac_ec2lint.terraform.joins.lookups import TYPES as LOOKED_UP
from iac_ec2lint.terraform.joins.remote_states import TYPE as REMOTE_STATE
from iac_ec2lint.terraform.joins.remote_states import written_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from iac_ec2lint.declaration import Named, Told
    from iac_ec2lint.terraform.folders.modules import ModuleFolders
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax
    from iac_ec2lint.terraform.joins.remote_states import States

_READING: Final = LOOKED_UP.union(
    {"aws_network_acls", "aws_route_table", "aws_route_tables", "aws_security_groups"}
)
"""The types of data sources by which a root module reads of others, nobody knows which."""


_ELSEWHERE: Final = regular_expression(r"\b(?:data|local|var|module|each)\.")
"""What may lead to a resource of another root module."""
_DATA: Final = regular_expression(r"\bdata\.(aws_\w+)\.([\w-]+)")
_OWN: Final = regular_expression(r"\b(?<!data\.)aws_\w+\.[\w-]+(?:\[[^\]]*\])?")
"""A resource of the module itself, whichever instance of it."""


class ThirdRoots:
    """The root modules that may add to what others declare.

    Args:
        modules: Reads the modules.
        states: The states that they write.
        folders: The folders of all modules of the scan.
    """

    def __init__(
        self, modules: ModuleFolders, states: States, folders: Callable[[], Iterable[Path]]
    ) -> None:
        self._modules = modules
        self._written = states
        self._folders = folders
        self._readers: dict[Path, frozenset[Path] | None] | None = None
        self._texts: dict[tuple[frozenset[str], frozenset[str]], dict[str, list[Path]]] = {}
        self._found: dict[tuple[Path, str, frozenset[str], Told | None], str] = {}

    def adding_to(
        self, unit: str, kinds: frozenset[str], own: Path, told: Told | None = None
    ) -> str:
        """A root module that reads of a unit and declares something of some types.

        Args:
            unit: The path of the unit that is read of, as messages name it.
            kinds: The types.
            own: The folder of the root module that is judged, which is none of these.
            told: What leads to the one resource that is meant, where one is.

        Returns:
            Its path, as messages name it; empty where there is none.
        """
        key = own, unit, kinds, told
        if key not in self._found:
            self._found[key] = next(self._adding_to(*key), "")
        return self._found[key]

    def _adding_to(
        self, own: Path, unit: str, kinds: frozenset[str], told: Told | None
    ) -> Iterator[str]:
        display = self._modules.files.display
        if told is not None:
            name = told.named.name
            by_name = self._by_name(kinds, told.named.arguments).get(name, ()) if name else ()
            judged = {display(own), unit, *told.joined}
            folders = [one for one in self._folders() if display(one) in judged] if by_name else ()
            together = {inner for one in folders for inner in self._modules.with_called(one)}
            for folder in by_name:
                if folder not in together and not self._has_its_own(folder, told.named):
                    yield display(folder)
            if not told.outputs:
                return
        for folder, read in self._all_readers().items():
            name = display(folder)
            names_it = read is None or any(display(one) == unit for one in read)
            reads = folder != own and name != unit and names_it and self._declares(folder, kinds)
            if reads and (told is None or self._names(folder, kinds, told)):
                yield name

    def _names(self, folder: Path, kinds: frozenset[str], told: Told) -> bool:
        """Whether a root module reads one of some outputs, and adds something to what is elsewhere.

        What one that Terragrunt deploys reads is written in its configuration.
        """
        deployed = {one.folder for one in self._modules.deployments.values() if one is not None}
        every = [self._modules.syntax(module) for module in self._modules.with_called(folder)]
        word = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(told.outputs)))})\b")
        if folder not in deployed and not any(
            word.search(file.source.text) for syntax in every for file in syntax.files
        ):
            return False
        written = (one for syntax in every for one in _naming(syntax, kinds, told.named.arguments))
        return any(_ELSEWHERE.search(_OWN.sub("", one.span.text)) for one in written)

    def _has_its_own(self, folder: Path, named: Named) -> bool:
        """Whether a module has a resource of its own of a type and a name."""
        blocks = self._modules.syntax(folder).resources.items()
        return any(
            kind == named.type and f'"{named.name}"' in block.span.text
            for (kind, _), block in blocks
        )

    def _by_name(self, kinds: frozenset[str], arguments: frozenset[str]) -> dict[str, list[Path]]:
        """The folders with resources of some types that name what they are for, by what they write.

        It is a text, a list of these, or what a data source looks up by a name.
        """
        found = self._texts.get((kinds, arguments))
        if found is None:
            found = self._texts[kinds, arguments] = {}
            for folder in sorted(self._folders()):
                syntax = self._modules.syntax(folder)
                for one in _naming(syntax, kinds, arguments):
                    for text in {*_texts_in(one), *_looked_up(one, syntax)}:
                        found.setdefault(text, []).append(folder)
        return found

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
                    found.update(root.folder for root in self._written.find(identity))
        return frozenset(found)

    def _dependencies(self, path: Path) -> frozenset[Path]:
        """The folders of what the dependencies of a configuration of Terragrunt deploy."""
        from iac_ec2lint.terraform.terragrunt.configuration import Configuration  # rare
        from iac_ec2lint.terraform.terragrunt.opening import open_files

        modules = self._modules
        config = Configuration(path, open_files(modules))
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


def _naming(
    syntax: ModuleSyntax, kinds: frozenset[str], arguments: frozenset[str]
) -> Iterator[tree.Expression]:
    """What some arguments are of a module's resources of some types."""
    for (kind, _), block in syntax.resources.items():
        if kind in kinds:
            for name in sorted(arguments & block.body.attributes.keys()):
                yield block.body.attributes[name].expression


def _texts_in(expression: tree.Expression) -> Iterator[str]:
    """The text that an expression is, or those in a list."""
    for one in (
        expression.elements if isinstance(expression, tree.TupleExpression) else [expression]
    ):
        text = static_text(one)
        if text is not None:
            yield text


def _looked_up(expression: tree.Expression, syntax: ModuleSyntax) -> Iterator[str]:
    """The names by which the data sources look something up that an expression names."""
    for kind, name in _DATA.findall(expression.span.text):
        block = syntax.data.get((kind, name))
        written = None if block is None else block.body.attributes.get("name")
        text = None if written is None else static_text(written.expression)
        if text is not None:
            yield text
