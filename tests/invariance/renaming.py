"""Renames resources, modules, variables, locals and files of a Terraform project."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from random import Random

from tests.invariance.projects import Project
from tests.invariance.syntax import META_ARGUMENTS, Edit, Module, edited, label_edits, modules, walk

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

Key = tuple[str, str, str, str]
"""Folder, kind (``resource``, ``data``, ``var``, ``local``, ``module``), type, name."""


def renamed(project: Project, random: Random) -> tuple[Project, Callable[[str], str]]:
    """The project with other names, and what puts the old ones back into a text."""
    renaming = _Renaming(modules(project), random)
    after: dict[str, str] = {}
    for path, text in project.items():
        after[renaming.path(path)] = edited(text, renaming.edits(path, text))
    return after, renaming.restore


class _Renaming:
    def __init__(self, found: dict[str, Module], random: Random) -> None:
        self.modules = found
        self.random = random
        self.names: dict[Key, str] = {}
        # One prefix for all: of many messages at one place, the first few in order are told.
        self.prefix = f"{random.choice('abzQ')}qx{random.randrange(100)}_"
        for folder, module in found.items():
            for key in _declared(folder, module):
                self.names[key] = self.prefix + key[3]

    def restore(self, text: str) -> str:
        return text.replace(self.prefix, "")

    def path(self, path: str) -> str:
        folder, name = posixpath.split(path)
        if not name.endswith(".tf") or name.endswith("override.tf"):
            return path
        return posixpath.join(folder, f"{self.random.choice('abmz')}_{name}")

    def edits(self, path: str, text: str) -> Iterator[Edit]:
        folder = posixpath.dirname(path) or "."
        if path.endswith(".tfvars"):
            file, _ = parse(SourceText(path, text))
            for attribute in file.body.attributes.values():
                yield from self.name_edit((folder, "var", "", attribute.name), attribute.start)
        elif path.endswith((".tf", ".tofu")):
            body = self.modules[folder].files[path].body
            for block in body.blocks:
                yield from self.declaration_edits(folder, block)
            for node, bound in walk(body):
                if isinstance(node, tree.GetAttribute):
                    yield from self.reference_edits(folder, node, bound)

    def name_edit(self, key: Key, start: int) -> Iterator[Edit]:
        if key in self.names:
            yield Edit(start, start + len(key[3]), self.names[key])

    def declaration_edits(self, folder: str, block: tree.Block) -> Iterator[Edit]:
        if block.type in ("resource", "data") and len(block.labels) == 2:
            yield label_edits(block, 1, self.names[folder, block.type, *block.labels])
        elif block.type == "variable":
            yield label_edits(block, 0, self.names[folder, "var", "", block.labels[0]])
        elif block.type == "locals":
            for attribute in block.body.attributes.values():
                yield from self.name_edit((folder, "local", "", attribute.name), attribute.start)
        elif block.type == "module":
            yield label_edits(block, 0, self.names[folder, "module", "", block.labels[0]])
            child = self.modules[folder].child(block)
            for attribute in block.body.attributes.values():
                if child is not None and attribute.name not in META_ARGUMENTS:
                    yield from self.name_edit((child, "var", "", attribute.name), attribute.start)

    def reference_edits(
        self, folder: str, node: tree.GetAttribute, bound: frozenset[str]
    ) -> Iterator[Edit]:
        operand = node.operand
        key: Key | None = None
        if isinstance(operand, tree.Variable) and operand.name not in bound:
            if operand.name in ("var", "local", "module"):
                key = (folder, operand.name, "", node.name)
            else:
                key = (folder, "resource", operand.name, node.name)
        elif isinstance(operand, tree.GetAttribute):
            root = operand.operand
            if isinstance(root, tree.Variable) and root.name == "data":
                key = (folder, "data", operand.name, node.name)
        if key is not None:
            yield from self.name_edit(key, node.end - len(node.name))


def _declared(folder: str, module: Module) -> Iterator[Key]:
    for block in module.blocks():
        if block.type in ("resource", "data") and len(block.labels) == 2:
            yield folder, block.type, block.labels[0], block.labels[1]
        elif block.type == "variable":
            yield folder, "var", "", block.labels[0]
        elif block.type == "module":
            yield folder, "module", "", block.labels[0]
        elif block.type == "locals":
            for name in block.body.attributes:
                yield folder, "local", "", name
