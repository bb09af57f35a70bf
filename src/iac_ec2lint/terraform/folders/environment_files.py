"""The files of values that a root module is deployed with, one for each environment.

Terraform loads them only where they are named (``-var-file``), so that nobody knows which of them
counts, nor that no other does. Source: "Input Variables" of the Terraform language, "Variable
Definitions (.tfvars) Files".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.variables import automatic_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span

ENVIRONMENTS: Final = 8
"""Files of one root module that are taken; what is beyond them is passed over, and said to be."""
_BELOW: Final = 3
"""How many folders below the root module they lie at most."""
_LEAST: Final = 2


def by_module(
    candidates: Iterable[Path], modules: Collection[Path], files: Files
) -> dict[Path, list[Path]]:
    """Files of values by the folder of the module that they lie nearest to, in it or below it.

    What Terraform loads of itself there is left out, as is what lies in hidden folders.

    Args:
        candidates: All files of values.
        modules: All folders that hold a module.
        files: What reads them.
    """
    found: dict[Path, list[Path]] = {}
    for path in sorted(candidates):
        for folder in path.parents[: _BELOW + 1]:
            if folder in modules:
                if path not in automatic_files(files.names(folder), folder):
                    found.setdefault(folder, []).append(path)
                break
            if folder.name.startswith("."):
                break
    return found


def environment_files(
    candidates: Iterable[Path], declared: Collection[str], files: Files
) -> list[tuple[Path, Span]]:
    """The files of values of a root module's environments, each with its first line.

    They set variables of it for the most part: Terraform passes over what is not declared. One of
    them alone is none: it may be an example.

    Args:
        candidates: Those that lie nearest to it; see ``by_module``.
        declared: The names of its variables.
        files: What reads them.
    """
    found: list[tuple[Path, Span]] = []
    for path in candidates:
        span = _first_line(path, declared, files) if path.suffix == ".tfvars" else None
        if span is not None:
            found.append((path, span))
        if len(found) == ENVIRONMENTS:
            break
    return found if len(found) >= _LEAST else []


def _first_line(path: Path, declared: Collection[str], files: Files) -> Span | None:
    """The first line of a file that can be read and sets some of the variables, and few others."""
    source = files.read(path)
    if not isinstance(source, SourceText):
        return None
    file, problems = parse(source)
    names = file.body.attributes
    fitting = sum(name in declared for name in names)
    if problems or file.body.blocks or not fitting or 2 * fitting < len(names):
        return None
    return next(iter(names.values())).span
