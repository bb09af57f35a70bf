"""The folders of the modules of one scan: what their files declare, and whom they call."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.terraform.folders.addresses import Addresses, is_local
from iac_ec2lint.terraform.folders.environment_files import automatic_files
from iac_ec2lint.terraform.folders.installed import read_manifest
from iac_ec2lint.terraform.folders.syntax import ModuleSyntax, read_module, static_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.hcl.parser import ParserName
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.terraform.folders.installed import Installed
    from iac_ec2lint.terraform.folders.module_files import Reading
    from iac_ec2lint.terraform.folders.terragrunt import Deployment, Generated

LOCK_FILE: Final = ".terraform.lock.hcl"
_SOURCE: Final = regular_expression(r'(?<![\w.-])source[ \t]*=[ \t]*"([^"$%\\\n]*)"')


_EARLY: Final = 20
"""How many names of one another a source may be made of."""


class ModuleFolders:
    """The folders of the modules of one scan, each of which is read once.

    Args:
        files: The files that may be read.
        parser: The parser that reads them.
        module_map: The folders of modules that a person gives, by their addresses.
        reading: Whose rules say which files of a folder are read.

    Attributes:
        addresses: Where modules lie whose source is an address.
        configurations: What files of Terragrunt have been parsed to.
        deployments: What configurations of Terragrunt deploy, as far as it has been asked for.
        generated: The configurations that stacks of Terragrunt generate, by where.
        obscure: Configurations of Terragrunt of which nobody can say what they deploy.
        terragrunt: The folders that Terragrunt runs Terraform in; see ``terragrunt_folders``.
        sources: The folders whose files another program fills in, and what that is.
    """

    __slots__ = (
        "_called",
        "_installed",
        "_marking",
        "_named",
        "_parser",
        "_real",
        "_syntaxes",
        "addresses",
        "configurations",
        "deployments",
        "files",
        "generated",
        "obscure",
        "reading",
        "sources",
        "terragrunt",
    )

    def __init__(
        self,
        files: Files,
        parser: ParserName,
        module_map: Mapping[str, Path],
        reading: Reading,
    ) -> None:
        self.reading = reading
        self.files = files
        self.addresses = Addresses(files, module_map)
        self.configurations: dict[Path, tree.File | None] = {}
        self.deployments: dict[Path, Deployment | None] = {}
        self.generated: dict[Path, Generated] = {}
        self.obscure: set[Path] = set()
        self.terragrunt: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self._parser = parser
        self._real: dict[Path, str] = {}
        self._syntaxes: dict[str, ModuleSyntax] = {}
        self._named: dict[Path, ModuleSyntax] = {}
        self._installed: dict[str, dict[str, Installed]] = {}
        self._called: dict[Path, set[Path]] = {}
        self._marking: dict[Path, tuple[bool, set[Path]]] = {}

    def real(self, folder: Path) -> str:
        """A folder's path once its links are followed."""
        found = self._real.get(folder)
        if found is None:
            found = self._real[folder] = self.files.tree.real(folder)
        return found

    def syntax(self, folder: Path) -> ModuleSyntax:
        """What the files of a folder declare."""
        named = self._named.get(folder)
        if named is not None:
            return named
        key = self.real(folder)
        found = self._syntaxes.get(key)
        if found is None:
            found = read_module(self.files, folder, self._parser, self.reading)
            self._syntaxes[key] = found
        self._named[folder] = found
        return found

    def called(self, folder: Path) -> set[Path]:
        """The folders of the modules that a folder's module calls, if they are on the disk."""
        found = self._called.get(folder)
        if found is None:
            found = self._called[folder] = self._read_called(folder)
        return found

    def with_called(self, folder: Path) -> Iterator[Path]:
        """The folder of a module, and those of the modules that it calls, however deep."""
        pending, seen = [folder], {folder}
        while pending:
            current = pending.pop()
            yield current
            inner = self.called(current) - seen
            seen |= inner
            pending.extend(inner)

    def _read_called(self, folder: Path) -> set[Path]:
        found: set[Path] = set()
        installed = self.installed(folder)
        for name, block in self.syntax(folder).calls.items():
            source = _source_of(block, self.syntax(folder))
            if source is not None and is_local(source):
                place = place_named(folder, source)
                if place is not None and self.files.inside(place, folder):
                    found.add(place)
            elif source is not None and (given := self.addresses.given(source)) is not None:
                found.add(given)
            elif name in installed:
                found.add(installed[name].folder)
        return found

    def is_deployed(self, folder: Path) -> bool:
        """Whether a folder has what Terraform needs or leaves only where it is run.

        A backend, values that are read of themselves, or a lock file. A configured provider too,
        unless the module must be given inputs: it is of a time when called modules had their own.
        Source: "Files and Directories", "Dependency Lock File" and "Providers Within Modules".
        """
        syntax = self.syntax(folder)
        return (
            syntax.backend is not None
            or (self.configures_providers(folder) and not _must_be_given(syntax))
            or bool(automatic_files(self.files.names(folder), folder))
            or LOCK_FILE in self.files.names(folder)
        )

    def configures_providers(self, folder: Path) -> bool:
        """Whether the module of a folder configures a provider, which a called one need not."""
        return any(_is_configured(block) for block in self.syntax(folder).providers.values())

    def may_mark(self, root: Path) -> bool:
        """Whether a value of a root module can be marked, by it or by a module that it calls."""
        pending = [root, *(entry.folder for entry in self.installed(root).values())]
        seen: set[Path] = set()
        while pending:
            folder = pending.pop()
            if folder in seen:
                continue
            seen.add(folder)
            known = self._marking.get(folder)
            if known is None:
                mentions = self.syntax(folder).mentions_marks
                known = self._marking[folder] = (mentions, self.called(folder))
            if known[0]:
                return True
            pending.extend(known[1])
        return False

    def locked(self, folder: Path) -> tuple[tree.Block, ...]:
        """The blocks of a folder's lock file, which say what version of each provider is selected.

        Source: Terraform language, "Dependency Lock File".
        """
        path = folder / LOCK_FILE
        source = self.files.read(path) if LOCK_FILE in self.files.names(folder) else None
        if source is None or isinstance(source, Diagnostic):
            return ()
        blocks = parse(source, self._parser)[0].body.blocks
        return tuple(block for block in blocks if block.type == "provider" and block.labels)

    def installed(self, root: Path) -> dict[str, Installed]:
        """Where ``terraform init`` has put the modules of a root module, by their keys."""
        key = os.path.normpath(root)
        found = self._installed.get(key)
        if found is None:
            found = self._installed[key] = read_manifest(self.files, Path(key))
        return found


def _source_of(block: tree.Block, syntax: ModuleSyntax) -> str | None:
    """The source of a module call, where it is a plain string, or is made of such by default.

    Source: OpenTofu, "Module Sources", early evaluation: local values, and inputs.
    """
    found = _SOURCE.findall(block.source.text, block.start, block.end)
    if len(found) == 1 and isinstance(found[0], str):
        return found[0]
    attribute = block.body.attributes.get("source")
    return None if attribute is None else _early_text(attribute.expression, syntax, 0)


def _early_text(node: tree.Expression, syntax: ModuleSyntax, depth: int) -> str | None:
    node = tree.bare(node)
    text = static_text(node)
    if text is not None or depth > _EARLY:
        return text
    if isinstance(node, tree.Template):
        texts = [
            part.value
            if isinstance(part, tree.Text)
            else _early_text(part.expression, syntax, depth + 1)
            for part in node.parts
            if isinstance(part, tree.Text | tree.Interpolation)
        ]
        known = [one for one in texts if one is not None]
        return "".join(known) if len(known) == len(node.parts) else None
    root = tree.bare(node.operand) if isinstance(node, tree.GetAttribute) else None
    if not isinstance(node, tree.GetAttribute) or not isinstance(root, tree.Variable):
        return None
    written = syntax.locals.get(node.name) if root.name == "local" else None
    if root.name == "var" and node.name in syntax.variables:
        written = syntax.variables[node.name].body.attributes.get("default")
    return None if written is None else _early_text(written.expression, syntax, depth + 1)


def _is_configured(provider: tree.Block) -> bool:
    """Whether a provider block is more than the name that a caller fills."""
    body = provider.body
    return bool(body.blocks) or not body.attributes.keys() <= {"alias", "version"}


def _must_be_given(syntax: ModuleSyntax) -> bool:
    """Whether a module has an input without a default, or with one that nothing can be made of."""
    return any(
        "default" not in block.body.attributes or _is_stopgap(syntax, name, block)
        for name, block in syntax.variables.items()
    )


def _is_stopgap(syntax: ModuleSyntax, name: str, variable: tree.Block) -> bool:
    """Whether the default is a text and the module takes attributes of the value, which has none.

    What is tried, or taken only where the text is not empty, may do without.
    """
    if static_text(variable.body.attributes["default"].expression) is None:
        return False
    taken = re.compile(rf"(?<!\()\bvar\.{re.escape(name)}\.[A-Za-z_]")
    chosen = re.compile(rf"\bvar\.{re.escape(name)}\s*[!=]=|[!=]=\s*var\.{re.escape(name)}\b(?!\.)")
    texts = [block.span.text for file in syntax.files for block in file.body.blocks]
    return any(map(taken.search, texts)) and not any(map(chosen.search, texts))
