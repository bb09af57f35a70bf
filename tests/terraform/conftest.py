"""What the tests of the Terraform front end share: folders of files, evaluated."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from iac_ec2lint.declaration import Declaration, Unit
from iac_ec2lint.source.discovery import TERRAGRUNT
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.folders.terragrunt import terragrunt_folders
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.unit import Modules, UnitContext, open_unit
from iac_ec2lint.values import Unknown, Val, Value


class Workspace:
    """A folder of files and what becomes of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.context: UnitContext | None = None

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, newline="")

    def evaluate(
        self,
        files: dict[str, str] | str | None = None,
        *,
        root: str = ".",
        options: RootModuleOptions | None = None,
        boundary: str = ".",
    ) -> Unit:
        if isinstance(files, str):
            files = {"main.tf": files}
        self.write(files or {})
        modules = Modules(
            Files(self.folder / boundary, self.folder),
            RootModuleOptions() if options is None else options,
        )
        found = [self.folder / name for name in files or {} if Path(name).name in TERRAGRUNT]
        modules.terragrunt = terragrunt_folders(modules.files, found)
        modules.sources = {
            modules.real((self.folder / name).parent): name
            for name in files or {}
            if name.endswith(".j2")
        }
        self.context = open_unit((self.folder / root).resolve(), modules, WANTED)
        return self.context.unit

    def local(self, name: str) -> Val:
        assert self.context is not None
        return self.context.root.local(name)

    def plain(self, name: str) -> Any:
        return plain(self.local(name))

    def messages(self) -> list[str]:
        assert self.context is not None
        return [d.message for d in self.context.unit.diagnostics]

    def expression(self, text: str, **files: str) -> Any:
        """What an expression comes to; errors fail the test."""
        self.evaluate({"main.tf": f"locals {{\n  x = {text}\n}}\n", **files})
        value = self.plain("x")
        assert self.messages() == []
        return value


WANTED = frozenset(
    {
        "aws_instance",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_endpoint",
        "aws_iam_role",
        "data.aws_ami",
        "data.aws_vpc",
        "data.aws_iam_policy_document",
    }
)


def plain(value: Val | None) -> Any:
    """A value as Python data; an unknown as itself."""
    if not isinstance(value, Value):
        return value
    data = value.data
    if isinstance(data, tuple):
        return [plain(e) for e in data]
    if isinstance(data, dict):
        return {k: plain(v) for k, v in data.items()}
    return float(data) if isinstance(data, Decimal) else data


def declared(unit: Unit, address: str) -> Declaration:
    return next(d for d in unit.declarations if d.address == address)


def unknown(value: Val | None) -> Unknown:
    assert isinstance(value, Unknown), value
    return value


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "repository"
    folder.mkdir()
    return Workspace(folder)


Evaluate = Callable[..., Unit]
