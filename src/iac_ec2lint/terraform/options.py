"""How root modules are evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.values.stated import Stated

if TYPE_CHECKING:
    from iac_ec2lint.hcl.parser import ParserName


@dataclass(frozen=True, slots=True)
class RootModuleOptions:
    """How root modules are evaluated.

    Attributes:
        var_files: Variable files that are given, in order.
        variables: Variables that are given as text: name and text, in order.
        environment: Environment variables, of which those named ``TF_VAR_...`` count.
        workspace: The workspace's name; ``None`` where it is unknown.
        region: The Region of a default provider configuration that sets none.
        parser: The parser that reads the files.
        stated: What people say of inputs.
        module_map: The folders of modules that a person gives, by their addresses.
        dependencies: Whether dependencies of Terragrunt have applied what is written of them.
    """

    var_files: tuple[Path, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    workspace: str | None = None
    region: str | None = None
    parser: ParserName = "strict"
    stated: Stated = field(default_factory=Stated)
    module_map: Mapping[str, Path] = field(default_factory=dict)
    dependencies: bool = True
