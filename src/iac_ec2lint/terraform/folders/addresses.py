"""Modules whose source is an address, and whose folder is on the disk all the same.

A person may say where an address lies; and a repository may name its own modules by its address,
which git knows as that of ``origin``. That is read as text; git is not run.

Source: "Module Sources" of the Terraform language; "URLS" and "FILES" of git's documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.discovery import is_module_file
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.version_control import origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iac_ec2lint.source.files import Files

_SCHEME: Final = regular_expression(r"^(?:git::)?(?:(?:https?|ssh|git)://)?(?:[^@/]*@)?")
_HOST_OF_SCP: Final = regular_expression(r"^([\w.-]+\.[\w-]+):(?![0-9]+/)")


class Located(NamedTuple):
    """Where a module lies.

    Attributes:
        folder: Its folder.
        revision: The revision that is asked for; empty for whatever is there.
    """

    folder: Path
    revision: str


def split_source(source: str) -> tuple[str, str, str]:
    """The repository of a source, the folder in it, and the revision: each may be empty."""
    plain, _, query = source.strip().partition("?")
    revision = next((p[4:] for p in query.split("&") if p.startswith("ref=")), "")
    text = _SCHEME.sub("", plain)
    text = _HOST_OF_SCP.sub(r"\1/", text)
    repository, _, inside = text.partition("//")
    return repository.removesuffix("/").removesuffix(".git").lower(), inside.strip("/"), revision


class Addresses:
    """Finds the folders of modules by their addresses.

    Args:
        files: The files that may be read.
        given: The folders that a person says addresses lie in.
    """

    def __init__(self, files: Files, given: Mapping[str, Path]) -> None:
        self._files = files
        self._given = {split_source(address)[:2]: folder for address, folder in given.items()}
        self._origins: dict[Path, str] = {}

    def given(self, source: str) -> Path | None:
        """The folder that a person says a module lies in."""
        if not self._given:
            return None
        repository, inside, _ = split_source(source)
        found = self._given.get((repository, inside))
        if found is None and inside and (repository, "") in self._given:
            found = place_named(self._given[repository, ""], inside)
        return found

    def own(self, source: str, caller: Path) -> Located | None:
        """Where a module lies whose source is the address of the work tree that calls it."""
        repository, inside, revision = split_source(source)
        if repository.count("/") < 2 or "." not in repository.partition("/")[0]:
            return None  # it is one of a registry, or none at all
        top = self._files.boundary_of(caller)
        if top not in self._origins:
            self._origins[top] = split_source(origin_of(top))[0]
        if self._origins[top] != repository:
            return None
        folder = place_named(top, inside) if inside else top
        if folder is None or not self._files.inside(folder, caller):
            return None
        if not any(map(is_module_file, self._files.names(folder))):
            return None
        return Located(folder, revision)


def is_local(source: str) -> bool:
    """Whether a module's source is a path."""
    return source.startswith(("./", "../", ".\\", "..\\")) or source in (".", "..")
