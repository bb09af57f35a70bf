"""What rewrites of Terraform share: modules with their trees, walks, and edits by offset."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.invariance.projects import Project

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

META_ARGUMENTS = frozenset(
    {"source", "version", "count", "for_each", "providers", "provider", "depends_on"}
)


class Edit(NamedTuple):
    """What stands from ``start`` to ``end`` becomes ``text``."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits that do not overlap."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(set(edits)):
        assert edit.start >= at
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


@dataclass
class Module:
    """The files of one folder, parsed."""

    folder: str
    files: dict[str, tree.File] = field(default_factory=dict)

    def blocks(self, *types: str) -> Iterator[tree.Block]:
        """Its blocks of some types, or all."""
        for file in self.files.values():
            for block in file.body.blocks:
                if not types or block.type in types:
                    yield block

    def child(self, call: tree.Block) -> str | None:
        """The folder of the local module that a block calls."""
        source = call.body.attributes.get("source")
        text = literal_text(source.expression) if source else None
        if text is None or not text.startswith("."):
            return None
        return posixpath.normpath(posixpath.join(self.folder, text))


def modules(project: Project) -> dict[str, Module]:
    """The modules of a project by folder; the root is ``.``."""
    found: dict[str, Module] = {}
    for path, text in project.items():
        if path.endswith((".tf", ".tofu")):
            folder = posixpath.dirname(path) or "."
            file, problems = parse(SourceText(path, text))
            assert not problems
            found.setdefault(folder, Module(folder)).files[path] = file
    return found


def literal_text(expression: tree.Expression) -> str | None:
    """The text of a string without interpolation."""
    if isinstance(expression, tree.Template):
        if not expression.parts:
            return ""
        part = expression.parts[0]
        if len(expression.parts) == 1 and isinstance(part, tree.Text):
            return part.value
    return None


def source_text(node: tree.Node) -> str:
    """How a node is written."""
    return node.span.text


def children(node: object) -> Iterator[object]:
    """The nodes and bodies right below a node, a body or a tuple of them."""
    if isinstance(node, tree.Body):
        yield from node.attributes.values()
        yield from node.blocks
    elif isinstance(node, tree.Node):
        yield from node.fields()[2:]
    elif isinstance(node, tuple):
        yield from node


def walk(
    node: object, bound: frozenset[str] = frozenset()
) -> Iterator[tuple[tree.Node, frozenset[str]]]:
    """Every node below and the names that ``for`` gives a meaning there."""
    if isinstance(node, tree.Node):
        yield node, bound
    if isinstance(node, tree.ForExpression | tree.TemplateFor):
        bound |= {name for name in (node.key, node.variable) if name}
    for child in children(node):
        if isinstance(child, tree.Node | tree.Body | tuple):
            yield from walk(child, bound)


def label_edits(block: tree.Block, number: int, new: str) -> Edit:
    """The edit that gives a block another label."""
    text = block.header.text
    at = len(block.type)
    for label in block.labels[: number + 1]:
        found = text.index(label, at)
        at = found + len(label)
    start = block.start + at - len(block.labels[number])
    return Edit(start, block.start + at, new)


def whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets widened to whole lines, the last line's end included."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return first, len(text) if last < 0 else last + 1
