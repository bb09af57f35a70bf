"""Reorders blocks, attributes and nested blocks, and moves blocks between files."""

from __future__ import annotations

import posixpath
from random import Random

from tests.invariance.projects import Project
from tests.invariance.syntax import Edit, edited

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

UNORDERED = frozenset(
    {"ingress", "egress", "route", "ebs_block_device", "block_device_mappings", "statement"}
)
"""Nested block types in which order says nothing: sets, and statements of a policy."""


def reordered(project: Project, random: Random, *, inside: bool = True) -> Project:
    """The project with the blocks of each file, and what is in them, in another order."""
    return {
        path: _shuffled(path, text, random, inside=inside) if path.endswith(".tf") else text
        for path, text in project.items()
    }


def redistributed(project: Project, random: Random) -> Project:
    """The project with the blocks of each folder dealt out to other files."""
    after: dict[str, str] = {}
    dealt: dict[str, str] = {}
    for path, text in project.items():
        folder, name = posixpath.split(path)
        if not path.endswith(".tf") or name.endswith("override.tf"):
            after[path] = text
            continue
        body = parse(SourceText(path, text))[0].body
        parts = _parts(text, [*body.blocks], 0, len(text))
        if parts is None:
            after[path] = text
            continue
        head, items, tail = parts
        for item in [head, *items, tail]:
            target = posixpath.join(folder, f"dealt_{random.randrange(4)}.tf")
            dealt[target] = dealt.get(target, "") + item + "\n"
    return {**after, **dealt}


def _shuffled(path: str, text: str, random: Random, *, inside: bool) -> str:
    source = SourceText(path, text)
    body = parse(source)[0].body
    if inside:
        edits = [edit for block in body.blocks for edit in _inside(text, block, random)]
        text = edited(text, edits)
        body = parse(SourceText(path, text))[0].body
    parts = _parts(text, [*body.blocks], 0, len(text))
    if parts is None:
        return text
    head, items, tail = parts
    random.shuffle(items)
    return "".join([head, *items, tail])


def _inside(text: str, block: tree.Block, random: Random) -> list[Edit]:
    """The edit that reorders what a block holds; nested blocks keep what they hold."""
    start = text.find("\n", block.header_end) + 1
    nodes: list[tree.Attribute | tree.Block] = [
        *block.body.attributes.values(),
        *block.body.blocks,
    ]
    if len(nodes) < 2 or min(node.start for node in nodes) < start:
        return []
    nodes.sort(key=lambda node: node.start)
    end = block.end - 1
    parts = _parts(text, nodes, start, end)
    if parts is None:
        return []
    head, items, tail = parts
    order = list(range(len(items)))
    random.shuffle(order)
    _keep_order_where_it_matters(nodes, order)
    return [Edit(start, end, "".join([head, *(items[index] for index in order), tail]))]


def _keep_order_where_it_matters(
    nodes: list[tree.Attribute | tree.Block], order: list[int]
) -> None:
    kinds = {
        node.type if node.type != "dynamic" else node.labels[0]
        for node in nodes
        if isinstance(node, tree.Block)
    }
    for kind in kinds - UNORDERED:
        places = [place for place, index in enumerate(order) if _is_of(nodes[index], kind)]
        ordered = sorted(order[place] for place in places)
        for place, index in zip(places, ordered, strict=True):
            order[place] = index


def _is_of(node: tree.Attribute | tree.Block, kind: str) -> bool:
    return isinstance(node, tree.Block) and kind in (node.type, *node.labels[:1])


def _parts(
    text: str, nodes: list[tree.Block] | list[tree.Attribute | tree.Block], start: int, end: int
) -> tuple[str, list[str], str] | None:
    """What stands before the first item, each with the comments above it, and the rest.

    ``None`` where two items share a line.
    """
    items: list[str] = []
    at = start
    for node in nodes:
        stop = text.find("\n", node.end, end)
        stop = end if stop < 0 else stop + 1
        if node.start < at:
            return None
        item = text[at:stop]
        items.append(item if item.endswith("\n") else item + "\n")
        at = stop
    return "", items, text[at:end]
