from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.templates import Session, Templates
from iac_ec2lint.declaration import Declaration, Unit
from iac_ec2lint.source.files import Files
from iac_ec2lint.values import Val


class Deployed:
    """A template written for a test, and what it comes to."""

    def __init__(self, folder: Path, name: str, options: StackOptions) -> None:
        self.templates = Templates(Files(folder, folder), options)
        self.session = Session(self.templates, folder / name)
        self.unit: Unit = self.session.unit(None)

    def declaration(self, address: str) -> Declaration:
        return next(d for d in self.unit.declarations if d.address == address)

    def get(self, address: str, name: str) -> Val:
        value = self.declaration(address).body.get(name)
        assert value is not None
        return value

    def has(self, address: str, name: str) -> bool:
        return self.declaration(address).body.get(name) is not None

    @property
    def addresses(self) -> list[str]:
        return [d.address for d in self.unit.declarations]

    @property
    def messages(self) -> list[str]:
        return [f"{d.line}:{d.column} {d.message}" for d in self.unit.diagnostics]


Deploy = Callable[..., Deployed]


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    """Writes templates and evaluates the first."""

    def run(
        text: str,
        name: str = "template.yaml",
        *,
        parameters: Mapping[str, str | Val] | None = None,
        region: str | None = None,
        **others: str,
    ) -> Deployed:
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8", newline="")
        for other, content in others.items():
            path = tmp_path / other.replace("__", "/")
            path = path.with_name(path.name + ".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content), encoding="utf-8")
        return Deployed(tmp_path, name, StackOptions(parameters or {}, region))

    return run
