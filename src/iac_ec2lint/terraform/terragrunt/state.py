"""The state that a configuration of Terragrunt writes, as its ``remote_state`` says.

Source: Terragrunt's reference, ``remote_state``: its ``config`` is that of the backend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.terraform.terragrunt.opening import open_files
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.terraform.folders.modules import ModuleFolders


def remote_state(path: Path, modules: ModuleFolders) -> tuple[str, dict[str, str | None]] | None:
    """The backend of what a configuration deploys; ``None`` where it says none, or it is unknown.

    Args:
        path: Its file.
        modules: Knows what has been read.

    Returns:
        The backend's type and its settings, each ``None`` where it is not known.
    """
    config = Configuration(path, open_files(modules))
    for layer in config.layers:
        said = layer.made("remote_state", layer.span)
        if said.is_null:
            continue
        known = said.items() if isinstance(said, Value) and isinstance(said.data, dict) else {}
        kind, settings = (known.get(name) for name in ("backend", "config"))
        if kind is None or kind.text is None or not isinstance(settings, Value):
            return None
        if not isinstance(settings.data, dict):
            return None
        return kind.text, {name: one.text for name, one in settings.items().items()}
    return None
