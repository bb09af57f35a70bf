"""Where the names of ``api`` are declared, so that each is loaded alone."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from iac_ec2lint.api import resources

_WIDTH = 100
"""The longest line of the repository."""


def index(folder: Path) -> str:
    """The text of ``api/index.json``: a line a room, its names with the module and the name there.

    Args:
        folder: The folder of ``api``.
    """
    lines = []
    for file in sorted(folder.glob("[a-z]*.py")):
        names = dict(_imported(ast.parse(file.read_text("utf-8"))))
        if names:
            lines.append(f'"{file.stem}": {json.dumps(names)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _imported(room: ast.Module) -> Iterator[tuple[str, str]]:
    """What a room imports for type checkers."""
    for node in room.body:
        for inner in node.body if isinstance(node, ast.If) else ():
            if isinstance(inner, ast.ImportFrom) and inner.module:
                module = inner.module.removeprefix("iac_ec2lint.")
                for name in inner.names:
                    yield name.asname or name.name, f"{module}.{name.name}"


def stub() -> str:
    """The text of ``api/resources.pyi``: where each class is declared."""
    places = sorted((getattr(resources, name).__module__, name) for name in dir(resources))
    head = '"""See ``resources.py``; written by ``scripts/write_docs.py``."""'
    return "\n".join([head, "", *(_line(*place) for place in places), ""])


def _line(module: str, name: str) -> str:
    """A line of the stub, formatted as ruff does."""
    line = f"from {module} import {name} as {name}"
    if len(line) <= _WIDTH:
        return line
    return f"from {module} import (\n    {name} as {name},\n)"
