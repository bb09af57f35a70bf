"""The files below the given paths, sorted by kind: by name here, by content later."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.source.diagnostic import Diagnostic, Skipped
from iac_ec2lint.source.marks import SAVED_PLAN, marked
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.tree import Tree, walk

if TYPE_CHECKING:
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.patterns import AnyOfPatterns, PathPatterns

CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""The suffixes of Terraform's and OpenTofu's configuration files."""

VARIABLES = (".tfvars", ".tfvars.json")
"""The suffixes of files of variable values."""

_SOURCES = tuple(
    f"{kind}.{language}"
    for kind in CONFIGURATION
    for language in ("j2", "jinja", "jinja2", "erb", "tmpl", "tpl", "tftpl", "mustache")
)
"""The suffixes of configuration files that another program fills in."""

TERRAGRUNT_ENDING = ".hcl"
"""How the names of Terragrunt's configurations end, whatever they are called."""
DEPLOYING = ("terragrunt.hcl", "terragrunt.hcl.json")
"""Names of Terragrunt's configurations that deploy something."""
STACK = "terragrunt.stack.hcl"
"""The name of Terragrunt's configurations that others are generated from."""
TERRAGRUNT = (*DEPLOYING, STACK)
"""Names of Terragrunt's files."""

SAM = regular_expression(r"samconfig([._-][\w.-]*)?\.(toml|ya?ml)")
"""Names of what the SAM CLI deploys templates with; ``--config-file`` may name any other."""

_STACKS = tuple(
    f".tf{kind}.{language}"
    for kind in ("component", "stack", "deploy")
    for language in ("hcl", "json")
)
"""The suffixes of Terraform Stacks: components, as they were called before, and deployments."""

_TERRAFORM = ".terraform"
_INSTALLED = ("modules", "providers")

SKIPPED_FOLDERS = frozenset({_TERRAFORM, "node_modules", "__pycache__", ".terragrunt-cache"})
"""Folders that tools fill: they are searched where they are given themselves."""

_EXAMPLE_FOLDERS = frozenset({"example", "examples", "sample", "samples", "test", "tests"})
_EXAMPLE = regular_expression(r"(^|[._-])(examples?|samples?|tests?)[._-]", re.IGNORECASE)
_TO_COPY = regular_expression(r"(^|[._-])templates?[._-]", re.IGNORECASE)
_PARAMETERS_TO_COPY = regular_expression(
    r"(^|[._-])param(eter)?s?[._-]templates?[._-]", re.IGNORECASE
)
"""Of a template's parameters: what begins with the word is called after the template."""

TEMPLATES = (".yaml", ".yml", ".json", ".template", ".cfn", ".cform", ".cloudformation")
"""The usual suffixes of templates: a broken one is an error, and none in any other file."""

EXCLUDED = "it is excluded"
_GIT = ".git"
_HEAD_BYTES = 4096
_STACK = (
    "Terraform Stacks are not evaluated: what components give to their modules; the modules on the"
    " disk are judged with their defaults"
)
_SOURCE = "it is the source of a configuration file, which another program fills in"
_TOOLS = "it is filled by a tool, and searched only where it is given itself"
_ENVIRONMENT = "it is a virtual environment of Python, and searched only where it is given itself"
_HOME = regular_expression(rb"^[ \t]*home[ \t]*=", re.MULTILINE)
"""What each ``pyvenv.cfg`` has. Source: PEP 405."""


def is_module_file(name: str) -> bool:
    """Whether Terraform or OpenTofu read a file of this name."""
    return (
        name.endswith(CONFIGURATION)
        and not name.startswith(".")
        and not (name.startswith("#") and name.endswith("#"))
    )


def is_example(path: Path) -> bool:
    """Whether a file of values is an example, a sample or a test, by its name or its folder's."""
    to_copy = _TO_COPY if path.name.endswith(VARIABLES) else _PARAMETERS_TO_COPY
    if to_copy.search(path.name) is not None:
        return True
    return path.parent.name in _EXAMPLE_FOLDERS or _EXAMPLE.search(path.name) is not None


@dataclass(slots=True)
class Discovered:
    """The files and folders below the given paths.

    Attributes:
        modules: The folders that hold configuration files, each with their paths.
        variables: Files of variable values.
        documents: Files that may be templates or plans; their content decides.
        terragrunt: Terragrunt's files.
        sources: Sources of configuration files, which other programs fill in.
        plans: Those documents that are plans, once their content has been looked at.
        selected: The files that were given by name; empty where only folders were.
        skipped: Files that are passed over, and links that are not followed, by their names.
        folders: The same for folders, and for what is excluded in them.
        diagnostics: The files and folders that could not be read.
    """

    modules: dict[Path, list[Path]] = field(default_factory=dict)
    variables: list[Path] = field(default_factory=list)
    documents: list[Path] = field(default_factory=list)
    terragrunt: list[Path] = field(default_factory=list)
    sources: list[Path] = field(default_factory=list)
    plans: list[Path] = field(default_factory=list)
    selected: list[Path] = field(default_factory=list)
    skipped: dict[str, Skipped] = field(default_factory=dict)
    folders: dict[str, Skipped] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def skip(self, name: str, reason: str, *, counts: bool = False) -> None:
        """Note a file that is passed over; see ``Skipped``."""
        self.skipped[name] = Skipped(name, reason, counts)

    def add(self, file: str, files: Files, *, named: bool) -> None:
        """Add a file to the list of its kind, by its name, or by its content where that is no help.

        Args:
            file: The file, absolute.
            files: Names and reads it.
            named: Whether it was given by name: it may be a template whatever its suffix.
        """
        name = file.rpartition(os.sep)[2]
        if not named and name.endswith(_STACKS):
            self.skip(files.display(Path(file)), _STACK, counts=True)
            return
        if name.endswith(_SOURCES):
            self.sources.append(Path(file))
            self.skip(files.display(Path(file)), _SOURCE, counts=True)
            return
        usual = named or name.endswith((*CONFIGURATION, *VARIABLES, *TERRAGRUNT, *TEMPLATES))
        usual = usual or (name.endswith(".toml") and SAM.fullmatch(name) is not None)
        kind = None if usual else marked(file, files.tree)
        if not usual and kind is None:
            return
        path = Path(file)
        if name.endswith(CONFIGURATION):
            self.modules.setdefault(path.parent, []).append(path)
        elif name.endswith(VARIABLES):
            self.variables.append(path)
        elif name in TERRAGRUNT:
            self.terragrunt.append(path)
        elif kind == "saved plan":
            self.skip(files.display(path), SAVED_PLAN, counts=True)
        else:
            self.documents.append(path)


def discover(
    paths: Sequence[Path], files: Files, exclude: PathPatterns | AnyOfPatterns
) -> Discovered:
    """The files below folders, and files given by name, sorted.

    Symbolic links are followed inside the boundary, each folder once. Folders that tools fill are
    passed over and noted.

    Args:
        paths: Absolute paths of files and folders.
        files: Tells what is inside the boundary.
        exclude: Paths, relative to the working directory, that are left out, even if given by name:
            results must not depend on how a file was named.
    """
    found = Discovered()
    seen: set[tuple[bool, str]] = set()
    for path in paths:
        if files.tree.is_folder(path):
            for file, key in _walk(path, files, exclude, found):
                if key not in seen:
                    seen.add(key)
                    found.add(file, files, named=False)
        elif exclude.matches(files.display(path), folder=False):
            found.skip(files.display(path), EXCLUDED)
        else:
            found.selected.append(path)
            folder = files.tree.real(path.parent)
            place = f"{folder}{os.sep}{path.name}"
            if (key := _identity(place, files.tree, linked=files.tree.is_link(path))) not in seen:
                seen.add(key)
                found.add(str(path), files, named=True)
    found.modules = {folder: sorted(found.modules[folder]) for folder in sorted(found.modules)}
    found.variables.sort()
    found.terragrunt.sort()
    found.sources.sort()
    found.documents.sort()
    return found


def _identity(place: str, tree: Tree, *, linked: bool) -> tuple[bool, str]:
    """What a file is told from others by: a document by what it is, links resolved.

    Configuration counts in each folder that has it, whatever its links lead to.

    Args:
        place: The file, with the links of its folder resolved.
        tree: Where it is.
        linked: Whether it is a link itself.
    """
    if place.endswith(CONFIGURATION):
        return True, place
    return False, tree.real(place) if linked else place


def _walk(
    top: Path, files: Files, exclude: PathPatterns | AnyOfPatterns, found: Discovered
) -> Iterator[tuple[str, tuple[bool, str]]]:
    """Each file below a folder, with what it is told from others by."""
    # Each with its path without links, which a folder that is none gets from the one around it: the
    # system would look at every folder above.
    pending = [(top, files.tree.real(top))]
    links: list[Path] = []  # they come last: a folder is named as it is, and not as a link to it
    visited: set[str] = set()
    while pending or links:
        if pending:
            folder, real = pending.pop()
        else:
            folder = links.pop()
            real = files.tree.real(folder)
        if real in visited:
            continue
        visited.add(real)
        name = files.display(folder)
        try:
            entries = sorted(files.tree.entries(folder))
        except OSError as error:
            message = f"it cannot be read: {error.strerror or error}"
            found.diagnostics.append(Diagnostic.of_file(name, message))
            continue
        if folder != top and any(entry.name == "pyvenv.cfg" for entry in entries):
            head = files.read_head(folder / "pyvenv.cfg", _HEAD_BYTES)
            if _HOME.search(head):
                _pass_over(folder, name, _ENVIRONMENT, files, found)
                continue
        prefix = "" if name == "." else f"{name}/"
        above = os.path.join(folder, "")  # noqa: PTH118 - a Path for each file is slow
        for entry in entries:
            inner = entry.is_folder
            if inner and entry.name == _GIT:
                continue
            name = f"{prefix}{entry.name}"
            if exclude.matches(name, folder=inner):
                if inner or entry.name.endswith((*CONFIGURATION, *TEMPLATES)):
                    name += "/" * inner
                    found.folders[name] = Skipped(name, EXCLUDED)
                continue
            path = f"{above}{entry.name}"
            if entry.is_link and not files.inside(path):
                if entry.name.endswith(CONFIGURATION):  # Terraform would follow it
                    problem = Diagnostic.of_file(name, f"it {files.refusal(path)}")
                    found.diagnostics.append(problem)
                else:
                    reason = "the link leads out of the boundary"
                    found.skip(name, reason, counts=name.endswith(TEMPLATES))
            elif not inner:
                place = f"{real}/{entry.name}"
                yield path, _identity(place, files.tree, linked=entry.is_link)
            elif entry.name in SKIPPED_FOLDERS:
                _pass_over(Path(path), name, _TOOLS, files, found)
            else:
                if entry.name.endswith(CONFIGURATION):
                    message = "it has the name of a configuration file and is a folder"
                    found.diagnostics.append(Diagnostic.of_file(name, message))
                if entry.is_link:
                    links.append(Path(path))
                else:
                    pending.append((Path(path), f"{real.rstrip(os.sep)}{os.sep}{entry.name}"))


def _pass_over(folder: Path, name: str, reason: str, files: Files, found: Discovered) -> None:
    """Note a folder that is not searched, and whether it holds something that could be a unit.

    What git ignores and does not track is what a tool has put there on this machine, and so are the
    modules and providers that ``terraform init`` has installed, unless git tracks them.
    """
    name += "/"
    installed = folder.name == _TERRAFORM and not files.tracks(folder)
    counts = not files.is_left_out(folder) and _holds_infrastructure(
        folder, files.tree, _INSTALLED if installed else ()
    )
    found.folders[name] = Skipped(name, reason, counts)


def _holds_infrastructure(top: Path, tree: Tree, installed: tuple[str, ...] = ()) -> bool:
    """Whether a folder has Terraform, a plan or a template at any depth; links are not followed."""
    for folder, inner, entries in walk(tree, top):
        passed = installed if folder == str(top) else ()
        inner[:] = [one for one in inner if one.name != _GIT and one.name not in passed]
        for entry in entries:
            if entry.name.endswith(CONFIGURATION):
                return True
            if entry.name.endswith(TEMPLATES) and marked(f"{folder}{os.sep}{entry.name}", tree):
                return True
    return False
