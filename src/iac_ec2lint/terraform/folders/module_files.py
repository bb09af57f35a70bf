"""Which files of a folder make a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from iac_ec2lint.source.discovery import is_module_file
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.files import Files


def module_files(
    files: Files, folder: Path, reading: Reading = "opentofu"
) -> tuple[list[str], list[str]]:
    """The names of a module's files, and those of its override files, in Terraform's order.

    Args:
        files: The files that may be read.
        folder: The module's folder.
        reading: Whose; OpenTofu prefers ``a.tofu`` to ``a.tf``, Terraform reads no ``.tofu``.
    """
    names = [name for name in files.names(folder) if is_module_file(name)]
    if reading == "terraform":
        names = [name for name in names if not name.endswith(_TOFU)]
    present = set(names)
    primary: list[str] = []
    overrides: list[str] = []
    for name in names:
        base, ending = _split(name)
        if ending.startswith(".tf") and base + ending.replace(".tf", ".tofu", 1) in present:
            continue
        (overrides if _OVERRIDE.search(base) else primary).append(name)
    return primary, overrides


def _split(name: str) -> tuple[str, str]:
    for ending in _ENDINGS:
        if name.endswith(ending):
            return name[: -len(ending)], ending
    return name, ""


def is_read_twice(files: Files, folder: Path) -> bool:
    """Whether a folder has files of OpenTofu alone beside others, so that readings differ."""
    tofu = [name.endswith(_TOFU) for name in files.names(folder) if is_module_file(name)]
    return any(tofu) and not all(tofu)


def is_shadowed(files: Files, file: Path) -> bool:
    """Whether only Terraform reads a file, since OpenTofu prefers the one beside it."""
    base, ending = _split(file.name)
    return f"{base}{ending.replace('.tf', '.tofu', 1)}" in files.names(file.parent) and (
        ending.startswith(".tf")
    )


Reading = Literal["opentofu", "terraform"]
"""Whose rules say which files of a folder are read."""

_TOFU = (".tofu", ".tofu.json")
_OVERRIDE = regular_expression(r"(?:^|_)override$")
_ENDINGS = (".tofu.json", ".tf.json", ".tofu", ".tf")
