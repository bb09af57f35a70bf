"""The files of values that a root module is deployed with, one for each environment.

Terraform loads them only where they are named (``-var-file``), so that nobody knows which of them
counts, nor that no other does. Source: "Input Variables" of the Terraform language, "Variable
Definitions (.tfvars) Files".
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.discovery import is_example
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from iac_ec2lint.hcl.tree import Attribute
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span

ENVIRONMENTS: Final = 8
"""Files of one root module that are taken; what is beyond them is passed over, and said to be."""
_BELOW: Final = 3
"""How many folders below the root module, or below one that it lies in, they lie at most."""


def by_module(
    candidates: Iterable[Path], modules: Collection[Path], files: Files
) -> tuple[dict[Path, list[Path]], list[Path]]:
    """Files of values by the folder of the module that they lie nearest to, in it or below it.

    What Terraform loads of itself there is left out, as is what lies in hidden folders.

    Args:
        candidates: All files of values.
        modules: All folders that hold a module.
        files: What reads them.

    Returns:
        These, and the files that lie near no module.
    """
    found: dict[Path, list[Path]] = {}
    apart: list[Path] = []
    for path in sorted(candidates):
        for folder in path.parents[: _BELOW + 1]:
            if folder in modules:
                if path not in automatic_files(files.names(folder), folder):
                    found.setdefault(folder, []).append(path)
                break
            if folder.name.startswith("."):
                break
        else:
            apart.append(path)
    return found, apart


def beside_modules(
    apart: Iterable[Path], roots: Mapping[Path, Collection[str]], files: Files
) -> Iterator[tuple[Path, Path]]:
    """The root module of each file of values that lies near none, where that is beyond doubt.

    It is the one that declares all that the file sets, of those in the nearest folder above the
    file that holds any: ``env/prod.tfvars`` for ``network`` in ``terraform plan -var-file``.

    Args:
        apart: The files that lie near no module; see ``by_module``.
        roots: The root modules, each with the names of its variables.
        files: What reads the files.
    """
    below: dict[Path, list[Path]] = {}
    for root in roots:
        for folder in root.parents[:_BELOW]:
            below.setdefault(folder, []).append(root)
    for path in apart:
        near = next((below[one] for one in path.parents[: _BELOW + 1] if one in below), [])
        inside = [one for one in near if files.boundary_of(one) == files.boundary_of(path)]
        names = _values(path, files).keys() if inside else ()
        fitting = [one for one in inside if names and names <= {*roots[one]}]
        if len(fitting) == 1:
            yield path, fitting[0]


def environment_files(
    candidates: Iterable[Path], declared: Collection[str], files: Files
) -> list[tuple[Path, Span]]:
    """The files of values of a root module's environments, each with its first line.

    They set variables of it for the most part: Terraform passes over what is not declared. One
    alone is none if it, or its folder, is called an example or a test.

    Args:
        candidates: Those that lie nearest to it; see ``by_module``.
        declared: The names of its variables.
        files: What reads them.
    """
    found: list[tuple[Path, Span]] = []
    for path in candidates:
        span = _first_line(path, declared, files)
        if span is not None:
            found.append((path, span))
        if len(found) == ENVIRONMENTS:
            break
    return found if len(found) != 1 or not is_example(found[0][0]) else []


def _first_line(path: Path, declared: Collection[str], files: Files) -> Span | None:
    """The first line of a file that can be read and sets some of the variables, and few others."""
    values = _values(path, files)
    fitting = sum(name in declared for name in values)
    if not fitting or 2 * fitting < len(values):
        return None
    return next(iter(values.values())).span


def _values(path: Path, files: Files) -> Mapping[str, Attribute]:
    """What a file of values sets; nothing where it cannot be read."""
    source = files.read(path)
    if not isinstance(source, SourceText):
        return {}
    if path.suffix == ".json":
        from iac_ec2lint.hcl.json_syntax import parse_json  # rare

        file, problems = parse_json(source, {})
    else:
        file, problems = parse(source)
    return {} if problems or file.body.blocks else file.body.attributes


def automatic_files(names: tuple[str, ...], folder: Path) -> list[Path]:
    """The variable files that Terraform loads by itself, in their order."""
    found = [folder / n for n in ("terraform.tfvars", "terraform.tfvars.json") if n in names]
    found.extend(folder / n for n in names if n.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return found
