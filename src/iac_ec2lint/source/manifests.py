"""What tools write down of what they put where: Terraform's modules, the assets of the CDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from iac_ec2lint.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.files import Files


def read_manifest_data(files: Files, path: Path) -> dict[str, Any]:
    """The members of a manifest in JSON; none where it cannot be read or is no object."""
    source = files.read(path)
    if isinstance(source, Diagnostic):
        return {}
    try:
        manifest = json.loads(source.text)
    except (ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}
