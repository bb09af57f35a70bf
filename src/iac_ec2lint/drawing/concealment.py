"""Texts that nobody may quote, taken out of what is shown: literals name external things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.drawing.model import INTERNET

if TYPE_CHECKING:
    from collections.abc import Collection

    from iac_ec2lint.drawing.model import Section
    from iac_ec2lint.drawing.picture import Picture

_CONCEALED = "(sensitive)"


class Concealment:
    """Takes sensitive texts out.

    Args:
        secrets: The texts.
    """

    def __init__(self, secrets: Collection[str]) -> None:
        longest_first = sorted(secrets, key=lambda text: (-len(text), text))
        parts = [re.escape(text) for text in longest_first if text]
        self._pattern = re.compile("|".join(parts)) if parts else None

    def text(self, text: str) -> str:
        """A text without them."""
        return text if self._pattern is None else self._pattern.sub(_CONCEALED, text)

    def section(self, section: Section) -> Section:
        """A graph in whose literals none of them stands; declared addresses are no secret."""
        if self._pattern is None:
            return section
        names = {
            node.address: self.text(node.address)
            for node in section.nodes
            if node.kind == "external" and node.address != INTERNET
        }
        nodes = {}
        for node in section.nodes:
            address = names.get(node.address, node.address)
            label = self.text(node.label) if node.address in names else node.label
            nodes[address] = node._replace(address=address, label=label)
        edges = dict.fromkeys(
            edge._replace(
                source=names.get(edge.source, edge.source),
                target=names.get(edge.target, edge.target),
            )
            for edge in section.edges
        )
        return section._replace(nodes=tuple(nodes.values()), edges=tuple(edges))

    def picture(self, picture: Picture) -> Picture:
        """A picture in which none of them stands."""
        if self._pattern is None:
            return picture
        items = tuple(
            item._replace(
                address=self.text(item.address),
                label=self.text(item.label),
                remarks=tuple(map(self.text, item.remarks)),
            )
            for item in picture.items
        )
        boxes = tuple(
            box._replace(
                address=self.text(box.address),
                label=self.text(box.label),
                detail=self.text(box.detail),
            )
            for box in picture.boxes
        )
        return picture._replace(items=items, boxes=boxes)
