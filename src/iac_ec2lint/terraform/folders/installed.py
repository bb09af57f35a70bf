"""Where ``terraform init`` has put the modules of a root module, as its manifest says.

A manifest is a file like others, which whoever writes the sources may write: what it says of a call
is taken only where it is of the call's own source and version, and of a folder that init fills.

Source: ``terraform init``; "Module Sources" and "Version Constraints" of the Terraform language.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.discovery import is_module_file
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.manifests import read_manifest_data
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.files import Files

DATA_FOLDER: Final = ".terraform"

_WAY: Final = regular_expression(r"^(?:git::)?(?:https?://|ssh://)?(?:git@)?")
_REGISTRY: Final = regular_expression(r"^registry\.(?:terraform\.io|opentofu\.org)/")
_CONSTRAINT: Final = regular_expression(
    r"\s*(~>|>=|<=|!=|=|>|<)?\s*v?([0-9]+(?:\.[0-9]+)*)([-+][\w.+-]+)?\s*"
)


class Installed(NamedTuple):
    """An entry of a manifest.

    Attributes:
        folder: The module's folder.
        source: What it was installed from.
        version: Which version of it; empty where it has none.
    """

    folder: Path
    source: str
    version: str

    def is_for(self, source: str, constraint: str | None, files: Files) -> bool:
        """Whether it is what a call of a source, with a constraint on its version, gets.

        Args:
            source: As the call has it.
            constraint: The same; ``None`` where it has none, or one that is not known.
            files: Lists the folder, which must hold a module.
        """
        return (
            _plain_source(source) == _plain_source(self.source)
            and (constraint is None or satisfies(self.version, constraint))
            and any(map(is_module_file, files.names(self.folder)))
        )


def read_manifest(files: Files, root: Path) -> dict[str, Installed]:
    """The entries of a root module's manifest, by their keys."""
    filled = root / DATA_FOLDER / "modules"
    path = filled / "modules.json"
    if not files.is_file(path):
        return {}
    modules = read_manifest_data(files, path).get("Modules")
    found: dict[str, Installed] = {}
    for entry in modules if isinstance(modules, list) else []:
        if not isinstance(entry, dict):
            continue
        key, folder = entry.get("Key"), entry.get("Dir")
        if isinstance(key, str) and isinstance(folder, str) and key:
            place = place_named(root, folder)
            if place is not None and filled in place.parents and files.inside(place, root):
                said = [entry.get(name) for name in ("Source", "Version")]
                texts = [text if isinstance(text, str) else "" for text in said]
                found[key] = Installed(place, *texts)
    return found


def _plain_source(source: str) -> str:
    """A source without what a getter or a registry adds to it."""
    text = _REGISTRY.sub("", _WAY.sub("", source.strip()))
    if source.startswith("git@"):
        text = text.replace(":", "/", 1)
    return re.sub(r"\.git(?=//|\?|$)", "", text)


def satisfies(version: str, constraint: str) -> bool:
    """Whether a version is one that a constraint allows; false where either cannot be read."""
    found = _CONSTRAINT.fullmatch(version)
    parts = [_CONSTRAINT.fullmatch(part) for part in constraint.split(",")]
    if found is None or found[1]:
        return False
    return all(part is not None and _allows(part, found) for part in parts)


def _allows(part: re.Match[str], version: re.Match[str]) -> bool:
    operator = part[1] or "="
    bound, mine = _numbers(part[2]), _numbers(version[2])
    order = (mine > bound) - (mine < bound)
    if operator == "~>":
        fixed = part[2].count(".")
        return order >= 0 and mine[:fixed] == bound[:fixed]
    if operator in ("=", "!="):
        same = order == 0 and (part[3] or "") == (version[3] or "")
        return same is (operator == "=")
    return {">": order > 0, ">=": order >= 0, "<": order < 0, "<=": order <= 0}[operator]


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version; those that are not written are 0."""
    numbers = [int(part[:18]) for part in text.split(".")[:8]]
    return tuple(numbers + [0] * (8 - len(numbers)))
