"""Configurations in which one setting hangs on an input that is not set, for each setting.

A literal becomes the input. An expression that refers to something becomes what hangs on the
input: itself or nothing, for an input cannot name what its own unit creates. Last, everything
there is is counted by the input, or made on its condition, and referred to by index.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.invariance.literals import CONSTANT, CONSTANT_BLOCKS, literals_in
from tests.invariance.syntax import Edit, edited
from tests.invariance.template_spelling import Data

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

EVERYTHING: Final = "everything"
"""The place of the variant in which everything hangs on the input."""
_VARIABLE: Final = '\nvariable "unset" {}\n'
_PRESENCE: Final = frozenset({"count", "for_each"})


def of_terraform(text: str, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """The variants of a file of Terraform's at the places that are wanted, each with its place."""
    file, problems = parse(SourceText("main.tf", text))
    assert not problems
    seen: set[tuple[int, int, str]] = set()
    for block in file.body.blocks:
        if block.type in ("resource", "data", "locals", "module"):
            for place, node, becomes in _settings(block.body, ".".join(block.labels)):
                own = text[node.start : node.end]
                edit = Edit(node.start, node.end, becomes.format(own))
                if edit not in seen and "<<" not in own:
                    seen.add(edit)
                    if is_wanted(place):
                        yield place, edited(text, [edit]) + _VARIABLE
    if is_wanted(EVERYTHING) and not any(block.type == "module" for block in file.body.blocks):
        yield EVERYTHING, _counted(text, file.body) + _VARIABLE


def _settings(body: tree.Body, place: str) -> Iterator[tuple[str, tree.Node, str]]:
    """Settings with their places, and what each becomes."""
    for name, attribute in body.attributes.items():
        if name in CONSTANT:
            continue
        found = list(literals_in(attribute.expression, presence=True))
        for number, node in enumerate(found):
            yield f"{place}.{name} literal {number}", node, "var.unset"
        if name not in _PRESENCE and attribute.expression not in found:
            yield f"{place}.{name}", attribute.expression, "(var.unset == 1 ? ({}) : null)"
    for number, block in enumerate(body.blocks):
        if block.type not in CONSTANT_BLOCKS:
            yield from _settings(block.body, f"{place}.{block.type}[{number}]")


def _counted(text: str, body: tree.Body) -> str:
    """Everything that is there once is counted by the input, and met by index."""
    once = {
        ".".join(block.labels): block
        for block in body.blocks
        if block.type == "resource" and _PRESENCE.isdisjoint(block.body.attributes)
    }
    edits: list[Edit] = []
    for block in once.values():
        inside = text.index("{", block.start) + 1
        edits.append(Edit(inside, inside, "\n  count = var.unset\n"))
    names = "|".join(map(re.escape, sorted(once, key=len, reverse=True)))
    met = re.compile(rf'(?<![\w."])(?:{names})(?=\.\w)') if once else re.compile(r"(?!)")
    for block in body.blocks:
        index = "[count.index]" if ".".join(block.labels) in once else "[0]"
        for found in met.finditer(text, block.start, block.end):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            if "#" not in line and "depends_on" not in line:
                edits.append(Edit(found.end(), found.end(), index))
    return edited(text, edits)


def of_template(template: Data, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, Data]]:
    """The variants of a template at the places that are wanted, each with its place."""
    declared = {name: one for name, one in template["Resources"].items() if isinstance(one, dict)}
    for name, resource in declared.items():  # a loop is a list
        for path, is_literal in _paths(resource.get("Properties", {})):
            place = ".".join((name, *map(str, path))) + " literal" * is_literal
            if not is_wanted(place):
                continue
            variant = _with_input(template)
            inner = variant["Resources"][name]["Properties"]
            for step in path[:-1]:
                inner = inner[step]
            nothing = {"Ref": "AWS::NoValue"}
            own = inner[path[-1]]
            inner[path[-1]] = (
                {"Ref": "Unset"} if is_literal else {"Fn::If": ["UnsetIsOne", own, nothing]}
            )
            yield place, variant
    if not is_wanted(EVERYTHING):
        return
    variant = _with_input(template)
    for name in declared:
        variant["Resources"][name].setdefault("Condition", "UnsetIsOne")
    yield EVERYTHING, variant


def _with_input(template: Data) -> Data:
    variant = copy.deepcopy(template)
    variant.setdefault("Parameters", {})["Unset"] = {"Type": "String"}
    is_one = {"Fn::Equals": [{"Ref": "Unset"}, "1"]}
    variant.setdefault("Conditions", {})["UnsetIsOne"] = is_one
    return variant


def _paths(
    data: Any, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], bool]]:
    """The paths of what a template sets, each with whether a literal stands there."""
    nested = isinstance(data, dict | list)
    if at:
        yield at, not nested
    if isinstance(data, dict):
        if not (len(data) == 1 and next(iter(data)).startswith(("Ref", "Fn::"))):
            for key, value in data.items():
                yield from _paths(value, (*at, key))
    elif nested:
        for number, value in enumerate(data):
            yield from _paths(value, (*at, number))
