"""Which resources the blocks of a module name, themselves or by local values."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax

_NAME: Final = regular_expression(r"\b(?:aws(?:cc)?_\w+|local)\.[A-Za-z_][\w-]*")
_LOCAL: Final = "local."
_NAMED: Final = "resources that blocks name"
_OF_THE_STATE: Final = frozenset(("import", "moved", "removed"))
"""Blocks that tell Terraform where something is, and use nothing."""


def mentions_in(syntax: ModuleSyntax) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """The resources that each block of a module names.

    Returns:
        For each block that names any: the block's type, the resource's type of a ``resource``
        block, and the addresses.
    """
    found = syntax.calculated.get(_NAMED)
    if found is None:
        blocks = [(block, file) for file in syntax.files for block in file.body.blocks]
        values = {
            f"{_LOCAL}{name}": frozenset(_named(attribute.start, attribute.end, file))
            for block, file in blocks
            if block.type == "locals"
            for name, attribute in block.body.attributes.items()
        }
        found = syntax.calculated[_NAMED] = tuple(
            (
                block.type,
                block.labels[0] if block.type == "resource" and block.labels else "",
                _resources(_named(block.start, block.end, file), values),
            )
            for block, file in blocks
            if block.type != "locals" and block.type not in _OF_THE_STATE
        )
    return found


def _resources(names: Iterable[str], values: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The resources among some names, and those that the local values among them name."""
    found: set[str] = set()
    left = [*names]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(values.get(name, ()))
    return frozenset(name for name in found if not name.startswith(_LOCAL))


def _named(start: int, end: int, file: tree.File) -> Iterator[str]:
    """The resources and local values that are named between two places, but for comments."""
    text = file.source.text
    for match in _NAME.finditer(text, start, end):
        at = match.start()
        line = text[text.rfind("\n", 0, at) + 1 : at]
        # Whether it is a comment is asked where it may be one: it takes a reading of the file.
        within = "#" in line or "/" in line or _is_opened(text, start, at)
        if not within or not _in_comment(file, at):
            yield match.group()


def _is_opened(text: str, start: int, at: int) -> bool:
    """Whether a comment of several lines may be open at an offset of what begins at ``start``."""
    opened = text.rfind("/*", start, at)
    return opened >= 0 and text.find("*/", opened, at) < 0


def _in_comment(file: tree.File, offset: int) -> bool:
    at = bisect_right(file.comments, offset, key=lambda comment: comment.start)
    return at > 0 and offset < file.comments[at - 1].end
