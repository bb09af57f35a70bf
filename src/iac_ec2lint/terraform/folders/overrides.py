"""Merging blocks of override files into those that they override.

Source: "Override Files" of the Terraform language, "Merging Behavior".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree

if TYPE_CHECKING:
    from collections.abc import Callable

_MERGED_BY_ATTRIBUTE = {"lifecycle"}
_IN_DOUBT = {"validation"}
"""Blocks that an override file takes away: as the documentation has it its own replace those that
are there, and Terraform itself takes no notice of them (``Variable.merge``)."""


def merge_blocks(base: tree.Block, override: tree.Block) -> tree.Block:
    """``base`` with the arguments and blocks of ``override``, located where ``base`` is."""
    return tree.Block(
        base.source,
        base.start,
        base.end,
        base.type,
        base.labels,
        base.header_end,
        _merging(base, override),
    )


def _merging(base: tree.Block, override: tree.Block) -> Callable[[], tree.Body]:
    return lambda: _merge_bodies(base.body, override.body)


def _merge_bodies(base: tree.Body, override: tree.Body) -> tree.Body:
    replaced = {_kind(block) for block in override.blocks}
    # An argument can be spelled as a block in one file and as an attribute in the other.
    attributes = {k: a for k, a in base.attributes.items() if k not in replaced}
    attributes.update(override.attributes)
    blocks: list[tree.Block] = []
    for block in base.blocks:
        kind = _kind(block)
        if kind in _MERGED_BY_ATTRIBUTE and kind in replaced:
            merged = block
            for other in override.blocks:
                if _kind(other) == kind:
                    merged = merge_blocks(merged, other)
            blocks.append(merged)
        elif kind not in replaced and kind not in override.attributes:
            blocks.append(block)
    present = {_kind(block) for block in blocks}
    blocks.extend(
        b
        for b in override.blocks
        if _kind(b) not in _IN_DOUBT
        and not (_kind(b) in _MERGED_BY_ATTRIBUTE and _kind(b) in present)
    )
    return tree.Body(attributes, tuple(blocks))


def _kind(block: tree.Block) -> str:
    """The type of the blocks that it makes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
