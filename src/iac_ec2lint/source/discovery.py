"""The files below the given paths, sorted by kind: by name here, by content later."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.patterns import PathPatterns

CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""The suffixes of Terraform's and OpenTofu's configuration files."""

VARIABLES = (".tfvars", ".tfvars.json")
"""The suffixes of files of variable values."""

TERRAGRUNT = ("terragrunt.hcl", "terragrunt.hcl.json", "terragrunt.stack.hcl")
"""Names of Terragrunt's files."""

SKIPPED_FOLDERS = frozenset(
    {".git", ".terraform", "node_modules", "__pycache__", ".terragrunt-cache"}
)
"""Folders that hold no infrastructure of the user's own."""

_TEMPLATES = (".yaml", ".yml", ".json", ".template", ".cfn", ".cform", ".cloudformation")
_NEVER_TEMPLATES = frozenset(
    {
        *(".tf", ".tofu", ".tfvars", ".hcl", ".py", ".js", ".ts", ".go"),
        *(".rb", ".java", ".md", ".rst", ".html", ".css", ".sh", ".ps1"),
        *(".lock", ".png", ".jpg", ".gif", ".svg", ".ico", ".pdf", ".zip"),
        *(".gz", ".tar", ".jar", ".whl", ".exe", ".so", ".dll", ".woff"),
        *(".woff2", ".ttf", ".mp4", ".tfstate", ".pem", ".key", ".crt", ".csv"),
        *(".sql", ".xml", ".toml", ".ini", ".cfg", ".pyc", ".gitignore", ".bak"),
    }
)
_SNIFFED_BYTES = 4096


@dataclass(slots=True)
class Discovered:
    """The files and folders below the given paths.

    Attributes:
        modules: The folders that hold configuration files, each with their paths.
        variables: Files of variable values.
        documents: Files that may be templates or plans; their content decides.
        terragrunt: Terragrunt's files, which nothing here evaluates.
        plans: Those documents that are plans, once their content has been looked at.
        selected: The files that were given by name; empty where only folders were.
        skipped: Links that are not followed and files given by name that are excluded, as messages
            name them, and why.
        diagnostics: The files and folders that could not be read.
    """

    modules: dict[Path, list[Path]] = field(default_factory=dict)
    variables: list[Path] = field(default_factory=list)
    documents: list[Path] = field(default_factory=list)
    terragrunt: list[Path] = field(default_factory=list)
    plans: list[Path] = field(default_factory=list)
    selected: list[Path] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, path: Path, *, named: bool) -> None:
        """Add a file to the list of its kind, by its name.

        Args:
            path: The file, absolute.
            named: Whether it was given by name: it may be a template whatever its suffix.
        """
        name = path.name
        if name.endswith(CONFIGURATION):
            self.modules.setdefault(path.parent, []).append(path)
        elif name.endswith(VARIABLES):
            self.variables.append(path)
        elif name in TERRAGRUNT:
            self.terragrunt.append(path)
        elif named or name.endswith(_TEMPLATES) or _may_be_template(path):
            self.documents.append(path)


def discover(paths: Sequence[Path], files: Files, exclude: PathPatterns) -> Discovered:
    """The files below folders, and files given by name, sorted.

    Symbolic links are followed inside the boundary, each folder once; folders that hold nothing of
    the user's own are skipped.

    Args:
        paths: Absolute paths of files and folders.
        files: Tells what is inside the boundary.
        exclude: Paths, relative to the working directory, that are left out, even if given by name:
            results must not depend on how a file was named.
    """
    found = Discovered()
    seen: set[str] = set()
    for path in paths:
        if path.is_dir():
            for file in _walk(path, files, exclude, found):
                if (key := os.path.realpath(file)) not in seen:
                    seen.add(key)
                    found.add(file, named=False)
        elif exclude.matches(files.display(path), folder=False):
            found.skipped[files.display(path)] = "it is excluded"
        else:
            found.selected.append(path)
            if (key := os.path.realpath(path)) not in seen:
                seen.add(key)
                found.add(path, named=True)
    found.modules = {folder: sorted(found.modules[folder]) for folder in sorted(found.modules)}
    found.variables.sort()
    found.terragrunt.sort()
    found.documents.sort()
    return found


def _walk(top: Path, files: Files, exclude: PathPatterns, found: Discovered) -> Iterator[Path]:
    pending = [top]
    visited: set[str] = set()
    while pending:
        folder = pending.pop()
        real = os.path.realpath(folder)
        if real in visited:
            continue
        visited.add(real)
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            name = files.display(folder)
            message = f"it cannot be read: {error.strerror or error}"
            found.diagnostics.append(Diagnostic.of_file(name, message))
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            is_folder = _is_folder(entry)
            if is_folder and entry.name in SKIPPED_FOLDERS:
                continue
            if exclude.matches(files.display(entry.path), folder=is_folder):
                continue
            if entry.is_symlink() and not files.inside(entry.path):
                if entry.name.endswith(CONFIGURATION):  # Terraform would follow it
                    message = f"it {files.refusal(entry.path)}"
                    problem = Diagnostic.of_file(files.display(entry.path), message)
                    found.diagnostics.append(problem)
                else:
                    found.skipped[files.display(entry.path)] = "the link leads out of the boundary"
                continue
            if not is_folder:
                yield Path(entry.path)
            elif entry.name.endswith(CONFIGURATION):
                name = files.display(entry.path)
                found.diagnostics.append(
                    Diagnostic.of_file(
                        name, "it has the name of a configuration file and is a folder"
                    )
                )
                pending.append(Path(entry.path))
            else:
                pending.append(Path(entry.path))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself; it is reported when it is read
        return False


def _may_be_template(path: Path) -> bool:
    """Whether a file without a usual suffix begins as a template or a plan does."""
    if path.suffix.lower() in _NEVER_TEMPLATES or path.name.startswith("."):
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED_BYTES)
    except OSError:
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    return (
        b"AWSTemplateFormatVersion" in head
        or (b"Resources" in head and b"AWS::" in head)
        or b'"format_version"' in head
    )
